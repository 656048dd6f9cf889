/* See query_internal.h. Clean text becomes tokens.
 *
 * A token ends at a space, a quote, a parenthesis or a bar. Where its words begin and end is
 * analysis.h's to say: punctuation around them is dropped, punctuation within them joins them to
 * one leaf. What looks like a field but has no sensible value is a group of the words in it, so
 * that a minus or an OR before it means both. What stands in a group after a field is a value of
 * that field, each by itself: the tree knows nothing of such groups. */
#include "query_internal.h"

#include <string.h>

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
    {"AND", TOKEN_AND}, {"E", TOKEN_AND},     {"OR", TOKEN_OR},       {"O", TOKEN_OR},
    {"NOT", TOKEN_NOT}, {"NEAR", TOKEN_NEAR}, {"VICINO", TOKEN_NEAR},
};

typedef struct {
    const char *begin;
    const char *at;
    const QueryReading *reading;
    GPtrArray *tokens;
    GArray *fields;       /* QueryField of each open group */
    gboolean is_excluded; /* a minus was read, and the token right after it is not yet */
} Lexer;

/* Keywords */

/* The number that `*at` begins with, which moves past it; larger ones than are of any use come back
 * as some such. -1: none. */
static int take_distance(const char **at)
{
    int number = -1;
    for (; g_ascii_isdigit(**at); (*at)++)
        number = MIN(MAX(number, 0) * 10 + g_ascii_digit_value(**at), QUERY_NEAR_MOST + 1);
    return number;
}

/* What follows a keyword: nothing, or after NEAR its distance. FALSE: it is no keyword. */
static gboolean read_suffix(TokenType type, const char *suffix, int *ret_distance)
{
    *ret_distance = QUERY_NEAR_DEFAULT;
    if (type != TOKEN_NEAR || *suffix == '\0')
        return *suffix == '\0';
    if (*suffix++ != '/')
        return FALSE;
    *ret_distance = take_distance(&suffix);
    return *ret_distance >= 0 && *suffix == '\0';
}

static TokenType keyword_type(const char *word, int *ret_distance)
{
    for (gsize i = 0; i < G_N_ELEMENTS(KEYWORDS); i++)
        if (g_str_has_prefix(word, KEYWORDS[i].name) &&
            read_suffix(KEYWORDS[i].type, word + strlen(KEYWORDS[i].name), ret_distance))
            return KEYWORDS[i].type;
    return TOKEN_NOTHING;
}

gboolean query_is_keyword(const char *word)
{
    int distance;
    return keyword_type(word, &distance) != TOKEN_NOTHING;
}

/* A distance within the limit; what lies beyond is noted. */
static guint bound_distance(Lexer *lexer, int distance, QuerySpan typed)
{
    if (distance > QUERY_NEAR_MOST)
        query_note(lexer->reading, QUERY_NOTE_DISTANCE,
                   g_strndup(typed.start, (gsize)(typed.end - typed.start)), NULL);
    return (guint)MIN(distance, QUERY_NEAR_MOST);
}

/* The field whose group the lexer is in. */
static QueryField group_field(const Lexer *lexer)
{
    guint depth = lexer->fields->len;
    return depth > 0 ? g_array_index(lexer->fields, QueryField, depth - 1) : FIELD_NONE;
}

/* Tokens */

static void token_free(gpointer data)
{
    QueryToken *token = data;
    query_leaf_free(token->leaf);
    for (guint i = 0; token->near && i < token->near->len; i++)
        query_leaf_free(token->near->pdata[i]);
    g_clear_pointer(&token->near, g_ptr_array_unref);
    g_free(token);
}

static QueryToken *push(Lexer *lexer, TokenType type, QueryLeaf *leaf)
{
    QueryToken *token = g_new0(QueryToken, 1);
    token->type = type;
    token->leaf = leaf;
    token->is_excluded = lexer->is_excluded && (type == TOKEN_LEAF || type == TOKEN_OPEN);
    lexer->is_excluded = FALSE;
    g_ptr_array_add(lexer->tokens, token);
    return token;
}

