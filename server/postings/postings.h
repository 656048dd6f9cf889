/* Postings: reads the index that FTS5 keeps, one posting list at a time.
 *
 * FTS5 writes the index (archive.h puts, deletes and merges through it) and can say which rows
 * match; ranking needs how often and where, for many index terms at once, faster than its interface
 * for auxiliary functions gives them. So this module reads the segments themselves, as the head of
 * SQLite's ext/fts5/fts5_index.c describes them (format 4: structure record, averages, leaves of
 * prefix-compressed terms and doclists, doclists that go on over leaves, newer segments before
 * older ones, delete marks). Nothing here writes. Every byte is checked: what does not fit the
 * format is ARCHIVE_ERROR_DAMAGED, never a read beyond a leaf.
 *
 * A list gives rows and frequencies; positions are read only for rows that ask for them. Lists that
 * were read are kept, up to a bound in bytes, until the archive changes.
 *
 * A *phrase* here is one index term or several at following positions, parted by single blanks, as
 * analysis.h makes them ("i:cooper", "consiglio comunale", "k:statute"). */
#ifndef SCHEDARIO_POSTINGS_H
#define SCHEDARIO_POSTINGS_H

#include <glib.h>

#include "../deadline.h"

struct sqlite3;

/* Columns of the posting table. */
typedef enum {
    COLUMN_OF_TEXT = 0,
    COLUMN_OF_TITLE,
    COLUMN_OF_CATALOGUE,
    POSTING_COLUMNS
} PostingColumn;

/* Rows are below this. A list for so many takes 120 MB at most. */
enum { POSTINGS_ROWS = 1 << 24 };

/* Bytes of lists kept from question to question by one reader. */
enum { POSTINGS_KEPT_BYTES = 24 * 1024 * 1024 };

/* The documents that hold a phrase. Parallel arrays, ascending by row, no row twice. */
typedef struct {
    guint count;
    const guint32 *rows;
    const guint16 *text; /* occurrences in the text, at most 65535; 0 for one that holds it
                          * elsewhere only. Of a prefix, the sum over its terms */
    const guint8 *title; /* occurrences in the title, at most 255 */
    gboolean is_cut;     /* the time was up while it was read: there may be more rows */
} PostingList;

typedef struct Postings Postings;

/* A reader of the posting table of a connection, which must outlive it. One a thread. NULL and
 * `error` (ARCHIVE_ERROR) on failure. */
Postings *postings_new(struct sqlite3 *db, GError **error);
void postings_free(Postings *postings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Postings, postings_free)

/* Begins to read the state of the archive that the connection's open transaction sees; forgets kept
 * lists when the index changed since, or when they are too many. Lists of before are gone then.
 * FALSE and `error` on failure. */
gboolean postings_begin(Postings *postings, GError **error);

/* What is read from now on must be so within `budget_us`; 0: in as long as it takes, as after
 * postings_begin(). When the time is up, lists end where they are (is_cut), those not begun are
 * empty, and rows have no places that were not read: none of it is an error, and none of it is kept
 * beyond the next postings_begin(). */
void postings_set_time(Postings *postings, gint64 budget_us);
/* For loops of one's own over what is read. Borrowed. */
Deadline *postings_deadline(Postings *postings);
/* Whether anything was cut off since postings_begin(). */
gboolean postings_is_cut(const Postings *postings);

/* Bytes of lists that it keeps. */
gsize postings_kept_bytes(const Postings *postings);

/* The list of a phrase; with `is_prefix` its last term stands for all terms that begin so. A phrase
 * never goes over from one column to another. Borrowed, until the next postings_begin(). Empty when
 * no document holds it. NULL and `error` (ARCHIVE_ERROR) on failure. */
const PostingList *postings_find(Postings *postings, const char *phrase, gboolean is_prefix,
                                 GError **error);

/* Where a phrase stands in one column of one document: appends the positions of its first word
 * (guint32, ascending, counted from 0 over the column) to `ret_positions`. Nothing is appended when
 * it does not stand there. Cheapest when the same phrase is asked for rows in ascending order; the
 * first time for a prefix costs about three times what its list did. FALSE and `error` on failure.
 */
gboolean postings_places(Postings *postings, const char *phrase, gboolean is_prefix, guint32 row,
                         PostingColumn column, GArray *ret_positions, GError **error);

/* An index term and about how much of the index it takes: a measure of its frequency that needs no
 * reading of its list. */
typedef gboolean (*PostingTermVisit)(const char *term, guint64 bytes, gpointer data);

/* Visits the index terms that begin with `prefix` ("" for all) and that any document still holds,
 * in the order of their bytes, until the visitor says FALSE. The visitor may ask for lists, but not
 * begin anew. FALSE and `error` on failure. */
gboolean postings_terms(Postings *postings, const char *prefix, PostingTermVisit visit,
                        gpointer data, GError **error);

#endif
