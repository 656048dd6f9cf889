/* Page document: one document as its pages need it: looked up, and with the pages on which the
 * words of the question stand. */
#ifndef SCHEDARIO_PAGE_DOCUMENT_H
#define SCHEDARIO_PAGE_DOCUMENT_H

#include "../search/lookup.h"
#include "page.h"

typedef struct {
    Page page;
    Searcher *searcher; /* NULL: the archive cannot be read, or page_document_let_go() */
    Lookup lookup;
    LookupOutcome outcome;
    Query *query;
    GArray *hits; /* SearchPage: the pages that answer, best first */
    GError *error;
} PageDocument;

/* Looks up the document that the first segment of the address names. To be released whatever the
 * outcome. */
void page_document_open(PageDocument *document, const HttpRequest *request, Service *service);
void page_document_release(PageDocument *document);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PageDocument, page_document_release)

/* Gives the searcher back before the rest: for what waits for something else. */
void page_document_let_go(PageDocument *document);

/* What is answered when the outcome is not LOOKUP_FOUND. Never NULL. */
HttpResponse *page_document_absent(const PageDocument *document);

/* Sets "document" (its card), "is_failed", "typed", and the links "back_url" (to the list that led
 * here), "is_back_to_results", "document_url" and "scope_url". */
void page_document_set(const PageDocument *document);

/* The pages that answer, in the order of the document: GArray of SearchPage, owned by the caller.
 */
GArray *page_document_hits(const PageDocument *document);

#endif
