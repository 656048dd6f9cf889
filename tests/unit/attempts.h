/* Attempts: what somebody who took over a process would try next, one row each, made by a child
 * that was confined before. All inline, for test-confine.c and test-confinement.c.
 *
 * A child answers with its exit status: 0, the attempt succeeded; else the errno it failed with.
 * One that was killed by the filter ends with SIGSYS. */
#ifndef SCHEDARIO_TESTS_ATTEMPTS_H
#define SCHEDARIO_TESTS_ATTEMPTS_H

#include "fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* What an attempt finds: a folder that was not given, with the file "file" in it. */
typedef struct {
    const char *folder;
    pid_t parent;
    char file[PATH_MAX];
    char new_file[PATH_MAX];
} Outside;

static inline Outside outside_of(const char *folder)
{
    Outside outside = {.folder = folder, .parent = getpid()};
    g_snprintf(outside.file, sizeof outside.file, "%s/file", folder);
    g_snprintf(outside.new_file, sizeof outside.new_file, "%s/new", folder);
    fixture_write(folder, "file", "left as it was");
    return outside;
}

/* Descriptors that are open before: a socket, and a program for reading. */
enum { OPEN_SOCKET = 9, OPEN_FILE = 10 };

/* 0 when it worked, else errno. */
static inline int worked(long result)
{
    return result >= 0 ? 0 : errno;
}

static inline int attempt_open_passwd(const Outside *o)
{
    (void)o;
    return worked(open("/etc/passwd", O_RDONLY));
}

static inline int attempt_read_file(const Outside *o)
{
    return worked(open(o->file, O_RDONLY));
}

static inline int attempt_list(const Outside *o)
{
    return worked(open(o->folder, O_RDONLY | O_DIRECTORY));
}

static inline int attempt_memory_of_parent(const Outside *o)
{
    char path[64];
    g_snprintf(path, sizeof path, "/proc/%d/mem", (int)o->parent);
    return worked(open(path, O_RDONLY));
}

static inline int attempt_openat2(const Outside *o)
{
    const guint64 how[3] = {O_RDWR, 0, 0};
    return worked(syscall(SYS_openat2, AT_FDCWD, o->file, how, sizeof how));
}

static inline int attempt_cut_by_openat2(const Outside *o)
{
    const guint64 how[3] = {O_RDONLY | O_TRUNC, 0, 0};
    return worked(syscall(SYS_openat2, AT_FDCWD, o->file, how, sizeof how));
}

static inline int attempt_write(const Outside *o)
{
    return worked(open(o->file, O_WRONLY));
}

static inline int attempt_append(const Outside *o)
{
    return worked(open(o->file, O_RDWR | O_APPEND));
}

static inline int attempt_cut(const Outside *o)
{
    return worked(open(o->file, O_RDONLY | O_TRUNC));
}

static inline int attempt_truncate(const Outside *o)
{
    return worked(truncate(o->file, 0));
}

static inline int attempt_create(const Outside *o)
{
    return worked(open(o->new_file, O_RDONLY | O_CREAT, 0600));
}

static inline int attempt_tmpfile(const Outside *o)
{
    return worked(open(o->folder, O_TMPFILE | O_RDWR, 0600));
}

static inline int attempt_mkdir(const Outside *o)
{
    return worked(mkdir(o->new_file, 0700));
}

static inline int attempt_unlink(const Outside *o)
{
    return worked(unlink(o->file));
}

static inline int attempt_rename(const Outside *o)
{
    return worked(rename(o->file, o->new_file));
}

static inline int attempt_link(const Outside *o)
{
    return worked(link(o->file, o->new_file));
}

static inline int attempt_symlink(const Outside *o)
{
    return worked(symlink("/etc", o->new_file));
}

static inline int attempt_mknod(const Outside *o)
{
    return worked(mknod(o->new_file, S_IFIFO | 0600, 0));
}

static inline int attempt_chmod(const Outside *o)
{
    return worked(chmod(o->file, 0777));
}

static inline int attempt_chown(const Outside *o)
{
    return worked(chown(o->file, 1, 1));
}

