/* See page.h. */
#include "page.h"

#include <string.h>

#include "../answers/parameters.h"
#include "../http/reader_language.h"
#include "page_facets.h"
#include "status_files.h"
#include "wording.h"

/* Every parameter that any page reads, but the language. */
#define ALL_PARAMETERS                                                                             \
    "q translate language kind theme area body collection year_from year_to sort size order in "   \
    "state page "                                                                                  \
    "refresh outcome folder field show from view zoom hit"

enum { PAGER_AROUND = 2 };

void page_set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text ? json_string(text) : json_null());
}

void page_take_text(json_t *object, const char *key, char *text)
{
    page_set_text(object, key, text);
    g_free(text);
}

/* Links */

char *page_address_take(const Page *page, Address *address)
{
    if (page->is_explicit)
        address_pair(address, "hl", page->language);
    return address_take(address);
}

/* A question keeps how it is to be read. */
static void pair_question(const Page *page, Address *address, const char *typed)
{
    address_pair(address, "q", typed);
    if (typed && *typed && !parameters_translated(page->request))
        address_pair(address, "translate", "off");
}

char *page_search_link(const Page *page, const char *typed)
{
    Address address = address_begin("/search");
    pair_question(page, &address, typed);
    return page_address_take(page, &address);
}

/* The list's filters and order, and which page of it. */
static void pair_list(const Page *page, Address *address)
{
    if (!page->list_page)
        return;
    const char *number = http_parameter(page->request, page->list_page);
    address_pairs_of(address, page->request, PAGE_FILTERS " sort size", NULL, NULL);
    address_pair(address, "from", number && strcmp(number, "1") != 0 ? number : NULL);
}

Address page_document_address(const Page *page, const char *id, guint number, const char *typed)
{
    Address address = address_begin("/documents");
    address_segment(&address, id);
    if (number > 0) {
        address_segment(&address, "pages");
        address_segment_number(&address, number);
    }
    pair_question(page, &address, typed);
    pair_list(page, &address);
    return address;
}

char *page_document_link(const Page *page, const char *id, guint number, const char *typed)
{
    Address address = page_document_address(page, id, number, typed);
    char *link = page_address_take(page, &address);
    if (number == 0 || !typed || !*typed)
        return link;
    char *to_match = g_strconcat(link, "#hit", NULL);
    g_free(link);
    return to_match;
}

/* Words */

char *page_word(const Page *page, const char *prefix, const char *name, const json_t *value)
{
    g_autofree char *key = g_strconcat(prefix, name, NULL);
    for (char *at = key; *at; at++)
        if (!g_ascii_isalnum(*at) && *at != '-')
            *at = '_';
    return template_message(page->templates, page->language, key, value);
}

/* What stands on every page */

static const struct {
    const char *name;
    const char *path;
} LINKS[] = {
    {"start_url", "/"},
    {"search_url", "/search"},
    {"browse_url", "/browse"},
    {"documents_url", "/documents"},
    {"added_url", "/documents?sort=added"},
    {"status_url", "/status"},
    {"failed_url", "/status?state=failed"},
    {"help_url", "/help"},
    {"privacy_url", "/privacy"},
    {"accessibility_url", "/accessibility"},
};

static const struct {
    const char *member;
    const char *name;
} ASSETS[] = {
    {"reading_style_url", "reading.css"},
    {"reading_script_url", "reading.js"},
    {"style_url", "style.css"},
    {"script_url", "page.js"},
    {"logo_url", "logo.svg"},
    {"icon_url", "favicon.svg"},
    {"icon_old_url", "favicon.ico"},
};

static void set_links(Page *page)
{
    for (gsize i = 0; i < G_N_ELEMENTS(LINKS); i++) {
        /* The one path with a parameter of its own: a pair is added after it. */
        Address address = address_begin(LINKS[i].path);
        address.has_pair = strchr(LINKS[i].path, '?') != NULL;
        page_take_text(page->value, LINKS[i].name, page_address_take(page, &address));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(ASSETS); i++) {
        Address address = address_begin("/assets");
        address_segment(&address, service_assets_version(page->service));
        address_segment(&address, ASSETS[i].name);
        page_take_text(page->value, ASSETS[i].member, address_take(&address));
    }
}

/* What a program that follows the archive is told of in a section. */
static const struct {
    const char *section;
    const char *path;
    const char *names; /* parameters that say what is followed */
} FEEDS[] = {
    {"start", "/feed.atom", ""},
    {"documents", "/feed.atom", PAGE_FILTERS},
    {"search", "/search.atom", "q translate " PAGE_FILTERS},
    {"status", "/status.atom", STATUS_FILTERS},
};

