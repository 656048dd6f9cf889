/* Tests of server/spelling: what is corrected, what never is, and what stays as it was typed. */
#include "fake-vocabulary.h"
#include "sample.h"

#include "../../server/search/spelling.h"

static const Sample SAMPLES[] = {
    {"a.pdf", "Statuto del comune",
     IT "La cooperazione decentrata fra comuni. La cooperazione e l'università. Il comune promuove "
        "la partecipazione; la partecipazione dei cittadini, l'associazione dei comuni." PAGE IT
        "Le operazioni di cassa. Un fatto. La Toscana e la città. Il MAECI.",
     NULL, 2015, KIND_STATUTE, NULL},
    {"b.pdf", "Cooperation",
     EN "Decentralised cooperation with the water board; a rare cooperazine", NULL, 2019,
     KIND_PROGRAMME, NULL},
    {"c.pdf", "Piano", IT "La cooperazione, il bilancio, la legge 125/2014.", NULL, 2019, KIND_PLAN,
     NULL},
};

enum { MANY = 60 };

typedef struct {
    SampleFolder folder;
    Searcher *searcher;
    Lexicon *lexicon;
    Vocabulary *vocabulary;
} Fixture;

/* So many documents more that hold a word as has to be a mistake in one. */
static void put_many(const char *path)
{
    g_autoptr(Archive) archive = sample_writer(path);
    assert_true(archive_begin(archive, NULL));
    for (int i = 0; i < MANY; i++) {
        g_autofree char *name = g_strdup_printf("many/%d.pdf", i);
        g_autofree char *text =
            g_strdup_printf(IT "Il rendiconto numero %d%s", i, i == 7 ? ", un rendicomto" : "");
        Sample sample = {name, "Rendiconto", text, NULL, 2020, KIND_REPORT, NULL};
        sample_put_within(archive, &sample);
    }
    assert_true(archive_commit(archive, NULL));
}

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->folder = sample_folder_new();
    sample_archive(f->folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    put_many(f->folder.archive);
    f->searcher = searcher_new(f->folder.archive, NULL);
    assert_non_null(f->searcher);
    f->lexicon = lexicon_new(f->folder.archive);
    f->vocabulary = vocabulary_new(NULL);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    searcher_free(f->searcher);
    lexicon_free(f->lexicon);
    vocabulary_free(f->vocabulary);
    sample_folder_release(&f->folder);
    g_free(f);
    return 0;
}

static char *correct(Fixture *f, const char *typed)
{
    g_autoptr(GError) error = NULL;
    SearchRequest request = {.limit = 1};
    assert_true(searcher_begin(f->searcher, &error));
    g_autoptr(Query) query =
        query_parse(typed, strlen(typed), f->vocabulary, TRUE, searcher_analyser(f->searcher));
    request.query = query;
    g_autoptr(SearchResult) result = searcher_search(f->searcher, &request, &error);
    assert_non_null(result);
    char *corrected =
        spelling_correct(f->searcher, f->lexicon, f->vocabulary, query, result, typed, &error);
    assert_null(error);
    searcher_end(f->searcher);
    return corrected;
}

