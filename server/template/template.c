/* Template: see template.h.
 *
 * Loading compiles every file (template_compile.h), gives each message key an index, links the
 * names of partials and messages, and measures how deep each template can stack up contexts.
 * Invariants of a loaded set: it is never written again; every link is resolved in every language;
 * no template stacks up more than TEMPLATE_DEPTH contexts, so rendering recurses and stacks within
 * a known bound whatever the value is. */
#include "template.h"

#include <assert.h>
#include <string.h>

#include "../limits.h"
#include "template_compile.h"
#include "template_markup.h"

G_DEFINE_QUARK(schedario - template, template_error)

#define TEMPLATE_SUFFIX ".mustache"
#define MESSAGES_SUFFIX ".ini"
#define MESSAGES_GROUP  "messages"

typedef struct {
    char *file;       /* "it.ini" */
    GPtrArray *html;  /* of TemplateProgram, by index of the key; NULL where a key is missing */
    GPtrArray *plain; /* the same unescaped */
} Language;

struct TemplateSet {
    gatomicrefcount references;
    GHashTable *templates; /* name -> TemplateProgram */
    GHashTable *languages; /* name -> Language */
    GHashTable *keys;      /* message key -> its index + 1 */
};

static void language_free(gpointer data)
{
    Language *language = data;
    g_free(language->file);
    g_ptr_array_unref(language->html);
    g_ptr_array_unref(language->plain);
    g_free(language);
}

static void program_free(gpointer program)
{
    template_program_free(program);
}

static TemplateSet *set_new(void)
{
    TemplateSet *set = g_new0(TemplateSet, 1);
    g_atomic_ref_count_init(&set->references);
    set->templates = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, program_free);
    set->languages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, language_free);
    set->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return set;
}

TemplateSet *template_set_ref(TemplateSet *set)
{
    g_atomic_ref_count_inc(&set->references);
    return set;
}

void template_set_free(TemplateSet *set)
{
    if (set == NULL || !g_atomic_ref_count_dec(&set->references))
        return;
    g_hash_table_unref(set->templates);
    g_hash_table_unref(set->languages);
    g_hash_table_unref(set->keys);
    g_free(set);
}

/* --- files --- */

typedef gboolean (*LoadFile)(TemplateSet *set, const char *file, const char *name,
                             const GString *text, GError **error);

static gboolean fail_io(GError **error, GError *cause)
{
    g_set_error_literal(error, TEMPLATE_ERROR, TEMPLATE_ERROR_IO, cause->message);
    g_error_free(cause);
    return FALSE;
}

static GString *read_file(const char *path, GError **error)
{
    GError *cause = NULL;
    g_autofree char *text = NULL;
    gsize length = 0;
    if (!g_file_get_contents(path, &text, &length, &cause)) {
        fail_io(error, cause);
        return NULL;
    }
    if (length > TEMPLATE_FILE_BYTES) {
        g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_IO, "%s: longer than %d bytes", path,
                    TEMPLATE_FILE_BYTES);
        return NULL;
    }
    return g_string_new_len(text, (gssize)length);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, so that the same faults give the same error everywhere. */
static GPtrArray *list_files(const char *directory, const char *suffix, GError **error)
{
    GError *cause = NULL;
    g_autoptr(GDir) dir = g_dir_open(directory, 0, &cause);
    if (dir == NULL) {
        fail_io(error, cause);
        return NULL;
    }
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    const char *file;
    while ((file = g_dir_read_name(dir)) != NULL) {
        if (*file != '.' && g_str_has_suffix(file, suffix) && strlen(file) > strlen(suffix))
            g_ptr_array_add(files, g_strdup(file));
    }
    g_ptr_array_sort(files, compare_names);
    return files;
}

