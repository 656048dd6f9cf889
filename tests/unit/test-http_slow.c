/* HTTP: routes that are handled by threads of their own, and bodies that are made while they are
 * sent. */
#include "../../server/http/http.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "../../server/limits.h"

/* What the handlers share with the test. */
typedef struct {
    HttpServer *server;
    GMutex lock;
    GCond changed;
    guint entered, freed, logged;
    gboolean may_leave;
} World;

static void wait_for(World *world, const guint *counter, guint value)
{
    g_mutex_lock(&world->lock);
    while (*counter < value)
        g_cond_wait(&world->changed, &world->lock);
    g_mutex_unlock(&world->lock);
}

static void raise_counter(World *world, guint *counter)
{
    g_mutex_lock(&world->lock);
    *counter += 1;
    g_cond_broadcast(&world->changed);
    g_mutex_unlock(&world->lock);
}

static void let_go(World *world)
{
    g_mutex_lock(&world->lock);
    world->may_leave = TRUE;
    g_cond_broadcast(&world->changed);
    g_mutex_unlock(&world->lock);
}

static HttpResponse *show_quick(const HttpRequest *request, gpointer context)
{
    (void)request, (void)context;
    return http_response_new(200, "text/plain", g_bytes_new_static("quick", 5));
}

/* Stays until the test lets it go. */
static HttpResponse *show_slow(const HttpRequest *request, gpointer context)
{
    (void)request;
    World *world = context;
    raise_counter(world, &world->entered);
    g_mutex_lock(&world->lock);
    while (!world->may_leave)
        g_cond_wait(&world->changed, &world->lock);
    g_mutex_unlock(&world->lock);
    return http_response_new(200, "text/plain", g_bytes_new_static("late", 4));
}

/* So many pieces, each its number and a filling. */
typedef struct {
    World *world;
    guint at, pieces, breaks_at;
} Counting;

static void put_piece(GString *text, guint number)
{
    g_string_append_printf(text, "%06u %0*d\n", number, (int)(number % 5000) + 1, 0);
}

static gboolean next_piece(gpointer source, GString *piece)
{
    Counting *counting = source;
    g_assert(piece->len == 0);
    if (counting->at == counting->breaks_at)
        return FALSE;
    if (counting->at < counting->pieces)
        put_piece(piece, counting->at++);
    return TRUE;
}

static void free_counting(gpointer source)
{
    Counting *counting = source;
    raise_counter(counting->world, &counting->world->freed);
    g_free(counting);
}

static HttpResponse *show_stream(const HttpRequest *request, gpointer context)
{
    Counting *counting = g_new0(Counting, 1);
    const char *pieces = http_parameter(request, "pieces"),
               *until = http_parameter(request, "until");
    counting->world = context;
    counting->pieces = (guint)g_ascii_strtoull(pieces, NULL, 10);
    counting->breaks_at = until ? (guint)g_ascii_strtoull(until, NULL, 10) : G_MAXUINT;
    return http_response_new_stream("text/csv; charset=utf-8",
                                    (HttpStream){next_piece, free_counting, counting});
}

static HttpResponse *make_error(guint status, const char *detail, gboolean is_api,
                                const HttpRequest *request, gpointer context)
{
    (void)is_api, (void)request, (void)context;
    return http_response_new(status, "text/plain", g_bytes_new_static(detail, strlen(detail)));
}

static void note_answer(const HttpRequest *request, guint status, gint64 took_us, gsize bytes,
                        gpointer context)
{
    (void)request, (void)status, (void)took_us, (void)bytes;
    World *world = context;
    raise_counter(world, &world->logged);
}

static const HttpRoute routes[] = {
    {"/quick", show_quick, NULL, HTTP_ROUTE_PLAIN},
    {"/slow", show_slow, NULL, HTTP_ROUTE_SLOW},
    {"/api/slow", show_slow, "q", HTTP_ROUTE_API | HTTP_ROUTE_SLOW},
    {"/stream", show_stream, NULL, HTTP_ROUTE_PLAIN},
    {"/slow-stream", show_stream, NULL, HTTP_ROUTE_SLOW},
    {NULL, NULL, NULL, HTTP_ROUTE_PLAIN},
};

