/* Reader spawn: the one place that starts a reader process, in the steward (steward.h). */
#ifndef SCHEDARIO_READER_SPAWN_H
#define SCHEDARIO_READER_SPAWN_H

#include <glib.h>
#include <sys/types.h>

/* What a process may take. */
typedef struct {
    guint memory_mib;           /* address space */
    guint text_mib;             /* text in one answer */
    guint cpu_seconds;          /* processor time in its life */
    gboolean allow_unsandboxed; /* work on even where it cannot give up all its rights */
} ReaderAllowance;

/* Starts the program at `path` with `socket` (borrowed) as descriptor READER_SOCKET, /dev/null as
 * the standard ones, and no other; its pid, or 0 when it could not be started. It ends with the
 * thread that calls this (it asks the kernel for that). */
pid_t reader_spawn(const char *path, const ReaderAllowance *allowance, int socket);

#endif
