/* See indexing.h.
 *
 * A comparison fills a queue; the queue is worked off as readers become free. Documents are put in
 * one after another, several to a transaction: a commit every COMMIT_MS keeps the searchable
 * archive close behind the work without paying for a commit a document. Each document has a
 * savepoint of its own, so one that cannot be put in takes no other with it.
 */
#include "indexing.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "document.h"

enum {
    STILL_MS = 1000,         /* a file unchanged for so long is taken to be whole */
    COMMIT_MS = 200,         /* longest time that a finished document waits for its commit */
    HASH_BYTES = 256 * 1024, /* read at a time */
    SIDECAR_MAX_BYTES = 64 * 1024,
};

/* Of a sidecar with a mistake (failure.h). */
static const char REASON_SIDECAR[] = "sidecar";

/* One content being read, with every path under which it was found meanwhile. */
typedef struct {
    Indexing *indexing;
    char *sha256;
    FileStamp stamp;       /* of the first path */
    GPtrArray *files;      /* ArchiveFile: paths and stamps */
    ReadingResult *result; /* when read */
} Job;

/* How a file that is not still looked when it was last seen. */
typedef struct {
    FileStamp stamp;
    gint64 seen_us;
} Look;

struct Indexing {
    Corpus *corpus;
    Archive *archive;
    ReadingPool *pool;
    const Thesaurus *thesaurus;
    IndexingListener listener;
    IndexingProgress progress;
    GQueue queue;       /* CorpusEntry, owned: to be dealt with */
    GPtrArray *removed; /* char *, owned: to be taken out when the queue is empty */
    GHashTable *jobs;   /* sha256 (borrowed) -> Job under way: being read, or read */
    GQueue read;        /* Job with its result, to be put in */
    GHashTable *looks;  /* path -> Look of files that were not still */
    GHashTable *waited; /* gint64: sizes of files that the present comparison found not still */
    gboolean retry;
    gboolean is_working;
    gboolean compare_again; /* asked for while working */
    gboolean retry_again;
    gboolean in_transaction;
    guint commit_source;
    guint look_source;
    gboolean is_broken;
};

static void work(Indexing *indexing);

/* Small parts */

