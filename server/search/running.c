/* See running.h. */
#include "running.h"

#include <string.h>

#include "../../indexer/analysis.h"

typedef struct {
    gsize start;
    gsize end; /* without the line's end */
} Line;

typedef struct {
    Line line[RUNNING_LINES];
    guint count;
} Lines;

static gboolean is_shown(char byte)
{
    return (guchar)byte > ' ';
}

static gboolean is_blank(const char *text, Line line)
{
    for (gsize i = line.start; i < line.end; i++)
        if (is_shown(text[i]))
            return FALSE;
    return TRUE;
}

static gsize line_end(const char *text, gsize length, gsize at)
{
    const char *end = memchr(text + at, '\n', length - at);
    return end ? (gsize)(end - text) : length;
}

/* The first lines that show anything. */
static Lines lines_at_top(const char *text, gsize length)
{
    Lines lines = {.count = 0};
    for (gsize at = 0; at < length && lines.count < RUNNING_LINES;) {
        Line line = {at, line_end(text, length, at)};
        if (!is_blank(text, line))
            lines.line[lines.count++] = line;
        at = line.end + 1;
    }
    return lines;
}

static gsize line_start(const char *text, gsize end)
{
    while (end > 0 && text[end - 1] != '\n')
        end--;
    return end;
}

/* The last ones, the lowest first. */
static Lines lines_at_bottom(const char *text, gsize length)
{
    Lines lines = {.count = 0};
    for (gsize end = length; end > 0 && lines.count < RUNNING_LINES;) {
        Line line = {line_start(text, end), end};
        if (!is_blank(text, line))
            lines.line[lines.count++] = line;
        end = line.start > 0 ? line.start - 1 : 0;
    }
    return lines;
}

/* The next byte of a line that counts: neither blank, mark nor figure. */
static gsize skip_loose(const char *text, gsize at, gsize end)
{
    while (at < end && (!is_shown(text[at]) || g_ascii_isdigit(text[at])))
        at++;
    return at;
}

static gboolean is_same(const char *text, Line line, const char *other, Line other_line)
{
    gsize a = skip_loose(text, line.start, line.end);
    gsize b = skip_loose(other, other_line.start, other_line.end);
    while (a < line.end && b < other_line.end && text[a] == other[b]) {
        a = skip_loose(text, a + 1, line.end);
        b = skip_loose(other, b + 1, other_line.end);
    }
    return a == line.end && b == other_line.end;
}

/* Keeps of `lines` those that the neighbour has at the same end. */
static void keep_common(Lines *lines, const char *text, const Lines *others, const char *other)
{
    guint kept = 0;
    for (guint i = 0; i < lines->count; i++) {
        gboolean is_running = FALSE;
        for (guint j = 0; j < others->count && !is_running; j++)
            is_running = is_same(text, lines->line[i], other, others->line[j]);
        if (is_running)
            lines->line[kept++] = lines->line[i];
    }
    lines->count = kept;
}

static void blank_line(char *text, Line line)
{
    for (gsize i = line.start; i < line.end; i++)
        if ((guchar)text[i] > MARK_TERMS)
            text[i] = '\n';
}

static gsize shown_bytes(const char *text, Line line)
{
    gsize shown = 0;
    for (gsize i = line.start; i < line.end; i++)
        shown += is_shown(text[i]);
    return shown;
}

static gsize bytes_of(const char *text, const Lines *lines)
{
    gsize bytes = 0;
    for (guint i = 0; i < lines->count; i++)
        bytes += shown_bytes(text, lines->line[i]);
    return bytes;
}

/* On a short page the first lines are the last ones as well. */
static void drop_known(Lines *lines, const Lines *known)
{
    guint kept = 0;
    for (guint i = 0; i < lines->count; i++) {
        gboolean is_known = FALSE;
        for (guint j = 0; j < known->count; j++)
            is_known |= known->line[j].start == lines->line[i].start;
        if (!is_known)
            lines->line[kept++] = lines->line[i];
    }
    lines->count = kept;
}

void running_blank(char *page, gsize length, const char *neighbour, gsize neighbour_length)
{
    Lines ends[2] = {lines_at_top(page, length), lines_at_bottom(page, length)};
    Lines others[2] = {lines_at_top(neighbour, neighbour_length),
                       lines_at_bottom(neighbour, neighbour_length)};
    for (int end = 0; end < 2; end++)
        keep_common(&ends[end], page, &others[end], neighbour);
    drop_known(&ends[1], &ends[0]);
    gsize running = bytes_of(page, &ends[0]) + bytes_of(page, &ends[1]);
    if (running >= shown_bytes(page, (Line){0, length}))
        return;
    for (int end = 0; end < 2; end++)
        for (guint i = 0; i < ends[end].count; i++)
            blank_line(page, ends[end].line[i]);
}
