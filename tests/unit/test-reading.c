/* Tests of indexer/reading: the pool against a reader that misbehaves (fake-reader, beside this
 * program) and against the real one (environment SCHEDARIO_READER, or ../schedario-reader beside
 * it, or none: then those tests are skipped). */
#include "../../indexer/reader/sanitized.h"
#include "../../indexer/reading.h"

#include <dirent.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static char *beside_me(const char *name)
{
    g_autofree char *me = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(me);
    return g_build_filename(folder, name, NULL);
}

static char *real_reader(void)
{
    static const char *const PLACES[] = {"schedario-reader", "../schedario-reader",
                                         "../../schedario-reader"};
    const char *given = g_getenv("SCHEDARIO_READER");
    if (given)
        return g_strdup(given);
    for (gsize i = 0; i < G_N_ELEMENTS(PLACES); i++) {
        char *path = beside_me(PLACES[i]);
        if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
            return path;
        g_free(path);
    }
    return NULL;
}

static int file_of(const void *content, gsize length)
{
    int fd = memfd_create("test", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, length), length);
    return fd;
}

typedef struct {
    GMainLoop *loop;
    ReadingResult *result;
} Wait;

static void keep(ReadingResult *result, gpointer data)
{
    Wait *wait = data;
    assert_null(wait->result);
    wait->result = result;
    g_main_loop_quit(wait->loop);
}

static ReadingResult *read_one(ReadingPool *pool, const void *content, gsize length)
{
    Wait wait = {.loop = g_main_loop_new(NULL, FALSE)};
    assert_true(reading_pool_has_room(pool));
    reading_pool_read(pool, file_of(content, length), keep, &wait);
    g_main_loop_run(wait.loop);
    g_main_loop_unref(wait.loop);
    return wait.result;
}

static ReadingPool *pool_of(const char *reader, guint jobs)
{
    static const ReadingLimits LIMITS = {
        .timeout_seconds = 1, .memory_mib = 512, .text_mib = 1, .idle_ms = 300};
    GError *error = NULL;
    ReadingPool *pool = reading_pool_new(reader, jobs, &LIMITS, &error);
    assert_non_null(pool);
    return pool;
}

static ReadingPool *fake_pool(guint jobs)
{
    g_autofree char *path = beside_me("fake-reader");
    return pool_of(path, jobs);
}

static guint open_descriptors(void)
{
    guint n = 0;
    DIR *folder = opendir("/proc/self/fd");
    assert_non_null(folder);
    while (readdir(folder))
        n++;
    closedir(folder);
    return n;
}

static void assert_text_equal(const char *got, const char *expected)
{
    if (expected)
        assert_string_equal(got ? got : "(null)", expected);
    else
        assert_null(got);
}

static void test_misbehaviour(void **state)
{
    static const struct {
        const char *act;
        ReadingFailure failure;
        const char *detail;
        guint pages;
    } ROWS[] = {
        {"good", READING_OK, NULL, 4},
        {"crash", READING_CRASHED, "signal 9", 0},
        {"exit", READING_CRASHED, "status 3", 0},
        {"memory", READING_MEMORY, "512", 0},
        {"hang", READING_TIMEOUT, "1", 0},
        {"hang-up", READING_CRASHED, "signal 9", 0},
        {"half", READING_CRASHED, "status 0", 0},
        {"huge", READING_NONSENSE, NULL, 0},
        {"junk", READING_NONSENSE, NULL, 0},
        {"no-type", READING_NONSENSE, NULL, 0},
        {"type-line", READING_NONSENSE, NULL, 0},
        {"type-word", READING_NONSENSE, NULL, 0},
        {"order", READING_NONSENSE, NULL, 0},
        {"twice", READING_NONSENSE, NULL, 0},
        {"encoding", READING_NONSENSE, NULL, 0},
        {"nul", READING_NONSENSE, NULL, 0},
        {"outcome", READING_NONSENSE, NULL, 0},
        {"after-end", READING_NONSENSE, NULL, 0},
        {"too-much", READING_TOO_LARGE, "1", 0},
        {"scan", READING_NO_TEXT, "2", 2},
        {"no-pages", READING_EMPTY, NULL, 0},
        {"all-failed", READING_DAMAGED, NULL, 0},
        {"password", READING_PASSWORD, NULL, 0},
        {"unreadable", READING_UNREADABLE, "test/fake", 0},
    };
    (void)state;
    g_main_context_iteration(NULL, FALSE); /* which opens a descriptor of its own, for good */
    guint before = open_descriptors();
    ReadingPool *pool = fake_pool(1);
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(ReadingResult) result = read_one(pool, ROWS[i].act, strlen(ROWS[i].act));
        assert_text_equal(reading_failure_name(result->failure),
                          reading_failure_name(ROWS[i].failure));
        assert_text_equal(result->detail, ROWS[i].detail);
        assert_int_equal(result->pages->len, ROWS[i].pages);
        /* whatever happened, the next file is read */
        g_autoptr(ReadingResult) next = read_one(pool, "good", 4);
        assert_int_equal(next->failure, READING_OK);
    }
    reading_pool_free(pool);
    assert_int_equal(open_descriptors(), before);
}

