/* See indexing_private.h: what is put into the archive, and when it is committed.
 *
 * Documents are put in one after another, several to a transaction: commits every now and then
 * (archive_commit_ms()) keep the searchable archive close behind the work without paying for a
 * commit a document. Each document has a savepoint of its own, so one that cannot be put in takes
 * no other with it.
 */
#include "indexing_private.h"

#include <string.h>

/* A pause after which work begins anew. */
static const gint64 PAUSE_US = (gint64)2 * G_USEC_PER_SEC;

/* Rows of files */

gint64 indexing_now_unix(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

ArchiveFile *indexing_file_new(const char *path, const FileStamp *stamp, FileState state)
{
    ArchiveFile *file = g_new0(ArchiveFile, 1);
    file->path = g_strdup(path);
    file->stamp = *stamp;
    file->state = state;
    file->changed_unix = indexing_now_unix();
    return file;
}

static void free_file(gpointer data)
{
    archive_file_free(data);
}

GPtrArray *indexing_files_new(void)
{
    return g_ptr_array_new_with_free_func(free_file);
}

/* Transactions */

void indexing_give_up(Indexing *indexing, GError *error)
{
    archive_rollback(indexing->archive);
    indexing->in_transaction = FALSE;
    if (!indexing->is_broken)
        indexing->listener.fault(error, indexing->listener.data);
    indexing->is_broken = TRUE;
    g_error_free(error);
}

void indexing_commit(Indexing *indexing)
{
    GError *error = NULL;
    g_clear_handle_id(&indexing->commit_source, g_source_remove);
    if (!indexing->in_transaction)
        return;
    if (!indexing_note_progress(indexing, &error)) {
        indexing_give_up(indexing, error);
        return;
    }
    indexing->in_transaction = FALSE;
    if (!archive_commit(indexing->archive, &error))
        indexing_give_up(indexing, error);
    indexing->committed_us = g_get_monotonic_time();
}

static gboolean commit_in_time(gpointer data)
{
    Indexing *indexing = data;
    indexing->commit_source = 0;
    indexing_commit(indexing);
    return G_SOURCE_REMOVE;
}

static guint commit_ms(Indexing *indexing)
{
    gint64 now_us = g_get_monotonic_time();
    if (now_us - indexing->committed_us > PAUSE_US)
        indexing->busy_since_us = now_us;
    return archive_commit_ms((now_us - indexing->busy_since_us) / 1000);
}

gboolean indexing_begin(Indexing *indexing)
{
    GError *error = NULL;
    if (indexing->is_broken || indexing->in_transaction)
        return !indexing->is_broken;
    if (!archive_begin(indexing->archive, &error)) {
        indexing_give_up(indexing, error);
        return FALSE;
    }
    indexing->in_transaction = TRUE;
    indexing->commit_source = g_timeout_add(commit_ms(indexing), commit_in_time, indexing);
    return TRUE;
}

/* Putting in */

void indexing_report(Indexing *indexing, const ArchiveFile *file)
{
    indexing->progress.done++;
    indexing->progress.failed += file->state == FILE_FAILED;
    indexing->listener.file(file, &indexing->progress, indexing->listener.data);
}

static gboolean is_fatal(const GError *error)
{
    return !g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_TOO_LARGE) &&
           !g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_CLASH);
}

/* Puts file rows of one content in; the other documents that lose a path by it get new cards. */
/* Whether the card of a document just put in, made for `path`, is the one it should have. */
static gboolean is_first_path(Indexing *indexing, gint64 row, const char *path)
{
    g_autoptr(GPtrArray) paths = archive_paths(indexing->archive, row, NULL);
    return paths && paths->len > 0 && strcmp(g_ptr_array_index(paths, 0), path) == 0;
}

