/* What search.c (opening, result), search_pass.c (which documents, in what order) and
 * search_pages.c (which pages of them) share. Nobody else includes this. */
#ifndef SCHEDARIO_SEARCH_PRIVATE_H
#define SCHEDARIO_SEARCH_PRIVATE_H

#include <sys/types.h>

#include "matching.h"
#include "search.h"

struct Searcher {
    Archive *archive;
    Cards *cards;
    Postings *postings;
    Analyser *analyser;
    char *path;
    dev_t device;
    ino_t inode;
    gint64 budget_us;
    gboolean is_timed_out; /* rows were left out, though every list was whole */
};

/* A document that passes the filters. */
typedef struct {
    const Card *card;
    float score;
    gboolean follows;    /* after those that hold all */
    gboolean is_partial; /* holds less than all of a short question, or than most of a long one */
} Candidate;

/* Where the question's words stand in a document, kept for choosing its pages. */
typedef struct {
    gint64 row;
    GArray *places; /* Place */
} LookedAt;

/* Documents that hold something the question asks for, and what it weighs. */
typedef struct {
    const ConceptMatches *matches; /* borrowed from the matching */
    guint concept;                 /* that it counts for */
    double weight;
} WeighedList;

/* What the first pass over all documents that match comes to. */
typedef struct {
    Searcher *searcher;
    const SearchRequest *request;
    Matching *matching;
    double *weight; /* by concept; 0 for those that are not ranked */
    guint concept_count;
    GArray *lists; /* WeighedList: what scores are added up from */
    float *score;  /* by row */
    FacetFilter filter;
    FacetCounts counts;
    guint total;
    guint partial;
    guint letters[TITLE_LETTERS]; /* of the total, by the letter of their titles */
    GArray *looked_at;            /* LookedAt */
    GArray *best; /* Candidate: while it runs a heap, the worst first; then the best first */
    guint keep;
} SearchPass;

/* Runs the first pass. FALSE and `error` (ARCHIVE_ERROR) on failure; to be released in any case. */
gboolean search_pass_run(SearchPass *pass, Searcher *searcher, const SearchRequest *request,
                         GError **error);
void search_pass_release(SearchPass *pass);
/* Whether a row is sure not to hold a concept. */
gboolean search_lacks(const SearchPass *pass, guint concept, guint32 row);
/* What is known of where the question's words stand in a row; NULL: nothing. Borrowed. */
const GArray *search_places(const SearchPass *pass, gint64 row);

/* The rows of documents within the filters that could not be read: gint64, owned by the caller.
 * What cannot be read has no language, so no language keeps it out (search_rows.c). */
GArray *search_unsearchable(const Searcher *searcher, const FacetFilter *filter);

/* The best pages of a document with their passages (search_pages.c): SearchHit, best first, at most
 * SEARCH_PAGE_HITS; how it begins when no page matches. Owned by the caller. NULL and `error`
 * (ARCHIVE_ERROR) on failure. */
GArray *search_hits(Searcher *searcher, const SearchPass *pass, gint64 row, GError **error);
/* The same for concepts of those weights, `places` being NULL or what is known of where they stand
 * in the row. */
GArray *search_hits_of(Searcher *searcher, const Query *query, const double *weights,
                       const GArray *places, gint64 row, GError **error);

#endif
