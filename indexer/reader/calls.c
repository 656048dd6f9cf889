/* Calls: see calls.h. libseccomp turns the lists into the kernel's filter. */
#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TMPFILE = O_TMPFILE & ~O_DIRECTORY };

/* How programs with 32-bit offsets lock (Linux, uapi/asm-generic/fcntl.h). */
enum { FCNTL_GETLK64 = 12, FCNTL_SETLK64, FCNTL_SETLKW64 };

static const unsigned NOT_READING[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, TMPFILE};

const Call CALLS_READING[] = {
    /* descriptors */
    {"read", CALLS_ALL},
    {"readv", CALLS_ALL},
    {"pread64", CALLS_ALL},
    {"preadv", CALLS_ALL},
    {"lseek", CALLS_ALL},
    {"_llseek", CALLS_ALL},
    {"close", CALLS_ALL},
    {"fcntl", CALLS_ONLY_LOCKING},
    {"fcntl64", CALLS_ONLY_LOCKING},
    /* files, where they are */
    {"open", CALLS_ONLY_READING},
    {"openat", CALLS_ONLY_READING},
    {"access", CALLS_ALL},
    {"faccessat", CALLS_ALL},
    {"faccessat2", CALLS_ALL},
    {"stat", CALLS_ALL},
    {"lstat", CALLS_ALL},
    {"fstat", CALLS_ALL},
    {"stat64", CALLS_ALL},
    {"lstat64", CALLS_ALL},
    {"fstat64", CALLS_ALL},
    {"newfstatat", CALLS_ALL},
    {"fstatat64", CALLS_ALL},
    {"statx", CALLS_ALL},
    {"statfs", CALLS_ALL},
    {"fstatfs", CALLS_ALL},
    {"statfs64", CALLS_ALL},
    {"fstatfs64", CALLS_ALL},
    {"readlink", CALLS_ALL},
    {"readlinkat", CALLS_ALL},
    {"getdents", CALLS_ALL},
    {"getdents64", CALLS_ALL},
    {"fadvise64", CALLS_ALL},
    {"fadvise64_64", CALLS_ALL},
    /* sockets that are there */
    {"recvmsg", CALLS_ALL},
    {"recvfrom", CALLS_ALL},
    {"recv", CALLS_ALL},
    {"sendto", CALLS_ONLY_CONNECTED},
    {"send", CALLS_ONLY_CONNECTED},
    {NULL, CALLS_ALL},
};

typedef struct {
    scmp_filter_ctx context;
    int call;
    gboolean sound;
} Build;

static void add(Build *build, guint32 action, guint n, const struct scmp_arg_cmp *conditions)
{
    int status = seccomp_rule_add_array(build->context, action, build->call, n, conditions);
    /* EDOM: the call does not exist on this machine. EEXIST: two commands are one there. */
    build->sound = build->sound && (status == 0 || status == -EDOM || status == -EEXIST);
}

static void add_masked(Build *build, guint32 action, guint argument, guint64 mask, guint64 value)
{
    const struct scmp_arg_cmp condition = SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, mask, value);
    add(build, action, 1, &condition);
}

static void add_equal(Build *build, guint argument, guint64 value)
{
    const struct scmp_arg_cmp condition = SCMP_CMP64(argument, SCMP_CMP_EQ, value, 0);
    add(build, SCMP_ACT_ALLOW, 1, &condition);
}

/* Flags are open's second argument and openat's third. */
static void add_only_reading(Build *build, guint argument)
{
    unsigned mask = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(NOT_READING); i++) {
        mask |= NOT_READING[i];
        add_masked(build, SCMP_ACT_ERRNO(EACCES), argument, NOT_READING[i], NOT_READING[i]);
    }
    add_masked(build, SCMP_ACT_ALLOW, argument, mask, 0);
}

/* A socket that listened and was shut down could be connected anew by what it sends first. An
 * address inside of sendmsg's structure is out of a filter's sight, but TCP does not look at it
 * without that flag. */
static void add_only_connected(Build *build)
{
    const struct scmp_arg_cmp conditions[] = {
        SCMP_CMP64(build->call == SCMP_SYS(sendmsg) ? 2 : 3, SCMP_CMP_MASKED_EQ, MSG_FASTOPEN, 0),
        SCMP_CMP64(4, SCMP_CMP_EQ, 0, 0),
    };
    add(build, SCMP_ACT_ALLOW, build->call == SCMP_SYS(sendto) ? 2 : 1, conditions);
}

