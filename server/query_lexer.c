/* See query_internal.h. Clean text becomes tokens.
 *
 * A token ends at a space, a quote, a parenthesis or a bar. Where its words begin and end is
 * analysis.h's to say: punctuation around them is dropped, punctuation within them joins them to
 * one leaf. What looks like a field but has no sensible value is a group of the words in it, so
 * that a minus or an OR before it means both. */
#include "query_internal.h"

#include <stdlib.h>
#include <string.h>

#include "../indexer/kind.h"

/* Years that a document may be of; open ranges reach from and to the last two unless the other end
 * lies beyond (1861: the Kingdom of Italy). */
enum { YEAR_LEAST = 1000, YEAR_MOST = 2999, YEAR_OPEN_FIRST = 1861, YEAR_OPEN_LAST = 2100 };

/* Shortest prefix, in letters: a single one would stand for a large part of the index. */
enum { PREFIX_LETTERS = 2 };

/* Words that are read of a value from a closed list: more than any name has. */
enum { NAME_WORDS = 8 };

/* Words of grammar in both languages, folded; elisions are analysis.h's. Sorted, for bsearch. */
static const char *const FUNCTION_WORDS[] = {
    "a",     "ad",    "agli",  "ai",  "al",    "alla",  "alle",  "allo",  "an",    "and",   "as",
    "at",    "by",    "che",   "coi", "col",   "con",   "da",    "dagli", "dai",   "dal",   "dalla",
    "dalle", "dallo", "degli", "dei", "del",   "della", "delle", "dello", "di",    "e",     "ed",
    "for",   "fra",   "from",  "gli", "i",     "il",    "in",    "into",  "is",    "la",    "le",
    "lo",    "ne",    "negli", "nei", "nel",   "nella", "nelle", "nello", "not",   "o",     "od",
    "of",    "on",    "or",    "per", "sugli", "sui",   "sul",   "sulla", "sulle", "sullo", "that",
    "the",   "to",    "tra",   "un",  "una",   "uno",   "with",
};

/* Quotation marks that open a phrase, and those that close it. A straight one always does, so that
 * a phrase can be printed between straight ones. */
static const struct {
    const char *open;
    const char *close[3];
} QUOTES[] = {
    {"\"", {"\""}},
    {"“", {"”", "“", "\""}},
    {"„", {"”", "“", "\""}},
    {"«", {"»", "\""}},
};

static const struct {
    const char *name;
    TokenType type;
} KEYWORDS[] = {
    {"AND", TOKEN_AND}, {"E", TOKEN_AND}, {"OR", TOKEN_OR}, {"O", TOKEN_OR}, {"NOT", TOKEN_NOT},
};

/* The canonical name of a field comes first. */
static const struct {
    const char *name;
    QueryField field;
} FIELDS[] = {
    {"title", FIELD_TITLE},         {"titolo", FIELD_TITLE},
    {"lang", FIELD_LANGUAGE},       {"lingua", FIELD_LANGUAGE},
    {"kind", FIELD_KIND},           {"tipo", FIELD_KIND},
    {"year", FIELD_YEAR},           {"anno", FIELD_YEAR},
    {"theme", FIELD_THEME},         {"tema", FIELD_THEME},
    {"area", FIELD_AREA},           {"body", FIELD_BODY},
    {"ente", FIELD_BODY},           {"collection", FIELD_COLLECTION},
    {"raccolta", FIELD_COLLECTION},
};

