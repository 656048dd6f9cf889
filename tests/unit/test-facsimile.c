/* Tests of server/facsimile: a page of a file in a folder, as image and as boxes; kept, made once,
 * and each reason why there is none. The files are real ones, the reader is the real one or, for
 * counting, fake-reader. */
#include "fixture.h"

#include <fcntl.h>
#include <unistd.h>

#include "../../server/answers/facsimile.h"
#include "pdf.h"

typedef struct {
    char *folder;
    int corpus;
    ArchiveDocument document;
    GPtrArray *paths;
} Fixture;

static const char *const LINES[] = {"La cooperazione tra i comuni", "Seconda pagina", NULL};

static char *beside_me(const char *name)
{
    g_autofree char *me = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(me);
    return g_build_filename(folder, name, NULL);
}

static char *real_reader(void)
{
    const char *given = g_getenv("SCHEDARIO_READER");
    return given ? g_strdup(given) : beside_me("../schedario-reader");
}

static void put_file(Fixture *f, const void *bytes, gsize length)
{
    fixture_write_bytes(f->folder, "a.pdf", bytes, length);
    f->document.size_bytes = (gint64)length;
}

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    g_autoptr(GByteArray) pdf = pdf_make(LINES, FALSE);
    f->folder = fixture_folder_new();
    f->corpus = open(f->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    f->document = (ArchiveDocument){
        .id = "0123456789abcdef0123", .media_type = (char *)"application/pdf", .page_count = 2};
    f->paths = g_ptr_array_new();
    g_ptr_array_add(f->paths, (gpointer) "a.pdf");
    put_file(f, pdf->data, pdf->len);
    *state = f;
    return f->corpus < 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    close(f->corpus);
    fixture_folder_remove(f->folder);
    g_ptr_array_unref(f->paths);
    g_free(f);
    return 0;
}

static Facsimile *facsimile_of(const Fixture *f, char *reader)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = reader;
    Facsimile *facsimile = facsimile_new(
        f->corpus, &(FacsimileReader){.path = path, .readers = 1, .cache_mib = 8}, &error);
    if (!facsimile)
        fail_msg("%s", error->message);
    return facsimile;
}

static FacsimilePage page_of(const Fixture *f, guint number)
{
    return (FacsimilePage){&f->document, f->paths, number};
}

static void test_image(void **state)
{
    const Fixture *f = *state;
    g_autoptr(Facsimile) facsimile = facsimile_of(f, real_reader());
    FacsimilePage first = page_of(f, 1), second = page_of(f, 2);
    assert_true(facsimile_is_possible(facsimile, &f->document));
    g_autoptr(GBytes) image = facsimile_image(facsimile, &first, 300, NULL, NULL);
    g_autoptr(GBytes) again = facsimile_image(facsimile, &first, 300, NULL, NULL);
    g_autoptr(GBytes) larger = facsimile_image(facsimile, &first, 600, NULL, NULL);
    g_autoptr(GBytes) other = facsimile_image(facsimile, &second, 300, NULL, NULL);
    assert_non_null(image);
    assert_ptr_equal(image, again); /* not drawn twice */
    assert_false(g_bytes_equal(image, larger));
    assert_false(g_bytes_equal(image, other));
    assert_memory_equal(g_bytes_get_data(image, NULL), "\x89PNG", 4);
}

static GArray *spans_of(const GString *marked, const char *word)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(MarkedSpan));
    MarkedSpan span = {.start = (gsize)(strstr(marked->str, word) - marked->str),
                       .length = strlen(word)};
    g_array_append_val(spans, span);
    return spans;
}

static void test_boxes(void **state)
{
    const Fixture *f = *state;
    g_autoptr(Facsimile) facsimile = facsimile_of(f, real_reader());
    FacsimilePage page = page_of(f, 1);
    g_autoptr(GString) marked = g_string_new("\x02La cooperazione tra i comuni");
    g_autoptr(GArray) spans = spans_of(marked, "cooperazione");
    json_t *value = facsimile_value(facsimile, &page, marked, spans, NULL);
    assert_non_null(value);
    const json_t *box = json_array_get(json_object_get(value, "boxes"), 0);
    double x = json_real_value(json_object_get(box, "x"));
    double y = json_real_value(json_object_get(box, "y"));
    assert_int_equal(json_array_size(json_object_get(value, "boxes")), 1);
    assert_string_equal(json_string_value(json_object_get(box, "text")), "cooperazione");
    assert_true(json_real_value(json_object_get(value, "width")) == 595);
    assert_true(json_real_value(json_object_get(value, "height")) == 842);
    assert_true(x > 65 && x < 90 && y > 75 && y < 95);
    assert_true(json_real_value(json_object_get(box, "width")) > 100);
    json_decref(value);
    /* Without a marker there are no boxes, but the page has its size. */
    value = facsimile_boxes_value(facsimile, &page, marked, NULL, NULL, NULL);
    assert_int_equal(json_integer_value(json_object_get(value, "matches")), 0);
    assert_int_equal(json_array_size(json_object_get(value, "boxes")), 0);
    json_decref(value);
}

