/* Page facets: the filters of a list of documents, as a form to set them and as chips to take each
 * off again. */
#ifndef SCHEDARIO_PAGE_FACETS_H
#define SCHEDARIO_PAGE_FACETS_H

#include "page.h"

/* Parameters that narrow a list by values, all that narrow it, and all that a list's address keeps
 * from page to page. */
#define PAGE_VALUES  "language kind theme area body collection"
#define PAGE_FILTERS PAGE_VALUES " year_from year_to"
#define PAGE_LIST    "q translate " PAGE_FILTERS " sort size"

/* Documents on a page of a list; the first where the address does not say. Ends in 0. */
extern const guint PAGE_SIZES[];

/* What a value of a facet is called; owned by the caller. */
char *page_facet_label(const Page *page, Facet facet, const char *value);
/* What a list is filtered by of a facet: "Body: ANCI, UPI"; owned by the caller. */
char *page_facet_chosen(const Page *page, const SearchRequest *search, Facet facet);

/* Sets "facets" and "facets_below" (the years), "years", "chips", "sorts", "sizes" and "clear_url"
 * for a list at `path`. `facets` is the API's value of that name. `is_ranked`: it can be sorted by
 * relevance. `search->query` is not used. */
void page_set_facets(Page *page, const char *path, const SearchRequest *search,
                     const json_t *facets, gboolean is_ranked);

#endif
