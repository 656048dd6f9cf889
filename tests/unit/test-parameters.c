/* Tests of server/parameters: what an address may ask for, and what is refused with a reason. */
#include "fixture.h"

#include "../../server/answers/parameters.h"
#include "../../server/http/http_request.h"

static HttpRequest *request_of(const char *target)
{
    HttpFault fault;
    HttpRequest *request = http_request_new("GET", target);
    assert_true(http_request_parse(request, &fault));
    return request;
}

/* Lists as "kind=plan|report". */
static char *described(const SearchRequest *search)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%u+%u %s", search->offset, search->limit,
                           search_sort_name(search->sort));
    if (search->year_from || search->year_to)
        g_string_append_printf(text, " %d..%d", search->year_from, search->year_to);
    for (int facet = 0; facet < FACET_COUNT; facet++)
        for (guint i = 0; search->values[facet] && i < search->values[facet]->len; i++)
            g_string_append_printf(text, "%s%s", i ? "|" : " ",
                                   (char *)g_ptr_array_index(search->values[facet], i));
    return g_string_free(text, FALSE);
}

static void test_accepted(void **state)
{
    static const struct {
        const char *target;
        const char *search;
    } CASES[] = {
        {"/s", "0+10 relevance"},
        {"/s?q=acqua", "0+10 relevance"},
        {"/s?limit=0", "0+0 relevance"},
        {"/s?limit=100&offset=1000000", "1000000+100 relevance"},
        {"/s?limit=&offset=&sort=&year_from=&kind=&language=", "0+10 relevance"},
        {"/s?limit=007", "0+7 relevance"},
        {"/s?sort=title", "0+10 title"},
        {"/s?sort=added", "0+10 added"},
        {"/s?year_from=2001&year_to=2010", "0+10 relevance 2001..2010"},
        {"/s?year_from=2010&year_to=2001", "0+10 relevance 2010..2001"},
        {"/s?kind=plan&kind=&kind=report", "0+10 relevance plan|report"},
        {"/s?kind=&kind=&kind=report&kind=", "0+10 relevance report"},
        {"/s?language=en&language=it", "0+10 relevance en|it"},
        {"/s?body=Ente+%22A%22&collection=a/b", "0+10 relevance Ente \"A\" a/b"},
        {"/s?area=mediterranean&theme=gender&theme=&theme=migration",
         "0+10 relevance gender|migration mediterranean"},
        {"/s?theme=no+such+theme", "0+10 relevance no such theme"},
        {"/s?translate=off&explain=1", "0+10 relevance"},
        {"/s?translate=on&explain=0", "0+10 relevance"},
        {"/s?translate=&explain=", "0+10 relevance"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(HttpRequest) request = request_of(CASES[i].target);
        g_autoptr(GError) error = NULL;
        SearchRequest search = {.limit = 10};
        if (!parameters_of_search(request, &search, &error))
            fail_msg("%s: %s", CASES[i].target, error->message);
        g_autofree char *text = described(&search);
        assert_string_equal(text, CASES[i].search);
    }
}

static void test_refused(void **state)
{
    static const struct {
        const char *target;
        const char *names; /* that the message speaks of */
    } CASES[] = {
        {"/s?limit=101", "limit"},          {"/s?limit=-1", "limit"},
        {"/s?limit=%2B1", "limit"},         {"/s?limit=1e1", "limit"},
        {"/s?limit=+1", "limit"},           {"/s?limit=1+", "limit"},
        {"/s?limit=0x1", "limit"},          {"/s?limit=99999999999999999999999", "limit"},
        {"/s?limit=4294967297", "limit"},   {"/s?limit=%D9%A1", "limit"},
        {"/s?offset=1000001", "offset"},    {"/s?year_from=10000", "year_from"},
        {"/s?year_to=MMXX", "year_to"},     {"/s?sort=best", "sort"},
        {"/s?sort=Title", "sort"},          {"/s?language=de", "language"},
        {"/s?language=und", "language"},    {"/s?language=it&language=fr", "language"},
        {"/s?kind=plan&kind=poem", "kind"}, {"/s?translate=no", "translate"},
        {"/s?translate=OFF", "translate"},  {"/s?explain=2", "explain"},
        {"/s?explain=yes", "explain"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(HttpRequest) request = request_of(CASES[i].target);
        g_autoptr(GError) error = NULL;
        SearchRequest search = {.limit = 10, .offset = 3};
        if (parameters_of_search(request, &search, &error))
            fail_msg("%s was accepted", CASES[i].target);
        assert_true(g_error_matches(error, PARAMETERS_ERROR, PARAMETERS_ERROR_VALUE));
        assert_true(g_str_has_prefix(error->message, CASES[i].names));
        assert_int_equal(search.limit, 10);
        assert_int_equal(search.offset, 3);
        assert_null(search.values[FACET_KIND]);
    }
}

static void test_number(void **state)
{
    (void)state;
    g_autoptr(HttpRequest) request = request_of("/s?n=5&n=9&empty=");
    guint value = 77;
    assert_true(parameter_number(request, "n", 5, 5, &value, NULL));
    assert_int_equal(value, 5);
    assert_true(parameter_number(request, "empty", 1, 9, &value, NULL));
    assert_true(parameter_number(request, "absent", 1, 9, &value, NULL));
    assert_int_equal(value, 5);
    assert_false(parameter_number(request, "n", 6, 9, &value, NULL));
    assert_false(parameter_number(request, "n", 0, 4, &value, NULL));
    assert_int_equal(value, 5);
}

static void test_query(void **state)
{
    (void)state;
    g_autoptr(HttpRequest) none = request_of("/s");
    g_autoptr(HttpRequest) two = request_of("/s?q=a+b&q=c");
    assert_string_equal(parameters_query(none), "");
    assert_string_equal(parameters_query(two), "a b");
}

static void test_switches(void **state)
{
    static const struct {
        const char *target;
        gboolean is_translated;
        gboolean is_explained;
    } CASES[] = {
        {"/s", TRUE, FALSE},
        {"/s?translate=on", TRUE, FALSE},
        {"/s?translate=", TRUE, FALSE},
        {"/s?translate=off", FALSE, FALSE},
        {"/s?explain=1", TRUE, TRUE},
        {"/s?explain=0&translate=off", FALSE, FALSE},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(HttpRequest) request = request_of(CASES[i].target);
        assert_int_equal(parameters_translated(request), CASES[i].is_translated);
        assert_int_equal(parameters_explained(request), CASES[i].is_explained);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_number),   cmocka_unit_test(test_query),
        cmocka_unit_test(test_switches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
