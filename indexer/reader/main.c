/* schedario-reader: turns open files into pages of text, and pages into images, one job after
 * another, for the pools in reading.c and server/images/rendering.c, which start it, feed it
 * descriptors and end it. Never started by hand.
 *
 *     schedario-reader MEMORY_MIB TEXT_MIB CPU_SECONDS [unsandboxed]
 *                                               (socket on descriptor 3, see protocol.h)
 *
 * It gives up its rights first (confine.h), and ends when it could not give up all of them, unless
 * the last argument says that the operator knows.
 *
 * It says nothing on its standard streams: the libraries it uses complain there about files that
 * are merely odd. Whatever has to be known goes through the socket or the exit status. */
#include "answer.h"
#include "confine.h"
#include "format.h"
#include "page_job.h"

#include "../limits.h"

#include <errno.h>
#include <glib.h>
#include <magic.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
    magic_t magic;
    guint64 text_max_bytes;
    Opened opened;
} Reader;

/* Half the memory limit, for the handler below; written once, before the first file. */
static gsize memory_probe_bytes;

/* Failed allocations end in abort(), in GLib as in C++. When half of the allowed memory is not to
 * be had any more, that is what happened. Only async-signal-safe calls. */
static void on_abort(int signal_number)
{
    /* NOLINTNEXTLINE(bugprone-signal-handler,cert-sig30-c): a system call and nothing else */
    void *probe = mmap(NULL, memory_probe_bytes, PROT_READ,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (probe == MAP_FAILED)
        _exit(READER_EXIT_MEMORY);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void watch_memory(guint memory_mib)
{
    memory_probe_bytes = ((gsize)memory_mib << 20) / 2;
    signal(SIGABRT, on_abort);
    signal(SIGTRAP, on_abort);
    /* Pages come and go: keeping the heap between them saves a tenth of the time. */
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 64 << 20);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
}

static gboolean is_job(char kind)
{
    return kind == READER_JOB || page_job_is(kind);
}

/* Waits for the next job. Its descriptor and `ret_kind`; -1 when the pool has hung up; -2 when what
 * came is none. */
static int receive_job(char *ret_kind)
{
    char byte = 0;
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec data = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {.msg_iov = &data,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    ssize_t got;
    do
        got = recvmsg(READER_SOCKET, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got <= 0)
        return got == 0 ? -1 : -2;
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (!is_job(byte) || !header || header->cmsg_level != SOL_SOCKET ||
        header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(sizeof(int)))
        return -2;
    int fd = -1;
    memcpy(&fd, CMSG_DATA(header), sizeof fd);
    *ret_kind = byte;
    return fd;
}

/* The beginning of a file into `buffer`; 0 when it is empty or cannot be read. */
static gsize read_sample(int fd, char *buffer, gsize size)
{
    gsize length = 0;
    while (length < size) {
        ssize_t got = pread(fd, buffer + length, size - length, (off_t)length);
        if (got == 0 || (got < 0 && errno != EINTR))
            break;
        if (got > 0)
            length += (gsize)got;
    }
    return length;
}

static gboolean read_file(const Reader *reader, int fd)
{
    g_autofree char *buffer = g_malloc(LIMIT_SAMPLE_BYTES);
    Sample sample = {.bytes = buffer, .length = read_sample(fd, buffer, LIMIT_SAMPLE_BYTES)};
    sample.media_type = magic_buffer(reader->magic, sample.bytes, sample.length);
    if (!sample.media_type)
        sample.media_type = "application/octet-stream";
    g_autoptr(Answer) answer = answer_new(READER_SOCKET, reader->text_max_bytes);
    answer_string(answer, FRAME_MEDIA_TYPE, sample.media_type);
    /* Without a byte there are no pages either, which is what the pool calls empty. */
    ReadOutcome outcome = sample.length > 0 ? format_read(&sample, fd, answer) : READ_DONE;
    return answer_end(answer, outcome);
}

static int do_jobs(Reader *reader)
{
    for (;;) {
        char kind = 0;
        int fd = receive_job(&kind);
        if (fd == -1)
            return 0;
        if (fd < 0)
            return READER_EXIT_SOCKET;
        gboolean sent = page_job_is(kind) ? page_job_do(kind, READER_SOCKET, fd, &reader->opened)
                                          : read_file(reader, fd);
        close(fd);
        if (!sent)
            return 0;
    }
}

/* The leak sanitizer looks at a process from a second one, which confine.h does not let it start.
 */
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the sanitizer's name */
const char *__lsan_default_options(void);
__attribute__((no_profile_instrument_function)) /* it is asked before counters are there */
const char *
__lsan_default_options(void)
{
    return "detect_leaks=0";
}

/* GLib's messages go nowhere, with one exception: its last word when memory ends. */
static void on_message(const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
    (void)domain;
    (void)data;
    if ((level & G_LOG_LEVEL_ERROR) && strstr(message, "failed to allocate"))
        _exit(READER_EXIT_MEMORY);
}

typedef struct {
    guint memory_mib;
    guint text_mib;
    guint cpu_seconds;
    gboolean allow_unsandboxed;
} Arguments;

static gboolean parse_number(const char *text, guint most, guint *ret_number)
{
    guint64 value = 0;
    if (!g_ascii_string_to_unsigned(text, 10, 1, most, &value, NULL))
        return FALSE;
    *ret_number = (guint)value;
    return TRUE;
}

static gboolean parse_arguments(int argc, char **argv, Arguments *ret)
{
    enum { MEMORY = 1, TEXT, CPU, UNSANDBOXED, MOST_MIB = 1024 * 1024 };
    ret->allow_unsandboxed =
        argc == UNSANDBOXED + 1 && strcmp(argv[UNSANDBOXED], "unsandboxed") == 0;
    return (argc == UNSANDBOXED || ret->allow_unsandboxed) &&
           parse_number(argv[MEMORY], MOST_MIB, &ret->memory_mib) &&
           parse_number(argv[TEXT], MOST_MIB, &ret->text_mib) &&
           parse_number(argv[CPU], G_MAXINT, &ret->cpu_seconds);
}

int main(int argc, char **argv)
{
    Arguments given;
    if (!parse_arguments(argc, argv, &given))
        return READER_EXIT_USAGE;
    g_log_set_default_handler(on_message, NULL);
    watch_memory(given.memory_mib);
    Reader reader = {.magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS),
                     .text_max_bytes = (guint64)given.text_mib << 20};
    if (!reader.magic || magic_load(reader.magic, NULL) != 0)
        return READER_EXIT_MAGIC;
    guint missing = confine(&(ConfineLimits){given.memory_mib, given.cpu_seconds});
    if (missing != 0 && !given.allow_unsandboxed)
        return READER_EXIT_CONFINE + (int)missing;
    int status = do_jobs(&reader);
    opened_release(&reader.opened);
    magic_close(reader.magic);
    return status;
}