/* The length of the quotation mark at `at` that opens a phrase, and the phrase's text; 0 when none
 * stands there or nothing closes it. `ret_after` is where the text goes on. */
static gsize quoted_at(const char *at, QuerySpan *ret_span, const char **ret_after)
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
            *ret_span = (QuerySpan){at + length, end};
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

static QuerySpan bare_at(const char *at)
{
    QuerySpan span = {at, at};
    while (*span.end && separator_length(span.end) == 0)
        span.end++;
    return span;
}

static void push_words(Lexer *lexer, QuerySpan span, gboolean is_quoted)
{
    QueryLeaf *leaf = query_leaf_of_words(lexer->reading->analyser, FIELD_NONE, span, is_quoted);
    if (leaf)
        push(lexer, TOKEN_LEAF, leaf);
}

/* Groups */

static void open_group(Lexer *lexer, QueryField field)
{
    push(lexer, TOKEN_OPEN, NULL);
    g_array_append_val(lexer->fields, field);
}

/* Groups within it are of the field, too. */
static void on_open(Lexer *lexer)
{
    open_group(lexer, group_field(lexer));
}

static void on_close(Lexer *lexer)
{
    push(lexer, TOKEN_CLOSE, NULL);
    if (lexer->fields->len > 0)
        g_array_set_size(lexer->fields, lexer->fields->len - 1);
}

static void on_bar(Lexer *lexer)
{
    push(lexer, TOKEN_OR, NULL);
}

/* The words of a phrase become exact words near one another, a group of their own. */
static void push_scattered(Lexer *lexer, QueryField field, QuerySpan span, guint distance)
{
    g_auto(QueryWords) words = query_words_of(lexer->reading->analyser, span, G_MAXUINT);
    push(lexer, TOKEN_OPEN, NULL);
    for (guint i = 0; i < words.words->len; i++) {
        QuerySpan word = query_words_span(&words, i);
        if (i > 0)
            push(lexer, TOKEN_NEAR, NULL)->distance = distance;
        push(lexer, TOKEN_LEAF, query_leaf_of_words(lexer->reading->analyser, field, word, TRUE));
    }
    push(lexer, TOKEN_CLOSE, NULL);
}

/* A phrase that ends where the lexer is, with the distance ("~5") that may follow there. */
static gboolean push_phrase(Lexer *lexer, QueryField field, QuerySpan span)
{
    const char *at = lexer->at;
    int distance = *at == '~' ? (at++, take_distance(&at)) : -1;
    gunichar next = g_utf8_get_char(at);
    if (distance >= 0 && !g_unichar_isalnum(next) && !g_unichar_ismark(next)) {
        guint bounded = bound_distance(lexer, distance, (QuerySpan){lexer->at, at});
        lexer->at = at;
        push_scattered(lexer, field, span, bounded);
        return TRUE;
    }
    QueryLeaf *leaf = query_leaf_of_words(lexer->reading->analyser, field, span, TRUE);
    if (leaf)
        push(lexer, TOKEN_LEAF, leaf);
    return leaf != NULL;
}

/* Fields */

/* A field as it stands in the text. */
typedef struct {
    QueryField field;
    QuerySpan name;
    QuerySpan value;
    const char *after; /* where the text goes on */
    const char *group; /* the parenthesis that opens a group of values; NULL: one value */
    gboolean is_quoted;
} FieldText;

/* Whether words of the field may stand near one another: "a b"~5. */
static gboolean may_scatter(QueryField field)
{
    return field == FIELD_TITLE || field == FIELD_NONE;
}

static void note_unknown_value(const Lexer *lexer, const FieldText *text)
{
    const char *end = text->is_quoted ? text->after : text->value.end;
    if (query_field_is_listed(text->field))
        query_note(lexer->reading, QUERY_NOTE_UNKNOWN_VALUE,
                   g_strndup(text->name.start, (gsize)(end - text->name.start)),
                   query_field_values(lexer->reading, text->field));
}

