/* HTTP stream: a body made piece by piece becomes what libmicrohttpd asks for, compressed on the
 * way when wanted. For http_send.c. */
#ifndef SCHEDARIO_HTTP_STREAM_H
#define SCHEDARIO_HTTP_STREAM_H

#include "http.h"
#include "http_watch.h"

struct MHD_Connection;
struct MHD_Response;

/* Threads that make pieces, so that the one that serves many connections never waits for one. */
typedef struct HttpPieces HttpPieces;
/* NULL and `error` (of GThread) when there are no threads. */
HttpPieces *http_pieces_new(guint threads, GError **error);
/* Waits for those that are being made; a body that asks for another is broken off. NULL is allowed.
 * Before libmicrohttpd ends; to be freed with http_pieces_free() after it. */
void http_pieces_close(HttpPieces *pieces);
void http_pieces_free(HttpPieces *pieces);

/* A body under way. */
typedef struct HttpStreaming HttpStreaming;

/* A response over `stream`, of which it takes ownership, also when it fails; `*ret_streaming` lives
 * as long as the response. NULL when out of memory. */
struct MHD_Response *http_stream_response(HttpStream stream, gboolean is_gzip,
                                          HttpStreaming **ret_streaming);

/* Says before it is sent where its pieces are made, meanwhile the connection is suspended; else
 * they are made where they are asked for. `watched` is told of it. All are borrowed. */
void http_stream_attach(HttpStreaming *streaming, struct MHD_Connection *connection,
                        HttpPieces *pieces, HttpWatch *watch, HttpWatched *watched);

#endif
