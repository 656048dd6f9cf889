/* The start page: what the archive is, what is in it, and where to begin. See pages.h. */
#include "pages.h"

#include <string.h>

#include "page.h"
#include "page_browse.h"
#include "page_card.h"
#include "page_list.h"
#include "wording.h"

enum {
    LATEST_SHOWN = 6,
    SHELF_SHOWN = 4, /* values of a facet */
    YEAR_BARS = 40,  /* in the width of the page */
};

static const struct {
    const char *typed;
    const char *language;
} EXAMPLES[] = {
    {"cooperazione decentrata", "it"}, {"\"sviluppo sostenibile\"", "it"},
    {"titolo:statuto", "it"},          {"migration policies", "en"},
    {"\"human rights\"", "en"},        {"resilience OR adaptation", "en"},
};

static void set_examples(Page *page)
{
    json_t *list = json_array();
    for (gsize i = 0; i < G_N_ELEMENTS(EXAMPLES); i++) {
        json_t *object = json_object();
        page_set_text(object, "typed", EXAMPLES[i].typed);
        page_set_text(object, "text_lang", EXAMPLES[i].language);
        page_take_text(object, "address", page_search_link(page, EXAMPLES[i].typed));
        json_array_append_new(list, object);
    }
    json_object_set_new(page->value, "examples", list);
}

static void set_shelves(Page *page, const json_t *facets)
{
    static const Facet ORDER[] = {FACET_THEME, FACET_KIND, FACET_BODY, FACET_COLLECTION};
    json_t *list = json_array();
    for (gsize i = 0; i < G_N_ELEMENTS(ORDER); i++) {
        json_t *shelf = page_browse_shelf(page, facets, ORDER[i], SHELF_SHOWN);
        if (json_array_size(json_object_get(shelf, "values")) > 0)
            json_array_append(list, shelf);
        json_decref(shelf);
    }
    json_object_set_new(page->value, "shelves", list);
    json_object_set_new(page->value, "languages",
                        page_browse_shelf(page, facets, FACET_LANGUAGE, SHELF_SHOWN));
    json_object_set_new(page->value, "years", page_browse_years(page, facets, YEAR_BARS));
}

static HttpResponse *start_response(Page *page, json_t *result, const ArchiveCounts *counts)
{
    json_t *documents = json_object_get(result, "results");
    json_object_set_new(page->value, "result", result);
    json_object_set_new(page->value, "documents_count", wording_count(page, counts->documents));
    json_object_set_new(page->value, "pages_count", wording_count(page, counts->pages));
    json_object_set_new(page->value, "pending_count", wording_count(page, counts->pending));
    json_object_set_new(page->value, "has_pending", json_boolean(counts->pending > 0));
    json_object_set_new(page->value, "is_by_date", json_true());
    page_take_text(page->value, "compared", wording_time(page, counts->compared_unix));
    set_examples(page);
    set_shelves(page, json_object_get(result, "facets"));
    page_card_fill_all(page, documents, "");
    return page_response(page, 200, "start");
}

HttpResponse *pages_start(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    ArchiveCounts counts;
    g_auto(Page) page;
    page_init(&page, request, service, "start", TRUE);
    SearchRequest search = {.sort = SORT_ADDED, .limit = LATEST_SHOWN, .without_hits = TRUE};
    json_t *result = page_list_find(&page, &search, "", &counts, &error);
    if (!result)
        return page_unavailable(request, service, error);
    return start_response(&page, result, &counts);
}
