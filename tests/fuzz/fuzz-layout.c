/* libFuzzer target of indexer/reader/layout: an input is a page's text, ended by NUL, and a
 * rectangle for each of its characters. What is made of it has the same characters but for white
 * space and direction marks; a heading is some of them. The module is included for the sake of its
 * inside. */
#include "../../indexer/reader/layout.c"
#include "fuzz.h"

/* A place in tenths of a point; some are none that a page could have. */
static double place(FuzzInput *input)
{
    int number = (int)fuzz_number(input) - 0x4000;
    static const double ODD[] = {HUGE_VAL, -HUGE_VAL, NAN, 1e300, -1e300, 1e-300};
    return number > 0xBF00 ? ODD[(guint)number % G_N_ELEMENTS(ODD)] : number / 10.0;
}

static PopplerRectangle *take_rectangles(FuzzInput *input, gsize count)
{
    PopplerRectangle *rectangles = g_new0(PopplerRectangle, count + 1);
    for (gsize i = 0; i < count; i++) {
        PopplerRectangle *r = &rectangles[i];
        /* Without data of their own, characters stand in a row. */
        *r = (PopplerRectangle){(double)i * 5, 0, (double)i * 5 + 5, 10};
        if (input->left >= 8)
            *r = (PopplerRectangle){place(input), place(input), place(input), place(input)};
    }
    return rectangles;
}

static char *without_space(const char *text)
{
    GString *bare = g_string_new(NULL);
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (!g_unichar_isspace(c) && !is_direction_mark(c))
            g_string_append_unichar(bare, c);
    }
    return g_string_free(bare, FALSE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {data, size};
    g_autofree char *text = fuzz_text(&input);
    gsize count = 0;
    for (const char *at = text; *at; at = g_utf8_next_char(at))
        count += !is_direction_mark(g_utf8_get_char(at));
    require(counts_match(text, (guint)count));
    g_autofree PopplerRectangle *rectangles = take_rectangles(&input, count);
    GString *whole = g_string_new(NULL);
    g_autoptr(GArray) lines = find_lines(text, rectangles, whole);
    g_autofree char *heading = find_heading(whole, lines);
    GString *out = with_paragraphs(whole, lines);
    g_autofree char *before = without_space(text);
    g_autofree char *after = without_space(out->str);
    require(g_utf8_validate(out->str, (gssize)out->len, NULL) && strcmp(before, after) == 0);
    if (heading) {
        g_autofree char *bare = without_space(heading);
        require(g_utf8_strlen(heading, -1) <= LIMIT_HEADING_CHARS && strstr(after, bare));
    }
    g_string_free(whole, TRUE);
    g_string_free(out, TRUE);
    return 0;
}
