/* See matching.h.
 *
 * Alternatives are added up in an array by row, with a row set of what was touched, so that no list
 * has to be merged with another: all is linear in the postings that were read. A concept with one
 * alternative takes its list as it is. */
#include "matching.h"

#include <math.h>

#include "places.h"

/* Of the free words' weight: what a document must hold of four words or more to be an answer, what
 * is most of it, and what it must hold of two or three to follow those that hold all. */
static const double ENOUGH = 0.1;
static const double MOST = 0.5;
static const double GOOD_PART = 1.0 / 3;

/* Sums by row, emptied as they are read out. */
typedef struct {
    float *sum;
    RowSet *touched;
} Sums;

typedef struct {
    const Query *query;
    Postings *postings;
    Matching *to;
    guint limit;
    guint documents;
    Sums sums;
    MatchingChoice is_chosen; /* NULL: all are */
    gpointer choice_data;
    gboolean is_late; /* rows were left out because the time was up */
} Builder;

double matching_idf(guint documents, guint count)
{
    double held = MIN(count, documents);
    return log(1 + (documents - held + 0.5) / (held + 0.5));
}

/* Concepts */

static float title_and_text(const PostingList *list, guint i, gboolean in_title)
{
    return (float)(MATCHING_TITLE_WEIGHT * list->title[i] + (in_title ? 0 : list->text[i]));
}

/* Terms of the catalogue stand in neither title nor text: holding them is all. */
static gboolean counts_for(const PostingList *list, guint i, const QueryConcept *concept)
{
    return !concept->in_title || list->title[i] > 0;
}

static void concept_reserve(ConceptMatches *matches, guint count)
{
    matches->rows = g_new(guint32, count + 1);
    matches->frequency = g_new(float, count + 1);
}

static void take_list(ConceptMatches *to, const PostingList *list, const QueryConcept *concept,
                      double weight, guint limit)
{
    concept_reserve(to, list->count);
    for (guint i = 0; i < list->count && list->rows[i] < limit; i++) {
        if (!counts_for(list, i, concept))
            continue;
        to->rows[to->count] = list->rows[i];
        to->frequency[to->count++] = (float)weight * title_and_text(list, i, concept->in_title);
    }
}

static void add_list(Builder *builder, const PostingList *list, const QueryConcept *concept,
                     double weight)
{
    for (guint i = 0; i < list->count && list->rows[i] < builder->limit; i++) {
        if (!counts_for(list, i, concept))
            continue;
        builder->sums.sum[list->rows[i]] +=
            (float)weight * title_and_text(list, i, concept->in_title);
        rowset_add(builder->sums.touched, list->rows[i]);
    }
}

static void take_sums(Builder *builder, ConceptMatches *to)
{
    concept_reserve(to, rowset_count(builder->sums.touched));
    ROWSET_EACH(builder->sums.touched, row)
    {
        to->rows[to->count] = row;
        to->frequency[to->count++] = builder->sums.sum[row];
        builder->sums.sum[row] = 0;
    }
    rowset_clear(builder->sums.touched);
}

static const PostingList *list_of(Builder *builder, const QueryConcept *concept, guint i,
                                  GError **error)
{
    static const PostingList NONE = {0};
    const QueryAlternative *alternative =
        &g_array_index(concept->alternatives, QueryAlternative, i);
    if (builder->is_chosen && !builder->is_chosen(alternative, builder->choice_data))
        return &NONE;
    return postings_find(builder->postings, alternative->phrase, alternative->is_prefix, error);
}

static double weight_of(const QueryConcept *concept, guint i)
{
    return g_array_index(concept->alternatives, QueryAlternative, i).weight;
}

/* The alternatives that stand anywhere, and whether the time was up. FALSE and `error` on failure.
 */
static gboolean find_lists(Builder *builder, const QueryConcept *concept, const PostingList **lists,
                           guint *ret_filled, gboolean *ret_is_cut, GError **error)
{
    guint filled = 0;
    for (guint i = 0; i < concept->alternatives->len; i++) {
        lists[i] = list_of(builder, concept, i, error);
        if (!lists[i])
            return FALSE;
        filled += lists[i]->count > 0;
        *ret_is_cut |= lists[i]->is_cut;
    }
    *ret_filled = filled;
    return TRUE;
}

