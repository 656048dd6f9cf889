/* See query_internal.h. Leaves become concepts, and the tree a MATCH expression.
 *
 * A bare word is searched as its stem in either language and, in runs of neither, as it is; what
 * was quoted or begun only (prefix) as it was written. The alternatives of a leaf are the phrases
 * that FTS5 counts, in the order written, and each is noted with its concept as it is written.
 *
 * Every AND, OR, NOT and parenthesis is explicit. FTS5 flattens chains of AND and OR, so that only
 * nesting counts against its limit of 256 levels; query.h's limits stay far below. */
#include "query_internal.h"

#include <string.h>

typedef struct {
    QueryMatch to;
    Analyser *analyser;
    gboolean is_excluded; /* within a NOT: nothing here is a concept */
} Writer;

static void concept_free(gpointer data)
{
    QueryConcept *concept = data;
    g_free(concept->typed);
    g_ptr_array_unref(concept->phrases);
    g_free(concept);
}

/* Terms */

static char *term_in_language(Analyser *analyser, Language language, const char *word)
{
    char *stem = analyser_stem_term(analyser, language, word);
    return stem ? stem : g_strdup(word);
}

static void add_alternative(GPtrArray *phrases, char *phrase)
{
    if (g_ptr_array_find_with_equal_func(phrases, phrase, g_str_equal, NULL))
        g_free(phrase);
    else
        g_ptr_array_add(phrases, phrase);
}

static char *stemmed_phrase(Analyser *analyser, const GPtrArray *words, Language language)
{
    GString *phrase = g_string_new(NULL);
    for (guint i = 0; i < words->len; i++) {
        g_autofree char *term = term_in_language(analyser, language, words->pdata[i]);
        g_string_append_printf(phrase, "%s%s", i > 0 ? " " : "", term);
    }
    return g_string_free(phrase, FALSE);
}

/* The words as they are, each with a prefix of its index terms ("" or "b:"). */
static char *exact_phrase(const GPtrArray *words, const char *prefix)
{
    GString *phrase = g_string_new(NULL);
    for (guint i = 0; i < words->len; i++)
        g_string_append_printf(phrase, "%s%s%s", i > 0 ? " " : "", prefix,
                               (const char *)words->pdata[i]);
    return g_string_free(phrase, FALSE);
}

static GPtrArray *alternatives_of(Analyser *analyser, const QueryLeaf *leaf)
{
    static const Language ORDER[] = {LANGUAGE_ITALIAN, LANGUAGE_ENGLISH, LANGUAGE_OTHER};
    GPtrArray *phrases = g_ptr_array_new_with_free_func(g_free);
    if (leaf->is_quoted || leaf->is_prefix)
        g_ptr_array_add(phrases, exact_phrase(leaf->words, ""));
    else
        for (gsize i = 0; i < G_N_ELEMENTS(ORDER); i++)
            add_alternative(phrases, stemmed_phrase(analyser, leaf->words, ORDER[i]));
    return phrases;
}

static QueryConcept *concept_of(Analyser *analyser, const QueryLeaf *leaf)
{
    QueryConcept *concept = g_new0(QueryConcept, 1);
    concept->typed =
        leaf->is_quoted ? g_strdup_printf("\"%s\"", leaf->typed) : g_strdup(leaf->typed);
    concept->phrases = alternatives_of(analyser, leaf);
    concept->is_prefix = leaf->is_prefix;
    concept->in_title = leaf->field == FIELD_TITLE;
    return concept;
}

/* Writing */

static void write_text(Writer *writer, const char *text)
{
    g_string_append(writer->to.match, text);
}

/* Terms hold no quotation mark; doubling it anyhow keeps the promise here, not far away. */
static void write_phrase(Writer *writer, const char *phrase, gboolean is_prefix, int concept)
{
    GString *match = writer->to.match;
    g_string_append_c(match, '"');
    for (const char *at = phrase; *at; at++)
        g_string_append(match, *at == '"' ? "\"\"" : (char[]){*at, '\0'});
    g_string_append(match, is_prefix ? "\" *" : "\"");
    g_array_append_val(writer->to.phrase_concepts, concept);
}

static void write_alternatives(Writer *writer, const QueryConcept *concept, int number)
{
    gboolean is_group = concept->phrases->len > 1;
    write_text(writer, concept->in_title ? "title : " : "");
    write_text(writer, is_group ? "(" : "");
    for (guint i = 0; i < concept->phrases->len; i++) {
        write_text(writer, i > 0 ? " OR " : "");
        write_phrase(writer, concept->phrases->pdata[i], concept->is_prefix, number);
    }
    write_text(writer, is_group ? ")" : "");
}

static void write_concept(Writer *writer, const QueryLeaf *leaf)
{
    QueryConcept *concept = concept_of(writer->analyser, leaf);
    int number = writer->is_excluded ? -1 : (int)writer->to.concepts->len;
    write_alternatives(writer, concept, number);
    if (writer->is_excluded)
        concept_free(concept);
    else
        g_ptr_array_add(writer->to.concepts, concept);
}

/* The widest of 1000, 100, 10 or 1 years that begins at `first` and ends by `last`. */
static int years_at_once(int first, int last)
{
    int step = 1000;
    while (first % step != 0 || first + step - 1 > last)
        step /= 10;
    return step;
}

