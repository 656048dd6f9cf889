/* Thesaurus: the table is read strictly, terms are found as words, topics need evidence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../../indexer/thesaurus.h"

#define HEAD "concept\tlanguage\trole\tterm\tbroader\tbelongs\n"

typedef struct {
    const char *table;
    ThesaurusError code;
    const char *says;
} Bad;

static const Bad BAD[] = {
    {"", THESAURUS_ERROR_SYNTAX, "line 1: the table is empty"},
    {"migration\tit\n", THESAURUS_ERROR_SYNTAX, "line 1: the first line must name"},
    {HEAD "water\tit\tpreferred\tacqua\n", THESAURUS_ERROR_SYNTAX, "line 2: there are 4 columns"},
    {HEAD "# a\n\nwater\tit\tpreferred\tacqua\t\t\t\n", THESAURUS_ERROR_SYNTAX,
     "line 4: there are 7"},
    {HEAD "Water\tit\tpreferred\tacqua\t\t\n", THESAURUS_ERROR_VALUE, "the concept \"Water\""},
    {HEAD "water\tfr\tpreferred\teau\t\t\n", THESAURUS_ERROR_VALUE, "allowed are it, en"},
    {HEAD "water\tit\tlabel\tacqua\t\t\n", THESAURUS_ERROR_VALUE, "the role is \"label\""},
    {HEAD "water\tit\tpreferred\t?!\t\t\n", THESAURUS_ERROR_VALUE, "has 0 words"},
    {HEAD "water\tit\tpreferred\tac*\t\t\n", THESAURUS_ERROR_VALUE, "less than 3 letters"},
    {HEAD "water\tit\tpreferred\t*acqua\t\t\n", THESAURUS_ERROR_VALUE, "does not end a word"},
    {HEAD "w\tit\tpreferred\ta b c d e f g h i\t\t\n", THESAURUS_ERROR_VALUE, "allowed are 1 to 8"},
    {HEAD "w\tit\tpreferred\tacqua\t\t\nw\tit\tsynonym\tAcqua\t\t\n", THESAURUS_ERROR_VALUE,
     "line 3: the term \"Acqua\" of \"w\" is there twice"},
    {HEAD "w\tit\tpreferred\tacqua\t\t\nw\tit\tpreferred\tacque\t\t\n", THESAURUS_ERROR_VALUE,
     "two preferred terms"},
    {HEAD "w\tit\tpreferred\tacqua\ttheme\tw\nw\ten\tpreferred\twater\tarea\t\n",
     THESAURUS_ERROR_VALUE, "is another one than in line 2"},
    {HEAD "w\tit\tpreferred\tacqua\tsea\t\n", THESAURUS_ERROR_REFERENCE, "no other concept"},
    {HEAD "w\tit\tpreferred\tacqua\t\tsea\n", THESAURUS_ERROR_REFERENCE, "no theme or area"},
    {HEAD "w\tit\tpreferred\tacqua\t\tw\n", THESAURUS_ERROR_REFERENCE, "no theme or area"},
    {HEAD "w\tit\tpreferred\t\xFF\t\t\n", THESAURUS_ERROR_SYNTAX, "UTF-8"},
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
        assert_string_equal(thesaurus_label(thesaurus, LABELS[i][0], "it"), LABELS[i][1]);
        assert_string_equal(thesaurus_label(thesaurus, LABELS[i][0], "en"), LABELS[i][2]);
    }
    assert_null(thesaurus_label(thesaurus, "migration", "fr"));
    assert_null(thesaurus_label(thesaurus, "nothing", "it"));
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

static const char SMALL[] = HEAD "water\tit\tpreferred\tacqua\ttheme\twater\n"
                                 "water\tit\tsynonym\tacquedott*\t-\t-\n"
                                 "water\tit\tsynonym\trete idrica\t-\t-\n"
                                 "water\tit\tsynonym\trete idrica comunale\t-\t-\n"
                                 "water\ten\tpreferred\twater\t\t\n"
                                 "water\tit\tsynonym\tcittà d'acqua\t\t\n"
                                 "well\tit\tpreferred\tpozz* artesian*\twater\twater\n";

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
    {"rete idrica comunale", "rete idrica", 0},
    {"rete idrica comunale", "rete idrica comunale", 1},
    {"citta' d’acqua", "città d'acqua", 1},
    {"citta' d’acqua", "acqua", 0},
    {"pozzi artesiani, un pozzo artesiano", "pozz* artesian*", 2},
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
        assert_int_equal(topics->len, 1);
        guint count = count_of(topics, "water", MATCHES[i].term);
        if (count != MATCHES[i].count)
            print_message("row %u: %u\n", i, count);
        assert_int_equal(count, MATCHES[i].count);
    }
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
    assert_string_equal(g_array_index(first->terms, TopicTerm, 0).term, "migrant*");
    assert_int_equal(g_array_index(first->terms, TopicTerm, 0).count, 3);
    assert_false(g_array_index(first->terms, TopicTerm, 0).in_title);
}

static void test_mutated_tables(void **state)
{
    (void)state;
    for (gsize at = sizeof HEAD - 1; at < sizeof SMALL - 1; at++) {
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_tables),      cmocka_unit_test(test_builtin_has_all_topics),
        cmocka_unit_test(test_matching),        cmocka_unit_test(test_topics),
        cmocka_unit_test(test_areas_and_order), cmocka_unit_test(test_mutated_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