static void set_feed(Page *page, const char *section)
{
    for (gsize i = 0; i < G_N_ELEMENTS(FEEDS); i++) {
        if (strcmp(FEEDS[i].section, section) != 0)
            continue;
        Address address = address_begin(FEEDS[i].path);
        address_pairs_of(&address, page->request, FEEDS[i].names, NULL, NULL);
        page_take_text(page->value, "feed_url", page_address_take(page, &address));
        page_take_text(page->value, "feed_label",
                       page_word(page, "feed_label_", section, page->value));
    }
}

/* Every question and every filter makes one more address of what stands in the index of the web
 * already. */
static gboolean is_worth_indexing(const HttpRequest *request)
{
    static const char *const PREFIXES[] = {"/search", "/browse/", "/status"};
    GHashTableIter iter;
    gpointer name, values;
    for (gsize i = 0; i < G_N_ELEMENTS(PREFIXES); i++)
        if (g_str_has_prefix(request->path, PREFIXES[i]))
            return FALSE;
    g_hash_table_iter_init(&iter, request->parameters);
    while (g_hash_table_iter_next(&iter, &name, &values))
        if (strcmp(name, "hl") != 0 && strcmp(name, "page") != 0)
            return FALSE;
    return TRUE;
}

/* A browser keeps the description: it should not change with the browser's mood. */
static void set_for_programs(Page *page, const char *section)
{
    Address address = address_begin("/opensearch.xml");
    address_pair(&address, "hl", page->language);
    page_take_text(page->value, "opensearch_url", address_take(&address));
    json_object_set_new(page->value, "is_unlisted",
                        json_boolean(!is_worth_indexing(page->request)));
    set_feed(page, section);
}

static Address begin_same(const Page *page, gboolean keeps_address)
{
    if (!keeps_address)
        return address_begin("/");
    Address address = address_begin("");
    g_auto(GStrv) segments = g_strsplit(page->request->path + 1, "/", -1);
    for (guint i = 0; segments[i]; i++)
        address_segment(&address, segments[i]);
    if (!segments[0])
        g_string_append_c(address.text, '/');
    address_pairs_of(&address, page->request, ALL_PARAMETERS, NULL, NULL);
    return address;
}

/* The names of the languages in themselves are the same on every page. */
static const char *own_name(const char *language)
{
    return strcmp(language, "it") == 0 ? "Italiano" : "English";
}

static void set_languages(Page *page, gboolean keeps_address)
{
    json_t *list = json_array();
    for (guint i = 0; READER_LANGUAGES[i]; i++) {
        json_t *object = json_object();
        Address address = begin_same(page, keeps_address);
        address_pair(&address, "hl", READER_LANGUAGES[i]);
        page_take_text(object, "address", address_take(&address));
        page_set_text(object, "code", READER_LANGUAGES[i]);
        page_set_text(object, "name", own_name(READER_LANGUAGES[i]));
        json_object_set_new(object, "is_current",
                            json_boolean(READER_LANGUAGES[i] == page->language));
        json_array_append_new(list, object);
    }
    json_object_set_new(page->value, "page_languages", list);
    Address address = begin_same(page, keeps_address);
    page_take_text(page->value, "plain_address", address_take(&address));
}

void page_init(Page *page, const HttpRequest *request, Service *service, const char *section,
               gboolean keeps_address)
{
    const char *named = reader_language_named(http_parameter(request, "hl"));
    *page = (Page){
        .service = service,
        .templates = service_take_templates(service),
        .request = request,
        .language = named ? named : reader_language_accepted(request->accept_language),
        .is_explicit = named != NULL,
        .value = json_object(),
    };
    g_autofree char *in_section = g_strconcat("in_", section, NULL);
    page_set_text(page->value, "page_language", page->language);
    page_set_text(page->value, "hl", named);
    page_set_text(page->value, "translate",
                  keeps_address && !parameters_translated(request) ? "off" : NULL);
    page_set_text(page->value, "q", keeps_address ? http_parameter(request, "q") : NULL);
    page_set_text(page->value, "scope_url", NULL);
    json_object_set_new(page->value, in_section, json_true());
    json_object_set_new(page->value, "keeps_address", json_boolean(keeps_address));
    set_links(page);
    set_languages(page, keeps_address);
    if (keeps_address)
        set_for_programs(page, section);
    page_set_text(page->value, "contact", service_contact(service));
}

void page_release(Page *page)
{
    json_decref(page->value);
    template_set_free(page->templates);
}

/* Responses */

HttpResponse *page_response(const Page *page, guint status, const char *name)
{
    page_take_text(page->value, "title", page_word(page, name, "_title", page->value));
    page_take_text(page->value, "description", page_word(page, name, "_description", page->value));
    GString *text = template_render(page->templates, page->language, name, page->value);
    HttpResponse *response =
        http_response_new(status, "text/html; charset=utf-8", g_string_free_to_bytes(text));
    http_response_header(response, "Content-Language", page->language);
    http_response_header(response, "Vary", "Accept-Language");
    return response;
}

