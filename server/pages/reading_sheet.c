/* Sheet of the reading room: the image of the page, boxes over the matches on it, and small images
 * of the pages around it. See reading_room.h.
 *
 * The boxes are an SVG over the image, in points of the page, so that they fit at every size and
 * need no script. The small images are as many on every page: a document may have thousands. */
#include "reading_room.h"

#include <string.h>

#include "../answers/facsimile.h"
#include "../images/boxes.h"
#include "wording.h"

enum {
    WIDTH_SMALL = 720, /* of the image, pixels: what narrow screens need */
    WIDTH_STRIP = 160,
    STRIP_AROUND = 4, /* pages on either side */
};

static const double BOX_MARGIN = 0.8; /* points around a box, so that it does not cut letters */

static char *image_address(const ReadingRoom *room, guint number, guint width)
{
    Address address = address_begin("/documents");
    address_segment(&address, room->document.lookup.document->id);
    address_segment(&address, "pages");
    address_segment_number(&address, number);
    g_string_append(address.text, ".png");
    address_pair_number(&address, "width", width);
    return address_take(&address);
}

/* A length in points, for attributes of SVG: always with a point, whatever the locale. */
static void set_points(json_t *object, const char *key, double points)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    page_set_text(object, key, g_ascii_formatd(text, sizeof text, "%.2f", points));
}

static json_t *make_rectangle(const PageBox *box)
{
    json_t *object = json_object();
    set_points(object, "x", box->left - BOX_MARGIN);
    set_points(object, "y", box->top - BOX_MARGIN);
    set_points(object, "width", box->width + 2 * BOX_MARGIN);
    set_points(object, "height", box->height + 2 * BOX_MARGIN);
    return object;
}

/* The boxes of one match stand together. */
static json_t *make_matches(const ReadingRoom *room, const GArray *boxes)
{
    json_t *matches = json_array(), *rectangles = NULL;
    guint match = G_MAXUINT;
    for (guint i = 0; i < boxes->len; i++) {
        const PageBox *box = &g_array_index(boxes, PageBox, i);
        if (box->match != match) {
            json_t *object = json_object();
            match = box->match;
            rectangles = json_array();
            json_object_set_new(object, "is_current", json_boolean(match + 1 == room->hit));
            json_object_set_new(object, "rectangles", rectangles);
            json_array_append_new(matches, object);
        }
        json_array_append_new(rectangles, make_rectangle(box));
    }
    return matches;
}

/* What the browser chooses from by the room there is; a larger one only where more is asked for. */
static void set_images(const ReadingRoom *room, json_t *sheet)
{
    guint width = reading_zooms[room->zoom].width;
    g_autofree char *small = image_address(room, room->number, WIDTH_SMALL);
    char *usual = image_address(room, room->number, width);
    page_take_text(sheet, "sources",
                   g_strdup_printf("%s %dw, %s %uw", small, WIDTH_SMALL, usual, width));
    page_take_text(sheet, "src", usual);
}

static json_t *make_sheet(const ReadingRoom *room, const GArray *boxes, double width, double height)
{
    json_t *sheet = json_object();
    set_images(room, sheet);
    const char *zoom = reading_zooms[room->zoom].name;
    page_take_text(sheet, "zoom_class", g_strconcat("zoom-", *zoom ? zoom : "width", NULL));
    set_points(sheet, "width", width);
    set_points(sheet, "height", height);
    json_object_set_new(sheet, "width_px", json_integer(MAX((json_int_t)width, 1)));
    json_object_set_new(sheet, "height_px", json_integer(MAX((json_int_t)height, 1)));
    json_object_set_new(sheet, "matches", make_matches(room, boxes));
    return sheet;
}

/* Small images */

static GHashTable *answering_pages(const PageDocument *document)
{
    GHashTable *pages = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < document->hits->len; i++) {
        const SearchPage *hit = &g_array_index(document->hits, SearchPage, i);
        g_hash_table_insert(pages, GUINT_TO_POINTER(hit->page), GUINT_TO_POINTER(hit->matches));
    }
    return pages;
}

static void set_strip(const ReadingRoom *room)
{
    enum { SHOWN = 2 * STRIP_AROUND + 1 };
    const Page *page = &room->document.page;
    json_t *strip = json_array();
    guint beyond = room->count > SHOWN ? room->count - SHOWN + 1 : 1;
    guint first = MIN(room->number > STRIP_AROUND ? room->number - STRIP_AROUND : 1, beyond);
    GHashTable *answering = answering_pages(&room->document);
    for (guint number = first; number < first + SHOWN && number <= room->count; number++) {
        json_t *object = json_object();
        guint matches = GPOINTER_TO_UINT(g_hash_table_lookup(answering, GUINT_TO_POINTER(number)));
        page_take_text(object, "n", wording_number(page, number));
        page_take_text(object, "address", reading_link(room, number, matches > 0 ? "" : NULL));
        page_take_text(object, "src", image_address(room, number, WIDTH_STRIP));
        json_object_set_new(object, "is_current", json_boolean(number == room->number));
        json_object_set_new(object, "matches_count", wording_count(page, matches));
        json_array_append_new(strip, object);
    }
    g_hash_table_unref(answering);
    json_object_set_new(page->value, "strip", strip);
    json_object_set_new(page->value, "has_strip", json_boolean(room->count > 1));
}

/* Why there is no image, in the reader's language. */
static char *failure_word(const Page *page, const GError *error)
{
    static const char *const NAMES[] = {
        [FACSIMILE_ERROR_NONE] = "none",        [FACSIMILE_ERROR_MISSING] = "missing",
        [FACSIMILE_ERROR_NO_PAGE] = "page",     [FACSIMILE_ERROR_BUSY] = "busy",
        [FACSIMILE_ERROR_NO_READER] = "reader", [FACSIMILE_ERROR_PAGE] = "page",
    };
    return page_word(page, "sheet_failed_", NAMES[error->code], NULL);
}

void reading_sheet_set(ReadingRoom *room, const GString *marked, const GArray *spans)
{
    const Page *page = &room->document.page;
    if (!room->has_images)
        return;
    set_strip(room);
    if (room->view == VIEW_TEXT)
        return;
    double width, height;
    g_autoptr(GError) error = NULL;
    FacsimilePage wanted = {room->document.lookup.document, room->document.lookup.paths,
                            room->number};
    g_autoptr(GArray) boxes = facsimile_boxes(service_facsimile(page->service), &wanted, marked,
                                              spans, &width, &height, &error);
    if (boxes) {
        json_object_set_new(page->value, "sheet", make_sheet(room, boxes, width, height));
        return;
    }
    page_take_text(page->value, "sheet_failed", failure_word(page, error));
    json_object_set_new(page->value, "is_text", json_true());
}
