/* Tests of server/marking: what is marked in a text is what a search for it would match. */
#include "sample.h"

#include "../../server/search/marking.h"

typedef struct {
    Analyser *analyser;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->analyser = analyser_new();
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    analyser_free(f->analyser);
    g_free(f);
    return 0;
}

/* The text with what is marked in brackets and its concept's number, marks of language left out. */
static char *mark(const Fixture *f, const char *typed, const char *text, gsize length)
{
    g_autoptr(Query) query = query_parse(typed, strlen(typed), NULL, FALSE, f->analyser);
    g_autoptr(Marker) marker = marker_new(query_concepts(query));
    g_autoptr(GArray) spans = marker_find(marker, f->analyser, text, length);
    GString *out = g_string_new(NULL);
    gsize at = 0;
    for (guint i = 0; i < spans->len; i++) {
        const MarkedSpan *span = &g_array_index(spans, MarkedSpan, i);
        assert_true(span->start >= at && span->length > 0);
        assert_true(span->start + span->length <= length);
        assert_in_range(span->concept_index, 0, query_concepts(query)->len - 1);
        g_string_append_len(out, text + at, (gssize)(span->start - at));
        g_string_append_printf(out, "[%.*s]%u", (int)span->length, text + span->start,
                               span->concept_index);
        at = span->start + span->length;
    }
    g_string_append_len(out, text + at, (gssize)(length - at));
    return g_string_free(out, FALSE);
}

static void test_marked(void **state)
{
    static const struct {
        const char *typed;
        const char *text;
        const char *marked;
    } CASES[] = {
        /* inflections, in the language of the run */
        {"cooperazioni", IT "La cooperazione.", IT "La [cooperazione]0."},
        {"municipality", EN "Two municipalities.", EN "Two [municipalities]0."},
        {"houses", IT "house" EN " house", IT "house" EN " [house]0"},
        {"caso", IT "In ogni caso, i casi", IT "In ogni [caso]0, i [casi]0"},
        {"Wörter", UND "Die Wörter", UND "Die [Wörter]0"},
        {"wort", UND "Die Wörter", UND "Die Wörter"},
        /* accents, apostrophes, elisions, case */
        {"citta'", IT "La città è CITTÀ", IT "La [città]0 è [CITTÀ]0"},
        {"città", IT "la citta' vecchia", IT "la [citta]0' vecchia"},
        {"dell'associazione", IT "l'associazione, un’associazione",
         IT "l'[associazione]0, un’[associazione]0"},
        {"perché", IT "perche\xcc\x81 no", IT "[perche\xcc\x81]0 no"},
        /* whole words */
        {"arte", IT "arte parte, art", IT "[arte]0 parte, art"},
        {"\"arte\"", IT "arti arte", IT "arti [arte]0"},
        {"125", IT "125/2014 e 1250", IT "[125]0/2014 e 1250"},
        {"125/2014", IT "125/2014, 125 2014 e 2014", IT "[125/2014]0, [125 2014]0 e 2014"},
        /* phrases */
        {"\"acqua e terra\"", IT "acqua e terra, acqua", IT "[acqua e terra]0, acqua"},
        {"\"acqua terra\"", IT "acqua\nterra; terra acqua", IT "[acqua\nterra]0; terra acqua"},
        {"\"acqua water\"", IT "acqua " EN "water", IT "[acqua " EN "water]0"},
        /* prefixes */
        {"coop*", IT "cooperare, scoop", IT "[cooperare]0, scoop"},
        {"èc*", IT "eco ecco", IT "[eco]0 [ecco]0"},
        /* several concepts; the longest wins; no overlap */
        {"acqua terra", IT "terra e acqua", IT "[terra]1 e [acqua]0"},
        {"acqua OR \"acqua e terra\"", IT "acqua e terra e acqua",
         IT "[acqua e terra]1 e [acqua]0"},
        {"\"a b\" \"b c\"", IT "a b c", IT "[a b]0 c"},
        {"\"a a\"", IT "a a a", IT "[a a]0 a"},
        /* what is not asked for in the text is not marked */
        {"acqua -terra", IT "acqua terra", IT "[acqua]0 terra"},
        {"title:acqua terra", IT "acqua terra", IT "acqua [terra]1"},
        {"kind:plan acqua", IT "plan acqua", IT "plan [acqua]1"},
        {"", IT "acqua", IT "acqua"},
        {"-acqua", IT "acqua", IT "acqua"},
        {"acqua", "", ""},
        {"acqua", IT "\f", IT "\f"},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *marked = mark(f, CASES[i].typed, CASES[i].text, strlen(CASES[i].text));
        if (strcmp(marked, CASES[i].marked) != 0)
            fail_msg("%s in \"%s\": \"%s\"", CASES[i].typed, CASES[i].text, marked);
    }
}

