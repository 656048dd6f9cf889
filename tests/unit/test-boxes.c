/* Tests of server/boxes and server/page_glyphs: matches of a text as places on a page, on pages
 * made up here and on those of the sample documents, read by the real reader. */
#include "../../server/images/boxes.h"

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../indexer/reader/frame.h"
#include "../../indexer/reader/place.h"
#include "../../indexer/text.h"
#include "../../server/images/alignment.h"
#include "../../server/images/rendering.h"
#include "../../server/search/marking.h"

/* ---- pages made up: each line of text stands 20 points below the last, each character 10 wide
 * and 12 high; '|' begins the line anew 300 points further right ---- */

enum { PAGE_WIDTH = 600, PAGE_HEIGHT = 800 };

static void put_place(GByteArray *bytes, double x1, double y1, double x2, double y2)
{
    const double places[] = {x1, y1, x2, y2};
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        guint8 four[4];
        place_put(places[i], four);
        g_byte_array_append(bytes, four, sizeof four);
    }
}

/* `turned`: characters stand one below the other, as in lines turned by a quarter. */
static GByteArray *make_glyphs(const char *text, gboolean turned)
{
    GByteArray *bytes = g_byte_array_new();
    guint8 head[FRAME_GLYPHS_HEAD_BYTES];
    double x = 50, y = 100;
    place_put(PAGE_WIDTH, head);
    place_put(PAGE_HEIGHT, head + 4);
    frame_put_u32((guint32)g_utf8_strlen(text, -1), head + 8);
    g_byte_array_append(bytes, head, sizeof head);
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        put_place(bytes, x, y, x + 10, y + (turned ? 10 : 12));
        x = *at == '\n' ? 50 : *at == '|' ? 350 : turned ? x : x + 10;
        y += *at == '\n' ? 20 : turned ? 10 : 0;
    }
    g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
    return bytes;
}

/* The spans of each `word` in `marked`. */
static GArray *spans_of(const char *marked, const char *word)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(MarkedSpan));
    for (const char *at = marked; (at = strstr(at, word)); at += strlen(word)) {
        MarkedSpan span = {.start = (gsize)(at - marked), .length = strlen(word)};
        g_array_append_val(spans, span);
    }
    return spans;
}

/* Boxes as text: "match:left,top,width,height". */
static char *found(const char *shown, const char *marked, const char *word, gboolean turned)
{
    PageGlyphs glyphs;
    g_autoptr(GByteArray) bytes = make_glyphs(shown, turned);
    assert_true(page_glyphs_read(bytes->data, bytes->len, &glyphs));
    g_autoptr(GArray) spans = spans_of(marked, word);
    g_autoptr(GArray) boxes = boxes_find(&glyphs, marked, strlen(marked), spans);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < boxes->len; i++) {
        const PageBox *box = &g_array_index(boxes, PageBox, i);
        g_string_append_printf(out, "%s%u:%.0f,%.0f,%.0f,%.0f", i ? " " : "", box->match, box->left,
                               box->top, box->width, box->height);
    }
    return g_string_free(out, FALSE);
}

static void test_made(void **state)
{
    static const struct {
        const char *shown;
        const char *marked;
        const char *word;
        const char *boxes;
    } ROWS[] = {
        {"il comune di tutti", "\x02il comune di tutti", "comune", "0:80,100,60,12"},
        {"Il COMUNE\ndi tutti", "\x02Il COMUNE\ndi tutti", "COMUNE", "0:80,100,60,12"},
        {"comune comune",
         "\x02"
         "comune comune",
         "comune", "0:50,100,60,12 1:120,100,60,12"},
        /* a phrase is one box a line, with the space in it */
        {"il comune di tutti", "\x02il comune di tutti", "comune di", "0:80,100,90,12"},
        {"il comune\ndi tutti", "\x02il comune\ndi tutti", "comune\ndi",
         "0:80,100,60,12 0:50,120,20,12"},
        /* a word over a line's end */
        {"la coope-\nrazione", "\x02la cooperazione", "cooperazione",
         "0:80,100,50,12 0:50,120,70,12"},
        /* over a column's end: far away on the same line */
        {"una parte-|cipazione", "\x02una partecipazione", "partecipazione",
         "0:90,100,50,12 0:350,100,90,12"},
        /* composed there, taken apart here; ligature there */
        {"citta\xCC\x80 aperte",
         "\x02"
         "citt\xC3\xA0 aperte",
         "citt\xC3\xA0", "0:50,100,50,12"},
        {"un u\xEF\xAC\x83"
         "cio",
         "\x02un ufficio", "ufficio", "0:80,100,50,12"},
        /* the rest of the word stands on the next page, the page begins with another's */
        {"in parte-", "\x02in partecipazione", "partecipazione", "0:80,100,50,12"},
        {"pazione del nostro comune aperto",
         "\x02"
         "del nostro comune aperto",
         "comune", "0:240,100,60,12"},
        /* not to be seen */
        {"niente di simile", "\x02il comune", "comune", ""},
        {"", "\x02il comune", "comune", ""},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *boxes = found(ROWS[i].shown, ROWS[i].marked, ROWS[i].word, FALSE);
        if (strcmp(boxes, ROWS[i].boxes) != 0)
            fail_msg("%s: %s instead of %s", ROWS[i].shown, boxes, ROWS[i].boxes);
    }
}

