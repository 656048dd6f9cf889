/* See query_internal.h. Words of a stretch of the query, and the leaf that they make.
 *
 * AI, IT, UN and WHO in capitals are acronyms, though in small letters they are function words. In
 * a title written in capitals they are then searched as words, which is harmless, for nearly every
 * document has them. */
#include "query_internal.h"

#include <string.h>

#include "function_word.h"

static const char *const ACRONYMS[] = {"AI", "IT", "UN", "WHO"};

/* Words of a stretch */

static gboolean words_add(const AnalysedWord *word, gpointer data)
{
    QueryWords *words = data;
    QuerySpan span = {words->text + word->start, words->text + word->start + word->length};
    g_ptr_array_add(words->words, g_strdup(word->word));
    g_array_append_val(words->spans, span);
    return words->words->len < words->most;
}

/* Bounded, for fields within fields would else read the same text again and again. */
QueryWords query_words_of(Analyser *analyser, QuerySpan span, guint most)
{
    QueryWords words = {g_ptr_array_new_with_free_func(g_free),
                        g_array_new(FALSE, FALSE, sizeof(QuerySpan)), span.start, most};
    analyser_walk(analyser, span.start, (gsize)(span.end - span.start), words_add, &words);
    return words;
}

void query_words_release(QueryWords *words)
{
    g_ptr_array_unref(words->words);
    g_array_unref(words->spans);
}

QuerySpan query_words_span(const QueryWords *words, guint i)
{
    return g_array_index(words->spans, QuerySpan, i);
}

QuerySpan query_words_whole(const QueryWords *words)
{
    return (QuerySpan){query_words_span(words, 0).start,
                       query_words_span(words, words->spans->len - 1).end};
}

static void words_remove(QueryWords *words, guint i)
{
    g_ptr_array_remove_index(words->words, i);
    g_array_remove_index(words->spans, i);
}

/* Length of that of `marks` which `span` begins with; 0: none. */
static gsize mark_length(QuerySpan span, const char *const *marks, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        gsize length = strlen(marks[i]);
        if ((gsize)(span.end - span.start) >= length && memcmp(span.start, marks[i], length) == 0)
            return length;
    }
    return 0;
}

gsize query_apostrophe_length(QuerySpan span)
{
    static const char *const APOSTROPHES[] = {"'", "’", "‘", "ʼ", "`", "´", "′"};
    return mark_length(span, APOSTROPHES, G_N_ELEMENTS(APOSTROPHES));
}

static gsize hyphen_length(QuerySpan span)
{
    static const char *const HYPHENS[] = {"-", "\u2010", "\u2011"};
    return mark_length(span, HYPHENS, G_N_ELEMENTS(HYPHENS));
}

/* Whether a mark and nothing else stands after word `i`, before the next. */
static gboolean has_between(const QueryWords *words, guint i, gsize (*mark)(QuerySpan))
{
    QuerySpan gap = {query_words_span(words, i).end, query_words_span(words, i + 1).start};
    gsize length = mark(gap);
    return length > 0 && length == (gsize)(gap.end - gap.start);
}

void query_words_drop_grammar(QueryWords *words)
{
    while (words->words->len > 1 && analysis_is_elision(words->words->pdata[0]) &&
           has_between(words, 0, query_apostrophe_length))
        words_remove(words, 0);
    guint last = words->words->len - 1;
    if (last > 0 && strcmp(words->words->pdata[last], "s") == 0 &&
        has_between(words, last - 1, query_apostrophe_length))
        words_remove(words, last);
}

static gboolean has_digit(const char *word)
{
    return strpbrk(word, "0123456789") != NULL;
}

/* Numbers stay what they are: "2015-2020" is not 20152020. */
gboolean query_words_are_hyphened(const QueryWords *words)
{
    return words->words->len == 2 && has_between(words, 0, hyphen_length) &&
           !has_digit(words->words->pdata[0]) && !has_digit(words->words->pdata[1]);
}

/* Function words */

static gboolean is_acronym(const char *typed)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ACRONYMS); i++)
        if (strcmp(ACRONYMS[i], typed) == 0)
            return TRUE;
    return FALSE;
}

/* Leaves */

void query_leaf_free(QueryLeaf *leaf)
{
    if (!leaf)
        return;
    g_free(leaf->typed);
    if (leaf->words)
        g_ptr_array_unref(leaf->words);
    g_free(leaf);
}

gboolean query_leaf_is_bare(const QueryLeaf *leaf)
{
    return leaf->field == FIELD_NONE && !leaf->is_quoted && !leaf->is_prefix;
}

static gboolean words_equal(const GPtrArray *a, const GPtrArray *b)
{
    if (a->len != b->len)
        return FALSE;
    for (guint i = 0; i < a->len; i++)
        if (strcmp(a->pdata[i], b->pdata[i]) != 0)
            return FALSE;
    return TRUE;
}

gboolean query_leaf_equal(const QueryLeaf *a, const QueryLeaf *b)
{
    if (a->field != b->field || a->is_quoted != b->is_quoted || a->is_prefix != b->is_prefix ||
        a->is_hyphened != b->is_hyphened || !a->words != !b->words)
        return FALSE;
    return a->words ? words_equal(a->words, b->words) : strcmp(a->typed, b->typed) == 0;
}

/* A star right after the last word makes a prefix of it, when it is long enough. A single letter
 * would stand for a large part of the index. */
static gboolean is_prefix(const QueryWords *words, QuerySpan span)
{
    enum { PREFIX_LETTERS = 2 };
    const char *end = query_words_whole(words).end;
    const char *last = words->words->pdata[words->words->len - 1];
    return end < span.end && *end == '*' && g_utf8_strlen(last, -1) >= PREFIX_LETTERS;
}

/* Whether a bare leaf decides nothing; sees to it that an elision ("dell'", which without its
 * apostrophe may be a word: "bell") keeps it when printed. */
static gboolean leaf_is_function(QueryLeaf *leaf, QuerySpan rest)
{
    const char *word = leaf->words->pdata[0];
    if (leaf->words->len > 1)
        return FALSE;
    if (query_apostrophe_length(rest) == 0 || !analysis_is_elision(word))
        return !is_acronym(leaf->typed) && function_word_is(word, &leaf->language);
    g_free(leaf->typed);
    leaf->typed = g_strconcat(word, "'", NULL);
    leaf->language = LANGUAGE_ITALIAN;
    return TRUE;
}

QueryLeaf *query_leaf_of_words(Analyser *analyser, QueryField field, QuerySpan span,
                               gboolean is_quoted)
{
    g_auto(QueryWords) words = query_words_of(analyser, span, G_MAXUINT);
    if (words.words->len == 0)
        return NULL;
    QuerySpan typed = query_words_whole(&words);
    QueryLeaf *leaf = g_new0(QueryLeaf, 1);
    gboolean is_stemmed = field == FIELD_NONE || field == FIELD_TITLE;
    leaf->field = field;
    leaf->is_quoted = is_quoted;
    leaf->is_prefix = !is_quoted && is_prefix(&words, span);
    leaf->typed = g_strndup(typed.start, (gsize)(typed.end - typed.start));
    leaf->words = g_ptr_array_ref(words.words);
    if (!is_quoted && is_stemmed)
        query_words_drop_grammar(&words);
    leaf->is_hyphened =
        !is_quoted && !leaf->is_prefix && is_stemmed && query_words_are_hyphened(&words);
    leaf->is_function =
        query_leaf_is_bare(leaf) && leaf_is_function(leaf, (QuerySpan){typed.end, span.end});
    return leaf;
}
