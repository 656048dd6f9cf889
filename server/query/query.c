/* See query.h. Cleans what was typed, has it read, and keeps the result.
 *
 * What was understood is itself a query that must be read in full, so it must not be longer than a
 * query may be: where the operators that reading adds make it so, less of the text is read. */
#include "query_internal.h"

struct Query {
    QueryNode *root; /* NULL: empty */
    GString *understood;
    QueryStep *plan;     /* NULL: empty */
    GPtrArray *concepts; /* QueryConcept */
    GPtrArray *notes;    /* QueryNote */
    Language language;
    GString *match;
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

/* Notes */

static void note_free(gpointer data)
{
    QueryNote *note = data;
    g_free(note->text);
    g_strfreev(note->known);
    g_free(note);
}

void query_note(const QueryReading *reading, const char *code, char *text, char **known)
{
    QueryNote *note = g_new0(QueryNote, 1);
    *note = (QueryNote){code, text, known};
    if (reading->notes->len < QUERY_NOTES)
        g_ptr_array_add(reading->notes, note);
    else
        note_free(note);
}

/* The last note gives way where there is no room. */
static void note_cut(const QueryReading *reading)
{
    if (reading->notes->len == QUERY_NOTES)
        g_ptr_array_set_size(reading->notes, QUERY_NOTES - 1);
    query_note(reading, QUERY_NOTE_CUT, NULL, NULL);
}

/* Reading */

static void read_text(Query *query, const char *text, gsize length, const QueryReading *reading)
{
    g_autoptr(GString) cleaned = clean(text, length);
    g_autoptr(GPtrArray) tokens = query_lex(cleaned->str, reading);
    query->language = query_vote(tokens, reading);
    query->root = query_tree_make(tokens, &query->is_cut);
    query->understood = query_tree_print(query->root);
}

static void forget(Query *query)
{
    g_clear_pointer(&query->root, query_node_free);
    g_ptr_array_set_size(query->notes, 0);
    if (query->understood)
        g_string_free(g_steal_pointer(&query->understood), TRUE);
}

/* Reads as much of the text as can be printed within QUERY_BYTES; returns how much. */
static gsize read_bounded(Query *query, const char *text, gsize length, const QueryReading *reading)
{
    gsize read_bytes = MIN(length, (gsize)QUERY_BYTES);
    read_text(query, text, read_bytes, reading);
    while (query->understood->len > QUERY_BYTES) {
        read_bytes -= MIN(read_bytes, query->understood->len - QUERY_BYTES);
        forget(query);
        read_text(query, text, read_bytes, reading);
    }
    return read_bytes;
}

Query *query_parse(const char *text, gsize length, const Vocabulary *vocabulary,
                   gboolean is_translated, Analyser *analyser)
{
    Query *query = g_new0(Query, 1);
    query->notes = g_ptr_array_new_with_free_func(note_free);
    query->concepts = g_ptr_array_new_with_free_func(query_concept_free);
    QueryReading reading = {analyser, vocabulary, is_translated, query->notes};
    query->is_cut |= read_bounded(query, text, length, &reading) < length;
    if (query->is_cut)
        note_cut(&reading);
    query->plan = query_plan_make(query->root, &reading, query->language, query->concepts);
    query->match = query_match_print(query->plan, query->concepts);
    return query;
}

void query_free(Query *query)
{
    if (!query)
        return;
    forget(query);
    query_step_free(query->plan);
    g_ptr_array_unref(query->concepts);
    g_ptr_array_unref(query->notes);
    g_string_free(query->match, TRUE);
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

const QueryStep *query_plan(const Query *query)
{
    return query->plan;
}

const GPtrArray *query_concepts(const Query *query)
{
    return query->concepts;
}

Language query_language(const Query *query)
{
    return query->language;
}

const GPtrArray *query_notes(const Query *query)
{
    return query->notes;
}

const char *query_match(const Query *query)
{
    return query->match->str;
}
