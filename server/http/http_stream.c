/* HTTP stream: see http_stream.h.
 *
 * libmicrohttpd asks for as many bytes as its buffer has room for; a piece is whatever its source
 * finds handy. Between the two stands `ready`: what was made and not yet taken.
 *
 * A piece may take long to make, and libmicrohttpd's thread has others to serve: so a thread of its
 * own makes it, while the connection is suspended. Invariant: while `making` is MAKING all else of
 * a Streaming belongs to that thread; libmicrohttpd neither reads nor frees it before the
 * connection is resumed. */
#include "http_stream.h"

#include <microhttpd.h>
#include <string.h>
#include <zlib.h>

#include "../limits.h"

typedef enum { NOTHING, MAKING, MADE, FAILED } Making;

struct HttpStreaming {
    HttpStream stream;
    GString *piece; /* as the source gives it; reused */
    GString *ready; /* to be sent */
    gsize taken;    /* of it */
    gboolean is_gzip;
    gboolean is_ended; /* all is in `ready` */
    z_stream deflate;
    struct MHD_Connection *connection; /* NULL: pieces are made at once */
    HttpPieces *pieces;
    HttpWatch *watch;
    HttpWatched *watched;
    gint making; /* Making; atomic */
};
typedef struct HttpStreaming Streaming;

struct HttpPieces {
    GThreadPool *pool; /* of Streaming */
    GMutex lock;
    gboolean is_closed;
};

static void streaming_free(void *data)
{
    Streaming *streaming = data;
    streaming->stream.free(streaming->stream.source);
    if (streaming->is_gzip)
        deflateEnd(&streaming->deflate);
    g_string_free(streaming->piece, TRUE);
    g_string_free(streaming->ready, TRUE);
    g_free(streaming);
}

/* Compresses `piece` into `ready`; with `is_last` the end, too. */
static gboolean deflate_piece(Streaming *streaming, gboolean is_last)
{
    z_stream *deflating = &streaming->deflate;
    GString *ready = streaming->ready;
    if (streaming->piece->len > G_MAXUINT / 2)
        return FALSE;
    gsize bound = deflateBound(deflating, streaming->piece->len) + HTTP_STREAM_SLACK_BYTES;
    g_string_set_size(ready, bound);
    deflating->next_in = (Bytef *)streaming->piece->str;
    deflating->avail_in = (uInt)streaming->piece->len;
    deflating->next_out = (Bytef *)ready->str;
    deflating->avail_out = (uInt)bound;
    int outcome = deflate(deflating, is_last ? Z_FINISH : Z_NO_FLUSH);
    g_string_truncate(ready, bound - deflating->avail_out);
    return outcome == (is_last ? Z_STREAM_END : Z_OK) || outcome == Z_BUF_ERROR;
}

/* Asks for the next piece, which may leave nothing ready when it is compressed. */
static gboolean make_ready(Streaming *streaming)
{
    g_string_truncate(streaming->piece, 0);
    g_string_truncate(streaming->ready, 0);
    streaming->taken = 0;
    if (!streaming->stream.next(streaming->stream.source, streaming->piece))
        return FALSE;
    streaming->is_ended = streaming->piece->len == 0;
    if (streaming->is_gzip)
        return deflate_piece(streaming, streaming->is_ended);
    GString *piece = streaming->piece;
    streaming->piece = streaming->ready;
    streaming->ready = piece;
    return TRUE;
}

static void make_elsewhere(gpointer data, gpointer unused)
{
    (void)unused;
    Streaming *streaming = data;
    gboolean is_made = make_ready(streaming);
    http_watch_sending(streaming->watch, streaming->watched);
    g_atomic_int_set(&streaming->making, is_made ? MADE : FAILED);
    MHD_resume_connection(streaming->connection);
}

