/* See rendering.h.
 *
 * A job goes to an idle reader at once, to one that has the document open if there is one; else it
 * waits in a queue, in which a reader that has become free looks first for its own document. Every
 * job is taken up or taken back, and one that was taken up ends within its time, so no caller waits
 * without end.
 *
 * Invariants, under the lock: a worker has a job or is idle; a job is in the queue exactly until it
 * is taken; what is outside of the lock (process, answer) belongs to the worker's thread alone. */
#include "rendering.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "../../indexer/reader/place.h"
#include "../../indexer/reader_process.h"
#include "../limits.h"
#include "boxes.h"
#include "rendering_answer.h"

G_DEFINE_QUARK(schedario - rendering - error, rendering_error)

/* Which file a document was opened from. */
typedef struct {
    dev_t device;
    ino_t inode;
} FileId;

typedef struct {
    GByteArray *bytes; /* as the reader gets it */
    int fd;            /* borrowed from the caller, who waits */
    FrameType wanted;
    guint width;
    FileId file;
    gint64 asked_us;
    gboolean is_taken;
    gboolean is_done;
    GBytes *payload;
    GError *error;
    GCond changed;
} Job;

typedef struct {
    Rendering *rendering; /* borrowed */
    GThread *thread;
    GCond wake;
    Job *job; /* NULL: idle */
    ReaderProcess process;
    FileId file; /* that it has open; all 0: none */
    guint jobs_done;
} Worker;

/* What is counted; atomic. */
typedef struct {
    gint started, ended, pages, failed, crashed, timeouts, nonsense, busy;
} Counts;

struct Rendering {
    Counts counts;
    Steward *steward;
    RenderingLimits limits;
    GMutex lock;
    GQueue *waiting; /* Job, borrowed from callers */
    Worker *workers; /* limits.readers of them */
    gboolean is_ending;
};

/* ---- one job, in the worker's thread ---- */

static gboolean is_same_file(const FileId *a, const FileId *b)
{
    return a->inode == b->inode && a->device == b->device;
}

/* Whether the process has died, or talks out of turn, since its last job. */
static gboolean is_disturbed(const ReaderProcess *process)
{
    struct pollfd socket = {.fd = process->socket, .events = POLLIN};
    return poll(&socket, 1, 0) != 0;
}

static void stop(Worker *worker, int grace_ms, int *ret_status)
{
    if (worker->process.pid != 0)
        g_atomic_int_inc(&worker->rendering->counts.ended);
    int status = reader_process_stop(&worker->process, grace_ms);
    worker->jobs_done = 0;
    if (ret_status)
        *ret_status = status;
}

static gboolean give(const Worker *worker, const Job *job)
{
    return reader_process_give(&worker->process, job->bytes->data, job->bytes->len, job->fd);
}

/* Gives the job to the process that is there. FALSE: there is none, or none that can be used. */
static gboolean give_on(const Worker *worker, const Job *job)
{
    return worker->process.pid != 0 && !is_disturbed(&worker->process) && give(worker, job);
}

/* Of processor time, what no reader of sound pages comes near. */
static ReaderAllowance allowance_of(const Rendering *rendering)
{
    const RenderingLimits *limits = &rendering->limits;
    return (ReaderAllowance){.memory_mib = limits->memory_mib,
                             .text_mib = 1,
                             .cpu_seconds = (limits->page_ms / 1000 + 1) * RENDERING_READER_PAGES,
                             .allow_unsandboxed = limits->allow_unsandboxed};
}

static gboolean start_and_give(Worker *worker, const Job *job)
{
    const ReaderAllowance allowance = allowance_of(worker->rendering);
    stop(worker, 0, NULL);
    if (!reader_process_start(&worker->process, worker->rendering->steward, &allowance))
        return FALSE;
    g_atomic_int_inc(&worker->rendering->counts.started);
    return give(worker, job);
}

