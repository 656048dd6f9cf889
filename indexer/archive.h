/* Archive: the one SQLite file. Its schema, opening it, and the only place that writes to it.
 *
 * The corpus is the truth and the archive is derived: it can be deleted and made again. A document
 * is its content; files are the names under which the content stands in the corpus. Each change of
 * a document, with its text and its postings, is in one transaction, so ending the program at any
 * instant leaves an archive that the next run completes.
 *
 * Writers: one at a time (a lock file beside the archive). Readers: any number, never blocked
 * (WAL). An Archive is used by one thread at a time. */
#ifndef SCHEDARIO_ARCHIVE_H
#define SCHEDARIO_ARCHIVE_H

#include <glib.h>

#include "catalogue.h"
#include "language.h"

struct sqlite3;

enum {
    ARCHIVE_APPLICATION_ID = 0x53636865, /* "Sche" */
    ARCHIVE_SCHEMA = 3,     /* user_version; raise it with every change of the schema */
    ARCHIVE_ID_LENGTH = 20, /* hexadecimal digits of a document's public id */
    ARCHIVE_PAGE_BITS = 24, /* text chunk key = document << 24 | first page, from 0 */
};

/* A document "is in" a language that has at least this share of its text. */
#define ARCHIVE_LANGUAGE_SHARE 0.10

#define ARCHIVE_ERROR (archive_error_quark())
GQuark archive_error_quark(void);
typedef enum {
    ARCHIVE_ERROR_ABSENT,    /* no such file (readers) */
    ARCHIVE_ERROR_FOREIGN,   /* a file, but no archive of ours */
    ARCHIVE_ERROR_NEWER,     /* made by a newer version of this program */
    ARCHIVE_ERROR_OLDER,     /* made by an older version (readers; a writer makes it anew) */
    ARCHIVE_ERROR_LOCKED,    /* another indexer is writing to it */
    ARCHIVE_ERROR_FULL,      /* the disk is full */
    ARCHIVE_ERROR_DAMAGED,   /* SQLite finds the file damaged */
    ARCHIVE_ERROR_BUSY,      /* could not be had in time; worth trying again */
    ARCHIVE_ERROR_TOO_LARGE, /* one document is larger than SQLite can hold (about 1 GB of text) */
    ARCHIVE_ERROR_CLASH,     /* a document has the same id as another: no accident */
    ARCHIVE_ERROR_IO,        /* any other failure of the system */
} ArchiveError;

typedef struct Archive Archive;

/* Opens for writing; makes the file when there is none, and empties an archive of an older schema
 * (`*ret_is_new` is then TRUE as well: all has to be read again). NULL and `error` on failure. */
Archive *archive_open_writer(const char *path, gboolean *ret_is_new, GError **error);
/* Opens read-only. NULL and `error` on failure. */
Archive *archive_open_reader(const char *path, GError **error);
void archive_close(Archive *archive);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Archive, archive_close)

/* Reads the whole file and looks whether its structure is sound (half a second a GB, when it is in
 * memory). FALSE and `error` (ARCHIVE_ERROR_DAMAGED when it is not) on failure. */
gboolean archive_verify(Archive *archive, GError **error);
/* Reads the whole index of an archive open for writing and looks whether it is sound in itself
 * (quick structure checks see only the pages that it lies in); with its text it is not compared,
 * which would take five times as long. Some 2 s for ten thousand documents, in which the calling
 * thread can do nothing else; readers are not kept waiting. Not within a transaction. FALSE and
 * `error` (ARCHIVE_ERROR_DAMAGED when it is not) on failure. */
gboolean archive_verify_index(Archive *archive, GError **error);
/* Renames a damaged archive, which nobody has open for writing, so that another can be made in its
 * place; one that was kept so before is overwritten. Returns the name it has now, owned by the
 * caller; NULL and `error` on failure. */
char *archive_set_aside(const char *path, GError **error);

/* Gives what is read from now on so many microseconds together; after that it fails
 * (ARCHIVE_ERROR_IO). 0, as after opening: as long as it takes. A last resort against an archive
 * made to be read for ever; what is to end in good order looks at the clock itself. */
void archive_set_time(Archive *archive, gint64 budget_us);
/* The connection, for search.c. Borrowed. */
struct sqlite3 *archive_connection(Archive *archive);
/* Sets `error` from the connection's last failure, says what was being done. Returns FALSE. */
gboolean archive_fail(struct sqlite3 *db, const char *doing, GError **error);

/* Transactions do not nest. A reader's begin gives one state of the archive until its end. Postings
 * are put in by the commit: until then, MATCH does not find what the transaction changed. */
