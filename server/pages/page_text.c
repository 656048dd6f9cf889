/* See page_text.h. The runs are walked once, newline by newline, with what each newline of the
 * whole text is. */
#include "page_text.h"

#include <string.h>

#include "../search/paragraphs.h"
#include "page_card.h"

typedef struct {
    GArray *breaks; /* Break, by newline */
    guint newline;  /* met so far */
    json_t *paragraphs;
    json_t *runs;     /* of the present paragraph, owned; NULL: none begun */
    json_t *segments; /* of the present run, borrowed; NULL: none begun */
    const char *language;
    gboolean has_text; /* the present paragraph shows something */
    guint hit;         /* the match that the reader is at */
    guint matches;     /* met so far */
    gboolean in_match; /* the text before ended in one */
} Walk;

static json_t *open_segments(Walk *walk)
{
    if (!walk->runs)
        walk->runs = json_array();
    if (!walk->segments) {
        json_t *run = json_object();
        json_object_set_new(run, "language", json_string(walk->language));
        page_card_set_text_language(run);
        walk->segments = json_array();
        json_object_set_new(run, "segments", walk->segments);
        json_array_append_new(walk->runs, run);
    }
    return walk->segments;
}

static void close_paragraph(Walk *walk)
{
    if (walk->runs && walk->has_text)
        json_array_append_new(walk->paragraphs, json_pack("{s:o}", "runs", walk->runs));
    else
        json_decref(walk->runs);
    walk->runs = walk->segments = NULL;
    walk->has_text = FALSE;
}

static void add_segment(Walk *walk, const char *text, gsize length, gboolean match)
{
    if (length == 0)
        return;
    /* A match that goes on in the next run, or over a break, is one. */
    gboolean begins = match && !walk->in_match;
    walk->matches += begins ? 1 : 0;
    walk->in_match = match;
    gboolean is_current = match && walk->matches == walk->hit;
    json_t *segment = json_object();
    json_object_set_new(segment, "text", json_stringn(text, length));
    json_object_set_new(segment, "match", json_boolean(match));
    json_object_set_new(segment, "is_current", json_boolean(is_current));
    json_object_set_new(segment, "is_target", json_boolean(is_current && begins));
    json_array_append_new(open_segments(walk), segment);
    walk->has_text |= strspn(text, " \n\t") < length;
}

static Break next_break(Walk *walk)
{
    guint newline = walk->newline++;
    return newline < walk->breaks->len ? g_array_index(walk->breaks, Break, newline) : BREAK_SPACE;
}

/* A match that goes on over a line's end stays one segment. */
static void add_text(Walk *walk, const char *text, gboolean match)
{
    g_autoptr(GString) piece = g_string_new(NULL);
    for (; *text; text++) {
        Break kind = *text == '\n' ? next_break(walk) : BREAK_SPACE;
        if (kind == BREAK_SPACE) {
            g_string_append_c(piece, *text == '\n' ? ' ' : *text);
            continue;
        }
        add_segment(walk, piece->str, piece->len, match);
        g_string_truncate(piece, 0);
        if (kind == BREAK_LINE)
            json_array_append_new(open_segments(walk), json_pack("{s:b}", "is_break", TRUE));
        else if (kind == BREAK_PARAGRAPH)
            close_paragraph(walk);
    }
    add_segment(walk, piece->str, piece->len, match);
}

static void add_run(Walk *walk, const json_t *run)
{
    size_t i;
    json_t *segment;
    walk->language = json_string_value(json_object_get(run, "language"));
    walk->segments = NULL;
    json_array_foreach(json_object_get(run, "segments"), i, segment)
        add_text(walk, json_string_value(json_object_get(segment, "text")),
                 json_is_true(json_object_get(segment, "match")));
}

json_t *page_text_paragraphs(const json_t *page, guint hit)
{
    size_t i;
    json_t *run;
    Walk walk = {
        .breaks = paragraphs_breaks(json_string_value(json_object_get(page, "text"))),
        .paragraphs = json_array(),
        .hit = hit,
    };
    json_array_foreach(json_object_get(page, "runs"), i, run) add_run(&walk, run);
    close_paragraph(&walk);
    g_array_unref(walk.breaks);
    return walk.paragraphs;
}
