/* libFuzzer target of server/marking, server/passage and server/paragraphs: an input is a question,
 * ended by NUL, and a page's marked text. What is marked are whole words of the text that the
 * question asks for; a passage is text of the page on one line, and its marked segments are what
 * was marked. */
#include "fuzz.h"

#include "../../server/search/paragraphs.h"
#include "../../server/search/passage.h"

static void check_spans(const GArray *spans, const char *text, gsize length, guint concepts)
{
    gsize end = 0;
    for (guint i = 0; i < spans->len; i++) {
        const MarkedSpan *span = &g_array_index(spans, MarkedSpan, i);
        require(span->start >= end && span->length > 0 && span->length <= length - span->start);
        require(span->concept_index < concepts);
        require(((guint8)text[span->start] & 0xC0) != 0x80);
        end = span->start + span->length;
    }
}

/* Without white space, marks and other control characters, and without dots, of which a passage
 * leaves out the leaders of a table of contents. */
static void append_bare(GString *bare, const char *text, gsize length)
{
    for (const char *at = text; at < text + length; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (c != ' ' && c != '.' && !g_unichar_iscntrl(c))
            g_string_append_unichar(bare, c);
    }
}

/* Returns what the segments say, and in `ret_marked` what of it is marked. */
static char *join_segments(const GArray *segments, gboolean keep_lines, char **ret_marked)
{
    GString *all = g_string_new(NULL), *marked = g_string_new(NULL);
    for (guint i = 0; i < segments->len; i++) {
        const PassageSegment *segment = &g_array_index(segments, PassageSegment, i);
        require(*segment->text && g_utf8_validate(segment->text, -1, NULL));
        require(keep_lines || fuzz_is_line(segment->text));
        append_bare(all, segment->text, strlen(segment->text));
        if (segment->match)
            append_bare(marked, segment->text, strlen(segment->text));
    }
    *ret_marked = g_string_free(marked, FALSE);
    return g_string_free(all, FALSE);
}

static void check_whole(const char *text, gsize length, const GArray *spans)
{
    g_autoptr(GArray) segments = passage_segments(text, 0, length, spans, TRUE);
    GString *bare = g_string_new(NULL), *bare_marked = g_string_new(NULL);
    g_autofree char *marked = NULL;
    g_autofree char *all = join_segments(segments, TRUE, &marked);
    append_bare(bare, text, length);
    for (guint i = 0; i < spans->len; i++) {
        const MarkedSpan *span = &g_array_index(spans, MarkedSpan, i);
        append_bare(bare_marked, text + span->start, span->length);
    }
    require(strcmp(all, bare->str) == 0 && strcmp(marked, bare_marked->str) == 0);
    g_string_free(bare, TRUE);
    g_string_free(bare_marked, TRUE);
}

/* Whether that is all a passage says, but for an ellipsis at each end. */
static gboolean is_passage(const char *said, const char *text)
{
    static const char ELLIPSIS[] = "…";
    if (!g_str_has_prefix(said, text) && g_str_has_prefix(said, ELLIPSIS))
        said += strlen(ELLIPSIS);
    gsize length = strlen(text);
    return g_str_has_prefix(said, text) &&
           (said[length] == '\0' || strcmp(said + length, ELLIPSIS) == 0);
}

static void check_passage(const char *text, gsize length, const GArray *spans, guint concepts)
{
    g_autofree double *weights = g_new(double, concepts + 1);
    for (guint i = 0; i <= concepts; i++)
        weights[i] = 1.0 + i;
    g_autoptr(Passage) passage = passage_choose(text, length, spans, weights);
    g_autofree char *marked = NULL;
    g_autofree char *all = join_segments(passage->segments, FALSE, &marked);
    require(passage->start <= passage->end && passage->end <= length);
    require((guint)passage->language < LANGUAGE_COUNT);
    require(spans->len == 0 || *marked);
    GString *bare = g_string_new(NULL);
    append_bare(bare, text + passage->start, passage->end - passage->start);
    require(is_passage(all, bare->str));
    g_string_free(bare, TRUE);
}

static void check_paragraphs(const char *text)
{
    g_autoptr(GArray) breaks = paragraphs_breaks(text);
    guint lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    require(breaks->len == lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Vocabulary *vocabulary;
    static Analyser *analyser;
    FuzzInput input = {data, size};
    g_autofree char *question = fuzz_string(&input);
    g_autofree char *text = fuzz_text(&input);
    gsize length = strlen(text);
    vocabulary = vocabulary ? vocabulary : vocabulary_new(NULL);
    analyser = analyser ? analyser : analyser_new();
    g_autoptr(Query) query = query_parse(question, strlen(question), vocabulary, TRUE, analyser);
    const GPtrArray *concepts = query_concepts(query);
    g_autoptr(Marker) marker = marker_new(concepts);
    g_autoptr(GArray) spans = marker_find(marker, analyser, text, length);
    check_spans(spans, text, length, concepts->len);
    check_whole(text, length, spans);
    check_passage(text, length, spans, concepts->len);
    check_paragraphs(text);
    return 0;
}
