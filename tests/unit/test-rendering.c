/* Tests of server/rendering: the pool against a reader that misbehaves (fake-reader, beside this
 * program) and against the real one (environment SCHEDARIO_READER, or ../schedario-reader). */
#include "../../server/images/rendering.h"

#include <cairo.h>
#include <dirent.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../indexer/reader/protocol.h"
#include "../../server/images/boxes.h"
#include "../../server/images/rendering_answer.h"
#include "pdf.h"

static char *beside_me(const char *name)
{
    g_autofree char *me = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(me);
    return g_build_filename(folder, name, NULL);
}

static Rendering *pool(const char *program, guint readers, guint page_ms, guint wait_ms)
{
    g_autoptr(GError) error = NULL;
    const RenderingLimits limits = {.readers = readers, .page_ms = page_ms, .wait_ms = wait_ms};
    g_autofree char *path = beside_me(program);
    const char *given = g_getenv("SCHEDARIO_READER");
    gboolean is_fake = strcmp(program, "fake-reader") == 0;
    Rendering *rendering = rendering_new(given && !is_fake ? given : path, &limits, &error);
    if (!rendering)
        fail_msg("%s", error->message);
    return rendering;
}

static Rendering *fake(guint readers)
{
    return pool("fake-reader", readers, 1000, 500);
}

static Rendering *real(void)
{
    return pool("../schedario-reader", 2, 20000, 20000);
}

static int file_of(const char *content)
{
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)content, (guint)strlen(content));
    return pdf_file(bytes);
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

/* What a misbehaving reader leads to; -1: it does not misbehave. */
static void test_misbehaviour(void **state)
{
    static const struct {
        const char *act;
        gboolean is_glyphs;
        int code;
    } ROWS[] = {
        {"image", FALSE, -1},
        {"image-wide", FALSE, RENDERING_ERROR_PAGE},
        {"image-tall", FALSE, RENDERING_ERROR_PAGE},
        {"image-false", FALSE, RENDERING_ERROR_PAGE},
        {"image-palette", FALSE, -1},
        {"image-profile", FALSE, RENDERING_ERROR_PAGE},
        {"image-animated", FALSE, RENDERING_ERROR_PAGE},
        {"image-two-heads", FALSE, RENDERING_ERROR_PAGE},
        {"image-interlaced", FALSE, RENDERING_ERROR_PAGE},
        {"image-behind", FALSE, RENDERING_ERROR_PAGE},
        {"image-twice", FALSE, RENDERING_ERROR_PAGE},
        {"image-failed", FALSE, RENDERING_ERROR_PAGE},
        {"no-image", FALSE, RENDERING_ERROR_PAGE},
        {"glyphs", FALSE, RENDERING_ERROR_PAGE},
        {"image", TRUE, RENDERING_ERROR_PAGE},
        {"glyphs", TRUE, -1},
        {"glyphs-many", TRUE, RENDERING_ERROR_PAGE},
        {"glyphs-few", TRUE, RENDERING_ERROR_PAGE},
        {"glyphs-encoding", TRUE, RENDERING_ERROR_PAGE},
        {"glyphs-far", TRUE, RENDERING_ERROR_PAGE},
        {"no-page", FALSE, RENDERING_ERROR_NO_PAGE},
        {"good", FALSE, RENDERING_ERROR_PAGE},
        {"password", TRUE, RENDERING_ERROR_PAGE}, /* MEDIA_TYPE is no answer here */
        {"crash", FALSE, RENDERING_ERROR_PAGE},
        {"exit", FALSE, RENDERING_ERROR_PAGE},
        {"memory", TRUE, RENDERING_ERROR_PAGE},
        {"hang", FALSE, RENDERING_ERROR_PAGE},
        {"hang-up", FALSE, RENDERING_ERROR_PAGE},
        {"half", FALSE, RENDERING_ERROR_PAGE},
        {"huge", FALSE, RENDERING_ERROR_PAGE},
        {"junk", TRUE, RENDERING_ERROR_PAGE},
        {"after-end", FALSE, RENDERING_ERROR_PAGE},
        {"image", FALSE, -1},
    };
    (void)state;
    guint before = open_descriptors();
    Rendering *rendering = fake(1);
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(GError) error = NULL;
        int fd = file_of(ROWS[i].act);
        g_autoptr(GBytes) got = ROWS[i].is_glyphs
                                    ? rendering_glyphs(rendering, fd, 0, &error)
                                    : rendering_image(rendering, fd, 0, 100, NULL, &error);
        close(fd);
        if ((got ? -1 : error->code) != ROWS[i].code)
            fail_msg("%s: %s", ROWS[i].act, got ? "answered" : error->message);
    }
    rendering_free(rendering);
    assert_int_equal(open_descriptors(), before);
}

