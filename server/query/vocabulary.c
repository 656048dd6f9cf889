/* See vocabulary.h.
 *
 * Terms of the thesaurus are found by the stems of their words, without function words, so that
 * every form of a term and every spelling with or without an article finds its concept. Names are
 * found by their words as they are: Niger and Nigeria, or Tunisi and Tunisia, have one stem. The
 * dictionary keeps its own index of stems. */
#include "vocabulary.h"

#include <string.h>

#include "../../indexer/dictionary.h"
#include "../../indexer/thesaurus.h"
#include "../../indexer/words.h"
#include "function_word.h"

/* How surely another name means the same: a term of the thesaurus in the other language, a synonym
 * in the same one, and the likeliest word of the dictionary. What was typed is 1. */
static const double TRANSLATED_TERM = 0.85;
static const double SYNONYM = 0.6;
static const double TRANSLATED_WORD = 0.8;

/* Shorter words keep their endings. */
enum { UNINFLECTED_BYTES = 3 };

struct Vocabulary {
    Thesaurus *thesaurus;
    Dictionary *dictionary;
    GHashTable *concepts;  /* key_of_term() (owned) -> GArray of guint (owned) */
    GHashTable *topics[2]; /* [is_area]: folded name (owned) -> id (borrowed) */
    guint longest;         /* words of the longest term */
};

/* Keys: of several words their stems; of one word, after a sign of its language, the word without
 * its inflection; of a name its words as they are. */

static const char LANGUAGE_SIGN[LANGUAGE_COUNT] = {'O', 'I', 'E'};

static void append_stem(GString *stems, Analyser *analyser, Language language, const char *word)
{
    g_autofree char *stem = analyser_stem_term(analyser, language, word);
    if (stems->len > 0)
        g_string_append_c(stems, ' ');
    g_string_append(stems, stem ? stem : word);
}

static void append_name(GString *name, Language language, const char *word)
{
    if (name->len == 0)
        g_string_append_c(name, LANGUAGE_SIGN[language]);
    g_string_append_c(name, ' ');
    g_string_append(name, word);
}

/* A word without the ending of its number and gender: what forms of one word share. The stemmers
 * give "cooperazione" and "cooperativa" one stem, which among several words does no harm. */

static void cut_italian(GString *word)
{
    for (int i = 0;
         i < 2 && word->len > UNINFLECTED_BYTES && strchr("aeiou", word->str[word->len - 1]); i++)
        g_string_truncate(word, word->len - 1);
    if (word->str[word->len - 1] == 'h')
        g_string_truncate(word, word->len - 1);
}

static void cut_english(GString *word)
{
    static const struct {
        const char *ending;
        const char *instead;
    } ENDINGS[] = {{"ies", "y"}, {"sses", "ss"}, {"xes", "x"}, {"ches", "ch"}, {"shes", "sh"},
                   {"ss", "ss"}, {"us", "us"},   {"is", "is"}, {"s", ""}};
    for (gsize i = 0; i < G_N_ELEMENTS(ENDINGS) && word->len > UNINFLECTED_BYTES; i++)
        if (g_str_has_suffix(word->str, ENDINGS[i].ending)) {
            g_string_truncate(word, word->len - strlen(ENDINGS[i].ending));
            g_string_append(word, ENDINGS[i].instead);
            return;
        }
}

static void append_uninflected(GString *key, Language language, const char *folded)
{
    g_autoptr(GString) word = g_string_new(folded);
    if (language == LANGUAGE_ITALIAN)
        cut_italian(word);
    else
        cut_english(word);
    g_string_append_printf(key, "%c=%s", LANGUAGE_SIGN[language], word->str);
}

/* A term all of whose words begin with a capital, grammar aside. */
static gboolean is_name(const Words *words)
{
    for (guint i = 0; i < words->count; i++)
        if (!words_is_capital(words, i) && !function_word_is(words->word[i].folded, NULL))
            return FALSE;
    return TRUE;
}

