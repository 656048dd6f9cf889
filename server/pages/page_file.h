/* Page file: what pages, feeds and tables say of a file beside what the API says: what became of it
 * in the reader's words, and what to do. */
#ifndef SCHEDARIO_PAGE_FILE_H
#define SCHEDARIO_PAGE_FILE_H

#include "page.h"

/* Adds to a file of the API's value (status_file()) what a page shows of it: "outcome_label",
 * "is_OUTCOME" (with '_' for '-'), one of "is_good", "is_bad", "is_waiting" where it is one of
 * these, "time_label", the words of its failure, links, its document's card when that is there in
 * full, and "says": all of it as one plain text,
 * "" when the label says it all. */
void page_file_fill(const Page *page, json_t *file);

#endif
