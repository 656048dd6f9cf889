/* Tests of server/sitemap: which documents are in which file, and what robots are told. */
#include "sample_search.h"

#include "../../server/http/http_request.h"
#include "../../server/pages/sitemap.h"
#include "../../server/service.h"

static const Sample SAMPLES[] = {{.path = "1.pdf", .marked = IT "uno"},
                                 {.path = "2.pdf"}, /* not read */
                                 {.path = "3.pdf", .marked = IT "tre"},
                                 {.path = "4.pdf", .marked = IT "quattro"},
                                 {.path = "5.pdf", .marked = IT "cinque"}};

static int set_up(void **state)
{
    return sample_service_set_up(state, SAMPLES, G_N_ELEMENTS(SAMPLES));
}

static void assert_parts(const SampleSearch *f, guint rows_of_part, const char *expected)
{
    Searcher *searcher = service_borrow(f->service, NULL);
    g_autoptr(GString) found = g_string_new(NULL);
    assert_non_null(searcher);
    g_autoptr(GArray) parts = sitemap_parts(searcher_cards(searcher), rows_of_part);
    for (guint i = 0; i < parts->len; i++) {
        const SitemapPart *part = &g_array_index(parts, SitemapPart, i);
        g_string_append_printf(found, "%u:%u ", part->number, part->documents);
        assert_int_equal(part->newest_unix, 1600000000);
    }
    assert_string_equal(found->str, expected);
    service_return(f->service, searcher);
}

static void test_parts(void **state)
{
    /* Rows 1 to 5, of which 2 could not be read. */
    static const struct {
        guint rows_of_part;
        const char *parts; /* number:documents */
    } CASES[] = {
        {1, "2:1 4:1 5:1 6:1 "}, {2, "1:1 2:1 3:2 "}, {3, "1:1 2:3 "}, {4, "1:2 2:2 "},
        {5, "1:3 2:1 "},         {6, "1:4 "},         {10000, "1:4 "},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++)
        assert_parts(*state, CASES[i].rows_of_part, CASES[i].parts);
}

/* What is left when documents go stays in its file. */
static void test_parts_stay(void **state)
{
    const SampleSearch *f = *state;
    g_autoptr(Archive) archive = sample_writer(f->folder.archive);
    sample_remove(archive, "1.pdf");
    sample_remove(archive, "4.pdf");
    assert_parts(f, 2, "2:1 3:1 ");
    sample_remove(archive, "3.pdf");
    sample_remove(archive, "5.pdf");
    assert_parts(f, 2, "");
}

static char *answer(const SampleSearch *f, HttpResponse *(*handle)(const HttpRequest *, gpointer),
                    const char *target, const char *host, guint status)
{
    HttpFault fault;
    g_autoptr(HttpRequest) request = http_request_new("GET", target);
    request->host = host;
    assert_true(http_request_parse(request, &fault));
    g_autoptr(HttpResponse) response = handle(request, f->service);
    if (response->status != status)
        fail_msg("%s: %u", target, response->status);
    gsize length;
    const char *body = g_bytes_get_data(response->body, &length);
    return g_strndup(body, length);
}

static void test_list(void **state)
{
    const SampleSearch *f = *state;
    g_autofree char *xml = answer(f, sitemap_xml, "/sitemap.xml", "a.example", 200);
    for (gsize i = 0; i < G_N_ELEMENTS(SAMPLES); i++) {
        g_autofree char *id = sample_id(&SAMPLES[i]);
        g_autofree char *place = g_strdup_printf("<loc>http://a.example/documents/%s</loc>\n"
                                                 "<lastmod>2020-09-13T12:26:40Z</lastmod>",
                                                 id);
        assert_int_equal(strstr(xml, place) != NULL, SAMPLES[i].marked != NULL);
    }
    g_autofree char *part = answer(f, sitemap_xml, "/sitemap.xml?part=1", "a.example", 200);
    assert_string_equal(part, xml);
}

static void test_refused(void **state)
{
    const SampleSearch *f = *state;
    static const struct {
        const char *target;
        const char *host;
        guint status;
    } CASES[] = {
        {"/sitemap.xml?part=2", "a.example", 404},
        {"/sitemap.xml?part=50000", "a.example", 404},
        {"/sitemap.xml?part=50001", "a.example", 400},
        {"/sitemap.xml?part=0", "a.example", 400},
        {"/sitemap.xml?part=-1", "a.example", 400},
        {"/sitemap.xml", NULL, 400},
        {"/sitemap.xml", "<b>", 400},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++)
        g_free(answer(f, sitemap_xml, CASES[i].target, CASES[i].host, CASES[i].status));
}

static void test_empty(void **state)
{
    const SampleSearch *f = *state;
    g_autoptr(Archive) archive = sample_writer(f->folder.archive);
    for (gsize i = 0; i < G_N_ELEMENTS(SAMPLES); i++)
        sample_remove(archive, SAMPLES[i].path);
    g_autofree char *xml = answer(f, sitemap_xml, "/sitemap.xml", "a.example", 200);
    assert_non_null(strstr(xml, "<loc>http://a.example/</loc>"));
    assert_null(strstr(xml, "/documents/"));
}

static void test_robots(void **state)
{
    const SampleSearch *f = *state;
    g_autofree char *named = answer(f, sitemap_robots, "/robots.txt", "a.example", 200);
    g_autofree char *nameless = answer(f, sitemap_robots, "/robots.txt", NULL, 200);
    assert_true(g_str_has_suffix(named, "\nSitemap: http://a.example/sitemap.xml\n"));
    assert_null(strstr(nameless, "Sitemap"));
    assert_true(g_str_has_prefix(named, nameless));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, sample_search_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_parts),   CASE(test_parts_stay), CASE(test_list),
        CASE(test_refused), CASE(test_empty),      CASE(test_robots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
