/* Reader process: see reader_process.h. */
#include "reader_process.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reader/protection.h"
#include "reader/protocol.h"

/* How long a reader may take to start and confine itself, ms; on a busy machine that may be long.
 */
enum { PROBE_MS = 10 * 1000 };

gboolean reader_process_is_program(const char *path, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR) && access(path, X_OK) == 0)
        return TRUE;
    int code = errno ? errno : EACCES;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "cannot execute %s", path);
    return FALSE;
}

gboolean reader_process_start(ReaderProcess *process, Steward *steward,
                              const ReaderAllowance *allowance)
{
    g_assert(process->pid == 0);
    process->steward = steward;
    process->pid = steward_start_reader(steward, allowance, &process->socket);
    return process->pid != 0;
}

int reader_process_stop(ReaderProcess *process, int grace_ms)
{
    if (process->pid == 0)
        return 0;
    close(process->socket);
    int status = steward_stop_reader(process->steward, process->pid, grace_ms);
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
    return steward_resident_mib(process->steward, process->pid);
}

gboolean reader_process_is_unconfined(int status, guint *ret_missing)
{
    if (!WIFEXITED(status) || WEXITSTATUS(status) <= READER_EXIT_CONFINE ||
        WEXITSTATUS(status) > READER_EXIT_CONFINE + PROTECTION_ALL)
        return FALSE;
    *ret_missing = (guint)(WEXITSTATUS(status) - READER_EXIT_CONFINE);
    return TRUE;
}

guint reader_process_probe(Steward *steward, const ReaderAllowance *allowance)
{
    ReaderAllowance strict = *allowance;
    strict.allow_unsandboxed = FALSE;
    ReaderProcess process = {0};
    if (!reader_process_start(&process, steward, &strict))
        return PROTECTION_ALL;
    /* Hanging up ends one that has nothing to complain of. */
    int status = reader_process_stop(&process, PROBE_MS);
    guint missing = PROTECTION_ALL;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !steward_is_lost(steward))
        missing = 0;
    else
        reader_process_is_unconfined(status, &missing);
    return missing | steward_missing(steward);
}
