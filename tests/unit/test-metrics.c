/* Tests of server/metrics: what was counted stands in the text, and nothing else does. The text as
 * a whole is read strictly in tests/integration/operation.test.mjs. */
#include "fixture.h"

#include "../../server/metrics.h"

static const char SEARCH[] = "/search", IMAGE[] = "/documents/{id}/pages/{n}.png";

static void assert_line(const Metrics *metrics, const char *line)
{
    g_autoptr(GString) text = g_string_new("\n");
    g_autofree char *whole = g_strdup_printf("\n%s\n", line);
    metrics_write(metrics, text);
    if (!strstr(text->str, whole))
        fail_msg("not there: %s\nin: %s", line, text->str);
}

static void assert_no_line(const Metrics *metrics, const char *part)
{
    g_autoptr(GString) text = g_string_new(NULL);
    metrics_write(metrics, text);
    if (strstr(text->str, part))
        fail_msg("it is there: %s", part);
}

static void test_classes(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *class;
    } rows[] = {
        {"/", "page"},
        {"/search", "search"},
        {"/search.csv", "export"},
        {"/search.atom", "export"},
        {"/search/record.txt", "search"},
        {"/api/v1/search", "search"},
        {"/api/v1/suggest", "suggest"},
        {"/suggest.json", "suggest"},
        {"/api/v1/documents/{id}", "api"},
        {"/api/v1/documents/{id}/pages/{n}", "api"},
        {"/api/v1/documents/{id}/pages/{n}/boxes", "image"},
        {"/documents/{id}", "page"},
        {"/documents/{id}/pages/{n}.png", "image"},
        {"/documents/{id}/pages/{n}", "image"},
        {"/documents/{id}/file", "file"},
        {"/assets/{version}/{name}", "file"},
        {"/status", "page"},
        {"/status.csv", "export"},
        {"/healthz", "other"},
        {"/metrics", "other"},
        {NULL, "other"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_string_equal(metrics_class_name(metrics_class_of(rows[i].pattern)), rows[i].class);
}

static void test_requests(void **state)
{
    (void)state;
    g_autoptr(Metrics) metrics = metrics_new();
    metrics_add_route(metrics, SEARCH);
    metrics_add_route(metrics, IMAGE);
    metrics_count_request(metrics, SEARCH, 200, 700, 1000);
    metrics_count_request(metrics, SEARCH, 200, 1000, 500);
    metrics_count_request(metrics, SEARCH, 503, 20 * G_USEC_PER_SEC, 0);
    metrics_count_request(metrics, IMAGE, 299, 500, 7);
    metrics_count_request(metrics, NULL, 404, -5, 0);
    metrics_count_request(metrics, "/unknown", 404, 0, 0);
    assert_line(metrics, "schedario_http_requests_total{route=\"/search\",status=\"200\"} 2");
    assert_line(metrics, "schedario_http_requests_total{route=\"/search\",status=\"503\"} 1");
    assert_line(metrics, "schedario_http_requests_total{route=\"none\",status=\"404\"} 2");
    assert_line(metrics, "schedario_http_requests_total{route=\"/documents/{id}/pages/{n}.png\","
                         "status=\"other\"} 1");
    assert_no_line(metrics, "{route=\"/search\",status=\"404\"}");
#define BUCKET "schedario_http_request_duration_seconds_bucket{class="
    assert_line(metrics, BUCKET "\"search\",le=\"0.0005\"} 0");
    assert_line(metrics, BUCKET "\"search\",le=\"0.001\"} 2");
    assert_line(metrics, BUCKET "\"search\",le=\"10\"} 2");
    assert_line(metrics, BUCKET "\"search\",le=\"+Inf\"} 3");
    assert_line(metrics, BUCKET "\"image\",le=\"0.0005\"} 1");
    assert_line(metrics, "schedario_http_request_duration_seconds_sum{class=\"search\"} 20.0017");
    assert_line(metrics, "schedario_http_request_duration_seconds_count{class=\"search\"} 3");
    assert_line(metrics, "schedario_http_response_bytes_total{class=\"search\"} 1500");
}

static void test_events(void **state)
{
    (void)state;
    g_autoptr(Metrics) metrics = metrics_new();
    assert_line(metrics, "schedario_questions_total{by=\"page\"} 0");
    for (int event = 0; event < METRICS_EVENTS; event++)
        for (int i = 0; i <= event; i++)
            metrics_count(metrics, (MetricsEvent)event);
    assert_line(metrics, "schedario_questions_total{by=\"page\"} 1");
    assert_line(metrics, "schedario_questions_total{by=\"api\"} 2");
    assert_line(metrics, "schedario_questions_without_result_total 3");
    assert_line(metrics, "schedario_questions_cut_total 4");
    assert_line(metrics, "schedario_archive_failures_total 5");
    assert_line(metrics, "schedario_reloads_total{outcome=\"done\"} 6");
    assert_line(metrics, "schedario_reloads_total{outcome=\"refused\"} 7");
}

enum { THREADS = 4, TIMES = 20000 };

static gpointer count_many(gpointer metrics)
{
    for (int i = 0; i < TIMES; i++) {
        metrics_count_request(metrics, SEARCH, 200, i, 1);
        metrics_count(metrics, METRICS_RELOADS);
    }
    return NULL;
}

/* None is lost between threads, also while the text is made. */
static void test_threads(void **state)
{
    (void)state;
    g_autoptr(Metrics) metrics = metrics_new();
    GThread *threads[THREADS];
    metrics_add_route(metrics, SEARCH);
    for (int i = 0; i < THREADS; i++)
        threads[i] = g_thread_new("count", count_many, metrics);
    for (int i = 0; i < 20; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        metrics_write(metrics, text);
    }
    for (int i = 0; i < THREADS; i++)
        g_thread_join(threads[i]);
    g_autofree char *line = g_strdup_printf(
        "schedario_http_requests_total{route=\"/search\",status=\"200\"} %d", THREADS * TIMES);
    assert_line(metrics, line);
    g_autofree char *count = g_strdup_printf(
        "schedario_http_request_duration_seconds_count{class=\"search\"} %d", THREADS * TIMES);
    assert_line(metrics, count);
}

static void test_form(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new(NULL);
    metrics_single(text, "a_bytes", "gauge", "What it is.", 1.5);
    metrics_sample(text, "b", "label", "q\"b\\s\nn", 1e15);
    metrics_sample(text, "c", NULL, NULL, 123456789012345);
    assert_string_equal(text->str, "# HELP a_bytes What it is.\n# TYPE a_bytes gauge\na_bytes 1.5\n"
                                   "b{label=\"q\\\"b\\\\s\\nn\"} 1e+15\nc 123456789012345\n");
}

static void test_process(void **state)
{
    (void)state;
    g_autoptr(Metrics) metrics = metrics_new();
    g_autoptr(GString) text = g_string_new(NULL);
    metrics_write(metrics, text);
    const char *memory = strstr(text->str, "\nprocess_resident_memory_bytes ");
    assert_non_null(memory);
    assert_true(g_ascii_strtod(memory + strlen("\nprocess_resident_memory_bytes "), NULL) > 1e6);
    metrics_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes), cmocka_unit_test(test_requests),
        cmocka_unit_test(test_events),  cmocka_unit_test(test_threads),
        cmocka_unit_test(test_form),    cmocka_unit_test(test_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
