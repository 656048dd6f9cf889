/* Reader language: whatever the header says, a language that pages are written in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../server/http/reader_language.h"

typedef struct {
    const char *header;
    const char *language;
} Case;

static const Case CASES[] = {
    {NULL, "it"},
    {"", "it"},
    {"it", "it"},
    {"en", "en"},
    {"en-GB,en;q=0.9,it;q=0.8", "en"},
    {"it-IT,it;q=0.9,en;q=0.8", "it"},
    {"EN-us", "en"},
    {"fr", "it"},
    {"fr-FR,fr;q=0.9,en;q=0.5", "en"},
    {"de;q=1.0, en;q=0.2, it;q=0.3", "it"},
    {"*", "it"},
    {"it;q=0, *", "en"},
    {"it;q=0,en;q=0", "it"},
    {"en;q=0,*;q=0.5", "it"},
    {"en,it", "en"},
    {"it,en", "it"},
    {"en;q=0.500,it;q=0.501", "it"},
    /* "ita" and "english" are no languages of ours. */
    {"english,ita", "it"},
    {"english;q=1,it;q=0.1,en;q=0.2", "en"},
    /* Malformed weights count as none. */
    {"en;q=2,it;q=0.1", "it"},
    {"en;q=,it;q=0.1", "it"},
    {"en;level=1,it;q=0.1", "it"},
    {"en;q=0.5x,it;q=0.1", "it"},
    {" , ;;; ,en ; q=0.3 ,", "en"},
    {"\xff\xfe,en", "en"},
};

static void test_accepted(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++)
        assert_string_equal(reader_language_accepted(CASES[i].header), CASES[i].language);
}

/* A header of very many ranges is read in part and harms nothing. */
static void test_long(void **state)
{
    (void)state;
    GString *header = g_string_new("en;q=0.9");
    for (int i = 0; i < 5000; i++)
        g_string_append(header, ",xx;q=1");
    assert_string_equal(reader_language_accepted(header->str), "en");
    g_string_free(header, TRUE);
}

static void test_named(void **state)
{
    (void)state;
    assert_string_equal(reader_language_named("it"), "it");
    assert_string_equal(reader_language_named("en"), "en");
    assert_null(reader_language_named("EN"));
    assert_null(reader_language_named("fr"));
    assert_null(reader_language_named(""));
    assert_null(reader_language_named(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
