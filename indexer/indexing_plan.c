/* See indexing_private.h: what a comparison finds to be done.
 *
 * Every file that the folder has and the archive does not, or has otherwise, gets a row that says
 * "pending" at once, so that an interrupted work is found again; it is queued when it has been
 * still for a moment.
 */
#include "indexing_private.h"

#include <string.h>

enum {
    STILL_MS = 1000, /* a file unchanged for so long is taken to be whole */
    /* A run that is to end does not wait any longer for one that changes all the time. */
    RESTLESS_MS = 15000,
};

/* How a file that is not still looked when it was last seen. */
typedef struct {
    FileStamp stamp;
    gint64 seen_us;
    gint64 restless_us; /* since when it was never still */
} Look;

static CorpusEntry *entry_copy(const CorpusEntry *entry)
{
    CorpusEntry *copy = g_memdup2(entry, sizeof *entry);
    copy->path = g_strdup(entry->path);
    return copy;
}

/* A file is still when its last change is a moment ago, or when it looked the same a moment ago
 * (clocks of file servers differ). */
static gboolean is_still(Indexing *indexing, const CorpusEntry *entry)
{
    gint64 changed_ns = MAX(entry->stamp.mtime_ns, entry->stamp.ctime_ns);
    gint64 age_ms = g_get_real_time() / 1000 - changed_ns / 1000000;
    gint64 now_us = g_get_monotonic_time();
    Look *look = g_hash_table_lookup(indexing->looks, entry->path);
    gboolean same = look && file_stamp_equal(&look->stamp, &entry->stamp);
    if (age_ms >= STILL_MS || (same && now_us - look->seen_us >= (gint64)STILL_MS * 1000)) {
        g_hash_table_remove(indexing->looks, entry->path);
        return TRUE;
    }
    if (!same) {
        Look *next = g_new0(Look, 1);
        *next = (Look){entry->stamp, now_us, look ? look->restless_us : now_us};
        g_hash_table_replace(indexing->looks, g_strdup(entry->path), next);
    }
    return FALSE;
}

/* Who watches has all the time. */
static gboolean is_restless(const Indexing *indexing, const char *path)
{
    const Look *look = g_hash_table_lookup(indexing->looks, path);
    return !indexing->work.is_watching && look &&
           g_get_monotonic_time() - look->restless_us >= (gint64)RESTLESS_MS * 1000;
}

static gboolean is_orphan_row(const ArchiveFile *known)
{
    return known->state == FILE_FAILED && g_strcmp0(known->reason, INDEXING_REASON_ORPHAN) == 0;
}

/* The last document of its name gone, or the first one come, a file becomes a sidecar or ceases to
 * be one without changing itself. */
static gboolean needs_work(const CorpusEntry *entry, const ArchiveFile *known, gboolean retry)
{
    return !known || known->state == FILE_PENDING ||
           indexing_is_sidecar_row(known) != (entry->kind == ENTRY_SIDECAR) ||
           is_orphan_row(known) != (entry->kind == ENTRY_ORPHAN) ||
           (known->state == FILE_FAILED && retry) ||
           !file_stamp_equal(&entry->stamp, &known->stamp);
}

static gboolean note_pending(Indexing *indexing, const CorpusEntry *entry, const ArchiveFile *known,
                             GError **error)
{
    if (known && known->state == FILE_PENDING && file_stamp_equal(&known->stamp, &entry->stamp))
        return TRUE;
    g_autoptr(ArchiveFile) file = indexing_file_new(entry->path, &entry->stamp, FILE_PENDING);
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
        indexing_give_up(indexing, error);
        return;
    }
    if (is_still(indexing, entry)) {
        g_queue_push_tail(&indexing->queue, entry_copy(entry));
        indexing->progress.total++;
        return;
    }
    g_hash_table_add(indexing->waited, g_memdup2(&entry->stamp.size_bytes, sizeof(gint64)));
    if (is_restless(indexing, entry->path))
        indexing->listener.left(entry->path, LEFT_RESTLESS, indexing->listener.data);
    else if (!indexing->look_source)
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

/* Paths that went, and the sizes their files had. Renaming makes a file look changed just now: one
 * that may be waited for under another name keeps its row until the next comparison. */
static GHashTable *plan_removals(Indexing *indexing, const CorpusScan *scan, GHashTable *known)
{
    GHashTable *sizes = indexing_sizes_new();
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
            indexing_deal_with_content(indexing, entry, TRUE)) {
            g_queue_delete_link(&indexing->queue, item);
            indexing_entry_free(entry);
        }
    }
}

void indexing_plan(Indexing *indexing, const CorpusScan *scan, GHashTable *known)
{
    plan_entries(indexing, scan, known);
    g_autoptr(GHashTable) sizes = plan_removals(indexing, scan, known);
    link_renamed(indexing, sizes);
}
