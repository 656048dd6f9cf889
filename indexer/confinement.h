/* Confinement: what the indexer and the server give up once they have started.
 *
 * A program names the files that it will still need and the system calls beyond those of every
 * program; from then on it can do nothing else, nor can whoever takes it over. Programs are run and
 * files opened for it by its steward (steward.h), started before: so neither of them can run
 * anything. System calls that are on no list fail with EPERM.
 *
 * The lists were measured by `strace -f` over all tests, with the neighbours of what was seen (stat
 * for newfstatat, and so on). Whoever adds a feature that needs another call, adds it there.
 *
 * Protections are those of reader/protection.h but PROTECTION_RESOURCES, which is the service
 * manager's. */
#ifndef SCHEDARIO_CONFINEMENT_H
#define SCHEDARIO_CONFINEMENT_H

#include <glib.h>

#include "reader/calls.h"
#include "reader/landlock.h"
#include "reader/privileges.h"
#include "reader/protection.h"

/* Lists for ConfinementPlan.calls. */
extern const Call CONFINEMENT_WRITING[]; /* make, write, rename and remove files; watch folders */
extern const Call CONFINEMENT_SERVING[]; /* accept and answer connections; map SQLite's -shm */

typedef struct {
    const LandlockRule *rules; /* besides what every program reads: time zones, processors */
    gsize n_rules;
    const Call *calls; /* one of the lists above */
    guint64 keeps;     /* capabilities that it needs of root, if it is (privileges.h) */
} ConfinementPlan;

/* Puts each protection into force, whether or not others could be; returns those that are missing,
 * 0 when all hold. Before there are other threads: those would keep their rights to files. */
guint confinement_enter(const ConfinementPlan *plan);

/* Becomes the user of that name, with its groups, for good. FALSE and `error` (G_FILE_ERROR) when
 * there is none, or this process may not. Before there are other threads. */
gboolean confinement_become(const char *user, GError **error);

/* What is missing (Protection). */
typedef struct {
    guint own;
    guint readers;
    guint landlock; /* landlock_version(), asked before */
    gboolean is_root;
} ConfinementGaps;

/* What is said at start: "protections: server: …; readers: …". `name` is what the program is
 * called. Free with g_free(). */
char *confinement_sentence(const char *name, const ConfinementGaps *gaps);

/* The whole path of a file without links, as SQLite makes it, also when only its folder exists.
 * NULL and `error` (G_FILE_ERROR) when that does not, either. Free with g_free(). */
char *confinement_whole_path(const char *path, GError **error);

#endif
