/* Draw: a page of a PDF as an image, as it looks on screen, with boxes over it. */
#ifndef SCHEDARIO_READER_DRAW_H
#define SCHEDARIO_READER_DRAW_H

#include "protocol.h"

#include <glib.h>
#include <poppler.h>

/* A place on a page in points, from the upper left corner of the page as shown. */
typedef struct {
    double left;
    double top;
    double width;
    double height;
} DrawBox;

/* The size of a page in points, as shown. FALSE when it has none that could be drawn: nothing, not
 * a number, or beyond READER_PLACE_MOST. */
gboolean draw_page_size(PopplerPage *page, double *ret_width, double *ret_height);

/* The pixels of an image of a page: `width` wide, or as much less as READER_PIXELS_MOST, or what
 * cairo can hold, demands. At least one either way. Pure. */
void draw_image_size(double page_width, double page_height, guint width, guint *ret_width,
                     guint *ret_height);

/* Draws the page, and the boxes over it so that the words beneath stay readable, and appends the
 * PNG to `out`. READ_DONE or READ_DAMAGED. */
ReadOutcome draw_page(PopplerPage *page, guint width, const DrawBox *boxes, guint n_boxes,
                      GByteArray *out);

#endif
