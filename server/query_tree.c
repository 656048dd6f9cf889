/* See query_internal.h. Tokens become a tree, and the tree the text that says how it was read.
 *
 * An operator joins only what stands on both its sides; elsewhere it is a word. OR binds tighter
 * than AND, written or not ("acqua fiumi OR laghi" is acqua AND (fiumi OR laghi)), as readers know
 * it from search engines; a minus or NOT binds tightest. The builder keeps its own stack of open
 * groups, so that no input can exhaust the program's.
 *
 * Function words ("of", "della") stand in nearly every document. They are dropped from a group that
 * holds other words, and kept where a group holds nothing else to search for.
 *
 * Simplifying is idempotent, and printing then reading gives the same tree: tests rely on it. */
#include "query_internal.h"

#include <string.h>

static QueryNode *node_new(NodeType type)
{
    QueryNode *node = g_new0(QueryNode, 1);
    node->type = type;
    node->children = g_ptr_array_new();
    return node;
}

void query_node_free(QueryNode *node)
{
    if (!node)
        return;
    query_leaf_free(node->leaf);
    for (guint i = 0; node->children && i < node->children->len; i++)
        query_node_free(node->children->pdata[i]);
    if (node->children)
        g_ptr_array_unref(node->children);
    g_free(node);
}

static QueryNode *node_of_leaf(QueryLeaf *leaf)
{
    QueryNode *node = g_new0(QueryNode, 1);
    node->type = NODE_LEAF;
    node->leaf = leaf;
    return node;
}

/* The only child of a node; the rest of the node is freed. */
static QueryNode *node_unwrap(QueryNode *node)
{
    QueryNode *child = g_ptr_array_remove_index(node->children, 0);
    query_node_free(node);
    return child;
}

static QueryNode *node_negate(QueryNode *node)
{
    if (node->type == NODE_NOT)
        return node_unwrap(node);
    QueryNode *not = node_new(NODE_NOT);
    g_ptr_array_add(not ->children, node);
    return not ;
}

static gboolean is_group(const QueryNode *node)
{
    return node->type == NODE_AND || node->type == NODE_OR;
}

/* Operators that join nothing */

static TokenType type_at(const GPtrArray *tokens, guint i)
{
    return i < tokens->len ? ((const QueryToken *)tokens->pdata[i])->type : TOKEN_NOTHING;
}

static gboolean begins_operand(TokenType type)
{
    return type == TOKEN_LEAF || type == TOKEN_OPEN || type == TOKEN_NOT;
}

static gboolean ends_operand(TokenType type)
{
    return type == TOKEN_LEAF || type == TOKEN_CLOSE;
}

static gboolean is_joint(TokenType type)
{
    return type == TOKEN_AND || type == TOKEN_OR;
}

static void make_word(QueryToken *token)
{
    token->type = token->leaf ? TOKEN_LEAF : TOKEN_NOTHING;
}

static void settle_negations(GPtrArray *tokens)
{
    for (guint i = tokens->len; i-- > 0;)
        if (type_at(tokens, i) == TOKEN_NOT && !begins_operand(type_at(tokens, i + 1)))
            make_word(tokens->pdata[i]);
}

/* A run of several operators joins once: by OR if one of them is. */
static void settle_run(GPtrArray *tokens, guint from, guint to)
{
    gboolean joins =
        from > 0 && ends_operand(type_at(tokens, from - 1)) && begins_operand(type_at(tokens, to));
    TokenType type = TOKEN_AND;
    for (guint i = from; i < to; i++) {
        QueryToken *token = tokens->pdata[i];
        if (token->type == TOKEN_OR)
            type = TOKEN_OR;
        if (joins)
            token->type = TOKEN_NOTHING;
        else
            make_word(token);
    }
    if (joins)
        ((QueryToken *)tokens->pdata[from])->type = type;
}

static void settle_operators(GPtrArray *tokens)
{
    settle_negations(tokens);
    for (guint i = 0; i < tokens->len; i++) {
        guint end = i;
        while (is_joint(type_at(tokens, end)))
            end++;
        if (end == i)
            continue;
        settle_run(tokens, i, end);
        i = end - 1;
    }
}

/* "statuto OR del comune" means the municipality, not the article. */
static gboolean is_article_after_or(const GPtrArray *tokens, guint i)
{
    const QueryToken *token = tokens->pdata[i];
    const QueryToken *next = i + 1 < tokens->len ? tokens->pdata[i + 1] : NULL;
    return next && !token->is_excluded && token->leaf->is_function && !next->is_excluded &&
           (next->type == TOKEN_LEAF || next->type == TOKEN_OPEN);
}

/* Building */

typedef struct {
    QueryNode *group;      /* NODE_AND */
    gboolean is_excluded;  /* the group as a whole */
    gboolean is_negated;   /* a NOT waits for its operand */
    gboolean is_alternate; /* an OR waits for its second operand */
} Frame;

