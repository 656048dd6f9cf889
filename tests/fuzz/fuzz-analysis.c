/* libFuzzer target of indexer/analysis and indexer/stems: an input is marked text, any bytes. Words
 * stand in order within the text; those who count, find or walk them agree; each term stands for
 * its word; and FTS5's tokeniser gives the same, also when text is given to it page by page,
 * without which FTS5 could not take out of the index what it put in. */
#include "fuzz.h"

#include <sqlite3.h>

#include "../../indexer/analysis.h"
#include "../../indexer/fts5.h"
#include "../../indexer/stems.h"

/* A word as it was visited. */
typedef struct {
    gsize start;
    gsize length;
    char *term;
    guint page;
    Language language;
} Seen;

typedef struct {
    const char *text;
    gsize length;
    GArray *seen;
} Visit;

static void seen_clear(gpointer data)
{
    g_free(((Seen *)data)->term);
}

static GArray *seen_new(void)
{
    GArray *seen = g_array_new(FALSE, FALSE, sizeof(Seen));
    g_array_set_clear_func(seen, seen_clear);
    return seen;
}

static void check_term(const AnalysedWord *word)
{
    g_autoptr(GString) back = g_string_new(NULL);
    gsize stem_length = word->stem ? strlen(word->stem) : 0;
    require(strlen(word->term) == word->term_length && word->term_length > 0);
    if (!word->stem)
        return;
    require(g_utf8_validate(word->word, -1, NULL) && strlen(word->word) <= ANALYSIS_TERM_BYTES);
    require(stems_is_stem(word->stem, stem_length) &&
            !stems_is_stem(word->term, word->term_length));
    require(strncmp(word->term, word->stem, stem_length) == 0 &&
            word->term[stem_length] == STEM_PART);
    stems_append_word(back, word->term);
    require(strcmp(back->str, word->word) == 0);
}

static gboolean visit(const AnalysedWord *word, gpointer data)
{
    Visit *v = data;
    const Seen *last = v->seen->len ? &g_array_index(v->seen, Seen, v->seen->len - 1) : NULL;
    require(word->position == v->seen->len && (guint)word->language < LANGUAGE_COUNT);
    require(word->length > 0 && word->start + word->length <= v->length);
    require(!last || (word->start >= last->start + last->length && word->page >= last->page));
    check_term(word);
    Seen seen = {word->start, word->length, g_strdup(word->term), word->page, word->language};
    g_array_append_val(v->seen, seen);
    return TRUE;
}

static void check_found(const char *text, gsize length, const GArray *seen)
{
    g_autofree guint32 *numbers = g_new0(guint32, seen->len + 1);
    g_autofree WordSpan *spans = g_new0(WordSpan, seen->len + 1);
    for (guint32 i = 0; i <= seen->len; i++)
        numbers[i] = i;
    require(analysis_locate(text, length, numbers, seen->len + 1, spans) == seen->len);
    for (guint i = 0; i < seen->len; i++) {
        const Seen *word = &g_array_index(seen, Seen, i);
        require(spans[i].start == word->start && spans[i].length == word->length);
        require(spans[i].language == word->language);
    }
}

static void check_counted(const char *text, gsize length, const GArray *seen)
{
    g_autoptr(GArray) counts = analysis_count_words(text, length);
    guint at = 0;
    for (guint page = 0; page < counts->len; page++)
        for (guint i = 0; i < g_array_index(counts, guint, page); i++, at++)
            require(at < seen->len && g_array_index(seen, Seen, at).page == page);
    require(at == seen->len);
}

/* FTS5's side */

typedef struct {
    fts5_tokenizer tokenizer;
    Fts5Tokenizer *instance;
} Tokeniser;

static const Tokeniser *tokeniser(void)
{
    static Tokeniser made;
    static sqlite3 *db;
    void *context = NULL;
    if (made.instance)
        return &made;
    require(sqlite3_open(":memory:", &db) == SQLITE_OK && analysis_register(db));
    fts5_api *api = fts5_api_of(db);
    require(api->xFindTokenizer(api, "schedario", &context, &made.tokenizer) == SQLITE_OK);
    require(made.tokenizer.xCreate(context, NULL, 0, &made.instance) == SQLITE_OK);
    return &made;
}

static int sink(void *data, int flags, const char *term, int length, int start, int end)
{
    Seen seen = {(gsize)start, (gsize)(end - start), g_strndup(term, (gsize)length), 0, 0};
    require(flags == 0 && start >= 0 && end > start);
    g_array_append_val((GArray *)data, seen);
    return SQLITE_OK;
}

static void tokenise(const char *text, gsize length, GArray *tokens)
{
    const Tokeniser *t = tokeniser();
    require(t->tokenizer.xTokenize(t->instance, tokens, FTS5_TOKENIZE_DOCUMENT, text, (int)length,
                                   sink) == SQLITE_OK);
}

static void require_same(const GArray *seen, const GArray *tokens)
{
    require(seen->len == tokens->len);
    for (guint i = 0; i < seen->len; i++)
        require(strcmp(g_array_index(seen, Seen, i).term, g_array_index(tokens, Seen, i).term) ==
                0);
}

/* Page by page: a page ends with a form feed, and the next one begins with its language. */
static void check_pages(const char *text, gsize length, const GArray *seen)
{
    g_autoptr(GArray) tokens = seen_new();
    gsize from = 0;
    for (gsize at = 0; at < length; at++) {
        gboolean parts = text[at] == MARK_PAGE && at + 1 < length && text[at + 1] >= MARK_OTHER &&
                         text[at + 1] <= MARK_ENGLISH;
        if (!parts)
            continue;
        tokenise(text + from, at + 1 - from, tokens);
        from = at + 1;
    }
    tokenise(text + from, length - from, tokens);
    require_same(seen, tokens);
}

/* Any bytes are an expression, too. */
static int sink_question(void *data, int flags, const char *term, int length, int start, int end)
{
    (void)data, (void)start, (void)end;
    require(flags == 0 || flags == FTS5_TOKEN_COLOCATED);
    require(length > 0 && strlen(term) == (gsize)length);
    return SQLITE_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Analyser *analyser;
    const char *text = (const char *)data;
    g_autoptr(GArray) seen = seen_new();
    g_autoptr(GArray) tokens = seen_new();
    Visit walk = {text, size, seen};
    analyser = analyser ? analyser : analyser_new();
    analyser_walk(analyser, text, size, visit, &walk);
    check_found(text, size, seen);
    check_counted(text, size, seen);
    tokenise(text, size, tokens);
    require_same(seen, tokens);
    check_pages(text, size, seen);
    if (memchr(text, 0, size) == NULL)
        tokeniser()->tokenizer.xTokenize(tokeniser()->instance, NULL, FTS5_TOKENIZE_QUERY, text,
                                         (int)size, sink_question);
    return 0;
}
