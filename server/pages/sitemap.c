/* See sitemap.h. */
#include "sitemap.h"

#include "../answers/origin.h"
#include "../answers/parameters.h"
#include "../answers/result.h"
#include "../http/http_send.h"
#include "../http/reader_language.h"
#include "page.h"

enum { ROWS_OF_PART = 5000, PART_MOST = 50000 };

static gboolean is_listed(const Card *card)
{
    return card->row && card->state == DOCUMENT_INDEXED;
}

GArray *sitemap_parts(const Cards *cards, guint rows_of_part)
{
    const GArray *all = cards_all(cards);
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(SitemapPart));
    for (guint row = 0; row < all->len; row++) {
        const Card *card = &g_array_index(all, Card, row);
        guint number = row / rows_of_part + 1;
        SitemapPart *last = parts->len ? &g_array_index(parts, SitemapPart, parts->len - 1) : NULL;
        if (!is_listed(card))
            continue;
        if (!last || last->number != number) {
            g_array_append_vals(parts, &(SitemapPart){.number = number}, 1);
            last = &g_array_index(parts, SitemapPart, parts->len - 1);
        }
        last->documents++;
        last->newest_unix = MAX(last->newest_unix, card->indexed_unix);
    }
    return parts;
}

static void set_address(json_t *object, const char *key, const char *origin, Address *address)
{
    g_autofree char *path = address_take(address);
    page_take_text(object, key, origin_address(origin, path));
}

static json_t *make_entry(const Card *card, const char *origin)
{
    json_t *object = json_object(), *languages = json_array();
    Address plain = address_begin("/documents");
    address_segment(&plain, card->id);
    set_address(object, "address", origin, &plain);
    for (guint i = 0; READER_LANGUAGES[i]; i++) {
        json_t *language = json_object();
        Address address = address_begin("/documents");
        address_segment(&address, card->id);
        address_pair(&address, "hl", READER_LANGUAGES[i]);
        page_set_text(language, "code", READER_LANGUAGES[i]);
        set_address(language, "address", origin, &address);
        json_array_append_new(languages, language);
    }
    json_object_set_new(object, "languages", languages);
    json_object_set_new(object, "changed", result_time(card->indexed_unix));
    return object;
}

/* A list must have an entry. */
static json_t *make_start(const char *origin)
{
    json_t *object = json_object();
    page_take_text(object, "address", origin_address(origin, "/"));
    return object;
}

static json_t *make_entries(const Cards *cards, guint number, const char *origin)
{
    const GArray *all = cards_all(cards);
    json_t *list = json_array();
    guint end = MIN(number * ROWS_OF_PART, all->len);
    for (guint row = (number - 1) * ROWS_OF_PART; row < end; row++) {
        const Card *card = &g_array_index(all, Card, row);
        if (is_listed(card))
            json_array_append_new(list, make_entry(card, origin));
    }
    if (json_array_size(list) == 0)
        json_array_append_new(list, make_start(origin));
    return list;
}

static json_t *make_parts(const GArray *parts, const char *origin)
{
    json_t *list = json_array();
    for (guint i = 0; i < parts->len; i++) {
        const SitemapPart *part = &g_array_index(parts, SitemapPart, i);
        json_t *object = json_object();
        Address address = address_begin("/sitemap.xml");
        address_pair_number(&address, "part", part->number);
        set_address(object, "address", origin, &address);
        json_object_set_new(object, "changed", result_time(part->newest_unix));
        json_array_append_new(list, object);
    }
    return list;
}

static HttpResponse *render(Service *service, const char *name, json_t *list, gint64 newest)
{
    json_t *value = json_object();
    json_object_set_new(value, "entries", list);
    g_autoptr(TemplateSet) templates = service_take_templates(service);
    GString *text = template_render(templates, READER_LANGUAGES[0], name, value);
    json_decref(value);
    HttpResponse *response =
        http_response_new(200, "application/xml; charset=utf-8", g_string_free_to_bytes(text));
    if (newest > 0) {
        g_autofree char *date = http_date(newest);
        http_response_header(response, "Last-Modified", date);
    }
    return response;
}

/* The file of that number; 0: the one that leads to all. NULL when there is none. */
static HttpResponse *answer(Service *service, const Cards *cards, guint number, const char *origin)
{
    g_autoptr(GArray) parts = sitemap_parts(cards, ROWS_OF_PART);
    gint64 newest = 0;
    gboolean is_there = number == 0;
    for (guint i = 0; i < parts->len; i++) {
        const SitemapPart *part = &g_array_index(parts, SitemapPart, i);
        if (number > 0 && part->number != number)
            continue;
        newest = MAX(newest, part->newest_unix);
        is_there = TRUE;
    }
    if (!is_there)
        return NULL;
    if (number == 0 && parts->len > 1)
        return render(service, "sitemap_index", make_parts(parts, origin), newest);
    if (number == 0)
        number = parts->len > 0 ? g_array_index(parts, SitemapPart, 0).number : 1;
    return render(service, "sitemap", make_entries(cards, number, origin), newest);
}

HttpResponse *sitemap_xml(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    guint number = 0;
    g_autofree char *origin = origin_of(request, service);
    if (!parameter_number(request, "part", 1, PART_MOST, &number, &error))
        return page_bad_value(request, service, error);
    /* A sitemap of relative addresses is none. */
    if (!origin)
        return page_error(request, service, 400);
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return page_unavailable(request, service, error);
    HttpResponse *response = answer(service, searcher_cards(searcher), number, origin);
    service_return(service, searcher);
    return response ? response : page_error(request, service, 404);
}

/* The longest rule that fits counts (RFC 9309, 2.2.2). Documents and their pages are welcome, in
 * both languages; every question, filter and view makes another address of what is there already,
 * and every size another image. */
static const char RULES[] = "User-agent: *\n"
                            "Disallow: /search\n"
                            "Disallow: /browse/\n"
                            "Disallow: /status\n"
                            "Disallow: /api/\n"
                            "Disallow: /suggest.json\n"
                            "Disallow: /*.atom\n"
                            "Disallow: /documents/*/citation/\n"
                            "Disallow: /documents/*/sidecar\n"
                            "Disallow: /*?\n"
                            "Allow: /*?hl=\n"
                            "Disallow: /*?hl=*&\n"
                            "Allow: /sitemap.xml?\n";

HttpResponse *sitemap_robots(const HttpRequest *request, gpointer service)
{
    g_autofree char *origin = origin_of(request, service);
    GString *text = g_string_new(RULES);
    if (origin)
        g_string_append_printf(text, "\nSitemap: %s/sitemap.xml\n", origin);
    return http_response_new(200, "text/plain; charset=utf-8", g_string_free_to_bytes(text));
}
