/* Tests of server/http: reading of targets and headers by table, and a server in this process asked
 * over raw sockets. What runs in other threads too uses assert(), for cmocka's own checks leap back
 * into the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <assert.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include "../../server/http/http.h"
#include "../../server/http/http_request.h"
#include "../../server/http/http_send.h"
#include "../../server/limits.h"

/* --- targets --- */

static const struct TargetRow {
    const char *target;
    guint status; /* of the fault; 0: none */
    const char *path, *query;
} targets[] = {
    {"/", 0, "/", ""},
    {"/a/b", 0, "/a/b", ""},
    {"/a/", 0, "/a/", ""},
    {"/a?", 0, "/a", ""},
    {"/?q", 0, "/", "q"},
    {"/a?b?c", 0, "/a", "b?c"},
    {"/citt%C3%A0", 0, "/citt\xc3\xa0", ""},
    {"/%61%2e%62", 0, "/a.b", ""},
    {"/a%20b+c", 0, "/a b+c", ""},
    {"/a%25", 0, "/a%", ""},
    {"/a%2541", 0, "/a%41", ""},
    {"/a%0Ab", 0, "/a\nb", ""},
    {"/...", 0, "/...", ""},
    {"/a..b", 0, "/a..b", ""},
    {"/a;b=c,d:e@f!$&'()*~", 0, "/a;b=c,d:e@f!$&'()*~", ""},
    {"/a%5C..", 0, "/a\\..", ""},
    {"http://host/a?b", 0, "/a", "b"},
    {"HTTPS://host:8/a", 0, "/a", ""},
    {"http://host", 0, "/", ""},
    {"http://host?b", 0, "/", "b"},
    {"", 400, "", ""},
    {"*", 400, "", ""},
    {"a", 400, "", ""},
    {"?q", 400, "", ""},
    {"host:80", 400, "", ""},
    {"ftp://host/a", 400, "", ""},
    {"/%", 400, "", ""},
    {"/%4", 400, "", ""},
    {"/%4g", 400, "", ""},
    {"/%g4", 400, "", ""},
    {"/% 1", 400, "", ""},
    {"/%4/1", 400, "", ""},
    {"/a%00b", 400, "", ""},
    {"/%00", 400, "", ""},
    {"/%ff", 400, "", ""},
    {"/%C3", 400, "", ""},
    {"/%C3/%A0", 400, "", ""},
    {"/%C0%AF", 400, "", ""},
    {"/%ED%A0%80", 400, "", ""},
    {"/%F5%80%80%80", 400, "", ""},
    {"/a b", 400, "", ""},
    {"/a\tb", 400, "", ""},
    {"/a\x7f", 400, "", ""},
    {"/citt\xc3\xa0", 0, "/citt\xc3\xa0", ""},
    {"/citt\xe0", 400, "", ""},
    {"/a#b", 400, "", ""},
    {"/..", 400, "", ""},
    {"/.", 400, "", ""},
    {"/a/../b", 400, "", ""},
    {"/a/%2e%2E/b", 400, "", ""},
    {"/a/.%2e", 400, "", ""},
    {"/a/./b", 400, "", ""},
    {"/a%2Fb", 400, "", ""},
    {"/..%2f", 400, "", ""},
    {"//", 404, "", ""},
    {"//a", 404, "", ""},
    {"/a//b", 404, "", ""},
    {"/?q=%", 400, "", "q=%"},
    {"/?q=%00", 400, "", "q=%00"},
    {"/?q=%e8", 400, "", "q=%e8"},
    {"/?%zz=1", 400, "", "%zz=1"},
    {"/?a=1&q=%f", 400, "", "a=1&q=%f"},
};

static HttpRequest *parse(const char *target, HttpFault *fault)
{
    HttpRequest *request = http_request_new("GET", target);
    *fault = (HttpFault){0};
    gboolean is_parsed = http_request_parse(request, fault);
    assert_int_equal(is_parsed, fault->status == 0);
    assert_int_equal(is_parsed, fault->detail == NULL);
    return request;
}

static void test_targets(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(targets); i++) {
        const struct TargetRow *row = &targets[i];
        HttpFault fault;
        g_autoptr(HttpRequest) request = parse(row->target, &fault);
        if (fault.status != row->status || strcmp(request->path, row->path) != 0 ||
            strcmp(request->raw_query, row->query) != 0)
            fail_msg("%s: status %u, path \"%s\", query \"%s\"", row->target, fault.status,
                     request->path, request->raw_query);
        assert_string_equal(request->raw_target, row->target);
        if (fault.status != 0)
            assert_int_equal(g_hash_table_size(request->parameters), 0);
    }
}

static guint status_of(const char *target)
{
    HttpFault fault;
    http_request_free(parse(target, &fault));
    return fault.status;
}

/* "/" and `unit` as often as given. */
static char *repeated(const char *unit, guint times)
{
    GString *text = g_string_new("/");
    for (guint i = 0; i < times; i++)
        g_string_append(text, unit);
    return g_string_free(text, FALSE);
}

static void test_target_limits(void **state)
{
    (void)state;
    static const struct {
        const char *unit;
        guint times, status;
    } cases[] = {
        {"a", HTTP_TARGET_BYTES - 1, 0},
        {"a", HTTP_TARGET_BYTES, 414},
        {"a/", HTTP_PATH_SEGMENTS - 1, 0},
        {"a/", HTTP_PATH_SEGMENTS, 404},
        {"?a=1&", 1, 0},
        {"%", HTTP_TARGET_BYTES, 414},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *target = repeated(cases[i].unit, cases[i].times);
        assert_int_equal(status_of(target), cases[i].status);
    }
    g_autofree char *pairs = repeated("a&", HTTP_PARAMETERS);
    pairs[1] = '?';
    assert_int_equal(status_of(pairs), 0);
    g_autofree char *too_many = repeated("a&", HTTP_PARAMETERS + 2);
    too_many[1] = '?';
    assert_int_equal(status_of(too_many), 400);
}