/* Statuses that have words of their own; the others are told as 500 or, below it, as 400. */
static guint told_status(guint status)
{
    static const guint TOLD[] = {400, 404, 405, 413, 414, 500};
    for (gsize i = 0; i < G_N_ELEMENTS(TOLD); i++)
        if (TOLD[i] == status)
            return status;
    return status < 500 ? 400 : 500;
}

/* `told`: "404", "503_busy". */
static void set_error_word(const Page *page, const char *told, const char *what)
{
    g_autofree char *name = g_strconcat(told, "_", what, NULL);
    g_autofree char *member = g_strconcat("error_", what, NULL);
    page_take_text(page->value, member, page_word(page, "error_", name, NULL));
}

static HttpResponse *error_response(const Page *page, guint status, const char *told,
                                    gboolean is_temporary)
{
    set_error_word(page, told, "heading");
    set_error_word(page, told, "reason");
    set_error_word(page, told, "remedy");
    json_object_set_new(page->value, "status", json_integer(status));
    json_object_set_new(page->value, "is_temporary", json_boolean(is_temporary));
    return page_response(page, status, "error");
}

HttpResponse *page_error(const HttpRequest *request, Service *service, guint status)
{
    if (status == 503)
        return page_trouble(request, service, TROUBLE_BUSY);
    g_auto(Page) page;
    page_init(&page, request, service, "", FALSE);
    g_autofree char *told = g_strdup_printf("%u", told_status(status));
    return error_response(&page, status, told, FALSE);
}

HttpResponse *page_trouble(const HttpRequest *request, Service *service, Trouble trouble)
{
    g_auto(Page) page;
    page_init(&page, request, service, "", FALSE);
    g_autofree char *told = g_strconcat("503_", trouble_name(trouble), NULL);
    g_autofree char *seconds = g_strdup_printf("%u", trouble_retry_seconds(trouble));
    HttpResponse *response = error_response(&page, 503, told, trouble_passes(trouble));
    http_response_header(response, "Retry-After", seconds);
    if (trouble_passes(trouble))
        http_response_header(response, "Refresh", seconds);
    return response;
}

HttpResponse *page_unavailable(const HttpRequest *request, Service *service, GError *error)
{
    Trouble trouble = service_trouble(service, error);
    g_clear_error(&error);
    return page_trouble(request, service, trouble);
}

HttpResponse *page_bad_value(const HttpRequest *request, Service *service, GError *error)
{
    g_clear_error(&error);
    return page_error(request, service, 400);
}

HttpResponse *page_see_other(char *address)
{
    HttpResponse *response = http_response_new(303, "text/html; charset=utf-8", NULL);
    http_response_header(response, "Location", address);
    g_free(address);
    return response;
}

/* Lists over several pages */

gboolean page_number(const HttpRequest *request, guint *ret_number, GError **error)
{
    *ret_number = 1;
    return parameter_number(request, "page", 1, PAGE_NUMBER_MOST, ret_number, error);
}

static char *pager_link(const Page *page, const char *path, const char *names, guint number)
{
    Address address = address_begin(path);
    address_pairs_of(&address, page->request, names, NULL, NULL);
    if (number > 1)
        address_pair_number(&address, "page", number);
    return page_address_take(page, &address);
}

static json_t *pager_item(const Page *page, const char *path, const char *names, guint number,
                          guint current)
{
    json_t *object = json_object();
    page_take_text(object, "address", pager_link(page, path, names, number));
    page_take_text(object, "n", wording_number(page, number));
    json_object_set_new(object, "is_current", json_boolean(number == current));
    json_object_set_new(object, "is_gap", json_false());
    return object;
}

static gboolean is_shown(guint number, guint current, guint last)
{
    return number == 1 || number == last ||
           (number + PAGER_AROUND >= current && number <= current + PAGER_AROUND);
}

void page_set_pager(Page *page, const char *path, const char *names, guint number, guint total,
                    guint per_page)
{
    guint last = MIN((total + per_page - 1) / per_page, PAGE_NUMBER_MOST);
    if (last < 2)
        return;
    json_t *pager = json_object(), *items = json_array();
    gboolean in_gap = FALSE;
    for (guint i = 1; i <= last; i++) {
        if (is_shown(i, number, last))
            json_array_append_new(items, pager_item(page, path, names, i, number));
        else if (!in_gap)
            json_array_append_new(items, json_pack("{s:b}", "is_gap", TRUE));
        in_gap = !is_shown(i, number, last);
    }
    json_object_set_new(pager, "items", items);
    page_take_text(pager, "previous_url",
                   number > 1 ? pager_link(page, path, names, MIN(number - 1, last)) : NULL);
    page_take_text(pager, "next_url",
                   number < last ? pager_link(page, path, names, number + 1) : NULL);
    page_take_text(pager, "first_url", pager_link(page, path, names, 1));
    json_object_set_new(page->value, "pager", pager);
}
