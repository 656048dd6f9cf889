/* Reader process: the wall between this program and whatever parses a foreign file.
 *
 * Has schedario-reader started by the steward with one socket and nothing else, hands it jobs with
 * one open descriptor each (reader/protocol.h), and has it ended. What comes back, and how long
 * that may take, is the business of who owns the process: reading.h in the indexer, rendering.h in
 * the server.
 *
 * Invariant: a process with pid 0 has no socket. A process ends with its steward, and that with
 * this program. */
#ifndef SCHEDARIO_READER_PROCESS_H
#define SCHEDARIO_READER_PROCESS_H

#include <glib.h>
#include <sys/types.h>

#include "steward.h"

typedef struct {
    pid_t pid;        /* 0: not running */
    int socket;       /* this side's end; does not block */
    Steward *steward; /* borrowed; who started it */
} ReaderProcess;

/* Whether `path` can be executed; FALSE and `error` (G_FILE_ERROR) otherwise. */
gboolean reader_process_is_program(const char *path, GError **error);

/* Has the steward start its program. FALSE when it could not be started; the process is left at
 * pid 0. */
gboolean reader_process_start(ReaderProcess *process, Steward *steward,
                              const ReaderAllowance *allowance);

/* Ends the process, if there is one, and returns its wait status (waitpid(2)), else 0. With
 * `grace_ms` it may end by itself first. */
int reader_process_stop(ReaderProcess *process, int grace_ms);

/* Sends a job: bytes, the first of which says what it is, and an open descriptor (borrowed). FALSE
 * when the process is gone, or does not take them all at once. */
gboolean reader_process_give(const ReaderProcess *process, const void *job, gsize length, int fd);

/* Memory that it holds at present, MiB; G_MAXUINT64 when that cannot be told. */
guint64 reader_process_resident_mib(const ReaderProcess *process);

/* Whether a wait status says that the reader ended because protections were missing; then which
 * (Protection, reader/protection.h). */
gboolean reader_process_is_unconfined(int status, guint *ret_missing);

/* Starts a reader that does nothing, to learn what protections it and the steward lack
 * (Protection), 0 when all hold. All of them when it cannot be told: the program does not start,
 * ends otherwise than it should or not in time, or is no reader. Takes some 20 ms, at most ten
 * seconds. */
guint reader_process_probe(Steward *steward, const ReaderAllowance *allowance);

#endif