static const struct QueryRow {
    const char *query, *name;
    const char *values; /* parted by '|'; NULL: no such parameter */
} queries[] = {
    {"q=a", "q", "a"},
    {"q=a+b%20c", "q", "a b c"},
    {"q=a%2Bb", "q", "a+b"},
    {"q=a%26b%3Dc", "q", "a&b=c"},
    {"q=a=b", "q", "a=b"},
    {"q=", "q", ""},
    {"q", "q", ""},
    {"q&r=1", "r", "1"},
    {"&&q=1&", "q", "1"},
    {"q=1&q=2&r=3&q=1", "q", "1|2|1"},
    {"a+b=1", "a b", "1"},
    {"%71=1&q=2", "q", "1|2"},
    {"=1", "", "1"},
    {"q=citt%c3%A0", "q", "citt\xc3\xa0"},
    {"q=a/b?c", "q", "a/b?c"},
    {"q=%0D%0A", "q", "\r\n"},
    {"Q=1", "q", NULL},
    {"", "q", NULL},
};

static void test_queries(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(queries); i++) {
        HttpFault fault;
        g_autofree char *target = g_strconcat("/?", queries[i].query, NULL);
        g_autoptr(HttpRequest) request = parse(target, &fault);
        assert_int_equal(fault.status, 0);
        GPtrArray *values = g_hash_table_lookup(request->parameters, queries[i].name);
        assert_int_equal(values == NULL, queries[i].values == NULL);
        if (values == NULL)
            continue;
        g_auto(GStrv) expected = g_strsplit(queries[i].values, "|", -1);
        assert_int_equal(values->len, MAX(g_strv_length(expected), 1));
        for (guint v = 0; expected[v] != NULL; v++)
            assert_string_equal(values->pdata[v], expected[v]);
        assert_string_equal(http_parameter(request, queries[i].name), values->pdata[0]);
    }
}

static const struct RouteRow {
    const char *pattern, *target;
    const char *segments; /* parted by '|'; NULL: does not fit */
} routes_read[] = {
    {"/", "/", ""},
    {"/", "/a", NULL},
    {"/a", "/", NULL},
    {"/a", "/a", ""},
    {"/a", "/%61", ""},
    {"/a", "/ab", NULL},
    {"/ab", "/a", NULL},
    {"/a", "/a/", NULL},
    {"/a", "/A", NULL},
    {"/d/{id}", "/d/42", "42"},
    {"/d/{id}", "/d/a%20b", "a b"},
    {"/d/{id}", "/d/", NULL},
    {"/d/{id}", "/d", NULL},
    {"/d/{id}", "/d/1/2", NULL},
    {"/d/{id}/p/{n}", "/d/x/p/7", "x|7"},
    {"/d/{id}/p/{n}", "/d/x/q/7", NULL},
    {"/d/{id}/p/{n}.png", "/d/x/p/7.png", "x|7"},
    {"/d/{id}/p/{n}.png", "/d/x/p/a.b.png", "x|a.b"},
    {"/d/{id}/p/{n}.png", "/d/x/p/.png", NULL},
    {"/d/{id}/p/{n}.png", "/d/x/p/7.jpg", NULL},
    {"/d/{id}/p/{n}.png", "/d/x/p/png", NULL},
    {"/d/{id}/p/{n}.png", "/d/x/p/7", NULL},
    {"/d/{id}.x/p", "/d/1.x/p", "1"},
    {"/{a}/{b}/{c}/{d}", "/1/2/3/4", "1|2|3|4"},
    {"/s/{+rest}", "/s/a", "a"},
    {"/s/{+rest}", "/s/a/b/c.css", "a/b/c.css"},
    {"/s/{+rest}", "/s/a/", "a/"},
    {"/s/{+rest}", "/s/", NULL},
    {"/s/{+rest}", "/s", NULL},
    {"/s/{v}/{+rest}", "/s/1/a/b", "1|a/b"},
};

static void test_routes(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(routes_read); i++) {
        HttpFault fault;
        g_autoptr(HttpRequest) request = parse(routes_read[i].target, &fault);
        gboolean fits = http_request_match(request, routes_read[i].pattern);
        if (fits != (routes_read[i].segments != NULL))
            fail_msg("%s on %s: %d", routes_read[i].pattern, routes_read[i].target, fits);
        g_auto(GStrv) expected = g_strsplit(fits ? routes_read[i].segments : "", "|", -1);
        guint count = g_strv_length(expected);
        for (guint s = 0; s < count; s++)
            assert_string_equal(request->segments[s], expected[s]);
        for (guint s = count; s < HTTP_SEGMENTS; s++)
            assert_null(request->segments[s]);
    }
}

