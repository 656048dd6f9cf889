/* Tests of server/question_log: what stands in a line, that lines stay whole, and what is done
 * about a file that cannot be had. */
#include <fcntl.h>
#include <unistd.h>

#include <jansson.h>

#include "fixture.h"

#include "../../server/question_log.h"

typedef struct {
    char *folder;
    char *path;
} Place;

static int set_up(void **state)
{
    Place *place = g_new0(Place, 1);
    place->folder = fixture_folder_new();
    place->path = g_build_filename(place->folder, "questions.jsonl", NULL);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    Place *place = *state;
    fixture_folder_remove(place->folder);
    g_free(place->path);
    g_free(place);
    return 0;
}

static QuestionLog *open_log(const char *path)
{
    g_autoptr(GError) error = NULL;
    QuestionLog *log = question_log_new(path, &error);
    if (!log)
        fail_msg("%s", error->message);
    return log;
}

/* The lines of a file, without the empty one at its end. */
static char **lines_of(const char *path)
{
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    gsize length = strlen(text);
    if (length > 0) {
        assert_int_equal(text[length - 1], '\n');
        text[length - 1] = '\0';
    }
    return g_strsplit(text, "\n", -1);
}

static void test_line(void **state)
{
    const Place *place = *state;
    static const struct {
        const char *typed;
        const char *language; /* NULL: null */
    } CASES[] = {
        {"cooperazione", "it"},
        {"\"human rights\" \\ <b>", "en"},
        {"citt\xc3\xa0 \xe6\xb0\xb4", NULL},
        {"one\ntwo\r\x1b[31m\x7f", "en"},
    };
    {
        g_autoptr(QuestionLog) log = open_log(place->path);
        for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++)
            question_log_write(log, CASES[i].typed, CASES[i].language, (guint)i, 12345);
        assert_int_equal(question_log_take_lost(log), 0);
    }
    g_auto(GStrv) lines = lines_of(place->path);
    assert_int_equal(g_strv_length(lines), G_N_ELEMENTS(CASES));
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        json_t *line = json_loads(lines[i], 0, NULL);
        assert_int_equal(json_object_size(line), 5);
        assert_string_equal(json_string_value(json_object_get(line, "typed")), CASES[i].typed);
        json_t *language = json_object_get(line, "language");
        assert_int_equal(json_is_null(language), CASES[i].language == NULL);
        if (CASES[i].language)
            assert_string_equal(json_string_value(language), CASES[i].language);
        assert_int_equal(json_integer_value(json_object_get(line, "total")), i);
        assert_true(json_real_value(json_object_get(line, "took_ms")) == 12.3);
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
        g_autoptr(GDateTime) time =
            g_date_time_new_from_iso8601(json_string_value(json_object_get(line, "time")), utc);
        assert_non_null(time);
        assert_true(ABS(g_date_time_to_unix(time) - g_get_real_time() / G_USEC_PER_SEC) < 60);
        json_decref(line);
    }
}

static void test_nothing_to_write(void **state)
{
    const Place *place = *state;
    g_autoptr(QuestionLog) log = open_log(place->path);
    question_log_write(NULL, "words", "it", 1, 1);
    question_log_write(log, "", "it", 1, 1);
    g_auto(GStrv) lines = lines_of(place->path);
    assert_int_equal(g_strv_length(lines), 0);
    question_log_free(NULL);
}

static void test_mode_and_append(void **state)
{
    const Place *place = *state;
    mode_t before = umask(0);
    for (int i = 0; i < 2; i++) {
        g_autoptr(QuestionLog) log = open_log(place->path);
        question_log_write(log, "words", "it", 1, 1);
    }
    umask(before);
    GStatBuf status;
    assert_int_equal(g_stat(place->path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    g_auto(GStrv) lines = lines_of(place->path);
    assert_int_equal(g_strv_length(lines), 2);
}

static void test_reopen(void **state)
{
    const Place *place = *state;
    g_autofree char *moved = g_strconcat(place->path, ".1", NULL);
    g_autoptr(QuestionLog) log = open_log(place->path);
    question_log_write(log, "before", "it", 1, 1);
    assert_int_equal(g_rename(place->path, moved), 0);
    question_log_write(log, "still before", "it", 1, 1);
    assert_true(question_log_reopen(log, NULL));
    question_log_write(log, "after", "it", 1, 1);
    g_auto(GStrv) old = lines_of(moved);
    g_auto(GStrv) new = lines_of(place->path);
    assert_int_equal(g_strv_length(old), 2);
    assert_int_equal(g_strv_length(new), 1);
    assert_non_null(strstr(new[0], "\"after\""));
}

static void test_no_file(void **state)
{
    const Place *place = *state;
    g_autoptr(GError) error = NULL;
    assert_null(question_log_new(place->folder, &error));
    assert_true(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_ISDIR));
    g_clear_error(&error);
    /* The old file serves on when there is no new one. */
    g_autoptr(QuestionLog) log = open_log(place->path);
    g_remove(place->path);
    g_mkdir(place->path, 0700);
    assert_false(question_log_reopen(log, &error));
    assert_non_null(error);
    question_log_write(log, "words", "it", 1, 1);
    assert_int_equal(question_log_take_lost(log), 0);
}

static void test_full_disk(void **state)
{
    (void)state;
    g_autoptr(QuestionLog) log = open_log("/dev/full");
    for (int i = 0; i < 3; i++)
        question_log_write(log, "words", "it", 1, 1);
    assert_int_equal(question_log_take_lost(log), 3);
    assert_int_equal(question_log_take_lost(log), 0);
}

static gpointer write_many(gpointer log)
{
    g_autofree char *typed = g_strnfill(5000, 'x');
    for (int i = 0; i < 100; i++)
        question_log_write(log, typed, "en", 7, 7);
    return NULL;
}

static void test_threads(void **state)
{
    const Place *place = *state;
    GThread *threads[4];
    g_autoptr(QuestionLog) log = open_log(place->path);
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("writer", write_many, log);
    assert_true(question_log_reopen(log, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
    g_auto(GStrv) lines = lines_of(place->path);
    assert_int_equal(g_strv_length(lines), 400);
    for (guint i = 0; lines[i]; i++) {
        json_t *line = json_loads(lines[i], 0, NULL);
        assert_non_null(line);
        json_decref(line);
    }
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_line),    CASE(test_nothing_to_write), CASE(test_mode_and_append),
        CASE(test_reopen),  CASE(test_no_file),          CASE(test_full_disk),
        CASE(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
