/* Plain: text of documents and readers made fit for places where form counts: one line of a file, a
 * part of a file's name.
 *
 * Any bytes may come in; what comes out is valid UTF-8, or ASCII where it says so. Strings are
 * owned by the caller. Pure and thread-safe. */
#ifndef SCHEDARIO_PLAIN_H
#define SCHEDARIO_PLAIN_H

#include <glib.h>

/* One line: control characters, separators of lines and paragraphs, and marks that turn the
 * direction of what follows count as blanks; runs of blanks become one; none at the ends. "" for
 * NULL. */
char *plain_line(const char *text);

/* Letters and digits of ASCII in lower case, without their accents, parted by hyphens where other
 * characters stood; at most `most` bytes, whole words where possible. "" when nothing is left, or
 * for NULL. */
char *plain_slug(const char *text, gsize most);

#endif
