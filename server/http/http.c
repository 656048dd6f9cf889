/* HTTP: see http.h.
 *
 * libmicrohttpd polls in a pool of threads, each of which serves its connections one request at a
 * time; a handler runs in the thread of its connection. Polling is by poll(2): with epoll, version
 * 0.9.75 does not see that a client has gone in the middle of a request until the connection's time
 * runs out, and the difference is microseconds at the number of connections allowed.
 *
 * The target is taken raw in the URI callback, before libmicrohttpd decodes anything, and read by
 * http_request.c. All that belongs to one request is one Answer: made when its first line is read,
 * freed in the completion callback, whatever happened in between. What libmicrohttpd finds
 * malformed below the target (headers, framing) it answers itself. Invariant: `under_way` counts
 * the answers begun and not ended; stopping waits for zero, once all that was sent is read: what a
 * client had sent before the listener closed is answered, however late it is looked at.
 *
 * A slow route is handled in a second pool of threads while its connection is suspended:
 * libmicrohttpd does not look at it meanwhile, so that the Answer belongs to the worker until it
 * resumes the connection, whereupon libmicrohttpd asks once more and the response is there. */
#include "http.h"

#include <arpa/inet.h>
#include <assert.h>
#include <microhttpd.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../limits.h"
#include "http_listen.h"
#include "http_request.h"
#include "http_send.h"
#include "http_stream.h"
#include "http_watch.h"

G_DEFINE_QUARK(schedario - http, http_error)

struct HttpServer {
    HttpOptions options;
    struct MHD_Daemon *daemon;
    int socket;
    guint port;
    GThreadPool *slow; /* of Answer */
    HttpPieces *pieces;
    HttpWatch *watch;
    gint slow_running; /* answers that they have in hand; atomic */
    GMutex lock;       /* over the rest */
    guint under_way;
    gsize sending_bytes;     /* of large bodies */
    guint64 sending_refused; /* so far */
    gboolean is_closing;     /* each answer is the last of its connection */
    gboolean is_stopping;    /* workers take nothing more */
};

/* One request and what becomes of it. */
typedef struct {
    HttpServer *server;
    HttpRequest *request;
    char *target;
    gboolean is_seen;  /* its headers are read */
    gboolean is_begun; /* it is counted as under way */
    gboolean is_queued;
    gboolean is_http_1_1;
    gboolean is_faulty; /* what follows it on the connection may not be what it seems */
    struct MHD_Connection *connection; /* suspended for `route`, which is slow */
    const HttpRoute *route;
    HttpResponse *response; /* made by a slow route, not yet sent; owned */
    gint64 began_us;
    gsize held_bytes; /* counted in `sending_bytes` */
    guint status;
    guint64 body_bytes;
} Answer;

/* --- connections --- */

static void connection_changed(void *context, struct MHD_Connection *connection,
                               void **socket_context, enum MHD_ConnectionNotificationCode code)
{
    HttpServer *server = context;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        http_watch_end(server->watch, *socket_context);
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *socket_context = http_watch_begin(server->watch, info->connect_fd);
}

static HttpWatched *watched_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/* --- one request --- */

static gsize sending_most(const HttpServer *server)
{
    return server->options.sending_bytes > 0 ? server->options.sending_bytes : HTTP_SENDING_BYTES;
}

/* Counts a body as being sent until let_loose(). FALSE: it is too much beside the others. */
static gboolean hold(Answer *answer, gsize bytes)
{
    HttpServer *server = answer->server;
    if (bytes <= HTTP_SENDING_SMALL_BYTES)
        return TRUE;
    g_mutex_lock(&server->lock);
    gboolean fits = bytes <= (sending_most(server) - server->sending_bytes) / HTTP_SENDING_SHARE;
    if (fits)
        server->sending_bytes += answer->held_bytes = bytes;
    else
        server->sending_refused++;
    g_mutex_unlock(&server->lock);
    return fits;
}

static void let_loose(Answer *answer)
{
    g_mutex_lock(&answer->server->lock);
    answer->server->sending_bytes -= answer->held_bytes;
    answer->held_bytes = 0;
    g_mutex_unlock(&answer->server->lock);
}

