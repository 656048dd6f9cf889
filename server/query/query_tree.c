/* See query_internal.h. Tokens become a tree.
 *
 * An operator joins only what stands on both its sides; elsewhere it is a word. OR binds tighter
 * than AND, written or not ("acqua fiumi OR laghi" is acqua AND (fiumi OR laghi)), as readers know
 * it from search engines; NEAR binds tighter than both, and a minus tightest. The builder keeps its
 * own stack of open groups, so that no input can exhaust the program's.
 *
 * Whether AND was written makes a difference at the top (free words, query.h). So each child of an
 * AND knows whether the word stood before it; when a child goes, what joined it joins what is left.
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

/* The only child of a node, in its place; the rest of the node is freed. */
static QueryNode *node_unwrap(QueryNode *node)
{
    QueryNode *child = g_ptr_array_remove_index(node->children, 0);
    child->is_joined = node->is_joined;
    query_node_free(node);
    return child;
}

static QueryNode *node_negate(QueryNode *node)
{
    if (node->type == NODE_NOT)
        return node_unwrap(node);
    QueryNode *excluded = node_new(NODE_NOT);
    excluded->is_joined = node->is_joined;
    g_ptr_array_add(excluded->children, node);
    return excluded;
}

static gboolean is_group(const QueryNode *node)
{
    return node->type == NODE_AND || node->type == NODE_OR;
}

gboolean query_node_is_definite(const QueryNode *node, guint i)
{
    const GPtrArray *children = node->children;
    const QueryNode *child = children->pdata[i];
    const QueryNode *next = i + 1 < children->len ? children->pdata[i + 1] : NULL;
    return (i > 0 && child->is_joined) || (next && next->is_joined);
}

