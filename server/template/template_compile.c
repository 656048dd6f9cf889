/* Template compile: see template_compile.h.
 *
 * One pass over the source: literal text up to the next tag, then the tag. Invariants: `at` never
 * goes back; every open section stands on `open` with the markup state at which it began, and must
 * end in the same state, so that what follows is read alike whether the section shows or not. */
#include "template_compile.h"

#include <stdarg.h>
#include <string.h>

#include "../limits.h"
#include "template.h"
#include "template_markup.h"

typedef struct {
    guint op;
    Markup markup;
} OpenSection;

typedef struct {
    const char *source;
    gsize length;
    gsize at;      /* up to here the source is compiled */
    gsize counted; /* up to here newlines are counted in `line` */
    guint line;
    TemplateDialect dialect;
    TemplateProgram *program;
    GArray *open; /* of OpenSection */
    Markup markup;
} Compiler;

typedef struct {
    gsize from, to; /* with the braces */
    char sigil;     /* 0 for a value */
    char *name;     /* owned, trimmed */
} Tag;

static void tag_release(Tag *tag)
{
    g_free(tag->name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tag, tag_release)

static void op_release(gpointer data)
{
    TemplateOp *op = data;
    g_free(op->text);
    g_strfreev(op->path);
}

static gboolean fail(const Compiler *c, guint line, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static gboolean fail(const Compiler *c, guint line, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX, "%s:%u: %s", c->program->file, line,
                what);
    return FALSE;
}

static void count_lines(Compiler *c, gsize to)
{
    for (; c->counted < to; c->counted++)
        c->line += c->source[c->counted] == '\n';
}

/* --- operations --- */

static TemplateOp *add_op(Compiler *c, TemplateOpKind kind)
{
    TemplateOp op = {.kind = kind, .line = c->line, .depth = c->open->len};
    g_array_append_val(c->program->ops, op);
    return &g_array_index(c->program->ops, TemplateOp, c->program->ops->len - 1);
}

static void add_text(Compiler *c, gsize to)
{
    const char *text = c->source + c->at;
    gsize length = to - c->at;
    if (length == 0)
        return;
    g_autoptr(GString) copy = g_string_sized_new(length);
    if (c->dialect == TEMPLATE_MESSAGE)
        markup_append_escaped(copy, text, length);
    else
        g_string_append_len(copy, text, (gssize)length);
    if (c->dialect == TEMPLATE_PAGE)
        markup_feed(&c->markup, text, length);
    TemplateOp *op = add_op(c, TEMPLATE_OP_TEXT);
    op->length = copy->len;
    op->text = g_string_free(g_steal_pointer(&copy), FALSE);
}

static gboolean is_name(const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        gboolean is_dot = *at == '.' && at > name && at[-1] != '.' && at[1] != '\0';
        if (!is_dot && !g_ascii_isalnum(*at) && *at != '_' && *at != '-')
            return FALSE;
    }
    return *name != '\0';
}

static gboolean set_path(Compiler *c, TemplateOp *op, const Tag *tag, GError **error)
{
    op->text = g_strdup(tag->name);
    op->length = strlen(tag->name);
    gboolean is_implicit = strcmp(tag->name, ".") == 0;
    if (!is_implicit && !is_name(tag->name))
        return fail(c, c->line, error, "\"%s\" is not a name", tag->name);
    op->path = is_implicit ? g_new0(char *, 1) : g_strsplit(tag->name, ".", -1);
    if (g_strv_length(op->path) > TEMPLATE_NAME_PARTS)
        return fail(c, c->line, error, "\"%s\" has more than %d parts", tag->name,
                    TEMPLATE_NAME_PARTS);
    return TRUE;
}

static gboolean may_hold_value(const Compiler *c, GError **error)
{
    const char *refusal = c->dialect == TEMPLATE_PAGE ? markup_refusal(&c->markup) : NULL;
    return refusal == NULL || fail(c, c->line, error, "%s", refusal);
}

/* --- tags --- */