static void test_content(void **state)
{
    (void)state;
    g_autoptr(ReadingPool) pool = fake_pool(1);
    g_autoptr(ReadingResult) result = read_one(pool, "good", 4);
    assert_string_equal(result->media_type, "test/fake");
    assert_string_equal(result->meta_title, "Titolo");
    assert_null(result->meta_author);
    assert_int_equal(result->meta_year, 2019);
    assert_string_equal(result->pages->pdata[0], "prima");
    assert_null(result->pages->pdata[1]);
    assert_string_equal(result->pages->pdata[2], "");
    assert_string_equal(result->pages->pdata[3], "ultima");
}

static gboolean note_time(gpointer is_over)
{
    *(gboolean *)is_over = TRUE;
    return G_SOURCE_REMOVE;
}

/* A file that gave an answer and then keeps its reader busy has no job's clock to fear, but one
 * without work is ended soon, and the next file gets another. */
static void test_idle(void **state)
{
    (void)state;
    gboolean is_over = FALSE;
    g_autoptr(ReadingPool) pool = fake_pool(1);
    g_autoptr(ReadingResult) result = read_one(pool, "spin", 4);
    assert_int_equal(result->failure, READING_OK);
    pid_t pid = (pid_t)g_ascii_strtoll(result->meta_title, NULL, 10);
    assert_true(pid > 0);
    assert_int_equal(kill(pid, 0), 0);
    guint clock = g_timeout_add(5000, note_time, &is_over);
    while (!is_over && kill(pid, 0) == 0)
        g_main_context_iteration(NULL, TRUE);
    assert_false(is_over);
    g_source_remove(clock);
    g_autoptr(ReadingResult) next = read_one(pool, "good", 4);
    assert_int_equal(next->failure, READING_OK);
}

static void free_pool(ReadingResult *result, gpointer data)
{
    ReadingPool **pool = data;
    assert_int_equal(result->failure, READING_CRASHED);
    reading_result_free(result);
    reading_pool_free(*pool);
    *pool = NULL;
}

static void test_freed_in_callback(void **state)
{
    (void)state;
    ReadingPool *pool = fake_pool(2);
    reading_pool_read(pool, file_of("hang", 4), free_pool, &pool);
    assert_true(reading_pool_has_room(pool));
    reading_pool_read(pool, file_of("exit", 4), free_pool, &pool);
    assert_false(reading_pool_has_room(pool));
    while (pool)
        g_main_context_iteration(NULL, TRUE);
    assert_false(g_main_context_iteration(NULL, FALSE));
}

static void test_no_program(void **state)
{
    (void)state;
    GError *error = NULL;
    assert_null(reading_pool_new("/nonexistent/reader", 1, NULL, &error));
    assert_non_null(error);
    g_clear_error(&error);
    assert_null(reading_pool_new("/tmp", 1, NULL, &error));
    assert_non_null(error);
    g_clear_error(&error);
}

/* A file that is executable but no program. */
static void test_cannot_start(void **state)
{
    (void)state;
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "schedario-test-XXXXXX", NULL);
    int fd = g_mkstemp_full(path, 2 /* O_RDWR */, 0700);
    assert_int_equal(write(fd,
                           "\x7F"
                           "ELF",
                           4),
                     4);
    close(fd);
    ReadingPool *pool = pool_of(path, 1);
    g_autoptr(ReadingResult) result = read_one(pool, "good", 4);
    assert_int_equal(result->failure, READING_CRASHED);
    assert_string_equal(result->detail, "cannot start");
    assert_true(reading_pool_has_room(pool));
    reading_pool_free(pool);
    g_unlink(path);
}

/* A PDF of one page that shows `content`, after `garbage`. Written without a cross-reference table,
 * which poppler then makes for itself. */