/* Values of closed lists: the name as folded words, and the canonical value. */
static const struct {
    QueryField field;
    const char *name;
    const char *value;
} VALUES[] = {
    {FIELD_LANGUAGE, "it", "it"},
    {FIELD_LANGUAGE, "italiano", "it"},
    {FIELD_LANGUAGE, "italiana", "it"},
    {FIELD_LANGUAGE, "italian", "it"},
    {FIELD_LANGUAGE, "en", "en"},
    {FIELD_LANGUAGE, "inglese", "en"},
    {FIELD_LANGUAGE, "english", "en"},
    {FIELD_THEME, "governance", "governance"},
    {FIELD_THEME, "resilience", "resilience"},
    {FIELD_THEME, "resilienza", "resilience"},
    {FIELD_THEME, "sustainable cities", "sustainable-cities"},
    {FIELD_THEME, "citta sostenibili", "sustainable-cities"},
    {FIELD_THEME, "migration", "migration"},
    {FIELD_THEME, "migrations", "migration"},
    {FIELD_THEME, "migrazione", "migration"},
    {FIELD_THEME, "migrazioni", "migration"},
    {FIELD_THEME, "gender", "gender"},
    {FIELD_THEME, "genere", "gender"},
    {FIELD_THEME, "human rights", "human-rights"},
    {FIELD_THEME, "diritti umani", "human-rights"},
    {FIELD_THEME, "peacebuilding", "peacebuilding"},
    {FIELD_THEME, "peace", "peacebuilding"},
    {FIELD_THEME, "pace", "peacebuilding"},
    {FIELD_THEME, "global citizenship education", "global-citizenship-education"},
    {FIELD_THEME, "educazione alla cittadinanza globale", "global-citizenship-education"},
    {FIELD_AREA, "mediterranean", "mediterranean"},
    {FIELD_AREA, "mediterraneo", "mediterranean"},
    {FIELD_AREA, "sub saharan africa", "sub-saharan-africa"},
    {FIELD_AREA, "africa subsahariana", "sub-saharan-africa"},
    {FIELD_AREA, "africa sub sahariana", "sub-saharan-africa"},
    {FIELD_AREA, "latin america", "latin-america"},
    {FIELD_AREA, "america latina", "latin-america"},
    {FIELD_AREA, "middle east", "middle-east"},
    {FIELD_AREA, "medio oriente", "middle-east"},
};

/* Text as the lexer passes it on: a stretch of the query. */
typedef struct {
    const char *start;
    const char *end;
} Span;

typedef struct {
    const char *begin;
    const char *at;
    Analyser *analyser;
    GPtrArray *tokens;
    gboolean is_excluded; /* a minus was read, and the token right after it is not yet */
} Lexer;

const char *query_field_name(QueryField field)
{
    for (gsize i = 0; i < G_N_ELEMENTS(FIELDS); i++)
        if (FIELDS[i].field == field)
            return FIELDS[i].name;
    return "";
}

static TokenType keyword_type(const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(KEYWORDS); i++)
        if (strcmp(KEYWORDS[i].name, word) == 0)
            return KEYWORDS[i].type;
    return TOKEN_NOTHING;
}

gboolean query_is_keyword(const char *word)
{
    return keyword_type(word) != TOKEN_NOTHING;
}

void query_leaf_free(QueryLeaf *leaf)
{
    if (!leaf)
        return;
    g_free(leaf->typed);
    if (leaf->words)
        g_ptr_array_unref(leaf->words);
    g_free(leaf);
}

static void token_free(gpointer data)
{
    QueryToken *token = data;
    query_leaf_free(token->leaf);
    g_free(token);
}

/* Words of a stretch */

typedef struct {
    GPtrArray *words; /* char *, folded */
    GArray *spans;    /* Span of each */
    const char *text;
    guint most; /* words wanted */
} Words;

static gboolean words_add(const AnalysedWord *word, gpointer data)
{
    Words *words = data;
    Span span = {words->text + word->start, words->text + word->start + word->length};
    g_ptr_array_add(words->words, g_strdup(word->word));
    g_array_append_val(words->spans, span);
    return words->words->len < words->most;
}

/* The first `most` words: fields within fields would else read the same text again and again. */
static Words words_of(Analyser *analyser, Span span, guint most)
{
    Words words = {g_ptr_array_new_with_free_func(g_free), g_array_new(FALSE, FALSE, sizeof(Span)),
                   span.start, most};
    analyser_walk(analyser, span.start, (gsize)(span.end - span.start), words_add, &words);
    return words;
}

