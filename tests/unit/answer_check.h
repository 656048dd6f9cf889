/* What a page's answer must and must not hold, for the tests of pages. */
#ifndef SCHEDARIO_ANSWER_CHECK_H
#define SCHEDARIO_ANSWER_CHECK_H

#include "fixture.h"

#include <string.h>

#include "../../server/http/http.h"

typedef struct {
    const char *target; /* named when something is wrong */
    guint status;
    const char *const *present; /* up to a NULL, at most these many */
    gsize present_most;
    const char *const *absent;
    gsize absent_most;
} Expected;

/* Of a row of a table that has `target`, `status` and the arrays `present` and `absent`. */
#define EXPECTED(row)                                                                              \
    ((Expected){(row)->target, (row)->status, (row)->present, G_N_ELEMENTS((row)->present),        \
                (row)->absent, G_N_ELEMENTS((row)->absent)})

static inline char *answer_body(const HttpResponse *response)
{
    gsize length;
    const char *data = g_bytes_get_data(response->body, &length);
    return g_strndup(data ? data : "", length);
}

static inline void answer_check(const HttpResponse *response, Expected expected)
{
    g_autofree char *body = answer_body(response);
    if (response->status != expected.status)
        fail_msg("%s: %u", expected.target, response->status);
    for (gsize i = 0; i < expected.present_most && expected.present[i]; i++)
        if (!strstr(body, expected.present[i]))
            fail_msg("%s lacks %s", expected.target, expected.present[i]);
    for (gsize i = 0; i < expected.absent_most && expected.absent[i]; i++)
        if (strstr(body, expected.absent[i]))
            fail_msg("%s has %s", expected.target, expected.absent[i]);
}

#endif
