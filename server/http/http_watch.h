/* HTTP watch: how long a client may take, and whom to let go when there is no room.
 *
 * libmicrohttpd closes a connection on which nothing moves; one that sends or takes a byte a second
 * for ever it keeps, and at the number of connections allowed it accepts nobody. So each connection
 * is noted here with what it is doing:
 * - waiting for a request: it has HTTP_REQUEST_SECONDS until the last of its headers is read, from
 *   its beginning or from the end of the answer before. Where fewer than HTTP_CONNECTIONS_SPARE
 *   places are free, the one that has waited longest is let go, of those that have not had an
 * answer yet if there are any: it is the least likely to be missed, and who keeps a connection open
 *   without need is asked to open it anew;
 * - working: a handler has it, or its next piece is being made, whose time is their own matter;
 * - sending: in each HTTP_ANSWER_SECONDS the client must have taken HTTP_ANSWER_BYTES_PER_SECOND on
 *   the average, counted by what the other side acknowledged (TCP_INFO).
 * Letting go is a shutdown(2): libmicrohttpd sees the end and closes the descriptor in the thread
 * that serves it. For http.c. */
#ifndef SCHEDARIO_HTTP_WATCH_H
#define SCHEDARIO_HTTP_WATCH_H

#include <glib.h>

typedef struct HttpWatch HttpWatch;
typedef struct HttpWatched HttpWatched;

/* Other limits than those of limits.h, for tests; 0: those. */
typedef struct {
    guint connections; /* beyond which room is made */
    guint per_address; /* libmicrohttpd's to keep; also on loopback then */
    guint request_ms;
    guint answer_ms;
} HttpWatchLimits;

/* Watches in a thread of its own. Functions are thread-safe. */
HttpWatch *http_watch_new(const HttpWatchLimits *limits);
/* NULL is allowed. All connections must have ended. */
void http_watch_free(HttpWatch *watch);

/* A connection begins, waiting; `socket` stays open until http_watch_end(). Never NULL. */
HttpWatched *http_watch_begin(HttpWatch *watch, int socket);
/* Its request is read, or sending waits for us; what is ready can be sent; its answer has ended. */
void http_watch_working(HttpWatch *watch, HttpWatched *watched);
void http_watch_sending(HttpWatch *watch, HttpWatched *watched);
void http_watch_waiting(HttpWatch *watch, HttpWatched *watched);
void http_watch_end(HttpWatch *watch, HttpWatched *watched);

/* Whether a connection that waits for a request has sent something that nobody has read yet. */
gboolean http_watch_has_unread(HttpWatch *watch);

/* What it has done so far: for the operator. */
typedef struct {
    guint open;
    guint64 slow_requests; /* let go while they sent one, or none */
    guint64 slow_answers;
    guint64 made_room;
} HttpWatchCounts;
HttpWatchCounts http_watch_counts(HttpWatch *watch);

#endif
