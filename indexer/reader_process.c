/* Reader process: see reader_process.h. */
#include "reader_process.h"

#include "reader/protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the reader starts with besides its socket: no environment but what makes it quick. */
static char *const READER_ENVIRONMENT[] = {
    (char *)"LC_ALL=C.UTF-8",
    (char *)"GLIBC_TUNABLES=glibc.malloc.tcache_max=4096:glibc.malloc.tcache_count=1000",
    NULL,
};

gboolean reader_process_is_program(const char *path, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR) && access(path, X_OK) == 0)
        return TRUE;
    int code = errno ? errno : EACCES;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "cannot execute %s", path);
    return FALSE;
}

/* The child's descriptors: /dev/null, /dev/null, /dev/null, the socket, and no other. */
static gboolean set_descriptors(posix_spawn_file_actions_t *actions, int socket)
{
    return posix_spawn_file_actions_adddup2(actions, socket, READER_SOCKET) == 0 &&
           posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0) == 0 &&
           posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0) == 0 &&
           posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0) == 0 &&
           posix_spawn_file_actions_addclosefrom_np(actions, READER_SOCKET + 1) == 0;
}

/* A process group of its own keeps the terminal's Ctrl-C to the parent, which ends its readers. */
static gboolean set_signals(posix_spawnattr_t *attributes)
{
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    return posix_spawnattr_setsigmask(attributes, &none) == 0 &&
           posix_spawnattr_setsigdefault(attributes, &all) == 0 &&
           posix_spawnattr_setpgroup(attributes, 0) == 0 &&
           posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                    POSIX_SPAWN_SETPGROUP) == 0;
}

/* Starts the program; its pid, or 0. */
static pid_t spawn(const char *path, const ReaderAllowance *allowance, int socket)
{
    g_autofree char *memory = g_strdup_printf("%u", allowance->memory_mib);
    g_autofree char *text = g_strdup_printf("%u", allowance->text_mib);
    char *arguments[] = {(char *)path, memory, text, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid = 0;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return 0;
    if (posix_spawnattr_init(&attributes) == 0) {
        if (!set_descriptors(&actions, socket) || !set_signals(&attributes) ||
            posix_spawn(&pid, path, &actions, &attributes, arguments, READER_ENVIRONMENT) != 0)
            pid = 0;
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

gboolean reader_process_start(ReaderProcess *process, const char *path,
                              const ReaderAllowance *allowance)
{
    int pair[2];
    g_assert(process->pid == 0);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0)
        return FALSE;
    /* Only this end does not block: the reader has nothing else to do than wait. */
    gboolean ready = fcntl(pair[1], F_SETFL, 0) == 0;
    process->pid = ready ? spawn(path, allowance, pair[1]) : 0;
    close(pair[1]);
    if (process->pid == 0)
        close(pair[0]);
    else
        process->socket = pair[0];
    return process->pid != 0;
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

static int kill_and_reap(pid_t pid)
{
    int status = 0;
    kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 0;
    return status;
}

int reader_process_stop(ReaderProcess *process, int grace_ms)
{
    if (process->pid == 0)
        return 0;
    if (grace_ms > 0)
        wait_for_end(process->pid, grace_ms);
    close(process->socket);
    int status = kill_and_reap(process->pid);
    process->pid = 0;
    return status;
}

gboolean reader_process_give(const ReaderProcess *process, const void *job, gsize length, int fd)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec data = {.iov_base = (void *)job, .iov_len = length};
    struct msghdr message = {.msg_iov = &data,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    return sendmsg(process->socket, &message, MSG_NOSIGNAL) == (ssize_t)length;
}

guint64 reader_process_resident_mib(const ReaderProcess *process)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/statm", (int)process->pid);
    g_autofree char *content = NULL;
    if (!g_file_get_contents(path, &content, NULL, NULL))
        return 0;
    const char *second = strchr(content, ' ');
    guint64 pages = second ? g_ascii_strtoull(second, NULL, 10) : 0;
    return pages * (guint64)sysconf(_SC_PAGESIZE) >> 20;
}
