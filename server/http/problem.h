/* Problem: the one shape of an error in the API (RFC 9457, problem details). */
#ifndef SCHEDARIO_PROBLEM_H
#define SCHEDARIO_PROBLEM_H

#include <glib.h>
#include <jansson.h>

#include "http.h"

/* A problem response: type "about:blank", the status's title, and `detail` (NULL: none). `extra`,
 * when not NULL, gives further members (borrowed). Owned by the caller. Thread-safe. */
HttpResponse *problem_response(guint status, const char *detail, json_t *extra);
/* The usual words for a status: "Not Found". Static storage. */
const char *problem_title(guint status);
/* A JSON response of status 200 over `value`, which is taken. */
HttpResponse *json_response(json_t *value);
/* The same with the member "took_ms" last in it, which `value` (an object with members) has not.
 * Two answers that differ in nothing else are equivalent and have one weak ETag (RFC 9110, 8.8.1),
 * so that asking again for what did not change is answered with 304. */
HttpResponse *json_response_timed(json_t *value, gint64 took_us);

#endif
