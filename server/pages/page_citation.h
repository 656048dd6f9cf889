/* Page citation: what a page of a document says so that people and programs can cite it: the
 * citation to copy, links to it in other forms, the permanent address; and in the head what Zotero,
 * Google Scholar and the like look for. */
#ifndef SCHEDARIO_PAGE_CITATION_H
#define SCHEDARIO_PAGE_CITATION_H

#include "../../indexer/archive.h"
#include "page.h"

/* Sets, for the partial "citation" and the head, of a document or (`number` > 0) a page of it:
 * - "cite": {"text", "address" (permanent), "forms": [{"label", "address"}], "schema_type",
 *   "properties": [{"name", "content"}] (schema.org), "body", "file"};
 * - "canonical_url": the address without what was searched for;
 * - "metadata": [{"name", "content"}] (Highwire tags and Dublin Core). */
void page_citation_set(Page *page, const ArchiveDocument *document, guint number);

/* The citation as a sentence in the page's language; `address`: what is to be cited. Owned by the
 * caller. */
char *page_citation_text(const Page *page, const ArchiveDocument *document, guint number,
                         const char *address);

#endif
