/* HTTP stream: a body made piece by piece becomes what libmicrohttpd asks for, compressed on the
 * way when wanted. For http_send.c. */
#ifndef SCHEDARIO_HTTP_STREAM_H
#define SCHEDARIO_HTTP_STREAM_H

#include "http.h"

struct MHD_Response;

/* A response over `stream`, of which it takes ownership, also when it fails. NULL when out of
 * memory. */
struct MHD_Response *http_stream_response(HttpStream stream, gboolean is_gzip);

#endif