static gboolean load_files(TemplateSet *set, const char *directory, const char *suffix,
                           LoadFile load, GError **error)
{
    g_autoptr(GPtrArray) files = list_files(directory, suffix, error);
    for (guint i = 0; files != NULL && i < files->len; i++) {
        const char *file = files->pdata[i];
        g_autofree char *path = g_build_filename(directory, file, NULL);
        g_autofree char *name = g_strndup(file, strlen(file) - strlen(suffix));
        GString *text = read_file(path, error);
        gboolean is_loaded = text != NULL && load(set, file, name, text, error);
        if (text != NULL)
            g_string_free(text, TRUE);
        if (!is_loaded)
            return FALSE;
    }
    return files != NULL;
}

static gboolean load_template(TemplateSet *set, const char *file, const char *name,
                              const GString *text, GError **error)
{
    TemplateProgram *program =
        template_compile(file, 1, text->str, text->len, TEMPLATE_PAGE, error);
    if (program == NULL)
        return FALSE;
    g_hash_table_insert(set->templates, g_strdup(name), program);
    return TRUE;
}

/* --- messages --- */

/* The line, from 1, on which `key` is set after line `after`; 0: none. GKeyFile knows no lines. */
static guint find_key(const char *text, const char *key, guint after)
{
    guint line = 1;
    for (const char *at = text; at != NULL; line++) {
        const char *word = at + strspn(at, " \t");
        const char *behind = word + strlen(key);
        if (line > after && strncmp(word, key, strlen(key)) == 0 &&
            behind[strspn(behind, " \t")] == '=')
            return line;
        at = strchr(at, '\n');
        at = at == NULL ? NULL : at + 1;
    }
    return 0;
}

static guint key_index(TemplateSet *set, const char *key)
{
    guint index = GPOINTER_TO_UINT(g_hash_table_lookup(set->keys, key));
    if (index == 0) {
        index = g_hash_table_size(set->keys) + 1;
        g_hash_table_insert(set->keys, g_strdup(key), GUINT_TO_POINTER(index));
    }
    return index - 1;
}

static gboolean put_message(GPtrArray *programs, guint index, TemplateProgram *program)
{
    if (program == NULL)
        return FALSE;
    if (index >= programs->len)
        g_ptr_array_set_size(programs, (int)index + 1);
    g_clear_pointer(&programs->pdata[index], template_program_free);
    programs->pdata[index] = program;
    return TRUE;
}

static gboolean load_message(TemplateSet *set, Language *language, GKeyFile *messages,
                             const char *text, const char *key, GError **error)
{
    guint line = find_key(text, key, 0);
    guint again = find_key(text, key, line);
    if (again != 0) {
        g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX,
                    "%s:%u: message \"%s\" is also on line %u", language->file, again, key, line);
        return FALSE;
    }
    GError *cause = NULL;
    g_autofree char *value = g_key_file_get_string(messages, MESSAGES_GROUP, key, &cause);
    if (value == NULL) {
        g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX, "%s:%u: %s", language->file, line,
                    cause->message);
        g_error_free(cause);
        return FALSE;
    }
    guint index = key_index(set, key);
    return put_message(language->html, index,
                       template_compile(language->file, line, value, strlen(value),
                                        TEMPLATE_MESSAGE, error)) &&
           put_message(language->plain, index,
                       template_compile(language->file, line, value, strlen(value),
                                        TEMPLATE_MESSAGE_PLAIN, error));
}

static Language *add_language(TemplateSet *set, const char *file, const char *name)
{
    Language *language = g_new0(Language, 1);
    language->file = g_strdup(file);
    language->html = g_ptr_array_new_with_free_func(program_free);
    language->plain = g_ptr_array_new_with_free_func(program_free);
    g_hash_table_insert(set->languages, g_strdup(name), language);
    return language;
}

