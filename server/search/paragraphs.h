/* Paragraphs: a page's lines, as a PDF has them, become paragraphs that flow.
 *
 * A line's end in a PDF is mostly where the paper ended. It is kept only where it was meant: before
 * a line that begins an item of a list, and after a line that had room for the next one's first
 * word, unless that word has a small letter and so goes on with a sentence. */
#ifndef SCHEDARIO_PARAGRAPHS_H
#define SCHEDARIO_PARAGRAPHS_H

#include <glib.h>

/* What a newline of a text is. */
typedef enum {
    BREAK_SPACE = 0, /* the paragraph flows on */
    BREAK_LINE,      /* the line was meant to end here */
    BREAK_PARAGRAPH, /* a paragraph ends; of several newlines, the first */
    BREAK_NOTHING,   /* those after it */
} Break;

/* What each newline of a text (UTF-8, NUL-terminated) is, in their order. GArray of Break, owned by
 * the caller. Pure and thread-safe. */
GArray *paragraphs_breaks(const char *text);

#endif
