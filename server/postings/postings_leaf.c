/* See postings_private.h. The bytes of a leaf: numbers, head and footer, position lists.
 *
 * Numbers are SQLite's varints: seven bits a byte, the high ones first, all bytes but the last with
 * their top bit set. So a stretch of them holds as many numbers as it has bytes below 0x80, and a
 * list can be counted many bytes at a time. A position list is the positions of column 0, then for
 * each further column that has any a byte 0x01, its number, and its positions; each position is
 * written as its distance from the one before in the same column, plus 2, which leaves 0x01 free.
 * No position can be written as 0x01, but the last byte of a longer number can look like it. */
#include "postings_private.h"

#include <string.h>

#include "../../indexer/archive.h"

enum {
    LEAF_HEAD = 4,       /* two numbers of 16 bits, the high byte first */
    VARINT_BYTES = 9,    /* the ninth gives all of its eight bits */
    STEP_BYTES_MOST = 5, /* of a number up to G_MAXINT; a ninth byte would be counted otherwise */
    COLUMN_SWITCH = 0x01,
    BLOCK = 16,          /* bytes counted at a time */
    BLOCKS_SUMMED = 255, /* more would overflow the counter of a byte */
};

gboolean postings_damaged(const char *what, GError **error)
{
    g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED, "the index is damaged: %s", what);
    return FALSE;
}

/* Numbers */

guint varint_read_long(const guint8 *bytes, gsize size, guint64 *ret_value)
{
    guint64 value = 0;
    for (guint i = 0; i < size && i < VARINT_BYTES; i++) {
        gboolean is_ninth = i == VARINT_BYTES - 1;
        value = is_ninth ? value << 8 | bytes[i] : value << 7 | (bytes[i] & 0x7f);
        if (is_ninth || bytes[i] < 0x80) {
            *ret_value = value;
            return i + 1;
        }
    }
    return 0;
}

guint varint_length(guint32 value)
{
    guint length = 1;
    while (value >>= 7)
        length++;
    return length;
}

guint varint_write(guint8 *bytes, guint32 value)
{
    guint length = varint_length(value);
    for (guint i = length; i > 0; i--, value >>= 7)
        bytes[i - 1] = (guint8)((value & 0x7f) | (i < length ? 0x80 : 0));
    return length;
}

void varint_append(GByteArray *bytes, guint32 value)
{
    guint8 digits[VARINT_BYTES];
    g_byte_array_append(bytes, digits, varint_write(digits, value));
}

/* Leaves */

static guint read_u16(const guint8 *bytes)
{
    return (guint)bytes[0] << 8 | bytes[1];
}

gboolean leaf_read(Leaf *leaf, const void *bytes, gsize total, guint page)
{
    if (total < LEAF_HEAD || total > G_MAXINT)
        return FALSE;
    *leaf = (Leaf){.bytes = bytes, .total = (guint)total, .page = page};
    leaf->first_row = read_u16(leaf->bytes);
    leaf->size = read_u16(leaf->bytes + 2);
    if (leaf->size < LEAF_HEAD || leaf->size > total)
        return FALSE;
    leaf->first_term = leaf->size;
    guint64 first = 0;
    if (leaf->size < leaf->total) {
        if (!varint_read(leaf->bytes + leaf->size, leaf->total - leaf->size, &first) ||
            first < LEAF_HEAD || first >= leaf->size)
            return FALSE;
        leaf->first_term = (guint)first;
    }
    return leaf->first_row == 0 ||
           (leaf->first_row >= LEAF_HEAD && leaf->first_row < leaf->first_term);
}

/* Counting positions */

typedef gint8 Block __attribute__((vector_size(BLOCK)));
typedef guint8 Counters __attribute__((vector_size(BLOCK)));

static guint32 counters_sum(Counters counters)
{
    guint32 sum = 0;
    for (int i = 0; i < BLOCK; i++)
        sum += counters[i];
    return sum;
}

/* Numbers that end in so many blocks, at most BLOCKS_SUMMED; `*has_one` becomes TRUE when a byte of
 * them is COLUMN_SWITCH. A comparison gives -1 for each byte that is so. */
static guint32 count_blocks(const guint8 *bytes, gsize blocks, gboolean *has_one)
{
    Counters ends = {0};
    Block ones = {0};
    for (gsize i = 0; i < blocks; i++) {
        Block block;
        memcpy(&block, bytes + i * BLOCK, BLOCK);
        ends -= (Counters)(block >= 0);
        ones |= block == COLUMN_SWITCH;
    }
    guint64 any[BLOCK / sizeof(guint64)];
    memcpy(any, &ones, BLOCK);
    *has_one |= (any[0] | any[1]) != 0;
    return counters_sum(ends);
}