static char *small_pdf(const char *garbage, const char *content)
{
    return g_strdup_printf("%s%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                           "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
                           "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 4 0 R"
                           "/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
                           "4 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n"
                           "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
                           "6 0 obj<</Title(Carta del porto)/CreationDate(D:20180312)>>endobj\n"
                           "trailer<</Root 1 0 R/Info 6 0 R>>\n%%%%EOF\n",
                           garbage, strlen(content), content);
}

static void test_real_pdf(void **state)
{
    static const char CONTENT[] =
        "BT /F 24 Tf 40 350 Td (Un titolo) Tj 0 -28 Td (su due righe) Tj /F 10 Tf "
        "0 -40 Td (La parte-) Tj 0 -12 Td (cipazione dei comuni) Tj 0 -12 Td (alla rete) Tj "
        "0 -30 Td (Nuovo capoverso) Tj 0 -12 Td (e fine) Tj ET";
    static const char *const GARBAGE[] = {"", "garbage\n", "\x01\x02\xFF\nxyz\n"};
    (void)state;
    g_autofree char *path = real_reader();
    if (!path)
        skip();
    g_autoptr(ReadingPool) pool = pool_of(path, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(GARBAGE); i++) {
        g_autofree char *pdf = small_pdf(GARBAGE[i], CONTENT);
        g_autoptr(ReadingResult) result = read_one(pool, pdf, strlen(pdf));
        assert_int_equal(result->failure, READING_OK);
        assert_int_equal(result->pages->len, 1);
        assert_string_equal(
            result->pages->pdata[0],
            "Un titolo\nsu due righe\n\nLa parte-\ncipazione dei comuni\nalla rete\n\n"
            "Nuovo capoverso\ne fine");
        assert_string_equal(result->heading, "Un titolo su due righe");
        assert_string_equal(result->meta_title, "Carta del porto");
        assert_int_equal(result->meta_year, 2018);
    }
}

/* What the letters of `kinds` below stand for: the filter and the content of a page's stream. */
typedef struct {
    char kind;
    const char *filter;
    const char *content;
} PageKind;

static const PageKind PAGE_KINDS[] = {
    {'t', "", "BT /F 10 Tf 40 300 Td (ciao) Tj ET"},
    {'n', "", "BT /F 10 Tf 40 300 Td (12) Tj ET"},
    {'b', "", ""},
    {'r', "", "40 40 100 100 re S"},
    {'i', "", "q 90 0 0 90 40 40 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q"},
    {'m', "", "q 90 0 0 90 40 40 cm BI /W 1 /H 1 /IM true ID x EI Q"},
    {'d', "/Filter/FlateDecode", "garbage where a deflated stream was"},
};

static const PageKind *page_kind(char kind)
{
    for (gsize i = 0; i < G_N_ELEMENTS(PAGE_KINDS); i++)
        if (PAGE_KINDS[i].kind == kind)
            return &PAGE_KINDS[i];
    fail_msg("no page kind %c", kind);
    return NULL;
}

/* A PDF with one page for each letter of `kinds`. */
static char *pdf_of_pages(const char *kinds)
{
    GString *pdf = g_string_new("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                                "3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
                                "2 0 obj<</Type/Pages/Kids[");
    for (int i = 0; kinds[i]; i++)
        g_string_append_printf(pdf, "%d 0 R ", 10 + 2 * i);
    g_string_append_printf(pdf, "]/Count %zu>>endobj\n", strlen(kinds));
    for (int i = 0; kinds[i]; i++) {
        const PageKind *kind = page_kind(kinds[i]);
        g_string_append_printf(pdf,
                               "%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]"
                               "/Contents %d 0 R/Resources<</Font<</F 3 0 R>>>>>>endobj\n"
                               "%d 0 obj<</Length %zu%s>>stream\n%s\nendstream endobj\n",
                               10 + 2 * i, 11 + 2 * i, 11 + 2 * i, strlen(kind->content),
                               kind->filter, kind->content);
    }
    g_string_append(pdf, "trailer<</Root 1 0 R>>\n%%EOF\n");
    return g_string_free(pdf, FALSE);
}

