/* See page_cache.h.
 *
 * Invariants, under the lock: an entry is being made (in the table alone), or made (in the table
 * and in the list by use, its size counted in `bytes`). An entry lives as long as it stands in the
 * table or somebody holds it. */
#include "page_cache.h"

#include <string.h>

#include "../limits.h"

typedef struct {
    char *key;
    GBytes *value;    /* NULL: failed, or being made */
    GError *error;    /* of a failure */
    gint64 failed_us; /* when */
    gboolean is_made;
    guint holders;    /* threads that look at it, outside of the table */
    gboolean is_kept; /* it stands in the table */
    GList link;       /* in the list by use, once made and kept */
} Entry;

struct PageCache {
    GMutex lock;
    GCond made;
    GHashTable *entries; /* key -> Entry */
    GQueue by_use;       /* most recent first */
    gsize bytes;
    gsize most_bytes;
    guint64 hits, misses;
    PageCacheLasts lasts;
};

static gsize entry_bytes(const Entry *entry)
{
    return sizeof *entry + PAGE_CACHE_ENTRY_BYTES + strlen(entry->key) +
           (entry->value ? g_bytes_get_size(entry->value) : 0);
}

static void entry_free(Entry *entry)
{
    g_clear_pointer(&entry->value, g_bytes_unref);
    g_clear_error(&entry->error);
    g_free(entry->key);
    g_free(entry);
}

static void entry_drop(PageCache *cache, Entry *entry)
{
    g_hash_table_remove(cache->entries, entry->key);
    entry->is_kept = FALSE;
    if (entry->is_made) {
        g_queue_unlink(&cache->by_use, &entry->link);
        cache->bytes -= entry_bytes(entry);
    }
    if (entry->holders == 0)
        entry_free(entry);
}

PageCache *page_cache_new(gsize most_bytes, PageCacheLasts lasts)
{
    PageCache *cache = g_new0(PageCache, 1);
    g_mutex_init(&cache->lock);
    g_cond_init(&cache->made);
    cache->entries = g_hash_table_new(g_str_hash, g_str_equal);
    cache->most_bytes = most_bytes;
    cache->lasts = lasts;
    return cache;
}

static void shrink(PageCache *cache, gsize most_bytes)
{
    while (cache->bytes > most_bytes)
        entry_drop(cache, g_queue_peek_tail(&cache->by_use));
}

void page_cache_free(PageCache *cache)
{
    if (!cache)
        return;
    shrink(cache, 0);
    g_hash_table_unref(cache->entries);
    g_cond_clear(&cache->made);
    g_mutex_clear(&cache->lock);
    g_free(cache);
}

gsize page_cache_bytes(PageCache *cache)
{
    g_mutex_lock(&cache->lock);
    gsize bytes = cache->bytes;
    g_mutex_unlock(&cache->lock);
    return bytes;
}

void page_cache_stats(PageCache *cache, PageCacheStats *ret_stats)
{
    g_mutex_lock(&cache->lock);
    *ret_stats = (PageCacheStats){
        .entries = g_queue_get_length(&cache->by_use),
        .bytes = cache->bytes,
        .most_bytes = cache->most_bytes,
        .hits = cache->hits,
        .misses = cache->misses,
    };
    g_mutex_unlock(&cache->lock);
}

/* The entry to be looked at; NULL: there is none, or its failure is long ago. */
static Entry *find(PageCache *cache, const char *key)
{
    Entry *entry = g_hash_table_lookup(cache->entries, key);
    gint64 age_us = entry && entry->error ? g_get_monotonic_time() - entry->failed_us : 0;
    if (age_us <= (gint64)PAGE_CACHE_FAILURE_SECONDS * G_USEC_PER_SEC)
        return entry;
    entry_drop(cache, entry);
    return NULL;
}

static Entry *begin(PageCache *cache, const char *key)
{
    Entry *entry = g_new0(Entry, 1);
    entry->key = g_strdup(key);
    entry->link.data = entry;
    entry->is_kept = TRUE;
    g_hash_table_insert(cache->entries, entry->key, entry);
    return entry;
}

/* Takes up what was made, and decides whether it stays. */
static void finish(PageCache *cache, Entry *entry, GBytes *value, GError *error)
{
    entry->value = value;
    entry->error = error;
    entry->failed_us = g_get_monotonic_time();
    gboolean is_worth = (value || cache->lasts(error)) && entry_bytes(entry) <= cache->most_bytes;
    if (is_worth) {
        entry->is_made = TRUE;
        g_queue_push_head_link(&cache->by_use, &entry->link);
        cache->bytes += entry_bytes(entry);
        shrink(cache, cache->most_bytes);
    } else {
        entry_drop(cache, entry);
        entry->is_made = TRUE;
    }
    g_cond_broadcast(&cache->made);
}

/* Gives the entry's value or failure, and lets go of it. */
static GBytes *take(Entry *entry, GError **error)
{
    GBytes *value = entry->value ? g_bytes_ref(entry->value) : NULL;
    if (!value)
        g_propagate_error(error, g_error_copy(entry->error));
    entry->holders--;
    if (entry->holders == 0 && !entry->is_kept)
        entry_free(entry);
    return value;
}

static void wait_until_made(PageCache *cache, Entry *entry)
{
    while (!entry->is_made)
        g_cond_wait(&cache->made, &cache->lock);
    if (entry->is_kept) {
        g_queue_unlink(&cache->by_use, &entry->link);
        g_queue_push_head_link(&cache->by_use, &entry->link);
    }
}

GBytes *page_cache_get(PageCache *cache, const char *key, PageCacheMake make, gpointer data,
                       GError **error)
{
    g_mutex_lock(&cache->lock);
    Entry *entry = find(cache, key);
    if (entry) {
        cache->hits++;
        entry->holders++;
        wait_until_made(cache, entry);
    } else {
        GError *fault = NULL;
        cache->misses++;
        entry = begin(cache, key);
        entry->holders++;
        g_mutex_unlock(&cache->lock);
        GBytes *value = make(data, &fault);
        g_mutex_lock(&cache->lock);
        finish(cache, entry, value, fault);
    }
    GBytes *value = take(entry, error);
    g_mutex_unlock(&cache->lock);
    return value;
}
