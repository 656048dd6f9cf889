/* What search.c (opening, first pass, result) and search_pages.c (second pass) share. Nobody else
 * includes this. */
#ifndef SCHEDARIO_SEARCH_PRIVATE_H
#define SCHEDARIO_SEARCH_PRIVATE_H

#include <sqlite3.h>
#include <sys/types.h>

#include "rank.h"
#include "search.h"

typedef enum { SQL_MATCH, SQL_MATCH_ONE, SQL_SEARCH_COUNT } SearchSql;

struct Searcher {
    Archive *archive;
    Cards *cards;
    Analyser *analyser;
    sqlite3_stmt *statement[SQL_SEARCH_COUNT];
    char *path;
    dev_t device;
    ino_t inode;
};

/* Shows the visitor what matches, in all rows or (SQL_MATCH_ONE) in `row` alone. FALSE and `error`
 * (ARCHIVE_ERROR) on failure. */
gboolean search_run_match(Searcher *searcher, SearchSql sql, const char *match, gint64 row,
                          RankVisitor *visitor, GError **error);

/* The best pages of a document with their passages (search_pages.c): SearchHit, best first, at most
 * SEARCH_PAGE_HITS; how it begins when no page matches. `weights`: by concept. Owned by the caller.
 * NULL and `error` (ARCHIVE_ERROR) on failure. */
GArray *search_hits(Searcher *searcher, const Query *query, gint64 row, const Marker *marker,
                    const double *weights, GError **error);

#endif
