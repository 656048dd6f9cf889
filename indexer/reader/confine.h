/* Confine: what a reader gives up before it sees a foreign byte.
 *
 * Each protection narrows what a file that takes over the process could do with it, and each holds
 * without the others:
 *
 *   - privileges: it has none of root's and can gain none, leaves no core, ends with its parent;
 *   - resources: memory, processor time, no byte into any file, no more processes;
 *   - files (landlock.h): of all the files there are it can open the fonts, the character maps, and
 *     fontconfig's settings and caches, for reading; no TCP; no signal to anybody else;
 *   - system calls (calls.h): those that reading and drawing make, measured over some hundred
 *     documents of all kinds; any other ends it on the spot. No socket can be made, no process, no
 *     thread, no program run; memory cannot become executable.
 *
 * What it keeps: the socket it was given, and the descriptors that come through it.
 *
 * Programs built with the address sanitizer have no memory limit, since it maps terabytes that it
 * never touches, and may make the few calls more that the sanitizer needs. */
#ifndef SCHEDARIO_READER_CONFINE_H
#define SCHEDARIO_READER_CONFINE_H

#include <glib.h>

#include "protection.h"

typedef struct {
    guint memory_mib;  /* address space */
    guint cpu_seconds; /* processor time until the process is killed, all jobs together */
} ConfineLimits;

/* Puts each protection into force, whether or not others could be; returns those that are missing
 * (Protection), 0 when all hold. Also loads what could not be loaded afterwards. To be called once,
 * before there are other threads. */
guint confine(const ConfineLimits *limits);

#endif