/* With boxes it is another image; with the same boxes the same. */
static void test_image_with_boxes(void **state)
{
    const Fixture *f = *state;
    g_autoptr(Facsimile) facsimile = facsimile_of(f, real_reader());
    FacsimilePage page = page_of(f, 1);
    g_autoptr(GString) marked = g_string_new("\x02La cooperazione tra i comuni");
    g_autoptr(GArray) spans = spans_of(marked, "comuni");
    g_autoptr(GArray) boxes = facsimile_boxes(facsimile, &page, marked, spans, NULL, NULL, NULL);
    g_autoptr(GArray) none = g_array_new(FALSE, FALSE, 1);
    g_autoptr(GBytes) plain = facsimile_image(facsimile, &page, 300, NULL, NULL);
    g_autoptr(GBytes) still = facsimile_image(facsimile, &page, 300, none, NULL);
    g_autoptr(GBytes) boxed = facsimile_image(facsimile, &page, 300, boxes, NULL);
    g_autoptr(GBytes) again = facsimile_image(facsimile, &page, 300, boxes, NULL);
    assert_non_null(boxed);
    assert_ptr_equal(plain, still);
    assert_ptr_equal(boxed, again);
    assert_false(g_bytes_equal(plain, boxed));
}

static void assert_fault(Facsimile *facsimile, const FacsimilePage *page, FacsimileError code)
{
    g_autoptr(GError) error = NULL;
    assert_null(facsimile_image(facsimile, page, 300, NULL, &error));
    if (!g_error_matches(error, FACSIMILE_ERROR, (gint)code))
        fail_msg("%d: %s", (int)code, error->message);
}

static void test_faults(void **state)
{
    Fixture *f = *state;
    g_autoptr(Facsimile) facsimile = facsimile_of(f, real_reader());
    g_autoptr(Facsimile) without = facsimile_of(f, NULL);
    g_autoptr(Facsimile) closed = facsimile_new(-1, &(FacsimileReader){.cache_mib = 8}, NULL);
    FacsimilePage page = page_of(f, 1), none = page_of(f, 0), beyond = page_of(f, 3);
    assert_fault(facsimile, &none, FACSIMILE_ERROR_NO_PAGE);
    assert_fault(facsimile, &beyond, FACSIMILE_ERROR_NO_PAGE);
    f->document.page_count = 3; /* what the archive says need not be so */
    assert_fault(facsimile, &beyond, FACSIMILE_ERROR_NO_PAGE);
    assert_fault(without, &page, FACSIMILE_ERROR_NO_READER);
    assert_fault(closed, &page, FACSIMILE_ERROR_MISSING);
    f->document.media_type = (char *)"text/plain";
    assert_fault(facsimile, &page, FACSIMILE_ERROR_NONE);
    assert_false(facsimile_is_possible(facsimile, &f->document));
    f->document.media_type = NULL;
    assert_fault(facsimile, &page, FACSIMILE_ERROR_NONE);
    f->document.media_type = (char *)"application/pdf";
    assert_false(facsimile_is_possible(without, &f->document));
    assert_false(facsimile_is_possible(closed, &f->document));
    assert_false(facsimile_is_possible(NULL, &f->document));
    f->document.size_bytes++;
    assert_fault(facsimile, &page, FACSIMILE_ERROR_MISSING);
    put_file(f, "%PDF-1.4 no more", 16);
    assert_fault(facsimile, &page, FACSIMILE_ERROR_PAGE);
}

typedef struct {
    Facsimile *facsimile;
    FacsimilePage page;
} Caller;

static gpointer call(gpointer data)
{
    const Caller *caller = data;
    return facsimile_image(caller->facsimile, &caller->page, 100, NULL, NULL);
}

/* One reader that takes 300 ms a page: eight callers at once are served by one page. */
static void test_made_once(void **state)
{
    enum { CALLS = 8 };
    Fixture *f = *state;
    put_file(f, "image-slowly", 12);
    g_autoptr(Facsimile) facsimile = facsimile_of(f, beside_me("fake-reader"));
    Caller caller = {facsimile, page_of(f, 1)};
    GThread *threads[CALLS];
    gint64 started = g_get_monotonic_time();
    for (int i = 0; i < CALLS; i++)
        threads[i] = g_thread_new("caller", call, &caller);
    for (int i = 0; i < CALLS; i++) {
        g_autoptr(GBytes) image = g_thread_join(threads[i]);
        assert_non_null(image);
    }
    assert_in_range(g_get_monotonic_time() - started, 300 * 1000, 900 * 1000);
}

/* A page that brings the reader down does so once, not at every request. */
static void test_failure_kept(void **state)
{
    Fixture *f = *state;
    put_file(f, "crash", 5);
    g_autoptr(Facsimile) facsimile = facsimile_of(f, beside_me("fake-reader"));
    FacsimilePage page = page_of(f, 1);
    assert_fault(facsimile, &page, FACSIMILE_ERROR_PAGE);
    put_file(f, "image", 5);
    assert_fault(facsimile, &page, FACSIMILE_ERROR_PAGE);
    FacsimilePage other = page_of(f, 2);
    g_autoptr(GBytes) image = facsimile_image(facsimile, &other, 100, NULL, NULL);
    assert_non_null(image);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_image),  TEST(test_boxes),     TEST(test_image_with_boxes),
        TEST(test_faults), TEST(test_made_once), TEST(test_failure_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
