/* Lemma: the words of an entry, as dictionaries write them, brought to one form. */
#ifndef SCHEDARIO_DICTIONARY_LEMMA_H
#define SCHEDARIO_DICTIONARY_LEMMA_H

#include "../analysis.h"

enum {
    LEMMA_WORDS = 4, /* longer entries are explanations */
    LEMMA_BYTES = 60,
};

/* `length` bytes of `text` as people write the entry: lower case, plain hyphens and apostrophes,
 * without remarks in brackets and the "to" of verbs. NULL for what is no entry: nothing, more than
 * LEMMA_WORDS words, digits or other characters. Owned by the caller. */
char *lemma_clean(const char *text, gsize length);

/* The index terms of the words of `lemma`, parted by blanks ("i:sistem i:oper"). NULL when one
 * has none. Owned by the caller. */
char *lemma_key(Analyser *analyser, Language language, const char *lemma);

/* `lemma` folded as index terms are ("citta"); NULL when it is not a single word. Owned by the
 * caller. */
char *lemma_folded(Analyser *analyser, const char *lemma);

#endif
