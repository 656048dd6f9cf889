/* Template compile: the text of one template or message becomes a flat list of operations.
 *
 * A section is an operation that knows where its content ends, so rendering walks an array. Names
 * of partials and messages stay names here; template.c links them. For template.c only. */
#ifndef SCHEDARIO_TEMPLATE_COMPILE_H
#define SCHEDARIO_TEMPLATE_COMPILE_H

#include <glib.h>

typedef enum {
    TEMPLATE_OP_TEXT,
    TEMPLATE_OP_VALUE,
    TEMPLATE_OP_SECTION,
    TEMPLATE_OP_INVERTED,
    TEMPLATE_OP_PARTIAL, /* {{> name}} */
    TEMPLATE_OP_MESSAGE, /* {{> t.key}} */
} TemplateOpKind;

typedef struct TemplateProgram TemplateProgram;

typedef struct {
    TemplateOpKind kind;
    guint line;
    guint depth;              /* sections open around it */
    guint end;                /* of a section: the index after its content */
    char *text;               /* owned: of TEXT what to print; of the others the name */
    gsize length;             /* of `text`, bytes */
    char **path;              /* owned: a value's or section's name in parts; none for {{.}} */
    TemplateProgram *partial; /* borrowed; set on linking */
    guint message;            /* index of the key; set on linking */
} TemplateOp;

struct TemplateProgram {
    char *file;    /* owned: for messages of errors */
    GArray *ops;   /* of TemplateOp */
    guint depth;   /* the most contexts it stacks up, partials included; set on linking */
    gboolean busy; /* under way while linking, or done */
    gboolean done;
};

typedef enum {
    TEMPLATE_PAGE,          /* literal text is markup; values only where escaping holds */
    TEMPLATE_MESSAGE,       /* literal text is plain text and is escaped; no partials */
    TEMPLATE_MESSAGE_PLAIN, /* the same left unescaped, for use outside markup */
} TemplateDialect;

/* Compiles `length` bytes of `source`, which need not stay. `line` is the number of its first line.
 * NULL and `error` (TEMPLATE_ERROR_SYNTAX, with file and line) on a fault. */
TemplateProgram *template_compile(const char *file, guint line, const char *source, gsize length,
                                  TemplateDialect dialect, GError **error);
void template_program_free(TemplateProgram *program);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TemplateProgram, template_program_free)

#endif
