/* Fences: see fences.h.
 *
 * SQLite opens -wal for writing, too, though a reader never writes to it, and goes on with reading
 * when it may not. It has to exist, though: the steward sees to that. Both are known by their whole
 * path, as SQLite makes it out of the archive's; another path is opened as ever, which Landlock
 * refuses where it would be written to. */
#include "fences.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "../indexer/confinement.h"
#include "../indexer/steward.h"

enum { FILE_SHM, FILE_WAL, FILE_LOG, FILES, ARCHIVE_MODE = 0644 };

struct Fences {
    Steward *steward;
    StewardFile files[FILES];
    guint n_files;
    char *folder; /* of the archive */
    sqlite3_syscall_ptr open_before;
};

/* The context that sqlite3_vfs.xSetSystemCall has no place for: set once, before there are threads.
 */
static Fences *standing;

static int open_for_sqlite(const char *path, int flags, int mode)
{
    if (strcmp(path, standing->files[FILE_SHM].path) == 0 && (flags & O_ACCMODE) == O_RDWR)
        return steward_open(standing->steward, FILE_SHM);
    if (strcmp(path, standing->files[FILE_WAL].path) == 0 && (flags & O_CREAT)) {
        int fd = steward_open(standing->steward, FILE_WAL);
        if (fd >= 0)
            close(fd);
        errno = EACCES;
        return -1;
    }
    return open(path, flags, (mode_t)mode);
}

static gboolean set_files(Fences *fences, const FencesPlan *plan, GError **error)
{
    g_autofree char *archive = confinement_whole_path(plan->archive, error);
    if (!archive)
        return FALSE;
    fences->folder = g_path_get_dirname(archive);
    fences->files[FILE_SHM] =
        (StewardFile){g_strconcat(archive, "-shm", NULL), O_RDWR | O_CREAT, ARCHIVE_MODE};
    fences->files[FILE_WAL] =
        (StewardFile){g_strconcat(archive, "-wal", NULL), O_RDONLY | O_CREAT, ARCHIVE_MODE};
    fences->n_files = FILE_LOG;
    if (plan->log && strcmp(plan->log_path, "-") != 0)
        fences->files[fences->n_files++] = (StewardFile){
            g_canonicalize_filename(plan->log_path, NULL), QUESTION_LOG_FLAGS, QUESTION_LOG_MODE};
    return TRUE;
}

static int open_log(gpointer data)
{
    const Fences *fences = data;
    return steward_open(fences->steward, FILE_LOG);
}

static guint enter(const Fences *fences, const FencesPlan *plan)
{
    LandlockRule rules[] = {
        {fences->folder, LANDLOCK_READ},
        {plan->web, LANDLOCK_READ},
        {plan->corpus, LANDLOCK_READ},
    };
    const ConfinementPlan confinement = {.rules = rules,
                                         .n_rules = G_N_ELEMENTS(rules) - (plan->corpus ? 0 : 1),
                                         .calls = CONFINEMENT_SERVING,
                                         .keeps = PRIVILEGES_READ_ALL};
    return confinement_enter(&confinement);
}

static void set_open(Fences *fences)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
    g_assert(!standing && vfs);
    standing = fences;
    fences->open_before = vfs->xGetSystemCall(vfs, "open");
    vfs->xSetSystemCall(vfs, "open", (sqlite3_syscall_ptr)open_for_sqlite);
}

Fences *fences_new(const FencesPlan *plan, guint *ret_missing, GError **error)
{
    g_autoptr(Fences) fences = g_new0(Fences, 1);
    if (!set_files(fences, plan, error))
        return NULL;
    const StewardDuties duties = {.files = fences->files, .n_files = fences->n_files};
    fences->steward = steward_new(&duties, error);
    if (!fences->steward)
        return NULL;
    if (fences->n_files > FILE_LOG)
        question_log_set_opener(plan->log, open_log, fences);
    set_open(fences);
    *ret_missing = enter(fences, plan) | steward_missing(fences->steward);
    return g_steal_pointer(&fences);
}

void fences_watch(Fences *fences, void (*lost)(gpointer data), gpointer data)
{
    steward_watch(fences->steward, lost, data);
}

void fences_free(Fences *fences)
{
    if (!fences)
        return;
    if (standing == fences) {
        sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
        vfs->xSetSystemCall(vfs, "open", fences->open_before);
        standing = NULL;
    }
    steward_free(fences->steward);
    for (guint i = 0; i < fences->n_files; i++)
        g_free(fences->files[i].path);
    g_free(fences->folder);
    g_free(fences);
}