static gint64 now_unix(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

static void free_entry(gpointer data)
{
    CorpusEntry *entry = data;
    g_free(entry->path);
    g_free(entry);
}

static CorpusEntry *entry_copy(const CorpusEntry *entry)
{
    CorpusEntry *copy = g_memdup2(entry, sizeof *entry);
    copy->path = g_strdup(entry->path);
    return copy;
}

static void free_file(gpointer data)
{
    archive_file_free(data);
}

static void job_free(Job *job)
{
    reading_result_free(job->result);
    g_free(job->sha256);
    g_ptr_array_unref(job->files);
    g_free(job);
}

static ArchiveFile *file_new(const char *path, const FileStamp *stamp, FileState state)
{
    ArchiveFile *file = g_new0(ArchiveFile, 1);
    file->path = g_strdup(path);
    file->stamp = *stamp;
    file->state = state;
    file->changed_unix = now_unix();
    return file;
}

/* Transactions */

static void give_up(Indexing *indexing, GError *error)
{
    archive_rollback(indexing->archive);
    indexing->in_transaction = FALSE;
    if (!indexing->is_broken)
        indexing->listener.fault(error, indexing->listener.data);
    indexing->is_broken = TRUE;
    g_error_free(error);
}

static void commit(Indexing *indexing)
{
    GError *error = NULL;
    g_clear_handle_id(&indexing->commit_source, g_source_remove);
    if (!indexing->in_transaction)
        return;
    indexing->in_transaction = FALSE;
    if (!archive_commit(indexing->archive, &error))
        give_up(indexing, error);
}

static gboolean commit_in_time(gpointer data)
{
    Indexing *indexing = data;
    indexing->commit_source = 0;
    commit(indexing);
    return G_SOURCE_REMOVE;
}

static gboolean begin(Indexing *indexing)
{
    GError *error = NULL;
    if (indexing->is_broken || indexing->in_transaction)
        return !indexing->is_broken;
    if (!archive_begin(indexing->archive, &error)) {
        give_up(indexing, error);
        return FALSE;
    }
    indexing->in_transaction = TRUE;
    indexing->commit_source = g_timeout_add(COMMIT_MS, commit_in_time, indexing);
    return TRUE;
}

/* Sidecars and cards */

static GBytes *read_small(const Indexing *indexing, const char *path)
{
    int fd = corpus_open_file(indexing->corpus, path);
    if (fd < 0)
        return NULL;
    GByteArray *content = g_byte_array_new();
    guint8 part[4096];
    gssize count;
    while (content->len <= SIDECAR_MAX_BYTES && (count = read(fd, part, sizeof part)) > 0)
        g_byte_array_append(content, part, (guint)count);
    close(fd);
    return g_byte_array_free_to_bytes(content);
}

/* What staff say of the document at `path`; NULL when they say nothing, or with a mistake
 * (`error`). */
static Sidecar *read_sidecar(const Indexing *indexing, const char *path, GError **error)
{
    g_autofree char *name = g_strconcat(path, ".ini", NULL);
    g_autoptr(GBytes) content = read_small(indexing, name);
    if (!content)
        return NULL;
    gsize length = 0;
    const char *bytes = g_bytes_get_data(content, &length);
    return sidecar_parse(bytes ? bytes : "", length, error);
}

/* Makes the card of a document anew when its first path or that one's sidecar changed. */
static gboolean refresh_card(Indexing *indexing, gint64 row, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(ArchiveDocument) document = archive_find_row(indexing->archive, row, &fault);
    if (fault) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return FALSE;
    }
    if (!document)
        return TRUE;
    g_autoptr(GPtrArray) paths = archive_paths(indexing->archive, row, error);
    if (!paths)
        return FALSE;
    if (paths->len == 0 || document->state == DOCUMENT_GONE)
        return TRUE;
    GString *pages = archive_pages(indexing->archive, row, 0, DOCUMENT_CARD_PAGES, NULL);
    g_autoptr(GString) marked = pages ? pages : g_string_new(NULL);
    const char *path = g_ptr_array_index(paths, 0);
    g_autoptr(Sidecar) sidecar = read_sidecar(indexing, path, NULL);
    return !document_make_card(document, marked, path, sidecar) ||
           archive_put_card(indexing->archive, document, error);
}

/* Putting in */

static void report(Indexing *indexing, const ArchiveFile *file)
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

/* Puts file rows of one content in; the other documents that loose a path by it get new cards. */
static gboolean put_files(Indexing *indexing, const GPtrArray *files, gint64 row, GError **error)
{
    for (guint i = 0; i < files->len; i++) {
        ArchiveFile *file = g_ptr_array_index(files, i);
        gint64 before = 0;
        file->document = row;
        if (!archive_file_document(indexing->archive, file->path, &before, error) ||
            !archive_put_file(indexing->archive, file, error) ||
            (before && before != row && !refresh_card(indexing, before, error)))
            return FALSE;
    }
    return !row || refresh_card(indexing, row, error);
}

static void report_all(Indexing *indexing, const GPtrArray *files)
{
    for (guint i = 0; i < files->len; i++)
        report(indexing, g_ptr_array_index(files, i));
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
    if (begin(indexing) && !put_files(indexing, files, 0, &error))
        give_up(indexing, error);
    else
        report_all(indexing, files);
}

