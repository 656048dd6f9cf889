/* Tests of server/http_watch, by a server with short limits and clients that take their time: who
 * is let go, and who is not. */
#include "fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../server/http/http.h"

enum {
    ROOM = 8,
    REQUEST_MS = 300,
    ANSWER_MS = 300,
    LARGE_BYTES = 48 * 1024 * 1024,
    PATIENCE_S = 20
};

typedef struct {
    HttpServer *server;
    GBytes *large;
} Fixture;

static HttpResponse *show_quick(const HttpRequest *request, gpointer context)
{
    (void)request, (void)context;
    return http_response_new(200, "text/plain", g_bytes_new_static("quick", 5));
}

static HttpResponse *show_late(const HttpRequest *request, gpointer context)
{
    (void)request, (void)context;
    g_usleep(3 * REQUEST_MS * 1000);
    return http_response_new(200, "text/plain", g_bytes_new_static("late", 4));
}

static HttpResponse *show_large(const HttpRequest *request, gpointer context)
{
    (void)request;
    return http_response_new(200, "application/pdf", g_bytes_ref(((Fixture *)context)->large));
}

/* A piece takes longer than a client may in all. */
static gboolean next_late(gpointer source, GString *piece)
{
    guint *left = source;
    g_usleep(2 * ANSWER_MS * 1000);
    if (*left > 0)
        g_string_append_printf(piece, "%u\n", (*left)--);
    return TRUE;
}

static HttpResponse *show_stream(const HttpRequest *request, gpointer context)
{
    (void)request, (void)context;
    guint *left = g_new(guint, 1);
    *left = 3;
    return http_response_new_stream("text/csv", (HttpStream){next_late, g_free, left});
}

static HttpResponse *make_error(guint status, const char *detail, gboolean is_api,
                                const HttpRequest *request, gpointer context)
{
    (void)is_api, (void)request, (void)context;
    return http_response_new(status, "text/plain", g_bytes_new_static(detail, strlen(detail)));
}

static const HttpRoute ROUTES_HERE[] = {
    {"/quick", show_quick, NULL, HTTP_ROUTE_PLAIN},
    {"/late", show_late, NULL, HTTP_ROUTE_PLAIN},
    {"/slow", show_late, NULL, HTTP_ROUTE_SLOW},
    {"/large", show_large, NULL, HTTP_ROUTE_PLAIN},
    {"/stream", show_stream, NULL, HTTP_ROUTE_PLAIN},
    {NULL, NULL, NULL, HTTP_ROUTE_PLAIN},
};

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->large = g_bytes_new_take(g_malloc0(LARGE_BYTES), LARGE_BYTES);
    HttpOptions options = {
        .listen = "127.0.0.1:0",
        .threads = 2,
        .routes = ROUTES_HERE,
        .error_maker = make_error,
        .context = f,
        .watch = {.connections = ROOM, .request_ms = REQUEST_MS, .answer_ms = ANSWER_MS},
    };
    f->server = http_server_start(&options, NULL);
    *state = f;
    return f->server == NULL;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    http_server_stop(f->server);
    g_bytes_unref(f->large);
    g_free(f);
    return 0;
}

static int open_client(const Fixture *f)
{
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((guint16)http_server_port(f->server)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(client, (struct sockaddr *)&to, sizeof to), 0);
    return client;
}

static gboolean put(int client, const char *text)
{
    return send(client, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text);
}

static void ask(int client, const char *target)
{
    g_autofree char *text = g_strdup_printf("GET %s HTTP/1.1\r\nHost: h\r\n\r\n", target);
    assert_true(put(client, text));
}

/* Waits for the end of the connection; what came until then. FALSE: it goes on and on. */
static gboolean read_to_end(int client, GString *all)
{
    gint64 until_us = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
    static char block[64 * 1024];
    while (g_get_monotonic_time() < until_us) {
        struct pollfd ready = {client, POLLIN, 0};
        if (poll(&ready, 1, 100) < 1)
            continue;
        ssize_t count = recv(client, block, sizeof block, 0);
        if (count <= 0)
            return TRUE;
        g_string_append_len(all, block, count);
    }
    return FALSE;
}

