/* See lexicon.h. */
#include "lexicon.h"

#include <string.h>

#include "lemma.h"
#include "transducer.h"

struct Lexicon {
    GStringChunk *strings;
    GArray *analyses;
};

typedef struct {
    Lexicon *lexicon;
    Language language;
} Reading;

/* Auxiliary verbs are function words. */
static const char *const CONTENT[] = {"<n>",  "<adj>", "<adv>", "<vblex>",
                                      "<np>", "<num>", "<ij>",  "<det><ord>"};

/* Moods and persons that reports do not use would only make questions longer. */
static const char *const COMMON[] = {
    "<n><",
    "<adj><m",
    "<adj><f",
    "<vblex><inf>",
    "<vblex><ger>",
    "<vblex><pp>",
    "<vblex><past>",
    "<vblex><pri><p3>",
    "<vblex><pres><p3>",
    "<vblex><ifi><p3>",
    "<vblex><pii><p3>",
};

Lexicon *lexicon_new(void)
{
    Lexicon *lexicon = g_new0(Lexicon, 1);
    lexicon->strings = g_string_chunk_new(1 << 16);
    lexicon->analyses = g_array_new(FALSE, FALSE, sizeof(Analysis));
    return lexicon;
}

void lexicon_free(Lexicon *lexicon)
{
    if (!lexicon)
        return;
    g_array_unref(lexicon->analyses);
    g_string_chunk_free(lexicon->strings);
    g_free(lexicon);
}

static gboolean begins_with_one(const char *tags, const char *const *list, gsize count)
{
    for (gsize i = 0; i < count; i++)
        if (g_str_has_prefix(tags, list[i]))
            return TRUE;
    return FALSE;
}

/* "scriveran" for "scriveranno" is poetry. */
static gboolean is_whole(Language language, const char *form)
{
    g_autofree char *folded = g_utf8_normalize(form, -1, G_NORMALIZE_ALL);
    gsize at = strlen(folded);
    while (at > 0 && (guchar)folded[at - 1] >= 0x80) /* accents */
        at--;
    return language != LANGUAGE_ITALIAN || (at > 0 && strchr("aeiou", folded[at - 1]) != NULL);
}

static void add_analysis(const char *surface, const char *analysis, gpointer data)
{
    const Reading *reading = data;
    const char *tags = strchr(analysis, '<');
    if (!tags || strchr(analysis, ' '))
        return;
    g_autofree char *lemma = lemma_clean(analysis, (gsize)(tags - analysis));
    g_autofree char *form = lemma_clean(surface, strlen(surface));
    if (!lemma || !form)
        return;
    Analysis row = {
        .form = g_string_chunk_insert_const(reading->lexicon->strings, form),
        .lemma = g_string_chunk_insert_const(reading->lexicon->strings, lemma),
        .language = reading->language,
        .is_content = begins_with_one(tags, CONTENT, G_N_ELEMENTS(CONTENT)),
        .is_common = begins_with_one(tags, COMMON, G_N_ELEMENTS(COMMON)) &&
                     is_whole(reading->language, form),
    };
    g_array_append_val(reading->lexicon->analyses, row);
}

/* What is joined to a word ("darlo", "child's") is another word. */
static gboolean is_within_word(gunichar symbol)
{
    return symbol != '+';
}

gboolean lexicon_add(Lexicon *lexicon, Language language, const char *path, GError **error)
{
    g_autofree char *data = NULL;
    gsize length;
    Reading reading = {lexicon, language};
    if (!g_file_get_contents(path, &data, &length, error))
        return FALSE;
    if (transducer_walk((const guint8 *)data, length, is_within_word, add_analysis, &reading,
                        error))
        return TRUE;
    g_prefix_error(error, "%s: ", path);
    return FALSE;
}

const GArray *lexicon_analyses(const Lexicon *lexicon)
{
    return lexicon->analyses;
}
