/* PNG image: a drawn page in as few bytes, and as quickly, as a page of text allows.
 *
 * cairo writes three channels at zlib's usual level with all filters tried: 36 ms and 105 kB for a
 * usual page, against 4 ms to draw it. Most pages are grey, many more have a few colours, and on
 * text filters only get in the way of the compression: 6 ms and 55 kB.
 * Source: W3C, Portable Network Graphics (Third Edition). */
#ifndef SCHEDARIO_READER_PNG_IMAGE_H
#define SCHEDARIO_READER_PNG_IMAGE_H

#include <cairo.h>
#include <glib.h>

/* The pixels of `surface` (CAIRO_FORMAT_RGB24, flushed) as a PNG, appended to `out`: grey; with a
 * palette, for which colours may be rounded to a 64th or a 32nd if that makes them few enough, as
 * it does for the edges of coloured letters, never for photographs; or in true colour. FALSE when
 * libpng fails; then `out` has a part of it. */
gboolean png_image_write(cairo_surface_t *surface, GByteArray *out);

#endif
