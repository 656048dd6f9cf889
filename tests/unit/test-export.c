/* Tests of server/export and server/cited: a document's record in each form. */
#include "sample.h"

#include <jansson.h>

#include "../../server/answers/cited.h"
#include "../../server/answers/export.h"

static const Sample SAMPLE = {.path = "piani/a.pdf",
                              .title = "Il \"piano\"",
                              .marked = IT "La fontana antica. " PAGE IT "Seconda fontana.",
                              .body = "Comune",
                              .year = 2019,
                              .kind = KIND_PLAN};

typedef struct {
    SampleFolder folder;
    Searcher *searcher;
    Query *query;
    SearchRows *rows;
    SearchItem *item;
    GArray *pages;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->folder = sample_folder_new();
    sample_archive(f->folder.archive, &SAMPLE, 1);
    f->searcher = searcher_new(f->folder.archive, NULL);
    assert_true(searcher_begin(f->searcher, NULL));
    f->query = query_parse("fontana", 7, NULL, FALSE, searcher_analyser(f->searcher));
    SearchRequest request = {.query = f->query};
    f->rows = searcher_rows(f->searcher, &request, NULL);
    f->item = searcher_item(f->searcher, f->rows, 0, f->query, TRUE, NULL);
    assert_non_null(f->item);
    f->pages = searcher_pages(f->searcher, f->query, f->item->document->row, NULL);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    g_array_unref(f->pages);
    search_item_free(f->item);
    search_rows_free(f->rows);
    query_free(f->query);
    searcher_end(f->searcher);
    searcher_free(f->searcher);
    sample_folder_release(&f->folder);
    g_free(f);
    return 0;
}

static GString *record(const Fixture *f, ExportForm form, const GArray *pages, char separator)
{
    GString *out = g_string_new(NULL);
    ExportRecord one = {.item = f->item,
                        .pages = pages,
                        .query = f->query,
                        .typed = "fontana",
                        .origin = "https://archive.example",
                        .kind_label = "Piano",
                        .separator = separator};
    export_record(out, form, &one);
    return out;
}

static guint count_of(const char *text, const char *part)
{
    guint count = 0;
    for (; (text = strstr(text, part)); text += strlen(part))
        count++;
    return count;
}

static void test_csv(void **state)
{
    const Fixture *f = *state;
    g_autoptr(GString) head = g_string_new(NULL);
    g_autofree char *id = sample_id(&SAMPLE);
    export_begin(head, EXPORT_CSV, ';');
    assert_true(g_str_has_prefix(head->str, "\xef\xbb\xbf\"id\";\"address\";\"title\";\"body\""));
    assert_true(g_str_has_suffix(head->str, ";\"passage\"\r\n"));
    g_autoptr(GString) line = record(f, EXPORT_CSV, f->pages, ';');
    g_autofree char *begin = g_strdup_printf(
        "\"%s\";\"https://archive.example/documents/%s\";\"Il \"\"piano\"\"\";\"Comune\";\"plan\";"
        "2019;\"it 1.00\";\"piani\";\"\";\"\";2;\"piani/a.pdf\";",
        id, id);
    assert_true(g_str_has_prefix(line->str, begin));
    assert_non_null(strstr(line->str, ";\"no\";\"\";\""));
    assert_non_null(strstr(line->str, "1 (1)"));
    assert_non_null(strstr(line->str, "2 (1)"));
    assert_int_equal(count_of(head->str, ";"), count_of(line->str, ";") - 1); /* "1 (1); 2 (1)" */
}

static void test_json(void **state)
{
    const Fixture *f = *state;
    g_autoptr(GString) line = record(f, EXPORT_JSONL, f->pages, ',');
    assert_int_equal(count_of(line->str, "\n"), 1);
    json_t *object = json_loads(line->str, 0, NULL);
    assert_int_equal(json_array_size(json_object_get(object, "matching_pages")), 2);
    assert_int_equal(json_array_size(json_object_get(object, "hits")), 2);
    assert_true(g_str_has_prefix(json_string_value(json_object_get(object, "address")),
                                 "https://archive.example/documents/"));
    json_decref(object);
    g_autoptr(GString) plain = record(f, EXPORT_JSONL, NULL, ',');
    assert_non_null(strstr(plain->str, "\"matching_pages\":[]"));
}

static void test_citations(void **state)
{
    const Fixture *f = *state;
    g_autoptr(GString) bibtex = record(f, EXPORT_BIBTEX, NULL, ',');
    g_autoptr(GString) ris = record(f, EXPORT_RIS, NULL, ',');
    g_autoptr(GString) head = g_string_new(NULL);
    assert_true(g_str_has_prefix(bibtex->str, "@techreport{comune-2019-"));
    assert_non_null(strstr(bibtex->str, "langid = {italian}"));
    assert_true(g_str_has_prefix(ris->str, "TY  - RPRT\r\n"));
    assert_non_null(strstr(ris->str, "M3  - Piano\r\n"));
    export_begin(head, EXPORT_BIBTEX, ',');
    export_begin(head, EXPORT_RIS, ',');
    export_begin(head, EXPORT_JSONL, ',');
    assert_string_equal(head->str, "");
}

static void test_forms(void **state)
{
    static const char *const ENDINGS[EXPORT_FORMS] = {"csv", "jsonl", "bib", "ris"};
    (void)state;
    for (int form = 0; form < EXPORT_FORMS; form++) {
        assert_string_equal(export_ending((ExportForm)form), ENDINGS[form]);
        assert_non_null(strchr(export_media_type((ExportForm)form), '/'));
        assert_int_equal(export_has_hits((ExportForm)form), form <= EXPORT_JSONL);
    }
}

static void test_cited(void **state)
{
    const Fixture *f = *state;
    ArchiveDocument *document = f->item->document;
    g_autofree char *id = sample_id(&SAMPLE);
    g_autofree char *place = g_strdup_printf("http://h/documents/%s/pages/2", id);
    g_auto(Cited) page = {0};
    g_auto(Cited) whole = {0};
    cited_init(&page, document, "http://h", 2, NULL, 0);
    assert_string_equal(page.citation.address, place);
    assert_int_equal(page.citation.page, 2);
    assert_string_equal(page.citation.language, "it");
    g_free(document->media_type);
    document->media_type = g_strdup("text/plain");
    cited_init(&whole, document, NULL, 0, "Piano", 5);
    assert_true(g_str_has_prefix(whole.citation.address, "/documents/"));
    assert_null(whole.citation.file); /* only a PDF is a full text for those who gather them */
}

static void test_language(void **state)
{
    (void)state;
    assert_string_equal(cited_language((double[LANGUAGE_COUNT]){[LANGUAGE_ITALIAN] = 0.95}), "it");
    assert_string_equal(cited_language((double[LANGUAGE_COUNT]){[LANGUAGE_ENGLISH] = 0.9}), "en");
    assert_null(cited_language(
        (double[LANGUAGE_COUNT]){[LANGUAGE_ITALIAN] = 0.5, [LANGUAGE_ENGLISH] = 0.5}));
    assert_null(cited_language((double[LANGUAGE_COUNT]){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_csv, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_citations, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cited, set_up, tear_down),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_language),
    };
    return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
