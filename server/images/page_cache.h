/* Page cache: what was made at some cost, kept within a bound, made once.
 *
 * Values are bytes under a text. The least recently used go first. What several threads want at
 * once one of them makes, while the others wait for it. Failures that would only come again are
 * kept for a while too, so that a page that brings a reader down does not do so at every request.
 */
#ifndef SCHEDARIO_PAGE_CACHE_H
#define SCHEDARIO_PAGE_CACHE_H

#include <glib.h>

typedef struct PageCache PageCache;

/* Makes a value: a new reference, or NULL and `error`. */
typedef GBytes *(*PageCacheMake)(gpointer data, GError **error);
/* Whether a failure would come again. */
typedef gboolean (*PageCacheLasts)(const GError *error);

/* A cache of at most `most_bytes`, keys and the space for keeping them counted. */
PageCache *page_cache_new(gsize most_bytes, PageCacheLasts lasts);
/* No call may be under way. NULL is allowed. */
void page_cache_free(PageCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PageCache, page_cache_free)

/* The value under `key`, made by `make` when it is not there; one larger than the whole cache is
 * made and not kept. A new reference; NULL and `error`, as `make` gave it. Any thread. */
GBytes *page_cache_get(PageCache *cache, const char *key, PageCacheMake make, gpointer data,
                       GError **error);

/* What it holds at present. */
gsize page_cache_bytes(PageCache *cache);

/* The same in full, and what became of requests since it was made. */
typedef struct {
    guint entries;
    gsize bytes;
    gsize most_bytes;
    guint64 hits;   /* it was there, or being made for another */
    guint64 misses; /* it had to be made */
} PageCacheStats;
void page_cache_stats(PageCache *cache, PageCacheStats *ret_stats);

#endif