static void test_allowed_parameters(void **state)
{
    (void)state;
    static const struct {
        const char *query, *names;
        gboolean allowed;
    } cases[] = {
        {"q=1&page=2", "q page", TRUE},
        {"q=1&x=2", "q page", FALSE},
        {"x=1", NULL, TRUE},
        {"x=1", "", FALSE},
        {"", "", TRUE},
        {"pag=1", "q page", FALSE},
        {"q+page=1", "q page", FALSE},
        {"=1", "q page", FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        HttpFault fault;
        g_autofree char *target = g_strconcat("/?", cases[i].query, NULL);
        g_autoptr(HttpRequest) request = parse(target, &fault);
        assert_int_equal(http_request_has_only(request, cases[i].names), cases[i].allowed);
    }
}

/* --- headers --- */

static void test_accept_encoding(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        gboolean accepts;
    } cases[] = {
        {NULL, FALSE},
        {"", FALSE},
        {"gzip", TRUE},
        {"GZip", TRUE},
        {"x-gzip", TRUE},
        {"gzip, deflate, br", TRUE},
        {"br,gzip", TRUE},
        {"  br ,\tgzip ", TRUE},
        {"deflate", FALSE},
        {"gzipped", FALSE},
        {"gzip;q=0", FALSE},
        {"gzip;q=0.000", FALSE},
        {"gzip ; q=0.001", TRUE},
        {"gzip;Q=1.000", TRUE},
        {"*", TRUE},
        {"*;q=0", FALSE},
        {"*;q=0, gzip", TRUE},
        {"gzip;q=0, *", FALSE},
        {"identity", FALSE},
        {"identity, gzip;q=0.5", FALSE},
        {"identity;q=0.5, gzip;q=0.5", TRUE},
        {"identity;q=0, gzip;q=0.1", TRUE},
        {"gzip;q=1.5", FALSE},
        {"gzip;q=-1", FALSE},
        {"gzip;q=", FALSE},
        {"gzip;q=0.1234", FALSE},
        {"gzip;level=1", FALSE},
        {"gzip deflate", FALSE},
        {",,gzip,", TRUE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        if (http_accepts_gzip(cases[i].header) != cases[i].accepts)
            fail_msg("Accept-Encoding: %s", cases[i].header);
    }
}

static void test_etags(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        gboolean matches;
    } cases[] = {
        {NULL, FALSE},
        {"", FALSE},
        {"\"a\"", TRUE},
        {"W/\"a\"", TRUE},
        {"\"b\"", FALSE},
        {"\"b\", \"a\"", TRUE},
        {"\"b\",W/\"a\"", TRUE},
        {"  \"a\"  ", TRUE},
        {"*", TRUE},
        {"* ", TRUE},
        {"*x", FALSE},
        {"a", FALSE},
        {"\"a", FALSE},
        {"\"A\"", FALSE},
        {"\"aa\"", FALSE},
        {"\"b\" x, \"a\"", FALSE},
        {"w/\"a\"", FALSE},
        {"\"b,\", \"a\"", TRUE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        if (http_etag_matches(cases[i].header, "\"a\"") != cases[i].matches ||
            http_etag_matches(cases[i].header, "W/\"a\"") != cases[i].matches)
            fail_msg("If-None-Match: %s", cases[i].header);
    }
}

static void test_ranges(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        guint64 size;
        HttpRange range;
        guint64 first, last;
    } cases[] = {
        {NULL, 10, HTTP_RANGE_WHOLE, 0, 0},
        {"", 10, HTTP_RANGE_WHOLE, 0, 0},
        {"bytes=0-0", 10, HTTP_RANGE_PART, 0, 0},
        {"bytes=0-9", 10, HTTP_RANGE_PART, 0, 9},
        {"bytes=2-5", 10, HTTP_RANGE_PART, 2, 5},
        {"BYTES=2-5", 10, HTTP_RANGE_PART, 2, 5},
        {"bytes=2-", 10, HTTP_RANGE_PART, 2, 9},
        {"bytes=9-", 10, HTTP_RANGE_PART, 9, 9},
        {"bytes=2-99", 10, HTTP_RANGE_PART, 2, 9},
        {"bytes=2-99999999999999999999999", 10, HTTP_RANGE_PART, 2, 9},
        {"bytes=-3", 10, HTTP_RANGE_PART, 7, 9},
        {"bytes=-10", 10, HTTP_RANGE_PART, 0, 9},
        {"bytes=-11", 10, HTTP_RANGE_PART, 0, 9},
        {"bytes= 2-5 ", 10, HTTP_RANGE_PART, 2, 5},
        {"bytes=10-", 10, HTTP_RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=10-20", 10, HTTP_RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=99999999999999999999999-", 10, HTTP_RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=-0", 10, HTTP_RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=0-", 0, HTTP_RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=-5", 0, HTTP_RANGE_UNSATISFIABLE, 0, 0},
        {"bytes=5-2", 10, HTTP_RANGE_WHOLE, 0, 0},
        {"bytes=-", 10, HTTP_RANGE_WHOLE, 0, 0},
        {"bytes=", 10, HTTP_RANGE_WHOLE, 0, 0},
        {"bytes=1", 10, HTTP_RANGE_WHOLE, 0, 0},
        {"bytes=a-b", 10, HTTP_RANGE_WHOLE, 0, 0},
        {"bytes=1-2x", 10, HTTP_RANGE_WHOLE, 0, 0},
        {"bytes=--1", 10, HTTP_RANGE_WHOLE, 0, 0},
        {"bytes=+1-2", 10, HTTP_RANGE_WHOLE, 0, 0},
        {"bytes=0-1,3-4", 10, HTTP_RANGE_WHOLE, 0, 0},
        {"items=0-1", 10, HTTP_RANGE_WHOLE, 0, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint64 first = 0, last = 0;
        HttpRange range = http_range_parse(cases[i].header, cases[i].size, &first, &last);
        if (range != cases[i].range || first != cases[i].first || last != cases[i].last)
            fail_msg("Range: %s: %d, %d-%d", cases[i].header, range, (int)first, (int)last);
    }
}

static void test_dates(void **state)
{
    (void)state;
    g_autofree char *date = http_date(784111777);
    assert_string_equal(date, "Sun, 06 Nov 1994 08:49:37 GMT");
    g_autofree char *begin = http_date(0);
    assert_string_equal(begin, "Thu, 01 Jan 1970 00:00:00 GMT");
    g_autofree char *odd = http_date(G_MAXINT64);
    assert_string_equal(odd, begin);
}

/* Any bytes: a request or a fault, and whatever was decoded is UTF-8. */
static void test_mutations(void **state)
{
    (void)state;
    static const char sample[] = "/documents/citt%C3%A0/pages/7?q=a+b%20c&lang=it&q=%22x%22&&y=2";
    static const char signs[] = "%/.&=+?#0a \xff";
    GRand *rand = g_rand_new_with_seed(7);
    for (guint round = 0; round < 20000; round++) {
        g_autofree char *target =
            g_strndup(sample, (gsize)g_rand_int_range(rand, 1, sizeof sample));
        for (gint32 changes = g_rand_int_range(rand, 0, 4); changes > 0; changes--)
            target[g_rand_int_range(rand, 0, MAX((gint32)strlen(target), 1))] =
                signs[g_rand_int_range(rand, 0, sizeof signs)];
        HttpFault fault;
        g_autoptr(HttpRequest) request = parse(target, &fault);
        assert_true(g_utf8_validate(request->path, -1, NULL));
        http_request_match(request, "/documents/{id}/pages/{n}");
        http_request_match(request, "/{+rest}");
    }
    g_rand_free(rand);
}

/* --- a server --- */

static const char long_text[] = "Lo statuto dell'unione è approvato dai consigli dei comuni. ";

/* What the handlers of one server share with the test. */
typedef struct {
    HttpServer *server;
    char *file; /* its path */
    GMutex lock;
    GCond changed;
    gboolean is_entered, may_leave;
    guint logged, log_status;
    gsize log_bytes;
    char *log_path;
} World;

static HttpResponse *show_hello(const HttpRequest *request, gpointer context)
{
    (void)context;
    const char *q = http_parameter(request, "q");
    char *text = g_strdup_printf("hello %s", q == NULL ? "-" : q);
    HttpResponse *response =
        http_response_new(200, "text/plain; charset=utf-8", g_bytes_new_take(text, strlen(text)));
    http_response_header(response, "X-Test", "a\r\nX-Bad: b\x01\xc3\xa0");
    http_response_header(response, "Vary", "Accept-Language");
    return response;
}

static GBytes *long_body(void)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 200; i++)
        g_string_append(text, long_text);
    return g_string_free_to_bytes(text);
}

