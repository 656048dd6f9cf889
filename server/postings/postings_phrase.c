/* See postings_private.h. Phrases: several index terms at following positions of one column.
 *
 * The terms' rows are read side by side, each jumping to the greatest row that another has reached.
 * In a row that has them all, one term marks in an array, byte by position, where the phrase would
 * begin for it; another term's positions are looked up there, and what is found is looked up in the
 * marks of each further term. Each use of the array has a number of its own, so it need not be
 * cleared in between. */
#include "postings_private.h"

#include <string.h>

enum {
    MARKS_AT_FIRST = 1 << 14,
    MARKS_MAX = 1 << 27, /* words of one document: more than there is room for (indexer/limits.h) */
    MARK_LAST = G_MAXUINT8,
    ROWS_LOOKED_UP = 64, /* one by one; reading all rows of the terms takes as long for more */
};

/* A term of a phrase, and where it is: from its list, or, read side by side with the others, from
 * the index terms that it stands for. */
typedef struct {
    KeptList *list;
    guint at;        /* index in it */
    TermRows *terms; /* instead */
    guint term_count;
    guint32 row;
    Positions *parts; /* its places in the present row, of each index term that has some */
    guint part_count;
    Positions (*columns)[POSTING_COLUMNS]; /* of each part */
} Source;

typedef struct {
    guint count;
    Source *sources;
    guint *order; /* sources, the fewest positions first */
    guint8 *marks;
    guint marks_size;
    guint8 mark; /* the number last used */
    guint32 *found;
    gsize found_size;
    GByteArray *places; /* of the phrase in the present row */
} Matcher;

static void source_release(Source *source)
{
    for (guint i = 0; i < source->term_count; i++)
        term_release(&source->terms[i]);
    g_free(source->terms);
    g_free(source->parts);
    g_free(source->columns);
}

/* Makes room for the places of so many index terms. */
static void source_set_parts(Source *source, guint parts)
{
    source->parts = g_new0(Positions, parts + 1);
    source->columns = g_malloc0_n(parts + 1, sizeof *source->columns);
}

static void matcher_release(Matcher *matcher)
{
    for (guint i = 0; matcher->sources && i < matcher->count; i++)
        source_release(&matcher->sources[i]);
    g_free(matcher->sources);
    g_free(matcher->order);
    g_free(matcher->marks);
    g_free(matcher->found);
    g_clear_pointer(&matcher->places, g_byte_array_unref);
}

static void matcher_init(Matcher *matcher, guint count)
{
    *matcher = (Matcher){.count = count, .marks_size = MARKS_AT_FIRST};
    matcher->sources = g_new0(Source, count);
    matcher->order = g_new0(guint, count);
    matcher->marks = g_malloc0(MARKS_AT_FIRST);
    matcher->places = g_byte_array_new();
}

/* Marks */

static void next_mark(Matcher *matcher)
{
    if (matcher->mark == MARK_LAST) {
        memset(matcher->marks, 0, matcher->marks_size);
        matcher->mark = 0;
    }
    matcher->mark++;
}

/* Makes room for a position. FALSE when no document has so many. */
static gboolean grow_marks(Matcher *matcher, guint64 position)
{
    if (position >= MARKS_MAX)
        return FALSE;
    guint size = matcher->marks_size;
    while (size <= position)
        size *= 2;
    matcher->marks = g_realloc(matcher->marks, size);
    memset(matcher->marks + matcher->marks_size, 0, size - matcher->marks_size);
    matcher->marks_size = size;
    return TRUE;
}

/* Reading positions as beginnings of the phrase: for its `offset`-th term, so many words before.
 *
 * Nearly all steps are one byte. Up to eight of them are taken together, while they are single
 * bytes, and sound ones (2 and more), and cannot lead beyond the marks: then nothing else has to be
 * looked at for each of them. */

enum { STRIDE = 8, STRIDE_REACH = STRIDE * 0x7f };

