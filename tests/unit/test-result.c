/* Tests of server/result: the shape of each answer, and that any bytes become sound JSON. */
#include "sample_search.h"

#include "fake-vocabulary.h"

#include "../../server/answers/result.h"

static const Sample SAMPLES[] = {
    {.path = "piani/a.pdf",
     .title = "Il piano",
     .marked = IT "La fontana antica. " EN "The old fountain.\n" PAGE IT "Seconda fontana.",
     .body = "Comune",
     .year = 2019,
     .kind = KIND_PLAN},
    {.path = "sc\xff"
             "an.pdf"},
    {.path = "water.pdf", .marked = EN "Clean water for all, and more water."},
};

static int set_up(void **state)
{
    return sample_search_set_up(state, SAMPLES, G_N_ELEMENTS(SAMPLES));
}

static void assert_json(json_t *value, const char *expected)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(12) | JSON_ENCODE_ANY);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
    json_decref(value);
}

static void test_text(void **state)
{
    (void)state;
    assert_json(result_text(NULL), "null");
    assert_json(result_text(""), "\"\"");
    assert_json(result_text("citt\xc3\xa0 \"x\""), "\"citt\xc3\xa0 \\\"x\\\"\"");
    assert_json(result_text("a\xff"
                            "b"),
                "\"a\xef\xbf\xbd"
                "b\"");
    assert_json(result_text("\xc3"), "\"\xef\xbf\xbd\"");
}

static void test_time(void **state)
{
    (void)state;
    assert_json(result_time(0), "null");
    assert_json(result_time(-5), "null");
    assert_json(result_time(1600000000), "\"2020-09-13T12:26:40Z\"");
    assert_json(result_time(G_MAXINT64), "null");
}

