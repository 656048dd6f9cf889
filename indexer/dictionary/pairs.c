/* See pairs.h. */
#include "pairs.h"

#include <string.h>

/* A pair is believed from this sum of its witnesses' words on. */
static const double BELIEVED = 0.5;
/* What both directions of a join say at least of a pair that needs no other witness. */
static const double CLEAR = 0.4;
/* What a route's word counts for: one that begins at the word that is asked about tells what the
 * word means; one that comes back from the other side tells that the meaning is possible. */
static const double FROM_ITALIAN[ROUTE_COUNT] = {
    [ROUTE_HAND] = 5.0,
    [ROUTE_FREEDICT_ITALIAN] = 1.0,
    [ROUTE_FREEDICT_ENGLISH] = 0.5,
    [ROUTE_SPANISH_ITALIAN] = 1.0,
    [ROUTE_SPANISH_ENGLISH] = 0.5,
    [ROUTE_CATALAN_ITALIAN] = 1.0,
    [ROUTE_CATALAN_ENGLISH] = 0.5,
};
static const double FROM_ENGLISH[ROUTE_COUNT] = {
    [ROUTE_HAND] = 5.0,
    [ROUTE_FREEDICT_ITALIAN] = 0.5,
    [ROUTE_FREEDICT_ENGLISH] = 1.0,
    [ROUTE_SPANISH_ITALIAN] = 0.5,
    [ROUTE_SPANISH_ENGLISH] = 1.0,
    [ROUTE_CATALAN_ITALIAN] = 0.5,
    [ROUTE_CATALAN_ENGLISH] = 1.0,
};

struct Pairs {
    GStringChunk *words;
    GHashTable *pairs; /* Pair -> itself, by its words */
};

static guint pair_hash(gconstpointer key)
{
    const Pair *pair = key;
    return g_str_hash(pair->italian) * 31 + g_str_hash(pair->english);
}

static gboolean pair_equal(gconstpointer a, gconstpointer b)
{
    const Pair *one = a;
    const Pair *other = b;
    return strcmp(one->italian, other->italian) == 0 && strcmp(one->english, other->english) == 0;
}

Pairs *pairs_new(void)
{
    Pairs *pairs = g_new0(Pairs, 1);
    pairs->words = g_string_chunk_new(1 << 16);
    pairs->pairs = g_hash_table_new_full(pair_hash, pair_equal, g_free, NULL);
    return pairs;
}

void pairs_free(Pairs *pairs)
{
    if (!pairs)
        return;
    g_hash_table_unref(pairs->pairs);
    g_string_chunk_free(pairs->words);
    g_free(pairs);
}

void pairs_add(Pairs *pairs, Route route, const char *italian, const char *english,
               double likelihood)
{
    Pair key = {.italian = italian, .english = english};
    Pair *pair = g_hash_table_lookup(pairs->pairs, &key);
    if (!pair) {
        pair = g_new0(Pair, 1);
        pair->italian = g_string_chunk_insert_const(pairs->words, italian);
        pair->english = g_string_chunk_insert_const(pairs->words, english);
        g_hash_table_add(pairs->pairs, pair);
    }
    pair->likelihood[route] = MIN(1.0, pair->likelihood[route] + likelihood);
}

typedef struct {
    const char *italian;
    const char *english;
} Removal;

static gboolean is_removed(gpointer key, gpointer value, gpointer data)
{
    const Pair *pair = key;
    const Removal *removal = data;
    (void)value;
    return pair->likelihood[ROUTE_HAND] <= 0 &&
           (!removal->italian || strcmp(pair->italian, removal->italian) == 0) &&
           (!removal->english || strcmp(pair->english, removal->english) == 0);
}

void pairs_remove(Pairs *pairs, const char *italian, const char *english)
{
    Removal removal = {italian, english};
    g_hash_table_foreach_remove(pairs->pairs, is_removed, &removal);
}

/* FreeDict's two dictionaries were made from one; a join's two directions stand on the same two
 * dictionaries, and each has its say: that both name the pair means more than that one does. */
