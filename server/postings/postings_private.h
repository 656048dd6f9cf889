/* What the files of postings share: postings_leaf.c (bytes of a leaf), postings_segment.c (walking
 * over a segment's terms and rows), postings_list.c (lists of index terms), postings_forms.c,
 * postings_prefix.c, postings_phrase.c (theirs), postings.c (what is kept, and the interface).
 * Nobody else includes this. */
#ifndef SCHEDARIO_POSTINGS_PRIVATE_H
#define SCHEDARIO_POSTINGS_PRIVATE_H

#include <sqlite3.h>
#include <string.h>

#include "postings.h"

/* What a step may come to. STEP_FAILED goes with a GError. */
typedef enum { STEP_FAILED, STEP_END, STEP_HERE } Step;

/* Sets `error`: the index is damaged, `what` being wrong. Returns FALSE, which is STEP_FAILED. */
gboolean postings_damaged(const char *what, GError **error);

/* postings_leaf.c: bytes */

/* For varints of two bytes and more. */
guint varint_read_long(const guint8 *bytes, gsize size, guint64 *ret_value);

/* Reads a varint of at most `size` bytes; returns how many it takes, 0 when it is cut off. */
static inline guint varint_read(const guint8 *bytes, gsize size, guint64 *ret_value)
{
    if (size == 0 || bytes[0] >= 0x80)
        return varint_read_long(bytes, size, ret_value);
    *ret_value = bytes[0];
    return 1;
}

/* Bytes that a number takes, at most 5. */
guint varint_length(guint32 value);
/* Writes a number where there is room for it; returns its bytes. */
guint varint_write(guint8 *bytes, guint32 value);
void varint_append(GByteArray *bytes, guint32 value);

/* A leaf as it stands in the table. Offsets count from `bytes`. */
typedef struct {
    const guint8 *bytes;
    guint size;       /* where the content ends and the footer begins */
    guint total;      /* where the footer ends */
    guint first_row;  /* of the first row that goes on from the leaf before; 0: none */
    guint first_term; /* `size`: no term begins here */
    guint page;
} Leaf;

/* FALSE when the head does not fit. `bytes` is borrowed for as long as the leaf is used. */
gboolean leaf_read(Leaf *leaf, const void *bytes, gsize total, guint page);

/* Where what the leaf before began (a position list) ends on this one. */
static inline guint leaf_overhang_end(const Leaf *leaf)
{
    return leaf->first_row ? leaf->first_row : leaf->first_term;
}

/* A position list: the places of one index term, or phrase, in one row. */
typedef struct {
    const guint8 *bytes;
    gsize size;
} Positions;

/* Where they end, also where there are none: to NULL nothing may be added, not even 0. */
static inline const guint8 *positions_end(Positions places)
{
    return places.size ? places.bytes + places.size : places.bytes;
}

/* How many positions a list has in each column, without reading them. FALSE when it is damaged. */
gboolean positions_count(Positions places, guint32 ret_counts[POSTING_COLUMNS]);

/* The bytes of each column's positions; of size 0 where there are none. FALSE when damaged. */
gboolean positions_split(Positions places, Positions ret_columns[POSTING_COLUMNS]);

/* Appends the positions (guint32) of one column's bytes. FALSE when they are damaged; what was
 * appended then means nothing. */
gboolean positions_decode(Positions column, GArray *positions);

/* Appends positions to a position list that is being written; columns in ascending order, `*column`
 * being the last one written, 0 at first. */
void positions_append(GByteArray *bytes, guint *column, guint new_column, const guint32 *positions,
                      guint count);

/* postings_segment.c: segments */

/* What the terms of FTS5's main index begin with; those of its prefix indexes, which the archive
 * does not have, begin with the characters that follow. */
#define POSTINGS_MAIN_INDEX '0'

typedef struct {
    guint id;
    guint first; /* pages */
    guint last;
} Segment;

