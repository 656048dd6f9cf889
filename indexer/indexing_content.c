/* See indexing_private.h: what a file holds, and having it read.
 *
 * A content is known by its SHA-256. One that the archive has is only given another path; one that
 * is being read just now takes the new path along; any other goes to a reader. What was read is put
 * in only if its first path still holds it, because a file may change while it is read.
 */
#include "indexing_private.h"

#include <errno.h>
#include <unistd.h>

#include "document.h"
#include "limits.h"

/* One content being read, with every path under which it was found meanwhile. */
struct Job {
    Indexing *indexing;
    char *sha256;
    FileStamp stamp;       /* of the first path */
    GPtrArray *files;      /* ArchiveFile: paths and stamps */
    ReadingResult *result; /* when read */
    gint64 since_us;       /* monotonic: when a reader got it */
};

void indexing_job_free(Job *job)
{
    reading_result_free(job->result);
    g_free(job->sha256);
    g_ptr_array_unref(job->files);
    g_free(job);
}

const char *indexing_longest_read(const Indexing *indexing, gint64 *ret_since_us)
{
    GHashTableIter iter;
    gpointer value;
    const Job *longest = NULL;
    g_hash_table_iter_init(&iter, indexing->jobs);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Job *job = value;
        if (!job->result && (!longest || job->since_us < longest->since_us))
            longest = job;
    }
    if (!longest)
        return NULL;
    *ret_since_us = longest->since_us;
    return ((const ArchiveFile *)g_ptr_array_index(longest->files, 0))->path;
}

/* What was read */

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
    g_autoptr(Sidecar) sidecar = indexing_read_sidecar(indexing, first->path, NULL);
    DocumentOrigin origin = {
        .path = first->path,
        .sha256 = job->sha256,
        .size_bytes = job->stamp.size_bytes,
        .now_unix = indexing_now_unix(),
        .sidecar = sidecar,
    };
    g_autoptr(GString) marked = NULL;
    g_autoptr(ArchiveDocument) document =
        document_make(job->result, &origin, indexing->thesaurus, &marked);
    indexing_mark_files(job->files, document);
    indexing->progress.pages += job->result->pages->len;
    indexing_put(indexing, document, marked, job->files, 0);
}

/* A reader that was killed (by a person, or by a system short of memory) says nothing of the file
 * that it had: that is read once more. TRUE when it is queued again. */
static gboolean read_again(Indexing *indexing, const Job *job)
{
    if (job->result->failure != READING_CRASHED ||
        !g_hash_table_add(indexing->second_chance, g_strdup(job->sha256)))
        return FALSE;
    for (guint i = 0; i < job->files->len; i++) {
        const ArchiveFile *file = g_ptr_array_index(job->files, i);
        CorpusEntry *entry = g_new0(CorpusEntry, 1);
        *entry = (CorpusEntry){g_strdup(file->path), ENTRY_FILE, file->stamp};
        g_queue_push_tail(&indexing->queue, entry);
    }
    return TRUE;
}

void indexing_finish_job(Indexing *indexing, Job *job)
{
    const ArchiveFile *first = g_ptr_array_index(job->files, 0);
    g_hash_table_steal(indexing->jobs, job->sha256);
    if (read_again(indexing, job)) {
        indexing_job_free(job);
        return;
    }
    g_hash_table_remove(indexing->second_chance, job->sha256);
    if (still_stands(indexing, first->path, &job->stamp)) {
        put_job(indexing, job);
    } else {
        indexing->progress.total -= job->files->len;
        indexing->compare_again = TRUE;
    }
    indexing_job_free(job);
}

/* The reader that is free now gets its next file before this one is put in. */
static void read_done(ReadingResult *result, gpointer data)
{
    Job *job = data;
    job->result = result;
    g_queue_push_tail(&job->indexing->read, job);
    indexing_work(job->indexing);
}

/* What is to be read */

/* A content that is in the archive, so that only a path has to be noted. NULL: it has to be read.
 */
static ArchiveDocument *find_known(Indexing *indexing, const char *sha256)
{
    GError *error = NULL;
    ArchiveDocument *document = archive_find_content(indexing->archive, sha256, &error);
    if (error)
        indexing_give_up(indexing, error);
    if (document && (document->state == DOCUMENT_GONE ||
                     (document->state == DOCUMENT_FAILED && indexing->retry)))
        g_clear_pointer(&document, archive_document_free);
    return document;
}

static void link_known(Indexing *indexing, const ArchiveDocument *document, ArchiveFile *file)
{
    g_autoptr(GPtrArray) files = indexing_files_new();
    g_ptr_array_add(files, file);
    indexing_mark_files(files, document);
    indexing_put(indexing, NULL, NULL, files, document->row);
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
    job->since_us = g_get_monotonic_time();
    job->files = indexing_files_new();
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

/* Why a file has no hash; `number`: errno, 0 for what is no file at all. */
static void put_unhashed(Indexing *indexing, const CorpusEntry *entry, int number)
{
    g_autofree char *most_mib = g_strdup_printf("%d", LIMIT_FILE_MIB);
    if (number == EFBIG)
        indexing_put_failed(indexing, entry, "oversized", most_mib);
    else
        indexing_put_failed(indexing, entry, "open",
                            number ? g_strerror(number) : "no regular file");
}

gboolean indexing_deal_with_content(Indexing *indexing, const CorpusEntry *entry,
                                    gboolean only_known)
{
    int fd = corpus_open_file(indexing->corpus, entry->path);
    if (fd < 0) {
        if (errno == ENOENT)
            look_again(indexing);
        else
            indexing_put_failed(indexing, entry, "open", g_strerror(errno));
        return TRUE;
    }
    FileStamp before, after;
    gboolean is_file = corpus_stamp(fd, &before);
    g_autofree char *sha256 = is_file ? corpus_hash(fd) : NULL;
    if (!sha256) {
        put_unhashed(indexing, entry, is_file ? errno : 0);
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
    ArchiveFile *file = indexing_file_new(entry->path, &after, FILE_PENDING);
    if (known) {
        close(fd);
        link_known(indexing, known, file);
    } else {
        begin_read(indexing, fd, g_steal_pointer(&sha256), file);
    }
    return TRUE;
}
