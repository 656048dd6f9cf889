/* The way to SQLite's FTS5 extension interface, which both extensions (analysis, rank) need. */
#ifndef SCHEDARIO_FTS5_H
#define SCHEDARIO_FTS5_H

#include <sqlite3.h>

/* The interface of the FTS5 in `db`, or NULL when this SQLite has none. Borrowed from `db`. */
fts5_api *fts5_api_of(sqlite3 *db);

#endif