static void *answer_new(void *server, const char *uri, struct MHD_Connection *connection)
{
    (void)connection;
    Answer *answer = g_new0(Answer, 1);
    answer->server = server;
    answer->target = g_strdup(uri);
    answer->began_us = g_get_monotonic_time();
    return answer;
}

static void count_answer(HttpServer *server, gboolean is_begun)
{
    g_mutex_lock(&server->lock);
    server->under_way += is_begun ? 1 : -1U;
    g_mutex_unlock(&server->lock);
}

static void answer_ended(void *context, struct MHD_Connection *connection, void **request_context,
                         enum MHD_RequestTerminationCode code)
{
    (void)code;
    HttpServer *server = context;
    Answer *answer = *request_context;
    *request_context = NULL;
    if (answer == NULL)
        return;
    http_watch_waiting(server->watch, watched_of(connection));
    if (answer->is_queued && server->options.log != NULL)
        server->options.log(answer->request, answer->status,
                            g_get_monotonic_time() - answer->began_us, answer->body_bytes,
                            server->options.context);
    let_loose(answer);
    if (answer->is_begun)
        count_answer(server, FALSE);
    http_response_free(answer->response);
    http_request_free(answer->request);
    g_free(answer->target);
    g_free(answer);
}

/* Copied, because libmicrohttpd may reuse its memory before the request is logged. */
static const char *copy_header(HttpRequest *request, struct MHD_Connection *connection,
                               const char *name)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return value == NULL ? NULL : g_string_chunk_insert(request->strings, value);
}

static HttpRequest *request_of(struct MHD_Connection *connection, const char *method,
                               const char *target)
{
    HttpRequest *request = http_request_new(method, target);
    request->accept_language = copy_header(request, connection, "Accept-Language");
    request->accept_encoding = copy_header(request, connection, "Accept-Encoding");
    request->if_none_match = copy_header(request, connection, "If-None-Match");
    request->range = copy_header(request, connection, "Range");
    request->if_range = copy_header(request, connection, "If-Range");
    request->host = copy_header(request, connection, "Host");
    return request;
}

static gboolean has_body(struct MHD_Connection *connection)
{
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
    return (length != NULL && strcmp(length, "0") != 0) ||
           MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Transfer-Encoding") != NULL;
}

static HttpResponse *error_response(const HttpServer *server, const HttpRequest *request,
                                    HttpFault fault, gboolean is_api)
{
    const HttpOptions *options = &server->options;
    HttpResponse *response =
        options->error_maker(fault.status, fault.detail, is_api, request, options->context);
    assert(response != NULL);
    if (fault.status == MHD_HTTP_METHOD_NOT_ALLOWED)
        http_response_header(response, "Allow", "GET, HEAD");
    return response;
}

static const HttpRoute *find_route(const HttpServer *server, HttpRequest *request)
{
    const HttpRoute *route = server->options.routes;
    while (route->pattern != NULL && !http_request_match(request, route->pattern))
        route++;
    request->pattern = route->pattern;
    return route->pattern == NULL ? NULL : route;
}

static HttpResponse *handle_route(const HttpServer *server, HttpRequest *request,
                                  const HttpRoute *route)
{
    static const HttpFault unknown = {400, "a parameter that this address does not know"};
    if ((route->flags & HTTP_ROUTE_API) && !http_request_has_only(request, route->parameters))
        return error_response(server, request, unknown, TRUE);
    HttpResponse *response = route->handle(request, server->options.context);
    assert(response != NULL);
    return response;
}

/* --- routes for this machine alone --- */

static gboolean is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET6) {
        const struct in6_addr *v6 =
            &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
        return IN6_IS_ADDR_LOOPBACK(v6) || (IN6_IS_ADDR_V4MAPPED(v6) && v6->s6_addr[12] == 127);
    }
    const struct in_addr *v4 = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
    return address->sa_family == AF_INET && ntohl(v4->s_addr) >> 24 == IN_LOOPBACKNET;
}

