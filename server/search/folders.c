/* See folders.h. */
#include "folders.h"

#include <string.h>

typedef struct {
    const char *path;
    char *key; /* owned; sorts a folder right before what is in it */
    guint64 documents;
    guint depth; /* from 1 */
} Node;

static void node_clear(gpointer data)
{
    g_free(((Node *)data)->key);
}

static gint by_key(gconstpointer a, gconstpointer b)
{
    const Node *left = a, *right = b;
    int order = strcmp(left->key, right->key);
    return order != 0 ? order : strcmp(left->path, right->path);
}

static char *key_of(const char *path)
{
    char *key = g_utf8_casefold(path, -1);
    for (char *at = strchr(key, '/'); at; at = strchr(at, '/'))
        *at = '\1'; /* before any character of a name */
    return key;
}

static guint depth_of(const char *path)
{
    guint depth = 1;
    for (const char *at = strchr(path, '/'); at; at = strchr(at + 1, '/'))
        depth++;
    return depth;
}

/* What stands after "in/" in a path below `in`, else NULL. */
static const char *path_within(const char *path, const char *in)
{
    gsize length = strlen(in);
    if (length == 0)
        return path;
    return g_str_has_prefix(path, in) && path[length] == '/' ? path + length + 1 : NULL;
}

static GArray *take_nodes(const json_t *counted, const char *in)
{
    GArray *nodes = g_array_new(FALSE, FALSE, sizeof(Node));
    g_array_set_clear_func(nodes, node_clear);
    for (size_t i = 0; i < json_array_size(counted); i++) {
        const json_t *pair = json_array_get(counted, i);
        const char *path = json_string_value(json_object_get(pair, "value"));
        const char *within = path_within(path, in);
        if (!within || !*within)
            continue;
        Node node = {path, key_of(within),
                     (guint64)json_integer_value(json_object_get(pair, "count")), depth_of(within)};
        g_array_append_val(nodes, node);
    }
    g_array_sort(nodes, by_key);
    return nodes;
}

static guint count_down_to(const GArray *nodes, guint depth)
{
    guint count = 0;
    for (guint i = 0; i < nodes->len; i++)
        count += g_array_index(nodes, Node, i).depth <= depth;
    return count;
}

/* The deepest level down to which all fit, at least the first. */
static guint levels_for(const GArray *nodes, guint most)
{
    guint depth = 1, before = 0;
    for (;;) {
        guint count = count_down_to(nodes, depth + 1);
        if (count > most || count == before)
            return depth;
        before = count;
        depth++;
    }
}

static void add_folder(GArray *folders, const Node *node)
{
    Folder folder = {.path = node->path, .documents = node->documents};
    g_array_append_val(folders, folder);
}

/* Tells the last folder before the next, of which `depth` is known, how they lie. */
static void close_last(GArray *folders, guint last_depth, guint depth)
{
    if (folders->len == 0)
        return;
    Folder *last = &g_array_index(folders, Folder, folders->len - 1);
    last->has_children = depth > last_depth;
    last->ends = depth < last_depth ? last_depth - depth : 0;
}

GArray *folders_below(const json_t *counted, const char *in, guint offset, guint most,
                      guint *ret_total)
{
    GArray *folders = g_array_new(FALSE, TRUE, sizeof(Folder));
    g_autoptr(GArray) nodes = take_nodes(counted, in);
    guint levels = levels_for(nodes, most), last_depth = 1, place = 0;
    gboolean is_cut = levels == 1 && count_down_to(nodes, 1) > most;
    for (guint i = 0; i < nodes->len; i++) {
        const Node *node = &g_array_index(nodes, Node, i);
        gboolean is_shown = node->depth <= levels;
        place += is_shown;
        if (is_cut && (place <= offset || place > offset + most))
            continue;
        if (is_shown) {
            close_last(folders, last_depth, node->depth);
            add_folder(folders, node);
            last_depth = node->depth;
        } else if (folders->len > 0) {
            g_array_index(folders, Folder, folders->len - 1).hidden++;
        }
    }
    close_last(folders, last_depth, 1);
    *ret_total = is_cut ? count_down_to(nodes, 1) : folders->len;
    return folders;
}
