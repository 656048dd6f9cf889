/* Steward's process: see steward.h. It begins as a copy of its owner and lets go of all but its
 * socket. Nothing here may rely on other threads, which the copy does not have.
 *
 * Where a step of its own confinement fails it goes on, and says so: whether that may be is for its
 * owner to judge. */
#include "steward_private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reader/calls.h"
#include "reader/landlock.h"
#include "reader/privileges.h"
#include "reader/protection.h"

enum { SOCKET = 3, GRACE_MS_MOST = 10 * 1000, READERS_MOST = 512, STATM_BYTES = 256 };

/* How much memory a reader holds says /proc, but not where that hides processes (hidepid, systemd's
 * ProtectProc), once the reader cannot be looked into any more: so it is opened at the start. */
typedef struct {
    pid_t pid;
    int statm; /* -1: it was hidden already */
} Child;

typedef struct {
    const StewardDuties *duties;
    GArray *readers; /* Child: started and not reaped */
} Process;

/* ---- its own confinement ---- */

/* What a reader needs until it is confined, and the programs that load it. */
static const LandlockRule TO_READ[] = {
    {"/usr/lib", LANDLOCK_RUN},
    {"/usr/lib64", LANDLOCK_RUN},
    {"/lib", LANDLOCK_RUN},
    {"/lib64", LANDLOCK_RUN},
    {"/usr/local/lib", LANDLOCK_READ},
    {"/usr/share", LANDLOCK_READ},
    {"/usr/local/share", LANDLOCK_READ},
    {"/etc/ld.so.cache", LANDLOCK_READ},
    {"/etc/ld.so.preload", LANDLOCK_READ},
    {"/etc/fonts", LANDLOCK_READ},
    {"/etc/magic", LANDLOCK_READ},
    {"/etc/magic.mime", LANDLOCK_READ},
    {"/var/cache/fontconfig", LANDLOCK_READ},
    {"/dev/null", LANDLOCK_READ | LANDLOCK_WRITE},
    {"/proc", LANDLOCK_READ},
#ifdef SCHEDARIO_PROFILES /* where readers of a build with COVERAGE count their lines */
    {SCHEDARIO_PROFILES, LANDLOCK_READ | LANDLOCK_WRITE | LANDLOCK_MAKE},
#endif
};

static const Call HOSTILE[] = {
    {"socket", CALLS_ALL},
    {"connect", CALLS_ALL},
    {"bind", CALLS_ALL},
    {"listen", CALLS_ALL},
    {"ptrace", CALLS_ALL},
    {"process_vm_readv", CALLS_ALL},
    {"process_vm_writev", CALLS_ALL},
    {"io_uring_setup", CALLS_ALL},
    {"perf_event_open", CALLS_ALL},
    {"bpf", CALLS_ALL},
    {"userfaultfd", CALLS_ALL},
    {"keyctl", CALLS_ALL},
    {"add_key", CALLS_ALL},
    {"request_key", CALLS_ALL},
    {"mount", CALLS_ALL},
    {"umount2", CALLS_ALL},
    {"move_mount", CALLS_ALL},
    {"fsopen", CALLS_ALL},
    {"open_tree", CALLS_ALL},
    {"pivot_root", CALLS_ALL},
    {"chroot", CALLS_ALL},
    {"unshare", CALLS_ALL},
    {"setns", CALLS_ALL},
    {"kexec_load", CALLS_ALL},
    {"kexec_file_load", CALLS_ALL},
    {"init_module", CALLS_ALL},
    {"finit_module", CALLS_ALL},
    {"delete_module", CALLS_ALL},
    {"reboot", CALLS_ALL},
    {"swapon", CALLS_ALL},
    {"open_by_handle_at", CALLS_ALL},
    {"settimeofday", CALLS_ALL},
    {"clock_settime", CALLS_ALL},
    {NULL, CALLS_ALL},
};

/* Files are made in their folder. */
static void add_file(GArray *rules, const StewardFile *file)
{
    LandlockRule rule = {file->path, LANDLOCK_READ};
    if ((file->flags & O_ACCMODE) != O_RDONLY)
        rule.rights |= LANDLOCK_WRITE;
    if (file->flags & O_CREAT) {
        rule.path = g_path_get_dirname(file->path);
        rule.rights |= LANDLOCK_MAKE;
    }
    g_array_append_val(rules, rule);
}

/* What is missing of it (Protection). The program and the files may be another user's than root. */
static guint confine_itself(const StewardDuties *duties)
{
    static const CallsFilter FILTER = {.refused = HOSTILE, .denies = TRUE};
    g_autoptr(GArray) rules = g_array_new(FALSE, FALSE, sizeof(LandlockRule));
    if (duties->reader_path) {
        const LandlockRule reader = {duties->reader_path, LANDLOCK_RUN};
        g_array_append_vals(rules, TO_READ, G_N_ELEMENTS(TO_READ));
        g_array_append_val(rules, reader);
    }
    for (guint i = 0; i < duties->n_files; i++)
        add_file(rules, &duties->files[i]);
    guint missing = privileges_drop(PRIVILEGES_WRITE_ALL) ? 0 : PROTECTION_PRIVILEGES;
    if (!landlock_restrict((const LandlockRule *)(const void *)rules->data, rules->len))
        missing |= PROTECTION_FILES;
    return missing | (calls_restrict(&FILTER) ? 0 : PROTECTION_CALLS);
}

/* ---- duties ---- */

/* Its place in the list; -1: no reader of ours. */
static gint place_of(const Process *process, pid_t pid)
{
    for (guint i = 0; i < process->readers->len; i++)
        if (g_array_index(process->readers, Child, i).pid == pid)
            return (gint)i;
    return -1;
}

