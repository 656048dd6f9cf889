/* Which files staff ask for, and what is said of each and of the indexer. */
#include "sample.h"

#include "../../server/answers/parameters.h"
#include "../../server/http/http_request.h"
#include "../../server/pages/status_files.h"

static HttpRequest *request_of(const char *target)
{
    HttpFault fault;
    HttpRequest *request = http_request_new("GET", target);
    assert_true(http_request_parse(request, &fault));
    return request;
}

static void test_filters(void **state)
{
    static const struct {
        const char *target;
        FileOutcome first, last;
        const char *folder, *words;
    } ROWS[] = {
        {"/status", OUTCOME_PENDING, OUTCOME_REMOVED, "", ""},
        {"/status?state=", OUTCOME_PENDING, OUTCOME_REMOVED, "", ""},
        {"/status?state=failed", OUTCOME_PASSWORD, OUTCOME_SIDECAR_FAULT, "", ""},
        {"/status?state=indexed", OUTCOME_INDEXED, OUTCOME_DUPLICATE, "", ""},
        {"/status?state=pending", OUTCOME_PENDING, OUTCOME_PENDING, "", ""},
        {"/status?state=removed", OUTCOME_REMOVED, OUTCOME_REMOVED, "", ""},
        {"/status?outcome=scan", OUTCOME_SCAN, OUTCOME_SCAN, "", ""},
        {"/status?state=failed&outcome=edition", OUTCOME_EDITION, OUTCOME_EDITION, "", ""},
        {"/status?folder=/a/b/&q=x+y", OUTCOME_PENDING, OUTCOME_REMOVED, "a/b", "x y"},
        {"/status?folder=%20//%20", OUTCOME_PENDING, OUTCOME_REMOVED, "", ""},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(HttpRequest) request = request_of(ROWS[i].target);
        g_auto(StatusFilter) filter;
        assert_true(status_filter_read(request, &filter, NULL));
        const ArchiveFileFilter wanted = status_filter_of(&filter);
        assert_int_equal(wanted.first, ROWS[i].first);
        assert_int_equal(wanted.last, ROWS[i].last);
        assert_string_equal(wanted.folder, ROWS[i].folder);
        assert_string_equal(wanted.words, ROWS[i].words);
    }
}

static void test_bad_filters(void **state)
{
    g_autofree char *many = g_strnfill(STATUS_WORDS_BYTES + 1, 'x');
    g_autofree char *words = g_strconcat("/status?q=", many, NULL);
    const char *const TARGETS[] = {"/status?state=x", "/status?state=sidecar", "/status?outcome=x",
                                   "/status?outcome=Scan", words};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(TARGETS); i++) {
        g_autoptr(HttpRequest) request = request_of(TARGETS[i]);
        g_autoptr(GError) error = NULL;
        g_auto(StatusFilter) filter;
        assert_false(status_filter_read(request, &filter, &error));
        assert_int_equal(error->domain, PARAMETERS_ERROR);
    }
}

static void test_total(void **state)
{
    guint counts[OUTCOME_COUNT];
    (void)state;
    for (guint i = 0; i < OUTCOME_COUNT; i++)
        counts[i] = 1u << i;
    StatusFilter filter = {.first = OUTCOME_PENDING, .last = OUTCOME_REMOVED};
    assert_int_equal(status_filter_total(&filter, counts), (1u << OUTCOME_COUNT) - 1);
    filter.first = filter.last = OUTCOME_SCAN;
    assert_int_equal(status_filter_total(&filter, counts), 1u << OUTCOME_SCAN);
    json_t *value = status_outcomes(counts);
    assert_int_equal(json_object_size(value), OUTCOME_COUNT);
    assert_int_equal(json_integer_value(json_object_get(value, "removed")), 1u << OUTCOME_REMOVED);
    json_decref(value);
}

/* Files */

static void assert_member(const json_t *object, const char *key, const char *expected)
{
    const json_t *value = json_object_get(object, key);
    if (expected)
        assert_string_equal(json_string_value(value), expected);
    else
        assert_true(json_is_null(value));
}