typedef struct {
    GPtrArray *tokens;
    guint at;
    GArray *frames; /* Frame: the groups open */
} Builder;

static Frame *top(Builder *builder)
{
    return &g_array_index(builder->frames, Frame, builder->frames->len - 1);
}

static void open_group(Builder *builder, gboolean is_excluded)
{
    Frame frame = {.group = node_new(NODE_AND), .is_excluded = is_excluded};
    g_array_append_val(builder->frames, frame);
}

/* Adds to the innermost open group; NULL is an empty group, which takes the operators before it. */
static void add_operand(Builder *builder, QueryNode *node)
{
    Frame *frame = top(builder);
    GPtrArray *children = frame->group->children;
    if (node && frame->is_negated)
        node = node_negate(node);
    if (node && frame->is_alternate && children->len > 0) {
        QueryNode *either = node_new(NODE_OR);
        g_ptr_array_add(either->children, g_ptr_array_steal_index(children, children->len - 1));
        g_ptr_array_add(either->children, node);
        node = either;
    }
    if (node)
        g_ptr_array_add(children, node);
    frame->is_negated = FALSE;
    frame->is_alternate = FALSE;
}

/* Takes the innermost group off the stack; NULL when it is empty. */
static QueryNode *close_group(Builder *builder)
{
    Frame frame = *top(builder);
    g_array_set_size(builder->frames, builder->frames->len - 1);
    if (frame.group->children->len == 0) {
        query_node_free(frame.group);
        return NULL;
    }
    QueryNode *node = frame.group->children->len == 1 ? node_unwrap(frame.group) : frame.group;
    return frame.is_excluded ? node_negate(node) : node;
}

static void on_leaf(Builder *builder, QueryToken *token)
{
    if (top(builder)->is_alternate && is_article_after_or(builder->tokens, builder->at))
        return;
    QueryNode *node = node_of_leaf(g_steal_pointer(&token->leaf));
    add_operand(builder, token->is_excluded ? node_negate(node) : node);
}

static void on_open(Builder *builder, QueryToken *token)
{
    open_group(builder, token->is_excluded);
}

/* One that closes nothing is dropped. */
static void on_close(Builder *builder, QueryToken *token)
{
    (void)token;
    if (builder->frames->len > 1)
        add_operand(builder, close_group(builder));
}

static void on_or(Builder *builder, QueryToken *token)
{
    (void)token;
    top(builder)->is_alternate = TRUE;
}

static void on_not(Builder *builder, QueryToken *token)
{
    (void)token;
    top(builder)->is_negated = !top(builder)->is_negated;
}

/* AND is what stands between operands anyhow. */
static void (*const ON_TOKEN[])(Builder *, QueryToken *) = {
    [TOKEN_NOTHING] = NULL,   [TOKEN_LEAF] = on_leaf, [TOKEN_OPEN] = on_open,
    [TOKEN_CLOSE] = on_close, [TOKEN_AND] = NULL,     [TOKEN_OR] = on_or,
    [TOKEN_NOT] = on_not,
};

static QueryNode *build(GPtrArray *tokens)
{
    Builder builder = {.tokens = tokens};
    builder.frames = g_array_new(FALSE, FALSE, sizeof(Frame));
    open_group(&builder, FALSE);
    for (; builder.at < tokens->len; builder.at++) {
        QueryToken *token = tokens->pdata[builder.at];
        if (ON_TOKEN[token->type])
            ON_TOKEN[token->type](&builder, token);
    }
    while (builder.frames->len > 1)
        add_operand(&builder, close_group(&builder));
    QueryNode *root = close_group(&builder);
    g_array_unref(builder.frames);
    return root;
}

/* Simplifying */

static gboolean is_function(const QueryNode *node)
{
    if (node->type == NODE_LEAF)
        return node->leaf->is_function;
    for (guint i = 0; i < node->children->len; i++)
        if (node->type == NODE_NOT || !is_function(node->children->pdata[i]))
            return FALSE;
    return TRUE;
}

/* Whether there is a word in it that says what is searched for. */
static gboolean has_content(const QueryNode *node)
{
    if (node->type == NODE_LEAF)
        return !node->leaf->is_function &&
               (node->leaf->field == FIELD_NONE || node->leaf->field == FIELD_TITLE);
    for (guint i = 0; i < node->children->len; i++)
        if (node->type != NODE_NOT && has_content(node->children->pdata[i]))
            return TRUE;
    return FALSE;
}

static void drop_function_words(QueryNode *node)
{
    if (!is_group(node) || !has_content(node))
        return;
    for (guint i = node->children->len; i-- > 0;)
        if (is_function(node->children->pdata[i]))
            query_node_free(g_ptr_array_remove_index(node->children, i));
}

