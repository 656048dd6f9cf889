/* See join.h. */
#include "join.h"

#include <string.h>

#include "lemma.h"
#include "transducer.h"

/* The parts of speech that are joined, by their tags. Function words are not: what they mean hangs
 * on the sentence. Of names those of places: people keep theirs. */
static const struct {
    const char *tags;
    char letter;
} PARTS[] = {
    {"<n><acr>", 0},    {"<n>", 'n'},    {"<adj>", 'a'},     {"<adv>", 'r'},
    {"<vblex>", 'v'},   {"<num>", 'q'},  {"<np><loc>", 'p'}, {"<np><top>", 'p'},
    {"<np><hyd>", 'p'}, {"<vaux>", 'v'}, {"<vbmod>", 'v'},
};

/* One dictionary: "n" and lemma -> GPtrArray of the same. */
typedef struct {
    GHashTable *entries;
} Side;

static void side_release(Side *side)
{
    g_clear_pointer(&side->entries, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Side, side_release)

/* "house<n><sg>" as "nhouse"; NULL when it is not joined. Owned by the caller. */
static char *side_key(const char *entry)
{
    const char *tags = strchr(entry, '<');
    if (!tags)
        return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(PARTS); i++) {
        if (!g_str_has_prefix(tags, PARTS[i].tags))
            continue;
        g_autofree char *lemma = PARTS[i].letter ? lemma_clean(entry, (gsize)(tags - entry)) : NULL;
        return lemma ? g_strdup_printf("%c%s", PARTS[i].letter, lemma) : NULL;
    }
    return NULL;
}

static void side_add(const char *left, const char *right, gpointer data)
{
    Side *side = data;
    g_autofree char *from = side_key(left);
    g_autofree char *to = side_key(right);
    if (!from || !to)
        return;
    GPtrArray *translations = g_hash_table_lookup(side->entries, from);
    if (!translations) {
        translations = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(side->entries, g_steal_pointer(&from), translations);
    }
    if (!g_ptr_array_find_with_equal_func(translations, to, g_str_equal, NULL))
        g_ptr_array_add(translations, g_steal_pointer(&to));
}

static gboolean side_read(Side *side, const char *path, GError **error)
{
    g_autofree char *data = NULL;
    gsize length;
    if (!g_file_get_contents(path, &data, &length, error))
        return FALSE;
    if (transducer_walk((const guint8 *)data, length, NULL, side_add, side, error))
        return TRUE;
    g_prefix_error(error, "%s: ", path);
    return FALSE;
}

static void join_entry(Pairs *pairs, Route route, const char *from, const GPtrArray *pivots,
                       const Side *second, gboolean is_reverse)
{
    for (guint i = 0; i < pivots->len; i++) {
        const GPtrArray *ends = g_hash_table_lookup(second->entries, pivots->pdata[i]);
        for (guint j = 0; ends && j < ends->len; j++) {
            const char *to = (const char *)ends->pdata[j] + 1;
            pairs_add(pairs, route, is_reverse ? to : from, is_reverse ? from : to,
                      1.0 / (pivots->len * ends->len));
        }
    }
}

gboolean join_add(Pairs *pairs, Route route, const char *to_pivot, const char *from_pivot,
                  gboolean is_reverse, GError **error)
{
    GDestroyNotify free_array = (GDestroyNotify)g_ptr_array_unref;
    g_auto(Side) first = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_array)};
    g_auto(Side) second = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_array)};
    if (!side_read(&first, to_pivot, error) || !side_read(&second, from_pivot, error))
        return FALSE;
    GHashTableIter iter;
    gpointer from;
    gpointer pivots;
    g_hash_table_iter_init(&iter, first.entries);
    while (g_hash_table_iter_next(&iter, &from, &pivots))
        join_entry(pairs, route, (const char *)from + 1, pivots, &second, is_reverse);
    return TRUE;
}
