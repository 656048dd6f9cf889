/* Tests of server/api: each handler, asked directly, with every status that it can give. */
#include "sample.h"

#include <jansson.h>
#include <sqlite3.h>

#include "../../server/api.h"
#include "../../server/http/http_request.h"
#include "../../server/service.h"

typedef struct {
    SampleFolder folder;
    Service *service;
} Fixture;

static const Sample SAMPLES[] = {
    {.path = "piani/a.pdf",
     .title = "Piano",
     .marked = IT "La fontana." PAGE IT "Due.",
     .kind = KIND_PLAN,
     .year = 2019},
    {.path = "b.pdf", .title = "Acqua", .marked = EN "The fountain and the rivers."},
    {.path = "scan.pdf", .title = "Scansione"},
    {.path = "old.pdf", .marked = IT "vecchio", .content = "old"},
    {.path = "old.pdf", .marked = IT "nuovo", .content = "new"},
    {.path = "away.pdf", .marked = IT "via"},
};

/* Three documents on one subject, of which the last is less so. */
static const Sample RIVERS[] = {
    {.path = "fiumi.pdf",
     .title = "Fiumi",
     .marked = IT "Argini, dighe, canali, chiuse e mulini lungo il torrente."},
    {.path = "torrenti.pdf",
     .title = "Torrenti",
     .marked = IT "Il torrente: argini, canali, dighe, mulini e chiuse."},
    {.path = "mulini.pdf",
     .title = "Mulini",
     .marked = IT "Mulini, chiuse, canali, torrente; e poi grano, farina e pane."},
};

static void put_samples(const char *path)
{
    sample_archive(path, SAMPLES, G_N_ELEMENTS(SAMPLES));
    g_autoptr(Archive) archive = sample_writer(path);
    sample_remove(archive, "away.pdf");
}

static int set_up_empty(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->folder = sample_folder_new();
    fixture_write(f->folder.folder, "web/templates/page.mustache", "x");
    fixture_write(f->folder.folder, "web/messages/it.ini", "[messages]\nhello=ciao\n");
    fixture_write(f->folder.folder, "web/messages/en.ini", "[messages]\nhello=hello\n");
    fixture_write(f->folder.folder, "web/assets/openapi.json", "{\"openapi\":\"3.1.0\"}");
    g_autofree char *web = g_build_filename(f->folder.folder, "web", NULL);
    f->service = service_new(f->folder.archive, NULL, web, NULL);
    *state = f;
    return f->service == NULL;
}

static int set_up(void **state)
{
    int failed = set_up_empty(state);
    const Fixture *f = *state;
    put_samples(f->folder.archive);
    return failed;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    service_free(f->service);
    sample_folder_release(&f->folder);
    g_free(f);
    return 0;
}

/* Asking */

static const struct {
    const char *pattern;
    HttpResponse *(*handle)(const HttpRequest *request, gpointer service);
} ROUTES[] = {
    {"/api/v1/search", api_search},
    {"/api/v1/documents", api_documents},
    {"/api/v1/documents/{id}", api_document},
    {"/api/v1/documents/{id}/similar", api_similar},
    {"/api/v1/documents/{id}/pages/{n}", api_page},
    {"/api/v1/status", api_status},
    {"/api/v1/openapi.json", api_openapi},
    {"/healthz", api_health},
};

/* The answer's JSON (NULL when it is none), after its status was looked at. */
static json_t *ask(const Fixture *f, const char *target, guint status)
{
    HttpFault fault;
    g_autoptr(HttpRequest) request = http_request_new("GET", target);
    assert_true(http_request_parse(request, &fault));
    for (gsize i = 0; i < G_N_ELEMENTS(ROUTES); i++) {
        if (!http_request_match(request, ROUTES[i].pattern))
            continue;
        g_autoptr(HttpResponse) response = ROUTES[i].handle(request, f->service);
        gsize length = 0;
        const char *text = g_bytes_get_data(response->body, &length);
        json_t *answer = json_loadb(text, length, 0, NULL);
        if (response->status != status)
            fail_msg("%s: %u: %.*s", target, response->status, (int)length, text);
        if (status != 200) {
            assert_string_equal(response->content_type, "application/problem+json");
            assert_int_equal(json_integer_value(json_object_get(answer, "status")), status);
            assert_string_equal(json_string_value(json_object_get(answer, "type")), "about:blank");
        }
        return answer;
    }
    fail_msg("%s: no route", target);
    return NULL;
}

