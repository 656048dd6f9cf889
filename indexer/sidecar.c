/* Sidecar: see sidecar.h.
 *
 * Two passes. The first reads lines, because GKeyFile takes the last of two equal keys without a
 * word and knows no line numbers; it settles which groups and keys there are. The second lets
 * GKeyFile undo its escapes and takes the values. */
#include "sidecar.h"

#include <string.h>

#define SIDECAR_GROUP "document"

typedef enum {
    FIELD_TITLE,
    FIELD_YEAR,
    FIELD_KIND,
    FIELD_BODY,
    FIELD_COLLECTION,
    FIELD_COUNT
} Field;

typedef struct {
    const char *key;
    Field field;
} FieldKey;

static const FieldKey FIELD_KEYS[] = {
    {"title", FIELD_TITLE},         {"titolo", FIELD_TITLE}, {"year", FIELD_YEAR},
    {"anno", FIELD_YEAR},           {"kind", FIELD_KIND},    {"tipo", FIELD_KIND},
    {"body", FIELD_BODY},           {"ente", FIELD_BODY},    {"collection", FIELD_COLLECTION},
    {"raccolta", FIELD_COLLECTION},
};

/* What the first pass found. */
typedef struct {
    const char *keys[FIELD_COUNT]; /* as the file spells them; NULL: not given */
    gboolean in_group;
    guint line; /* counted from 1 */
} Outline;

G_DEFINE_QUARK(schedario - sidecar - error, sidecar_error)

/* Foreign text as a message may show it: valid UTF-8, one line, at most so many characters and an
 * ellipsis. Owned by the caller. */
static char *shown_up_to(const char *text, guint most)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);
    guint characters = 0;
    for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
        if (++characters > most) {
            g_string_append(out, "…");
            break;
        }
        gunichar character = g_utf8_get_char(p);
        g_string_append_unichar(out, g_unichar_isprint(character) ? character : 0xFFFD);
    }
    return g_string_free(out, FALSE);
}

static char *quoted(const char *text)
{
    g_autofree char *shown = shown_up_to(text, 60);
    return g_strconcat("\"", shown, "\"", NULL);
}

static gboolean check_bytes(const char *content, gsize length, GError **error)
{
    if (length > SIDECAR_FILE_BYTES) {
        g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_SYNTAX,
                    "the file has %" G_GSIZE_FORMAT " bytes; a sidecar may have %d", length,
                    SIDECAR_FILE_BYTES);
        return FALSE;
    }
    const char *nul = length > 0 ? memchr(content, '\0', length) : NULL;
    if (nul != NULL) {
        g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_SYNTAX,
                    "there is a NUL at byte %zu; a sidecar is plain text in UTF-8",
                    (size_t)(nul - content));
        return FALSE;
    }
    const char *end;
    if (!g_utf8_validate(content, (gssize)length, &end)) {
        g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_SYNTAX,
                    "byte %zu is not UTF-8; save the file as UTF-8", (size_t)(end - content));
        return FALSE;
    }
    return TRUE;
}

static gboolean outline_group(Outline *outline, const char *line, GError **error)
{
    if (strcmp(line, "[" SIDECAR_GROUP "]") != 0) {
        g_autofree char *shown = quoted(line);
        g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_KEY,
                    "line %u: unknown group %s; the only group is [" SIDECAR_GROUP "]",
                    outline->line, shown);
        return FALSE;
    }
    if (outline->in_group) {
        g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_KEY,
                    "line %u: the group [" SIDECAR_GROUP "] is there twice", outline->line);
        return FALSE;
    }
    outline->in_group = TRUE;
    return TRUE;
}

static const FieldKey *field_key_find(const char *key)
{
    for (guint i = 0; i < G_N_ELEMENTS(FIELD_KEYS); i++)
        if (strcmp(FIELD_KEYS[i].key, key) == 0)
            return &FIELD_KEYS[i];
    return NULL;
}

static gboolean outline_key(Outline *outline, const char *key, GError **error)
{
    const FieldKey *known = field_key_find(key);
    g_autofree char *shown = quoted(key);
    if (!outline->in_group) {
        g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_SYNTAX,
                    "line %u: %s stands before the group; the first line must be "
                    "[" SIDECAR_GROUP "]",
                    outline->line, shown);
        return FALSE;
    }
    if (known == NULL) {
        g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_KEY,
                    "line %u: unknown key %s; known are title (titolo), year (anno), kind (tipo), "
                    "body (ente), collection (raccolta)",
                    outline->line, shown);
        return FALSE;
    }
    if (outline->keys[known->field] != NULL) {
        g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_KEY,
                    "line %u: %s is given twice (as \"%s\" before)", outline->line, shown,
                    outline->keys[known->field]);
        return FALSE;
    }
    outline->keys[known->field] = known->key;
    return TRUE;
}

