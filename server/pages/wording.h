/* Wording: numbers, sizes, dates and shares as a page's language writes them.
 *
 * How they look stands in the messages, where a translator can change it. Strings are owned by the
 * caller. */
#ifndef SCHEDARIO_WORDING_H
#define SCHEDARIO_WORDING_H

#include "page.h"

/* "1.234" or "1,234". */
char *wording_number(const Page *page, guint64 number);
/* A number for sentences: {"n": "1.234", "one": false, "none": false}; a new reference. */
json_t *wording_count(const Page *page, guint64 number);
/* "1,2 MB". */
char *wording_size(const Page *page, gint64 bytes);
/* "21 novembre 2026", and with the time of day in the server's time zone; NULL for 0. */
char *wording_date(const Page *page, gint64 unix_time);
char *wording_time(const Page *page, gint64 unix_time);
/* An API time (RFC 3339, UTC) in seconds; 0 for null. */
gint64 wording_unix(const json_t *time);

#endif