static char *target_of(guint sample, const char *rest)
{
    g_autofree char *id = sample_id(&SAMPLES[sample]);
    return g_strconcat("/api/v1/documents/", id, rest, NULL);
}

static const char *string_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    return text;
}

static void test_search(void **state)
{
    static const struct {
        const char *target;
        int total;
        size_t results;
    } CASES[] = {
        {"/api/v1/search", 3, 3},
        {"/api/v1/search?q=fontane", 2, 2},
        {"/api/v1/search?q=fontane&translate=off", 1, 1},
        {"/api/v1/search?q=fontana+OR+fountain", 2, 2},
        {"/api/v1/search?q=fontana+OR+fountain&limit=1", 2, 1},
        {"/api/v1/search?q=fontana+OR+fountain&limit=0", 2, 0},
        {"/api/v1/search?q=fontana+OR+fountain&offset=1", 2, 1},
        {"/api/v1/search?q=fontana+OR+fountain&offset=5", 2, 0},
        {"/api/v1/search?q=fontana&language=en", 1, 1},
        {"/api/v1/search?q=fontana&language=en&translate=off", 0, 0},
        {"/api/v1/search?kind=plan", 1, 1},
        {"/api/v1/search?q=via", 0, 0},
        {"/api/v1/search?q=%22%29%28*%22+AND+OR+NEAR%28", 0, 0},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        json_t *answer = ask(f, CASES[i].target, 200);
        if (json_integer_value(json_object_get(answer, "total")) != CASES[i].total ||
            json_array_size(json_object_get(answer, "results")) != CASES[i].results)
            fail_msg("%s: %d", CASES[i].target,
                     (int)json_integer_value(json_object_get(answer, "total")));
        assert_int_equal(json_object_size(json_object_get(answer, "facets")), 7);
        json_decref(answer);
    }
}

static void test_bad_values(void **state)
{
    static const char *const TARGETS[] = {
        "/api/v1/search?limit=101",    "/api/v1/search?offset=x",     "/api/v1/search?language=de",
        "/api/v1/search?kind=poem",    "/api/v1/search?sort=best",    "/api/v1/search?year_from=-1",
        "/api/v1/documents?limit=101", "/api/v1/documents?offset=-1",
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(TARGETS); i++) {
        json_t *problem = ask(f, TARGETS[i], 400);
        const char *name = strchr(TARGETS[i], '?') + 1;
        assert_true(strncmp(string_at(problem, "detail"), name, strcspn(name, "=")) == 0);
        json_decref(problem);
    }
}

static void test_documents(void **state)
{
    static const struct {
        const char *target;
        int total;
        const char *first; /* title */
    } CASES[] = {
        {"/api/v1/documents", 3, "Acqua"},
        {"/api/v1/documents?offset=1&limit=1", 3, "old.pdf"},
        {"/api/v1/documents?collection=piani", 1, "Piano"},
        {"/api/v1/documents?collection=altro", 0, NULL},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        json_t *answer = ask(f, CASES[i].target, 200);
        const json_t *first = json_array_get(json_object_get(answer, "documents"), 0);
        assert_int_equal(json_integer_value(json_object_get(answer, "total")), CASES[i].total);
        assert_int_equal(first != NULL, CASES[i].first != NULL);
        if (first)
            assert_string_equal(string_at(first, "title"), CASES[i].first);
        json_decref(answer);
    }
}

static void test_document(void **state)
{
    static const char *const STATES[] = {"indexed", "indexed", "failed"};
    const Fixture *f = *state;
    for (guint i = 0; i < G_N_ELEMENTS(STATES); i++) {
        g_autofree char *target = target_of(i, NULL);
        json_t *answer = ask(f, target, 200);
        assert_string_equal(string_at(answer, "state"), STATES[i]);
        assert_string_equal(string_at(answer, "path"), SAMPLES[i].path);
        json_decref(answer);
    }
}

