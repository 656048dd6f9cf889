/* Text: see text.h.
 *
 * Two steps. Each page is rewritten character by character into one growing text; spaces and line
 * ends are only counted, and written when the next character shows what they amount to, so
 * trailing ones never come about. Then hyphen.h makes broken words whole.
 *
 * Most characters are ASCII or the accented letters of Latin-1 and go through in stretches. Only a
 * page with characters that NFC may change is normalised; that is rare and slow. A document that
 * has such a page is once more in the end: what a hyphen parted may compose (Hangul). */
#include "text.h"

#include "hyphen.h"
#include "limits.h"

#include <string.h>

enum {
    TAB_SPACES = 3, /* a tab is a gap */
    GAP_SPACES = 3, /* so many spaces are a gap between columns, written as two */
};

typedef struct {
    GString *out;
    gsize page_start;
    guint spaces;       /* since the last character */
    guint line_ends;    /* since the last character */
    guint marks;        /* combining marks since the last letter */
    gboolean normalise; /* the page has characters that NFC may change */
    gboolean again;     /* so has one of the pages */
} Cleaner;

/* ---- kinds of character ---- */

typedef enum {
    KIND_TEXT,
    KIND_SPACE,
    KIND_TAB,
    KIND_LINE_END,
    KIND_NOTHING,
    KIND_COMBINING,
    KIND_LIGATURE,
} CharacterKind;

/* Ranges that are not simply text, in order. */
static const struct {
    gunichar first;
    gunichar last;
    CharacterKind kind;
} RANGES[] = {
    {0x0000, 0x0008, KIND_NOTHING},   {0x0009, 0x0009, KIND_TAB},
    {0x000A, 0x000B, KIND_LINE_END},  {0x000C, 0x000D, KIND_LINE_END},
    {0x000E, 0x001F, KIND_NOTHING},   {0x0020, 0x0020, KIND_SPACE},
    {0x007F, 0x0084, KIND_NOTHING},   {0x0085, 0x0085, KIND_LINE_END},
    {0x0086, 0x009F, KIND_NOTHING},   {0x00A0, 0x00A0, KIND_SPACE},
    {0x0300, 0x036F, KIND_COMBINING}, {0x061C, 0x061C, KIND_NOTHING},
    {0x1680, 0x1680, KIND_SPACE},     {0x180E, 0x180E, KIND_NOTHING},
    {0x1AB0, 0x1AFF, KIND_COMBINING}, {0x1DC0, 0x1DFF, KIND_COMBINING},
    {0x2000, 0x200A, KIND_SPACE},     {0x200B, 0x200F, KIND_NOTHING},
    {0x2028, 0x2029, KIND_LINE_END},  {0x202A, 0x202E, KIND_NOTHING},
    {0x202F, 0x202F, KIND_SPACE},     {0x205F, 0x205F, KIND_SPACE},
    {0x2060, 0x206F, KIND_NOTHING},   {0x20D0, 0x20FF, KIND_COMBINING},
    {0x3000, 0x3000, KIND_SPACE},     {0xE000, 0xF8FF, KIND_SPACE},
    {0xFB00, 0xFB06, KIND_LIGATURE},  {0xFE00, 0xFE0F, KIND_NOTHING},
    {0xFE20, 0xFE2F, KIND_COMBINING}, {0xFEFF, 0xFEFF, KIND_NOTHING},
    {0xFFF9, 0xFFFC, KIND_NOTHING},   {0xFFFE, 0xFFFF, KIND_NOTHING},
    {0xE0000, 0xE007F, KIND_NOTHING}, {0xF0000, 0x10FFFF, KIND_SPACE},
};