/* How many of the next STRIDE steps can be taken together. */
static inline guint plain_steps(const guint8 *at, const guint8 *end)
{
    guint64 steps;
    if (end - at < STRIDE)
        return 0;
    memcpy(&steps, at, sizeof steps);
    steps = GUINT64_FROM_LE(steps);
    guint64 others = (steps | (steps - G_GUINT64_CONSTANT(0x0202020202020202))) &
                     G_GUINT64_CONSTANT(0x8080808080808080);
    return others ? (guint)__builtin_ctzll(others) / 8 : STRIDE;
}

/* Reads one step of any kind at `*at`. FALSE when it is damaged. */
static inline gboolean read_step(const guint8 **at, const guint8 *end, guint64 *begin)
{
    guint64 step = **at;
    guint length = 1;
    if (step >= 0x80 && end - *at > 1 && (*at)[1] < 0x80) {
        step = (step & 0x7f) << 7 | (*at)[1];
        length = 2;
    } else if (step >= 0x80) {
        length = varint_read(*at, (gsize)(end - *at), &step);
    }
    *begin += step - 2;
    *at += length;
    return length > 0 && step >= 2 && step <= G_MAXINT;
}

static inline guint64 mark_plain(guint8 *marks, guint8 mark, const guint8 *at, guint steps,
                                 guint64 begin)
{
    for (guint i = 0; i < steps; i++) {
        begin += (guint64)at[i] - 2;
        marks[begin] = mark;
    }
    return begin;
}

/* Marks where the phrase would begin for a term to stand where it does. A beginning before the text
 * is a great number, and not marked. */
static gboolean mark_part(Matcher *matcher, Positions column, guint offset)
{
    const guint8 *at = column.bytes, *end = positions_end(column);
    guint64 begin = 0 - (guint64)offset;
    while (at < end) {
        gboolean is_within = begin < matcher->marks_size - STRIDE_REACH;
        guint steps = is_within ? plain_steps(at, end) : 0;
        if (steps == STRIDE) { /* told apart for the compiler, which unrolls it */
            begin = mark_plain(matcher->marks, matcher->mark, at, STRIDE, begin);
            at += STRIDE;
            continue;
        }
        begin = mark_plain(matcher->marks, matcher->mark, at, steps, begin);
        at += steps;
        if (!read_step(&at, end, &begin))
            return FALSE;
        if (begin + offset < begin)
            continue;
        if (begin >= matcher->marks_size && !grow_marks(matcher, begin))
            return FALSE;
        matcher->marks[begin] = matcher->mark;
    }
    return TRUE;
}

static gboolean mark_source(Matcher *matcher, guint offset, guint column)
{
    const Source *source = &matcher->sources[offset];
    next_mark(matcher);
    for (guint i = 0; i < source->part_count; i++)
        if (!mark_part(matcher, source->columns[i][column], offset))
            return FALSE;
    return TRUE;
}

static inline guint64 find_plain(const Matcher *matcher, const guint8 *at, guint steps,
                                 guint64 begin, guint *count)
{
    const guint8 *marks = matcher->marks, mark = matcher->mark;
    guint32 *found = matcher->found;
    guint n = *count;
    for (guint i = 0; i < steps; i++) {
        begin += (guint64)at[i] - 2;
        found[n] = (guint32)begin;
        n += marks[begin] == mark;
    }
    *count = n;
    return begin;
}

/* Lists, after `*count` that there are, which of the marked beginnings a term agrees to. */
static gboolean find_in_part(const Matcher *matcher, Positions column, guint offset,
                             guint *ret_count)
{
    const guint8 *at = column.bytes, *end = positions_end(column);
    guint64 begin = 0 - (guint64)offset;
    guint count = *ret_count;
    while (at < end) {
        gboolean is_within = begin < matcher->marks_size - STRIDE_REACH;
        guint steps = is_within ? plain_steps(at, end) : 0;
        if (steps == STRIDE) {
            begin = find_plain(matcher, at, STRIDE, begin, &count);
            at += STRIDE;
            continue;
        }
        begin = find_plain(matcher, at, steps, begin, &count);
        at += steps;
        if (!read_step(&at, end, &begin))
            return FALSE;
        if (begin < matcher->marks_size && matcher->marks[begin] == matcher->mark)
            matcher->found[count++] = (guint32)begin;
    }
    *ret_count = count;
    return TRUE;
}

