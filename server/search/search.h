/* Search: a question and its filters become documents, best first, with the pages that answer, and
 * counts.
 *
 * matching.h finds the rows, the cards in memory filter and count them, rank.h says what they are
 * worth, and the best are looked at more closely: where their words stand, and on which pages. What
 * holds all that was asked for comes first; where that is little, documents that hold most of it
 * follow, and each says what it lacks. */
#ifndef SCHEDARIO_SEARCH_H
#define SCHEDARIO_SEARCH_H

#include <glib.h>

#include "../../indexer/archive.h"
#include "../query/query.h"
#include "cards.h"
#include "facets.h"
#include "passage.h"
#include "title_order.h"

typedef enum {
    SORT_RELEVANCE = 0,
    SORT_NEWEST,
    SORT_OLDEST,
    SORT_TITLE,
    SORT_ADDED,
    SORT_COUNT
} SearchSort;

/* "relevance", "newest", "oldest", "title", "added" (last indexed first). */
const char *search_sort_name(SearchSort sort);
gboolean search_sort_parse(const char *name, SearchSort *ret_sort);

enum {
    SEARCH_LIMIT = 100,    /* results of one answer */
    SEARCH_PAGE_HITS = 3,  /* passages of one result */
    SEARCH_ENOUGH = 10,    /* with fewer documents that hold all, those that hold most follow */
    SEARCH_LOOKED_AT = 20, /* of the best, how many are ranked by what stands near what as well */
};

/* What is asked for. Lists hold several values, any of which will do; NULL or empty: no filter.
 * Borrowed. */
typedef struct {
    const Query *query;
    const GPtrArray *values[FACET_COUNT]; /* const char *; FACET_YEAR is not used */
    int year_from;                        /* 0: open */
    int year_to;
    SearchSort sort;
    guint limit;
    guint offset;
    gboolean without_hits; /* no pages and passages: documents alone */
} SearchRequest;

/* By which other name a passage shows a concept that it does not show as typed. */
typedef struct {
    guint concept;     /* in query_concepts() */
    guint alternative; /* of it */
} SearchVia;

/* The other names by which the concepts are marked that are not marked as typed, in the passage
 * that was chosen for `spans` (MarkedSpan, marking.h). GArray of SearchVia, owned by the caller. */
GArray *search_via(const Passage *passage, const GArray *spans, const GPtrArray *concepts);

/* A page that answers. */
typedef struct {
    guint page; /* from 1 */
    Passage *passage;
    GArray *via; /* SearchVia, in the order of concepts */
} SearchHit;

typedef struct {
    ArchiveDocument *document;
    GPtrArray *paths; /* char * */
    double score;
    gboolean is_partial; /* lacks one of two or three words, or most of more */
    GArray *missing;     /* guint: free concepts that it does not hold, in the order typed */
    GArray *hits;        /* SearchHit, best first; NULL without hits */
    GArray *parts;       /* double by concept, and what nearness adds after the last: the score's */
} SearchItem;

typedef struct {
    guint total;                  /* partial ones included */
    guint partial;                /* of them; 0 where enough hold all */
    guint letters[TITLE_LETTERS]; /* of the total, by the letter that their titles stand under */
    GArray *documents;            /* guint by concept: how many hold it, before filters */
    GPtrArray *items;             /* SearchItem */
    GArray *
        facets[FACET_COUNT]; /* FacetValue, most first; years newest first; those without a document
                              * left out. A facet's own filter does not narrow its counts. */
    guint unsearchable;      /* documents within the filters that could not be read */
    gboolean is_timed_out;   /* the time was up: this is what was found till then */
} SearchResult;

void search_result_free(SearchResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SearchResult, search_result_free)

typedef struct Searcher Searcher;

/* Opens the archive for one thread. NULL and `error` (ARCHIVE_ERROR) on failure. */
Searcher *searcher_new(const char *archive_path, GError **error);
void searcher_free(Searcher *searcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Searcher, searcher_free)

/* Begins to read one state of the archive, and takes up what changed since the last time. */
gboolean searcher_begin(Searcher *searcher, GError **error);
void searcher_end(Searcher *searcher);
/* Gives all questions from now to the end so many microseconds together; 0, as after begin: as long
 * as it takes. What has no time left is answered by what was found till then; half as much again
 * goes to the pages and passages of documents that were found. */
void searcher_set_time(Searcher *searcher, gint64 budget_us);
/* Whether anything since begin was cut off for it. */
gboolean searcher_is_timed_out(const Searcher *searcher);
/* Bytes of posting lists that it keeps from question to question. */
gsize searcher_kept_bytes(const Searcher *searcher);
/* FALSE when another file stands at the archive's path now: open it anew. */
gboolean searcher_is_current(const Searcher *searcher);

/* Borrowed. The archive and the cards are those of the state begun. */
Archive *searcher_archive(Searcher *searcher);
Analyser *searcher_analyser(Searcher *searcher);
const Cards *searcher_cards(const Searcher *searcher);
Postings *searcher_postings(Searcher *searcher);

/* Answers. NULL and `error` (ARCHIVE_ERROR) on failure. Between begin and end. */
SearchResult *searcher_search(Searcher *searcher, const SearchRequest *request, GError **error);

/* A document of an answer, while it is not loaded. */
typedef struct {
    gint64 row;
    guint64 id; /* its first 16 digits: another archive may stand there by then */
    float score;
    gboolean is_partial;
    guint64 missing; /* bits 1 << concept: free ones that it does not hold (QUERY_LEAVES fit) */
} SearchRow;

/* All documents of an answer, in its order. It holds for the state of the archive that it was made
 * in; searcher_item() bears that others are there by now. */
typedef struct {
    GArray *rows;         /* SearchRow */
    double *weights;      /* of the query's concepts in that answer: they choose passages */
    GArray *unsearchable; /* gint64: rows of documents within the filters that could not be read */
    gboolean is_timed_out;
} SearchRows;

/* Finds all of an answer: limit, offset and without_hits are not used. NULL and `error`
 * (ARCHIVE_ERROR) on failure. Between begin and end. */
SearchRows *searcher_rows(Searcher *searcher, const SearchRequest *request, GError **error);
void search_rows_free(SearchRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SearchRows, search_rows_free)

/* Loads one of them as searcher_search() gives it (without its parts), with hits for a question
 * that has ranked words when `with_hits`. NULL without `error` when it is searchable no more.
 * `query`: the one that the rows were found with. Owned by the caller. Between begin and end. */
SearchItem *searcher_item(Searcher *searcher, const SearchRows *rows, guint index,
                          const Query *query, gboolean with_hits, GError **error);
void search_item_free(SearchItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SearchItem, search_item_free)

/* A page of one document on which words of a question stand. */
typedef struct {
    guint page;    /* from 1 */
    guint matches; /* as many as are marked on it */
} SearchPage;

/* The pages of one document on which words of a question stand, best first. GArray of SearchPage,
 * owned by the caller. NULL and `error` (ARCHIVE_ERROR) on failure. Between begin and end. */
GArray *searcher_pages(Searcher *searcher, const Query *query, gint64 row, GError **error);

#endif