static gboolean compile_value(Compiler *c, const Tag *tag, GError **error)
{
    return may_hold_value(c, error) && set_path(c, add_op(c, TEMPLATE_OP_VALUE), tag, error);
}

static gboolean compile_section(Compiler *c, const Tag *tag, GError **error)
{
    if (c->open->len >= TEMPLATE_DEPTH)
        return fail(c, c->line, error, "more than %d sections within one another", TEMPLATE_DEPTH);
    OpenSection open = {.op = c->program->ops->len, .markup = c->markup};
    TemplateOpKind kind = tag->sigil == '#' ? TEMPLATE_OP_SECTION : TEMPLATE_OP_INVERTED;
    if (!set_path(c, add_op(c, kind), tag, error))
        return FALSE;
    g_array_append_val(c->open, open);
    return TRUE;
}

static gboolean compile_end(Compiler *c, const Tag *tag, GError **error)
{
    if (c->open->len == 0)
        return fail(c, c->line, error, "section \"%s\" ends but did not begin", tag->name);
    OpenSection open = g_array_index(c->open, OpenSection, c->open->len - 1);
    TemplateOp *op = &g_array_index(c->program->ops, TemplateOp, open.op);
    if (strcmp(op->text, tag->name) != 0)
        return fail(c, c->line, error, "section \"%s\" ends where \"%s\" of line %u is open",
                    tag->name, op->text, op->line);
    if (!markup_is_same(&open.markup, &c->markup))
        return fail(c, c->line, error,
                    "section \"%s\" of line %u ends inside a tag or value it did not begin in",
                    tag->name, op->line);
    op->end = c->program->ops->len;
    g_array_set_size(c->open, c->open->len - 1);
    return TRUE;
}

static gboolean is_message(const Tag *tag)
{
    return tag->sigil == '>' && g_str_has_prefix(tag->name, "t.");
}

static gboolean compile_partial(Compiler *c, const Tag *tag, GError **error)
{
    if (!is_name(tag->name))
        return fail(c, c->line, error, "\"%s\" is not a partial's name", tag->name);
    if (c->dialect != TEMPLATE_PAGE)
        return fail(c, c->line, error, "a message must not include \"%s\"", tag->name);
    if (is_message(tag) && !may_hold_value(c, error))
        return FALSE;
    if (!is_message(tag) && c->markup.state != MARKUP_TEXT)
        return fail(c, c->line, error, "partial \"%s\" stands inside a tag", tag->name);
    TemplateOp *op = add_op(c, is_message(tag) ? TEMPLATE_OP_MESSAGE : TEMPLATE_OP_PARTIAL);
    op->text = g_strdup(is_message(tag) ? tag->name + strlen("t.") : tag->name);
    op->length = strlen(op->text);
    return TRUE;
}

static gboolean compile_comment(Compiler *c, const Tag *tag, GError **error)
{
    (void)c, (void)tag, (void)error;
    return TRUE;
}

static gboolean refuse_raw(Compiler *c, const Tag *tag, GError **error)
{
    (void)tag;
    return fail(c, c->line, error, "raw forms are refused: every value is escaped");
}

static gboolean refuse_form(Compiler *c, const Tag *tag, GError **error)
{
    return fail(c, c->line, error, "tags with \"%c\" are not supported", tag->sigil);
}

static const struct TagKind {
    char sigil;
    gboolean may_stand_alone;
    gboolean (*compile)(Compiler *c, const Tag *tag, GError **error);
} tag_kinds[] = {
    {'#', TRUE, compile_section}, {'^', TRUE, compile_section}, {'/', TRUE, compile_end},
    {'>', TRUE, compile_partial}, {'!', TRUE, compile_comment}, {'{', FALSE, refuse_raw},
    {'&', FALSE, refuse_raw},     {'=', FALSE, refuse_form},    {'<', FALSE, refuse_form},
    {'$', FALSE, refuse_form},    {'\0', FALSE, compile_value}, /* last: any other byte */
};

static const struct TagKind *kind_of(char sigil)
{
    const struct TagKind *kind = tag_kinds;
    while (kind->sigil != '\0' && kind->sigil != sigil)
        kind++;
    return kind;
}

