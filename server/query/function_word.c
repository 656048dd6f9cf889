/* See function_word.h.
 *
 * A word is in these lists only if it practically never carries the meaning of a question in this
 * archive, in either language, since no list is chosen by language: a short question does not tell
 * which it is in. What was weighed:
 * - a, i, in, per, come, sue are words of both languages and grammar in at least one, while what
 *   they mean in the other ("per cent", "come", "to sue") is hardly ever searched for. They tell no
 *   language. So it is with n (numero, number), on (onorevole), are (the measure), more (of mora),
 *   dove (the bird), era (an epoch), ha (hectares), fa, del, sole exceptions that do little harm.
 * - stato, stati, state (State, United States), non (non-profit, non autosufficienti), no, senza,
 *   without, may (the month), due, two, under, over, near, vicino, prima, secondo, after, up, being
 *   (well being), use, us, sei and po are not: they can be what is asked for. */
#include "function_word.h"

#include <stdlib.h>
#include <string.h>

/* Folded, in the order of their bytes, for bsearch; elisions are analysis.h's, but some are typed
 * without their apostrophe, too. */
static const char *const ITALIAN[] = {
    "ad",     "agli",   "ai",      "al",      "alla",    "alle",   "allo",  "anche",   "aver",
    "avere",  "aveva",  "avevano", "che",     "chi",     "ci",     "coi",   "col",     "con",
    "cosa",   "cosi",   "cui",     "da",      "dagli",   "dai",    "dal",   "dall",    "dalla",
    "dalle",  "dallo",  "degli",   "dei",     "del",     "dell",   "della", "delle",   "dello",
    "deve",   "devono", "di",      "dove",    "durante", "e",      "ed",    "egli",    "era",
    "erano",  "essere", "fa",      "fra",     "fu",      "furono", "gli",   "ha",      "hanno",
    "ho",     "il",     "la",      "le",      "lo",      "loro",   "ma",    "ne",      "negli",
    "nei",    "nel",    "nell",    "nella",   "nelle",   "nello",  "o",     "od",      "oppure",
    "ovvero", "perche", "piu",     "possono", "puo",     "qual",   "quale", "quali",   "quando",
    "quanta", "quante", "quanti",  "quanto",  "quegli",  "quei",   "quel",  "quella",  "quelle",
    "quelli", "quello", "questa",  "queste",  "questi",  "questo", "qui",   "saranno", "se",
    "si",     "sia",    "siano",   "sono",    "stata",   "su",     "sua",   "sugli",   "sui",
    "sul",    "sull",   "sulla",   "sulle",   "sullo",   "suo",    "suoi",  "tra",     "un",
    "una",    "uno",    "vengono", "viene",
};
static const char *const ENGLISH[] = {
    "about",   "among", "an",    "and",   "any",  "are",    "as",    "at",     "be",    "been",
    "between", "by",    "can",   "could", "did",  "do",     "does",  "during", "for",   "from",
    "had",     "has",   "have",  "he",    "her",  "him",    "his",   "how",    "if",    "into",
    "is",      "it",    "its",   "many",  "more", "most",   "much",  "must",   "not",   "of",
    "on",      "or",    "our",   "shall", "she",  "should", "so",    "some",   "such",  "than",
    "that",    "the",   "their", "them",  "then", "there",  "these", "they",   "this",  "those",
    "through", "to",    "upon",  "was",   "we",   "were",   "what",  "when",   "where", "which",
    "while",   "who",   "whom",  "whose", "why",  "will",   "with",  "would",  "you",   "your",
};
static const char *const SHARED[] = {
    "a", "come", "i", "in", "n", "per", "sue",
};

static const struct {
    const char *const *words;
    gsize count;
    Language language; /* that alone has them */
} FUNCTION_WORDS[] = {
    {ITALIAN, G_N_ELEMENTS(ITALIAN), LANGUAGE_ITALIAN},
    {ENGLISH, G_N_ELEMENTS(ENGLISH), LANGUAGE_ENGLISH},
    {SHARED, G_N_ELEMENTS(SHARED), LANGUAGE_OTHER},
};

static int compare_words(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

gboolean function_word_is(const char *word, Language *ret_language)
{
    for (gsize i = 0; i < G_N_ELEMENTS(FUNCTION_WORDS); i++) {
        if (!bsearch(word, FUNCTION_WORDS[i].words, FUNCTION_WORDS[i].count, sizeof(char *),
                     compare_words))
            continue;
        if (ret_language)
            *ret_language = FUNCTION_WORDS[i].language;
        return TRUE;
    }
    return FALSE;
}
