/* See opensearch.h. */
#include "opensearch.h"

#include <string.h>

#include "../answers/origin.h"
#include "../answers/parameters.h"
#include "../answers/result.h"
#include "../http/problem.h"
#include "../search/suggest.h"
#include "page.h"

static void set_address(const Page *page, const char *key, const char *origin, const char *path)
{
    page_take_text(page->value, key, origin_address(origin, path));
}

/* The member `from` of the page, an address of this server, in full. */
static void set_link(const Page *page, const char *key, const char *origin, const char *from)
{
    set_address(page, key, origin, json_string_value(json_object_get(page->value, from)));
}

HttpResponse *opensearch_description(const HttpRequest *request, gpointer service)
{
    static const char MAIL[] = "mailto:";
    const char *contact = service_contact(service);
    g_autofree char *origin = origin_of(request, service);
    g_auto(Page) page;
    page_init(&page, request, service, "", TRUE);
    page_set_text(page.value, "origin", origin ? origin : "");
    page_set_text(page.value, "mail",
                  contact && g_str_has_prefix(contact, MAIL) ? contact + strlen(MAIL) : NULL);
    set_link(&page, "self_link", origin, "opensearch_url");
    set_link(&page, "icon_link", origin, "icon_old_url");
    set_link(&page, "icon_svg_link", origin, "icon_url");
    GString *text = template_render(page.templates, page.language, "opensearch", page.value);
    HttpResponse *response = http_response_new(
        200, "application/opensearchdescription+xml; charset=utf-8", g_string_free_to_bytes(text));
    http_response_header(response, "Content-Language", page.language);
    http_response_header(response, "Vary", "Accept-Language");
    return response;
}

static HttpResponse *suggestions_response(const char *typed, const GPtrArray *suggestions)
{
    json_t *texts = json_array();
    for (guint i = 0; i < suggestions->len; i++) {
        const Suggestion *suggestion = g_ptr_array_index(suggestions, i);
        json_array_append_new(texts, result_text(suggestion->text));
    }
    json_t *value = json_pack("[o, o]", result_text(typed), texts);
    char *text = json_dumps(value, JSON_COMPACT);
    json_decref(value);
    GBytes *body = g_bytes_new_with_free_func(text, strlen(text), free, text);
    return http_response_new(200, "application/x-suggestions+json", body);
}

HttpResponse *opensearch_suggestions(const HttpRequest *request, gpointer service)
{
    g_autoptr(GError) error = NULL;
    const char *typed = parameters_query(request);
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return problem_response(503, trouble_detail(service_trouble(service, error)), NULL);
    g_autoptr(GPtrArray) suggestions =
        suggester_complete(service_suggester(service), searcher, typed, SUGGEST_LIMIT, &error);
    service_return(service, searcher);
    if (!suggestions)
        return problem_response(503, trouble_detail(service_trouble(service, error)), NULL);
    return suggestions_response(typed, suggestions);
}
