/* Tests of indexer/document: what a reader sent becomes a row and marked text. */
#include "../../indexer/document.h"

#include <jansson.h>

#include "../../indexer/analysis.h"
#include "fixture.h"

#define ITALIAN_PAGE                                                                               \
    "Il consiglio comunale approva il piano della cooperazione decentrata e incarica la giunta "   \
    "di trasmetterlo alla regione entro la fine dell'anno."
#define ENGLISH_PAGE                                                                               \
    "The municipal council approves the plan of decentralised cooperation and asks the board to "  \
    "send it to the region before the end of the year."

static const char SHA256[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static int set_up(void **state)
{
    *state = thesaurus_new_builtin(NULL);
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    thesaurus_free(*state);
    return 0;
}

/* What a reader would have sent: pages written with '|' between them; "~" is one not read. */
static ReadingResult *result_of(const char *written)
{
    ReadingResult *result = g_new0(ReadingResult, 1);
    g_auto(GStrv) parts = g_strsplit(written, "|", -1);
    result->media_type = g_strdup("application/pdf");
    result->pages = g_ptr_array_new_with_free_func(g_free);
    for (char **part = parts; *part; part++)
        g_ptr_array_add(result->pages, strcmp(*part, "~") == 0 ? NULL : g_strdup(*part));
    return result;
}

static ReadingResult *failed_result(ReadingFailure failure, const char *detail)
{
    ReadingResult *result = result_of("");
    g_ptr_array_set_size(result->pages, 0);
    result->failure = failure;
    result->detail = g_strdup(detail);
    return result;
}

static ArchiveDocument *made(const ReadingResult *result, const char *path, const Sidecar *sidecar,
                             const Thesaurus *thesaurus, GString **ret_marked)
{
    const DocumentOrigin origin = {
        .path = path,
        .sha256 = SHA256,
        .size_bytes = 4321,
        .now_unix = 1400000000,
        .sidecar = sidecar,
    };
    return document_make(result, &origin, thesaurus, ret_marked);
}

static void test_facts(void **state)
{
    g_autoptr(ReadingResult) result = result_of(ITALIAN_PAGE "|" ITALIAN_PAGE);
    g_autoptr(GString) marked = NULL;
    result->meta_title = g_strdup("Piano della cooperazione");
    result->meta_author = g_strdup("Comune di Valdoria");
    result->heading = g_strdup("Piano");
    result->meta_year = 2014;
    g_autoptr(ArchiveDocument) document = made(result, "piani/a.pdf", NULL, *state, &marked);
    assert_int_equal(document->row, 0);
    assert_string_equal(document->sha256, SHA256);
    assert_int_equal(document->state, DOCUMENT_INDEXED);
    assert_string_equal(document->media_type, "application/pdf");
    assert_int_equal(document->size_bytes, 4321);
    assert_int_equal(document->indexed_unix, 1400000000);
    assert_string_equal(document->meta_title, "Piano della cooperazione");
    assert_string_equal(document->meta_author, "Comune di Valdoria");
    assert_string_equal(document->heading, "Piano");
    assert_int_equal(document->meta_year, 2014);
    assert_int_equal(document->page_count, 2);
    assert_int_equal(document->missing_pages->len, 0);
    assert_null(document->reason);
    assert_string_equal(document->card->title, "Piano della cooperazione");
    assert_int_equal(document->card->kind, KIND_PLAN);
    assert_string_equal(document->card->collection, "piani");
    assert_string_equal(marked->str, "\x02" ITALIAN_PAGE "\f\x02" ITALIAN_PAGE);
}

static void test_shares(void **state)
{
    static const struct {
        const char *pages;
        double it, en, other; /* about */
    } ROWS[] = {
        {ITALIAN_PAGE, 1, 0, 0},
        {ENGLISH_PAGE, 0, 1, 0},
        {ITALIAN_PAGE "|" ENGLISH_PAGE, 0.5, 0.5, 0},
        {ITALIAN_PAGE "|~|" ITALIAN_PAGE "|" ENGLISH_PAGE, 0.67, 0.33, 0},
        {"Der Gemeinderat beschlie\xC3\x9Ft den Plan der Zusammenarbeit und beauftragt den "
         "Vorstand, ihn vor Ende des Jahres der Region zu schicken.",
         0, 0, 1},
        {"2014|15/3", 0, 0, 0}, /* no letters */
        {"", 0, 0, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(ReadingResult) result = result_of(ROWS[i].pages);
        g_autoptr(GString) marked = NULL;
        g_autoptr(ArchiveDocument) document = made(result, "a.pdf", NULL, *state, &marked);
        assert_float_equal(document->share[LANGUAGE_ITALIAN], ROWS[i].it, 0.05);
        assert_float_equal(document->share[LANGUAGE_ENGLISH], ROWS[i].en, 0.05);
        assert_float_equal(document->share[LANGUAGE_OTHER], ROWS[i].other, 0.05);
    }
}

static guint count_pages(const GString *marked)
{
    guint pages = 1;
    for (gsize i = 0; i < marked->len; i++)
        pages += marked->str[i] == MARK_PAGE;
    return pages;
}

static void test_missing_pages(void **state)
{
    static const struct {
        const char *pages;
        guint count;
        const char *missing;
    } ROWS[] = {
        {"uno", 1, ""},     {"uno||tre", 3, ""}, /* empty is not missing */
        {"~|due", 2, " 1"}, {"uno|~", 2, " 2"},  {"~|due|~|~", 4, " 1 3 4"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(ReadingResult) result = result_of(ROWS[i].pages);
        g_autoptr(GString) marked = NULL;
        g_autoptr(GString) missing = g_string_new(NULL);
        g_autoptr(ArchiveDocument) document = made(result, "a.pdf", NULL, *state, &marked);
        for (guint k = 0; k < document->missing_pages->len; k++)
            g_string_append_printf(missing, " %u",
                                   g_array_index(document->missing_pages, guint, k));
        assert_string_equal(missing->str, ROWS[i].missing);
        assert_int_equal(document->page_count, ROWS[i].count);
        assert_int_equal(count_pages(marked), ROWS[i].count);
    }
}

static void test_failures(void **state)
{
    static const struct {
        ReadingFailure failure;
        const char *detail;
        guint pages;
    } ROWS[] = {
        {READING_PASSWORD, NULL, 0},       {READING_NO_TEXT, "12", 12},
        {READING_NO_TEXT, NULL, 0},        {READING_NO_TEXT, "nonsense", 0},
        {READING_TIMEOUT, "60", 0},        {READING_UNREADABLE, "image/png", 0},
        {READING_CRASHED, "signal 11", 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(ReadingResult) result = failed_result(ROWS[i].failure, ROWS[i].detail);
        GString *marked = NULL;
        g_autoptr(ArchiveDocument) document =
            made(result, "statuti/Statuto di Valdoria.pdf", NULL, *state, &marked);
        assert_null(marked);
        assert_int_equal(document->state, DOCUMENT_FAILED);
        assert_string_equal(document->reason, reading_failure_name(ROWS[i].failure));
        if (ROWS[i].detail)
            assert_string_equal(document->detail, ROWS[i].detail);
        else
            assert_null(document->detail);
        assert_int_equal(document->page_count, ROWS[i].pages);
        /* Even so it has a card, so that it can be listed. */
        assert_string_equal(document->card->title, "Statuto di Valdoria");
        assert_string_equal(document->card->collection, "statuti");
        assert_string_equal(document->themes, "[]");
    }
}

static void test_sidecar_overrules(void **state)
{
    g_autoptr(ReadingResult) result = result_of(ITALIAN_PAGE);
    g_autoptr(GString) marked = NULL;
    Sidecar sidecar = {.title = (char *)"Altro titolo", .year = 1999};
    g_autoptr(ArchiveDocument) document = made(result, "piani/a.pdf", &sidecar, *state, &marked);
    assert_string_equal(document->card->title, "Altro titolo");
    assert_int_equal(document->card->title_source, SOURCE_SIDECAR);
    assert_int_equal(document->card->year, 1999);
    g_autoptr(ReadingResult) failed = failed_result(READING_PASSWORD, NULL);
    GString *none = NULL;
    g_autoptr(ArchiveDocument) other = made(failed, "a.pdf", &sidecar, *state, &none);
    assert_string_equal(other->card->title, "Altro titolo");
}

static void test_paths_that_are_no_text(void **state)
{
    g_autoptr(ReadingResult) result = failed_result(READING_PASSWORD, NULL);
    GString *marked = NULL;
    g_autoptr(ArchiveDocument) document =
        made(result, "citt\xE0/pi\xF9.pdf", NULL, *state, &marked);
    assert_true(g_utf8_validate(document->card->title, -1, NULL));
    assert_true(g_utf8_validate(document->card->collection, -1, NULL));
}

static void test_themes(void **state)
{
    g_autoptr(GString) page = g_string_new(NULL);
    g_autoptr(GString) marked = NULL;
    for (int i = 0; i < 20; i++)
        g_string_append(page, "I diritti umani e la migrazione nel Mediterraneo: i migranti, i "
                              "rifugiati e l'asilo nei paesi del Mediterraneo. ");
    g_autoptr(ReadingResult) result = result_of(page->str);
    g_autoptr(ArchiveDocument) document = made(result, "a.pdf", NULL, *state, &marked);
    json_t *themes = json_loads(document->themes, 0, NULL);
    assert_true(json_is_array(themes));
    assert_true(json_array_size(themes) >= 1);
    size_t index;
    json_t *theme;
    json_array_foreach(themes, index, theme)
    {
        assert_non_null(json_string_value(json_object_get(theme, "id")));
        assert_true(json_is_boolean(json_object_get(theme, "area")));
        assert_true(json_array_size(json_object_get(theme, "terms")) >= 1);
    }
    json_decref(themes);
}

/* The card is made from the first pages, whether a document is read or its card made anew. */
static void test_cards_made_anew(void **state)
{
    static const char *const TEXTS[] = {
        ITALIAN_PAGE "|2014|" ENGLISH_PAGE,
        "Statuto del Comune di Valdoria\n\nArt. 1|~||" ITALIAN_PAGE "|" ENGLISH_PAGE
        "|Sesta pagina, 1999|" ITALIAN_PAGE,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_autoptr(ReadingResult) result = result_of(TEXTS[i]);
        g_autoptr(GString) marked = NULL;
        Sidecar sidecar = {.title = (char *)"Altro titolo"};
        g_autoptr(ArchiveDocument) document = made(result, "piani/a.pdf", NULL, *state, &marked);
        g_autofree char *title = g_strdup(document->card->title);
        assert_false(document_make_card(document, marked, "piani/a.pdf", NULL));
        assert_string_equal(document->card->title, title);
        assert_true(document_make_card(document, marked, "piani/a.pdf", &sidecar));
        assert_string_equal(document->card->title, "Altro titolo");
        assert_false(document_make_card(document, marked, "piani/a.pdf", &sidecar));
        assert_true(document_make_card(document, marked, "altri/a.pdf", NULL));
        assert_string_equal(document->card->title, title);
        assert_string_equal(document->card->collection, "altri");
    }
}

static void test_later_pages_are_not_looked_at(void **state)
{
    g_autoptr(ReadingResult) result = result_of("x|x|x|x|x|Approvato il 3 marzo 2014.");
    g_autoptr(GString) marked = NULL;
    g_autoptr(ArchiveDocument) document = made(result, "a.pdf", NULL, *state, &marked);
    assert_int_equal(document->card->year, 0);
    g_autoptr(GString) none = g_string_new(NULL);
    document_make_card(document, none, "a.pdf", NULL); /* no text at all does no harm */
    assert_string_equal(document->card->title, "A");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_missing_pages),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_sidecar_overrules),
        cmocka_unit_test(test_paths_that_are_no_text),
        cmocka_unit_test(test_themes),
        cmocka_unit_test(test_cards_made_anew),
        cmocka_unit_test(test_later_pages_are_not_looked_at),
    };
    return cmocka_run_group_tests_name("document", tests, set_up, tear_down);
}