static HttpResponse *show_long(const HttpRequest *request, gpointer context)
{
    (void)request, (void)context;
    HttpResponse *response = http_response_new(200, "text/html; charset=utf-8", long_body());
    http_response_header(response, "Vary", "Accept-Language");
    return response;
}

static HttpResponse *show_image(const HttpRequest *request, gpointer context)
{
    (void)request, (void)context;
    HttpResponse *response = http_response_new(200, "image/png", long_body());
    response->max_age_seconds = 60;
    response->is_immutable = TRUE;
    return response;
}

static HttpResponse *show_file(const HttpRequest *request, gpointer context)
{
    (void)request;
    World *world = context;
    int file = open(world->file, O_RDONLY | O_CLOEXEC);
    HttpResponse *response = http_response_new_file("application/pdf", file);
    response->is_foreign = TRUE;
    return response;
}

static HttpResponse *show_directory(const HttpRequest *request, gpointer context)
{
    (void)request, (void)context;
    return http_response_new_file("text/plain", open("/", O_RDONLY | O_CLOEXEC));
}

static HttpResponse *show_segments(const HttpRequest *request, gpointer context)
{
    (void)context;
    char *text = g_strdup_printf("%s,%s", request->segments[0], request->segments[1]);
    HttpResponse *response =
        http_response_new(200, "text/plain", g_bytes_new_take(text, strlen(text)));
    http_response_header(response, "Content-Security-Policy", "default-src 'self'");
    http_response_header(response, "ETag", "\"own\"");
    return response;
}

/* Stays until the test lets it go. */
static HttpResponse *show_slow(const HttpRequest *request, gpointer context)
{
    (void)request;
    World *world = context;
    g_mutex_lock(&world->lock);
    world->is_entered = TRUE;
    g_cond_broadcast(&world->changed);
    while (!world->may_leave)
        g_cond_wait(&world->changed, &world->lock);
    g_mutex_unlock(&world->lock);
    return http_response_new(200, "text/plain", g_bytes_new_static("late", 4));
}

static HttpResponse *make_error(guint status, const char *detail, gboolean is_api,
                                const HttpRequest *request, gpointer context)
{
    (void)context;
    assert(request->path != NULL && request->raw_query != NULL && detail != NULL);
    char *text = g_strdup_printf("%s %u %s", is_api ? "api" : "page", status, detail);
    return http_response_new(status, "text/plain", g_bytes_new_take(text, strlen(text)));
}

static void note_answer(const HttpRequest *request, guint status, gint64 took_us, gsize bytes,
                        gpointer context)
{
    World *world = context;
    assert(took_us >= 0);
    g_mutex_lock(&world->lock);
    world->logged++;
    world->log_status = status;
    world->log_bytes = bytes;
    g_free(world->log_path);
    world->log_path = g_strdup(request->path);
    g_cond_broadcast(&world->changed);
    g_mutex_unlock(&world->lock);
}

static const HttpRoute routes[] = {
    {"/hello", show_hello, "q", HTTP_ROUTE_PLAIN},
    {"/api/hello", show_hello, "q lang", HTTP_ROUTE_API},
    {"/long", show_long, NULL, HTTP_ROUTE_PLAIN},
    {"/image", show_image, NULL, HTTP_ROUTE_PLAIN},
    {"/file", show_file, NULL, HTTP_ROUTE_PLAIN},
    {"/directory", show_directory, NULL, HTTP_ROUTE_PLAIN},
    {"/slow", show_slow, NULL, HTTP_ROUTE_PLAIN},
    {"/d/{id}/{+rest}", show_segments, NULL, HTTP_ROUTE_PLAIN},
    {NULL, NULL, NULL, HTTP_ROUTE_PLAIN},
};

static HttpServer *start(World *world, const char *listen_at, GError **error)
{
    HttpOptions options = {.listen = listen_at,
                           .threads = 2,
                           .routes = routes,
                           .error_maker = make_error,
                           .context = world,
                           .log = note_answer};
    return http_server_start(&options, error);
}

static int set_up(void **state)
{
    World *world = g_new0(World, 1);
    int fd = g_file_open_tmp("schedario-http-XXXXXX", &world->file, NULL);
    if (fd < 0 || write(fd, "0123456789", 10) != 10)
        return 1;
    close(fd);
    g_mutex_init(&world->lock);
    g_cond_init(&world->changed);
    world->server = start(world, "127.0.0.1:0", NULL);
    *state = world;
    return world->server == NULL;
}

static int tear_down(void **state)
{
    World *world = *state;
    http_server_stop(world->server);
    g_remove(world->file);
    g_free(world->file);
    g_free(world->log_path);
    g_mutex_clear(&world->lock);
    g_cond_clear(&world->changed);
    g_free(world);
    return 0;
}

static int try_connect(guint port)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((guint16)port)};
    struct timeval patience = {.tv_sec = 20};
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&name, sizeof name) == 0)
        return fd;
    close(fd);
    return -1;
}

static int connect_to(const World *world)
{
    int fd = try_connect(http_server_port(world->server));
    assert(fd >= 0);
    return fd;
}

static void send_text(int fd, const char *text)
{
    gsize length = strlen(text);
    while (length > 0) {
        ssize_t sent = send(fd, text, length, MSG_NOSIGNAL);
        assert(sent > 0);
        text += sent;
        length -= (gsize)sent;
    }
}

typedef struct {
    guint status;
    GString *head; /* with the status line, ends in CRLF */
    GString *body;
} Reply;

