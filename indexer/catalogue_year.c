/* Catalogue, the year: the year a document is of, or the first one it covers.
 *
 * A year is found as a span of words (catalogue_span.c), and what it means is said by the words
 * before it (catalogue_telling.c): a reference or a goal makes it worthless, a coverage, an
 * approval or an act make it evidence. Where no word speaks, only the shape of the title page does:
 * a line that is a date, a range, or a bare year at a line's end. Titles, names of files and
 * folders give the first year that is no reference, the first pages the one with the strongest
 * evidence. No evidence, no year. */
#include <string.h>

#include "catalogue_year_private.h"

enum { META_YEAR_FIRST = 1990 };

/* ---- titles and names ---- */

/* The first span of a title that is no reference. */
static int title_year(const char *title)
{
    g_autoptr(Words) words = words_new(title, title != NULL ? strlen(title) : 0);
    YearSpan span;
    for (guint at = 0; at < words->count; at++) {
        if (!catalogue_span_at(words, at, FALSE, &span))
            continue;
        guint telling;
        Meaning meaning = catalogue_span_meaning(words, &span, &telling);
        gboolean numbered_act = meaning == MEANS_ACT || meaning == MEANS_APPROVAL;
        if (meaning != MEANS_REFERENCE && !catalogue_span_is_horizon(&span) &&
            (span.shape != SPAN_NUMBERED || numbered_act))
            return span.year;
        at = span.end - 1;
    }
    return 0;
}

/* A counter after one of these is no year ("IMG_2014.pdf"). */
static gboolean is_counter(const Words *words, guint at)
{
    static const char *const COUNTED[] = {
        "img",  "dsc", "scan", "scansione", "doc",  "documento",  "file", "page", "document",
        "dscn", "n",   "num",  "nr",        "prot", "protocollo", "p",    "pag",  "id"};
    return at > 0 && WORDS_IN(words, at - 1, COUNTED);
}

/* A name with blanks where letters meet figures, so that "programma2021" has a year. */
static char *name_parted(const char *name)
{
    GString *out = g_string_new(NULL);
    for (const char *p = name; *p != '\0'; p++) {
        gboolean figure = g_ascii_isdigit(*p);
        gboolean before = p > name && g_ascii_isdigit(p[-1]);
        gboolean letters = g_ascii_isalpha(*p) || (p > name && g_ascii_isalpha(p[-1]));
        if (p > name && figure != before && letters)
            g_string_append_c(out, ' ');
        g_string_append_c(out, *p);
    }
    return g_string_free(out, FALSE);
}

static int name_year(const char *name)
{
    g_autofree char *parted = name_parted(name);
    g_autoptr(Words) words = words_new(parted, strlen(parted));
    YearSpan span;
    for (guint at = 0; at < words->count; at++) {
        if (!catalogue_span_at(words, at, TRUE, &span))
            continue;
        guint telling;
        gboolean counted = span.shape == SPAN_BARE && is_counter(words, at);
        if (catalogue_span_meaning(words, &span, &telling) != MEANS_REFERENCE &&
            !catalogue_span_is_horizon(&span) && !counted)
            return span.year;
        at = span.end - 1;
    }
    return 0;
}

/* The file's name, then its folders from the innermost outwards. */
static int path_year(const char *path, Source *ret_source)
{
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    guint count = g_strv_length(parts);
    for (guint i = count; i > 0; i--) {
        int year = name_year(parts[i - 1]);
        if (year == 0)
            continue;
        *ret_source = i == count ? SOURCE_NAME : SOURCE_PATH;
        return year;
    }
    return 0;
}

/* ---- text ---- */

/* How strong evidence is; the strongest wins, the first of equals. */
enum {
    STRONG_COVERAGE = 100,
    STRONG_APPROVAL = 90,
    STRONG_WRITTEN = 88, /* "L'anno duemilanove, addì..." */
    STRONG_ACT = 85,
    STRONG_RANGE = 80,
    STRONG_DATELINE = 70,
    STRONG_BARE = 65,
    STRONG_LATER = 60,
    STRONG_EDITION = 50,
    STRONG_PRINT = 40,
};

enum { SHORT_LINE_WORDS = 12 };

/* Words of an address or a register number, in whose lines a bare figure is no year. */
static gboolean is_address_line(const Words *words, const FrontLine *line)
{
    static const char *const ADDRESS[] = {"via",    "piazza", "viale", "corso", "tel", "telefono",
                                          "fax",    "cap",    "prot",  "iva",   "cf",  "phone",
                                          "street", "codice", "iban",  "pec",   "www", "p"};
    for (guint at = line->first_word; at < line->end_word; at++)
        if (WORDS_IN(words, at, ADDRESS))
            return TRUE;
    return FALSE;
}

