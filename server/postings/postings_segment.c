/* See postings_private.h. Segments: which there are, and walking over the terms and rows of each.
 *
 * A cursor reads a segment's leaves in their order with one statement, and points into the leaf
 * that SQLite holds; only a position list that goes over leaves is joined in a buffer. Leaves must
 * follow each other without a gap, and rows ascend: what does not is damaged. */
#include "postings_private.h"

#include <string.h>

#include "../../indexer/archive.h"

enum {
    SEGMENT_SHIFT = 37, /* a leaf's id is segment << 37 | page */
    SEGMENT_ID_MAX = 0xffff,
    LEVELS_MAX = 64, /* FTS5's own bounds */
    SEGMENTS_MAX = 2000,
    IDLE_STATEMENTS = 128, /* kept for the next cursors: some words in twenty segments */
    COOKIE_BYTES = 4,
    LEAF_HEAD = 4,
};

/* Statements */

static const char *const STATEMENTS[] = {
    [POSTINGS_SQL_RECORD] = "SELECT block FROM posting_data WHERE id = 10",
    [POSTINGS_SQL_FORMAT] = "SELECT v FROM posting_config WHERE k = 'version'",
    [POSTINGS_SQL_PAGE] = ("SELECT pgno FROM posting_idx WHERE segid = ?1 AND term <= ?2"
                           " ORDER BY term DESC LIMIT 1"),
    [POSTINGS_SQL_LEAVES] = "SELECT id, block FROM posting_data WHERE id BETWEEN ?1 AND ?2",
    [POSTINGS_SQL_DATA_VERSION] = "PRAGMA data_version",
};
G_STATIC_ASSERT(G_N_ELEMENTS(STATEMENTS) == POSTINGS_SQL_COUNT);

sqlite3_stmt *postings_prepare(Postings *postings, PostingsSql sql, GError **error)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(postings->db, STATEMENTS[sql], -1, SQLITE_PREPARE_PERSISTENT, &statement,
                           NULL) != SQLITE_OK)
        archive_fail(postings->db, "preparing to read the index", error);
    return statement;
}

sqlite3_stmt *postings_statement(Postings *postings, PostingsSql sql, GError **error)
{
    if (!postings->statements[sql])
        postings->statements[sql] = postings_prepare(postings, sql, error);
    return postings->statements[sql];
}

/* The structure record */

typedef struct {
    const guint8 *bytes;
    gsize size;
    gboolean is_sound;
} Record;

/* The next number; 0 and unsound when there is none, or it is above `most`. */
static guint64 record_number(Record *record, guint64 most)
{
    guint64 value = 0;
    guint length = record->is_sound ? varint_read(record->bytes, record->size, &value) : 0;
    record->is_sound = length > 0 && value <= most;
    record->bytes += length;
    record->size -= length;
    return record->is_sound ? value : 0;
}

static void read_segment(Record *record, GArray *segments)
{
    Segment segment = {0};
    segment.id = (guint)record_number(record, SEGMENT_ID_MAX);
    segment.first = (guint)record_number(record, G_MAXINT);
    segment.last = (guint)record_number(record, G_MAXINT);
    if (segment.last < segment.first)
        record->is_sound = FALSE;
    /* One that was merged to its end, while its fellows were not, has no pages. */
    if (record->is_sound && segment.first > 0)
        g_array_append_val(segments, segment);
}

/* Lower levels are newer; in the record, the segments of each stand with the oldest first. */
static void read_level(Record *record, GArray *segments)
{
    g_autoptr(GArray) level = g_array_new(FALSE, FALSE, sizeof(Segment));
    record_number(record, SEGMENTS_MAX); /* how many of them are being merged */
    guint64 count = record_number(record, SEGMENTS_MAX);
    for (guint64 i = 0; i < count && record->is_sound; i++)
        read_segment(record, level);
    for (guint i = level->len; i > 0; i--)
        g_array_append_val(segments, g_array_index(level, Segment, i - 1));
}

GArray *segments_read(const guint8 *bytes, gsize size)
{
    if (size < COOKIE_BYTES)
        return NULL;
    Record record = {bytes + COOKIE_BYTES, size - COOKIE_BYTES, TRUE};
    g_autoptr(GArray) segments = g_array_new(FALSE, FALSE, sizeof(Segment));
    guint64 levels = record_number(&record, LEVELS_MAX);
    record_number(&record, SEGMENTS_MAX);
    record_number(&record, G_MAXUINT64); /* leaves ever written */
    for (guint64 i = 0; i < levels && record.is_sound; i++)
        read_level(&record, segments);
    return record.is_sound ? g_steal_pointer(&segments) : NULL;
}

