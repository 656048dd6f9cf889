/* See archive.h: the rows of files, what becomes of a document when a path leaves it, and the note
 * of the last comparison.
 *
 * A document lives as long as a file holds it. Every change of a path therefore looks at the
 * document that had it before: with its last path gone it is gone too, and the path says which
 * document took its place, at once or when one comes to stand there later.
 */
#include "archive_private.h"

static gboolean retire(Archive *archive, gint64 row, const char *last_path, const char *successor,
                       GError **error)
{
    if (!archive_remove_content(archive, row, error))
        return FALSE;
    AUTO_STATEMENT statement = archive_statement(archive, SQL_DOCUMENT_GONE, error);
    if (!statement)
        return FALSE;
    bind_int(statement, ":row", row);
    bind_text(statement, ":successor", successor);
    bind_text(statement, ":last_path", last_path);
    bind_int(statement, ":revision", ++archive->revision);
    return archive_run(archive, statement, "retiring a document", error);
}

/* What a statement looks up by a row number or a path; 0 when there is none. */
static gboolean look_up(Archive *archive, Sql sql, const char *name, gint64 row, const char *path,
                        gint64 *ret_value, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, sql, error);
    if (!statement)
        return FALSE;
    if (path)
        bind_text(statement, name, path);
    else
        bind_int(statement, name, row);
    return archive_first_value(archive, statement, "looking a file up", ret_value, error);
}

/* A document that lost the file at `path` is gone when no other file holds it. */
static gboolean retire_unless_held(Archive *archive, gint64 row, const char *path,
                                   gint64 successor_row, GError **error)
{
    gint64 held = 0;
    if (!row || row == successor_row)
        return TRUE;
    if (!look_up(archive, SQL_FILE_OTHERS, ":row", row, NULL, &held, error))
        return FALSE;
    if (held)
        return TRUE;
    g_autoptr(ArchiveDocument) successor =
        successor_row ? archive_find_row(archive, successor_row, error) : NULL;
    if (successor_row && !successor)
        return FALSE;
    return retire(archive, row, path, successor ? successor->id : NULL, error);
}

static gboolean succeed(Archive *archive, gint64 row, const char *path, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_DOCUMENT_SUCCEED, error);
    if (!statement)
        return FALSE;
    bind_int(statement, ":row", row);
    bind_text(statement, ":path", path);
    bind_int(statement, ":revision", ++archive->revision);
    return archive_run(archive, statement, "naming a successor", error);
}

static gboolean put_file_row(Archive *archive, const ArchiveFile *file, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_FILE_PUT, error);
    if (!statement)
        return FALSE;
    bind_text(statement, ":path", file->path);
    bind_int(statement, ":device", (gint64)file->stamp.device);
    bind_int(statement, ":inode", (gint64)file->stamp.inode);
    bind_int(statement, ":size_bytes", file->stamp.size_bytes);
    bind_int(statement, ":mtime_ns", file->stamp.mtime_ns);
    bind_int(statement, ":ctime_ns", file->stamp.ctime_ns);
    bind_int(statement, ":state", file->state);
    if (file->document)
        bind_int(statement, ":document", file->document);
    bind_text(statement, ":reason", file->reason);
    bind_text(statement, ":detail", file->detail);
    bind_int(statement, ":changed_unix", file->changed_unix);
    return archive_run(archive, statement, "storing a file's row", error);
}

gboolean archive_put_file(Archive *archive, const ArchiveFile *file, GError **error)
{
    gint64 before = 0;
    g_autoptr(GError) fault = NULL;
    if (!look_up(archive, SQL_FILE_DOCUMENT, ":path", 0, file->path, &before, &fault) ||
        !put_file_row(archive, file, &fault) ||
        !retire_unless_held(archive, before, file->path, file->document, &fault) ||
        (file->document && !succeed(archive, file->document, file->path, &fault))) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return FALSE;
    }
    return TRUE;
}

gboolean archive_file_document(Archive *archive, const char *path, gint64 *ret_row, GError **error)
{
    return look_up(archive, SQL_FILE_DOCUMENT, ":path", 0, path, ret_row, error);
}

gboolean archive_remove_file(Archive *archive, const char *path, GError **error)
{
    gint64 before = 0;
    g_autoptr(GError) fault = NULL;
    gboolean done = look_up(archive, SQL_FILE_DOCUMENT, ":path", 0, path, &before, &fault);
    if (done) {
        AUTO_STATEMENT statement = archive_statement(archive, SQL_FILE_REMOVE, &fault);
        if (statement)
            bind_text(statement, ":path", path);
        done = statement && archive_run(archive, statement, "removing a file's row", &fault);
    }
    if (done)
        done = retire_unless_held(archive, before, path, 0, &fault);
    if (fault)
        g_propagate_error(error, g_steal_pointer(&fault));
    return done;
}

gboolean archive_note_compared(Archive *archive, gint64 unix_time, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_NOTE_PUT, error);
    if (!statement)
        return FALSE;
    bind_text(statement, ":name", "compared_unix");
    bind_int(statement, ":value", unix_time);
    return archive_run(archive, statement, "storing a note", error);
}
