/* See paragraphs.h. */
#include "paragraphs.h"

#include <string.h>

/* Below this share of the page's long lines a line may be an address or a cell: a capital or a
 * figure after it begins the next one. */
static const double NARROW_SHARE = 0.5;
/* Lines are ragged: a word that would have filled more than this share of the column, or come
 * closer to its edge than this many characters, may not have fitted. */
static const double FITTING_SHARE = 0.9;
static const glong FITTING_ROOM = 6;
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

/* Lines are set in columns: how wide the one around a line is shows in its neighbours. */
static glong column_width(const GArray *lines, guint at)
{
    enum { BEFORE = 1, AFTER = 2 };
    glong width = 0;
    for (guint i = at >= BEFORE ? at - BEFORE : 0; i <= at + AFTER && i < lines->len; i++)
        width = MAX(width, g_array_index(lines, Line, i).characters);
    return width;
}

static const char *first_word(const Line *line, gsize *ret_length)
{
    const char *word = line->text, *end = line->text + line->length;
    while (word < end && g_ascii_isspace(*word))
        word++;
    *ret_length = strcspn(word, " \t\n");
    return word;
}

/* Whether the next line's first word had room: then the line was ended on purpose. */
static gboolean had_room(const GArray *lines, guint at)
{
    gsize length;
    const char *word = first_word(&g_array_index(lines, Line, at + 1), &length);
    glong needed =
        g_array_index(lines, Line, at).characters + 1 + g_utf8_strlen(word, (gssize)length);
    glong width = column_width(lines, at);
    return needed + FITTING_ROOM <= width && (double)needed <= FITTING_SHARE * (double)width;
}

/* A small letter goes on with a sentence, wherever its line ended; a capital or a figure may begin
 * anew. */
static gboolean goes_on(const Line *line)
{
    gsize length;
    const char *word = first_word(line, &length);
    return length > 0 && g_unichar_islower(g_utf8_get_char(word));
}

static gboolean begins_anew(const Line *line)
{
    gsize length;
    gunichar first = g_utf8_get_char(first_word(line, &length));
    return length > 0 && (g_unichar_isupper(first) || g_unichar_isdigit(first));
}

static Break break_after(const GArray *lines, guint at, glong longest)
{
    const Line *before = &g_array_index(lines, Line, at);
    const Line *after = &g_array_index(lines, Line, at + 1);
    gboolean is_narrow = (double)before->characters < NARROW_SHARE * (double)longest;
    if (before->characters == 0)
        return BREAK_NOTHING;
    if (after->characters == 0)
        return BREAK_PARAGRAPH;
    if (begins_item(after))
        return BREAK_LINE;
    if (goes_on(after))
        return BREAK_SPACE;
    return had_room(lines, at) || (is_narrow && begins_anew(after)) ? BREAK_LINE : BREAK_SPACE;
}

GArray *paragraphs_breaks(const char *text)
{
    GArray *breaks = g_array_new(FALSE, FALSE, sizeof(Break));
    g_autoptr(GArray) lines = split_lines(text);
    glong longest = long_line(lines);
    for (guint i = 0; i + 1 < lines->len; i++) {
        Break kind = break_after(lines, i, longest);
        g_array_append_val(breaks, kind);
    }
    return breaks;
}
