/* Dictionary: entries are found in any form of their words, forms have their other stems, and no
 * bytes do harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../../indexer/analysis.h"
#include "../../indexer/dictionary.h"
#include "../../indexer/dictionary_format.h"

static Dictionary *builtin(void)
{
    GError *error = NULL;
    Dictionary *dictionary = dictionary_new_builtin(&error);
    if (dictionary == NULL)
        print_message("%s\n", error->message);
    assert_non_null(dictionary);
    return dictionary;
}

/* Index terms of one or more words, and the last one folded. */
typedef struct {
    GString *stems;
    GString *word;
} Terms;

static gboolean take_term(const AnalysedWord *word, gpointer data)
{
    Terms *terms = data;
    g_string_append_printf(terms->stems, "%s%s", terms->stems->len > 0 ? " " : "", word->stem);
    g_string_assign(terms->word, word->word);
    return TRUE;
}

static void analyse(Terms *terms, Language language, const char *words)
{
    g_autoptr(Analyser) analyser = analyser_new();
    g_autofree char *marked = g_strdup_printf("%c%s", MARK_OTHER + (int)language, words);
    g_string_truncate(terms->stems, 0);
    analyser_walk(analyser, marked, strlen(marked), take_term, terms);
}

/* How likely `words` mean `translation`; 0: not among their translations. */
static double weight(const Dictionary *dictionary, Language language, const char *words,
                     const char *translation)
{
    g_autoptr(GString) stems = g_string_new(NULL);
    g_autoptr(GString) word = g_string_new(NULL);
    Terms terms = {stems, word};
    DictionaryTranslation found[DICTIONARY_TRANSLATIONS];
    analyse(&terms, language, words);
    guint count = strchr(stems->str, ' ')
                      ? dictionary_translate(dictionary, stems->str, found)
                      : dictionary_translate_word(dictionary, word->str, stems->str, found);
    assert_true(count <= DICTIONARY_TRANSLATIONS);
    for (guint i = 0; i < count; i++)
        if (strcmp(found[i].words, translation) == 0)
            return found[i].weight;
    return 0;
}

typedef struct {
    Language language;
    const char *words;
    const char *translation;
} Pair;

static const Pair RIGHT[] = {
    {LANGUAGE_ITALIAN, "casa", "house"},
    {LANGUAGE_ITALIAN, "case", "homes"},
    {LANGUAGE_ENGLISH, "house", "casa"},
    {LANGUAGE_ENGLISH, "houses", "case"},
    {LANGUAGE_ENGLISH, "Children", "bambini"},
    {LANGUAGE_ENGLISH, "went", "andare"},
    {LANGUAGE_ITALIAN, "uomini", "man"},
    {LANGUAGE_ITALIAN, "citta", "city"},
    {LANGUAGE_ITALIAN, "Città", "city"},
    {LANGUAGE_ENGLISH, "cities", "città"},
    {LANGUAGE_ITALIAN, "porto", "harbour"},
    {LANGUAGE_ITALIAN, "porte", "door"},
    {LANGUAGE_ITALIAN, "sistemi operativi", "operating system"},
    {LANGUAGE_ENGLISH, "operating systems", "sistema operativo"},
    {LANGUAGE_ENGLISH, "London", "londra"},
    {LANGUAGE_ITALIAN, "Firenze", "florence"},
    {LANGUAGE_ITALIAN, "tedeschi", "german"},
    {LANGUAGE_ENGLISH, "Thursday", "giovedì"},
    {LANGUAGE_ITALIAN, "settanta", "seventy"},
    {LANGUAGE_ITALIAN, "finestra", "window"},
    {LANGUAGE_ENGLISH, "folder", "cartella"},
};

static const Pair WRONG[] = {
    {LANGUAGE_ITALIAN, "per", "pear"},      /* shares its stem with "pera" */
    {LANGUAGE_ITALIAN, "porta", "harbour"}, /* with "porto" */
    {LANGUAGE_ITALIAN, "stato", "statute"}, /* with "statuto" */
    {LANGUAGE_ENGLISH, "one", "cento"},     /* a headword cut in two */
    {LANGUAGE_ENGLISH, "actually", "attualmente"},
    {LANGUAGE_ITALIAN, "violino", "violate"}, /* a rare form of "violare" */
    {LANGUAGE_ITALIAN, "organo", "organist"}, /* a relative in one language only */
    {LANGUAGE_ITALIAN, "molo", "marrow"},     /* by a pivot that means both */
    {LANGUAGE_ITALIAN, "visto", "for"},       /* a function word */
    {LANGUAGE_ITALIAN, "nonexistent", "house"},
};