/* Leaves */

static sqlite3_stmt *take_leaves(Postings *postings, GError **error)
{
    GPtrArray *idle = postings->idle;
    return idle->len > 0 ? g_ptr_array_steal_index_fast(idle, idle->len - 1)
                         : postings_prepare(postings, POSTINGS_SQL_LEAVES, error);
}

static gint64 leaf_id(const Segment *segment, guint page)
{
    return (gint64)segment->id << SEGMENT_SHIFT | page;
}

/* Points the cursor's leaf at the statement's row, which must be that page. */
static Step take_leaf(SegmentCursor *cursor, guint page, GError **error)
{
    int status = sqlite3_step(cursor->leaves);
    if (status != SQLITE_ROW && status != SQLITE_DONE) {
        archive_fail(cursor->postings->db, "reading the index", error);
        return STEP_FAILED;
    }
    if (status == SQLITE_DONE ||
        sqlite3_column_int64(cursor->leaves, 0) != leaf_id(&cursor->segment, page))
        return postings_damaged("a leaf is missing", error);
    const void *bytes = sqlite3_column_blob(cursor->leaves, 1);
    gsize size = (gsize)sqlite3_column_bytes(cursor->leaves, 1);
    if (!bytes || !leaf_read(&cursor->leaf, bytes, size, page))
        return postings_damaged("the head of a leaf", error);
    return STEP_HERE;
}

/* Puts the cursor before the first term of its leaf. */
static void cursor_enter_leaf(SegmentCursor *cursor)
{
    cursor->footer = cursor->leaf.size;
    cursor->next_term = cursor->leaf.first_term;
    cursor->at = LEAF_HEAD;
    guint64 first = 0;
    cursor->footer += varint_read(cursor->leaf.bytes + cursor->leaf.size,
                                  cursor->leaf.total - cursor->leaf.size, &first);
}

/* Reads the leaves from `page` on. */
static Step cursor_open_leaf(SegmentCursor *cursor, guint page, GError **error)
{
    cursor->leaves = take_leaves(cursor->postings, error);
    if (!cursor->leaves)
        return STEP_FAILED;
    sqlite3_bind_int64(cursor->leaves, 1, leaf_id(&cursor->segment, page));
    sqlite3_bind_int64(cursor->leaves, 2, leaf_id(&cursor->segment, cursor->segment.last));
    Step step = take_leaf(cursor, page, error);
    if (step == STEP_HERE)
        cursor_enter_leaf(cursor);
    return step;
}

static Step cursor_next_leaf(SegmentCursor *cursor, GError **error)
{
    if (cursor->leaf.page >= cursor->segment.last)
        return STEP_END;
    cursor->bytes += cursor->leaf.size - cursor->start;
    cursor->start = LEAF_HEAD;
    if (!cursor->leaves)
        return cursor_open_leaf(cursor, cursor->leaf.page + 1, error);
    Step step = take_leaf(cursor, cursor->leaf.page + 1, error);
    if (step == STEP_HERE)
        cursor_enter_leaf(cursor);
    return step;
}

static void cursor_end_statement(SegmentCursor *cursor)
{
    if (!cursor->leaves)
        return;
    GPtrArray *idle = cursor->postings->idle;
    sqlite3_reset(cursor->leaves);
    if (idle->len < IDLE_STATEMENTS)
        g_ptr_array_add(idle, cursor->leaves);
    else
        sqlite3_finalize(cursor->leaves);
    cursor->leaves = NULL;
}

void cursor_detach(SegmentCursor *cursor)
{
    if (!cursor->leaves)
        return;
    const guint8 *old = cursor->leaf.bytes;
    gboolean is_joined = cursor->joined && cursor->places.bytes == cursor->joined->data;
    if (!cursor->copy)
        cursor->copy = g_byte_array_new();
    g_byte_array_set_size(cursor->copy, 0);
    g_byte_array_append(cursor->copy, old, cursor->leaf.total);
    cursor->leaf.bytes = cursor->copy->data;
    if (!is_joined)
        cursor->places.bytes = cursor->copy->data + (cursor->places.bytes - old);
    cursor_end_statement(cursor);
}

void cursor_release(SegmentCursor *cursor)
{
    cursor_end_statement(cursor);
    g_clear_pointer(&cursor->term, g_byte_array_unref);
    g_clear_pointer(&cursor->joined, g_byte_array_unref);
    g_clear_pointer(&cursor->copy, g_byte_array_unref);
}

