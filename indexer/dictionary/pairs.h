/* Pairs: which Italian words mean which English ones, and by what we know it.
 *
 * Each route (a dictionary, a join, a hand) says of a pair how likely the one word means the other.
 * Routes that agree add up; what only one of them says must be said clearly. What stands on one
 * word of one pivot, read one way, is kept only for words that have nothing better. */
#ifndef SCHEDARIO_DICTIONARY_PAIRS_H
#define SCHEDARIO_DICTIONARY_PAIRS_H

#include <glib.h>

typedef enum {
    ROUTE_HAND,             /* dictionary.tsv */
    ROUTE_FREEDICT_ITALIAN, /* of an Italian headword */
    ROUTE_FREEDICT_ENGLISH,
    ROUTE_SPANISH_ITALIAN, /* from Italian by Spanish to English */
    ROUTE_SPANISH_ENGLISH, /* from English by Spanish to Italian */
    ROUTE_CATALAN_ITALIAN,
    ROUTE_CATALAN_ENGLISH,
    ROUTE_COUNT,
} Route;

typedef struct {
    const char *italian;
    const char *english;
    double likelihood[ROUTE_COUNT]; /* 0: the route does not know the pair; up to 1 */
} Pair;

typedef struct Pairs Pairs;

Pairs *pairs_new(void);
void pairs_free(Pairs *pairs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pairs, pairs_free)

/* Adds to the likelihood that `route` gives a pair, up to 1. */
void pairs_add(Pairs *pairs, Route route, const char *italian, const char *english,
               double likelihood);
/* Takes a pair away, whatever routes other than a hand say of it. NULL: all of the other word. */
void pairs_remove(Pairs *pairs, const char *italian, const char *english);

/* The pairs that are to be trusted, by Italian, then English word: const Pair *, borrowed from
 * `pairs`; the array is the caller's (g_ptr_array_unref). */
GPtrArray *pairs_trusted(const Pairs *pairs);

/* How much speaks for English as the meaning of Italian, and the other way round. */
double pair_weight_italian(const Pair *pair);
double pair_weight_english(const Pair *pair);

#endif
