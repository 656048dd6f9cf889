/* Thesaurus: the table is read strictly, terms are found as words, topics need evidence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../../indexer/thesaurus.h"
#include "../../indexer/words.h"

typedef struct {
    const char *table;
    ThesaurusError code;
    const char *says;
} Bad;

static const Bad BAD[] = {
    {"", THESAURUS_ERROR_SYNTAX, "line 1: the table is empty"},
    {"# only a comment\n\n", THESAURUS_ERROR_SYNTAX, "the table is empty"},
    {"water\tacqua\n", THESAURUS_ERROR_SYNTAX, "line 1: there are 2 columns instead of 5"},
    {"# a\n\nwater\tacqua\twater\t-\t-\t-\n", THESAURUS_ERROR_SYNTAX, "line 3: there are 6"},
    {"water\tacqua\twater\t-\t-\t-\t-\t-\n", THESAURUS_ERROR_SYNTAX, "there are 6"},
    {"Water\tacqua\twater\t-\t-\n", THESAURUS_ERROR_VALUE, "line 1: column concept: \"Water\""},
    {"-\tacqua\twater\t-\t-\n", THESAURUS_ERROR_VALUE, "column concept: \"-\""},
    {"\tacqua\twater\t-\t-\n", THESAURUS_ERROR_VALUE, "column concept: \"\""},
    {"w\tacqua\twater\t-\t-\n\nw\tx\ty\t-\t-\n", THESAURUS_ERROR_VALUE,
     "line 3: column concept: \"w\" is in line 1 already"},
    {"w\t\twater\t-\t-\n", THESAURUS_ERROR_VALUE, "column italian: there is no term"},
    {"w\tacqua | \twater\t-\t-\n", THESAURUS_ERROR_VALUE, "the term \"\" has no words"},
    {"w\tacqua\t?!\t-\t-\n", THESAURUS_ERROR_VALUE, "column english: the term \"?!\" has no words"},
    {"w\t-\t-\t-\t-\n", THESAURUS_ERROR_VALUE, "\"w\" has no term in any language"},
    {"w\tacqua | ac*\t-\t-\t-\n", THESAURUS_ERROR_VALUE, "less than 3 letters"},
    {"w\tacqua | *acqua\t-\t-\t-\n", THESAURUS_ERROR_VALUE, "does not end a word"},
    {"w\tacqua*\t-\t-\t-\n", THESAURUS_ERROR_VALUE, "comes first, but cannot be shown"},
    {"w\ta b c d e f g h i j k l m\t-\t-\t-\n", THESAURUS_ERROR_VALUE, "more than 12 words"},
    {"w\tacqua | Àcqua\twater\t-\t-\n", THESAURUS_ERROR_VALUE,
     "line 1: column italian: the term \"Àcqua\" is there twice"},
    {"w\tacqua | acqu* | ACQU*\twater\t-\t-\n", THESAURUS_ERROR_VALUE, "is there twice"},
    {"w\tacqua\twater\tsea\t-\n", THESAURUS_ERROR_REFERENCE,
     "line 1: column broader: \"sea\" is no concept"},
    {"w\tacqua\twater\t\t-\n", THESAURUS_ERROR_REFERENCE, "column broader: \"\" is no concept"},
    {"w\tacqua\twater\tw\t-\n", THESAURUS_ERROR_REFERENCE, "from \"w\" it goes in a circle"},
    {"a\tx\tx\tb\t-\nb\ty\ty\tc\t-\nc\tz\tz\tb\t-\n", THESAURUS_ERROR_REFERENCE,
     "line 2: column broader: from \"b\" it goes in a circle"},
    {"w\tacqua\twater\t-\tsea\n", THESAURUS_ERROR_REFERENCE,
     "column belongs: \"sea\" is no theme or area"},
    {"w\tacqua\twater\t-\tw\n", THESAURUS_ERROR_REFERENCE, "no theme or area"},
    {"t\tt\tt\ttheme\tt\nw\tacqua\twater\tt\tt,\n", THESAURUS_ERROR_REFERENCE,
     "line 2: column belongs: \"\" is no"},
    {"w\t\xFF\t-\t-\t-\n", THESAURUS_ERROR_SYNTAX, "UTF-8"},
};

static void test_bad_tables(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Thesaurus) thesaurus = thesaurus_new(BAD[i].table, strlen(BAD[i].table), &error);
        assert_null(thesaurus);
        if (strstr(error->message, BAD[i].says) == NULL)
            print_message("row %u wanted \"%s\", got \"%s\"\n", i, BAD[i].says, error->message);
        assert_non_null(strstr(error->message, BAD[i].says));
        assert_int_equal(error->code, BAD[i].code);
    }
}

static Thesaurus *builtin(void)
{
    GError *error = NULL;
    Thesaurus *thesaurus = thesaurus_new_builtin(&error);
    if (thesaurus == NULL)
        print_message("%s\n", error->message);
    assert_non_null(thesaurus);
    return thesaurus;
}

static void test_builtin_has_all_topics(void **state)
{
    (void)state;
    static const char *const LABELS[][3] = {
        {"governance", "governance", "governance"},
        {"resilience", "resilienza", "resilience"},
        {"sustainable-cities", "città sostenibili", "sustainable cities"},
        {"migration", "migrazioni", "migration"},
        {"gender", "genere", "gender"},
        {"human-rights", "diritti umani", "human rights"},
        {"peacebuilding", "costruzione della pace", "peacebuilding"},
        {"global-citizenship-education", "educazione alla cittadinanza globale",
         "global citizenship education"},
        {"mediterranean", "Mediterraneo", "Mediterranean"},
        {"sub-saharan-africa", "Africa subsahariana", "Sub-Saharan Africa"},
        {"latin-america", "America Latina", "Latin America"},
        {"middle-east", "Medio Oriente", "Middle East"},
    };
    g_autoptr(Thesaurus) thesaurus = builtin();
    assert_true(thesaurus_count(thesaurus) >= G_N_ELEMENTS(LABELS));
    for (guint i = 0; i < G_N_ELEMENTS(LABELS); i++) {
        assert_string_equal(thesaurus_label(thesaurus, LABELS[i][0], LANGUAGE_ITALIAN),
                            LABELS[i][1]);
        assert_string_equal(thesaurus_label(thesaurus, LABELS[i][0], LANGUAGE_ENGLISH),
                            LABELS[i][2]);
    }
    assert_null(thesaurus_label(thesaurus, "migration", LANGUAGE_OTHER));
    assert_null(thesaurus_label(thesaurus, "nothing", LANGUAGE_ITALIAN));
}

/* How often `term` is evidence for `topic`; 0 when the topic was not found. */
static guint count_of(const GPtrArray *topics, const char *topic, const char *term)
{
    for (guint i = 0; i < topics->len; i++) {
        const Topic *found = topics->pdata[i];
        for (guint j = 0; strcmp(found->id, topic) == 0 && j < found->terms->len; j++)
            if (strcmp(g_array_index(found->terms, TopicTerm, j).term, term) == 0)
                return g_array_index(found->terms, TopicTerm, j).count;
    }
    return 0;
}

