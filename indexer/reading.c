/* Reading: see reading.h.
 *
 * Each reader is a child process with one socket. It is idle or has one job. A job ends in exactly
 * one of four ways: the frame END, the socket's end (the reader died), a breach of the protocol or
 * of a limit, or the clock. All but the first kill the reader; the next job starts a new one in its
 * place.
 *
 * Invariants: a reader without a process has no sources and no job; a reader with a process has a
 * clock running, of its job or of its rest; `done` is the last thing that touches the pool in a
 * callback, because it may free it. */
#include "reading.h"

#include "limits.h"
#include "reader/frame.h"
#include "reader_process.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    ReadingPool *pool; /* borrowed: the pool owns its readers */
    ReaderProcess process;
    GSource *watch;
    GSource *clock;
    GByteArray *input; /* received, not yet parsed; at most a frame and LIMIT_RECEIVE_BYTES */
    guint files_read;

    ReadingResult *result; /* of the job under way; NULL when idle */
    gsize text_bytes;
    ReadingDone done;
    gpointer data;
} Reader;

struct ReadingPool {
    Steward *steward;
    GMainContext *context;
    ReadingLimits limits;
    guint jobs;
    Reader *readers; /* `jobs` of them */
};

static const char *const FAILURE_NAMES[] = {
    [READING_OK] = "ok",
    [READING_PASSWORD] = "password",
    [READING_DAMAGED] = "damaged",
    [READING_UNREADABLE] = "unreadable",
    [READING_NO_TEXT] = "no-text",
    [READING_EMPTY] = "empty",
    [READING_TIMEOUT] = "timeout",
    [READING_MEMORY] = "memory",
    [READING_TOO_LARGE] = "too-large",
    [READING_CRASHED] = "crashed",
    [READING_NONSENSE] = "nonsense",
};
G_STATIC_ASSERT(G_N_ELEMENTS(FAILURE_NAMES) == READING_FAILURE_COUNT);

const char *reading_failure_name(ReadingFailure failure)
{
    g_assert((guint)failure < READING_FAILURE_COUNT);
    return FAILURE_NAMES[failure];
}

/* ---- results ---- */

static ReadingResult *result_new(void)
{
    ReadingResult *result = g_new0(ReadingResult, 1);
    result->pages = g_ptr_array_new_with_free_func(g_free);
    return result;
}

void reading_result_free(ReadingResult *result)
{
    if (!result)
        return;
    g_free(result->detail);
    g_free(result->media_type);
    g_clear_pointer(&result->pages, g_ptr_array_unref);
    g_free(result->meta_title);
    g_free(result->meta_author);
    g_free(result->meta_subject);
    g_free(result->heading);
    g_free(result);
}

static gboolean has_letter(const char *text)
{
    for (; *text; text = g_utf8_next_char(text))
        if (g_unichar_isalpha(g_utf8_get_char(text)))
            return TRUE;
    return FALSE;
}

static gboolean has_any_letter(const GPtrArray *pages)
{
    for (guint i = 0; i < pages->len; i++)
        if (pages->pdata[i] && has_letter(pages->pdata[i]))
            return TRUE;
    return FALSE;
}

static gboolean has_any_page(const GPtrArray *pages)
{
    for (guint i = 0; i < pages->len; i++)
        if (pages->pdata[i])
            return TRUE;
    return FALSE;
}

/* What a read that came to its end amounts to: not every document has something to read. */
static ReadingFailure judge_pages(const GPtrArray *pages)
{
    if (pages->len == 0)
        return READING_EMPTY;
    if (!has_any_page(pages))
        return READING_DAMAGED;
    return has_any_letter(pages) ? READING_OK : READING_NO_TEXT;
}