static void reply_release(Reply *reply)
{
    if (reply->head != NULL)
        g_string_free(reply->head, TRUE);
    if (reply->body != NULL)
        g_string_free(reply->body, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reply, reply_release)

/* The value of a header, "" when absent. Owned by the caller. */
static char *header(const Reply *reply, const char *name)
{
    g_autofree char *start_of = g_strdup_printf("\r\n%s: ", name);
    const char *found = strstr(reply->head->str, start_of);
    if (found == NULL)
        return g_strdup("");
    found += strlen(start_of);
    return g_strndup(found, strcspn(found, "\r"));
}

static void assert_header(const Reply *reply, const char *name, const char *expected)
{
    g_autofree char *value = header(reply, name);
    if (strcmp(value, expected) != 0)
        fail_msg("%s: \"%s\", not \"%s\"", name, value, expected);
}

/* Reads one reply, by Content-Length; status 0: the connection ended before its head did. */
static Reply read_reply(int fd, gboolean has_body)
{
    Reply reply = {.head = g_string_new(NULL), .body = g_string_new(NULL)};
    char c;
    while (!g_str_has_suffix(reply.head->str, "\r\n\r\n")) {
        if (recv(fd, &c, 1, 0) != 1)
            return reply;
        g_string_append_c(reply.head, c);
    }
    reply.status = (guint)g_ascii_strtoull(reply.head->str + strlen("HTTP/1.1 "), NULL, 10);
    g_autofree char *length = header(&reply, "Content-Length");
    gsize left = has_body ? g_ascii_strtoull(length, NULL, 10) : 0;
    for (; left > 0 && recv(fd, &c, 1, 0) == 1; left--)
        g_string_append_c(reply.body, c);
    assert(left == 0);
    return reply;
}

/* Whether the server has closed, and sent nothing more. */
static gboolean is_closed(int fd)
{
    char c;
    return recv(fd, &c, 1, 0) == 0;
}

/* `lines`: further headers, each with CRLF. */
static Reply ask(const World *world, const char *method, const char *target, const char *lines)
{
    int fd = connect_to(world);
    g_autofree char *text =
        g_strdup_printf("%s %s HTTP/1.1\r\nHost: h\r\n%s\r\n", method, target, lines);
    send_text(fd, text);
    Reply reply = read_reply(fd, strcmp(method, "HEAD") != 0);
    close(fd);
    return reply;
}

static void test_get(void **state)
{
    g_auto(Reply) reply = ask(*state, "GET", "/hello?q=a+%C3%A8", "");
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body->str, "hello a è");
    assert_header(&reply, "Content-Length", "10");
    assert_header(&reply, "Content-Type", "text/plain; charset=utf-8");
    assert_header(&reply, "X-Content-Type-Options", "nosniff");
    assert_header(&reply, "Referrer-Policy", "same-origin");
    assert_header(&reply, "Cross-Origin-Opener-Policy", "same-origin");
    assert_header(&reply, "Cross-Origin-Resource-Policy", "same-origin");
    assert_header(&reply, "Cache-Control", "no-cache");
    assert_header(&reply, "Vary", "Accept-Language");
    assert_header(&reply, "X-Test", "aX-Bad: b");
    assert_header(&reply, "X-Bad", "");
    g_autofree char *policy = header(&reply, "Content-Security-Policy");
    assert_true(g_str_has_prefix(policy, "default-src 'none'; style-src 'self'"));
    assert_non_null(strstr(policy, "frame-ancestors 'none'"));
    g_autofree char *tag = header(&reply, "ETag");
    assert_true(*tag == '"' && strlen(tag) == 34);
}

static void test_head(void **state)
{
    static const char *const targets_of_head[] = {"/hello", "/long", "/file", "/gone"};
    for (gsize i = 0; i < G_N_ELEMENTS(targets_of_head); i++) {
        static const char *const same[] = {"Content-Length", "Content-Type",  "ETag",
                                           "Vary",           "Cache-Control", "Content-Encoding"};
        const char *lines = "Accept-Encoding: gzip\r\nConnection: close\r\n";
        g_auto(Reply) get = ask(*state, "GET", targets_of_head[i], lines);
        int fd = connect_to(*state);
        g_autofree char *text =
            g_strdup_printf("HEAD %s HTTP/1.1\r\nHost: h\r\n%s\r\n", targets_of_head[i], lines);
        send_text(fd, text);
        g_auto(Reply) head = read_reply(fd, FALSE);
        assert_true(is_closed(fd));
        close(fd);
        assert_int_equal(head.status, get.status);
        for (gsize h = 0; h < G_N_ELEMENTS(same); h++) {
            g_autofree char *expected = header(&get, same[h]);
            assert_header(&head, same[h], expected);
        }
    }
}

static void test_faults(void **state)
{
    static const struct {
        const char *method, *target, *lines;
        guint status;
        const char *body; /* its beginning */
    } cases[] = {
        {"GET", "/gone", "", 404, "page 404 "},
        {"GET", "/api/gone", "", 404, "api 404 "},
        {"GET", "/hello/", "", 404, "page 404 "},
        {"GET", "/a//b", "", 404, "page 404 "},
        {"GET", "/%zz", "", 400, "page 400 an invalid percent-escape"},
        {"GET", "/api/%00", "", 400, "api 400 "},
        {"GET", "/hello?q=%ff", "", 400, "page 400 "},
        {"GET", "/../etc/passwd", "", 400, "page 400 "},
        {"GET", "/d/x/%2e%2e/y", "", 400, "page 400 "},
        {"GET", "/hello?other=1", "", 200, "hello -"},
        {"GET", "/api/hello?other=1", "", 400, "api 400 a parameter"},
        {"GET", "/api/hello?lang=it&q=x", "", 200, "hello x"},
        {"POST", "/hello", "", 405, "page 405 "},
        {"DELETE", "/api/hello", "", 405, "api 405 "},
        {"OPTIONS", "/hello", "", 405, "page 405 "},
        {"get", "/hello", "", 405, "page 405 "},
        {"GET", "/hello", "Content-Length: 0\r\n", 200, "hello -"},
        {"GET", "/directory", "", 500, "page 500 "},
        {"GET", "/d/%C3%A8/b/c", "", 200, "è,b/c"},
        {"GET", "http://h/hello?q=z", "", 200, "hello z"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Reply) reply = ask(*state, cases[i].method, cases[i].target, cases[i].lines);
        if (reply.status != cases[i].status || !g_str_has_prefix(reply.body->str, cases[i].body))
            fail_msg("%s %s: %u \"%s\"", cases[i].method, cases[i].target, reply.status,
                     reply.body->str);
        assert_header(&reply, "Allow", reply.status == 405 ? "GET, HEAD" : "");
        assert_header(&reply, "X-Content-Type-Options", "nosniff");
    }
}

static void test_own_headers(void **state)
{
    g_auto(Reply) reply = ask(*state, "GET", "/d/a/b", "");
    assert_header(&reply, "Content-Security-Policy", "default-src 'self'");
    assert_header(&reply, "ETag", "\"own\"");
    g_auto(Reply) again = ask(*state, "GET", "/d/a/b", "If-None-Match: W/\"own\"\r\n");
    assert_int_equal(again.status, 304);
}