static void add_only_locking(Build *build)
{
    static const int COMMANDS[] = {F_DUPFD,       F_DUPFD_CLOEXEC, F_GETFD,      F_SETFD,
                                   F_GETFL,       F_GETLK,         F_SETLK,      F_SETLKW,
                                   F_OFD_GETLK,   F_OFD_SETLK,     F_OFD_SETLKW, FCNTL_GETLK64,
                                   FCNTL_SETLK64, FCNTL_SETLKW64};
    const struct scmp_arg_cmp set_flags[] = {
        SCMP_CMP64(1, SCMP_CMP_EQ, F_SETFL, 0),
        SCMP_CMP64(2, SCMP_CMP_MASKED_EQ, O_ASYNC, 0),
    };
    for (gsize i = 0; i < G_N_ELEMENTS(COMMANDS); i++)
        add_equal(build, 1, (guint64)COMMANDS[i]);
    add(build, SCMP_ACT_ALLOW, G_N_ELEMENTS(set_flags), set_flags);
}

static void add_allowed(Build *build, CallsWay way)
{
    enum { THREAD = CLONE_THREAD | CLONE_VM };
    switch (way) {
    case CALLS_ALL:
        add(build, SCMP_ACT_ALLOW, 0, NULL);
        break;
    case CALLS_NOT_EXECUTABLE:
        add_masked(build, SCMP_ACT_ALLOW, 2, PROT_EXEC, 0);
        break;
    case CALLS_ONLY_READING:
        add_only_reading(build, build->call == SCMP_SYS(open) ? 1 : 2);
        break;
    case CALLS_NOT_CUTTING:
        add_masked(build, SCMP_ACT_ALLOW, build->call == SCMP_SYS(open) ? 1 : 2, O_TRUNC, 0);
        break;
    case CALLS_ONLY_CONNECTED:
        add_only_connected(build);
        break;
    case CALLS_ONLY_LOCKING:
        add_only_locking(build);
        break;
    case CALLS_ONLY_THREADS:
        add_masked(build, SCMP_ACT_ALLOW, 0, THREAD, THREAD);
        break;
    case CALLS_ONLY_NAMING:
        add_equal(build, 0, PR_SET_NAME);
        break;
    case CALLS_ONLY_ASKING:
        add_equal(build, 2, 0);
        break;
    case CALLS_ONLY_TERMINAL:
        add_equal(build, 1, TCGETS);
        add_equal(build, 1, TIOCGWINSZ);
        break;
    case CALLS_ONLY_STANDARD:
        add_equal(build, 0, STDOUT_FILENO);
        add_equal(build, 0, STDERR_FILENO);
        break;
    case CALLS_ONLY_OWN:
        add_equal(build, 0, (guint64)getpid());
        break;
    }
}

/* Two rules of one call would be mixed: the list that comes last has the say. */
static gboolean is_in_one_of(const Call *const *lists, const char *name)
{
    for (gsize i = 0; lists && lists[i]; i++)
        for (const Call *call = lists[i]; call->name; call++)
            if (strcmp(call->name, name) == 0)
                return TRUE;
    return FALSE;
}

static void add_list(Build *build, const Call *list, guint32 action, const Call *const *later)
{
    for (const Call *call = list; call && call->name; call++) {
        if (is_in_one_of(later, call->name))
            continue;
        build->call = seccomp_syscall_resolve_name(call->name);
        if (build->call == __NR_SCMP_ERROR)
            continue; /* newer than the library */
        if (action == SCMP_ACT_ALLOW)
            add_allowed(build, call->way);
        else
            add(build, action, 0, NULL);
    }
}

/* List `i` of those that are allowed. */
static void add_allowed_list(Build *build, const CallsFilter *filter, gsize i)
{
    g_autoptr(GPtrArray) later = g_ptr_array_new();
    for (gsize j = i + 1; filter->allowed[j]; j++)
        g_ptr_array_add(later, (gpointer)filter->allowed[j]);
    if (filter->refused)
        g_ptr_array_add(later, (gpointer)filter->refused);
    if (filter->absent)
        g_ptr_array_add(later, (gpointer)filter->absent);
    g_ptr_array_add(later, NULL);
    add_list(build, filter->allowed[i], SCMP_ACT_ALLOW, (const Call *const *)later->pdata);
}

static guint32 last_word(const CallsFilter *filter)
{
    if (filter->denies)
        return SCMP_ACT_ALLOW;
    return filter->kills ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(EPERM);
}

gboolean calls_restrict(const CallsFilter *filter)
{
    Build build = {.context = seccomp_init(last_word(filter)), .sound = TRUE};
    if (!build.context)
        return FALSE;
    for (gsize i = 0; filter->allowed && filter->allowed[i]; i++)
        add_allowed_list(&build, filter, i);
    add_list(&build, filter->refused, SCMP_ACT_ERRNO(EPERM), NULL);
    add_list(&build, filter->absent, SCMP_ACT_ERRNO(ENOSYS), NULL);
    gboolean loaded =
        build.sound &&
        seccomp_attr_set(build.context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
        seccomp_attr_set(build.context, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
        seccomp_attr_set(build.context, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 &&
        seccomp_load(build.context) == 0;
    seccomp_release(build.context);
    return loaded;
}