static int compare_beginnings(const void *a, const void *b)
{
    guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
    return (x > y) - (x < y);
}

static gboolean find_marked(const Matcher *matcher, guint offset, guint column, guint *ret_count)
{
    const Source *source = &matcher->sources[offset];
    *ret_count = 0;
    for (guint i = 0; i < source->part_count; i++)
        if (!find_in_part(matcher, source->columns[i][column], offset, ret_count))
            return FALSE;
    if (source->part_count > 1)
        qsort(matcher->found, *ret_count, sizeof *matcher->found, compare_beginnings);
    return TRUE;
}

/* Leaves of the beginnings that were found those that are marked. */
static guint keep_marked(const Matcher *matcher, guint count)
{
    guint kept = 0;
    for (guint i = 0; i < count; i++) {
        guint32 begin = matcher->found[i];
        matcher->found[kept] = begin;
        kept += matcher->marks[begin] == matcher->mark;
    }
    return kept;
}

static gsize source_size(const Source *source, guint column)
{
    gsize size = 0;
    for (guint i = 0; i < source->part_count; i++)
        size += source->columns[i][column].size;
    return size;
}

/* Terms of a phrase are few: they are put in order by insertion. */
static void order_sources(Matcher *matcher, guint column)
{
    for (guint i = 0; i < matcher->count; i++) {
        gsize size = source_size(&matcher->sources[i], column);
        guint j = i;
        for (; j > 0 && source_size(&matcher->sources[matcher->order[j - 1]], column) > size; j--)
            matcher->order[j] = matcher->order[j - 1];
        matcher->order[j] = i;
    }
}

/* Finds where the phrase begins in one column: found[], ascending. Marking a position costs less
 * than looking it up, so the term with the most is marked, that with the fewest looked up. */
static gboolean match_column(Matcher *matcher, guint column, guint *ret_count)
{
    order_sources(matcher, column);
    guint last = matcher->order[matcher->count - 1], first = matcher->order[0];
    gsize fewest = source_size(&matcher->sources[first], column);
    *ret_count = 0;
    if (fewest == 0)
        return TRUE;
    if (!matcher->found || fewest + 1 > matcher->found_size) {
        matcher->found_size = 2 * fewest + 1;
        matcher->found = g_renew(guint32, matcher->found, matcher->found_size);
    }
    if (!mark_source(matcher, last, column) || !find_marked(matcher, first, column, ret_count))
        return FALSE;
    for (guint i = 1; i < matcher->count - 1 && *ret_count > 0; i++) {
        guint source = matcher->order[i];
        if (!mark_source(matcher, source, column))
            return FALSE;
        *ret_count = keep_marked(matcher, *ret_count);
    }
    return TRUE;
}

static gboolean split_parts(Source *source)
{
    for (guint i = 0; i < source->part_count; i++)
        if (!positions_split(source->parts[i], source->columns[i]))
            return FALSE;
    return TRUE;
}

/* Sets the phrase's own places in the present row, of which all sources have places. */
static gboolean match_row(Matcher *matcher, guint32 ret_counts[POSTING_COLUMNS], GError **error)
{
    guint last = 0;
    g_byte_array_set_size(matcher->places, 0);
    for (guint i = 0; i < matcher->count; i++)
        if (!split_parts(&matcher->sources[i]))
            return postings_damaged("a position list", error);
    for (guint column = 0; column < POSTING_COLUMNS; column++) {
        if (!match_column(matcher, column, &ret_counts[column]))
            return postings_damaged("a position", error);
        positions_append(matcher->places, &last, column, matcher->found, ret_counts[column]);
    }
    return TRUE;
}

/* Rows */

