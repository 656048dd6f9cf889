/* Page staff: what the pages for staff share. */
#ifndef SCHEDARIO_PAGE_STAFF_H
#define SCHEDARIO_PAGE_STAFF_H

#include "page.h"

/* Sets "staff_links": the pages for staff, of which `name` ("files", "text", "catalogue", "totals")
 * is this one. */
void page_set_staff_links(const Page *page, const char *name);

#endif