static const char *skip_blanks(const char *at)
{
    while (*at == ' ')
        at++;
    return at;
}

/* Whether a group that is not empty begins at `at`. */
static gboolean is_group(const char *at)
{
    return *at == '(' && !strchr(")", *skip_blanks(at + 1));
}

/* Whether a bare stretch may be the value of the field before it: words, and nothing of the syntax.
 */
static gboolean is_plain(const Lexer *lexer, QuerySpan span)
{
    g_auto(QueryWords) words = query_words_of(lexer->reading->analyser, span, 1);
    g_autofree char *text = g_strndup(span.start, (gsize)(span.end - span.start));
    if (*text == '-' || words.words->len == 0 || query_is_keyword(text))
        return FALSE;
    QuerySpan inner = {query_words_span(&words, 0).start, span.end};
    return query_take_field(&inner) == FIELD_NONE;
}

static gboolean is_function_word(const Lexer *lexer, QuerySpan span)
{
    QueryLeaf *leaf = query_leaf_of_words(lexer->reading->analyser, FIELD_NONE, span, FALSE);
    gboolean is_function = leaf && leaf->is_function;
    query_leaf_free(leaf);
    return is_function;
}

/* The word that blanks part from its field; "title: the charter" means the charter. */
static gboolean find_word(const Lexer *lexer, FieldText *text, const char *at)
{
    QuerySpan span = bare_at(at);
    while (is_plain(lexer, span) && !query_field_is_listed(text->field) &&
           is_function_word(lexer, span))
        span = bare_at(skip_blanks(span.end));
    if (!is_plain(lexer, span))
        return FALSE;
    text->value = span;
    text->after = span.end;
    return TRUE;
}

/* The value of a field whose colon nothing follows: a group or a phrase, or after blanks a word.
 * FALSE: none. */
static gboolean find_value(const Lexer *lexer, FieldText *text)
{
    const char *colon = text->value.start;
    const char *at = skip_blanks(colon);
    text->group = is_group(at) ? at : NULL;
    if (text->group)
        return TRUE;
    text->is_quoted = quoted_at(at, &text->value, &text->after) > 0;
    return text->is_quoted || (at > colon && find_word(lexer, text, at));
}

/* The field that `span` is or begins. */
static gboolean find_field(const Lexer *lexer, QuerySpan span, FieldText *ret_text)
{
    g_auto(QueryWords) words = query_words_of(lexer->reading->analyser, span, 1);
    if (words.words->len == 0)
        return FALSE;
    *ret_text = (FieldText){.name = query_words_span(&words, 0), .after = span.end};
    ret_text->value = (QuerySpan){ret_text->name.start, span.end};
    ret_text->field = query_take_field(&ret_text->value);
    if (ret_text->field == FIELD_NONE)
        return FALSE;
    return ret_text->value.start < ret_text->value.end || find_value(lexer, ret_text);
}

/* The text of a group that is words and nothing of the syntax, as names of topics are. */
static gboolean find_name(const Lexer *lexer, FieldText *text)
{
    QuerySpan word = {text->group, skip_blanks(text->group + 1)};
    text->value.start = word.end;
    for (; !strchr(")", *word.end); word.end = skip_blanks(word.end)) {
        word = bare_at(word.end);
        if (!is_plain(lexer, word))
            return FALSE;
        text->value.end = word.end;
    }
    text->after = word.end + (*word.end == ')');
    return TRUE;
}

/* "tema:(diritti umani)" is one name; else what is in the group is a value of the field, each. */
static void push_field_group(Lexer *lexer, FieldText *text)
{
    QueryLeaf *leaf = NULL;
    if (query_field_is_listed(text->field) && find_name(lexer, text))
        leaf = query_read_value(lexer->reading, text->field, text->value, FALSE);
    lexer->at = leaf ? text->after : text->group + 1;
    if (leaf)
        push(lexer, TOKEN_LEAF, leaf);
    else
        open_group(lexer, text->field);
}

