/* Text: what a reader sent, page by page, becomes the clean text of a document.
 *
 * Clean text is valid UTF-8 in NFC, without control characters but newline (a line ends), a blank
 * line (a paragraph ends) and form feed (a page ends, between pages only). A word broken at a
 * line's end is whole again and stands where it began, also when the line is the last of a page;
 * a real hyphen at a line's end survives. Ligatures and soft hyphens are dissolved. Characters
 * without a meaning of their own (controls, zero width, byte order and direction marks) are
 * dropped, private use ones become spaces. A line has no spaces at its ends; between words there is
 * one, or two where there were three or a tab: the gap between columns. Nothing else is dropped,
 * and nothing is cut at a length, but for combining marks beyond LIMIT_COMBINING_MARKS on one
 * letter. */
#ifndef SCHEDARIO_TEXT_H
#define SCHEDARIO_TEXT_H

#include <glib.h>

/* The clean text of `pages` (char *, NULL for a page that could not be read, which becomes an
 * empty page): exactly pages->len - 1 form feeds. Owned by the caller (g_string_free). Never
 * fails: bytes that are no UTF-8 become U+FFFD. Pure and thread-safe. */
GString *text_clean(const GPtrArray *pages);

#endif