typedef struct {
    Rendering *rendering;
    pthread_barrier_t *together;
    gboolean is_done;
    gboolean is_busy;
} Caller;

static gpointer call(gpointer data)
{
    Caller *caller = data;
    g_autoptr(GError) error = NULL;
    int fd = file_of("image-slowly");
    pthread_barrier_wait(caller->together);
    g_autoptr(GBytes) got = rendering_image(caller->rendering, fd, 0, 100, NULL, &error);
    close(fd);
    caller->is_done = got != NULL;
    caller->is_busy = g_error_matches(error, RENDERING_ERROR, RENDERING_ERROR_BUSY);
    return NULL;
}

/* Calls at once, each taking 300 ms: those for which no reader is free within 500 ms are sent away.
 */
static void test_busy(void **state)
{
    enum { CALLS = 8 };
    (void)state;
    for (guint readers = 1; readers <= 2; readers++) {
        pthread_barrier_t together;
        Caller callers[CALLS];
        GThread *threads[CALLS];
        guint done = 0, busy = 0;
        g_autoptr(Rendering) rendering = fake(readers);
        pthread_barrier_init(&together, NULL, CALLS);
        for (int i = 0; i < CALLS; i++) {
            callers[i] = (Caller){rendering, &together, FALSE, FALSE};
            threads[i] = g_thread_new("caller", call, &callers[i]);
        }
        for (int i = 0; i < CALLS; i++) {
            g_thread_join(threads[i]);
            done += callers[i].is_done;
            busy += callers[i].is_busy;
        }
        pthread_barrier_destroy(&together);
        assert_int_equal(done + busy, CALLS);
        assert_in_range(done, readers, 2 * readers + 1);
    }
}

/* How many processes `pid` has started that live, or are not reaped; and those have, in turn:
 * readers are their steward's. */
static guint descendants(const char *pid)
{
    guint n = 0;
    g_autofree char *tasks = g_strdup_printf("/proc/%s/task", pid);
    GDir *dir = g_dir_open(tasks, 0, NULL);
    const char *task;
    while (dir && (task = g_dir_read_name(dir))) {
        g_autofree char *file = g_strdup_printf("%s/%s/children", tasks, task);
        g_autofree char *list = NULL;
        if (!g_file_get_contents(file, &list, NULL, NULL))
            continue;
        g_auto(GStrv) children = g_strsplit(g_strchomp(list), " ", -1);
        for (gsize i = 0; children[i]; i++)
            n += 1 + descendants(children[i]);
    }
    g_clear_pointer(&dir, g_dir_close);
    return n;
}

/* A reader without work goes, and comes again. */
static void test_idle(void **state)
{
    (void)state;
    const RenderingLimits limits = {.readers = 2, .idle_ms = 100};
    g_autofree char *path = beside_me("fake-reader");
    g_autoptr(Rendering) rendering = rendering_new(path, &limits, NULL);
    guint before = descendants("self");
    for (int round = 0; round < 3; round++) {
        int fd = file_of("image");
        g_autoptr(GBytes) image = rendering_image(rendering, fd, 0, 100, NULL, NULL);
        assert_non_null(image);
        assert_int_equal(descendants("self"), before + 1);
        close(fd);
        for (int i = 0; i < 100 && descendants("self") > before; i++)
            g_usleep(50 * 1000);
        assert_int_equal(descendants("self"), before);
    }
}

