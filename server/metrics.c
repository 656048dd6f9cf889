/* See metrics.h.
 *
 * Invariant: `routes` and `numbers` do not change once requests are counted, so they are read
 * without a lock. The samples of one text are not of one instant; within a histogram they agree,
 * because its count is the sum of what was read of its buckets. */
#include "metrics.h"

#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

typedef atomic_uint_least64_t Counter;

/* Statuses that are counted apart; the last place has all others. */
static const guint STATUSES[] = {200, 206, 301, 302, 303, 304, 308, 400, 404, 405, 406,
                                 408, 410, 413, 414, 416, 429, 431, 500, 501, 503, 505};
enum { STATUS_COUNT = G_N_ELEMENTS(STATUSES) + 1 };

/* Upper bounds of buckets, in microseconds; the last bucket has none. */
static const gint64 BOUNDS_US[] = {500,    1000,   2500,   5000,    10000,   25000,   50000,
                                   100000, 250000, 500000, 1000000, 2500000, 5000000, 10000000};
enum { BUCKET_COUNT = G_N_ELEMENTS(BOUNDS_US) + 1 };

typedef struct {
    const char *pattern; /* NULL: none of the routes */
    MetricsClass class;
    Counter statuses[STATUS_COUNT];
} Route;

typedef struct {
    Counter buckets[BUCKET_COUNT]; /* each by itself: summed up when written */
    Counter sum_us;
    Counter bytes;
} Timing;

struct Metrics {
    GPtrArray *routes;   /* Route; the first is that of no route */
    GHashTable *numbers; /* pattern, by its address -> number in routes */
    Timing timings[METRICS_CLASSES];
    Counter events[METRICS_EVENTS];
    int memory; /* /proc/self/statm: opened before the process gives up its rights; -1: not there */
    double started_unix;
};

/* Classes */

static const char *const CLASS_NAMES[METRICS_CLASSES] = {"search", "suggest", "page", "api",
                                                         "image",  "export",  "file", "other"};

/* The first beginning that fits tells the class. */
static const struct {
    const char *beginning;
    MetricsClass class;
} CLASSES[] = {
    {"/search/record", METRICS_SEARCH},
    {"/search.", METRICS_EXPORT},
    {"/search", METRICS_SEARCH},
    {"/api/v1/search", METRICS_SEARCH},
    {"/api/v1/suggest", METRICS_SUGGEST},
    {"/suggest.json", METRICS_SUGGEST},
    {"/documents/{id}/pages/{n}", METRICS_IMAGE},
    {"/api/v1/documents/{id}/pages/{n}/boxes", METRICS_IMAGE},
    {"/documents/{id}/file", METRICS_FILE},
    {"/assets/", METRICS_FILE},
    {"/status.", METRICS_EXPORT},
    {"/feed.", METRICS_EXPORT},
    {"/sitemap.", METRICS_EXPORT},
    {"/healthz", METRICS_OTHER},
    {"/readyz", METRICS_OTHER},
    {"/metrics", METRICS_OTHER},
    {"/api/", METRICS_API},
    {"/", METRICS_PAGE},
};

const char *metrics_class_name(MetricsClass class)
{
    return CLASS_NAMES[class];
}

MetricsClass metrics_class_of(const char *pattern)
{
    for (gsize i = 0; pattern && i < G_N_ELEMENTS(CLASSES); i++)
        if (g_str_has_prefix(pattern, CLASSES[i].beginning))
            return CLASSES[i].class;
    return METRICS_OTHER;
}

/* Life */

void metrics_add_route(Metrics *metrics, const char *pattern)
{
    Route *route = g_new0(Route, 1);
    route->pattern = pattern;
    route->class = metrics_class_of(pattern);
    g_hash_table_insert(metrics->numbers, (gpointer)pattern,
                        GUINT_TO_POINTER(metrics->routes->len));
    g_ptr_array_add(metrics->routes, route);
}

Metrics *metrics_new(void)
{
    Metrics *metrics = g_new0(Metrics, 1);
    metrics->routes = g_ptr_array_new_with_free_func(g_free);
    metrics->numbers = g_hash_table_new(g_direct_hash, g_direct_equal);
    metrics_add_route(metrics, NULL);
    metrics->memory = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    metrics->started_unix = (double)g_get_real_time() / G_USEC_PER_SEC;
    return metrics;
}

