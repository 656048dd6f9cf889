/* See passage.h.
 *
 * The stretch is chosen by what it holds: each different concept counts its weight once, each
 * further match a little. It then begins at its sentence when that is near, and ends likewise. */
#include "passage.h"

#include <string.h>

static const double REPEAT_WEIGHT = 0.05; /* of a match of a concept the stretch holds already */

enum {
    LEAD_BYTES = 110, /* how far before the first match a sentence's beginning may lie */
    TAIL_BYTES = 90,  /* how far beyond the wanted length a sentence's end may lie */
    SHOWN_BYTES = PASSAGE_CHARACTERS,
};

typedef struct {
    gsize start;
    gsize end;
} Stretch;

static void segment_release(gpointer data)
{
    PassageSegment *segment = data;
    g_free(segment->text);
}

void passage_free(Passage *passage)
{
    if (!passage)
        return;
    g_array_unref(passage->segments);
    g_free(passage);
}

static const MarkedSpan *span_at(const GArray *spans, guint index)
{
    return &g_array_index(spans, MarkedSpan, index);
}

/* What the matches from `first` on that end before `limit` are worth. */
static double stretch_value(const GArray *spans, guint first, gsize limit, const double *weights)
{
    guint64 seen = 0;
    double value = 0;
    for (guint i = first; i < spans->len; i++) {
        const MarkedSpan *span = span_at(spans, i);
        if (span->start + span->length > limit)
            break;
        guint64 bit = G_GUINT64_CONSTANT(1) << (span->concept_index & 63);
        value += weights[span->concept_index] * (seen & bit ? REPEAT_WEIGHT : 1);
        seen |= bit;
    }
    return value;
}

static guint best_first(const GArray *spans, const double *weights)
{
    guint best = 0;
    double best_value = -1;
    for (guint i = 0; i < spans->len; i++) {
        double value = stretch_value(spans, i, span_at(spans, i)->start + SHOWN_BYTES, weights);
        if (value > best_value + 1e-9) {
            best = i;
            best_value = value;
        }
    }
    return best;
}

static gboolean is_space(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\f';
}

/* Whether a sentence or a paragraph begins at `at`. */
static gboolean sentence_begins(const char *text, gsize at)
{
    if (at == 0)
        return TRUE;
    if (at >= 2 && text[at - 1] == '\n' && text[at - 2] == '\n')
        return TRUE;
    return at >= 2 && is_space(text[at - 1]) && strchr(".!?;:", text[at - 2]) &&
           !(g_ascii_islower(text[at]));
}

static gsize find_start(const char *text, gsize match)
{
    gsize floor = match > LEAD_BYTES ? match - LEAD_BYTES : 0;
    for (gsize at = match; at > floor; at--)
        if (sentence_begins(text, at))
            return at;
    if (floor == 0)
        return 0;
    for (gsize at = match - LEAD_BYTES / 2; at < match; at++)
        if (is_space(text[at]))
            return at + 1;
    return match;
}

static gsize find_end(const char *text, gsize length, gsize wanted)
{
    if (wanted >= length)
        return length;
    gsize ceiling = MIN(length, wanted + TAIL_BYTES);
    for (gsize at = wanted; at < ceiling; at++)
        if (sentence_begins(text, at + 1) && is_space(text[at]))
            return at;
    for (gsize at = wanted; at > wanted / 2; at--)
        if (is_space(text[at]))
            return at;
    return length;
}

static void append_segment(GArray *segments, GString *text, gboolean match)
{
    if (text->len == 0)
        return;
    PassageSegment segment = {g_strndup(text->str, text->len), match};
    g_array_append_val(segments, segment);
    g_string_truncate(text, 0);
}

/* Marks go; with `keep_lines` line ends stay, else white space becomes one space. */
static void append_clean(GString *out, const char *text, gsize length, gboolean keep_lines)
{
    for (gsize i = 0; i < length; i++) {
        char byte = text[i];
        if ((guchar)byte < ' ' && !is_space(byte))
            continue;
        if (!keep_lines && is_space(byte)) {
            if (out->len > 0 && out->str[out->len - 1] == ' ')
                continue;
            byte = ' ';
        }
        g_string_append_c(out, byte == '\f' ? '\n' : byte);
    }
}

GArray *passage_segments(const char *text, gsize start, gsize length, const GArray *spans,
                         gboolean keep_lines)
{
    GArray *segments = g_array_new(FALSE, FALSE, sizeof(PassageSegment));
    g_array_set_clear_func(segments, segment_release);
    g_autoptr(GString) piece = g_string_new(NULL);
    gsize at = start, end = start + length;
    for (guint i = 0; i < spans->len; i++) {
        const MarkedSpan *span = span_at(spans, i);
        if (span->start < at || span->start + span->length > end)
            continue;
        append_clean(piece, text + at, span->start - at, keep_lines);
        append_segment(segments, piece, FALSE);
        append_clean(piece, text + span->start, span->length, keep_lines);
        append_segment(segments, piece, TRUE);
        at = span->start + span->length;
    }
    append_clean(piece, text + at, end - at, keep_lines);
    append_segment(segments, piece, FALSE);
    return segments;
}

/* The language of the run in which a byte stands: that of the last mark before it. */
static Language language_at(const char *text, gsize at)
{
    for (gsize i = at + 1; i > 0; i--)
        if (text[i - 1] >= MARK_OTHER && text[i - 1] <= MARK_ENGLISH)
            return (Language)(text[i - 1] - MARK_OTHER);
    return LANGUAGE_OTHER;
}

static void prepend_ellipsis(GArray *segments)
{
    PassageSegment segment = {g_strdup("… "), FALSE};
    g_array_prepend_val(segments, segment);
}

static void append_ellipsis(GArray *segments)
{
    PassageSegment segment = {g_strdup(" …"), FALSE};
    g_array_append_val(segments, segment);
}

static gboolean is_only_space(const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if ((guchar)text[i] > ' ')
            return FALSE;
    return TRUE;
}

Passage *passage_choose(const char *text, gsize length, const GArray *spans, const double *weights)
{
    Passage *passage = g_new0(Passage, 1);
    Stretch stretch = {0, 0};
    gsize match = 0;
    if (spans->len > 0) {
        match = span_at(spans, best_first(spans, weights))->start;
        stretch.start = find_start(text, match);
    }
    stretch.end = find_end(text, length, stretch.start + SHOWN_BYTES);
    passage->segments =
        passage_segments(text, stretch.start, stretch.end - stretch.start, spans, FALSE);
    passage->language = length > 0 ? language_at(text, MIN(match, length - 1)) : LANGUAGE_OTHER;
    if (!is_only_space(text, stretch.start) && !sentence_begins(text, stretch.start))
        prepend_ellipsis(passage->segments);
    if (!is_only_space(text + stretch.end, length - stretch.end))
        append_ellipsis(passage->segments);
    return passage;
}