/* Puts a document (unless it is in already: NULL) and its files in, or nothing of it. */
static void put(Indexing *indexing, ArchiveDocument *document, const GString *marked,
                const GPtrArray *files, gint64 row)
{
    GError *error = NULL;
    if (!begin(indexing))
        return;
    gboolean done =
        archive_save(indexing->archive, &error) &&
        (!document || archive_put_document(indexing->archive, document, marked, &error)) &&
        put_files(indexing, files, document ? document->row : row, &error) &&
        archive_release(indexing->archive, &error);
    if (done) {
        report_all(indexing, files);
        return;
    }
    if (is_fatal(error)) {
        give_up(indexing, error);
        return;
    }
    archive_restore(indexing->archive);
    put_refused(indexing, files, error);
    g_error_free(error);
}

static void mark_files(const GPtrArray *files, const ArchiveDocument *document)
{
    for (guint i = 0; i < files->len; i++) {
        ArchiveFile *file = g_ptr_array_index(files, i);
        file->state = document->state == DOCUMENT_FAILED ? FILE_FAILED : FILE_INDEXED;
        file->reason = g_strdup(document->reason);
        file->detail = g_strdup(document->detail);
        file->changed_unix = now_unix();
    }
}

/* Puts an entry that is no document of its own: a link, a pipe, a file that cannot be opened. */
static void put_failed_entry(Indexing *indexing, const CorpusEntry *entry, const char *reason,
                             const char *detail)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(free_file);
    ArchiveFile *file = file_new(entry->path, &entry->stamp, FILE_FAILED);
    file->reason = g_strdup(reason);
    file->detail = g_strdup(detail);
    g_ptr_array_add(files, file);
    put(indexing, NULL, NULL, files, 0);
}

/* Reading */

/* Whether the file at `path` still is what was opened. */
static gboolean still_stands(const Indexing *indexing, const char *path, const FileStamp *stamp)
{
    FileStamp now;
    int fd = corpus_open_file(indexing->corpus, path);
    gboolean stands = fd >= 0 && corpus_stamp(fd, &now) && file_stamp_equal(&now, stamp);
    if (fd >= 0)
        close(fd);
    return stands;
}

static void put_job(Indexing *indexing, Job *job)
{
    const ArchiveFile *first = g_ptr_array_index(job->files, 0);
    g_autoptr(Sidecar) sidecar = read_sidecar(indexing, first->path, NULL);
    DocumentOrigin origin = {
        .path = first->path,
        .sha256 = job->sha256,
        .size_bytes = job->stamp.size_bytes,
        .now_unix = now_unix(),
        .sidecar = sidecar,
    };
    g_autoptr(GString) marked = NULL;
    g_autoptr(ArchiveDocument) document =
        document_make(job->result, &origin, indexing->thesaurus, &marked);
    mark_files(job->files, document);
    indexing->progress.pages += job->result->pages->len;
    put(indexing, document, marked, job->files, 0);
}

static void finish_job(Indexing *indexing, Job *job)
{
    const ArchiveFile *first = g_ptr_array_index(job->files, 0);
    g_hash_table_steal(indexing->jobs, job->sha256);
    if (still_stands(indexing, first->path, &job->stamp)) {
        put_job(indexing, job);
    } else {
        indexing->progress.total -= job->files->len;
        indexing->compare_again = TRUE;
    }
    job_free(job);
}

/* The reader that is free now gets its next file before this one is put in. */
static void read_done(ReadingResult *result, gpointer data)
{
    Job *job = data;
    job->result = result;
    g_queue_push_tail(&job->indexing->read, job);
    work(job->indexing);
}

/* SHA-256 of an open file, which is read from its beginning; NULL and errno when it cannot be read.
 */
static char *hash_file(int fd)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree guint8 *part = g_malloc(HASH_BYTES);
    gssize count;
    while ((count = read(fd, part, HASH_BYTES)) > 0)
        g_checksum_update(checksum, part, count);
    if (count < 0 || lseek(fd, 0, SEEK_SET) != 0)
        return NULL;
    return g_strdup(g_checksum_get_string(checksum));
}

/* A content that is in the archive, so that only a path has to be noted. NULL: it has to be read.
 */