/* "UN" in "UN Women" is no article. */
static gboolean is_grammar(Language language, const char *folded)
{
    Language only = LANGUAGE_OTHER;
    return function_word_is(folded, &only) && (only == language || only == LANGUAGE_OTHER);
}

/* The key of a term, and how many words it has. */
static GString *key_of_term(Analyser *analyser, Language language, const char *term,
                            guint *ret_words)
{
    GString *key = g_string_new(NULL);
    g_autoptr(Words) words = words_new(term, strlen(term));
    gboolean has_name = is_name(words);
    *ret_words = 0;
    for (guint i = 0; i < words->count; i++) {
        if (words->count > 1 && is_grammar(language, words->word[i].folded))
            continue;
        if (has_name)
            append_name(key, language, words->word[i].folded);
        else if (words->count == 1)
            append_uninflected(key, language, words->word[i].folded);
        else
            append_stem(key, analyser, language, words->word[i].folded);
        (*ret_words)++;
    }
    return key;
}

/* Making */

static void add_term(Vocabulary *vocabulary, Analyser *analyser, guint concept, Language language,
                     const char *term)
{
    guint count = 0;
    g_autoptr(GString) key = key_of_term(analyser, language, term, &count);
    if (count == 0)
        return;
    GArray *concepts = g_hash_table_lookup(vocabulary->concepts, key->str);
    if (!concepts) {
        concepts = g_array_new(FALSE, FALSE, sizeof(guint));
        g_hash_table_insert(vocabulary->concepts, g_strdup(key->str), concepts);
    }
    if (concepts->len == 0 || g_array_index(concepts, guint, concepts->len - 1) != concept)
        g_array_append_val(concepts, concept);
    vocabulary->longest = MAX(vocabulary->longest, count);
}

/* A name that a topic has itself is not taken from it by a concept below it. */
static void add_topic_name(GHashTable *topics, const char *name, const char *id)
{
    char *folded = words_fold(name);
    if (g_hash_table_contains(topics, folded))
        g_free(folded);
    else
        g_hash_table_insert(topics, folded, (gpointer)id);
}

/* The names of a concept stand for the topic `id`, which it is or lies below. */
static void add_topic(Vocabulary *vocabulary, guint concept, gboolean is_area, const char *id)
{
    GHashTable *topics = vocabulary->topics[is_area];
    add_topic_name(topics, thesaurus_id(vocabulary->thesaurus, concept), id);
    for (int language = LANGUAGE_ITALIAN; language < LANGUAGE_COUNT; language++)
        for (guint i = 0;
             i < thesaurus_term_count(vocabulary->thesaurus, concept, (Language)language); i++)
            add_topic_name(
                topics, thesaurus_term(vocabulary->thesaurus, concept, (Language)language, i), id);
}

static void add_concept(Vocabulary *vocabulary, Analyser *analyser, guint concept)
{
    const Thesaurus *thesaurus = vocabulary->thesaurus;
    gboolean is_area = FALSE;
    for (int language = LANGUAGE_ITALIAN; language < LANGUAGE_COUNT; language++)
        for (guint i = 0; i < thesaurus_term_count(thesaurus, concept, (Language)language); i++)
            add_term(vocabulary, analyser, concept, (Language)language,
                     thesaurus_term(thesaurus, concept, (Language)language, i));
    if (thesaurus_is_topic(thesaurus, concept, &is_area))
        add_topic(vocabulary, concept, is_area, thesaurus_id(thesaurus, concept));
}

/* "tema:rifugiati" means migration: a concept stands for the topic above it. */
static void add_below(Vocabulary *vocabulary, guint concept)
{
    const Thesaurus *thesaurus = vocabulary->thesaurus;
    guint above = concept;
    gboolean is_area = FALSE;
    const char *broader;
    while ((broader = thesaurus_broader(thesaurus, above)) &&
           thesaurus_find(thesaurus, broader, &above))
        if (thesaurus_is_topic(thesaurus, above, &is_area)) {
            add_topic(vocabulary, concept, is_area, thesaurus_id(thesaurus, above));
            return;
        }
}