/* Terms */

/* Moves next_term on to what the footer tells. */
static gboolean cursor_read_footer(SegmentCursor *cursor)
{
    const Leaf *leaf = &cursor->leaf;
    guint64 step = 0;
    guint length = varint_read(leaf->bytes + cursor->footer, leaf->total - cursor->footer, &step);
    if (cursor->footer == leaf->total) {
        cursor->next_term = leaf->size;
        return TRUE;
    }
    if (length == 0 || step == 0 || step >= leaf->size - cursor->next_term)
        return FALSE;
    cursor->footer += length;
    cursor->next_term += (guint)step;
    return TRUE;
}

/* Reads the term at next_term: the first of a leaf stands in full, others without what they have in
 * common with the one before. */
static Step cursor_read_term(SegmentCursor *cursor, GError **error)
{
    const Leaf *leaf = &cursor->leaf;
    guint64 kept = 0, added = 0;
    guint at = cursor->next_term;
    guint length = 1;
    if (at != leaf->first_term)
        at += length = varint_read(leaf->bytes + at, leaf->size - at, &kept);
    guint added_length = varint_read(leaf->bytes + at, leaf->size - at, &added);
    at += added_length;
    if (length == 0 || added_length == 0 || kept > cursor->term->len || added == 0 ||
        added > leaf->size - at || !cursor_read_footer(cursor) || at + added > cursor->next_term)
        return postings_damaged("a term on a leaf", error);
    g_byte_array_set_size(cursor->term, (guint)(kept + added));
    memcpy(cursor->term->data + kept, leaf->bytes + at, added);
    cursor->start = cursor->at = at + (guint)added;
    cursor->bytes = 0;
    cursor->row = 0;
    cursor->row_page = 0;
    return STEP_HERE;
}

Step cursor_skip_rows(SegmentCursor *cursor, GError **error)
{
    Step step = STEP_HERE;
    while (step == STEP_HERE && cursor->next_term == cursor->leaf.size)
        step = cursor_next_leaf(cursor, error);
    if (step != STEP_FAILED)
        cursor->bytes += cursor->next_term - cursor->start;
    cursor->start = cursor->next_term;
    return step;
}

Step cursor_next_term(SegmentCursor *cursor, GError **error)
{
    Step step = cursor_skip_rows(cursor, error);
    return step == STEP_HERE ? cursor_read_term(cursor, error) : step;
}

/* The leaf on which a term is, if the segment has it: none before it can hold it. */
static gboolean find_page(Postings *postings, const Segment *segment, const guint8 *term,
                          guint length, guint *ret_page, GError **error)
{
    sqlite3_stmt *statement = postings_statement(postings, POSTINGS_SQL_PAGE, error);
    if (!statement)
        return FALSE;
    sqlite3_bind_int64(statement, 1, segment->id);
    sqlite3_bind_blob64(statement, 2, term, length, SQLITE_STATIC);
    int status = sqlite3_step(statement);
    gint64 page = status == SQLITE_ROW ? sqlite3_column_int64(statement, 0) >> 1 : 0;
    gboolean is_sound = status == SQLITE_ROW || status == SQLITE_DONE ||
                        archive_fail(postings->db, "looking up an index term", error);
    sqlite3_reset(statement);
    if (!is_sound)
        return FALSE;
    /* Pages that were merged away keep their entries until the whole segment goes. */
    *ret_page = (guint)CLAMP(page, segment->first, G_MAXUINT);
    return *ret_page <= segment->last || postings_damaged("a page beyond its segment", error);
}

static int compare_term(const GByteArray *term, const guint8 *other, guint length)
{
    int order = memcmp(term->data, other, MIN(term->len, length));
    return order ? order : (term->len > length) - (term->len < length);
}

Step cursor_open_term(SegmentCursor *cursor, Postings *postings, const Segment *segment,
                      const guint8 *term, guint length, GError **error)
{
    guint page = 0;
    if (!find_page(postings, segment, term, length, &page, error))
        return STEP_FAILED;
    cursor->postings = postings;
    cursor->segment = *segment;
    cursor->term = g_byte_array_new();
    Step step = cursor_open_leaf(cursor, page, error);
    while (step == STEP_HERE) {
        step = cursor_next_term(cursor, error);
        if (step == STEP_HERE && compare_term(cursor->term, term, length) >= 0)
            break;
    }
    return step;
}

/* Rows */