static char *failure_detail(ReadingFailure failure, const ReadingResult *result,
                            const ReadingLimits *limits)
{
    switch (failure) {
    case READING_UNREADABLE:
        return g_strdup(result->media_type);
    case READING_NO_TEXT:
        return g_strdup_printf("%u", result->pages->len);
    case READING_TIMEOUT:
        return g_strdup_printf("%u", limits->timeout_seconds);
    case READING_MEMORY:
        return g_strdup_printf("%u", limits->memory_mib);
    case READING_TOO_LARGE:
        return g_strdup_printf("%u", limits->text_mib);
    default:
        return NULL;
    }
}

/* ---- the process ---- */

static void drop_source(GSource **source)
{
    if (*source)
        g_source_destroy(*source);
    g_clear_pointer(source, g_source_unref);
}

/* Ends the process, if there is one; its wait status. With `grace_ms` it may end by itself first.
 */
static int reader_stop(Reader *reader, int grace_ms)
{
    if (reader->process.pid == 0)
        return 0;
    drop_source(&reader->watch);
    drop_source(&reader->clock);
    int status = reader_process_stop(&reader->process, grace_ms);
    reader->files_read = 0;
    g_byte_array_set_size(reader->input, 0);
    return status;
}

static gboolean on_input(gint fd, GIOCondition condition, gpointer data);

static GSource *watch_socket(Reader *reader)
{
    GSource *source = g_unix_fd_source_new(reader->process.socket, G_IO_IN | G_IO_HUP | G_IO_ERR);
    g_source_set_callback(source, G_SOURCE_FUNC(on_input), reader, NULL);
    g_source_attach(source, reader->pool->context);
    return source;
}

/* Of processor time, what no reader of sound files comes near. */
static ReaderAllowance allowance_of(const ReadingPool *pool)
{
    const ReadingLimits *limits = &pool->limits;
    return (ReaderAllowance){.memory_mib = limits->memory_mib,
                             .text_mib = limits->text_mib,
                             .cpu_seconds = limits->timeout_seconds * LIMIT_READER_FILES,
                             .allow_unsandboxed = limits->allow_unsandboxed};
}

static gboolean reader_start(Reader *reader)
{
    const ReadingPool *pool = reader->pool;
    const ReaderAllowance allowance = allowance_of(pool);
    if (!reader_process_start(&reader->process, pool->steward, &allowance))
        return FALSE;
    reader->watch = watch_socket(reader);
    return TRUE;
}

/* One that has nothing to do goes home: should a file have taken it over, no job's clock ends it.
 */
static gboolean on_idle(gpointer data)
{
    reader_stop(data, 0);
    return G_SOURCE_REMOVE;
}

static void set_clock(Reader *reader, guint ms, GSourceFunc callback)
{
    reader->clock = g_timeout_source_new(ms);
    g_source_set_callback(reader->clock, callback, reader, NULL);
    g_source_attach(reader->clock, reader->pool->context);
}

/* Replaces a reader that has served long enough. */
static void retire_if_old(Reader *reader)
{
    reader->files_read++;
    if (reader->files_read >= LIMIT_READER_FILES ||
        reader_process_resident_mib(&reader->process) > LIMIT_READER_RESIDENT_MIB)
        reader_stop(reader, 0);
    else
        set_clock(reader, reader->pool->limits.idle_ms, on_idle);
}

/* ---- the end of a job ---- */

/* Hands the result over. The last thing that a callback does: the pool may be gone afterwards. */
static void deliver(Reader *reader, ReadingFailure failure, char *detail)
{
    ReadingResult *result = g_steal_pointer(&reader->result);
    result->failure = failure;
    result->detail = detail ? detail : failure_detail(failure, result, &reader->pool->limits);
    if (failure != READING_OK && failure != READING_NO_TEXT)
        g_ptr_array_set_size(result->pages, 0);
    reader->done(result, reader->data);
}

static void fail(Reader *reader, ReadingFailure failure)
{
    reader_stop(reader, 0);
    deliver(reader, failure, NULL);
}

