/* Page glyphs: the characters of a page and the place of each, as a reader process sent them
 * (FRAME_GLYPHS, indexer/reader/protocol.h), checked. Pure, any thread. */
#ifndef SCHEDARIO_PAGE_GLYPHS_H
#define SCHEDARIO_PAGE_GLYPHS_H

#include <glib.h>

/* A view of the bytes, which must outlive it. Sizes in points. */
typedef struct {
    double width; /* of the page as shown, above 0 */
    double height;
    guint count;
    const char *text; /* `count` characters, valid UTF-8; not NUL-terminated */
    gsize text_bytes;
    const guint8 *places;
} PageGlyphs;

/* A place on the page, in points from its upper left corner. */
typedef struct {
    double left;
    double top;
    double right;
    double bottom;
} PagePlace;

/* Reads the payload of a frame. FALSE, and nothing set, when it is not what it should be. */
gboolean page_glyphs_read(const guint8 *bytes, gsize length, PageGlyphs *ret_glyphs);

/* The place of a character below `count`: finite; not necessarily on the page, or of any size. */
PagePlace page_glyphs_place(const PageGlyphs *glyphs, guint index);

/* The width and height that payloads of pages begin with. FALSE, and nothing set, when they are not
 * there or no page's. */
gboolean page_glyphs_read_size(const guint8 *bytes, gsize length, double *ret_width,
                               double *ret_height);

#endif