static gboolean is_trusted(const Pair *pair)
{
    const double *said = pair->likelihood;
    double freedict = MAX(said[ROUTE_FREEDICT_ITALIAN], said[ROUTE_FREEDICT_ENGLISH]);
    double spanish = (said[ROUTE_SPANISH_ITALIAN] + said[ROUTE_SPANISH_ENGLISH]) / 2;
    double catalan = (said[ROUTE_CATALAN_ITALIAN] + said[ROUTE_CATALAN_ENGLISH]) / 2;
    return said[ROUTE_HAND] > 0 || freedict + spanish + catalan >= BELIEVED;
}

/* Whether more speaks for a pair than one pivot word, which may mean two things ("moll" is a pier
 * and marrow): it is known of another route, or the pivot says so clearly both ways. */
static gboolean is_firm(const Pair *pair)
{
    const double *said = pair->likelihood;
    double spanish = MIN(said[ROUTE_SPANISH_ITALIAN], said[ROUTE_SPANISH_ENGLISH]);
    double catalan = MIN(said[ROUTE_CATALAN_ITALIAN], said[ROUTE_CATALAN_ENGLISH]);
    gboolean is_written =
        said[ROUTE_HAND] + said[ROUTE_FREEDICT_ITALIAN] + said[ROUTE_FREEDICT_ENGLISH] > 0;
    gboolean is_spanish = said[ROUTE_SPANISH_ITALIAN] + said[ROUTE_SPANISH_ENGLISH] > 0;
    gboolean is_catalan = said[ROUTE_CATALAN_ITALIAN] + said[ROUTE_CATALAN_ENGLISH] > 0;
    return is_written || (is_spanish && is_catalan) || MAX(spanish, catalan) >= CLEAR;
}

static int compare_pairs(gconstpointer a, gconstpointer b)
{
    const Pair *one = *(const Pair *const *)a;
    const Pair *other = *(const Pair *const *)b;
    int order = strcmp(one->italian, other->italian);
    return order ? order : strcmp(one->english, other->english);
}

/* The words that have a firm pair: of one language in each set. */
typedef struct {
    GHashTable *italian;
    GHashTable *english;
} Known;

static Known known_words(const GPtrArray *pairs)
{
    Known known = {g_hash_table_new(g_str_hash, g_str_equal),
                   g_hash_table_new(g_str_hash, g_str_equal)};
    for (guint i = 0; i < pairs->len; i++) {
        Pair *pair = pairs->pdata[i];
        if (!is_firm(pair))
            continue;
        g_hash_table_add(known.italian, (gpointer)pair->italian);
        g_hash_table_add(known.english, (gpointer)pair->english);
    }
    return known;
}

/* A pair that is not firm is worth its risk only where one of its words would be without any. */
static void drop_needless(GPtrArray *pairs)
{
    Known known = known_words(pairs);
    for (guint i = pairs->len; i > 0; i--) {
        const Pair *pair = pairs->pdata[i - 1];
        if (!is_firm(pair) && g_hash_table_contains(known.italian, pair->italian) &&
            g_hash_table_contains(known.english, pair->english))
            g_ptr_array_remove_index_fast(pairs, i - 1);
    }
    g_hash_table_unref(known.italian);
    g_hash_table_unref(known.english);
}

GPtrArray *pairs_trusted(const Pairs *pairs)
{
    GPtrArray *trusted = g_ptr_array_new();
    GHashTableIter iter;
    gpointer pair;
    g_hash_table_iter_init(&iter, pairs->pairs);
    while (g_hash_table_iter_next(&iter, &pair, NULL))
        if (is_trusted(pair))
            g_ptr_array_add(trusted, pair);
    drop_needless(trusted);
    g_ptr_array_sort(trusted, compare_pairs);
    return trusted;
}

/* What a person says stands in the order in which it was written, whatever else is known. */
static double weigh(const Pair *pair, const double *counts)
{
    double weight = 0;
    if (pair->likelihood[ROUTE_HAND] > 0)
        return counts[ROUTE_HAND] * pair->likelihood[ROUTE_HAND];
    for (guint route = 0; route < ROUTE_COUNT; route++)
        weight += counts[route] * pair->likelihood[route];
    return weight;
}

double pair_weight_italian(const Pair *pair)
{
    return weigh(pair, FROM_ITALIAN);
}

double pair_weight_english(const Pair *pair)
{
    return weigh(pair, FROM_ENGLISH);
}