static gboolean names_loopback(const char *host)
{
    static const char *const NAMES[] = {"localhost", "127.0.0.1", "[::1]"};
    for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        gsize length = strlen(NAMES[i]);
        if (g_ascii_strncasecmp(host, NAMES[i], length) == 0 &&
            (host[length] == '\0' || host[length] == ':'))
            return TRUE;
    }
    return FALSE;
}

/* A proxy on this machine asks from loopback, too; it says for whom, or under which name. */
static gboolean is_local(struct MHD_Connection *connection, const HttpRequest *request)
{
    static const char *const RELAYED[] = {"Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"};
    const union MHD_ConnectionInfo *client =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    for (gsize i = 0; i < G_N_ELEMENTS(RELAYED); i++)
        if (MHD_lookup_connection_value(connection, MHD_HEADER_KIND, RELAYED[i]) != NULL)
            return FALSE;
    return client != NULL && is_loopback(client->client_addr) && request->host != NULL &&
           names_loopback(request->host);
}

/* The headers, all of them, as they are looked through. */
typedef struct {
    guint hosts, lengths;
    gboolean is_malformed;
} HeaderCheck;

static enum MHD_Result check_header(void *data, enum MHD_ValueKind kind, const char *name,
                                    size_t name_length, const char *value, size_t value_length)
{
    (void)kind;
    HeaderCheck *check = data;
    if (!http_header_is_sound(name, name_length, value, value_length))
        check->is_malformed = TRUE;
    check->hosts += g_ascii_strcasecmp(name, "Host") == 0;
    check->lengths += g_ascii_strcasecmp(name, "Content-Length") == 0;
    return check->is_malformed ? MHD_NO : MHD_YES;
}

/* What libmicrohttpd lets pass: RFC 9112, 3.2 (Host), 5.1 (names), 6.3 (lengths); RFC 9110, 5.5
 * (values). */
static gboolean check_headers(struct MHD_Connection *connection, gboolean needs_host,
                              HttpFault *ret_fault)
{
    HeaderCheck check = {0};
    const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, check_header, &check);
    if (check.is_malformed)
        *ret_fault = (HttpFault){MHD_HTTP_BAD_REQUEST, "a malformed header"};
    else if (check.hosts > 1 || (check.hosts == 0 && needs_host) ||
             (host != NULL && !http_host_is_sound(host)))
        *ret_fault = (HttpFault){MHD_HTTP_BAD_REQUEST, "one Host is needed"};
    else if (check.lengths > 1)
        *ret_fault = (HttpFault){MHD_HTTP_BAD_REQUEST, "more than one Content-Length"};
    return ret_fault->status == 0;
}

