/* See operation.h. */
#include "operation.h"

#include "api.h"
#include "service.h"
#include "trouble.h"

#ifndef SCHEDARIO_VERSION
#define SCHEDARIO_VERSION "0"
#endif

const HttpRoute OPERATION_ROUTES[] = {
    {"/metrics", operation_metrics, "", HTTP_ROUTE_PLAIN},
    {"/readyz", operation_ready, "", HTTP_ROUTE_PLAIN},
    {"/healthz", api_health, "", HTTP_ROUTE_PLAIN},
    {NULL, NULL, NULL, HTTP_ROUTE_PLAIN},
};

/* Counting */

void operation_count(gpointer service, const HttpRoute *routes)
{
    for (; routes->pattern; routes++)
        metrics_add_route(service_metrics(service), routes->pattern);
}

void operation_log(const HttpRequest *request, guint status, gint64 took_us, gsize bytes,
                   gpointer service)
{
    metrics_count_request(service_metrics(service), request->pattern, status, took_us, bytes);
}

/* Ready */

/* What is wanted of the archive, for both answers. */
typedef struct {
    ArchiveCounts counts;
    ArchiveWork work;
    gint64 revision;
} ArchiveState;

static void archive_state_clear(ArchiveState *state)
{
    archive_work_clear(&state->work);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ArchiveState, archive_state_clear)

static gboolean read_archive(Service *service, ArchiveState *ret_state, GError **error)
{
    Searcher *searcher = service_borrow(service, error);
    if (!searcher)
        return FALSE;
    Archive *archive = searcher_archive(searcher);
    gboolean is_read = archive_counts(archive, &ret_state->counts, error) &&
                       archive_work(archive, &ret_state->work, error);
    ret_state->revision = cards_revision(searcher_cards(searcher));
    service_return(service, searcher);
    if (is_read && service_is_damaged(service)) {
        g_set_error_literal(error, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED,
                            "a request found the archive damaged");
        return FALSE;
    }
    return is_read;
}

/* Without originals there is nothing to be drawn, and no reader is wanted. */
static gboolean lacks_reader(const Service *service)
{
    PageCacheStats cache;
    RenderingStats rendering;
    return service_corpus(service) >= 0 &&
           !facsimile_stats(service_facsimile(service), &cache, &rendering);
}

static HttpResponse *text_response(guint status, const char *type, GString *text)
{
    HttpResponse *response = http_response_new(status, type, g_string_free_to_bytes(text));
    http_response_header(response, "Cache-Control", "no-store");
    http_response_header(response, "X-Robots-Tag", "noindex, nofollow");
    return response;
}

HttpResponse *operation_ready(const HttpRequest *request, gpointer service)
{
    (void)request;
    g_autoptr(GError) error = NULL;
    g_auto(ArchiveState) state = {0};
    gboolean has_archive = read_archive(service, &state, &error);
    gboolean has_reader = !lacks_reader(service);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "archive: %s\n",
                           has_archive ? "ok" : trouble_detail(trouble_of(error)));
    g_string_append_printf(text, "reader: %s\n",
                           has_reader ? "ok" : "the program that draws pages cannot be started");
    return text_response(has_archive && has_reader ? 200 : 503, "text/plain; charset=utf-8", text);
}

/* Metrics */

static void write_single(GString *text, const char *name, double value, const char *help)
{
    metrics_single(text, name, g_str_has_suffix(name, "_total") ? "counter" : "gauge", help, value);
}

static void write_files(const ArchiveCounts *counts, GString *text)
{
    static const char NAME[] = "schedario_archive_files";
    metrics_family(text, NAME, "gauge", "Files of the corpus, by what became of them.");
    metrics_sample(text, NAME, "state", "indexed", counts->indexed);
    metrics_sample(text, NAME, "state", "pending", counts->pending);
    metrics_sample(text, NAME, "state", "failed", counts->failed);
}

static void write_archive(const ArchiveState *state, GString *text)
{
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;
    gint64 compared = state->counts.compared_unix;
    write_files(&state->counts, text);
    write_single(text, "schedario_archive_documents", state->counts.documents,
                 "Documents that can be searched.");
    write_single(text, "schedario_archive_pages", (double)state->counts.pages, "Pages of them.");
    write_single(text, "schedario_archive_revision", (double)state->revision,
                 "Grows with every change of a document.");
    if (compared)
        write_single(text, "schedario_archive_compared_age_seconds", (double)MAX(now - compared, 0),
                     "Time since all of the corpus was compared with the archive.");
    write_single(text, "schedario_indexer_up", archive_work_is_alive(&state->work, now),
                 "Whether an indexer runs.");
    write_single(text, "schedario_indexer_disk_full", state->work.is_full,
                 "Whether the indexer waits for room on the disk.");
}