typedef struct {
    const char *text;
    const char *term;
    guint count;
} Match;

static const char SMALL[] =
    "## Water\n"
    "water\tacqua|acquedott* |città d'acqua | WATR\twater | waters\ttheme\twater\n"
    "net\trete idrica | rete idrica comunale\twater supply network\twater\twater,sea\r\n"
    "\n"
    "well\tpozzo | pozz* artesian*\t-\tnet\twater\n"
    "tap\trubinetto | rubinetto dell'acqua calda\ttap | faucet\twater\t-\n"
    "pool\tacqua alta a Venezia\thigh water | water slide\t-\t-\n"
    "sea\tmare\tsea\tarea\tsea";

/* The title makes the topic be given, so that single occurrences can be counted. */
static const Match MATCHES[] = {
    {"Acqua, ACQUA! e l'acqua: àcqua", "acqua", 4},
    {"acquario e acquazzone, sottacqua", "acqua", 0},
    {"acquedotto acquedotti ACQUEDOTTISTICO acquedot", "acquedott*", 3},
    {"la rete\nidrica e la rete-idrica", "rete idrica", 2},
    {"la rete\fidrica", "rete idrica", 1},
    {"una rete. Idrica; rete, idrica (rete) idrica", "rete idrica", 0},
    {"una rete\n\nidrica", "rete idrica", 0},
    {"rete rete idrica", "rete idrica", 1},
    {"reti idriche", "rete idrica", 1},
    {"rete idrica comunale", "rete idrica", 0},
    {"rete idrica comunale", "rete idrica comunale", 1},
    {"citta' d’acqua", "città d'acqua", 1},
    {"citta' d’acqua", "acqua", 0},
    {"pozzi artesiani, un pozzo artesiano", "pozz* artesian*", 2},
    {"WATR, watr, Watr", "WATR", 1},
    {"rubinetto", "rubinetto", 0},
    {"acqua calda; il rubinetto dell'acqua calda e l'acqua", "acqua", 2},
    {"l'acqua alta a Venezia, l'acqua alta a Roma", "acqua", 1},
    {"high waters and water slides: water", "water", 2}, /* one of the title */
    {"\xFF"
     "acqua\xFE rete\xC3idrica",
     "acqua", 1},
};

