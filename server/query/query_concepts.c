/* See query_internal.h. Leaves become concepts, and the tree the plan.
 *
 * A bare word is searched as its stem in either language and, in runs of neither, as it is; what
 * was quoted or begun only (prefix) as it was written. These are a concept's literal alternatives;
 * bare words side by side then get their other names together, for a name may cover several.
 *
 * A compound ("shock-sound") is found as a phrase; its words are concepts within its concept, which
 * ranking reads and the plan does not know.
 *
 * What is excluded means exactly what it says: it is not translated. */
#include "query_internal.h"

#include <string.h>

#include "function_word.h"

typedef struct {
    const QueryReading *reading;
    Language language; /* of the question */
    GPtrArray *concepts;
    guint compound_words; /* so far */
} Planner;

/* Concepts */

static void alternative_clear(gpointer data)
{
    QueryAlternative *alternative = data;
    g_free(alternative->phrase);
    g_free(alternative->shown);
}

void query_concept_free(gpointer data)
{
    QueryConcept *concept = data;
    g_free(concept->typed);
    g_free(concept->exact);
    g_clear_pointer(&concept->words, g_ptr_array_unref);
    g_array_unref(concept->alternatives);
    g_free(concept);
}

static QueryAlternative *alternative_at(const QueryConcept *concept, guint i)
{
    return &g_array_index(concept->alternatives, QueryAlternative, i);
}

static QueryAlternative *find_phrase(const QueryConcept *concept, const char *phrase)
{
    for (guint i = 0; i < concept->alternatives->len; i++)
        if (strcmp(alternative_at(concept, i)->phrase, phrase) == 0)
            return alternative_at(concept, i);
    return NULL;
}

