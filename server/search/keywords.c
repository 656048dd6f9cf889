/* See keywords.h. */
#include "keywords.h"

#include <stdlib.h>
#include <string.h>

#include "../query/function_word.h"

/* Words of counting, of degree and of a page's furniture, which any document has whatever it is
 * about; in a small archive their frequency does not tell. Folded, in the order of their bytes. */
static const char *const COMMON[] = {
    "able",      "all",       "almeno", "almost",    "altra",    "altre",  "altri",    "altro",
    "ampia",     "ampio",     "anni",   "anno",      "april",    "aprile", "art",      "article",
    "articoli",  "articolo",  "august", "cent",      "cento",    "cinque", "comma",    "december",
    "dicembre",  "dieci",     "due",    "each",      "eight",    "every",  "febbraio", "february",
    "first",     "five",      "four",   "gennaio",   "giugno",   "half",   "hundred",  "january",
    "july",      "june",      "least",  "luglio",    "maggio",   "march",  "marzo",    "mila",
    "new",       "nine",      "nove",   "november",  "novembre", "nuova",  "nuove",    "nuovi",
    "nuovo",     "october",   "ogni",   "one",       "only",     "other",  "others",   "otto",
    "ottobre",   "out",       "pag",    "page",      "pages",    "pagina", "pagine",   "possibile",
    "possibili", "possible",  "prima",  "primo",     "quattro",  "second", "seconda",  "secondo",
    "sei",       "september", "sette",  "settembre", "seven",    "six",    "solo",     "ten",
    "third",     "thousand",  "three",  "tre",       "trenta",   "tutte",  "tutti",    "twenty",
    "two",       "under",     "venti",  "within",    "year",     "years",
};

static int compare_words(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

static gboolean is_common(const char *word)
{
    return bsearch(word, COMMON, G_N_ELEMENTS(COMMON), sizeof *COMMON, compare_words) != NULL;
}

/* One spelling of a word, folded. */
typedef struct {
    char *word;
    char *shown;
    guint capitals; /* of what is shown */
    guint count;
} Form;

typedef struct {
    char *stem;
    Language language;
    guint count;
    GArray *forms; /* Form */
} Term;

/* What a walk over a stretch of text fills. */
typedef struct {
    GHashTable *terms; /* stem, borrowed from the Term -> Term, owned */
    const char *text;
    guint left; /* words that may still be looked at */
} Tally;

static void form_release(gpointer data)
{
    Form *form = data;
    g_free(form->word);
    g_free(form->shown);
}

static void term_free(gpointer data)
{
    Term *term = data;
    g_free(term->stem);
    g_array_unref(term->forms);
    g_free(term);
}

static Term *term_new(const AnalysedWord *word)
{
    Term *term = g_new0(Term, 1);
    term->stem = g_strdup(word->stem);
    term->language = word->language;
    term->forms = g_array_new(FALSE, FALSE, sizeof(Form));
    g_array_set_clear_func(term->forms, form_release);
    return term;
}

static Form *find_form(Term *term, const char *word)
{
    for (guint i = 0; i < term->forms->len; i++) {
        Form *form = &g_array_index(term->forms, Form, i);
        if (strcmp(form->word, word) == 0)
            return form;
    }
    Form added = {.word = g_strdup(word)};
    g_array_append_val(term->forms, added);
    return &g_array_index(term->forms, Form, term->forms->len - 1);
}

static guint count_capitals(const char *text, gsize length)
{
    guint capitals = 0;
    for (const char *at = text; at < text + length; at = g_utf8_next_char(at))
        capitals += g_unichar_isupper(g_utf8_get_char(at)) != FALSE;
    return capitals;
}

/* A heading or the beginning of a sentence makes no name of a word: of its spellings the one with
 * the fewest capitals is shown. */
static void note_spelling(Form *form, const char *text, gsize length)
{
    if (form->shown && form->capitals == 0)
        return;
    guint capitals = count_capitals(text, length);
    if (form->shown && form->capitals <= capitals)
        return;
    g_free(form->shown);
    form->shown = g_strndup(text, length);
    form->capitals = capitals;
}

static gboolean is_telling(const AnalysedWord *word)
{
    if (!word->stem || word->language == LANGUAGE_OTHER)
        return FALSE;
    glong letters = g_utf8_strlen(word->word, -1);
    return letters >= KEYWORDS_LETTERS_LEAST && letters <= KEYWORDS_LETTERS_MOST &&
           !function_word_is(word->word, NULL) && !analysis_is_elision(word->word) &&
           !is_common(word->word);
}

static gboolean count_word(const AnalysedWord *word, gpointer data)
{
    Tally *tally = data;
    if (tally->left-- == 0)
        return FALSE;
    if (!is_telling(word))
        return TRUE;
    Term *term = g_hash_table_lookup(tally->terms, word->stem);
    if (!term) {
        term = term_new(word);
        g_hash_table_insert(tally->terms, term->stem, term);
    }
    Form *form = find_form(term, word->word);
    note_spelling(form, tally->text + word->start, word->length);
    form->count++;
    term->count++;
    return TRUE;
}

static gboolean count_pages(GHashTable *terms, Archive *archive, Analyser *analyser, gint64 row,
                            guint first, guint count, guint words, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(GString) text = archive_pages(archive, row, first, count, &fault);
    if (fault) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return FALSE;
    }
    if (!text)
        return TRUE;
    Tally tally = {terms, text->str, words};
    analyser_walk(analyser, text->str, text->len, count_word, &tally);
    return TRUE;
}

