/* See suggest_private.h. What is remembered of the archive from one answer to the next.
 *
 * Which terms the archive has is known for as long as the lexicon has the same words. How the
 * archive writes a word hardly changes, and costs most to find out of all: that is kept for
 * longer. */
#include "suggest_private.h"

#include <string.h>

#include "../query/function_word.h"

enum { SURFACES_KEPT = 4000 };

void suggest_surface_free(gpointer data)
{
    surface_release(data);
    g_free(data);
}

void suggest_memory_unref(Memory *memory)
{
    if (!memory || !g_atomic_ref_count_dec(&memory->references))
        return;
    lexicon_words_unref(memory->words);
    g_free(memory->weights);
    g_free(memory);
}

guint32 suggest_word_weight(const LexiconWords *words, const char *word)
{
    guint first, end;
    lexicon_words_range(words, word, &first, &end);
    gboolean is_there = first < end && strcmp(lexicon_words_at(words, first), word) == 0;
    return is_there ? lexicon_words_weight(words, first) : 0;
}

static gboolean has_figure(const char *text)
{
    return strpbrk(text, "0123456789") != NULL;
}

/* Figures and letters that stand alone are not in the lexicon; grammar says nothing. */
static gboolean is_weighed(const char *word)
{
    return !function_word_is(word, NULL) && !has_figure(word) && word[1] != '\0';
}

static guint32 term_weight(const LexiconWords *words, const Term *term)
{
    /* How frequent a name with figures is, its other words do not tell. */
    enum { FIGURES_RARER = 16 };
    guint32 weight = G_MAXUINT32;
    g_auto(GStrv) parts = g_strsplit(term->folded, " ", -1);
    for (guint i = 0; parts[i]; i++)
        if (is_weighed(parts[i]))
            weight = MIN(weight, suggest_word_weight(words, parts[i]));
    if (weight == G_MAXUINT32)
        return 0;
    return has_figure(term->folded) ? weight / FIGURES_RARER : weight;
}

/* Takes `words`. */
static Memory *memory_new(const Suggester *suggester, LexiconWords *words)
{
    Memory *memory = g_new0(Memory, 1);
    g_atomic_ref_count_init(&memory->references);
    memory->words = words;
    memory->weights = g_new0(guint32, suggester->terms->len);
    for (guint i = 0; i < suggester->terms->len; i++)
        memory->weights[i] = term_weight(words, &g_array_index(suggester->terms, Term, i));
    return memory;
}

Memory *suggest_memory(Suggester *suggester)
{
    LexiconWords *words = lexicon_words(suggester->lexicon);
    if (!words)
        return NULL;
    g_mutex_lock(&suggester->mutex);
    if (!suggester->memory || suggester->memory->words != words) {
        suggest_memory_unref(suggester->memory);
        suggester->memory = memory_new(suggester, words);
    } else {
        lexicon_words_unref(words);
    }
    Memory *memory = suggester->memory;
    g_atomic_ref_count_inc(&memory->references);
    g_mutex_unlock(&suggester->mutex);
    return memory;
}

static gboolean recall_surface(Suggester *suggester, const char *word, Surface *ret_surface)
{
    g_mutex_lock(&suggester->mutex);
    const Surface *known = g_hash_table_lookup(suggester->surfaces, word);
    if (known)
        *ret_surface = (Surface){g_strdup(known->text), known->language};
    g_mutex_unlock(&suggester->mutex);
    return known != NULL;
}

static void remember_surface(Suggester *suggester, const char *word, const Surface *surface)
{
    Surface *copy = g_new0(Surface, 1);
    *copy = (Surface){g_strdup(surface->text), surface->language};
    g_mutex_lock(&suggester->mutex);
    if (g_hash_table_size(suggester->surfaces) >= SURFACES_KEPT)
        g_hash_table_remove_all(suggester->surfaces);
    g_hash_table_replace(suggester->surfaces, g_strdup(word), copy);
    g_mutex_unlock(&suggester->mutex);
}

gboolean suggest_surface(Suggester *suggester, Searcher *searcher, const char *word,
                         Surface *ret_surface, GError **error)
{
    if (recall_surface(suggester, word, ret_surface))
        return TRUE;
    if (!surface_find(searcher_archive(searcher), searcher_postings(searcher), word, ret_surface,
                      error))
        return FALSE;
    remember_surface(suggester, word, ret_surface);
    return TRUE;
}
