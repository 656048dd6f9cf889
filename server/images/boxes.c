/* See boxes.h. All rules are ratios of the type size, so they hold at any scale. */
#include "boxes.h"

#include "../search/marking.h"
#include "alignment.h"

static const double SAME_LINE = 0.4; /* of the smaller height: characters of a line overlap more */
static const double LINE_GAP = 3.0;  /* of the height: no gap within a phrase is wider */
static const double SAME_COLUMN = 0.7; /* of the smaller width: how far letters that stand one above
                                        * another, as in turned lines, overlap */
static const double COLUMN_GAP = 0.7;  /* of the smaller width, between them */

static double overlap(double a1, double a2, double b1, double b2)
{
    return MIN(a2, b2) - MAX(a1, b1);
}

/* Whether a character goes on in the line of the one before it. */
static gboolean goes_on(const PagePlace *before, const PagePlace *place)
{
    double height = MIN(before->bottom - before->top, place->bottom - place->top);
    double width = MIN(before->right - before->left, place->right - place->left);
    double across = overlap(before->left, before->right, place->left, place->right);
    double down = overlap(before->top, before->bottom, place->top, place->bottom);
    if (down >= height * SAME_LINE)
        return -across <= height * LINE_GAP;
    return across >= width * SAME_COLUMN && -down <= width * COLUMN_GAP;
}

static gboolean has_size(const PagePlace *place)
{
    return place->bottom > place->top && place->right >= place->left;
}

/* Cuts a box at the page's edges, and keeps what is left. */
static void keep_box(GArray *boxes, const PageGlyphs *glyphs, const PagePlace *area, PageBox box)
{
    double left = CLAMP(area->left, 0, glyphs->width);
    double top = CLAMP(area->top, 0, glyphs->height);
    box.left = left;
    box.top = top;
    box.width = CLAMP(area->right, 0, glyphs->width) - left;
    box.height = CLAMP(area->bottom, 0, glyphs->height) - top;
    if (box.width > 0 && box.height > 0)
        g_array_append_val(boxes, box);
}

static void widen(PagePlace *area, const PagePlace *place)
{
    area->left = MIN(area->left, place->left);
    area->top = MIN(area->top, place->top);
    area->right = MAX(area->right, place->right);
    area->bottom = MAX(area->bottom, place->bottom);
}

/* The boxes of one match: `count` letters, each with its glyph or none. */
static void add_match(GArray *boxes, const PageGlyphs *glyphs, guint match, const guint32 *found,
                      guint count)
{
    PageBox box = {.match = match};
    PagePlace area = {0}, before = {0};
    gboolean is_open = FALSE;
    for (guint i = 0; i < count; i++) {
        PagePlace place = {0};
        if (found[i] != ALIGNMENT_NONE)
            place = page_glyphs_place(glyphs, found[i]);
        if (!has_size(&place))
            continue;
        if (is_open && !goes_on(&before, &place)) {
            keep_box(boxes, glyphs, &area, box);
            is_open = FALSE;
        }
        if (!is_open) {
            area = place;
            box.first = found[i];
        }
        is_open = TRUE;
        widen(&area, &place);
        box.last = found[i];
        before = place;
    }
    if (is_open)
        keep_box(boxes, glyphs, &area, box);
}

/* The first letter that stands at `byte` or behind. */
static guint letter_from(const GArray *letters, gsize byte)
{
    guint low = 0, high = letters->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(letters, AlignedLetter, middle).at < byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

GArray *boxes_find(const PageGlyphs *glyphs, const char *marked, gsize length, const GArray *spans)
{
    GArray *boxes = g_array_new(FALSE, FALSE, sizeof(PageBox));
    if (spans->len == 0)
        return boxes;
    g_autoptr(GArray) letters = alignment_letters(marked, length, FALSE);
    g_autoptr(GArray) shown = alignment_letters(glyphs->text, glyphs->text_bytes, TRUE);
    g_autoptr(GArray) map = alignment_map(letters, shown);
    for (guint i = 0; i < spans->len; i++) {
        const MarkedSpan *span = &g_array_index(spans, MarkedSpan, i);
        guint first = letter_from(letters, span->start);
        guint end = letter_from(letters, span->start + span->length);
        if (end > first)
            add_match(boxes, glyphs, i, &g_array_index(map, guint32, first), end - first);
    }
    return boxes;
}
