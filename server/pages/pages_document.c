/* Pages of one document: its card and its hits, and the original. See pages.h. */
#include "pages.h"

#include <string.h>

#include "../answers/facsimile.h"
#include "../answers/parameters.h"
#include "../answers/result.h"
#include "../files.h"
#include "../search/similar.h"
#include "page_card.h"
#include "page_citation.h"
#include "page_document.h"
#include "wording.h"

enum {
    PASSAGES_SHOWN = 8,   /* of one document */
    PAGES_OF_BLOCK = 100, /* page links that stand together */
    SIMILAR_SHOWN = 5,
    PAGES_LINKED = 1000, /* of one document; a form leads to those beyond */
    COVER_WIDTH = 320,   /* pixels */
};

/* The document */

static json_t *make_hit(const PageDocument *document, const Marker *marker, const double *weights,
                        const SearchPage *hit)
{
    const Page *page = &document->page;
    const ArchiveDocument *found = document->lookup.document;
    g_autoptr(GString) text = lookup_page(document->searcher, found, hit->page, NULL);
    if (!text)
        return NULL;
    Analyser *analyser = searcher_analyser(document->searcher);
    g_autoptr(GArray) spans = marker_find(marker, analyser, text->str, text->len);
    g_autoptr(Passage) passage = passage_choose(text->str, text->len, spans, weights);
    g_autoptr(GArray) via = search_via(passage, spans, query_concepts(document->query));
    json_t *object = result_passage(passage);
    page_card_set_text_language(object);
    json_object_set_new(object, "via", result_via(via, document->query));
    page_card_fill_via(object);
    page_take_text(object, "n", wording_number(page, hit->page));
    json_object_set_new(object, "matches_count", wording_count(page, hit->matches));
    page_take_text(object, "url",
                   page_document_link(page, found->id, hit->page, parameters_query(page->request)));
    return object;
}

static void set_hits(const PageDocument *document)
{
    const Page *page = &document->page;
    json_t *hits = json_array();
    guint concepts = query_concepts(document->query)->len;
    g_autoptr(Marker) marker = marker_new(query_concepts(document->query));
    g_autofree double *weights = g_new0(double, concepts + 1);
    for (guint i = 0; i < concepts; i++)
        weights[i] = 1;
    for (guint i = 0; i < MIN(document->hits->len, PASSAGES_SHOWN); i++) {
        json_t *hit =
            make_hit(document, marker, weights, &g_array_index(document->hits, SearchPage, i));
        if (hit)
            json_array_append_new(hits, hit);
    }
    json_object_set_new(page->value, "is_typed", json_boolean(concepts > 0));
    json_object_set_new(page->value, "hits_count", wording_count(page, document->hits->len));
    json_object_set_new(page->value, "has_hits", json_boolean(json_array_size(hits) > 0));
    json_object_set_new(page->value, "has_more_hits",
                        json_boolean(document->hits->len > PASSAGES_SHOWN));
    json_object_set_new(page->value, "hits", hits);
}

/* Pages that answer and pages that are missing, by number from 1. */
typedef struct {
    GHashTable *answering;
    GHashTable *missing;
} PageMarks;

/* Every page keeps the question; one that answers is opened at its first match. */
static char *page_link(const PageDocument *document, guint number, gboolean is_answering)
{
    const Page *page = &document->page;
    const char *id = document->lookup.document->id, *typed = parameters_query(page->request);
    if (is_answering)
        return page_document_link(page, id, number, typed);
    Address address = page_document_address(page, id, number, typed);
    return page_address_take(page, &address);
}

static json_t *make_link(const PageDocument *document, const PageMarks *marks, guint number)
{
    gboolean is_answering = g_hash_table_contains(marks->answering, GUINT_TO_POINTER(number));
    json_t *object = json_object();
    page_take_text(object, "n", wording_number(&document->page, number));
    page_take_text(object, "address", page_link(document, number, is_answering));
    json_object_set_new(object, "is_hit", json_boolean(is_answering));
    json_object_set_new(
        object, "is_missing",
        json_boolean(g_hash_table_contains(marks->missing, GUINT_TO_POINTER(number))));
    return object;
}

static json_t *make_block(const PageDocument *document, const PageMarks *marks, guint first,
                          guint last)
{
    json_t *object = json_object(), *links = json_array();
    gboolean is_open = first == 1;
    for (guint number = first; number <= last; number++) {
        json_array_append_new(links, make_link(document, marks, number));
        is_open |= g_hash_table_contains(marks->answering, GUINT_TO_POINTER(number));
    }
    json_object_set_new(object, "is_open", json_boolean(is_open));
    page_take_text(object, "first", wording_number(&document->page, first));
    page_take_text(object, "last", wording_number(&document->page, last));
    json_object_set_new(object, "links", links);
    return object;
}