/* The route that answers; NULL and `ret_fault` when none does. */
static const HttpRoute *choose_route(const HttpServer *server, struct MHD_Connection *connection,
                                     HttpRequest *request, HttpFault *ret_fault)
{
    const HttpRoute *route = NULL;
    if (!request->is_head && strcmp(request->method, "GET") != 0)
        *ret_fault = (HttpFault){MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD are answered"};
    else if (has_body(connection))
        *ret_fault = (HttpFault){MHD_HTTP_CONTENT_TOO_LARGE, "a request with a body"};
    else if (http_request_parse(request, ret_fault) &&
             ((route = find_route(server, request)) == NULL ||
              ((route->flags & HTTP_ROUTE_LOCAL) && !is_local(connection, request))))
        *ret_fault = (HttpFault){MHD_HTTP_NOT_FOUND, "there is nothing at this address"};
    return ret_fault->status == 0 ? route : NULL;
}

/* --- slow routes --- */

static void handle_slowly(gpointer data, gpointer context)
{
    Answer *answer = data;
    HttpServer *server = answer->server;
    g_atomic_int_inc(&server->slow_running);
    answer->response = handle_route(context, answer->request, answer->route);
    g_atomic_int_add(&server->slow_running, -1);
    /* From here on it is the connection's again. */
    MHD_resume_connection(answer->connection);
}

static HttpResponse *busy_response(const HttpServer *server, const HttpRequest *request,
                                   const HttpRoute *route)
{
    static const HttpFault busy = {503, "too many requests of this kind at the moment"};
    return error_response(server, request, busy, (route->flags & HTTP_ROUTE_API) != 0);
}

/* FALSE: there are too many already, or the server stops and its workers with it. */
static gboolean hand_to_worker(Answer *answer, struct MHD_Connection *connection,
                               const HttpRoute *route)
{
    HttpServer *server = answer->server;
    g_mutex_lock(&server->lock);
    gboolean is_taken =
        !server->is_stopping && g_thread_pool_unprocessed(server->slow) < HTTP_SLOW_WAITING;
    if (is_taken) {
        answer->connection = connection;
        answer->route = route;
        MHD_suspend_connection(connection);
        g_thread_pool_push(server->slow, answer, NULL);
    }
    g_mutex_unlock(&server->lock);
    return is_taken;
}

/* What is to be sent; NULL when a worker makes it, to which the answer belongs from now on. */
static HttpResponse *respond(Answer *answer, struct MHD_Connection *connection)
{
    HttpFault fault = {0};
    HttpServer *server = answer->server;
    HttpRequest *request = answer->request;
    const HttpRoute *route = NULL;
    if (check_headers(connection, answer->is_http_1_1, &fault))
        route = choose_route(server, connection, request, &fault);
    else
        answer->is_faulty = TRUE;
    if (route == NULL)
        return error_response(server, request, fault,
                              g_str_has_prefix(request->raw_target, "/api/"));
    if (!(route->flags & HTTP_ROUTE_SLOW))
        return handle_route(server, request, route);
    return hand_to_worker(answer, connection, route) ? NULL : busy_response(server, request, route);
}

/* A response that cannot be sent (its file is none, too much is being sent) becomes an error page.
 */
static gboolean prepare(Answer *answer, HttpResponse *response, HttpSending *ret)
{
    static const HttpFault broken = {500, "the answer could not be sent"};
    static const HttpFault crowded = {503, "too much is being sent to others at the moment"};
    const HttpServer *server = answer->server;
    const HttpRequest *request = answer->request;
    gboolean is_prepared = http_send_prepare(response, request, ret);
    if (is_prepared && (!ret->is_held || hold(answer, ret->body_bytes)))
        return TRUE;
    if (is_prepared)
        MHD_destroy_response(ret->response);
    gboolean is_api = g_str_has_prefix(request->raw_target, "/api/");
    g_autoptr(HttpResponse) page =
        error_response(server, request, is_prepared ? crowded : broken, is_api);
    return http_send_prepare(page, request, ret);
}

/* The body that nobody reads must not be taken for the next request; and a server that stops wants
 * no next request. */
static gboolean must_close(HttpServer *server, struct MHD_Connection *connection)
{
    g_mutex_lock(&server->lock);
    gboolean is_closing = server->is_closing;
    g_mutex_unlock(&server->lock);
    return is_closing || has_body(connection);
}

static enum MHD_Result queue(Answer *answer, struct MHD_Connection *connection,
                             HttpSending *sending)
{
    if (answer->is_faulty || must_close(answer->server, connection))
        MHD_add_response_header(sending->response, "Connection", "close");
    if (sending->streaming != NULL)
        http_stream_attach(sending->streaming, connection, answer->server->pieces,
                           answer->server->watch, watched_of(connection));
    http_watch_sending(answer->server->watch, watched_of(connection));
    answer->status = sending->status;
    answer->body_bytes = sending->body_bytes;
    enum MHD_Result result = MHD_queue_response(connection, sending->status, sending->response);
    MHD_destroy_response(sending->response);
    return result;
}

static enum MHD_Result send_response(Answer *answer, struct MHD_Connection *connection,
                                     HttpResponse *response)
{
    HttpSending sending;
    answer->is_queued = TRUE;
    return prepare(answer, response, &sending) ? queue(answer, connection, &sending) : MHD_NO;
}

static enum MHD_Result answer_request(void *context, struct MHD_Connection *connection,
                                      const char *url, const char *method, const char *version,
                                      const char *upload, size_t *upload_bytes,
                                      void **request_context)
{
    (void)url, (void)upload, (void)upload_bytes;
    HttpServer *server = context;
    Answer *answer = *request_context;
    if (answer == NULL || answer->is_queued)
        return MHD_NO;
    /* libmicrohttpd keeps a connection open only when it is answered at the second call, and closes
     * it, as must be, when a request that announces a body is answered at the first. */
    if (!answer->is_seen && !has_body(connection)) {
        answer->is_seen = TRUE;
        return MHD_YES;
    }
    g_autoptr(HttpResponse) response = g_steal_pointer(&answer->response);
    if (!answer->is_begun) {
        answer->is_begun = TRUE;
        http_watch_working(server->watch, watched_of(connection));
        count_answer(server, TRUE);
        answer->request = request_of(connection, method, answer->target);
        answer->is_http_1_1 = strcmp(version, MHD_HTTP_VERSION_1_0) != 0;
        response = respond(answer, connection);
    }
    return response == NULL ? MHD_YES : send_response(answer, connection, response);
}

/* Leaves libmicrohttpd's copy of the target as it is; nothing here looks at it. */
static size_t leave_escapes(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text);
}