static void test_matching(void **state)
{
    (void)state;
    g_autoptr(Thesaurus) thesaurus = thesaurus_new(SMALL, sizeof SMALL - 1, NULL);
    assert_non_null(thesaurus);
    for (guint i = 0; i < G_N_ELEMENTS(MATCHES); i++) {
        g_autoptr(GPtrArray) topics =
            thesaurus_topics(thesaurus, "Water", MATCHES[i].text, strlen(MATCHES[i].text));
        guint count = count_of(topics, "water", MATCHES[i].term);
        if (count != MATCHES[i].count)
            print_message("row %u: %u\n", i, count);
        assert_int_equal(count, MATCHES[i].count);
    }
}

static void test_concepts(void **state)
{
    (void)state;
    g_autoptr(Thesaurus) thesaurus = thesaurus_new(SMALL, sizeof SMALL - 1, NULL);
    assert_non_null(thesaurus);
    assert_int_equal(thesaurus_count(thesaurus), 6);
    guint at = 99;
    assert_false(thesaurus_find(thesaurus, "Water", &at));
    assert_int_equal(at, 99);
    assert_true(thesaurus_find(thesaurus, "water", &at));
    assert_int_equal(at, 0);
    assert_string_equal(thesaurus_id(thesaurus, 1), "net");
    assert_int_equal(thesaurus_term_count(thesaurus, 0, LANGUAGE_ITALIAN), 3);
    assert_int_equal(thesaurus_term_count(thesaurus, 0, LANGUAGE_ENGLISH), 2);
    assert_int_equal(thesaurus_term_count(thesaurus, 0, LANGUAGE_OTHER), 0);
    assert_string_equal(thesaurus_term(thesaurus, 0, LANGUAGE_ITALIAN, 0), "acqua");
    assert_string_equal(thesaurus_term(thesaurus, 0, LANGUAGE_ITALIAN, 1), "città d'acqua");
    assert_string_equal(thesaurus_term(thesaurus, 0, LANGUAGE_ITALIAN, 2), "WATR");
    assert_string_equal(thesaurus_term(thesaurus, 3, LANGUAGE_ENGLISH, 1), "faucet");
    assert_int_equal(thesaurus_term_count(thesaurus, 2, LANGUAGE_ITALIAN), 1);
    assert_int_equal(thesaurus_term_count(thesaurus, 2, LANGUAGE_ENGLISH), 0);
    assert_null(thesaurus_label(thesaurus, "well", LANGUAGE_ENGLISH));
    assert_string_equal(thesaurus_label(thesaurus, "sea", LANGUAGE_ENGLISH), "sea");
}

