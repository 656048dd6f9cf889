/* Pages of many documents: the answer to a search, the list of all documents. See pages.h. */
#include "pages.h"

#include <string.h>

#include "../answers/parameters.h"
#include "page.h"
#include "page_card.h"
#include "page_facets.h"
#include "page_letters.h"
#include "page_list.h"
#include "page_question.h"
#include "page_take_away.h"
#include "wording.h"

typedef struct {
    const char *path;
    const char *section;
    const char *template_name;
    SearchSort sort;
    gboolean is_search; /* what was typed counts */
} ListKind;

static const ListKind SEARCH_LIST = {"/search", "search", "search", SORT_RELEVANCE, TRUE};
static const ListKind DOCUMENT_LIST = {"/documents", "documents", "documents", SORT_TITLE, FALSE};

/* Where the shown results stand among all: "11-20 of 43". */
static void set_range(Page *page, const SearchRequest *search, guint total, size_t shown)
{
    page_take_text(page->value, "first", wording_number(page, search->offset + 1));
    page_take_text(page->value, "last", wording_number(page, search->offset + shown));
    json_object_set_new(page->value, "is_beyond", json_boolean(shown == 0 && total > 0));
    json_object_set_new(page->value, "is_paged", json_boolean(total > search->limit && shown > 0));
}

/* A link to the question as it may have been meant, under the same filters. */
static void set_correction(Page *page, const ListKind *kind, const json_t *result)
{
    const json_t *correction = json_object_get(result, "did_you_mean");
    if (!json_is_object(correction))
        return;
    Address address = address_begin(kind->path);
    address_pair(&address, "q", json_string_value(json_object_get(correction, "text")));
    address_pairs_of(&address, page->request, "translate " PAGE_FILTERS " sort size", NULL, NULL);
    page_take_text(page->value, "correction_url", page_address_take(page, &address));
}

/* What the order of a list makes worth saying: the letters of titles, the dates of arrivals. */
static void set_order(Page *page, const ListKind *kind, const SearchRequest *search,
                      const json_t *result)
{
    const json_t *letters = json_object_get(result, "letters");
    gboolean is_by_title = search->sort == SORT_TITLE && !kind->is_search;
    json_object_set_new(page->value, "is_by_title", json_boolean(is_by_title));
    json_object_set_new(page->value, "is_by_date", json_boolean(search->sort == SORT_ADDED));
    if (!is_by_title)
        return;
    page_set_letters(page, kind->path, PAGE_LIST, letters, search->limit);
    page_letters_mark(page, letters, search->offset, json_object_get(result, "results"));
}

/* The address that asks for less, and what it asks without, in words. */
static char *way_link(const Page *page, const ListKind *kind, const json_t *way)
{
    const char *drop = json_string_value(json_object_get(way, "drop"));
    const char *filter = json_string_value(json_object_get(way, "filter"));
    const char *typed = json_string_value(json_object_get(way, "typed"));
    gboolean keeps_filters = strcmp(drop, "filters") != 0 && strcmp(drop, "words") != 0;
    Address address = address_begin(kind->path);
    address_pair(&address, "q", typed ? typed : parameters_query(page->request));
    if (strcmp(drop, "other-names") != 0 && !parameters_translated(page->request))
        address_pair(&address, "translate", "off");
    if (keeps_filters)
        address_pairs_of(&address, page->request, PAGE_VALUES, filter, NULL);
    if (keeps_filters && (!filter || strcmp(filter, "year") != 0))
        address_pairs_of(&address, page->request, "year_from year_to", NULL, NULL);
    address_pairs_of(&address, page->request, "sort size", NULL, NULL);
    return page_address_take(page, &address);
}

/* The filter that is to go, with what was chosen of it. */
static void set_way_filter(const Page *page, const SearchRequest *search, json_t *way)
{
    const char *filter = json_string_value(json_object_get(way, "filter"));
    for (int i = 0; filter && i < FACET_COUNT; i++)
        if (strcmp(facet_name((Facet)i), filter) == 0)
            page_take_text(way, "chosen", page_facet_chosen(page, search, (Facet)i));
}

