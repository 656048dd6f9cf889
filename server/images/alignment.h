/* Alignment: which character of one text is which of another that says nearly the same.
 *
 * The archive's text of a page was cleaned: broken words joined, ligatures dissolved, characters
 * composed or dropped, line ends moved. Both texts are looked at as their letters and digits alone,
 * decomposed, in small letters and without marks; then they are the same but for slips, such as the
 * rest of a word that went to the page before. They are walked side by side, and where they part,
 * taken up again at the nearest place where ALIGNMENT_RUN letters agree. */
#ifndef SCHEDARIO_ALIGNMENT_H
#define SCHEDARIO_ALIGNMENT_H

#include <glib.h>

enum {
    ALIGNMENT_RUN = 10,     /* letters that agree by more than chance */
    ALIGNMENT_REACH = 4000, /* letters that may be missing in either text, together */
    ALIGNMENT_NONE = 0xFFFFFFFF,
};

/* A letter of a text. */
typedef struct {
    guint32 letter; /* folded */
    guint32 at;     /* of the character that it comes from, as the maker of the list counts */
} AlignedLetter;

/* The letters and digits of `text` (UTF-8). `at` counts bytes, or with `by_character` characters.
 * GArray of AlignedLetter, owned by the caller. */
GArray *alignment_letters(const char *text, gsize length, gboolean by_character);

/* For each letter of `from` the `at` of the one in `to` that it is; ALIGNMENT_NONE where there is
 * none. Ascending. GArray of guint32, owned by the caller. Its time is bounded by about the sum of
 * the lengths. */
GArray *alignment_map(const GArray *from, const GArray *to);

#endif
