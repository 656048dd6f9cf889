/* See csv.h. */
#include "csv.h"

#include <string.h>

#include "plain.h"

CsvLine csv_line(GString *out, char separator)
{
    return (CsvLine){out, separator, FALSE};
}

static void begin_value(CsvLine *line)
{
    if (line->is_begun)
        g_string_append_c(line->out, line->separator);
    line->is_begun = TRUE;
}

static gboolean begins_formula(const char *at)
{
    static const gunichar SIGNS[] = {'=', '+', '-', '@', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20};
    gunichar c = g_utf8_get_char(at);
    for (gsize i = 0; i < G_N_ELEMENTS(SIGNS); i++)
        if (c == SIGNS[i])
            return TRUE;
    return FALSE;
}

void csv_text(CsvLine *line, const char *text)
{
    begin_value(line);
    if (!text)
        return;
    g_autofree char *value = plain_line(text);
    gboolean may_begin = TRUE;
    g_string_append_c(line->out, '"');
    for (const char *at = value; *at; at = g_utf8_next_char(at)) {
        if (may_begin && begins_formula(at))
            g_string_append_c(line->out, '\'');
        may_begin = *at == ',' || *at == ';';
        g_string_append(line->out, *at == '"' ? "\"" : "");
        g_string_append_len(line->out, at, g_utf8_next_char(at) - at);
    }
    g_string_append_c(line->out, '"');
}

void csv_number(CsvLine *line, gint64 number)
{
    begin_value(line);
    g_string_append_printf(line->out, "%" G_GINT64_FORMAT, number);
}

void csv_real(CsvLine *line, double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    begin_value(line);
    g_string_append(line->out, g_ascii_formatd(text, sizeof text, "%.3f", number));
}

void csv_end(CsvLine *line)
{
    g_string_append(line->out, "\r\n");
    line->is_begun = FALSE;
}