static void test_no_program(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    assert_null(rendering_new("/nowhere/at/all", NULL, &error));
    assert_int_equal(error->domain, G_FILE_ERROR);
    g_clear_error(&error);
    /* A program that is none, or that ends at once. */
    const RenderingLimits limits = {.readers = 1};
    g_autoptr(Rendering) rendering = rendering_new("/bin/false", &limits, &error);
    assert_non_null(rendering);
    int fd = file_of("image");
    assert_null(rendering_image(rendering, fd, 0, 100, NULL, &error));
    assert_int_equal(error->domain, RENDERING_ERROR);
    close(fd);
}

/* ---- the real reader ---- */

typedef struct {
    guint width;
    guint height;
    guint dark;   /* pixels that are nearly black */
    guint yellow; /* pixels of a box's colour */
} Seen;

static cairo_status_t read_bytes(void *data, unsigned char *out, unsigned length)
{
    GByteArray *rest = data;
    if (rest->len < length)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(out, rest->data, length);
    g_byte_array_remove_range(rest, 0, length);
    return CAIRO_STATUS_SUCCESS;
}

/* What is to be seen of an image below the fractions of its width and height given. */
static Seen look_at(GBytes *png, double x1, double y1, double x2, double y2)
{
    g_autoptr(GByteArray) rest = g_byte_array_new();
    g_byte_array_append(rest, g_bytes_get_data(png, NULL), (guint)g_bytes_get_size(png));
    cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(read_bytes, rest);
    assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
    Seen seen = {(guint)cairo_image_surface_get_width(surface),
                 (guint)cairo_image_surface_get_height(surface), 0, 0};
    const guint8 *pixels = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    for (guint y = (guint)(seen.height * y1); y < (guint)(seen.height * y2); y++)
        for (guint x = (guint)(seen.width * x1); x < (guint)(seen.width * x2); x++) {
            const guint8 *pixel = pixels + (gsize)y * (gsize)stride + (gsize)x * 4;
            seen.dark += pixel[0] < 64 && pixel[1] < 64 && pixel[2] < 64;
            seen.yellow += pixel[0] < 128 && pixel[1] > 200 && pixel[2] > 240;
        }
    cairo_surface_destroy(surface);
    return seen;
}

static const char *const LINES[] = {"Cooperazione territoriale", "Seconda pagina", NULL};

static void test_real_image(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Rendering) rendering = real();
    int fd = pdf_file(pdf_make(LINES, FALSE));
    g_autoptr(GBytes) image = rendering_image(rendering, fd, 0, 1000, NULL, &error);
    if (!image)
        fail_msg("%s", error->message);
    Seen seen = look_at(image, 0.05, 0.08, 0.6, 0.14);
    assert_int_equal(seen.width, 1000);
    assert_int_equal(seen.height, 1415);
    assert_true(seen.dark > 500 && seen.yellow == 0);
    assert_int_equal(look_at(image, 0, 0.2, 1, 1).dark, 0);
    assert_true(g_bytes_get_size(image) < 20000);
    g_autoptr(GBytes) again = rendering_image(rendering, fd, 0, 1000, NULL, &error);
    assert_true(g_bytes_equal(image, again));
    g_autoptr(GBytes) second = rendering_image(rendering, fd, 1, 1000, NULL, &error);
    assert_false(g_bytes_equal(image, second));
    assert_null(rendering_image(rendering, fd, 2, 1000, NULL, &error));
    assert_true(g_error_matches(error, RENDERING_ERROR, RENDERING_ERROR_NO_PAGE));
    close(fd);
}

/* A box stands where it was asked for, and the letters under it stay. */
static void test_real_box(void **state)
{
    (void)state;
    g_autoptr(Rendering) rendering = real();
    g_autoptr(GArray) boxes = g_array_new(FALSE, FALSE, sizeof(PageBox));
    PageBox box = {.left = 50, .top = 80, .width = 100, .height = 25};
    g_array_append_val(boxes, box);
    for (int red = 0; red < 2; red++) {
        int fd = pdf_file(pdf_make(LINES, red));
        g_autoptr(GBytes) plain = rendering_image(rendering, fd, 0, 1000, NULL, NULL);
        g_autoptr(GBytes) boxed = rendering_image(rendering, fd, 0, 1000, boxes, NULL);
        assert_non_null(boxed);
        Seen before = look_at(plain, 50 / 595.0, 80 / 842.0, 150 / 595.0, 105 / 842.0);
        Seen after = look_at(boxed, 50 / 595.0, 80 / 842.0, 150 / 595.0, 105 / 842.0);
        assert_true(after.yellow > 3000 && after.dark >= before.dark);
        assert_int_equal(look_at(boxed, 0, 110 / 842.0, 1, 1).yellow, 0);
        close(fd);
    }
}

