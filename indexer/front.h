/* Front matter: the first pages of a document as the catalogue looks at them.
 *
 * The head of a document is what stands on its first page before running text begins: letterhead,
 * title, date, the act of approval. What stands there is about the document itself; the same words
 * further on are mostly about something else. The head ends at the first long line, at three
 * longish lines in a row that are not capitals, at an article or a chapter, or after forty lines.
 */
#ifndef SCHEDARIO_FRONT_H
#define SCHEDARIO_FRONT_H

#include <glib.h>

#include "words.h"

/* How much of a text is front matter. */
enum {
    FRONT_PAGES = 3,
    FRONT_BYTES = 16 * 1024,
    FRONT_HEAD_LINES = 40,
};

/* A line of the head that has words. */
typedef struct {
    gsize start; /* bytes from the text's beginning, without blanks around */
    gsize end;
    guint first_word;
    guint end_word; /* one past the last */
} FrontLine;

typedef struct {
    Words *words;     /* of the first pages */
    gsize page_end;   /* bytes: where the first page with words ends */
    GArray *lines;    /* FrontLine: the head */
    guint head_words; /* words before this one stand in the head */
} Front;

/* The front matter of clean text, which must outlive it. Owned by the caller. */
Front *front_new(const char *text, gsize length);
void front_free(Front *front);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Front, front_free)

/* A line of the head. */
const FrontLine *front_line(const Front *front, guint at);

/* Whether a line opens a part of a document ("Art. 1", "Indice", "Chapter 2") and so is neither its
 * title nor before it. `line` holds the words of that line from `first` to before `end`. */
gboolean front_is_section(const Words *words, guint first, guint end);

#endif
