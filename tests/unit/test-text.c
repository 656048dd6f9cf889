/* Tests of indexer/text: pages in, clean text out. */
#include "../../indexer/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The clean text of pages that are written with '|' between them; "~" is a page not read. */
static char *clean(const char *written)
{
    g_auto(GStrv) parts = g_strsplit(written, "|", -1);
    g_autoptr(GPtrArray) pages = g_ptr_array_new();
    for (char **part = parts; *part; part++)
        g_ptr_array_add(pages, strcmp(*part, "~") == 0 ? NULL : *part);
    return g_string_free(text_clean(pages), FALSE);
}

static void test_cleaning(void **state)
{
    static const struct {
        const char *what;
        const char *pages;
        const char *expected;
    } ROWS[] = {
        {"nothing", "", ""},
        {"plain", "Lo statuto.", "Lo statuto."},
        {"trailing space", "uno  \ndue \t\n", "uno\ndue"},
        {"leading space", "\n\n  uno\n   due", "uno\ndue"},
        {"two spaces", "uno  due", "uno due"},
        {"a gap", "uno     due", "uno  due"},
        {"a tab", "uno\tdue", "uno  due"},
        {"one blank line", "uno\n \n\t\n\ndue", "uno\n\ndue"},
        {"windows lines", "uno\r\ndue\r\rtre", "uno\ndue\n\ntre"},
        {"other lines",
         "uno\xE2\x80\xA8"
         "due\xC2\x85tre",
         "uno\ndue\ntre"},
        {"no-break space",
         "n.\xC2\xA0"
         "5\xE2\x80\xAF%",
         "n. 5 %"},
        {"control characters", "u\x01no\x7F\x1B", "uno"},
        {"ligatures",
         "e\xEF\xAC\x83"
         "ciente \xEF\xAC\x81ne \xEF\xAC\x86",
         "efficiente fine st"},
        {"soft hyphen inside",
         "parte\xC2\xAD"
         "cipare",
         "partecipare"},
        {"zero width, mark", "\xEF\xBB\xBFu\xE2\x80\x8Bno\xE2\x80\x8D", "uno"},
        {"private use", "\xEF\x82\xB7 punto\xEF\x83\x98punto", "punto punto"},
        {"direction marks",
         "a\xE2\x80\xAA"
         "b\xE2\x80\xAC",
         "ab"},
        {"accents", "citt\xC3\xA0 perch\xC3\xA9 \xC3\x88", "citt\xC3\xA0 perch\xC3\xA9 \xC3\x88"},
        {"composed", "citta\xCC\x80 perche\xCC\x81", "citt\xC3\xA0 perch\xC3\xA9"},
        {"angstrom", "\xE2\x84\xAB", "\xC3\x85"},
        {"mark on nothing", "a \xCC\x80 b", "a b"},
        {"punctuation stays",
         "\xE2\x80\x9Clegge\xE2\x80\x9D \xE2\x80\x93 l\xE2\x80\x99"
         "ente \xE2\x82\xAC",
         "\xE2\x80\x9Clegge\xE2\x80\x9D \xE2\x80\x93 l\xE2\x80\x99"
         "ente \xE2\x82\xAC"},
        {"greek and chinese", "\xCE\xB1\xCE\xB2 \xE4\xB8\xAD", "\xCE\xB1\xCE\xB2 \xE4\xB8\xAD"},
        {"no UTF-8", "citt\xE0 e\xC3", "citt\xEF\xBF\xBD e\xEF\xBF\xBD"},
        {"overlong, surrogate",
         "a\xC0\x80"
         "b\xED\xA0\x80"
         "c",
         "a\xEF\xBF\xBD\xEF\xBF\xBD"
         "b\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
         "c"},
        {"pages", "uno|due|tre", "uno\fdue\ftre"},
        {"empty pages", "|~||", "\f\f\f"},
        {"a page not read", "uno|~|tre", "uno\f\ftre"},
        {"form feed in a page", "uno\fdue", "uno\ndue"},
        {"page ends", "uno\n\n|\n due", "uno\fdue"},
        {"broken word", "la parte-\ncipazione dei comuni", "la partecipazione\ndei comuni"},
        {"broken by soft hyphen", "la parte\xC2\xAD\ncipazione ora", "la partecipazione\nora"},
        {"broken before trailing space", "la parte- \r\n cipazione ora", "la partecipazione\nora"},
        {"broken over pages", "la parte-|cipazione ora|fine", "la partecipazione\fora\ffine"},
        {"broken before a page number", "la rinvia-\n\n48\n|bile ora", "la rinviabile\n\n48\fora"},
        {"hangul that a hyphen parted", "\xE1\x84\x80-\n\xE1\x85\xA1\xE1\x86\xA8 ora",
         "\xEA\xB0\x81\nora"},
        {"soft hyphen before nothing", "fine\xC2\xAD\n", "fine"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *got = clean(ROWS[i].pages);
        if (strcmp(got, ROWS[i].expected) != 0)
            print_error("row \"%s\":\n", ROWS[i].what);
        assert_string_equal(got, ROWS[i].expected);
    }
}

/* What must hold of any output. */
static void assert_clean(const GString *text, guint n_pages)
{
    guint feeds = 0;
    assert_true(g_utf8_validate(text->str, (gssize)text->len, NULL));
    assert_true(text->len == strlen(text->str));
    for (const char *at = text->str; *at; at++) {
        feeds += *at == '\f';
        assert_true((guint8)*at >= 0x20 || *at == '\n' || *at == '\f');
        assert_false(*at == ' ' && (at[1] == '\n' || at[1] == '\f' || at[1] == '\0'));
    }
    assert_null(strstr(text->str, "\n\n\n"));
    assert_int_equal(feeds, n_pages - 1);
}

/* Random bytes, drawn mostly from those that mean something here. */
static void test_any_bytes(void **state)
{
    static const char LIVELY[] =
        "aA-1 \n\r\t\f\xC2\xAD\xE2\x80\x90\xEF\xAC\x81\xCC\x80\xC3\xA0\xEE\x80";
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    for (int round = 0; round < 5000; round++) {
        guint n_pages = (guint)g_rand_int_range(random, 1, 6);
        g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func(g_free);
        for (guint i = 0; i < n_pages; i++) {
            int length = g_rand_int_range(random, 0, 40);
            char *page = g_malloc0((gsize)length + 1);
            for (int j = 0; j < length; j++)
                page[j] = g_rand_boolean(random)
                              ? LIVELY[g_rand_int_range(random, 0, (gint32)sizeof LIVELY - 1)]
                              : (char)g_rand_int_range(random, 1, 256);
            g_ptr_array_add(pages, page);
        }
        GString *text = text_clean(pages);
        assert_clean(text, n_pages);
        g_string_free(text, TRUE);
    }
}

/* A page of nothing but combining marks, of whatever script, must not take time that grows with its
 * square. */
static void test_many_marks(void **state)
{
    static const char *const MARKS[] = {"\xCC\xA3", "\xCC\x80", "\xD7\x81", "\xE0\xA5\x8D"};
    (void)state;
    GString *page = g_string_new("a");
    for (int i = 0; i < 500000; i++)
        g_string_append(page, MARKS[i % 23 == 0 ? 2 + i % 2 : i % 2]);
    g_autoptr(GPtrArray) pages = g_ptr_array_new();
    g_ptr_array_add(pages, page->str);
    gint64 start = g_get_monotonic_time();
    GString *text = text_clean(pages);
    assert_true(g_get_monotonic_time() - start < 5 * G_TIME_SPAN_SECOND);
    assert_clean(text, 1);
    assert_true(text->len < 100);
    g_string_free(text, TRUE);
    g_string_free(page, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cleaning),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_many_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
