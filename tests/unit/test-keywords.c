/* Tests of server/keywords: which words of a document count, under which name, and how much of a
 * long one is read. */
#include "sample.h"

#include "../../server/search/keywords.h"

enum { MOST = 100 };

/* The keywords of a document of its own, "word*count/shown" parted by blanks. */
static char *keywords_in(const char *marked, guint limit)
{
    g_autoptr(GError) error = NULL;
    SampleFolder folder = sample_folder_new();
    const Sample sample = {.path = "a.pdf", .marked = marked};
    sample_archive(folder.archive, &sample, 1);
    g_autoptr(Archive) archive = archive_open_reader(folder.archive, &error);
    g_autoptr(Analyser) analyser = analyser_new();
    assert_non_null(archive);
    assert_non_null(analyser);
    g_autoptr(ArchiveDocument) document = archive_find_row(archive, 1, &error);
    g_autoptr(GPtrArray) keywords = keywords_of(archive, analyser, document, limit, &error);
    assert_non_null(keywords);
    GString *found = g_string_new(NULL);
    for (guint i = 0; i < keywords->len; i++) {
        const Keyword *keyword = keywords->pdata[i];
        g_string_append_printf(found, "%s%s*%u/%s", i > 0 ? " " : "", keyword->word, keyword->count,
                               keyword->shown);
    }
    sample_folder_release(&folder);
    return g_string_free(found, FALSE);
}

static void test_words(void **state)
{
    (void)state;
    static const struct {
        const char *marked;
        const char *found;
    } CASES[] = {
        {IT "Fontana, fontane e fontana.", "fontana*3/fontana"},
        {IT "CITTÀ. Città e città!", "citta*3/città"},
        {IT "VALDORIA Valdoria", "valdoria*2/Valdoria"},
        {IT "la fontana" EN " the fountain and the fountains",
         "fountain*2/fountain fontana*1/fontana"},
        {IT "dell'acqua nell’acqua", "acqua*2/acqua"},
        {IT "ogni anno, tre nuovi articoli a pagina due del primo gennaio", ""},
        {EN "every year three new pages within the first half of January", ""},
        {IT "il lo la di che e non più", "non*1/non"},
        {IT "125/2014 2030 A1 km", ""},
        {UND "Zwei Wörter", ""},
        {IT "", ""},
        {NULL, ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *found = keywords_in(CASES[i].marked, MOST);
        if (strcmp(found, CASES[i].found) != 0)
            fail_msg("%s: %s", CASES[i].marked, found);
    }
}

static void test_limit(void **state)
{
    (void)state;
    static const char TEXT[] = IT "acqua fiume lago fiume acqua acqua mare";
    g_autofree char *two = keywords_in(TEXT, 2), *none = keywords_in(TEXT, 0);
    assert_string_equal(two, "acqua*3/acqua fiume*2/fiume");
    assert_string_equal(none, "");
}

/* A word on each page that no other page has: "parolaaab". */
static void add_page(GString *marked, guint number)
{
    char letters[] = {(char)('a' + number / 676 % 26), (char)('a' + number / 26 % 26),
                      (char)('a' + number % 26), '\0'};
    g_string_append_printf(marked, "%sfontana%sx", number > 0 ? PAGE IT : IT, letters);
    for (guint i = 0; i < 1000; i++)
        g_string_append(marked, " acqua");
}

/* Of a document of many pages a bounded number of words is read, from its beginning to its end. */
static void test_huge(void **state)
{
    (void)state;
    enum { PAGES = 1000 };
    g_autoptr(GString) marked = g_string_new(NULL);
    for (guint i = 0; i < PAGES; i++)
        add_page(marked, i);
    g_autofree char *found = keywords_in(marked->str, MOST);
    const char *count = strstr(found, "acqua*");
    assert_non_null(count);
    assert_in_range(g_ascii_strtoull(count + strlen("acqua*"), NULL, 10), KEYWORDS_WORDS / 2,
                    KEYWORDS_WORDS);
    assert_non_null(strstr(found, "fontanaaaax*1"));
    assert_non_null(strstr(found, "fontanabmkx*1")); /* page 999 */
    assert_null(strstr(found, "fontanaaakx"));
}

/* One page alone may be endless. */
static void test_endless_page(void **state)
{
    (void)state;
    g_autoptr(GString) marked = g_string_new(IT);
    for (guint i = 0; i < 3 * KEYWORDS_WORDS; i++)
        g_string_append(marked, i < KEYWORDS_WORDS ? "acqua " : "fiume ");
    g_autofree char *found = keywords_in(marked->str, MOST);
    g_autofree char *expected = g_strdup_printf("acqua*%d/acqua", KEYWORDS_WORDS);
    assert_string_equal(found, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_huge),
        cmocka_unit_test(test_endless_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