static ArchiveDocument *find_known(Indexing *indexing, const char *sha256)
{
    GError *error = NULL;
    ArchiveDocument *document = archive_find_content(indexing->archive, sha256, &error);
    if (error)
        give_up(indexing, error);
    if (document && (document->state == DOCUMENT_GONE ||
                     (document->state == DOCUMENT_FAILED && indexing->retry)))
        g_clear_pointer(&document, archive_document_free);
    return document;
}

static void link_known(Indexing *indexing, const ArchiveDocument *document, ArchiveFile *file)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(free_file);
    g_ptr_array_add(files, file);
    mark_files(files, document);
    put(indexing, NULL, NULL, files, document->row);
}

static void begin_read(Indexing *indexing, int fd, char *sha256, ArchiveFile *file)
{
    Job *job = g_hash_table_lookup(indexing->jobs, sha256);
    if (job) {
        g_ptr_array_add(job->files, file);
        g_free(sha256);
        close(fd);
        return;
    }
    job = g_new0(Job, 1);
    job->indexing = indexing;
    job->sha256 = sha256;
    job->stamp = file->stamp;
    job->files = g_ptr_array_new_with_free_func(free_file);
    g_ptr_array_add(job->files, file);
    g_hash_table_insert(indexing->jobs, job->sha256, job);
    reading_pool_read(indexing->pool, fd, read_done, job);
}

/* The file changed or went while it was looked at: the next comparison will see what it is. */
static void look_again(Indexing *indexing)
{
    indexing->progress.total--;
    indexing->compare_again = TRUE;
}

/* Deals with a file's content. With `only_known`, a content that must be read is left (FALSE). */
static gboolean deal_with_content(Indexing *indexing, const CorpusEntry *entry, gboolean only_known)
{
    int fd = corpus_open_file(indexing->corpus, entry->path);
    if (fd < 0) {
        if (errno == ENOENT)
            look_again(indexing);
        else
            put_failed_entry(indexing, entry, "open", g_strerror(errno));
        return TRUE;
    }
    FileStamp before, after;
    gboolean is_file = corpus_stamp(fd, &before);
    g_autofree char *sha256 = is_file ? hash_file(fd) : NULL;
    if (!sha256) {
        put_failed_entry(indexing, entry, "open", is_file ? g_strerror(errno) : "no regular file");
        close(fd);
        return TRUE;
    }
    /* Since the comparison, too: a file may wait long for its turn, and not be still any more. */
    if (!corpus_stamp(fd, &after) || !file_stamp_equal(&before, &after) ||
        !file_stamp_equal(&entry->stamp, &after)) {
        close(fd);
        look_again(indexing);
        return TRUE;
    }
    g_autoptr(ArchiveDocument) known = find_known(indexing, sha256);
    if (!known && only_known) {
        close(fd);
        return FALSE;
    }
    ArchiveFile *file = file_new(entry->path, &after, FILE_PENDING);
    if (known) {
        close(fd);
        link_known(indexing, known, file);
    } else {
        begin_read(indexing, fd, g_steal_pointer(&sha256), file);
    }
    return TRUE;
}

/* The document that a sidecar speaks of: its row, or 0. */
static gint64 sidecar_document(Indexing *indexing, const char *sidecar_path, GError **error)
{
    gint64 row = 0;
    g_autofree char *path = g_strndup(sidecar_path, strlen(sidecar_path) - strlen(".ini"));
    archive_file_document(indexing->archive, path, &row, error);
    return row;
}