static void test_real_shapes(void **state)
{
    static const struct {
        const char *dictionary;
        guint width; /* asked for */
        guint across;
        guint down;
    } ROWS[] = {
        {"/MediaBox[0 0 600 800]", 300, 300, 400},
        {"/MediaBox[0 0 600 800]/Rotate 90", 300, 300, 225},
        {"/MediaBox[0 0 600 800]/Rotate -180", 300, 300, 400},
        {"/MediaBox[0 0 600 800]/Rotate 37", 300, 300, 400},
        {"/MediaBox[0 0 600 800]/CropBox[100 100 500 300]", 300, 300, 150},
        {"/MediaBox[0 0 600 800]/CropBox[100 100 500 300]/Rotate 270", 300, 300, 600},
        {"/MediaBox[-300 -400 300 400]", 300, 300, 400},
        {"/MediaBox[0 0 600 800]/UserUnit 5", 300, 300, 400},
        {"/MediaBox[0 0 14400 14400]", 2400, 2400, 2400},
        {"/MediaBox[0 0 20000 2]", 2400, 2400, 1},
        {"/MediaBox[0 0 2 20000]", 2400, 3, 30000},
        {"/MediaBox[0 0 100 400]", 2400, 2000, 8000},
    };
    (void)state;
    g_autoptr(Rendering) rendering = real();
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(GError) error = NULL;
        int fd =
            pdf_file(pdf_write(ROWS[i].dictionary, "BT /F 24 Tf 150 250 Td (Cooperazione) Tj ET"));
        g_autoptr(GBytes) image = rendering_image(rendering, fd, 0, ROWS[i].width, NULL, &error);
        if (!image)
            fail_msg("%s: %s", ROWS[i].dictionary, error->message);
        Seen seen = look_at(image, 0, 0, 0, 0);
        if (seen.width != ROWS[i].across || seen.height != ROWS[i].down)
            fail_msg("%s: %ux%u", ROWS[i].dictionary, seen.width, seen.height);
        close(fd);
    }
}

/* Pages without a shape are either drawn somehow or refused; nothing else happens. */
static void test_real_no_shape(void **state)
{
    static const char *const ROWS[] = {"/MediaBox[0 0 0 0]",
                                       "/MediaBox[0 0 nan inf]",
                                       "/MediaBox[0 0 1e300 1e300]",
                                       "/MediaBox 7",
                                       "/MediaBox[0 0 1e9 1e9]",
                                       "/MediaBox[0 0 600 800]/UserUnit 1e20",
                                       "/MediaBox[0 0 600 800]/UserUnit -1",
                                       "/MediaBox[0 0 600 800]/CropBox[900 900 950 950]"};
    (void)state;
    g_autoptr(Rendering) rendering = real();
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(GError) error = NULL;
        int fd = pdf_file(pdf_write(ROWS[i], "BT /F 24 Tf 150 250 Td (Cooperazione) Tj ET"));
        g_autoptr(GBytes) image = rendering_image(rendering, fd, 0, 500, NULL, &error);
        g_autoptr(GBytes) glyphs = rendering_glyphs(rendering, fd, 0, NULL);
        assert_true(image || error->code == RENDERING_ERROR_PAGE);
        assert_true((image == NULL) == (glyphs == NULL));
        close(fd);
    }
}

static void test_real_no_pdf(void **state)
{
    static const char *const ROWS[] = {"", "Un testo.", "%PDF-1.4\n", "%PDF-1.7\n1 0 obj\n<<"};
    (void)state;
    g_autoptr(Rendering) rendering = real();
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(GError) error = NULL;
        int fd = file_of(ROWS[i]);
        assert_null(rendering_image(rendering, fd, 0, 500, NULL, &error));
        assert_int_equal(error->domain, RENDERING_ERROR);
        close(fd);
    }
}

