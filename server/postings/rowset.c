/* See rowset.h. */
#include "rowset.h"

#include <string.h>

RowSet *rowset_new(guint limit)
{
    guint words = limit / 64 + 1;
    RowSet *set = g_malloc0(sizeof(RowSet) + words * sizeof(guint64));
    set->limit = limit;
    set->words = words;
    return set;
}

void rowset_free(RowSet *set)
{
    g_free(set);
}

void rowset_clear(RowSet *set)
{
    memset(set->bits, 0, set->words * sizeof(guint64));
}

/* Bits at the limit and beyond stay 0, so that counting needs no care. */
void rowset_fill(RowSet *set)
{
    memset(set->bits, 0xff, set->words * sizeof(guint64));
    set->bits[set->words - 1] = (G_GUINT64_CONSTANT(1) << (set->limit & 63)) - 1;
}

void rowset_add_all(RowSet *set, const guint32 *rows, guint count)
{
    for (guint i = 0; i < count; i++)
        rowset_add(set, rows[i]);
}

void rowset_keep(RowSet *set, const RowSet *other)
{
    for (guint i = 0; i < set->words; i++)
        set->bits[i] &= other->bits[i];
}

void rowset_join(RowSet *set, const RowSet *other)
{
    for (guint i = 0; i < set->words; i++)
        set->bits[i] |= other->bits[i];
}

void rowset_drop(RowSet *set, const RowSet *other)
{
    for (guint i = 0; i < set->words; i++)
        set->bits[i] &= ~other->bits[i];
}

guint rowset_count(const RowSet *set)
{
    guint count = 0;
    for (guint i = 0; i < set->words; i++)
        count += (guint)__builtin_popcountll(set->bits[i]);
    return count;
}