static void test_places(void **state)
{
    (void)state;
    g_autoptr(Thesaurus) thesaurus = thesaurus_new(SMALL, sizeof SMALL - 1, NULL);
    assert_non_null(thesaurus);
    assert_null(thesaurus_broader(thesaurus, 0));
    assert_string_equal(thesaurus_broader(thesaurus, 1), "water");
    assert_string_equal(thesaurus_broader(thesaurus, 2), "net");
    gboolean is_area = TRUE;
    assert_true(thesaurus_is_topic(thesaurus, 0, &is_area));
    assert_false(is_area);
    assert_true(thesaurus_is_topic(thesaurus, 5, &is_area));
    assert_true(is_area);
    assert_true(thesaurus_is_topic(thesaurus, 5, NULL));
    assert_false(thesaurus_is_topic(thesaurus, 3, &is_area));
    assert_true(is_area);
}

/* A term that speaks for two topics is counted for both; one that overlaps a longer one only where
 * the longer one does not count. */
static void test_two_topics(void **state)
{
    (void)state;
    g_autoptr(Thesaurus) thesaurus = thesaurus_new(SMALL, sizeof SMALL - 1, NULL);
    static const char TEXT[] = "Il mare. La rete idrica comunale, le reti idriche";
    g_autoptr(GPtrArray) topics = thesaurus_topics(thesaurus, "Water", TEXT, sizeof TEXT - 1);
    assert_int_equal(topics->len, 2);
    assert_int_equal(count_of(topics, "water", "rete idrica"), 1);
    assert_int_equal(count_of(topics, "sea", "rete idrica"), 1);
    assert_int_equal(count_of(topics, "sea", "rete idrica comunale"), 1);
    assert_int_equal(count_of(topics, "sea", "mare"), 1);
    assert_int_equal(count_of(topics, "water", "mare"), 0);
}

typedef struct {
    const char *title;
    const char *text;
    guint filler;       /* words that mean nothing after the text */
    const char *topics; /* ids by name, parted by blanks */
} About;

static const About ABOUTS[] = {
    {NULL, "", 0, ""},
    {NULL, "Il Comune approva il bilancio.", 0, ""},
    {NULL, "I migranti e i rifugiati", 0, ""},
    {NULL, "I migranti, i rifugiati e i migranti in arrivo", 0, "migration"},
    {NULL, "I migranti, i rifugiati e i migranti in arrivo", 5000, ""},
    {"Piano per l'accoglienza", "Il Comune approva.", 5000, "migration"},
    {NULL, "Senegal Senegal Senegal Senegal Senegal", 0, ""},
    {NULL, "Senegal Senegal Senegal Senegal Senegal Senegal", 0, "sub-saharan-africa"},
    {NULL, "flood, drought and climate change", 0, "resilience"},
    {"Gender equality in the Mediterranean", "", 0, "gender mediterranean"},
    {"Educazione alla cittadinanza globale", "", 0, "global-citizenship-education"},
    {NULL, "Human rights, human dignity; i diritti umani. Peace and reconciliation, pace.", 0,
     "human-rights peacebuilding"},
    {NULL, "Lebanon and Jordan, il Libano", 0, "middle-east"},
    {NULL, "Bolivia, Perù, El\nSalvador", 0, "latin-america"},
    {NULL, "mobilità urbana, verde urbano, raccolta differenziata", 0, "sustainable-cities"},
    {NULL, "capacity building, accountability, buon governo", 0, "governance"},
};

