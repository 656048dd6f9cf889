/* Layout: see layout.h. All rules are ratios of the type size, so they hold at any scale. */
#include "layout.h"

#include "../limits.h"

#include <math.h>
#include <string.h>

/* A line of the page, with its place in points; y grows downwards. */
typedef struct {
    gsize start; /* bytes of the text */
    gsize length;
    double left;
    double top;
    double size; /* mean height of its characters: the type size */
    guint letters;
} Line;

static const double PARAGRAPH_GAP = 1.35; /* of the usual line distance */
static const double SAME_SIZE = 0.12;     /* share by which sizes of one type may differ */
static const double INDENT_LEAST = 0.8;   /* first-line indentation, in type sizes */
static const double INDENT_MOST = 4.0;
static const double SAME_EDGE = 0.3;     /* how far equal left edges may differ, in type sizes */
static const double LINE_OVERLAP = 0.2;  /* of the height: characters of a line overlap more */
static const double WORD_GAP = 0.6;      /* of the height: no word has such a gap in it */
static const double HEADING_RATIO = 1.1; /* heading's size to that of the page */

/* Characters that poppler puts into the text around right-to-left words, without a rectangle. */
static gboolean is_direction_mark(gunichar c)
{
    return c >= 0x202A && c <= 0x202E;
}

static gboolean counts_match(const char *text, guint n_rectangles)
{
    gsize n = 0;
    for (const char *at = text; *at; at = g_utf8_next_char(at))
        n += !is_direction_mark(g_utf8_get_char(at));
    return n == n_rectangles;
}

/* What has to be put between two neighbouring characters of the text: a newline where the second
 * stands on another line, a space where it stands far off, else nothing. */
static const char *missing_between(const PopplerRectangle *a, const PopplerRectangle *b)
{
    double height = MIN(a->y2 - a->y1, b->y2 - b->y1);
    double overlap = MIN(a->y2, b->y2) - MAX(a->y1, b->y1);
    if (height <= 0)
        return "";
    if (overlap < height * LINE_OVERLAP)
        return "\n";
    return b->x1 - a->x2 > height * WORD_GAP ? " " : "";
}

static void line_begin(Line *line, gsize start)
{
    *line = (Line){.start = start, .left = HUGE_VAL, .top = HUGE_VAL};
}

static void line_add(Line *line, gunichar c, const PopplerRectangle *r, guint *chars)
{
    if (g_unichar_isspace(c))
        return;
    line->left = MIN(line->left, r->x1);
    line->top = MIN(line->top, r->y1);
    line->size += r->y2 - r->y1;
    line->letters += g_unichar_isalpha(c) ? 1 : 0;
    *chars += 1;
}

static void line_end(GArray *lines, Line *line, gsize end, guint *chars)
{
    line->length = end - line->start;
    line->size = *chars > 0 ? line->size / *chars : 0;
    if (*chars > 0)
        g_array_append_val(lines, *line);
    *chars = 0;
}

/* Copies the text to `ret_text` with the missing line ends, and returns its lines. */
static GArray *find_lines(const char *text, const PopplerRectangle *rectangles, GString *ret_text)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(Line));
    const PopplerRectangle *before = NULL; /* of the character before, unless it was a space */
    guint chars = 0;
    Line line;
    line_begin(&line, 0);
    for (const char *at = text, *next; *at; at = next) {
        next = g_utf8_next_char(at);
        gunichar c = g_utf8_get_char(at);
        if (is_direction_mark(c))
            continue;
        const PopplerRectangle *r = rectangles++;
        gboolean space = g_unichar_isspace(c);
        const char *missing = before && !space ? missing_between(before, r) : "";
        if (c == '\n' || *missing == '\n') {
            line_end(lines, &line, ret_text->len, &chars);
            g_string_append_c(ret_text, '\n');
            line_begin(&line, ret_text->len);
        } else if (*missing) {
            g_string_append(ret_text, missing);
        }
        if (c != '\n') {
            line_add(&line, c, r, &chars);
            g_string_append_len(ret_text, at, next - at);
        }
        before = space ? NULL : r;
    }
    line_end(lines, &line, ret_text->len, &chars);
    return lines;
}

static int compare_doubles(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(GArray *values)
{
    if (values->len == 0)
        return 0;
    g_array_sort(values, compare_doubles);
    return g_array_index(values, double, values->len / 2);
}

static gboolean same_size(const Line *a, const Line *b)
{
    return fabs(a->size - b->size) <= SAME_SIZE * MAX(a->size, b->size);
}

/* How far below `a` the line `b` stands, in type sizes; negative when it is above. */
static double distance(const Line *a, const Line *b)
{
    double size = MAX(a->size, b->size);
    return size > 0 ? (b->top - a->top) / size : 0;
}

static double usual_distance(const GArray *lines)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 1; i < lines->len; i++) {
        double d = distance(&g_array_index(lines, Line, i - 1), &g_array_index(lines, Line, i));
        if (d > 0.5 && d < 4)
            g_array_append_val(all, d);
    }
    return median(all);
}

