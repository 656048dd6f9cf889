/* See indexing.h.
 *
 * A comparison fills a queue (indexing_plan.c); here the queue is worked off as readers become free
 * (indexing_content.c, indexing_card.c), and ends with what is to be taken out. A comparison that
 * is asked for meanwhile begins when this one's work is done.
 */
#include "indexing_private.h"

/* So long files are dealt with before others of the main loop get their turn: signs of life,
 * readers, signals. */
enum { TURN_MS = 50 };

/* Small parts */

void indexing_entry_free(gpointer data)
{
    CorpusEntry *entry = data;
    g_free(entry->path);
    g_free(entry);
}

GHashTable *indexing_sizes_new(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

/* Working the queue off */

static void deal_with(Indexing *indexing, const CorpusEntry *entry)
{
    switch (entry->kind) {
    case ENTRY_FILE:
        indexing_deal_with_content(indexing, entry, FALSE);
        break;
    case ENTRY_SIDECAR:
        indexing_deal_with_sidecar(indexing, entry);
        break;
    case ENTRY_ORPHAN:
        indexing_put_failed(indexing, entry, INDEXING_REASON_ORPHAN, NULL);
        break;
    case ENTRY_LINK:
        indexing_put_failed(indexing, entry, "link", NULL);
        break;
    case ENTRY_SPECIAL:
        indexing_put_failed(indexing, entry, "unreadable", "inode/special");
        break;
    }
}

static void finish(Indexing *indexing)
{
    GError *error = NULL;
    indexing_remove_files(indexing);
    if (indexing_begin(indexing) &&
        !archive_note_compared(indexing->archive, indexing_now_unix(), &error))
        indexing_give_up(indexing, error);
    if (!indexing->compare_again && !indexing->look_source)
        indexing_note_end(indexing);
    indexing_commit(indexing);
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

static gboolean next_turn(gpointer data)
{
    Indexing *indexing = data;
    indexing->turn_source = 0;
    indexing_work(indexing);
    return G_SOURCE_REMOVE;
}

/* Files that need no reader (copies, say, or those that cannot be opened) could go on for ever. */
static void fill_readers(Indexing *indexing)
{
    gint64 until_us = g_get_monotonic_time() + (gint64)TURN_MS * 1000;
    g_clear_handle_id(&indexing->turn_source, g_source_remove);
    while (!indexing->is_broken && !g_queue_is_empty(&indexing->queue) &&
           reading_pool_has_room(indexing->pool)) {
        if (g_get_monotonic_time() >= until_us) {
            indexing->turn_source = g_timeout_add(0, next_turn, indexing);
            return;
        }
        CorpusEntry *entry = g_queue_pop_head(&indexing->queue);
        deal_with(indexing, entry);
        indexing_entry_free(entry);
    }
}

void indexing_work(Indexing *indexing)
{
    fill_readers(indexing);
    Job *job;
    while (!indexing->is_broken && (job = g_queue_pop_head(&indexing->read)))
        indexing_finish_job(indexing, job);
    if (indexing->is_broken ||
        (g_queue_is_empty(&indexing->queue) && g_hash_table_size(indexing->jobs) == 0))
        finish(indexing);
}

/* Comparing */

static void tell_unreadable(const Indexing *indexing, const CorpusScan *scan)
{
    for (guint i = 0; i < scan->unreadable->len; i++)
        indexing->listener.left(g_ptr_array_index(scan->unreadable, i), LEFT_UNLISTED,
                                indexing->listener.data);
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
    if (!indexing->progress.started_us)
        indexing->progress.started_us = g_get_monotonic_time();
    indexing_note_begin(indexing);
    g_hash_table_remove_all(indexing->waited);
    g_clear_handle_id(&indexing->look_source, g_source_remove);
    g_autoptr(GHashTable) known = archive_files(indexing->archive, &error);
    if (!known) {
        indexing_give_up(indexing, error);
        return;
    }
    g_autoptr(CorpusScan) scan = corpus_scan(indexing->corpus);
    tell_unreadable(indexing, scan);
    if (indexing_begin(indexing) && !indexing_mark_vanished(indexing, scan, known, &error))
        indexing_give_up(indexing, error);
    if (!indexing->is_broken) {
        indexing_plan(indexing, scan, known);
        indexing_remove_files(indexing);
        indexing_commit(indexing);
    }
    indexing_work(indexing);
}

void indexing_believe_empty(Indexing *indexing)
{
    indexing->believes_empty = TRUE;
}

gboolean indexing_is_working(const Indexing *indexing)
{
    return indexing->is_working || indexing->in_transaction;
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
    indexing->second_chance = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    indexing->waited = indexing_sizes_new();
    return indexing;
}

static gboolean free_job(gpointer key, gpointer value, gpointer data)
{
    (void)key;
    (void)data;
    indexing_job_free(value);
    return TRUE;
}

void indexing_free(Indexing *indexing)
{
    if (!indexing)
        return;
    indexing_note_stop(indexing);
    indexing_commit(indexing);
    g_clear_handle_id(&indexing->look_source, g_source_remove);
    g_clear_handle_id(&indexing->turn_source, g_source_remove);
    g_queue_clear_full(&indexing->queue, indexing_entry_free);
    g_queue_clear(&indexing->read); /* its jobs are among those under way */
    g_ptr_array_unref(indexing->removed);
    g_hash_table_foreach_steal(indexing->jobs, free_job, NULL);
    g_hash_table_unref(indexing->jobs);
    g_hash_table_unref(indexing->looks);
    g_hash_table_unref(indexing->second_chance);
    g_hash_table_unref(indexing->waited);
    archive_work_clear(&indexing->work);
    g_free(indexing);
}