static void test_address(void **state)
{
    static const struct {
        const char *id;
        guint page;
        const char *typed;
        const char *address;
    } CASES[] = {
        {"ab12", 0, NULL, "/documents/ab12"},
        {"ab12", 0, "", "/documents/ab12"},
        {"ab12", 7, NULL, "/documents/ab12/pages/7"},
        {"ab12", 7, "a&b \"è\"#", "/documents/ab12/pages/7?q=a%26b%20%22%C3%A8%22%23"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *address =
            result_document_address(CASES[i].id, CASES[i].page, CASES[i].typed);
        assert_string_equal(address, CASES[i].address);
    }
}

static json_t *ask(const SampleSearch *f, const char *typed, gboolean is_translated,
                   gboolean is_explained)
{
    g_autoptr(Vocabulary) vocabulary = vocabulary_new(NULL);
    g_autoptr(Query) query = query_parse(typed, strlen(typed), vocabulary, is_translated,
                                         searcher_analyser(f->searcher));
    SearchRequest request = {.query = query, .limit = 10, .sort = SORT_NEWEST};
    g_autoptr(SearchResult) result = searcher_search(f->searcher, &request, NULL);
    assert_non_null(result);
    return result_search(&request, result, typed, is_explained);
}

static json_t *search(const SampleSearch *f, const char *typed)
{
    return ask(f, typed, FALSE, FALSE);
}

static void test_search_shape(void **state)
{
    const SampleSearch *f = *state;
    g_autofree char *id = sample_id(&SAMPLES[0]);
    json_t *answer = search(f, "fontana");
    json_t *item = json_array_get(json_object_get(answer, "results"), 0);
    g_autofree char *url = g_strconcat("/documents/", id, "?q=fontana", NULL);
    g_autofree char *hit_url = g_strconcat("/documents/", id, "/pages/1?q=fontana", NULL);
    json_t *hit = json_array_get(json_object_get(item, "hits"), 0);
    assert_string_equal(json_string_value(json_object_get(item, "id")), id);
    assert_string_equal(json_string_value(json_object_get(item, "url")), url);
    assert_string_equal(json_string_value(json_object_get(item, "path")), "piani/a.pdf");
    assert_int_equal(json_integer_value(json_object_get(item, "year")), 2019);
    assert_int_equal(json_integer_value(json_object_get(item, "pages")), 2);
    assert_true(json_real_value(json_object_get(item, "score")) > 0);
    assert_int_equal(json_array_size(json_object_get(item, "hits")), 2);
    assert_string_equal(json_string_value(json_object_get(hit, "url")), hit_url);
    assert_string_equal(json_string_value(json_object_get(hit, "language")), "it");
    assert_json(json_incref(json_object_get(hit, "passage")),
                "[{\"text\":\"La \",\"match\":false},{\"text\":\"fontana\",\"match\":true},"
                "{\"text\":\" antica. The old fountain.\",\"match\":false}]");
    assert_json(
        json_incref(json_object_get(answer, "query")),
        "{\"typed\":\"fontana\",\"understood\":\"fontana\",\"concepts\":[{\"typed\":\"fontana\","
        "\"documents\":1,\"terms\":[{\"term\":\"fontana\",\"language\":null,"
        "\"source\":\"literal\",\"weight\":1.0}]}],\"notes\":[],\"cut\":false}");
    assert_json(json_incref(json_object_get(hit, "via")), "[]");
    assert_json(json_incref(json_object_get(item, "missing")), "[]");
    assert_true(json_is_false(json_object_get(item, "partial")));
    assert_null(json_object_get(item, "explanation"));
    assert_int_equal(json_integer_value(json_object_get(answer, "partial")), 0);
    assert_json(json_incref(json_object_get(answer, "facets")),
                "{\"language\":[{\"value\":\"en\",\"count\":1},{\"value\":\"it\",\"count\":1}],"
                "\"kind\":[{\"value\":\"plan\",\"count\":1}],\"theme\":[],\"area\":[],"
                "\"body\":[{\"value\":\"Comune\",\"count\":1}],"
                "\"year\":[{\"value\":\"2019\",\"count\":1}],"
                "\"collection\":[{\"value\":\"piani\",\"count\":1}]}");
    assert_json(json_incref(json_object_get(answer, "unsearchable")),
                "{\"count\":1,\"url\":\"/status?state=failed\"}");
    assert_string_equal(json_string_value(json_object_get(answer, "sort")), "newest");
    json_decref(answer);
}

static json_t *first_result(const json_t *answer)
{
    return json_array_get(json_object_get(answer, "results"), 0);
}

/* What is found by another name says by which, and every name is told with its weight. */
static void test_translated(void **state)
{
    const SampleSearch *f = *state;
    json_t *answer = ask(f, "acqua", TRUE, FALSE);
    json_t *hit = json_array_get(json_object_get(first_result(answer), "hits"), 0);
    json_t *concepts = json_object_get(json_object_get(answer, "query"), "concepts");
    assert_string_equal(json_string_value(json_object_get(first_result(answer), "path")),
                        "water.pdf");
    assert_json(json_incref(json_object_get(hit, "via")),
                "[{\"typed\":\"acqua\",\"term\":\"water\",\"language\":\"en\"}]");
    assert_json(
        json_incref(json_object_get(json_array_get(concepts, 0), "terms")),
        "[{\"term\":\"acqua\",\"language\":null,\"source\":\"literal\",\"weight\":1.0},"
        "{\"term\":\"water\",\"language\":\"en\",\"source\":\"thesaurus\",\"weight\":0.9}]");
    json_decref(answer);
    answer = ask(f, "acqua", FALSE, FALSE);
    assert_int_equal(json_integer_value(json_object_get(answer, "total")), 0);
    json_decref(answer);
}

static void test_explained(void **state)
{
    const SampleSearch *f = *state;
    json_t *answer = ask(f, "clean water", FALSE, TRUE);
    json_t *explanation = json_object_get(first_result(answer), "explanation");
    json_t *concepts = json_object_get(explanation, "concepts"), *concept;
    double sum = json_number_value(json_object_get(explanation, "nearness"));
    size_t i;
    assert_int_equal(json_array_size(concepts), 2);
    json_array_foreach(concepts, i, concept)
    {
        assert_true(json_number_value(json_object_get(concept, "score")) > 0);
        sum += json_number_value(json_object_get(concept, "score"));
    }
    assert_float_equal(sum, json_number_value(json_object_get(first_result(answer), "score")),
                       0.005);
    assert_true(json_is_string(json_object_get(json_object_get(answer, "query"), "match")));
    json_decref(answer);
}

static void test_missing(void **state)
{
    const SampleSearch *f = *state;
    json_t *answer = search(f, "water fontana");
    json_t *item = first_result(answer);
    gboolean is_water = strcmp(json_string_value(json_object_get(item, "path")), "water.pdf") == 0;
    assert_int_equal(json_integer_value(json_object_get(answer, "total")), 2);
    assert_int_equal(json_integer_value(json_object_get(answer, "partial")), 2);
    assert_true(json_is_true(json_object_get(item, "partial")));
    assert_json(json_incref(json_object_get(item, "missing")),
                is_water ? "[\"fontana\"]" : "[\"water\"]");
    json_decref(answer);
}

static void test_notes(void **state)
{
    static const struct {
        const char *typed;
        const char *notes;
    } CASES[] = {
        {"fontana", "[]"},
        {"lang:de fontana",
         "[{\"code\":\"unknown-value\",\"text\":\"lang:de\",\"known\":[\"it\",\"en\"]}]"},
        {"year:2020..2015", "[{\"code\":\"year-order\",\"text\":\"2020..2015\",\"known\":null}]"},
        {"fontana NEAR/500 antica",
         "[{\"code\":\"distance\",\"text\":\"NEAR/500\",\"known\":null}]"},
    };
    const SampleSearch *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        json_t *answer = search(f, CASES[i].typed);
        assert_json(json_incref(json_object_get(json_object_get(answer, "query"), "notes")),
                    CASES[i].notes);
        json_decref(answer);
    }
}