static void words_release(Words *words)
{
    g_ptr_array_unref(words->words);
    g_array_unref(words->spans);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, words_release)

static Span words_span(const Words *words, guint i)
{
    return g_array_index(words->spans, Span, i);
}

/* From the first word to the last. */
static Span words_whole(const Words *words)
{
    return (Span){words_span(words, 0).start, words_span(words, words->spans->len - 1).end};
}

static void words_remove(Words *words, guint i)
{
    g_ptr_array_remove_index(words->words, i);
    g_array_remove_index(words->spans, i);
}

/* Length of the apostrophe that `span` begins with; 0: none. */
static gsize apostrophe_length(Span span)
{
    static const char *const APOSTROPHES[] = {"'", "’", "‘", "ʼ", "`", "´", "′"};
    for (gsize i = 0; i < G_N_ELEMENTS(APOSTROPHES); i++) {
        gsize length = strlen(APOSTROPHES[i]);
        if ((gsize)(span.end - span.start) >= length &&
            memcmp(span.start, APOSTROPHES[i], length) == 0)
            return length;
    }
    return 0;
}

/* Whether an apostrophe and nothing else stands after word `i`, before the next. */
static gboolean has_apostrophe(const Words *words, guint i)
{
    Span gap = {words_span(words, i).end, words_span(words, i + 1).start};
    gsize length = apostrophe_length(gap);
    return length > 0 && length == (gsize)(gap.end - gap.start);
}

/* "dell'associazione" asks for associazione, "municipality's" for municipality. */
static void words_drop_grammar(Words *words)
{
    while (words->words->len > 1 && analysis_is_elision(words->words->pdata[0]) &&
           has_apostrophe(words, 0))
        words_remove(words, 0);
    guint last = words->words->len - 1;
    if (last > 0 && strcmp(words->words->pdata[last], "s") == 0 && has_apostrophe(words, last - 1))
        words_remove(words, last);
}