static void free_array(gpointer data)
{
    g_array_unref(data);
}

Vocabulary *vocabulary_new(GError **error)
{
    g_autoptr(Vocabulary) vocabulary = g_new0(Vocabulary, 1);
    vocabulary->concepts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_array);
    for (int i = 0; i < 2; i++)
        vocabulary->topics[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    vocabulary->thesaurus = thesaurus_new_builtin(error);
    if (!vocabulary->thesaurus)
        return NULL;
    vocabulary->dictionary = dictionary_new_builtin(error);
    if (!vocabulary->dictionary)
        return NULL;
    g_autoptr(Analyser) analyser = analyser_new();
    for (guint i = 0; i < thesaurus_count(vocabulary->thesaurus); i++)
        add_concept(vocabulary, analyser, i);
    for (guint i = 0; i < thesaurus_count(vocabulary->thesaurus); i++)
        add_below(vocabulary, i);
    return g_steal_pointer(&vocabulary);
}

void vocabulary_free(Vocabulary *vocabulary)
{
    if (!vocabulary)
        return;
    g_hash_table_unref(vocabulary->concepts);
    for (int i = 0; i < 2; i++)
        g_hash_table_unref(vocabulary->topics[i]);
    thesaurus_free(vocabulary->thesaurus);
    dictionary_free(vocabulary->dictionary);
    g_free(vocabulary);
}

const Thesaurus *vocabulary_thesaurus(const Vocabulary *vocabulary)
{
    return vocabulary->thesaurus;
}

/* Looking up */

/* Words of the question that are looked up together. */
typedef struct {
    Language from;
    guint covers;
    const char *first;      /* of the words */
    const char *stems;      /* of all of them, parted by blanks */
    const GArray *named;    /* concepts that are called so by name; NULL: no name */
    const GArray *concepts; /* that are called so */
} Sought;

static void visit_concept(const Vocabulary *vocabulary, guint concept, const Sought *sought,
                          VocabularyVisit visit, gpointer data)
{
    const Thesaurus *thesaurus = vocabulary->thesaurus;
    Language from = sought->from;
    Language to = from == LANGUAGE_ITALIAN ? LANGUAGE_ENGLISH : LANGUAGE_ITALIAN;
    const struct {
        Language language;
        double weight;
    } ORDER[] = {{to, TRANSLATED_TERM}, {from, SYNONYM}};
    for (gsize i = 0; i < G_N_ELEMENTS(ORDER); i++)
        for (guint j = 0; j < thesaurus_term_count(thesaurus, concept, ORDER[i].language); j++) {
            VocabularyTerm term = {
                .words = thesaurus_term(thesaurus, concept, ORDER[i].language, j),
                .language = ORDER[i].language,
                .is_thesaurus = TRUE,
                .weight = ORDER[i].weight,
                .covers = sought->covers,
            };
            visit(&term, data);
        }
}

/* The concepts that are called so by name; NULL when none is. */
static const GArray *named_concepts(const Vocabulary *vocabulary, Language language,
                                    const char *words)
{
    g_autoptr(GString) key = g_string_new(NULL);
    append_name(key, language, words);
    return g_hash_table_lookup(vocabulary->concepts, key->str);
}

static const GArray *concepts_of_word(const Vocabulary *vocabulary, Language language,
                                      const char *word)
{
    g_autoptr(GString) key = g_string_new(NULL);
    append_uninflected(key, language, word);
    return g_hash_table_lookup(vocabulary->concepts, key->str);
}

/* Nigeria is no translation of Niger: both are names, and of other things. Names of one thing come
 * from the thesaurus. */
static gboolean is_other_name(const Vocabulary *vocabulary, const GArray *named, Language to,
                              const char *words)
{
    return named && named_concepts(vocabulary, to, words);
}