static gboolean outline_line(Outline *outline, char *line, GError **error)
{
    outline->line++;
    g_strstrip(line);
    if (*line == '\0' || *line == '#')
        return TRUE;
    if (*line == '[')
        return outline_group(outline, line, error);
    char *equals = strchr(line, '=');
    if (equals == NULL) {
        g_autofree char *shown = quoted(line);
        g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_SYNTAX,
                    "line %u: %s is neither [" SIDECAR_GROUP "] nor key = value", outline->line,
                    shown);
        return FALSE;
    }
    *equals = '\0';
    return outline_key(outline, g_strchomp(line), error);
}

static gboolean outline_read(Outline *outline, const char *content, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(content, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        if (!outline_line(outline, lines[i], error))
            return FALSE;
    if (!outline->in_group) {
        g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_SYNTAX,
                    "there is no group [" SIDECAR_GROUP "]; the first line must be it");
        return FALSE;
    }
    return TRUE;
}

/* Runs of white space become one blank; TRUE unless a control character remains. */
static gboolean tidy(const char *value, char **ret_tidy)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *p = value; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar character = g_utf8_get_char(p);
        if (g_unichar_isspace(character)) {
            if (out->len > 0 && out->str[out->len - 1] != ' ')
                g_string_append_c(out, ' ');
        } else if (g_unichar_iscntrl(character)) {
            return FALSE;
        } else {
            g_string_append_unichar(out, character);
        }
    }
    *ret_tidy = g_strchomp(g_string_free(g_steal_pointer(&out), FALSE));
    return TRUE;
}

static gboolean take_text(const char *key, const char *value, gsize limit_bytes, char **ret_text,
                          GError **error)
{
    g_autofree char *text = NULL;
    if (!tidy(value, &text)) {
        g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_VALUE,
                    "the %s holds a control character; allowed is text", key);
        return FALSE;
    }
    if (*text == '\0') {
        g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_VALUE,
                    "the %s is empty; give one or leave the line out", key);
        return FALSE;
    }
    if (strlen(text) > limit_bytes) {
        g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_VALUE,
                    "the %s has %zu bytes; at most %zu are allowed", key, strlen(text),
                    limit_bytes);
        return FALSE;
    }
    *ret_text = g_steal_pointer(&text);
    return TRUE;
}

static gboolean take_year(const char *key, const char *value, int *ret_year, GError **error)
{
    g_autofree char *trimmed = g_strstrip(g_strdup(value));
    guint64 year;
    if (g_ascii_string_to_unsigned(trimmed, 10, SIDECAR_YEAR_FIRST, SIDECAR_YEAR_LAST, &year,
                                   NULL)) {
        *ret_year = (int)year;
        return TRUE;
    }
    g_autofree char *shown = quoted(trimmed);
    g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_VALUE,
                "the %s is %s; allowed is a year from %d to %d", key, shown, SIDECAR_YEAR_FIRST,
                SIDECAR_YEAR_LAST);
    return FALSE;
}

static gboolean take_kind(const char *key, const char *value, Sidecar *sidecar, GError **error)
{
    if (kind_parse(value, &sidecar->kind)) {
        sidecar->has_kind = TRUE;
        return TRUE;
    }
    g_autofree char *shown = quoted(value);
    g_autoptr(GString) names = g_string_new(kind_name(0));
    for (guint i = 1; i < KIND_COUNT; i++)
        g_string_append_printf(names, ", %s", kind_name((Kind)i));
    g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_VALUE, "the %s is %s; allowed are %s", key,
                shown, names->str);
    return FALSE;
}

/* Whether a value can be a folder's path: no part empty, "." or "..". */
static gboolean is_folder_path(const char *value)
{
    g_auto(GStrv) parts = g_strsplit(value, "/", -1);
    for (guint i = 0; parts[i] != NULL; i++)
        if (*parts[i] == '\0' || strcmp(parts[i], ".") == 0 || strcmp(parts[i], "..") == 0)
            return FALSE;
    return parts[0] != NULL;
}

static gboolean take_collection(const char *key, const char *value, char **ret_collection,
                                GError **error)
{
    g_autofree char *text = NULL;
    if (!take_text(key, value, SIDECAR_COLLECTION_BYTES, &text, error))
        return FALSE;
    if (is_folder_path(text)) {
        *ret_collection = g_steal_pointer(&text);
        return TRUE;
    }
    g_autofree char *shown = quoted(text);
    g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_VALUE,
                "the %s is %s; allowed are names parted by single slashes, as in statuti/comuni",
                key, shown);
    return FALSE;
}