static gboolean load_messages(TemplateSet *set, const char *file, const char *name,
                              const GString *text, GError **error)
{
    g_autoptr(GKeyFile) messages = g_key_file_new();
    GError *cause = NULL;
    g_auto(GStrv) keys = NULL;
    if (g_key_file_load_from_data(messages, text->str, text->len, G_KEY_FILE_NONE, &cause))
        keys = g_key_file_get_keys(messages, MESSAGES_GROUP, NULL, &cause);
    if (keys == NULL) {
        g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX, "%s: %s", file, cause->message);
        g_error_free(cause);
        return FALSE;
    }
    Language *language = add_language(set, file, name);
    for (char **key = keys; *key != NULL; key++) {
        if (!load_message(set, language, messages, text->str, *key, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean check_language(TemplateSet *set, Language *language, GError **error)
{
    g_ptr_array_set_size(language->html, (int)g_hash_table_size(set->keys));
    g_ptr_array_set_size(language->plain, (int)g_hash_table_size(set->keys));
    GHashTableIter keys;
    gpointer key, index;
    g_hash_table_iter_init(&keys, set->keys);
    while (g_hash_table_iter_next(&keys, &key, &index)) {
        if (language->html->pdata[GPOINTER_TO_UINT(index) - 1] != NULL)
            continue;
        g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_MISSING,
                    "%s: message \"%s\" is missing, which another language has", language->file,
                    (const char *)key);
        return FALSE;
    }
    return TRUE;
}

static gboolean check_languages(TemplateSet *set, const char *directory, GError **error)
{
    GHashTableIter languages;
    gpointer language;
    g_hash_table_iter_init(&languages, set->languages);
    while (g_hash_table_iter_next(&languages, NULL, &language)) {
        if (!check_language(set, language, error))
            return FALSE;
    }
    if (g_hash_table_size(set->languages) == 0) {
        g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_MISSING, "%s: no messages", directory);
        return FALSE;
    }
    return TRUE;
}

/* --- links --- */

static gboolean fail_link(const TemplateProgram *program, const TemplateOp *op, TemplateError code,
                          const char *what, GError **error)
{
    g_set_error(error, TEMPLATE_ERROR, code, "%s:%u: %s \"%s\" %s", program->file, op->line,
                op->kind == TEMPLATE_OP_MESSAGE ? "message" : "partial", op->text, what);
    return FALSE;
}

static gboolean link_op(TemplateSet *set, const TemplateProgram *program, TemplateOp *op,
                        GError **error)
{
    guint key = 1;
    if (op->kind == TEMPLATE_OP_PARTIAL)
        op->partial = g_hash_table_lookup(set->templates, op->text);
    if (op->kind == TEMPLATE_OP_MESSAGE)
        key = GPOINTER_TO_UINT(g_hash_table_lookup(set->keys, op->text));
    op->message = key - 1;
    if (key == 0 || (op->kind == TEMPLATE_OP_PARTIAL && op->partial == NULL))
        return fail_link(program, op, TEMPLATE_ERROR_MISSING, "is missing", error);
    return TRUE;
}

/* Contexts that one operation stacks up inside the sections around it. Partials are linked and
 * measured before. A section's content is counted by its own operations' depth, an empty one by
 * nothing. */
static guint op_depth(const TemplateSet *set, const TemplateOp *op)
{
    guint deepest = 0;
    if (op->kind == TEMPLATE_OP_PARTIAL)
        deepest = op->partial->depth + 1;
    if (op->kind == TEMPLATE_OP_SECTION)
        deepest = 1;
    if (op->kind == TEMPLATE_OP_MESSAGE) {
        GHashTableIter languages;
        gpointer language;
        g_hash_table_iter_init(&languages, set->languages);
        while (g_hash_table_iter_next(&languages, NULL, &language)) {
            const TemplateProgram *message = ((Language *)language)->html->pdata[op->message];
            deepest = MAX(deepest, message->depth + 1);
        }
    }
    return op->depth + deepest;
}

/* Links a template and, before it, those it includes. `above` counts the templates that are being
 * linked around it, which bounds the recursion. */
static gboolean link_program(TemplateSet *set, TemplateProgram *program, guint above,
                             GError **error)
{
    program->busy = TRUE;
    for (guint i = 0; i < program->ops->len; i++) {
        TemplateOp *op = &g_array_index(program->ops, TemplateOp, i);
        if (!link_op(set, program, op, error))
            return FALSE;
        TemplateProgram *partial = op->partial;
        if (partial != NULL && partial->busy && !partial->done)
            return fail_link(program, op, TEMPLATE_ERROR_MISSING, "includes itself", error);
        if (partial != NULL && above >= TEMPLATE_DEPTH)
            return fail_link(program, op, TEMPLATE_ERROR_SYNTAX, "is included too deep", error);
        if (partial != NULL && !partial->done && !link_program(set, partial, above + 1, error))
            return FALSE;
        program->depth = MAX(program->depth, op_depth(set, op));
        if (program->depth > TEMPLATE_DEPTH)
            return fail_link(program, op, TEMPLATE_ERROR_SYNTAX, "stands too deep", error);
    }
    program->done = TRUE;
    return TRUE;
}

static gboolean link_messages(TemplateSet *set, const GPtrArray *programs, GError **error)
{
    for (guint i = 0; i < programs->len; i++) {
        if (!link_program(set, programs->pdata[i], 0, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean link_set(TemplateSet *set, GError **error)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, set->languages);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Language *language = value;
        if (!link_messages(set, language->html, error) ||
            !link_messages(set, language->plain, error))
            return FALSE;
    }
    g_hash_table_iter_init(&iter, set->templates);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        TemplateProgram *program = value;
        if (!program->done && !link_program(set, program, 0, error))
            return FALSE;
    }
    return TRUE;
}

TemplateSet *template_set_load(const char *templates_dir, const char *messages_dir, GError **error)
{
    g_autoptr(TemplateSet) set = set_new();
    if (!load_files(set, messages_dir, MESSAGES_SUFFIX, load_messages, error) ||
        !check_languages(set, messages_dir, error) ||
        !load_files(set, templates_dir, TEMPLATE_SUFFIX, load_template, error) ||
        !link_set(set, error))
        return NULL;
    return g_steal_pointer(&set);
}

/* --- rendering --- */

typedef struct {
    GString *out;
    const Language *language;
    gboolean is_plain;
    guint depth;                                /* contexts on the stack */
    const json_t *contexts[TEMPLATE_DEPTH + 1]; /* innermost last */
} Render;

/* The first part of a name is looked for from the innermost context outwards; the rest only within
 * what was found, so that a missing field does not become another object's field. */
static const json_t *look_up(const Render *render, char *const *path)
{
    if (path[0] == NULL)
        return render->contexts[render->depth - 1];
    const json_t *found = NULL;
    for (guint i = render->depth; i > 0 && found == NULL; i--)
        found = json_object_get(render->contexts[i - 1], path[0]);
    for (guint i = 1; path[i] != NULL && found != NULL; i++)
        found = json_object_get(found, path[i]);
    return found;
}

static gboolean is_true(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
    case JSON_TRUE:
        return TRUE;
    case JSON_ARRAY:
        return json_array_size(value) > 0;
    case JSON_STRING:
        return json_string_length(value) > 0;
    case JSON_INTEGER:
        return json_integer_value(value) != 0;
    case JSON_REAL:
        return json_real_value(value) != 0;
    case JSON_FALSE:
    case JSON_NULL:
        break;
    }
    return FALSE;
}

