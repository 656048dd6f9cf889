/* See query.h. Cleans what was typed, has it read, and keeps the result.
 *
 * What was understood is itself a query that must be read in full, so it must not be longer than a
 * query may be: where the operators that reading adds make it so, less of the text is read. */
#include "query_internal.h"

struct Query {
    QueryNode *root; /* NULL: empty */
    GString *understood;
    QueryMatch match;
    gboolean is_cut;
};

/* Characters that show nothing: soft hyphen, zero-width characters, marks of direction. They come
 * with pasted text and stand within words. */
static gboolean is_invisible(gunichar character)
{
    return character == 0x00AD || character == 0xFEFF ||
           (character >= 0x200B && character <= 0x200F) ||
           (character >= 0x202A && character <= 0x202E) ||
           (character >= 0x2060 && character <= 0x2069);
}

static gboolean is_blank(gunichar character)
{
    return character == 0xFFFD || g_unichar_isspace(character) || g_unichar_iscntrl(character) ||
           character == 0x2028 || character == 0x2029;
}

/* The character at `text` and its length in bytes; any byte that is no UTF-8 is a space. */
static gunichar character_at(const char *text, gsize length, gsize *ret_bytes)
{
    *ret_bytes = 1;
    if ((guchar)*text < 0x80)
        return (guchar)*text;
    gunichar character = g_utf8_get_char_validated(text, (gssize)length);
    if (character == (gunichar)-1 || character == (gunichar)-2)
        return ' ';
    *ret_bytes = (gsize)g_unichar_to_utf8(character, NULL);
    return character;
}

/* Valid UTF-8 without control characters, NUL-terminated, of the first `length` bytes. */
static GString *clean(const char *text, gsize length)
{
    GString *cleaned = g_string_sized_new(length);
    gsize bytes;
    for (gsize at = 0; at < length; at += bytes) {
        gunichar character = character_at(text + at, length - at, &bytes);
        if (is_blank(character))
            g_string_append_c(cleaned, ' ');
        else if (!is_invisible(character))
            g_string_append_unichar(cleaned, character);
    }
    return cleaned;
}

static void read_text(Query *query, const char *text, gsize length, Analyser *analyser)
{
    g_autoptr(GString) cleaned = clean(text, length);
    g_autoptr(GPtrArray) tokens = query_lex(cleaned->str, analyser);
    query->root = query_tree_make(tokens, &query->is_cut);
    query->understood = query_tree_print(query->root);
}

static void forget(Query *query)
{
    g_clear_pointer(&query->root, query_node_free);
    if (query->understood)
        g_string_free(g_steal_pointer(&query->understood), TRUE);
}

Query *query_parse(const char *text, gsize length, Analyser *analyser)
{
    Query *query = g_new0(Query, 1);
    gsize read_bytes = MIN(length, (gsize)QUERY_BYTES);
    read_text(query, text, read_bytes, analyser);
    while (query->understood->len > QUERY_BYTES) {
        read_bytes -= MIN(read_bytes, query->understood->len - QUERY_BYTES);
        forget(query);
        read_text(query, text, read_bytes, analyser);
    }
    query->is_cut |= read_bytes < length;
    query->match = query_match_make(query->root, analyser);
    return query;
}

void query_free(Query *query)
{
    if (!query)
        return;
    forget(query);
    query_match_release(&query->match);
    g_free(query);
}

gboolean query_is_empty(const Query *query)
{
    return !query->root;
}

gboolean query_is_cut(const Query *query)
{
    return query->is_cut;
}

const char *query_understood(const Query *query)
{
    return query->understood->str;
}

const char *query_match(const Query *query)
{
    return query->match.match->str;
}

const GPtrArray *query_concepts(const Query *query)
{
    return query->match.concepts;
}

const GArray *query_phrase_concepts(const Query *query)
{
    return query->match.phrase_concepts;
}
