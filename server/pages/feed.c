/* See feed.h. */
#include "feed.h"

#include <string.h>

#include "../answers/origin.h"
#include "../answers/parameters.h"
#include "../answers/result.h"
#include "../http/http_send.h"
#include "page_card.h"
#include "page_facets.h"

enum { ENTRIES = 50 };

typedef struct {
    const char *path;      /* of the feed */
    const char *page_path; /* of the page that shows the same */
    const char *names;     /* parameters that say what is in it, in the order of its id */
    const char *heading;   /* message */
    gboolean is_search;
} FeedKind;

static const FeedKind DOCUMENTS = {"/feed.atom", "/documents", PAGE_FILTERS, "heading_documents",
                                   FALSE};
static const FeedKind SEARCH = {"/search.atom", "/search", "q translate " PAGE_FILTERS,
                                "heading_search", TRUE};

typedef struct {
    Page page;
    const FeedKind *kind;
    char *origin; /* NULL: addresses are relative */
} Feed;

static void feed_release(Feed *feed)
{
    page_release(&feed->page);
    g_free(feed->origin);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Feed, feed_release)

/* Ids */

/* RFC 9562, 5.5: a name-based UUID, of the namespace for URLs. */
static char *uuid_of(const char *name)
{
    static const guint8 NAMESPACE[] = {0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1,
                                       0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
    enum { DIGEST = 20, VERSION = 6, VARIANT = 8 };
    guint8 sum[DIGEST];
    gsize length = DIGEST;
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA1);
    g_checksum_update(checksum, NAMESPACE, sizeof NAMESPACE);
    g_checksum_update(checksum, (const guchar *)name, (gssize)strlen(name));
    g_checksum_get_digest(checksum, sum, &length);
    sum[VERSION] = (guint8)((sum[VERSION] & 0x0f) | 0x50);
    sum[VARIANT] = (guint8)((sum[VARIANT] & 0x3f) | 0x80);
    GString *id = g_string_new("urn:uuid:");
    for (guint i = 0; i < 16; i++)
        g_string_append_printf(id, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
                               sum[i]);
    return g_string_free(id, FALSE);
}

/* The host that a client happens to use is no part of it: it may be another tomorrow. */
static char *feed_id(const Feed *feed)
{
    const char *url = service_url(feed->page.service);
    Address address = address_begin(feed->kind->path);
    address_pairs_of(&address, feed->page.request, feed->kind->names, NULL, NULL);
    g_autofree char *path = address_take(&address);
    g_autofree char *name = g_strconcat(url ? url : "schedario:", path, NULL);
    return uuid_of(name);
}

/* RFC 6920, 3: the name of a content by its hash. */
static char *content_id(const char *sha256)
{
    enum { BYTES = 32 };
    guchar sum[BYTES];
    for (gsize i = 0; i < BYTES; i++)
        sum[i] = (guchar)(g_ascii_xdigit_value(sha256[2 * i]) << 4 |
                          g_ascii_xdigit_value(sha256[2 * i + 1]));
    g_autofree char *base64 = g_base64_encode(sum, BYTES);
    g_strdelimit(base64, "+", '-');
    g_strdelimit(base64, "/", '_');
    base64[strcspn(base64, "=")] = '\0';
    return g_strconcat("ni:///sha-256;", base64, NULL);
}

/* Entries */

static void set_address(const Feed *feed, json_t *object, const char *key, char *path)
{
    page_take_text(object, key, origin_address(feed->origin, path));
    g_free(path);
}

static void add_category(json_t *list, const char *term, char *label)
{
    json_t *object = json_object();
    page_set_text(object, "term", term);
    page_take_text(object, "name", label);
    json_array_append_new(list, object);
}

static json_t *make_categories(const Page *page, const ArchiveDocument *document)
{
    json_t *list = json_array(), *topics = json_loads(document->themes, 0, NULL), *topic;
    const char *kind = kind_name(document->card->kind);
    size_t i;
    if (document->card->kind != KIND_OTHER)
        add_category(list, kind, page_word(page, "kind_", kind, NULL));
    json_array_foreach(topics, i, topic)
    {
        const char *id = json_string_value(json_object_get(topic, "id"));
        if (id)
            add_category(list, id, page_card_topic(page, id));
    }
    json_decref(topics);
    return list;
}

/* What a summary is written in: the language of all its passages, "" when they have no one. */
static const char *summary_language(const Page *page, const json_t *entry)
{
    const json_t *hits = json_object_get(entry, "hits");
    const char *first = NULL;
    for (size_t i = 0; i < json_array_size(hits); i++) {
        const char *language =
            json_string_value(json_object_get(json_array_get(hits, i), "text_lang"));
        if (first && strcmp(first, language) != 0)
            return "";
        first = language;
    }
    return first ? first : page->language;
}

