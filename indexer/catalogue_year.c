/* Catalogue, the year: the year a document is of, or the first one it covers.
 *
 * A year is found as a span of words: a date, a range ("2021-2023", of which the first counts), an
 * act's number ("12/2018"), or a bare year. What a span means is said by the nearest telling word
 * before it: a law ("D.Lgs. 267 del 18 agosto 2000") or a goal ("entro il 2030") makes it
 * worthless, a coverage ("triennio"), an approval ("approvato con deliberazione"), an act ("seduta
 * del") make it evidence. Where no word speaks, only the shape of the title page does: a line that
 * is a date, a range, or a bare year at a line's end. A bare round year from 2030 on is a goal by
 * itself ("Valdoria 2040"). No evidence, no year. */
#include "catalogue_parts.h"

#include <string.h>

typedef struct {
    int year;
    guint first;
    guint end; /* one past the last word */
    enum { SPAN_BARE, SPAN_NUMBERED, SPAN_DATED, SPAN_RANGE } shape;
} YearSpan;

/* ---- numbers and spans ---- */

enum {
    YEARS_OF_RANGE = 40,
    YEARS_OF_SHORT_RANGE = 15,
    HORIZON_FIRST = 2030,
    META_YEAR_FIRST = 1990
};

/* The number that word `at` is, 0 when it is none; ordinal endings are allowed where `ordinal`. */
static guint number_at(const Words *words, guint at, gboolean ordinal, gsize *ret_digits)
{
    if (at >= words->count)
        return 0;
    const char *word = words->word[at].folded;
    gsize digits = strspn(word, "0123456789");
    guint number = 0;
    if (digits == 0 || digits > 4)
        return 0;
    const char *tail = word + digits;
    if (*tail != '\0' && !(ordinal && (strcmp(tail, "st") == 0 || strcmp(tail, "nd") == 0 ||
                                       strcmp(tail, "rd") == 0 || strcmp(tail, "th") == 0)))
        return 0;
    for (gsize i = 0; i < digits; i++)
        number = number * 10 + (guint)(word[i] - '0');
    *ret_digits = digits;
    return number;
}

static int year_at(const Words *words, guint at)
{
    gsize digits;
    guint number = number_at(words, at, FALSE, &digits);
    return number >= CATALOGUE_YEAR_FIRST && number <= CATALOGUE_YEAR_LAST ? (int)number : 0;
}

static guint day_at(const Words *words, guint at)
{
    gsize digits;
    guint number = number_at(words, at, TRUE, &digits);
    return number >= 1 && number <= 31 && digits <= 2 ? number : 0;
}

static gboolean month_at(const Words *words, guint at)
{
    static const char *const MONTHS[] = {
        "gennaio", "febbraio",  "marzo",    "aprile",   "maggio",   "giugno",  "luglio",
        "agosto",  "settembre", "ottobre",  "novembre", "dicembre", "january", "february",
        "march",   "april",     "may",      "june",     "july",     "august",  "september",
        "october", "november",  "december", "gen",      "feb",      "mar",     "apr",
        "mag",     "giu",       "lug",      "ago",      "set",      "sett",    "ott",
        "nov",     "dic",       "jan",      "jun",      "jul",      "aug",     "sep",
        "sept",    "oct",       "dec",
    };
    for (guint i = 0; i < G_N_ELEMENTS(MONTHS); i++)
        if (words_is(words, at, MONTHS[i]))
            return TRUE;
    return FALSE;
}

static gboolean gap_within(const Words *words, guint at, guint allowed)
{
    return at < words->count && !(words->word[at].gap & ~allowed);
}

enum { GAP_DATE = GAP_SPACE | GAP_LINE | GAP_COMMA | GAP_DOT };

/* "14 marzo 2018", "7th of October 2016", "October 7, 2016", "marzo 2018". */
static gboolean written_date_at(const Words *words, guint at, YearSpan *ret_span)
{
    guint i = at;
    if (day_at(words, i) > 0) {
        i++;
        if (words_is(words, i, "of") || words_is(words, i, "di"))
            i++;
        if (!gap_within(words, i, GAP_DATE))
            return FALSE;
    }
    if (!month_at(words, i) || !gap_within(words, i + 1, GAP_DATE))
        return FALSE;
    i++;
    if (day_at(words, i) > 0 && i == at + 1 && gap_within(words, i + 1, GAP_DATE))
        i++;
    if (words_is(words, i, "del") || words_is(words, i, "of"))
        i++;
    int year = year_at(words, i);
    if (year == 0)
        return FALSE;
    *ret_span = (YearSpan){year, at, i + 1, SPAN_DATED};
    return TRUE;
}