/* Reads until `end` came. */
static gboolean read_until(int client, const char *end)
{
    g_autoptr(GString) all = g_string_new(NULL);
    gint64 until_us = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
    while (!strstr(all->str, end) && g_get_monotonic_time() < until_us) {
        char block[1024];
        struct pollfd ready = {client, POLLIN, 0};
        if (poll(&ready, 1, 100) < 1)
            continue;
        ssize_t count = recv(client, block, sizeof block, 0);
        if (count <= 0)
            return FALSE;
        g_string_append_len(all, block, count);
    }
    return strstr(all->str, end) != NULL;
}

static void sleep_ms(guint ms)
{
    g_usleep((gulong)ms * 1000);
}

/* One byte after the other, of a line or a header that never ends. */
static void test_drip(void **state)
{
    static const char *const BEGINNINGS[] = {
        "", "GET /quick?q=", "GET /quick HTTP/1.1\r\nHost: h\r\nX: "};
    for (gsize i = 0; i < G_N_ELEMENTS(BEGINNINGS); i++) {
        int client = open_client(*state);
        put(client, BEGINNINGS[i]);
        gint64 until_us = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
        gboolean is_ended = FALSE;
        while (!is_ended && g_get_monotonic_time() < until_us) {
            struct pollfd ready = {client, POLLIN, 0};
            char byte;
            is_ended = !put(client, i == 0 ? "\n" : "a") ||
                       (poll(&ready, 1, 20) > 0 && recv(client, &byte, 1, 0) <= 0);
        }
        assert_true(is_ended);
        close(client);
    }
}

/* The same on a connection that has had an answer before. */
static void test_drip_after_answer(void **state)
{
    g_autoptr(GString) rest = g_string_new(NULL);
    int client = open_client(*state);
    ask(client, "/quick");
    assert_true(read_until(client, "quick"));
    put(client, "GET /qu");
    assert_true(read_to_end(client, rest));
    assert_int_equal(rest->len, 0);
    close(client);
}

static gboolean is_let_go(const Fixture *f)
{
    gint64 until_us = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
    HttpStats stats;
    do {
        http_server_stats(f->server, &stats);
        sleep_ms(20);
    } while (stats.connections > 0 && g_get_monotonic_time() < until_us);
    return stats.connections == 0;
}

/* Takes nothing, or a little now and then. What the system has taken off the server's hands may
 * still arrive. */