static gboolean match_concept(Builder *builder, const QueryConcept *concept, ConceptMatches *to,
                              GError **error)
{
    guint filled = 0;
    g_autofree const PostingList **lists =
        g_new0(const PostingList *, concept->alternatives->len + 1);
    if (!find_lists(builder, concept, lists, &filled, &to->is_cut, error))
        return FALSE;
    for (guint i = 0; i < concept->alternatives->len; i++) {
        if (lists[i]->count == 0)
            continue;
        if (filled == 1)
            take_list(to, lists[i], concept, weight_of(concept, i), builder->limit);
        else
            add_list(builder, lists[i], concept, weight_of(concept, i));
    }
    if (filled > 1)
        take_sums(builder, to);
    to->idf = matching_idf(builder->documents, to->count);
    return TRUE;
}

/* A quoted phrase is exact already, and what is not ranked needs no second look. */
static gboolean match_exact(Builder *builder, guint number, GError **error)
{
    const QueryConcept *concept = g_ptr_array_index(query_concepts(builder->query), number);
    ConceptMatches *to = &builder->to->exact[number];
    if (!concept->exact || !concept->is_ranked || concept->in_title)
        return TRUE;
    const PostingList *list = postings_find(builder->postings, concept->exact, FALSE, error);
    if (!list)
        return FALSE;
    take_list(to, list, concept, 1, builder->limit);
    to->idf = matching_idf(builder->documents, to->count);
    return TRUE;
}

static gboolean match_words(Builder *builder, guint number, GError **error)
{
    const QueryConcept *concept = g_ptr_array_index(query_concepts(builder->query), number);
    for (guint i = 0; concept->words && i < concept->words->len; i++) {
        CompoundWord word = {.concept = number};
        if (!match_concept(builder, concept->words->pdata[i], &word.matches, error))
            return FALSE;
        g_array_append_val(builder->to->words, word);
    }
    return TRUE;
}

/* The plan */

static RowSet *evaluate(Builder *builder, const QueryStep *step, GError **error);

static RowSet *evaluate_leaf(Builder *builder, const QueryStep *step, GError **error)
{
    (void)error;
    const ConceptMatches *matches = &builder->to->concept[step->concept];
    RowSet *set = rowset_new(builder->limit);
    rowset_add_all(set, matches->rows, matches->count);
    return set;
}

/* What only excludes is taken from all documents. */
static RowSet *evaluate_all(Builder *builder, const QueryStep *step, GError **error)
{
    g_autoptr(RowSet) set = rowset_new(builder->limit);
    rowset_fill(set);
    for (guint i = 0; i < step->parts->len; i++) {
        const QueryStep *part = g_ptr_array_index(step->parts, i);
        if (part->is_free)
            continue;
        g_autoptr(RowSet) other = evaluate(builder, part, error);
        if (!other)
            return NULL;
        rowset_keep(set, other);
    }
    return g_steal_pointer(&set);
}

static RowSet *evaluate_any(Builder *builder, const QueryStep *step, GError **error)
{
    g_autoptr(RowSet) set = rowset_new(builder->limit);
    for (guint i = 0; i < step->parts->len; i++) {
        g_autoptr(RowSet) other = evaluate(builder, g_ptr_array_index(step->parts, i), error);
        if (!other)
            return NULL;
        rowset_join(set, other);
    }
    return g_steal_pointer(&set);
}

static gboolean is_cut(const Builder *builder)
{
    return builder->is_late || postings_is_cut(builder->postings);
}

/* Where some of what is excluded may not have been found, nothing is sure to be left. */
static RowSet *evaluate_not(Builder *builder, const QueryStep *step, GError **error)
{
    g_autoptr(RowSet) excluded = evaluate(builder, g_ptr_array_index(step->parts, 0), error);
    if (!excluded)
        return NULL;
    RowSet *set = rowset_new(builder->limit);
    if (is_cut(builder))
        return set;
    rowset_fill(set);
    rowset_drop(set, excluded);
    return set;
}

static gboolean column_is_near(Builder *builder, const QueryStep *step, const guint *parts,
                               guint row, PostingColumn column, gboolean *ret_is_near,
                               GError **error)
{
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Place));
    for (guint i = 0; i < step->parts->len; i++)
        if (!places_add(places, builder->postings, builder->query, parts[i], row, column, error))
            return FALSE;
    *ret_is_near = places_are_near(places, builder->query, parts, step->parts->len, step->distance);
    return TRUE;
}

