/* Pages of one document: its card and its hits, a page of its text, the original. See pages.h. */
#include "pages.h"

#include <string.h>

#include "files.h"
#include "lookup.h"
#include "page.h"
#include "page_card.h"
#include "page_text.h"
#include "parameters.h"
#include "result.h"
#include "similar.h"
#include "wording.h"

enum {
    PASSAGES_SHOWN = 8,   /* of one document */
    PAGES_OF_BLOCK = 100, /* page links that stand together */
    SIMILAR_SHOWN = 5,
    PAGES_LINKED = 5000, /* of one document; a form leads to those beyond */
};

/* What a page of a document is made from, and given back. */
typedef struct {
    Page page;
    Searcher *searcher; /* NULL: the archive cannot be read */
    Lookup lookup;
    LookupOutcome outcome;
    Query *query;
    GArray *pages; /* SearchPage: those that answer, best first */
    GError *error;
} Reading;

static void reading_release(Reading *reading)
{
    query_free(reading->query);
    if (reading->pages)
        g_array_unref(reading->pages);
    lookup_release(&reading->lookup);
    if (reading->searcher)
        service_return(reading->page.service, reading->searcher);
    g_clear_error(&reading->error);
    page_release(&reading->page);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_release)

static void find_pages(Reading *reading)
{
    reading->query =
        parameters_question(reading->page.request, service_vocabulary(reading->page.service),
                            searcher_analyser(reading->searcher));
    reading->pages = searcher_pages(reading->searcher, reading->query,
                                    reading->lookup.document->row, &reading->error);
    if (!reading->pages)
        reading->outcome = LOOKUP_FAILED;
}

static void reading_init(Reading *reading, const HttpRequest *request, Service *service)
{
    *reading = (Reading){.outcome = LOOKUP_FAILED};
    page_init(&reading->page, request, service, "documents", TRUE);
    reading->searcher = service_borrow(service, &reading->error);
    if (!reading->searcher)
        return;
    reading->outcome =
        lookup_document(reading->searcher, request->segments[0], &reading->lookup, &reading->error);
    if (reading->outcome == LOOKUP_FOUND)
        find_pages(reading);
}

/* The content went from the corpus; its address stays, and leads on. */
static HttpResponse *gone_response(const Reading *reading)
{
    const char *successor = reading->lookup.successor;
    page_take_text(reading->page.value, "successor_url",
                   successor ? page_document_link(&reading->page, successor, 0, NULL) : NULL);
    return page_response(&reading->page, 410, "gone");
}

static HttpResponse *absent_response(const Reading *reading)
{
    const HttpRequest *request = reading->page.request;
    Service *service = reading->page.service;
    switch (reading->outcome) {
    case LOOKUP_GONE:
        return gone_response(reading);
    case LOOKUP_FAILED:
        return page_error(request, service, 503);
    default:
        return page_error(request, service, 404);
    }
}

/* What both pages show */

