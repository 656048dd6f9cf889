/* See postings_private.h. Prefixes: one list for all words, or terms of the catalogue, that begin
 * alike.
 *
 * The terms of words begin with their stems (stems.h), so that those of the words sought are among
 * the terms that begin with what such a word and its stem share. They stand one after the other,
 * each with few rows, so one walk over them adds up what each row has, in a table over all rows.
 * Positions are not kept from that walk, since most questions never ask for them: the first time
 * that some are asked for, a second walk copies each term's list to its row, and the lists of a row
 * are joined when it is asked for. */
#include "postings_private.h"

#include <string.h>

#include "../../indexer/stems.h"

enum {
    BLOCK_SHIFT = 12, /* a block is so many rows that few allocations serve most archives */
    BLOCK_ROWS = 1 << BLOCK_SHIFT,
    BLOCKS = POSTINGS_ROWS / BLOCK_ROWS,
    LEAF_ROWS = 64,                     /* taken at a time */
    PARTS_KEPT_BYTES = 8 * 1024 * 1024, /* of positions copied to their rows */
};

typedef struct {
    guint32 numbers[POSTING_COLUMNS];
} Cell;

/* In blocks, so that a row far beyond the others costs no more. */
struct RowTable {
    Cell *blocks[BLOCKS];
};

RowTable *row_table_new(void)
{
    return g_new0(RowTable, 1);
}

void row_table_free(RowTable *table)
{
    for (int i = 0; i < BLOCKS; i++)
        g_free(table->blocks[i]);
    g_free(table);
}

guint32 *row_table_numbers(RowTable *table, guint32 row)
{
    Cell **block = &table->blocks[row >> BLOCK_SHIFT];
    if (!*block)
        *block = g_new0(Cell, BLOCK_ROWS);
    return (*block)[row % BLOCK_ROWS].numbers;
}

void row_table_list(const RowTable *table, KeptList *kept)
{
    for (guint32 row = 0; row < POSTINGS_ROWS; row++) {
        const Cell *block = table->blocks[row >> BLOCK_SHIFT];
        if (!block) {
            row |= BLOCK_ROWS - 1;
            continue;
        }
        const guint32 *numbers = block[row % BLOCK_ROWS].numbers;
        guint32 any = 0;
        for (int i = 0; i < POSTING_COLUMNS; i++)
            any |= numbers[i];
        if (any)
            kept_add(kept, row, numbers);
    }
}

typedef gboolean (*RowVisit)(guint32 row, Positions places, gpointer data, GError **error);

static Deadline *deadline_of(TermWalk *walk)
{
    return &walk->cursors[0].postings->deadline;
}

static gboolean visit_leaf_rows(TermWalk *walk, RowVisit visit, gpointer data, GError **error)
{
    LeafRow rows[LEAF_ROWS];
    guint count;
    while ((count = merge_take(&walk->rows, rows, LEAF_ROWS)) > 0)
        for (guint i = 0; i < count; i++)
            if (!visit(rows[i].row, rows[i].places, data, error))
                return FALSE;
    return TRUE;
}

/* Terms among which those sought are. */
typedef struct {
    const char *beginning; /* of terms */
    gsize length;
    const char *prefix; /* of the words sought; NULL: all terms are */
} Scan;

/* Whether the stem alone, after its sign of the index and its language, begins so. */
static gboolean begins_with_word(const Scan *scan, const GByteArray *term)
{
    gsize length = strlen(scan->prefix);
    return term->len >= 1 + STEM_PREFIX_BYTES + length &&
           memcmp(term->data + 1 + STEM_PREFIX_BYTES, scan->prefix, length) == 0;
}

static gboolean is_sought(const Scan *scan, const TermWalk *walk, GString *term, GString *word)
{
    const guint8 *whole = memchr(walk->term->data, STEM_WHOLE, walk->term->len);
    if (!scan->prefix || (!whole && begins_with_word(scan, walk->term)))
        return TRUE;
    walk_term(walk, term);
    g_string_truncate(word, 0);
    stems_append_word(word, term->str);
    return g_str_has_prefix(word->str, scan->prefix);
}

static gboolean visit_terms(const Scan *scan, TermWalk *walk, RowVisit visit, gpointer data,
                            GError **error)
{
    Step step, row_step;
    g_autoptr(GString) term = g_string_new(NULL);
    g_autoptr(GString) word = g_string_new(NULL);
    while ((step = walk_next(walk, error)) == STEP_HERE) {
        if (deadline_step(deadline_of(walk)))
            return TRUE;
        if (!is_sought(scan, walk, term, word))
            continue;
        while ((row_step = merge_next(&walk->rows, error)) == STEP_HERE)
            if (!visit(walk->rows.row, walk->rows.places, data, error) ||
                !visit_leaf_rows(walk, visit, data, error))
                return FALSE;
            else if (deadline_step(deadline_of(walk)))
                return TRUE;
        if (row_step == STEP_FAILED)
            return FALSE;
    }
    return step == STEP_END;
}

