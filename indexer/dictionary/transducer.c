/* See transducer.h.
 *
 * The whole file is read into arrays first, everything checked, so that the walk needs no checks.
 */
#include "transducer.h"

#include <string.h>

G_DEFINE_QUARK(schedario - transducer - error, transducer_error)

enum {
    FEATURE_WEIGHTS = 1,
    LONG_MANTISSA = 1 << 26,
    PATH_SYMBOLS = 200, /* longer entries are none */
    STEPS = 1 << 26,    /* of a walk: ten times what the largest dictionary needs */
};

typedef struct {
    gint32 left; /* a character, 0: nothing, below 0: a tag */
    gint32 right;
} Symbol;

typedef struct {
    guint32 symbol;
    guint32 target;
} Arc;

/* One section of the file. */
typedef struct {
    gboolean has_weights; /* which are passed over */
    guint32 first_state;
    GArray *arcs;      /* Arc, by state */
    GArray *first_arc; /* guint32: of each state, and one more */
    guint8 *is_final;  /* of each state */
    guint8 *is_closed; /* of each state: it leads to itself, or is on the path */
} Section;

typedef struct {
    const guint8 *at;
    const guint8 *end;
    gboolean failed; /* the file ends too early, or says what cannot be */
} Input;

typedef struct {
    Input input;
    GPtrArray *tags; /* "<n>" */
    GArray *symbols; /* Symbol */
    TransducerWorth worth;
    TransducerVisit visit;
    gpointer user;
    Section *section;
    guint steps;
    GString *left;
    GString *right;
} Walk;

/* Reading */

static guint32 read_number(Input *input)
{
    if (input->at >= input->end) {
        input->failed = TRUE;
        return 0;
    }
    guint first = *input->at++;
    guint more = first >> 6;
    guint32 value = first & 0x3F;
    if (more > (gsize)(input->end - input->at)) {
        input->failed = TRUE;
        return 0;
    }
    for (guint i = 0; i < more; i++)
        value = value << 8 | *input->at++;
    return value;
}

/* A count of things that take a byte each at least. */
static guint32 read_count(Input *input)
{
    guint32 count = read_number(input);
    if (count > (gsize)(input->end - input->at))
        input->failed = TRUE;
    return input->failed ? 0 : count;
}

/* Reads a header, if there is one; of its features (a bit each) only `known` ones can be read. */
static guint64 read_header(Input *input, const char *magic, guint64 known)
{
    gsize magic_bytes = strlen(magic);
    gsize left = (gsize)(input->end - input->at);
    guint64 features;
    if (left < magic_bytes + sizeof features || memcmp(input->at, magic, magic_bytes) != 0)
        return 0;
    memcpy(&features, input->at + magic_bytes, sizeof features);
    features = GUINT64_FROM_BE(features);
    if (features & ~known)
        input->failed = TRUE;
    input->at += magic_bytes + sizeof features;
    return features;
}

static GString *read_string(Input *input)
{
    GString *text = g_string_new(NULL);
    guint32 count = read_count(input);
    for (guint32 i = 0; i < count; i++) {
        guint32 character = read_number(input);
        if (character > 0 && g_unichar_validate(character))
            g_string_append_unichar(text, character);
    }
    return text;
}

static void read_tags(Walk *walk)
{
    guint32 count = read_count(&walk->input);
    for (guint32 i = 0; i < count; i++) {
        g_autoptr(GString) name = read_string(&walk->input);
        g_ptr_array_add(walk->tags, g_strdup_printf("<%s>", name->str));
    }
}

static void read_symbols(Walk *walk)
{
    Input *input = &walk->input;
    guint32 count = read_count(input);
    gint32 bias = (gint32)walk->tags->len;
    for (guint32 i = 0; i < count && !input->failed; i++) {
        Symbol symbol = {.left = (gint32)read_number(input) - bias};
        symbol.right = (gint32)read_number(input) - bias;
        if ((symbol.left > 0 && !g_unichar_validate((gunichar)symbol.left)) ||
            (symbol.right > 0 && !g_unichar_validate((gunichar)symbol.right)))
            input->failed = TRUE;
        g_array_append_val(walk->symbols, symbol);
    }
}

/* A weight is a mantissa, in two numbers when it is a long one, and an exponent. */
static void skip_weight(Input *input, const Section *section)
{
    if (!section->has_weights)
        return;
    if (read_number(input) >= LONG_MANTISSA)
        read_number(input);
    read_number(input);
}

static void read_state(Walk *walk, Section *section, guint32 state, guint32 states)
{
    Input *input = &walk->input;
    g_array_append_val(section->first_arc, section->arcs->len);
    guint32 count = read_count(input);
    guint32 symbol = 0;
    for (guint32 i = 0; i < count && !input->failed; i++) {
        symbol += read_number(input);
        Arc arc = {.symbol = symbol, .target = (state + read_number(input)) % states};
        skip_weight(input, section);
        if (symbol >= walk->symbols->len)
            input->failed = TRUE;
        if (arc.target == state)
            section->is_closed[state] = 1;
        g_array_append_val(section->arcs, arc);
    }
}

