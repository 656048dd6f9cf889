/* libFuzzer target of server/boxes and server/alignment: an input is a page's text as the archive
 * has it, its characters as a reader sent them, each ended by NUL, then spans of the former and
 * places of the latter. Boxes lie within the page, in the order of their matches; a text is aligned
 * with itself letter by letter. */
#include "fuzz.h"

#include "../../indexer/reader/frame.h"
#include "../../indexer/reader/place.h"
#include "../../server/images/alignment.h"
#include "../../server/images/boxes.h"
#include "../../server/search/marking.h"

enum { SPANS_MOST = 8, PAGE_POINTS = 600 };

static void append_number(GByteArray *bytes, guint32 number)
{
    guint8 four[4];
    frame_put_u32(number, four);
    g_byte_array_append(bytes, four, sizeof four);
}

static void append_place(GByteArray *bytes, double points)
{
    guint8 four[4];
    place_put(points, four);
    g_byte_array_append(bytes, four, sizeof four);
}

static GByteArray *make_payload(const char *text, FuzzInput *input)
{
    GByteArray *bytes = g_byte_array_new();
    guint32 count = (guint32)g_utf8_strlen(text, -1);
    append_place(bytes, PAGE_POINTS);
    append_place(bytes, PAGE_POINTS);
    append_number(bytes, count);
    for (guint32 i = 0; i < count; i++) {
        gboolean is_given = input->left >= 4;
        double left = is_given ? fuzz_byte(input) * 4.0 - 100 : i * 6.0;
        double top = is_given ? fuzz_byte(input) * 4.0 - 100 : 100;
        append_place(bytes, left);
        append_place(bytes, top);
        append_place(bytes, left + (is_given ? fuzz_byte(input) / 4.0 : 6));
        append_place(bytes, top + (is_given ? fuzz_byte(input) / 4.0 : 10));
    }
    g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
    return bytes;
}

/* Spans in order, as marking makes them. */
static GArray *take_spans(FuzzInput *input, gsize length)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(MarkedSpan));
    gsize at = 0;
    guint count = fuzz_byte(input) % (SPANS_MOST + 1);
    for (guint i = 0; i < count && at < length; i++) {
        gsize start = at + fuzz_byte(input) % (length - at);
        MarkedSpan span = {.start = start, .length = 1 + fuzz_byte(input) % (length - start)};
        g_array_append_val(spans, span);
        at = span.start + span.length;
    }
    return spans;
}

static void check_boxes(const GArray *boxes, const PageGlyphs *glyphs, guint spans)
{
    guint match = 0;
    for (guint i = 0; i < boxes->len; i++) {
        const PageBox *box = &g_array_index(boxes, PageBox, i);
        require(box->match >= match && box->match < spans);
        require(box->first <= box->last && box->last < glyphs->count);
        require(box->left >= 0 && box->top >= 0 && box->width > 0 && box->height > 0);
        require(box->left + box->width <= glyphs->width + 1e-9);
        require(box->top + box->height <= glyphs->height + 1e-9);
        match = box->match;
    }
}

static void check_alignment(const char *text, const char *other)
{
    g_autoptr(GArray) from = alignment_letters(text, strlen(text), FALSE);
    g_autoptr(GArray) to = alignment_letters(other, strlen(other), FALSE);
    g_autoptr(GArray) map = alignment_map(from, to);
    g_autoptr(GArray) same = alignment_map(from, from);
    guint32 last = 0;
    require(map->len == from->len && same->len == from->len);
    for (guint i = 0; i < from->len; i++) {
        guint32 at = g_array_index(map, guint32, i);
        require(g_array_index(same, guint32, i) == g_array_index(from, AlignedLetter, i).at);
        require(at == ALIGNMENT_NONE || (at >= last && at < strlen(other)));
        last = at == ALIGNMENT_NONE ? last : at;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {data, size};
    PageGlyphs glyphs;
    g_autofree char *marked = fuzz_text(&input);
    g_autofree char *shown = fuzz_text(&input);
    g_autoptr(GArray) spans = take_spans(&input, strlen(marked));
    g_autoptr(GByteArray) payload = make_payload(shown, &input);
    require(page_glyphs_read(payload->data, payload->len, &glyphs));
    g_autoptr(GArray) boxes = boxes_find(&glyphs, marked, strlen(marked), spans);
    check_boxes(boxes, &glyphs, spans->len);
    check_alignment(marked, shown);
    return 0;
}