static gboolean take_field(Sidecar *sidecar, Field field, const char *key, const char *value,
                           GError **error)
{
    switch (field) {
    case FIELD_TITLE:
        return take_text(key, value, SIDECAR_TITLE_BYTES, &sidecar->title, error);
    case FIELD_BODY:
        return take_text(key, value, SIDECAR_BODY_BYTES, &sidecar->body, error);
    case FIELD_COLLECTION:
        return take_collection(key, value, &sidecar->collection, error);
    case FIELD_YEAR:
        return take_year(key, value, &sidecar->year, error);
    case FIELD_KIND:
        return take_kind(key, value, sidecar, error);
    case FIELD_COUNT:
        break;
    }
    g_assert_not_reached();
}

static gboolean take_fields(Sidecar *sidecar, const Outline *outline, GKeyFile *file,
                            GError **error)
{
    for (guint i = 0; i < FIELD_COUNT; i++) {
        const char *key = outline->keys[i];
        if (key == NULL)
            continue;
        g_autoptr(GError) cause = NULL;
        g_autofree char *value = g_key_file_get_string(file, SIDECAR_GROUP, key, &cause);
        /* GLib gives a value even for an escape that it does not know, with the error. */
        if (value == NULL || cause != NULL) {
            g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_VALUE,
                        "the %s cannot be read (a backslash is written \\\\): %s", key,
                        cause != NULL ? cause->message : "no value");
            return FALSE;
        }
        if (!take_field(sidecar, (Field)i, key, value, error))
            return FALSE;
    }
    return TRUE;
}

Sidecar *sidecar_parse(const char *content, gsize length, GError **error)
{
    if (!check_bytes(content, length, error))
        return NULL;
    g_autofree char *owned = g_strndup(length > 0 ? content : "", length);
    const char *text = g_str_has_prefix(owned, "\xEF\xBB\xBF") ? owned + 3 : owned;
    Outline outline = {0};
    if (!outline_read(&outline, text, error))
        return NULL;
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) cause = NULL;
    if (!g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, &cause)) {
        g_autofree char *shown = shown_up_to(cause->message, 200);
        g_set_error(error, SIDECAR_ERROR, SIDECAR_ERROR_SYNTAX, "this is not a key file: %s",
                    shown);
        return NULL;
    }
    g_autoptr(Sidecar) sidecar = g_new0(Sidecar, 1);
    if (!take_fields(sidecar, &outline, file, error))
        return NULL;
    return g_steal_pointer(&sidecar);
}

void sidecar_free(Sidecar *sidecar)
{
    if (sidecar == NULL)
        return;
    g_free(sidecar->title);
    g_free(sidecar->body);
    g_free(sidecar->collection);
    g_free(sidecar);
}

/* Writing */

static const char *const PRINTED_KEYS[FIELD_COUNT][2] = {
    [FIELD_TITLE] = {"title", "titolo"},
    [FIELD_YEAR] = {"year", "anno"},
    [FIELD_KIND] = {"kind", "tipo"},
    [FIELD_BODY] = {"body", "ente"},
    [FIELD_COLLECTION] = {"collection", "raccolta"},
};

static const char *const ITALIAN_KINDS[KIND_COUNT] = {
    "altro", "statuto", "regolamento", "piano", "programma", "delibera", "accordo", "relazione"};

/* A line, with GKeyFile's escapes; commented out without a value. */
static void print_field(GString *out, Field field, const char *value, gboolean in_italian)
{
    const char *key = PRINTED_KEYS[field][in_italian ? 1 : 0];
    if (!value) {
        g_string_append_printf(out, "# %s = \n", key);
        return;
    }
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *valid = g_utf8_make_valid(value, -1);
    g_key_file_set_string(file, SIDECAR_GROUP, key, valid);
    g_autofree char *escaped = g_key_file_get_value(file, SIDECAR_GROUP, key, NULL);
    g_string_append_printf(out, "%s = %s\n", key, escaped);
}

char *sidecar_print(const Sidecar *sidecar, gboolean in_italian)
{
    GString *out = g_string_new("[" SIDECAR_GROUP "]\n");
    g_autofree char *year = sidecar->year ? g_strdup_printf("%d", sidecar->year) : NULL;
    const char *kind = in_italian ? ITALIAN_KINDS[sidecar->kind] : kind_name(sidecar->kind);
    print_field(out, FIELD_TITLE, sidecar->title, in_italian);
    print_field(out, FIELD_YEAR, year, in_italian);
    print_field(out, FIELD_KIND, sidecar->has_kind ? kind : NULL, in_italian);
    print_field(out, FIELD_BODY, sidecar->body, in_italian);
    print_field(out, FIELD_COLLECTION, sidecar->collection, in_italian);
    return g_string_free(out, FALSE);
}
