/* Place: see place.h. */
#include "place.h"

#include "frame.h"

#include <math.h>

static const double SCALE = 100; /* units to a point */

void place_put(double points, guint8 ret_bytes[4])
{
    const double most = READER_PLACE_MOST;
    double units = isnan(points) ? 0 : CLAMP(points * SCALE, -most, most);
    frame_put_u32((guint32)(gint32)lrint(units), ret_bytes);
}

gboolean place_get(const guint8 *bytes, double *ret_points)
{
    gint32 units = (gint32)frame_get_u32(bytes);
    if (units < -READER_PLACE_MOST || units > READER_PLACE_MOST)
        return FALSE;
    *ret_points = units / SCALE;
    return TRUE;
}
