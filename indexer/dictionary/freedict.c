/* See freedict.h.
 *
 * Headwords of several words were cut after the first one when this data were made ("look for" is a
 * second article "look"), so of a headword with several articles none is believed alone. */
#include "freedict.h"

#include <string.h>
#include <zlib.h>

#include "lemma.h"

G_DEFINE_QUARK(schedario - freedict - error, freedict_error)

enum { TEXT_BYTES = 1 << 26 };

static const double LATER_SENSE = 0.3; /* each translation makes the next one so much less likely */
static const double CUT_HEADWORD = 0.25;

typedef struct {
    Pairs *pairs;
    GString *text;
    Route route;
} Source;

static GString *read_compressed(const char *path, GError **error)
{
    GString *text = g_string_new(NULL);
    char block[1 << 14];
    int count = -1;
    gzFile file = gzopen(path, "rb");
    while (file && (count = gzread(file, block, sizeof block)) > 0 && text->len < TEXT_BYTES)
        g_string_append_len(text, block, count);
    if (file)
        gzclose(file);
    if (count == 0)
        return text;
    g_set_error(error, FREEDICT_ERROR, FREEDICT_ERROR_READ, "cannot be read");
    g_string_free(text, TRUE);
    return NULL;
}

static gboolean parse_base64(const char *text, gsize *ret_value)
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    gsize value = 0;
    for (; *text; text++) {
        const char *digit = strchr(DIGITS, *text);
        if (!digit || value > TEXT_BYTES)
            return FALSE;
        value = value << 6 | (gsize)(digit - DIGITS);
    }
    *ret_value = value;
    return TRUE;
}

/* "2. house, home" without its number. */
static const char *sense_text(const char *line)
{
    const char *at = line + strspn(line, " 0123456789");
    return *at == '.' ? at + 1 : line;
}

static void add_sense(const Source *source, const char *headword, const char *line, double scale,
                      guint *rank)
{
    g_auto(GStrv) translations = g_strsplit_set(sense_text(line), ",;", -1);
    for (guint i = 0; translations[i]; i++) {
        g_autofree char *translation = lemma_clean(translations[i], strlen(translations[i]));
        if (!translation)
            continue;
        double likelihood = scale / (1 + LATER_SENSE * (*rank)++);
        gboolean is_italian = source->route == ROUTE_FREEDICT_ITALIAN;
        pairs_add(source->pairs, source->route, is_italian ? headword : translation,
                  is_italian ? translation : headword, likelihood);
    }
}

static void add_article(const Source *source, const char *article, gsize length, gboolean is_alone)
{
    g_autofree char *text = g_strndup(article, length);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    if (!lines[0] || !lines[1])
        return;
    const char *slash = strchr(lines[0], '/');
    gsize bytes = slash ? (gsize)(slash - lines[0]) : strlen(lines[0]);
    g_autofree char *headword = lemma_clean(lines[0], bytes);
    guint rank = 0;
    for (guint i = 1; headword && lines[i]; i++)
        add_sense(source, headword, lines[i], is_alone ? 1 : CUT_HEADWORD, &rank);
}

/* How many articles each headword has: gpointer counts by headword. */
static GHashTable *count_articles(char **index)
{
    GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; index[i]; i++) {
        g_auto(GStrv) columns = g_strsplit(index[i], "\t", 2);
        if (columns[0])
            g_hash_table_insert(
                counts, g_strdup(columns[0]),
                GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(counts, columns[0])) + 1));
    }
    return counts;
}

static gboolean add_line(const Source *source, const char *line, GHashTable *counts, GError **error)
{
    g_auto(GStrv) columns = g_strsplit(line, "\t", -1);
    if (!columns[0] || g_str_has_prefix(columns[0], "00database"))
        return TRUE;
    gsize offset = 0;
    gsize length = 0;
    gboolean is_line = g_strv_length(columns) >= 3 && parse_base64(columns[1], &offset) &&
                       parse_base64(columns[2], &length);
    if (!is_line || offset > source->text->len || length > source->text->len - offset) {
        g_set_error(error, FREEDICT_ERROR, FREEDICT_ERROR_FORMAT, "its index has a line \"%s\"",
                    line);
        return FALSE;
    }
    gboolean is_alone = GPOINTER_TO_UINT(g_hash_table_lookup(counts, columns[0])) == 1;
    add_article(source, source->text->str + offset, length, is_alone);
    return TRUE;
}

static gboolean add_all(Pairs *pairs, const char *stem, Route route, GError **error)
{
    g_autofree char *index_path = g_strconcat(stem, ".index", NULL);
    g_autofree char *text_path = g_strconcat(stem, ".dict.dz", NULL);
    g_autofree char *index = NULL;
    if (!g_file_get_contents(index_path, &index, NULL, error))
        return FALSE;
    g_autoptr(GString) text = read_compressed(text_path, error);
    if (!text)
        return FALSE;
    g_auto(GStrv) lines = g_strsplit(index, "\n", -1);
    g_autoptr(GHashTable) counts = count_articles(lines);
    Source source = {.pairs = pairs, .text = text, .route = route};
    for (guint i = 0; lines[i]; i++)
        if (!add_line(&source, lines[i], counts, error))
            return FALSE;
    return TRUE;
}

gboolean freedict_add(Pairs *pairs, const char *stem, Language headwords, GError **error)
{
    Route route = headwords == LANGUAGE_ITALIAN ? ROUTE_FREEDICT_ITALIAN : ROUTE_FREEDICT_ENGLISH;
    if (add_all(pairs, stem, route, error))
        return TRUE;
    g_prefix_error(error, "%s: ", stem);
    return FALSE;
}
