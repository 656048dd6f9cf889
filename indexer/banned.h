/* Functions that this house does not use, because each has failed too many programs. Included
 * before every file by the Makefile; a use of one does not compile. */
#ifndef SCHEDARIO_BANNED_H
#define SCHEDARIO_BANNED_H

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The C library makes some of them macros when it fortifies. */
#undef sprintf
#undef vsprintf
#undef strcpy
#undef strcat
#pragma GCC poison strcpy strcat sprintf vsprintf strtok atoi atol gmtime localtime system popen

#endif