static void test_corrections(void **state)
{
    static const struct {
        const char *typed;
        const char *meant; /* NULL: nothing to correct */
    } CASES[] = {
        /* One error of each kind, two in a longer word, a doubled letter. */
        {"cooperazone", "cooperazione"},
        {"cooperaziione", "cooperazione"},
        {"cooperaxione", "cooperazione"},
        {"coopreazione", "cooperazione"},
        {"coprazione", "cooperazione"},
        {"partecipazzione", "partecipazione"},
        {"partecippazzione", "partecipazione"},
        {"comuen", "comune"},
        {"cmuen", NULL}, /* two errors in a short word */
        /* The first letter. */
        {"ooperazione", "cooperazione"},
        {"ocoperazione", "cooperazione"},
        {"xooperazione", "cooperazione"},
        {"ccooperazione", "cooperazione"},
        /* The archive's spelling. */
        {"univesita", "università"},
        {"toscanna", "Toscana"},
        /* Only what is wrong, and nothing around it. */
        {"  (Cooperazone  AND decentrata) | \"cooperazone\" -cooperazone ",
         "  (cooperazione  AND decentrata) | \"cooperazone\" -cooperazone "},
        {"l'associazzione, dei comuni?", "l'associazione, dei comuni?"},
        {"“partecipazzione” partecipazzione", "“partecipazzione” partecipazione"},
        {"cooperazone title:cooperazone", "cooperazione title:cooperazone"},
        {"partecipazzione cooperazone", "partecipazione cooperazione"},
        /* Never. */
        {"", NULL},
        {"cooperazione", NULL},
        {"cooperazioni", NULL}, /* a form of a word that is there */
        {"\"cooperazone\"", NULL},
        {"titolo:cooperazone", NULL},
        {"cooperazonn*", NULL},
        {"cooperazion3", NULL},
        {"125/2015", NULL},
        {"bilancio -cooperazone", NULL},
        {"acqua", NULL}, /* not there, but its translation is */
        {"mare", NULL},  /* not there, known, and nothing near */
        {"dell", NULL},
        {"qz", NULL},
        {"zzzzzzzz", NULL},
        {"кооперация", NULL},
        /* Acronyms, where nothing else is wrong. */
        {"MAXCI", "MAECI"},
        {"MAXCI cooperazone", "MAXCI cooperazione"},
        {"COOPERAZONE", "cooperazione"},
        /* There, but so much rarer than its neighbour. */
        {"rendicomto", "rendiconto"},
        {"cooperazine", NULL},
    };
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *meant = correct(f, CASES[i].typed);
        if (g_strcmp0(meant, CASES[i].meant) != 0)
            fail_msg("%s: %s instead of %s", CASES[i].typed, meant ? meant : "nothing",
                     CASES[i].meant ? CASES[i].meant : "nothing");
    }
}

/* What it costs is bounded by the number of words, whatever they are. */
static void test_hostile(void **state)
{
    Fixture *f = *state;
    g_autoptr(GString) typed = g_string_new(NULL);
    for (int i = 0; i < 60; i++)
        g_string_append_printf(typed, "cooperaz%c%cone ", 'a' + i % 26, 'a' + i / 26);
    g_autofree char *many = correct(f, typed->str);
    assert_non_null(many);
    static const char *const TEXTS[] = {"\"",
                                        "((((",
                                        "\x04i:cooper",
                                        "\xff\xfe coop\xc3",
                                        "\xe2\x80\x9c cooperazone",
                                        "cooperazone\xc2\xad",
                                        "a:b:cooperazone",
                                        "*cooperazone*"};
    for (gsize i = 0; i < G_N_ELEMENTS(TEXTS); i++)
        g_free(correct(f, TEXTS[i]));
}

/* Against the plain recursion. */
static guint plain_errors(const char *a, const char *b)
{
    if (!*a || !*b)
        return (guint)(strlen(a) + strlen(b));
    if (*a == *b)
        return plain_errors(a + 1, b + 1);
    guint least = MIN(plain_errors(a + 1, b), plain_errors(a, b + 1));
    least = MIN(least, plain_errors(a + 1, b + 1));
    if (a[1] && a[0] == b[1] && a[1] == b[0])
        least = MIN(least, plain_errors(a + 2, b + 2));
    return least + 1;
}

static void test_errors(void **state)
{
    static const char *const WORDS[] = {"",     "a",    "ab",    "ba",    "abc",   "acb", "abcd",
                                        "badc", "bcda", "aabb",  "abab",  "abcab", "bb",  "cabac",
                                        "acbd", "dcba", "aabcd", "ababa", "cab",   "xyz"};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(WORDS); i++)
        for (gsize j = 0; j < G_N_ELEMENTS(WORDS); j++)
            for (guint most = 0; most < 4; most++)
                assert_int_equal(spelling_errors(WORDS[i], WORDS[j], most),
                                 MIN(plain_errors(WORDS[i], WORDS[j]), most + 1));
    g_autofree char *lengthy = g_strnfill(LEXICON_WORD_LETTERS + 1, 'a');
    assert_int_equal(spelling_errors(lengthy, lengthy, 2), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_corrections, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hostile, set_up, tear_down),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
