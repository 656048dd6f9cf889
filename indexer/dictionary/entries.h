/* Entries: what is looked up, made from the pairs that are trusted.
 *
 * A word keeps its likeliest translations. Words that share their stem ("porta", "portare") share
 * an entry: each of them brings its own, the better known word more. Where it is known which of
 * them a form may be of ("porto": not of "porta"), the form has an entry of its own: what it means
 * as a word of its own first, then what it is a common form of, then what its relatives mean as far
 * as they are relatives in both languages. Translations that share a stem in their turn are one. */
#ifndef SCHEDARIO_DICTIONARY_ENTRIES_H
#define SCHEDARIO_DICTIONARY_ENTRIES_H

#include "../analysis.h"
#include "lexicon.h"
#include "pairs.h"

typedef struct {
    char *words;   /* owned by the meaning */
    char *key;     /* stems of `words`; owned by the meaning */
    double weight; /* 0 to 1 */
} Meaning;

typedef struct Entries Entries;

/* Entries by stems, both directions. The analyser must outlive them. */
Entries *entries_new(const GPtrArray *trusted, Analyser *analyser);
void entries_free(Entries *entries);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Entries, entries_free)

/* Adds entries of forms. Function words get empty ones: "per" has nothing to do with "pera". */
void entries_add_words(Entries *entries, const Lexicon *lexicon);

/* Lets other stems of a word find its entry, too. `forms` is forms_table()'s. */
void entries_add_forms(Entries *entries, GTree *forms);

/* Key ("i:sistem i:oper", "i=porto") -> GArray of Meaning, the likeliest first, sorted by key.
 * Borrowed. */
GTree *entries_table(const Entries *entries);

#endif
