/* Template markup: see template_markup.h.
 *
 * One step function a state; a step reads one byte. The machine never looks back, and any bytes
 * leave it in some state. */
#include "template_markup.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

static const char *const escapes[256] = {
    ['&'] = "&amp;",      ['<'] = "&lt;",       ['>'] = "&gt;",       ['"'] = "&quot;",
    ['\''] = "&#39;",     [0x00] = REPLACEMENT, [0x01] = REPLACEMENT, [0x02] = REPLACEMENT,
    [0x03] = REPLACEMENT, [0x04] = REPLACEMENT, [0x05] = REPLACEMENT, [0x06] = REPLACEMENT,
    [0x07] = REPLACEMENT, [0x08] = REPLACEMENT, [0x0b] = REPLACEMENT, [0x0c] = REPLACEMENT,
    [0x0e] = REPLACEMENT, [0x0f] = REPLACEMENT, [0x10] = REPLACEMENT, [0x11] = REPLACEMENT,
    [0x12] = REPLACEMENT, [0x13] = REPLACEMENT, [0x14] = REPLACEMENT, [0x15] = REPLACEMENT,
    [0x16] = REPLACEMENT, [0x17] = REPLACEMENT, [0x18] = REPLACEMENT, [0x19] = REPLACEMENT,
    [0x1a] = REPLACEMENT, [0x1b] = REPLACEMENT, [0x1c] = REPLACEMENT, [0x1d] = REPLACEMENT,
    [0x1e] = REPLACEMENT, [0x1f] = REPLACEMENT,
};

/* U+FFFE and U+FFFF are the only ones beyond ASCII that XML forbids and UTF-8 has. */
static gboolean is_noncharacter(const char *text, gsize length)
{
    return length >= 3 && text[0] == '\xef' && text[1] == '\xbf' &&
           (text[2] == '\xbe' || text[2] == '\xbf');
}

void markup_append_escaped(GString *out, const char *text, gsize length)
{
    gsize from = 0;
    for (gsize i = 0; i < length; i++) {
        gboolean is_none = text[i] == '\xef' && is_noncharacter(text + i, length - i);
        const char *escape = is_none ? REPLACEMENT : escapes[(guchar)text[i]];
        if (escape == NULL)
            continue;
        g_string_append_len(out, text + from, (gssize)(i - from));
        g_string_append(out, escape);
        i += is_none ? 2 : 0;
        from = i + 1;
    }
    g_string_append_len(out, text + from, (gssize)(length - from));
}

static void start_word(Markup *m)
{
    m->word_length = 0;
    m->word_ended = FALSE;
    memset(m->word, 0, sizeof m->word);
}

static void add_to_word(Markup *m, char c)
{
    if (m->word_ended)
        start_word(m);
    if (m->word_length < sizeof m->word - 1)
        m->word[m->word_length++] = g_ascii_tolower(c);
}

/* The elements whose content is code have an end that no escaping can hide. */
static const char *end_tag_of(const char *element)
{
    if (strcmp(element, "script") == 0)
        return "</script";
    return strcmp(element, "style") == 0 ? "</style" : NULL;
}

static void end_word(Markup *m)
{
    if (!m->has_name && m->word_length > 0) {
        m->has_name = TRUE;
        m->end_tag = m->is_closing ? NULL : end_tag_of(m->word);
    }
    m->word_ended = TRUE;
}

static gboolean word_holds_code(const Markup *m)
{
    return g_str_has_prefix(m->word, "on") || strcmp(m->word, "style") == 0 ||
           strcmp(m->word, "srcdoc") == 0;
}

static void enter_tag(Markup *m, gboolean is_closing)
{
    m->state = MARKUP_TAG;
    m->is_closing = is_closing;
    m->has_name = m->is_code = FALSE;
    m->end_tag = NULL;
    start_word(m);
}

static void leave_tag(Markup *m)
{
    end_word(m);
    m->is_code = FALSE;
    m->matched = 0;
    m->state = m->end_tag ? MARKUP_RAW : MARKUP_TEXT;
}

