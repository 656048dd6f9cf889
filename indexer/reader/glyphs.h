/* Glyphs: the characters of a page and the place of each, as poppler gives them, for finding words
 * on the page's image. What was filled into a form stands at its end, at the place of the field. */
#ifndef SCHEDARIO_READER_GLYPHS_H
#define SCHEDARIO_READER_GLYPHS_H

#include <glib.h>
#include <poppler.h>

/* Appends the payload of FRAME_GLYPHS (protocol.h) but for the page's size to `out`. A page whose
 * characters and places do not go together has none. At most READER_GLYPHS_MOST. */
void glyphs_write(PopplerPage *page, double page_width, double page_height, GByteArray *out);

#endif
