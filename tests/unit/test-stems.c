/* Tests of indexer/stems: each word's stem and index term, the word again from the term, and that
 * the words remembered change nothing. */
#include "fixture.h"

#include <string.h>

#include "../../indexer/stems.h"

static const struct {
    Language language;
    const char *word;
    const char *stem;
    const char *term;
} ROWS[] = {
    {LANGUAGE_ITALIAN, "cooperazione", "i:cooper", "i:cooper-azione"},
    {LANGUAGE_ITALIAN, "cooperazioni", "i:cooper", "i:cooper-azioni"},
    {LANGUAGE_ITALIAN, "cooperative", "i:cooperativ", "i:cooperativ-e"},
    {LANGUAGE_ITALIAN, "citta", "i:citt", "i:citt-a"},
    {LANGUAGE_ENGLISH, "cities", "e:citi", "e:citi-es"},
    {LANGUAGE_ENGLISH, "city", "e:citi", "e:citi-=city"},
    {LANGUAGE_ENGLISH, "dry", "e:dri", "e:dri-=dry"},
    {LANGUAGE_ENGLISH, "plan", "e:plan", "e:plan-"},
    {LANGUAGE_ENGLISH, "dying", "e:dying", "e:dying-"}, /* "die" begins otherwise */
    {LANGUAGE_ENGLISH, "a", "e:a", "e:a-"},
    {LANGUAGE_OTHER, "wasser", "o:wasser", "o:wasser-"},
    {LANGUAGE_OTHER, "\xCE\xB1\xCE\xB8", "o:\xCE\xB1\xCE\xB8", "o:\xCE\xB1\xCE\xB8-"},
};

static void check_all(Stems *stems)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(GString) word = g_string_new(NULL);
        /* A copy of just that length, so that reading beyond it shows. */
        gsize length = strlen(ROWS[i].word);
        g_autofree char *bytes = g_memdup2(ROWS[i].word, length);
        Stem stem = stems_find(stems, ROWS[i].language, bytes, length);
        assert_string_equal(stem.stem, ROWS[i].stem);
        assert_string_equal(stem.term, ROWS[i].term);
        assert_int_equal(stem.term_length, strlen(ROWS[i].term));
        stems_append_word(word, stem.term);
        assert_string_equal(word->str, ROWS[i].word);
    }
}

static void test_terms(void **state)
{
    (void)state;
    g_autoptr(Stems) stems = stems_new();
    check_all(stems);
    check_all(stems);
}

/* More words than are remembered, each found again as it is. */
static void test_many_words(void **state)
{
    (void)state;
    enum { WORDS = 400000, FEW = 100 };
    g_autoptr(Stems) stems = stems_new();
    for (guint i = 0; i < 2 * WORDS; i++) {
        if (i == WORDS)
            stems_remember(stems, FEW);
        assert_true(i <= WORDS || stems_remembered(stems) <= FEW);
        char word[16];
        int length = g_snprintf(word, sizeof word, "w%05x", i % WORDS);
        Stem stem = stems_find(stems, LANGUAGE_OTHER, word, (gsize)length);
        assert_memory_equal(stem.stem + 2, word, (gsize)length + 1);
    }
    check_all(stems);
}

static void test_what_is_no_word(void **state)
{
    static const struct {
        const char *term;
        gboolean is_stem;
    } TERMS[] = {{"k:plan", FALSE},    {"2014", FALSE},   {"a:all", FALSE},
                 {"c:a-b", FALSE},     {"i:", FALSE},     {"i:cooper", TRUE},
                 {"i:cooper-", FALSE}, {"cooper", FALSE}, {"o:x", TRUE}};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(TERMS); i++) {
        g_autoptr(GString) word = g_string_new(NULL);
        assert_int_equal(stems_is_stem(TERMS[i].term, strlen(TERMS[i].term)), TERMS[i].is_stem);
        stems_append_word(word, TERMS[i].term);
        if (!strchr("ioe", *TERMS[i].term))
            assert_string_equal(word->str, TERMS[i].term);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terms),
        cmocka_unit_test(test_many_words),
        cmocka_unit_test(test_what_is_no_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