/* A year in two digits: 50 to 99 are of the last century. */
static int short_year_at(const Words *words, guint at)
{
    gsize digits;
    guint number = number_at(words, at, FALSE, &digits);
    if (at >= words->count || strlen(words->word[at].folded) != 2 ||
        !g_ascii_isdigit(words->word[at].folded[0]) || !g_ascii_isdigit(words->word[at].folded[1]))
        return 0;
    return number >= 50 ? 1900 + (int)number : 2000 + (int)number;
}

/* "14/03/2018", "14.3.18", "2018-03-14". */
static gboolean figure_date_at(const Words *words, guint at, YearSpan *ret_span)
{
    if (at + 2 >= words->count || words->word[at + 1].gap != words->word[at + 2].gap)
        return FALSE;
    guint gap = words->word[at + 1].gap;
    if (gap != GAP_SLASH && gap != GAP_DOT && gap != GAP_HYPHEN && gap != GAP_SPACE)
        return FALSE;
    guint month = day_at(words, at + 1);
    if (month == 0 || month > 12)
        return FALSE;
    int year = 0;
    if (day_at(words, at) > 0)
        year = year_at(words, at + 2);
    if (day_at(words, at) > 0 && year == 0 && gap != GAP_SPACE && gap != GAP_HYPHEN)
        year = short_year_at(words, at + 2);
    if (year == 0 && day_at(words, at + 2) > 0)
        year = year_at(words, at);
    if (year == 0)
        return FALSE;
    *ret_span = (YearSpan){year, at, at + 3, SPAN_DATED};
    return TRUE;
}

/* "20180314", as files are named. */
static gboolean packed_date_at(const Words *words, guint at, YearSpan *ret_span)
{
    const char *word = words->word[at].folded;
    if (strlen(word) != 8 || strspn(word, "0123456789") != 8)
        return FALSE;
    g_autofree char *spaced = g_strdup_printf("%.4s-%.2s-%.2s", word, word + 4, word + 6);
    g_autoptr(Words) parts = words_new(spaced, strlen(spaced));
    if (!figure_date_at(parts, 0, ret_span))
        return FALSE;
    *ret_span = (YearSpan){ret_span->year, at, at + 1, SPAN_DATED};
    return TRUE;
}

/* The last year of a range that began with `first`: 2023, or 23. */
static gboolean range_end_at(const Words *words, guint at, int first)
{
    int last = year_at(words, at);
    int longest = YEARS_OF_RANGE;
    if (last == 0 && at < words->count && strlen(words->word[at].folded) == 2) {
        gsize digits;
        guint number = number_at(words, at, FALSE, &digits);
        last = first / 100 * 100 + (int)number;
        longest = YEARS_OF_SHORT_RANGE;
        if (number <= 12 && number <= (guint)(first % 100))
            return FALSE;
    }
    return last > first && last - first <= longest;
}

/* "2021-2023", "2021/22", "dal 2021 al 2023". */
static gboolean range_at(const Words *words, guint at, YearSpan *ret_span)
{
    int first = year_at(words, at);
    if (first == 0 || at + 1 >= words->count)
        return FALSE;
    guint next = at + 1;
    if (words_is(words, next, "al") || words_is(words, next, "to") || words_is(words, next, "a"))
        next++;
    else if (!(words->word[next].gap & (GAP_HYPHEN | GAP_SLASH)))
        return FALSE;
    if (!gap_within(words, next, GAP_SPACE | GAP_LINE | GAP_HYPHEN | GAP_SLASH) ||
        !range_end_at(words, next, first))
        return FALSE;
    *ret_span = (YearSpan){first, at, next + 1, SPAN_RANGE};
    return TRUE;
}

static gboolean is_figure(const Words *words, guint at)
{
    return at < words->count && g_ascii_isdigit(words->word[at].folded[0]);
}

/* Acts whose numbers may have the year in front ("Resolution 2018/44"). */
static gboolean is_act_word(const Words *words, guint at)
{
    static const char *const ACTS[] = {"resolution", "risoluzione", "decision", "deliberazione",
                                       "delibera"};
    for (guint i = 0; i < G_N_ELEMENTS(ACTS); i++)
        if (words_is(words, at, ACTS[i]))
            return TRUE;
    return FALSE;
}

