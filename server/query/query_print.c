/* See query_internal.h. A tree becomes the text that says how it was read, which is itself a query
 * and reads as the same tree.
 *
 * At the top AND stands where it was written, for words beside which none stands are free
 * (query.h); within groups, where it makes no difference, always. */
#include "query_internal.h"

#include <string.h>

static void print_field(GString *text, QueryField field)
{
    if (field != FIELD_NONE)
        g_string_append_printf(text, "%s:", query_field_name(field));
}

/* A word that is spelt like an operator is none in small letters. */
static void print_typed(GString *text, const QueryLeaf *leaf)
{
    if (leaf->is_quoted) {
        g_string_append_printf(text, "\"%s\"", leaf->typed);
    } else if (leaf->field == FIELD_NONE && query_is_keyword(leaf->typed)) {
        g_autofree char *lower = g_ascii_strdown(leaf->typed, -1);
        g_string_append(text, lower);
    } else {
        g_string_append(text, leaf->typed);
    }
}

static void print_leaf(GString *text, const QueryLeaf *leaf)
{
    print_field(text, leaf->field);
    print_typed(text, leaf);
    g_string_append(text, leaf->is_prefix ? "*" : "");
}

/* "a b c"~5, when each part is one exact word. */
static gboolean is_scattered(const QueryNode *node)
{
    for (guint i = 0; i < node->children->len; i++) {
        const QueryLeaf *leaf = ((const QueryNode *)node->children->pdata[i])->leaf;
        if (!leaf->is_quoted || leaf->words->len != 1)
            return FALSE;
    }
    return TRUE;
}

static void print_scattered(GString *text, const QueryNode *node)
{
    for (guint i = 0; i < node->children->len; i++) {
        const QueryLeaf *leaf = ((const QueryNode *)node->children->pdata[i])->leaf;
        if (i == 0)
            print_field(text, leaf->field);
        g_string_append_printf(text, "%s%s", i == 0 ? "\"" : " ", leaf->typed);
    }
    g_string_append_printf(text, "\"~%u", node->distance);
}

static void print_chain(GString *text, const QueryNode *node)
{
    for (guint i = 0; i < node->children->len; i++) {
        if (i > 0)
            g_string_append_printf(text, " NEAR/%u ", node->distance);
        print_leaf(text, ((const QueryNode *)node->children->pdata[i])->leaf);
    }
}

/* An excluded chain needs its parentheses, for a minus binds tighter. */
static void print_near(GString *text, const QueryNode *node, gboolean is_excluded)
{
    if (is_scattered(node)) {
        print_scattered(text, node);
        return;
    }
    g_string_append(text, is_excluded ? "(" : "");
    print_chain(text, node);
    g_string_append(text, is_excluded ? ")" : "");
}

static void print_node(GString *text, const QueryNode *node, gboolean is_inner);

static void print_group(GString *text, const QueryNode *node, gboolean is_inner)
{
    g_string_append(text, is_inner ? "(" : "");
    for (guint i = 0; i < node->children->len; i++) {
        const QueryNode *child = node->children->pdata[i];
        if (i > 0 && node->type == NODE_OR)
            g_string_append(text, " OR ");
        else if (i > 0)
            g_string_append(text, is_inner || child->is_joined ? " AND " : " ");
        print_node(text, child, TRUE);
    }
    g_string_append(text, is_inner ? ")" : "");
}

static void print_not(GString *text, const QueryNode *node)
{
    const QueryNode *child = node->children->pdata[0];
    g_string_append_c(text, '-');
    if (child->type == NODE_NEAR)
        print_near(text, child, TRUE);
    else
        print_node(text, child, TRUE);
}

static void print_node(GString *text, const QueryNode *node, gboolean is_inner)
{
    if (node->type == NODE_LEAF)
        print_leaf(text, node->leaf);
    else if (node->type == NODE_NEAR)
        print_near(text, node, FALSE);
    else if (node->type == NODE_NOT)
        print_not(text, node);
    else
        print_group(text, node, is_inner);
}

GString *query_tree_print(const QueryNode *root)
{
    GString *text = g_string_new(NULL);
    if (root)
        print_node(text, root, FALSE);
    return text;
}
