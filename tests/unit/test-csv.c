/* Tests of server/csv: quoting, and that nothing looks like a formula. */
#include <glib.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../server/answers/csv.h"

static void test_texts(void **state)
{
    static const struct {
        const char *text;
        const char *value;
    } CASES[] = {
        {NULL, ""},
        {"", "\"\""},
        {"Statuto", "\"Statuto\""},
        {"a \"b\" c", "\"a \"\"b\"\" c\""},
        {"\"", "\"\"\"\""},
        {"a,b;c", "\"a,b;c\""},
        {"a\r\nb", "\"a b\""},
        /* Formulas, also behind what a spreadsheet passes over. */
        {"=1+1", "\"'=1+1\""},
        {"+39 06", "\"'+39 06\""},
        {"-5", "\"'-5\""},
        {"@SUM(A1)", "\"'@SUM(A1)\""},
        {"\t=1+1", "\"'=1+1\""},
        {"\r=1+1", "\"'=1+1\""},
        {"  \n=1+1", "\"'=1+1\""},
        {"\xef\xbc\x9d"
         "1",
         "\"'\xef\xbc\x9d"
         "1\""},
        {"\xe2\x80\xae=1", "\"'=1\""},
        /* After the other separator. */
        {"a;=cmd|' /C calc'!A0", "\"a;'=cmd|' /C calc'!A0\""},
        {"a,@x", "\"a,'@x\""},
        {"a;\n=1", "\"a; =1\""},
        /* Nothing else is touched. */
        {"2021-2023", "\"2021-2023\""},
        {"a = b", "\"a = b\""},
        {"'=1", "\"'=1\""},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        CsvLine line = csv_line(out, ',');
        csv_text(&line, CASES[i].text);
        assert_string_equal(out->str, CASES[i].value);
    }
}

static void test_lines(void **state)
{
    (void)state;
    g_autoptr(GString) out = g_string_new(CSV_BEGINNING);
    CsvLine line = csv_line(out, ';');
    csv_text(&line, "a");
    csv_number(&line, -12);
    csv_real(&line, 1.23456);
    csv_text(&line, NULL);
    csv_end(&line);
    line = csv_line(out, ',');
    csv_text(&line, NULL);
    csv_text(&line, "b");
    csv_end(&line);
    assert_string_equal(out->str, "\xef\xbb\xbf\"a\";-12;1.235;\r\n,\"b\"\r\n");
}

/* A comma in a number would part it. */
static void test_locale(void **state)
{
    (void)state;
    if (!setlocale(LC_NUMERIC, "it_IT.UTF-8"))
        setlocale(LC_NUMERIC, "de_DE.UTF-8");
    g_autoptr(GString) out = g_string_new(NULL);
    CsvLine line = csv_line(out, ',');
    csv_real(&line, 0.5);
    setlocale(LC_NUMERIC, "C");
    assert_string_equal(out->str, "0.500");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_locale),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