static void set_ways(Page *page, const ListKind *kind, const SearchRequest *search, json_t *ways)
{
    size_t i;
    json_t *way;
    json_array_foreach(ways, i, way)
    {
        const char *drop = json_string_value(json_object_get(way, "drop"));
        guint64 total = (guint64)json_integer_value(json_object_get(way, "total"));
        set_way_filter(page, search, way);
        page_take_text(way, "label", page_word(page, "way_", drop, way));
        page_take_text(way, "address", way_link(page, kind, way));
        json_object_set_new(way, "documents", wording_count(page, total));
    }
    json_object_set_new(page->value, "has_ways", json_boolean(json_array_size(ways) > 0));
}

static HttpResponse *list_response(Page *page, const ListKind *kind, const SearchRequest *search,
                                   json_t *result, guint number)
{
    guint total = (guint)json_integer_value(json_object_get(result, "total"));
    guint partial = (guint)json_integer_value(json_object_get(result, "partial"));
    json_t *items = json_object_get(result, "results");
    const char *typed =
        json_string_value(json_object_get(json_object_get(result, "query"), "typed"));
    json_t *unsearchable = json_object_get(result, "unsearchable");
    json_object_set_new(page->value, "result", result);
    json_object_set_new(page->value, "total_count", wording_count(page, total));
    json_object_set_new(
        page->value, "unsearchable_count",
        wording_count(page, (guint64)json_integer_value(json_object_get(unsearchable, "count"))));
    page_set_text(page->value, "typed", typed);
    json_object_set_new(page->value, "shows_hits", json_boolean(kind->is_search));
    page_take_text(page->value, "n", wording_number(page, number));
    page_question_set(page, kind->path, json_object_get(result, "query"));
    set_correction(page, kind, result);
    set_range(page, search, total, json_array_size(items));
    page_card_fill_all(page, items, typed);
    page_question_part(page, items, search->offset, total - partial, partial);
    page_set_facets(page, kind->path, search, json_object_get(result, "facets"),
                    json_is_true(json_object_get(page->value, "is_typed")));
    json_object_set_new(
        page->value, "shows_facets",
        json_boolean(total > 0 || json_is_true(json_object_get(page->value, "is_filtered"))));
    page_set_pager(page, kind->path, PAGE_LIST, number, total, search->limit);
    set_order(page, kind, search, result);
    set_ways(page, kind, search, json_object_get(result, "instead"));
    page_take_away_set(page, search, kind->is_search, total);
    return page_response(page, 200, kind->template_name);
}

static HttpResponse *list_page(const HttpRequest *request, Service *service, const ListKind *kind)
{
    gint64 started = g_get_monotonic_time();
    GError *error = NULL;
    guint number = 1;
    SearchRequest search = {.sort = kind->sort};
    if (!parameters_of_search(request, &search, &error) || !page_number(request, &number, &error) ||
        !page_list_size(request, &search.limit, &error))
        return page_bad_value(request, service, error);
    search.offset = (number - 1) * search.limit;
    g_auto(Page) page;
    page_init(&page, request, service, kind->section, TRUE);
    page.list_page = "page";
    const char *typed = kind->is_search ? parameters_query(request) : "";
    json_t *result = page_list_find(&page, &search, typed, NULL, &error);
    if (!result)
        return page_unavailable(request, service, error);
    if (number == 1) /* one who turns pages asks once */
        service_note_question(
            service,
            &(ServiceQuestion){.typed = typed,
                               .language = page.language,
                               .total = (guint)json_integer_value(json_object_get(result, "total")),
                               .took_us = g_get_monotonic_time() - started,
                               .is_cut = json_is_true(json_object_get(result, "timed_out"))});
    return list_response(&page, kind, &search, result, number);
}

HttpResponse *pages_search(const HttpRequest *request, gpointer service)
{
    return list_page(request, service, &SEARCH_LIST);
}

HttpResponse *pages_documents(const HttpRequest *request, gpointer service)
{
    return list_page(request, service, &DOCUMENT_LIST);
}