static void leave_value(Markup *m)
{
    m->is_code = FALSE;
    m->state = MARKUP_TAG;
    start_word(m);
}

static void step_text(Markup *m, char c)
{
    if (c == '<')
        m->state = MARKUP_LESS;
}

static void step_less(Markup *m, char c)
{
    m->matched = 0;
    if (c == '!') {
        m->state = MARKUP_BANG;
    } else if (c == '/' || c == '?') {
        enter_tag(m, TRUE);
    } else if (g_ascii_isalpha(c)) {
        enter_tag(m, FALSE);
        add_to_word(m, c);
    } else if (c != '<') {
        m->state = MARKUP_TEXT;
    }
}

static void step_tag(Markup *m, char c)
{
    if (c == '>') {
        leave_tag(m);
    } else if (g_ascii_isspace(c) || c == '/') {
        end_word(m);
    } else if (c == '=') {
        m->is_code = word_holds_code(m);
        m->state = MARKUP_BEFORE_VALUE;
    } else {
        add_to_word(m, c);
    }
}

static void step_bang(Markup *m, char c)
{
    if (c != '-') {
        enter_tag(m, TRUE);
        step_tag(m, c);
    } else if (++m->matched == 2) {
        m->state = MARKUP_COMMENT;
    }
}

static void step_comment(Markup *m, char c)
{
    if (c == '-')
        m->matched = MIN(m->matched + 1, 2);
    else if (c == '>' && m->matched == 2)
        m->state = MARKUP_TEXT;
    else
        m->matched = 0;
}

static void step_before_value(Markup *m, char c)
{
    if (c == '"')
        m->state = MARKUP_DOUBLE;
    else if (c == '\'')
        m->state = MARKUP_SINGLE;
    else if (c == '>')
        leave_tag(m);
    else if (!g_ascii_isspace(c))
        m->state = MARKUP_UNQUOTED;
}

static void step_unquoted(Markup *m, char c)
{
    if (c == '>')
        leave_tag(m);
    else if (g_ascii_isspace(c))
        leave_value(m);
}

static void step_double(Markup *m, char c)
{
    if (c == '"')
        leave_value(m);
}

static void step_single(Markup *m, char c)
{
    if (c == '\'')
        leave_value(m);
}

static void step_raw(Markup *m, char c)
{
    if (g_ascii_tolower(c) == m->end_tag[m->matched])
        m->matched++;
    else
        m->matched = c == '<';
    if (m->end_tag[m->matched] == '\0')
        enter_tag(m, TRUE);
}

void markup_feed(Markup *markup, const char *text, gsize length)
{
    static void (*const steps[MARKUP_STATES])(Markup *, char) = {
        [MARKUP_TEXT] = step_text,     [MARKUP_LESS] = step_less,
        [MARKUP_BANG] = step_bang,     [MARKUP_TAG] = step_tag,
        [MARKUP_DOUBLE] = step_double, [MARKUP_BEFORE_VALUE] = step_before_value,
        [MARKUP_SINGLE] = step_single, [MARKUP_UNQUOTED] = step_unquoted,
        [MARKUP_RAW] = step_raw,       [MARKUP_COMMENT] = step_comment,
    };
    for (gsize i = 0; i < length; i++)
        steps[markup->state](markup, text[i]);
}

const char *markup_refusal(const Markup *markup)
{
    static const char *const refusals[MARKUP_STATES] = {
        [MARKUP_LESS] = "a value must not stand in a tag's name",
        [MARKUP_BANG] = "a value must not stand in a declaration",
        [MARKUP_TAG] = "a value must not stand in a tag outside quotes",
        [MARKUP_BEFORE_VALUE] = "an attribute's value must stand in quotes",
        [MARKUP_UNQUOTED] = "an attribute's value must stand in quotes",
        [MARKUP_RAW] = "a value must not stand in <script> or <style>",
    };
    if (markup->is_code)
        return "a value must not stand in an attribute that holds code";
    return refusals[markup->state];
}

gboolean markup_is_same(const Markup *a, const Markup *b)
{
    return a->state == b->state && a->is_code == b->is_code && a->end_tag == b->end_tag;
}
