/* Page card: what pages say of a document beside what the API says: labels, links, languages in
 * words, where each value was found, why it could not be read. */
#ifndef SCHEDARIO_PAGE_CARD_H
#define SCHEDARIO_PAGE_CARD_H

#include "page.h"

/* Adds to a document of the API's value (result_search(), result_document()) what a page shows of
 * it. Links carry `typed` ("": none) on. */
void page_card_fill(const Page *page, json_t *document, const char *typed);
/* The same for each of an array. */
void page_card_fill_all(const Page *page, json_t *documents, const char *typed);

/* Adds to a "failure" of the API's value, when it is one, the words "what" and "remedy". */
void page_card_fill_failure(const Page *page, json_t *failure);

/* Sets "text_lang" from the member "language": what a lang attribute says, "" where the language is
 * not known. */
void page_card_set_text_language(json_t *object);

/* Sets "has_via" and "via_names" of a hit from its member "via": the other names by which its page
 * was found, each once, [{"term", "text_lang", "is_first"}]. */
void page_card_fill_via(json_t *hit);

/* What a theme or an area is called, "Sustainable cities"; its id where nothing is known of it.
 * Owned by the caller. */
char *page_card_topic(const Page *page, const char *id);
/* A link to all documents on a topic. Owned by the caller. */
char *page_card_topic_link(const Page *page, gboolean is_area, const char *id);

/* How a folder is shown: "piani › en"; NULL for the corpus itself. Owned by the caller. */
char *page_card_collection(const char *collection);
/* A link to all documents of a folder. Owned by the caller. */
char *page_card_collection_link(const Page *page, const char *collection);

#endif