Step cursor_open_row(SegmentCursor *cursor, Postings *postings, const Segment *segment, guint page,
                     guint offset, GError **error)
{
    cursor_end_statement(cursor);
    cursor->postings = postings;
    cursor->segment = *segment;
    cursor->row = 0;
    cursor->row_page = 0;
    Step step = cursor_open_leaf(cursor, page, error);
    if (step != STEP_HERE)
        return step;
    while (cursor->next_term <= offset && cursor->next_term < cursor->leaf.size)
        if (!cursor_read_footer(cursor))
            return postings_damaged("the footer of a leaf", error);
    cursor->at = offset;
    return STEP_HERE;
}

/* Moves on to the leaf on which the term's rows go on; the end when they do not. */
static Step cursor_follow_rows(SegmentCursor *cursor, GError **error)
{
    if (cursor->next_term < cursor->leaf.size)
        return STEP_END;
    Step step = cursor_next_leaf(cursor, error);
    if (step != STEP_HERE)
        return step;
    if (cursor->leaf.first_row == 0)
        return STEP_END;
    cursor->at = cursor->leaf.first_row;
    return STEP_HERE;
}

/* Joins a position list of which the leaf has only the beginning. */
static gboolean cursor_join_places(SegmentCursor *cursor, guint32 size, GError **error)
{
    if (!cursor->joined)
        cursor->joined = g_byte_array_new();
    GByteArray *joined = cursor->joined;
    g_byte_array_set_size(joined, 0);
    g_byte_array_append(joined, cursor->leaf.bytes + cursor->at, cursor->leaf.size - cursor->at);
    while (joined->len < size) {
        if (cursor->next_term < cursor->leaf.size)
            return postings_damaged("a position list is cut off", error);
        cursor->at = cursor->leaf.size;
        Step step = cursor_next_leaf(cursor, error);
        if (step != STEP_HERE)
            return step == STEP_END ? postings_damaged("a position list is cut off", error) : FALSE;
        guint length = leaf_overhang_end(&cursor->leaf) - LEAF_HEAD;
        g_byte_array_append(joined, cursor->leaf.bytes + LEAF_HEAD, length);
        cursor->at = LEAF_HEAD + length;
    }
    cursor->places = (Positions){joined->data, size};
    return joined->len == size || postings_damaged("a position list is too long", error);
}

/* Reads the row's number and the size of its position list at `at`. */
static gboolean cursor_read_head(SegmentCursor *cursor, guint32 *ret_size)
{
    const guint8 *bytes = cursor->leaf.bytes;
    guint64 row = 0, size = 0;
    guint length = varint_read(bytes + cursor->at, cursor->next_term - cursor->at, &row);
    guint size_length =
        varint_read(bytes + cursor->at + length, cursor->next_term - cursor->at - length, &size);
    if (length == 0 || size_length == 0 || row >= POSTINGS_ROWS || size / 2 > G_MAXINT)
        return FALSE;
    guint64 number = cursor->is_landing ? row : cursor->row + row;
    gboolean ascends = number > cursor->row || cursor->row_page == 0;
    cursor->row_offset = cursor->at;
    cursor->row_page = cursor->leaf.page;
    cursor->row = (guint32)number;
    cursor->at += length + size_length;
    *ret_size = (guint32)(size / 2); /* the lowest bit says that the row was deleted before */
    return ascends && number < POSTINGS_ROWS;
}

Step cursor_next_row(SegmentCursor *cursor, GError **error)
{
    cursor->is_landing = cursor->row_page == 0;
    if (cursor->at == cursor->next_term) {
        Step step = cursor_follow_rows(cursor, error);
        if (step != STEP_HERE)
            return step;
        cursor->is_landing = TRUE;
    } else if (cursor->at == cursor->leaf.first_row) {
        cursor->is_landing = TRUE; /* after a position list from the leaf before */
    }
    guint32 size = 0;
    if (cursor->at > cursor->next_term || !cursor_read_head(cursor, &size))
        return postings_damaged("a row on a leaf", error);
    if (size <= cursor->next_term - cursor->at) {
        cursor->places = (Positions){cursor->leaf.bytes + cursor->at, size};
        cursor->at += size;
        return STEP_HERE;
    }
    return cursor_join_places(cursor, size, error) ? STEP_HERE : STEP_FAILED;
}

/* Rows of several segments. One segment often has many rows in a row, and gives them without a look
 * at the others up to the least row that they have. */

