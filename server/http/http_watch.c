/* HTTP watch: see http_watch.h.
 *
 * Those that wait stand in queues in the order in which they began to, so that the one to let go is
 * the first; the others in one of their own. All are looked through once a while. Invariant: a
 * descriptor in any queue is open, since http_watch_end() takes it out under the lock before
 * libmicrohttpd closes it; so none is shut down that is another's by now. */
#include "http_watch.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "../limits.h"

typedef enum { FRESH, WAITING, WORKING, SENDING } State; /* fresh: waits for its first request */

struct HttpWatched {
    GList link; /* its data is the watched itself */
    int socket;
    State state;
    gboolean is_let_go;
    gint64 since_us;      /* when the state began; of sending, the present span, without pauses */
    gint64 paused_us;     /* when sending was interrupted; 0: it is not */
    guint64 acknowledged; /* bytes, when the span began */
};

struct HttpWatch {
    guint connections;
    gint64 request_us;
    gint64 answer_us;
    gint64 look_us; /* between two looks */
    GThread *thread;
    GMutex lock; /* over the rest */
    GCond ended;
    gboolean is_ending;
    GQueue fresh;   /* the longest first */
    GQueue waiting; /* the same */
    GQueue busy;
    HttpWatchCounts counts;
};

/* Bytes that the other side has; 0 when it cannot be told. */
static guint64 acknowledged(int socket)
{
    struct tcp_info info = {0};
    socklen_t length = sizeof info;
    return getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 ? info.tcpi_bytes_acked
                                                                          : 0;
}

static void let_go(HttpWatched *watched, guint64 *count)
{
    if (watched->is_let_go)
        return;
    watched->is_let_go = TRUE;
    shutdown(watched->socket, SHUT_RDWR);
    (*count)++;
}

/* Looking */

static void look_at_waiting(HttpWatch *watch, const GQueue *queue, gint64 now_us)
{
    for (GList *at = queue->head; at; at = at->next) {
        HttpWatched *watched = at->data;
        if (now_us - watched->since_us < watch->request_us)
            return;
        let_go(watched, &watch->counts.slow_requests);
    }
}

/* Begins a new span when one is over. */
static gboolean is_too_slow(const HttpWatch *watch, HttpWatched *watched, gint64 now_us)
{
    gint64 span_us = now_us - watched->since_us;
    if (watched->state != SENDING || span_us < watch->answer_us)
        return FALSE;
    guint64 now = acknowledged(watched->socket), before = watched->acknowledged;
    watched->since_us = now_us;
    watched->acknowledged = now;
    return now - before < (guint64)span_us * HTTP_ANSWER_BYTES_PER_SECOND / G_USEC_PER_SEC;
}

static void look_at_busy(HttpWatch *watch, gint64 now_us)
{
    for (GList *at = watch->busy.head; at; at = at->next)
        if (is_too_slow(watch, at->data, now_us))
            let_go(at->data, &watch->counts.slow_answers);
}

static gpointer look(gpointer data)
{
    HttpWatch *watch = data;
    g_mutex_lock(&watch->lock);
    while (!watch->is_ending) {
        g_cond_wait_until(&watch->ended, &watch->lock, g_get_monotonic_time() + watch->look_us);
        gint64 now_us = g_get_monotonic_time();
        look_at_waiting(watch, &watch->fresh, now_us);
        look_at_waiting(watch, &watch->waiting, now_us);
        look_at_busy(watch, now_us);
    }
    g_mutex_unlock(&watch->lock);
    return NULL;
}

/* Connections */

/* The first that was not let go yet. */
static HttpWatched *longest_of(const GQueue *queue)
{
    GList *at = queue->head;
    while (at && ((HttpWatched *)at->data)->is_let_go)
        at = at->next;
    return at ? at->data : NULL;
}

static void make_room(HttpWatch *watch)
{
    if (watch->counts.open <= watch->connections)
        return;
    HttpWatched *longest = longest_of(&watch->fresh);
    if (!longest)
        longest = longest_of(&watch->waiting);
    if (longest)
        let_go(longest, &watch->counts.made_room);
}

static GQueue *queue_of(HttpWatch *watch, State state)
{
    if (state == FRESH)
        return &watch->fresh;
    return state == WAITING ? &watch->waiting : &watch->busy;
}

