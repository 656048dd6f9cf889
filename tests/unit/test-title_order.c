/* Tests of server/title_order: articles, the order of titles, the letters they stand under. */
#include "fixture.h"

#include "../../indexer/language.h"
#include "../../server/search/title_order.h"

enum {
    ITALIAN = 1 << LANGUAGE_ITALIAN,
    ENGLISH = 1 << LANGUAGE_ENGLISH,
    BOTH = ITALIAN | ENGLISH,
};

static void test_key(void **state)
{
    static const struct {
        const char *folded;
        guint languages;
        const char *key;
    } CASES[] = {
        {"lo statuto", ITALIAN, "statuto"},
        {"l acqua di tutti", ITALIAN, "acqua di tutti"},
        {"l 190 2012", ITALIAN, "l 190 2012"},
        {"l", ITALIAN, "l"},
        {"la", BOTH, "la"},
        {"", BOTH, ""},
        {"i comuni e l europa", ITALIAN, "comuni e l europa"},
        {"i comuni", ENGLISH, "i comuni"},
        {"a plan for peace", ENGLISH, "plan for peace"},
        {"a proposito di pace", ITALIAN, "a proposito di pace"},
        {"the harbour charter", ENGLISH, "harbour charter"},
        {"the harbour charter", ITALIAN, "the harbour charter"},
        {"theatre of water", ENGLISH, "theatre of water"},
        {"un anno dopo", BOTH, "anno dopo"},
        {"una", ITALIAN, "una"},
        {"la la land", ITALIAN, "la land"},
        {"il comune", 0, "il comune"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const char *key = title_order_key(CASES[i].folded, CASES[i].languages);
        assert_string_equal(key, CASES[i].key);
        assert_true(key >= CASES[i].folded && key <= CASES[i].folded + strlen(CASES[i].folded));
    }
}

static void test_order(void **state)
{
    static const char *const SORTED[] = {"",      "1 rapporto", "2019", "ωmega",
                                         "acqua", "acque",      "zone"};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(SORTED); i++)
        for (gsize j = 0; j < G_N_ELEMENTS(SORTED); j++) {
            int order = title_order_compare(SORTED[i], SORTED[j]);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
}

static void test_letters(void **state)
{
    (void)state;
    assert_string_equal(title_order_letter_name(title_order_letter("acqua")), "a");
    assert_string_equal(title_order_letter_name(title_order_letter("zone")), "z");
    assert_int_equal(title_order_letter(""), TITLE_LETTER_OTHER);
    assert_int_equal(title_order_letter("1 rapporto"), TITLE_LETTER_OTHER);
    assert_int_equal(title_order_letter("ωmega"), TITLE_LETTER_OTHER);
    assert_string_equal(title_order_letter_name(TITLE_LETTER_OTHER), "other");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
