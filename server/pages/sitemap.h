/* Sitemap: where every document is, for those who index the web, and robots.txt, which asks them to
 * keep to that.
 *
 * Source: the sitemap protocol 0.9 (a file has at most 50,000 addresses, and lists only what stands
 * below its own folder), RFC 9309 (robots.txt). Documents are listed by row in files of fixed
 * ranges, so that one that comes or goes changes one file only; each with its address in every
 * language of the pages. While one file holds them all, there is no index of files.
 *
 * Thread-safe; the context is a Service. */
#ifndef SCHEDARIO_SITEMAP_H
#define SCHEDARIO_SITEMAP_H

#include "../http/http.h"
#include "../search/cards.h"

/* A file's range of rows. */
typedef struct {
    guint number;    /* from 1: rows (number - 1) * rows_of_part to below number * rows_of_part */
    guint documents; /* searchable ones among them, at least 1 */
    gint64 newest_unix; /* when the last of them came */
} SitemapPart;

/* The ranges that hold documents, in order. GArray of SitemapPart, owned by the caller. */
GArray *sitemap_parts(const Cards *cards, guint rows_of_part);

/* The list of documents, or the list of such lists; with part=N the one of that number. */
HttpResponse *sitemap_xml(const HttpRequest *request, gpointer service);
HttpResponse *sitemap_robots(const HttpRequest *request, gpointer service);

#endif