static void test_page(void **state)
{
    const Fixture *f = *state;
    g_autofree char *target = target_of(0, "/pages/1?q=fontane");
    g_autofree char *plain = target_of(0, "/pages/2");
    json_t *page = ask(f, target, 200);
    assert_string_equal(string_at(page, "text"), "La fontana.");
    assert_int_equal(json_integer_value(json_object_get(page, "matches")), 1);
    json_decref(page);
    page = ask(f, plain, 200);
    assert_string_equal(string_at(page, "text"), "Due.");
    json_decref(page);
}

static void put_rivers(const Fixture *f)
{
    g_autoptr(Archive) writer = sample_writer(f->folder.archive);
    for (gsize i = 0; i < G_N_ELEMENTS(RIVERS); i++)
        sample_put(writer, &RIVERS[i]);
}

static void test_similar(void **state)
{
    static const struct {
        const Sample *sample;
        const char *rest;
        size_t found;
        json_int_t limit;
    } CASES[] = {
        {&RIVERS[0], "/similar", 2, 10},        {&RIVERS[0], "/similar?limit=1", 1, 1},
        {&RIVERS[0], "/similar?limit=0", 0, 0}, {&RIVERS[0], "/similar?limit=20", 2, 20},
        {&RIVERS[0], "/similar?limit=", 2, 10}, {&SAMPLES[0], "/similar", 0, 10},
        {&SAMPLES[2], "/similar", 0, 10},
    };
    const Fixture *f = *state;
    put_rivers(f);
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *id = sample_id(CASES[i].sample);
        g_autofree char *target = g_strconcat("/api/v1/documents/", id, CASES[i].rest, NULL);
        json_t *answer = ask(f, target, 200);
        assert_string_equal(string_at(answer, "document"), id);
        assert_int_equal(json_integer_value(json_object_get(answer, "limit")), CASES[i].limit);
        assert_int_equal(json_array_size(json_object_get(answer, "documents")), CASES[i].found);
        json_decref(answer);
    }
    g_autofree char *bad = target_of(0, "/similar?limit=21");
    json_decref(ask(f, bad, 400));
}

static void test_similar_item(void **state)
{
    const Fixture *f = *state;
    put_rivers(f);
    g_autofree char *id = sample_id(&RIVERS[0]), *other = sample_id(&RIVERS[1]);
    g_autofree char *target = g_strconcat("/api/v1/documents/", id, "/similar", NULL);
    g_autofree char *url = g_strconcat("/documents/", other, NULL);
    json_t *answer = ask(f, target, 200);
    const json_t *first = json_array_get(json_object_get(answer, "documents"), 0);
    assert_string_equal(string_at(first, "id"), other);
    assert_string_equal(string_at(first, "url"), url);
    assert_string_equal(string_at(first, "title"), RIVERS[1].title);
    assert_in_range(json_array_size(json_object_get(first, "shared")), 1, 8);
    double likeness = json_real_value(json_object_get(first, "likeness"));
    assert_true(likeness > 0 && likeness <= 1);
    json_decref(answer);
}

static void test_not_found(void **state)
{
    static const char *const PAGES[] = {
        "/pages/0",
        "/pages/3",
        "/pages/-1",
        "/pages/1x",
        "/pages/x",
        "/pages/4294967297",
        "/pages/99999999999999999999",
        "/pages/%2B1",
        "/pages/1.0",
    };
    static const char *const IDS[] = {"x", "0123456789abcdef0123", "%C3%A8", "0"};
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(PAGES); i++) {
        g_autofree char *target = target_of(0, PAGES[i]);
        json_decref(ask(f, target, 404));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(IDS); i++) {
        g_autofree char *document = g_strconcat("/api/v1/documents/", IDS[i], NULL);
        g_autofree char *page = g_strconcat(document, "/pages/1", NULL);
        g_autofree char *similar = g_strconcat(document, "/similar", NULL);
        json_decref(ask(f, document, 404));
        json_decref(ask(f, page, 404));
        json_decref(ask(f, similar, 404));
    }
    g_autofree char *scan = target_of(2, "/pages/1");
    json_decref(ask(f, scan, 404));
}

