/* See reading_room.h. */
#include "reading_room.h"

#include <string.h>

#include "../answers/parameters.h"
#include "page_facets.h"

const ReadingZoom reading_zooms[] = {
    {"page", 1000}, {"", 1000}, {"150", 1600}, {"200", 2000}, {"300", 2400}, {NULL, 0},
};

enum { ZOOM_USUAL = 1 };

static const char *const VIEWS[VIEW_COUNT] = {
    [VIEW_IMAGE] = "image",
    [VIEW_BOTH] = "both",
    [VIEW_TEXT] = "text",
};

void reading_room_release(ReadingRoom *room)
{
    page_document_release(&room->document);
}

static ReadingView view_of(const HttpRequest *request)
{
    const char *name = http_parameter(request, "view");
    for (guint view = 0; name && view < VIEW_COUNT; view++)
        if (strcmp(VIEWS[view], name) == 0)
            return (ReadingView)view;
    return VIEW_IMAGE;
}

static guint zoom_of(const HttpRequest *request)
{
    const char *name = http_parameter(request, "zoom");
    for (guint zoom = 0; name && reading_zooms[zoom].name; zoom++)
        if (strcmp(reading_zooms[zoom].name, name) == 0)
            return zoom;
    return ZOOM_USUAL;
}

void reading_room_enter(ReadingRoom *room)
{
    const HttpRequest *request = room->document.page.request;
    room->view = room->has_images ? view_of(request) : VIEW_TEXT;
    room->zoom = zoom_of(request);
}

void reading_room_set_matches(ReadingRoom *room, guint matches)
{
    const char *said = http_parameter(room->document.page.request, "hit");
    guint hit = 1;
    room->matches = matches;
    if (said && strcmp(said, "last") == 0)
        hit = matches;
    else
        parameter_number(room->document.page.request, "hit", 1, G_MAXINT, &hit, NULL);
    room->hit = MIN(hit, matches);
}

/* Links */

static char *state_link(const ReadingRoom *room, guint number, ReadingView view, guint zoom,
                        const char *hit)
{
    const Page *page = &room->document.page;
    Address address = page_document_address(page, room->document.lookup.document->id, number,
                                            parameters_query(page->request));
    address_pair(&address, "view", view == VIEW_IMAGE || !room->has_images ? NULL : VIEWS[view]);
    address_pair(&address, "zoom", reading_zooms[zoom].name);
    address_pair(&address, "hit", hit);
    char *link = page_address_take(page, &address);
    if (!hit)
        return link;
    char *to_match = g_strconcat(link, "#hit", NULL);
    g_free(link);
    return to_match;
}

char *reading_link(const ReadingRoom *room, guint number, const char *hit)
{
    return state_link(room, number, room->view, room->zoom, hit);
}

char *reading_view_link(const ReadingRoom *room, ReadingView view, guint zoom)
{
    g_autofree char *hit = room->hit > 1 ? g_strdup_printf("%u", room->hit) : NULL;
    return state_link(room, room->number, view, zoom, hit);
}

/* What the page says of it */

static void set_views(const ReadingRoom *room)
{
    const Page *page = &room->document.page;
    json_t *list = json_array();
    for (guint view = 0; room->has_images && view < VIEW_COUNT; view++) {
        json_t *object = json_object();
        page_take_text(object, "label", page_word(page, "view_", VIEWS[view], NULL));
        page_take_text(object, "address", reading_view_link(room, (ReadingView)view, room->zoom));
        json_object_set_new(object, "is_current", json_boolean(view == room->view));
        json_array_append_new(list, object);
    }
    json_object_set_new(page->value, "views", list);
    json_object_set_new(page->value, "has_views", json_boolean(room->has_images));
    json_object_set_new(page->value, "is_text", json_boolean(room->view != VIEW_IMAGE));
    json_object_set_new(page->value, "is_both", json_boolean(room->view == VIEW_BOTH));
}

static char *zoom_word(const Page *page, guint zoom)
{
    const char *name = reading_zooms[zoom].name;
    return page_word(page, "zoom_", *name ? name : "width", NULL);
}

static void set_zooms(const ReadingRoom *room)
{
    const Page *page = &room->document.page;
    if (room->view == VIEW_TEXT)
        return;
    json_t *zooms = json_object();
    gboolean is_last = !reading_zooms[room->zoom + 1].name;
    page_take_text(zooms, "current", zoom_word(page, room->zoom));
    page_take_text(zooms, "smaller_url",
                   room->zoom > 0 ? reading_view_link(room, room->view, room->zoom - 1) : NULL);
    page_take_text(zooms, "larger_url",
                   is_last ? NULL : reading_view_link(room, room->view, room->zoom + 1));
    json_object_set_new(page->value, "zooms", zooms);
}

static void add_pair(json_t *pairs, const char *name, const char *value)
{
    json_array_append_new(pairs, json_pack("{s:s, s:s}", "name", name, "value", value));
}

/* Forms keep of the address what is not theirs to set. */
static void set_kept(const ReadingRoom *room)
{
    g_auto(GStrv) names = g_strsplit(PAGE_FILTERS " sort size from view zoom", " ", -1);
    const Page *page = &room->document.page;
    json_t *pairs = json_array();
    for (guint i = 0; names[i]; i++) {
        const GPtrArray *values = g_hash_table_lookup(page->request->parameters, names[i]);
        for (guint j = 0; values && j < values->len; j++)
            add_pair(pairs, names[i], g_ptr_array_index(values, j));
    }
    json_object_set_new(page->value, "kept_pairs", pairs);
}

void reading_room_set(const ReadingRoom *room)
{
    set_views(room);
    set_zooms(room);
    set_kept(room);
}