static int set_up(void **state)
{
    World *world = g_new0(World, 1);
    g_mutex_init(&world->lock);
    g_cond_init(&world->changed);
    /* One thread sends: whatever held it up would hold up everybody. */
    HttpOptions options = {.listen = "127.0.0.1:0",
                           .threads = 1,
                           .routes = routes,
                           .error_maker = make_error,
                           .context = world,
                           .log = note_answer};
    world->server = http_server_start(&options, NULL);
    *state = world;
    return world->server == NULL;
}

static int tear_down(void **state)
{
    World *world = *state;
    http_server_stop(world->server);
    g_mutex_clear(&world->lock);
    g_cond_clear(&world->changed);
    g_free(world);
    return 0;
}

static int begin(const World *world, const char *method, const char *target, const char *lines)
{
    struct sockaddr_in name = {.sin_family = AF_INET,
                               .sin_port = htons((guint16)http_server_port(world->server)),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 20};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&name, sizeof name), 0);
    g_autofree char *text = g_strdup_printf(
        "%s %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n%s\r\n", method, target, lines);
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
    return fd;
}

/* All that comes until the server closes. */
static GString *finish(int fd)
{
    GString *all = g_string_new(NULL);
    char part[16384];
    ssize_t got;
    while ((got = recv(fd, part, sizeof part, 0)) > 0)
        g_string_append_len(all, part, got);
    close(fd);
    return all;
}

static GString *ask(const World *world, const char *target, const char *lines)
{
    return finish(begin(world, "GET", target, lines));
}

static void assert_begins(const GString *reply, const char *line)
{
    if (!g_str_has_prefix(reply->str, line))
        fail_msg("\"%.40s\" does not begin with \"%s\"", reply->str, line);
}

/* The body of a chunked reply (RFC 9112, 7.1); `ret_is_whole`: the last chunk came. */
static GString *dechunk(const GString *reply, gboolean *ret_is_whole)
{
    GString *body = g_string_new(NULL);
    const char *end = reply->str + reply->len, *at = strstr(reply->str, "\r\n\r\n");
    assert_non_null(strstr(reply->str, "Transfer-Encoding: chunked"));
    *ret_is_whole = FALSE;
    for (at += 4; at < end;) {
        char *rest;
        gsize length = g_ascii_strtoull(at, &rest, 16);
        *ret_is_whole = length == 0;
        if (length == 0 || length > (gsize)(end - rest) - 4)
            break;
        g_string_append_len(body, rest + 2, (gssize)length);
        at = rest + 2 + length + 2;
    }
    return body;
}

static GString *expected_body(guint pieces)
{
    GString *body = g_string_new(NULL);
    for (guint i = 0; i < pieces; i++)
        put_piece(body, i);
    return body;
}

static void test_slow_holds_nobody_up(void **state)
{
    World *world = *state;
    int slow = begin(world, "GET", "/slow", "");
    wait_for(world, &world->entered, 1);
    g_autoptr(GString) quick = ask(world, "/quick", "");
    assert_non_null(strstr(quick->str, "\r\n\r\nquick"));
    let_go(world);
    g_autoptr(GString) late = finish(slow);
    assert_begins(late, "HTTP/1.1 200 ");
    assert_non_null(strstr(late->str, "\r\n\r\nlate"));
    wait_for(world, &world->logged, 2);
}

/* Those that cannot wait are told so at once, and the others are all answered. */
static void test_too_many(void **state)
{
    enum { MORE = 5, ALL = HTTP_SLOW_WAITING + 1 + MORE };
    World *world = *state;
    int fds[ALL];
    guint busy = 0, done = 0;
    fds[0] = begin(world, "GET", "/slow", "");
    wait_for(world, &world->entered, 1);
    for (guint i = 1; i < ALL; i++)
        fds[i] = begin(world, "GET", "/slow", "");
    wait_for(world, &world->logged, MORE);
    let_go(world);
    for (guint i = 0; i < ALL; i++) {
        g_autoptr(GString) reply = finish(fds[i]);
        busy += g_str_has_prefix(reply->str, "HTTP/1.1 503 ") ? 1 : 0;
        done += g_str_has_prefix(reply->str, "HTTP/1.1 200 ") ? 1 : 0;
    }
    assert_int_equal(busy, MORE);
    assert_int_equal(done, ALL - MORE);
}

static void test_slow_is_checked_first(void **state)
{
    g_autoptr(GString) unknown = ask(*state, "/api/slow?x=1", "");
    assert_begins(unknown, "HTTP/1.1 400 ");
    g_autoptr(GString) posted = finish(begin(*state, "POST", "/slow", ""));
    assert_begins(posted, "HTTP/1.1 405 ");
}