static void test_gone(void **state)
{
    static const char *const RESTS[] = {"", "/pages/1", "/pages/x", "/similar"};
    const Fixture *f = *state;
    g_autofree char *successor = sample_id(&SAMPLES[4]);
    g_autofree char *url = g_strconcat("/documents/", successor, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(RESTS); i++) {
        g_autofree char *changed = target_of(3, RESTS[i]);
        g_autofree char *removed = target_of(5, RESTS[i]);
        json_t *problem = ask(f, changed, 410);
        assert_string_equal(string_at(problem, "successor"), successor);
        assert_string_equal(string_at(problem, "successor_url"), url);
        json_decref(problem);
        problem = ask(f, removed, 410);
        assert_true(json_is_null(json_object_get(problem, "successor")));
        assert_true(json_is_null(json_object_get(problem, "successor_url")));
        json_decref(problem);
    }
}

static void test_status(void **state)
{
    const Fixture *f = *state;
    json_t *status = ask(f, "/api/v1/status", 200);
    assert_int_equal(json_integer_value(json_object_get(status, "seen")), 4);
    assert_int_equal(json_integer_value(json_object_get(status, "indexed")), 3);
    assert_int_equal(json_integer_value(json_object_get(status, "failed")), 1);
    assert_int_equal(json_array_size(json_object_get(status, "failures")), 1);
    json_decref(status);
}

static void test_fixed_answers(void **state)
{
    const Fixture *f = *state;
    json_t *openapi = ask(f, "/api/v1/openapi.json", 200);
    assert_string_equal(string_at(openapi, "openapi"), "3.1.0");
    json_decref(openapi);
    assert_null(ask(f, "/healthz", 200));
}

/* Everything that needs the archive says so when there is none, or when it cannot be read. */
static void ask_all_in_vain(const Fixture *f)
{
    static const char *const TARGETS[] = {"/api/v1/search?q=fontana", "/api/v1/documents",
                                          "/api/v1/status"};
    g_autofree char *document = target_of(0, NULL);
    g_autofree char *page = target_of(0, "/pages/1");
    for (gsize i = 0; i < G_N_ELEMENTS(TARGETS); i++)
        json_decref(ask(f, TARGETS[i], 503));
    g_autofree char *similar = target_of(0, "/similar");
    json_decref(ask(f, document, 503));
    json_decref(ask(f, page, 503));
    json_decref(ask(f, similar, 503));
    assert_null(ask(f, "/healthz", 200));
}

static void test_absent(void **state)
{
    const Fixture *f = *state;
    ask_all_in_vain(f);
    put_samples(f->folder.archive);
    json_decref(ask(f, "/api/v1/status", 200));
}

static void test_not_ours(void **state)
{
    const Fixture *f = *state;
    fixture_write(f->folder.folder, "archive.db", "this is a text of some length, no archive");
    ask_all_in_vain(f);
}

/* Tables that are missing, met at different depths: each answer is a 503, and none is owed. */
static void test_damaged(void **state)
{
    static const struct {
        const char *sql;
        const char *target;
    } CASES[] = {
        {"DROP TABLE posting", "/api/v1/search?q=fontana"},
        {"UPDATE text SET data = x'00'", "/api/v1/search"},
        {"DROP TABLE text", "/api/v1/search"},
        {"DROP TABLE note", NULL},
        {"DROP TABLE file", "/api/v1/status"},
        {"DROP TABLE file", "/api/v1/documents"},
        {"DROP TABLE document", "/api/v1/documents"},
    };
    const Fixture *f = *state;
    g_autoptr(Archive) writer = sample_writer(f->folder.archive);
    g_autofree char *page = target_of(0, "/pages/1");
    g_autofree char *document = target_of(0, NULL);
    g_autofree char *similar = target_of(0, "/similar");
    json_decref(ask(f, "/api/v1/search?q=fontana", 200));
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        sqlite3_exec(archive_connection(writer), CASES[i].sql, NULL, NULL, NULL);
        if (CASES[i].target)
            json_decref(ask(f, CASES[i].target, 503));
        if (i == 1) {
            json_decref(ask(f, page, 503));
            json_decref(ask(f, similar, 503));
        }
    }
    json_decref(ask(f, document, 503));
    json_decref(ask(f, page, 503));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_search, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_documents, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_document, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_similar, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_similar_item, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_status, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fixed_answers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_absent, set_up_empty, tear_down),
        cmocka_unit_test_setup_teardown(test_not_ours, set_up_empty, tear_down),
        cmocka_unit_test_setup_teardown(test_damaged, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
