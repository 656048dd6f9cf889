/* Reader process: the wall between this program and whatever parses a foreign file.
 *
 * Starts schedario-reader with one socket and nothing else, hands it jobs with one open descriptor
 * each (reader/protocol.h), and ends it. What comes back, and how long that may take, is the
 * business of who owns the process: reading.h in the indexer, rendering.h in the server.
 *
 * Invariant: a process with pid 0 has no socket. A process ends with the thread that started it
 * (it asks the kernel for that), so it is to be started from one that stays. */
#ifndef SCHEDARIO_READER_PROCESS_H
#define SCHEDARIO_READER_PROCESS_H

#include <glib.h>
#include <sys/types.h>

typedef struct {
    pid_t pid;  /* 0: not running */
    int socket; /* this side's end; does not block */
} ReaderProcess;

/* What a process may take: MiB of address space, and of text in one answer. */
typedef struct {
    guint memory_mib;
    guint text_mib;
} ReaderAllowance;

/* Whether `path` can be executed; FALSE and `error` (G_FILE_ERROR) otherwise. */
gboolean reader_process_is_program(const char *path, GError **error);

/* Starts the program at `path`. FALSE when it could not be started; the process is left at pid 0.
 */
gboolean reader_process_start(ReaderProcess *process, const char *path,
                              const ReaderAllowance *allowance);

/* Ends the process, if there is one, and returns its wait status (waitpid(2)), else 0. With
 * `grace_ms` it may end by itself first. */
int reader_process_stop(ReaderProcess *process, int grace_ms);

/* Sends a job: bytes, the first of which says what it is, and an open descriptor (borrowed). FALSE
 * when the process is gone, or does not take them all at once. */
gboolean reader_process_give(const ReaderProcess *process, const void *job, gsize length, int fd);

/* Memory that it holds at present, MiB; 0 when that cannot be told. */
guint64 reader_process_resident_mib(const ReaderProcess *process);

#endif