static void fill_entry(const Feed *feed, json_t *entry, const ArchiveDocument *document)
{
    const Page *page = &feed->page;
    const char *typed = feed->kind->is_search ? parameters_query(page->request) : NULL;
    gboolean has_file = service_corpus(page->service) >= 0 && document->media_type;
    page_card_fill(page, entry, typed ? typed : "");
    page_take_text(entry, "entry_id", content_id(document->sha256));
    json_object_set_new(entry, "updated", result_time(MAX(document->indexed_unix, 1)));
    set_address(feed, entry, "link", page_document_link(page, document->id, 0, typed));
    set_address(feed, entry, "file_link", g_strdup_printf("/documents/%s/file", document->id));
    page_set_text(entry, "file_type", has_file ? document->media_type : NULL);
    json_object_set_new(entry, "file_bytes", json_integer(document->size_bytes));
    json_object_set_new(entry, "categories", make_categories(page, document));
    page_set_text(entry, "summary_lang", summary_language(page, entry));
    json_object_set_new(entry, "has_passages",
                        json_boolean(json_array_size(json_object_get(entry, "hits")) > 0));
}

/* The whole */

static void set_links(const Feed *feed)
{
    const Page *page = &feed->page;
    Address self = address_begin(feed->kind->path), other = address_begin(feed->kind->page_path);
    address_pairs_of(&self, page->request, feed->kind->names, NULL, NULL);
    address_pairs_of(&other, page->request, feed->kind->names, NULL, NULL);
    address_pair(&other, "sort", search_sort_name(SORT_ADDED));
    set_address(feed, page->value, "self_link", page_address_take(page, &self));
    set_address(feed, page->value, "page_link", page_address_take(page, &other));
    set_address(feed, page->value, "icon_link",
                g_strdup(json_string_value(json_object_get(page->value, "icon_url"))));
    page_take_text(page->value, "feed_id", feed_id(feed));
}

/* Fills what the template shows. Returns when its newest entry came; 0 without any. */
static gint64 fill_feed(Feed *feed, const SearchRequest *search, const SearchResult *result)
{
    Page *page = &feed->page;
    const char *typed = feed->kind->is_search ? parameters_query(page->request) : "";
    json_t *value = result_search(search, result, typed, FALSE);
    json_t *items = json_object_get(value, "results");
    gint64 newest = 0;
    guint whole = 0;
    for (; whole < result->items->len; whole++) {
        const SearchItem *item = g_ptr_array_index(result->items, whole);
        if (item->is_partial)
            break;
        fill_entry(feed, json_array_get(items, whole), item->document);
        newest = MAX(newest, item->document->indexed_unix);
    }
    while (json_array_size(items) > whole)
        json_array_remove(items, whole);
    page_set_text(page->value, "typed", typed);
    page_set_facets(page, feed->kind->page_path, search, json_object_get(value, "facets"), FALSE);
    json_object_set_new(page->value, "result", value);
    json_object_set_new(page->value, "total", json_integer(result->total - result->partial));
    json_object_set_new(page->value, "updated", result_time(MAX(newest, 1)));
    set_links(feed);
    return newest;
}

HttpResponse *feed_response(const Page *page, const char *template, gint64 newest)
{
    GString *text = template_render(page->templates, page->language, template, page->value);
    HttpResponse *response =
        http_response_new(200, "application/atom+xml; charset=utf-8", g_string_free_to_bytes(text));
    http_response_header(response, "Content-Language", page->language);
    http_response_header(response, "Vary", "Accept-Language");
    if (newest > 0) {
        g_autofree char *date = http_date(newest);
        http_response_header(response, "Last-Modified", date);
    }
    return response;
}

static HttpResponse *feed_of(const Feed *feed, gint64 newest)
{
    const Page *page = &feed->page;
    page_take_text(page->value, "heading",
                   page_word(page, "feed_", feed->kind->heading, page->value));
    return feed_response(page, "feed", newest);
}

static HttpResponse *answer(const HttpRequest *request, Service *service, const FeedKind *kind)
{
    GError *error = NULL;
    SearchRequest search = {0};
    if (!parameters_of_search(request, &search, &error))
        return page_bad_value(request, service, error);
    search.sort = SORT_ADDED;
    search.limit = ENTRIES;
    search.offset = 0;
    search.without_hits = !kind->is_search || !*parameters_query(request);
    g_auto(Feed) feed = {.kind = kind, .origin = origin_of(request, service)};
    page_init(&feed.page, request, service, "", TRUE);
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return page_unavailable(request, service, error);
    Analyser *analyser = searcher_analyser(searcher);
    g_autoptr(Query) query =
        kind->is_search ? parameters_question(request, service_vocabulary(service), analyser)
                        : query_parse("", 0, NULL, FALSE, analyser);
    search.query = query;
    g_autoptr(SearchResult) result = searcher_search(searcher, &search, &error);
    service_return(service, searcher);
    /* What is missing from a feed would be taken for what is not new. */
    if (!result || (result->is_timed_out && trouble_costly(&error)))
        return page_unavailable(request, service, error);
    return feed_of(&feed, fill_feed(&feed, &search, result));
}

HttpResponse *feed_documents(const HttpRequest *request, gpointer service)
{
    return answer(request, service, &DOCUMENTS);
}

HttpResponse *feed_search(const HttpRequest *request, gpointer service)
{
    return answer(request, service, &SEARCH);
}
