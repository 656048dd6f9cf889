/* See log_line.h. */
#include "log_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const LEVELS[] = {"info", "warning", "error"};

static gboolean is_plain(const char *text)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./:+@%,";
    return *text && text[strspn(text, PLAIN)] == '\0';
}

/* Whether it is seen as itself, and as nothing else. */
static gboolean is_visible(gunichar character)
{
    switch (g_unichar_type(character)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_UNASSIGNED:
        return FALSE;
    default:
        return TRUE;
    }
}

static void append_character(GString *line, gunichar character, gboolean is_quoted)
{
    if (is_quoted && (character == '"' || character == '\\'))
        g_string_append_printf(line, "\\%c", (char)character);
    else if (character == '\n')
        g_string_append(line, "\\n");
    else if (character == '\t')
        g_string_append(line, "\\t");
    else if (is_visible(character))
        g_string_append_unichar(line, character);
    else
        g_string_append_printf(line, character > 0xffff ? "\\U%08x" : "\\u%04x", character);
}

/* A byte that is no UTF-8 is shown as such: two names that differ in it look different. */
static void append_text(GString *line, const char *text, gboolean is_quoted)
{
    while (*text) {
        gunichar character = g_utf8_get_char_validated(text, -1);
        if (character == (gunichar)-1 || character == (gunichar)-2) {
            g_string_append_printf(line, "\\x%02x", (guint)(guchar)*text++);
            continue;
        }
        append_character(line, character, is_quoted);
        text = g_utf8_next_char(text);
    }
}

char *log_printable(const char *text)
{
    GString *line = g_string_new(NULL);
    append_text(line, text, FALSE);
    return g_string_free(line, FALSE);
}

char *log_value(const char *text)
{
    if (is_plain(text))
        return g_strdup(text);
    GString *value = g_string_new("\"");
    append_text(value, text, TRUE);
    g_string_append_c(value, '"');
    return g_string_free(value, FALSE);
}

static char *make_line(gint64 unix_time, LogLevel level, const char *event, va_list pairs)
{
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(unix_time);
    g_autofree char *time = at ? g_date_time_format(at, "%Y-%m-%dT%H:%M:%SZ") : g_strdup("-");
    GString *line = g_string_new(NULL);
    g_string_append_printf(line, "time=%s level=%s event=%s", time, LEVELS[level], event);
    const char *name;
    while ((name = va_arg(pairs, const char *))) {
        const char *text = va_arg(pairs, const char *);
        g_autofree char *value = text ? log_value(text) : NULL;
        if (value)
            g_string_append_printf(line, " %s=%s", name, value);
    }
    g_string_append_c(line, '\n');
    return g_string_free(line, FALSE);
}

char *log_line_at(gint64 unix_time, LogLevel level, const char *event, ...)
{
    va_list pairs;
    va_start(pairs, event);
    char *line = make_line(unix_time, level, event, pairs);
    va_end(pairs);
    return line;
}

char *log_line(LogLevel level, const char *event, ...)
{
    va_list pairs;
    va_start(pairs, event);
    char *line = make_line(g_get_real_time() / G_USEC_PER_SEC, level, event, pairs);
    va_end(pairs);
    return line;
}

void log_write(LogLevel level, const char *event, ...)
{
    va_list pairs;
    va_start(pairs, event);
    g_autofree char *line = make_line(g_get_real_time() / G_USEC_PER_SEC, level, event, pairs);
    va_end(pairs);
    /* A log that takes nothing has nobody left to be told. */
    if (write(STDERR_FILENO, line, strlen(line)) < 0)
        return;
}

void log_tell(LogLevel level, const char *event, const char *path, const char *message)
{
    if (!isatty(STDERR_FILENO)) {
        log_write(level, event, "path", path, "message", message, NULL);
        return;
    }
    g_autofree char *name = path ? log_printable(path) : NULL;
    g_autofree char *sentence = log_printable(message);
    fprintf(stderr, "%s%s%s\n", name ? name : "", name ? ": " : "", sentence);
}