static void test_language_of_span(void **state)
{
    static const char TEXT[] = IT "case" EN " case" UND " case";
    const Fixture *f = *state;
    g_autoptr(Query) query = query_parse("\"case\"", 6, NULL, FALSE, f->analyser);
    g_autoptr(Marker) marker = marker_new(query_concepts(query));
    g_autoptr(GArray) spans = marker_find(marker, f->analyser, TEXT, strlen(TEXT));
    static const Language EXPECTED[] = {LANGUAGE_ITALIAN, LANGUAGE_ENGLISH, LANGUAGE_OTHER};
    assert_int_equal(spans->len, G_N_ELEMENTS(EXPECTED));
    for (guint i = 0; i < spans->len; i++)
        assert_int_equal(g_array_index(spans, MarkedSpan, i).language, EXPECTED[i]);
}

/* A word is marked wherever a search for a word of the same stem would find it, and nowhere else:
 * held against the index terms themselves. */
typedef struct {
    const GArray *alternatives;
    guint count;
} Matches;

static gboolean count_match(const AnalysedWord *word, gpointer data)
{
    Matches *matches = data;
    for (guint i = 0; i < matches->alternatives->len; i++) {
        const char *term = g_array_index(matches->alternatives, QueryAlternative, i).phrase;
        if (strcmp(term, word->word) == 0 || g_strcmp0(term, word->stem) == 0) {
            matches->count++;
            return TRUE;
        }
    }
    return TRUE;
}

static void test_against_terms(void **state)
{
    static const char *const WORDS[] = {"caso",  "case",   "casi", "città", "èra",  "era",
                                        "water", "waters", "2014", "x9",    "漢字", "ost"};
    static const char *const MARKS[] = {IT, EN, UND, " ", ", ", "'", "\n"};
    const Fixture *f = *state;
    g_autoptr(GRand) random = g_rand_new_with_seed(2);
    for (int round = 0; round < 300; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int i = 0; i < 40; i++)
            g_string_append_printf(text, "%s%s",
                                   MARKS[g_rand_int_range(random, 0, G_N_ELEMENTS(MARKS))],
                                   WORDS[g_rand_int_range(random, 0, G_N_ELEMENTS(WORDS))]);
        const char *typed = WORDS[round % (int)G_N_ELEMENTS(WORDS)];
        g_autoptr(Query) query = query_parse(typed, strlen(typed), NULL, FALSE, f->analyser);
        g_autoptr(Marker) marker = marker_new(query_concepts(query));
        g_autoptr(GArray) spans = marker_find(marker, f->analyser, text->str, text->len);
        const QueryConcept *concept = g_ptr_array_index(query_concepts(query), 0);
        Matches matches = {concept->alternatives, 0};
        analyser_walk(f->analyser, text->str, text->len, count_match, &matches);
        assert_int_equal(spans->len, matches.count);
    }
}

/* Bytes that are no text: spans stay within it and in order (mark() asserts it). */
static void test_hostile_bytes(void **state)
{
    static const char *const TYPED[] = {"a", "a*", "\"a b\"", "ab* 7", "é"};
    const Fixture *f = *state;
    g_autoptr(GRand) random = g_rand_new_with_seed(9);
    for (int round = 0; round < 3000; round++) {
        gsize length = (gsize)g_rand_int_range(random, 0, 64);
        g_autofree char *text = g_malloc(length + 1);
        for (gsize i = 0; i < length; i++)
            text[i] =
                (char)(round % 2
                           ? g_rand_int_range(random, 0, 256)
                           : "ab \x01\x02\x04\xc3\xa9\xff\x00"[g_rand_int_range(random, 0, 10)]);
        g_free(mark(f, TYPED[round % 5], text, length));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_marked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_language_of_span, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_against_terms, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hostile_bytes, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
