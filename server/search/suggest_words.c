/* See suggest_private.h. Words of the archive, and which of them go with the word before. */
#include "suggest_private.h"

#include <string.h>

#include "../query/function_word.h"

/* Words that go together */

static gboolean have_common_row(const PostingList *a, const PostingList *b)
{
    for (guint i = 0, j = 0; i < a->count && j < b->count;) {
        if (a->rows[i] == b->rows[j])
            return TRUE;
        if (a->rows[i] < b->rows[j])
            i++;
        else
            j++;
    }
    return FALSE;
}

/* A word that takes more of the index stands beside nearly any other; to read where it does would
 * cost too much while somebody is typing. */
enum { COMMON_WEIGHT = 48 * 1024 };

gboolean suggest_is_held(const Memory *memory, Postings *postings, const char *before,
                         const char *word, gboolean *ret_is_held, GError **error)
{
    *ret_is_held = TRUE;
    if (suggest_word_weight(memory->words, word) > COMMON_WEIGHT ||
        (before && suggest_word_weight(memory->words, before) > COMMON_WEIGHT))
        return TRUE;
    const PostingList *list = postings_find(postings, word, FALSE, error);
    const PostingList *others =
        before && list ? postings_find(postings, before, FALSE, error) : NULL;
    if (!list || (before && !others))
        return FALSE;
    *ret_is_held =
        list->count > 0 && (!others || others->count == 0 || have_common_row(list, others));
    return TRUE;
}

const char *suggest_word_before(const Input *input, guint at)
{
    for (guint i = at; i > 0; i--)
        if (!function_word_is(input->words->word[i - 1].folded, NULL))
            return input->words->word[i - 1].folded;
    return NULL;
}

/* Words */

enum { WORDS_LOOKED_AT = 12, WORDS_SHOWN = 5 };

/* The most frequent words that begin as the last one does. Their numbers, the first the most
 * frequent; returns how many. */
static guint frequent_words(const LexiconWords *words, const char *prefix,
                            guint best[WORDS_LOOKED_AT])
{
    guint first, end, count = 0;
    lexicon_words_range(words, prefix, &first, &end);
    for (guint i = first; i < end; i++) {
        guint32 weight = lexicon_words_weight(words, i);
        guint at = count;
        if (at == WORDS_LOOKED_AT && weight <= lexicon_words_weight(words, best[at - 1]))
            continue;
        if (function_word_is(lexicon_words_at(words, i), NULL))
            continue;
        at = MIN(at, (guint)WORDS_LOOKED_AT - 1);
        while (at > 0 && lexicon_words_weight(words, best[at - 1]) < weight) {
            best[at] = best[at - 1];
            at--;
        }
        best[at] = i;
        count = MIN(count + 1, (guint)WORDS_LOOKED_AT);
    }
    return count;
}

/* Adds a word unless one of its stem is there. */
static gboolean add_word(GPtrArray *found, GHashTable *stems, Suggester *suggester,
                         Searcher *searcher, const Input *input, const char *word, GError **error)
{
    g_auto(Surface) surface = {0};
    if (!suggest_surface(suggester, searcher, word, &surface, error))
        return FALSE;
    char *stem = analyser_stem_term(searcher_analyser(searcher), surface.language, word);
    if (g_hash_table_add(stems, stem ? stem : g_strdup(word)))
        g_ptr_array_add(
            found, suggestion_new(SUGGESTION_WORD,
                                  suggest_completed(input, input->words->count - 1, surface.text),
                                  surface.language));
    return TRUE;
}

static gboolean add_words(GPtrArray *found, Suggester *suggester, const Memory *memory,
                          Searcher *searcher, const Input *input, GError **error)
{
    const LexiconWords *words = memory->words;
    guint best[WORDS_LOOKED_AT];
    guint count = frequent_words(words, input->words->word[input->words->count - 1].folded, best);
    const char *before = suggest_word_before(input, input->words->count - 1);
    g_autoptr(GHashTable) stems = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < count && found->len < WORDS_SHOWN; i++) {
        const char *word = lexicon_words_at(words, best[i]);
        gboolean is_there = FALSE;
        if (!suggest_is_held(memory, searcher_postings(searcher), before, word, &is_there, error) ||
            (is_there && !add_word(found, stems, suggester, searcher, input, word, error)))
            return FALSE;
    }
    return TRUE;
}

GPtrArray *suggest_words(Suggester *suggester, const Memory *memory, Searcher *searcher,
                         const Input *input, GError **error)
{
    g_autoptr(GPtrArray) found = suggest_list_new();
    const char *last = input->words->word[input->words->count - 1].folded;
    if (!memory || !input->is_open || g_utf8_strlen(last, -1) < SUGGEST_LETTERS)
        return g_steal_pointer(&found);
    if (!add_words(found, suggester, memory, searcher, input, error))
        return NULL;
    return g_steal_pointer(&found);
}
