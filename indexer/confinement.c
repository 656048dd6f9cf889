/* Confinement: see confinement.h. */
#include "confinement.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "reader/sanitized.h"

enum { OWN = PROTECTION_PRIVILEGES | PROTECTION_FILES | PROTECTION_CALLS };

/* ---- what every program needs ---- */

static const LandlockRule EVERYWHERE[] = {
    {"/etc/localtime", LANDLOCK_READ},
    {"/usr/share/zoneinfo", LANDLOCK_READ},
    {"/sys/devices/system/cpu", LANDLOCK_READ},
    {"/proc/self", LANDLOCK_READ},
    {"/dev/urandom", LANDLOCK_READ},
    {"/dev/null", LANDLOCK_READ | LANDLOCK_WRITE},
};

static const Call RUNNING[] = {
    /* memory */
    {"mmap", CALLS_NOT_EXECUTABLE},
    {"mmap2", CALLS_NOT_EXECUTABLE},
    {"mprotect", CALLS_NOT_EXECUTABLE},
    {"munmap", CALLS_ALL},
    {"mremap", CALLS_ALL},
    {"madvise", CALLS_ALL},
    {"brk", CALLS_ALL},
    /* threads */
    {"clone", CALLS_ONLY_THREADS},
    {"futex", CALLS_ALL},
    {"futex_time64", CALLS_ALL},
    {"set_robust_list", CALLS_ALL},
    {"rseq", CALLS_ALL},
    {"prctl", CALLS_ONLY_NAMING},
    {"sched_yield", CALLS_ALL},
    {"sched_getaffinity", CALLS_ALL},
    {"sched_getparam", CALLS_ALL},
    {"sched_getscheduler", CALLS_ALL},
    {"getcpu", CALLS_ALL},
    {"membarrier", CALLS_ALL},
    /* signals and the end */
    {"rt_sigaction", CALLS_ALL},
    {"rt_sigprocmask", CALLS_ALL},
    {"rt_sigreturn", CALLS_ALL},
    {"rt_sigpending", CALLS_ALL},
    {"sigreturn", CALLS_ALL},
    {"sigaltstack", CALLS_ALL},
    {"restart_syscall", CALLS_ALL},
    {"tgkill", CALLS_ONLY_OWN},
    {"kill", CALLS_ONLY_OWN},
    {"wait4", CALLS_ALL},
    {"waitid", CALLS_ALL},
    {"exit", CALLS_ALL},
    {"exit_group", CALLS_ALL},
    /* time, and who we are */
    {"clock_gettime", CALLS_ALL},
    {"clock_gettime64", CALLS_ALL},
    {"clock_getres", CALLS_ALL},
    {"clock_nanosleep", CALLS_ALL},
    {"clock_nanosleep_time64", CALLS_ALL},
    {"nanosleep", CALLS_ALL},
    {"gettimeofday", CALLS_ALL},
    {"time", CALLS_ALL},
    {"getrandom", CALLS_ALL},
    {"sysinfo", CALLS_ALL},
    {"uname", CALLS_ALL},
    {"times", CALLS_ALL},
    {"getrusage", CALLS_ALL},
    {"prlimit64", CALLS_ONLY_ASKING},
    {"getrlimit", CALLS_ALL},
    {"ioctl", CALLS_ONLY_TERMINAL},
    {"getpid", CALLS_ALL},
    {"getppid", CALLS_ALL},
    {"gettid", CALLS_ALL},
    {"geteuid", CALLS_ALL},
    {"getuid", CALLS_ALL},
    {"getegid", CALLS_ALL},
    {"getgid", CALLS_ALL},
    {NULL, CALLS_ALL},
};

/* Beyond what readers may do, too (calls.h). */
static const Call ANSWERING[] = {
    {"write", CALLS_ALL},
    {"writev", CALLS_ALL},
    {"dup", CALLS_ALL},
    {"openat2", CALLS_ALL}, /* its flags are out of a filter's sight, see restrict_calls() */
    {"getcwd", CALLS_ALL},
    /* waiting */
    {"poll", CALLS_ALL},
    {"ppoll", CALLS_ALL},
    {"ppoll_time64", CALLS_ALL},
    {"select", CALLS_ALL},
    {"pselect6", CALLS_ALL},
    {"_newselect", CALLS_ALL},
    {"epoll_create1", CALLS_ALL},
    {"epoll_ctl", CALLS_ALL},
    {"epoll_wait", CALLS_ALL},
    {"epoll_pwait", CALLS_ALL},
    {"eventfd2", CALLS_ALL},
    {"pipe2", CALLS_ALL},
    /* sockets that are there: readers, the steward, clients */
    {"sendmsg", CALLS_ONLY_CONNECTED},
    {"shutdown", CALLS_ALL},
    {NULL, CALLS_ALL},
};

const Call CONFINEMENT_WRITING[] = {
    {"open", CALLS_NOT_CUTTING},
    {"openat", CALLS_NOT_CUTTING},
    {"pwrite64", CALLS_ALL},
    {"pwritev", CALLS_ALL},
    {"ftruncate", CALLS_ALL},
    {"ftruncate64", CALLS_ALL},
    {"fallocate", CALLS_ALL},
    {"fsync", CALLS_ALL},
    {"fdatasync", CALLS_ALL},
    {"flock", CALLS_ALL},
    {"fchmod", CALLS_ALL},
    {"fchown", CALLS_ALL},
    {"fchown32", CALLS_ALL},
    {"utimensat", CALLS_ALL},
    {"unlink", CALLS_ALL},
    {"unlinkat", CALLS_ALL},
    {"rename", CALLS_ALL},
    {"renameat", CALLS_ALL},
    {"renameat2", CALLS_ALL},
    {"inotify_init1", CALLS_ALL},
    {"inotify_add_watch", CALLS_ALL},
    {"inotify_rm_watch", CALLS_ALL},
    {NULL, CALLS_ALL},
};

