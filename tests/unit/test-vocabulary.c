/* Tests of server/vocabulary: other names for words, from the books that are built in. */
#include "fixture.h"

#include "../../server/query/vocabulary.h"

typedef struct {
    Vocabulary *vocabulary;
    Analyser *analyser;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->vocabulary = vocabulary_new(NULL);
    f->analyser = analyser_new();
    *state = f;
    return f->vocabulary ? 0 : -1;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    vocabulary_free(f->vocabulary);
    analyser_free(f->analyser);
    g_free(f);
    return 0;
}

static void note(const VocabularyTerm *term, gpointer data)
{
    assert_true(term->weight > 0 && term->weight <= 1);
    g_string_append_printf(data, "|%s %s/%u|", term->language == LANGUAGE_ITALIAN ? "it" : "en",
                           term->words, term->covers);
}

static char *names(const Fixture *f, Language from, const char *typed)
{
    GString *found = g_string_new(NULL);
    g_auto(GStrv) words = g_strsplit(typed, " ", -1);
    vocabulary_visit(f->vocabulary, f->analyser, from, (const char *const *)words,
                     g_strv_length(words), note, found);
    return g_string_free(found, FALSE);
}

static void test_names(void **state)
{
    static const struct {
        Language from;
        const char *typed;
        const char *holds;
    } CASES[] = {
        /* of the field: one word or several, any form, without its function words */
        {LANGUAGE_ITALIAN, "cooperazione decentrata", "|en decentralised cooperation/2|"},
        {LANGUAGE_ITALIAN, "cooperazioni decentrate", "|en decentralised cooperation/2|"},
        {LANGUAGE_ENGLISH, "decentralized cooperation", "|it cooperazione decentrata/2|"},
        {LANGUAGE_ENGLISH, "sustainable development goals",
         "|it obiettivi di sviluppo sostenibile/3|"},
        {LANGUAGE_ITALIAN, "obiettivi sviluppo sostenibile", "|en SDG/3|"},
        {LANGUAGE_ITALIAN, "consiglio comunale", "|en municipal council/2|"},
        /* what follows the term is not covered by it */
        {LANGUAGE_ENGLISH, "municipal council rome", "|it consiglio comunale/2|"},
        /* of common speech */
        {LANGUAGE_ENGLISH, "dog", "|it cane/1|"},
        {LANGUAGE_ITALIAN, "finestra", "|en window/1|"},
        {LANGUAGE_ENGLISH, "children", "|it bambini/1|"},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *found = names(f, CASES[i].from, CASES[i].typed);
        if (!strstr(found, CASES[i].holds))
            fail_msg("%s: %s", CASES[i].typed, found);
    }
}

/* Names that share a stem do not stand for each other. */
static void test_names_stay_apart(void **state)
{
    static const struct {
        const char *typed;
        const char *lacks;
    } CASES[] = {{"niger", "Nigeria"},
                 {"tunisi", "Tunisia"},
                 {"algeri", "Algeria"},
                 {"cooperazione", "cooperativ"},
                 {"zzzz", "|"}};
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *found = names(f, LANGUAGE_ITALIAN, CASES[i].typed);
        if (strstr(found, CASES[i].lacks))
            fail_msg("%s: %s", CASES[i].typed, found);
    }
}

/* "UN" is an article in Italian only: "women" does not stand for "UN Women". */
static void test_foreign_grammar(void **state)
{
    const Fixture *f = *state;
    g_autofree char *women = names(f, LANGUAGE_ENGLISH, "women");
    g_autofree char *both = names(f, LANGUAGE_ITALIAN, "onu donne");
    assert_null(strstr(women, "ONU Donne"));
    assert_non_null(strstr(both, "|en UN Women/2|"));
}

static void test_known(void **state)
{
    static const struct {
        const char *word;
        gboolean is_italian;
        gboolean is_english;
    } CASES[] = {{"finestra", TRUE, FALSE}, {"window", FALSE, TRUE}, {"xyzzyx", FALSE, FALSE}};
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        assert_int_equal(
            vocabulary_knows(f->vocabulary, f->analyser, LANGUAGE_ITALIAN, CASES[i].word),
            CASES[i].is_italian);
        assert_int_equal(
            vocabulary_knows(f->vocabulary, f->analyser, LANGUAGE_ENGLISH, CASES[i].word),
            CASES[i].is_english);
    }
}

/* By id, by name in either language, by the name of a concept below; in any spelling. */
static void test_topics(void **state)
{
    static const struct {
        gboolean is_area;
        const char *name;
        const char *id;
    } CASES[] = {
        {FALSE, "migration", "migration"},
        {FALSE, "Migrazioni", "migration"},
        {FALSE, "DIRITTI UMANI", "human-rights"},
        {FALSE, "human-rights", "human-rights"},
        {FALSE, "rifugiati", "migration"},
        {TRUE, "Mediterraneo", "mediterranean"},
        {TRUE, "middle east", "middle-east"},
        {TRUE, "migration", NULL},
        {FALSE, "mediterraneo", NULL},
        {FALSE, "", NULL},
        {FALSE, "zzz", NULL},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const char *id = vocabulary_topic(f->vocabulary, CASES[i].is_area, CASES[i].name);
        if (g_strcmp0(id, CASES[i].id) != 0)
            fail_msg("%s: %s", CASES[i].name, id ? id : "none");
    }
}

static void test_topic_lists(void **state)
{
    static const char *const AREAS = "mediterranean sub-saharan-africa latin-america middle-east";
    const Fixture *f = *state;
    g_auto(GStrv) themes = vocabulary_topics(f->vocabulary, FALSE);
    g_auto(GStrv) areas = vocabulary_topics(f->vocabulary, TRUE);
    g_autofree char *line = g_strjoinv(" ", areas);
    assert_string_equal(line, AREAS);
    assert_int_equal(g_strv_length(themes), 8);
    for (guint i = 0; themes[i]; i++)
        assert_string_equal(vocabulary_topic(f->vocabulary, FALSE, themes[i]), themes[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),           cmocka_unit_test(test_names_stay_apart),
        cmocka_unit_test(test_foreign_grammar), cmocka_unit_test(test_known),
        cmocka_unit_test(test_topics),          cmocka_unit_test(test_topic_lists),
    };
    return cmocka_run_group_tests_name("vocabulary", tests, set_up, tear_down);
}
