/* Confine: see confine.h.
 *
 * The list of calls is what `strace -f` shows between here and the end of readers over documents of
 * all kinds, texts and images, and what the libraries' other ways to the same end are (stat for
 * newfstatat, on other architectures or C libraries). Fontconfig tries to write its caches where
 * they are out of date, and goes on when it may not: such calls fail instead of ending the reader.
 */
#include "confine.h"

#include <iconv.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "calls.h"
#include "landlock.h"
#include "privileges.h"
#include "sanitized.h"

enum { DESCRIPTORS = 32 };

/* ---- privileges and resources ---- */

static gboolean limit(__rlimit_resource_t resource, rlim_t value)
{
    const struct rlimit both = {.rlim_cur = value, .rlim_max = value};
    return setrlimit(resource, &both) == 0;
}

static gboolean limit_resources(const ConfineLimits *limits)
{
    /* Font libraries may try to write a cache: that must fail, not end the reader. */
    signal(SIGXFSZ, SIG_IGN);
    return limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NPROC, 0) &&
           limit(RLIMIT_NOFILE, DESCRIPTORS) && limit(RLIMIT_CPU, limits->cpu_seconds) &&
           (SANITIZED || limit(RLIMIT_AS, (rlim_t)limits->memory_mib << 20));
}

static gboolean drop_privileges(void)
{
    return privileges_drop(0) && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
           prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0;
}

/* ---- files ---- */

static const LandlockRule DATA[] = {
    {"/usr/share/poppler", LANDLOCK_READ}, /* character maps, glyph names */
    {"/usr/share/fonts", LANDLOCK_READ},      {"/usr/local/share/fonts", LANDLOCK_READ},
    {"/usr/share/fontconfig", LANDLOCK_READ}, {"/etc/fonts", LANDLOCK_READ},
    {"/var/cache/fontconfig", LANDLOCK_READ},
};

/* ---- system calls ---- */

/* What libraries complain of on the standard streams, which lead to /dev/null. */
static const Call COMPLAINING[] = {
    {"write", CALLS_ONLY_STANDARD},
    {"writev", CALLS_ONLY_STANDARD},
    {NULL, CALLS_ALL},
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
    /* the C library and its kin */
    {"futex", CALLS_ALL},
    {"futex_time64", CALLS_ALL},
    {"clock_gettime", CALLS_ALL},
    {"clock_gettime64", CALLS_ALL},
    {"gettimeofday", CALLS_ALL},
    {"time", CALLS_ALL},
    {"getrandom", CALLS_ALL},
    {"sysinfo", CALLS_ALL},
    {"getpid", CALLS_ALL},
    {"gettid", CALLS_ALL},
    {"geteuid", CALLS_ALL},
    {"getuid", CALLS_ALL},
    {"getegid", CALLS_ALL},
    {"getgid", CALLS_ALL},
    {"prlimit64", CALLS_ONLY_ASKING},
    {"ioctl", CALLS_ONLY_TERMINAL},
    /* abort(), and the end */
    {"rt_sigaction", CALLS_ALL},
    {"rt_sigprocmask", CALLS_ALL},
    {"rt_sigreturn", CALLS_ALL},
    {"sigreturn", CALLS_ALL},
    {"restart_syscall", CALLS_ALL},
    {"tgkill", CALLS_ONLY_OWN},
    {"exit", CALLS_ALL},
    {"exit_group", CALLS_ALL},
    {NULL, CALLS_ALL},
};

/* The sanitizer's own: its stacks for signals, its report, what it looks at while it stops. */
static const Call SANITIZING[] = {
    {"sigaltstack", CALLS_ALL},       {"write", CALLS_ALL},
    {"sched_yield", CALLS_ALL},       {"getrusage", CALLS_ALL},
    {"sched_getaffinity", CALLS_ALL}, {NULL, CALLS_ALL},
};

/* What fontconfig does with caches that are out of date, on files that it could not write anyway.
 */
static const Call CACHE_KEEPING[] = {
    {"mkdir", CALLS_ALL},     {"mkdirat", CALLS_ALL},   {"unlink", CALLS_ALL},
    {"unlinkat", CALLS_ALL},  {"rmdir", CALLS_ALL},     {"rename", CALLS_ALL},
    {"renameat", CALLS_ALL},  {"renameat2", CALLS_ALL}, {"link", CALLS_ALL},
    {"linkat", CALLS_ALL},    {"chmod", CALLS_ALL},     {"fchmod", CALLS_ALL},
    {"fchmodat", CALLS_ALL},  {"utime", CALLS_ALL},     {"utimes", CALLS_ALL},
    {"utimensat", CALLS_ALL}, {NULL, CALLS_ALL},
};

static gboolean restrict_calls(void)
{
    const Call *const allowed[] = {CALLS_READING, COMPLAINING, RUNNING,
                                   SANITIZED ? SANITIZING : NULL, NULL};
    const CallsFilter filter = {.allowed = allowed, .refused = CACHE_KEEPING, .kills = TRUE};
    return calls_restrict(&filter);
}

/* ---- all ---- */

/* Metadata and outlines may be UTF-16, which the C library converts with code that it loads when it
 * is first needed; as long as one converter is open the code stays. */
static gboolean load_converters(void)
{
    static const char *const PAIRS[][2] = {{"UTF-8", "UTF-16BE"}, {"UTF-8", "UTF-16"}};
    for (gsize i = 0; i < G_N_ELEMENTS(PAIRS); i++)
        if (iconv_open(PAIRS[i][0], PAIRS[i][1]) == (iconv_t)-1)
            return FALSE;
    return TRUE;
}

guint confine(const ConfineLimits *limits)
{
    guint missing = 0;
    gboolean is_ready = load_converters();
    missing |= drop_privileges() ? 0 : PROTECTION_PRIVILEGES;
    missing |= limit_resources(limits) ? 0 : PROTECTION_RESOURCES;
    missing |= landlock_restrict(DATA, G_N_ELEMENTS(DATA)) ? 0 : PROTECTION_FILES;
    missing |= is_ready && restrict_calls() ? 0 : PROTECTION_CALLS;
    return missing;
}
