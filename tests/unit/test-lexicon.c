/* Tests of server/lexicon: which words it has, that it follows the archive, and threads. */
#include "sample.h"

#include "../../server/search/lexicon.h"

static const Sample SAMPLES[] = {
    {"a.pdf", "Statuto", IT "acqua acqua acquedotto 2030 G20 è città", "Ente", 2015, KIND_STATUTE,
     NULL},
    {"b.pdf", "Altro", EN "water, waters and aqua", NULL, 0, KIND_OTHER, NULL},
};
static const Sample LATER = {"c.pdf", "Poi", IT "zuppa", NULL, 0, KIND_OTHER, NULL};

static char *list_words(const LexiconWords *words, const char *prefix)
{
    GString *list = g_string_new(NULL);
    guint first, end;
    lexicon_words_range(words, prefix, &first, &end);
    for (guint i = first; i < end; i++)
        g_string_append_printf(list, "%s%s", i > first ? " " : "", lexicon_words_at(words, i));
    return g_string_free(list, FALSE);
}

static void test_words(void **state)
{
    static const struct {
        const char *prefix;
        const char *words;
    } CASES[] = {
        {"", "acqua acquedotto altro and aqua citta statuto water waters"},
        {"acq", "acqua acquedotto"},
        {"acqua", "acqua"},
        {"water", "water waters"},
        {"waterz", ""},
        {"zz", ""},
        {"\xff", ""},
    };
    (void)state;
    SampleFolder folder = sample_folder_new();
    sample_archive(folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    g_autoptr(Lexicon) lexicon = lexicon_new(folder.archive);
    g_autoptr(LexiconWords) words = lexicon_words(lexicon);
    assert_non_null(words);
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *list = list_words(words, CASES[i].prefix);
        assert_string_equal(list, CASES[i].words);
    }
    assert_int_equal(lexicon_words_count(words), 9);
    assert_true(lexicon_words_weight(words, 0) > lexicon_words_weight(words, 1));
    sample_folder_release(&folder);
}

/* Until the words have one, or a minute has passed: under valgrind reading takes a while. */
static gboolean comes(Lexicon *lexicon, const char *word)
{
    gint64 end_us = g_get_monotonic_time() + (gint64)60 * G_USEC_PER_SEC;
    while (g_get_monotonic_time() < end_us) {
        g_autoptr(LexiconWords) words = lexicon_words(lexicon);
        guint first = 0, end = 0;
        if (words)
            lexicon_words_range(words, word, &first, &end);
        if (first < end)
            return TRUE;
        g_usleep(1000);
    }
    return FALSE;
}

static void test_follows_the_archive(void **state)
{
    (void)state;
    SampleFolder folder = sample_folder_new();
    g_autoptr(Lexicon) lexicon = lexicon_new(folder.archive);
    assert_null(lexicon_words(lexicon));
    sample_archive(folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    assert_true(comes(lexicon, "acqua"));
    g_autoptr(LexiconWords) before = lexicon_words(lexicon);
    assert_non_null(before);
    g_autoptr(Archive) archive = sample_writer(folder.archive);
    sample_put(archive, &LATER);
    assert_true(comes(lexicon, "zuppa"));
    assert_int_equal(lexicon_words_count(before), 9); /* what was given out does not change */
    sample_folder_release(&folder);
}

static void test_no_archive(void **state)
{
    (void)state;
    SampleFolder folder = sample_folder_new();
    fixture_write(folder.folder, "archive.db", "not an archive at all");
    g_autoptr(Lexicon) lexicon = lexicon_new(folder.archive);
    assert_null(lexicon_words(lexicon));
    assert_null(lexicon_words(lexicon));
    sample_folder_release(&folder);
}

static gpointer ask_often(gpointer lexicon)
{
    guint count = 0;
    for (int i = 0; i < 200; i++) {
        g_autoptr(LexiconWords) words = lexicon_words(lexicon);
        count += words && lexicon_words_count(words) >= 9;
    }
    return GUINT_TO_POINTER(count);
}

static void test_threads(void **state)
{
    (void)state;
    GThread *threads[4];
    SampleFolder folder = sample_folder_new();
    sample_archive(folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    g_autoptr(Lexicon) lexicon = lexicon_new(folder.archive);
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("ask", ask_often, lexicon);
    g_autoptr(Archive) archive = sample_writer(folder.archive);
    sample_put(archive, &LATER);
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        assert_int_equal(GPOINTER_TO_UINT(g_thread_join(threads[i])), 200);
    sample_folder_release(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_follows_the_archive),
        cmocka_unit_test(test_no_archive),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