/* Waits until there is something to receive. FALSE when time is up. */
static gboolean wait_for_input(const Worker *worker, gint64 deadline_us)
{
    for (;;) {
        gint64 left_us = deadline_us - g_get_monotonic_time();
        struct pollfd socket = {.fd = worker->process.socket, .events = POLLIN};
        if (left_us <= 0)
            return FALSE;
        int ready = poll(&socket, 1, (int)(left_us / 1000) + 1);
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return TRUE;
    }
}

/* Appends what has arrived; its size, 0 at the end. */
static gssize receive(const Worker *worker, GByteArray *input)
{
    guint before = input->len;
    g_byte_array_set_size(input, before + RENDERING_RECEIVE_BYTES);
    gssize got = recv(worker->process.socket, input->data + before, RENDERING_RECEIVE_BYTES, 0);
    gboolean is_later = got < 0 && (errno == EAGAIN || errno == EINTR);
    g_byte_array_set_size(input, before + (guint)MAX(got, 0));
    return got < 0 && !is_later ? 0 : got;
}

static void fail(Job *job, RenderingError code, const char *message)
{
    g_clear_error(&job->error);
    g_set_error_literal(&job->error, RENDERING_ERROR, (gint)code, message);
}

/* Exit statuses of a reader that never came to read anything. */
static gboolean is_failed_start(int status)
{
    guint missing = 0;
    return reader_process_is_unconfined(status, &missing) ||
           (WIFEXITED(status) &&
            (WEXITSTATUS(status) == READER_EXIT_USAGE || WEXITSTATUS(status) == READER_EXIT_MAGIC));
}

/* The reader hung up in the middle of the job: its status says why. */
static void fail_dead(Worker *worker, Job *job)
{
    int status = 0;
    g_atomic_int_inc(&worker->rendering->counts.crashed);
    stop(worker, RENDERING_EXIT_MS, &status);
    if (WIFEXITED(status) && WEXITSTATUS(status) == READER_EXIT_MEMORY)
        fail(job, RENDERING_ERROR_PAGE, "the page needs more memory than a page may");
    else if (is_failed_start(status))
        fail(job, RENDERING_ERROR_NO_READER, "the reader program ended at its start");
    else
        fail(job, RENDERING_ERROR_PAGE, "the page made the reader process crash");
}

static void fail_outcome(Job *job, ReadOutcome outcome)
{
    switch (outcome) {
    case READ_NO_PAGE:
        fail(job, RENDERING_ERROR_NO_PAGE, "the file has no such page");
        break;
    case READ_PASSWORD:
        fail(job, RENDERING_ERROR_FILE, "the file needs a password");
        break;
    case READ_TOO_LARGE:
        fail(job, RENDERING_ERROR_PAGE, "the image of the page is larger than an image may be");
        break;
    default:
        fail(job, RENDERING_ERROR_PAGE, "the page is damaged: it cannot be drawn");
    }
}

/* Receives the answer. Whatever is not one ends the process. FALSE: it hung up before it answered
 * anything, and `job` knows why. */
static gboolean receive_answer(Worker *worker, Job *job)
{
    gint64 deadline = g_get_monotonic_time() + (gint64)worker->rendering->limits.page_ms * 1000;
    g_auto(RenderingAnswer) answer;
    RenderingState state = RENDERING_MORE;
    rendering_answer_init(&answer, job->wanted, job->width);
    while (state == RENDERING_MORE) {
        if (!wait_for_input(worker, deadline)) {
            g_atomic_int_inc(&worker->rendering->counts.timeouts);
            stop(worker, 0, NULL);
            fail(job, RENDERING_ERROR_PAGE, "the page takes longer to draw than a page may");
            return TRUE;
        }
        if (receive(worker, answer.input) == 0) {
            fail_dead(worker, job);
            return answer.input->len > 0 || answer.payload;
        }
        state = rendering_answer_take(&answer);
    }
    if (state == RENDERING_NONSENSE) {
        g_atomic_int_inc(&worker->rendering->counts.nonsense);
        stop(worker, 0, NULL);
        fail(job, RENDERING_ERROR_PAGE, "the page made the reader process answer nonsense");
    } else if (answer.payload) {
        job->payload = g_steal_pointer(&answer.payload);
    } else {
        fail_outcome(job, answer.outcome);
    }
    return TRUE;
}