/* `from` is where "{{" stands. */
static gboolean read_tag(const Compiler *c, gsize from, Tag *ret, GError **error)
{
    const char *inside = c->source + from + 2;
    const char *close = memmem(inside, c->length - from - 2, "}}", 2);
    if (close == NULL)
        return fail(c, c->line, error, "a tag is not closed");
    ret->sigil = kind_of(*inside)->sigil;
    inside += ret->sigil != '\0';
    ret->name = g_strstrip(g_strndup(inside, close > inside ? (gsize)(close - inside) : 0));
    ret->from = from;
    ret->to = (gsize)(close - c->source) + 2;
    return TRUE;
}

static gboolean is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* A tag alone on its line takes the whole line with it. Sets where the text before ends and the
 * text behind begins; leaves both when the tag stands beside something. */
static void take_line(const Compiler *c, const Tag *tag, gsize *before, gsize *behind)
{
    gsize from = tag->from, to = tag->to;
    while (from > 0 && is_blank(c->source[from - 1]))
        from--;
    while (to < c->length && is_blank(c->source[to]))
        to++;
    if (from > 0 && c->source[from - 1] != '\n')
        return;
    if (c->length - to >= 2 && memcmp(c->source + to, "\r\n", 2) == 0)
        to++;
    if (to < c->length && c->source[to] != '\n')
        return;
    *before = from;
    *behind = MIN(to + 1, c->length);
}

static gboolean compile_tag(Compiler *c, gsize from, GError **error)
{
    g_auto(Tag) tag = {.name = NULL};
    if (!read_tag(c, from, &tag, error))
        return FALSE;
    const struct TagKind *kind = kind_of(tag.sigil);
    gsize before = tag.from, behind = tag.to;
    if (kind->may_stand_alone && c->dialect == TEMPLATE_PAGE && !is_message(&tag))
        take_line(c, &tag, &before, &behind);
    add_text(c, before);
    c->at = behind;
    return kind->compile(c, &tag, error);
}

/* --- the whole --- */

static gboolean check_end(Compiler *c, GError **error)
{
    if (c->open->len > 0) {
        OpenSection *open = &g_array_index(c->open, OpenSection, c->open->len - 1);
        TemplateOp *op = &g_array_index(c->program->ops, TemplateOp, open->op);
        return fail(c, op->line, error, "section \"%s\" is not closed", op->text);
    }
    if (c->markup.state != MARKUP_TEXT)
        return fail(c, c->line, error, "the file ends inside a tag, comment or script");
    return TRUE;
}

static gboolean compile_source(Compiler *c, GError **error)
{
    if (!g_utf8_validate_len(c->source, c->length, NULL))
        return fail(c, c->line, error, "not UTF-8");
    const char *tag;
    while ((tag = memmem(c->source + c->at, c->length - c->at, "{{", 2)) != NULL) {
        count_lines(c, (gsize)(tag - c->source));
        if (!compile_tag(c, (gsize)(tag - c->source), error))
            return FALSE;
    }
    add_text(c, c->length);
    count_lines(c, c->length);
    return check_end(c, error);
}

TemplateProgram *template_compile(const char *file, guint line, const char *source, gsize length,
                                  TemplateDialect dialect, GError **error)
{
    g_autoptr(TemplateProgram) program = g_new0(TemplateProgram, 1);
    program->file = g_strdup(file);
    program->ops = g_array_new(FALSE, FALSE, sizeof(TemplateOp));
    g_array_set_clear_func(program->ops, op_release);
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(OpenSection));
    Compiler c = {.source = source,
                  .length = length,
                  .line = line,
                  .dialect = dialect,
                  .program = program,
                  .open = open};
    return compile_source(&c, error) ? g_steal_pointer(&program) : NULL;
}

void template_program_free(TemplateProgram *program)
{
    if (program == NULL)
        return;
    g_free(program->file);
    g_array_unref(program->ops);
    g_free(program);
}
