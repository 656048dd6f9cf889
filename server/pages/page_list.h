/* Page list: the documents that a page's address asks for, as the API's value. */
#ifndef SCHEDARIO_PAGE_LIST_H
#define SCHEDARIO_PAGE_LIST_H

#include "page.h"

/* The size of a list's pages, the parameter "size": one of PAGE_SIZES. FALSE and `error`
 * (PARAMETERS_ERROR) when it is another. */
gboolean page_list_size(const HttpRequest *request, guint *ret_size, GError **error);

/* Searches for `typed` as the page's address says it is to be read; `search->query` is not used.
 * Sets "is_archive_empty" and "is_timed_out". `ret_counts`: the archive's counts, NULL when not
 * wanted. A new reference to result_search() with what the API adds; NULL and `error`
 * (ARCHIVE_ERROR) when the archive cannot be read. */
json_t *page_list_find(Page *page, SearchRequest *search, const char *typed,
                       ArchiveCounts *ret_counts, GError **error);

#endif
