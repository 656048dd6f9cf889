/* See plain.h. */
#include "plain.h"

#include <string.h>

/* Bidirectional controls are format characters; others of these, such as the joiners that some
 * scripts need, are text. */
static gboolean turns_direction(gunichar c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

static gboolean is_blank(gunichar c)
{
    return g_unichar_isspace(c) || g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029 ||
           turns_direction(c);
}

char *plain_line(const char *text)
{
    GString *line = g_string_new(NULL);
    g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);
    gboolean waits = FALSE;
    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (is_blank(c)) {
            waits = line->len > 0;
            continue;
        }
        if (waits)
            g_string_append_c(line, ' ');
        g_string_append_unichar(line, c);
        waits = FALSE;
    }
    return g_string_free(line, FALSE);
}

/* A word that does not fit is left out, but for a first one, which is cut. */
static void cut_slug(GString *slug, gsize most)
{
    if (slug->len <= most)
        return;
    gsize end = most;
    while (end > 0 && slug->str[end] != '-')
        end--;
    g_string_truncate(slug, end > 0 ? end : most);
}

char *plain_slug(const char *text, gsize most)
{
    GString *slug = g_string_new(NULL);
    g_autofree char *line = plain_line(text);
    g_autofree char *apart = g_utf8_normalize(line, -1, G_NORMALIZE_ALL);
    gboolean waits = FALSE;
    for (const char *at = apart ? apart : ""; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_ismark(c))
            continue;
        if (c > 127 || !g_ascii_isalnum((char)c)) {
            waits = slug->len > 0;
            continue;
        }
        if (waits)
            g_string_append_c(slug, '-');
        g_string_append_c(slug, g_ascii_tolower((char)c));
        waits = FALSE;
    }
    cut_slug(slug, most);
    return g_string_free(slug, FALSE);
}