static gint compare_strings(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void test_topics(void **state)
{
    (void)state;
    g_autoptr(Thesaurus) thesaurus = builtin();
    for (guint i = 0; i < G_N_ELEMENTS(ABOUTS); i++) {
        g_autoptr(GString) text = g_string_new(ABOUTS[i].text);
        for (guint word = 0; word < ABOUTS[i].filler; word++)
            g_string_append(text, " parola");
        g_autoptr(GPtrArray) topics =
            thesaurus_topics(thesaurus, ABOUTS[i].title, text->str, text->len);
        g_autoptr(GPtrArray) ids = g_ptr_array_new();
        for (guint t = 0; t < topics->len; t++)
            g_ptr_array_add(ids, (gpointer)((const Topic *)topics->pdata[t])->id);
        g_ptr_array_sort(ids, compare_strings);
        g_ptr_array_add(ids, NULL);
        g_autofree char *joined = g_strjoinv(" ", (char **)ids->pdata);
        if (strcmp(joined, ABOUTS[i].topics) != 0)
            print_message("row %u: \"%s\"\n", i, joined);
        assert_string_equal(joined, ABOUTS[i].topics);
    }
}

static void test_areas_and_order(void **state)
{
    (void)state;
    g_autoptr(Thesaurus) thesaurus = builtin();
    static const char TEXT[] =
        "migranti rifugiati migranti profughi migranti; Libano, Siria, Libano";
    g_autoptr(GPtrArray) topics = thesaurus_topics(thesaurus, NULL, TEXT, sizeof TEXT - 1);
    assert_int_equal(topics->len, 2);
    const Topic *first = topics->pdata[0];
    const Topic *second = topics->pdata[1];
    assert_string_equal(first->id, "migration");
    assert_false(first->is_area);
    assert_string_equal(second->id, "middle-east");
    assert_true(second->is_area);
    assert_true(first->score > second->score);
    assert_string_equal(g_array_index(first->terms, TopicTerm, 0).term, "migranti");
    assert_int_equal(g_array_index(first->terms, TopicTerm, 0).count, 3);
    assert_false(g_array_index(first->terms, TopicTerm, 0).in_title);
}

static void test_mutated_tables(void **state)
{
    (void)state;
    for (gsize at = 0; at < sizeof SMALL - 1; at++) {
        for (guint byte = 0; byte < 256; byte += 3) {
            char mutant[sizeof SMALL];
            memcpy(mutant, SMALL, sizeof SMALL);
            mutant[at] = (char)byte;
            g_autoptr(GError) error = NULL;
            g_autoptr(Thesaurus) thesaurus = thesaurus_new(mutant, sizeof SMALL - 1, &error);
            assert_int_equal(thesaurus == NULL, error != NULL);
        }
    }
}

/* ---- the built-in table ---- */

enum { CONCEPTS_LEAST = 1500 };

static void test_builtin_is_complete(void **state)
{
    (void)state;
    g_autoptr(Thesaurus) thesaurus = builtin();
    assert_true(thesaurus_count(thesaurus) >= CONCEPTS_LEAST);
    for (guint at = 0; at < thesaurus_count(thesaurus); at++) {
        const char *id = thesaurus_id(thesaurus, at);
        if (!thesaurus_label(thesaurus, id, LANGUAGE_ITALIAN) ||
            !thesaurus_label(thesaurus, id, LANGUAGE_ENGLISH))
            fail_msg("\"%s\" lacks a term in one language", id);
    }
}

static void note_terms(const Thesaurus *thesaurus, guint at, Language language, GHashTable *owners)
{
    for (guint i = 0; i < thesaurus_term_count(thesaurus, at, language); i++) {
        char *folded = words_fold(thesaurus_term(thesaurus, at, language, i));
        const char *owner = g_hash_table_lookup(owners, folded);
        char *now = owner ? g_strjoin(" ", owner, thesaurus_id(thesaurus, at), NULL)
                          : g_strdup(thesaurus_id(thesaurus, at));
        g_hash_table_replace(owners, folded, now);
    }
}

/* A question's term leads to one concept, so that nothing else is searched for along with it: what
 * two concepts share is a mistake of the table. */
static guint count_shared(const Thesaurus *thesaurus, Language language)
{
    g_autoptr(GHashTable) owners = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint at = 0; at < thesaurus_count(thesaurus); at++)
        note_terms(thesaurus, at, language, owners);
    guint shared = 0;
    GHashTableIter each;
    gpointer term, concepts;
    g_hash_table_iter_init(&each, owners);
    while (g_hash_table_iter_next(&each, &term, &concepts)) {
        if (strchr(concepts, ' ') == NULL)
            continue;
        print_message("%s: \"%s\" is a term of: %s\n", language_code(language), (char *)term,
                      (char *)concepts);
        shared++;
    }
    return shared;
}