static void finish(Reader *reader, ReadOutcome outcome)
{
    static const ReadingFailure FAILURES[READ_OUTCOME_COUNT] = {
        [READ_DONE] = READING_OK,
        [READ_PASSWORD] = READING_PASSWORD,
        [READ_DAMAGED] = READING_DAMAGED,
        [READ_UNREADABLE] = READING_UNREADABLE,
        [READ_TOO_LARGE] = READING_TOO_LARGE,
        [READ_NO_TEXT] = READING_NO_TEXT,
        [READ_NO_PAGE] = READING_NONSENSE, /* no answer to this kind of job */
    };
    drop_source(&reader->clock);
    retire_if_old(reader);
    ReadingFailure failure = FAILURES[outcome];
    deliver(reader, failure == READING_OK ? judge_pages(reader->result->pages) : failure, NULL);
}

/* The reader hung up in the middle of a job: its status says why. */
static void fail_dead(Reader *reader)
{
    int status = reader_stop(reader, LIMIT_READER_EXIT_MS);
    if (steward_is_lost(reader->pool->steward))
        return; /* it took its readers with it: see reading_pool_watch() */
    if (WIFEXITED(status) && WEXITSTATUS(status) == READER_EXIT_MEMORY) {
        deliver(reader, READING_MEMORY, NULL);
        return;
    }
    gboolean killed = WIFSIGNALED(status);
    deliver(reader, READING_CRASHED,
            g_strdup_printf("%s %d", killed ? "signal" : "status",
                            killed ? WTERMSIG(status) : WEXITSTATUS(status)));
}

/* ---- frames ---- */

typedef enum {
    TAKEN,      /* go on */
    TAKEN_LAST, /* it was END */
    REFUSED_NONSENSE,
    REFUSED_TOO_LARGE,
} Taken;

static Taken take_string(char **field, const Frame *frame)
{
    const char *text = (const char *)frame->payload;
    if (*field || !g_utf8_validate_len(text, frame->length, NULL))
        return REFUSED_NONSENSE;
    *field = g_strndup(text, frame->length);
    return TAKEN;
}

/* Something like "type/subtype": printable, without spaces and quotes. libmagic at times says two
 * at once, so what stands around the slash is not looked at closely. */
static Taken take_media_type(ReadingResult *result, const Frame *frame)
{
    gboolean has_slash = FALSE;
    for (gsize i = 0; i < frame->length; i++) {
        if (!g_ascii_isgraph((char)frame->payload[i]) || strchr("\"\\<>", frame->payload[i]))
            return REFUSED_NONSENSE;
        has_slash = has_slash || frame->payload[i] == '/';
    }
    return has_slash ? take_string(&result->media_type, frame) : REFUSED_NONSENSE;
}

static Taken take_year(ReadingResult *result, const Frame *frame)
{
    if (result->meta_year != 0)
        return REFUSED_NONSENSE;
    result->meta_year = frame_get_u16(frame->payload);
    return TAKEN;
}

/* A page, or with FRAME_PAGE_FAILED the lack of one. */
static Taken take_page(Reader *reader, const Frame *frame)
{
    GPtrArray *pages = reader->result->pages;
    const char *text = (const char *)frame->payload + FRAME_PAGE_NUMBER_BYTES;
    gsize length = frame->length - FRAME_PAGE_NUMBER_BYTES;
    if (frame_get_u32(frame->payload) != pages->len)
        return REFUSED_NONSENSE;
    if (pages->len >= LIMIT_READ_PAGES ||
        length > ((gsize)reader->pool->limits.text_mib << 20) - reader->text_bytes)
        return REFUSED_TOO_LARGE;
    if (length > 0 && !g_utf8_validate_len(text, length, NULL))
        return REFUSED_NONSENSE;
    reader->text_bytes += length;
    g_ptr_array_add(pages, frame->type == FRAME_PAGE ? g_strndup(text, length) : NULL);
    return TAKEN;
}

