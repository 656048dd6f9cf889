/* PNG image: see png_image.h. */
#include "png_image.h"

#include <png.h>
#include <string.h>

enum {
    PALETTE = 256,
    SLOTS = 1024, /* of the table in which colours are looked up: sparse, so chains are short */
    LEVEL = 4,    /* zlib's: beyond it the time doubles for a tenth of the bytes */
};

/* The colours of an image, as far as there are at most PALETTE. */
typedef struct {
    guint32 colours[PALETTE];
    guint count;
    gint16 slots[SLOTS]; /* index into `colours`, -1: free */
} Palette;

typedef struct {
    const guint8 *pixels;
    guint width;
    guint height;
    gsize stride_bytes;
    int type;   /* PNG_COLOR_TYPE_... */
    guint bits; /* of each channel that are kept in a palette */
    Palette palette;
} Image;

/* ---- which colours there are ---- */

static guint32 pixel_at(const guint8 *row, guint x)
{
    guint32 pixel;
    memcpy(&pixel, row + (gsize)x * 4, sizeof pixel);
    return pixel & 0xFFFFFF;
}

/* A colour with that many bits of each channel, repeated below, so that black and white stay. */
static guint32 colour_of(const Image *image, guint32 pixel)
{
    guint32 low = 0xFFu >> image->bits;
    guint32 lows = low << 16 | low << 8 | low;
    return (pixel & ~lows & 0xFFFFFF) | (pixel >> image->bits & lows);
}

static gboolean is_grey(guint32 pixel)
{
    return (pixel >> 8) == (pixel & 0xFFFF);
}

/* The slot where a colour stands, or would. */
static guint find_slot(const Palette *palette, guint32 colour)
{
    guint at = (colour * 2654435761u) >> 22;
    while (palette->slots[at] >= 0 && palette->colours[palette->slots[at]] != colour)
        at = (at + 1) % SLOTS;
    return at;
}

static gboolean palette_add(Palette *palette, guint32 colour)
{
    guint at = find_slot(palette, colour);
    if (palette->slots[at] >= 0)
        return TRUE;
    if (palette->count == PALETTE)
        return FALSE;
    palette->slots[at] = (gint16)palette->count;
    palette->colours[palette->count++] = colour;
    return TRUE;
}

static gboolean is_all_grey(const Image *image)
{
    for (guint y = 0; y < image->height; y++) {
        const guint8 *row = image->pixels + y * image->stride_bytes;
        for (guint x = 0; x < image->width; x++)
            if (!is_grey(pixel_at(row, x)))
                return FALSE;
    }
    return TRUE;
}

static gboolean fill_palette(Image *image, guint bits)
{
    image->bits = bits;
    image->palette.count = 0;
    memset(image->palette.slots, -1, sizeof image->palette.slots);
    for (guint y = 0; y < image->height; y++) {
        const guint8 *row = image->pixels + y * image->stride_bytes;
        guint32 last = 0xFFFFFFFF; /* no colour */
        for (guint x = 0; x < image->width; x++) {
            guint32 pixel = pixel_at(row, x);
            if (pixel != last && !palette_add(&image->palette, colour_of(image, pixel)))
                return FALSE;
            last = pixel;
        }
    }
    return TRUE;
}

static int choose_type(Image *image)
{
    if (is_all_grey(image))
        return PNG_COLOR_TYPE_GRAY;
    if (fill_palette(image, 8) || fill_palette(image, 6) || fill_palette(image, 5))
        return PNG_COLOR_TYPE_PALETTE;
    return PNG_COLOR_TYPE_RGB;
}

/* ---- writing ---- */

static void write_bytes(png_structp png, png_bytep bytes, png_size_t length)
{
    g_byte_array_append(png_get_io_ptr(png), bytes, (guint)length);
}

static void ignore_message(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static void make_grey_row(const Image *image, const guint8 *row, guint8 *out)
{
    for (guint x = 0; x < image->width; x++)
        out[x] = (guint8)pixel_at(row, x);
}

static void make_palette_row(const Image *image, const guint8 *row, guint8 *out)
{
    guint32 last = 0xFFFFFFFF; /* no colour */
    for (guint x = 0; x < image->width; x++) {
        guint32 pixel = pixel_at(row, x);
        if (pixel == last) {
            out[x] = out[x - 1];
            continue;
        }
        guint slot = find_slot(&image->palette, colour_of(image, pixel));
        out[x] = (guint8)image->palette.slots[slot];
        last = pixel;
    }
}

static void make_true_row(const Image *image, const guint8 *row, guint8 *out)
{
    for (guint x = 0; x < image->width; x++) {
        guint32 pixel = pixel_at(row, x);
        *out++ = (guint8)(pixel >> 16);
        *out++ = (guint8)(pixel >> 8);
        *out++ = (guint8)pixel;
    }
}

static void make_row(const Image *image, const guint8 *row, guint8 *out)
{
    if (image->type == PNG_COLOR_TYPE_GRAY)
        make_grey_row(image, row, out);
    else if (image->type == PNG_COLOR_TYPE_PALETTE)
        make_palette_row(image, row, out);
    else
        make_true_row(image, row, out);
}

static void write_palette(png_structp png, png_infop info, const Palette *palette)
{
    png_color entries[PALETTE];
    for (guint i = 0; i < palette->count; i++)
        entries[i] = (png_color){(guint8)(palette->colours[i] >> 16),
                                 (guint8)(palette->colours[i] >> 8), (guint8)palette->colours[i]};
    png_set_PLTE(png, info, entries, (int)palette->count);
}

/* libpng reports errors by jumping here: nothing that has to be freed is made below this. */
static gboolean write_image(png_structp png, png_infop info, const Image *image, guint8 *row)
{
    if (setjmp(png_jmpbuf(png)))
        return FALSE;
    png_set_compression_level(png, LEVEL);
    png_set_filter(png, PNG_FILTER_TYPE_BASE,
                   image->type == PNG_COLOR_TYPE_RGB ? PNG_FILTER_SUB : PNG_FILTER_NONE);
    png_set_IHDR(png, info, image->width, image->height, 8, image->type, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (image->type == PNG_COLOR_TYPE_PALETTE)
        write_palette(png, info, &image->palette);
    png_write_info(png, info);
    for (guint y = 0; y < image->height; y++) {
        make_row(image, image->pixels + y * image->stride_bytes, row);
        png_write_row(png, row);
    }
    png_write_end(png, info);
    return TRUE;
}

gboolean png_image_write(cairo_surface_t *surface, GByteArray *out)
{
    g_autofree Image *image = g_new0(Image, 1);
    image->pixels = cairo_image_surface_get_data(surface);
    image->width = (guint)cairo_image_surface_get_width(surface);
    image->height = (guint)cairo_image_surface_get_height(surface);
    image->stride_bytes = (gsize)cairo_image_surface_get_stride(surface);
    if (!image->pixels || image->width == 0 || image->height == 0)
        return FALSE;
    image->type = choose_type(image);
    g_autofree guint8 *row = g_malloc((gsize)image->width * 3);
    png_structp png =
        png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, ignore_message, ignore_message);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    gboolean done = FALSE;
    if (info) {
        png_set_write_fn(png, out, write_bytes, NULL);
        done = write_image(png, info, image, row);
    }
    png_destroy_write_struct(&png, &info);
    return done;
}
