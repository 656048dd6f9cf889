/* See archive_private.h: the postings of a transaction's documents.
 *
 * FTS5 gathers the postings of documents in memory, and writes a segment of its index when it comes
 * to a savepoint; many small segments have to be merged over and over. Every document is put in
 * with a savepoint, so its postings wait, and those of all documents of a transaction are put in at
 * its end, from the text that the archive holds by then. */
#include "archive_private.h"

#include <string.h>

void archive_add_pending(Archive *archive, gint64 row)
{
    g_array_append_val(archive->pending, row);
}

static gboolean put_postings(Archive *archive, gint64 row, sqlite3_stmt *content, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_POSTING_PUT, error);
    if (!statement)
        return FALSE;
    bind_int(statement, ":row", row);
    bind_column(statement, ":title", content, 0);
    bind_column(statement, ":text", content, 1);
    bind_column(statement, ":catalogue", content, 2);
    return archive_run(archive, statement, "indexing a document", error);
}

static gboolean index_row(Archive *archive, gint64 row, GError **error)
{
    g_autoptr(GError) fault = NULL;
    AUTO_STATEMENT content = archive_statement(archive, SQL_INDEXED, error);
    if (!content)
        return FALSE;
    bind_int(content, ":row", row);
    if (archive_step(archive, content, "reading what is to be indexed", &fault))
        return put_postings(archive, row, content, error);
    if (!fault)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&fault));
    return FALSE;
}

gboolean archive_index_pending(Archive *archive, GError **error)
{
    for (guint i = 0; i < archive->pending->len; i++)
        if (!index_row(archive, g_array_index(archive->pending, gint64, i), error))
            return FALSE;
    g_array_set_size(archive->pending, 0);
    return TRUE;
}

void archive_save_pending(Archive *archive)
{
    g_array_set_size(archive->saved, 0);
    g_array_append_vals(archive->saved, archive->pending->data, archive->pending->len);
}

void archive_restore_pending(Archive *archive)
{
    g_array_set_size(archive->pending, 0);
    g_array_append_vals(archive->pending, archive->saved->data, archive->saved->len);
}

/* Only what stands in the index can be taken out of it. */
gboolean archive_remove_postings(Archive *archive, gint64 row, GError **error)
{
    if (!archive_index_pending(archive, error))
        return FALSE;
    AUTO_STATEMENT statement = archive_statement(archive, SQL_POSTING_REMOVE, error);
    if (!statement)
        return FALSE;
    bind_int(statement, ":row", row);
    return archive_run(archive, statement, "taking postings out", error);
}
