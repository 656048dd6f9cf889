/* Tests of server/widening: what is told where nothing was found, and what is not. */
#include "fake-vocabulary.h"
#include "sample.h"

#include "../../server/search/widening.h"

static const Sample SAMPLES[] = {
    {"statuti/a.pdf", "Statuto", IT "Il Comune promuove la cooperazione decentrata e l'acqua.",
     "Comune di Valdoria", 2015, KIND_STATUTE, NULL},
    {"piani/b.pdf", "Piano", IT "Piano delle acque: acqua e fiumi.", "Ente acque", 2019, KIND_PLAN,
     NULL},
    {"piani/c.pdf", "Plan", EN "A plan for rivers.", "Ente acque", 2019, KIND_PLAN, NULL},
};

typedef struct {
    SampleFolder folder;
    Searcher *searcher;
    Vocabulary *vocabulary;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->folder = sample_folder_new();
    sample_archive(f->folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    f->searcher = searcher_new(f->folder.archive, NULL);
    f->vocabulary = vocabulary_new(NULL);
    assert_non_null(f->searcher);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    searcher_free(f->searcher);
    vocabulary_free(f->vocabulary);
    sample_folder_release(&f->folder);
    g_free(f);
    return 0;
}

typedef struct {
    const char *typed;
    gboolean is_literal;
    const char *kind; /* filters; NULL: none */
    const char *body;
    int year;
    const char *expected; /* "kind[=facet|words] total", parted by ", " */
} Case;

static const Case CASES[] = {
    {"acqua", FALSE, "statute", "Ente acque", 0, "filter=kind 1, filter=body 1, filters 2"},
    {"acqua", FALSE, "agreement", NULL, 0, "filter=kind 2"},
    {"acqua", FALSE, "agreement", "Ente acque", 1990, "filters 2"},
    {"acqua", FALSE, NULL, NULL, 1990, "filter=year 2"},
    {"\"acqua cooperazione\"", FALSE, NULL, NULL, 0, "operators=acqua cooperazione 1"},
    {"\"fiumi cooperazione\"", FALSE, "statute", NULL, 0, "operators=fiumi cooperazione 1"},
    {"\"fiumi acqua\"", FALSE, "agreement", NULL, 0, "words=fiumi acqua 1"},
    {"zzzz", FALSE, "plan", NULL, 0, ""},
    {"zzzz", FALSE, NULL, NULL, 0, ""},
    {"", FALSE, "agreement", NULL, 0, "filter=kind 3"},
    {"water", TRUE, NULL, NULL, 0, "other-names 2"},
    {"water", TRUE, "statute", NULL, 0, "other-names 1"},
    {"water", TRUE, "agreement", NULL, 0, ""},
};

static char *written(const GArray *found)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < found->len; i++) {
        const Widening *way = &g_array_index(found, Widening, i);
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", widening_kind_name(way->kind));
        if (way->kind == WIDENING_FILTER)
            g_string_append_printf(text, "=%s", facet_name(way->facet));
        if (way->typed)
            g_string_append_printf(text, "=%s", way->typed);
        g_string_append_printf(text, " %u", way->total);
    }
    return g_string_free(text, FALSE);
}

static char *answer(const Fixture *f, const Case *a_case)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) kinds = g_ptr_array_new(), bodies = g_ptr_array_new();
    if (a_case->kind)
        g_ptr_array_add(kinds, (gpointer)a_case->kind);
    if (a_case->body)
        g_ptr_array_add(bodies, (gpointer)a_case->body);
    g_autoptr(Query) query = query_parse(a_case->typed, strlen(a_case->typed), f->vocabulary,
                                         !a_case->is_literal, searcher_analyser(f->searcher));
    SearchRequest request = {.query = query,
                             .values = {[FACET_KIND] = kinds, [FACET_BODY] = bodies},
                             .year_from = a_case->year,
                             .year_to = a_case->year,
                             .limit = 10};
    g_autoptr(SearchResult) result = searcher_search(f->searcher, &request, &error);
    assert_non_null(result);
    assert_int_equal(result->total, 0);
    g_autoptr(GArray) found = widening_find(f->searcher, f->vocabulary, &request, a_case->typed,
                                            !a_case->is_literal, &error);
    assert_non_null(found);
    return written(found);
}

static void test_widening(void **state)
{
    const Fixture *f = *state;
    assert_true(searcher_begin(f->searcher, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *text = answer(f, &CASES[i]);
        if (strcmp(text, CASES[i].expected) != 0)
            fail_msg("%s: %s", CASES[i].typed, text);
    }
    searcher_end(f->searcher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_widening, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