static json_t *file_at(Archive *archive, const char *path)
{
    const ArchiveFileFilter filter = {.last = OUTCOME_REMOVED, .words = path, .limit = 1};
    g_autoptr(GPtrArray) files = archive_find_files(archive, &filter, NULL);
    assert_int_equal(files->len, 1);
    return status_file(archive, files->pdata[0]);
}

static void test_files(void **state)
{
    static const Sample FIRST = {.path = "a.txt", .title = "Prima", .marked = IT "prima"};
    static const Sample SECOND = {.path = "a.txt", .title = "Seconda", .marked = IT "seconda"};
    SampleFolder folder = sample_folder_new();
    g_autoptr(Archive) archive = sample_writer(folder.archive);
    g_autofree char *first_id = sample_id(&FIRST);
    (void)state;
    gint64 first = sample_put(archive, &FIRST);
    assert_true(archive_begin(archive, NULL));
    sample_put_file(archive, "copy.txt", first, FILE_INDEXED);
    assert_true(archive_commit(archive, NULL));
    json_t *copy = file_at(archive, "copy.txt");
    assert_member(copy, "outcome", "duplicate");
    assert_member(copy, "duplicate_of", "a.txt");
    assert_member(copy, "previous", NULL);
    sample_put(archive, &SECOND);
    json_t *edition = file_at(archive, "a.txt");
    assert_member(edition, "outcome", "edition");
    assert_member(edition, "duplicate_of", NULL);
    assert_member(json_object_get(edition, "document"), "title", "Seconda");
    assert_member(json_object_get(edition, "previous"), "id", first_id);
    assert_member(json_object_get(edition, "previous"), "path", "copy.txt");
    sample_remove(archive, "copy.txt");
    json_t *removed = file_at(archive, "copy.txt");
    assert_member(removed, "state", "removed");
    assert_member(removed, "document", NULL);
    assert_member(json_object_get(removed, "previous"), "title", "Prima");
    assert_member(json_object_get(removed, "previous"), "path", NULL);
    json_decref(copy);
    json_decref(edition);
    json_decref(removed);
    sample_folder_release(&folder);
}

/* The indexer */

static void test_indexer(void **state)
{
    (void)state;
    ArchiveWork work = {.began_unix = 1000,
                        .seen_unix = 1100,
                        .is_watching = TRUE,
                        .started_unix = 1000,
                        .total = 30,
                        .done = 10,
                        .pages = 500,
                        .reading = (char *)"x.pdf",
                        .reading_unix = 1090};
    json_t *value = status_indexer(&work, 1100), *now = json_object_get(value, "work");
    assert_true(json_is_true(json_object_get(value, "watching")));
    assert_true(json_is_true(json_object_get(now, "under_way")));
    assert_int_equal(json_integer_value(json_object_get(now, "pages_per_second")), 5);
    assert_member(now, "expected_end", "1970-01-01T00:21:40Z"); /* 200 s on */
    assert_member(now, "reading", "x.pdf");
    json_decref(value);
    value = status_indexer(&work, 1100 + ARCHIVE_SILENCE_SECONDS + 1); /* it was killed */
    now = json_object_get(value, "work");
    assert_true(json_is_false(json_object_get(value, "running")));
    assert_true(json_is_false(json_object_get(value, "watching")));
    assert_true(json_is_false(json_object_get(now, "under_way")));
    assert_member(now, "reading", NULL);
    assert_member(now, "expected_end", NULL);
    assert_member(value, "seen", "1970-01-01T00:18:20Z");
    json_decref(value);
    value = status_indexer(&(ArchiveWork){0}, 1100);
    assert_member(value, "began", NULL);
    assert_member(value, "seen", NULL);
    assert_member(value, "work", NULL);
    json_decref(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filters), cmocka_unit_test(test_bad_filters),
        cmocka_unit_test(test_total),   cmocka_unit_test(test_files),
        cmocka_unit_test(test_indexer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