static void deal_with_sidecar(Indexing *indexing, const CorpusEntry *entry)
{
    g_autoptr(GError) mistake = NULL;
    GError *error = NULL;
    g_autofree char *path = g_strndup(entry->path, strlen(entry->path) - strlen(".ini"));
    g_autoptr(Sidecar) sidecar = read_sidecar(indexing, path, &mistake);
    g_autoptr(ArchiveFile) file =
        file_new(entry->path, &entry->stamp, sidecar ? FILE_SIDECAR : FILE_FAILED);
    if (!sidecar) {
        file->reason = g_strdup(REASON_SIDECAR);
        file->detail = g_strdup(mistake ? mistake->message : "it cannot be read");
    }
    if (!begin(indexing))
        return;
    gint64 row = sidecar_document(indexing, entry->path, &error);
    if (error || !archive_put_file(indexing->archive, file, &error) ||
        (row && !refresh_card(indexing, row, &error)))
        give_up(indexing, error);
    else
        report(indexing, file);
}

static void deal_with(Indexing *indexing, const CorpusEntry *entry)
{
    switch (entry->kind) {
    case ENTRY_FILE:
        deal_with_content(indexing, entry, FALSE);
        break;
    case ENTRY_SIDECAR:
        deal_with_sidecar(indexing, entry);
        break;
    case ENTRY_LINK:
        put_failed_entry(indexing, entry, "unreadable", "inode/symlink");
        break;
    case ENTRY_SPECIAL:
        put_failed_entry(indexing, entry, "unreadable", "inode/special");
        break;
    }
}

/* Removing */

static gboolean remove_file(Indexing *indexing, const char *path, GError **error)
{
    gint64 row = 0;
    if (!archive_file_document(indexing->archive, path, &row, error) ||
        !archive_remove_file(indexing->archive, path, error))
        return FALSE;
    if (!row && g_str_has_suffix(path, ".ini"))
        row = sidecar_document(indexing, path, error);
    return !(error && *error) && (!row || refresh_card(indexing, row, error));
}

static void remove_files(Indexing *indexing)
{
    GError *error = NULL;
    for (guint i = 0; i < indexing->removed->len && begin(indexing); i++) {
        if (!remove_file(indexing, g_ptr_array_index(indexing->removed, i), &error)) {
            give_up(indexing, error);
            break;
        }
        indexing->progress.removed++;
    }
    g_ptr_array_set_size(indexing->removed, 0);
}

/* Working the queue off */

static void finish(Indexing *indexing)
{
    GError *error = NULL;
    remove_files(indexing);
    if (begin(indexing) && !archive_note_compared(indexing->archive, now_unix(), &error))
        give_up(indexing, error);
    commit(indexing);
    indexing->is_working = FALSE;
    if (indexing->compare_again && !indexing->is_broken) {
        gboolean retry = indexing->retry_again;
        indexing->compare_again = indexing->retry_again = FALSE;
        indexing_compare(indexing, retry);
        return;
    }
    if (indexing->look_source || indexing->is_broken)
        return;
    IndexingProgress progress = indexing->progress;
    indexing->progress = (IndexingProgress){0};
    indexing->listener.idle(&progress, indexing->listener.data);
}

static void fill_readers(Indexing *indexing)
{
    while (!indexing->is_broken && !g_queue_is_empty(&indexing->queue) &&
           reading_pool_has_room(indexing->pool)) {
        CorpusEntry *entry = g_queue_pop_head(&indexing->queue);
        deal_with(indexing, entry);
        free_entry(entry);
    }
}

static void work(Indexing *indexing)
{
    fill_readers(indexing);
    Job *job;
    while (!indexing->is_broken && (job = g_queue_pop_head(&indexing->read)))
        finish_job(indexing, job);
    if (indexing->is_broken ||
        (g_queue_is_empty(&indexing->queue) && g_hash_table_size(indexing->jobs) == 0))
        finish(indexing);
}

/* Comparing */

/* A file is still when its last change is a moment ago, or when it looked the same a moment ago
 * (clocks of file servers differ). */
