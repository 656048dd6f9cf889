/* Tests of server/record: the state of an archive, and counts of an answer alone. */
#include "sample_search.h"

#include "../../server/answers/record.h"

static const Sample SAMPLES[] = {
    {.path = "a.pdf", .marked = IT "fontana", .year = 2001, .kind = KIND_PLAN},
    {.path = "b.pdf", .marked = EN "fountain fontana", .year = 2003, .kind = KIND_STATUTE},
    {.path = "c.pdf", .marked = IT "bosco", .year = 2003},
    {.path = "d.pdf", .kind = KIND_PLAN},
};

static int set_up(void **state)
{
    return sample_search_set_up(state, SAMPLES, G_N_ELEMENTS(SAMPLES));
}

static gint compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* As README says that it is made. */
static void test_digest(void **state)
{
    const SampleSearch *f = *state;
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < 3; i++)
        g_ptr_array_add(ids, sample_id(&SAMPLES[i]));
    g_ptr_array_sort(ids, compare);
    for (guint i = 0; i < ids->len; i++)
        g_string_append_printf(text, "%s\n", (const char *)ids->pdata[i]);
    g_autofree char *expected = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
    g_autofree char *digest = record_digest(searcher_cards(f->searcher));
    assert_string_equal(digest, expected);
}

static void assert_member(const json_t *object, const char *key, const char *expected)
{
    char *text = json_dumps(json_object_get(object, key), JSON_COMPACT | JSON_ENCODE_ANY);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static json_t *make(const SampleSearch *f, const char *typed, SearchRequest *search)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Query) query =
        query_parse(typed, strlen(typed), NULL, FALSE, searcher_analyser(f->searcher));
    search->query = query;
    RecordQuestion question = {.search = search,
                               .typed = typed,
                               .repeats = "http://h/search?q=x",
                               .origin = "http://h",
                               .made_unix = 1600000000};
    json_t *record = record_make(f->searcher, &question, &error);
    assert_null(error);
    assert_non_null(record);
    return record;
}

static void test_record(void **state)
{
    const SampleSearch *f = *state;
    SearchRequest search = {.sort = SORT_NEWEST, .limit = 1, .offset = 1};
    json_t *record = make(f, "fontana", &search);
    const json_t *counts = json_object_get(record, "counts");
    assert_member(record, "made", "\"2020-09-13T12:26:40Z\"");
    assert_member(record, "program", "\"Schedario " SCHEDARIO_VERSION "\"");
    assert_member(record, "repeats", "\"http://h/search?q=x\"");
    assert_member(record, "sort", "\"newest\"");
    assert_member(counts, "total", "2");
    assert_member(counts, "partial", "0");
    assert_member(counts, "year",
                  "[{\"value\":\"2003\",\"count\":1},{\"value\":\"2001\",\"count\":1}]");
    assert_member(json_object_get(record, "unsearchable"), "count", "1");
    assert_member(json_object_get(record, "archive"), "documents", "3");
    assert_member(json_object_get(record, "query"), "typed", "\"fontana\"");
    assert_member(json_object_get(record, "query"), "translated", "false");
    json_decref(record);
}

/* Counts of the answer alone: a filter narrows its own facet, too. */
static void test_filters(void **state)
{
    const SampleSearch *f = *state;
    g_autoptr(GPtrArray) plans = g_ptr_array_new();
    g_ptr_array_add(plans, (gpointer) "plan");
    SearchRequest search = {.values = {[FACET_KIND] = plans}, .year_from = 2000};
    json_t *record = make(f, "", &search);
    const json_t *counts = json_object_get(record, "counts");
    assert_member(counts, "total", "1");
    assert_member(counts, "kind", "[{\"value\":\"plan\",\"count\":1}]");
    assert_member(json_object_get(record, "filters"), "kind", "[\"plan\"]");
    assert_member(json_object_get(record, "filters"), "year_from", "2000");
    assert_member(json_object_get(record, "filters"), "year_to", "null");
    assert_member(json_object_get(record, "filters"), "body", "[]");
    json_decref(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_digest, set_up, sample_search_tear_down),
        cmocka_unit_test_setup_teardown(test_record, set_up, sample_search_tear_down),
        cmocka_unit_test_setup_teardown(test_filters, set_up, sample_search_tear_down),
    };
    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
