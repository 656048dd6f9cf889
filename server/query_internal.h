/* What the files of the query module share; nobody else includes it.
 *
 * The way of a query: query.c cleans the bytes, query_lexer.c reads tokens (words and fields are
 * leaves already), query_tree.c builds, simplifies and bounds the tree and prints how it was
 * understood, query_match.c turns leaves into concepts and the tree into a MATCH expression.
 *
 * A new kind of leaf (a distance, a translation) is a field of QueryLeaf that the lexer sets and
 * query_match.c reads; a new operator is a TokenType and a NodeType. */
#ifndef SCHEDARIO_QUERY_INTERNAL_H
#define SCHEDARIO_QUERY_INTERNAL_H

#include "query.h"

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
    char *typed;       /* from the first word to the last, valid UTF-8; of a catalogue field the
                        * canonical value */
    GPtrArray *words;  /* char *: folded words to search, at least one; NULL: `value` or years */
    const char *value; /* canonical value of a closed list; static storage; else NULL */
    int first_year;    /* FIELD_YEAR: both inclusive */
    int last_year;
    gboolean is_quoted;   /* words exactly as written */
    gboolean is_prefix;   /* the last word only begins so */
    gboolean is_function; /* a bare function word: never decides what is found */
} QueryLeaf;

typedef enum {
    TOKEN_NOTHING = 0,
    TOKEN_LEAF,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_NOT,
} TokenType;

typedef struct {
    TokenType type;
    gboolean is_excluded; /* a minus stood before it (leaf, open) */
    QueryLeaf *leaf;      /* of an operator: the word that it is where it has nothing to join; NULL
                           * for a sign */
} QueryToken;

/* The tokens of clean text. Owned by the caller; elements QueryToken *. */
GPtrArray *query_lex(const char *text, Analyser *analyser);

/* The name of a field in the canonical syntax ("title"). Static storage. */
const char *query_field_name(QueryField field);
/* Whether a keyword of the syntax is spelt so ("AND", "O"). */
gboolean query_is_keyword(const char *word);
void query_leaf_free(QueryLeaf *leaf);

typedef enum { NODE_LEAF, NODE_AND, NODE_OR, NODE_NOT } NodeType;

/* In a simplified tree: AND and OR have two children or more, none of their own type; NOT has one,
 * which is no NOT. */
typedef struct {
    NodeType type;
    QueryLeaf *leaf;     /* NODE_LEAF */
    GPtrArray *children; /* the others: QueryNode *, owned */
} QueryNode;

void query_node_free(QueryNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(QueryNode, query_node_free)

/* The simplified, bounded tree of the tokens; takes their leaves. NULL when nothing is left; sets
 * `is_cut` when something lay beyond a limit. */
QueryNode *query_tree_make(GPtrArray *tokens, gboolean *is_cut);
/* The tree in the query syntax. Owned by the caller. */
GString *query_tree_print(const QueryNode *root);

/* A MATCH expression and what its phrases stand for; see query.h for each. */
typedef struct {
    GString *match;
    GPtrArray *concepts;
    GArray *phrase_concepts;
} QueryMatch;

/* The expression for a tree (NULL: all documents). The parts are owned by the caller. */
QueryMatch query_match_make(const QueryNode *root, Analyser *analyser);
void query_match_release(QueryMatch *match);

#endif
