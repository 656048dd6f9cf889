/* Rank: what a document is worth as an answer.
 *
 * BM25 (Robertson and others, TREC-3, 1994) over concepts, a little more for words just as they
 * were typed, and on top of it what stands near what: occurrences of different concepts that follow
 * each other closely add to both (Büttcher, Clarke and Lushman, Term proximity scoring for ad-hoc
 * retrieval, SIGIR 2006), and so does the stretch of a sentence's length that holds most of the
 * question. Pure functions of numbers; thread-safe. */
#ifndef SCHEDARIO_RANK_H
#define SCHEDARIO_RANK_H

#include <glib.h>

#include "places.h"

/* What a document's length does to its frequencies: `relative` is its words over the average. A
 * row here is a whole document, from a flyer to a code of a thousand pages, so length counts for
 * less than it does between newspaper articles. */
float rank_norm(float relative);

/* BM25's part of one concept of weight 1: grows with its frequency, ever more slowly. */
float rank_saturated(float frequency, float norm);

/* What a word just as it was typed adds, beside its concept: a part of what it would be worth
 * alone. */
#define RANK_EXACT 0.3

/* What nearness adds to a document's score. `places`: in order of position; `idf`: by concept;
 * `count`: concepts. 0 where no two different concepts follow each other closely. */
double rank_nearness(const Place *places, guint place_count, const double *idf, guint count,
                     float norm);

#endif