/* Whether line `i` is set in from both its neighbours, which stand flush. */
static gboolean is_indented(const GArray *lines, guint i)
{
    if (i + 1 >= lines->len)
        return FALSE;
    const Line *above = &g_array_index(lines, Line, i - 1);
    const Line *line = &g_array_index(lines, Line, i);
    const Line *below = &g_array_index(lines, Line, i + 1);
    double in = line->left - above->left;
    return in >= INDENT_LEAST * line->size && in <= INDENT_MOST * line->size &&
           fabs(below->left - above->left) <= SAME_EDGE * line->size;
}

static gboolean paragraph_ends_before(const GArray *lines, guint i, double usual)
{
    const Line *above = &g_array_index(lines, Line, i - 1);
    const Line *line = &g_array_index(lines, Line, i);
    double d = distance(above, line);
    if (d < 0.5) /* beside or above: the next column or cell */
        return FALSE;
    return (usual > 0 && d > usual * PARAGRAPH_GAP) || !same_size(above, line) ||
           is_indented(lines, i);
}

static GString *with_paragraphs(const GString *text, const GArray *lines)
{
    GString *out = g_string_sized_new(text->len + 64);
    double usual = usual_distance(lines);
    gsize copied = 0;
    for (guint i = 1; i < lines->len; i++) {
        if (!paragraph_ends_before(lines, i, usual))
            continue;
        gsize start = g_array_index(lines, Line, i).start;
        g_string_append_len(out, text->str + copied, (gssize)(start - copied));
        g_string_append_c(out, '\n');
        copied = start;
    }
    g_string_append_len(out, text->str + copied, (gssize)(text->len - copied));
    return out;
}

static double usual_size(const GArray *lines)
{
    g_autoptr(GArray) sizes = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < lines->len; i++)
        g_array_append_val(sizes, g_array_index(lines, Line, i).size);
    return median(sizes);
}

/* The lines that go on from line `i` in the same type: how many, and their letters. */
static guint group_lines(const GArray *lines, guint i, guint *ret_letters)
{
    guint n = 1;
    *ret_letters = g_array_index(lines, Line, i).letters;
    for (; i + n < lines->len; n++) {
        const Line *above = &g_array_index(lines, Line, i + n - 1);
        const Line *line = &g_array_index(lines, Line, i + n);
        double d = distance(above, line);
        if (!same_size(above, line) || d < -0.5 || d > 2.5)
            break;
        *ret_letters += line->letters;
    }
    return n;
}

static char *join_lines(const GString *text, const GArray *lines, guint first, guint n)
{
    GString *joined = g_string_new(NULL);
    for (guint i = first; i < first + n; i++) {
        const Line *line = &g_array_index(lines, Line, i);
        if (joined->len > 0)
            g_string_append_c(joined, ' ');
        g_string_append_len(joined, text->str + line->start, (gssize)line->length);
    }
    g_strstrip(joined->str);
    if (g_utf8_strlen(joined->str, -1) > LIMIT_HEADING_CHARS) {
        char *end = g_utf8_offset_to_pointer(joined->str, LIMIT_HEADING_CHARS);
        char *space = g_strrstr_len(joined->str, end - joined->str, " ");
        *(space ? space : end) = '\0';
    }
    return g_string_free(joined, FALSE);
}

/* The first group of lines in the largest type, if that is larger than the page's usual type. */
static char *find_heading(const GString *text, const GArray *lines)
{
    enum { LEAST_LETTERS = 4 };
    double best = usual_size(lines) * HEADING_RATIO;
    char *heading = NULL;
    for (guint i = 0, n; i < lines->len; i += n) {
        guint letters = 0;
        n = group_lines(lines, i, &letters);
        double size = g_array_index(lines, Line, i).size;
        if (letters < LEAST_LETTERS || size <= best)
            continue;
        best = size * (1 + SAME_SIZE);
        g_free(heading);
        heading = join_lines(text, lines, i, n);
    }
    return heading;
}

GString *layout_page_text(PopplerPage *page, char **ret_heading)
{
    g_autofree char *text = poppler_page_get_text(page);
    g_autofree PopplerRectangle *rectangles = NULL;
    guint n_rectangles = 0;
    if (!text || !*text)
        return g_string_new(NULL);
    if (!poppler_page_get_text_layout(page, &rectangles, &n_rectangles) ||
        !g_utf8_validate(text, -1, NULL) || !counts_match(text, n_rectangles))
        return g_string_new(text);
    g_autoptr(GString) whole = g_string_sized_new(strlen(text) + 64);
    g_autoptr(GArray) lines = find_lines(text, rectangles, whole);
    char *heading = ret_heading ? find_heading(whole, lines) : NULL;
    if (heading)
        *ret_heading = heading;
    return with_paragraphs(whole, lines);
}
