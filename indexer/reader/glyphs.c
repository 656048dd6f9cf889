/* Glyphs: see glyphs.h. */
#include "glyphs.h"

#include "field.h"
#include "frame.h"
#include "place.h"

#include <string.h>

/* The two halves of the payload grow side by side. */
typedef struct {
    GByteArray *places;
    GString *text;
    guint32 count;
} Glyphs;

/* Characters that poppler puts into the text around right-to-left words, without a rectangle. */
static gboolean is_direction_mark(gunichar c)
{
    return c >= 0x202A && c <= 0x202E;
}

static gsize count_placed(const char *text)
{
    gsize n = 0;
    for (const char *at = text; *at; at = g_utf8_next_char(at))
        n += !is_direction_mark(g_utf8_get_char(at));
    return n;
}

static void add(Glyphs *glyphs, const char *at, const PopplerRectangle *place)
{
    if (glyphs->count >= READER_GLYPHS_MOST)
        return;
    guint8 bytes[READER_BOX_BYTES];
    place_put(place->x1, bytes);
    place_put(place->y1, bytes + 4);
    place_put(place->x2, bytes + 8);
    place_put(place->y2, bytes + 12);
    g_byte_array_append(glyphs->places, bytes, sizeof bytes);
    g_string_append_len(glyphs->text, at, g_utf8_next_char(at) - at);
    glyphs->count++;
}

static void add_text(Glyphs *glyphs, PopplerPage *page)
{
    g_autofree char *text = poppler_page_get_text(page);
    g_autofree PopplerRectangle *places = NULL;
    guint n_places = 0;
    if (!text || !*text || !g_utf8_validate(text, -1, NULL) ||
        !poppler_page_get_text_layout(page, &places, &n_places) || count_placed(text) != n_places)
        return;
    const PopplerRectangle *place = places;
    for (const char *at = text; *at; at = g_utf8_next_char(at))
        if (!is_direction_mark(g_utf8_get_char(at)))
            add(glyphs, at, place++);
}

/* All characters of a field have its place: where in it they stand is not known. */
static void add_field(Glyphs *glyphs, const PopplerFormFieldMapping *mapping, double page_height)
{
    static const PopplerRectangle NOWHERE = {0};
    g_autofree char *content = field_text(mapping->field);
    if (!content || !g_utf8_validate(content, -1, NULL))
        return;
    /* Unlike the text's, these places count from the page's lower edge. */
    PopplerRectangle place = mapping->area;
    place.y1 = page_height - mapping->area.y2;
    place.y2 = page_height - mapping->area.y1;
    add(glyphs, "\n", &NOWHERE);
    for (const char *at = content; *at; at = g_utf8_next_char(at))
        add(glyphs, at, &place);
}

/* poppler gives a field's place on the page before it is turned: on one that is, it is left out. */
static gboolean is_upright(PopplerPage *page, double page_width)
{
    PopplerRectangle crop;
    poppler_page_get_crop_box(page, &crop);
    double difference = crop.x2 - crop.x1 - page_width;
    return difference > -1 && difference < 1;
}

static void add_fields(Glyphs *glyphs, PopplerPage *page, double page_width, double page_height)
{
    if (!is_upright(page, page_width))
        return;
    GList *fields = poppler_page_get_form_field_mapping(page);
    for (const GList *item = fields; item; item = item->next)
        add_field(glyphs, item->data, page_height);
    poppler_page_free_form_field_mapping(fields);
}

void glyphs_write(PopplerPage *page, double page_width, double page_height, GByteArray *out)
{
    guint8 count[4];
    Glyphs glyphs = {.places = g_byte_array_new(), .text = g_string_new(NULL)};
    add_text(&glyphs, page);
    add_fields(&glyphs, page, page_width, page_height);
    frame_put_u32(glyphs.count, count);
    g_byte_array_append(out, count, sizeof count);
    g_byte_array_append(out, glyphs.places->data, glyphs.places->len);
    g_byte_array_append(out, (const guint8 *)glyphs.text->str, (guint)glyphs.text->len);
    g_byte_array_unref(glyphs.places);
    g_string_free(glyphs.text, TRUE);
}
