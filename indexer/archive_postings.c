/* See archive_private.h: the postings of a transaction's documents.
 *
 * FTS5 gathers the postings of documents in memory, and writes a segment of its index when it comes
 * to a savepoint; many small segments have to be merged over and over. Every document is put in
 * with a savepoint, so its postings wait, and those of all documents of a transaction are put in at
 * its end, from the text that the archive holds by then. */
#include "archive_private.h"

enum {
    PENDING_BYTES = 32 * 1024 * 1024, /* of text: its postings take some two seconds to put in */
    MERGED_LEAVES = 500, /* of the index, that one step of merging writes: 2 MB, in some 30 ms */
};

void archive_add_pending(Archive *archive, gint64 row, gsize text_bytes)
{
    g_array_append_val(archive->pending, row);
    archive->pending_bytes += text_bytes;
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
    archive_forget_pending(archive);
    return TRUE;
}

void archive_forget_pending(Archive *archive)
{
    g_array_set_size(archive->pending, 0);
    archive->pending_bytes = 0;
}

gboolean archive_is_due(const Archive *archive)
{
    return archive->pending_bytes > PENDING_BYTES;
}

void archive_save_pending(Archive *archive)
{
    g_array_set_size(archive->saved, 0);
    g_array_append_vals(archive->saved, archive->pending->data, archive->pending->len);
    archive->saved_bytes = archive->pending_bytes;
}

void archive_restore_pending(Archive *archive)
{
    g_array_set_size(archive->pending, 0);
    g_array_append_vals(archive->pending, archive->saved->data, archive->saved->len);
    archive->pending_bytes = archive->saved_bytes;
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

/* A merge that had nothing to do changes one row only: that of the command itself. */
gboolean archive_merge(Archive *archive, gboolean *ret_is_done, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_POSTING_MERGE, error);
    gint64 before = sqlite3_total_changes64(archive->db);
    if (!statement)
        return FALSE;
    bind_int(statement, ":leaves", MERGED_LEAVES);
    if (!archive_run(archive, statement, "merging the index", error))
        return FALSE;
    *ret_is_done = sqlite3_total_changes64(archive->db) - before < 2;
    return TRUE;
}
