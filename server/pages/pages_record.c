/* The record of a search: /search/record, also as .txt and .json. See pages.h. */
#include <string.h>

#include "../answers/origin.h"
#include "../answers/parameters.h"
#include "../answers/record.h"
#include "../http/problem.h"
#include "page.h"
#include "page_facets.h"
#include "page_record.h"
#include "pages.h"
#include "wording.h"

/* The language of the pages is no part of a search. */
static char *search_path(const HttpRequest *request, const char *path, const char *language)
{
    Address address = address_begin(path);
    address_pairs_of(&address, request, "q translate " PAGE_FILTERS " sort", NULL, NULL);
    address_pair(&address, "hl", language);
    return address_take(&address);
}

/* NULL and `error` when the archive cannot be read or the question takes too long. */
static json_t *make_record(const Page *page, SearchRequest *search, GError **error)
{
    const HttpRequest *request = page->request;
    g_autofree char *origin = origin_of(request, page->service);
    g_autofree char *path = search_path(request, "/search", NULL);
    g_autofree char *repeats = origin_address(origin, path);
    Searcher *searcher = service_borrow_patiently(page->service, error);
    if (!searcher)
        return NULL;
    g_autoptr(Query) query = parameters_question(request, service_vocabulary(page->service),
                                                 searcher_analyser(searcher));
    search->query = query;
    RecordQuestion question = {
        .search = search,
        .typed = parameters_query(request),
        .is_translated = parameters_translated(request),
        .repeats = repeats,
        .origin = origin,
        .made_unix = g_get_real_time() / G_USEC_PER_SEC,
    };
    json_t *record = record_make(searcher, &question, error);
    service_return(page->service, searcher);
    search->query = NULL;
    return record;
}

static void name_file(HttpResponse *response, const char *ending)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *day = g_date_time_format(now, "%Y-%m-%d-%H%M");
    g_autofree char *disposition =
        g_strdup_printf("attachment; filename=\"schedario-%s.%s\"", day, ending);
    http_response_header(response, "Content-Disposition", disposition);
}

static HttpResponse *text_response(Page *page, json_t *record)
{
    json_t *sections = page_record_sections(page, record);
    g_autofree char *heading = page_word(page, "record_", "heading", NULL);
    GString *text = page_record_text(heading, sections);
    json_decref(sections);
    json_decref(record);
    HttpResponse *response =
        http_response_new(200, "text/plain; charset=utf-8", g_string_free_to_bytes(text));
    http_response_header(response, "Content-Language", page->language);
    http_response_header(response, "Vary", "Accept-Language");
    name_file(response, "txt");
    return response;
}

static HttpResponse *json_file(Page *page, json_t *record)
{
    (void)page;
    HttpResponse *response = json_response(record);
    name_file(response, "json");
    return response;
}

static HttpResponse *html_response(Page *page, json_t *record)
{
    const char *language = page->is_explicit ? page->language : NULL;
    json_t *value = page->value;
    json_object_set_new(value, "sections", page_record_sections(page, record));
    page_set_text(value, "back_url", NULL);
    page_take_text(value, "results_url", search_path(page->request, "/search", language));
    page_take_text(value, "text_url", search_path(page->request, "/search/record.txt", language));
    page_take_text(value, "json_url", search_path(page->request, "/search/record.json", NULL));
    json_decref(record);
    return page_response(page, 200, "record");
}

static HttpResponse *record_answer(const HttpRequest *request, Service *service,
                                   HttpResponse *(*show)(Page *page, json_t *record))
{
    GError *error = NULL;
    SearchRequest search = {.sort = SORT_RELEVANCE};
    if (!parameters_of_search(request, &search, &error))
        return page_bad_value(request, service, error);
    g_auto(Page) page;
    page_init(&page, request, service, "search", TRUE);
    json_t *record = make_record(&page, &search, &error);
    if (!record)
        return page_unavailable(request, service, error);
    HttpResponse *response = show(&page, record);
    http_response_header(response, "X-Robots-Tag", "noindex, nofollow");
    return response;
}

HttpResponse *pages_record(const HttpRequest *request, gpointer service)
{
    return record_answer(request, service, html_response);
}

HttpResponse *pages_record_text(const HttpRequest *request, gpointer service)
{
    return record_answer(request, service, text_response);
}

HttpResponse *pages_record_json(const HttpRequest *request, gpointer service)
{
    return record_answer(request, service, json_file);
}