/* In the title or in the text; what is sought in titles is near what is sought there, too. */
static gboolean row_is_near(Builder *builder, const QueryStep *step, const guint *parts, guint row,
                            gboolean *ret_is_near, GError **error)
{
    const QueryConcept *first = g_ptr_array_index(query_concepts(builder->query), parts[0]);
    if (!column_is_near(builder, step, parts, row, COLUMN_OF_TITLE, ret_is_near, error))
        return FALSE;
    return *ret_is_near || first->in_title ||
           column_is_near(builder, step, parts, row, COLUMN_OF_TEXT, ret_is_near, error);
}

/* All parts must stand in a document before it is worth looking where. Rows that there is no time
 * for are left out. */
static RowSet *evaluate_near(Builder *builder, const QueryStep *step, GError **error)
{
    g_autoptr(RowSet) set = evaluate_all(builder, step, error);
    g_autofree guint *parts = g_new0(guint, step->parts->len + 1);
    if (!set)
        return NULL;
    for (guint i = 0; i < step->parts->len; i++)
    parts[i] = ((const QueryStep *)g_ptr_array_index(step->parts, i))->concept;
    ROWSET_EACH(set, row)
    {
        gboolean is_near = FALSE;
        builder->is_late = builder->is_late || deadline_step(postings_deadline(builder->postings));
        if (!builder->is_late && !row_is_near(builder, step, parts, row, &is_near, error))
            return NULL;
        if (!is_near)
            rowset_remove(set, row);
    }
    return g_steal_pointer(&set);
}

static RowSet *evaluate(Builder *builder, const QueryStep *step, GError **error)
{
    static RowSet *(*const EVALUATE[])(Builder *, const QueryStep *, GError **) = {
        [QUERY_LEAF] = evaluate_leaf, [QUERY_ALL] = evaluate_all,   [QUERY_ANY] = evaluate_any,
        [QUERY_NOT] = evaluate_not,   [QUERY_NEAR] = evaluate_near,
    };
    return EVALUATE[step->operator](builder, step, error);
}

/* Free words */

static void note_free(Matching *matching, const QueryStep *step)
{
    if (step->operator== QUERY_LEAF && step->is_free)
        g_array_append_val(matching->free, step->concept);
    for (guint i = 0; step->operator== QUERY_ALL && i<step->parts->len; i++) {
        const QueryStep *part = g_ptr_array_index(step->parts, i);
        if (part->operator== QUERY_LEAF && part->is_free)
            g_array_append_val(matching->free, part->concept);
    }
}

static const ConceptMatches *free_concept(const Matching *matching, guint i)
{
    return &matching->concept[g_array_index(matching->free, guint, i)];
}

/* The weight of the words that stand anywhere: one that stands nowhere keeps no document out of a
 * long question's answer. */
static double weight_of_known(const Matching *matching)
{
    double known = 0;
    for (guint i = 0; i < matching->free->len; i++)
        if (free_concept(matching, i)->count > 0 || free_concept(matching, i)->is_cut)
            known += free_concept(matching, i)->idf;
    return known;
}

/* Those of the asked rows in which the free words' weight comes to `least`. */
static RowSet *rows_that_weigh(const Matching *matching, double least)
{
    const float EPSILON = 1e-4f; /* sums are single precision */
    guint limit = matching->asked->limit;
    RowSet *rows = rowset_new(limit);
    g_autofree float *held = g_new0(float, limit + 1);
    for (guint i = 0; i < matching->free->len; i++) {
        const ConceptMatches *matches = free_concept(matching, i);
        for (guint j = 0; j < matches->count; j++) {
            guint row = matches->rows[j];
            held[row] += (float)matches->idf;
            if (held[row] + EPSILON >= (float)least)
                rowset_add(rows, row);
        }
    }
    rowset_keep(rows, matching->asked);
    return rows;
}

/* What holds all of a few words is the meeting of their sets. */
static RowSet *rows_that_hold_all(const Matching *matching)
{
    RowSet *rows = rowset_new(matching->asked->limit);
    rowset_join(rows, matching->asked);
    for (guint i = 0; i < matching->free->len; i++) {
        g_autoptr(RowSet) held = rowset_new(rows->limit);
        rowset_add_all(held, free_concept(matching, i)->rows, free_concept(matching, i)->count);
        rowset_keep(rows, held);
    }
    return rows;
}

RowSet *matching_partial(const Matching *matching)
{
    if (matching->free->len < 2 || matching->most)
        return rowset_new(matching->asked->limit);
    RowSet *rows = rows_that_weigh(matching, GOOD_PART * weight_of_known(matching));
    rowset_drop(rows, matching->complete);
    return rows;
}

