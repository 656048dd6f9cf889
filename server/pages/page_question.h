/* Page question: what a page says of the question itself: how it was read, under which other names
 * its words were looked for and how to end that, and what to do where something was not read as it
 * was typed. */
#ifndef SCHEDARIO_PAGE_QUESTION_H
#define SCHEDARIO_PAGE_QUESTION_H

#include "page.h"

/* Sets, from the member "query" of the API's answer to a search:
 * - "is_typed": something is asked for; "is_nothing": something was typed that asks for nothing;
 *   "is_read_otherwise": not as it was typed;
 * - "also": the other names, by the words they stand for: {"groups", "rest", "has_rest",
 *   "rest_count"}, a group being {"typed", "terms": [{"term", "text_lang", "is_last"}]}; null when
 *   there are none;
 * - "literal_url" (of "also"): the same question, only as typed; "translate_url": the same with
 *   other names, null when it has them;
 * - "absent": words of several that no document has under any name; "has_absent";
 * - "notes": [{"text", "has_values", "values": [{"label", "address"}]}], hints with links to the
 *   question put right.
 * Links keep filters and order. */
void page_question_set(Page *page, const char *path, const json_t *query);

/* Sets "lists" from "results": those of the page that follow one another, apart from those that
 * hold only a part of the question and come after all that hold it: [{"start", "results",
 * "is_only", "follows", "goes_on"}], one of the last three saying how to announce such a part; and
 * "partial_count". `offset`: results on pages before; `whole`: results that hold all of it, or most
 * of a long one, on all pages; `partial`: the others. */
void page_question_part(Page *page, json_t *results, guint offset, guint whole, guint partial);

#endif
