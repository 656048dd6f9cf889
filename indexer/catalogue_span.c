/* See catalogue_year_private.h: the forms in which years are written.
 *
 * At one word the fuller form is tried first (a date, a range, an act's number, a bare year), so
 * that no part of a date is taken for a year of its own. */
#include <string.h>

#include "catalogue_year_private.h"

enum { YEARS_OF_RANGE = 40, YEARS_OF_SHORT_RANGE = 15 };

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

int catalogue_year_at(const Words *words, guint at)
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
    return WORDS_IN(words, at, MONTHS);
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
    int year = catalogue_year_at(words, i);
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
        year = catalogue_year_at(words, at + 2);
    if (day_at(words, at) > 0 && year == 0 && gap != GAP_SPACE && gap != GAP_HYPHEN)
        year = short_year_at(words, at + 2);
    if (year == 0 && day_at(words, at + 2) > 0)
        year = catalogue_year_at(words, at);
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
    int last = catalogue_year_at(words, at);
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
    int first = catalogue_year_at(words, at);
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
    return WORDS_IN(words, at, ACTS);
}

/* "12/2018": the number of an act, and its year. */
static gboolean numbered_at(const Words *words, guint at, YearSpan *ret_span)
{
    gsize digits;
    if (number_at(words, at, FALSE, &digits) == 0 || at + 1 >= words->count ||
        words->word[at + 1].gap != GAP_SLASH || !is_figure(words, at + 1))
        return FALSE;
    int year = catalogue_year_at(words, at + 1);
    if (year == 0 && at > 0 && is_act_word(words, at - 1))
        year = catalogue_year_at(words, at);
    *ret_span = (YearSpan){year, at, at + 2, SPAN_NUMBERED};
    return year != 0;
}

/* A year that no other figure touches: telephone numbers and "2021/1060" are none. */
static gboolean bare_at(const Words *words, guint at, gboolean in_name, YearSpan *ret_span)
{
    int year = catalogue_year_at(words, at);
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

gboolean catalogue_span_at(const Words *words, guint at, gboolean in_name, YearSpan *ret_span)
{
    return written_date_at(words, at, ret_span) || figure_date_at(words, at, ret_span) ||
           (in_name && packed_date_at(words, at, ret_span)) || range_at(words, at, ret_span) ||
           numbered_at(words, at, ret_span) || bare_at(words, at, in_name, ret_span);
}

/* Years in words */

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

int catalogue_year_written(const char *word)
{
    if (strcmp(word, "duemila") == 0)
        return 2000;
    if (g_str_has_prefix(word, "duemila") && italian_number(word + 7) > 0)
        return 2000 + (int)italian_number(word + 7);
    if (g_str_has_prefix(word, "millenovecento") && italian_number(word + 14) > 0)
        return 1900 + (int)italian_number(word + 14);
    return 0;
}

/* Dates */

gboolean catalogue_year_is_date(const Words *words, guint first, guint end)
{
    YearSpan span;
    gboolean placed = FALSE; /* "Bari, 12 giugno 2014" */
    for (guint at = first; at < end && at - first < 5; at++) {
        placed |= at > first && (words->word[at].gap & GAP_COMMA);
        if (!catalogue_span_at(words, at, FALSE, &span) || span.shape != SPAN_DATED)
            continue;
        return placed || span.end >= end ||
               (at - first < 2 && end - first <= CATALOGUE_DATE_LINE_WORDS);
    }
    return FALSE;
}