static void test_translations(void **state)
{
    (void)state;
    g_autoptr(Dictionary) dictionary = builtin();
    for (guint i = 0; i < G_N_ELEMENTS(RIGHT); i++) {
        double found = weight(dictionary, RIGHT[i].language, RIGHT[i].words, RIGHT[i].translation);
        if (found <= 0)
            print_message("%s does not mean %s\n", RIGHT[i].words, RIGHT[i].translation);
        assert_true(found > 0 && found <= 1);
    }
    for (guint i = 0; i < G_N_ELEMENTS(WRONG); i++) {
        double found = weight(dictionary, WRONG[i].language, WRONG[i].words, WRONG[i].translation);
        if (found > 0)
            print_message("%s means %s\n", WRONG[i].words, WRONG[i].translation);
        assert_true(found <= 0);
    }
}

static void test_likeliest_first(void **state)
{
    (void)state;
    static const char *const STEMS[] = {"i:cas", "e:hous", "i:port", "e:time"};
    g_autoptr(Dictionary) dictionary = builtin();
    for (guint i = 0; i < G_N_ELEMENTS(STEMS); i++) {
        DictionaryTranslation found[DICTIONARY_TRANSLATIONS];
        guint count = dictionary_translate(dictionary, STEMS[i], found);
        assert_true(count >= 1);
        assert_true(found[0].weight >= 0.999);
        for (guint j = 1; j < count; j++)
            assert_true(found[j].weight <= found[j - 1].weight);
    }
}

/* What a word means comes before what a word means that it is a form of, and in the order in which
 * a person wrote it. */
static void test_word_before_form(void **state)
{
    (void)state;
    static const struct {
        Pair first; /* is likelier than */
        const char *second;
    } CASES[] = {
        {{LANGUAGE_ITALIAN, "legge", "law"}, "read"},
        {{LANGUAGE_ITALIAN, "parte", "part"}, "leave"},
        {{LANGUAGE_ITALIAN, "porta", "door"}, "bring"},
        {{LANGUAGE_ITALIAN, "data", "date"}, "give"},
        {{LANGUAGE_ITALIAN, "corso", "course"}, "run"},
        {{LANGUAGE_ITALIAN, "lavoro", "work"}, "job"},
        {{LANGUAGE_ENGLISH, "building", "edificio"}, "costruire"},
    };
    g_autoptr(Dictionary) dictionary = builtin();
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const Pair *pair = &CASES[i].first;
        double first = weight(dictionary, pair->language, pair->words, pair->translation);
        double second = weight(dictionary, pair->language, pair->words, CASES[i].second);
        if (first <= second)
            print_message("%s means %s\n", pair->words, CASES[i].second);
        assert_true(first > second);
    }
}

static gboolean has_form(const Dictionary *dictionary, const char *stem, const char *other)
{
    const char *forms = dictionary_forms(dictionary, stem);
    g_auto(GStrv) list = g_strsplit(forms ? forms : "", " ", -1);
    return g_strv_contains((const char *const *)list, other);
}