/* Shares are rounded to the hundredth; what has none is left out. */
static void test_language_shares(void **state)
{
    static const struct {
        double italian;
        double english;
        const char *languages;
    } CASES[] = {
        {0.6234, 0.3766, "{\"it\":0.62,\"en\":0.38}"},
        {1, 0, "{\"it\":1.0}"},
        {0.996, 0.004, "{\"it\":1.0}"},
        {0, 0, "{}"},
        {0.005, 0.5, "{\"it\":0.01,\"en\":0.5}"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(ArchiveDocument) document = sample_document(&SAMPLES[0]);
        document->share[LANGUAGE_ITALIAN] = CASES[i].italian;
        document->share[LANGUAGE_ENGLISH] = CASES[i].english;
        json_t *value = result_document(document, NULL);
        assert_json(json_incref(json_object_get(value, "languages")), CASES[i].languages);
        json_decref(value);
    }
}

static void test_document(void **state)
{
    const SampleSearch *f = *state;
    Archive *archive = searcher_archive(f->searcher);
    for (gint64 row = 1; row <= 2; row++) {
        g_autoptr(ArchiveDocument) document = archive_find_row(archive, row, NULL);
        g_autoptr(GPtrArray) paths = archive_paths(archive, row, NULL);
        json_t *value = result_document(document, paths);
        const char *path = json_string_value(json_object_get(value, "path"));
        assert_string_equal(path, row == 1 ? "piani/a.pdf"
                                           : "sc\xef\xbf\xbd"
                                             "an.pdf");
        assert_string_equal(json_string_value(json_object_get(value, "state")),
                            row == 1 ? "indexed" : "failed");
        assert_int_equal(json_is_null(json_object_get(value, "failure")), row == 1);
        assert_int_equal(json_array_size(json_object_get(value, "paths")), 1);
        assert_true(json_is_array(json_object_get(value, "themes")));
        assert_int_equal(strlen(json_string_value(json_object_get(value, "sha256"))), 64);
        assert_true(json_is_null(json_object_get(value, "year")) == (row == 2));
        json_decref(value);
    }
}

/* Pages */

static json_t *page_of(const char *marked, const char *typed)
{
    g_autoptr(ArchiveDocument) document = sample_document(&SAMPLES[0]);
    g_autoptr(Analyser) analyser = analyser_new();
    g_autoptr(Query) query = query_parse(typed, strlen(typed), NULL, FALSE, analyser);
    g_autoptr(Marker) marker = marker_new(query_concepts(query));
    g_autoptr(GString) text = g_string_new(marked);
    return result_page(document, 1, text, *typed ? marker : NULL, analyser);
}

/* Runs as "it 0+3 [fontana]..." */
static char *runs_of(json_t *page)
{
    GString *out = g_string_new(NULL);
    size_t i, j;
    json_t *run, *segment;
    json_array_foreach(json_object_get(page, "runs"), i, run)
    {
        g_string_append_printf(out, "%s %d+%d ",
                               json_string_value(json_object_get(run, "language")),
                               (int)json_integer_value(json_object_get(run, "start")),
                               (int)json_integer_value(json_object_get(run, "length")));
        json_array_foreach(json_object_get(run, "segments"), j, segment)
        {
            gboolean match = json_is_true(json_object_get(segment, "match"));
            g_string_append_printf(out, match ? "[%s]" : "%s",
                                   json_string_value(json_object_get(segment, "text")));
        }
        g_string_append(out, "; ");
    }
    return g_string_free(out, FALSE);
}

static void test_page_runs(void **state)
{
    static const struct {
        const char *marked;
        const char *typed;
        const char *runs;
        const char *text;
    } CASES[] = {
        {"", "", "", ""},
        {IT, "", "", ""},
        {IT "Una riga.\nDue", "", "it 0+13 Una riga.\nDue; ", "Una riga.\nDue"},
        {IT "Città " EN "city", "", "it 0+6 Città ; en 6+4 city; ", "Città city"},
        {"senza", "", "und 0+5 senza; ", "senza"},
        {UND "漢字" IT "e", "", "und 0+2 漢字; it 2+1 e; ", "漢字e"},
        /* a run that ended with the page before leaves its mark at this one's beginning */
        {IT EN "Page two", "", "en 0+8 Page two; ", "Page two"},
        {IT "a" EN IT "b", "", "it 0+1 a; it 1+1 b; ", "ab"},
        {IT "La fontana", "fontane", "it 0+10 La [fontana]; ", "La fontana"},
        {IT "acqua " EN "water here", "\"acqua water\"", "it 0+6 [acqua ]; en 6+10 [water] here; ",
         "acqua water here"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        json_t *page = page_of(CASES[i].marked, CASES[i].typed);
        g_autofree char *runs = runs_of(page);
        if (strcmp(runs, CASES[i].runs) != 0)
            fail_msg("case %zu: %s", i, runs);
        assert_string_equal(json_string_value(json_object_get(page, "text")), CASES[i].text);
        json_decref(page);
    }
}

/* The marks are put in by the same function as in the archive, page by page. */
static void test_page_after_run_end(void **state)
{
    static const char TEXT[] = "Una pagina.\fA page.";
    (void)state;
    g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(LanguageRun));
    const LanguageRun two[] = {{0, 12, LANGUAGE_ITALIAN}, {12, 7, LANGUAGE_ENGLISH}};
    g_array_append_vals(runs, two, 2);
    g_autoptr(GString) marked = analysis_mark(TEXT, strlen(TEXT), runs);
    json_t *page = page_of(strchr(marked->str, '\f') + 1, "");
    g_autofree char *shown = runs_of(page);
    assert_string_equal(shown, "en 0+7 A page.; ");
    json_decref(page);
}

/* Whatever the text, runs follow one another from 0 to its length in characters. */
static void test_runs_cover(void **state)
{
    static const char *const PIECES[] = {IT, EN, UND, "è", "漢", "a", " ", "\n", "parola", "𝒳"};
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(4);
    for (int round = 0; round < 500; round++) {
        g_autoptr(GString) text = g_string_new(round % 2 ? IT : NULL);
        for (int i = g_rand_int_range(random, 0, 60); i > 0; i--)
            g_string_append(text, PIECES[g_rand_int_range(random, 0, G_N_ELEMENTS(PIECES))]);
        json_t *page = page_of(text->str, "parola");
        json_int_t at = 0;
        size_t i;
        json_t *run;
        json_array_foreach(json_object_get(page, "runs"), i, run)
        {
            assert_int_equal(json_integer_value(json_object_get(run, "start")), at);
            assert_true(json_integer_value(json_object_get(run, "length")) > 0);
            at += json_integer_value(json_object_get(run, "length"));
        }
        const char *plain = json_string_value(json_object_get(page, "text"));
        assert_int_equal(at, g_utf8_strlen(plain, -1));
        json_decref(page);
    }
}

static void test_page_facts(void **state)
{
    (void)state;
    g_autoptr(ArchiveDocument) document = sample_document(&SAMPLES[0]);
    g_autoptr(Analyser) analyser = analyser_new();
    g_autoptr(GString) text = g_string_new(IT);
    guint missing = 2;
    g_strlcpy(document->id, "0123456789abcdef0123", sizeof document->id);
    g_array_append_val(document->missing_pages, missing);
    for (guint number = 1; number <= 2; number++) {
        json_t *page = result_page(document, number, text, NULL, analyser);
        assert_int_equal(json_is_true(json_object_get(page, "missing")), number == missing);
        assert_int_equal(json_integer_value(json_object_get(page, "page")), number);
        assert_int_equal(json_integer_value(json_object_get(page, "pages")), 2);
        assert_string_equal(json_string_value(json_object_get(page, "document")), document->id);
        json_decref(page);
    }
}

static void test_status(void **state)
{
    const SampleSearch *f = *state;
    ArchiveCounts counts;
    Archive *archive = searcher_archive(f->searcher);
    assert_true(archive_counts(archive, &counts, NULL));
    g_autoptr(GPtrArray) failures = archive_list_files(archive, FILE_FAILED, 10, 0, NULL);
    json_t *status = result_status(&counts, failures);
    json_t *failure = json_array_get(json_object_get(status, "failures"), 0);
    assert_int_equal(json_integer_value(json_object_get(status, "seen")), 3);
    assert_int_equal(json_integer_value(json_object_get(status, "indexed")), 2);
    assert_int_equal(json_integer_value(json_object_get(status, "failed")), 1);
    assert_int_equal(json_integer_value(json_object_get(status, "pages")), 3);
    assert_string_equal(json_string_value(json_object_get(failure, "reason")), "password");
    assert_string_equal(json_string_value(json_object_get(failure, "path")), "sc\xef\xbf\xbd"
                                                                             "an.pdf");
    json_t *file = result_file(g_ptr_array_index(failures, 0), NULL);
    assert_string_equal(json_string_value(json_object_get(file, "state")), "failed");
    assert_true(json_is_null(json_object_get(file, "document")));
    json_decref(file);
    json_decref(status);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_address),
        cmocka_unit_test_setup_teardown(test_search_shape, set_up, sample_search_tear_down),
        cmocka_unit_test_setup_teardown(test_translated, set_up, sample_search_tear_down),
        cmocka_unit_test_setup_teardown(test_explained, set_up, sample_search_tear_down),
        cmocka_unit_test_setup_teardown(test_missing, set_up, sample_search_tear_down),
        cmocka_unit_test_setup_teardown(test_notes, set_up, sample_search_tear_down),
        cmocka_unit_test(test_language_shares),
        cmocka_unit_test_setup_teardown(test_document, set_up, sample_search_tear_down),
        cmocka_unit_test(test_page_runs),
        cmocka_unit_test(test_page_after_run_end),
        cmocka_unit_test(test_runs_cover),
        cmocka_unit_test(test_page_facts),
        cmocka_unit_test_setup_teardown(test_status, set_up, sample_search_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
