/* Page years: how many documents are from which years, as a chart of bars that are links.
 *
 * The chart is a list: each bar is a link with its years and its number in words, so that who reads
 * by ear or by keyboard has the same as who looks. Where there are more years than room, a bar
 * stands for five or more; a range that was chosen is shown year by year. */
#ifndef SCHEDARIO_PAGE_YEARS_H
#define SCHEDARIO_PAGE_YEARS_H

#include "page.h"

/* The address for a range of years, 0 for both: any year. Owned by the caller. */
typedef char *(*PageYearLink)(gpointer data, int from, int to);

typedef struct {
    int from; /* the range chosen; 0: open */
    int to;
    guint most; /* bars there is room for, at least 10 */
    PageYearLink link;
    gpointer data;
} PageYears;

/* The chart of the API's facet "year": "bars" (each "years", "n", "address", which is null where
 * there is no document, "y", "height", "is_current"), "first", "last", "most" (of a bar),
 * "is_grouped" (a bar stands for several years), "whole_url" (null when all years are shown),
 * "from", "to", "has_years". A new reference. */
json_t *page_years(const Page *page, const json_t *counted, const PageYears *years);

#endif