/* The same of all bytes. */
static guint32 count_ends(const guint8 *bytes, gsize size, gboolean *has_one)
{
    guint32 count = 0;
    while (size >= BLOCK) {
        gsize blocks = MIN(size / BLOCK, BLOCKS_SUMMED);
        count += count_blocks(bytes, blocks, has_one);
        bytes += blocks * BLOCK;
        size -= blocks * BLOCK;
    }
    for (gsize i = 0; i < size; i++) {
        count += bytes[i] < 0x80;
        *has_one |= bytes[i] == COLUMN_SWITCH;
    }
    return count;
}

/* Length of the positions up to the next column's, or the end. */
static gsize column_length(const guint8 *bytes, gsize size)
{
    const guint8 *at = bytes, *end = bytes + size;
    while (at < end && (at = memchr(at, COLUMN_SWITCH, (gsize)(end - at)))) {
        if (at == bytes || at[-1] < 0x80)
            return (gsize)(at - bytes);
        at++;
    }
    return size;
}

/* Counts the positions up to the next column's, or the end; returns their length. */
static gsize count_column(const guint8 *bytes, gsize size, guint32 *ret_count)
{
    gboolean has_one = FALSE, has_none = FALSE;
    *ret_count = 0;
    if (size > 0 && bytes[0] == COLUMN_SWITCH)
        return 0;
    *ret_count = count_ends(bytes, size, &has_one);
    gsize length = has_one ? column_length(bytes, size) : size;
    if (length < size)
        *ret_count = count_ends(bytes, length, &has_none);
    return length;
}

/* Steps over a column switch at `*at`; FALSE when it leads nowhere. */
static gboolean switch_column(Positions places, gsize *at, guint *column)
{
    if (places.size - *at < 3 || places.bytes[*at + 1] <= *column ||
        places.bytes[*at + 1] >= POSTING_COLUMNS)
        return FALSE;
    *column = places.bytes[*at + 1];
    *at += 2;
    return TRUE;
}

/* Of few positions, which most lists have, of the first column alone. FALSE: it is another list. */
static inline gboolean count_few(Positions places, guint32 *ret_count)
{
    guint32 count = 0;
    gboolean has_one = FALSE;
    if (places.size > BLOCK)
        return FALSE;
    for (gsize i = 0; i < places.size; i++) {
        count += places.bytes[i] < 0x80;
        has_one |= places.bytes[i] == COLUMN_SWITCH;
    }
    *ret_count = count;
    return !has_one;
}

gboolean positions_count(Positions places, guint32 ret_counts[POSTING_COLUMNS])
{
    guint column = 0;
    gsize at = 0;
    memset(ret_counts, 0, POSTING_COLUMNS * sizeof *ret_counts);
    if (places.size == 0 || count_few(places, &ret_counts[0]))
        return TRUE;
    for (;;) {
        at += count_column(places.bytes + at, places.size - at, &ret_counts[column]);
        if (at == places.size)
            return TRUE;
        if (!switch_column(places, &at, &column))
            return FALSE;
    }
}

gboolean positions_split(Positions places, Positions ret_columns[POSTING_COLUMNS])
{
    guint column = 0;
    gsize at = 0;
    memset(ret_columns, 0, POSTING_COLUMNS * sizeof *ret_columns);
    if (places.size == 0)
        return TRUE;
    for (;;) {
        gsize length = column_length(places.bytes + at, places.size - at);
        ret_columns[column] = (Positions){places.bytes + at, length};
        at += length;
        if (at == places.size)
            return TRUE;
        if (!switch_column(places, &at, &column))
            return FALSE;
    }
}

/* Reading and writing positions */

gboolean positions_decode(Positions column, GArray *positions)
{
    guint count = positions->len;
    gint64 position = 0;
    /* A position takes a byte at least. */
    g_array_set_size(positions, count + (guint)column.size);
    guint32 *values = (guint32 *)(void *)positions->data;
    for (gsize at = 0; at < column.size;) {
        guint64 step = 0;
        guint length = varint_read(column.bytes + at, column.size - at, &step);
        position += (gint64)step - 2;
        if (length == 0 || length > STEP_BYTES_MOST || step < 2 || step > G_MAXINT ||
            position > G_MAXINT)
            return FALSE;
        values[count++] = (guint32)position;
        at += length;
    }
    g_array_set_size(positions, count);
    return TRUE;
}

void positions_append(GByteArray *bytes, guint *column, guint new_column, const guint32 *positions,
                      guint count)
{
    if (count == 0)
        return;
    if (new_column != *column) {
        const guint8 change[] = {COLUMN_SWITCH, (guint8)new_column};
        g_byte_array_append(bytes, change, sizeof change);
        *column = new_column;
    }
    guint32 last = 0;
    guint length = bytes->len;
    g_byte_array_set_size(bytes, length + count * VARINT_BYTES);
    for (guint i = 0; i < count; i++) {
        length += varint_write(bytes->data + length, positions[i] - last + 2);
        last = positions[i];
    }
    g_byte_array_set_size(bytes, length);
}