static void test_forms(void **state)
{
    (void)state;
    static const char *const PAIRS[][2] = {
        {"e:child", "e:children"}, {"e:go", "e:went"},      {"i:uom", "i:uomin"},
        {"e:foot", "e:feet"},      {"i:scriv", "i:scritt"}, {"i:andar", "i:andat"},
    };
    static const char *const HARMFUL[][2] = {
        {"i:dio", "i:dei"},         /* grammar */
        {"i:avut", "i:hann"},       /* an auxiliary verb */
        {"i:giunt", "i:giung"},     /* the municipal executive */
        {"i:permess", "i:permett"}, /* a permit */
        {"i:temp", "i:templ"},      /* time, and temples */
        {"i:usa", "i:usar"},        /* a country */
        {"e:index", "e:indic"},     /* "indicators", too */
        {"e:bear", "e:born"},
    };
    g_autoptr(Dictionary) dictionary = builtin();
    for (guint i = 0; i < G_N_ELEMENTS(PAIRS); i++) {
        if (!has_form(dictionary, PAIRS[i][0], PAIRS[i][1]))
            print_message("%s lacks %s\n", PAIRS[i][0], PAIRS[i][1]);
        assert_true(has_form(dictionary, PAIRS[i][0], PAIRS[i][1]));
        assert_true(has_form(dictionary, PAIRS[i][1], PAIRS[i][0]));
    }
    assert_false(has_form(dictionary, "i:far", "i:fatt")); /* "fatto" is a fact, too */
    assert_null(dictionary_forms(dictionary, "i:xyzzy"));
    for (guint i = 0; i < G_N_ELEMENTS(HARMFUL); i++) {
        if (has_form(dictionary, HARMFUL[i][0], HARMFUL[i][1]))
            print_message("%s brings %s\n", HARMFUL[i][0], HARMFUL[i][1]);
        assert_false(has_form(dictionary, HARMFUL[i][0], HARMFUL[i][1]));
    }
}

/* A dictionary of one entry, one form: the strings "a", "b". */
static GByteArray *small(void)
{
    static const guint32 NUMBERS[] = {1, 1, 1, 4, 0, 1u << DICTIONARY_COUNT_SHIFT, 2, 500, 0, 2};
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)DICTIONARY_MAGIC, DICTIONARY_MAGIC_BYTES);
    for (guint i = 0; i < G_N_ELEMENTS(NUMBERS); i++) {
        guint32 little = GUINT32_TO_LE(NUMBERS[i]);
        g_byte_array_append(bytes, (const guint8 *)&little, sizeof little);
    }
    g_byte_array_append(bytes, (const guint8 *)"a\0b", 4);
    return bytes;
}

static void test_small(void **state)
{
    (void)state;
    DictionaryTranslation found[DICTIONARY_TRANSLATIONS];
    g_autoptr(GByteArray) bytes = small();
    g_autoptr(GError) error = NULL;
    g_autoptr(Dictionary) dictionary = dictionary_new(bytes->data, bytes->len, &error);
    assert_non_null(dictionary);
    assert_int_equal(dictionary_translate(dictionary, "a", found), 1);
    assert_string_equal(found[0].words, "b");
    assert_true(found[0].weight > 0.499 && found[0].weight < 0.501);
    assert_int_equal(dictionary_translate(dictionary, "b", found), 0);
    assert_string_equal(dictionary_forms(dictionary, "a"), "b");
}

/* What is read from bytes that are accepted lies within them: the sanitizers watch. */
static void look_up(const guint8 *data, gsize length)
{
    g_autofree guint8 *copy = g_memdup2(data, length);
    g_autoptr(GError) error = NULL;
    g_autoptr(Dictionary) dictionary = dictionary_new(copy, length, &error);
    DictionaryTranslation found[DICTIONARY_TRANSLATIONS];
    if (dictionary == NULL) {
        assert_true(g_error_matches(error, DICTIONARY_ERROR, DICTIONARY_ERROR_FORMAT));
        return;
    }
    guint count = dictionary_translate(dictionary, "a", found);
    assert_true(count <= DICTIONARY_TRANSLATIONS);
    for (guint i = 0; i < count; i++)
        assert_true(strlen(found[i].words) < length);
    const char *forms = dictionary_forms(dictionary, "a");
    assert_true(forms == NULL || strlen(forms) < length);
}

static void test_damaged(void **state)
{
    (void)state;
    g_autoptr(GByteArray) bytes = small();
    for (guint length = 0; length < bytes->len; length++) {
        g_autoptr(GError) error = NULL;
        assert_null(dictionary_new(bytes->data, length, &error));
        assert_true(g_error_matches(error, DICTIONARY_ERROR, DICTIONARY_ERROR_FORMAT));
    }
    for (guint bit = 0; bit < bytes->len * 8; bit++) {
        bytes->data[bit / 8] ^= (guint8)(1 << bit % 8);
        look_up(bytes->data, bytes->len);
        bytes->data[bit / 8] ^= (guint8)(1 << bit % 8);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_translations),
        cmocka_unit_test(test_likeliest_first),
        cmocka_unit_test(test_word_before_form),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_small),
        cmocka_unit_test(test_damaged),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
