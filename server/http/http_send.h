/* HTTP send: a handler's response becomes the bytes and headers that go out. For http.c. */
#ifndef SCHEDARIO_HTTP_SEND_H
#define SCHEDARIO_HTTP_SEND_H

#include "http.h"

struct MHD_Response;

/* What libmicrohttpd is to queue. */
typedef struct {
    struct MHD_Response *response;   /* owned */
    struct HttpStreaming *streaming; /* of the response, which has it; NULL: it is no stream */
    guint status;                    /* of the response, or 206, 304, 416 */
    gboolean is_held;                /* the body stays in memory until it is sent */
    guint64 body_bytes; /* of the body, also when a HEAD is answered without it; 0 for a stream */
} HttpSending;

/* Decides what of `response` is sent to `request` (all, a range, nothing new) and sets every
 * header. Takes body, file and stream out of `response`. FALSE when the response's file is no
 * regular file, or out of memory; `ret` is untouched then. Thread-safe. */
gboolean http_send_prepare(HttpResponse *response, const HttpRequest *request, HttpSending *ret);

/* A time as headers write it (RFC 9110, 5.6.7), independent of the locale. Owned by the caller. */
char *http_date(gint64 time_unix);

#endif