/* Who asked has gone: what was under way ends, and the next one is answered. */
static void test_client_leaves(void **state)
{
    World *world = *state;
    int fd = begin(world, "GET", "/slow", "");
    wait_for(world, &world->entered, 1);
    close(fd);
    let_go(world);
    g_autoptr(GString) next = ask(world, "/slow", "");
    assert_begins(next, "HTTP/1.1 200 ");
}

static gpointer run_stop(gpointer server)
{
    http_server_stop(server);
    return NULL;
}

static void test_stop_waits(void **state)
{
    World *world = *state;
    int fd = begin(world, "GET", "/slow", "");
    wait_for(world, &world->entered, 1);
    GThread *stopper = g_thread_new("stop", run_stop, g_steal_pointer(&world->server));
    let_go(world);
    g_autoptr(GString) reply = finish(fd);
    assert_begins(reply, "HTTP/1.1 200 ");
    g_thread_join(stopper);
    assert_int_equal(world->logged, 1);
}

static void test_stream(void **state)
{
    static const char *const targets[] = {"/stream?pieces=3000", "/slow-stream?pieces=3000"};
    g_autoptr(GString) expected = expected_body(3000);
    World *world = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(targets); i++) {
        gboolean is_whole;
        g_autoptr(GString) reply = ask(world, targets[i], "");
        assert_begins(reply, "HTTP/1.1 200 ");
        assert_null(strstr(reply->str, "ETag:"));
        assert_null(strstr(reply->str, "Content-Length:"));
        g_autoptr(GString) body = dechunk(reply, &is_whole);
        assert_true(is_whole);
        assert_true(g_string_equal(body, expected));
    }
    wait_for(world, &world->freed, 2);
}

static GString *inflate_all(const GString *packed)
{
    enum { GZIP_WINDOW = 15 + 16 };
    GString *out = g_string_new(NULL);
    char part[16384];
    z_stream stream = {.next_in = (Bytef *)packed->str, .avail_in = (uInt)packed->len};
    assert_int_equal(inflateInit2(&stream, GZIP_WINDOW), Z_OK);
    int outcome;
    do {
        stream.next_out = (Bytef *)part;
        stream.avail_out = sizeof part;
        outcome = inflate(&stream, Z_NO_FLUSH);
        g_string_append_len(out, part, (gssize)(sizeof part - stream.avail_out));
    } while (outcome == Z_OK);
    assert_int_equal(outcome, Z_STREAM_END);
    inflateEnd(&stream);
    return out;
}

static void test_stream_compressed(void **state)
{
    gboolean is_whole;
    g_autoptr(GString) reply = ask(*state, "/stream?pieces=3000", "Accept-Encoding: gzip\r\n");
    assert_non_null(strstr(reply->str, "Content-Encoding: gzip"));
    g_autoptr(GString) packed = dechunk(reply, &is_whole);
    assert_true(is_whole);
    g_autoptr(GString) body = inflate_all(packed);
    g_autoptr(GString) expected = expected_body(3000);
    assert_true(g_string_equal(body, expected));
}

static void test_empty_stream(void **state)
{
    gboolean is_whole;
    g_autoptr(GString) reply = ask(*state, "/stream?pieces=0", "");
    g_autoptr(GString) body = dechunk(reply, &is_whole);
    assert_true(is_whole);
    assert_int_equal(body->len, 0);
}

/* A body that cannot go on must not look whole. */
static void test_broken_stream(void **state)
{
    static const char *const lines[] = {"", "Accept-Encoding: gzip\r\n"};
    World *world = *state;
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        gboolean is_whole;
        g_autoptr(GString) reply = ask(world, "/stream?pieces=50&until=20", lines[i]);
        g_string_free(dechunk(reply, &is_whole), TRUE);
        assert_false(is_whole);
        wait_for(world, &world->freed, i + 1);
    }
}

static void test_stream_not_taken(void **state)
{
    World *world = *state;
    g_autoptr(GString) head = finish(begin(world, "HEAD", "/stream?pieces=9", ""));
    assert_begins(head, "HTTP/1.1 200 ");
    wait_for(world, &world->freed, 1);
    close(begin(world, "GET", "/stream?pieces=100000", ""));
    wait_for(world, &world->freed, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_slow_holds_nobody_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_too_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_slow_is_checked_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_client_leaves, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stop_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stream, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stream_compressed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_empty_stream, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_broken_stream, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stream_not_taken, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
