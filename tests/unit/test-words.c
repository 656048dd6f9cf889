/* Words: what is a word, how it folds, what lies between two. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../../indexer/words.h"

typedef struct {
    const char *text;
    const char *folded;
} Fold;

static const Fold FOLDS[] = {
    {"", ""},
    {"Città CITTÀ citta\xCC\x80", "citta citta citta"},
    {"L’Aquila, dell'Oria", "l aquila dell oria"},
    {"Straße Ærø Łódź œuvre", "strasse aero lodz oeuvre"},
    {"n° 12, 1ª, 2º", "n 12 1 2"},
    {"snake_case-2021/22", "snake case 2021 22"},
    {"\xFFvalle\xC3 monte", "valle monte"},
    {"Ệ Ω Ж", "e ω ж"},
};

static void test_fold(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(FOLDS); i++) {
        g_autofree char *folded = words_fold(FOLDS[i].text);
        assert_string_equal(folded, FOLDS[i].folded);
    }
    g_autofree char *none = words_fold(NULL);
    assert_string_equal(none, "");
}

typedef struct {
    const char *text; /* two words */
    guint gap;
} Between;

static const Between GAPS[] = {
    {"a b", GAP_SPACE},
    {"a\nb", GAP_LINE},
    {"a\n \nb", GAP_LINE | GAP_PARAGRAPH | GAP_SPACE},
    {"a\fb", GAP_PAGE},
    {"a-b", GAP_HYPHEN},
    {"a – b", GAP_HYPHEN | GAP_SPACE},
    {"a’b", GAP_APOSTROPHE},
    {"1/2", GAP_SLASH},
    {"D.Lgs", GAP_DOT},
    {"a, b", GAP_COMMA | GAP_SPACE},
    {"a «b", GAP_QUOTE | GAP_SPACE},
    {"a (b", GAP_OTHER | GAP_SPACE},
    {"a\x02"
     "b",
     GAP_SPACE},
};

static void test_gaps(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(GAPS); i++) {
        g_autoptr(Words) words = words_new(GAPS[i].text, strlen(GAPS[i].text));
        assert_int_equal(words->count, 2);
        assert_int_equal(words->word[1].gap, GAPS[i].gap);
        assert_true(words->word[0].gap & GAP_PARAGRAPH);
        assert_true(words_begins_line(words, 0));
    }
}

static void test_places(void **state)
{
    (void)state;
    static const char TEXT[] = "Perché la\nPace. Fine\n";
    g_autoptr(Words) words = words_new(TEXT, sizeof TEXT - 1);
    assert_int_equal(words->count, 4);
    assert_int_equal(words->word[0].start, 0);
    assert_int_equal(words->word[0].end, 7);
    assert_memory_equal(TEXT + words->word[2].start, "Pace", 4);
    assert_true(words_is_capital(words, 2));
    assert_false(words_is_capital(words, 1));
    assert_true(words_begins_line(words, 2));
    assert_false(words_begins_line(words, 3));
    assert_true(words_gap_after(words, 3) & GAP_LINE);
    assert_true(words_is(words, 3, "fine"));
    assert_false(words_is(words, 4, "fine"));
    static const char *const ENDS[] = {"end", "fine"};
    assert_true(WORDS_IN(words, 3, ENDS));
    assert_false(WORDS_IN(words, 2, ENDS));
    assert_false(WORDS_IN(words, 4, ENDS));
}

static void test_match(void **state)
{
    (void)state;
    static const char TEXT[] = "protocollo d'intesa linee\nguida piano. Strategico";
    g_autoptr(Words) words = words_new(TEXT, sizeof TEXT - 1);
    assert_int_equal(words_match(words, 0, "protocollo d intesa"), 3);
    assert_int_equal(words_match(words, 0, "protocollo"), 1);
    assert_int_equal(words_match(words, 0, "proto"), 0);
    assert_int_equal(words_match(words, 3, "linee guida"), 2);
    assert_int_equal(words_match(words, 5, "piano strategico"), 0);
    assert_int_equal(words_match(words, 6, "strategico e"), 0);
    assert_int_equal(words_match(words, 99, "piano"), 0);
}

static void test_long_word(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < 1000; i++)
        g_string_append(text, "è");
    g_autoptr(Words) words = words_new(text->str, text->len);
    assert_int_equal(words->count, 1);
    assert_int_equal(strlen(words->word[0].folded), WORD_BYTES);
    assert_int_equal(words->word[0].end, text->len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fold),      cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_places),    cmocka_unit_test(test_match),
        cmocka_unit_test(test_long_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
