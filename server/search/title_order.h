/* Title order: where a title or a name stands in an alphabetical list.
 *
 * As catalogues have it: case, accents and punctuation do not count (words.h folds them), nor does
 * an article at the beginning, in the languages that the title may be in: "Lo statuto" stands under
 * S, "A plan for peace" under P, but "A proposito di pace", which is Italian, under A. Titles are
 * in the order of their bytes once folded, so the list is the same on every machine. */
#ifndef SCHEDARIO_TITLE_ORDER_H
#define SCHEDARIO_TITLE_ORDER_H

#include <glib.h>

/* Letters that a list is parted by: a to z, and one for all that begin otherwise. */
enum { TITLE_LETTERS = 27, TITLE_LETTER_OTHER = 26 };

/* What of a folded title (words_fold) counts in an alphabetical list: a place in `folded`.
 * `languages`: bits 1 << Language of those that it may be in. */
const char *title_order_key(const char *folded, guint languages);
/* Orders such keys, as strcmp() does: what begins with no letter first. */
int title_order_compare(const char *a, const char *b);
/* The letter that such a key stands under, from 0. */
guint title_order_letter(const char *key);
/* A letter's name: "a" to "z", "other". Static storage. */
const char *title_order_letter_name(guint letter);

#endif