static void visit_dictionary(const Vocabulary *vocabulary, const Sought *sought,
                             VocabularyVisit visit, gpointer data)
{
    Language to = sought->from == LANGUAGE_ITALIAN ? LANGUAGE_ENGLISH : LANGUAGE_ITALIAN;
    DictionaryTranslation translations[DICTIONARY_TRANSLATIONS];
    guint count = sought->covers == 1
                      ? dictionary_translate_word(vocabulary->dictionary, sought->first,
                                                  sought->stems, translations)
                      : dictionary_translate(vocabulary->dictionary, sought->stems, translations);
    for (guint i = 0; i < count; i++) {
        VocabularyTerm term = {
            .words = translations[i].words,
            .language = to,
            .weight = TRANSLATED_WORD * translations[i].weight,
            .covers = sought->covers,
        };
        if (!is_other_name(vocabulary, sought->named, to, translations[i].words))
            visit(&term, data);
    }
}

/* A name stands for what is called so, and not for what shares its stem. */
static void visit_books(const Vocabulary *vocabulary, const Sought *sought, VocabularyVisit visit,
                        gpointer data)
{
    const GArray *concepts = sought->named ? sought->named : sought->concepts;
    for (guint i = 0; concepts && i < concepts->len; i++)
        visit_concept(vocabulary, g_array_index(concepts, guint, i), sought, visit, data);
    visit_dictionary(vocabulary, sought, visit, data);
}

void vocabulary_visit(const Vocabulary *vocabulary, Analyser *analyser, Language from,
                      const char *const *words, guint count, VocabularyVisit visit, gpointer data)
{
    guint most = MIN(count, vocabulary->longest);
    g_autoptr(GString) stems = g_string_new(NULL);
    g_autoptr(GString) name = g_string_new(NULL);
    g_autofree gsize *ends = g_new0(gsize, most + 1);
    g_autofree gsize *name_ends = g_new0(gsize, most + 1);
    for (guint i = 0; i < most; i++) {
        append_stem(stems, analyser, from, words[i]);
        append_name(name, from, words[i]);
        ends[i] = stems->len;
        name_ends[i] = name->len;
    }
    for (guint covers = most; covers > 0; covers--) {
        g_string_truncate(stems, ends[covers - 1]);
        g_string_truncate(name, name_ends[covers - 1]);
        Sought sought = {
            .from = from,
            .covers = covers,
            .first = words[0],
            .stems = stems->str,
            .named = g_hash_table_lookup(vocabulary->concepts, name->str),
            .concepts = covers == 1 ? concepts_of_word(vocabulary, from, words[0])
                                    : g_hash_table_lookup(vocabulary->concepts, stems->str),
        };
        visit_books(vocabulary, &sought, visit, data);
    }
}

gboolean vocabulary_knows(const Vocabulary *vocabulary, Analyser *analyser, Language language,
                          const char *word)
{
    DictionaryTranslation translations[DICTIONARY_TRANSLATIONS];
    g_autofree char *stem = analyser_stem_term(analyser, language, word);
    return stem && (concepts_of_word(vocabulary, language, word) ||
                    named_concepts(vocabulary, language, word) ||
                    dictionary_translate(vocabulary->dictionary, stem, translations) > 0);
}

const char *vocabulary_forms(const Vocabulary *vocabulary, const char *stem)
{
    return dictionary_forms(vocabulary->dictionary, stem);
}

const char *vocabulary_topic(const Vocabulary *vocabulary, gboolean is_area, const char *name)
{
    g_autofree char *folded = words_fold(name);
    return g_hash_table_lookup(vocabulary->topics[is_area != FALSE], folded);
}

char **vocabulary_topics(const Vocabulary *vocabulary, gboolean is_area)
{
    g_autoptr(GStrvBuilder) ids = g_strv_builder_new();
    gboolean of_area = FALSE;
    for (guint i = 0; i < thesaurus_count(vocabulary->thesaurus); i++)
        if (thesaurus_is_topic(vocabulary->thesaurus, i, &of_area) && !of_area == !is_area)
            g_strv_builder_add(ids, thesaurus_id(vocabulary->thesaurus, i));
    return g_strv_builder_end(ids);
}
