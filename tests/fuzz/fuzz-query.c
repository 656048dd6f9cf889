/* libFuzzer target of server/query: any bytes are a query, what was understood reads as the same
 * query, and FTS5 takes the MATCH expression. Seeds: seeds/query. */
#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../server/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts also where asserts are compiled out. */
static void require(gboolean holds)
{
    if (!holds)
        abort();
}

static void run_match(const char *match)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *find = NULL;
    require(sqlite3_open(":memory:", &db) == SQLITE_OK && analysis_register(db));
    require(sqlite3_exec(db,
                         "CREATE VIRTUAL TABLE posting USING fts5(title, text, catalogue, "
                         "columnsize=0, tokenize='schedario')",
                         NULL, NULL, NULL) == SQLITE_OK);
    require(sqlite3_prepare_v2(db, "SELECT 1 FROM posting WHERE posting MATCH ?1", -1, &find,
                               NULL) == SQLITE_OK);
    sqlite3_bind_text(find, 1, match, -1, SQLITE_STATIC);
    require(sqlite3_step(find) == SQLITE_DONE);
    sqlite3_finalize(find);
    sqlite3_close(db);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Analyser) analyser = analyser_new();
    g_autoptr(Query) query = query_parse((const char *)data, size, analyser);
    const char *understood = query_understood(query);
    require(g_utf8_validate(understood, -1, NULL) && strlen(understood) <= QUERY_BYTES);
    g_autoptr(Query) again = query_parse(understood, strlen(understood), analyser);
    require(!query_is_cut(again));
    require(strcmp(query_match(again), query_match(query)) == 0);
    require(strcmp(query_understood(again), understood) == 0);
    run_match(query_match(query));
    return 0;
}
