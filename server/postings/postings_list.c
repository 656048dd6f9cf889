/* See postings_private.h. Lists: what is kept of a phrase, and reading that of an index term.
 *
 * A list has three arrays by row. Its positions are kept beside them while they are few; of a long
 * list only landings are kept, places at which its leaves can be entered, and each row that is
 * asked for is read again. */
#include "postings_private.h"

#include <string.h>

enum {
    ROWS_AT_FIRST = 16,
    PLACES_KEPT_BYTES = 32 * 1024, /* of positions kept with one list */
    LEAF_ROWS = 128,               /* taken at a time */
};

KeptList *kept_new(const char *phrase, gboolean is_prefix)
{
    KeptList *kept = g_new0(KeptList, 1);
    kept->phrase = g_strdup(phrase);
    kept->is_prefix = is_prefix;
    kept->places = g_byte_array_new();
    return kept;
}

static void free_landings(KeptList *kept)
{
    for (guint i = 0; kept->landings && i < kept->segments; i++)
        g_clear_pointer(&kept->landings[i], g_array_unref);
    g_clear_pointer(&kept->landings, g_free);
    g_clear_pointer(&kept->origins, g_free);
}

static void free_places(KeptList *kept)
{
    g_clear_pointer(&kept->places, g_byte_array_unref);
    g_clear_pointer(&kept->starts, g_free);
}

void kept_free(KeptList *kept)
{
    if (!kept)
        return;
    free_landings(kept);
    free_places(kept);
    cursor_release(&kept->resume);
    g_clear_pointer(&kept->joined, g_byte_array_unref);
    g_free(kept->rows);
    g_free(kept->text);
    g_free(kept->title);
    if (kept->forms)
        g_ptr_array_unref(kept->forms);
    g_free(kept->phrase);
    g_free(kept);
}

gsize kept_bytes(const KeptList *kept)
{
    gsize row_bytes = sizeof *kept->rows + sizeof *kept->text + sizeof *kept->title;
    gsize bytes = sizeof *kept + strlen(kept->phrase) + kept->allocated * row_bytes;
    if (kept->places)
        bytes += kept->places->len + (kept->allocated + 1) * sizeof *kept->starts;
    if (kept->origins)
        bytes += kept->allocated * sizeof *kept->origins;
    for (guint i = 0; kept->landings && i < kept->segments; i++)
        if (kept->landings[i])
            bytes += kept->landings[i]->len * sizeof(Landing);
    return bytes;
}

static void kept_allocate(KeptList *kept, guint count)
{
    kept->allocated = count;
    kept->rows = g_renew(guint32, kept->rows, count);
    kept->text = g_renew(guint16, kept->text, count);
    kept->title = g_renew(guint8, kept->title, count);
    if (kept->places)
        kept->starts = g_renew(guint32, kept->starts, count + 1);
    if (kept->landings && kept->segments > 1)
        kept->origins = g_renew(guint16, kept->origins, count);
}

void kept_add(KeptList *kept, guint32 row, const guint32 counts[POSTING_COLUMNS])
{
    guint i = kept->list.count++;
    if (i == kept->allocated)
        kept_allocate(kept, MAX(ROWS_AT_FIRST, 2 * i));
    kept->rows[i] = row;
    kept->text[i] = (guint16)MIN(counts[COLUMN_OF_TEXT], G_MAXUINT16);
    kept->title[i] = (guint8)MIN(counts[COLUMN_OF_TITLE], G_MAXUINT8);
}

void kept_add_places(KeptList *kept, Positions places)
{
    if (!kept->places)
        return;
    if (kept->places->len + places.size > PLACES_KEPT_BYTES) {
        free_places(kept);
        return;
    }
    kept->starts[kept->list.count - 1] = kept->places->len;
    g_byte_array_append(kept->places, places.bytes, (guint)places.size);
}

void kept_finish(KeptList *kept)
{
    guint count = kept->list.count;
    if (kept->places)
        free_landings(kept);
    kept_allocate(kept, count);
    if (kept->places)
        kept->starts[count] = kept->places->len;
    kept->list.rows = kept->rows;
    kept->list.text = kept->text;
    kept->list.title = kept->title;
}

/* Looks in steps that double from where the row asked for last was: rows are asked for in ascending
 * order mostly. */
gint kept_index(KeptList *kept, guint32 row)
{
    guint count = kept->list.count;
    guint low = kept->hint < count && kept->rows[kept->hint] <= row ? kept->hint : 0;
    guint step = 1;
    while (low + step < count && kept->rows[low + step] <= row) {
        low += step;
        step *= 2;
    }
    guint high = MIN(count, low + step);
    while (high - low > 1) {
        guint middle = low + (high - low) / 2;
        if (kept->rows[middle] <= row)
            low = middle;
        else
            high = middle;
    }
    kept->hint = low;
    return low < count && kept->rows[low] == row ? (gint)low : -1;
}

/* Index terms */

static void add_landing(KeptList *kept, guint segment, Landing landing)
{
    if (!kept->landings[segment])
        kept->landings[segment] = g_array_new(FALSE, FALSE, sizeof(Landing));
    g_array_append_val(kept->landings[segment], landing);
}

/* Where each segment's rows begin, whichever row it be: it may be one that a newer segment hides.
 */
static void add_first_landings(KeptList *kept, const RowMerge *rows, const SegmentCursor *cursors)
{
    for (guint i = 0; i < rows->count; i++) {
        const SegmentCursor *cursor = rows->cursors[i];
        Landing landing = {0, cursor->leaf.page, cursor->at};
        add_landing(kept, (guint)(cursor - cursors), landing);
    }
}

