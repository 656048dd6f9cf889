/* See indexing_private.h: what staff see of the work while it goes on.
 *
 * It is noted in the transactions that the work makes anyway. Only when nothing is put in for a
 * while (a reader is busy with a long document) a transaction is made for the note alone. That the
 * indexer lives is no note, since every change of the archive has to be taken up by its readers:
 * see archive_beat().
 */
#include "indexing_private.h"

enum { NOTE_SECONDS = 1 }; /* between looks whether something is to be noted */

/* Of a moment on the monotonic clock. */
static gint64 unix_of(gint64 monotonic_us)
{
    return indexing_now_unix() - (g_get_monotonic_time() - monotonic_us) / G_USEC_PER_SEC;
}

/* How far the work is now. What it reads is borrowed. */
static ArchiveWork present_work(const Indexing *indexing)
{
    const IndexingProgress *progress = &indexing->progress;
    ArchiveWork work = indexing->work;
    gint64 since_us = 0;
    work.total = progress->total;
    work.done = progress->done;
    work.failed = progress->failed;
    work.removed = progress->removed;
    work.pages = progress->pages;
    if (!work.started_unix || work.ended_unix) /* the one noted last is another */
        work.started_unix = unix_of(progress->started_us);
    work.ended_unix = indexing->is_ending ? indexing_now_unix() : 0;
    work.reading = (char *)indexing_longest_read(indexing, &since_us);
    work.reading_unix = work.reading ? unix_of(since_us) : 0;
    return work;
}

/* A comparison that finds nothing to do leaves the note of the last work as it is. */
static gboolean is_worth_noting(const IndexingProgress *progress)
{
    return progress->total + progress->removed > 0;
}

gboolean indexing_note_progress(Indexing *indexing, GError **error)
{
    if (!indexing->is_announced)
        return TRUE;
    archive_beat(indexing->archive);
    if (!is_worth_noting(&indexing->progress))
        return TRUE;
    ArchiveWork work = present_work(indexing);
    if (!archive_note_work(indexing->archive, &work, error))
        return FALSE;
    work.reading = g_strdup(work.reading);
    archive_work_clear(&indexing->work);
    indexing->work = work;
    return TRUE;
}

/* Whether what was noted last is no longer so. */
static gboolean has_moved(const Indexing *indexing)
{
    ArchiveWork work = present_work(indexing);
    return is_worth_noting(&indexing->progress) &&
           (work.done != indexing->work.done || work.total != indexing->work.total ||
            g_strcmp0(work.reading, indexing->work.reading) != 0);
}

static gboolean note_in_time(gpointer data)
{
    Indexing *indexing = data;
    if (!indexing->is_broken && !indexing->in_transaction && has_moved(indexing) &&
        indexing_begin(indexing))
        indexing_commit(indexing);
    return G_SOURCE_CONTINUE;
}

static gboolean beat_in_time(gpointer data)
{
    Indexing *indexing = data;
    archive_beat(indexing->archive);
    return G_SOURCE_CONTINUE;
}

void indexing_note_begin(Indexing *indexing)
{
    indexing->is_ending = FALSE;
    if (indexing->is_announced && !indexing->note_source)
        indexing->note_source = g_timeout_add_seconds(NOTE_SECONDS, note_in_time, indexing);
}

void indexing_note_end(Indexing *indexing)
{
    g_clear_handle_id(&indexing->note_source, g_source_remove);
    indexing->is_ending = TRUE;
}

/* Of the indexer itself: the note of its last work stays. */
static gboolean note_indexer(Indexing *indexing)
{
    GError *error = NULL;
    if (!indexing_begin(indexing))
        return FALSE;
    if (!archive_note_work(indexing->archive, &indexing->work, &error)) {
        indexing_give_up(indexing, error);
        return FALSE;
    }
    indexing_commit(indexing);
    return !indexing->is_broken;
}

gboolean indexing_announce(Indexing *indexing, gboolean is_watching)
{
    GError *error = NULL;
    archive_work_clear(&indexing->work);
    if (!archive_work(indexing->archive, &indexing->work, &error)) {
        indexing_give_up(indexing, error);
        return FALSE;
    }
    ArchiveWork *work = &indexing->work;
    g_clear_pointer(&work->reading, g_free);
    if (!work->ended_unix) /* it was cut off; what is left of it will be work of this run */
        work->started_unix = 0;
    work->is_watching = is_watching;
    work->began_unix = indexing_now_unix();
    work->stopped_unix = 0;
    if (!note_indexer(indexing))
        return FALSE;
    indexing->is_announced = TRUE;
    indexing->beat_source = g_timeout_add_seconds(ARCHIVE_BEAT_SECONDS, beat_in_time, indexing);
    archive_beat(indexing->archive);
    return TRUE;
}

void indexing_note_stop(Indexing *indexing)
{
    g_clear_handle_id(&indexing->beat_source, g_source_remove);
    g_clear_handle_id(&indexing->note_source, g_source_remove);
    if (!indexing->is_announced)
        return;
    indexing_commit(indexing);
    archive_work_clear(&indexing->work);
    indexing->work.stopped_unix = indexing_now_unix();
    indexing->is_announced = FALSE;
    if (!indexing->is_broken)
        note_indexer(indexing);
}