static const char *const LIGATURES[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"}; /* U+FB00... */

static CharacterKind kind_of(gunichar c)
{
    gsize low = 0;
    gsize high = G_N_ELEMENTS(RANGES);
    while (low < high) {
        gsize middle = (low + high) / 2;
        if (c > RANGES[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < G_N_ELEMENTS(RANGES) && c >= RANGES[low].first ? RANGES[low].kind : KIND_TEXT;
}

/* Whether NFC leaves a character alone, whatever its neighbours; FALSE also for "not sure". */
static gboolean is_stable(gunichar c)
{
    return c < 0x300 || (c >= 0x400 && c < 0x483) || (c >= 0x48A && c < 0x530) ||
           (c >= 0x2010 && c < 0x20D0) || (c >= 0x20A0 && c < 0x20D0) ||
           (c >= 0x2190 && c < 0x2200) || (c >= 0x2460 && c < 0x2A00) ||
           (c >= 0x3400 && c < 0xA000) || c == 0xFFFD;
}

/* ---- writing ---- */

/* Writes what spaces and line ends since the last character amount to. */
static inline void write_gap(Cleaner *cleaner)
{
    if (cleaner->line_ends > 0) {
        if (cleaner->out->len > cleaner->page_start)
            g_string_append(cleaner->out, cleaner->line_ends > 1 ? "\n\n" : "\n");
    } else if (cleaner->spaces > 0 && cleaner->out->len > cleaner->page_start) {
        g_string_append(cleaner->out, cleaner->spaces >= GAP_SPACES ? "  " : " ");
    }
    cleaner->line_ends = 0;
    cleaner->spaces = 0;
}

static inline void write_text(Cleaner *cleaner, const char *bytes, gsize length)
{
    write_gap(cleaner);
    g_string_append_len(cleaner->out, bytes, (gssize)length);
    cleaner->marks = 0;
}

/* A combining mark that stands on nothing, or is one too many, is dropped. */
static void write_mark(Cleaner *cleaner, const char *bytes, gsize length)
{
    if (cleaner->spaces > 0 || cleaner->line_ends > 0 || cleaner->marks >= LIMIT_COMBINING_MARKS)
        return;
    g_string_append_len(cleaner->out, bytes, (gssize)length);
    cleaner->marks++;
    cleaner->normalise = TRUE;
}

/* A soft hyphen matters behind a word and at a line's end only; elsewhere it has done its work, and
 * would leave a blank where none should be. */
static gboolean follows_text(const Cleaner *cleaner)
{
    return cleaner->spaces == 0 && cleaner->line_ends == 0 &&
           cleaner->out->len > cleaner->page_start;
}

static gboolean ends_line(const char *at, const char *end)
{
    while (at < end && *at == ' ')
        at++;
    return at == end || *at == '\n' || *at == '\r';
}

/* The marks of other scripts take part in the canonical order, too: among them, more than
 * LIMIT_COMBINING_MARKS of those above would come together again. */
static CharacterKind kind_of_other(gunichar c)
{
    CharacterKind kind = kind_of(c);
    gboolean is_mark = kind == KIND_TEXT && !is_stable(c) && g_unichar_combining_class(c) != 0;
    return is_mark ? KIND_COMBINING : kind;
}

static void write_other(Cleaner *cleaner, gunichar c, const char *bytes, gsize length)
{
    switch (kind_of_other(c)) {
    case KIND_TEXT:
        write_text(cleaner, bytes, length);
        cleaner->normalise = cleaner->normalise || !is_stable(c);
        break;
    case KIND_SPACE:
        cleaner->spaces++;
        break;
    case KIND_TAB:
        cleaner->spaces += TAB_SPACES;
        break;
    case KIND_LINE_END:
        cleaner->line_ends++;
        break;
    case KIND_COMBINING:
        write_mark(cleaner, bytes, length);
        break;
    case KIND_LIGATURE:
        write_text(cleaner, LIGATURES[c - 0xFB00], strlen(LIGATURES[c - 0xFB00]));
        break;
    case KIND_NOTHING:
        break;
    }
}

/* ---- reading ---- */

/* The end of the stretch of printable ASCII and Latin-1 letters that begins at `at`. */
static const char *easy_end(const char *at, const char *end)
{
    for (; at < end; at++) {
        guint8 c = (guint8)*at;
        if (c > 0x20 && c < 0x7F)
            continue;
        if (c != 0xC3 || end - at < 2 || ((guint8)at[1] & 0xC0) != 0x80)
            break;
        at++;
    }
    return at;
}

/* One character that is not easy; returns where it ends. Bytes that are no UTF-8 become U+FFFD. */
static const char *clean_hard(Cleaner *cleaner, const char *at, const char *end)
{
    if (*at == '\r' && end - at > 1 && at[1] == '\n')
        return at + 1;
    gunichar c = g_utf8_get_char_validated(at, end - at);
    if (c == (gunichar)-1 || c == (gunichar)-2) {
        write_text(cleaner, "\xEF\xBF\xBD", 3);
        return at + 1;
    }
    const char *next = g_utf8_next_char(at);
    if (c != 0xAD)
        write_other(cleaner, c, at, (gsize)(next - at));
    else if (follows_text(cleaner) && ends_line(next, end))
        write_text(cleaner, HYPHEN_SOFT, strlen(HYPHEN_SOFT));
    return next;
}

static void normalise_from(GString *text, gsize start)
{
    g_autofree char *normal = g_utf8_normalize(text->str + start, -1, G_NORMALIZE_NFC);
    g_string_truncate(text, start);
    g_string_append(text, normal);
}

static void clean_page(Cleaner *cleaner, const char *page)
{
    const char *at = page;
    const char *end = page + strlen(page);
    cleaner->page_start = cleaner->out->len;
    cleaner->spaces = cleaner->line_ends = cleaner->marks = 0;
    cleaner->normalise = FALSE;
    while (at < end) {
        const char *easy = easy_end(at, end);
        if (easy > at)
            write_text(cleaner, at, (gsize)(easy - at));
        for (at = easy; at < end && *at == ' '; at++)
            cleaner->spaces++;
        if (at < end && at == easy)
            at = clean_hard(cleaner, at, end);
    }
    cleaner->again = cleaner->again || cleaner->normalise;
    if (cleaner->normalise)
        normalise_from(cleaner->out, cleaner->page_start);
}

/* What is left of soft hyphens that broke no word after all. */
static void drop_soft_hyphens(GString *text)
{
    gsize kept = 0;
    if (!strstr(text->str, HYPHEN_SOFT))
        return;
    for (gsize i = 0; i < text->len; i++) {
        if (text->str[i] == HYPHEN_SOFT[0] && text->str[i + 1] == HYPHEN_SOFT[1])
            i++;
        else
            text->str[kept++] = text->str[i];
    }
    g_string_truncate(text, kept);
}

static gsize total_length(const GPtrArray *pages)
{
    gsize total = 0;
    for (guint i = 0; i < pages->len; i++)
        total += pages->pdata[i] ? strlen(pages->pdata[i]) + 1 : 1;
    return total;
}

GString *text_clean(const GPtrArray *pages)
{
    Cleaner cleaner = {.out = g_string_sized_new(total_length(pages) + 1)};
    for (guint i = 0; i < pages->len; i++) {
        if (i > 0)
            g_string_append_c(cleaner.out, '\f');
        if (pages->pdata[i])
            clean_page(&cleaner, pages->pdata[i]);
    }
    GString *whole = hyphen_join(cleaner.out, NULL, NULL);
    drop_soft_hyphens(whole);
    if (cleaner.again)
        normalise_from(whole, 0);
    return whole;
}
