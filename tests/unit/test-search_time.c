/* Tests of the time that a question may take: cut off at every look at the clock in turn, an answer
 * says so, holds nothing that the whole one does not, and leaves nothing behind that a later answer
 * would lack. */
#include "sample.h"

#include "../../server/search/search.h"

enum { DOCUMENTS = 120 };

typedef struct {
    SampleFolder folder;
    Searcher *searcher;
} Fixture;

static void put_documents(const char *path)
{
    static const char *const WORDS[] = {"acqua",   "fiume",     "lago",    "comune",
                                        "statuto", "consiglio", "bilancio"};
    g_autoptr(Archive) writer = sample_writer(path);
    for (guint i = 0; i < DOCUMENTS; i++) {
        g_autofree char *name = g_strdup_printf("d%03u.pdf", i);
        g_autoptr(GString) text = g_string_new(IT "il verbale");
        for (gsize j = 0; j < G_N_ELEMENTS(WORDS); j++)
            if (i % (j + 2) == 0)
                g_string_append_printf(text, " %s numero%u", WORDS[j], i % 9);
        Sample sample = {.path = name, .marked = text->str};
        sample_put(writer, &sample);
    }
}

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->folder = sample_folder_new();
    put_documents(f->folder.archive);
    f->searcher = searcher_new(f->folder.archive, NULL);
    *state = f;
    return f->searcher == NULL;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    searcher_free(f->searcher);
    sample_folder_release(&f->folder);
    g_free(f);
    return 0;
}

static const char *const QUESTIONS[] = {
    "acqua",
    "ac*",
    "numer*",
    "acqua fiume",
    "acqua -fiume",
    "-acqua",
    "-(acqua -lago)",
    "comune -num*",
    "acqua OR lago OR statuto",
    "\"acqua numero0\"",
    "acqua NEAR/3 fiume",
    "comune -(acqua NEAR/3 fiume)",
    "num* NEAR/9 verb*",
    "titolo:acqua OR bilancio",
};

/* Cut at a look, 0: never. Rows and whether it was cut off. */
static SearchRows *rows_of(const Fixture *f, const char *typed, guint look)
{
    g_autoptr(GError) error = NULL;
    assert_true(searcher_begin(f->searcher, NULL));
    postings_deadline(searcher_postings(f->searcher))->looks_left = look;
    g_autoptr(Query) query =
        query_parse(typed, strlen(typed), NULL, FALSE, searcher_analyser(f->searcher));
    SearchRequest request = {.query = query};
    SearchRows *rows = searcher_rows(f->searcher, &request, &error);
    searcher_end(f->searcher);
    if (!rows)
        fail_msg("%s, look %u: %s", typed, look, error->message);
    return rows;
}

static const SearchRow *find_row(const SearchRows *rows, gint64 row)
{
    for (guint i = 0; i < rows->rows->len; i++)
        if (g_array_index(rows->rows, SearchRow, i).row == row)
            return &g_array_index(rows->rows, SearchRow, i);
    return NULL;
}

static void check_within(const char *typed, guint look, const SearchRows *cut,
                         const SearchRows *whole)
{
    for (guint i = 0; i < cut->rows->len; i++) {
        const SearchRow *row = &g_array_index(cut->rows, SearchRow, i);
        const SearchRow *same = find_row(whole, row->row);
        if (!same)
            fail_msg("%s, look %u: row %d is none of the whole answer", typed, look, (int)row->row);
        if (row->missing & ~same->missing)
            fail_msg("%s, look %u: row %d lacks nothing of it", typed, look, (int)row->row);
    }
}

static void check_same(const char *typed, guint look, const SearchRows *again,
                       const SearchRows *whole)
{
    if (again->is_timed_out || again->rows->len != whole->rows->len)
        fail_msg("%s after look %u: %u rows of %u", typed, look, again->rows->len,
                 whole->rows->len);
    for (guint i = 0; i < whole->rows->len; i++)
        assert_int_equal(g_array_index(again->rows, SearchRow, i).row,
                         g_array_index(whole->rows, SearchRow, i).row);
}