/* --- listening --- */

static gboolean open_socket(HttpServer *server, HttpAddress *address, GError **error)
{
    server->socket = server->options.listener > 0
                         ? server->options.listener
                         : http_address_listen(address, server->options.listen, error);
    if (server->socket < 0)
        return FALSE;
    return http_address_port(address, server->socket, server->options.listen, &server->port, error);
}

static guint thread_count(const HttpOptions *options)
{
    guint wanted = options->threads != 0 ? options->threads : g_get_num_processors();
    return MIN(wanted, HTTP_THREADS);
}

/* Its threads stand ready from the beginning, so that handing over cannot fail. */
static gboolean start_workers(HttpServer *server, GError **error)
{
    server->slow =
        g_thread_pool_new(handle_slowly, server, (gint)thread_count(&server->options), TRUE, NULL);
    server->pieces = http_pieces_new(MAX(1, thread_count(&server->options) / 2), NULL);
    server->watch = http_watch_new(&server->options.watch);
    gboolean is_started = server->slow != NULL && server->pieces != NULL;
    if (!is_started)
        g_set_error(error, HTTP_ERROR, HTTP_ERROR_LISTEN, "cannot serve %s: no threads",
                    server->options.listen);
    return is_started;
}

static gboolean start_daemon(HttpServer *server, const HttpAddress *address, GError **error)
{
    guint threads = thread_count(&server->options);
    guint flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    guint usual = address->is_loopback ? 0 : HTTP_CONNECTIONS_PER_ADDRESS;
    guint own = server->options.watch.per_address, per_address = own > 0 ? own : usual;
    struct MHD_OptionItem pool[] = {{MHD_OPTION_THREAD_POOL_SIZE, threads, NULL},
                                    {MHD_OPTION_END, 0, NULL}};
    /* A pool of one is refused: one thread is the daemon's own. */
    if (threads < 2)
        pool[0] = pool[1];
    if (address->name.any.sa_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, answer_request, server, MHD_OPTION_LISTEN_SOCKET, server->socket,
        MHD_OPTION_URI_LOG_CALLBACK, answer_new, server, MHD_OPTION_NOTIFY_COMPLETED, answer_ended,
        server, MHD_OPTION_NOTIFY_CONNECTION, connection_changed, server,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 0,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_CONNECTION_BYTES,
        MHD_OPTION_CONNECTION_LIMIT, (guint)HTTP_CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        per_address, MHD_OPTION_CONNECTION_TIMEOUT, (guint)HTTP_IDLE_SECONDS, MHD_OPTION_ARRAY,
        pool, MHD_OPTION_END);
    if (server->daemon == NULL)
        g_set_error(error, HTTP_ERROR, HTTP_ERROR_LISTEN, "cannot serve %s: no threads or memory",
                    server->options.listen);
    return server->daemon != NULL;
}

