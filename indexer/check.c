/* See check.h. Files are looked at in the order of their paths, each read once. */
#include "check.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    const Corpus *corpus;
    Archive *archive;
    CheckFinding found;
    gpointer data;
    CheckCounts counts;
} Check;

G_GNUC_PRINTF(3, 4)
static void tell(Check *check, CheckKind kind, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    g_autofree char *sentence = g_strdup_vprintf(format, values);
    va_end(values);
    if (kind == CHECK_WRONG)
        check->counts.wrong++;
    else
        check->counts.behind++;
    check->found(kind, sentence, check->data);
}

static void tell_wrong(const char *sentence, gpointer data)
{
    tell(data, CHECK_WRONG, "%s", sentence);
}

/* Files */

/* The file's content, by its hash; it may have changed while it was read. NULL when there is
 * nothing to compare. */
static char *hash_of(Check *check, const char *path, FileStamp *ret_stamp)
{
    FileStamp before;
    int fd = corpus_open_file(check->corpus, path);
    char *sha256 = fd >= 0 && corpus_stamp(fd, &before) ? corpus_hash(fd) : NULL;
    if (!sha256 && errno != ENOENT)
        tell(check, CHECK_WRONG, "%s: cannot be read: %s", path, g_strerror(errno));
    if (sha256 && (!corpus_stamp(fd, ret_stamp) || !file_stamp_equal(&before, ret_stamp)))
        g_clear_pointer(&sha256, g_free);
    if (fd >= 0)
        close(fd);
    return sha256;
}

static void tell_changed(Check *check, const ArchiveFile *file)
{
    tell(check, CHECK_BEHIND, "%s: changed since it was indexed", file->path);
}

/* A file looks changed when it was put back from a copy, too: then its content is the same. */
static void check_content(Check *check, const ArchiveFile *file, const ArchiveDocument *document)
{
    FileStamp now;
    g_autofree char *sha256 = hash_of(check, file->path, &now);
    if (!sha256 || strcmp(sha256, document->sha256) == 0)
        return;
    if (file_stamp_equal(&file->stamp, &now))
        tell(check, CHECK_WRONG,
             "%s: its content is not the one that was indexed, though the file looks unchanged",
             file->path);
    else
        tell_changed(check, file);
}

static void check_file(Check *check, const CorpusEntry *entry, const ArchiveFile *file)
{
    check->counts.files++;
    if (!file)
        tell(check, CHECK_BEHIND, "%s: not in the archive yet", entry->path);
    else if (file->state == FILE_PENDING)
        tell(check, CHECK_BEHIND, "%s: waits to be read", entry->path);
    else if (entry->kind == ENTRY_FILE && file->document &&
             entry->stamp.size_bytes != file->stamp.size_bytes)
        tell_changed(check, file); /* whatever it costs to read it now */
    else if (entry->kind == ENTRY_FILE && file->document) {
        g_autoptr(ArchiveDocument) document =
            archive_find_row(check->archive, file->document, NULL);
        if (document)
            check_content(check, file, document);
    } else if (!file_stamp_equal(&entry->stamp, &file->stamp)) {
        tell(check, CHECK_BEHIND, "%s: changed since it was looked at", entry->path);
    }
}

static gint compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

static void check_entries(Check *check, const CorpusScan *scan, GHashTable *files)
{
    GList *paths = g_list_sort(g_hash_table_get_keys(scan->entries), compare_paths);
    for (const GList *item = paths; item; item = item->next)
        check_file(check, g_hash_table_lookup(scan->entries, item->data),
                   g_hash_table_lookup(files, item->data));
    g_list_free(paths);
}

static void check_absent(Check *check, const CorpusScan *scan, GHashTable *files)
{
    GList *paths = g_list_sort(g_hash_table_get_keys(files), compare_paths);
    for (const GList *item = paths; item; item = item->next)
        if (!g_hash_table_contains(scan->entries, item->data) &&
            corpus_scan_covers(scan, item->data))
            tell(check, CHECK_BEHIND, "%s: in the archive, but not in the corpus any more",
                 (const char *)item->data);
    g_list_free(paths);
}

static gboolean check_files(Check *check, Corpus *corpus, GError **error)
{
    g_autoptr(CorpusScan) scan = corpus_scan(corpus);
    g_autoptr(GHashTable) files = archive_files(check->archive, error);
    if (!files)
        return FALSE;
    for (guint i = 0; i < scan->unreadable->len; i++)
        tell(check, CHECK_WRONG, "%s: cannot be listed",
             (const char *)g_ptr_array_index(scan->unreadable, i));
    check_entries(check, scan, files);
    check_absent(check, scan, files);
    return TRUE;
}

/* The whole */

static gboolean check_opened(Check *check, Corpus *corpus, GError **error)
{
    ArchiveCounts counts;
    if (!archive_begin(check->archive, error))
        return FALSE;
    gboolean done = archive_counts(check->archive, &counts, error) &&
                    archive_check(check->archive, tell_wrong, check, error) &&
                    check_files(check, corpus, error);
    archive_rollback(check->archive);
    if (done)
        check->counts.documents = counts.documents;
    return done;
}

static gboolean check_index(Check *check, const char *path, GError **error)
{
    g_autoptr(GError) fault = NULL;
    if (archive_check_index(path, tell_wrong, check, &fault))
        return TRUE;
    if (g_error_matches(fault, ARCHIVE_ERROR, ARCHIVE_ERROR_LOCKED)) {
        check->counts.is_index_left = TRUE;
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&fault));
    return FALSE;
}

gboolean check_archive(Corpus *corpus, const char *path, CheckFinding found, gpointer data,
                       CheckCounts *ret_counts, GError **error)
{
    g_autoptr(Archive) archive = archive_open_reader(path, error);
    if (!archive)
        return FALSE;
    Check check = {.corpus = corpus, .archive = archive, .found = found, .data = data};
    gboolean done = check_opened(&check, corpus, error) && check_index(&check, path, error);
    *ret_counts = check.counts;
    return done;
}