/* Begins to read the index terms that a term of the phrase stands for. */
static gboolean open_terms(Postings *postings, Source *source, const char *text, GError **error)
{
    g_autoptr(GPtrArray) terms = forms_terms(postings, text, error);
    if (!terms)
        return FALSE;
    source->terms = g_new0(TermRows, terms->len + 1);
    source_set_parts(source, terms->len);
    for (; source->term_count < terms->len; source->term_count++) {
        const char *term = terms->pdata[source->term_count];
        TermRows *rows = &source->terms[source->term_count];
        if (!term_open(rows, postings, term, strlen(term), error)) {
            term_release(rows);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean open_list(Postings *postings, Source *source, const char *text, gboolean is_prefix,
                          GError **error)
{
    source->list = postings_kept(postings, text, is_prefix, error);
    source_set_parts(source, 1);
    return source->list != NULL;
}

/* Moves to the first row that is not before `row`. */
static Step seek_list(Source *source, guint32 row)
{
    const KeptList *list = source->list;
    while (source->at < list->list.count && list->rows[source->at] < row)
        source->at++;
    if (source->at == list->list.count)
        return STEP_END;
    source->row = list->rows[source->at];
    return STEP_HERE;
}

/* Moves an index term on; one without further rows is beyond all. */
static Step seek_term(RowMerge *rows, guint32 row, GError **error)
{
    Step step = STEP_HERE;
    while (step == STEP_HERE && (!rows->has_begun || rows->row < row))
        step = merge_next(rows, error);
    if (step == STEP_END)
        rows->row = POSTINGS_ROWS;
    return step;
}

static Step seek_terms(Source *source, guint32 row, GError **error)
{
    source->row = POSTINGS_ROWS;
    for (guint i = 0; i < source->term_count; i++) {
        RowMerge *rows = &source->terms[i].rows;
        if (seek_term(rows, row, error) == STEP_FAILED)
            return STEP_FAILED;
        source->row = MIN(source->row, rows->row);
    }
    return source->row < POSTINGS_ROWS ? STEP_HERE : STEP_END;
}

static Step seek_source(Source *source, guint32 row, GError **error)
{
    return source->list ? seek_list(source, row) : seek_terms(source, row, error);
}

/* Sets the parts of a source in its present row. */
static gboolean take_places(Postings *postings, Source *source, GError **error)
{
    source->part_count = 0;
    if (source->list)
        return kept_places(postings, source->list, source->at, &source->parts[source->part_count++],
                           error);
    for (guint i = 0; i < source->term_count; i++)
        if (source->terms[i].rows.row == source->row)
            source->parts[source->part_count++] = source->terms[i].rows.places;
    return TRUE;
}

/* Moves all sources to the first row from `row` on that they have in common. */
static Step seek_common(Matcher *matcher, guint32 *row, GError **error)
{
    for (guint i = 0, agreed = 0; agreed < matcher->count; i = (i + 1) % matcher->count) {
        Source *source = &matcher->sources[i];
        Step step = seek_source(source, *row, error);
        if (step != STEP_HERE)
            return step;
        agreed = source->row == *row ? agreed + 1 : 1;
        *row = source->row;
    }
    return STEP_HERE;
}

static gboolean add_row(Postings *postings, Matcher *matcher, KeptList *kept, guint32 row,
                        GError **error)
{
    guint32 counts[POSTING_COLUMNS];
    for (guint i = 0; i < matcher->count; i++)
        if (!take_places(postings, &matcher->sources[i], error))
            return FALSE;
    if (!match_row(matcher, counts, error))
        return FALSE;
    if (matcher->places->len == 0)
        return TRUE;
    kept_add(kept, row, counts);
    kept_add_places(kept, (Positions){matcher->places->data, matcher->places->len});
    return TRUE;
}

static gboolean read_rows(Postings *postings, Matcher *matcher, KeptList *kept, GError **error)
{
    Step step;
    for (guint32 row = 0; (step = seek_common(matcher, &row, error)) == STEP_HERE; row++)
        if (!add_row(postings, matcher, kept, row, error))
            return FALSE;
        else if (deadline_step(&postings->deadline))
            return TRUE;
    return step == STEP_END;
}

/* How many rows the sources have in common, or more than `most`. */
static guint count_common(const Matcher *matcher, guint most)
{
    guint found = 0;
    const KeptList *first = matcher->sources[0].list;
    for (guint i = 0; i < first->list.count && found <= most; i++) {
        guint having = 1;
        while (having < matcher->count &&
               kept_index(matcher->sources[having].list, first->rows[i]) >= 0)
            having++;
        found += having == matcher->count;
    }
    return found;
}

static gboolean open_lists(Postings *postings, Matcher *matcher, char **terms, gboolean is_prefix,
                           GError **error)
{
    for (guint i = 0; i < matcher->count; i++)
        if (!open_list(postings, &matcher->sources[i], terms[i],
                       is_prefix && i == matcher->count - 1, error))
            return FALSE;
    return TRUE;
}

/* Reads all from their index terms; a prefix, which has too many of them, from its list. */
static gboolean open_all_terms(Postings *postings, Matcher *matcher, char **terms,
                               gboolean is_prefix, GError **error)
{
    for (guint i = 0; i < matcher->count; i++) {
        Source *source = &matcher->sources[i];
        source_release(source);
        *source = (Source){0};
        if (is_prefix && i == matcher->count - 1
                ? !open_list(postings, source, terms[i], TRUE, error)
                : !open_terms(postings, source, terms[i], error))
            return FALSE;
    }
    return TRUE;
}

/* Stems are asked for again and again, as parts of other names; of words in their exact form the
 * lists are used when they are there. */
static gboolean are_lists_worth_it(Postings *postings, char **terms, gboolean is_prefix)
{
    for (guint i = 0; terms[i]; i++)
        if (!(is_prefix && !terms[i + 1]) && forms_kind(terms[i]) != FORMS_OF_STEM &&
            !postings_has_kept(postings, terms[i]))
            return FALSE;
    return TRUE;
}

/* Where few rows hold all terms, only these are looked at, by the terms' lists; else all are read
 * side by side. */
gboolean list_read_phrase(Postings *postings, KeptList *kept, GError **error)
{
    g_auto(GStrv) terms = g_strsplit(kept->phrase, " ", -1);
    Matcher matcher __attribute__((cleanup(matcher_release)));
    matcher_init(&matcher, g_strv_length(terms));
    gboolean are_lists = are_lists_worth_it(postings, terms, kept->is_prefix);
    if (are_lists && !open_lists(postings, &matcher, terms, kept->is_prefix, error))
        return FALSE;
    if ((!are_lists || count_common(&matcher, ROWS_LOOKED_UP) > ROWS_LOOKED_UP) &&
        !open_all_terms(postings, &matcher, terms, kept->is_prefix, error))
        return FALSE;
    return read_rows(postings, &matcher, kept, error);
}

/* From the lists of its terms: for a phrase that stands in so many places that they are not kept.
 */
gboolean phrase_places(Postings *postings, KeptList *kept, guint index, Positions *ret_places,
                       GError **error)
{
    g_auto(GStrv) terms = g_strsplit(kept->phrase, " ", -1);
    guint32 counts[POSTING_COLUMNS];
    Matcher matcher __attribute__((cleanup(matcher_release)));
    matcher_init(&matcher, g_strv_length(terms));
    if (!open_lists(postings, &matcher, terms, kept->is_prefix, error))
        return FALSE;
    for (guint i = 0; i < matcher.count; i++) {
        Source *source = &matcher.sources[i];
        gint at = kept_index(source->list, kept->rows[index]);
        if (at < 0) {
            *ret_places = (Positions){0};
            return source->list->list.is_cut ||
                   postings_damaged("a row of a phrase is gone", error);
        }
        source->at = (guint)at;
        if (!take_places(postings, source, error))
            return FALSE;
    }
    if (!match_row(&matcher, counts, error))
        return FALSE;
    g_clear_pointer(&kept->joined, g_byte_array_unref);
    kept->joined = g_steal_pointer(&matcher.places);
    *ret_places = (Positions){kept->joined->data, kept->joined->len};
    return TRUE;
}
