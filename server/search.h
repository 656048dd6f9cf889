/* Search: a question and its filters become documents, best first, with the pages that answer, and
 * counts.
 *
 * One pass over the rows that match does all: it filters and counts by the cards in memory and
 * keeps the best in a heap. Scores: BM25 (Robertson and others, TREC-3 1994) over concepts; a match
 * in the title counts several times. */
#ifndef SCHEDARIO_SEARCH_H
#define SCHEDARIO_SEARCH_H

#include <glib.h>

#include "../indexer/archive.h"
#include "cards.h"
#include "facets.h"
#include "passage.h"
#include "query.h"

typedef enum { SORT_RELEVANCE = 0, SORT_NEWEST, SORT_OLDEST, SORT_TITLE, SORT_COUNT } SearchSort;

/* "relevance", "newest", "oldest", "title". */
const char *search_sort_name(SearchSort sort);
gboolean search_sort_parse(const char *name, SearchSort *ret_sort);

enum {
    SEARCH_LIMIT = 100,   /* results of one answer */
    SEARCH_PAGE_HITS = 3, /* passages of one result */
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
} SearchRequest;

/* A page that answers. */
typedef struct {
    guint page; /* from 1 */
    Passage *passage;
} SearchHit;

typedef struct {
    ArchiveDocument *document;
    GPtrArray *paths; /* char * */
    double score;
    GArray *hits; /* SearchHit, best first */
} SearchItem;

typedef struct {
    guint total;
    GPtrArray *items; /* SearchItem */
    GArray *
        facets[FACET_COUNT]; /* FacetValue, most first; years newest first; those without a document
                              * left out. A facet's own filter does not narrow its counts. */
    guint unsearchable;      /* documents within the filters that could not be read */
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
/* FALSE when another file stands at the archive's path now: open it anew. */
gboolean searcher_is_current(const Searcher *searcher);

/* Borrowed. The archive and the cards are those of the state begun. */
Archive *searcher_archive(Searcher *searcher);
Analyser *searcher_analyser(Searcher *searcher);
const Cards *searcher_cards(const Searcher *searcher);

/* Answers. NULL and `error` (ARCHIVE_ERROR) on failure. Between begin and end. */
SearchResult *searcher_search(Searcher *searcher, const SearchRequest *request, GError **error);

/* A page of one document on which words of a question stand. */
typedef struct {
    guint page; /* from 1 */
    guint matches;
} SearchPage;

/* The pages of one document that answer a question, best first; none when the document does not
 * match it. GArray of SearchPage, owned by the caller. NULL and `error` (ARCHIVE_ERROR) on failure.
 * Between begin and end. */
GArray *searcher_pages(Searcher *searcher, const Query *query, gint64 row, GError **error);

#endif
