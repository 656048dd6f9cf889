/* The reading room's page. See pages.h and reading_room.h. */
#include "pages.h"

#include <string.h>

#include "../answers/facsimile.h"
#include "../answers/parameters.h"
#include "../answers/result.h"
#include "page_citation.h"
#include "page_text.h"
#include "reading_room.h"
#include "wording.h"

/* The number in the address; 0 when it is none. */
static guint number_of(const char *text)
{
    guint64 number = 0;
    if (strspn(text, "0123456789") != strlen(text) ||
        !g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT, &number, NULL))
        return 0;
    return (guint)number;
}

/* The page's marked text. NULL when there is no such page, or nothing of it to be seen, or `error`.
 */
static GString *find_text(ReadingRoom *room)
{
    PageDocument *document = &room->document;
    const ArchiveDocument *found = document->lookup.document;
    if (found->state == DOCUMENT_FAILED && !room->has_images)
        return NULL;
    return lookup_page_seen(document->searcher, found, room->number, &document->error);
}

static void set_original(const ReadingRoom *room)
{
    const ArchiveDocument *found = room->document.lookup.document;
    gboolean opens_at_page = found->media_type && strcmp(found->media_type, "application/pdf") == 0;
    g_autofree char *plain = g_strdup_printf("/documents/%s/file", found->id);
    page_take_text(room->document.page.value, "original_url",
                   opens_at_page ? g_strdup_printf("%s#page=%u", plain, room->number)
                                 : g_strdup(plain));
}

static void set_text(ReadingRoom *room, const GString *marked, const Marker *marker)
{
    PageDocument *document = &room->document;
    json_t *value = document->page.value;
    json_t *result = result_page(document->lookup.document, room->number, marked, marker,
                                 searcher_analyser(document->searcher));
    reading_room_set_matches(room, (guint)json_integer_value(json_object_get(result, "matches")));
    json_t *paragraphs = page_text_paragraphs(result, room->hit);
    json_object_set_new(value, "is_blank", json_boolean(json_array_size(paragraphs) == 0));
    json_object_set_new(value, "paragraphs", paragraphs);
    json_object_set_new(value, "result", result);
    json_object_set_new(value, "matches_count", wording_count(&document->page, room->matches));
}

static void set_place(const ReadingRoom *room)
{
    const Page *page = &room->document.page;
    page_take_text(page->value, "n", wording_number(page, room->number));
    page_take_text(page->value, "last", wording_number(page, room->count));
    json_object_set_new(page->value, "in_reading", json_true());
    json_object_set_new(page->value, "is_typed",
                        json_boolean(query_concepts(room->document.query)->len > 0));
    page_take_text(page->value, "here_path",
                   result_document_address(room->document.lookup.document->id, room->number, NULL));
}

static HttpResponse *room_response(ReadingRoom *room, const GString *marked)
{
    PageDocument *document = &room->document;
    g_autoptr(Marker) marker = marker_new(query_concepts(document->query));
    g_autoptr(GArray) spans =
        marker_find(marker, searcher_analyser(document->searcher), marked->str, marked->len);
    set_text(room, marked, marker);
    page_document_set(document);
    set_place(room);
    reading_room_set(room);
    reading_steps_set(room);
    set_original(room);
    page_citation_set(&document->page, document->lookup.document, room->number);
    /* A reader process may keep this request waiting: others need the searcher meanwhile. */
    page_document_let_go(document);
    reading_sheet_set(room, marked, spans);
    return page_response(&document->page, 200, "page");
}

/* What was searched for in the document, from the page where the reader is, leads to the next page
 * that answers, or else to the first. NULL when this one does, or none. */
static HttpResponse *found_elsewhere(const ReadingRoom *room)
{
    const char *find = http_parameter(room->document.page.request, "find");
    guint next = 0;
    if (!find || !*find)
        return NULL;
    g_autoptr(GArray) hits = page_document_hits(&room->document);
    for (guint i = hits->len; i > 0; i--) {
        guint page = g_array_index(hits, SearchPage, i - 1).page;
        next = page >= room->number ? page : next;
    }
    if (next == 0 && hits->len > 0)
        next = g_array_index(hits, SearchPage, 0).page;
    return next > 0 ? page_see_other(reading_link(room, next, "")) : NULL;
}

HttpResponse *pages_page(const HttpRequest *request, gpointer service)
{
    g_auto(ReadingRoom) room = {0};
    PageDocument *document = &room.document;
    page_document_open(document, request, service);
    if (document->outcome != LOOKUP_FOUND)
        return page_document_absent(document);
    room.number = number_of(request->segments[1]);
    room.count = document->lookup.document->page_count;
    room.has_images = facsimile_is_possible(service_facsimile(service), document->lookup.document);
    reading_room_enter(&room);
    HttpResponse *elsewhere = found_elsewhere(&room);
    if (elsewhere)
        return elsewhere;
    g_autoptr(GString) marked = find_text(&room);
    if (!marked)
        return document->error
                   ? page_trouble(request, service, service_trouble(service, document->error))
                   : page_error(request, service, 404);
    return room_response(&room, marked);
}