static inline int attempt_xattr(const Outside *o)
{
    return worked(syscall(SYS_setxattr, o->file, "user.a", "b", 1, 0));
}

static inline int attempt_socket(const Outside *o)
{
    (void)o;
    return worked(socket(AF_INET, SOCK_STREAM, 0));
}

static inline int attempt_socket_unix(const Outside *o)
{
    (void)o;
    return worked(socket(AF_UNIX, SOCK_STREAM, 0));
}

static inline int attempt_socket_netlink(const Outside *o)
{
    (void)o;
    return worked(socket(AF_NETLINK, SOCK_RAW, 0));
}

static inline int attempt_socketpair(const Outside *o)
{
    (void)o;
    int pair[2];
    return worked(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
}

static inline int attempt_connect(const Outside *o)
{
    (void)o;
    const struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    return worked(connect(OPEN_SOCKET, (const struct sockaddr *)&name, sizeof name));
}

static inline int attempt_bind(const Outside *o)
{
    (void)o;
    const struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    return worked(bind(OPEN_SOCKET, (const struct sockaddr *)&name, sizeof name));
}

static inline int attempt_send(const struct sockaddr_in *name, int flags)
{
    return worked(
        sendto(OPEN_SOCKET, "x", 1, flags, (const struct sockaddr *)name, name ? sizeof *name : 0));
}

/* A socket that listened is as good for it, once it was shut down. */
static inline int attempt_send_to(const Outside *o)
{
    (void)o;
    const struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    return attempt_send(&name, MSG_NOSIGNAL);
}

static inline int attempt_fast_open(const Outside *o)
{
    (void)o;
    const struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    return attempt_send(&name, MSG_NOSIGNAL | MSG_FASTOPEN);
}

static inline int attempt_fast_open_message(const Outside *o)
{
    (void)o;
    struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct iovec data = {(char *)"x", 1};
    const struct msghdr message = {
        .msg_name = &name, .msg_namelen = sizeof name, .msg_iov = &data, .msg_iovlen = 1};
    return worked(sendmsg(OPEN_SOCKET, &message, MSG_NOSIGNAL | MSG_FASTOPEN));
}

static inline int attempt_fast_open_messages(const Outside *o)
{
    (void)o;
    struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct iovec data = {(char *)"x", 1};
    struct mmsghdr message = {
        .msg_hdr = {
            .msg_name = &name, .msg_namelen = sizeof name, .msg_iov = &data, .msg_iovlen = 1}};
    return worked(sendmmsg(OPEN_SOCKET, &message, 1, MSG_NOSIGNAL | MSG_FASTOPEN));
}

/* Signals to others, by way of a descriptor: who gets them, which one, and when. */
static inline int attempt_own_signals(const Outside *o)
{
    return worked(fcntl(OPEN_SOCKET, F_SETOWN, o->parent));
}

static inline int attempt_own_signals_more(const Outside *o)
{
    const struct f_owner_ex owner = {F_OWNER_PID, o->parent};
    return worked(fcntl(OPEN_SOCKET, F_SETOWN_EX, &owner));
}

static inline int attempt_choose_signal(const Outside *o)
{
    (void)o;
    return worked(fcntl(OPEN_SOCKET, F_SETSIG, SIGUSR1));
}

static inline int attempt_signal_input(const Outside *o)
{
    (void)o;
    return worked(fcntl(OPEN_SOCKET, F_SETFL, O_ASYNC));
}

static inline int attempt_lease(const Outside *o)
{
    (void)o;
    return worked(fcntl(OPEN_FILE, F_SETLEASE, F_RDLCK));
}

static inline int attempt_notify(const Outside *o)
{
    (void)o;
    return worked(fcntl(OPEN_FILE, F_NOTIFY, DN_MODIFY));
}

static inline int attempt_exec(const Outside *o)
{
    (void)o;
    char *arguments[] = {(char *)"true", NULL};
    return worked(execv("/bin/true", arguments));
}

static inline int attempt_exec_descriptor(const Outside *o)
{
    (void)o;
    char *arguments[] = {(char *)"true", NULL};
    return worked(syscall(SYS_execveat, OPEN_FILE, "", arguments, NULL, AT_EMPTY_PATH));
}

static inline int attempt_spawn(const Outside *o)
{
    (void)o;
    char *arguments[] = {(char *)"true", NULL};
    pid_t pid = 0;
    return posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, NULL);
}

