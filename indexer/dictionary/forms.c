/* See forms.h. */
#include "forms.h"

#include <string.h>

#include "lemma.h"

enum {
    STEM_LETTERS = 3, /* shorter stems are too many words */
    STEMS_MOST = 10,  /* of a word; the first that the analysers list */
    PREFIX_BYTES = 2, /* "i:" */
    NAME_PREFIX = 3,  /* "it:" */
    FORM_LETTERS = 4, /* relatives share so many letters at their beginning: a form of the other, */
    RELATED_LETTERS = 5, /* and another word, which may go on for ENDING_LETTERS */
    ENDING_LETTERS = 3,
};

struct Forms {
    Analyser *analyser;
    GStringChunk *strings;
    GHashTable *words;  /* of each lemma: GPtrArray of its forms, named like lemmas */
    GHashTable *stems;  /* of each lemma ("it:uomo"): GPtrArray of stems, the lemma's own first */
    GHashTable *lemmas; /* of each stem: GPtrArray of lemmas */
    GHashTable *hand;   /* of lemmas: GPtrArray of the stems that a person gave, and their own */
    GHashTable *barred; /* stems that are no other word's, whatever the analysers say */
};

static GHashTable *new_lists(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
}

Forms *forms_new(Analyser *analyser)
{
    Forms *forms = g_new0(Forms, 1);
    forms->analyser = analyser;
    forms->strings = g_string_chunk_new(1 << 16);
    forms->words = new_lists();
    forms->stems = new_lists();
    forms->lemmas = new_lists();
    forms->hand = new_lists();
    forms->barred = g_hash_table_new(g_str_hash, g_str_equal);
    return forms;
}

void forms_free(Forms *forms)
{
    if (!forms)
        return;
    g_hash_table_unref(forms->barred);
    g_hash_table_unref(forms->hand);
    g_hash_table_unref(forms->lemmas);
    g_hash_table_unref(forms->stems);
    g_hash_table_unref(forms->words);
    g_string_chunk_free(forms->strings);
    g_free(forms);
}

/* Adding */

/* Strings are of the chunk, one of each, so they are compared as pointers. */
static void add_to_list(GHashTable *lists, const char *key, const char *item)
{
    GPtrArray *list = g_hash_table_lookup(lists, key);
    if (!list) {
        list = g_ptr_array_new();
        g_hash_table_insert(lists, (gpointer)key, list);
    }
    if (!g_ptr_array_find(list, item, NULL))
        g_ptr_array_add(list, (gpointer)item);
}

/* The stem of a single word, of the chunk, or NULL. */
static const char *stem_of(Forms *forms, Language language, const char *word)
{
    g_autofree char *key = lemma_key(forms->analyser, language, word);
    if (!key || strchr(key, ' '))
        return NULL;
    return g_string_chunk_insert_const(forms->strings, key);
}

/* "it:uomo", of the chunk: words of the two languages do not mix. */
static const char *lemma_name(Forms *forms, Language language, const char *lemma)
{
    g_autofree char *name = g_strdup_printf("%s:%s", language_code(language), lemma);
    return g_string_chunk_insert_const(forms->strings, name);
}

static void add_form(Forms *forms, Language language, const char *lemma, const char *form)
{
    const char *name = lemma_name(forms, language, lemma);
    const char *lemma_stem = stem_of(forms, language, lemma);
    const char *form_stem = stem_of(forms, language, form);
    if (!lemma_stem || !form_stem)
        return;
    add_to_list(forms->words, name, lemma_name(forms, language, form));
    add_to_list(forms->stems, name, lemma_stem);
    add_to_list(forms->stems, name, form_stem);
    add_to_list(forms->lemmas, lemma_stem, name);
    add_to_list(forms->lemmas, form_stem, name);
}

void forms_add_hand(Forms *forms, Language language, const char *lemma, const char *form)
{
    const char *name = lemma_name(forms, language, lemma);
    const char *lemma_stem = stem_of(forms, language, lemma);
    const char *form_stem = stem_of(forms, language, form);
    if (!lemma_stem || !form_stem)
        return;
    add_form(forms, language, lemma, form);
    add_to_list(forms->hand, name, lemma_stem);
    add_to_list(forms->hand, name, form_stem);
}