static Taken take_frame(Reader *reader, const Frame *frame)
{
    ReadingResult *result = reader->result;
    if (!result->media_type && frame->type != FRAME_MEDIA_TYPE)
        return REFUSED_NONSENSE;
    switch (frame->type) {
    case FRAME_MEDIA_TYPE:
        return take_media_type(result, frame);
    case FRAME_TITLE:
        return take_string(&result->meta_title, frame);
    case FRAME_AUTHOR:
        return take_string(&result->meta_author, frame);
    case FRAME_SUBJECT:
        return take_string(&result->meta_subject, frame);
    case FRAME_HEADING:
        return take_string(&result->heading, frame);
    case FRAME_YEAR:
        return take_year(result, frame);
    case FRAME_PAGE:
    case FRAME_PAGE_FAILED:
        return take_page(reader, frame);
    case FRAME_END:
        return frame->payload[0] < READ_OUTCOME_COUNT ? TAKEN_LAST : REFUSED_NONSENSE;
    case FRAME_GLYPHS:
    case FRAME_IMAGE:
        break;
    }
    return REFUSED_NONSENSE;
}

/* Takes whole frames off the input until one ends the job, or none is left. */
static void take_input(Reader *reader)
{
    gsize at = 0;
    gsize used = 0;
    Frame frame;
    FrameState state;
    const GByteArray *input = reader->input;
    while ((state = frame_parse(input->data + at, input->len - at, &frame, &used)) == FRAME_WHOLE) {
        at += used;
        Taken taken = take_frame(reader, &frame);
        if (taken == TAKEN)
            continue;
        if (taken == TAKEN_LAST && at == input->len) {
            ReadOutcome outcome = (ReadOutcome)frame.payload[0];
            g_byte_array_set_size(reader->input, 0);
            finish(reader, outcome);
        } else {
            fail(reader, taken == REFUSED_TOO_LARGE ? READING_TOO_LARGE : READING_NONSENSE);
        }
        return;
    }
    if (state == FRAME_BAD)
        fail(reader, READING_NONSENSE);
    else if (at > 0)
        g_byte_array_remove_range(reader->input, 0, (guint)at);
}

/* Appends what has arrived; its size, 0 at the end, negative when there is nothing yet. */
static gssize receive(Reader *reader)
{
    guint before = reader->input->len;
    g_byte_array_set_size(reader->input, before + LIMIT_RECEIVE_BYTES);
    gssize got = recv(reader->process.socket, reader->input->data + before, LIMIT_RECEIVE_BYTES, 0);
    gboolean later = got < 0 && (errno == EAGAIN || errno == EINTR);
    g_byte_array_set_size(reader->input, before + (guint)MAX(got, 0));
    return got < 0 && !later ? 0 : got;
}

static gboolean on_input(gint fd, GIOCondition condition, gpointer data)
{
    (void)fd;
    (void)condition;
    Reader *reader = data;
    gssize got = receive(reader);
    if (got < 0)
        return G_SOURCE_CONTINUE;
    if (!reader->result) /* an idle reader has nothing to say: it died, or talks out of turn */
        reader_stop(reader, 0);
    else if (got == 0)
        fail_dead(reader);
    else
        take_input(reader);
    /* Wherever the source has to go it is destroyed by now, and maybe the pool with it. */
    return G_SOURCE_CONTINUE;
}

/* ---- the beginning of a job ---- */

static gboolean on_timeout(gpointer data)
{
    fail(data, READING_TIMEOUT);
    return G_SOURCE_REMOVE;
}

static gboolean on_no_reader(gpointer data)
{
    Reader *reader = data;
    drop_source(&reader->clock);
    if (!steward_is_lost(reader->pool->steward))
        deliver(reader, READING_CRASHED, g_strdup("cannot start"));
    return G_SOURCE_REMOVE;
}

static gboolean hand_over(const Reader *reader, int fd)
{
    static const char JOB = READER_JOB;
    return reader_process_give(&reader->process, &JOB, sizeof JOB, fd);
}

/* Gives the file to the reader, started if need be. One that died since its last file is replaced.
 */
static gboolean give(Reader *reader, int fd)
{
    if (reader->process.pid != 0 && hand_over(reader, fd))
        return TRUE;
    reader_stop(reader, 0);
    return reader_start(reader) && hand_over(reader, fd);
}