static gboolean visit_scan(Postings *postings, const Scan *scan, RowVisit visit, gpointer data,
                           GError **error)
{
    TermWalk walk = {0};
    gboolean is_done = walk_open(&walk, postings, scan->beginning, scan->length, error) &&
                       visit_terms(scan, &walk, visit, data, error);
    walk_release(&walk);
    return is_done;
}

/* How much of a word's beginning its stem is sure to begin with, in bytes. */
static gsize shared_with_stems(const char *prefix)
{
    gsize length = strlen(prefix);
    gsize least = MIN(length, (gsize)STEM_SHARED_BYTES - 1);
    return CLAMP(length - 1, least, STEM_SHARED_BYTES);
}

/* Visits each term's rows; a row comes as often as it has terms with the prefix. */
static gboolean visit_rows(Postings *postings, const char *prefix, RowVisit visit, gpointer data,
                           GError **error)
{
    static const char *const LANGUAGES[] = {"i:", "e:", "o:"};
    Scan plain = {prefix, strlen(prefix), NULL};
    if (!visit_scan(postings, &plain, visit, data, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(LANGUAGES) && !strchr(prefix, ':'); i++) {
        g_autoptr(GString) beginning = g_string_new(LANGUAGES[i]);
        g_string_append_len(beginning, prefix, (gssize)shared_with_stems(prefix));
        Scan words = {beginning->str, beginning->len, prefix};
        if (!visit_scan(postings, &words, visit, data, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean visit_counts(guint32 row, Positions places, gpointer data, GError **error)
{
    guint32 counts[POSTING_COLUMNS];
    if (!positions_count(places, counts))
        return postings_damaged("a position list", error);
    guint32 *numbers = row_table_numbers(data, row);
    for (int i = 0; i < POSTING_COLUMNS; i++)
        numbers[i] += counts[i];
    return TRUE;
}

gboolean list_read_prefix(Postings *postings, KeptList *kept, GError **error)
{
    g_autoptr(RowTable) sums = row_table_new();
    g_clear_pointer(&kept->places, g_byte_array_unref);
    if (!visit_rows(postings, kept->phrase, visit_counts, sums, error))
        return FALSE;
    row_table_list(sums, kept);
    return TRUE;
}

/* Positions */

/* A list of one term, as the second walk meets it. */
typedef struct {
    guint32 index; /* of the row */
    guint32 size;
} Part;

typedef struct {
    RowTable *indexes; /* the first number: of the row in the list, plus 1 */
    GByteArray *bytes; /* of the parts, one after the other */
    GArray *parts;     /* Part */
    gboolean is_too_long;
    gboolean is_cut; /* rows may have no index */
} Gathering;

static gboolean visit_gather(guint32 row, Positions places, gpointer data, GError **error)
{
    Gathering *gathering = data;
    guint32 index = row_table_numbers(gathering->indexes, row)[0];
    if (index == 0)
        return gathering->is_cut || postings_damaged("a row that was not there before", error);
    if (gathering->bytes->len + places.size > PARTS_KEPT_BYTES)
        gathering->is_too_long = TRUE;
    if (gathering->is_too_long)
        return TRUE;
    Part part = {index - 1, (guint32)places.size};
    g_array_append_val(gathering->parts, part);
    g_byte_array_append(gathering->bytes, places.bytes, part.size);
    return TRUE;
}

/* Sets starts[] from the sizes of the parts; returns the sum. */
static guint32 sum_starts(KeptList *kept, const GArray *parts)
{
    guint count = kept->list.count;
    kept->starts = g_renew(guint32, kept->starts, count + 1);
    memset(kept->starts, 0, (count + 1) * sizeof *kept->starts);
    for (guint i = 0; i < parts->len; i++) {
        const Part *part = &g_array_index(parts, Part, i);
        kept->starts[part->index] += part->size + varint_length(part->size);
    }
    guint32 sum = 0;
    for (guint i = 0; i <= count; i++) {
        guint32 size = kept->starts[i];
        kept->starts[i] = sum;
        sum += size;
    }
    return sum;
}

/* Copies each part to its row, behind those of the row that are there already. */
static void sort_parts(KeptList *kept, const Gathering *gathering)
{
    guint32 sum = sum_starts(kept, gathering->parts);
    kept->places = g_byte_array_sized_new(sum);
    g_byte_array_set_size(kept->places, sum);
    g_autofree guint32 *ends = g_memdup2(kept->starts, kept->list.count * sizeof *kept->starts);
    const guint8 *from = gathering->bytes->data;
    for (guint i = 0; i < gathering->parts->len; i++) {
        const Part *part = &g_array_index(gathering->parts, Part, i);
        guint8 *to = kept->places->data + ends[part->index];
        guint length = varint_write(to, part->size);
        memcpy(to + length, from, part->size);
        ends[part->index] += length + part->size;
        from += part->size;
    }
    kept->is_parted = TRUE;
}

static RowTable *index_rows(const KeptList *kept)
{
    RowTable *indexes = row_table_new();
    for (guint i = 0; i < kept->list.count; i++)
        row_table_numbers(indexes, kept->rows[i])[0] = i + 1;
    return indexes;
}

static gboolean gather(Postings *postings, KeptList *kept, gboolean *ret_is_too_long,
                       GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(Part));
    g_autoptr(RowTable) indexes = index_rows(kept);
    Gathering gathering = {indexes, bytes, parts, FALSE, kept->list.is_cut};
    if (!visit_rows(postings, kept->phrase, visit_gather, &gathering, error))
        return FALSE;
    if (!gathering.is_too_long)
        sort_parts(kept, &gathering);
    *ret_is_too_long = gathering.is_too_long;
    return TRUE;
}

static int compare_positions(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
    return (x > y) - (x < y);
}

/* Appends the positions of one column of all parts. */
static gboolean decode_parts(Positions parts, guint column, GArray *positions)
{
    while (parts.size > 0) {
        guint64 size = 0;
        Positions columns[POSTING_COLUMNS];
        guint length = varint_read(parts.bytes, parts.size, &size);
        if (length == 0 || size > parts.size - length ||
            !positions_split((Positions){parts.bytes + length, size}, columns) ||
            !positions_decode(columns[column], positions))
            return FALSE;
        parts.bytes += length + size;
        parts.size -= length + size;
    }
    return TRUE;
}

static void sort_unique(GArray *positions)
{
    guint32 *values = (guint32 *)(void *)positions->data;
    guint count = 0;
    g_array_sort(positions, compare_positions);
    for (guint i = 0; i < positions->len; i++)
        if (i == 0 || values[i] != values[i - 1])
            values[count++] = values[i];
    g_array_set_size(positions, count);
}

gboolean prefix_join_places(KeptList *kept, Positions *places, GError **error)
{
    g_autoptr(GArray) positions = g_array_new(FALSE, FALSE, sizeof(guint32));
    guint last = 0;
    if (!kept->joined)
        kept->joined = g_byte_array_new();
    g_byte_array_set_size(kept->joined, 0);
    for (guint column = 0; column < POSTING_COLUMNS; column++) {
        g_array_set_size(positions, 0);
        if (!decode_parts(*places, column, positions))
            return postings_damaged("a position list", error);
        sort_unique(positions);
        positions_append(kept->joined, &last, column, (const guint32 *)(void *)positions->data,
                         positions->len);
    }
    *places = (Positions){kept->joined->data, kept->joined->len};
    return TRUE;
}

/* The parts of one row of a list that is too long for keeping them all. */
typedef struct {
    guint32 row;
    GByteArray *parts;
} OneRow;

static gboolean visit_one(guint32 row, Positions places, gpointer data, GError **error)
{
    (void)error;
    OneRow *one = data;
    if (row == one->row) {
        varint_append(one->parts, (guint32)places.size);
        g_byte_array_append(one->parts, places.bytes, (guint)places.size);
    }
    return TRUE;
}

gboolean prefix_places(Postings *postings, KeptList *kept, guint index, Positions *ret_places,
                       GError **error)
{
    gboolean is_too_long = kept->is_parted;
    if (!is_too_long && !gather(postings, kept, &is_too_long, error))
        return FALSE;
    kept->is_parted = TRUE;
    postings_judge(postings, kept);
    postings_account(postings, kept);
    if (!is_too_long)
        return kept_places(postings, kept, index, ret_places, error);
    g_autoptr(GByteArray) parts = g_byte_array_new();
    OneRow one = {kept->rows[index], parts};
    if (!visit_rows(postings, kept->phrase, visit_one, &one, error))
        return FALSE;
    *ret_places = (Positions){parts->data, parts->len};
    return prefix_join_places(kept, ret_places, error);
}