static gboolean is_still(Indexing *indexing, const CorpusEntry *entry)
{
    gint64 changed_ns = MAX(entry->stamp.mtime_ns, entry->stamp.ctime_ns);
    gint64 age_ms = g_get_real_time() / 1000 - changed_ns / 1000000;
    gint64 now_us = g_get_monotonic_time();
    Look *look = g_hash_table_lookup(indexing->looks, entry->path);
    gboolean same = look && file_stamp_equal(&look->stamp, &entry->stamp);
    if (age_ms >= STILL_MS || (same && now_us - look->seen_us >= STILL_MS * 1000)) {
        g_hash_table_remove(indexing->looks, entry->path);
        return TRUE;
    }
    if (!same) {
        look = g_new0(Look, 1);
        look->stamp = entry->stamp;
        look->seen_us = now_us;
        g_hash_table_replace(indexing->looks, g_strdup(entry->path), look);
    }
    return FALSE;
}

/* Whether a row speaks of a sidecar, be it one with a mistake. */
static gboolean is_sidecar_row(const ArchiveFile *known)
{
    return known->state == FILE_SIDECAR ||
           (known->state == FILE_FAILED && g_strcmp0(known->reason, REASON_SIDECAR) == 0);
}

/* The last document of its name gone, or the first one come, a file becomes a sidecar or ceases to
 * be one without changing itself. */
static gboolean needs_work(const CorpusEntry *entry, const ArchiveFile *known, gboolean retry)
{
    return !known || known->state == FILE_PENDING ||
           is_sidecar_row(known) != (entry->kind == ENTRY_SIDECAR) ||
           (known->state == FILE_FAILED && retry) ||
           !file_stamp_equal(&entry->stamp, &known->stamp);
}

static gboolean note_pending(Indexing *indexing, const CorpusEntry *entry, const ArchiveFile *known,
                             GError **error)
{
    if (known && known->state == FILE_PENDING && file_stamp_equal(&known->stamp, &entry->stamp))
        return TRUE;
    g_autoptr(ArchiveFile) file = file_new(entry->path, &entry->stamp, FILE_PENDING);
    file->document = known ? known->document : 0;
    return archive_put_file(indexing->archive, file, error);
}

static gboolean look_in_time(gpointer data)
{
    Indexing *indexing = data;
    indexing->look_source = 0;
    indexing_compare(indexing, FALSE);
    return G_SOURCE_REMOVE;
}

static void plan_entry(Indexing *indexing, const CorpusEntry *entry, const ArchiveFile *known)
{
    GError *error = NULL;
    if (!needs_work(entry, known, indexing->retry))
        return;
    if (entry->kind != ENTRY_SIDECAR && !note_pending(indexing, entry, known, &error)) {
        give_up(indexing, error);
        return;
    }
    if (is_still(indexing, entry)) {
        g_queue_push_tail(&indexing->queue, entry_copy(entry));
        indexing->progress.total++;
        return;
    }
    g_hash_table_add(indexing->waited, g_memdup2(&entry->stamp.size_bytes, sizeof(gint64)));
    if (!indexing->look_source)
        indexing->look_source = g_timeout_add(STILL_MS + 50, look_in_time, indexing);
}

static gint compare_paths(gconstpointer a, gconstpointer b, gpointer data)
{
    (void)data;
    return strcmp(((const CorpusEntry *)a)->path, ((const CorpusEntry *)b)->path);
}

static void plan_entries(Indexing *indexing, const CorpusScan *scan, GHashTable *known)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, scan->entries);
    while (!indexing->is_broken && g_hash_table_iter_next(&iter, NULL, &value)) {
        const CorpusEntry *entry = value;
        plan_entry(indexing, entry, g_hash_table_lookup(known, entry->path));
    }
    g_queue_sort(&indexing->queue, compare_paths, NULL);
}

