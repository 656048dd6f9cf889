/* Matcher: terms are found as words, in singular and plural, each with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../../indexer/matcher.h"

typedef struct {
    const char *term;
    const char *says; /* NULL: it can be a term */
} Check;

static const Check CHECKS[] = {
    {"acqua", NULL},
    {"pozz* artesian*", NULL},
    {"a b c d e f g h i j k l", NULL},
    {"citt\xE0", NULL},
    {"", "no words"},
    {"?!", "no words"},
    {"*", "an asterisk that does not end a word"},
    {"*acqua", "an asterisk that does not end a word"},
    {"acqu *", "an asterisk that does not end a word"},
    {"acqu**", "an asterisk that does not end a word"},
    {"ac*", "less than 3 letters before an asterisk"},
    {"a b c d e f g h i j k l m", "more than 12 words"},
};

static void test_check(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(CHECKS); i++) {
        g_autoptr(Matcher) matcher = matcher_new();
        g_autoptr(GError) checked = NULL;
        g_autoptr(GError) added = NULL;
        guint number = 7;
        gboolean good = CHECKS[i].says == NULL;
        assert_int_equal(matcher_check(CHECKS[i].term, &checked), good);
        assert_int_equal(matcher_add(matcher, CHECKS[i].term, LANGUAGE_ITALIAN, &number, &added),
                         good);
        assert_int_equal(number, good ? 0 : 7);
        if (good)
            continue;
        assert_true(g_error_matches(checked, MATCHER_ERROR, MATCHER_ERROR_TERM));
        assert_non_null(strstr(checked->message, CHECKS[i].says));
        assert_string_equal(checked->message, added->message);
    }
}

/* Terms of the tests below; a star before one marks what the matcher takes for an earlier one. */
static const struct {
    const char *term;
    guint number;
    Language language;
} TERMS[] = {
    {"acqua", 0, LANGUAGE_ITALIAN},
    {"Àcqua", 0, LANGUAGE_ITALIAN},
    {"acquedott*", 1, LANGUAGE_ITALIAN},
    {"rete idrica", 2, LANGUAGE_ITALIAN},
    {"reti idriche", 2, LANGUAGE_ITALIAN},
    {"rete idrica comunale", 3, LANGUAGE_ITALIAN},
    {"città d'acqua", 4, LANGUAGE_ITALIAN},
    {"citta d acqua", 4, LANGUAGE_ITALIAN},
    {"refugee camp", 5, LANGUAGE_ENGLISH},
    {"SAI", 6, LANGUAGE_ITALIAN},
    {"sai", 7, LANGUAGE_ITALIAN},
    {"pozz* artesian*", 8, LANGUAGE_ITALIAN},
    {"OSS", 9, LANGUAGE_ITALIAN},
    {"idrica comunale", 10, LANGUAGE_ITALIAN},
    {"comunale", 11, LANGUAGE_ITALIAN},
    {"policy", 12, LANGUAGE_ENGLISH},
    {"public policy", 13, LANGUAGE_ENGLISH},
    {"bus", 14, LANGUAGE_ENGLISH},
    {"bus stop", 15, LANGUAGE_ENGLISH},
    {"migranti", 16, LANGUAGE_ITALIAN},
    {"migrants", 17, LANGUAGE_ENGLISH},
    {"migrant", 17, LANGUAGE_ENGLISH},
    {"migration", 18, LANGUAGE_OTHER},
};

static Matcher *matcher_of_terms(void)
{
    Matcher *matcher = matcher_new();
    for (guint i = 0; i < G_N_ELEMENTS(TERMS); i++) {
        guint number = G_MAXUINT;
        assert_true(matcher_add(matcher, TERMS[i].term, TERMS[i].language, &number, NULL));
        assert_int_equal(number, TERMS[i].number);
    }
    return matcher;
}

typedef struct {
    const char *text;
    const char *matches; /* number:first-last, parted by blanks */
    guint words;
} Found;

static const Found FOUND[] = {
    {"", "", 0},
    {"Acqua, ACQUA! e l'acqua: àcqua", "0:0-0 0:1-1 0:4-4 0:5-5", 6},
    {"acque, acquario, sottacqua", "", 3},
    {"acquedotto acquedott ACQUEDOTTI acquedot", "1:0-0 1:1-1 1:2-2", 4},
    {"la rete\nidrica e la rete-idrica", "2:1-2 2:5-6", 7},
    {"reti\fidriche, rete\n\nidrica; rete. idrica", "2:0-1", 6},
    {"rete rete idrica", "2:1-2", 3},
    {"rete idrica comunale", "2:0-1 3:0-2 10:1-2 11:2-2", 3},
    {"citta' d’acqua", "4:0-2 0:2-2", 3},
    {"Refugee camps; a refugee's camp, refugee camping", "5:0-1", 8},
    {"SAI che Sai e sai; S.A.I.", "6:0-0 7:0-0 7:2-2 7:4-4", 8},
    {"gli oss e gli OSS", "9:4-4", 5},
    {"comunali, comuni, policies", "11:0-0", 3},
    {"pozzi artesiani, pozzanghera artesiana, pozzo", "8:0-1 8:2-3", 5},
    {"public policies, policies, policy", "13:0-1 12:3-3", 4},
    {"i migranti; a migrant, migrants; migrazioni, migrations", "16:1-1 16:3-3 17:3-3 17:4-4", 7},
    {"bus stops, buses, bu stop", "14:0-0 15:0-1", 5},
    {"\xFF"
     "acqua\xFE rete\xC3idrica",
     "0:0-0", 3},
};

