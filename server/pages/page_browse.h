/* Page browse: the values of a facet as links to the documents that have them.
 *
 * The same links serve the whole archive and a list narrowed by a question and filters: what a
 * page's address keeps of a list (PAGE_LIST), the links keep, too. */
#ifndef SCHEDARIO_PAGE_BROWSE_H
#define SCHEDARIO_PAGE_BROWSE_H

#include "../search/facets.h"
#include "page.h"

/* Facets that one can browse by, in the order in which they are offered. */
enum { PAGE_BROWSE_FACETS = 7 };
extern const Facet PAGE_BROWSE_ORDER[PAGE_BROWSE_FACETS];

/* The address of the page of all values of a facet. Owned by the caller. */
char *page_browse_link(const Page *page, Facet facet);
/* The address of the documents with a value (NULL: of any), within the list that the page's address
 * names: below /search when it has a question, else below /documents. Owned by the caller. */
char *page_browse_documents(const Page *page, Facet facet, const char *value);
/* The same for the documents of a range of years, 0 for an open end. */
char *page_browse_years_link(const Page *page, int from, int to);

/* A value: "value", "label", "n", "documents" (a count), "figure", "address", "is_chosen". `pair`:
 * "value" and "count" of the API. A new reference, as all of these. */
json_t *page_browse_value(const Page *page, Facet facet, const json_t *pair);
/* The `most` commonest values of a facet: "name", "legend", "address", "more_label", "values",
 * "has_more". A kind that says nothing ("other") and
 * folders within folders are left out. */
json_t *page_browse_shelf(const Page *page, const json_t *facets, Facet facet, size_t most);
/* The chart of years (page_years.h) whose bars lead to their documents. */
json_t *page_browse_years(Page *page, const json_t *facets, guint most);

#endif