static void server_free(HttpServer *server)
{
    /* Workers resume what they have in hand: libmicrohttpd must not end with it suspended. */
    if (server->slow != NULL)
        g_thread_pool_free(server->slow, FALSE, TRUE);
    http_pieces_close(server->pieces);
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    http_pieces_free(server->pieces);
    http_watch_free(server->watch);
    if (server->socket >= 0)
        close(server->socket);
    g_mutex_clear(&server->lock);
    g_free(server);
}

HttpServer *http_server_start(const HttpOptions *options, GError **error)
{
    HttpAddress address;
    if (!http_address_read(options->listen, &address, error))
        return NULL;
    HttpServer *server = g_new0(HttpServer, 1);
    server->options = *options;
    server->socket = -1;
    g_mutex_init(&server->lock);
    if (!open_socket(server, &address, error) || !start_workers(server, error) ||
        !start_daemon(server, &address, error)) {
        server_free(server);
        return NULL;
    }
    return server;
}

guint http_server_port(const HttpServer *server)
{
    return server->port;
}

void http_server_stats(HttpServer *server, HttpStats *ret_stats)
{
    const union MHD_DaemonInfo *daemon =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    ret_stats->connections = daemon == NULL ? 0 : daemon->num_connections;
    HttpWatchCounts watched = http_watch_counts(server->watch);
    ret_stats->let_go[0] = watched.slow_requests;
    ret_stats->let_go[1] = watched.slow_answers;
    ret_stats->let_go[2] = watched.made_room;
    ret_stats->sending_most = sending_most(server);
    ret_stats->slow_waiting = g_thread_pool_unprocessed(server->slow);
    ret_stats->slow_running = (guint)g_atomic_int_get(&server->slow_running);
    g_mutex_lock(&server->lock);
    ret_stats->under_way = server->under_way;
    ret_stats->sending_bytes = server->sending_bytes;
    ret_stats->sending_refused = server->sending_refused;
    g_mutex_unlock(&server->lock);
}

/* --- stopping --- */

static gboolean has_waiting_connection(int listener)
{
    struct pollfd look = {.fd = listener, .events = POLLIN};
    return poll(&look, 1, 0) > 0;
}

/* Connections that are made, but not accepted, are reset with the listener: it closes at an instant
 * at which there are none. */
static void close_listener(HttpServer *server)
{
    gint64 until_us = g_get_monotonic_time() + HTTP_STOP_ACCEPT_MS * G_TIME_SPAN_MILLISECOND;
    while (has_waiting_connection(server->socket) && g_get_monotonic_time() < until_us)
        g_usleep(G_TIME_SPAN_MILLISECOND);
    MHD_quiesce_daemon(server->daemon);
    close(server->socket);
    server->socket = -1;
}

static gboolean is_idle(HttpServer *server)
{
    g_mutex_lock(&server->lock);
    gboolean is_idle = server->under_way == 0;
    g_mutex_unlock(&server->lock);
    return is_idle && !http_watch_has_unread(server->watch);
}

/* Between accepting, reading and answering a request is counted nowhere for an instant. */
static void wait_until_idle(HttpServer *server)
{
    gint64 until_us = g_get_monotonic_time() + HTTP_STOP_MS * G_TIME_SPAN_MILLISECOND;
    for (guint looks = 0; looks < HTTP_STOP_LOOKS && g_get_monotonic_time() < until_us;) {
        looks = is_idle(server) ? looks + 1 : 0;
        g_usleep(HTTP_STOP_LOOK_MS * G_TIME_SPAN_MILLISECOND);
    }
}

static void set_flag(HttpServer *server, gboolean *flag)
{
    g_mutex_lock(&server->lock);
    *flag = TRUE;
    g_mutex_unlock(&server->lock);
}

void http_server_stop(HttpServer *server)
{
    if (server == NULL)
        return;
    set_flag(server, &server->is_closing);
    close_listener(server);
    wait_until_idle(server);
    set_flag(server, &server->is_stopping);
    server_free(server);
}