/* A range is the OR of its years; whole decades, centuries and millennia are prefixes. */
static void write_years(Writer *writer, const QueryLeaf *leaf)
{
    int step = years_at_once(leaf->first_year, leaf->last_year);
    gboolean is_group = leaf->first_year + step <= leaf->last_year;
    write_text(writer, is_group ? "(" : "");
    for (int year = leaf->first_year; year <= leaf->last_year; year += step) {
        step = years_at_once(year, leaf->last_year);
        g_autofree char *phrase = g_strdup_printf("y:%d", year / step);
        write_text(writer, year > leaf->first_year ? " OR " : "");
        write_phrase(writer, phrase, step > 1, -1);
    }
    write_text(writer, is_group ? ")" : "");
}

/* Prefixes of the index terms of catalogue fields, as query.h lists them. */
static const char *const TERM_PREFIX[FIELD_COUNT] = {
    [FIELD_LANGUAGE] = "l:", [FIELD_KIND] = "k:", [FIELD_THEME] = "t:",
    [FIELD_AREA] = "r:",     [FIELD_BODY] = "b:", [FIELD_COLLECTION] = "c:",
};

static void write_catalogue(Writer *writer, const QueryLeaf *leaf)
{
    const char *prefix = TERM_PREFIX[leaf->field];
    g_autofree char *phrase =
        leaf->words ? exact_phrase(leaf->words, prefix) : g_strconcat(prefix, leaf->value, NULL);
    write_phrase(writer, phrase, leaf->is_prefix, -1);
}

static void (*const WRITE_LEAF[FIELD_COUNT])(Writer *, const QueryLeaf *) = {
    [FIELD_NONE] = write_concept,         [FIELD_TITLE] = write_concept,
    [FIELD_LANGUAGE] = write_catalogue,   [FIELD_KIND] = write_catalogue,
    [FIELD_YEAR] = write_years,           [FIELD_THEME] = write_catalogue,
    [FIELD_AREA] = write_catalogue,       [FIELD_BODY] = write_catalogue,
    [FIELD_COLLECTION] = write_catalogue,
};

/* The tree */

static void write_node(Writer *writer, const QueryNode *node, gboolean is_inner);

/* Those of `children` that are excluded, or those that are not. */
static guint count_children(const GPtrArray *children, gboolean is_excluded)
{
    guint count = 0;
    for (guint i = 0; i < children->len; i++)
        count += (((const QueryNode *)children->pdata[i])->type == NODE_NOT) == is_excluded;
    return count;
}

/* They are joined in parentheses when there are several; what is excluded, without its minus. */
static void write_children(Writer *writer, const GPtrArray *children, gboolean is_excluded,
                           gboolean is_bracketed)
{
    guint written = 0;
    write_text(writer, is_bracketed ? "(" : "");
    for (guint i = 0; i < children->len; i++) {
        const QueryNode *child = children->pdata[i];
        if ((child->type == NODE_NOT) != is_excluded)
            continue;
        write_text(writer, written++ == 0 ? "" : is_excluded ? " OR " : " AND ");
        write_node(writer, is_excluded ? child->children->pdata[0] : child, TRUE);
    }
    write_text(writer, is_bracketed ? ")" : "");
}

/* What `children` ask for, without what they exclude. */
static void write_difference(Writer *writer, const GPtrArray *children)
{
    guint wanted = count_children(children, FALSE);
    guint excluded = count_children(children, TRUE);
    gboolean was_excluded = writer->is_excluded;
    if (wanted == 0)
        write_phrase(writer, QUERY_TERM_ALL, FALSE, -1);
    else
        write_children(writer, children, FALSE, wanted > 1 && excluded > 0);
    if (excluded == 0)
        return;
    write_text(writer, " NOT ");
    writer->is_excluded = TRUE;
    write_children(writer, children, TRUE, excluded > 1);
    writer->is_excluded = was_excluded;
}

static void write_either(Writer *writer, const GPtrArray *children)
{
    for (guint i = 0; i < children->len; i++) {
        write_text(writer, i > 0 ? " OR " : "");
        write_node(writer, children->pdata[i], TRUE);
    }
}

static void write_not(Writer *writer, const QueryNode *node)
{
    gpointer self[] = {(gpointer)node};
    GPtrArray alone = {.pdata = self, .len = 1};
    write_difference(writer, &alone);
}

static void write_node(Writer *writer, const QueryNode *node, gboolean is_inner)
{
    if (node->type == NODE_LEAF) {
        WRITE_LEAF[node->leaf->field](writer, node->leaf);
        return;
    }
    write_text(writer, is_inner ? "(" : "");
    if (node->type == NODE_AND)
        write_difference(writer, node->children);
    else if (node->type == NODE_OR)
        write_either(writer, node->children);
    else
        write_not(writer, node);
    write_text(writer, is_inner ? ")" : "");
}

QueryMatch query_match_make(const QueryNode *root, Analyser *analyser)
{
    Writer writer = {.analyser = analyser};
    writer.to.match = g_string_new(NULL);
    writer.to.concepts = g_ptr_array_new_with_free_func(concept_free);
    writer.to.phrase_concepts = g_array_new(FALSE, FALSE, sizeof(int));
    if (root)
        write_node(&writer, root, FALSE);
    else
        write_phrase(&writer, QUERY_TERM_ALL, FALSE, -1);
    return writer.to;
}

void query_match_release(QueryMatch *match)
{
    if (match->match)
        g_string_free(match->match, TRUE);
    g_clear_pointer(&match->concepts, g_ptr_array_unref);
    g_clear_pointer(&match->phrase_concepts, g_array_unref);
    match->match = NULL;
}
