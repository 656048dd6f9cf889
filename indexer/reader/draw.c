/* Draw: see draw.h. */
#include "draw.h"

#include "png_image.h"

#include <cairo.h>
#include <math.h>

enum { SIDE_MOST = 30000 }; /* pixels; cairo's images end at 32767 */

static const double PLACE_SCALE = 100; /* units of the protocol to a point */
static const double BOX_LINE = 0.0012; /* the outline of a box, of the image's width */
static const double BOX_FILL[] = {1.00, 0.87, 0.40};
static const double BOX_EDGE[] = {0.60, 0.33, 0.00}; /* 5.6 to 1 on white, 4.3 to 1 on the fill */

gboolean draw_page_size(PopplerPage *page, double *ret_width, double *ret_height)
{
    double width = 0;
    double height = 0;
    poppler_page_get_size(page, &width, &height);
    const double most = READER_PLACE_MOST / PLACE_SCALE;
    if (!(width > 0 && width <= most && height > 0 && height <= most))
        return FALSE; /* also for what is no number */
    *ret_width = width;
    *ret_height = height;
    return TRUE;
}

void draw_image_size(double page_width, double page_height, guint width, guint *ret_width,
                     guint *ret_height)
{
    double ratio = page_height / page_width;
    double across = width;
    across = MIN(across, sqrt(READER_PIXELS_MOST / ratio));
    across = MIN(across, SIDE_MOST / ratio);
    across = MAX(across, 1);
    *ret_width = (guint)across;
    *ret_height = (guint)CLAMP(round(*ret_width * ratio), 1, SIDE_MOST);
}

/* A rectangle of whole pixels. */
typedef struct {
    double left;
    double top;
    double right;
    double bottom;
} Pixels;

static void fill(cairo_t *cairo, const Pixels *area, const double colour[3])
{
    cairo_rectangle(cairo, area->left, area->top, area->right - area->left,
                    area->bottom - area->top);
    cairo_set_source_rgb(cairo, colour[0], colour[1], colour[2]);
    cairo_fill(cairo);
}

/* A frame of `line` pixels around an area. */
static void frame(cairo_t *cairo, const Pixels *area, double line)
{
    const Pixels sides[] = {
        {area->left - line, area->top - line, area->right + line, area->top},
        {area->left - line, area->bottom, area->right + line, area->bottom + line},
        {area->left - line, area->top, area->left, area->bottom},
        {area->right, area->top, area->right + line, area->bottom},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(sides); i++)
        fill(cairo, &sides[i], BOX_EDGE);
}

/* Multiplied: black letters stay black, white paper takes the box's colour. By whole pixels: smooth
 * edges would be of many colours, and a page of text has few (png_image.h). */
static void draw_boxes(cairo_t *cairo, double across, double down, guint width,
                       const DrawBox *boxes, guint n_boxes)
{
    double line = MAX(1, round(width * BOX_LINE));
    cairo_identity_matrix(cairo);
    cairo_set_operator(cairo, CAIRO_OPERATOR_MULTIPLY);
    for (guint i = 0; i < n_boxes; i++) {
        const DrawBox *box = &boxes[i];
        const Pixels area = {floor(box->left * across), floor(box->top * down),
                             ceil((box->left + box->width) * across),
                             ceil((box->top + box->height) * down)};
        fill(cairo, &area, BOX_FILL);
        frame(cairo, &area, line);
    }
}

static gboolean paint(cairo_surface_t *surface, PopplerPage *page, double page_width,
                      double page_height, const DrawBox *boxes, guint n_boxes)
{
    guint width = (guint)cairo_image_surface_get_width(surface);
    guint height = (guint)cairo_image_surface_get_height(surface);
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, width / page_width, height / page_height);
    cairo_save(cairo);
    poppler_page_render(page, cairo);
    cairo_restore(cairo);
    draw_boxes(cairo, width / page_width, height / page_height, width, boxes, n_boxes);
    gboolean done = cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    return done;
}

ReadOutcome draw_page(PopplerPage *page, guint width, const DrawBox *boxes, guint n_boxes,
                      GByteArray *out)
{
    double page_width = 0;
    double page_height = 0;
    guint across = 0;
    guint down = 0;
    if (!draw_page_size(page, &page_width, &page_height))
        return READ_DAMAGED;
    draw_image_size(page_width, page_height, width, &across, &down);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)across, (int)down);
    gboolean done = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS &&
                    paint(surface, page, page_width, page_height, boxes, n_boxes) &&
                    png_image_write(surface, out);
    cairo_surface_destroy(surface);
    return done ? READ_DONE : READ_DAMAGED;
}