/* Host headers are the client's: only what a host can be is shown. */
static const char *own_host(const HttpRequest *request)
{
    static const char ALLOWED[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789.-:[]";
    const char *host = request->host;
    return host && strspn(host, ALLOWED) == strlen(host) ? host : "";
}

/* How to cite: the address without what was searched for. */
static void set_citation(const Page *page, const ArchiveDocument *document, guint number)
{
    Address address = address_begin("/documents");
    address_segment(&address, document->id);
    if (number > 0) {
        address_segment(&address, "pages");
        address_segment_number(&address, number);
    }
    g_autofree char *path = address_take(&address);
    g_autofree char *today = wording_date(page, g_get_real_time() / G_USEC_PER_SEC);
    json_t *value = json_object();
    json_object_set_new(value, "body", result_text(document->card->body));
    json_object_set_new(value, "title", result_text(document->card->title));
    json_object_set_new(value, "year", json_integer(document->card->year));
    json_object_set_new(value, "page", json_integer(number));
    page_take_text(value, "address", g_strconcat(own_host(page->request), path, NULL));
    page_set_text(value, "today", today);
    page_take_text(page->value, "citation", page_word(page, "citation", "", value));
    json_decref(value);
}

static void set_document(const Reading *reading)
{
    const Page *page = &reading->page;
    const ArchiveDocument *document = reading->lookup.document;
    const char *typed = parameters_query(page->request);
    json_t *value = result_document(document, reading->lookup.paths);
    page_card_fill(page, value, typed);
    page_set_text(page->value, "typed", typed);
    page_take_text(page->value, "back_url", *typed ? page_search_link(page, typed) : NULL);
    page_take_text(page->value, "document_url", page_document_link(page, document->id, 0, NULL));
    page_take_text(page->value, "scope_url", page_document_link(page, document->id, 0, NULL));
    json_object_set_new(page->value, "is_failed", json_boolean(document->state == DOCUMENT_FAILED));
    json_object_set_new(page->value, "document", value);
}

static gint compare_numbers(gconstpointer a, gconstpointer b)
{
    guint left = ((const SearchPage *)a)->page, right = ((const SearchPage *)b)->page;
    return left < right ? -1 : left > right;
}

/* The pages that answer, in the order of the document. */
static GArray *pages_in_order(const Reading *reading)
{
    GArray *pages = g_array_copy(reading->pages);
    g_array_sort(pages, compare_numbers);
    return pages;
}

/* The document */

static json_t *make_hit(const Reading *reading, const Marker *marker, const double *weights,
                        const SearchPage *found)
{
    const Page *page = &reading->page;
    const ArchiveDocument *document = reading->lookup.document;
    g_autoptr(GString) text = lookup_page(reading->searcher, document, found->page, NULL);
    if (!text)
        return NULL;
    Analyser *analyser = searcher_analyser(reading->searcher);
    g_autoptr(GArray) spans = marker_find(marker, analyser, text->str, text->len);
    g_autoptr(Passage) passage = passage_choose(text->str, text->len, spans, weights);
    g_autoptr(GArray) via = search_via(passage, spans, query_concepts(reading->query));
    json_t *object = result_passage(passage);
    page_card_set_text_language(object);
    json_object_set_new(object, "via", result_via(via, reading->query));
    page_card_fill_via(object);
    page_take_text(object, "n", wording_number(page, found->page));
    json_object_set_new(object, "matches_count", wording_count(page, found->matches));
    page_take_text(
        object, "url",
        page_document_link(page, document->id, found->page, parameters_query(page->request)));
    return object;
}

static void set_hits(const Reading *reading)
{
    const Page *page = &reading->page;
    json_t *hits = json_array();
    guint concepts = query_concepts(reading->query)->len;
    g_autoptr(Marker) marker = marker_new(query_concepts(reading->query));
    g_autofree double *weights = g_new0(double, concepts + 1);
    for (guint i = 0; i < concepts; i++)
        weights[i] = 1;
    for (guint i = 0; i < MIN(reading->pages->len, PASSAGES_SHOWN); i++) {
        json_t *hit =
            make_hit(reading, marker, weights, &g_array_index(reading->pages, SearchPage, i));
        if (hit)
            json_array_append_new(hits, hit);
    }
    json_object_set_new(page->value, "is_typed", json_boolean(concepts > 0));
    json_object_set_new(page->value, "hits_count", wording_count(page, reading->pages->len));
    json_object_set_new(page->value, "has_hits", json_boolean(json_array_size(hits) > 0));
    json_object_set_new(page->value, "has_more_hits",
                        json_boolean(reading->pages->len > PASSAGES_SHOWN));
    json_object_set_new(page->value, "hits", hits);
}

/* Pages that answer and pages that are missing, by number from 1. */
typedef struct {
    GHashTable *answering;
    GHashTable *missing;
} PageMarks;

static json_t *make_link(const Reading *reading, const PageMarks *marks, guint number)
{
    const Page *page = &reading->page;
    gboolean is_answering = g_hash_table_contains(marks->answering, GUINT_TO_POINTER(number));
    json_t *object = json_object();
    page_take_text(object, "n", wording_number(page, number));
    page_take_text(object, "address",
                   page_document_link(page, reading->lookup.document->id, number,
                                      is_answering ? parameters_query(page->request) : NULL));
    json_object_set_new(object, "is_hit", json_boolean(is_answering));
    json_object_set_new(
        object, "is_missing",
        json_boolean(g_hash_table_contains(marks->missing, GUINT_TO_POINTER(number))));
    return object;
}

static json_t *make_block(const Reading *reading, const PageMarks *marks, guint first, guint last)
{
    json_t *object = json_object(), *links = json_array();
    gboolean is_open = first == 1;
    for (guint number = first; number <= last; number++) {
        json_array_append_new(links, make_link(reading, marks, number));
        is_open |= g_hash_table_contains(marks->answering, GUINT_TO_POINTER(number));
    }
    json_object_set_new(object, "is_open", json_boolean(is_open));
    page_take_text(object, "first", wording_number(&reading->page, first));
    page_take_text(object, "last", wording_number(&reading->page, last));
    json_object_set_new(object, "links", links);
    return object;
}

static PageMarks mark_pages(const Reading *reading)
{
    PageMarks marks = {g_hash_table_new(NULL, NULL), g_hash_table_new(NULL, NULL)};
    const GArray *missing = reading->lookup.document->missing_pages;
    for (guint i = 0; i < reading->pages->len; i++)
        g_hash_table_add(marks.answering,
                         GUINT_TO_POINTER(g_array_index(reading->pages, SearchPage, i).page));
    for (guint i = 0; i < missing->len; i++)
        g_hash_table_add(marks.missing, GUINT_TO_POINTER(g_array_index(missing, guint, i)));
    return marks;
}

static void set_page_links(const Reading *reading)
{
    json_t *blocks = json_array();
    guint count = reading->lookup.document->page_count, last = MIN(count, PAGES_LINKED);
    PageMarks marks = mark_pages(reading);
    for (guint first = 1; first <= last; first += PAGES_OF_BLOCK)
        json_array_append_new(
            blocks, make_block(reading, &marks, first, MIN(first + PAGES_OF_BLOCK - 1, last)));
    g_hash_table_unref(marks.answering);
    g_hash_table_unref(marks.missing);
    json_t *value = reading->page.value;
    json_object_set_new(value, "has_pages", json_boolean(count > 0));
    json_object_set_new(value, "has_blocks", json_boolean(count > PAGES_OF_BLOCK));
    json_object_set_new(value, "page_blocks", blocks);
}

/* The words that both have, as a line in the language of this one. */
static void set_shared_line(json_t *similar, const char *language)
{
    g_autoptr(GString) line = g_string_new(NULL);
    size_t i;
    json_t *word;
    json_array_foreach(json_object_get(similar, "shared"), i, word)
        g_string_append_printf(line, "%s%s", i > 0 ? ", " : "", json_string_value(word));
    page_set_text(similar, "shared_line", line->str);
    page_set_text(similar, "shared_lang", language);
}

/* What else is on its subject. The page is worth showing without, too. */
static void set_similar(const Reading *reading)
{
    const Page *page = &reading->page;
    const ArchiveDocument *document = reading->lookup.document;
    const char *typed = parameters_query(page->request);
    g_autoptr(LexiconWords) words = lexicon_words(service_lexicon(page->service));
    g_autoptr(GPtrArray) items = similar_find(reading->searcher, service_vocabulary(page->service),
                                              words, document, SIMILAR_SHOWN, NULL);
    if (!items || items->len == 0)
        return;
    json_t *similar = result_similar(document->id, SIMILAR_SHOWN, items, typed);
    json_t *own = json_object_get(page->value, "document"), *documents, *one;
    size_t i;
    documents = json_object_get(similar, "documents");
    page_card_fill_all(page, documents, typed);
    json_array_foreach(documents, i, one)
        set_shared_line(one, json_string_value(json_object_get(own, "title_lang")));
    json_object_set_new(page->value, "similar", similar);
}

/* The form for a page's number cannot make the page's address itself. */
static HttpResponse *page_redirect(const Reading *reading)
{
    guint number = 0;
    if (!parameter_number(reading->page.request, "page", 1, G_MAXINT, &number, NULL))
        return page_error(reading->page.request, reading->page.service, 400);
    return page_see_other(page_document_link(&reading->page, reading->lookup.document->id, number,
                                             parameters_query(reading->page.request)));
}

HttpResponse *pages_document(const HttpRequest *request, gpointer service)
{
    g_auto(Reading) reading;
    reading_init(&reading, request, service);
    if (reading.outcome != LOOKUP_FOUND)
        return absent_response(&reading);
    const char *number = http_parameter(request, "page");
    if (number && *number)
        return page_redirect(&reading);
    set_document(&reading);
    set_hits(&reading);
    set_page_links(&reading);
    set_similar(&reading);
    set_citation(&reading.page, reading.lookup.document, 0);
    return page_response(&reading.page, 200, "document");
}

/* A page of its text */

static void set_neighbour(const Reading *reading, const char *key, guint number, gboolean is_there,
                          gboolean is_hit)
{
    const char *typed = parameters_query(reading->page.request);
    const char *id = reading->lookup.document->id;
    char *link = NULL;
    if (is_there) {
        link = page_document_link(&reading->page, id, number, typed);
        char *fragment = strchr(link, '#');
        if (!is_hit && fragment)
            *fragment = '\0';
    }
    page_take_text(reading->page.value, key, link);
}

static void set_neighbours(const Reading *reading, guint number)
{
    guint before = 0, after = 0, count = reading->lookup.document->page_count;
    g_autoptr(GArray) pages = pages_in_order(reading);
    for (guint i = 0; i < pages->len; i++) {
        guint found = g_array_index(pages, SearchPage, i).page;
        if (found < number)
            before = found;
        else if (found > number && after == 0)
            after = found;
    }
    set_neighbour(reading, "previous_url", number - 1, number > 1, FALSE);
    set_neighbour(reading, "next_url", number + 1, number < count, FALSE);
    set_neighbour(reading, "previous_hit_url", before, before > 0, TRUE);
    set_neighbour(reading, "next_hit_url", after, after > 0, TRUE);
    page_take_text(reading->page.value, "previous_hit", wording_number(&reading->page, before));
    page_take_text(reading->page.value, "next_hit", wording_number(&reading->page, after));
    json_object_set_new(reading->page.value, "has_hit_links", json_boolean(before || after));
}

static gboolean opens_at_page(const ArchiveDocument *document)
{
    return document->media_type && strcmp(document->media_type, "application/pdf") == 0;
}

static void set_original(const Reading *reading, guint number)
{
    g_autofree char *plain = g_strdup_printf("/documents/%s/file", reading->lookup.document->id);
    char *link = opens_at_page(reading->lookup.document)
                     ? g_strdup_printf("%s#page=%u", plain, number)
                     : g_strdup(plain);
    page_take_text(reading->page.value, "original_url", link);
}

static HttpResponse *text_response(const Reading *reading, guint number, const GString *marked)
{
    const Page *page = &reading->page;
    Analyser *analyser = searcher_analyser(reading->searcher);
    g_autoptr(Marker) marker = marker_new(query_concepts(reading->query));
    json_t *result = result_page(reading->lookup.document, number, marked, marker, analyser);
    json_int_t matches = json_integer_value(json_object_get(result, "matches"));
    json_t *paragraphs = page_text_paragraphs(result);
    json_object_set_new(page->value, "result", result);
    json_object_set_new(page->value, "is_blank", json_boolean(json_array_size(paragraphs) == 0));
    json_object_set_new(page->value, "paragraphs", paragraphs);
    json_object_set_new(page->value, "matches_count", wording_count(page, (guint64)matches));
    json_object_set_new(page->value, "is_typed",
                        json_boolean(query_concepts(reading->query)->len > 0));
    page_take_text(page->value, "n", wording_number(page, number));
    page_take_text(page->value, "last", wording_number(page, reading->lookup.document->page_count));
    set_document(reading);
    set_neighbours(reading, number);
    set_original(reading, number);
    set_citation(page, reading->lookup.document, number);
    return page_response(page, 200, "page");
}

/* The number in the address; 0 when it is none. */
static guint number_of(const char *text)
{
    guint64 number = 0;
    if (strspn(text, "0123456789") != strlen(text) ||
        !g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT, &number, NULL))
        return 0;
    return (guint)number;
}

HttpResponse *pages_page(const HttpRequest *request, gpointer service)
{
    g_auto(Reading) reading;
    reading_init(&reading, request, service);
    if (reading.outcome != LOOKUP_FOUND)
        return absent_response(&reading);
    guint number = number_of(request->segments[1]);
    g_autoptr(GString) marked =
        lookup_page(reading.searcher, reading.lookup.document, number, &reading.error);
    if (!marked)
        return page_error(request, service, reading.error ? 503 : 404);
    return text_response(&reading, number, marked);
}

/* The original */

HttpResponse *pages_file(const HttpRequest *request, gpointer service)
{
    g_auto(Reading) reading;
    reading_init(&reading, request, service);
    if (reading.outcome != LOOKUP_FOUND)
        return absent_response(&reading);
    HttpResponse *response = files_original(service, reading.lookup.document, reading.lookup.paths);
    if (response)
        return response;
    set_document(&reading);
    return page_response(&reading.page, 404, "nofile");
}