static gboolean put_files(Indexing *indexing, const GPtrArray *files, gint64 row,
                          const char *card_path, GError **error)
{
    for (guint i = 0; i < files->len; i++) {
        ArchiveFile *file = g_ptr_array_index(files, i);
        gint64 before = 0;
        file->document = row;
        if (!archive_file_document(indexing->archive, file->path, &before, error) ||
            !archive_put_file(indexing->archive, file, error) ||
            (before && before != row && !indexing_refresh_card(indexing, before, error)))
            return FALSE;
    }
    return !row || (card_path && is_first_path(indexing, row, card_path)) ||
           indexing_refresh_card(indexing, row, error);
}

static void report_all(Indexing *indexing, const GPtrArray *files)
{
    for (guint i = 0; i < files->len; i++)
        indexing_report(indexing, g_ptr_array_index(files, i));
}

/* The archive refused one document for a reason of its own: its files say so, the work goes on. */
static void put_refused(Indexing *indexing, const GPtrArray *files, const GError *reason)
{
    GError *error = NULL;
    for (guint i = 0; i < files->len; i++) {
        ArchiveFile *file = g_ptr_array_index(files, i);
        file->state = FILE_FAILED;
        g_free(file->reason);
        g_free(file->detail);
        file->reason = g_strdup("archive");
        file->detail = g_strdup(reason->message);
    }
    if (indexing_begin(indexing) && !put_files(indexing, files, 0, NULL, &error))
        indexing_give_up(indexing, error);
    else
        report_all(indexing, files);
}

void indexing_put(Indexing *indexing, ArchiveDocument *document, const GString *marked,
                  const GPtrArray *files, gint64 row)
{
    GError *error = NULL;
    const ArchiveFile *first = g_ptr_array_index(files, 0);
    const char *card_path = document ? first->path : NULL; /* whose card it has (put_job) */
    if (!indexing_begin(indexing))
        return;
    gboolean done =
        archive_save(indexing->archive, &error) &&
        (!document || archive_put_document(indexing->archive, document, marked, &error)) &&
        put_files(indexing, files, document ? document->row : row, card_path, &error) &&
        archive_release(indexing->archive, &error);
    if (done) {
        report_all(indexing, files);
        if (archive_is_due(indexing->archive))
            indexing_commit(indexing);
        return;
    }
    if (is_fatal(error)) {
        indexing_give_up(indexing, error);
        return;
    }
    archive_restore(indexing->archive);
    put_refused(indexing, files, error);
    g_error_free(error);
}

void indexing_mark_files(const GPtrArray *files, const ArchiveDocument *document)
{
    for (guint i = 0; i < files->len; i++) {
        ArchiveFile *file = g_ptr_array_index(files, i);
        file->state = document->state == DOCUMENT_FAILED ? FILE_FAILED : FILE_INDEXED;
        file->reason = g_strdup(document->reason);
        file->detail = g_strdup(document->detail);
        file->changed_unix = indexing_now_unix();
    }
}

void indexing_put_failed(Indexing *indexing, const CorpusEntry *entry, const char *reason,
                         const char *detail)
{
    g_autoptr(GPtrArray) files = indexing_files_new();
    ArchiveFile *file = indexing_file_new(entry->path, &entry->stamp, FILE_FAILED);
    file->reason = g_strdup(reason);
    file->detail = g_strdup(detail);
    g_ptr_array_add(files, file);
    indexing_put(indexing, NULL, NULL, files, 0);
}

/* Taking out */

static gboolean remove_file(Indexing *indexing, const char *path, GError **error)
{
    gint64 row = 0;
    if (!archive_file_document(indexing->archive, path, &row, error) ||
        !archive_remove_file(indexing->archive, path, error))
        return FALSE;
    if (!row && g_str_has_suffix(path, ".ini"))
        row = indexing_sidecar_document(indexing, path, error);
    return !(error && *error) && (!row || indexing_refresh_card(indexing, row, error));
}

void indexing_remove_files(Indexing *indexing)
{
    GError *error = NULL;
    for (guint i = 0; i < indexing->removed->len && indexing_begin(indexing); i++) {
        if (!remove_file(indexing, g_ptr_array_index(indexing->removed, i), &error)) {
            indexing_give_up(indexing, error);
            break;
        }
        indexing->progress.removed++;
    }
    g_ptr_array_set_size(indexing->removed, 0);
}
