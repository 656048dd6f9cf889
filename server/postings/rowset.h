/* Row set: which rows of the archive, one bit a row. Rows are small numbers given in order, so that
 * a set of all documents takes an eighth of a byte each and joins word by word. */
#ifndef SCHEDARIO_ROWSET_H
#define SCHEDARIO_ROWSET_H

#include <glib.h>

typedef struct {
    guint limit; /* rows are below it */
    guint words;
    guint64 bits[];
} RowSet;

/* An empty set for rows below `limit`. Sets that are joined must have the same limit. */
RowSet *rowset_new(guint limit);
void rowset_free(RowSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RowSet, rowset_free)

/* All rows below the limit, 0 among them, or none. */
void rowset_fill(RowSet *set);
void rowset_clear(RowSet *set);
/* Adds rows; those at the limit or beyond are passed over. */
void rowset_add_all(RowSet *set, const guint32 *rows, guint count);

/* `set` becomes what is also in, or in, or not in `other`. */
void rowset_keep(RowSet *set, const RowSet *other);
void rowset_join(RowSet *set, const RowSet *other);
void rowset_drop(RowSet *set, const RowSet *other);

guint rowset_count(const RowSet *set);

static inline gboolean rowset_has(const RowSet *set, guint row)
{
    return row < set->limit && (set->bits[row >> 6] >> (row & 63) & 1);
}

static inline void rowset_add(RowSet *set, guint row)
{
    if (row < set->limit)
        set->bits[row >> 6] |= G_GUINT64_CONSTANT(1) << (row & 63);
}

static inline void rowset_remove(RowSet *set, guint row)
{
    if (row < set->limit)
        set->bits[row >> 6] &= ~(G_GUINT64_CONSTANT(1) << (row & 63));
}

/* The least row of the set that is `from` or more; `limit` when there is none. */
static inline guint rowset_next(const RowSet *set, guint from)
{
    guint word = from >> 6;
    if (from >= set->limit)
        return set->limit;
    guint64 rest = set->bits[word] & (~G_GUINT64_CONSTANT(0) << (from & 63));
    while (rest == 0) {
        if (++word >= set->words)
            return set->limit;
        rest = set->bits[word];
    }
    return word * 64 + (guint)__builtin_ctzll(rest);
}

/* NOLINTBEGIN(bugprone-macro-parentheses): `row` is the name of a variable. */
#define ROWSET_EACH(set, row)                                                                      \
    for (guint row = rowset_next((set), 0); row < (set)->limit; row = rowset_next((set), row + 1))
/* NOLINTEND(bugprone-macro-parentheses) */

#endif