/* Reads the structure record: segments with pages, the newest first. NULL when it is damaged. */
GArray *segments_read(const guint8 *bytes, gsize size);

typedef enum {
    POSTINGS_SQL_RECORD,
    POSTINGS_SQL_FORMAT,
    POSTINGS_SQL_PAGE,
    POSTINGS_SQL_LEAVES,
    POSTINGS_SQL_DATA_VERSION,
    POSTINGS_SQL_COUNT
} PostingsSql;

/* A statement of one's own, to be finalised; NULL and `error` on failure. */
sqlite3_stmt *postings_prepare(Postings *postings, PostingsSql sql, GError **error);
/* The shared one, reset. For statements that are stepped and reset at once. */
sqlite3_stmt *postings_statement(Postings *postings, PostingsSql sql, GError **error);

/* Walks over the terms of one segment, and over the rows of each. What it points to holds until it
 * moves. Zeroed before cursor_open_*(), and ended with cursor_release(), which takes any state. */
typedef struct {
    Postings *postings;
    Segment segment;
    sqlite3_stmt *leaves; /* stepped to the present leaf; NULL: not open, or detached */
    Leaf leaf;
    guint footer;     /* where the footer tells of the next term but one */
    guint next_term;  /* offset of the next term on this leaf; leaf.size: none */
    GByteArray *term; /* with its prefix for the index */
    guint at;         /* what is to be read next */
    gboolean is_due;  /* of a TermWalk: the term was walked over */
    gboolean is_over; /* of a TermWalk: there are no more terms */
    guint start;      /* where the term's rows begin on this leaf */
    guint64 bytes;    /* of the term's rows, up to `start`: all of them after cursor_skip_rows() */
    GByteArray *joined; /* a position list that goes over leaves; NULL until one does */
    GByteArray *copy;   /* of the leaf, of a detached cursor */

    guint32 row;
    Positions places;    /* of size 0: the row is deleted from older segments */
    guint row_page;      /* the leaf on which the row begins; 0: no row was read yet */
    guint row_offset;    /* where on it */
    gboolean is_landing; /* the row's number stands in full: one can begin to read here */
} SegmentCursor;

/* Moves to the first term that is not less than `term`; the term's rows are next. */
Step cursor_open_term(SegmentCursor *cursor, Postings *postings, const Segment *segment,
                      const guint8 *term, guint length, GError **error);
/* Begins to read rows at a row that was a landing. The term is not known. Also for a cursor that
 * has been used so before. */
Step cursor_open_row(SegmentCursor *cursor, Postings *postings, const Segment *segment, guint page,
                     guint offset, GError **error);
/* Moves to the end of the term's rows; STEP_END: no term follows them. */
Step cursor_skip_rows(SegmentCursor *cursor, GError **error);
/* Moves to the next term, over what rows are left. */
Step cursor_next_term(SegmentCursor *cursor, GError **error);
/* Moves to the term's next row. */
Step cursor_next_row(SegmentCursor *cursor, GError **error);
/* Lets go of the statement, and with it of the connection's transaction; goes on with a copy of the
 * leaf until the next one is needed. */
void cursor_detach(SegmentCursor *cursor);
void cursor_release(SegmentCursor *cursor);

static inline gboolean cursor_is_at(const SegmentCursor *cursor, const guint8 *term, guint length)
{
    return cursor->term->len == length && memcmp(cursor->term->data, term, length) == 0;
}

/* The rows of one term over all segments that have it, those of newer segments before older ones,
 * without deleted ones. */
typedef struct {
    guint count;
    SegmentCursor **cursors; /* the newest first, none past its first row; owned by the caller */
    gboolean has_begun;
    guint32 row;
    Positions places;
    SegmentCursor *from; /* the one that has the row */
    guint32 bound;       /* the least row that others have */
} RowMerge;

Step merge_next(RowMerge *merge, GError **error);

