/* Steward: see steward.h. This file has the owner's side; steward_process.c the process. */
#include "steward.h"

#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "steward_private.h"

struct Steward {
    pid_t pid;
    int socket;
    guint missing;
    GMutex lock;
    GSource *watch;
    void (*lost)(gpointer data);
    gpointer data;
};

static gboolean fail(GError **error)
{
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
                "cannot start a helper process: %s", g_strerror(errno));
    return FALSE;
}

/* Its pid and this side's end of its socket. */
static gboolean start_process(const StewardDuties *duties, pid_t *ret_pid, int *ret_socket)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return FALSE;
    pid_t pid = fork();
    if (pid == 0)
        steward_process_run(duties, pair[1]);
    int code = errno;
    close(pair[1]);
    if (pid < 0) {
        close(pair[0]);
        errno = code;
        return FALSE;
    }
    *ret_pid = pid;
    *ret_socket = pair[0];
    return TRUE;
}

void steward_free(Steward *steward)
{
    if (!steward)
        return;
    if (steward->watch)
        g_source_destroy(steward->watch);
    g_clear_pointer(&steward->watch, g_source_unref);
    close(steward->socket);
    while (waitpid(steward->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    g_mutex_clear(&steward->lock);
    g_free(steward);
}

gboolean steward_is_lost(const Steward *steward)
{
    struct pollfd end = {.fd = steward->socket, .events = 0};
    return poll(&end, 1, 0) > 0;
}

static gboolean on_end(gint fd, GIOCondition condition, gpointer data)
{
    (void)fd, (void)condition;
    const Steward *steward = data;
    steward->lost(steward->data);
    return G_SOURCE_REMOVE;
}

void steward_watch(Steward *steward, void (*lost)(gpointer data), gpointer data)
{
    g_assert(!steward->watch);
    g_autoptr(GMainContext) context = g_main_context_ref_thread_default();
    steward->lost = lost;
    steward->data = data;
    steward->watch = g_unix_fd_source_new(steward->socket, G_IO_HUP | G_IO_ERR);
    g_source_set_callback(steward->watch, G_SOURCE_FUNC(on_end), steward, NULL);
    g_source_attach(steward->watch, context);
}

/* The descriptor that came with a message, or -1. */
static int descriptor_of(const struct msghdr *message)
{
    const struct cmsghdr *header = CMSG_FIRSTHDR(message);
    int fd = -1;
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
        header->cmsg_len == CMSG_LEN(sizeof fd))
        memcpy(&fd, CMSG_DATA(header), sizeof fd);
    return fd;
}

static gboolean receive_reply(int socket, StewardReply *reply, int *ret_fd)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec data = {.iov_base = reply, .iov_len = sizeof *reply};
    struct msghdr message = {.msg_iov = &data,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    gssize got;
    do
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got != sizeof *reply)
        return FALSE;
    *ret_fd = descriptor_of(&message);
    return TRUE;
}

/* A reply of zeros, and EPIPE, when the steward is gone. */
static StewardReply ask(Steward *steward, const StewardRequest *request, int *ret_fd)
{
    StewardReply reply = {.fault = EPIPE};
    g_mutex_lock(&steward->lock);
    if (send(steward->socket, request, sizeof *request, MSG_NOSIGNAL) != sizeof *request ||
        !receive_reply(steward->socket, &reply, ret_fd))
        reply = (StewardReply){.fault = EPIPE};
    g_mutex_unlock(&steward->lock);
    return reply;
}

Steward *steward_new(const StewardDuties *duties, GError **error)
{
    pid_t pid = 0;
    int socket = -1;
    int none = -1;
    StewardReply ready = {0};
    if (!start_process(duties, &pid, &socket)) {
        fail(error);
        return NULL;
    }
    Steward *steward = g_new0(Steward, 1);
    steward->pid = pid;
    steward->socket = socket;
    g_mutex_init(&steward->lock);
    if (!receive_reply(socket, &ready, &none)) {
        errno = EPIPE;
        fail(error);
        steward_free(steward);
        return NULL;
    }
    steward->missing = (guint)ready.value;
    return steward;
}

guint steward_missing(const Steward *steward)
{
    return steward->missing;
}

pid_t steward_start_reader(Steward *steward, const ReaderAllowance *allowance, int *ret_socket)
{
    const StewardRequest request = {.duty = STEWARD_START, .allowance = *allowance};
    int socket = -1;
    StewardReply reply = ask(steward, &request, &socket);
    if (reply.value > 0 && socket >= 0) {
        *ret_socket = socket;
        return (pid_t)reply.value;
    }
    if (socket >= 0)
        close(socket);
    if (reply.value > 0)
        steward_stop_reader(steward, (pid_t)reply.value, 0);
    return 0;
}

int steward_stop_reader(Steward *steward, pid_t pid, int grace_ms)
{
    const StewardRequest request = {.duty = STEWARD_STOP, .pid = pid, .grace_ms = grace_ms};
    int none = -1;
    return (int)ask(steward, &request, &none).value;
}

guint64 steward_resident_mib(Steward *steward, pid_t pid)
{
    const StewardRequest request = {.duty = STEWARD_RESIDENT, .pid = pid};
    int none = -1;
    const StewardReply reply = ask(steward, &request, &none);
    return reply.fault == 0 ? (guint64)reply.value : G_MAXUINT64;
}

int steward_open(Steward *steward, guint number)
{
    const StewardRequest request = {.duty = STEWARD_OPEN, .file = number};
    int fd = -1;
    StewardReply reply = ask(steward, &request, &fd);
    if (fd < 0)
        errno = reply.fault ? reply.fault : EPIPE;
    return fd;
}
