/* Join: Italian–English pairs by way of a third language.
 *
 * Apertium has bilingual dictionaries of many pairs of languages, though none of Italian and
 * English. Two that share a language are joined over its lemma and part of speech. Each is compiled
 * for a direction, in which it prefers a word's usual translation, so the join is made in both
 * directions: "from Italian" and "from English" are two witnesses. A pair is the less likely the
 * more meanings word and pivot have. */
#ifndef SCHEDARIO_DICTIONARY_JOIN_H
#define SCHEDARIO_DICTIONARY_JOIN_H

#include "pairs.h"

/* Adds the pairs of the join of two compiled dictionaries (paths): from the first's left language
 * to the second's right one, which are Italian and English, or (`is_reverse`) English and Italian.
 * FALSE and `error` (TRANSDUCER_ERROR or G_FILE_ERROR) on failure. */
gboolean join_add(Pairs *pairs, Route route, const char *to_pivot, const char *from_pivot,
                  gboolean is_reverse, GError **error);

#endif
