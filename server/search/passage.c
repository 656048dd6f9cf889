/* See passage.h.
 *
 * The stretch is chosen by what it holds: each different concept counts its weight once, each
 * further match a little. It then begins at its sentence when that is near, and ends likewise, but
 * never before the last match that was counted. Both ends lie between words; only a word longer
 * than any language has is cut, at a character. */
#include "passage.h"

#include <string.h>

static const double REPEAT_WEIGHT = 0.05; /* of a match of a concept the stretch holds already */

enum {
    LEAD_BYTES = 110,         /* how far before the first match a sentence's beginning may lie */
    ABBREVIATION_LETTERS = 3, /* "art", "n", "lgs", "pag"; few sentences end in so short a word */
    TAIL_BYTES = 90,          /* how far beyond the wanted length a sentence's end may lie */
    MOST_BYTES = 8192,        /* of any passage: a page may be one word without end */
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

static gsize span_end(const MarkedSpan *span)
{
    return span->start + span->length;
}

/* What the matches from `first` on that end by `limit` are worth, and where the last of them ends.
 */
static double stretch_value(const GArray *spans, guint first, gsize limit, const double *weights,
                            gsize *ret_end)
{
    guint64 seen = 0;
    double value = 0;
    *ret_end = span_end(span_at(spans, first));
    for (guint i = first; i < spans->len; i++) {
        const MarkedSpan *span = span_at(spans, i);
        if (span_end(span) > limit)
            break;
        *ret_end = span_end(span);
        guint64 bit = G_GUINT64_CONSTANT(1) << (span->concept_index & 63);
        value += weights[span->concept_index] * (seen & bit ? REPEAT_WEIGHT : 1);
        seen |= bit;
    }
    return value;
}

/* From the first to the last match of the best stretch. */
static Stretch best_matches(const GArray *spans, const double *weights)
{
    Stretch best = {0, 0};
    double best_value = -1;
    for (guint i = 0; i < spans->len; i++) {
        gsize start = span_at(spans, i)->start, end = 0;
        double value = stretch_value(spans, i, start + PASSAGE_BYTES, weights, &end);
        if (value > best_value + 1e-9) {
            best = (Stretch){start, end};
            best_value = value;
        }
    }
    return best;
}

static gboolean is_space(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\f';
}

static gboolean is_mark(char byte)
{
    return byte >= MARK_OTHER && byte <= MARK_ENGLISH;
}

/* Whether a sentence or a paragraph begins at `at`, or the text ends there. */
/* Whether the full stop at `at` belongs to an abbreviation or a number: "art.", "n.", "lgs.", "4.".
 */
static gboolean is_abbreviated(const char *text, gsize at)
{
    gsize letters = 0;
    while (letters < at && !is_space(text[at - letters - 1]) && !is_mark(text[at - letters - 1]))
        letters++;
    return letters <= ABBREVIATION_LETTERS;
}

static gboolean sentence_begins(const char *text, gsize length, gsize at)
{
    if (at >= length)
        return TRUE;
    gboolean goes_on = g_ascii_islower(text[at]) || g_ascii_isdigit(text[at]);
    while (at > 0 && is_mark(text[at - 1]))
        at--;
    if (at < 2)
        return at == 0;
    if (text[at - 1] == '\n' && text[at - 2] == '\n')
        return TRUE;
    if (goes_on || !is_space(text[at - 1]))
        return FALSE;
    char stop = text[at - 2];
    return (stop && strchr("!?;:", stop)) || (stop == '.' && !is_abbreviated(text, at - 2));
}

static gsize find_start(const char *text, gsize length, gsize match)
{
    gsize floor = match > LEAD_BYTES ? match - LEAD_BYTES : 0;
    for (gsize at = match; at > floor; at--)
        if (sentence_begins(text, length, at))
            return at;
    if (floor == 0)
        return 0;
    for (gsize at = match - LEAD_BYTES / 2; at < match; at++)
        if (is_space(text[at]))
            return at + 1;
    return match;
}

/* Whether the character at `at` belongs to words; `*ret_bytes` is its length. */
static gboolean is_word_character(const char *text, gsize length, gsize at, gsize *ret_bytes)
{
    gunichar character = g_utf8_get_char_validated(text + at, (gssize)(length - at));
    *ret_bytes = 1;
    if (character == (gunichar)-1 || character == (gunichar)-2)
        return FALSE;
    *ret_bytes = (gsize)g_utf8_skip[(guchar)text[at]];
    return g_unichar_isalnum(character) || g_unichar_ismark(character);
}

/* In a stretch without a space: the last place between words from `least` to `wanted`, or the first
 * beyond; at `most` whatever stands there. */
static gsize word_end(const char *text, gsize length, gsize start, gsize least, gsize wanted,
                      gsize most)
{
    gsize at = start, end = 0, bytes = 0;
    gboolean was_word = FALSE;
    while (at < most) {
        gboolean is_word = is_word_character(text, length, at, &bytes);
        gboolean is_between = at > start && at >= least && !(was_word && is_word);
        if (is_between && at > wanted)
            return end ? end : at;
        if (is_between)
            end = at;
        at += bytes;
        was_word = is_word;
    }
    return end ? end : at;
}

/* Where the stretch ends that begins at `start` and holds matches up to `least`. */
static gsize find_end(const char *text, gsize length, gsize start, gsize least)
{
    gsize most = length - start > MOST_BYTES ? start + MOST_BYTES : length;
    gsize wanted = MAX(start + PASSAGE_BYTES, least);
    if (wanted >= length && most == length)
        return length;
    for (gsize at = wanted; at < MIN(length, wanted + TAIL_BYTES) && wanted < most; at++)
        if (is_space(text[at]) && sentence_begins(text, length, at + 1))
            return at;
    for (gsize at = MIN(wanted, most - 1); at >= least && at > start; at--)
        if (is_space(text[at]))
            return at;
    return word_end(text, length, start, least, wanted, most);
}

static void append_segment(GArray *segments, GString *text, gboolean match)
{
    if (text->len == 0)
        return;
    PassageSegment segment = {g_strndup(text->str, text->len), match};
    g_array_append_val(segments, segment);
    g_string_truncate(text, 0);
}

/* Beyond three, dots are the leaders of a table of contents, which say nothing in a passage. */
static gboolean is_leader(const GString *out, char byte)
{
    return byte == '.' && g_str_has_suffix(out->str, "...");
}

/* Bytes of a mark or another control character at the beginning of a text; 0: none is there. Clean
 * texts have no others, but an archive may have been made by somebody else. */
static gsize control_length(const char *text, gsize length)
{
    if (((guchar)*text < ' ' && !is_space(*text)) || *text == 0x7f)
        return 1;
    return length > 1 && (guchar)text[0] == 0xC2 && (guchar)text[1] < 0xA0 ? 2 : 0;
}

/* Marks go; with `keep_lines` line ends stay, else white space becomes one space. */
static void append_clean(GString *out, const char *text, gsize length, gboolean keep_lines)
{
    for (gsize i = 0, control; i < length; i++) {
        char byte = text[i];
        if ((control = control_length(text + i, length - i)) > 0) {
            i += control - 1;
            continue;
        }
        if (!keep_lines && is_space(byte)) {
            if (out->len > 0 && out->str[out->len - 1] == ' ')
                continue;
            byte = ' ';
        }
        if (!keep_lines && is_leader(out, byte))
            continue;
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
        gsize first = MAX(span_at(spans, i)->start, at);
        gsize beyond = MIN(span_end(span_at(spans, i)), end);
        if (first >= beyond)
            continue;
        append_clean(piece, text + at, first - at, keep_lines);
        append_segment(segments, piece, FALSE);
        append_clean(piece, text + first, beyond - first, keep_lines);
        append_segment(segments, piece, TRUE);
        at = beyond;
    }
    append_clean(piece, text + at, end - at, keep_lines);
    append_segment(segments, piece, FALSE);
    return segments;
}

/* The language that holds most of a stretch. */
static Language stretch_language(const char *text, gsize start, gsize end)
{
    gsize bytes[LANGUAGE_COUNT] = {0};
    Language language = LANGUAGE_OTHER, most = LANGUAGE_OTHER;
    for (gsize i = 0; i < end; i++) {
        if (is_mark(text[i]))
            language = (Language)(text[i] - MARK_OTHER);
        else if (i >= start)
            bytes[language]++;
    }
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (bytes[i] > bytes[most])
            most = (Language)i;
    return most;
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

static gboolean is_blank(char byte)
{
    return (guchar)byte <= ' ';
}

static gsize skip_blanks(const char *text, gsize length, gsize at)
{
    while (at < length && is_blank(text[at]))
        at++;
    return at;
}

static Stretch choose_stretch(const char *text, gsize length, const Stretch *matches)
{
    Stretch stretch = {0, 0};
    if (matches)
        stretch.start = find_start(text, length, matches->start);
    stretch.start = skip_blanks(text, length, stretch.start);
    stretch.end = find_end(text, length, stretch.start, matches ? matches->end : stretch.start);
    while (stretch.end > stretch.start && is_blank(text[stretch.end - 1]))
        stretch.end--;
    return stretch;
}

Passage *passage_choose(const char *text, gsize length, const GArray *spans, const double *weights)
{
    Passage *passage = g_new0(Passage, 1);
    gboolean has_matches = spans->len > 0;
    Stretch matches = best_matches(spans, weights);
    Stretch stretch = choose_stretch(text, length, has_matches ? &matches : NULL);
    passage->segments =
        passage_segments(text, stretch.start, stretch.end - stretch.start, spans, FALSE);
    passage->language = stretch_language(text, stretch.start, stretch.end);
    passage->start = stretch.start;
    passage->end = stretch.end;
    if (stretch.start > skip_blanks(text, length, 0) &&
        !sentence_begins(text, length, stretch.start))
        prepend_ellipsis(passage->segments);
    if (skip_blanks(text, length, stretch.end) < length)
        append_ellipsis(passage->segments);
    return passage;
}