static Reader *free_reader(const ReadingPool *pool)
{
    Reader *unstarted = NULL;
    for (guint i = 0; i < pool->jobs; i++) {
        Reader *reader = &pool->readers[i];
        if (!reader->result && reader->process.pid != 0)
            return reader;
        if (!reader->result && !unstarted)
            unstarted = reader;
    }
    return unstarted;
}

gboolean reading_pool_has_room(const ReadingPool *pool)
{
    return free_reader(pool) != NULL;
}

void reading_pool_read(ReadingPool *pool, int fd, ReadingDone done, gpointer data)
{
    Reader *reader = free_reader(pool);
    g_assert(reader);
    reader->result = result_new();
    reader->text_bytes = 0;
    drop_source(&reader->clock); /* of its rest */
    reader->done = done;
    reader->data = data;
    if (give(reader, fd)) {
        set_clock(reader, pool->limits.timeout_seconds * 1000, on_timeout);
    } else {
        reader_stop(reader, 0);
        set_clock(reader, 0, on_no_reader);
    }
    close(fd);
}

/* ---- the pool ---- */

static guint or_default(guint value, guint standard)
{
    return value > 0 ? value : standard;
}

ReadingPool *reading_pool_new(const char *reader_path, guint jobs, const ReadingLimits *limits,
                              GError **error)
{
    static const ReadingLimits NONE = {0};
    if (!reader_process_is_program(reader_path, error))
        return NULL;
    const ReadingLimits *wanted = limits ? limits : &NONE;
    const StewardDuties duties = {.reader_path = reader_path,
                                  .allow_unsandboxed = wanted->allow_unsandboxed};
    Steward *steward = steward_new(&duties, error);
    if (!steward)
        return NULL;
    ReadingPool *pool = g_new0(ReadingPool, 1);
    pool->steward = steward;
    pool->context = g_main_context_ref_thread_default();
    pool->limits =
        (ReadingLimits){.timeout_seconds = or_default(wanted->timeout_seconds, LIMIT_READ_SECONDS),
                        .memory_mib = or_default(wanted->memory_mib, LIMIT_READ_MEMORY_MIB),
                        .text_mib = or_default(wanted->text_mib, LIMIT_READ_TEXT_MIB),
                        .idle_ms = or_default(wanted->idle_ms, LIMIT_READER_IDLE_MS),
                        .allow_unsandboxed = wanted->allow_unsandboxed};
    pool->jobs = MAX(jobs, 1);
    pool->readers = g_new0(Reader, pool->jobs);
    for (guint i = 0; i < pool->jobs; i++) {
        pool->readers[i].pool = pool;
        pool->readers[i].input = g_byte_array_new();
    }
    return pool;
}

guint reading_pool_probe(const ReadingPool *pool)
{
    const ReaderAllowance allowance = allowance_of(pool);
    return reader_process_probe(pool->steward, &allowance);
}

static void reader_forget(Reader *reader)
{
    reader_stop(reader, 0);
    drop_source(&reader->clock); /* of a job for which no reader could be started */
    g_clear_pointer(&reader->result, reading_result_free);
}

void reading_pool_watch(ReadingPool *pool, void (*lost)(gpointer data), gpointer data)
{
    steward_watch(pool->steward, lost, data);
}

void reading_pool_forget(ReadingPool *pool)
{
    for (guint i = 0; i < pool->jobs; i++)
        if (pool->readers[i].result)
            reader_forget(&pool->readers[i]);
}

static void reader_release(Reader *reader)
{
    reader_forget(reader);
    g_byte_array_unref(reader->input);
}

void reading_pool_free(ReadingPool *pool)
{
    if (!pool)
        return;
    for (guint i = 0; i < pool->jobs; i++)
        reader_release(&pool->readers[i]);
    g_free(pool->readers);
    g_main_context_unref(pool->context);
    steward_free(pool->steward);
    g_free(pool);
}
