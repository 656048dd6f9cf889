/* Tests of server/pages/pages_export: how long an export may keep a processor. The clock of threads
 * is ours here, so that a piece takes as long as a test wants it to; what stands in an export is
 * test-export's, its sending the integration tests'. */
#include "sample_search.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../../server/http/http_request.h"
#include "../../server/limits.h"
#include "../../server/pages/pages.h"
#include "../../server/service.h"

static const Sample SAMPLES[] = {
    {"a.pdf", "Statuto", IT "La fontana antica.", NULL, 2015, KIND_STATUTE, NULL},
    {"b.pdf", "Piano", IT "La fontana nuova.", NULL, 2019, KIND_PLAN, NULL},
};

static int leap_seconds; /* of a thread's clock, before it is looked at the second time */
static int looks;

int clock_gettime(clockid_t clock, struct timespec *now)
{
    long code = syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_THREAD_CPUTIME_ID)
        now->tv_sec += looks++ > 0 ? leap_seconds : 0;
    return (int)code;
}

static int set_up(void **state)
{
    return sample_service_set_up(state, SAMPLES, G_N_ELEMENTS(SAMPLES));
}

/* The rows that come before the end, or before the export is broken off (*ret_is_whole). */
static guint lines_sent(Service *service, gboolean *ret_is_whole)
{
    HttpFault fault;
    g_autoptr(HttpRequest) request = http_request_new("GET", "/search.jsonl?q=fontana");
    assert_true(http_request_parse(request, &fault));
    assert_true(http_request_match(request, "/search.jsonl"));
    HttpResponse *response = pages_jsonl(request, service);
    assert_int_equal(response->status, 200);
    guint lines = 0;
    g_autoptr(GString) piece = g_string_new(NULL);
    do {
        g_string_truncate(piece, 0);
        *ret_is_whole = response->stream.next(response->stream.source, piece);
        for (gsize i = 0; *ret_is_whole && i < piece->len; i++)
            lines += piece->str[i] == '\n';
    } while (*ret_is_whole && piece->len > 0);
    http_response_free(response);
    return lines;
}

static void test_work(void **state)
{
    static const struct {
        int seconds;
        guint lines;
        gboolean is_whole;
    } ROWS[] = {
        {0, 2, TRUE},
        {EXPORT_WORK_SECONDS - 1, 2, TRUE},
        {EXPORT_WORK_SECONDS, 0, FALSE},
        {EXPORT_WORK_SECONDS * 100, 0, FALSE},
    };
    const SampleSearch *search = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        gboolean is_whole = FALSE;
        looks = 0;
        leap_seconds = ROWS[i].seconds;
        assert_int_equal(lines_sent(search->service, &is_whole), ROWS[i].lines);
        assert_int_equal(is_whole, ROWS[i].is_whole);
        assert_true(looks >= 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_work, set_up, sample_search_tear_down),
    };
    return cmocka_run_group_tests_name("pages_export", tests, NULL, NULL);
}