gboolean archive_begin(Archive *archive, GError **error);
gboolean archive_commit(Archive *archive, GError **error);
void archive_rollback(Archive *archive);
/* Merges some of the index's segments, of which every commit makes one, so that searches have fewer
 * to look into; a step of some 30 ms, in a transaction of its own. `*ret_is_done`: nothing is left
 * to merge. FALSE and `error` on failure. */
gboolean archive_merge(Archive *archive, gboolean *ret_is_done, GError **error);
/* How long what is put in should wait for its commit, in ms, when work has gone on for `busy_ms`:
 * at first so short that who drops a file sees it, in a long run a tenth of the run, up to some
 * seconds, since every commit writes a segment of the index, which has to be merged later. */
guint archive_commit_ms(gint64 busy_ms);
/* Whether so much waits that it should be committed now. */
gboolean archive_is_due(const Archive *archive);
/* One savepoint within a transaction: release it, or restore what was before it. */
gboolean archive_save(Archive *archive, GError **error);
gboolean archive_release(Archive *archive, GError **error);
void archive_restore(Archive *archive);

/* What became of a document's content. */
typedef enum {
    DOCUMENT_FAILED = 0, /* could not be read; reason says why */
    DOCUMENT_INDEXED,
    DOCUMENT_GONE, /* no file holds it any more; successor, if any, took its place */
} DocumentState;

/* A document's row. Strings are owned; freed by archive_document_free(). */
typedef struct {
    gint64 row; /* 0: not in the archive */
    char id[ARCHIVE_ID_LENGTH + 1];
    char *sha256; /* 64 hexadecimal digits */
    DocumentState state;
    char *media_type;
    gint64 size_bytes;
    Catalogue *card;  /* NULL only when gone */
    char *themes;     /* JSON: array of {id, area, terms}; never NULL */
    char *meta_title; /* as the reader sent them, to make the card again */
    char *meta_author;
    char *heading;
    int meta_year;
    guint page_count;
    GArray *missing_pages; /* guint, from 1: could not be read; never NULL */
    guint blank_pages;     /* read, but without a word; set by archive_put_document() */
    guint word_count;
    double share[LANGUAGE_COUNT]; /* by Language: share of the text's letters, sum 1 or 0 */
    char *reason;                 /* reading_failure_name(), for a failed one; else NULL */
    char *detail;
    char *successor; /* id, for a gone one, or NULL */
    gint64 indexed_unix;
} ArchiveDocument;

ArchiveDocument *archive_document_new(void);
void archive_document_free(ArchiveDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ArchiveDocument, archive_document_free)

/* Puts a document in, with its postings when `marked` (analysis_mark) is given, in the place of one
 * of the same content. Sets document->row and id. Within a transaction. */
gboolean archive_put_document(Archive *archive, ArchiveDocument *document, const GString *marked,
                              GError **error);
/* Puts a new card and themes on a document that is in; its text stays. Within a transaction. */
gboolean archive_put_card(Archive *archive, const ArchiveDocument *document, GError **error);

/* The document with that SHA-256, id or row. NULL without `error` when there is none. */
ArchiveDocument *archive_find_content(Archive *archive, const char *sha256, GError **error);
ArchiveDocument *archive_find_document(Archive *archive, const char *id, GError **error);
ArchiveDocument *archive_find_row(Archive *archive, gint64 row, GError **error);

/* Marked text of pages `first` to `first + count - 1` (from 0), parted by form feeds; what lies
 * beyond the end is left out. NULL without `error` when there is no such page. Caller frees. */
GString *archive_pages(Archive *archive, gint64 row, guint first, guint count, GError **error);
/* Words before each page: page_count + 1 guint; the last is the total. Caller frees. */
GArray *archive_page_positions(Archive *archive, gint64 row, GError **error);

/* What of a document a search filters and counts by. Borrowed, until the visitor returns. */
typedef struct {
    gint64 row;
    const char *id;
    DocumentState state;
    const char *title;
    int year;
    Kind kind;
    const char *body; /* NULL: not known */
    const char *collection;
    const char *terms; /* of its catalogue column, parted by blanks; NULL for a gone one */
    double share[LANGUAGE_COUNT];
    guint word_count;
    guint page_count;
    gint64 indexed_unix;
} ArchiveCard;

/* Visits the cards of documents that changed since `*revision` (0: all of them), and sets it to the
 * present revision. FALSE and `error` on failure. */
gboolean archive_cards_since(Archive *archive, gint64 *revision,
                             void (*visit)(const ArchiveCard *card, gpointer data), gpointer data,
                             GError **error);