/* Each with a searcher that has read nothing yet. */
static guint sweep(Fixture *f, const char *typed)
{
    for (guint look = 1;; look++) {
        searcher_free(f->searcher);
        f->searcher = searcher_new(f->folder.archive, NULL);
        g_autoptr(SearchRows) cut = rows_of(f, typed, look);
        g_autoptr(SearchRows) whole = rows_of(f, typed, 0);
        assert_false(whole->is_timed_out);
        check_within(typed, look, cut, whole);
        if (cut->is_timed_out)
            continue;
        check_same(typed, look, cut, whole);
        return look;
    }
}

static void test_cut_anywhere(void **state)
{
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(QUESTIONS); i++)
        assert_true(sweep(f, QUESTIONS[i]) > 1);
}

/* A searcher that goes on after a cut knows all there is. */
static void test_nothing_is_kept(void **state)
{
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(QUESTIONS); i++) {
        g_autoptr(Searcher) fresh = f->searcher;
        f->searcher = searcher_new(f->folder.archive, NULL);
        g_autoptr(SearchRows) whole = rows_of(f, QUESTIONS[i], 0);
        searcher_free(f->searcher);
        f->searcher = g_steal_pointer(&fresh);
        for (guint look = 1; look < 12; look++) {
            g_autoptr(SearchRows) cut = rows_of(f, QUESTIONS[i], look);
            g_autoptr(SearchRows) again = rows_of(f, QUESTIONS[i], 0);
            check_within(QUESTIONS[i], look, cut, whole);
            check_same(QUESTIONS[i], look, again, whole);
        }
    }
}

/* Passages are found, too, for what was found; the answer says what it is. */
static void test_result(void **state)
{
    Fixture *f = *state;
    guint timed_out = 0;
    for (guint look = 1; look < 40; look++) {
        searcher_free(f->searcher);
        f->searcher = searcher_new(f->folder.archive, NULL);
        assert_true(searcher_begin(f->searcher, NULL));
        searcher_set_time(f->searcher, G_TIME_SPAN_HOUR);
        postings_deadline(searcher_postings(f->searcher))->looks_left = look;
        g_autoptr(Query) query =
            query_parse("num* fiume", 10, NULL, FALSE, searcher_analyser(f->searcher));
        SearchRequest request = {.query = query, .limit = 5};
        g_autoptr(SearchResult) result = searcher_search(f->searcher, &request, NULL);
        assert_non_null(result);
        assert_int_equal(result->items->len, MIN(result->total, 5));
        for (guint i = 0; i < result->items->len; i++)
            assert_true(((SearchItem *)result->items->pdata[i])->hits->len > 0);
        assert_int_equal(searcher_is_timed_out(f->searcher), result->is_timed_out);
        timed_out += result->is_timed_out;
        searcher_end(f->searcher);
    }
    assert_in_range(timed_out, 2, 38);
}

static void test_clock(void **state)
{
    Fixture *f = *state;
    assert_true(searcher_begin(f->searcher, NULL));
    searcher_set_time(f->searcher, 1);
    g_usleep(10);
    g_autoptr(Query) query = query_parse("acqua", 5, NULL, FALSE, searcher_analyser(f->searcher));
    SearchRequest request = {.query = query, .limit = 5};
    g_autoptr(SearchResult) result = searcher_search(f->searcher, &request, NULL);
    assert_true(result->is_timed_out);
    assert_int_equal(result->total, 0);
    searcher_end(f->searcher);
    assert_true(searcher_begin(f->searcher, NULL));
    assert_false(searcher_is_timed_out(f->searcher));
    searcher_end(f->searcher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_cut_anywhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nothing_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_result, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_clock, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
