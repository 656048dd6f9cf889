/* See lemma.h. */
#include "lemma.h"

#include <string.h>

static const struct {
    gunichar from;
    gunichar to;
} PLAIN[] = {
    {0x2010, '-'}, {0x2011, '-'}, {0x2019, '\''}, {0x02BC, '\''}, {0x00A0, ' '}, {'_', ' '},
};

static gunichar plain(gunichar character)
{
    for (gsize i = 0; i < G_N_ELEMENTS(PLAIN); i++)
        if (PLAIN[i].from == character)
            return PLAIN[i].to;
    return g_unichar_tolower(character);
}

static gboolean is_entry(const char *text)
{
    guint words = 1;
    gboolean has_letter = FALSE;
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        words += character == ' ';
        has_letter |= g_unichar_isalpha(character);
        if (!g_unichar_isalpha(character) && !strchr(" -'", (int)MIN(character, 0x7F)))
            return FALSE;
    }
    return has_letter && words <= LEMMA_WORDS && strlen(text) <= LEMMA_BYTES;
}

/* One blank between words, none at the ends. Lemmas of several words have "#" where their form
 * changes. */
static GString *tidy(const char *text, gsize length)
{
    GString *tidied = g_string_new(NULL);
    guint brackets = 0;
    for (const char *at = text; at < text + length && *at; at = g_utf8_next_char(at)) {
        gunichar character = plain(g_utf8_get_char(at));
        if (character == '(' || character == '[')
            brackets++;
        if (brackets == 0 && character != '#' &&
            (character != ' ' || (tidied->len > 0 && tidied->str[tidied->len - 1] != ' ')))
            g_string_append_unichar(tidied, character);
        if ((character == ')' || character == ']') && brackets > 0)
            brackets--;
    }
    while (tidied->len > 0 && strchr(" .,;!?", tidied->str[tidied->len - 1]))
        g_string_truncate(tidied, tidied->len - 1);
    return tidied;
}

char *lemma_clean(const char *text, gsize length)
{
    if (!g_utf8_validate(text, (gssize)length, NULL))
        return NULL;
    g_autoptr(GString) tidied = tidy(text, length);
    if (g_str_has_prefix(tidied->str, "to "))
        g_string_erase(tidied, 0, strlen("to "));
    if (!is_entry(tidied->str))
        return NULL;
    return g_utf8_normalize(tidied->str, -1, G_NORMALIZE_DEFAULT_COMPOSE);
}

typedef struct {
    GString *key;
    gboolean failed;
} Key;

static gboolean add_term(const AnalysedWord *word, gpointer data)
{
    Key *key = data;
    if (key->key->len > 0)
        g_string_append_c(key->key, ' ');
    if (word->stem)
        g_string_append(key->key, word->stem);
    key->failed |= !word->stem;
    return !key->failed;
}

char *lemma_key(Analyser *analyser, Language language, const char *lemma)
{
    g_autofree char *marked = g_strdup_printf("%c%s", MARK_OTHER + (int)language, lemma);
    Key key = {.key = g_string_new(NULL)};
    analyser_walk(analyser, marked, strlen(marked), add_term, &key);
    gboolean is_key = !key.failed && key.key->len > 0;
    return g_string_free(key.key, !is_key);
}

static gboolean take_only_word(const AnalysedWord *word, gpointer data)
{
    char **folded = data;
    gboolean is_first = !*folded && word->position == 0;
    g_free(*folded);
    *folded = is_first ? g_strdup(word->word) : NULL;
    return is_first;
}

char *lemma_folded(Analyser *analyser, const char *lemma)
{
    char *folded = NULL;
    analyser_walk(analyser, lemma, strlen(lemma), take_only_word, &folded);
    return folded;
}
