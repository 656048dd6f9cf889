/* See query_internal.h. Which language a question is in, and the other names of its words.
 *
 * A word that only one language has votes for it. A word that both have ("programme" and "comune"
 * are Italian and English) is read in the language of the question when the vote is clear, and in
 * both when it is not: a wrong reading adds wrong names, a missing one loses documents. */
#include "query_internal.h"

#include <string.h>

/* Words that a name may cover: more than terms of the vocabulary have. */
enum { COVERED_WORDS = 8 };

/* A form with another stem than the typed one's: so much of an occurrence. */
static const double FORM_WEIGHT = 0.95;

/* How many times the other language's votes make a vote clear. */
enum { CLEAR_MAJORITY = 2 };

static gboolean knows(const QueryReading *reading, Language language, const char *word)
{
    return reading->vocabulary &&
           vocabulary_knows(reading->vocabulary, reading->analyser, language, word);
}

/* The only language that has the word, or LANGUAGE_OTHER. */
static Language language_of(const QueryReading *reading, const char *word)
{
    gboolean is_italian = knows(reading, LANGUAGE_ITALIAN, word);
    gboolean is_english = knows(reading, LANGUAGE_ENGLISH, word);
    if (is_italian == is_english)
        return LANGUAGE_OTHER;
    return is_italian ? LANGUAGE_ITALIAN : LANGUAGE_ENGLISH;
}

static void count_votes(const QueryLeaf *leaf, const QueryReading *reading, guint *votes)
{
    if (leaf->field != FIELD_NONE && leaf->field != FIELD_TITLE)
        return;
    if (leaf->is_function) {
        votes[leaf->language]++;
        return;
    }
    for (guint i = 0; i + leaf->is_prefix < leaf->words->len; i++)
        votes[language_of(reading, leaf->words->pdata[i])]++;
}

Language query_vote(const GPtrArray *tokens, const QueryReading *reading)
{
    guint votes[LANGUAGE_COUNT] = {0};
    for (guint i = 0; i < tokens->len; i++) {
        const QueryToken *token = tokens->pdata[i];
        if (token->type == TOKEN_LEAF)
            count_votes(token->leaf, reading, votes);
    }
    if (votes[LANGUAGE_ITALIAN] > 0 &&
        votes[LANGUAGE_ITALIAN] >= CLEAR_MAJORITY * votes[LANGUAGE_ENGLISH])
        return LANGUAGE_ITALIAN;
    if (votes[LANGUAGE_ENGLISH] > 0 &&
        votes[LANGUAGE_ENGLISH] >= CLEAR_MAJORITY * votes[LANGUAGE_ITALIAN])
        return LANGUAGE_ENGLISH;
    return LANGUAGE_OTHER;
}

/* Other names */

typedef struct {
    const QueryRun *run;
    guint at; /* where the words that are looked up begin */
    Analyser *analyser;
} Lookup;

/* The index terms of words as people write them. Of one that ends in a star ("amministrativ*") the
 * last word is no stem but the beginning of words as they are written. Owned by the caller. */
static char *phrase_of(Analyser *analyser, const char *text, Language language, gboolean is_prefix)
{
    QuerySpan span = {text, text + strlen(text)};
    g_auto(QueryWords) words = query_words_of(analyser, span, G_MAXUINT);
    guint last = MAX(words.words->len, 1u) - 1;
    g_autofree char *begun =
        is_prefix && words.words->len > 0 ? g_ptr_array_steal_index(words.words, last) : NULL;
    char *stems = query_stemmed_phrase(analyser, words.words, language);
    if (!begun)
        return stems;
    char *phrase = g_strjoin(last > 0 ? " " : "", stems, begun, NULL);
    g_free(stems);
    return phrase;
}

/* Whether word `i` of the run begins a concept, or follows the last one. */
static gboolean is_boundary(const QueryRun *run, guint i)
{
    return i == 0 || i >= run->words->len || run->concepts->pdata[i] != run->concepts->pdata[i - 1];
}

static void on_term(const VocabularyTerm *term, gpointer data)
{
    const Lookup *lookup = data;
    const QueryRun *run = lookup->run;
    guint end = lookup->at + term->covers;
    if (term->covers == 0 || end > run->words->len || !is_boundary(run, end))
        return;
    gboolean is_prefix = g_str_has_suffix(term->words, "*");
    g_autofree char *phrase = phrase_of(lookup->analyser, term->words, term->language, is_prefix);
    for (guint i = lookup->at; i < end && *phrase; i++) {
        if (!is_boundary(run, i))
            continue;
        QueryAlternative alternative = {
            .phrase = g_strdup(phrase),
            .shown = g_strdup(term->words),
            .language = term->language,
            .source = term->is_thesaurus ? QUERY_THESAURUS : QUERY_DICTIONARY,
            .is_prefix = is_prefix,
            .weight = CLAMP(term->weight, 0, 1),
        };
        query_concept_add(run->concepts->pdata[i], alternative);
    }
}

/* Stems that forms of the same word have, as if they were typed. */
static void add_forms(const QueryReading *reading, const Lookup *lookup, Language from)
{
    QueryConcept *concept = lookup->run->concepts->pdata[lookup->at];
    g_autofree char *stem =
        analyser_stem_term(reading->analyser, from, lookup->run->words->pdata[lookup->at]);
    const char *forms = stem ? vocabulary_forms(reading->vocabulary, stem) : NULL;
    g_auto(GStrv) stems = forms ? g_strsplit(forms, " ", -1) : NULL;
    for (guint i = 0; stems && stems[i]; i++)
        query_concept_add(concept, (QueryAlternative){.phrase = g_strdup(stems[i]),
                                                      .shown = g_strdup(concept->typed),
                                                      .language = from,
                                                      .source = QUERY_LITERAL,
                                                      .weight = FORM_WEIGHT});
}

/* Of a word in parts ("co-operation") no part is the word. */
static gboolean is_one_word(const QueryRun *run, guint i)
{
    return is_boundary(run, i) && is_boundary(run, i + 1);
}

static void look_up(const QueryReading *reading, Lookup *lookup, Language from)
{
    const GPtrArray *words = lookup->run->words;
    guint count = MIN(words->len - lookup->at, (guint)COVERED_WORDS);
    if (is_one_word(lookup->run, lookup->at))
        add_forms(reading, lookup, from);
    if (!reading->is_translated)
        return;
    vocabulary_visit(reading->vocabulary, reading->analyser, from,
                     (const char *const *)words->pdata + lookup->at, count, on_term, lookup);
}

/* The language to read a word in; LANGUAGE_OTHER: both. */
static Language reading_language(const QueryReading *reading, const char *word, Language question)
{
    Language only = language_of(reading, word);
    return only != LANGUAGE_OTHER ? only : question;
}

void query_run_translate(const QueryRun *run, const QueryReading *reading, Language language)
{
    Lookup lookup = {run, 0, reading->analyser};
    if (!reading->vocabulary)
        return;
    for (; lookup.at < run->words->len; lookup.at++) {
        if (!is_boundary(run, lookup.at))
            continue;
        Language from = reading_language(reading, run->words->pdata[lookup.at], language);
        if (from != LANGUAGE_ENGLISH)
            look_up(reading, &lookup, LANGUAGE_ITALIAN);
        if (from != LANGUAGE_ITALIAN)
            look_up(reading, &lookup, LANGUAGE_ENGLISH);
    }
}
