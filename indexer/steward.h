/* Steward: a small process that does for its owner the few things that the owner gave up.
 *
 * A program that talks to strangers, or to what strangers made, should not be able to run programs
 * or to write files. What it needs of that goes through its steward, begun before it gave up its
 * rights (confinement.h): starting readers of one program, ending them, asking how much memory they
 * hold; and opening a handful of files whose names were settled at the beginning. The steward takes
 * requests of one fixed size, knows its own readers, and believes nothing else. It is confined,
 * too: of files it can open those of its list, and run the one program.
 *
 * It ends with its owner, and its readers with it.
 *
 * Invariant: one thread of the owner at a time talks to it (a lock sees to that); a request has
 * exactly one reply. */
#ifndef SCHEDARIO_STEWARD_H
#define SCHEDARIO_STEWARD_H

#include <glib.h>
#include <sys/types.h>

#include "reader_spawn.h"

typedef struct {
    char *path;
    int flags; /* of open(2); O_CLOEXEC and O_NOFOLLOW are added */
    mode_t mode;
} StewardFile;

typedef struct {
    const char *reader_path;    /* the program of the readers; NULL: none can be started */
    gboolean allow_unsandboxed; /* readers may be asked to work on without all their protections */
    const StewardFile *files;   /* what steward_open() opens, by number; copied */
    guint n_files;
} StewardDuties;

typedef struct Steward Steward;

/* Starts the process, and waits until it has confined itself. To be called before the owner has
 * given up rights and, where it can be, before it has threads. NULL and `error` (G_FILE_ERROR) when
 * it cannot be started. */
Steward *steward_new(const StewardDuties *duties, GError **error);

/* What could not be put into force of its own protections (Protection, reader/protection.h). */
guint steward_missing(const Steward *steward);

/* Ends the process, and with it all readers. No other call may be under way. NULL is allowed. */
void steward_free(Steward *steward);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Steward, steward_free)

/* Calls `lost` from the thread-default main context when the process has ended before its time:
 * then nothing can be done through it any more, and whoever needs it should end, too. */
void steward_watch(Steward *steward, void (*lost)(gpointer data), gpointer data);

/* Whether the process has ended before its time. */
gboolean steward_is_lost(const Steward *steward);

/* Starts a reader: its pid, and this side's end of its socket (not blocking, the caller's); 0 when
 * it could not be started. Thread-safe, as the rest. */
pid_t steward_start_reader(Steward *steward, const ReaderAllowance *allowance, int *ret_socket);

/* Ends a reader and returns its wait status (waitpid(2)); 0 when there is none with this pid. It
 * may end by itself within `grace_ms` (at most ten seconds) first. */
int steward_stop_reader(Steward *steward, pid_t pid, int grace_ms);

/* Memory that a reader holds at present, MiB; G_MAXUINT64 when that cannot be told: who compares
 * takes it for too much. */
guint64 steward_resident_mib(Steward *steward, pid_t pid);

/* Opens file `number` of its list: the caller's descriptor, or -1 and errno. */
int steward_open(Steward *steward, guint number);

#endif
