/* Vocabulary: what words of a question may also be called, in either language.
 *
 * Two books stand behind it: the thesaurus of the field (terms of one word or several, synonyms,
 * acronyms, themes and areas) and the general dictionary (words of common speech). It is made once,
 * only read afterwards, and may be read from any thread with an analyser of one's own. */
#ifndef SCHEDARIO_VOCABULARY_H
#define SCHEDARIO_VOCABULARY_H

#include <glib.h>

#include "../../indexer/analysis.h"
#include "../../indexer/thesaurus.h"

typedef struct Vocabulary Vocabulary;

/* The vocabulary of the books built into the program. NULL and `error` when one is damaged
 * (THESAURUS_ERROR, DICTIONARY_ERROR). */
Vocabulary *vocabulary_new(GError **error);
void vocabulary_free(Vocabulary *vocabulary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Vocabulary, vocabulary_free)

/* The thesaurus in it. Borrowed. */
const Thesaurus *vocabulary_thesaurus(const Vocabulary *vocabulary);

/* Whether a folded word is known as a word of that language. */
gboolean vocabulary_knows(const Vocabulary *vocabulary, Analyser *analyser, Language language,
                          const char *word);

/* Another name for words of a question. Borrowed from the vocabulary. */
typedef struct {
    const char *words;     /* as people write them, parted by blanks: "cooperazione decentrata" */
    Language language;     /* Italian or English */
    gboolean is_thesaurus; /* else of the dictionary */
    double weight;         /* 0 to 1: how surely it means the same */
    guint covers;          /* so many of the question's words, from the first */
} VocabularyTerm;

typedef void (*VocabularyVisit)(const VocabularyTerm *term, gpointer data);

/* Visits the other names of what `words` (folded, without function words) begin with, read as words
 * of `from`: synonyms in the same language from the thesaurus, and translations. Longer terms of
 * the thesaurus first; what they cover may be covered again by shorter ones. Weightiest first
 * within each. */
void vocabulary_visit(const Vocabulary *vocabulary, Analyser *analyser, Language from,
                      const char *const *words, guint count, VocabularyVisit visit, gpointer data);

/* Other stems of the same word, as index terms parted by blanks ("e:child": "e:children"); NULL
 * when there are none. Borrowed. */
const char *vocabulary_forms(const Vocabulary *vocabulary, const char *stem);

/* The id of the theme (or area) that is called so in either language, in any spelling of it; NULL
 * when none is. Borrowed. */
const char *vocabulary_topic(const Vocabulary *vocabulary, gboolean is_area, const char *name);

/* The ids of all themes (or areas), in the order of the thesaurus; NULL-terminated, owned by the
 * caller. */
char **vocabulary_topics(const Vocabulary *vocabulary, gboolean is_area);

#endif
