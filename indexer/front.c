/* Front matter: see front.h. */
#include "front.h"

#include <string.h>

/* Lengths in characters. */
enum { LINE_LONG = 150, LINE_LONGISH = 55, LONGISH_RUN = 3 };

/* Words that open a part when a number, or nothing, follows. */
static const char *const SECTIONS[] = {
    "art",
    "articolo",
    "article",
    "capo",
    "capitolo",
    "chapter",
    "titolo",
    "parte",
    "part",
    "section",
    "sezione",
    "allegato",
    "annex",
    "appendix",
    "appendice",
    "indice",
    "sommario",
    "contents",
    "index",
    "premessa",
    "preambolo",
    "preamble",
    "foreword",
    "introduzione",
    "introduction",
    "prefazione",
    "preface",
    "summary",
    "abstract",
    "obiettivi",
    "objectives",
    "premesse",
    "conclusioni",
    "conclusions",
    "presentazione",
    "ringraziamenti",
    "acknowledgements",
    "table of contents",
    "indice generale",
    "executive summary",
    "acronimi",
    "acronyms",
    "abbreviations",
    "abbreviazioni",
    "background",
    "overview",
};

/* A number as sections have them: digits, or i, v and x. */
static gboolean is_numeral(const char *folded)
{
    return strspn(folded, "0123456789") == strlen(folded) ||
           strspn(folded, "ivx") == strlen(folded);
}

static gboolean is_ordinal(const char *folded)
{
    static const char *const ORDINALS[] = {"primo", "prima", "secondo", "seconda", "terzo",
                                           "one",   "two",   "three",   "a",       "b"};
    for (guint i = 0; i < G_N_ELEMENTS(ORDINALS); i++)
        if (strcmp(ORDINALS[i], folded) == 0)
            return TRUE;
    return is_numeral(folded);
}

gboolean front_is_section(const Words *words, guint first, guint end)
{
    for (guint i = 0; i < G_N_ELEMENTS(SECTIONS); i++) {
        guint matched = words_match(words, first, SECTIONS[i]);
        if (matched == 0 || first + matched > end)
            continue;
        if (first + matched == end || is_ordinal(words->word[first + matched].folded))
            return TRUE;
    }
    return FALSE;
}

/* The end of the front matter in bytes. */
static gsize front_end(const char *text, gsize length)
{
    gsize end = MIN(length, (gsize)FRONT_BYTES);
    while (end > 0 && end < length && ((guchar)text[end] & 0xC0) == 0x80)
        end--;
    const char *from = text;
    for (guint page = 0; page < FRONT_PAGES; page++) {
        const char *feed = memchr(from, '\f', end - (gsize)(from - text));
        if (feed == NULL)
            return end;
        from = feed + 1;
    }
    return (gsize)(from - 1 - text);
}

static gboolean is_capitals(const char *text, gsize length)
{
    guint upper = 0;
    guint lower = 0;
    for (const char *p = text; p < text + length; p++) {
        upper += g_ascii_isupper(*p) ? 1 : 0;
        lower += g_ascii_islower(*p) ? 1 : 0;
    }
    return upper > 3 * lower;
}

/* Characters are counted as bytes that begin one. */
static gsize count_characters(const char *text, gsize length)
{
    gsize count = 0;
    for (gsize i = 0; i < length; i++)
        count += ((guchar)text[i] & 0xC0) != 0x80 ? 1 : 0;
    return count;
}

/* The line that begins with word `first`: up to the next word that begins a line. */
static FrontLine line_at(const Words *words, guint first)
{
    guint end = first + 1;
    while (end < words->count && !words_begins_line(words, end))
        end++;
    gsize from = words->word[first].start;
    while (from > 0 && !strchr("\n\f", words->text[from - 1]))
        from--;
    gsize to = words->word[end - 1].end;
    while (to < words->length && !strchr("\n\f", words->text[to]))
        to++;
    while (from < to && g_ascii_isspace(words->text[from]))
        from++;
    while (to > from && g_ascii_isspace(words->text[to - 1]))
        to--;
    return (FrontLine){from, to, first, end};
}

/* Whether a line may be one of running text. */
static gboolean is_longish(const Words *words, const FrontLine *line)
{
    const char *text = words->text + line->start;
    gsize length = line->end - line->start;
    return count_characters(text, length) >= LINE_LONGISH && !is_capitals(text, length);
}

static void find_head(Front *front)
{
    const Words *words = front->words;
    guint run = 0;
    for (guint at = 0; at < words->count && front->lines->len < FRONT_HEAD_LINES;) {
        FrontLine line = line_at(words, at);
        if (line.start >= front->page_end || line.end - line.start > (gsize)LINE_LONG * 2 ||
            count_characters(words->text + line.start, line.end - line.start) > LINE_LONG)
            break;
        if (front->lines->len > 0 && front_is_section(words, line.first_word, line.end_word))
            break;
        if (words->word[at].gap & GAP_PARAGRAPH)
            run = 0;
        run = is_longish(words, &line) ? run + 1 : 0;
        if (run == LONGISH_RUN) {
            g_array_set_size(front->lines, front->lines->len - (LONGISH_RUN - 1));
            break;
        }
        g_array_append_val(front->lines, line);
        at = line.end_word;
    }
}

Front *front_new(const char *text, gsize length)
{
    Front *front = g_new0(Front, 1);
    front->words = words_new(text, front_end(text, length));
    front->lines = g_array_new(FALSE, FALSE, sizeof(FrontLine));
    const Words *words = front->words;
    front->page_end = words->length;
    if (words->count > 0) {
        gsize first = words->word[0].start;
        const char *feed = memchr(words->text + first, '\f', words->length - first);
        front->page_end = feed != NULL ? (gsize)(feed - words->text) : words->length;
    }
    find_head(front);
    if (front->lines->len > 0)
        front->head_words = front_line(front, front->lines->len - 1)->end_word;
    return front;
}

void front_free(Front *front)
{
    if (front == NULL)
        return;
    words_free(front->words);
    g_array_unref(front->lines);
    g_free(front);
}

const FrontLine *front_line(const Front *front, guint at)
{
    return &g_array_index(front->lines, FrontLine, at);
}