static void merge_remove(RowMerge *merge, guint i)
{
    merge->count--;
    memmove(merge->cursors + i, merge->cursors + i + 1,
            (merge->count - i) * sizeof *merge->cursors); /* NOLINT(bugprone-sizeof-expression) */
}

/* Moves the cursors that stand at `row` on; all of them at the beginning. */
static gboolean merge_pass_row(RowMerge *merge, GError **error)
{
    for (guint i = merge->count; i > 0; i--) {
        SegmentCursor *cursor = merge->cursors[i - 1];
        if (merge->has_begun && cursor->row != merge->row)
            continue;
        Step step = cursor_next_row(cursor, error);
        if (step == STEP_FAILED)
            return FALSE;
        if (step == STEP_END)
            merge_remove(merge, i - 1);
    }
    merge->has_begun = TRUE;
    return TRUE;
}

/* The newest of the cursors that have the least row. */
static SegmentCursor *merge_choose(RowMerge *merge)
{
    SegmentCursor *chosen = merge->cursors[0];
    merge->bound = POSTINGS_ROWS;
    for (guint i = 1; i < merge->count; i++) {
        SegmentCursor *cursor = merge->cursors[i];
        if (cursor->row < chosen->row) {
            merge->bound = chosen->row;
            chosen = cursor;
        } else {
            merge->bound = MIN(merge->bound, cursor->row);
        }
    }
    return chosen;
}

static Step merge_next_of_many(RowMerge *merge, GError **error)
{
    do {
        if (!merge_pass_row(merge, error))
            return STEP_FAILED;
        if (merge->count == 0)
            return STEP_END;
        merge->from = merge_choose(merge);
        merge->row = merge->from->row;
        merge->places = merge->from->places;
    } while (merge->places.size == 0);
    return STEP_HERE;
}

Step merge_next(RowMerge *merge, GError **error)
{
    while (merge->has_begun && merge->count > 0 && merge->row < merge->bound) {
        SegmentCursor *from = merge->from;
        Step step = cursor_next_row(from, error);
        if (step == STEP_FAILED)
            return STEP_FAILED;
        if (step == STEP_END) {
            guint i = 0;
            while (merge->cursors[i] != from)
                i++;
            merge_remove(merge, i);
            break;
        }
        if (from->row >= merge->bound)
            break;
        merge->row = from->row;
        merge->places = from->places;
        if (merge->places.size > 0)
            return STEP_HERE;
    }
    return merge_next_of_many(merge, error);
}

/* Reads the next row if it stands wholly on the leaf, without moving the cursor. FALSE: it does
 * not, or is not sound. */
static inline gboolean peek_row(const SegmentCursor *cursor, guint at, LeafRow *row, guint *ret_end)
{
    const guint8 *bytes = cursor->leaf.bytes;
    guint64 step = 0, size = 0;
    guint length = varint_read(bytes + at, cursor->next_term - at, &step);
    guint size_length = varint_read(bytes + at + length, cursor->next_term - at - length, &size);
    guint start = at + length + size_length;
    if (length == 0 || size_length == 0 || step == 0 || step >= POSTINGS_ROWS - row->row ||
        size / 2 > cursor->next_term - start)
        return FALSE;
    *row = (LeafRow){row->row + (guint32)step, at, {bytes + start, size / 2}};
    *ret_end = start + (guint)(size / 2);
    return TRUE;
}

guint merge_take(RowMerge *merge, LeafRow *rows, guint most)
{
    SegmentCursor *cursor = merge->count == 1 ? merge->from : NULL;
    if (!merge->has_begun || !cursor || cursor->row_page != cursor->leaf.page)
        return 0;
    guint count = 0, at = cursor->at;
    LeafRow row = {.row = cursor->row};
    while (count < most && at < cursor->next_term && at != cursor->leaf.first_row &&
           peek_row(cursor, at, &row, &at)) {
        cursor->row = row.row;
        cursor->row_offset = row.offset;
        cursor->at = at;
        rows[count] = row;
        count += row.places.size > 0; /* else it is deleted */
    }
    if (count > 0) {
        cursor->is_landing = FALSE;
        merge->row = cursor->row;
    }
    return count;
}

/* A term of this module's interface, as it stands in the index. */
static guint8 *indexed_term(const char *text, gsize length)
{
    guint8 *indexed = g_malloc(length + 1);
    indexed[0] = POSTINGS_MAIN_INDEX;
    if (length > 0)
        memcpy(indexed + 1, text, length);
    return indexed;
}