static PageMarks mark_pages(const PageDocument *document)
{
    PageMarks marks = {g_hash_table_new(NULL, NULL), g_hash_table_new(NULL, NULL)};
    const GArray *missing = document->lookup.document->missing_pages;
    for (guint i = 0; i < document->hits->len; i++)
        g_hash_table_add(marks.answering,
                         GUINT_TO_POINTER(g_array_index(document->hits, SearchPage, i).page));
    for (guint i = 0; i < missing->len; i++)
        g_hash_table_add(marks.missing, GUINT_TO_POINTER(g_array_index(missing, guint, i)));
    return marks;
}

static void set_page_links(const PageDocument *document)
{
    json_t *blocks = json_array();
    guint count = document->lookup.document->page_count, last = MIN(count, PAGES_LINKED);
    PageMarks marks = mark_pages(document);
    for (guint first = 1; first <= last; first += PAGES_OF_BLOCK)
        json_array_append_new(
            blocks, make_block(document, &marks, first, MIN(first + PAGES_OF_BLOCK - 1, last)));
    g_hash_table_unref(marks.answering);
    g_hash_table_unref(marks.missing);
    json_t *value = document->page.value;
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

/* What else is on its subject. The page is worth showing without, too, or with what was found of it
 * until the time was up. */
static void set_similar(const PageDocument *document)
{
    const Page *page = &document->page;
    const ArchiveDocument *found = document->lookup.document;
    const char *typed = parameters_query(page->request);
    g_autoptr(LexiconWords) words = lexicon_words(service_lexicon(page->service));
    g_autoptr(GPtrArray) items = similar_find(document->searcher, service_vocabulary(page->service),
                                              words, found, SIMILAR_SHOWN, NULL);
    gboolean is_cut = searcher_is_timed_out(document->searcher);
    if (!items || (items->len == 0 && !is_cut))
        return;
    json_t *similar = result_similar(found->id, SIMILAR_SHOWN, items, is_cut, typed);
    json_t *own = json_object_get(page->value, "document"), *documents, *one;
    size_t i;
    documents = json_object_get(similar, "documents");
    page_card_fill_all(page, documents, typed);
    json_array_foreach(documents, i, one)
        set_shared_line(one, json_string_value(json_object_get(own, "title_lang")));
    json_object_set_new(page->value, "similar", similar);
}

/* The form for a page's number cannot make the page's address itself. Beyond the last page is the
 * last. */
static HttpResponse *page_redirect(const PageDocument *document)
{
    const Page *page = &document->page;
    const ArchiveDocument *found = document->lookup.document;
    guint number = 0;
    if (!parameter_number(page->request, "page", 1, G_MAXINT, &number, NULL))
        return page_error(page->request, page->service, 400);
    if (found->page_count > 0)
        number = MIN(number, found->page_count);
    Address address =
        page_document_address(page, found->id, number, parameters_query(page->request));
    address_pairs_of(&address, page->request, "view zoom", NULL, NULL);
    return page_see_other(page_address_take(page, &address));
}

/* The first page, to know the document by. */
static void set_cover(const PageDocument *document)
{
    const Page *page = &document->page;
    const ArchiveDocument *found = document->lookup.document;
    if (found->page_count == 0 || !facsimile_is_possible(service_facsimile(page->service), found))
        return;
    json_t *cover = json_object();
    page_take_text(cover, "address", page_link(document, 1, FALSE));
    page_take_text(cover, "src",
                   g_strdup_printf("/documents/%s/pages/1.png?width=%d", found->id, COVER_WIDTH));
    json_object_set_new(page->value, "cover", cover);
}

HttpResponse *pages_document(const HttpRequest *request, gpointer service)
{
    g_auto(PageDocument) document;
    page_document_open(&document, request, service);
    if (document.outcome != LOOKUP_FOUND)
        return page_document_absent(&document);
    const char *number = http_parameter(request, "page");
    if (number && *number)
        return page_redirect(&document);
    page_document_set(&document);
    set_cover(&document);
    set_hits(&document);
    set_page_links(&document);
    set_similar(&document);
    page_citation_set(&document.page, document.lookup.document, 0);
    return page_response(&document.page, 200, "document");
}

/* The original */

HttpResponse *pages_file(const HttpRequest *request, gpointer service)
{
    g_auto(PageDocument) document;
    page_document_open(&document, request, service);
    if (document.outcome != LOOKUP_FOUND)
        return page_document_absent(&document);
    HttpResponse *response =
        files_original(service, document.lookup.document, document.lookup.paths);
    if (response)
        return response;
    page_document_set(&document);
    return page_response(&document.page, 404, "nofile");
}