void forms_bar(Forms *forms, Language language, const char *word)
{
    const char *stem = stem_of(forms, language, word);
    if (stem)
        g_hash_table_add(forms->barred, (gpointer)stem);
}

void forms_add_lexicon(Forms *forms, const Lexicon *lexicon)
{
    const GArray *analyses = lexicon_analyses(lexicon);
    for (guint i = 0; i < analyses->len; i++) {
        const Analysis *row = &g_array_index(analyses, Analysis, i);
        if (row->is_common)
            add_form(forms, row->language, row->lemma, row->form);
    }
}

/* The table */

/* Relatives begin alike and differ in an ending only ("crescere", "crescita"). A word that is also
 * a form of the other one ("scritto" of "scrivere") needs less. */
static gboolean are_related(const Forms *forms, const char *name, const char *other)
{
    if (name == other)
        return TRUE;
    gsize equal = 0;
    while (name[equal] && name[equal] == other[equal])
        equal++;
    gsize longer = MAX(strlen(name), strlen(other));
    gsize letters = equal > NAME_PREFIX ? equal - NAME_PREFIX : 0;
    if (letters >= FORM_LETTERS &&
        g_ptr_array_find(g_hash_table_lookup(forms->words, name), other, NULL))
        return TRUE;
    return letters >= RELATED_LETTERS && longer - equal <= ENDING_LETTERS;
}

/* Whether `stem` may stand for the lemma `name`. */
static gboolean is_fit(const Forms *forms, const char *name, const char *stem)
{
    if (strlen(stem) < PREFIX_BYTES + STEM_LETTERS)
        return FALSE;
    const GPtrArray *lemmas = g_hash_table_lookup(forms->lemmas, stem);
    for (guint i = 0; i < lemmas->len; i++)
        if (!are_related(forms, name, lemmas->pdata[i]))
            return FALSE;
    return TRUE;
}

static void add_row(GTree *table, const char *stem, const char *other)
{
    GString *row = g_tree_lookup(table, stem);
    if (!row) {
        row = g_string_new(NULL);
        g_tree_insert(table, g_strdup(stem), row);
    }
    g_auto(GStrv) known = g_strsplit(row->str, " ", -1);
    if (g_strv_contains((const char *const *)known, other) || g_strv_length(known) >= STEMS_MOST)
        return;
    g_string_append_printf(row, "%s%s", row->len > 0 ? " " : "", other);
}

static void add_lemma(const Forms *forms, GTree *table, const char *name, const GPtrArray *stems)
{
    GPtrArray *hand = g_hash_table_lookup(forms->hand, name);
    g_autoptr(GPtrArray) fit = g_ptr_array_new();
    for (guint i = 0; i < stems->len && fit->len < STEMS_MOST; i++)
        if (!g_hash_table_contains(forms->barred, stems->pdata[i]) &&
            ((hand && g_ptr_array_find(hand, stems->pdata[i], NULL)) ||
             is_fit(forms, name, stems->pdata[i])))
            g_ptr_array_add(fit, stems->pdata[i]);
    for (guint i = 0; i < fit->len; i++)
        for (guint j = 0; j < fit->len; j++)
            if (i != j)
                add_row(table, fit->pdata[i], fit->pdata[j]);
}

static int compare_keys(gconstpointer a, gconstpointer b, gpointer data)
{
    (void)data;
    return strcmp(a, b);
}

static void free_row(gpointer row)
{
    g_string_free(row, TRUE);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

GTree *forms_table(const Forms *forms)
{
    GTree *table = g_tree_new_full(compare_keys, NULL, g_free, free_row);
    GList *names = g_list_sort(g_hash_table_get_keys(forms->stems), compare_names);
    for (GList *at = names; at; at = at->next)
        add_lemma(forms, table, at->data, g_hash_table_lookup(forms->stems, at->data));
    g_list_free(names);
    return table;
}
