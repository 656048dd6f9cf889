/* Feed: new documents, and new answers to a question, as Atom (RFC 4287) for programs that look
 * from time to time and tell their reader what has come.
 *
 * A feed is one more template over the value that pages and API have. What came into the archive
 * last comes first, whatever the address says of sorting; documents that lack words of the question
 * are left out, since nobody asked to be told of them.
 *
 * Ids never change: an entry's is its document's content (RFC 6920), a feed's is made of the
 * operator's address and of what is asked (RFC 9562, version 5), in whichever language it is read.
 *
 * Thread-safe; the context is a Service. */
#ifndef SCHEDARIO_FEED_H
#define SCHEDARIO_FEED_H

#include "page.h"

/* New documents, within the filters. */
HttpResponse *feed_documents(const HttpRequest *request, gpointer service);
/* New answers to the question, within the filters. */
HttpResponse *feed_search(const HttpRequest *request, gpointer service);

/* A template's text over a page's value as a feed; `newest`: Unix time of its newest entry, 0 where
 * there is none. Never NULL. */
HttpResponse *feed_response(const Page *page, const char *template, gint64 newest);

#endif