/* "12/2018": the number of an act, and its year. */
static gboolean numbered_at(const Words *words, guint at, YearSpan *ret_span)
{
    gsize digits;
    if (number_at(words, at, FALSE, &digits) == 0 || at + 1 >= words->count ||
        words->word[at + 1].gap != GAP_SLASH || !is_figure(words, at + 1))
        return FALSE;
    int year = year_at(words, at + 1);
    if (year == 0 && at > 0 && is_act_word(words, at - 1))
        year = year_at(words, at);
    *ret_span = (YearSpan){year, at, at + 2, SPAN_NUMBERED};
    return year != 0;
}

/* A year that no other figure touches: telephone numbers and "2021/1060" are none. */
static gboolean bare_at(const Words *words, guint at, gboolean in_name, YearSpan *ret_span)
{
    int year = year_at(words, at);
    const guint parting = GAP_LINE | GAP_PARAGRAPH | GAP_PAGE | GAP_COMMA;
    if (year == 0)
        return FALSE;
    gboolean after = is_figure(words, at + 1) && !(words->word[at + 1].gap & parting);
    gboolean before = at > 0 && is_figure(words, at - 1) && !(words->word[at].gap & parting);
    guint unit = at + 1 < words->count ? words->word[at + 1].gap : 0;
    if ((!in_name && (after || before)) || (unit & GAP_OTHER && words_is(words, at + 1, "euro")))
        return FALSE;
    *ret_span = (YearSpan){year, at, at + 1, SPAN_BARE};
    return TRUE;
}

/* The span that begins at word `at`. In names of files, figures part with nothing but blanks. */
static gboolean span_at(const Words *words, guint at, gboolean in_name, YearSpan *ret_span)
{
    return written_date_at(words, at, ret_span) || figure_date_at(words, at, ret_span) ||
           (in_name && packed_date_at(words, at, ret_span)) || range_at(words, at, ret_span) ||
           numbered_at(words, at, ret_span) || bare_at(words, at, in_name, ret_span);
}

/* ---- what a span means ---- */

typedef enum {
    MEANS_NOTHING,
    MEANS_REFERENCE, /* a law, a goal, another act */
    MEANS_COVERAGE,
    MEANS_APPROVAL,
    MEANS_ACT,
    MEANS_EDITION,
    MEANS_PRINT,
} Meaning;

typedef struct {
    const char *word; /* folded */
    Meaning meaning;
    guint reach; /* words from it to the span */
} TellingWord;

