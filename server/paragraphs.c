/* See paragraphs.h. */
#include "paragraphs.h"

#include <string.h>

/* A line shorter than this share of the page's long lines was meant to end where it ends. */
static const double SHORT_SHARE = 0.72;
/* The long lines: longer than nine lines in ten would be upset by a table or a heading. */
static const double LONG_QUANTILE = 0.8;

typedef struct {
    const char *text;
    gsize length;     /* bytes, without the newline */
    glong characters; /* without white space around */
} Line;

static GArray *split_lines(const char *text)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(Line));
    for (const char *at = text;; at++) {
        gsize length = strcspn(at, "\n");
        g_autofree char *bare = g_strstrip(g_strndup(at, length));
        Line line = {at, length, g_utf8_strlen(bare, -1)};
        g_array_append_val(lines, line);
        at += length;
        if (!*at)
            return lines;
    }
}

static gint compare_lengths(gconstpointer a, gconstpointer b)
{
    glong left = *(const glong *)a, right = *(const glong *)b;
    return left < right ? -1 : left > right;
}

static glong long_line(const GArray *lines)
{
    g_autoptr(GArray) lengths = g_array_new(FALSE, FALSE, sizeof(glong));
    for (guint i = 0; i < lines->len; i++) {
        glong characters = g_array_index(lines, Line, i).characters;
        if (characters > 0)
            g_array_append_val(lengths, characters);
    }
    if (lengths->len == 0)
        return 0;
    g_array_sort(lengths, compare_lengths);
    return g_array_index(lengths, glong, (guint)((lengths->len - 1) * LONG_QUANTILE));
}

static gboolean is_bullet(gunichar character)
{
    static const gunichar BULLETS[] = {'-',    '*',    0x2013, 0x2014, 0x2022, 0x2023, 0x25AA,
                                       0x25CF, 0x25A0, 0x2043, 0x00B7, 0x25E6, 0x27A2, 0x2192};
    for (gsize i = 0; i < G_N_ELEMENTS(BULLETS); i++)
        if (character == BULLETS[i])
            return TRUE;
    /* The private characters that symbol fonts leave behind. */
    return character >= 0xF000 && character <= 0xF0FF;
}

/* "3." "3)" "a)" "(a)" "iv." and nothing longer. */
static gboolean is_number(const char *text, gsize length)
{
    gsize at = length > 0 && text[0] == '(' ? 1 : 0, begin = at;
    while (at < length && g_ascii_isalnum(text[at]))
        at++;
    gboolean is_digit = g_ascii_isdigit(text[begin]);
    return at > begin && at - begin <= 3 && at + 1 < length && strchr(".)", text[at]) &&
           (text[at] == ')' || is_digit || at - begin == 1) && text[at + 1] == ' ';
}

static gboolean begins_item(const Line *line)
{
    const char *text = line->text;
    const char *end = text + line->length;
    while (text < end && g_ascii_isspace(*text))
        text++;
    if (text == end)
        return FALSE;
    gunichar first = g_utf8_get_char(text);
    const char *second = g_utf8_next_char(text);
    if (is_bullet(first))
        return second >= end || *second == ' ' || first >= 0x2022;
    return is_number(text, (gsize)(end - text));
}

static Break break_between(const Line *before, const Line *after, glong longest)
{
    if (before->characters == 0)
        return BREAK_NOTHING;
    if (after->characters == 0)
        return BREAK_PARAGRAPH;
    if (begins_item(after) || (double)before->characters < SHORT_SHARE * (double)longest)
        return BREAK_LINE;
    return BREAK_SPACE;
}

GArray *paragraphs_breaks(const char *text)
{
    GArray *breaks = g_array_new(FALSE, FALSE, sizeof(Break));
    g_autoptr(GArray) lines = split_lines(text);
    glong longest = long_line(lines);
    for (guint i = 0; i + 1 < lines->len; i++) {
        Break kind = break_between(&g_array_index(lines, Line, i),
                                   &g_array_index(lines, Line, i + 1), longest);
        g_array_append_val(breaks, kind);
    }
    return breaks;
}