/* Topics are at the top, and their own names speak for them. */
static void test_builtin_topics(void **state)
{
    (void)state;
    g_autoptr(Thesaurus) thesaurus = builtin();
    guint themes = 0, areas = 0;
    for (guint at = 0; at < thesaurus_count(thesaurus); at++) {
        gboolean is_area = FALSE;
        if (!thesaurus_is_topic(thesaurus, at, &is_area))
            continue;
        *(is_area ? &areas : &themes) += 1;
        assert_null(thesaurus_broader(thesaurus, at));
        g_autoptr(GPtrArray) topics = thesaurus_topics(
            thesaurus, thesaurus_term(thesaurus, at, LANGUAGE_ENGLISH, 0), NULL, 0);
        assert_true(topics->len >= 1);
        assert_string_equal(((const Topic *)topics->pdata[0])->id, thesaurus_id(thesaurus, at));
    }
    assert_int_equal(themes, 8);
    assert_int_equal(areas, 4);
}

/* Terms that are part of a name of something else say nothing about the document. */
static void test_builtin_longer_terms(void **state)
{
    (void)state;
    static const char *const TITLES[] = {
        "Piano nazionale di ripresa e resilienza",
        "Recovery and Resilience Facility",
        "Il giudice di pace",
        "La convenzione di Istanbul",
        "Migrazione al cloud",
        "Agenda d'azione di Addis Abeba",
    };
    static const char *const NOT[] = {"resilience",    "resilience", "peacebuilding",
                                      "mediterranean", "migration",  "sub-saharan-africa"};
    g_autoptr(Thesaurus) thesaurus = builtin();
    for (guint i = 0; i < G_N_ELEMENTS(TITLES); i++) {
        g_autoptr(GPtrArray) topics = thesaurus_topics(thesaurus, TITLES[i], NULL, 0);
        for (guint t = 0; t < topics->len; t++)
            assert_string_not_equal(((const Topic *)topics->pdata[t])->id, NOT[i]);
    }
}

static void test_builtin_shares_no_terms(void **state)
{
    (void)state;
    g_autoptr(Thesaurus) thesaurus = builtin();
    assert_int_equal(count_shared(thesaurus, LANGUAGE_ITALIAN), 0);
    assert_int_equal(count_shared(thesaurus, LANGUAGE_ENGLISH), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_tables),
        cmocka_unit_test(test_builtin_has_all_topics),
        cmocka_unit_test(test_matching),
        cmocka_unit_test(test_concepts),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_two_topics),
        cmocka_unit_test(test_topics),
        cmocka_unit_test(test_areas_and_order),
        cmocka_unit_test(test_mutated_tables),
        cmocka_unit_test(test_builtin_is_complete),
        cmocka_unit_test(test_builtin_shares_no_terms),
        cmocka_unit_test(test_builtin_topics),
        cmocka_unit_test(test_builtin_longer_terms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
