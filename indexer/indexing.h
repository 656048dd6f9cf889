/* Indexing: the corpus as it is, compared with the archive, and the difference worked off.
 *
 * New and changed files are read first and files that went are taken out after, so that a renamed
 * file never leaves the archive; of the new ones, those that may be an old file under a new name
 * come first. A file that is still being written is left until it has been still for a moment.
 * Whatever is interrupted is found again by the next comparison, because a file's row says
 * "pending" until its document is in.
 *
 * Runs in the thread-default main context. */
#ifndef SCHEDARIO_INDEXING_H
#define SCHEDARIO_INDEXING_H

#include <glib.h>

#include "archive.h"
#include "corpus.h"
#include "reading.h"
#include "thesaurus.h"

/* How far the present work has come: all comparisons since nothing was left to do. */
typedef struct {
    guint total; /* files of this work: done and to do */
    guint done;
    guint failed;      /* of the done ones */
    guint64 pages;     /* read */
    gint64 started_us; /* monotonic time at which this work began */
    guint removed;     /* files taken out */
} IndexingProgress;

/* Why something is left as it is. */
typedef enum {
    LEFT_UNLISTED, /* a folder ("": the corpus, else ending in '/') that cannot be listed */
    LEFT_VANISHED, /* a folder of another file system than before, with nothing in it: its own is
                    * taken to be not there, and its documents stay */
    LEFT_RESTLESS, /* a file that does not cease to change; the next run will find it pending */
} IndexingLeft;

/* Called in the main context. */
typedef struct {
    void (*file)(const ArchiveFile *file, const IndexingProgress *progress, gpointer data);
    void (*idle)(const IndexingProgress *progress, gpointer data);   /* nothing is left to do now */
    void (*left)(const char *path, IndexingLeft why, gpointer data); /* once a comparison */
    void (*fault)(const GError *error, gpointer data); /* the archive cannot be written: end */
    gpointer data;
} IndexingListener;

typedef struct Indexing Indexing;

/* Borrows all it is given, until indexing_free(). */
Indexing *indexing_new(Corpus *corpus, Archive *archive, ReadingPool *pool,
                       const Thesaurus *thesaurus, const IndexingListener *listener);
/* Writes what is done; forgets what is not (the next comparison finds it). */
void indexing_free(Indexing *indexing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Indexing, indexing_free)

/* Compares and begins to work the difference off. With `retry`, files that failed are tried again.
 * May be called at any time; while a comparison's work is under way, the next one waits for its
 * end. */
void indexing_compare(Indexing *indexing, gboolean retry);

/* Notes in the archive, for staff, that an indexer is there, and from then on how its work goes.
 * With `is_watching` it stays. That it ended is noted by indexing_free(). FALSE when the archive
 * cannot be written (the listener has been told). */
gboolean indexing_announce(Indexing *indexing, gboolean is_watching);

/* From now on an empty corpus is believed to be meant so, whatever file system it is on. */
void indexing_believe_empty(Indexing *indexing);

/* Whether work is under way, within a transaction perhaps. */
gboolean indexing_is_working(const Indexing *indexing);

#endif