void metrics_free(Metrics *metrics)
{
    if (!metrics)
        return;
    g_ptr_array_unref(metrics->routes);
    g_hash_table_unref(metrics->numbers);
    if (metrics->memory >= 0)
        close(metrics->memory);
    g_free(metrics);
}

/* Counting */

static void add(Counter *counter, guint64 count)
{
    atomic_fetch_add_explicit(counter, count, memory_order_relaxed);
}

static guint64 count_of(const Counter *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static guint status_number(guint status)
{
    guint i = 0;
    while (i < G_N_ELEMENTS(STATUSES) && STATUSES[i] != status)
        i++;
    return i;
}

static guint bucket_number(gint64 took_us)
{
    guint i = 0;
    while (i < G_N_ELEMENTS(BOUNDS_US) && took_us > BOUNDS_US[i])
        i++;
    return i;
}

void metrics_count_request(Metrics *metrics, const char *pattern, guint status, gint64 took_us,
                           guint64 bytes)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(metrics->numbers, pattern));
    Route *route = g_ptr_array_index(metrics->routes, number);
    Timing *timing = &metrics->timings[route->class];
    add(&route->statuses[status_number(status)], 1);
    add(&timing->buckets[bucket_number(took_us)], 1);
    add(&timing->sum_us, (guint64)MAX(took_us, 0));
    add(&timing->bytes, bytes);
}

void metrics_count(Metrics *metrics, MetricsEvent event)
{
    add(&metrics->events[event], 1);
}

/* Writing */

