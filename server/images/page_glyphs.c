/* See page_glyphs.h. */
#include "page_glyphs.h"

#include "../../indexer/reader/frame.h"
#include "../../indexer/reader/place.h"

gboolean page_glyphs_read_size(const guint8 *bytes, gsize length, double *ret_width,
                               double *ret_height)
{
    double width = 0, height = 0;
    if (length < FRAME_SIZE_BYTES || !place_get(bytes, &width) || !place_get(bytes + 4, &height) ||
        width < 0 || height < 0)
        return FALSE;
    /* A page thinner than what the protocol can say is still a page. */
    *ret_width = MAX(width, 0.01);
    *ret_height = MAX(height, 0.01);
    return TRUE;
}

static gboolean are_places(const guint8 *places, guint count)
{
    double ignored = 0;
    for (gsize i = 0; i < (gsize)count * 4; i++)
        if (!place_get(places + i * 4, &ignored))
            return FALSE;
    return TRUE;
}

gboolean page_glyphs_read(const guint8 *bytes, gsize length, PageGlyphs *ret_glyphs)
{
    PageGlyphs glyphs = {0};
    if (length < FRAME_GLYPHS_HEAD_BYTES ||
        !page_glyphs_read_size(bytes, length, &glyphs.width, &glyphs.height))
        return FALSE;
    glyphs.count = frame_get_u32(bytes + FRAME_SIZE_BYTES);
    gsize left = length - FRAME_GLYPHS_HEAD_BYTES;
    if (glyphs.count > READER_GLYPHS_MOST || left / READER_BOX_BYTES < glyphs.count)
        return FALSE;
    glyphs.places = bytes + FRAME_GLYPHS_HEAD_BYTES;
    glyphs.text = (const char *)glyphs.places + (gsize)glyphs.count * READER_BOX_BYTES;
    glyphs.text_bytes = left - (gsize)glyphs.count * READER_BOX_BYTES;
    if (!g_utf8_validate_len(glyphs.text, glyphs.text_bytes, NULL) ||
        g_utf8_strlen(glyphs.text, (gssize)glyphs.text_bytes) != (glong)glyphs.count ||
        !are_places(glyphs.places, glyphs.count))
        return FALSE;
    *ret_glyphs = glyphs;
    return TRUE;
}

static double coordinate(const guint8 *bytes)
{
    double points = 0;
    gboolean is_place = place_get(bytes, &points);
    g_assert(is_place);
    return points;
}

PagePlace page_glyphs_place(const PageGlyphs *glyphs, guint index)
{
    g_assert(index < glyphs->count);
    const guint8 *bytes = glyphs->places + (gsize)index * READER_BOX_BYTES;
    double x1 = coordinate(bytes), y1 = coordinate(bytes + 4);
    double x2 = coordinate(bytes + 8), y2 = coordinate(bytes + 12);
    return (PagePlace){MIN(x1, x2), MIN(y1, y2), MAX(x1, x2), MAX(y1, y2)};
}