static void retire_if_old(Worker *worker)
{
    if (worker->process.pid == 0)
        return;
    worker->jobs_done++;
    if (worker->jobs_done >= RENDERING_READER_PAGES ||
        reader_process_resident_mib(&worker->process) > RENDERING_RESIDENT_MIB)
        stop(worker, 0, NULL);
}

/* A process that was there already may have been about to die of something else: then the page is
 * tried again in a new one. */
static void do_job(Worker *worker, Job *job)
{
    if (give_on(worker, job) && receive_answer(worker, job))
        return;
    g_clear_error(&job->error);
    if (start_and_give(worker, job)) {
        receive_answer(worker, job);
    } else {
        stop(worker, 0, NULL);
        fail(job, RENDERING_ERROR_NO_READER, "the reader program cannot be started");
    }
}

/* ---- the worker's thread ---- */

/* The job that a free reader takes up: one of the document it has open, unless the oldest has
 * waited for long. Under the lock. */
static Job *next_job(Worker *worker)
{
    GQueue *waiting = worker->rendering->waiting;
    Job *oldest = g_queue_peek_head(waiting);
    if (!oldest)
        return NULL;
    gint64 waited_us = g_get_monotonic_time() - oldest->asked_us;
    for (GList *item = waiting->head; item && waited_us < (gint64)RENDERING_PREFER_MS * 1000;
         item = item->next) {
        Job *job = item->data;
        if (!is_same_file(&job->file, &worker->file))
            continue;
        g_queue_delete_link(waiting, item);
        return job;
    }
    return g_queue_pop_head(waiting);
}

static gpointer work(gpointer data);

/* Threads start with their first job: those begun before the server gave up its rights would keep
 * theirs. */
static void take_up(Worker *worker, Job *job)
{
    if (!worker->thread)
        worker->thread = g_thread_new("rendering", work, worker);
    worker->job = job;
    worker->file = job->file;
    job->is_taken = TRUE;
}

/* Waits for a job; a reader that has had none for long goes home. Under the lock, which is given
 * back meanwhile. */
static void wait_for_job(Worker *worker)
{
    Rendering *rendering = worker->rendering;
    if (worker->process.pid == 0) {
        g_cond_wait(&worker->wake, &rendering->lock);
        return;
    }
    gint64 deadline = g_get_monotonic_time() + (gint64)rendering->limits.idle_ms * 1000;
    if (g_cond_wait_until(&worker->wake, &rendering->lock, deadline) || worker->job)
        return;
    worker->file = (FileId){0};
    g_mutex_unlock(&rendering->lock);
    stop(worker, 0, NULL);
    g_mutex_lock(&rendering->lock);
}

static gpointer work(gpointer data)
{
    Worker *worker = data;
    Rendering *rendering = worker->rendering;
    g_mutex_lock(&rendering->lock);
    while (!rendering->is_ending) {
        if (!worker->job) {
            wait_for_job(worker);
            continue;
        }
        Job *job = worker->job;
        g_mutex_unlock(&rendering->lock);
        do_job(worker, job);
        g_mutex_lock(&rendering->lock);
        job->is_done = TRUE; /* the caller may free it once the lock is given back */
        g_cond_signal(&job->changed);
        g_mutex_unlock(&rendering->lock);
        retire_if_old(worker);
        g_mutex_lock(&rendering->lock);
        worker->job = NULL;
        Job *next = next_job(worker);
        if (next)
            take_up(worker, next);
    }
    g_mutex_unlock(&rendering->lock);
    stop(worker, 0, NULL);
    return NULL;
}

/* ---- callers ---- */