/* Stretches lie at equal distances, the first at the beginning, the last at the end. */
static gboolean count_document(GHashTable *terms, Archive *archive, Analyser *analyser,
                               const ArchiveDocument *document, GError **error)
{
    const guint MOST = KEYWORDS_STRETCHES * KEYWORDS_STRETCH_PAGES;
    guint pages = document->page_count;
    if (pages <= MOST)
        return count_pages(terms, archive, analyser, document->row, 0, pages, KEYWORDS_WORDS,
                           error);
    for (guint64 i = 0; i < KEYWORDS_STRETCHES; i++) {
        guint first = (guint)(i * (pages - KEYWORDS_STRETCH_PAGES) / (KEYWORDS_STRETCHES - 1));
        if (!count_pages(terms, archive, analyser, document->row, first, KEYWORDS_STRETCH_PAGES,
                         KEYWORDS_WORDS / KEYWORDS_STRETCHES, error))
            return FALSE;
    }
    return TRUE;
}

static gint compare_terms(gconstpointer a, gconstpointer b)
{
    const Term *left = *(const Term *const *)a, *right = *(const Term *const *)b;
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    return strcmp(left->stem, right->stem);
}

static void keyword_free(gpointer data)
{
    Keyword *keyword = data;
    g_free(keyword->stem);
    g_free(keyword->word);
    g_free(keyword->shown);
    g_free(keyword);
}

/* Of equally frequent forms the first met. */
static Keyword *keyword_new(const Term *term)
{
    const Form *best = &g_array_index(term->forms, Form, 0);
    for (guint i = 1; i < term->forms->len; i++)
        if (g_array_index(term->forms, Form, i).count > best->count)
            best = &g_array_index(term->forms, Form, i);
    Keyword *keyword = g_new0(Keyword, 1);
    keyword->stem = g_strdup(term->stem);
    keyword->word = g_strdup(best->word);
    keyword->shown = g_strdup(best->shown);
    keyword->language = term->language;
    keyword->count = term->count;
    return keyword;
}

static GPtrArray *sort_terms(GHashTable *terms)
{
    GHashTableIter iter;
    gpointer term;
    GPtrArray *sorted = g_ptr_array_new();
    g_hash_table_iter_init(&iter, terms);
    while (g_hash_table_iter_next(&iter, NULL, &term))
        g_ptr_array_add(sorted, term);
    g_ptr_array_sort(sorted, compare_terms);
    return sorted;
}

GPtrArray *keywords_of(Archive *archive, Analyser *analyser, const ArchiveDocument *document,
                       guint limit, GError **error)
{
    g_autoptr(GHashTable) terms = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, term_free);
    if (document->state == DOCUMENT_INDEXED &&
        !count_document(terms, archive, analyser, document, error))
        return NULL;
    g_autoptr(GPtrArray) sorted = sort_terms(terms);
    GPtrArray *keywords = g_ptr_array_new_with_free_func(keyword_free);
    for (guint i = 0; i < MIN(sorted->len, limit); i++)
        g_ptr_array_add(keywords, keyword_new(sorted->pdata[i]));
    return keywords;
}