static void test_long_targets(void **state)
{
    static const guint lengths[] = {HTTP_TARGET_BYTES - 100, HTTP_TARGET_BYTES + 1, 12000, 100000};
    for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autofree char *target = repeated("a", lengths[i] - 1);
        g_auto(Reply) reply = ask(*state, "GET", target, "");
        assert_int_equal(reply.status, lengths[i] <= HTTP_TARGET_BYTES ? 404 : 414);
        if (lengths[i] <= 12000)
            assert_true(g_str_has_prefix(reply.body->str, "page 4"));
    }
}

static void test_long_headers(void **state)
{
    g_autofree char *filler = g_strnfill(100000, 'a');
    g_autofree char *lines = g_strdup_printf("X-Long: %s\r\n", filler);
    g_auto(Reply) reply = ask(*state, "GET", "/hello", lines);
    assert_int_equal(reply.status, 431);
}

/* The body must not be read as a second request. */
static void test_bodies(void **state)
{
    static const struct {
        const char *text;
        guint status;
    } cases[] = {
        {"GET /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 35\r\n\r\n"
         "GET /hello?q=2 HTTP/1.1\r\nHost: h\r\n\r\n",
         413},
        {"GET /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
         "5\r\nhello\r\n0\r\n\r\n",
         413},
        {"POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", 405},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        int fd = connect_to(*state);
        send_text(fd, cases[i].text);
        g_auto(Reply) reply = read_reply(fd, TRUE);
        assert_int_equal(reply.status, cases[i].status);
        assert_header(&reply, "Connection", "close");
        char c;
        assert_true(recv(fd, &c, 1, 0) <= 0);
        close(fd);
    }
}

static void test_one_connection(void **state)
{
    int fd = connect_to(*state);
    for (int i = 0; i < 3; i++) {
        send_text(fd, "GET /hello?q=1 HTTP/1.1\r\nHost: h\r\n\r\n");
        g_auto(Reply) reply = read_reply(fd, TRUE);
        assert_int_equal(reply.status, 200);
        assert_string_equal(reply.body->str, "hello 1");
    }
    close(fd);
}

static void test_pipeline(void **state)
{
    static const char *const bodies[] = {"hello 1", "page 404", "hello 3", "page 400"};
    int fd = connect_to(*state);
    send_text(fd, "GET /hello?q=1 HTTP/1.1\r\nHost: h\r\n\r\nGET /gone HTTP/1.1\r\nHost: h\r\n\r\n"
                  "GET /hello?q=3 HTTP/1.1\r\nHost: h\r\n\r\nGET /%% HTTP/1.1\r\nHost: h\r\n\r\n");
    for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_auto(Reply) reply = read_reply(fd, TRUE);
        assert_true(g_str_has_prefix(reply.body->str, bodies[i]));
    }
    close(fd);
}

/* Cuts a request short at every byte; the server lives on. */
static void test_half_requests(void **state)
{
    static const char text[] = "GET /hello?q=1 HTTP/1.1\r\nHost: h\r\nAccept: */*\r\n\r\n";
    for (gsize length = 0; length < strlen(text); length++) {
        g_autofree char *part = g_strndup(text, length);
        int fd = connect_to(*state);
        send_text(fd, part);
        shutdown(fd, SHUT_WR);
        char c;
        while (recv(fd, &c, 1, 0) > 0)
            continue;
        close(fd);
    }
    g_auto(Reply) reply = ask(*state, "GET", "/hello", "");
    assert_int_equal(reply.status, 200);
}

/* Bytes flipped at random: whatever the answer, the server lives on. */
static void test_noise(void **state)
{
    static const char text[] = "GET /hello?q=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n"
                               "Range: bytes=0-1\r\nAccept-Encoding: gzip;q=1\r\n\r\n";
    GRand *rand = g_rand_new_with_seed(3);
    for (int round = 0; round < 300; round++) {
        char bytes[sizeof text];
        memcpy(bytes, text, sizeof text);
        for (int i = 0; i < 3; i++)
            bytes[g_rand_int_range(rand, 0, sizeof text - 1)] =
                (char)g_rand_int_range(rand, 0, 256);
        int fd = connect_to(*state);
        assert_true(send(fd, bytes, strlen(text), MSG_NOSIGNAL) > 0);
        shutdown(fd, SHUT_WR);
        char c;
        while (recv(fd, &c, 1, 0) > 0)
            continue;
        close(fd);
    }
    g_rand_free(rand);
    g_auto(Reply) reply = ask(*state, "GET", "/hello", "");
    assert_int_equal(reply.status, 200);
}