static void append_real(GString *out, double number)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(out, g_ascii_formatd(digits, sizeof digits, "%.15g", number));
}

static void append_string(const Render *render, const json_t *value)
{
    if (render->is_plain)
        g_string_append_len(render->out, json_string_value(value),
                            (gssize)json_string_length(value));
    else
        markup_append_escaped(render->out, json_string_value(value), json_string_length(value));
}

static void append_value(const Render *render, const json_t *value)
{
    if (json_is_string(value))
        append_string(render, value);
    else if (json_is_integer(value))
        g_string_append_printf(render->out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        append_real(render->out, json_real_value(value));
    else if (json_is_boolean(value))
        g_string_append(render->out, json_is_true(value) ? "true" : "false");
}

static void render_range(Render *render, const TemplateProgram *program, guint from, guint to);

static void render_program(Render *render, const TemplateProgram *program)
{
    render_range(render, program, 0, program->ops->len);
}

static void render_inside(Render *render, const TemplateProgram *program, guint section,
                          const json_t *context)
{
    const TemplateOp *op = &g_array_index(program->ops, TemplateOp, section);
    assert(render->depth < G_N_ELEMENTS(render->contexts));
    render->contexts[render->depth++] = context;
    render_range(render, program, section + 1, op->end);
    render->depth--;
}

static void render_section(Render *render, const TemplateProgram *program, guint section)
{
    const TemplateOp *op = &g_array_index(program->ops, TemplateOp, section);
    const json_t *value = look_up(render, op->path);
    if (!json_is_array(value)) {
        if (value != NULL && is_true(value))
            render_inside(render, program, section, value);
        return;
    }
    for (size_t i = 0; i < json_array_size(value); i++)
        render_inside(render, program, section, json_array_get(value, i));
}

static void render_message(Render *render, guint message)
{
    const GPtrArray *programs = render->is_plain ? render->language->plain : render->language->html;
    render_program(render, programs->pdata[message]);
}

/* Shows the operation at `at`; returns the index of the next. */
static guint render_op(Render *render, const TemplateProgram *program, guint at)
{
    const TemplateOp *op = &g_array_index(program->ops, TemplateOp, at);
    const json_t *value;
    switch (op->kind) {
    case TEMPLATE_OP_TEXT:
        g_string_append_len(render->out, op->text, (gssize)op->length);
        break;
    case TEMPLATE_OP_VALUE:
        append_value(render, look_up(render, op->path));
        break;
    case TEMPLATE_OP_SECTION:
        render_section(render, program, at);
        return op->end;
    case TEMPLATE_OP_INVERTED:
        value = look_up(render, op->path);
        if (value == NULL || !is_true(value))
            break;
        return op->end;
    case TEMPLATE_OP_PARTIAL:
        render_program(render, op->partial);
        break;
    case TEMPLATE_OP_MESSAGE:
        render_message(render, op->message);
        break;
    }
    return at + 1;
}

static void render_range(Render *render, const TemplateProgram *program, guint from, guint to)
{
    for (guint at = from; at < to;)
        at = render_op(render, program, at);
}

static Render render_start(const Language *language, const json_t *value)
{
    return (Render){
        .out = g_string_sized_new(1024), .language = language, .depth = 1, .contexts = {value}};
}

static gboolean has_all(GHashTable *table, GHashTable *wanted, const char *what, GError **error)
{
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, wanted);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        if (g_hash_table_contains(table, name))
            continue;
        g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_MISSING, "the %s \"%s\" is missing", what,
                    (const char *)name);
        return FALSE;
    }
    return TRUE;
}

gboolean template_set_covers(const TemplateSet *set, const TemplateSet *other, GError **error)
{
    return has_all(set->templates, other->templates, "template", error) &&
           has_all(set->languages, other->languages, "language", error) &&
           has_all(set->keys, other->keys, "message", error);
}

GString *template_render(const TemplateSet *set, const char *language, const char *name,
                         const json_t *value)
{
    const Language *spoken = g_hash_table_lookup(set->languages, language);
    const TemplateProgram *program = g_hash_table_lookup(set->templates, name);
    assert(spoken != NULL && program != NULL);
    if (spoken == NULL || program == NULL)
        return NULL;
    Render render = render_start(spoken, value);
    render_program(&render, program);
    return render.out;
}

char *template_message(const TemplateSet *set, const char *language, const char *key,
                       const json_t *value)
{
    const Language *spoken = g_hash_table_lookup(set->languages, language);
    guint index = GPOINTER_TO_UINT(g_hash_table_lookup(set->keys, key));
    if (spoken == NULL || index == 0)
        return NULL;
    Render render = render_start(spoken, value);
    render.is_plain = TRUE;
    render_message(&render, index - 1);
    return g_string_free(render.out, FALSE);
}