static int compare_names(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

static gboolean is_function_word(const char *word)
{
    return bsearch(word, FUNCTION_WORDS, G_N_ELEMENTS(FUNCTION_WORDS), sizeof(*FUNCTION_WORDS),
                   compare_names) != NULL;
}

/* Leaves */

static QueryLeaf *leaf_of_value(QueryField field, const char *value)
{
    QueryLeaf *leaf = g_new0(QueryLeaf, 1);
    leaf->field = field;
    leaf->value = value;
    leaf->typed = g_strdup(value);
    return leaf;
}

/* A star right after the last word makes a prefix of it, when it is long enough. */
static gboolean is_prefix(const Words *words, Span span)
{
    const char *end = words_whole(words).end;
    const char *last = words->words->pdata[words->words->len - 1];
    return end < span.end && *end == '*' && g_utf8_strlen(last, -1) >= PREFIX_LETTERS;
}

/* Whether a bare leaf decides nothing; sees to it that an elision ("dell'", which without its
 * apostrophe may be a word: "bell") keeps it when printed. */
static gboolean leaf_is_function(QueryLeaf *leaf, Span rest)
{
    const char *word = leaf->words->pdata[0];
    gsize apostrophe = apostrophe_length(rest);
    if (leaf->words->len > 1)
        return FALSE;
    if (apostrophe == 0 || !analysis_is_elision(word))
        return is_function_word(word);
    g_free(leaf->typed);
    leaf->typed = g_strconcat(word, "'", NULL);
    return TRUE;
}

/* NULL when there is no word in it. */
static QueryLeaf *leaf_of_words(Analyser *analyser, QueryField field, Span span, gboolean is_quoted)
{
    g_auto(Words) words = words_of(analyser, span, G_MAXUINT);
    if (words.words->len == 0)
        return NULL;
    Span typed = words_whole(&words);
    QueryLeaf *leaf = g_new0(QueryLeaf, 1);
    leaf->field = field;
    leaf->is_quoted = is_quoted;
    leaf->is_prefix = !is_quoted && is_prefix(&words, span);
    leaf->typed = g_strndup(typed.start, (gsize)(typed.end - typed.start));
    leaf->words = g_ptr_array_ref(words.words);
    if (!is_quoted && field != FIELD_BODY && field != FIELD_COLLECTION)
        words_drop_grammar(&words);
    leaf->is_function = field == FIELD_NONE && !is_quoted && !leaf->is_prefix &&
                        leaf_is_function(leaf, (Span){typed.end, span.end});
    return leaf;
}

/* Values of fields */

static char *folded_name(Analyser *analyser, Span span)
{
    g_auto(Words) words = words_of(analyser, span, NAME_WORDS);
    g_ptr_array_add(words.words, NULL);
    return g_strjoinv(" ", (char **)words.words->pdata);
}

static QueryLeaf *read_listed(Analyser *analyser, QueryField field, Span span)
{
    g_autofree char *name = folded_name(analyser, span);
    for (gsize i = 0; i < G_N_ELEMENTS(VALUES); i++)
        if (VALUES[i].field == field && strcmp(VALUES[i].name, name) == 0)
            return leaf_of_value(field, VALUES[i].value);
    return NULL;
}

static QueryLeaf *read_kind(Analyser *analyser, QueryField field, Span span)
{
    g_autofree char *name = folded_name(analyser, span);
    Kind kind = KIND_OTHER;
    return kind_parse(name, &kind) ? leaf_of_value(field, kind_name(kind)) : NULL;
}

/* A year at `span`, which moves past it; 0 and unmoved when there is none. */
static int take_year(Span *span)
{
    int year = 0;
    const char *at = span->start;
    while (at < span->end && g_ascii_isdigit(*at) && year <= YEAR_MOST)
        year = year * 10 + g_ascii_digit_value(*at++);
    if (year < YEAR_LEAST || year > YEAR_MOST || at - span->start != 4)
        return 0;
    span->start = at;
    return year;
}

typedef enum { RANGE_NONE, RANGE_CLOSED, RANGE_MAY_BE_OPEN } RangeSign;

static RangeSign take_range_sign(Span *span)
{
    static const struct {
        const char *sign;
        RangeSign kind;
    } SIGNS[] = {
        {"...", RANGE_MAY_BE_OPEN}, {"..", RANGE_MAY_BE_OPEN}, {"…", RANGE_MAY_BE_OPEN},
        {"-", RANGE_CLOSED},        {"–", RANGE_CLOSED},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(SIGNS); i++) {
        gsize length = strlen(SIGNS[i].sign);
        if ((gsize)(span->end - span->start) < length ||
            memcmp(span->start, SIGNS[i].sign, length) != 0)
            continue;
        span->start += length;
        return SIGNS[i].kind;
    }
    return RANGE_NONE;
}

/* A sentence may end after a year. */
static gboolean is_only_punctuation(Span span)
{
    for (const char *at = span.start; at < span.end; at++)
        if (!strchr(".,;:!?'", *at))
            return FALSE;
    return TRUE;
}

static QueryLeaf *leaf_of_years(int first, int last)
{
    QueryLeaf *leaf = g_new0(QueryLeaf, 1);
    leaf->field = FIELD_YEAR;
    leaf->first_year = MIN(first, last);
    leaf->last_year = MAX(first, last);
    leaf->typed = first == last ? g_strdup_printf("%d", first)
                                : g_strdup_printf("%d..%d", leaf->first_year, leaf->last_year);
    return leaf;
}

static QueryLeaf *read_years(Analyser *analyser, QueryField field, Span span)
{
    (void)analyser;
    (void)field;
    int first = take_year(&span);
    RangeSign sign = take_range_sign(&span);
    int last = sign == RANGE_NONE ? first : take_year(&span);
    if (!is_only_punctuation(span) || (!first && !last))
        return NULL;
    if ((!first || !last) && sign != RANGE_MAY_BE_OPEN)
        return NULL;
    if (!first)
        first = MIN(YEAR_OPEN_FIRST, last);
    if (!last)
        last = MAX(YEAR_OPEN_LAST, first);
    return leaf_of_years(first, last);
}

/* How the value of a field is read; those not listed are words. */
static QueryLeaf *(*const READ_VALUE[FIELD_COUNT])(Analyser *, QueryField, Span) = {
    [FIELD_LANGUAGE] = read_listed, [FIELD_KIND] = read_kind,   [FIELD_YEAR] = read_years,
    [FIELD_THEME] = read_listed,    [FIELD_AREA] = read_listed,
};

static QueryLeaf *read_value(Analyser *analyser, QueryField field, Span span, gboolean is_quoted)
{
    return READ_VALUE[field] ? READ_VALUE[field](analyser, field, span)
                             : leaf_of_words(analyser, field, span, is_quoted);
}

/* Tokens */

static void push(Lexer *lexer, TokenType type, QueryLeaf *leaf)
{
    QueryToken *token = g_new0(QueryToken, 1);
    token->type = type;
    token->leaf = leaf;
    token->is_excluded = lexer->is_excluded && (type == TOKEN_LEAF || type == TOKEN_OPEN);
    lexer->is_excluded = FALSE;
    g_ptr_array_add(lexer->tokens, token);
}

/* The length of the quotation mark at `at` that opens a phrase, and the phrase's text; 0 when none
 * stands there or nothing closes it. `ret_after` is where the text goes on. */
static gsize quoted_at(const char *at, Span *ret_span, const char **ret_after)
{
    for (gsize i = 0; i < G_N_ELEMENTS(QUOTES); i++) {
        if (!g_str_has_prefix(at, QUOTES[i].open))
            continue;
        gsize length = strlen(QUOTES[i].open);
        const char *end = NULL;
        for (gsize k = 0; k < G_N_ELEMENTS(QUOTES[i].close) && QUOTES[i].close[k]; k++) {
            const char *close = strstr(at + length, QUOTES[i].close[k]);
            if (!close || (end && close >= end))
                continue;
            end = close;
            *ret_after = close + strlen(QUOTES[i].close[k]);
        }
        if (end)
            *ret_span = (Span){at + length, end};
        return end ? length : 0;
    }
    return 0;
}

/* Length of what ends a token at `at`; 0: nothing does. */
static gsize separator_length(const char *at)
{
    static const char *const SEPARATORS[] = {" ", "(", ")", "|", "\"", "“", "”", "„", "«", "»"};
    for (gsize i = 0; i < G_N_ELEMENTS(SEPARATORS); i++)
        if (g_str_has_prefix(at, SEPARATORS[i]))
            return strlen(SEPARATORS[i]);
    return 0;
}

static Span bare_at(const char *at)
{
    Span span = {at, at};
    while (*span.end && separator_length(span.end) == 0)
        span.end++;
    return span;
}

/* The field whose name and colon begin `span`, which moves past them. */
static QueryField take_field(Span *span)
{
    for (gsize i = 0; i < G_N_ELEMENTS(FIELDS); i++) {
        gsize length = strlen(FIELDS[i].name);
        if ((gsize)(span->end - span->start) <= length || span->start[length] != ':' ||
            g_ascii_strncasecmp(span->start, FIELDS[i].name, length) != 0)
            continue;
        span->start += length + 1;
        return FIELDS[i].field;
    }
    return FIELD_NONE;
}

static void push_words(Lexer *lexer, Span span, gboolean is_quoted)
{
    QueryLeaf *leaf = leaf_of_words(lexer->analyser, FIELD_NONE, span, is_quoted);
    if (leaf)
        push(lexer, TOKEN_LEAF, leaf);
}

static gboolean push_field(Lexer *lexer, Span span);

/* The name is a word and so is the value, together. */
static void push_failed_field(Lexer *lexer, Span name, Span value, gboolean is_quoted)
{
    push(lexer, TOKEN_OPEN, NULL);
    push_words(lexer, name, FALSE);
    if (is_quoted || !push_field(lexer, value))
        push_words(lexer, value, is_quoted);
    push(lexer, TOKEN_CLOSE, NULL);
}

/* FALSE when `span` is no field with a value. The value may be a phrase that begins where `span`
 * ends. */
static gboolean push_field(Lexer *lexer, Span span)
{
    g_auto(Words) words = words_of(lexer->analyser, span, 1);
    if (words.words->len == 0)
        return FALSE;
    Span name = words_span(&words, 0);
    Span value = {name.start, span.end};
    QueryField field = take_field(&value);
    gboolean is_quoted = FALSE;
    if (field == FIELD_NONE)
        return FALSE;
    if (value.start == value.end)
        is_quoted = quoted_at(span.end, &value, &lexer->at) > 0;
    if (value.start == value.end)
        return FALSE;
    QueryLeaf *leaf = read_value(lexer->analyser, field, value, is_quoted);
    if (leaf)
        push(lexer, TOKEN_LEAF, leaf);
    else
        push_failed_field(lexer, name, value, is_quoted);
    return TRUE;
}

static void push_bare(Lexer *lexer, Span span)
{
    g_autofree char *text = g_strndup(span.start, (gsize)(span.end - span.start));
    TokenType type = lexer->is_excluded ? TOKEN_NOTHING : keyword_type(text);
    if (type != TOKEN_NOTHING)
        push(lexer, type, leaf_of_words(lexer->analyser, FIELD_NONE, span, FALSE));
    else if (!push_field(lexer, span))
        push_words(lexer, span, FALSE);
}

/* A minus excludes where a token could begin and one does; a dash or a hyphen does not. */
static gboolean is_minus(const Lexer *lexer)
{
    const char *at = lexer->at;
    gboolean is_first = at == lexer->begin || strchr(" (|", at[-1]);
    return *at == '-' && is_first && at[1] && !strchr(" )|-", at[1]);
}

static gboolean lex_sign(Lexer *lexer)
{
    static const struct {
        char sign;
        TokenType type;
    } SIGNS[] = {{'(', TOKEN_OPEN}, {')', TOKEN_CLOSE}, {'|', TOKEN_OR}};
    for (gsize i = 0; i < G_N_ELEMENTS(SIGNS); i++) {
        if (*lexer->at != SIGNS[i].sign)
            continue;
        push(lexer, SIGNS[i].type, NULL);
        lexer->at++;
        return TRUE;
    }
    return FALSE;
}

static void lex_token(Lexer *lexer)
{
    Span span;
    const char *after = NULL;
    if (quoted_at(lexer->at, &span, &after) > 0) {
        push_words(lexer, span, TRUE);
        lexer->at = after;
    } else if (separator_length(lexer->at) > 0) {
        lexer->at += separator_length(lexer->at);
        return; /* a mark that quotes nothing: a minus before it still waits for its word */
    } else {
        span = bare_at(lexer->at);
        lexer->at = span.end;
        push_bare(lexer, span);
    }
    lexer->is_excluded = FALSE;
}

GPtrArray *query_lex(const char *text, Analyser *analyser)
{
    Lexer lexer = {.begin = text, .at = text, .analyser = analyser};
    lexer.tokens = g_ptr_array_new_with_free_func(token_free);
    while (*lexer.at) {
        if (*lexer.at == ' ') {
            lexer.is_excluded = FALSE;
            lexer.at++;
        } else if (is_minus(&lexer)) {
            lexer.is_excluded = TRUE;
            lexer.at++;
        } else if (!lex_sign(&lexer)) {
            lex_token(&lexer);
        }
    }
    return lexer.tokens;
}