static gboolean match_plan(Builder *builder, GError **error)
{
    Matching *to = builder->to;
    const QueryStep *plan = query_plan(builder->query);
    if (plan)
        note_free(to, plan);
    if (plan && !plan->is_free) {
        to->asked = evaluate(builder, plan, error);
    } else {
        to->asked = rowset_new(builder->limit);
        rowset_fill(to->asked);
    }
    if (!to->asked)
        return FALSE;
    if (to->free->len <= MATCHING_ALL_UP_TO) {
        to->complete = rows_that_hold_all(to);
        return TRUE;
    }
    to->complete = rows_that_weigh(to, ENOUGH * weight_of_known(to));
    to->most = rows_that_weigh(to, MOST * weight_of_known(to));
    return TRUE;
}

/* Making and freeing */

static void concept_release(ConceptMatches *matches)
{
    g_free(matches->rows);
    g_free(matches->frequency);
}

static void word_clear(gpointer data)
{
    concept_release(&((CompoundWord *)data)->matches);
}

static Matching *matching_begin(const Query *query)
{
    Matching *matching = g_new0(Matching, 1);
    matching->count = query_concepts(query)->len;
    matching->concept = g_new0(ConceptMatches, matching->count + 1);
    matching->exact = g_new0(ConceptMatches, matching->count + 1);
    matching->words = g_array_new(FALSE, FALSE, sizeof(CompoundWord));
    g_array_set_clear_func(matching->words, word_clear);
    matching->free = g_array_new(FALSE, FALSE, sizeof(guint));
    return matching;
}

static Builder builder_of(const Query *query, Postings *postings, Matching *to, guint limit,
                          guint documents)
{
    return (Builder){
        .query = query,
        .postings = postings,
        .to = to,
        .limit = limit,
        .documents = MAX(1, documents),
        .sums = {g_new0(float, limit + 1), rowset_new(limit)},
    };
}

static void builder_release(Builder *builder)
{
    g_free(builder->sums.sum);
    rowset_free(builder->sums.touched);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Builder, builder_release)

Matching *matching_new(const Query *query, Postings *postings, guint limit, guint documents,
                       GError **error)
{
    g_autoptr(Matching) matching = matching_begin(query);
    g_auto(Builder) builder = builder_of(query, postings, matching, limit, documents);
    const GPtrArray *concepts = query_concepts(query);
    for (guint i = 0; i < matching->count; i++)
        if (!match_concept(&builder, concepts->pdata[i], &matching->concept[i], error) ||
            !match_exact(&builder, i, error) || !match_words(&builder, i, error))
            return NULL;
    if (!match_plan(&builder, error))
        return NULL;
    matching->is_cut = is_cut(&builder);
    return g_steal_pointer(&matching);
}

Matching *matching_concepts(const Query *query, Postings *postings, guint limit, guint documents,
                            MatchingChoice is_chosen, gpointer data, GError **error)
{
    g_autoptr(Matching) matching = matching_begin(query);
    g_auto(Builder) builder = builder_of(query, postings, matching, limit, documents);
    const GPtrArray *concepts = query_concepts(query);
    builder.is_chosen = is_chosen;
    builder.choice_data = data;
    for (guint i = 0; i < matching->count; i++)
        if (!match_concept(&builder, concepts->pdata[i], &matching->concept[i], error))
            return NULL;
    return g_steal_pointer(&matching);
}

void matching_free(Matching *matching)
{
    if (!matching)
        return;
    for (guint i = 0; i < matching->count; i++) {
        concept_release(&matching->concept[i]);
        concept_release(&matching->exact[i]);
    }
    g_free(matching->concept);
    g_free(matching->exact);
    rowset_free(matching->most);
    rowset_free(matching->complete);
    rowset_free(matching->asked);
    g_array_unref(matching->words);
    g_array_unref(matching->free);
    g_free(matching);
}

/* The place of a row in a concept's list; its count when it is not there. */
static guint place_of(const ConceptMatches *matches, guint32 row)
{
    guint low = 0, high = matches->count;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (matches->rows[middle] < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low < matches->count && matches->rows[low] == row ? low : matches->count;
}

gboolean matching_holds(const ConceptMatches *matches, guint32 row)
{
    return place_of(matches, row) < matches->count;
}

float matching_frequency(const ConceptMatches *matches, guint32 row)
{
    guint place = place_of(matches, row);
    return place < matches->count ? matches->frequency[place] : 0;
}