/* A row, and what it has on the present leaf. */
typedef struct {
    guint32 row;
    guint32 offset; /* where the row begins on the leaf */
    Positions places;
} LeafRow;

/* Moves on over rows that stand, one after another, on one leaf of one segment, while no other has
 * rows as well: quicker than step by step. Returns how many, at most `most`; 0 says only that
 * merge_next() has to be asked. None of them is a landing, and what they point to holds until the
 * next step. */
guint merge_take(RowMerge *merge, LeafRow *rows, guint most);

/* The cursors of all segments at one term. Zeroed, and ended with term_release(). */
typedef struct {
    SegmentCursor *cursors; /* one a segment, the newest first */
    SegmentCursor **at;     /* those that have the term */
    guint open;
    RowMerge rows;
} TermRows;

/* FALSE and `error` on failure. A term that is nowhere has no rows. */
gboolean term_open(TermRows *term, Postings *postings, const char *text, gsize length,
                   GError **error);
void term_release(TermRows *term);

/* The terms of all segments that begin with a prefix, each with its rows. Zeroed, and ended with
 * walk_release(). */
typedef struct {
    SegmentCursor *cursors; /* one a segment, the newest first */
    SegmentCursor **at;     /* those that have the term */
    guint open;
    guint8 *prefix;
    guint length;
    const GByteArray *term; /* the present one, with its prefix for the index */
    RowMerge rows;
} TermWalk;

gboolean walk_open(TermWalk *walk, Postings *postings, const char *prefix, gsize length,
                   GError **error);
/* Moves to the next term. What of the rows was not read is passed over. */
Step walk_next(TermWalk *walk, GError **error);
/* Sets `text` to the present term. */
void walk_term(const TermWalk *walk, GString *text);
/* How many bytes the term's rows take in all segments. Ends reading its rows. */
gboolean walk_bytes(TermWalk *walk, guint64 *ret_bytes, GError **error);
void walk_release(TermWalk *walk);

/* postings_list.c: lists */

/* Where a long list can be entered: `row` begins at `offset` of leaf `page` of a segment. */
typedef struct {
    guint32 row;
    guint32 page;
    guint32 offset;
} Landing;

/* A list as it is kept. */
typedef struct {
    PostingList list; /* borrowed by those who asked; its arrays are these */
    guint32 *rows;
    guint16 *text;
    guint8 *title;
    guint allocated;

    char *phrase;
    gboolean is_prefix;
    GPtrArray *forms; /* char *: of a union, the index terms whose lists it unites; else NULL */

    /* Positions: of all rows, those of rows[i] from starts[i] up to starts[i + 1]; NULL when they
     * were too many ... */
    GByteArray *places;
    guint32 *starts;
    gboolean is_parted; /* of a prefix: each row has a list for each term, after its size */
    GByteArray *joined; /* what was put together last, of a prefix, a phrase or a union */
    /* ... or, of a long list of one term, where to find them. */
    GArray **landings; /* Landing, for each segment, the newest first; NULL: none there */
    guint16 *origins;  /* of all rows: the segment that has it; NULL: there is only one */
    guint segments;
    SegmentCursor resume; /* detached, at the row that was read last */

    guint hint;      /* index of the row asked for last */
    guint64 used;    /* Postings.clock when it was asked for last */
    gsize accounted; /* of Postings.kept_bytes */
} KeptList;

KeptList *kept_new(const char *phrase, gboolean is_prefix);
void kept_free(KeptList *kept);
gsize kept_bytes(const KeptList *kept);
/* Adds a row, greater than the last. */
void kept_add(KeptList *kept, guint32 row, const guint32 counts[POSTING_COLUMNS]);
/* Keeps the last row's places, unless the list has grown too long for it. */
void kept_add_places(KeptList *kept, Positions places);
void kept_finish(KeptList *kept);
/* Index of the row, or -1. */
gint kept_index(KeptList *kept, guint32 row);

