/* Boxes: where on the page's image the matches of its text stand.
 *
 * The marked text of the archive knows which words match; the page's glyphs know where each
 * character stands. The alignment of the two (alignment.h) leads from one to the other. Pure, any
 * thread. */
#ifndef SCHEDARIO_BOXES_H
#define SCHEDARIO_BOXES_H

#include <glib.h>

#include "page_glyphs.h"

/* A part of a match that stands on one line. In points, within the page as shown. */
typedef struct {
    guint match; /* index of its span */
    guint first; /* of its glyphs */
    guint last;
    double left;
    double top;
    double width;
    double height;
} PageBox;

/* The boxes of `spans` (MarkedSpan, marking.h: bytes of `marked`), in their order. A match that is
 * not to be found on the page has none. GArray of PageBox, owned by the caller. */
GArray *boxes_find(const PageGlyphs *glyphs, const char *marked, gsize length, const GArray *spans);

#endif
