/* See suggest_private.h. Terms of the thesaurus.
 *
 * An index of all beginnings of words in them, sorted, gives the terms that hold what was typed
 * from the beginning of a word on. */
#include "suggest_private.h"

#include <string.h>

#include "../query/function_word.h"

/* The index */

static void term_clear(gpointer data)
{
    g_free(((Term *)data)->folded);
}

static gint compare_keys(gconstpointer a, gconstpointer b)
{
    return strcmp(((const TermKey *)a)->key, ((const TermKey *)b)->key);
}

/* Nobody looks for "cooperazione allo sviluppo" by "allo". */
static gboolean is_entrance(const char *folded, const char *at)
{
    g_autofree char *word = g_strndup(at, strcspn(at, " "));
    return at == folded || (at[-1] == ' ' && !function_word_is(word, NULL));
}

static void add_term(Suggester *suggester, const Thesaurus *thesaurus, guint concept,
                     Language language, guint i)
{
    const char *text = thesaurus_term(thesaurus, concept, language, i);
    Term term = {words_fold(text), text, concept, language, (guint)g_utf8_strlen(text, -1)};
    for (const char *at = term.folded; *at; at++) {
        TermKey key = {at, suggester->terms->len};
        if (is_entrance(term.folded, at))
            g_array_append_val(suggester->keys, key);
    }
    g_array_append_val(suggester->terms, term);
}

void suggest_index_terms(Suggester *suggester, const Thesaurus *thesaurus)
{
    suggester->terms = g_array_new(FALSE, FALSE, sizeof(Term));
    g_array_set_clear_func(suggester->terms, term_clear);
    suggester->keys = g_array_new(FALSE, FALSE, sizeof(TermKey));
    for (guint concept = 0; concept < thesaurus_count(thesaurus); concept ++)
        for (int language = LANGUAGE_ITALIAN; language < LANGUAGE_COUNT; language++)
            for (guint i = 0; i < thesaurus_term_count(thesaurus, concept, (Language)language); i++)
                add_term(suggester, thesaurus, concept, (Language)language, i);
    g_array_sort(suggester->keys, compare_keys);
}

/* Finding */

/* A term that may be meant. */
typedef struct {
    const Term *term;
    guint32 weight;
    guint from;         /* the typed word it begins with */
    gboolean is_inside; /* what was typed stands within it, not at its beginning */
} TermMatch;

/* More of what was typed, its beginning, more frequent in the archive, shorter. */
static gint compare_matches(gconstpointer a, gconstpointer b)
{
    const TermMatch *left = a, *right = b;
    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    if (left->is_inside != right->is_inside)
        return left->is_inside ? 1 : -1;
    if (left->weight != right->weight)
        return left->weight > right->weight ? -1 : 1;
    if (left->term->length != right->term->length)
        return left->term->length < right->term->length ? -1 : 1;
    return strcmp(left->term->text, right->term->text);
}

/* The first key that is not less than `typed`. */
static guint find_key(const GArray *keys, const char *typed)
{
    guint first = 0, end = keys->len;
    while (first < end) {
        guint middle = first + (end - first) / 2;
        if (strcmp(g_array_index(keys, TermKey, middle).key, typed) < 0)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

static void match_terms(const Suggester *suggester, const Memory *memory, const Input *input,
                        guint from, GArray *matches)
{
    g_autoptr(GString) typed = suggest_folded(input, from);
    if (g_utf8_strlen(typed->str, -1) < SUGGEST_LETTERS)
        return;
    if (!input->is_open)
        g_string_append_c(typed, ' ');
    for (guint i = find_key(suggester->keys, typed->str); i < suggester->keys->len; i++) {
        const TermKey *key = &g_array_index(suggester->keys, TermKey, i);
        if (strncmp(key->key, typed->str, typed->len) != 0)
            return;
        const Term *term = &g_array_index(suggester->terms, Term, key->term);
        TermMatch match = {term, memory ? memory->weights[key->term] : 0, from,
                           key->key != term->folded};
        /* Behind other words only what goes on as it was begun makes sense. */
        if (!match.is_inside || from == input->first)
            g_array_append_val(matches, match);
    }
}

/* One name of a concept in each language will do. */
static gboolean has_concept(const GArray *matches, guint count, const Term *term)
{
    for (guint i = 0; i < count; i++) {
        const Term *other = g_array_index(matches, TermMatch, i).term;
        if (other->concept == term->concept && other->language == term->language)
            return TRUE;
    }
    return FALSE;
}

/* What was typed before a term must go with its first word. FALSE and `error` on failure. */
static gboolean is_fitting(const Memory *memory, Searcher *searcher, const Input *input,
                           const TermMatch *match, gboolean *ret_is_fitting, GError **error)
{
    const char *folded = match->term->folded;
    const char *before = suggest_word_before(input, match->from);
    g_autofree char *word = g_strndup(folded, strcspn(folded, " "));
    *ret_is_fitting = TRUE;
    return !before || !memory ||
           suggest_is_held(memory, searcher_postings(searcher), before, word, ret_is_fitting,
                           error);
}

/* The likeliest of `matches`, which are in order. NULL and `error` on failure. */
static GPtrArray *choose_terms(const GArray *matches, const Memory *memory, Searcher *searcher,
                               const Input *input, GError **error)
{
    g_autoptr(GPtrArray) terms = suggest_list_new();
    guint looked_at = 0;
    for (guint i = 0; i < matches->len && looked_at < SUGGEST_LIMIT; i++) {
        const TermMatch *match = &g_array_index(matches, TermMatch, i);
        gboolean fits = FALSE;
        if (has_concept(matches, i, match->term))
            continue;
        looked_at++;
        if (!is_fitting(memory, searcher, input, match, &fits, error))
            return NULL;
        if (fits)
            g_ptr_array_add(terms,
                            suggestion_new(SUGGESTION_TERM,
                                           suggest_completed(input, match->from, match->term->text),
                                           match->term->language));
    }
    return g_steal_pointer(&terms);
}

/* After the colon of a field only one word is its value. */
static gboolean is_field_value(const Input *input)
{
    return input->tail > input->typed && input->tail[-1] == ':';
}

GPtrArray *suggest_terms(const Suggester *suggester, const Memory *memory, Searcher *searcher,
                         const Input *input, GError **error)
{
    g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(TermMatch));
    for (guint from = input->first; from < input->words->count && !is_field_value(input); from++)
        if (from == input->first || !function_word_is(input->words->word[from].folded, NULL))
            match_terms(suggester, memory, input, from, matches);
    g_array_sort(matches, compare_matches);
    return choose_terms(matches, memory, searcher, input, error);
}