static void enter(HttpWatch *watch, HttpWatched *watched, State state)
{
    gint64 now_us = g_get_monotonic_time();
    if (state == SENDING && watched->paused_us) {
        watched->since_us += now_us - watched->paused_us;
    } else if (state == WORKING && watched->state == SENDING) {
        watched->paused_us = now_us;
    } else {
        watched->since_us = now_us;
        watched->acknowledged = acknowledged(watched->socket);
    }
    if (state != WORKING)
        watched->paused_us = 0;
    watched->state = state;
    g_queue_push_tail_link(queue_of(watch, state), &watched->link);
}

static void move(HttpWatch *watch, HttpWatched *watched, State state)
{
    g_mutex_lock(&watch->lock);
    g_queue_unlink(queue_of(watch, watched->state), &watched->link);
    enter(watch, watched, state);
    g_mutex_unlock(&watch->lock);
}

HttpWatched *http_watch_begin(HttpWatch *watch, int socket)
{
    HttpWatched *watched = g_new0(HttpWatched, 1);
    watched->socket = socket;
    watched->link.data = watched;
    g_mutex_lock(&watch->lock);
    watch->counts.open++;
    make_room(watch);
    enter(watch, watched, FRESH);
    g_mutex_unlock(&watch->lock);
    return watched;
}

void http_watch_working(HttpWatch *watch, HttpWatched *watched)
{
    move(watch, watched, WORKING);
}

void http_watch_sending(HttpWatch *watch, HttpWatched *watched)
{
    move(watch, watched, SENDING);
}

void http_watch_waiting(HttpWatch *watch, HttpWatched *watched)
{
    move(watch, watched, WAITING);
}

void http_watch_end(HttpWatch *watch, HttpWatched *watched)
{
    g_mutex_lock(&watch->lock);
    g_queue_unlink(queue_of(watch, watched->state), &watched->link);
    watch->counts.open--;
    g_mutex_unlock(&watch->lock);
    g_free(watched);
}

static gboolean any_unread(const GQueue *queue)
{
    for (const GList *at = queue->head; at; at = at->next) {
        const HttpWatched *watched = at->data;
        char byte;
        if (!watched->is_let_go &&
            recv(watched->socket, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT) > 0)
            return TRUE;
    }
    return FALSE;
}

gboolean http_watch_has_unread(HttpWatch *watch)
{
    g_mutex_lock(&watch->lock);
    gboolean has_unread = any_unread(&watch->fresh) || any_unread(&watch->waiting);
    g_mutex_unlock(&watch->lock);
    return has_unread;
}

HttpWatchCounts http_watch_counts(HttpWatch *watch)
{
    g_mutex_lock(&watch->lock);
    HttpWatchCounts counts = watch->counts;
    g_mutex_unlock(&watch->lock);
    return counts;
}

/* Beginning and ending */

HttpWatch *http_watch_new(const HttpWatchLimits *limits)
{
    HttpWatch *watch = g_new0(HttpWatch, 1);
    guint request_ms = limits->request_ms ? limits->request_ms : HTTP_REQUEST_SECONDS * 1000;
    guint answer_ms = limits->answer_ms ? limits->answer_ms : HTTP_ANSWER_SECONDS * 1000;
    watch->connections =
        limits->connections ? limits->connections : HTTP_CONNECTIONS - HTTP_CONNECTIONS_SPARE;
    watch->request_us = request_ms * G_TIME_SPAN_MILLISECOND;
    watch->answer_us = answer_ms * G_TIME_SPAN_MILLISECOND;
    watch->look_us = MIN(G_USEC_PER_SEC, MIN(watch->request_us, watch->answer_us) / 4);
    g_mutex_init(&watch->lock);
    g_cond_init(&watch->ended);
    g_queue_init(&watch->fresh);
    g_queue_init(&watch->waiting);
    g_queue_init(&watch->busy);
    watch->thread = g_thread_new("watch", look, watch);
    return watch;
}

void http_watch_free(HttpWatch *watch)
{
    if (!watch)
        return;
    g_mutex_lock(&watch->lock);
    watch->is_ending = TRUE;
    g_cond_signal(&watch->ended);
    g_mutex_unlock(&watch->lock);
    g_thread_join(watch->thread);
    g_mutex_clear(&watch->lock);
    g_cond_clear(&watch->ended);
    g_free(watch);
}