/* How well an idle worker suits; 0: it is not idle. */
static int suits(const Worker *worker, const Job *job)
{
    if (worker->job)
        return 0;
    if (is_same_file(&worker->file, &job->file))
        return 3;
    return worker->file.inode != 0 ? 2 : 1; /* one that was started goes before one that was not */
}

static Worker *choose_worker(Rendering *rendering, const Job *job)
{
    Worker *best = NULL;
    for (guint i = 0; i < rendering->limits.readers; i++) {
        Worker *worker = &rendering->workers[i];
        if (suits(worker, job) > (best ? suits(best, job) : 0))
            best = worker;
    }
    return best;
}

/* Has the job done, or gives up waiting for a reader. */
static void submit(Rendering *rendering, Job *job)
{
    gint64 deadline = job->asked_us + (gint64)rendering->limits.wait_ms * 1000;
    gboolean in_time = TRUE;
    g_mutex_lock(&rendering->lock);
    Worker *worker = choose_worker(rendering, job);
    if (worker) {
        take_up(worker, job);
        g_cond_signal(&worker->wake);
    } else {
        g_queue_push_tail(rendering->waiting, job);
    }
    while (!job->is_done && (job->is_taken || in_time)) {
        if (job->is_taken)
            g_cond_wait(&job->changed, &rendering->lock);
        else
            in_time = g_cond_wait_until(&job->changed, &rendering->lock, deadline);
    }
    if (!job->is_taken) {
        g_queue_remove(rendering->waiting, job);
        g_atomic_int_inc(&rendering->counts.busy);
        fail(job, RENDERING_ERROR_BUSY, "all readers are at work; ask again in a moment");
    }
    g_mutex_unlock(&rendering->lock);
}

static void add_number(GByteArray *bytes, guint32 number)
{
    guint8 four[4];
    frame_put_u32(number, four);
    g_byte_array_append(bytes, four, sizeof four);
}

static void add_box(GByteArray *bytes, const PageBox *box)
{
    guint8 place[READER_BOX_BYTES];
    place_put(box->left, place);
    place_put(box->top, place + 4);
    place_put(box->width, place + 8);
    place_put(box->height, place + 12);
    g_byte_array_append(bytes, place, sizeof place);
}

static GByteArray *job_bytes(char kind, guint page)
{
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)&kind, 1);
    add_number(bytes, page);
    return bytes;
}

/* Submits the job; takes `bytes`. */
static GBytes *have_done(Rendering *rendering, int fd, GByteArray *bytes, FrameType wanted,
                         guint width, GError **error)
{
    struct stat file = {0};
    Job job = {.bytes = bytes, .fd = fd, .wanted = wanted, .width = width};
    if (fstat(fd, &file) == 0)
        job.file = (FileId){file.st_dev, file.st_ino};
    job.asked_us = g_get_monotonic_time();
    g_cond_init(&job.changed);
    submit(rendering, &job);
    g_atomic_int_inc(&rendering->counts.pages);
    g_atomic_int_add(&rendering->counts.failed, job.error ? 1 : 0);
    g_cond_clear(&job.changed);
    g_byte_array_unref(bytes);
    if (job.error)
        g_propagate_error(error, job.error);
    return job.payload;
}

GBytes *rendering_image(Rendering *rendering, int fd, guint page, guint width, const GArray *boxes,
                        GError **error)
{
    GByteArray *bytes = job_bytes(READER_JOB_IMAGE, page);
    guint n_boxes = boxes ? MIN(boxes->len, READER_BOXES) : 0;
    add_number(bytes, width);
    add_number(bytes, n_boxes);
    for (guint i = 0; i < n_boxes; i++)
        add_box(bytes, &g_array_index(boxes, PageBox, i));
    return have_done(rendering, fd, bytes, FRAME_IMAGE, width, error);
}

GBytes *rendering_glyphs(Rendering *rendering, int fd, guint page, GError **error)
{
    return have_done(rendering, fd, job_bytes(READER_JOB_GLYPHS, page), FRAME_GLYPHS, 0, error);
}