static void note(const Match *match, gpointer data)
{
    GString *all = data;
    g_string_append_printf(all, "%s%u:%u-%u", all->len > 0 ? " " : "", match->number, match->first,
                           match->last);
}

static void test_visit(void **state)
{
    (void)state;
    g_autoptr(Matcher) matcher = matcher_of_terms();
    for (guint i = 0; i < G_N_ELEMENTS(FOUND); i++) {
        g_autoptr(GString) all = g_string_new(NULL);
        guint words = matcher_visit(matcher, FOUND[i].text, strlen(FOUND[i].text), note, all);
        if (strcmp(all->str, FOUND[i].matches) != 0)
            print_message("row %u: %s\n", i, all->str);
        assert_string_equal(all->str, FOUND[i].matches);
        assert_int_equal(words, FOUND[i].words);
    }
}

/* Words in singular and plural: the two are one in a term of several words, or are not. */
static const struct {
    const char *one;
    const char *other;
    gboolean same;
    Language language;
} FORMS[] = {
    {"servizio civile", "servizi civili", TRUE, LANGUAGE_ITALIAN},
    {"centro di accoglienza", "centri di accoglienza", TRUE, LANGUAGE_ITALIAN},
    {"banca dati", "banche dati", TRUE, LANGUAGE_ITALIAN},
    {"lago alpino", "laghi alpini", TRUE, LANGUAGE_ITALIAN},
    {"provincia autonoma", "province autonome", TRUE, LANGUAGE_ITALIAN},
    {"ente locale", "enti locali", TRUE, LANGUAGE_ITALIAN},
    {"area verde", "aree verdi", TRUE, LANGUAGE_ITALIAN},
    {"smart city", "smart cities", TRUE, LANGUAGE_ENGLISH},
    {"urban area", "urban areas", TRUE, LANGUAGE_ENGLISH},
    {"decision-making process", "decision-making processes", TRUE, LANGUAGE_ENGLISH},
    {"diritto umano", "diritti umani", TRUE, LANGUAGE_ITALIAN},
    {"piano casa", "pianto casa", FALSE, LANGUAGE_ITALIAN},
    {"local law", "local laws", TRUE, LANGUAGE_ENGLISH},
    {"city bus", "city bu", FALSE, LANGUAGE_ENGLISH},
    {"via libera", "vie libere", FALSE, LANGUAGE_ITALIAN},
    {"alluvione", "alluvioni", TRUE, LANGUAGE_ITALIAN},
    {"Colombia", "Colombo", FALSE, LANGUAGE_ITALIAN},
    {"donna", "donne", FALSE, LANGUAGE_ITALIAN},
    {"parte civile", "partenza civile", FALSE, LANGUAGE_ITALIAN},
};

static void test_forms(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(FORMS); i++) {
        g_autoptr(Matcher) matcher = matcher_new();
        guint one = 0, other = 0;
        assert_true(matcher_add(matcher, FORMS[i].one, FORMS[i].language, &one, NULL));
        assert_true(matcher_add(matcher, FORMS[i].other, FORMS[i].language, &other, NULL));
        if ((one == other) != FORMS[i].same)
            print_message("row %u\n", i);
        assert_int_equal(one == other, FORMS[i].same);
    }
}

static void test_acronyms(void **state)
{
    (void)state;
    static const char *const YES[] = {"SAI", "UN", "UNDP", "UNICEF", "ABCDEFGH"};
    static const char *const NO[] = {"", "A", "Sai", "S.A.I.", "SAI 2", "ABCDEFGHI", "CITTÀ"};
    for (guint i = 0; i < G_N_ELEMENTS(YES); i++)
        assert_true(matcher_is_acronym(YES[i]));
    for (guint i = 0; i < G_N_ELEMENTS(NO); i++)
        assert_false(matcher_is_acronym(NO[i]));
}

static void count(const Match *match, gpointer data)
{
    guint *matches = data;
    assert_true(match->first <= match->last);
    (*matches)++;
}

/* Every byte of a text replaced by every other one: matches stay within the text. */
static void test_mutated_texts(void **state)
{
    (void)state;
    static const char TEXT[] = "la rete idrica comunale d'acqua; pozzi artesiani";
    g_autoptr(Matcher) matcher = matcher_of_terms();
    for (gsize at = 0; at < sizeof TEXT - 1; at++)
        for (guint byte = 0; byte < 256; byte++) {
            char mutant[sizeof TEXT];
            memcpy(mutant, TEXT, sizeof TEXT);
            mutant[at] = (char)byte;
            guint matches = 0;
            assert_true(matcher_visit(matcher, mutant, sizeof TEXT - 1, count, &matches) < 20);
            assert_true(matches < 10);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check),         cmocka_unit_test(test_visit),
        cmocka_unit_test(test_forms),         cmocka_unit_test(test_acronyms),
        cmocka_unit_test(test_mutated_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