/* FALSE: there is no thread for it any more. */
static gboolean hand_over(Streaming *streaming)
{
    HttpPieces *pieces = streaming->pieces;
    g_mutex_lock(&pieces->lock);
    gboolean is_open = !pieces->is_closed;
    if (is_open) {
        g_atomic_int_set(&streaming->making, MAKING);
        http_watch_working(streaming->watch, streaming->watched);
        MHD_suspend_connection(streaming->connection);
        g_thread_pool_push(pieces->pool, streaming, NULL);
    }
    g_mutex_unlock(&pieces->lock);
    return is_open;
}

/* Makes a piece, or has it made. */
static Making make(Streaming *streaming)
{
    Making making = (Making)g_atomic_int_get(&streaming->making);
    if (!streaming->connection)
        return make_ready(streaming) ? MADE : FAILED;
    if (making == NOTHING)
        return hand_over(streaming) ? MAKING : FAILED;
    if (making == MADE)
        g_atomic_int_set(&streaming->making, NOTHING);
    return making;
}

static ssize_t read_stream(void *data, uint64_t position, char *buffer, size_t size)
{
    (void)position;
    Streaming *streaming = data;
    while (streaming->taken == streaming->ready->len) {
        if (streaming->is_ended)
            return MHD_CONTENT_READER_END_OF_STREAM;
        Making making = make(streaming);
        if (making == FAILED)
            return MHD_CONTENT_READER_END_WITH_ERROR;
        if (making == MAKING)
            return 0;
    }
    gsize count = MIN(size, streaming->ready->len - streaming->taken);
    memcpy(buffer, streaming->ready->str + streaming->taken, count);
    streaming->taken += count;
    return (ssize_t)count;
}

struct MHD_Response *http_stream_response(HttpStream stream, gboolean is_gzip,
                                          HttpStreaming **ret_streaming)
{
    enum { GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8 };
    Streaming *streaming = g_new0(Streaming, 1);
    streaming->stream = stream;
    streaming->piece = g_string_new(NULL);
    streaming->ready = g_string_new(NULL);
    streaming->is_gzip =
        is_gzip && deflateInit2(&streaming->deflate, HTTP_GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW,
                                MEMORY_LEVEL, Z_DEFAULT_STRATEGY) == Z_OK;
    if (streaming->is_gzip != is_gzip) {
        streaming_free(streaming);
        return NULL;
    }
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, HTTP_STREAM_BLOCK_BYTES, read_stream, streaming, streaming_free);
    if (response == NULL)
        streaming_free(streaming);
    *ret_streaming = response == NULL ? NULL : streaming;
    return response;
}

void http_stream_attach(HttpStreaming *streaming, struct MHD_Connection *connection,
                        HttpPieces *pieces, HttpWatch *watch, HttpWatched *watched)
{
    streaming->connection = connection;
    streaming->pieces = pieces;
    streaming->watch = watch;
    streaming->watched = watched;
}

/* --- threads --- */

/* They stand ready from the beginning, so that handing over cannot fail. */
HttpPieces *http_pieces_new(guint threads, GError **error)
{
    HttpPieces *pieces = g_new0(HttpPieces, 1);
    g_mutex_init(&pieces->lock);
    pieces->pool = g_thread_pool_new(make_elsewhere, NULL, (gint)threads, TRUE, error);
    if (pieces->pool == NULL) {
        http_pieces_free(pieces);
        return NULL;
    }
    return pieces;
}

void http_pieces_close(HttpPieces *pieces)
{
    if (pieces == NULL)
        return;
    g_mutex_lock(&pieces->lock);
    pieces->is_closed = TRUE;
    g_mutex_unlock(&pieces->lock);
    if (pieces->pool != NULL)
        g_thread_pool_free(pieces->pool, FALSE, TRUE);
    pieces->pool = NULL;
}

void http_pieces_free(HttpPieces *pieces)
{
    if (pieces == NULL)
        return;
    http_pieces_close(pieces);
    g_mutex_clear(&pieces->lock);
    g_free(pieces);
}