static QueryNode *simplify(QueryNode *node);

/* Simplifies the children; those of the node's own type give theirs to it. */
static void simplify_children(QueryNode *node)
{
    GPtrArray *before = node->children;
    node->children = g_ptr_array_new();
    for (guint i = 0; i < before->len; i++) {
        QueryNode *child = simplify(before->pdata[i]);
        if (child && is_group(child) && child->type == node->type) {
            g_ptr_array_extend_and_steal(node->children, g_steal_pointer(&child->children));
            query_node_free(child);
        } else if (child) {
            g_ptr_array_add(node->children, child);
        }
    }
    g_ptr_array_unref(before);
}

/* Takes `node` and gives what it comes to; NULL: nothing. */
static QueryNode *simplify(QueryNode *node)
{
    if (node->type == NODE_LEAF)
        return node;
    simplify_children(node);
    drop_function_words(node);
    if (node->children->len == 0) {
        query_node_free(node);
        return NULL;
    }
    if (node->type == NODE_NOT)
        return node_negate(node_unwrap(node));
    return node->children->len == 1 ? node_unwrap(node) : node;
}

/* Limits */

/* Parentheses that a child costs. An excluded group counts twice: in the MATCH expression it may
 * need as many, and the parser of FTS5 has a stack of 100 symbols. */
static guint depth_of(const QueryNode *child)
{
    if (child->type == NODE_NOT)
        return is_group(child->children->pdata[0]) ? 2 : 0;
    return is_group(child) ? 1 : 0;
}

/* Drops what is nested deeper than `room`. TRUE when there was such. */
static gboolean cut_depth(QueryNode *node, guint room)
{
    gboolean is_cut = FALSE;
    if (node->type == NODE_LEAF)
        return FALSE;
    for (guint i = node->children->len; i-- > 0;) {
        QueryNode *child = node->children->pdata[i];
        guint depth = node->type == NODE_NOT ? 0 : depth_of(child);
        if (depth <= room) {
            is_cut |= cut_depth(child, room - depth);
            continue;
        }
        query_node_free(g_ptr_array_remove_index(node->children, i));
        is_cut = TRUE;
    }
    return is_cut;
}

/* Drops the leaves after the first `*room`. TRUE when there were such. */
static gboolean cut_leaves(QueryNode *node, guint *room)
{
    gboolean is_cut = FALSE;
    for (guint i = 0; node->children && i < node->children->len;) {
        QueryNode *child = node->children->pdata[i];
        if (child->type == NODE_LEAF && *room == 0) {
            query_node_free(g_ptr_array_remove_index(node->children, i));
            is_cut = TRUE;
            continue;
        }
        if (child->type == NODE_LEAF)
            (*room)--;
        is_cut |= cut_leaves(child, room);
        i++;
    }
    return is_cut;
}

QueryNode *query_tree_make(GPtrArray *tokens, gboolean *is_cut)
{
    settle_operators(tokens);
    QueryNode *root = build(tokens);
    guint room = QUERY_LEAVES;
    root = root ? simplify(root) : NULL;
    if (!root)
        return NULL;
    *is_cut |= cut_depth(root, QUERY_DEPTH);
    *is_cut |= cut_leaves(root, &room);
    return simplify(root);
}

/* Printing */

static void print_leaf(GString *text, const QueryLeaf *leaf)
{
    gboolean is_word = leaf->field == FIELD_NONE && !leaf->is_quoted;
    g_autofree char *lower =
        is_word && query_is_keyword(leaf->typed) ? g_ascii_strdown(leaf->typed, -1) : NULL;
    if (leaf->field != FIELD_NONE)
        g_string_append_printf(text, "%s:", query_field_name(leaf->field));
    if (leaf->is_quoted)
        g_string_append_printf(text, "\"%s\"", leaf->typed);
    else
        g_string_append(text, lower ? lower : leaf->typed);
    if (leaf->is_prefix)
        g_string_append_c(text, '*');
}

static void print_node(GString *text, const QueryNode *node, gboolean is_inner)
{
    if (node->type == NODE_LEAF) {
        print_leaf(text, node->leaf);
        return;
    }
    const char *joint = node->type == NODE_AND ? " AND " : " OR ";
    gboolean is_bracketed = is_inner && is_group(node);
    g_string_append(text, node->type == NODE_NOT ? "-" : is_bracketed ? "(" : "");
    for (guint i = 0; i < node->children->len; i++) {
        g_string_append(text, i > 0 ? joint : "");
        print_node(text, node->children->pdata[i], TRUE);
    }
    g_string_append(text, is_bracketed ? ")" : "");
}

GString *query_tree_print(const QueryNode *root)
{
    GString *text = g_string_new(NULL);
    if (root)
        print_node(text, root, FALSE);
    return text;
}