static GHashTable *sizes_new(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

/* Paths that went, and the sizes their files had. Renaming makes a file look changed just now: one
 * that may be waited for under another name keeps its row until the next comparison. */
static GHashTable *plan_removals(Indexing *indexing, const CorpusScan *scan, GHashTable *known)
{
    GHashTable *sizes = sizes_new();
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, known);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const ArchiveFile *file = value;
        if (g_hash_table_contains(scan->entries, key) || !corpus_scan_covers(scan, key) ||
            g_hash_table_contains(indexing->waited, &file->stamp.size_bytes))
            continue;
        g_ptr_array_add(indexing->removed, g_strdup(key));
        g_hash_table_add(sizes, g_memdup2(&file->stamp.size_bytes, sizeof(gint64)));
    }
    return sizes;
}

/* New names of files that went: only a hash away, and then the old names can go at once. */
static void link_renamed(Indexing *indexing, GHashTable *sizes)
{
    GList *next;
    for (GList *item = indexing->queue.head; item && !indexing->is_broken; item = next) {
        CorpusEntry *entry = item->data;
        next = item->next;
        if (entry->kind == ENTRY_FILE && g_hash_table_contains(sizes, &entry->stamp.size_bytes) &&
            deal_with_content(indexing, entry, TRUE)) {
            g_queue_delete_link(&indexing->queue, item);
            free_entry(entry);
        }
    }
}

static void tell_unreadable(const Indexing *indexing, const CorpusScan *scan)
{
    for (guint i = 0; i < scan->unreadable->len; i++)
        indexing->listener.folder(g_ptr_array_index(scan->unreadable, i), indexing->listener.data);
}

void indexing_compare(Indexing *indexing, gboolean retry)
{
    GError *error = NULL;
    if (indexing->is_working) {
        indexing->compare_again = TRUE;
        indexing->retry_again |= retry;
        return;
    }
    indexing->is_working = TRUE;
    indexing->retry = retry;
    g_hash_table_remove_all(indexing->waited);
    g_clear_handle_id(&indexing->look_source, g_source_remove);
    g_autoptr(GHashTable) known = archive_files(indexing->archive, &error);
    if (!known) {
        give_up(indexing, error);
        return;
    }
    g_autoptr(CorpusScan) scan = corpus_scan(indexing->corpus);
    tell_unreadable(indexing, scan);
    if (begin(indexing)) {
        plan_entries(indexing, scan, known);
        g_autoptr(GHashTable) sizes = plan_removals(indexing, scan, known);
        link_renamed(indexing, sizes);
        remove_files(indexing);
        commit(indexing);
    }
    work(indexing);
}

/* Life */

Indexing *indexing_new(Corpus *corpus, Archive *archive, ReadingPool *pool,
                       const Thesaurus *thesaurus, const IndexingListener *listener)
{
    Indexing *indexing = g_new0(Indexing, 1);
    indexing->corpus = corpus;
    indexing->archive = archive;
    indexing->pool = pool;
    indexing->thesaurus = thesaurus;
    indexing->listener = *listener;
    g_queue_init(&indexing->queue);
    g_queue_init(&indexing->read);
    indexing->removed = g_ptr_array_new_with_free_func(g_free);
    indexing->jobs = g_hash_table_new(g_str_hash, g_str_equal);
    indexing->looks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    indexing->waited = sizes_new();
    return indexing;
}

static gboolean free_job(gpointer key, gpointer value, gpointer data)
{
    (void)key;
    (void)data;
    job_free(value);
    return TRUE;
}

void indexing_free(Indexing *indexing)
{
    if (!indexing)
        return;
    commit(indexing);
    g_clear_handle_id(&indexing->look_source, g_source_remove);
    g_queue_clear_full(&indexing->queue, free_entry);
    g_queue_clear(&indexing->read); /* its jobs are among those under way */
    g_ptr_array_unref(indexing->removed);
    g_hash_table_foreach_steal(indexing->jobs, free_job, NULL);
    g_hash_table_unref(indexing->jobs);
    g_hash_table_unref(indexing->looks);
    g_hash_table_unref(indexing->waited);
    g_free(indexing);
}
