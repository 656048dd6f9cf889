/* Tests of server/opensearch: addresses in the description, and the form of suggestions. */
#include "sample_search.h"

#include <jansson.h>

#include "../../server/http/http_request.h"
#include "../../server/pages/opensearch.h"
#include "../../server/service.h"

static const Sample SAMPLES[] = {
    {.path = "a.pdf", .title = "Piano delle acque", .marked = IT "Acquedotto e acquerello."},
};

static int set_up(void **state)
{
    return sample_service_set_up(state, SAMPLES, G_N_ELEMENTS(SAMPLES));
}

static char *answer(const SampleSearch *f, HttpResponse *(*handle)(const HttpRequest *, gpointer),
                    const char *target, const char *host, const char *type, guint status)
{
    HttpFault fault;
    g_autoptr(HttpRequest) request = http_request_new("GET", target);
    request->host = host;
    assert_true(http_request_parse(request, &fault));
    g_autoptr(HttpResponse) response = handle(request, f->service);
    assert_int_equal(response->status, status);
    assert_string_equal(response->content_type, type);
    gsize length;
    const char *body = g_bytes_get_data(response->body, &length);
    return g_strndup(body, length);
}

static char *describe(const SampleSearch *f, const char *target, const char *host)
{
    return answer(f, opensearch_description, target, host,
                  "application/opensearchdescription+xml; charset=utf-8", 200);
}

static void assert_holds(const char *text, const char *part, gboolean holds)
{
    if ((strstr(text, part) != NULL) != holds)
        fail_msg("%s %s in\n%s", holds ? "no" : "there is", part, text);
}

static void test_description(void **state)
{
    const SampleSearch *f = *state;
    g_autofree char *italian = describe(f, "/opensearch.xml", "a.example:8080");
    assert_holds(italian,
                 "template=\"http://a.example:8080/search?q={searchTerms}&amp;"
                 "page={startPage?}&amp;hl=it\"",
                 TRUE);
    assert_holds(italian, "template=\"http://a.example:8080/suggest.json?q={searchTerms}\"", TRUE);
    assert_holds(italian, "<Language>it</Language>", TRUE);
    assert_holds(italian, "Contact", FALSE);
    g_autofree char *hostile = describe(f, "/opensearch.xml?hl=en", "\"><x>");
    assert_holds(hostile, "template=\"/search?q={searchTerms}", TRUE);
    assert_holds(hostile, "<Language>en</Language>", TRUE);
    assert_holds(hostile, "<x>", FALSE);
}

static void test_contact(void **state)
{
    const SampleSearch *f = *state;
    static const struct {
        const char *contact;
        const char *shown; /* NULL: none */
    } CASES[] = {
        {"mailto:a@b.example", "<Contact>a@b.example</Contact>"},
        {"https://b.example/", NULL}, /* the description has room for mail only */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        service_set_site(f->service,
                         &(ServiceSite){.url = "https://a.example", .contact = CASES[i].contact});
        g_autofree char *xml = describe(f, "/opensearch.xml", "other.example");
        assert_holds(xml, CASES[i].shown ? CASES[i].shown : "Contact", CASES[i].shown != NULL);
        assert_holds(xml, "other.example", FALSE);
    }
}

static void test_suggestions(void **state)
{
    static const struct {
        const char *target;
        const char *typed;
        gboolean has_some;
    } CASES[] = {
        {"/suggest.json?q=acqued", "acqued", TRUE},
        {"/suggest.json?q=%22%5C%3C", "\"\\<", FALSE},
        {"/suggest.json?q=", "", FALSE},
        {"/suggest.json", "", FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *text = answer(*state, opensearch_suggestions, CASES[i].target, NULL,
                                       "application/x-suggestions+json", 200);
        json_t *value = json_loads(text, 0, NULL);
        assert_int_equal(json_array_size(value), 2);
        assert_string_equal(json_string_value(json_array_get(value, 0)), CASES[i].typed);
        json_t *texts = json_array_get(value, 1);
        assert_true(json_is_array(texts));
        assert_int_equal(json_array_size(texts) > 0, CASES[i].has_some);
        for (size_t j = 0; j < json_array_size(texts); j++)
            assert_true(json_is_string(json_array_get(texts, j)));
        json_decref(value);
    }
}

static void test_no_archive(void **state)
{
    const SampleSearch *f = *state;
    g_autofree char *nowhere = g_build_filename(f->folder.folder, "none.db", NULL);
    SampleSearch absent = {.service = service_new(nowhere, NULL, "web", NULL)};
    g_free(answer(&absent, opensearch_suggestions, "/suggest.json?q=acq", NULL,
                  "application/problem+json", 503));
    g_free(describe(&absent, "/opensearch.xml", "a.example"));
    service_free(absent.service);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, sample_search_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_description),
        CASE(test_contact),
        CASE(test_suggestions),
        CASE(test_no_archive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