static inline int attempt_fork(const Outside *o)
{
    (void)o;
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return worked(pid);
}

static inline int attempt_vfork(const Outside *o)
{
    (void)o;
    return worked(syscall(SYS_clone, CLONE_VFORK | CLONE_VM | SIGCHLD, NULL, NULL, NULL, NULL));
}

static inline int attempt_namespace(const Outside *o)
{
    (void)o;
    return worked(unshare(CLONE_NEWUSER));
}

static inline int attempt_ptrace(const Outside *o)
{
    return worked(ptrace(PTRACE_ATTACH, o->parent, NULL, NULL));
}

static inline int attempt_peek(const Outside *o)
{
    struct iovec empty = {0};
    return worked(syscall(SYS_process_vm_readv, o->parent, &empty, 1, &empty, 1, 0));
}

static inline int attempt_kill_parent(const Outside *o)
{
    return worked(kill(o->parent, 0));
}

static inline int attempt_queue_signal(const Outside *o)
{
    const union sigval none = {0};
    return worked(sigqueue(o->parent, 0, none));
}

static inline int attempt_steal_descriptor(const Outside *o)
{
    return worked(syscall(SYS_pidfd_open, o->parent, 0));
}

static inline int attempt_map_executable(const Outside *o)
{
    (void)o;
    void *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? errno : 0;
}

static inline int attempt_map_file_executable(const Outside *o)
{
    (void)o;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, OPEN_FILE, 0);
    return page == MAP_FAILED ? errno : 0;
}