/* A page that would take for ever is given up, and the next one is drawn. */
static void test_real_endless(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) content = g_string_new("0.1 w ");
    for (int i = 0; i < 400000; i++)
        g_string_append_printf(content, "%d %d m %d %d l S ", i % 599, i * 7 % 799, i * 31 % 599,
                               i * 11 % 797);
    g_autoptr(Rendering) rendering = pool("../schedario-reader", 1, 500, 5000);
    int fd = pdf_file(pdf_write("/MediaBox[0 0 600 800]", content->str));
    gint64 started = g_get_monotonic_time();
    assert_null(rendering_image(rendering, fd, 0, 2400, NULL, &error));
    assert_true(g_error_matches(error, RENDERING_ERROR, RENDERING_ERROR_PAGE));
    assert_true(g_get_monotonic_time() - started < 5 * G_USEC_PER_SEC);
    close(fd);
    fd = pdf_file(pdf_make(LINES, FALSE));
    g_autoptr(GBytes) image = rendering_image(rendering, fd, 0, 200, NULL, NULL);
    assert_non_null(image);
    close(fd);
}

/* ---- the answer, without processes ---- */

static GByteArray *sound_answer(void)
{
    static const guint8 END[] = {FRAME_END, 1, 0, 0, 0, READ_DONE};
    GByteArray *bytes = g_byte_array_new();
    guint8 header[FRAME_HEADER_BYTES], size[FRAME_SIZE_BYTES] = {0};
    static const guint8 PNG[] = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x20\0\0\0\x20\x08\2\0\0\0sum?"
                                "\0\0\0\1IDATxsum?\0\0\0\0IEND\xAE\x42\x60\x82";
    frame_write_header(FRAME_IMAGE, sizeof size + sizeof PNG - 1, header);
    g_byte_array_append(bytes, header, sizeof header);
    g_byte_array_append(bytes, size, sizeof size);
    g_byte_array_append(bytes, PNG, sizeof PNG - 1);
    g_byte_array_append(bytes, END, sizeof END);
    return bytes;
}

static RenderingState feed(const guint8 *bytes, gsize length, guint step)
{
    g_auto(RenderingAnswer) answer;
    RenderingState state = RENDERING_MORE;
    rendering_answer_init(&answer, FRAME_IMAGE, 32);
    for (gsize at = 0; at < length && state == RENDERING_MORE; at += step) {
        g_byte_array_append(answer.input, bytes + at, (guint)MIN(step, length - at));
        state = rendering_answer_take(&answer);
    }
    assert_true(state != RENDERING_WHOLE || answer.payload || answer.outcome != READ_DONE);
    return state;
}

/* Every length, every bit, in pieces of any size. */
static void test_answer_mangled(void **state)
{
    (void)state;
    g_autoptr(GByteArray) bytes = sound_answer();
    for (guint step = 1; step <= bytes->len; step++)
        assert_int_equal(feed(bytes->data, bytes->len, step), RENDERING_WHOLE);
    for (gsize length = 0; length < bytes->len; length++)
        assert_int_equal(feed(bytes->data, length, bytes->len), RENDERING_MORE);
    for (gsize bit = 0; bit < bytes->len * 8; bit++) {
        g_autofree guint8 *flipped = g_memdup2(bytes->data, bytes->len);
        flipped[bit / 8] ^= (guint8)(1u << (bit % 8));
        feed(flipped, bytes->len, 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misbehaviour),   cmocka_unit_test(test_busy),
        cmocka_unit_test(test_idle),           cmocka_unit_test(test_no_program),
        cmocka_unit_test(test_real_image),     cmocka_unit_test(test_real_box),
        cmocka_unit_test(test_real_shapes),    cmocka_unit_test(test_real_no_shape),
        cmocka_unit_test(test_real_no_pdf),    cmocka_unit_test(test_real_endless),
        cmocka_unit_test(test_answer_mangled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