gboolean list_read_term(Postings *postings, KeptList *kept, GError **error);
/* The same of a term's rows, none of which was read yet; `cursors`: one a segment. */
gboolean list_read_rows(Postings *postings, KeptList *kept, RowMerge *rows,
                        const SegmentCursor *cursors, GError **error);
gboolean list_read_forms(Postings *postings, KeptList *kept, GError **error);
gboolean list_read_prefix(Postings *postings, KeptList *kept, GError **error);
gboolean list_read_phrase(Postings *postings, KeptList *kept, GError **error);

/* Numbers by row, all 0 at first: what several lists have together. */
typedef struct RowTable RowTable;
RowTable *row_table_new(void);
void row_table_free(RowTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RowTable, row_table_free)
/* The row's POSTING_COLUMNS numbers. */
guint32 *row_table_numbers(RowTable *table, guint32 row);
/* Adds the rows that have any number to a list. */
void row_table_list(const RowTable *table, KeptList *kept);

/* postings_forms.c */

/* What of a phrase's terms stands for several index terms. */
typedef enum {
    FORMS_NONE,    /* an index term as it stands: "k:plan", "2014", "i:cooper-azione" */
    FORMS_OF_STEM, /* "i:cooper" */
    FORMS_OF_WORD, /* "cooperazione" */
} FormsKind;
FormsKind forms_kind(const char *term);
/* The index terms that a term of a phrase stands for; some may be in no document. GPtrArray of
 * char *, owned by the caller; NULL and `error` on failure. */
GPtrArray *forms_terms(Postings *postings, const char *term, GError **error);
/* Appends the positions that the forms have in one column of a row, ascending. FALSE and `error` on
 * failure; what was appended then means nothing. */
gboolean forms_append_positions(Postings *postings, const KeptList *kept, guint index,
                                PostingColumn column, GArray *positions, GError **error);
gboolean forms_places(Postings *postings, KeptList *kept, guint index, Positions *ret_places,
                      GError **error);

/* postings_prefix.c: the places of a row, while there are none kept, and from kept ones. */
gboolean prefix_places(Postings *postings, KeptList *kept, guint index, Positions *ret_places,
                       GError **error);
gboolean prefix_join_places(KeptList *kept, Positions *places, GError **error);
/* postings_phrase.c: the same. */
gboolean phrase_places(Postings *postings, KeptList *kept, guint index, Positions *ret_places,
                       GError **error);

/* The places of a row that the list has. Borrowed until the next call with the same list. */
gboolean kept_places(Postings *postings, KeptList *kept, guint index, Positions *ret_places,
                     GError **error);

/* postings.c: the whole */

struct Postings {
    sqlite3 *db;
    struct Analyser *analyser; /* makes index terms of words */
    sqlite3_stmt *statements[POSTINGS_SQL_COUNT];
    GPtrArray *idle;       /* sqlite3_stmt of POSTINGS_SQL_LEAVES, reset */
    GByteArray *structure; /* the structure record as last seen */
    gint64 data_version;
    gint64 changes;
    GArray *segments;  /* Segment, the newest first */
    GHashTable *lists; /* its key -> KeptList */
    GString *key;
    gsize kept_bytes;
    guint64 clock; /* counts postings_begin() */
    Deadline deadline;
    gboolean has_cut; /* some lists are not whole, and to be forgotten */
};

/* Whether the list of an index term is kept. */
gboolean postings_has_kept(Postings *postings, const char *term);
/* Notes that a list is not whole if the time is up. */
void postings_judge(Postings *postings, KeptList *kept);
/* Keeps a list that was read. Takes it. */
void postings_keep(Postings *postings, KeptList *kept);
/* Takes account of what a list takes by now. */
void postings_account(Postings *postings, KeptList *kept);
/* The list of a phrase, read if it is not kept. */
KeptList *postings_kept(Postings *postings, const char *phrase, gboolean is_prefix, GError **error);

#endif
