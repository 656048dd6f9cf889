/* Pages of many documents: the start, the answer to a search, the list of all documents. See
 * pages.h. */
#include "pages.h"

#include <string.h>

#include "page.h"
#include "page_card.h"
#include "page_facets.h"
#include "page_question.h"
#include "parameters.h"
#include "result.h"
#include "spelling.h"
#include "wording.h"

enum { PER_PAGE = 10, NEWEST_SHOWN = 5 };

/* Lists */

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
    json_object_set_new(page->value, "is_paged", json_boolean(total > PER_PAGE && shown > 0));
}

/* A link to the question as it may have been meant, under the same filters. */
static void set_correction(Page *page, const ListKind *kind, const json_t *result)
{
    const json_t *correction = json_object_get(result, "did_you_mean");
    if (!json_is_object(correction))
        return;
    Address address = address_begin(kind->path);
    address_pair(&address, "q", json_string_value(json_object_get(correction, "text")));
    address_pairs_of(&address, page->request, "translate " PAGE_FILTERS " sort", NULL, NULL);
    page_take_text(page->value, "correction_url", page_address_take(page, &address));
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
    page_set_pager(page, kind->path, PAGE_LIST, number, total, PER_PAGE);
    return page_response(page, 200, kind->template_name);
}

/* The API's value of the list; NULL and `error` when the archive cannot be read. */
static json_t *find_list(Page *page, SearchRequest *search, const char *typed, GError **error)
{
    Searcher *searcher = service_borrow(page->service, error);
    if (!searcher)
        return NULL;
    g_autoptr(Query) query =
        query_parse(typed, strlen(typed), service_vocabulary(page->service),
                    parameters_translated(page->request), searcher_analyser(searcher));
    search->query = query;
    g_autoptr(SearchResult) result = searcher_search(searcher, search, error);
    g_autofree char *corrected =
        result ? spelling_correct(searcher, service_lexicon(page->service),
                                  service_vocabulary(page->service), query, result, typed, NULL)
               : NULL;
    json_object_set_new(page->value, "is_archive_empty",
                        json_boolean(cards_document_count(searcher_cards(searcher)) == 0));
    service_return(page->service, searcher);
    json_t *value = result ? result_search(search, result, typed, FALSE) : NULL;
    if (value)
        result_add_correction(value, corrected);
    search->query = NULL;
    return value;
}

static HttpResponse *list_page(const HttpRequest *request, Service *service, const ListKind *kind)
{
    GError *error = NULL;
    guint number = 1;
    SearchRequest search = {.sort = kind->sort};
    if (!parameters_of_search(request, &search, &error) || !page_number(request, &number, &error))
        return page_bad_value(request, service, error);
    search.limit = PER_PAGE;
    search.offset = (number - 1) * PER_PAGE;
    g_auto(Page) page;
    page_init(&page, request, service, kind->section, TRUE);
    const char *typed = kind->is_search ? parameters_query(request) : "";
    json_t *result = find_list(&page, &search, typed, &error);
    if (!result)
        return page_unavailable(request, service, error);
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

/* The start */

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

/* A facet as links to the documents that have a value; "other" says nothing to choose by. */
static void set_shelf(Page *page, const char *member, const char *facet, const char *prefix,
                      const json_t *values)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(values); i++) {
        const char *value = json_string_value(json_object_get(json_array_get(values, i), "value"));
        if (strcmp(value, "other") == 0)
            continue;
        json_t *object = json_object();
        json_int_t count = json_integer_value(json_object_get(json_array_get(values, i), "count"));
        Address address = address_begin("/documents");
        address_pair(&address, facet, value);
        page_take_text(object, "address", page_address_take(page, &address));
        page_take_text(object, "label",
                       prefix ? page_word(page, prefix, value, NULL) : page_card_collection(value));
        page_take_text(object, "n", wording_number(page, (guint64)count));
        page_take_text(object, "figure", page_word(page, "figure_", value, NULL));
        json_array_append_new(list, object);
    }
    json_object_set_new(page->value, member, list);
}

static HttpResponse *start_response(Page *page, json_t *result, const ArchiveCounts *counts)
{
    const json_t *facets = json_object_get(result, "facets");
    json_object_set_new(page->value, "result", result);
    json_object_set_new(page->value, "documents_count", wording_count(page, counts->documents));
    json_object_set_new(page->value, "pages_count", wording_count(page, counts->pages));
    json_object_set_new(page->value, "pending_count", wording_count(page, counts->pending));
    json_object_set_new(page->value, "is_archive_empty", json_boolean(counts->documents == 0));
    json_object_set_new(page->value, "has_pending", json_boolean(counts->pending > 0));
    page_take_text(page->value, "compared", wording_time(page, counts->compared_unix));
    set_examples(page);
    set_shelf(page, "languages_shelf", "language", "language_",
              json_object_get(facets, "language"));
    set_shelf(page, "kinds_shelf", "kind", "kind_", json_object_get(facets, "kind"));
    set_shelf(page, "collections_shelf", "collection", NULL, json_object_get(facets, "collection"));
    page_card_fill_all(page, json_object_get(result, "results"), "");
    return page_response(page, 200, "start");
}

HttpResponse *pages_start(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    ArchiveCounts counts;
    g_auto(Page) page;
    page_init(&page, request, service, "start", TRUE);
    SearchRequest search = {.sort = SORT_NEWEST, .limit = NEWEST_SHOWN};
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return page_unavailable(request, service, error);
    g_autoptr(Query) query = query_parse("", 0, NULL, FALSE, searcher_analyser(searcher));
    search.query = query;
    g_autoptr(SearchResult) result = searcher_search(searcher, &search, &error);
    gboolean done = result && archive_counts(searcher_archive(searcher), &counts, &error);
    service_return(service, searcher);
    if (!done)
        return page_unavailable(request, service, error);
    return start_response(&page, result_search(&search, result, "", FALSE), &counts);
}
