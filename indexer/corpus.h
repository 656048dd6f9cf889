/* Corpus: the folder of documents. It is only ever read.
 *
 * A scan says what is in it now; comparing that with the archive is indexing.h's part. A watch says
 * that something may have changed; it never says what, so that a lost event costs time and not
 * truth. */
#ifndef SCHEDARIO_CORPUS_H
#define SCHEDARIO_CORPUS_H

#include <glib.h>

#include "archive.h"

#define CORPUS_ERROR (corpus_error_quark())
GQuark corpus_error_quark(void);
typedef enum {
    CORPUS_ERROR_ABSENT, /* no such folder, or it cannot be read */
    CORPUS_ERROR_WATCH,  /* the system refuses to watch */
} CorpusError;

typedef struct Corpus Corpus;

/* Opens the folder at `path`. NULL and `error` (CORPUS_ERROR_ABSENT) on failure. */
Corpus *corpus_open(const char *path, GError **error);
void corpus_free(Corpus *corpus);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Corpus, corpus_free)

/* Leaves a file out of every scan, by whatever name it has below the corpus: the archive's own
 * files, should somebody keep them there. It need not exist yet. */
void corpus_leave_out(Corpus *corpus, const char *path);

/* What a name below the corpus stands for. */
typedef enum {
    ENTRY_FILE,
    ENTRY_SIDECAR, /* NAME.ini beside a NAME */
    ENTRY_ORPHAN,  /* NAME.ini that was meant to be a sidecar, with no NAME beside it */
    ENTRY_LINK,    /* a symbolic link: not followed */
    ENTRY_SPECIAL, /* a pipe, socket or device: not opened */
} EntryKind;

typedef struct {
    char *path; /* relative to the corpus, as the system gives it; owned */
    EntryKind kind;
    FileStamp stamp;
} CorpusEntry;

typedef struct {
    GHashTable *entries; /* borrowed path -> CorpusEntry, owned by the table */
    GPtrArray
        *unreadable;   /* folders (char *, with a '/' at the end) that could not be listed: nothing
                        * can be said of what is below them; "" stands for the corpus itself */
    GPtrArray *mounts; /* folders (as above) that are on another file system than the corpus */
    guint64 device;    /* of the corpus itself, as the system numbers it; */
    guint64 inode;     /* both 0 when it could not be listed */
} CorpusScan;

void corpus_scan_free(CorpusScan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CorpusScan, corpus_scan_free)

/* Lists the corpus. Hidden and temporary names are passed over (corpus_is_passed_over), folders
 * with them. Never fails as a whole: see `unreadable`. When the corpus is watched, new folders are
 * watched too. */
CorpusScan *corpus_scan(Corpus *corpus);

/* Whether the scan can say that `path` is not there any more. */
gboolean corpus_scan_covers(const CorpusScan *scan, const char *path);

/* Hidden names (.x), and names that editors, browsers and copiers give to unfinished files. */
gboolean corpus_is_passed_over(const char *name);

/* Opens a file for reading, never outside the corpus, never through a link. -1 and errno on
 * failure. */
int corpus_open_file(const Corpus *corpus, const char *path);
/* The stamp of an open file. FALSE when it cannot be had or is no regular file. */
gboolean corpus_stamp(int fd, FileStamp *ret_stamp);

/* SHA-256 of an open file, in hexadecimal, read from its beginning, where it stands afterwards.
 * NULL and errno when it cannot be read, at once and with EFBIG when it is larger than
 * LIMIT_FILE_MIB. Owned by the caller. */
char *corpus_hash(int fd);

/* Calls `changed` in the thread-default main context, soon after something below the corpus
 * changes, at most every few hundred milliseconds. FALSE and `error` (CORPUS_ERROR_WATCH) when the
 * system refuses; periodic scans must do then. */
gboolean corpus_watch(Corpus *corpus, void (*changed)(gpointer data), gpointer data,
                      GError **error);

#endif
