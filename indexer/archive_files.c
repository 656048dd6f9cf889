/* See archive.h: the rows of files, what becomes of a document when a path leaves it, and of a file
 * that is put in.
 *
 * A document lives as long as a file holds it. Every change of a path therefore looks at the
 * document that had it before: with its last path gone it is gone too, and the path says which
 * document took its place, at once or when one comes to stand there later.
 *
 * What became of a file (FileOutcome) stays as it was when it came, but for this: of the files of
 * one content, the first that came is the one of which the others are duplicates; when it goes, the
 * oldest of them takes its part.
 */
#include "archive_private.h"

#include <string.h>

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

/* When the file that had a document went, one of its copies is no copy any more. */
static gboolean promote_copy(Archive *archive, gint64 row, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_FILE_PROMOTE, error);
    if (!statement)
        return FALSE;
    bind_int(statement, ":row", row);
    return archive_run(archive, statement, "naming a copy the first", error);
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
        return promote_copy(archive, row, error);
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

/* Outcomes */

static FileOutcome failed_outcome(const char *reason)
{
    static const struct {
        const char *reason; /* failure.h */
        FileOutcome outcome;
    } OUTCOMES[] = {
        {"password", OUTCOME_PASSWORD},    {"no-text", OUTCOME_SCAN},
        {"damaged", OUTCOME_DAMAGED},      {"sidecar", OUTCOME_SIDECAR_FAULT},
        {"orphan", OUTCOME_SIDECAR_FAULT},
    };
    for (gsize i = 0; reason && i < G_N_ELEMENTS(OUTCOMES); i++)
        if (strcmp(OUTCOMES[i].reason, reason) == 0)
            return OUTCOMES[i].outcome;
    return OUTCOME_FAILED;
}

/* What stood at a path: its document and the one before that, 0 for none. */
typedef struct {
    gint64 document;
    gint64 previous;
} Stood;

static gboolean find_stood(Archive *archive, const char *path, Stood *ret_stood, GError **error)
{
    g_autoptr(GError) fault = NULL;
    AUTO_STATEMENT statement = archive_statement(archive, SQL_FILE_DOCUMENT, error);
    if (!statement)
        return FALSE;
    bind_text(statement, ":path", path);
    *ret_stood = (Stood){0};
    if (archive_step(archive, statement, "looking a file up", &fault))
        *ret_stood =
            (Stood){sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1)};
    if (!fault)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&fault));
    return FALSE;
}

/* The document that the one of `file` came to stand in the place of. */
static gint64 previous_of(const ArchiveFile *file, const Stood *stood)
{
    gint64 previous =
        stood->document && stood->document != file->document ? stood->document : stood->previous;
    return previous == file->document ? 0 : previous;
}

/* Whether another file is the one that has the document. */
static gboolean has_primary(Archive *archive, const ArchiveFile *file, gboolean *ret_has,
                            GError **error)
{
    gint64 found = 0;
    AUTO_STATEMENT statement = archive_statement(archive, SQL_FILE_PRIMARY, error);
    if (!statement)
        return FALSE;
    bind_int(statement, ":row", file->document);
    bind_text(statement, ":path", file->path);
    if (!archive_first_value(archive, statement, "looking for copies", &found, error))
        return FALSE;
    *ret_has = found != 0;
    return TRUE;
}

static gboolean find_outcome(Archive *archive, const ArchiveFile *file, gint64 previous,
                             FileOutcome *ret_outcome, GError **error)
{
    gboolean is_copy = FALSE;
    switch (file->state) {
    case FILE_INDEXED:
        if (file->document && !has_primary(archive, file, &is_copy, error))
            return FALSE;
        *ret_outcome = is_copy ? OUTCOME_DUPLICATE : previous ? OUTCOME_EDITION : OUTCOME_INDEXED;
        return TRUE;
    case FILE_FAILED:
        *ret_outcome = failed_outcome(file->reason);
        return TRUE;
    case FILE_SIDECAR:
        *ret_outcome = OUTCOME_SIDECAR;
        return TRUE;
    case FILE_REMOVED:
    case FILE_PENDING:
        break;
    }
    *ret_outcome = OUTCOME_PENDING;
    return TRUE;
}

/* Rows */

static gboolean put_file_row(Archive *archive, const ArchiveFile *file, gint64 previous,
                             GError **error)
{
    FileOutcome outcome = OUTCOME_PENDING;
    if (!find_outcome(archive, file, previous, &outcome, error))
        return FALSE;
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
    bind_int(statement, ":outcome", outcome);
    if (previous)
        bind_int(statement, ":previous", previous);
    return archive_run(archive, statement, "storing a file's row", error);
}

gboolean archive_put_file(Archive *archive, const ArchiveFile *file, GError **error)
{
    Stood stood;
    g_autoptr(GError) fault = NULL;
    if (!find_stood(archive, file->path, &stood, &fault) ||
        !put_file_row(archive, file, previous_of(file, &stood), &fault) ||
        !retire_unless_held(archive, stood.document, file->path, file->document, &fault) ||
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

/* The row of a file that had a document stays, to say that it went. */
static gboolean take_row_out(Archive *archive, const char *path, const Stood *stood, GError **error)
{
    gint64 previous = stood->document ? stood->document : stood->previous;
    AUTO_STATEMENT statement =
        archive_statement(archive, previous ? SQL_FILE_RETIRE : SQL_FILE_REMOVE, error);
    if (!statement)
        return FALSE;
    bind_text(statement, ":path", path);
    if (previous)
        bind_int(statement, ":previous", previous);
    return archive_run(archive, statement, "removing a file's row", error);
}

gboolean archive_remove_file(Archive *archive, const char *path, GError **error)
{
    Stood stood;
    g_autoptr(GError) fault = NULL;
    if (find_stood(archive, path, &stood, &fault) && take_row_out(archive, path, &stood, &fault) &&
        retire_unless_held(archive, stood.document, path, 0, &fault))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&fault));
    return FALSE;
}