static GString *gunzip(const GString *bytes)
{
    enum { GZIP_WINDOW = 15 + 16, ROOM = 100000 };
    GString *out = g_string_sized_new(ROOM);
    z_stream stream = {.next_in = (guchar *)bytes->str,
                       .avail_in = (uInt)bytes->len,
                       .next_out = (guchar *)out->str,
                       .avail_out = ROOM};
    assert_int_equal(inflateInit2(&stream, GZIP_WINDOW), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    g_string_set_size(out, stream.total_out);
    inflateEnd(&stream);
    return out;
}

static void test_gzip(void **state)
{
    g_auto(Reply) plain = ask(*state, "GET", "/long", "");
    g_auto(Reply) zipped = ask(*state, "GET", "/long", "Accept-Encoding: br, gzip\r\n");
    assert_header(&plain, "Content-Encoding", "");
    assert_header(&zipped, "Content-Encoding", "gzip");
    assert_header(&plain, "Vary", "Accept-Encoding, Accept-Language");
    assert_header(&zipped, "Vary", "Accept-Encoding, Accept-Language");
    assert_true(zipped.body->len < plain.body->len / 10);
    GString *text = gunzip(zipped.body);
    assert_true(g_string_equal(text, plain.body));
    g_string_free(text, TRUE);
    g_autofree char *tag = header(&plain, "ETag");
    g_autofree char *zipped_tag = header(&zipped, "ETag");
    g_autofree char *expected = g_strdup_printf("%.*s-gzip\"", (int)strlen(tag) - 1, tag);
    assert_string_equal(zipped_tag, expected);
}

static void test_not_gzip(void **state)
{
    static const char *const plain[] = {"/hello", "/image", "/file"};
    for (gsize i = 0; i < G_N_ELEMENTS(plain); i++) {
        g_auto(Reply) reply = ask(*state, "GET", plain[i], "Accept-Encoding: gzip\r\n");
        assert_int_equal(reply.status, 200);
        assert_header(&reply, "Content-Encoding", "");
    }
    g_auto(Reply) image = ask(*state, "GET", "/image", "");
    assert_header(&image, "Cache-Control", "public, max-age=60, immutable");
    assert_header(&image, "Vary", "");
}

static void test_not_modified(void **state)
{
    static const char *const encodings[] = {"", "Accept-Encoding: gzip\r\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(encodings); i++) {
        g_auto(Reply) first = ask(*state, "GET", "/long", encodings[i]);
        g_autofree char *tag = header(&first, "ETag");
        g_autofree char *lines =
            g_strdup_printf("%sIf-None-Match: \"x\", %s\r\n", encodings[i], tag);
        int fd = connect_to(*state);
        g_autofree char *text =
            g_strdup_printf("GET /long HTTP/1.1\r\nHost: h\r\nConnection: close\r\n%s\r\n", lines);
        send_text(fd, text);
        g_auto(Reply) second = read_reply(fd, FALSE);
        assert_true(is_closed(fd));
        close(fd);
        assert_int_equal(second.status, 304);
        assert_header(&second, "ETag", tag);
        assert_header(&second, "Vary", "Accept-Encoding, Accept-Language");
        assert_header(&second, "Content-Type", "");
    }
    g_auto(Reply) other = ask(*state, "GET", "/long", "If-None-Match: \"x\"\r\n");
    assert_int_equal(other.status, 200);
    g_auto(Reply) error = ask(*state, "GET", "/gone", "If-None-Match: *\r\n");
    assert_int_equal(error.status, 404);
    assert_header(&error, "ETag", "");
}

static void test_files(void **state)
{
    static const struct {
        const char *range;
        guint status;
        const char *body, *content_range;
    } cases[] = {
        {"", 200, "0123456789", ""},
        {"Range: bytes=0-0\r\n", 206, "0", "bytes 0-0/10"},
        {"Range: bytes=3-5\r\n", 206, "345", "bytes 3-5/10"},
        {"Range: bytes=-2\r\n", 206, "89", "bytes 8-9/10"},
        {"Range: bytes=8-99\r\n", 206, "89", "bytes 8-9/10"},
        {"Range: bytes=10-\r\n", 416, "", "bytes */10"},
        {"Range: bytes=1-2,4-5\r\n", 200, "0123456789", ""},
        {"Range: lines=1-2\r\n", 200, "0123456789", ""},
        {"Range: bytes=3-5\r\nIf-Range: \"x\"\r\n", 200, "0123456789", ""},
        {"Range: bytes=3-5\r\nIf-Range: Thu, 01 Jan 1970 00:00:00 GMT\r\n", 200, "0123456789", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Reply) reply = ask(*state, "GET", "/file", cases[i].range);
        assert_int_equal(reply.status, cases[i].status);
        assert_string_equal(reply.body->str, cases[i].body);
        assert_header(&reply, "Content-Range", cases[i].content_range);
        assert_header(&reply, "Content-Security-Policy", "default-src 'none'; sandbox");
        assert_header(&reply, "Accept-Ranges", "bytes");
    }
}

static void test_if_range(void **state)
{
    static const char *const validators[] = {"ETag", "Last-Modified"};
    g_auto(Reply) whole = ask(*state, "GET", "/file", "");
    for (gsize i = 0; i < G_N_ELEMENTS(validators); i++) {
        g_autofree char *value = header(&whole, validators[i]);
        assert_true(*value != '\0');
        g_autofree char *lines = g_strdup_printf("Range: bytes=3-5\r\nIf-Range: %s\r\n", value);
        g_auto(Reply) part = ask(*state, "GET", "/file", lines);
        assert_int_equal(part.status, 206);
        assert_string_equal(part.body->str, "345");
    }
    g_autofree char *tag = header(&whole, "ETag");
    g_autofree char *lines = g_strdup_printf("If-None-Match: %s\r\n", tag);
    g_auto(Reply) known = ask(*state, "GET", "/file", lines);
    assert_int_equal(known.status, 304);
}

static void test_empty_file(void **state)
{
    World *world = *state;
    g_autofree char *file = world->file;
    int fd = g_file_open_tmp("schedario-http-XXXXXX", &world->file, NULL);
    assert_true(fd >= 0);
    close(fd);
    g_auto(Reply) whole = ask(world, "GET", "/file", "");
    assert_int_equal(whole.status, 200);
    assert_header(&whole, "Content-Length", "0");
    g_auto(Reply) part = ask(world, "GET", "/file", "Range: bytes=0-\r\n");
    assert_int_equal(part.status, 416);
    g_remove(world->file);
    g_free(world->file);
    world->file = g_steal_pointer(&file);
}

static void test_log(void **state)
{
    World *world = *state;
    g_mutex_lock(&world->lock);
    guint before = world->logged;
    g_mutex_unlock(&world->lock);
    g_auto(Reply) reply = ask(world, "GET", "/file", "Range: bytes=3-5\r\n");
    assert_int_equal(reply.status, 206);
    g_mutex_lock(&world->lock);
    while (world->logged == before || strcmp(world->log_path, "/file") != 0)
        g_cond_wait(&world->changed, &world->lock);
    assert_int_equal(world->log_status, 206);
    assert_int_equal(world->log_bytes, 3);
    g_mutex_unlock(&world->lock);
}

/* --- many at once, start and stop --- */

enum { CLIENTS = 20, ROUNDS = 25 };

static gpointer run_client(gpointer world)
{
    guint good = 0;
    int fd = connect_to(world);
    for (int i = 0; i < ROUNDS; i++) {
        send_text(fd, "GET /long HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n");
        g_auto(Reply) zipped = read_reply(fd, TRUE);
        send_text(fd, "GET /hello?q=x HTTP/1.1\r\nHost: h\r\n\r\n");
        g_auto(Reply) hello = read_reply(fd, TRUE);
        good += zipped.status == 200 && strcmp(hello.body->str, "hello x") == 0;
    }
    close(fd);
    return GUINT_TO_POINTER(good);
}

static void test_many_clients(void **state)
{
    GThread *threads[CLIENTS];
    for (int i = 0; i < CLIENTS; i++)
        threads[i] = g_thread_new("client", run_client, *state);
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(GPOINTER_TO_UINT(g_thread_join(threads[i])), ROUNDS);
}

static void test_addresses(void **state)
{
    static const struct {
        const char *listen;
        int code;
    } cases[] = {
        {"", HTTP_ERROR_ADDRESS},
        {"127.0.0.1", HTTP_ERROR_ADDRESS},
        {":8080", HTTP_ERROR_ADDRESS},
        {"127.0.0.1:", HTTP_ERROR_ADDRESS},
        {"127.0.0.1:65536", HTTP_ERROR_ADDRESS},
        {"127.0.0.1:-1", HTTP_ERROR_ADDRESS},
        {"127.0.0.1: 80", HTTP_ERROR_ADDRESS},
        {"127.0.0.1:80a", HTTP_ERROR_ADDRESS},
        {"127.0.0:80", HTTP_ERROR_ADDRESS},
        {"localhost:80", HTTP_ERROR_ADDRESS},
        {"::1:80", HTTP_ERROR_ADDRESS},
        {"[::1:80", HTTP_ERROR_ADDRESS},
        {"[]:80", HTTP_ERROR_ADDRESS},
        {"[127.0.0.1]:80", HTTP_ERROR_ADDRESS},
        {"192.0.2.1:0", HTTP_ERROR_LISTEN},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        GError *error = NULL;
        HttpServer *server = start(*state, cases[i].listen, &error);
        if (server != NULL || !g_error_matches(error, HTTP_ERROR, cases[i].code))
            fail_msg("%s", cases[i].listen);
        g_error_free(error);
    }
    http_server_stop(NULL);
}

static void test_taken_port(void **state)
{
    World *world = *state;
    GError *error = NULL;
    g_autofree char *taken = g_strdup_printf("127.0.0.1:%u", http_server_port(world->server));
    assert_null(start(world, taken, &error));
    assert_true(g_error_matches(error, HTTP_ERROR, HTTP_ERROR_TAKEN));
    g_error_free(error);
}

static void test_restart(void **state)
{
    World *world = *state;
    World other = {.file = world->file};
    g_mutex_init(&other.lock);
    g_cond_init(&other.changed);
    other.server = start(&other, "127.0.0.1:0", NULL);
    assert_non_null(other.server);
    g_autofree char *same = g_strdup_printf("127.0.0.1:%u", http_server_port(other.server));
    for (int i = 0; i < 3; i++) {
        g_auto(Reply) reply = ask(&other, "GET", "/hello", "");
        assert_int_equal(reply.status, 200);
        http_server_stop(other.server);
        other.server = start(&other, same, NULL);
        assert_non_null(other.server);
    }
    http_server_stop(other.server);
    g_free(other.log_path);
}

static void test_ipv6(void **state)
{
    GError *error = NULL;
    HttpServer *server = start(*state, "[::1]:0", &error);
    if (server == NULL) {
        /* A machine without IPv6. */
        assert_true(g_error_matches(error, HTTP_ERROR, HTTP_ERROR_LISTEN));
        g_error_free(error);
        skip();
    }
    struct sockaddr_in6 name = {.sin6_family = AF_INET6,
                                .sin6_port = htons((guint16)http_server_port(server)),
                                .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&name, sizeof name), 0);
    send_text(fd, "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    g_auto(Reply) reply = read_reply(fd, TRUE);
    assert_int_equal(reply.status, 200);
    close(fd);
    http_server_stop(server);
}

static gpointer run_stop(gpointer server)
{
    http_server_stop(server);
    return NULL;
}

/* An answer under way when the server stops is sent whole, while nobody new gets in. */
static void test_graceful_stop(void **state)
{
    World *world = *state;
    World other = {.file = world->file};
    g_mutex_init(&other.lock);
    g_cond_init(&other.changed);
    other.server = start(&other, "127.0.0.1:0", NULL);
    guint port = http_server_port(other.server);
    int fd = connect_to(&other);
    send_text(fd, "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
    g_mutex_lock(&other.lock);
    while (!other.is_entered)
        g_cond_wait(&other.changed, &other.lock);
    g_mutex_unlock(&other.lock);
    GThread *stopper = g_thread_new("stop", run_stop, other.server);
    for (int late = try_connect(port); late >= 0; late = try_connect(port))
        close(late);
    g_mutex_lock(&other.lock);
    other.may_leave = TRUE;
    g_cond_broadcast(&other.changed);
    g_mutex_unlock(&other.lock);
    g_auto(Reply) reply = read_reply(fd, TRUE);
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body->str, "late");
    assert_header(&reply, "Connection", "close");
    g_thread_join(stopper);
    assert_int_equal(other.logged, 1);
    close(fd);
    g_free(other.log_path);
}

static void test_speed(void **state)
{
    enum { REQUESTS = 2000 };
    int fd = connect_to(*state);
    gint64 from_us = g_get_monotonic_time();
    for (int i = 0; i < REQUESTS; i++) {
        send_text(fd, "HEAD /hello?q=x HTTP/1.1\r\nHost: h\r\n\r\n");
        char text[4096];
        assert_true(recv(fd, text, sizeof text, 0) > 0);
    }
    gint64 took_us = g_get_monotonic_time() - from_us;
    print_message("%.1f us a request on one connection\n", (double)took_us / REQUESTS);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_targets),
        cmocka_unit_test(test_target_limits),
        cmocka_unit_test(test_queries),
        cmocka_unit_test(test_routes),
        cmocka_unit_test(test_allowed_parameters),
        cmocka_unit_test(test_accept_encoding),
        cmocka_unit_test(test_etags),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_get),
        cmocka_unit_test(test_head),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_own_headers),
        cmocka_unit_test(test_long_targets),
        cmocka_unit_test(test_long_headers),
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_one_connection),
        cmocka_unit_test(test_pipeline),
        cmocka_unit_test(test_half_requests),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_not_gzip),
        cmocka_unit_test(test_not_modified),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_if_range),
        cmocka_unit_test(test_empty_file),
        cmocka_unit_test(test_log),
        cmocka_unit_test(test_many_clients),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_taken_port),
        cmocka_unit_test(test_restart),
        cmocka_unit_test(test_ipv6),
        cmocka_unit_test(test_graceful_stop),
        cmocka_unit_test(test_speed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