static void write_server(HttpServer *server, GString *text)
{
    HttpStats stats = {0};
    if (server)
        http_server_stats(server, &stats);
    write_single(text, "schedario_http_connections", stats.connections, "Connections open.");
    write_single(text, "schedario_http_requests_under_way", stats.under_way,
                 "Requests begun and not answered in full.");
    write_single(text, "schedario_http_slow_waiting", stats.slow_waiting,
                 "Requests that wait for a thread that may wait for a reader process.");
    write_single(text, "schedario_http_slow_running", stats.slow_running,
                 "Requests that have such a thread.");
    write_single(text, "schedario_http_sending_bytes", (double)stats.sending_bytes,
                 "Large answers in memory that clients have not taken yet.");
    write_single(text, "schedario_http_sending_limit_bytes", (double)stats.sending_most,
                 "What these may take.");
    write_single(text, "schedario_http_sending_refused_total", (double)stats.sending_refused,
                 "Answers refused for that limit.");
    static const char NAME[] = "schedario_http_clients_let_go_total";
    static const char *const REASONS[] = {"slow-request", "slow-answer", "room"};
    metrics_family(text, NAME, "counter", "Connections ended by the server, by reason.");
    for (gsize i = 0; i < G_N_ELEMENTS(REASONS); i++)
        metrics_sample(text, NAME, "reason", REASONS[i], (double)stats.let_go[i]);
}

static void write_cache(const PageCacheStats *cache, GString *text)
{
    write_single(text, "schedario_image_cache_entries", cache->entries, "Images kept.");
    write_single(text, "schedario_image_cache_bytes", (double)cache->bytes, "What they take.");
    write_single(text, "schedario_image_cache_limit_bytes", (double)cache->most_bytes,
                 "What they may take.");
    write_single(text, "schedario_image_cache_hits_total", (double)cache->hits,
                 "Images that were there.");
    write_single(text, "schedario_image_cache_misses_total", (double)cache->misses,
                 "Images that had to be made.");
}

static void write_readers(const RenderingStats *readers, GString *text)
{
    write_single(text, "schedario_readers_running", readers->running, "Reader processes.");
    write_single(text, "schedario_readers_started_total", readers->started,
                 "Reader processes started.");
    write_single(text, "schedario_reader_pages_waiting", readers->waiting,
                 "Pages that wait for a reader.");
    write_single(text, "schedario_reader_pages_total", readers->pages, "Pages asked of readers.");
    static const char NAME[] = "schedario_reader_failures_total";
    metrics_family(text, NAME, "counter", "Pages that readers gave no answer to, by reason.");
    metrics_sample(text, NAME, "reason", "crashed", readers->crashed);
    metrics_sample(text, NAME, "reason", "timeout", readers->timeouts);
    metrics_sample(text, NAME, "reason", "nonsense", readers->nonsense);
    metrics_sample(text, NAME, "reason", "busy", readers->busy);
    write_single(text, "schedario_reader_pages_failed_total", readers->failed,
                 "Pages that could not be drawn, whatever the reason.");
}

static void write_service(Service *service, GString *text)
{
    ServiceStats stats;
    PageCacheStats cache;
    RenderingStats readers;
    service_stats(service, &stats);
    facsimile_stats(service_facsimile(service), &cache, &readers);
    write_server(service_server(service), text);
    write_single(text, "schedario_searchers", stats.searchers,
                 "Connections to the archive that are open.");
    write_single(text, "schedario_kept_lists_bytes", (double)stats.kept_bytes,
                 "Posting lists kept by connections at rest.");
    write_single(text, "schedario_exports_under_way", stats.exports, "Exports under way.");
    write_cache(&cache, text);
    write_readers(&readers, text);
}

static void write_build(GString *text)
{
    static const char NAME[] = "schedario_build_info";
    metrics_family(text, NAME, "gauge", "Always 1; its label is the version.");
    metrics_sample(text, NAME, "version", SCHEDARIO_VERSION, 1);
}

HttpResponse *operation_metrics(const HttpRequest *request, gpointer service)
{
    (void)request;
    g_auto(ArchiveState) state = {0};
    GString *text = g_string_new(NULL);
    gboolean has_archive = read_archive(service, &state, NULL);
    metrics_write(service_metrics(service), text);
    write_service(service, text);
    write_single(text, "schedario_archive_up", has_archive, "Whether the archive can be read.");
    if (has_archive)
        write_archive(&state, text);
    write_build(text);
    return text_response(200, "text/plain; version=0.0.4; charset=utf-8", text);
}