/* Files */

typedef enum {
    FILE_PENDING = 0, /* seen, to be read */
    FILE_INDEXED,
    FILE_FAILED,
    FILE_SIDECAR, /* read as a sidecar, no fault found */
    FILE_REMOVED, /* it went; only lists of files have it */
} FileState;

/* What became of a file, in words that staff use. Each state's outcomes stand together. */
typedef enum {
    OUTCOME_PENDING = 0,
    OUTCOME_INDEXED,   /* a document that is new in the archive */
    OUTCOME_EDITION,   /* indexed in the place of another document, `previous` */
    OUTCOME_DUPLICATE, /* another file that came before holds the same document */
    OUTCOME_PASSWORD,
    OUTCOME_SCAN, /* without text */
    OUTCOME_DAMAGED,
    OUTCOME_FAILED, /* for any other reason */
    OUTCOME_SIDECAR_FAULT,
    OUTCOME_SIDECAR,
    OUTCOME_REMOVED, /* it went, and its document with it unless other files hold it */
    OUTCOME_COUNT
} FileOutcome;

/* "pending", "indexed", "edition", "duplicate", "password", "scan", "damaged", "failed",
 * "sidecar-fault", "sidecar", "removed". Static storage. */
const char *file_outcome_name(FileOutcome outcome);
gboolean file_outcome_parse(const char *name, FileOutcome *ret_outcome);

/* How a file looked when it was last dealt with. */
typedef struct {
    guint64 device;
    guint64 inode;
    gint64 size_bytes;
    gint64 mtime_ns;
    gint64 ctime_ns;
} FileStamp;

gboolean file_stamp_equal(const FileStamp *a, const FileStamp *b);

typedef struct {
    char *path; /* relative to the corpus, bytes as the system gives them; owned */
    FileStamp stamp;
    FileState state;
    gint64 document; /* row, 0: none */
    char *reason;    /* for a failed one; owned, or NULL */
    char *detail;
    gint64 changed_unix; /* when the state became what it is */
    FileOutcome outcome; /* as read; archive_put_file() finds it itself */
    gint64 previous;     /* likewise: row of the document in whose place this one came, or that went
                          * with the file; 0: none */
} ArchiveFile;

void archive_file_free(ArchiveFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ArchiveFile, archive_file_free)

/* All files that are there, by path: GHashTable of borrowed path -> ArchiveFile (owned by the
 * table). */
GHashTable *archive_files(Archive *archive, GError **error);
/* Puts a file's row in place of one of the same path. A document that the path leaves without any
 * file becomes gone, with the path's new document, if any, as its successor; the document that the
 * path now names becomes the successor of those that went from that path. Within a transaction. */
gboolean archive_put_file(Archive *archive, const ArchiveFile *file, GError **error);
/* The row of the document that the file at `path` holds, 0 for none or no such file. */
gboolean archive_file_document(Archive *archive, const char *path, gint64 *ret_row, GError **error);
/* Takes a file out, and its document when it was the last file of it. Lists of files show what went
 * as removed, now. Within a transaction. */
gboolean archive_remove_file(Archive *archive, const char *path, GError **error);
/* Paths of a document, sorted: char *, owned by the array. The first is the one its card speaks of.
 */
GPtrArray *archive_paths(Archive *archive, gint64 row, GError **error);

/* Status */

typedef struct {
    guint seen; /* files that are documents or should have been */
    guint indexed;
    guint pending;
    guint failed;         /* sidecars with a mistake included */
    guint documents;      /* searchable ones */
    guint64 pages;        /* of them */
    gint64 compared_unix; /* last full comparison with the corpus, 0: never */
} ArchiveCounts;

gboolean archive_counts(Archive *archive, ArchiveCounts *ret_counts, GError **error);
/* Notes that the corpus was compared in full at that time. Within a transaction. */
gboolean archive_note_compared(Archive *archive, gint64 unix_time, GError **error);
/* Which folder the archive was made from, as the system numbers it. Within a transaction. */
gboolean archive_note_corpus(Archive *archive, guint64 device, guint64 inode, GError **error);
/* FALSE without `error` when it was never noted. */
gboolean archive_corpus(Archive *archive, guint64 *ret_device, guint64 *ret_inode, GError **error);
/* Up to `limit` files, newest change first, after `offset`; only those in `state`, or all but
 * sidecars and removed ones for -1. GPtrArray of ArchiveFile, owned. */
GPtrArray *archive_list_files(Archive *archive, int state, guint limit, guint offset,
                              GError **error);