/* Whether the index terms of `part` follow one another in `phrase`. */
static gboolean phrase_holds(const char *phrase, const char *part)
{
    gsize length = strlen(part);
    for (const char *at = strstr(phrase, part); at; at = strstr(at + 1, part))
        if ((at == phrase || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return TRUE;
    return FALSE;
}

/* "bilancio partecipativo" finds nothing that bilancio does not. */
static gboolean is_found_literally(const QueryConcept *concept, const char *phrase)
{
    for (guint i = 0; i < concept->alternatives->len; i++) {
        const QueryAlternative *alternative = alternative_at(concept, i);
        if (alternative->source == QUERY_LITERAL && phrase_holds(phrase, alternative->phrase))
            return TRUE;
    }
    return FALSE;
}

static void add_name(QueryConcept *concept, QueryAlternative alternative)
{
    QueryAlternative *found = find_phrase(concept, alternative.phrase);
    if (is_found_literally(concept, alternative.phrase) ||
        (found && found->weight >= alternative.weight)) {
        alternative_clear(&alternative);
    } else if (found) {
        alternative_clear(found);
        *found = alternative;
    } else {
        g_array_append_val(concept->alternatives, alternative);
    }
}

/* A number has no stem and is the same in all languages: it is of none. */
static void add_typed(QueryConcept *concept, QueryAlternative alternative)
{
    QueryAlternative *found = find_phrase(concept, alternative.phrase);
    if (!found) {
        g_array_append_val(concept->alternatives, alternative);
        return;
    }
    found->language = LANGUAGE_OTHER;
    alternative_clear(&alternative);
}

void query_concept_add(QueryConcept *concept, QueryAlternative alternative)
{
    if (alternative.source == QUERY_LITERAL)
        add_typed(concept, alternative);
    else
        add_name(concept, alternative);
}

/* Takes `phrase`. */
static void add_literal(QueryConcept *concept, char *phrase, const char *shown, Language language,
                        gboolean is_prefix)
{
    query_concept_add(concept, (QueryAlternative){.phrase = phrase,
                                                  .shown = g_strdup(shown),
                                                  .language = language,
                                                  .source = QUERY_LITERAL,
                                                  .is_prefix = is_prefix,
                                                  .weight = 1});
}

char *query_stemmed_phrase(Analyser *analyser, const GPtrArray *words, Language language)
{
    GString *phrase = g_string_new(NULL);
    for (guint i = 0; i < words->len; i++) {
        g_autofree char *stem = analyser_stem_term(analyser, language, words->pdata[i]);
        g_string_append_printf(phrase, "%s%s", i > 0 ? " " : "",
                               stem ? stem : (const char *)words->pdata[i]);
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

static void add_stems(QueryConcept *concept, Analyser *analyser, const GPtrArray *words,
                      const char *shown)
{
    static const Language ORDER[] = {LANGUAGE_ITALIAN, LANGUAGE_ENGLISH, LANGUAGE_OTHER};
    for (gsize i = 0; i < G_N_ELEMENTS(ORDER); i++)
        add_literal(concept, query_stemmed_phrase(analyser, words, ORDER[i]), shown, ORDER[i],
                    FALSE);
}

/* "co-operation" as others write it: cooperation. */
static void add_joined(QueryConcept *concept, Analyser *analyser, const GPtrArray *words)
{
    g_autofree char *joined = g_strconcat(words->pdata[0], words->pdata[1], NULL);
    gpointer word[] = {joined};
    GPtrArray alone = {.pdata = word, .len = 1};
    if (strlen(joined) <= ANALYSIS_TERM_BYTES)
        add_stems(concept, analyser, &alone, joined);
}

static void add_words(QueryConcept *concept, const QueryLeaf *leaf, Analyser *analyser)
{
    if (leaf->is_quoted || leaf->is_prefix) {
        add_literal(concept, exact_phrase(leaf->words, ""), leaf->typed, LANGUAGE_OTHER,
                    leaf->is_prefix);
        return;
    }
    concept->exact = exact_phrase(leaf->words, "");
    add_stems(concept, analyser, leaf->words, leaf->typed);
    if (leaf->is_hyphened)
        add_joined(concept, analyser, leaf->words);
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
static void add_years(QueryConcept *concept, const QueryLeaf *leaf, Analyser *analyser)
{
    (void)analyser;
    int step;
    for (int year = leaf->first_year; year <= leaf->last_year; year += step) {
        step = years_at_once(year, leaf->last_year);
        add_literal(concept, g_strdup_printf("y:%d", year / step), leaf->typed, LANGUAGE_OTHER,
                    step > 1);
    }
}

/* Prefixes of the index terms of catalogue fields, as query.h lists them. */
static const char *const TERM_PREFIX[FIELD_COUNT] = {
    [FIELD_LANGUAGE] = "l:", [FIELD_KIND] = "k:", [FIELD_THEME] = "t:",
    [FIELD_AREA] = "r:",     [FIELD_BODY] = "b:", [FIELD_COLLECTION] = "c:",
};

static void add_catalogue(QueryConcept *concept, const QueryLeaf *leaf, Analyser *analyser)
{
    (void)analyser;
    const char *prefix = TERM_PREFIX[leaf->field];
    char *phrase =
        leaf->words ? exact_phrase(leaf->words, prefix) : g_strconcat(prefix, leaf->typed, NULL);
    add_literal(concept, phrase, leaf->typed, LANGUAGE_OTHER, leaf->is_prefix);
}

static void (*const ADD_LITERALS[FIELD_COUNT])(QueryConcept *, const QueryLeaf *, Analyser *) = {
    [FIELD_NONE] = add_words,     [FIELD_TITLE] = add_words,    [FIELD_LANGUAGE] = add_catalogue,
    [FIELD_KIND] = add_catalogue, [FIELD_YEAR] = add_years,     [FIELD_THEME] = add_catalogue,
    [FIELD_AREA] = add_catalogue, [FIELD_BODY] = add_catalogue, [FIELD_COLLECTION] = add_catalogue,
};

static QueryConcept *concept_new(const QueryLeaf *leaf, Analyser *analyser)
{
    QueryConcept *concept = g_new0(QueryConcept, 1);
    concept->typed =
        leaf->is_quoted ? g_strdup_printf("\"%s\"", leaf->typed) : g_strdup(leaf->typed);
    concept->alternatives = g_array_new(FALSE, FALSE, sizeof(QueryAlternative));
    g_array_set_clear_func(concept->alternatives, alternative_clear);
    concept->is_quoted = leaf->is_quoted;
    concept->in_title = leaf->field == FIELD_TITLE;
    concept->is_ranked = leaf->field == FIELD_NONE || leaf->field == FIELD_TITLE;
    ADD_LITERALS[leaf->field](concept, leaf, analyser);
    return concept;
}

/* Limits of alternatives */

/* A range of years must keep all of its alternatives to mean what it says. */
static gboolean is_years(const QueryConcept *concept)
{
    return g_str_has_prefix(alternative_at(concept, 0)->phrase, "y:");
}

static guint kept_count(const QueryConcept *concept, guint most)
{
    return is_years(concept) ? 0 : MIN(concept->alternatives->len, most);
}

static guint kept_in_all(const GPtrArray *concepts, guint most)
{
    guint count = 0;
    for (guint i = 0; i < concepts->len; i++)
        count += kept_count(concepts->pdata[i], most);
    return count;
}

static gint compare_alternatives(gconstpointer a, gconstpointer b)
{
    const QueryAlternative *first = a;
    const QueryAlternative *second = b;
    gboolean is_first_literal = first->source == QUERY_LITERAL;
    gboolean is_second_literal = second->source == QUERY_LITERAL;
    if (is_first_literal != is_second_literal)
        return is_first_literal ? -1 : 1;
    return (first->weight < second->weight) - (first->weight > second->weight);
}

/* Literal ones come first. */
static void bound_concept(QueryConcept *concept, guint most)
{
    g_array_sort(concept->alternatives, compare_alternatives);
    if (!is_years(concept))
        g_array_set_size(concept->alternatives, kept_count(concept, most));
}

/* There is room for the three stems of every leaf. */
static void bound_alternatives(GPtrArray *concepts)
{
    G_STATIC_ASSERT(QUERY_ALTERNATIVES_ALL / QUERY_LEAVES >= 3);
    guint most = QUERY_ALTERNATIVES;
    while (kept_in_all(concepts, most) > QUERY_ALTERNATIVES_ALL)
        most--;
    for (guint i = 0; i < concepts->len; i++)
        bound_concept(concepts->pdata[i], most);
}

/* Words of compounds */

/* Parts of a number mean nothing by themselves, nor does what a prefix leaves: co-operation. */
static gboolean is_word_of_content(const char *word)
{
    enum { LETTERS = 3 };
    return g_utf8_strlen(word, -1) >= LETTERS && !strpbrk(word, "0123456789");
}

/* The words of content, borrowed; none unless there are several and each can stand alone. */
static GPtrArray *content_words(const GPtrArray *words)
{
    GPtrArray *content = g_ptr_array_new();
    gboolean stand_alone = TRUE;
    for (guint i = 0; i < words->len; i++) {
        if (function_word_is(words->pdata[i], NULL))
            continue;
        stand_alone &= is_word_of_content(words->pdata[i]);
        g_ptr_array_add(content, words->pdata[i]);
    }
    if (!stand_alone || content->len < 2)
        g_ptr_array_set_size(content, 0);
    return content;
}

static QueryConcept *concept_of_word(const QueryLeaf *compound, char *word, Analyser *analyser)
{
    gpointer only[] = {word};
    GPtrArray words = {.pdata = only, .len = 1};
    QueryLeaf leaf = {.field = compound->field, .typed = word, .words = &words};
    return concept_new(&leaf, analyser);
}

/* Documents on shock waves and sound waves may answer what asks for shock-sound interaction. The
 * words have their other names together, as if blanks parted them. */
static void add_compound_words(Planner *planner, QueryConcept *concept, const QueryLeaf *leaf)
{
    if (!query_leaf_is_bare(leaf) || !concept->is_ranked)
        return;
    g_autoptr(GPtrArray) words = content_words(leaf->words);
    if (words->len == 0 || planner->compound_words + words->len > QUERY_COMPOUND_WORDS)
        return;
    planner->compound_words += words->len;
    concept->words = g_ptr_array_new_with_free_func(query_concept_free);
    for (guint i = 0; i < words->len; i++)
        g_ptr_array_add(concept->words,
                        concept_of_word(leaf, words->pdata[i], planner->reading->analyser));
    QueryRun run = {words, concept->words};
    query_run_translate(&run, planner->reading, planner->language);
    for (guint i = 0; i < words->len; i++)
        bound_concept(concept->words->pdata[i], QUERY_COMPOUND_ALTERNATIVES);
}

/* The plan */

static QueryStep *step_new(QueryOperator kind)
{
    QueryStep *step = g_new0(QueryStep, 1);
    step->operator= kind;
    if (kind != QUERY_LEAF)
        step->parts = g_ptr_array_new_with_free_func(query_step_free);
    return step;
}

void query_step_free(gpointer data)
{
    QueryStep *step = data;
    if (!step)
        return;
    if (step->parts)
        g_ptr_array_unref(step->parts);
    g_free(step);
}

static QueryStep *plan_leaf(Planner *planner, const QueryLeaf *leaf, gboolean is_excluded)
{
    QueryConcept *concept = concept_new(leaf, planner->reading->analyser);
    QueryStep *step = step_new(QUERY_LEAF);
    concept->is_ranked &= !is_excluded;
    add_compound_words(planner, concept, leaf);
    step->concept = planner->concepts->len;
    g_ptr_array_add(planner->concepts, concept);
    return step;
}

/* Bare words of content without figures. */
static gboolean is_translatable(const QueryNode *node)
{
    if (node->type != NODE_LEAF || !query_leaf_is_bare(node->leaf) || node->leaf->is_function)
        return FALSE;
    for (guint i = 0; i < node->leaf->words->len; i++)
        if (strpbrk(node->leaf->words->pdata[i], "0123456789"))
            return FALSE;
    return TRUE;
}

static void run_flush(const Planner *planner, QueryRun *run)
{
    if (run->words->len > 0)
        query_run_translate(run, planner->reading, planner->language);
    g_ptr_array_set_size(run->words, 0);
    g_ptr_array_set_size(run->concepts, 0);
}

static void run_add(QueryRun *run, const QueryLeaf *leaf, QueryConcept *concept)
{
    for (guint i = 0; i < leaf->words->len; i++) {
        g_ptr_array_add(run->words, leaf->words->pdata[i]);
        g_ptr_array_add(run->concepts, concept);
    }
}

static QueryStep *plan_node(Planner *planner, const QueryNode *node, gboolean is_excluded);

/* The parts of a group. Words of an AND that stand side by side have their other names together,
 * others each for itself. */
static void plan_children(Planner *planner, QueryStep *step, const QueryNode *node,
                          gboolean is_excluded)
{
    QueryRun run = {g_ptr_array_new(), g_ptr_array_new()};
    for (guint i = 0; i < node->children->len; i++) {
        const QueryNode *child = node->children->pdata[i];
        if (node->type != NODE_AND || !is_translatable(child))
            run_flush(planner, &run);
        QueryStep *part = plan_node(planner, child, is_excluded || node->type == NODE_NOT);
        g_ptr_array_add(step->parts, part);
        if (is_translatable(child) && !is_excluded && node->type != NODE_NOT)
            run_add(&run, child->leaf, planner->concepts->pdata[part->concept]);
    }
    run_flush(planner, &run);
    g_ptr_array_unref(run.words);
    g_ptr_array_unref(run.concepts);
}

static QueryStep *plan_node(Planner *planner, const QueryNode *node, gboolean is_excluded)
{
    static const QueryOperator OPERATORS[] = {
        [NODE_LEAF] = QUERY_LEAF, [NODE_AND] = QUERY_ALL,   [NODE_OR] = QUERY_ANY,
        [NODE_NOT] = QUERY_NOT,   [NODE_NEAR] = QUERY_NEAR,
    };
    if (node->type == NODE_LEAF)
        return plan_leaf(planner, node->leaf, is_excluded);
    QueryStep *step = step_new(OPERATORS[node->type]);
    step->distance = node->distance;
    plan_children(planner, step, node, is_excluded);
    return step;
}

/* A word alone is the AND of one. */
static QueryStep *plan_word(Planner *planner, const QueryNode *root)
{
    gpointer self[] = {(gpointer)root};
    GPtrArray alone = {.pdata = self, .len = 1};
    QueryNode group = {.type = NODE_AND, .children = &alone};
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    QueryStep step = {.operator= QUERY_ALL, .parts = parts};
    plan_children(planner, &step, &group, FALSE);
    return g_ptr_array_index(parts, 0); /* NOLINT(clang-analyzer-core.NullDereference): one child */
}

static void mark_free(QueryStep *plan, const QueryNode *root)
{
    if (root->type == NODE_LEAF)
        plan->is_free = query_leaf_is_bare(root->leaf);
    for (guint i = 0; root->type == NODE_AND && i < root->children->len; i++) {
        const QueryNode *child = root->children->pdata[i];
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): what is not a leaf has parts */
        ((QueryStep *)plan->parts->pdata[i])->is_free = child->type == NODE_LEAF &&
                                                        query_leaf_is_bare(child->leaf) &&
                                                        !query_node_is_definite(root, i);
    }
}

QueryStep *query_plan_make(const QueryNode *root, const QueryReading *reading, Language language,
                           GPtrArray *concepts)
{
    Planner planner = {reading, language, concepts, 0};
    if (!root)
        return NULL;
    QueryStep *plan =
        root->type == NODE_LEAF ? plan_word(&planner, root) : plan_node(&planner, root, FALSE);
    mark_free(plan, root);
    bound_alternatives(concepts);
    return plan;
}
