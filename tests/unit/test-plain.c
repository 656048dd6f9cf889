/* Tests of server/plain: whatever comes in, one line or a plain name comes out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../server/answers/plain.h"

static void test_line(void **state)
{
    static const struct {
        const char *text;
        const char *line;
    } CASES[] = {
        {NULL, ""},
        {"", ""},
        {" \t\r\n ", ""},
        {"Statuto", "Statuto"},
        {"  Statuto\r\n del\tComune ", "Statuto del Comune"},
        {"a\nER  - \nTY  - BOOK", "a ER - TY - BOOK"},
        {"a\x01\x02\x1f\x7f"
         "b",
         "a b"},
        {"a\xc2\x85"
         "b\xe2\x80\xa8"
         "c\xe2\x80\xa9"
         "d\xc2\xa0"
         "e",
         "a b c d e"},
        /* What turns the direction of a line. */
        {"a\xe2\x80\xae"
         "fdp.exe\xe2\x81\xa6x",
         "a fdp.exe x"},
        /* Joiners are part of words. */
        {"\xd9\x85\xe2\x80\x8c\xd8\xa7", "\xd9\x85\xe2\x80\x8c\xd8\xa7"},
        {"citt\xc3\xa0 \xf0\x9f\x8c\x8a", "citt\xc3\xa0 \xf0\x9f\x8c\x8a"},
        {"a\xff\xc3"
         "b",
         "a\xef\xbf\xbd\xef\xbf\xbd"
         "b"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *line = plain_line(CASES[i].text);
        assert_string_equal(line, CASES[i].line);
    }
}

static void test_slug(void **state)
{
    static const struct {
        const char *text;
        gsize most;
        const char *slug;
    } CASES[] = {
        {NULL, 10, ""},
        {"", 10, ""},
        {"\xe6\xb0\xb4", 10, ""},
        {"Statuto del Comune", 40, "statuto-del-comune"},
        {"  \"Citt\xc3\xa0\" & Perch\xc3\xa9?! ", 40, "citta-perche"},
        {"../../etc/passwd", 40, "etc-passwd"},
        {"a\"; filename=x\r\nSet-Cookie: b", 60, "a-filename-x-set-cookie-b"},
        {"Statuto del Comune", 13, "statuto-del"},
        {"Statuto del Comune", 11, "statuto-del"},
        {"Statuto del Comune", 10, "statuto"},
        {"Precipitevolissimevolmente", 7, "precipi"},
        {"125/2014", 10, "125-2014"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *slug = plain_slug(CASES[i].text, CASES[i].most);
        assert_string_equal(slug, CASES[i].slug);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_slug),
    };
    return cmocka_run_group_tests_name("plain", tests, NULL, NULL);
}