/* Pages that show something which cannot be read are missing; blank ones are not. */
static void test_real_missing_pages(void **state)
{
    static const struct {
        const char *kinds;
        ReadingFailure failure;
        const char *detail;
        const char *missing; /* for each page, x when it is missing */
    } ROWS[] = {
        {"tdt", READING_OK, NULL, ".x."},     {"ddt", READING_OK, NULL, "xx."},
        {"it", READING_OK, NULL, "x."},       {"tmi", READING_OK, NULL, ".xx"},
        {"tbrnt", READING_OK, NULL, "....."}, {"tbdbi", READING_OK, NULL, "..x.x"},
        {"ii", READING_NO_TEXT, "2", NULL},   {"bb", READING_NO_TEXT, "2", NULL},
        {"id", READING_NO_TEXT, "2", NULL},   {"db", READING_NO_TEXT, "2", NULL},
        {"in", READING_NO_TEXT, "2", NULL},   {"dd", READING_DAMAGED, NULL, NULL},
        {"", READING_DAMAGED, NULL, NULL},
    };
    (void)state;
    g_autofree char *path = real_reader();
    if (!path)
        skip();
    g_autoptr(ReadingPool) pool = pool_of(path, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *pdf = pdf_of_pages(ROWS[i].kinds);
        g_autoptr(ReadingResult) result = read_one(pool, pdf, strlen(pdf));
        assert_text_equal(reading_failure_name(result->failure),
                          reading_failure_name(ROWS[i].failure));
        assert_text_equal(result->detail, ROWS[i].detail);
        for (guint j = 0; ROWS[i].missing && ROWS[i].missing[j]; j++) {
            assert_true(j < result->pages->len);
            assert_int_equal(!result->pages->pdata[j], ROWS[i].missing[j] == 'x');
        }
    }
}

static void test_real_files(void **state)
{
    static const struct {
        const char *content;
        gsize length;
        ReadingFailure failure;
        const char *first_page;
    } ROWS[] = {
        {"", 0, READING_EMPTY, NULL},
        {"Lo statuto della citt\xC3\xA0\n", 24, READING_OK, "Lo statuto della citt\xC3\xA0\n"},
        {"Lo statuto della citt\xE0\n", 23, READING_OK, "Lo statuto della citt\xC3\xA0\n"},
        {"Il \x93"
         "comune\x94 \x96 la citt\xE0\r\n",
         23, READING_OK,
         "Il \xE2\x80\x9C"
         "comune\xE2\x80\x9D \xE2\x80\x93 la citt\xC3\xA0\n"},
        {"\xFF\xFE"
         "c\0i\0t\0t\0\xE0\0",
         12, READING_OK, "citt\xC3\xA0"},
        {"\xFE\xFF\0c\0i\0t\0t\0\xE0", 12, READING_OK, "citt\xC3\xA0"},
        {"\xEF\xBB\xBFsindaco", 10, READING_OK, "sindaco"},
        {"uno\ftwo\f", 8, READING_OK, "uno"},
        {"%PDF-1.4\n%\xE2\xE3\n1 0 obj", 21, READING_DAMAGED, NULL},
        {"<!DOCTYPE html><html><body>ciao</body></html>", 45, READING_UNREADABLE, NULL},
        {"<?xml version=\"1.0\"?><a>ciao</a>", 32, READING_UNREADABLE, NULL},
        {"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16, READING_UNREADABLE, NULL},
        {"\0\1\2\3\4\5\6\7\xFF\xFE\0", 11, READING_UNREADABLE, NULL},
        {"123 456\n", 8, READING_NO_TEXT, "123 456\n"},
        {" \n\t\r\n", 5, READING_EMPTY, NULL},
        {"\f \f\n", 4, READING_EMPTY, NULL},
        {"\xEF\xBB\xBF\xC2\xA0\n", 6, READING_EMPTY, NULL},
    };
    (void)state;
    g_autofree char *path = real_reader();
    if (!path)
        skip();
    g_autoptr(ReadingPool) pool = pool_of(path, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(ReadingResult) result = read_one(pool, ROWS[i].content, ROWS[i].length);
        assert_text_equal(reading_failure_name(result->failure),
                          reading_failure_name(ROWS[i].failure));
        assert_int_equal(result->pages->len > 0, ROWS[i].first_page != NULL);
        if (ROWS[i].first_page)
            assert_string_equal(result->pages->pdata[0], ROWS[i].first_page);
    }
}

/* A long text without form feeds: pages of printed length, and not a byte lost. */
static void test_real_long_text(void **state)
{
    (void)state;
    g_autofree char *path = real_reader();
    if (!path)
        skip();
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 2000; i++)
        g_string_append_printf(text, "Riga %d della citt\xC3\xA0\n%s", i, i % 7 ? "" : "\n");
    g_autoptr(ReadingPool) pool = pool_of(path, 1);
    g_autoptr(ReadingResult) result = read_one(pool, text->str, text->len);
    g_autoptr(GString) whole = g_string_new(NULL);
    assert_true(result->pages->len > 10);
    for (guint i = 0; i < result->pages->len; i++) {
        const char *page = result->pages->pdata[i];
        assert_true(g_utf8_strlen(page, -1) <= 3750);
        assert_true(g_str_has_suffix(page, "\n"));
        g_string_append(whole, page);
    }
    assert_string_equal(whole->str, text->str);
}