static const TellingWord TELLING[] = {
    {"legge", MEANS_REFERENCE, 8},
    {"leggi", MEANS_REFERENCE, 8},
    {"lgs", MEANS_REFERENCE, 8},
    {"dlgs", MEANS_REFERENCE, 8},
    {"dpr", MEANS_REFERENCE, 8},
    {"dl", MEANS_REFERENCE, 6},
    {"dm", MEANS_REFERENCE, 6},
    {"lr", MEANS_REFERENCE, 6},
    {"dpcm", MEANS_REFERENCE, 6},
    {"decreto", MEANS_REFERENCE, 10},
    {"decreti", MEANS_REFERENCE, 10},
    {"tuel", MEANS_REFERENCE, 6},
    {"law", MEANS_REFERENCE, 8},
    {"laws", MEANS_REFERENCE, 8},
    {"act", MEANS_REFERENCE, 6},
    {"decree", MEANS_REFERENCE, 8},
    {"directive", MEANS_REFERENCE, 6},
    {"direttiva", MEANS_REFERENCE, 6},
    {"ue", MEANS_REFERENCE, 3},
    {"eu", MEANS_REFERENCE, 3},
    {"cee", MEANS_REFERENCE, 3},
    {"ce", MEANS_REFERENCE, 3},
    {"ec", MEANS_REFERENCE, 3},
    {"gazzetta", MEANS_REFERENCE, 8},
    {"costituzione", MEANS_REFERENCE, 6},
    {"codice", MEANS_REFERENCE, 6},
    {"constitution", MEANS_REFERENCE, 6},
    {"circolare", MEANS_REFERENCE, 8},
    {"agenda", MEANS_REFERENCE, 2},
    {"horizon", MEANS_REFERENCE, 3},
    {"orizzonte", MEANS_REFERENCE, 3},
    {"vision", MEANS_REFERENCE, 2},
    {"visione", MEANS_REFERENCE, 2},
    {"europa", MEANS_REFERENCE, 1},
    {"europe", MEANS_REFERENCE, 1},
    {"entro", MEANS_REFERENCE, 5},
    {"by", MEANS_REFERENCE, 3},
    {"until", MEANS_REFERENCE, 4},
    {"fino", MEANS_REFERENCE, 5},
    {"verso", MEANS_REFERENCE, 2},
    {"towards", MEANS_REFERENCE, 2},
    {"dopo", MEANS_REFERENCE, 2},
    {"post", MEANS_REFERENCE, 1},
    {"after", MEANS_REFERENCE, 2},
    {"since", MEANS_REFERENCE, 2},
    {"obiettivo", MEANS_REFERENCE, 2},
    {"goal", MEANS_REFERENCE, 2},
    {"expo", MEANS_REFERENCE, 1},
    {"nato", MEANS_REFERENCE, 5},
    {"born", MEANS_REFERENCE, 5},
    {"previgente", MEANS_REFERENCE, 10},
    {"abrogato", MEANS_REFERENCE, 10},
    {"modificato", MEANS_REFERENCE, 10},
    {"modificata", MEANS_REFERENCE, 10},
    {"amended", MEANS_REFERENCE, 8},
    {"integrato", MEANS_REFERENCE, 10},

    {"anno", MEANS_COVERAGE, 2},
    {"anni", MEANS_COVERAGE, 2},
    {"annualita", MEANS_COVERAGE, 2},
    {"biennio", MEANS_COVERAGE, 2},
    {"triennio", MEANS_COVERAGE, 2},
    {"quadriennio", MEANS_COVERAGE, 2},
    {"quinquennio", MEANS_COVERAGE, 2},
    {"esercizio", MEANS_COVERAGE, 3},
    {"mandato", MEANS_COVERAGE, 3},
    {"consiliatura", MEANS_COVERAGE, 2},
    {"periodo", MEANS_COVERAGE, 2},
    {"semestre", MEANS_COVERAGE, 2},
    {"year", MEANS_COVERAGE, 2},
    {"years", MEANS_COVERAGE, 2},
    {"period", MEANS_COVERAGE, 2},
    {"biennium", MEANS_COVERAGE, 2},
    {"triennium", MEANS_COVERAGE, 2},
    {"term", MEANS_COVERAGE, 2},
    {"fy", MEANS_COVERAGE, 1},

    {"approvato", MEANS_APPROVAL, 18},
    {"approvata", MEANS_APPROVAL, 18},
    {"approvati", MEANS_APPROVAL, 18},
    {"approvate", MEANS_APPROVAL, 18},
    {"adottato", MEANS_APPROVAL, 18},
    {"adottata", MEANS_APPROVAL, 18},
    {"deliberato", MEANS_APPROVAL, 18},
    {"sottoscritto", MEANS_APPROVAL, 18},
    {"sottoscritta", MEANS_APPROVAL, 18},
    {"firmato", MEANS_APPROVAL, 18},
    {"firmata", MEANS_APPROVAL, 18},
    {"siglato", MEANS_APPROVAL, 18},
    {"stipulato", MEANS_APPROVAL, 18},
    {"stipulata", MEANS_APPROVAL, 18},
    {"emanato", MEANS_APPROVAL, 18},
    {"pubblicato", MEANS_APPROVAL, 10},
    {"pubblicata", MEANS_APPROVAL, 10},
    {"presentato", MEANS_APPROVAL, 12},
    {"presentata", MEANS_APPROVAL, 12},
    {"redatto", MEANS_APPROVAL, 12},
    {"approved", MEANS_APPROVAL, 18},
    {"adopted", MEANS_APPROVAL, 18},
    {"signed", MEANS_APPROVAL, 18},
    {"issued", MEANS_APPROVAL, 12},
    {"published", MEANS_APPROVAL, 10},
    {"endorsed", MEANS_APPROVAL, 18},
    {"presented", MEANS_APPROVAL, 12},
    {"done", MEANS_APPROVAL, 8},
    {"ratified", MEANS_APPROVAL, 18},
    {"enacted", MEANS_APPROVAL, 12},

    {"deliberazione", MEANS_ACT, 16},
    {"delibera", MEANS_ACT, 16},
    {"determinazione", MEANS_ACT, 16},
    {"determina", MEANS_ACT, 12},
    {"verbale", MEANS_ACT, 14},
    {"seduta", MEANS_ACT, 8},
    {"adunanza", MEANS_ACT, 8},
    {"sessione", MEANS_ACT, 8},
    {"ordinanza", MEANS_ACT, 12},
    {"mozione", MEANS_ACT, 12},
    {"resolution", MEANS_ACT, 14},
    {"decision", MEANS_ACT, 12},
    {"minutes", MEANS_ACT, 12},
    {"session", MEANS_ACT, 8},
    {"meeting", MEANS_ACT, 10},
    {"dcc", MEANS_ACT, 8},
    {"dgc", MEANS_ACT, 8},

    {"data", MEANS_EDITION, 3},
    {"date", MEANS_EDITION, 3},
    {"aggiornamento", MEANS_EDITION, 6},
    {"aggiornato", MEANS_EDITION, 6},
    {"updated", MEANS_EDITION, 6},
    {"update", MEANS_EDITION, 6},
    {"versione", MEANS_EDITION, 6},
    {"version", MEANS_EDITION, 6},
    {"edizione", MEANS_EDITION, 4},
    {"edition", MEANS_EDITION, 4},

    {"copyright", MEANS_PRINT, 4},
    {"stampare", MEANS_PRINT, 8},
    {"stampa", MEANS_PRINT, 6},
    {"stampato", MEANS_PRINT, 8},
    {"printed", MEANS_PRINT, 8},
    {"isbn", MEANS_REFERENCE, 8},
};

