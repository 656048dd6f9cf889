/* Steps of the reading room: the pages before and after, the matches before and after, and the
 * pages that answer. See reading_room.h.
 *
 * A step from match to match goes over the page's end to the next page that answers, so that
 * pressing one button leads through all matches of a document. */
#include "reading_room.h"

#include "wording.h"

enum { HIT_PAGES_SHOWN = 40 };

/* The places in `hits` (SearchPage, in the order of the document) of the nearest pages before and
 * after this one; -1 where there is none. */
static void find_neighbours(const GArray *hits, guint number, gint *ret_before, gint *ret_after)
{
    *ret_before = *ret_after = -1;
    for (guint i = 0; i < hits->len; i++) {
        guint found = g_array_index(hits, SearchPage, i).page;
        if (found < number)
            *ret_before = (gint)i;
        else if (found > number && *ret_after < 0)
            *ret_after = (gint)i;
    }
}

static char *hit_link(const ReadingRoom *room, guint hit)
{
    g_autofree char *text = g_strdup_printf("%u", hit);
    return reading_link(room, room->number, text);
}

static char *previous_hit(const ReadingRoom *room, const GArray *hits, gint before)
{
    if (room->hit > 1)
        return hit_link(room, room->hit - 1);
    return before < 0 ? NULL
                      : reading_link(room, g_array_index(hits, SearchPage, before).page, "last");
}

static char *next_hit(const ReadingRoom *room, const GArray *hits, gint after)
{
    if (room->hit < room->matches)
        return hit_link(room, room->hit + 1);
    return after < 0 ? NULL : reading_link(room, g_array_index(hits, SearchPage, after).page, "1");
}

static json_t *make_steps(const ReadingRoom *room, const GArray *hits, gint before, gint after)
{
    const Page *page = &room->document.page;
    json_t *steps = json_object();
    page_take_text(steps, "previous_url",
                   room->number > 1 ? reading_link(room, room->number - 1, NULL) : NULL);
    page_take_text(steps, "next_url",
                   room->number < room->count ? reading_link(room, room->number + 1, NULL) : NULL);
    page_take_text(steps, "previous_hit_url", previous_hit(room, hits, before));
    page_take_text(steps, "next_hit_url", next_hit(room, hits, after));
    page_take_text(steps, "hit", wording_number(page, room->hit));
    page_take_text(steps, "matches", wording_number(page, room->matches));
    json_object_set_new(steps, "is_at_hit", json_boolean(room->hit > 0));
    json_object_set_new(steps, "has_hits", json_boolean(hits->len > 0 || room->matches > 0));
    return steps;
}

static json_t *make_hit_page(const ReadingRoom *room, const SearchPage *hit)
{
    const Page *page = &room->document.page;
    json_t *object = json_object();
    page_take_text(object, "n", wording_number(page, hit->page));
    page_take_text(object, "address", reading_link(room, hit->page, ""));
    json_object_set_new(object, "matches_count", wording_count(page, hit->matches));
    json_object_set_new(object, "is_current", json_boolean(hit->page == room->number));
    return object;
}

/* As many as are read at a glance, this page among them. */
static void set_hit_pages(const ReadingRoom *room, const GArray *hits, gint before)
{
    const Page *page = &room->document.page;
    json_t *list = json_array();
    guint at = (guint)(before + 1), half = HIT_PAGES_SHOWN / 2;
    guint first =
        hits->len > HIT_PAGES_SHOWN && at > half ? MIN(at - half, hits->len - HIT_PAGES_SHOWN) : 0;
    guint beyond = MIN(first + HIT_PAGES_SHOWN, hits->len);
    for (guint i = first; i < beyond; i++)
        json_array_append_new(list, make_hit_page(room, &g_array_index(hits, SearchPage, i)));
    json_object_set_new(page->value, "hit_pages", list);
    json_object_set_new(page->value, "hit_pages_count", wording_count(page, hits->len));
    json_object_set_new(page->value, "has_hit_pages", json_boolean(hits->len > 0));
    json_object_set_new(page->value, "has_other_hit_pages",
                        json_boolean(beyond - first < hits->len));
}

void reading_steps_set(const ReadingRoom *room)
{
    gint before, after;
    g_autoptr(GArray) hits = page_document_hits(&room->document);
    find_neighbours(hits, room->number, &before, &after);
    json_object_set_new(room->document.page.value, "steps", make_steps(room, hits, before, after));
    set_hit_pages(room, hits, before);
}