static inline int attempt_make_executable(const Outside *o)
{
    (void)o;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? 0 : worked(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static inline int attempt_make_executable_by_key(const Outside *o)
{
    (void)o;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED
               ? 0
               : worked(syscall(SYS_pkey_mprotect, page, 4096, PROT_READ | PROT_EXEC, -1));
}

static inline int attempt_personality(const Outside *o)
{
    (void)o;
    return worked(syscall(SYS_personality, 0x0400000 /* READ_IMPLIES_EXEC */));
}

static inline int attempt_memfd(const Outside *o)
{
    (void)o;
    return worked(memfd_create("program", 0));
}

static inline int attempt_io_uring(const Outside *o)
{
    (void)o;
    struct io_uring_params parameters = {0};
    return worked(syscall(SYS_io_uring_setup, 8, &parameters));
}

static inline int attempt_perf(const Outside *o)
{
    (void)o;
    struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attributes};
    return worked(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}

static inline int attempt_keyctl(const Outside *o)
{
    (void)o;
    return worked(syscall(SYS_keyctl, 0 /* KEYCTL_GET_KEYRING_ID */, -3, 0));
}

static inline int attempt_userfaultfd(const Outside *o)
{
    (void)o;
    return worked(syscall(SYS_userfaultfd, 1 /* UFFD_USER_MODE_ONLY */));
}

static inline int attempt_bpf(const Outside *o)
{
    (void)o;
    return worked(syscall(SYS_bpf, 0, NULL, 0));
}

static inline int attempt_mount(const Outside *o)
{
    return worked(mount("none", o->folder, "tmpfs", 0, NULL));
}

static inline int attempt_chroot(const Outside *o)
{
    return worked(chroot(o->folder));
}

static inline int attempt_raise_limit(const Outside *o)
{
    (void)o;
    const struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
    return worked(setrlimit(RLIMIT_FSIZE, &more));
}

static inline int attempt_become_root(const Outside *o)
{
    (void)o;
    return worked(setresuid(0, 0, 0));
}

static inline int attempt_dumpable(const Outside *o)
{
    (void)o;
    return worked(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static inline int attempt_type_into_terminal(const Outside *o)
{
    (void)o;
    return worked(syscall(SYS_ioctl, 0, 0x5412 /* TIOCSTI */, "x"));
}

static inline int attempt_other_numbering(const Outside *o)
{
    (void)o;
#ifdef __x86_64__
    return worked(syscall(0x40000000 + SYS_getpid)); /* the numbers of x32 */
#else
    return EPERM;
#endif
}

#define ATTEMPTS(X)                                                                                \
    X(open_passwd)                                                                                 \
    X(read_file)                                                                                   \
    X(list)                                                                                        \
    X(memory_of_parent)                                                                            \
    X(openat2)                                                                                     \
    X(cut_by_openat2)                                                                              \
    X(write)                                                                                       \
    X(append)                                                                                      \
    X(cut)                                                                                         \
    X(truncate)                                                                                    \
    X(create)                                                                                      \
    X(tmpfile)                                                                                     \
    X(mkdir)                                                                                       \
    X(unlink)                                                                                      \
    X(rename)                                                                                      \
    X(link)                                                                                        \
    X(symlink)                                                                                     \
    X(mknod)                                                                                       \
    X(chmod)                                                                                       \
    X(chown)                                                                                       \
    X(xattr)                                                                                       \
    X(socket)                                                                                      \
    X(socket_unix)                                                                                 \
    X(socket_netlink)                                                                              \
    X(socketpair)                                                                                  \
    X(connect)                                                                                     \
    X(bind)                                                                                        \
    X(send_to)                                                                                     \
    X(fast_open)                                                                                   \
    X(fast_open_message)                                                                           \
    X(fast_open_messages)                                                                          \
    X(own_signals)                                                                                 \
    X(own_signals_more)                                                                            \
    X(choose_signal)                                                                               \
    X(signal_input)                                                                                \
    X(lease)                                                                                       \
    X(notify)                                                                                      \
    X(exec)                                                                                        \
    X(exec_descriptor)                                                                             \
    X(spawn)                                                                                       \
    X(fork)                                                                                        \
    X(vfork)                                                                                       \
    X(namespace)                                                                                   \
    X(ptrace)                                                                                      \
    X(peek)                                                                                        \
    X(kill_parent)                                                                                 \
    X(queue_signal)                                                                                \
    X(steal_descriptor)                                                                            \
    X(map_executable)                                                                              \
    X(map_file_executable)                                                                         \
    X(make_executable)                                                                             \
    X(make_executable_by_key)                                                                      \
    X(personality)                                                                                 \
    X(memfd)                                                                                       \
    X(io_uring)                                                                                    \
    X(perf)                                                                                        \
    X(keyctl)                                                                                      \
    X(userfaultfd)                                                                                 \
    X(bpf)                                                                                         \
    X(mount)                                                                                       \
    X(chroot)                                                                                      \
    X(raise_limit)                                                                                 \
    X(become_root)                                                                                 \
    X(dumpable)                                                                                    \
    X(type_into_terminal)                                                                          \
    X(other_numbering)

typedef struct {
    const char *name;
    int (*act)(const Outside *outside);
} Attempt;

#define ATTEMPT_ROW(name) {#name, attempt_##name},
static const Attempt ATTEMPT_TABLE[] = {ATTEMPTS(ATTEMPT_ROW)};
#undef ATTEMPT_ROW

/* In a child, after `confine_child` (0: all is in force): its wait status. */
static inline int attempt_confined(const Attempt *attempt, const Outside *outside,
                                   guint (*confine_child)(void))
{
    enum { NOT_CONFINED = 255 };
    pid_t pid = fork();
    if (pid == 0) {
        const struct rlimit no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        dup2(socket(AF_INET, SOCK_STREAM, 0), OPEN_SOCKET);
        dup2(open("/bin/true", O_RDONLY), OPEN_FILE);
        _exit(confine_child() == 0 ? attempt->act(outside) : NOT_CONFINED);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static inline gboolean attempt_was_killed(int status)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

static inline gboolean attempt_was_refused(int status)
{
    if (!WIFEXITED(status))
        return FALSE;
    int fault = WEXITSTATUS(status);
    return fault == EPERM || fault == EACCES || fault == ENOSYS;
}

#endif
