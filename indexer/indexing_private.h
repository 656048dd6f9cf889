/* What the files of the indexing share. Nobody else includes this.
 *
 * indexing.c has the queue and its life, indexing_plan.c fills it, indexing_content.c and
 * indexing_card.c deal with what is in it, indexing_put.c writes to the archive, indexing_note.c
 * notes how far all that is. A failure that the
 * work cannot go on after ends in indexing_give_up(): from then on `is_broken` is set, and nothing
 * begins any more. All in one thread. */
#ifndef SCHEDARIO_INDEXING_PRIVATE_H
#define SCHEDARIO_INDEXING_PRIVATE_H

#include "indexing.h"
#include "sidecar.h"

/* One content being read, or read. */
typedef struct Job Job;

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
    GHashTable *second_chance; /* sha256 of contents whose reader was killed once */
    gboolean retry;
    gboolean is_working;
    gboolean compare_again; /* asked for while working */
    gboolean retry_again;
    gboolean in_transaction;
    guint commit_source;
    gint64 busy_since_us; /* monotonic: since when commits have followed one another */
    gint64 committed_us;
    guint look_source;
    guint turn_source; /* the work goes on after others had their turn */
    gboolean is_broken;
    gboolean believes_empty;
    gboolean is_announced;
    gboolean is_ending;
    ArchiveWork work; /* as noted last */
    guint beat_source;
    guint note_source;
};

/* Of a sidecar without a document (failure.h). */
#define INDEXING_REASON_ORPHAN "orphan"

/* indexing.c */

/* Deals with what is queued as far as there are readers, and with what was read; ends the work when
 * nothing is left. */
void indexing_work(Indexing *indexing);
void indexing_entry_free(gpointer data); /* CorpusEntry */
/* A set of gint64, owned by the caller. */
GHashTable *indexing_sizes_new(void);

/* indexing_note.c */

/* Notes how far the work is, in the transaction that is open. */
gboolean indexing_note_progress(Indexing *indexing, GError **error);
/* The work now begins, or has come to its end. */
void indexing_note_begin(Indexing *indexing);
void indexing_note_end(Indexing *indexing);
/* Says that the indexer ends; no sign of life is given any more. */
void indexing_note_stop(Indexing *indexing);

/* indexing_plan.c */

/* Queues what is to be dealt with, notes what is to be removed, and deals with renamed files at
 * once. `known`: archive_files(). Within a transaction. */
void indexing_plan(Indexing *indexing, const CorpusScan *scan, GHashTable *known);

/* indexing_vanished.c */

/* Notes in the scan, as folders of which nothing can be said, those whose file system is taken to
 * be not there, and tells the listener. Notes in the archive which folder this is when all is as it
 * should be. Within a transaction; FALSE and `error` when the archive fails. */
gboolean indexing_mark_vanished(Indexing *indexing, CorpusScan *scan, GHashTable *known,
                                GError **error);

/* indexing_content.c */

/* Deals with a file's content. With `only_known`, a content that must be read is left (FALSE). */
gboolean indexing_deal_with_content(Indexing *indexing, const CorpusEntry *entry,
                                    gboolean only_known);
/* The path that a reader has had longest, and since when (monotonic); NULL: none. Borrowed. */
const char *indexing_longest_read(const Indexing *indexing, gint64 *ret_since_us);
/* Puts what was read in; frees the job. */
void indexing_finish_job(Indexing *indexing, Job *job);
void indexing_job_free(Job *job);

/* indexing_card.c */

/* What staff say of the document at `path`; NULL when they say nothing, or with a mistake
 * (`error`). */
Sidecar *indexing_read_sidecar(const Indexing *indexing, const char *path, GError **error);
/* Makes the card of a document anew when its first path or that one's sidecar changed. */
gboolean indexing_refresh_card(Indexing *indexing, gint64 row, GError **error);
/* The document that a sidecar speaks of: its row, or 0 (perhaps with `error`). */
gint64 indexing_sidecar_document(Indexing *indexing, const char *sidecar_path, GError **error);
void indexing_deal_with_sidecar(Indexing *indexing, const CorpusEntry *entry);
/* Whether a row speaks of a sidecar, be it one with a mistake. */
gboolean indexing_is_sidecar_row(const ArchiveFile *known);

/* indexing_put.c */

gint64 indexing_now_unix(void);
/* A file's row, of now. Owned by the caller. */
ArchiveFile *indexing_file_new(const char *path, const FileStamp *stamp, FileState state);
/* An empty array that owns its files. */
GPtrArray *indexing_files_new(void);
/* Takes the open transaction back and tells the listener, once; frees `error`. */
void indexing_give_up(Indexing *indexing, GError *error);
/* Begins a transaction unless one is open. FALSE when nothing can be written any more. */
gboolean indexing_begin(Indexing *indexing);
void indexing_commit(Indexing *indexing);
/* Counts a file as done and tells the listener. */
void indexing_report(Indexing *indexing, const ArchiveFile *file);
/* Gives rows of files the state of their document. */
void indexing_mark_files(const GPtrArray *files, const ArchiveDocument *document);
/* Puts a document (NULL: the one in `row` is in already, 0: none) and its files in, or nothing of
 * it. */
void indexing_put(Indexing *indexing, ArchiveDocument *document, const GString *marked,
                  const GPtrArray *files, gint64 row);
/* Puts an entry that is no document of its own: a link, a pipe, a file that cannot be opened. */
void indexing_put_failed(Indexing *indexing, const CorpusEntry *entry, const char *reason,
                         const char *detail);
/* Takes the rows out of what is noted as removed. */
void indexing_remove_files(Indexing *indexing);

#endif
