/* Tests of server/search_rows: all of an answer, in its order, loaded one by one. */
#include "sample_search.h"

#include "../../server/search/search.h"

static const Sample SAMPLES[] = {
    {.path = "a.pdf", .marked = IT "fontana del paese", .year = 2001},
    {.path = "b.pdf", .marked = IT "fontana fontana e giardino", .year = 2003},
    {.path = "c.pdf", .marked = IT "giardino e bosco", .year = 2002, .kind = KIND_PLAN},
    {.path = "d.pdf", .kind = KIND_PLAN},
    {.path = "e.pdf"},
};

static int set_up(void **state)
{
    return sample_search_set_up(state, SAMPLES, G_N_ELEMENTS(SAMPLES));
}

static Query *parse(const SampleSearch *f, const char *typed)
{
    return query_parse(typed, strlen(typed), NULL, FALSE, searcher_analyser(f->searcher));
}

/* The answer of searcher_search() and that of rows are the same, item by item. */
static void test_same_as_search(void **state)
{
    static const struct {
        const char *typed;
        SearchSort sort;
        guint found;
    } CASES[] = {
        {"", SORT_TITLE, 3},
        {"", SORT_NEWEST, 3},
        {"fontana", SORT_RELEVANCE, 2},
        {"fontana bosco", SORT_RELEVANCE, 1},
        {"fontana", SORT_OLDEST, 2},
        {"mare", SORT_RELEVANCE, 0},
        {"-fontana", SORT_RELEVANCE, 1},
    };
    const SampleSearch *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Query) query = parse(f, CASES[i].typed);
        SearchRequest request = {.query = query, .limit = 10, .sort = CASES[i].sort};
        g_autoptr(SearchResult) result = searcher_search(f->searcher, &request, NULL);
        request.limit = 1;
        request.offset = 2;
        g_autoptr(SearchRows) rows = searcher_rows(f->searcher, &request, NULL);
        assert_int_equal(rows->rows->len, CASES[i].found);
        assert_int_equal(result->items->len, CASES[i].found);
        for (guint at = 0; at < rows->rows->len; at++) {
            const SearchItem *expected = result->items->pdata[at];
            g_autoptr(SearchItem) item = searcher_item(f->searcher, rows, at, query, TRUE, NULL);
            assert_string_equal(item->document->id, expected->document->id);
            assert_string_equal(item->paths->pdata[0], expected->paths->pdata[0]);
            assert_true(item->score >= expected->score && item->score <= expected->score);
            assert_int_equal(item->is_partial, expected->is_partial);
            assert_int_equal(item->missing->len, expected->missing->len);
            if (item->missing->len > 0)
                assert_memory_equal(item->missing->data, expected->missing->data,
                                    item->missing->len * sizeof(guint));
            assert_int_equal(item->hits->len, expected->hits->len);
        }
    }
}

static void test_missing(void **state)
{
    const SampleSearch *f = *state;
    g_autoptr(Query) query = parse(f, "fontana bosco");
    SearchRequest request = {.query = query};
    g_autoptr(SearchRows) rows = searcher_rows(f->searcher, &request, NULL);
    for (guint at = 0; at < rows->rows->len; at++) {
        g_autoptr(SearchItem) item = searcher_item(f->searcher, rows, at, query, FALSE, NULL);
        gboolean is_wood = strcmp(item->paths->pdata[0], "c.pdf") == 0;
        assert_int_equal(item->missing->len, 1);
        assert_int_equal(g_array_index(item->missing, guint, 0), is_wood ? 0 : 1);
        assert_null(item->hits);
    }
}

/* Filters hold for what cannot be read, too, but for languages, which it has none of. */
static void test_unsearchable(void **state)
{
    const SampleSearch *f = *state;
    g_autoptr(GPtrArray) plans = g_ptr_array_new(), english = g_ptr_array_new();
    g_ptr_array_add(plans, (gpointer) "plan");
    g_ptr_array_add(english, (gpointer) "en");
    g_autoptr(Query) query = parse(f, "");
    SearchRequest request = {.query = query};
    g_autoptr(SearchRows) all = searcher_rows(f->searcher, &request, NULL);
    assert_int_equal(all->unsearchable->len, 2);
    request.values[FACET_KIND] = plans;
    request.values[FACET_LANGUAGE] = english;
    g_autoptr(SearchRows) few = searcher_rows(f->searcher, &request, NULL);
    assert_int_equal(few->rows->len, 0);
    assert_int_equal(few->unsearchable->len, 1);
}

/* What is no longer what was found is no error. */
static void test_gone(void **state)
{
    const SampleSearch *f = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Query) query = parse(f, "fontana");
    SearchRequest request = {.query = query};
    g_autoptr(SearchRows) rows = searcher_rows(f->searcher, &request, NULL);
    g_array_index(rows->rows, SearchRow, 0).id ^= 1; /* another archive's document */
    assert_null(searcher_item(f->searcher, rows, 0, query, TRUE, &error));
    assert_null(error);
    searcher_end(f->searcher);
    g_autoptr(Archive) archive = archive_open_writer(f->folder.archive, &(gboolean){FALSE}, NULL);
    assert_true(archive_begin(archive, NULL));
    assert_true(archive_remove_file(archive, "a.pdf", NULL));
    assert_true(archive_remove_file(archive, "b.pdf", NULL));
    assert_true(archive_commit(archive, NULL));
    assert_true(searcher_begin(f->searcher, NULL));
    assert_null(searcher_item(f->searcher, rows, 1, query, TRUE, &error));
    assert_null(error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same_as_search, set_up, sample_search_tear_down),
        cmocka_unit_test_setup_teardown(test_missing, set_up, sample_search_tear_down),
        cmocka_unit_test_setup_teardown(test_unsearchable, set_up, sample_search_tear_down),
        cmocka_unit_test_setup_teardown(test_gone, set_up, sample_search_tear_down),
    };
    return cmocka_run_group_tests_name("search_rows", tests, NULL, NULL);
}
