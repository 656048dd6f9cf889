/* Fences: the server gives up its rights, after it has opened what it needs and before it has
 * threads or the first request.
 *
 * What is left of them: reading below the archive's folder, the corpus and the web folder;
 * answering connections. No file can be written, made, renamed or removed, no program run, no
 * process begun, no socket made. Two things that the server does need are opened for it by a
 * steward: SQLite's shared memory beside the archive (readers of a database in WAL mode mark in it
 * what they read), and the log of questions anew after it was moved away. */
#ifndef SCHEDARIO_SERVER_FENCES_H
#define SCHEDARIO_SERVER_FENCES_H

#include <glib.h>

#include "question_log.h"

typedef struct Fences Fences;

typedef struct {
    const char *archive; /* need not exist yet; its folder must */
    const char *corpus;  /* may be NULL */
    const char *web;
    const char *log_path; /* of the questions; NULL or "-": no file */
    QuestionLog *log;     /* NULL: none */
} FencesPlan;

/* Starts the steward and confines the process. `ret_missing` (Protection): what could not be put
 * into force. NULL and `error` (G_FILE_ERROR) when there is no steward, or no folder for the
 * archive. One a process: SQLite's way to open files has no place for a context. */
Fences *fences_new(const FencesPlan *plan, guint *ret_missing, GError **error);
/* Calls `lost` when the steward has ended before its time: nothing can be opened any more, and the
 * server should end. */
void fences_watch(Fences *fences, void (*lost)(gpointer data), gpointer data);
/* After the last archive was closed and the log freed. NULL is allowed. */
void fences_free(Fences *fences);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fences, fences_free)

#endif
