/* What stands in an archive's schema, compared with archive_schema.h.
 *
 * An archive may have been made by a stranger, to be unpacked and served: SQLite runs what a schema
 * says (a view that never ends in a table's place) within statements that look harmless. So each
 * name that our statements use must stand for what we made: SQLite keeps the text of every CREATE
 * as it was given. What else is there no statement of ours touches. Shadow tables of the index are
 * FTS5's, whose text may change; that they are tables is enough. */
#include "archive_private.h"

#include "archive_schema.h"

static const char *const SHADOWS[] = {
    "CREATE TABLE 'posting_data'(",
    "CREATE TABLE 'posting_idx'(",
    "CREATE TABLE 'posting_config'(",
};

void archive_distrust(sqlite3 *db)
{
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
}

static gboolean stands_there(sqlite3_stmt *statement, const char *text, GError **error)
{
    sqlite3 *db = sqlite3_db_handle(statement);
    sqlite3_bind_text(statement, 1, text, -1, SQLITE_STATIC);
    int status = sqlite3_step(statement);
    if (status == SQLITE_DONE)
        g_set_error_literal(error, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED,
                            "the archive's tables are not those of its version");
    else if (status != SQLITE_ROW)
        archive_fail(db, "reading the archive's schema", error);
    sqlite3_reset(statement);
    return status == SQLITE_ROW;
}

static gboolean stand_there(sqlite3_stmt *whole, sqlite3_stmt *beginning, GError **error)
{
    g_auto(GStrv) made = g_strsplit(ARCHIVE_SCHEMA_SQL, ";", -1);
    for (guint i = 0; made[i]; i++)
        if (g_str_has_prefix(made[i], "CREATE ") && !stands_there(whole, made[i], error))
            return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(SHADOWS); i++)
        if (!stands_there(beginning, SHADOWS[i], error))
            return FALSE;
    return TRUE;
}

gboolean archive_has_schema(sqlite3 *db, GError **error)
{
    sqlite3_stmt *whole = NULL, *beginning = NULL;
    gboolean is_prepared =
        sqlite3_prepare_v2(db, "SELECT 1 FROM sqlite_schema WHERE sql = ?1", -1, &whole, NULL) ==
            SQLITE_OK &&
        sqlite3_prepare_v2(db, "SELECT 1 FROM sqlite_schema WHERE substr(sql, 1, length(?1)) = ?1",
                           -1, &beginning, NULL) == SQLITE_OK;
    gboolean has_schema = is_prepared ? stand_there(whole, beginning, error)
                                      : archive_fail(db, "reading the archive's schema", error);
    sqlite3_finalize(whole);
    sqlite3_finalize(beginning);
    return has_schema;
}
