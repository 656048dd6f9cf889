/* Place: coordinates on a page as the protocol has them: int32 in hundredths of a point, little
 * endian. Whole numbers cannot be infinite or none; their bound is READER_PLACE_MOST either way.
 * Shared by both sides. Pure, any thread. */
#ifndef SCHEDARIO_READER_PLACE_H
#define SCHEDARIO_READER_PLACE_H

#include <glib.h>

/* Writes points; what is no number becomes 0, what is too far the bound. */
void place_put(double points, guint8 ret_bytes[4]);

/* Reads points. FALSE, and nothing set, beyond the bound. */
gboolean place_get(const guint8 *bytes, double *ret_points);

#endif
