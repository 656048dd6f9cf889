/* See suggest.h. Each kind gathers its likeliest; then they take turns until the places are taken.
 */
#include "suggest_private.h"

#include <string.h>

static const char *const KIND_NAMES[SUGGESTION_KINDS] = {"term", "word", "title", "body"};

const char *suggestion_kind_name(SuggestionKind kind)
{
    return KIND_NAMES[kind];
}

static void suggestion_free(gpointer data)
{
    Suggestion *suggestion = data;
    g_free(suggestion->text);
    g_free(suggestion);
}

Suggestion *suggestion_new(SuggestionKind kind, char *text, Language language)
{
    Suggestion *suggestion = g_new0(Suggestion, 1);
    *suggestion = (Suggestion){.kind = kind, .text = text, .language = language};
    return suggestion;
}

GPtrArray *suggest_list_new(void)
{
    return g_ptr_array_new_with_free_func(suggestion_free);
}

Suggester *suggester_new(const Thesaurus *thesaurus, Lexicon *lexicon)
{
    Suggester *suggester = g_new0(Suggester, 1);
    suggester->lexicon = lexicon;
    g_mutex_init(&suggester->mutex);
    suggester->surfaces =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, suggest_surface_free);
    suggest_index_terms(suggester, thesaurus);
    return suggester;
}

void suggester_free(Suggester *suggester)
{
    if (!suggester)
        return;
    suggest_memory_unref(suggester->memory);
    g_hash_table_unref(suggester->surfaces);
    g_mutex_clear(&suggester->mutex);
    g_array_unref(suggester->terms);
    g_array_unref(suggester->keys);
    g_free(suggester);
}

/* What was typed */

static void input_release(Input *input)
{
    words_free(input->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Input, input_release)

static gboolean is_syntax(gunichar character)
{
    static const gunichar MARKS[] = {'"',    '(',    ')',    '|',    ':',   '*',
                                     0x00AB, 0x00BB, 0x201C, 0x201D, 0x201E};
    for (gsize i = 0; i < G_N_ELEMENTS(MARKS); i++)
        if (MARKS[i] == character)
            return TRUE;
    return FALSE;
}

/* FALSE when there is nothing to complete. */
static gboolean read_input(const char *typed, Input *input)
{
    *input = (Input){.typed = typed, .tail = typed};
    if (strlen(typed) > SUGGEST_BYTES || !g_utf8_validate(typed, -1, NULL))
        return FALSE;
    for (const char *at = typed; *at; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        if (g_unichar_iscntrl(character))
            return FALSE;
        if (is_syntax(character))
            input->tail = g_utf8_next_char(at);
    }
    input->words = words_new(input->tail, strlen(input->tail));
    guint count = input->words->count;
    input->first = count > SUGGEST_WORDS ? count - SUGGEST_WORDS : 0;
    input->is_open = count > 0 && input->words->word[count - 1].end == strlen(input->tail);
    return count > 0;
}

char *suggest_completed(const Input *input, guint i, const char *text)
{
    const char *end = input->tail + input->words->word[i].start;
    return g_strdup_printf("%.*s%s", (int)(end - input->typed), input->typed, text);
}

GString *suggest_folded(const Input *input, guint i)
{
    GString *folded = g_string_new(NULL);
    for (guint at = i; at < input->words->count; at++)
        g_string_append_printf(folded, "%s%s", at > i ? " " : "", input->words->word[at].folded);
    return folded;
}

/* All of them */

/* A document and a search for its title are two things; two searches for the same words are not. */
static char *key_of(const Suggestion *suggestion)
{
    g_autofree char *folded = words_fold(suggestion->text);
    gboolean is_title = suggestion->kind == SUGGESTION_TITLE;
    return g_strconcat(is_title ? "title " : "search ", folded, NULL);
}

/* Kinds take turns; returns by kind how many of its suggestions are taken, those that would come
 * twice being taken out. */
static void share_places(GPtrArray *const *found, const char *typed, guint limit,
                         guint taken[SUGGESTION_KINDS])
{
    g_autoptr(GHashTable) keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gboolean goes_on = TRUE;
    for (guint total = 0; goes_on && total < limit;) {
        goes_on = FALSE;
        for (int kind = 0; kind < SUGGESTION_KINDS && total < limit; kind++) {
            if (taken[kind] == found[kind]->len)
                continue;
            goes_on = TRUE;
            const Suggestion *next = g_ptr_array_index(found[kind], taken[kind]);
            gboolean is_new = g_hash_table_add(keys, key_of(next));
            if (is_new && (kind == SUGGESTION_TITLE || strcmp(next->text, typed) != 0))
                taken[kind]++, total++;
            else
                g_ptr_array_remove_index(found[kind], taken[kind]);
        }
    }
}

static GPtrArray *gather(GPtrArray **found, const char *typed, guint limit)
{
    GPtrArray *all = suggest_list_new();
    guint taken[SUGGESTION_KINDS] = {0};
    share_places(found, typed, MIN(limit, (guint)SUGGEST_LIMIT), taken);
    for (int kind = 0; kind < SUGGESTION_KINDS; kind++) {
        g_ptr_array_set_size(found[kind], (gint)taken[kind]);
        g_ptr_array_extend_and_steal(all, g_steal_pointer(&found[kind]));
    }
    return all;
}

static gboolean find_all(Suggester *suggester, Searcher *searcher, const Input *input,
                         GPtrArray **found, GError **error)
{
    g_autoptr(GString) phrase = suggest_folded(input, 0);
    gboolean has_names =
        input->tail == input->typed && g_utf8_strlen(phrase->str, -1) >= SUGGEST_LETTERS;
    g_autoptr(Memory) memory = suggest_memory(suggester);
    found[SUGGESTION_TERM] = suggest_terms(suggester, memory, searcher, input, error);
    if (!found[SUGGESTION_TERM])
        return FALSE;
    found[SUGGESTION_WORD] = suggest_words(suggester, memory, searcher, input, error);
    if (!found[SUGGESTION_WORD])
        return FALSE;
    found[SUGGESTION_TITLE] =
        has_names ? suggest_titles(searcher, input, phrase->str, error) : suggest_list_new();
    found[SUGGESTION_BODY] =
        has_names ? suggest_bodies(searcher, input, phrase->str) : suggest_list_new();
    return found[SUGGESTION_TITLE] != NULL;
}

GPtrArray *suggester_complete(Suggester *suggester, Searcher *searcher, const char *typed,
                              guint limit, GError **error)
{
    g_auto(Input) input;
    GPtrArray *found[SUGGESTION_KINDS] = {NULL};
    if (!read_input(typed, &input))
        return suggest_list_new();
    GPtrArray *all =
        find_all(suggester, searcher, &input, found, error) ? gather(found, typed, limit) : NULL;
    for (int kind = 0; kind < SUGGESTION_KINDS; kind++)
        g_clear_pointer(&found[kind], g_ptr_array_unref);
    return all;
}
