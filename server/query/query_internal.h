/* What the files of the query module share; nobody else includes it.
 *
 * The way of a query: query.c cleans the bytes; query_lexer.c reads tokens (words and fields are
 * leaves already: query_words.c and query_fields.c); query_tree.c builds, simplifies and bounds the
 * tree; query_print.c says how it was understood; query_concepts.c turns leaves into concepts and
 * the tree into the plan, with query_translation.c for the other language; query_match.c prints
 * the plan as a MATCH expression.
 *
 * A new kind of leaf is a field of QueryLeaf that the lexer sets and query_concepts.c reads; a new
 * operator is a TokenType, a NodeType and a QueryOperator. */
#ifndef SCHEDARIO_QUERY_INTERNAL_H
#define SCHEDARIO_QUERY_INTERNAL_H

#include "query.h"

/* What reading needs. */
typedef struct {
    Analyser *analyser;
    const Vocabulary *vocabulary; /* or NULL */
    gboolean is_translated;
    GPtrArray *notes; /* QueryNote, owned by it */
} QueryReading;

/* Adds a note, while there is room; takes `text` and `known`. */
void query_note(const QueryReading *reading, const char *code, char *text, char **known);

/* Words (query_words.c) */

/* Text as the lexer passes it on: a stretch of the query. */
typedef struct {
    const char *start;
    const char *end;
} QuerySpan;

typedef struct {
    GPtrArray *words; /* char *, folded */
    GArray *spans;    /* QuerySpan of each */
    const char *text;
    guint most; /* words wanted */
} QueryWords;

/* The first `most` words of a stretch. */
QueryWords query_words_of(Analyser *analyser, QuerySpan span, guint most);
void query_words_release(QueryWords *words);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(QueryWords, query_words_release)
QuerySpan query_words_span(const QueryWords *words, guint i);
/* From the first word to the last; there must be one. */
QuerySpan query_words_whole(const QueryWords *words);
/* Drops what grammar puts before and after: dell'associazione, municipality's. */
void query_words_drop_grammar(QueryWords *words);
/* Two words parted by a hyphen, which some write as one. */
gboolean query_words_are_hyphened(const QueryWords *words);
/* Length of the apostrophe that `span` begins with; 0: none. */
gsize query_apostrophe_length(QuerySpan span);

/* Leaves */

typedef enum {
    FIELD_NONE = 0,
    FIELD_TITLE,
    FIELD_LANGUAGE,
    FIELD_KIND,
    FIELD_YEAR,
    FIELD_THEME,
    FIELD_AREA,
    FIELD_BODY,
    FIELD_COLLECTION,
    FIELD_COUNT
} QueryField;

/* One thing to search for. */
typedef struct {
    QueryField field;
    char *typed;      /* from the first word to the last, valid UTF-8; of a field with a closed list
                       * the canonical value */
    GPtrArray *words; /* char *: folded words to search, at least one; NULL: `typed` or years */
    int first_year;   /* FIELD_YEAR: both inclusive */
    int last_year;
    gboolean is_quoted;   /* words exactly as written */
    gboolean is_prefix;   /* the last word only begins so */
    gboolean is_hyphened; /* two words that may be written as one */
    gboolean is_function; /* a function word, bare or in the group of a field: never decides */
    Language language;    /* of a function word that only one language has */
} QueryLeaf;

void query_leaf_free(QueryLeaf *leaf);
/* A word, or several joined, without quotes, field and star. */
gboolean query_leaf_is_bare(const QueryLeaf *leaf);
/* Whether both ask for the same. */
gboolean query_leaf_equal(const QueryLeaf *a, const QueryLeaf *b);
/* The leaf for the words of a stretch; NULL when there is none. */
QueryLeaf *query_leaf_of_words(Analyser *analyser, QueryField field, QuerySpan span,
                               gboolean is_quoted);

/* Fields (query_fields.c) */