static void test_turned(void **state)
{
    (void)state;
    g_autofree char *boxes = found("il comune", "\x02il comune", "comune", TRUE);
    assert_string_equal(boxes, "0:50,130,10,60");
}

/* What stands beyond the page's edge is cut off, and nothing of it comes out as a box. */
static void test_outside(void **state)
{
    (void)state;
    PageGlyphs glyphs;
    g_autoptr(GByteArray) bytes = make_glyphs("comune", FALSE);
    guint8 *places = bytes->data + FRAME_GLYPHS_HEAD_BYTES;
    g_autoptr(GArray) spans = spans_of("comune", "comune");
    place_put(-500, places + 0 * READER_BOX_BYTES);       /* the c reaches out to the left */
    place_put(100000, places + 5 * READER_BOX_BYTES + 8); /* the e to the right */
    assert_true(page_glyphs_read(bytes->data, bytes->len, &glyphs));
    g_autoptr(GArray) boxes = boxes_find(&glyphs, "comune", 6, spans);
    assert_int_equal(boxes->len, 1);
    const PageBox *box = &g_array_index(boxes, PageBox, 0);
    assert_true(box->left == 0 && box->width == PAGE_WIDTH);
    for (int i = 0; i < 6; i++)
        for (int corner = 4; corner <= 12; corner += 8)
            place_put(5000 + corner, places + i * READER_BOX_BYTES + corner);
    g_autoptr(GArray) none = boxes_find(&glyphs, "comune", 6, spans);
    assert_int_equal(none->len, 0);
}

/* Each length and each bit of a payload: read or refused, never believed too far. */
static void test_payload_mangled(void **state)
{
    (void)state;
    PageGlyphs glyphs;
    g_autoptr(GByteArray) bytes = make_glyphs("citt\xC3\xA0 aperte", FALSE);
    g_autoptr(GArray) spans = spans_of("citt\xC3\xA0 aperte", "aperte");
    for (gsize length = 0; length < bytes->len; length++) {
        g_autofree guint8 *cut = g_memdup2(bytes->data, MAX(length, 1));
        assert_false(page_glyphs_read(cut, length, &glyphs));
    }
    for (gsize bit = 0; bit < bytes->len * 8; bit++) {
        g_autofree guint8 *flipped = g_memdup2(bytes->data, bytes->len);
        flipped[bit / 8] ^= (guint8)(1u << (bit % 8));
        if (!page_glyphs_read(flipped, bytes->len, &glyphs))
            continue;
        g_autoptr(GArray) boxes = boxes_find(&glyphs, "citt\xC3\xA0 aperte", 13, spans);
        for (guint i = 0; i < boxes->len; i++) {
            const PageBox *box = &g_array_index(boxes, PageBox, i);
            assert_true(box->left >= 0 && box->top >= 0 && box->width > 0 && box->height > 0);
            assert_true(box->left + box->width <= glyphs.width + 0.01);
            assert_true(box->top + box->height <= glyphs.height + 0.01);
        }
    }
}

static void test_places(void **state)
{
    static const struct {
        double points;
        double expected;
    } ROWS[] = {{0, 0},         {1.234, 1.23},  {-7.5, -7.5},      {NAN, 0},
                {1e300, 1e7},   {-1e300, -1e7}, {INFINITY, 1e7},   {-INFINITY, -1e7},
                {1e7 + 1, 1e7}, {0.004, 0},     {595.2756, 595.28}};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        guint8 bytes[4];
        double got = 0;
        place_put(ROWS[i].points, bytes);
        assert_true(place_get(bytes, &got));
        assert_true(got == ROWS[i].expected);
    }
    double untouched = 7;
    assert_false(place_get((const guint8 *)"\xFF\xFF\xFF\x7F", &untouched));
    assert_false(place_get((const guint8 *)"\0\0\0\x80", &untouched));
    assert_true(untouched == 7);
}