static void test_slow_taker(void **state)
{
    const Fixture *f = *state;
    for (int takes = 0; takes < 2; takes++) {
        int client = open_client(*state), small = 4096;
        char byte;
        setsockopt(client, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        ask(client, "/large");
        assert_true(recv(client, &byte, 1, 0) == 1);
        for (int i = 0; takes && i < 3 * ANSWER_MS / 20; i++) {
            sleep_ms(20);
            recv(client, &byte, 1, MSG_DONTWAIT);
        }
        assert_true(is_let_go(f));
        close(client);
    }
}

static void test_quick_taker(void **state)
{
    g_autoptr(GString) all = g_string_new(NULL);
    int client = open_client(*state);
    put(client, "GET /large HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assert_true(read_to_end(client, all));
    assert_true(all->len > LARGE_BYTES);
    close(client);
}

/* Our own time is not the client's; and one that asks again and again may stay. */
static void test_not_its_fault(void **state)
{
    static const char *const TARGETS[] = {"/late", "/slow"};
    for (gsize i = 0; i < G_N_ELEMENTS(TARGETS); i++) {
        int client = open_client(*state);
        ask(client, TARGETS[i]);
        assert_true(read_until(client, "late"));
        ask(client, "/quick");
        assert_true(read_until(client, "quick"));
        close(client);
    }
    int client = open_client(*state);
    ask(client, "/stream");
    assert_true(read_until(client, "\r\n0\r\n\r\n"));
    for (int i = 0; i < 6; i++) {
        sleep_ms(REQUEST_MS / 3);
        ask(client, "/quick");
        assert_true(read_until(client, "quick"));
    }
    close(client);
}

/* Idle connections make room, the oldest first; whoever asks is answered. */
static void test_room(void **state)
{
    enum { IDLE = 5 * ROOM };
    Fixture *f = *state;
    int idle[IDLE];
    for (int i = 0; i < IDLE; i++) {
        idle[i] = open_client(f);
        put(idle[i], i % 2 ? "GET /qu" : "");
        if (i % 5 == 4) {
            int client = open_client(f);
            ask(client, "/quick");
            assert_true(read_until(client, "quick"));
            close(client);
        }
    }
    g_autoptr(GString) none = g_string_new(NULL);
    assert_true(read_to_end(idle[0], none));
    assert_int_equal(none->len, 0);
    for (int i = 0; i < IDLE; i++)
        close(idle[i]);
}

/* One address may not take all places: the next one is closed at once, and one that ends makes
 * room. */
static void test_per_address(void **state)
{
    enum { PLACES = 4 };
    (void)state;
    HttpOptions options = {.listen = "127.0.0.1:0",
                           .threads = 2,
                           .routes = ROUTES_HERE,
                           .error_maker = make_error,
                           .watch = {.per_address = PLACES}};
    Fixture f = {.server = http_server_start(&options, NULL)};
    int clients[PLACES];
    for (int i = 0; i < PLACES; i++) {
        clients[i] = open_client(&f);
        ask(clients[i], "/quick");
        assert_true(read_until(clients[i], "quick"));
    }
    g_autoptr(GString) none = g_string_new(NULL);
    int more = open_client(&f);
    assert_true(read_to_end(more, none));
    assert_int_equal(none->len, 0);
    close(more);
    for (int i = 0; i < PLACES; i++)
        close(clients[i]);
    assert_true(is_let_go(&f));
    more = open_client(&f);
    ask(more, "/quick");
    assert_true(read_until(more, "quick"));
    close(more);
    http_server_stop(f.server);
}

static void assert_sending(const Fixture *f, guint64 bytes, guint64 refused)
{
    gint64 until_us = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
    HttpStats stats;
    do {
        http_server_stats(f->server, &stats);
        sleep_ms(5);
    } while (stats.sending_bytes != bytes && g_get_monotonic_time() < until_us);
    assert_int_equal(stats.sending_bytes, bytes);
    assert_int_equal(stats.sending_refused, refused);
    assert_int_equal(stats.sending_most, 4 * LARGE_BYTES);
}

/* Large answers that clients do not take are bounded all together; small ones go out beside them,
 * and when one is let go there is room again. */
static void test_large_answers(void **state)
{
    const Fixture *own = *state;
    Fixture f = {.large = own->large};
    HttpOptions options = {.listen = "127.0.0.1:0",
                           .threads = 2,
                           .routes = ROUTES_HERE,
                           .error_maker = make_error,
                           .context = &f,
                           .sending_bytes = (gsize)4 * LARGE_BYTES};
    f.server = http_server_start(&options, NULL);
    int taking = open_client(&f), next = open_client(&f);
    ask(taking, "/large");
    assert_true(read_until(taking, "HTTP/1.1 200 "));
    assert_sending(&f, LARGE_BYTES, 0);
    ask(next, "/large");
    assert_true(read_until(next, "HTTP/1.1 503 "));
    assert_sending(&f, LARGE_BYTES, 1);
    ask(next, "/quick");
    assert_true(read_until(next, "quick"));
    close(taking);
    assert_sending(&f, 0, 1);
    ask(next, "/large");
    assert_true(read_until(next, "HTTP/1.1 200 "));
    assert_sending(&f, LARGE_BYTES, 1);
    close(next);
    http_server_stop(f.server);
}

/* Stopping while clients of all kinds are there: none is waited for longer than said. */
static void test_stop(void **state)
{
    Fixture *f = *state;
    int dripping = open_client(f), taking = open_client(f), streaming = open_client(f);
    put(dripping, "GET /");
    ask(taking, "/large");
    ask(streaming, "/stream");
    sleep_ms(100);
    http_server_stop(g_steal_pointer(&f->server));
    close(dripping), close(taking), close(streaming);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_drip, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_drip_after_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_slow_taker, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_quick_taker, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_its_fault, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_room, set_up, tear_down),
        cmocka_unit_test(test_per_address),
        cmocka_unit_test_setup_teardown(test_large_answers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stop, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