/* A value of the field whose group it stands in, or words. */
static void push_value(Lexer *lexer, QuerySpan span, gboolean is_quoted)
{
    FieldText text = {.field = group_field(lexer), .name = span, .value = span, .after = span.end};
    QueryLeaf *leaf = query_read_value(lexer->reading, text.field, span, is_quoted);
    if (leaf) {
        leaf->is_function |= !is_quoted && leaf->words && is_function_word(lexer, span);
        push(lexer, TOKEN_LEAF, leaf);
    } else {
        note_unknown_value(lexer, &text);
        push_words(lexer, span, is_quoted);
    }
}

static gboolean push_field(Lexer *lexer, QuerySpan span);

/* The name is a word and so is the value, together. */
static void push_failed_field(Lexer *lexer, const FieldText *text)
{
    note_unknown_value(lexer, text);
    push(lexer, TOKEN_OPEN, NULL);
    push_words(lexer, text->name, FALSE);
    if (text->is_quoted || !push_field(lexer, text->value))
        push_words(lexer, text->value, text->is_quoted);
    push(lexer, TOKEN_CLOSE, NULL);
}

/* FALSE when `span` is no field with a value. The value may be what follows `span`. */
static gboolean push_field(Lexer *lexer, QuerySpan span)
{
    FieldText text;
    if (!find_field(lexer, span, &text))
        return FALSE;
    if (text.group) {
        push_field_group(lexer, &text);
        return TRUE;
    }
    lexer->at = text.after;
    if (text.is_quoted && may_scatter(text.field) && push_phrase(lexer, text.field, text.value))
        return TRUE;
    QueryLeaf *leaf = query_read_value(lexer->reading, text.field, text.value, text.is_quoted);
    if (leaf)
        push(lexer, TOKEN_LEAF, leaf);
    else
        push_failed_field(lexer, &text);
    return TRUE;
}

static void push_bare(Lexer *lexer, QuerySpan span)
{
    g_autofree char *text = g_strndup(span.start, (gsize)(span.end - span.start));
    int distance = 0;
    TokenType type = lexer->is_excluded ? TOKEN_NOTHING : keyword_type(text, &distance);
    if (type == TOKEN_NOTHING) {
        if (!push_field(lexer, span))
            push_value(lexer, span, FALSE);
        return;
    }
    QueryField field = group_field(lexer);
    QueryLeaf *word = query_leaf_of_words(
        lexer->reading->analyser, query_field_is_listed(field) ? FIELD_NONE : field, span, FALSE);
    QueryToken *token = push(lexer, type, word);
    if (type == TOKEN_NEAR)
        token->distance = bound_distance(lexer, distance, span);
}

static void push_quoted(Lexer *lexer, QuerySpan span)
{
    if (may_scatter(group_field(lexer)))
        push_phrase(lexer, group_field(lexer), span);
    else
        push_value(lexer, span, TRUE);
}

/* Text */

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
        void (*push)(Lexer *);
    } SIGNS[] = {{'(', on_open}, {')', on_close}, {'|', on_bar}};
    for (gsize i = 0; i < G_N_ELEMENTS(SIGNS); i++) {
        if (*lexer->at != SIGNS[i].sign)
            continue;
        SIGNS[i].push(lexer);
        lexer->at++;
        return TRUE;
    }
    return FALSE;
}

static void lex_token(Lexer *lexer)
{
    QuerySpan span;
    const char *after = NULL;
    if (quoted_at(lexer->at, &span, &after) > 0) {
        lexer->at = after;
        push_quoted(lexer, span);
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

GPtrArray *query_lex(const char *text, const QueryReading *reading)
{
    Lexer lexer = {.begin = text, .at = text, .reading = reading};
    lexer.tokens = g_ptr_array_new_with_free_func(token_free);
    lexer.fields = g_array_new(FALSE, FALSE, sizeof(QueryField));
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
    g_array_unref(lexer.fields);
    return lexer.tokens;
}
