/* Matching: which documents hold what a query asks for, and how often each concept stands in them.
 *
 * A concept is one word in ranking, whatever stands for it: the weighted occurrences of all its
 * alternatives are added up by document, and it stands in as many documents as hold any of them
 * (structured queries: Pirkola, SIGIR 1998). Explicit operators mean exactly what they say. Of
 * words that stand side by side (QueryStep.is_free) two or three must all occur; of more, so many
 * that they make up a good part of the question's weight, where a word's weight is its inverse
 * document frequency, and it is known which documents hold most of it. (Asking a long question's
 * documents for half of its weight was measured to cost a tenth of the answers: people's sentences
 * hold words that no answer repeats.) What holds not all of two or three may follow where little
 * does.
 *
 * Knows postings and rows, nothing of cards, filters or the order of the answer. */
#ifndef SCHEDARIO_MATCHING_H
#define SCHEDARIO_MATCHING_H

#include <glib.h>

#include "../postings/postings.h"
#include "../postings/rowset.h"
#include "../query/query.h"

enum {
    MATCHING_ALL_UP_TO = 3, /* free words of which all must occur */
};

/* The documents that hold a concept. Parallel arrays, ascending by row. */
typedef struct {
    guint count;
    guint32 *rows;
    float *frequency; /* weighted occurrences; one in the title is worth MATCHING_TITLE_WEIGHT */
    double idf;       /* inverse document frequency */
    gboolean is_cut;  /* there may be more (Matching.is_cut) */
} ConceptMatches;

/* How many occurrences in the text one in the title is worth. */
#define MATCHING_TITLE_WEIGHT 4.0

/* A word of a compound. */
typedef struct {
    guint concept; /* the compound's number */
    ConceptMatches matches;
} CompoundWord;

typedef struct {
    guint count;             /* concepts */
    ConceptMatches *concept; /* by number in query_concepts() */
    ConceptMatches *exact; /* the same of the words just as typed; empty where that is all anyhow */
    GArray *words;         /* CompoundWord: of compounds, for ranking alone */
    GArray *free;          /* guint: the concepts of the free words */
    RowSet *asked;         /* hold all that the query asks for beside its free words */
    RowSet *complete;      /* of those, the ones that hold all of two or three free words, or of
                            * more enough to be an answer */
    RowSet *most;          /* of those, the ones that hold most of more than three; else NULL */
    gboolean is_cut; /* the time was up (postings_set_time): rows may be missing; none is there
                      * that the operators keep out, and a word that was not looked for
                      * to the end is none that a row lacks */
} Matching;

/* Matches a query. `limit`: rows are below it; `documents`: how many are searchable. Owned by the
 * caller. NULL and `error` (ARCHIVE_ERROR) on failure. */
Matching *matching_new(const Query *query, Postings *postings, guint limit, guint documents,
                       GError **error);

/* Whether a name of a concept is to be looked up. */
typedef gboolean (*MatchingChoice)(const QueryAlternative *name, gpointer data);

/* Matches the concepts of a query alone, in their order, each under those of its names that
 * `is_chosen` takes: `concept` is filled and nothing else. Otherwise as matching_new(). */
Matching *matching_concepts(const Query *query, Postings *postings, guint limit, guint documents,
                            MatchingChoice is_chosen, gpointer data, GError **error);

void matching_free(Matching *matching);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Matching, matching_free)

/* Those that are not complete but hold a good part of the free words' weight, and all the rest that
 * the query asks for. Owned by the caller. */
RowSet *matching_partial(const Matching *matching);

/* Whether a concept stands in a document. */
gboolean matching_holds(const ConceptMatches *matches, guint32 row);

/* How often, weighted; 0 where it does not. */
float matching_frequency(const ConceptMatches *matches, guint32 row);

/* log(1 + (N - n + 0.5) / (n + 0.5)): the BM25 weight of a word that `count` of `documents` hold.
 */
double matching_idf(guint documents, guint count);

#endif
