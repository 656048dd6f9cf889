/* Running lines: heads and feet that go through a document from page to page ("Statuto comunale –
 * pag. 3 di 40"). They hold the words of the title on every page and say nothing of any. */
#ifndef SCHEDARIO_RUNNING_H
#define SCHEDARIO_RUNNING_H

#include <glib.h>

/* Lines at the top and at the bottom of a page that are looked at. */
enum { RUNNING_LINES = 3 };

/* Blanks the running lines of a page: those among its first and last lines that stand at the same
 * end of `neighbour`, another page of the document, with the same words, whatever their numbers.
 * Bytes become line ends, marks (analysis.h) stay, so that every place in the text stays what it
 * was. A page that has nothing else is left as it is. */
void running_blank(char *page, gsize length, const char *neighbour, gsize neighbour_length);

#endif