static void drop_child(QueryNode *node, guint i)
{
    QueryNode *child = g_ptr_array_remove_index(node->children, i);
    if (i < node->children->len)
        ((QueryNode *)node->children->pdata[i])->is_joined |= child->is_joined;
    query_node_free(child);
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

/* What NEAR may join: a word of content, a phrase or a prefix, or such as it has joined already. */
static gboolean is_near_operand(const GPtrArray *tokens, guint i)
{
    if (type_at(tokens, i) != TOKEN_LEAF)
        return FALSE;
    const QueryToken *token = tokens->pdata[i];
    const QueryLeaf *leaf = token->near ? token->near->pdata[0] : token->leaf;
    return !token->is_excluded && !leaf->is_function &&
           (leaf->field == FIELD_NONE || leaf->field == FIELD_TITLE);
}

static gboolean is_article(const GPtrArray *tokens, guint i)
{
    if (type_at(tokens, i) != TOKEN_LEAF)
        return FALSE;
    const QueryToken *token = tokens->pdata[i];
    return !token->is_excluded && token->leaf && token->leaf->is_function;
}

/* "scuola NEAR la stazione" means the station. */
static void drop_articles_after_near(GPtrArray *tokens, guint i)
{
    guint end = i;
    while (is_article(tokens, end))
        end++;
    if (end > i && is_near_operand(tokens, end))
        g_ptr_array_remove_range(tokens, i, end - i);
}

static QueryField field_at(const GPtrArray *tokens, guint i)
{
    const QueryToken *token = tokens->pdata[i];
    return ((const QueryLeaf *)(token->near ? token->near->pdata[0] : token->leaf))->field;
}

/* Puts the operand after the NEAR at `i` to the one before it. */
static void join_near(GPtrArray *tokens, guint i)
{
    QueryToken *first = tokens->pdata[i - 1];
    const QueryToken *near = tokens->pdata[i];
    QueryToken *second = tokens->pdata[i + 1];
    if (!first->near) {
        first->near = g_ptr_array_new();
        g_ptr_array_add(first->near, g_steal_pointer(&first->leaf));
    }
    g_ptr_array_add(first->near, g_steal_pointer(&second->leaf));
    first->distance = MAX(first->distance, near->distance);
    g_ptr_array_remove_range(tokens, i, 2);
}

static void settle_near(GPtrArray *tokens)
{
    for (guint i = 0; i < tokens->len; i++) {
        if (type_at(tokens, i) != TOKEN_NEAR)
            continue;
        gboolean joins = i > 0 && is_near_operand(tokens, i - 1);
        if (joins)
            drop_articles_after_near(tokens, i + 1);
        joins = joins && is_near_operand(tokens, i + 1) &&
                field_at(tokens, i - 1) == field_at(tokens, i + 1);
        if (joins)
            join_near(tokens, i--);
        else
            make_word(tokens->pdata[i]);
    }
}

static void settle_operators(GPtrArray *tokens)
{
    settle_near(tokens);
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
    return next && !token->is_excluded && !token->near && token->leaf->is_function &&
           !next->is_excluded && (next->type == TOKEN_LEAF || next->type == TOKEN_OPEN);
}

/* Building */

typedef struct {
    QueryNode *group;      /* NODE_AND */
    gboolean is_excluded;  /* the group as a whole */
    gboolean is_negated;   /* a NOT waits for its operand */
    gboolean is_alternate; /* an OR waits for its second operand */
    gboolean is_joined;    /* an AND waits for its second operand */
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
        QueryNode *first = g_ptr_array_steal_index(children, children->len - 1);
        either->is_joined = first->is_joined;
        g_ptr_array_add(either->children, first);
        g_ptr_array_add(either->children, node);
        node = either;
    } else if (node) {
        node->is_joined = frame->is_joined;
    }
    if (node)
        g_ptr_array_add(children, node);
    frame->is_negated = FALSE;
    frame->is_alternate = FALSE;
    frame->is_joined = FALSE;
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

static QueryNode *node_of_token(QueryToken *token)
{
    if (!token->near)
        return node_of_leaf(g_steal_pointer(&token->leaf));
    QueryNode *node = node_new(NODE_NEAR);
    node->distance = token->distance;
    for (guint i = 0; i < token->near->len; i++)
        g_ptr_array_add(node->children, node_of_leaf(token->near->pdata[i]));
    g_clear_pointer(&token->near, g_ptr_array_unref);
    return node;
}

static void on_leaf(Builder *builder, QueryToken *token)
{
    if (top(builder)->is_alternate && is_article_after_or(builder->tokens, builder->at))
        return;
    QueryNode *node = node_of_token(token);
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

static void on_and(Builder *builder, QueryToken *token)
{
    (void)token;
    top(builder)->is_joined = TRUE;
}

static void (*const ON_TOKEN[])(Builder *, QueryToken *) = {
    [TOKEN_NOTHING] = NULL,   [TOKEN_LEAF] = on_leaf, [TOKEN_OPEN] = on_open,
    [TOKEN_CLOSE] = on_close, [TOKEN_AND] = on_and,   [TOKEN_OR] = on_or,
    [TOKEN_NOT] = on_not,     [TOKEN_NEAR] = NULL, /* joined before */
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
        if (!is_group(node) || !is_function(node->children->pdata[i]))
            return FALSE;
    return TRUE;
}

/* Of function words alone: whether they are those of a field. */
static gboolean is_of_field(const QueryNode *node)
{
    while (node->type != NODE_LEAF)
        node = node->children->pdata[0];
    return node->leaf->field != FIELD_NONE;
}

/* Whether there is a word in it that says what is searched for. Beside free function words,
 * function words of a field do: "title:(the) of" is about the title. */
static gboolean has_content(const QueryNode *node, gboolean beside_free)
{
    if (node->type == NODE_LEAF)
        return node->leaf->words &&
               (!node->leaf->is_function || (beside_free && node->leaf->field != FIELD_NONE));
    for (guint i = 0; i < node->children->len; i++)
        if (node->type == NODE_NEAR ||
            (is_group(node) && has_content(node->children->pdata[i], beside_free)))
            return TRUE;
    return FALSE;
}

static void drop_function_words(QueryNode *node)
{
    for (guint i = is_group(node) ? node->children->len : 0; i-- > 0;) {
        const QueryNode *child = node->children->pdata[i];
        if (is_function(child) && has_content(node, !is_of_field(child)))
            drop_child(node, i);
    }
}

/* The leaf that a node wants or excludes; NULL: it is more than a leaf. */
static const QueryLeaf *leaf_of(const QueryNode *node)
{
    const QueryNode *inner = node->type == NODE_NOT ? node->children->pdata[0] : node;
    return inner->type == NODE_LEAF ? inner->leaf : NULL;
}

static gboolean is_repeated(const QueryNode *node, const QueryNode *other)
{
    const QueryLeaf *leaf = leaf_of(node);
    const QueryLeaf *of_other = leaf_of(other);
    return leaf && of_other && node->type == other->type && query_leaf_equal(leaf, of_other);
}

/* Drops one of the two, the later one if it may: what AND joins stays, for it joins others too. */
static gboolean drop_one(QueryNode *node, guint first, guint second)
{
    gboolean is_or = node->type == NODE_OR;
    if (is_or || !query_node_is_definite(node, second))
        drop_child(node, second);
    else if (!query_node_is_definite(node, first))
        drop_child(node, first);
    else
        return FALSE;
    return TRUE;
}

static void drop_repeated(QueryNode *node)
{
    if (!is_group(node))
        return;
    for (guint i = node->children->len; i-- > 1;)
        for (guint k = 0; k < i; k++)
            if (is_repeated(node->children->pdata[k], node->children->pdata[i]) &&
                drop_one(node, k, i))
                break;
}

static QueryNode *simplify(QueryNode *node);

/* Gives the children of `child` to `to`, in its place; where AND joins it as a whole, it joins each
 * of them. */
static void dissolve(QueryNode *to, QueryNode *child, gboolean is_definite)
{
    for (guint i = 0; i < child->children->len; i++) {
        QueryNode *inner = child->children->pdata[i];
        inner->is_joined = i == 0 ? child->is_joined : is_definite || inner->is_joined;
    }
    g_ptr_array_extend_and_steal(to->children, g_steal_pointer(&child->children));
    query_node_free(child);
}

/* Simplifies the children; those of the node's own type give theirs to it. */
static void simplify_children(QueryNode *node)
{
    QueryNode before = *node;
    node->children = g_ptr_array_new();
    for (guint i = 0; i < before.children->len; i++) {
        gboolean is_definite = query_node_is_definite(&before, i);
        QueryNode *child = simplify(before.children->pdata[i]);
        if (child && is_group(child) && child->type == node->type)
            dissolve(node, child, is_definite);
        else if (child)
            g_ptr_array_add(node->children, child);
    }
    g_ptr_array_unref(before.children);
}

/* Takes `node` and gives what it comes to; NULL: nothing. */
static QueryNode *simplify(QueryNode *node)
{
    if (node->type == NODE_LEAF)
        return node;
    simplify_children(node);
    drop_function_words(node);
    drop_repeated(node);
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
        drop_child(node, i);
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
            drop_child(node, i);
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
