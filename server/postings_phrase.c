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
};

/* A term of a phrase, and where it is. */
typedef struct {
    TermRows term;
    KeptList *prefix; /* instead: the list of a prefix */
    guint at;         /* index in it */
    guint32 row;
    Positions places;
} Source;

typedef struct {
    guint count;
    Source *sources;
    Positions (*columns)[POSTING_COLUMNS]; /* of each source, in the present row */
    guint *order;                          /* sources, the fewest positions first */
    guint8 *marks;
    guint marks_size;
    guint8 mark; /* the number last used */
    guint32 *found;
    gsize found_size;
    GByteArray *places; /* of the phrase in the present row */
} Matcher;

static void matcher_release(Matcher *matcher)
{
    for (guint i = 0; matcher->sources && i < matcher->count; i++)
        term_release(&matcher->sources[i].term);
    g_free(matcher->sources);
    g_free(matcher->columns);
    g_free(matcher->order);
    g_free(matcher->marks);
    g_free(matcher->found);
    g_clear_pointer(&matcher->places, g_byte_array_unref);
}

static void matcher_init(Matcher *matcher, guint count)
{
    *matcher = (Matcher){.count = count, .marks_size = MARKS_AT_FIRST};
    matcher->sources = g_new0(Source, count);
    matcher->columns = g_malloc0_n(count, sizeof *matcher->columns);
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
static gboolean mark_column(Matcher *matcher, Positions column, guint offset)
{
    const guint8 *at = column.bytes, *end = at + column.size;
    guint64 begin = 0 - (guint64)offset;
    next_mark(matcher);
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

/* Lists which of the marked beginnings a term agrees to. */
static gboolean find_marked(const Matcher *matcher, Positions column, guint offset,
                            guint *ret_count)
{
    const guint8 *at = column.bytes, *end = at + column.size;
    guint64 begin = 0 - (guint64)offset;
    guint count = 0;
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

/* Terms of a phrase are few: they are put in order by insertion. */
static void order_sources(Matcher *matcher, guint column)
{
    for (guint i = 0; i < matcher->count; i++) {
        guint j = i;
        for (; j > 0 && matcher->columns[matcher->order[j - 1]][column].size >
                            matcher->columns[i][column].size;
             j--)
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
    Positions fewest = matcher->columns[first][column];
    *ret_count = 0;
    if (fewest.size == 0)
        return TRUE;
    if (fewest.size + 1 > matcher->found_size) {
        matcher->found_size = 2 * fewest.size + 1;
        matcher->found = g_renew(guint32, matcher->found, matcher->found_size);
    }
    if (!mark_column(matcher, matcher->columns[last][column], last) ||
        !find_marked(matcher, fewest, first, ret_count))
        return FALSE;
    for (guint i = 1; i < matcher->count - 1 && *ret_count > 0; i++) {
        guint source = matcher->order[i];
        if (!mark_column(matcher, matcher->columns[source][column], source))
            return FALSE;
        *ret_count = keep_marked(matcher, *ret_count);
    }
    return TRUE;
}

/* Sets the phrase's own places in the present row, of which all sources have places. */
static gboolean match_row(Matcher *matcher, guint32 ret_counts[POSTING_COLUMNS], GError **error)
{
    guint last = 0;
    g_byte_array_set_size(matcher->places, 0);
    for (guint i = 0; i < matcher->count; i++)
        if (!positions_split(matcher->sources[i].places, matcher->columns[i]))
            return postings_damaged("a position list", error);
    for (guint column = 0; column < POSTING_COLUMNS; column++) {
        if (!match_column(matcher, column, &ret_counts[column]))
            return postings_damaged("a position", error);
        positions_append(matcher->places, &last, column, matcher->found, ret_counts[column]);
    }
    return TRUE;
}

/* Rows */

static gboolean open_source(Postings *postings, Source *source, const char *text,
                            gboolean is_prefix, GError **error)
{
    if (!is_prefix)
        return term_open(&source->term, postings, text, strlen(text), error);
    source->prefix = postings_kept(postings, text, TRUE, error);
    return source->prefix != NULL;
}

/* Moves to the first row that is not before `row`. */
static Step seek_prefix(Postings *postings, Source *source, guint32 row, GError **error)
{
    const KeptList *prefix = source->prefix;
    while (source->at < prefix->list.count && prefix->rows[source->at] < row)
        source->at++;
    if (source->at == prefix->list.count)
        return STEP_END;
    source->row = prefix->rows[source->at];
    return kept_places(postings, source->prefix, source->at, &source->places, error) ? STEP_HERE
                                                                                     : STEP_FAILED;
}

static Step seek_source(Postings *postings, Source *source, guint32 row, GError **error)
{
    if (source->prefix)
        return seek_prefix(postings, source, row, error);
    RowMerge *rows = &source->term.rows;
    Step step = STEP_HERE;
    while (step == STEP_HERE && (!rows->has_begun || rows->row < row))
        step = merge_next(rows, error);
    source->row = rows->row;
    source->places = rows->places;
    return step;
}

/* Moves all sources to the first row from `row` on that they have in common. */
static Step seek_common(Postings *postings, Matcher *matcher, guint32 *row, GError **error)
{
    for (guint i = 0, agreed = 0; agreed < matcher->count; i = (i + 1) % matcher->count) {
        Source *source = &matcher->sources[i];
        Step step = seek_source(postings, source, *row, error);
        if (step != STEP_HERE)
            return step;
        agreed = source->row == *row ? agreed + 1 : 1;
        *row = source->row;
    }
    return STEP_HERE;
}

static gboolean add_row(Matcher *matcher, KeptList *kept, guint32 row, GError **error)
{
    guint32 counts[POSTING_COLUMNS];
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
    for (guint32 row = 0; (step = seek_common(postings, matcher, &row, error)) == STEP_HERE; row++)
        if (!add_row(matcher, kept, row, error))
            return FALSE;
    return step == STEP_END;
}

gboolean list_read_phrase(Postings *postings, KeptList *kept, GError **error)
{
    g_auto(GStrv) terms = g_strsplit(kept->phrase, " ", -1);
    guint count = g_strv_length(terms);
    Matcher matcher __attribute__((cleanup(matcher_release)));
    matcher_init(&matcher, count);
    for (guint i = 0; i < count; i++)
        if (!open_source(postings, &matcher.sources[i], terms[i], kept->is_prefix && i == count - 1,
                         error))
            return FALSE;
    return read_rows(postings, &matcher, kept, error);
}

/* From the lists of its terms: for a phrase that stands in so many places that they are not kept.
 */
gboolean phrase_places(Postings *postings, KeptList *kept, guint index, Positions *ret_places,
                       GError **error)
{
    g_auto(GStrv) terms = g_strsplit(kept->phrase, " ", -1);
    guint count = g_strv_length(terms);
    guint32 counts[POSTING_COLUMNS];
    Matcher matcher __attribute__((cleanup(matcher_release)));
    matcher_init(&matcher, count);
    for (guint i = 0; i < count; i++) {
        KeptList *term =
            postings_kept(postings, terms[i], kept->is_prefix && i == count - 1, error);
        gint at = term ? kept_index(term, kept->rows[index]) : -1;
        if (!term || (at < 0 && !postings_damaged("a row of a phrase is gone", error)) ||
            !kept_places(postings, term, (guint)at, &matcher.sources[i].places, error))
            return FALSE;
    }
    if (!match_row(&matcher, counts, error))
        return FALSE;
    g_clear_pointer(&kept->joined, g_byte_array_unref);
    kept->joined = g_steal_pointer(&matcher.places);
    *ret_places = (Positions){kept->joined->data, kept->joined->len};
    return TRUE;
}
