/* Page record: the record of a search in words, for reading, printing and keeping as text. */
#ifndef SCHEDARIO_PAGE_RECORD_H
#define SCHEDARIO_PAGE_RECORD_H

#include "page.h"

/* The record (record_make()) as sections: [{"heading", "rows": [{"label", "values": [{"text",
 * "term", "term_lang", "address"}]}]}]; a new reference. A value is a text, after a term of the
 * archive's languages where there is one; `address`: what it links to, or null. */
json_t *page_record_sections(const Page *page, const json_t *record);

/* The same as plain text under `heading`. Owned by the caller. */
GString *page_record_text(const char *heading, const json_t *sections);

#endif
