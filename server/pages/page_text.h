/* Page text: the runs of a page of a document become paragraphs to read. */
#ifndef SCHEDARIO_PAGE_TEXT_H
#define SCHEDARIO_PAGE_TEXT_H

#include <glib.h>
#include <jansson.h>

/* The paragraphs of the API's value of a page (result_page): an array of {"runs": [{"text_lang",
 * "segments": [{"text", "match", "is_current", "is_target", "is_break"}]}]}. `is_break`: the line
 * was meant to end there. `is_current`: of the match number `hit` of the page, from 1; `is_target`:
 * its first segment. Paragraphs without text are left out. A new reference. */
json_t *page_text_paragraphs(const json_t *page, guint hit);

#endif
