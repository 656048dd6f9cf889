/* Reading: files become pages of text in a pool of separate reader processes.
 *
 * Nothing that parses a foreign file runs in this process. A reader gets one open descriptor and
 * sends back frames (reader/protocol.h); every length and byte of them is checked here. A reader
 * that crashes, hangs, grows too large or talks nonsense is ended and replaced, and the read ends
 * with a failure that names the reason. */
#ifndef SCHEDARIO_READING_H
#define SCHEDARIO_READING_H

#include <glib.h>

/* Why a document could not be read. The codes are stored in the archive and shown by the API;
 * reading_failure_name() gives their spelling. */
typedef enum {
    READING_OK = 0,
    READING_PASSWORD,   /* the file is encrypted and needs a password */
    READING_DAMAGED,    /* damaged: no page could be read */
    READING_UNREADABLE, /* not a format that is read; detail: the media type */
    READING_NO_TEXT,    /* pages without any text: a scan; detail: the number of pages */
    READING_EMPTY,      /* the file has no content, or nothing but white space */
    READING_TIMEOUT,    /* took longer than the limit; detail: the limit in seconds */
    READING_MEMORY,     /* needed more memory than the limit; detail: the limit in MiB */
    READING_TOO_LARGE,  /* sent more text than the limit; detail: the limit in MiB */
    READING_CRASHED, /* the reader ended without an answer; detail: "signal 11", "status 3" or, when
                      * no reader could be started, "cannot start" */
    READING_NONSENSE, /* the reader broke the protocol */
    READING_FAILURE_COUNT
} ReadingFailure;

/* "ok", "password", "damaged", "unreadable", "no-text", "empty", "timeout", "memory", "too-large",
 * "crashed", "nonsense". Static storage. */
const char *reading_failure_name(ReadingFailure failure);

/* What became of one file. Owned by whoever receives it; reading_result_free() ends it. */
typedef struct {
    ReadingFailure failure;
    char *detail;     /* see ReadingFailure; NULL when there is nothing to say */
    char *media_type; /* what libmagic took the content for; NULL when never known */
    GPtrArray *pages; /* char *, owned: raw text of each page as the reader sent it, valid UTF-8
                       * without NUL; NULL for a page that could not be read or is
                       * a picture. Empty array
                       * when failure is set, but see READING_NO_TEXT (pages are counted). */
    char *meta_title; /* the document's own metadata, NULL when absent; valid UTF-8 */
    char *meta_author;
    char *meta_subject;
    char *heading; /* the first real heading by type size on the first pages, or NULL */
    int meta_year; /* year of the creation date in the metadata, 0 when absent */
} ReadingResult;

void reading_result_free(ReadingResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReadingResult, reading_result_free)

/* Limits of one read; 0 takes the default (limits.h). */
typedef struct {
    guint timeout_seconds;
    guint memory_mib;
    guint text_mib;
    guint idle_ms;              /* after which a reader without work is ended */
    gboolean allow_unsandboxed; /* read on even where readers cannot give up all their rights */
} ReadingLimits;

typedef struct ReadingPool ReadingPool;

/* Receives the outcome, in the main loop's thread. Takes ownership of `result`. */
typedef void (*ReadingDone)(ReadingResult *result, gpointer data);

/* A pool of `jobs` reader processes of the program at `reader_path`, started when first needed (by
 * a steward, steward.h, which is started here), in the thread-default main context. Returns NULL
 * and sets `error` when `reader_path` cannot be executed. Not thread-safe: all calls and callbacks
 * in one thread. */
ReadingPool *reading_pool_new(const char *reader_path, guint jobs, const ReadingLimits *limits,
                              GError **error);

/* What protections readers lack here, see reader_process_probe(). */
guint reading_pool_probe(const ReadingPool *pool);

/* Calls `lost` when no reader can be started any more because the steward has ended; files that
 * were given since are not blamed for it: their `done` is not called. */
void reading_pool_watch(ReadingPool *pool, void (*lost)(gpointer data), gpointer data);

/* Whether a reader is free. reading_pool_read() must only be called when one is. */
gboolean reading_pool_has_room(const ReadingPool *pool);

/* Reads the open file `fd` (ownership passes to the pool, which closes it). `done` is called once,
 * later, from the main loop, unless the pool is freed before; it may
 * itself read the next file or free the pool. The clock runs from here. */
void reading_pool_read(ReadingPool *pool, int fd, ReadingDone done, gpointer data);

/* Ends the readers that are at work and forgets what they were given: `done` is not called for it.
 */
void reading_pool_forget(ReadingPool *pool);

/* Ends all readers and forgets what is under way. NULL is allowed. */
void reading_pool_free(ReadingPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReadingPool, reading_pool_free)

#endif