void metrics_family(GString *text, const char *name, const char *type, const char *help)
{
    g_string_append_printf(text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void append_label(GString *text, const char *label, const char *value)
{
    g_string_append_printf(text, "%c%s=\"", text->str[text->len - 1] == '"' ? ',' : '{', label);
    for (; *value; value++) {
        if (*value == '\\' || *value == '"')
            g_string_append_c(text, '\\');
        if (*value == '\n')
            g_string_append(text, "\\n");
        else
            g_string_append_c(text, *value);
    }
    g_string_append_c(text, '"');
}

static void append_value(GString *text, double value)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(text, " %s\n",
                           g_ascii_formatd(digits, (gint)sizeof digits, "%.15g", value));
}

void metrics_sample(GString *text, const char *name, const char *label, const char *label_value,
                    double value)
{
    g_string_append(text, name);
    if (label) {
        append_label(text, label, label_value);
        g_string_append_c(text, '}');
    }
    append_value(text, value);
}

void metrics_single(GString *text, const char *name, const char *type, const char *help,
                    double value)
{
    metrics_family(text, name, type, help);
    metrics_sample(text, name, NULL, NULL, value);
}

static void write_route(const Route *route, GString *text)
{
    for (guint i = 0; i < STATUS_COUNT; i++) {
        guint64 count = count_of(&route->statuses[i]);
        if (count == 0)
            continue;
        g_autofree char *status =
            i < G_N_ELEMENTS(STATUSES) ? g_strdup_printf("%u", STATUSES[i]) : g_strdup("other");
        g_string_append(text, "schedario_http_requests_total");
        append_label(text, "route", route->pattern ? route->pattern : "none");
        append_label(text, "status", status);
        g_string_append_c(text, '}');
        append_value(text, (double)count);
    }
}

static void append_bucket(GString *text, const char *class, const char *bound, guint64 count)
{
    g_string_append(text, "schedario_http_request_duration_seconds_bucket");
    append_label(text, "class", class);
    append_label(text, "le", bound);
    g_string_append_c(text, '}');
    append_value(text, (double)count);
}

static void write_timing(const Timing *timing, const char *class, GString *text)
{
    guint64 count = 0;
    for (guint i = 0; i < BUCKET_COUNT; i++) {
        char digits[G_ASCII_DTOSTR_BUF_SIZE];
        gboolean is_last = i == G_N_ELEMENTS(BOUNDS_US);
        count += count_of(&timing->buckets[i]);
        if (!is_last)
            g_ascii_formatd(digits, (gint)sizeof digits, "%g",
                            (double)BOUNDS_US[i] / G_USEC_PER_SEC);
        append_bucket(text, class, is_last ? "+Inf" : digits, count);
    }
    metrics_sample(text, "schedario_http_request_duration_seconds_sum", "class", class,
                   (double)count_of(&timing->sum_us) / G_USEC_PER_SEC);
    metrics_sample(text, "schedario_http_request_duration_seconds_count", "class", class,
                   (double)count);
}

/* A new family where `name` is not NULL, else another sample of the one before. */
static const struct {
    const char *name, *help, *label, *value;
} EVENTS[METRICS_EVENTS] = {
    [METRICS_QUESTIONS_PAGE] = {"schedario_questions_total", "Questions asked, first pages only.",
                                "by", "page"},
    [METRICS_QUESTIONS_API] = {NULL, NULL, "by", "api"},
    [METRICS_QUESTIONS_EMPTY] = {"schedario_questions_without_result_total",
                                 "Questions that nothing was found for.", NULL, NULL},
    [METRICS_QUESTIONS_CUT] = {"schedario_questions_cut_total",
                               "Questions answered in part, because their time was up.", NULL,
                               NULL},
    [METRICS_ARCHIVE_FAILURES] = {"schedario_archive_failures_total",
                                  "Requests that the archive could not be read for.", NULL, NULL},
    [METRICS_RELOADS] = {"schedario_reloads_total",
                         "Times that templates and messages were read anew.", "outcome", "done"},
    [METRICS_RELOADS_FAILED] = {NULL, NULL, "outcome", "refused"},
};

static void write_events(const Metrics *metrics, GString *text)
{
    const char *name = NULL;
    for (guint i = 0; i < METRICS_EVENTS; i++) {
        if (EVENTS[i].name) {
            name = EVENTS[i].name;
            metrics_family(text, name, "counter", EVENTS[i].help);
        }
        metrics_sample(text, name, EVENTS[i].label, EVENTS[i].value,
                       (double)count_of(&metrics->events[i]));
    }
}

/* Resident memory in bytes; 0: not known. The second number of statm is pages in memory. */
static double resident_bytes(const Metrics *metrics)
{
    char text[128];
    gssize length = pread(metrics->memory, text, sizeof text - 1, 0);
    text[MAX(length, 0)] = '\0';
    const char *blank = strchr(text, ' ');
    return blank ? (double)strtoull(blank, NULL, 10) * (double)sysconf(_SC_PAGESIZE) : 0;
}

static double seconds_of(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / G_USEC_PER_SEC;
}

static void write_process(const Metrics *metrics, GString *text)
{
    struct rusage usage = {0};
    getrusage(RUSAGE_SELF, &usage);
    metrics_single(text, "process_resident_memory_bytes", "gauge",
                   "Memory of this process that is not swapped out.", resident_bytes(metrics));
    const struct mallinfo2 heap = mallinfo2();
    metrics_single(text, "schedario_heap_used_bytes", "gauge",
                   "What is allocated; the rest of the resident memory are holes and files.",
                   (double)heap.uordblks + (double)heap.hblkhd);
    metrics_single(text, "process_cpu_seconds_total", "counter",
                   "Processor time of this process, in the kernel too.",
                   seconds_of(&usage.ru_utime) + seconds_of(&usage.ru_stime));
    metrics_single(text, "process_start_time_seconds", "gauge",
                   "When it started, in seconds since 1970.", metrics->started_unix);
}

void metrics_write(const Metrics *metrics, GString *text)
{
    metrics_family(text, "schedario_http_requests_total", "counter",
                   "Requests answered, by pattern of address and status.");
    for (guint i = 0; i < metrics->routes->len; i++)
        write_route(g_ptr_array_index(metrics->routes, i), text);
    metrics_family(text, "schedario_http_request_duration_seconds", "histogram",
                   "From the request's first line until its answer was sent.");
    for (int i = 0; i < METRICS_CLASSES; i++)
        write_timing(&metrics->timings[i], CLASS_NAMES[i], text);
    metrics_family(text, "schedario_http_response_bytes_total", "counter",
                   "Bytes of bodies sent; streamed ones are not counted.");
    for (int i = 0; i < METRICS_CLASSES; i++)
        metrics_sample(text, "schedario_http_response_bytes_total", "class", CLASS_NAMES[i],
                       (double)count_of(&metrics->timings[i].bytes));
    write_events(metrics, text);
    write_process(metrics, text);
}