/* Which files a list shows. All borrowed. */
typedef struct {
    FileOutcome first;  /* outcomes from this one to */
    FileOutcome last;   /* this one */
    const char *folder; /* only what lies below it, at any depth; NULL or "": anywhere */
    const char *words;  /* parted by blanks: each is part of the path, whatever the case and the
                         * accents; NULL: any */
    gint64 before_unix; /* with `after_path`: what a list shows after the file of that time and */
    const char *after_path; /* path, in place of an offset; NULL: from the beginning */
    guint limit;
    guint offset;
} ArchiveFileFilter;

/* The files of a filter, newest change first. GPtrArray of ArchiveFile, owned. */
GPtrArray *archive_find_files(Archive *archive, const ArchiveFileFilter *filter, GError **error);
/* How many files of the folder and the words (both may be NULL) have each outcome. */
gboolean archive_count_outcomes(Archive *archive, const char *folder, const char *words,
                                guint ret_counts[OUTCOME_COUNT], GError **error);
/* The file that has a document, or the oldest other one, but never `path` itself. NULL without
 * `error` when there is none. Owned by the caller. */
char *archive_other_path(Archive *archive, gint64 row, const char *path, GError **error);

/* What documents lack. */
typedef enum {
    LACK_ANY = 0,
    LACK_ALL,    /* scans: there is no text at all */
    LACK_UNREAD, /* some pages could not be read */
    LACK_BLANK,  /* some pages have no words; perhaps there is nothing on them */
} TextLack;

/* Documents without text, those that lack most pages first. GPtrArray of ArchiveDocument, owned. */
GPtrArray *archive_list_lacking(Archive *archive, TextLack lack, guint limit, guint offset,
                                GError **error);
gboolean archive_count_lacking(Archive *archive, TextLack lack, guint *ret_documents,
                               guint64 *ret_pages, GError **error);

/* Fields of a card, as a set. */
typedef enum {
    CARD_TITLE = 1 << 0,
    CARD_YEAR = 1 << 1,
    CARD_KIND = 1 << 2,
    CARD_BODY = 1 << 3,
    CARD_ANY = CARD_TITLE | CARD_YEAR | CARD_KIND | CARD_BODY,
} CardField;

/* Documents that have at least one of the fields (CardField) from one of the sources (1 << Source),
 * those read last first. GPtrArray of ArchiveDocument, owned. */
GPtrArray *archive_list_cards(Archive *archive, guint fields, guint sources, guint limit,
                              guint offset, GError **error);
/* How many there are of each of several sets of sources: `count` of them. */
gboolean archive_count_cards(Archive *archive, guint fields, const guint *sources, guint count,
                             guint *ret_documents, GError **error);

/* What the indexer is about. */
typedef struct {
    gboolean is_watching; /* it stays, and looks for changes */
    gboolean is_full;     /* the disk is; it waits for room */
    gint64 began_unix;    /* the indexer's own start; 0: none ever ran */
    gint64 stopped_unix;  /* its end, 0: it did not say that it ended */
    gint64 seen_unix;     /* its last sign of life (archive_beat()), 0: none */
    gint64 started_unix;  /* of the work under way or the last one; 0: none yet */
    gint64 ended_unix;    /* 0: it has not ended */
    guint total;          /* files of that work */
    guint done;
    guint failed; /* of the done ones */
    guint removed;
    guint64 pages;       /* read */
    char *reading;       /* path that a reader has had longest; owned, NULL: none */
    gint64 reading_unix; /* since when */
} ArchiveWork;

/* A running indexer gives a sign of life this often, unless it is busy with something long; who is
 * silent for much longer runs no more. */
enum { ARCHIVE_BEAT_SECONDS = 5, ARCHIVE_SILENCE_SECONDS = 20 };

void archive_work_clear(ArchiveWork *work);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ArchiveWork, archive_work_clear)
/* Notes what the indexer is about; `seen_unix` is not looked at. Within a transaction. */
gboolean archive_note_work(Archive *archive, const ArchiveWork *work, GError **error);
/* What was noted last; all 0 when nothing was. */
gboolean archive_work(Archive *archive, ArchiveWork *ret_work, GError **error);
/* The writer's sign of life: not in the archive, which would change for all readers, but the time
 * of the lock file beside it. */
void archive_beat(Archive *archive);
/* Tells with each sign of life, from now on, whether the disk is full: nothing else can be written
 * then. */
void archive_note_full(Archive *archive, gboolean is_full);
/* Whether an indexer runs: it has not said that it ended, and gave a sign of life of late. */
gboolean archive_work_is_alive(const ArchiveWork *work, gint64 now_unix);

#endif