static void set_origin(KeptList *kept, guint segment)
{
    if (kept->origins)
        kept->origins[kept->list.count - 1] = (guint16)segment;
}

static void add_origin(KeptList *kept, const RowMerge *rows, const SegmentCursor *cursors)
{
    const SegmentCursor *from = rows->from;
    guint segment = (guint)(from - cursors);
    Landing landing = {from->row, from->row_page, from->row_offset};
    set_origin(kept, segment);
    if (from->is_landing)
        add_landing(kept, segment, landing);
}

static gboolean add_row(KeptList *kept, guint32 row, Positions places, GError **error)
{
    guint32 counts[POSTING_COLUMNS];
    if (!positions_count(places, counts))
        return postings_damaged("a position list", error);
    kept_add(kept, row, counts);
    kept_add_places(kept, places);
    return TRUE;
}

/* The rows that follow at once. */
static gboolean read_leaf_rows(KeptList *kept, RowMerge *rows, const SegmentCursor *cursors,
                               GError **error)
{
    LeafRow taken[LEAF_ROWS];
    guint count;
    while ((count = merge_take(rows, taken, LEAF_ROWS)) > 0)
        for (guint i = 0; i < count; i++) {
            if (!add_row(kept, taken[i].row, taken[i].places, error))
                return FALSE;
            set_origin(kept, (guint)(rows->from - cursors));
        }
    return TRUE;
}

gboolean list_read_rows(Postings *postings, KeptList *kept, RowMerge *rows,
                        const SegmentCursor *cursors, GError **error)
{
    Step step;
    kept->segments = postings->segments->len;
    kept->landings = g_new0(GArray *, kept->segments);
    add_first_landings(kept, rows, cursors);
    while ((step = merge_next(rows, error)) == STEP_HERE) {
        if (!add_row(kept, rows->row, rows->places, error))
            return FALSE;
        add_origin(kept, rows, cursors);
        if (!read_leaf_rows(kept, rows, cursors, error))
            return FALSE;
        if (deadline_step(&postings->deadline))
            return TRUE;
    }
    return step == STEP_END;
}

gboolean list_read_term(Postings *postings, KeptList *kept, GError **error)
{
    TermRows term = {0};
    gboolean is_read = term_open(&term, postings, kept->phrase, strlen(kept->phrase), error) &&
                       list_read_rows(postings, kept, &term.rows, term.cursors, error);
    term_release(&term);
    return is_read;
}

/* Positions */

/* The last one that is not after the row; the first is before any. */
static const Landing *find_landing(const GArray *landings, guint32 row)
{
    guint low = 0, high = landings->len;
    while (high - low > 1) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(landings, Landing, middle).row <= row)
            low = middle;
        else
            high = middle;
    }
    return &g_array_index(landings, Landing, low);
}

/* Whether the cursor stands at the row, or before it on the way from the landing. */
static gboolean is_on_way(const SegmentCursor *cursor, const Segment *segment,
                          const Landing *landing, guint32 row)
{
    return cursor->row_page > 0 && cursor->segment.id == segment->id && cursor->row <= row &&
           (cursor->row >= landing->row || cursor->leaf.page == landing->page);
}

/* Moves on to the row, which the cursor's segment must have. */
static gboolean seek_row(SegmentCursor *cursor, guint32 row, GError **error)
{
    Step step = STEP_HERE;
    while (step == STEP_HERE && (cursor->row_page == 0 || cursor->row < row))
        step = cursor_next_row(cursor, error);
    if (step == STEP_FAILED)
        return FALSE;
    return (step == STEP_HERE && cursor->row == row) || postings_damaged("a row is gone", error);
}

/* Reads a row of a long list again, from where the one before was when that is near. */
static gboolean read_again(Postings *postings, KeptList *kept, guint index, Positions *ret_places,
                           GError **error)
{
    guint32 row = kept->rows[index];
    guint origin = kept->origins ? kept->origins[index] : 0;
    const Segment *segment = &g_array_index(postings->segments, Segment, origin);
    const Landing *landing = find_landing(kept->landings[origin], row);
    SegmentCursor *cursor = &kept->resume;
    gboolean is_read = (is_on_way(cursor, segment, landing, row) ||
                        cursor_open_row(cursor, postings, segment, landing->page, landing->offset,
                                        error) == STEP_HERE) &&
                       seek_row(cursor, row, error);
    if (is_read) {
        cursor_detach(cursor);
        *ret_places = cursor->places;
    } else {
        cursor_release(cursor);
        *cursor = (SegmentCursor){0};
    }
    return is_read;
}

gboolean kept_places(Postings *postings, KeptList *kept, guint index, Positions *ret_places,
                     GError **error)
{
    if (kept->forms)
        return forms_places(postings, kept, index, ret_places, error);
    if (kept->landings)
        return read_again(postings, kept, index, ret_places, error);
    if (!kept->places)
        return kept->is_prefix && !strchr(kept->phrase, ' ')
                   ? prefix_places(postings, kept, index, ret_places, error)
                   : phrase_places(postings, kept, index, ret_places, error);
    guint32 start = kept->starts[index];
    const guint8 *data =
        kept->places->data; /* NULL when the time was up before the first of them */
    *ret_places = (Positions){start > 0 ? data + start : data, kept->starts[index + 1] - start};
    return !kept->is_parted || prefix_join_places(kept, ret_places, error);
}