const Call CONFINEMENT_SERVING[] = {
    {"accept", CALLS_ALL},
    {"accept4", CALLS_ALL},
    {"getsockname", CALLS_ALL},
    {"getpeername", CALLS_ALL},
    {"getsockopt", CALLS_ALL},
    {"setsockopt", CALLS_ALL},
    {"sendfile", CALLS_ALL},
    {"sendfile64", CALLS_ALL},
    /* -shm, which the steward has opened */
    {"pwrite64", CALLS_ALL},
    {"ftruncate", CALLS_ALL},
    {"ftruncate64", CALLS_ALL},
    {NULL, CALLS_ALL},
};

/* A leak is looked for at the end, from a second process that stops this one: what that takes stays
 * allowed where it is built with the sanitizer. */
static const Call SANITIZING[] = {
    {"clone", CALLS_ALL},
    {"ptrace", CALLS_ALL},
    {"prctl", CALLS_ALL},
    {NULL, CALLS_ALL},
};

/* glibc begins threads with clone where clone3 is not to be had, and clone's flags can be seen. */
static const Call ABSENT[] = {{"clone3", CALLS_ALL}, {NULL, CALLS_ALL}};

/* So does beneath.h without openat2, where Landlock would not stop that from cutting files off. */
static const Call ABSENT_WITHOUT_LANDLOCK[] = {
    {"clone3", CALLS_ALL}, {"openat2", CALLS_ALL}, {NULL, CALLS_ALL}};

/* ---- entering ---- */

static gboolean restrict_files(const ConfinementPlan *plan)
{
    g_autoptr(GArray) rules = g_array_new(FALSE, FALSE, sizeof(LandlockRule));
    g_array_append_vals(rules, EVERYWHERE, G_N_ELEMENTS(EVERYWHERE));
    if (plan->n_rules > 0)
        g_array_append_vals(rules, plan->rules, (guint)plan->n_rules);
    return landlock_restrict((const LandlockRule *)(const void *)rules->data, rules->len);
}

static gboolean restrict_calls(const ConfinementPlan *plan, guint landlock)
{
    const Call *const allowed[] = {
        RUNNING, CALLS_READING, ANSWERING, plan->calls, SANITIZED ? SANITIZING : NULL, NULL};
    const Call *absent = landlock < LANDLOCK_TRUNCATE ? ABSENT_WITHOUT_LANDLOCK : ABSENT;
    const CallsFilter filter = {.allowed = allowed, .absent = absent};
    return calls_restrict(&filter);
}

guint confinement_enter(const ConfinementPlan *plan)
{
    guint landlock = landlock_version();
    guint missing = 0;
    missing |= privileges_drop(plan->keeps) ? 0 : PROTECTION_PRIVILEGES;
    missing |= restrict_files(plan) ? 0 : PROTECTION_FILES;
    missing |= restrict_calls(plan, landlock) ? 0 : PROTECTION_CALLS;
    return missing;
}

gboolean confinement_become(const char *user, GError **error)
{
    errno = 0;
    const struct passwd *entry = getpwnam(user);
    if (entry && entry->pw_uid == 0)
        errno = EINVAL;
    else if (!entry)
        errno = errno ? errno : ENOENT;
    else if (initgroups(user, entry->pw_gid) == 0 && setgid(entry->pw_gid) == 0 &&
             setuid(entry->pw_uid) == 0 && setuid(0) != 0)
        return TRUE;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot become user %s: %s",
                user, g_strerror(errno));
    return FALSE;
}

char *confinement_sentence(const char *name, const ConfinementGaps *gaps)
{
    GString *sentence = g_string_new("protections: ");
    const struct {
        const char *of;
        guint wanted;
        guint missing;
    } PARTS[] = {{name, OWN, gaps->own}, {"; readers", PROTECTION_ALL, gaps->readers}};
    for (gsize i = 0; i < G_N_ELEMENTS(PARTS); i++) {
        g_autofree char *held =
            protection_names(PARTS[i].wanted & ~PARTS[i].missing, gaps->landlock);
        g_autofree char *missing = protection_names(PARTS[i].missing, gaps->landlock);
        g_string_append_printf(sentence, "%s: %s", PARTS[i].of, held);
        if (PARTS[i].missing != 0)
            g_string_append_printf(sentence, " (missing: %s)", missing);
    }
    if (gaps->is_root)
        g_string_append(sentence, "; running as root, without its capabilities: a user of its own "
                                  "is safer");
    return g_string_free(sentence, FALSE);
}

char *confinement_whole_path(const char *path, GError **error)
{
    char whole[PATH_MAX];
    if (realpath(path, whole))
        return g_strdup(whole);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    if (realpath(folder, whole))
        return g_build_filename(whole, name, NULL);
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", folder,
                g_strerror(errno));
    return NULL;
}
