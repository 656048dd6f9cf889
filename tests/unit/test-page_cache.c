/* Tests of server/page_cache: kept within its bound, made once, failures remembered. */
#include "../../server/images/page_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    gint made; /* atomic */
    gsize size;
    guint delay_ms;
    gint code; /* GFileError of a failure; -1: none */
} Maker;

static GBytes *make(gpointer data, GError **error)
{
    Maker *maker = data;
    int number = g_atomic_int_add(&maker->made, 1);
    g_usleep(maker->delay_ms * 1000);
    if (maker->code >= 0) {
        g_set_error(error, G_FILE_ERROR, maker->code, "failure %d", number);
        return NULL;
    }
    char *bytes = g_malloc0(maker->size);
    bytes[0] = (char)number;
    return g_bytes_new_take(bytes, maker->size);
}

static gboolean lasts(const GError *error)
{
    return error->code == G_FILE_ERROR_INVAL;
}

static int get_number(PageCache *cache, const char *key, Maker *maker)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = page_cache_get(cache, key, make, maker, &error);
    assert_non_null(bytes);
    assert_null(error);
    return *(const char *)g_bytes_get_data(bytes, NULL);
}

static void test_least_recent_goes(void **state)
{
    (void)state;
    Maker maker = {.size = 1000, .code = -1};
    g_autoptr(PageCache) cache = page_cache_new(5000, lasts);
    assert_int_equal(get_number(cache, "a", &maker), 0);
    assert_int_equal(get_number(cache, "b", &maker), 1);
    assert_int_equal(get_number(cache, "c", &maker), 2);
    assert_int_equal(get_number(cache, "a", &maker), 0);
    assert_in_range(page_cache_bytes(cache), 3000, 5000);
    assert_int_equal(get_number(cache, "d", &maker), 3);
    assert_in_range(page_cache_bytes(cache), 3000, 5000);
    assert_int_equal(get_number(cache, "a", &maker), 0); /* used lately */
    assert_int_equal(get_number(cache, "b", &maker), 4); /* went */
}

static void test_too_large(void **state)
{
    (void)state;
    Maker maker = {.size = 10000, .code = -1};
    g_autoptr(PageCache) cache = page_cache_new(5000, lasts);
    assert_int_equal(get_number(cache, "a", &maker), 0);
    assert_int_equal(page_cache_bytes(cache), 0);
    assert_int_equal(get_number(cache, "a", &maker), 1);
    g_autoptr(PageCache) none = page_cache_new(0, lasts);
    assert_int_equal(get_number(none, "a", &maker), 2);
}

static int failure_number(PageCache *cache, Maker *maker)
{
    g_autoptr(GError) error = NULL;
    assert_null(page_cache_get(cache, "a", make, maker, &error));
    assert_true(g_error_matches(error, G_FILE_ERROR, maker->code));
    return error->message[strlen("failure ")] - '0';
}

static void test_failures(void **state)
{
    (void)state;
    Maker maker = {.code = G_FILE_ERROR_AGAIN};
    g_autoptr(PageCache) cache = page_cache_new(5000, lasts);
    assert_int_equal(failure_number(cache, &maker), 0);
    assert_int_equal(failure_number(cache, &maker), 1); /* worth another try */
    maker.code = G_FILE_ERROR_INVAL;
    assert_int_equal(failure_number(cache, &maker), 2);
    assert_int_equal(failure_number(cache, &maker), 2); /* would only fail again */
    assert_in_range(page_cache_bytes(cache), 1, 1000);
}

typedef struct {
    PageCache *cache;
    Maker *maker;
    const char *key;
} Caller;

static gpointer call(gpointer data)
{
    const Caller *caller = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes =
        page_cache_get(caller->cache, caller->key, make, caller->maker, &error);
    return GINT_TO_POINTER((bytes != NULL) == (caller->maker->code < 0));
}

/* What is wanted by many at once is made once, failures as well; also what is not kept. */
static void test_made_once(void **state)
{
    static const struct {
        gsize size;
        gint code;
    } ROWS[] = {{1000, -1}, {10000, -1}, {0, G_FILE_ERROR_INVAL}, {0, G_FILE_ERROR_AGAIN}};
    enum { THREADS = 8 };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        Maker maker = {.size = ROWS[i].size, .code = ROWS[i].code, .delay_ms = 200};
        g_autoptr(PageCache) cache = page_cache_new(5000, lasts);
        Caller caller = {cache, &maker, "a"};
        GThread *threads[THREADS];
        for (int t = 0; t < THREADS; t++)
            threads[t] = g_thread_new("caller", call, &caller);
        for (int t = 0; t < THREADS; t++)
            assert_true(GPOINTER_TO_INT(g_thread_join(threads[t])));
        assert_int_equal(maker.made, 1);
    }
}

/* Many threads, few keys, hardly any room: everything made and dropped all the time. */
static gpointer hammer(gpointer data)
{
    static const char *const KEYS[] = {"a", "b", "c", "d", "e"};
    Caller caller = *(Caller *)data;
    gboolean all = TRUE;
    for (int i = 0; i < 2000; i++) {
        caller.key = KEYS[g_random_int_range(0, G_N_ELEMENTS(KEYS))];
        all = all && call(&caller) != NULL;
    }
    return GINT_TO_POINTER(all);
}

static void test_hammered(void **state)
{
    enum { THREADS = 8 };
    (void)state;
    Maker maker = {.size = 1000, .code = -1}, failing = {.code = G_FILE_ERROR_INVAL};
    g_autoptr(PageCache) cache = page_cache_new(3000, lasts);
    g_autoptr(PageCache) other = page_cache_new(1000, lasts);
    Caller callers[] = {{cache, &maker, NULL}, {other, &failing, NULL}};
    GThread *threads[THREADS];
    for (int t = 0; t < THREADS; t++)
        threads[t] = g_thread_new("hammer", hammer, &callers[t % 2]);
    for (int t = 0; t < THREADS; t++)
        assert_true(GPOINTER_TO_INT(g_thread_join(threads[t])));
    assert_true(page_cache_bytes(cache) <= 3000 && page_cache_bytes(other) <= 1000);
}

/* However much is asked for, it stays within its bound, and every request is a hit or a miss. */
static void test_flood(void **state)
{
    (void)state;
    Maker maker = {.size = 900, .code = -1};
    g_autoptr(PageCache) cache = page_cache_new(50000, lasts);
    PageCacheStats stats;
    for (int i = 0; i < 5000; i++) {
        g_autofree char *key = g_strdup_printf("page %d", i % 7 == 0 ? 0 : i);
        g_bytes_unref(page_cache_get(cache, key, make, &maker, NULL));
        page_cache_stats(cache, &stats);
        assert_true(stats.bytes <= stats.most_bytes);
    }
    assert_int_equal(stats.most_bytes, 50000);
    assert_int_equal(stats.hits + stats.misses, 5000);
    assert_int_equal(stats.misses, maker.made);
    assert_in_range(stats.hits, 700, 715);
    assert_in_range(stats.entries, 30, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flood),     cmocka_unit_test(test_least_recent_goes),
        cmocka_unit_test(test_too_large), cmocka_unit_test(test_failures),
        cmocka_unit_test(test_made_once), cmocka_unit_test(test_hammered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