gboolean term_open(TermRows *term, Postings *postings, const char *text, gsize length,
                   GError **error)
{
    guint segments = postings->segments->len;
    g_autofree guint8 *indexed = indexed_term(text, length);
    term->cursors = g_new0(SegmentCursor, segments);
    term->at = g_new0(SegmentCursor *, segments);
    term->rows.cursors = term->at;
    while (term->open < segments) {
        SegmentCursor *cursor = &term->cursors[term->open];
        const Segment *segment = &g_array_index(postings->segments, Segment, term->open++);
        Step step = cursor_open_term(cursor, postings, segment, indexed, (guint)length + 1, error);
        if (step == STEP_FAILED)
            return FALSE;
        if (step == STEP_HERE && cursor_is_at(cursor, indexed, (guint)length + 1))
            term->at[term->rows.count++] = cursor;
        else
            cursor_release(cursor);
    }
    return TRUE;
}

static void release_cursors(SegmentCursor *cursors, guint count)
{
    for (guint i = 0; i < count; i++)
        cursor_release(&cursors[i]);
    g_free(cursors);
}

void term_release(TermRows *term)
{
    release_cursors(term->cursors, term->open);
    g_free(term->at);
    *term = (TermRows){0};
}

/* Terms of several segments */

static void walk_judge(const TermWalk *walk, SegmentCursor *cursor, Step step)
{
    cursor->is_due = FALSE;
    cursor->is_over = step == STEP_END || cursor->term->len < walk->length ||
                      memcmp(cursor->term->data, walk->prefix, walk->length) != 0;
}

gboolean walk_open(TermWalk *walk, Postings *postings, const char *prefix, gsize length,
                   GError **error)
{
    guint segments = postings->segments->len;
    walk->prefix = indexed_term(prefix, length);
    walk->length = (guint)length + 1;
    walk->cursors = g_new0(SegmentCursor, segments);
    walk->at = g_new0(SegmentCursor *, segments);
    while (walk->open < segments) {
        SegmentCursor *cursor = &walk->cursors[walk->open];
        const Segment *segment = &g_array_index(postings->segments, Segment, walk->open++);
        Step step = cursor_open_term(cursor, postings, segment, walk->prefix, walk->length, error);
        if (step == STEP_FAILED)
            return FALSE;
        walk_judge(walk, cursor, step);
    }
    return TRUE;
}

static gboolean walk_pass_term(TermWalk *walk, GError **error)
{
    for (guint i = 0; i < walk->open; i++) {
        SegmentCursor *cursor = &walk->cursors[i];
        if (cursor->is_over || !cursor->is_due)
            continue;
        Step step = cursor_next_term(cursor, error);
        if (step == STEP_FAILED)
            return FALSE;
        walk_judge(walk, cursor, step);
    }
    return TRUE;
}

Step walk_next(TermWalk *walk, GError **error)
{
    if (!walk_pass_term(walk, error))
        return STEP_FAILED;
    walk->rows = (RowMerge){.cursors = walk->at};
    for (guint i = 0; i < walk->open; i++) {
        SegmentCursor *cursor = &walk->cursors[i];
        if (cursor->is_over)
            continue;
        int order = walk->rows.count == 0 ? -1
                                          : compare_term(cursor->term, walk->at[0]->term->data,
                                                         walk->at[0]->term->len);
        if (order < 0)
            walk->rows.count = 0;
        if (order <= 0)
            walk->at[walk->rows.count++] = cursor;
    }
    for (guint i = 0; i < walk->rows.count; i++)
        walk->at[i]->is_due = TRUE;
    walk->term = walk->rows.count > 0 ? walk->at[0]->term : NULL;
    return walk->term ? STEP_HERE : STEP_END;
}

void walk_term(const TermWalk *walk, GString *text)
{
    g_string_truncate(text, 0);
    g_string_append_len(text, (const char *)walk->term->data + 1, walk->term->len - 1);
}

gboolean walk_bytes(TermWalk *walk, guint64 *ret_bytes, GError **error)
{
    *ret_bytes = 0;
    for (guint i = 0; i < walk->open; i++) {
        SegmentCursor *cursor = &walk->cursors[i];
        if (!cursor->is_due || cursor->is_over)
            continue;
        if (cursor_skip_rows(cursor, error) == STEP_FAILED)
            return FALSE;
        *ret_bytes += cursor->bytes;
    }
    return TRUE;
}

void walk_release(TermWalk *walk)
{
    release_cursors(walk->cursors, walk->open);
    g_free(walk->at);
    g_free(walk->prefix);
    *walk = (TermWalk){0};
}