/* "L.", "D.P.R.", "D.L.", "L.R.": a single letter with a full stop right after it. */
static gboolean is_law_letter(const Words *words, guint at)
{
    const char *word = words->word[at].folded;
    return strlen(word) == 1 && strchr("lrm", word[0]) != NULL &&
           (words_gap_after(words, at) & GAP_DOT) && !(words_gap_after(words, at) & GAP_LINE);
}

static Meaning telling_at(const Words *words, guint at, guint distance)
{
    if (is_law_letter(words, at) && distance <= 6)
        return MEANS_REFERENCE;
    for (guint i = 0; i < G_N_ELEMENTS(TELLING); i++)
        if (distance <= TELLING[i].reach && words_is(words, at, TELLING[i].word))
            return TELLING[i].meaning;
    return MEANS_NOTHING;
}

/* The meaning of a span by the nearest telling word, which `ret_word` names. An act that has its
 * own word of approval before it ("approvato con deliberazione") is an approval. */
static Meaning span_meaning(const Words *words, const YearSpan *span, guint *ret_word)
{
    Meaning nearest = MEANS_NOTHING;
    *ret_word = span->first;
    if (words_is(words, span->end, "agenda") || words_is(words, span->end, "sdg"))
        return MEANS_REFERENCE;
    for (guint at = span->first; at > 0; at--) {
        if (words->word[at].gap & (GAP_PARAGRAPH | GAP_PAGE))
            break;
        Meaning meaning = telling_at(words, at - 1, span->first - at + 1);
        if (meaning == MEANS_NOTHING || (nearest == MEANS_ACT && meaning != MEANS_APPROVAL))
            continue;
        *ret_word = at - 1;
        nearest = meaning;
        if (meaning != MEANS_ACT)
            break;
    }
    return nearest;
}

static gboolean is_horizon(const YearSpan *span)
{
    return span->shape == SPAN_BARE && span->year >= HORIZON_FIRST && span->year % 5 == 0;
}

/* ---- titles and names ---- */