static Child child_of(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/statm", (int)pid);
    return (Child){pid, open(path, O_RDONLY | O_CLOEXEC)};
}

static StewardReply start(Process *process, const StewardRequest *request, int *ret_fd)
{
    int pair[2];
    ReaderAllowance allowance = request->allowance;
    allowance.allow_unsandboxed = allowance.allow_unsandboxed && process->duties->allow_unsandboxed;
    if (!process->duties->reader_path || process->readers->len >= READERS_MOST)
        return (StewardReply){.fault = EPERM};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
        return (StewardReply){.fault = errno};
    /* Only the owner's end does not block: the reader has nothing else to do than wait. */
    pid_t pid = fcntl(pair[1], F_SETFL, 0) == 0
                    ? reader_spawn(process->duties->reader_path, &allowance, pair[1])
                    : 0;
    close(pair[1]);
    if (pid == 0) {
        close(pair[0]);
        return (StewardReply){.fault = ENOEXEC};
    }
    const Child child = child_of(pid);
    g_array_append_val(process->readers, child);
    *ret_fd = pair[0];
    return (StewardReply){.value = pid};
}

/* Waits at most `ms` for a child to end by itself. */
static void wait_for_end(pid_t pid, int ms)
{
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (fd < 0)
        return;
    struct pollfd ended = {.fd = fd, .events = POLLIN};
    poll(&ended, 1, ms);
    close(fd);
}

static int kill_and_reap(const Child *child)
{
    int status = 0;
    if (child->statm >= 0)
        close(child->statm);
    kill(child->pid, SIGKILL);
    while (waitpid(child->pid, &status, 0) < 0)
        if (errno != EINTR)
            return 0;
    return status;
}

static StewardReply stop(Process *process, const StewardRequest *request, int *ret_fd)
{
    (void)ret_fd;
    gint place = place_of(process, request->pid);
    if (place < 0)
        return (StewardReply){.fault = ESRCH};
    if (request->grace_ms > 0)
        wait_for_end(request->pid, MIN(request->grace_ms, GRACE_MS_MOST));
    const Child child = g_array_index(process->readers, Child, place);
    g_array_remove_index_fast(process->readers, (guint)place);
    return (StewardReply){.value = kill_and_reap(&child)};
}

static StewardReply resident(Process *process, const StewardRequest *request, int *ret_fd)
{
    (void)ret_fd;
    char content[STATM_BYTES] = "";
    gint place = place_of(process, request->pid);
    if (place < 0)
        return (StewardReply){.fault = ESRCH};
    int statm = g_array_index(process->readers, Child, place).statm;
    if (pread(statm, content, sizeof content - 1, 0) <= 0)
        return (StewardReply){.fault = EIO};
    const char *second = strchr(content, ' ');
    guint64 pages = second ? g_ascii_strtoull(second, NULL, 10) : 0;
    return (StewardReply){.value = (gint64)(pages * (guint64)sysconf(_SC_PAGESIZE) >> 20)};
}

static StewardReply open_file(Process *process, const StewardRequest *request, int *ret_fd)
{
    if (request->file >= process->duties->n_files)
        return (StewardReply){.fault = ENOENT};
    const StewardFile *file = &process->duties->files[request->file];
    int fd = open(file->path, file->flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, file->mode);
    if (fd < 0)
        return (StewardReply){.fault = errno};
    *ret_fd = fd;
    return (StewardReply){.value = 0};
}

/* ---- requests ---- */

static gboolean send_reply(const StewardReply *reply, int fd)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec data = {.iov_base = (void *)reply, .iov_len = sizeof *reply};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
    if (fd >= 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(header), &fd, sizeof fd);
    }
    return sendmsg(SOCKET, &message, MSG_NOSIGNAL) == sizeof *reply;
}

static gboolean serve_one(Process *process)
{
    static StewardReply (*const DUTIES[STEWARD_DUTIES])(Process *, const StewardRequest *,
                                                        int *) = {
        [STEWARD_START] = start,
        [STEWARD_STOP] = stop,
        [STEWARD_RESIDENT] = resident,
        [STEWARD_OPEN] = open_file,
    };
    StewardRequest request;
    int fd = -1;
    gssize got;
    do
        got = recv(SOCKET, &request, sizeof request, 0);
    while (got < 0 && errno == EINTR);
    if (got != sizeof request || request.duty >= STEWARD_DUTIES)
        return FALSE;
    StewardReply reply = DUTIES[request.duty](process, &request, &fd);
    gboolean sent = send_reply(&reply, fd);
    if (fd >= 0)
        close(fd);
    return sent;
}

/* Only the socket stays, and what went wrong can still be said. */
static gboolean let_go(int socket)
{
    return dup2(socket, SOCKET) == SOCKET && fcntl(SOCKET, F_SETFD, FD_CLOEXEC) == 0 &&
           close_range(SOCKET + 1, ~0U, 0) == 0;
}

/* Signals from a terminal are for the owner, which ends its steward by hanging up. */
static void ignore_signals(void)
{
    static const int IGNORED[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT};
    for (gsize i = 0; i < G_N_ELEMENTS(IGNORED); i++)
        signal(IGNORED[i], SIG_IGN);
}

_Noreturn void steward_process_run(const StewardDuties *duties, int socket)
{
    Process process = {duties, g_array_new(FALSE, FALSE, sizeof(Child))};
    ignore_signals();
    prctl(PR_SET_NAME, "schedario-stew", 0, 0, 0);
    if (let_go(socket)) {
        const StewardReply ready = {.value = confine_itself(duties)};
        if (send_reply(&ready, -1))
            while (serve_one(&process))
                continue;
    }
    for (guint i = 0; i < process.readers->len; i++)
        kill_and_reap(&g_array_index(process.readers, Child, i));
    _exit(0);
}