static const FrontLine *line_of(const Front *front, guint word)
{
    for (guint i = 0; i < front->lines->len; i++)
        if (word < front_line(front, i)->end_word)
            return front_line(front, i);
    return NULL;
}

/* A span in the head that no word explains: what its line looks like. */
static guint line_strength(const Front *front, const YearSpan *span)
{
    const FrontLine *line = line_of(front, span->first);
    if (line == NULL || is_address_line(front->words, line))
        return 0;
    guint count = line->end_word - line->first_word;
    gboolean last = span->end >= line->end_word;
    if (span->shape == SPAN_DATED && count <= CATALOGUE_DATE_LINE_WORDS && last)
        return STRONG_DATELINE;
    if (span->shape == SPAN_DATED && count <= SHORT_LINE_WORDS)
        return STRONG_BARE;
    if (span->shape == SPAN_RANGE && count <= SHORT_LINE_WORDS)
        return STRONG_RANGE;
    if (span->shape == SPAN_BARE && count <= SHORT_LINE_WORDS && last &&
        !catalogue_span_is_horizon(span))
        return STRONG_BARE;
    return 0;
}

/* After the head: an approval that opens a line, a date that is a paragraph of its own, an imprint.
 */
static guint later_strength(const Words *words, const YearSpan *span, Meaning meaning,
                            guint telling)
{
    gboolean opens = words_begins_line(words, telling);
    if (meaning == MEANS_APPROVAL && opens && span->shape >= SPAN_NUMBERED)
        return STRONG_LATER;
    if (meaning == MEANS_PRINT)
        return STRONG_PRINT;
    guint before = span->first;
    while (before > 0 && !words_begins_line(words, before) && span->first - before < 4)
        before--;
    gboolean alone = (words->word[before].gap & (GAP_PARAGRAPH | GAP_PAGE)) &&
                     (words_gap_after(words, span->end - 1) & (GAP_PARAGRAPH | GAP_PAGE));
    if (meaning == MEANS_NOTHING && span->shape == SPAN_DATED && alone)
        return STRONG_LATER;
    return 0;
}

static guint span_strength(const Front *front, const YearSpan *span)
{
    static const guint IN_HEAD[] = {
        [MEANS_COVERAGE] = STRONG_COVERAGE, [MEANS_APPROVAL] = STRONG_APPROVAL,
        [MEANS_ACT] = STRONG_ACT,           [MEANS_EDITION] = STRONG_EDITION,
        [MEANS_PRINT] = STRONG_PRINT,
    };
    guint telling;
    Meaning meaning = catalogue_span_meaning(front->words, span, &telling);
    if (meaning == MEANS_REFERENCE || catalogue_span_is_horizon(span))
        return 0;
    if (span->first >= front->head_words)
        return later_strength(front->words, span, meaning, telling);
    if (meaning == MEANS_NOTHING)
        return line_strength(front, span);
    if (meaning == MEANS_ACT && span->shape == SPAN_BARE)
        return STRONG_BARE;
    return IN_HEAD[meaning];
}

/* How minutes begin: "L'anno duemilanove, il giorno...", "L'anno 2009 addì...". */
static int opening_year(const Words *words)
{
    for (guint at = 1; at + 1 < words->count; at++) {
        if (!words_is(words, at, "anno") || !words_is(words, at - 1, "l") ||
            !words_begins_line(words, at - 1))
            continue;
        int year = catalogue_year_written(words->word[at + 1].folded);
        if (year == 0)
            year = catalogue_year_at(words, at + 1);
        if (year != 0)
            return year;
    }
    return 0;
}

static int text_year(const Front *front)
{
    const Words *words = front->words;
    int year = opening_year(words);
    guint best = year != 0 ? STRONG_WRITTEN : 0;
    YearSpan span;
    for (guint at = 0; at < words->count; at++) {
        if (!catalogue_span_at(words, at, FALSE, &span))
            continue;
        guint strength = span_strength(front, &span);
        if (strength > best) {
            best = strength;
            year = span.year;
        }
        at = span.end - 1;
    }
    return year;
}

int catalogue_year(const CatalogueInput *input, const Front *front, const char *title,
                   Source *ret_source)
{
    int year = title_year(title);
    *ret_source = SOURCE_TITLE;
    if (year == 0) {
        year = title_year(input->heading);
        *ret_source = SOURCE_HEADING;
    }
    if (year == 0) {
        year = text_year(front);
        *ret_source = SOURCE_TEXT;
    }
    if (year == 0)
        year = path_year(input->path, ret_source);
    if (year == 0 && input->meta_year >= META_YEAR_FIRST &&
        input->meta_year <= CATALOGUE_YEAR_LAST) {
        year = input->meta_year;
        *ret_source = SOURCE_METADATA;
    }
    if (year == 0)
        *ret_source = SOURCE_NONE;
    return year;
}