/* The first span of a title that is no reference. */
static int title_year(const char *title)
{
    g_autoptr(Words) words = words_new(title, title != NULL ? strlen(title) : 0);
    YearSpan span;
    for (guint at = 0; at < words->count; at++) {
        if (!span_at(words, at, FALSE, &span))
            continue;
        guint telling;
        Meaning meaning = span_meaning(words, &span, &telling);
        gboolean numbered_act = meaning == MEANS_ACT || meaning == MEANS_APPROVAL;
        if (meaning != MEANS_REFERENCE && !is_horizon(&span) &&
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
    for (guint i = 0; at > 0 && i < G_N_ELEMENTS(COUNTED); i++)
        if (words_is(words, at - 1, COUNTED[i]))
            return TRUE;
    return FALSE;
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
        if (!span_at(words, at, TRUE, &span))
            continue;
        guint telling;
        gboolean counted = span.shape == SPAN_BARE && is_counter(words, at);
        if (span_meaning(words, &span, &telling) != MEANS_REFERENCE && !is_horizon(&span) &&
            !counted)
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

enum { SHORT_LINE_WORDS = 12, DATE_LINE_WORDS = 8 };

/* Words of an address or a register number, in whose lines a bare figure is no year. */
static gboolean is_address_line(const Words *words, const FrontLine *line)
{
    static const char *const ADDRESS[] = {"via",    "piazza", "viale", "corso", "tel", "telefono",
                                          "fax",    "cap",    "prot",  "iva",   "cf",  "phone",
                                          "street", "codice", "iban",  "pec",   "www", "p"};
    for (guint at = line->first_word; at < line->end_word; at++)
        for (guint i = 0; i < G_N_ELEMENTS(ADDRESS); i++)
            if (words_is(words, at, ADDRESS[i]))
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
    if (span->shape == SPAN_DATED && count <= DATE_LINE_WORDS && last)
        return STRONG_DATELINE;
    if (span->shape == SPAN_DATED && count <= SHORT_LINE_WORDS)
        return STRONG_BARE;
    if (span->shape == SPAN_RANGE && count <= SHORT_LINE_WORDS)
        return STRONG_RANGE;
    if (span->shape == SPAN_BARE && count <= SHORT_LINE_WORDS && last && !is_horizon(span))
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
    Meaning meaning = span_meaning(front->words, span, &telling);
    if (meaning == MEANS_REFERENCE || is_horizon(span))
        return 0;
    if (span->first >= front->head_words)
        return later_strength(front->words, span, meaning, telling);
    if (meaning == MEANS_NOTHING)
        return line_strength(front, span);
    if (meaning == MEANS_ACT && span->shape == SPAN_BARE)
        return STRONG_BARE;
    return IN_HEAD[meaning];
}

/* The number below a hundred that an Italian numeral is ("ventisei"); 0: none. */
static guint italian_number(const char *word)
{
    static const char *const SMALL[] = {"",        "uno",         "due",         "tre",
                                        "quattro", "cinque",      "sei",         "sette",
                                        "otto",    "nove",        "dieci",       "undici",
                                        "dodici",  "tredici",     "quattordici", "quindici",
                                        "sedici",  "diciassette", "diciotto",    "diciannove"};
    static const char *const TENS[] = {"vent",    "trent",   "quarant", "cinquant",
                                       "sessant", "settant", "ottant",  "novant"};
    for (guint i = 1; i < G_N_ELEMENTS(SMALL); i++)
        if (strcmp(word, SMALL[i]) == 0)
            return i;
    for (guint i = 0; i < G_N_ELEMENTS(TENS); i++) {
        if (!g_str_has_prefix(word, TENS[i]))
            continue;
        const char *rest = word + strlen(TENS[i]);
        rest += *rest == 'a' || (*rest == 'i' && i == 0) ? 1 : 0;
        guint units = *rest != '\0' ? italian_number(rest) : 0;
        if (*rest == '\0' || (units > 0 && units < 10))
            return (i + 2) * 10 + units;
    }
    return 0;
}

/* The year that an Italian numeral is ("duemilanove", "millenovecentonovantotto"); 0: none. */
static int italian_year(const char *word)
{
    if (strcmp(word, "duemila") == 0)
        return 2000;
    if (g_str_has_prefix(word, "duemila") && italian_number(word + 7) > 0)
        return 2000 + (int)italian_number(word + 7);
    if (g_str_has_prefix(word, "millenovecento") && italian_number(word + 14) > 0)
        return 1900 + (int)italian_number(word + 14);
    return 0;
}

/* How minutes begin: "L'anno duemilanove, il giorno...", "L'anno 2009 addì...". */
static int opening_year(const Words *words)
{
    for (guint at = 1; at + 1 < words->count; at++) {
        if (!words_is(words, at, "anno") || !words_is(words, at - 1, "l") ||
            !words_begins_line(words, at - 1))
            continue;
        int year = italian_year(words->word[at + 1].folded);
        if (year == 0)
            year = year_at(words, at + 1);
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
        if (!span_at(words, at, FALSE, &span))
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

gboolean catalogue_year_is_date(const Words *words, guint first, guint end)
{
    YearSpan span;
    gboolean placed = FALSE; /* "Bari, 12 giugno 2014" */
    for (guint at = first; at < end && at - first < 5; at++) {
        placed |= at > first && (words->word[at].gap & GAP_COMMA);
        if (!span_at(words, at, FALSE, &span) || span.shape != SPAN_DATED)
            continue;
        return placed || span.end >= end || (at - first < 2 && end - first <= DATE_LINE_WORDS);
    }
    return FALSE;
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
