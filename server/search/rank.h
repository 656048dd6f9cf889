/* Rank: what a document is worth as an answer.
 *
 * BM25 (Robertson and others, TREC-3, 1994) over concepts, weighed by how rare they are and how
 * much what holds them is about them, a little more for words just as they were typed, a share of a
 * compound's weight for its words, and on top of it what stands near what: occurrences of different
 * concepts that follow each other closely add to both (Büttcher, Clarke and Lushman, Term proximity
 * scoring for ad-hoc retrieval, SIGIR 2006), and so does the stretch of a sentence's length that
 * holds most of the question. Pure functions of numbers; thread-safe. */
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

/* What a concept weighs: its `idf` by how much the documents that hold it are about it, `mean` of
 * rank_saturated() over them. Words of one rarity differ in that: "creep" and "flutter" come in
 * clusters, where "anyone" and "available" come once and by the way (Church and Gale, Poisson
 * mixtures, 1995; as a weight of the question's words: Kwok, SIGIR 1996). The square root of it, as
 * the mean of the two views of a weight: with it and without. */
double rank_weight(double idf, double mean);

/* What a word just as it was typed adds, beside its concept: a part of what it would be worth
 * alone. */
#define RANK_EXACT 0.3

/* Of a compound, what the phrase keeps of its own weight, and what each of its words has of what it
 * would weigh alone: a document that holds the phrase holds its words as well. */
#define RANK_COMPOUND 0.5

/* What nearness adds to a document's score. `places`: in order of position; `idf`: by concept;
 * `count`: concepts. 0 where no two different concepts follow each other closely. */
double rank_nearness(const Place *places, guint place_count, const double *idf, guint count,
                     float norm);

#endif
