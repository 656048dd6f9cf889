/* Routes: every address that is answered, and by what. */
#ifndef SCHEDARIO_ROUTES_H
#define SCHEDARIO_ROUTES_H

#include "http/http.h"

/* The last one has a NULL pattern. The context of their handlers is a Service. */
extern const HttpRoute ROUTES[];

#endif