/* A page that says what a password hides; encrypted for the test with qpdf, if that is installed.
 */
static void test_real_password(void **state)
{
    static const struct {
        const char *user_password;
        ReadingFailure failure;
    } ROWS[] = {{"geheim", READING_PASSWORD}, {"", READING_OK}};
    (void)state;
    g_autofree char *path = real_reader();
    g_autofree char *qpdf = g_find_program_in_path("qpdf");
    if (!path || !qpdf)
        skip();
    g_autofree char *folder = g_dir_make_tmp("schedario-test-XXXXXX", NULL);
    g_autofree char *plain = g_build_filename(folder, "plain.pdf", NULL);
    g_autofree char *locked = g_build_filename(folder, "locked.pdf", NULL);
    g_autofree char *pdf = small_pdf("", "BT /F 10 Tf 40 300 Td (ciao) Tj ET");
    g_autoptr(ReadingPool) pool = pool_of(path, 1);
    assert_true(g_file_set_contents(plain, pdf, -1, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        char *arguments[] = {qpdf,
                             (char *)"--warning-exit-0",
                             (char *)"--encrypt",
                             (char *)ROWS[i].user_password,
                             (char *)"owner",
                             (char *)"256",
                             (char *)"--",
                             plain,
                             locked,
                             NULL};
        g_autofree char *content = NULL;
        gsize length = 0;
        assert_true(g_spawn_sync(NULL, arguments, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                                 NULL, NULL, NULL, NULL));
        assert_true(g_file_get_contents(locked, &content, &length, NULL));
        g_autoptr(ReadingResult) result = read_one(pool, content, length);
        assert_text_equal(reading_failure_name(result->failure),
                          reading_failure_name(ROWS[i].failure));
    }
    g_unlink(plain);
    g_unlink(locked);
    g_rmdir(folder);
}

/* A text that fits its own limit but not into memory, three times over. */
static void test_real_memory(void **state)
{
    static const ReadingLimits LIMITS = {.memory_mib = 200, .text_mib = 256};
    (void)state;
    g_autofree char *path = real_reader();
    if (!path)
        skip();
    g_autoptr(ReadingPool) pool = reading_pool_new(path, 1, &LIMITS, NULL);
    enum { LENGTH = 150 << 20 };
    g_autofree char *text = g_strnfill(LENGTH, 'a');
    g_autoptr(ReadingResult) result = read_one(pool, text, LENGTH);
    if (SANITIZED) /* no limit of memory then */
        return;
    assert_text_equal(reading_failure_name(result->failure), "memory");
    assert_string_equal(result->detail, "200");
}

/* More files than a reader may read: it is replaced, and no descriptor is left behind. */
static void test_real_many(void **state)
{
    (void)state;
    g_autofree char *path = real_reader();
    if (!path)
        skip();
    g_autoptr(ReadingPool) pool = pool_of(path, 1);
    g_autofree char *pdf = small_pdf("", "BT /F 10 Tf 40 300 Td (ciao) Tj ET");
    guint before = 0;
    for (int i = 0; i < 250; i++) {
        gboolean damaged = i % 3 == 2;
        g_autoptr(ReadingResult) result = read_one(pool, pdf, damaged ? 60 : strlen(pdf));
        assert_int_equal(result->failure, damaged ? READING_DAMAGED : READING_OK);
        before = i == 10 ? open_descriptors() : before;
    }
    assert_true(open_descriptors() <= before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misbehaviour),
        cmocka_unit_test(test_content),
        cmocka_unit_test(test_idle),
        cmocka_unit_test(test_freed_in_callback),
        cmocka_unit_test(test_no_program),
        cmocka_unit_test(test_cannot_start),
        cmocka_unit_test(test_real_pdf),
        cmocka_unit_test(test_real_files),
        cmocka_unit_test(test_real_long_text),
        cmocka_unit_test(test_real_password),
        cmocka_unit_test(test_real_memory),
        cmocka_unit_test(test_real_many),
        cmocka_unit_test(test_real_missing_pages),
    };
    /* valgrind reports a program that cannot be executed as started. */
    const char *under = g_getenv("UNDER");
    if (under && *under)
        cmocka_set_skip_filter("test_cannot_start");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