/* The name of a field in the canonical syntax ("title"). Static storage. */
const char *query_field_name(QueryField field);
/* The field whose name and colon begin `span`, which moves past them. */
QueryField query_take_field(QuerySpan *span);
/* Whether not every value makes sense. */
gboolean query_field_is_listed(QueryField field);
/* The leaf for a value; NULL when it makes no sense. */
QueryLeaf *query_read_value(const QueryReading *reading, QueryField field, QuerySpan span,
                            gboolean is_quoted);
/* The values that a field may have, for a note; NULL: no closed list. Owned by the caller. */
char **query_field_values(const QueryReading *reading, QueryField field);

/* Tokens (query_lexer.c) */

typedef enum {
    TOKEN_NOTHING = 0,
    TOKEN_LEAF,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_NOT,
    TOKEN_NEAR,
} TokenType;

typedef struct {
    TokenType type;
    gboolean is_excluded; /* a minus stood before it (leaf, open) */
    QueryLeaf *leaf;      /* of an operator: the word that it is where it has nothing to join; NULL
                           * for a sign */
    GPtrArray *near; /* TOKEN_LEAF: QueryLeaf * that NEAR joins, instead of `leaf`; else NULL */
    guint distance;  /* TOKEN_NEAR, or of `near` */
} QueryToken;

/* The tokens of clean text. Owned by the caller; elements QueryToken *. */
GPtrArray *query_lex(const char *text, const QueryReading *reading);
/* Whether an operator is spelt so ("AND", "O", "NEAR/5"). */
gboolean query_is_keyword(const char *word);

/* The tree (query_tree.c) */

typedef enum { NODE_LEAF, NODE_AND, NODE_OR, NODE_NOT, NODE_NEAR } NodeType;

/* In a simplified tree: AND and OR have two children or more, none of their own type; NOT has one,
 * which is no NOT; NEAR has two leaves or more. */
typedef struct {
    NodeType type;
    QueryLeaf *leaf;     /* NODE_LEAF */
    GPtrArray *children; /* the others: QueryNode *, owned */
    guint distance;      /* NODE_NEAR */
    gboolean is_joined;  /* within an AND: the word AND stood before it */
} QueryNode;

void query_node_free(QueryNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(QueryNode, query_node_free)

/* The simplified, bounded tree of the tokens; takes their leaves. NULL when nothing is left; sets
 * `is_cut` when something lay beyond a limit. */
QueryNode *query_tree_make(GPtrArray *tokens, gboolean *is_cut);
/* Whether AND was written before or after child `i` of an AND. */
gboolean query_node_is_definite(const QueryNode *node, guint i);
/* The tree in the query syntax. Owned by the caller (query_print.c). */
GString *query_tree_print(const QueryNode *root);

/* Concepts and plan */

void query_concept_free(gpointer data); /* QueryConcept */
/* Adds an alternative, or makes the one of the same phrase weightier; takes its strings. One that
 * holds what was typed is left out: it finds nothing more. */
void query_concept_add(QueryConcept *concept, QueryAlternative alternative);
/* Folded words as a phrase of their stems in a language. Owned by the caller. */
char *query_stemmed_phrase(Analyser *analyser, const GPtrArray *words, Language language);

/* The plan of a tree (NULL: NULL), and its concepts, added to `concepts`. Owned by the caller. */
QueryStep *query_plan_make(const QueryNode *root, const QueryReading *reading, Language language,
                           GPtrArray *concepts);
void query_step_free(gpointer data); /* QueryStep */

/* Translation (query_translation.c) */

/* The language that most words of the tokens speak; see query_language(). */
Language query_vote(const GPtrArray *tokens, const QueryReading *reading);

/* Bare words side by side, whose other names are looked for together. */
typedef struct {
    GPtrArray *words;    /* const char *, folded, borrowed */
    GPtrArray *concepts; /* QueryConcept * of each word, borrowed */
} QueryRun;

/* Gives the concepts of a run their other names; `language` is the question's. */
void query_run_translate(const QueryRun *run, const QueryReading *reading, Language language);

/* The expression for a plan (NULL: all documents). Owned by the caller (query_match.c). */
GString *query_match_print(const QueryStep *plan, const GPtrArray *concepts);

#endif