/* ---- the pool ---- */

static guint or_default(guint value, guint standard)
{
    return value > 0 ? value : standard;
}

static void set_limits(Rendering *rendering, const RenderingLimits *wanted)
{
    static const RenderingLimits NONE = {0};
    const RenderingLimits *limits = wanted ? wanted : &NONE;
    guint cores = MIN(g_get_num_processors(), RENDERING_READERS);
    rendering->limits = (RenderingLimits){
        .readers = or_default(limits->readers, cores),
        .page_ms = or_default(limits->page_ms, RENDERING_PAGE_MS),
        .wait_ms = or_default(limits->wait_ms, RENDERING_WAIT_MS),
        .memory_mib = or_default(limits->memory_mib, RENDERING_MEMORY_MIB),
        .idle_ms = or_default(limits->idle_ms, RENDERING_IDLE_MS),
        .allow_unsandboxed = limits->allow_unsandboxed,
    };
}

Rendering *rendering_new(const char *reader_path, const RenderingLimits *limits, GError **error)
{
    if (!reader_process_is_program(reader_path, error))
        return NULL;
    const StewardDuties duties = {.reader_path = reader_path,
                                  .allow_unsandboxed = limits && limits->allow_unsandboxed};
    Steward *steward = steward_new(&duties, error);
    if (!steward)
        return NULL;
    Rendering *rendering = g_new0(Rendering, 1);
    rendering->steward = steward;
    set_limits(rendering, limits);
    g_mutex_init(&rendering->lock);
    rendering->waiting = g_queue_new();
    rendering->workers = g_new0(Worker, rendering->limits.readers);
    for (guint i = 0; i < rendering->limits.readers; i++) {
        Worker *worker = &rendering->workers[i];
        worker->rendering = rendering;
        g_cond_init(&worker->wake);
    }
    return rendering;
}

guint rendering_probe(const Rendering *rendering)
{
    const ReaderAllowance allowance = allowance_of(rendering);
    return reader_process_probe(rendering->steward, &allowance);
}

void rendering_stats(Rendering *rendering, RenderingStats *ret_stats)
{
    Counts *counts = &rendering->counts;
    guint started = (guint)g_atomic_int_get(&counts->started);
    g_mutex_lock(&rendering->lock);
    guint waiting = g_queue_get_length(rendering->waiting);
    g_mutex_unlock(&rendering->lock);
    *ret_stats = (RenderingStats){
        .started = started,
        .running = started - MIN(started, (guint)g_atomic_int_get(&counts->ended)),
        .pages = (guint)g_atomic_int_get(&counts->pages),
        .failed = (guint)g_atomic_int_get(&counts->failed),
        .crashed = (guint)g_atomic_int_get(&counts->crashed),
        .timeouts = (guint)g_atomic_int_get(&counts->timeouts),
        .nonsense = (guint)g_atomic_int_get(&counts->nonsense),
        .busy = (guint)g_atomic_int_get(&counts->busy),
        .waiting = waiting,
    };
}

void rendering_watch(Rendering *rendering, void (*lost)(gpointer data), gpointer data)
{
    steward_watch(rendering->steward, lost, data);
}

void rendering_free(Rendering *rendering)
{
    if (!rendering)
        return;
    g_mutex_lock(&rendering->lock);
    rendering->is_ending = TRUE;
    for (guint i = 0; i < rendering->limits.readers; i++)
        g_cond_signal(&rendering->workers[i].wake);
    g_mutex_unlock(&rendering->lock);
    for (guint i = 0; i < rendering->limits.readers; i++) {
        if (rendering->workers[i].thread)
            g_thread_join(rendering->workers[i].thread);
        g_cond_clear(&rendering->workers[i].wake);
    }
    g_free(rendering->workers);
    g_queue_free(rendering->waiting);
    g_mutex_clear(&rendering->lock);
    steward_free(rendering->steward);
    g_free(rendering);
}
