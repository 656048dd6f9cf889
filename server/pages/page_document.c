/* See page_document.h. */
#include "page_document.h"

#include "../answers/parameters.h"
#include "../answers/result.h"
#include "page_card.h"
#include "page_facets.h"

void page_document_let_go(PageDocument *document)
{
    if (document->searcher)
        service_return(document->page.service, g_steal_pointer(&document->searcher));
}

void page_document_release(PageDocument *document)
{
    query_free(document->query);
    if (document->hits)
        g_array_unref(document->hits);
    lookup_release(&document->lookup);
    page_document_let_go(document);
    g_clear_error(&document->error);
    page_release(&document->page);
}

static void find_hits(PageDocument *document)
{
    document->query =
        parameters_question(document->page.request, service_vocabulary(document->page.service),
                            searcher_analyser(document->searcher));
    document->hits = searcher_pages(document->searcher, document->query,
                                    document->lookup.document->row, &document->error);
    if (!document->hits)
        document->outcome = LOOKUP_FAILED;
    json_object_set_new(document->page.value, "is_timed_out",
                        json_boolean(searcher_is_timed_out(document->searcher)));
}

void page_document_open(PageDocument *document, const HttpRequest *request, Service *service)
{
    *document = (PageDocument){.outcome = LOOKUP_FAILED};
    page_init(&document->page, request, service, "documents", TRUE);
    document->page.list_page = "from";
    document->searcher = service_borrow(service, &document->error);
    if (!document->searcher)
        return;
    document->outcome = lookup_document(document->searcher, request->segments[0], &document->lookup,
                                        &document->error);
    if (document->outcome == LOOKUP_FOUND)
        find_hits(document);
}

/* The content went from the corpus; its address stays, and leads on. */
static HttpResponse *gone_response(const PageDocument *document)
{
    const Page *page = &document->page;
    const char *successor = document->lookup.successor;
    page_take_text(page->value, "successor_url",
                   successor ? page_document_link(page, successor, 0, NULL) : NULL);
    return page_response(page, 410, "gone");
}

HttpResponse *page_document_absent(const PageDocument *document)
{
    const Page *page = &document->page;
    switch (document->outcome) {
    case LOOKUP_GONE:
        return gone_response(document);
    case LOOKUP_FAILED:
        return page_trouble(page->request, page->service,
                            service_trouble(page->service, document->error));
    default:
        return page_error(page->request, page->service, 404);
    }
}

/* The list that led here, at the page of it that was left: results when there is a question, else
 * the documents under the filters that the address has kept. */
static char *back_link(const Page *page, gboolean is_typed)
{
    Address address = address_begin(is_typed ? "/search" : "/documents");
    address_pairs_of(&address, page->request, PAGE_LIST, NULL, NULL);
    address_pair(&address, "page", http_parameter(page->request, page->list_page));
    if (!address.has_pair) {
        g_free(address_take(&address));
        return NULL;
    }
    return page_address_take(page, &address);
}

void page_document_set(const PageDocument *document)
{
    const Page *page = &document->page;
    const ArchiveDocument *found = document->lookup.document;
    const char *typed = parameters_query(page->request);
    json_t *card = result_document(found, document->lookup.paths);
    page_card_fill(page, card, typed);
    page_set_text(page->value, "typed", typed);
    page_take_text(page->value, "back_url", back_link(page, *typed != '\0'));
    json_object_set_new(page->value, "is_back_to_results", json_boolean(*typed != '\0'));
    page_take_text(page->value, "document_url", page_document_link(page, found->id, 0, NULL));
    page_take_text(page->value, "scope_url", page_document_link(page, found->id, 0, NULL));
    json_object_set_new(page->value, "is_failed", json_boolean(found->state == DOCUMENT_FAILED));
    json_object_set_new(page->value, "document", card);
}

static gint compare_numbers(gconstpointer a, gconstpointer b)
{
    guint left = ((const SearchPage *)a)->page, right = ((const SearchPage *)b)->page;
    return left < right ? -1 : left > right;
}

GArray *page_document_hits(const PageDocument *document)
{
    GArray *hits = g_array_copy(document->hits);
    g_array_sort(hits, compare_numbers);
    return hits;
}