/* ---- the sample documents ---- */

static GArray *words_of(const GString *text)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(MarkedSpan));
    for (const char *at = text->str; *at;) {
        const char *begin = at;
        while (g_unichar_isalpha(g_utf8_get_char(at)))
            at = g_utf8_next_char(at);
        MarkedSpan span = {.start = (gsize)(begin - text->str), .length = (gsize)(at - begin)};
        if (span.length >= 4)
            g_array_append_val(spans, span);
        if (at == begin)
            at = g_utf8_next_char(at);
    }
    return spans;
}

/* Whether the letters of the boxes of `match`, one after another, are the word's. */
static gboolean spell(const PageGlyphs *glyphs, const GArray *boxes, guint *at, guint match,
                      const char *word, gsize length)
{
    g_autoptr(GString) shown = g_string_new(NULL);
    for (; *at < boxes->len && g_array_index(boxes, PageBox, *at).match == match; *at += 1) {
        const PageBox *box = &g_array_index(boxes, PageBox, *at);
        const char *first = g_utf8_offset_to_pointer(glyphs->text, box->first);
        const char *end = g_utf8_offset_to_pointer(glyphs->text, (glong)box->last + 1);
        g_string_append_len(shown, first, end - first);
    }
    g_autoptr(GArray) a = alignment_letters(shown->str, shown->len, FALSE);
    g_autoptr(GArray) b = alignment_letters(word, length, FALSE);
    gboolean same = a->len == b->len;
    for (guint i = 0; same && i < a->len; i++)
        same =
            g_array_index(a, AlignedLetter, i).letter == g_array_index(b, AlignedLetter, i).letter;
    return same;
}

/* Looks for every word of a page; returns how many there were. */
static guint check_page(GBytes *payload, const char *name)
{
    gsize length = 0;
    const guint8 *bytes = g_bytes_get_data(payload, &length);
    PageGlyphs glyphs;
    assert_true(page_glyphs_read(bytes, length, &glyphs));
    g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(pages, g_strndup(glyphs.text, glyphs.text_bytes));
    g_autoptr(GString) text = text_clean(pages);
    g_autoptr(GArray) words = words_of(text);
    g_autoptr(GArray) boxes = boxes_find(&glyphs, text->str, text->len, words);
    guint at = 0;
    for (guint i = 0; i < words->len; i++) {
        const MarkedSpan *word = &g_array_index(words, MarkedSpan, i);
        if (!spell(&glyphs, boxes, &at, i, text->str + word->start, word->length))
            fail_msg("%s: %.*s", name, (int)word->length, text->str + word->start);
    }
    return words->len;
}

static char *beside_me(const char *name)
{
    g_autofree char *me = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(me);
    return g_build_filename(folder, name, NULL);
}

static guint check_file(Rendering *rendering, const char *path)
{
    guint words = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    for (guint page = 0;; page++) {
        g_autoptr(GBytes) payload = rendering_glyphs(rendering, fd, page, NULL);
        if (!payload)
            break;
        words += check_page(payload, path);
    }
    close(fd);
    return words;
}

static void test_samples(void **state)
{
    static const char *const FILES[] = {
        "corpus/statuti/statuto-comune-valdoria.pdf",
        "corpus/programmi/Programma cooperazione 2021-2023.pdf",
        "corpus/programmi/protocollo-intesa_Portalba-Sidi-Marzouk.pdf",
        "corpus/piani/DUP_2019-2021_Portalba.pdf",
        "corpus/programmi/volantino settimana cittadinanza globale.pdf",
    };
    (void)state;
    g_autofree char *path = beside_me("../schedario-reader");
    const char *given = g_getenv("SCHEDARIO_READER");
    const RenderingLimits limits = {.readers = 1, .page_ms = 20000};
    g_autoptr(Rendering) rendering = rendering_new(given ? given : path, &limits, NULL);
    assert_non_null(rendering);
    for (gsize i = 0; i < G_N_ELEMENTS(FILES); i++)
        assert_true(check_file(rendering, FILES[i]) > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_made),    cmocka_unit_test(test_turned),
        cmocka_unit_test(test_outside), cmocka_unit_test(test_payload_mangled),
        cmocka_unit_test(test_places),  cmocka_unit_test(test_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
