/* Page take-away: links below a list of documents to all of them as files, and to the record of the
 * search. */
#ifndef SCHEDARIO_PAGE_TAKE_AWAY_H
#define SCHEDARIO_PAGE_TAKE_AWAY_H

#include "page.h"

/* Sets "take_away" for the partial of that name: {"forms": [{"label", "note", "address"}],
 * "record_url", "has_forms"}. `is_search`: what was typed counts; `total`: documents found. */
void page_take_away_set(Page *page, const SearchRequest *search, gboolean is_search, guint total);

#endif
