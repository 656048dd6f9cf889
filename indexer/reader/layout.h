/* Layout: lines and paragraphs of a page, from its text and where each character stands.
 *
 * poppler gives the text of a page in reading order with a newline behind each line, and apart
 * from it one rectangle for each character. The text alone does not say where a paragraph ends, and
 * where a table's cells follow one another it lacks even the newline. The rectangles say both. */
#ifndef SCHEDARIO_READER_LAYOUT_H
#define SCHEDARIO_READER_LAYOUT_H

#include <glib.h>
#include <poppler.h>

/* The text of `page` with a newline wherever a line ends and a blank line where a paragraph ends.
 * If `ret_heading` is not NULL it receives the text in the page's largest type, or is left alone
 * when nothing stands out. Owned by the caller. */
GString *layout_page_text(PopplerPage *page, char **ret_heading);

#endif
