/* Page letters: the letters of an alphabetical list over several pages, as links that jump. */
#ifndef SCHEDARIO_PAGE_LETTERS_H
#define SCHEDARIO_PAGE_LETTERS_H

#include "page.h"

/* Sets "letters": of each letter "name", "label" and "address", the page on which it begins, at its
 * place there ("#letter-NAME"); null where nothing begins so. `letters`: what begins where, as the
 * API has it ("letter", "count", "offset"). `path` and `names`: see page_set_pager(). */
void page_set_letters(Page *page, const char *path, const char *names, const json_t *letters,
                      guint per_page);

/* Sets "letter" and "letter_label" of those members of `items`, which begin at place `offset` of
 * the list, that are the first of their letter, or of the page. */
void page_letters_mark(const Page *page, const json_t *letters, guint offset, json_t *items);

#endif