static void section_release(Section *section)
{
    g_clear_pointer(&section->arcs, g_array_unref);
    g_clear_pointer(&section->first_arc, g_array_unref);
    g_clear_pointer(&section->is_final, g_free);
    g_clear_pointer(&section->is_closed, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Section, section_release)

static void read_finals(Input *input, const Section *section, GArray *finals)
{
    guint32 count = read_count(input);
    guint32 state = 0;
    for (guint32 i = 0; i < count; i++) {
        state += read_number(input);
        skip_weight(input, section);
        g_array_append_val(finals, state);
    }
}

static void read_section(Walk *walk, Section *section)
{
    Input *input = &walk->input;
    g_autoptr(GArray) finals = g_array_new(FALSE, FALSE, sizeof(guint32));
    section->has_weights = read_header(input, "LTTD", FEATURE_WEIGHTS) != 0;
    section->first_state = read_number(input);
    read_finals(input, section, finals);
    guint32 states = read_count(input);
    section->is_final = g_malloc0((gsize)states + 1);
    section->is_closed = g_malloc0((gsize)states + 1);
    for (guint i = 0; i < finals->len; i++) {
        guint32 state = g_array_index(finals, guint32, i);
        if (state < states)
            section->is_final[state] = 1;
    }
    for (guint32 state = 0; state < states && !input->failed; state++)
        read_state(walk, section, state, states);
    g_array_append_val(section->first_arc, section->arcs->len);
    if (section->first_state >= states)
        input->failed = TRUE;
}

/* Walking */

static gboolean is_allowed(const Walk *walk, const Symbol *symbol)
{
    if (symbol->left > 0 && (g_unichar_isdigit((gunichar)symbol->left) ||
                             (symbol->left < 0x80 && strchr("./:@_", symbol->left) != NULL)))
        return FALSE;
    return !walk->worth || symbol->right <= 0 || g_unichar_islower((gunichar)symbol->right) ||
           walk->worth((gunichar)symbol->right);
}

static void append_symbol(const Walk *walk, GString *text, gint32 symbol)
{
    if (symbol > 0)
        g_string_append_unichar(text, (gunichar)symbol);
    else if (symbol < 0 && (guint32)-symbol <= walk->tags->len)
        g_string_append(text, g_ptr_array_index(walk->tags, (guint)-symbol - 1));
}

/* Recursion no deeper than PATH_SYMBOLS. */
static void walk_state(Walk *walk, guint32 state, guint depth)
{
    Section *section = walk->section;
    if (depth > PATH_SYMBOLS || section->is_closed[state] || walk->input.failed)
        return;
    walk->input.failed = ++walk->steps > STEPS;
    if (section->is_final[state])
        walk->visit(walk->left->str, walk->right->str, walk->user);
    section->is_closed[state] = 1;
    guint32 end = g_array_index(section->first_arc, guint32, state + 1);
    for (guint32 at = g_array_index(section->first_arc, guint32, state); at < end; at++) {
        const Arc *arc = &g_array_index(section->arcs, Arc, at);
        const Symbol *symbol = &g_array_index(walk->symbols, Symbol, arc->symbol);
        gsize left = walk->left->len;
        gsize right = walk->right->len;
        if (!is_allowed(walk, symbol))
            continue;
        append_symbol(walk, walk->left, symbol->left);
        append_symbol(walk, walk->right, symbol->right);
        walk_state(walk, arc->target, depth + 1);
        g_string_truncate(walk->left, left);
        g_string_truncate(walk->right, right);
    }
    section->is_closed[state] = 0;
}

static void walk_section(Walk *walk)
{
    g_auto(Section) section = {
        .arcs = g_array_new(FALSE, FALSE, sizeof(Arc)),
        .first_arc = g_array_new(FALSE, FALSE, sizeof(guint32)),
    };
    read_section(walk, &section);
    if (walk->input.failed)
        return;
    walk->section = &section;
    walk_state(walk, section.first_state, 0);
    walk->section = NULL;
}

static void walk_all(Walk *walk)
{
    Input *input = &walk->input;
    read_header(input, "LTTB", 0);
    g_string_free(read_string(input), TRUE); /* the letters that words are made of */
    read_tags(walk);
    read_symbols(walk);
    guint32 sections = read_count(input);
    for (guint32 i = 0; i < sections && !input->failed; i++) {
        g_string_free(read_string(input), TRUE); /* the section's name */
        walk_section(walk);
    }
}

gboolean transducer_walk(const guint8 *data, gsize length, TransducerWorth worth,
                         TransducerVisit visit, gpointer user, GError **error)
{
    g_autoptr(GPtrArray) tags = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) symbols = g_array_new(FALSE, FALSE, sizeof(Symbol));
    g_autoptr(GString) left = g_string_new(NULL);
    g_autoptr(GString) right = g_string_new(NULL);
    Walk walk = {
        .input = {.at = data, .end = data + length},
        .tags = tags,
        .symbols = symbols,
        .worth = worth,
        .visit = visit,
        .user = user,
        .left = left,
        .right = right,
    };
    walk_all(&walk);
    if (!walk.input.failed)
        return TRUE;
    g_set_error(error, TRANSDUCER_ERROR, TRANSDUCER_ERROR_FORMAT,
                "no dictionary compiled by lttoolbox, or one of an unknown version");
    return FALSE;
}
