/* See search_private.h: which documents, and in what order.
 *
 * Every row that matches is seen once and must be cheap: scores are added up by row, concept after
 * concept, along their lists; the card says whether a row passes the filters and counts it; only
 * the best are kept, in a heap. The best of all are then ranked once more by what stands near what,
 * which takes positions. */
#include <string.h>

#include "places.h"
#include "rank.h"
#include "search_private.h"

/* Weights */

/* How much documents that hold it are about it, from some all along the list: a mean needs no more.
 */
static double mean_saturated(const SearchPass *pass, const ConceptMatches *matches)
{
    enum { ENOUGH_ROWS = 256 };
    const float *norm = cards_norms(pass->searcher->cards);
    guint step = 1 + matches->count / ENOUGH_ROWS, seen = 0;
    double sum = 0;
    for (guint i = 0; i < matches->count; i += step, seen++)
        sum += (double)rank_saturated(matches->frequency[i], norm[matches->rows[i]]);
    return seen > 0 ? sum / seen : 1;
}

static void add_list(SearchPass *pass, const ConceptMatches *matches, guint concept, double weight)
{
    WeighedList list = {matches, concept, weight};
    if (matches->count > 0)
        g_array_append_val(pass->lists, list);
}

static void weigh_concept(SearchPass *pass, const QueryConcept *concept, guint number)
{
    const ConceptMatches *matches = &pass->matching->concept[number];
    const ConceptMatches *exact = &pass->matching->exact[number];
    double share = concept->words ? RANK_COMPOUND : 1;
    if (!concept->is_ranked)
        return;
    double mean = mean_saturated(pass, matches);
    pass->weight[number] = share * rank_weight(matches->idf, mean);
    add_list(pass, matches, number, pass->weight[number]);
    add_list(pass, exact, number, share * RANK_EXACT * rank_weight(exact->idf, mean));
}

static void weigh(SearchPass *pass, const GPtrArray *concepts)
{
    const GArray *words = pass->matching->words;
    pass->weight = g_new0(double, concepts->len + 1);
    pass->concept_count = concepts->len;
    for (guint i = 0; i < concepts->len; i++)
        weigh_concept(pass, concepts->pdata[i], i);
    for (guint i = 0; i < words->len; i++) {
        const CompoundWord *word = &g_array_index(words, CompoundWord, i);
        double mean = mean_saturated(pass, &word->matches);
        add_list(pass, &word->matches, word->concept,
                 RANK_COMPOUND * rank_weight(word->matches.idf, mean));
    }
}

/* Scores */

static void add_scores(SearchPass *pass, const WeighedList *list)
{
    const float *norm = cards_norms(pass->searcher->cards);
    const ConceptMatches *matches = list->matches;
    float weight = (float)list->weight;
    for (guint i = 0; i < matches->count; i++) {
        guint32 row = matches->rows[i];
        pass->score[row] += weight * rank_saturated(matches->frequency[i], norm[row]);
    }
}

static void score_rows(SearchPass *pass)
{
    for (guint i = 0; i < pass->lists->len; i++)
        add_scores(pass, &g_array_index(pass->lists, WeighedList, i));
}

/* The order of candidates */

/* Which was indexed last; rows are given in that order where the clock does not tell. */
static int comes_later(const Card *a, const Card *b)
{
    if (a->indexed_unix != b->indexed_unix)
        return a->indexed_unix > b->indexed_unix ? -1 : 1;
    return a->row > b->row ? -1 : a->row < b->row;
}

/* Whether `a` comes before `b` in the answer. Ties go to the older row, so an answer can be
 * repeated. */
static gboolean comes_before(const Candidate *a, const Candidate *b, SearchSort sort)
{
    int order = 0;
    if (a->follows != b->follows)
        return b->follows;
    if (sort == SORT_NEWEST)
        order = b->card->year - a->card->year;
    else if (sort == SORT_OLDEST)
        order = (a->card->year ? a->card->year : FACET_LAST_YEAR + 1) -
                (b->card->year ? b->card->year : FACET_LAST_YEAR + 1);
    else if (sort == SORT_TITLE)
        order = title_order_compare(a->card->title_order, b->card->title_order);
    else if (sort == SORT_ADDED)
        order = comes_later(a->card, b->card);
    if (order != 0)
        return order < 0;
    if (a->score > b->score || a->score < b->score)
        return a->score > b->score;
    return a->card->row < b->card->row;
}

static Candidate *best_at(GArray *best, guint index)
{
    return &g_array_index(best, Candidate, index);
}

static void best_swap(GArray *best, guint a, guint b)
{
    Candidate kept = *best_at(best, a);
    *best_at(best, a) = *best_at(best, b);
    *best_at(best, b) = kept;
}

static void heap_sink(GArray *best, guint size, SearchSort sort)
{
    guint at = 0;
    for (;;) {
        guint worst = at;
        for (guint child = 2 * at + 1; child <= 2 * at + 2 && child < size; child++)
            if (comes_before(best_at(best, worst), best_at(best, child), sort))
                worst = child;
        if (worst == at)
            return;
        best_swap(best, at, worst);
        at = worst;
    }
}

static void heap_rise(GArray *best, SearchSort sort)
{
    for (guint at = best->len - 1; at > 0; at = (at - 1) / 2) {
        guint parent = (at - 1) / 2;
        if (!comes_before(best_at(best, parent), best_at(best, at), sort))
            return;
        best_swap(best, at, parent);
    }
}

static void keep_candidate(SearchPass *pass, const Candidate *candidate)
{
    SearchSort sort = pass->request->sort;
    if (pass->best->len < pass->keep) {
        g_array_append_vals(pass->best, candidate, 1);
        heap_rise(pass->best, sort);
    } else if (pass->keep > 0 && comes_before(candidate, best_at(pass->best, 0), sort)) {
        *best_at(pass->best, 0) = *candidate;
        heap_sink(pass->best, pass->best->len, sort);
    }
}

/* The worst is taken off the heap again and again. */
static void order_best(SearchPass *pass)
{
    for (guint size = pass->best->len; size > 1; size--) {
        best_swap(pass->best, 0, size - 1);
        heap_sink(pass->best, size - 1, pass->request->sort);
    }
}

/* Filtering and counting */

static guint count_rows(SearchPass *pass, const RowSet *rows, gboolean follows)
{
    const Cards *cards = pass->searcher->cards;
    const RowSet *most = pass->matching->most;
    guint passed = 0;
    ROWSET_EACH(rows, row)
    {
        const Card *card = cards_find(cards, row);
        if (!card || card->state != DOCUMENT_INDEXED)
            continue;
        guint failed = facet_filter_failed(&pass->filter, cards, card);
        facet_counts_add(&pass->counts, cards, card, failed);
        if (failed)
            continue;
        Candidate candidate = {card, pass->score[row], follows,
                               follows || (most && !rowset_has(most, row))};
        keep_candidate(pass, &candidate);
        pass->partial += candidate.is_partial;
        pass->letters[card->letter]++;
        passed++;
    }
    return passed;
}

gboolean search_lacks(const SearchPass *pass, guint concept, guint32 row)
{
    const ConceptMatches *matches = &pass->matching->concept[concept];
    return !matches->is_cut && !matching_holds(matches, row);
}

/* What lacks a word may follow only where it is known what holds them all. */
static void count_all(SearchPass *pass)
{
    pass->total = count_rows(pass, pass->matching->complete, FALSE);
    if (pass->total >= SEARCH_ENOUGH || pass->matching->free->len < 2 || pass->matching->is_cut)
        return;
    g_autoptr(RowSet) partial = matching_partial(pass->matching);
    pass->total += count_rows(pass, partial, TRUE);
}

/* Nearness */

static void looked_at_clear(gpointer data)
{
    g_array_unref(((LookedAt *)data)->places);
}

static gboolean find_nearness(SearchPass *pass, const Card *card, float *ret_nearness,
                              GError **error)
{
    const float *norm = cards_norms(pass->searcher->cards);
    GArray *places =
        places_find(pass->searcher->postings, pass->request->query, (guint32)card->row, error);
    if (!places)
        return FALSE;
    LookedAt looked_at = {card->row, places};
    g_array_append_val(pass->looked_at, looked_at);
    *ret_nearness = (float)rank_nearness((const Place *)(const void *)places->data, places->len,
                                         pass->weight, pass->concept_count, norm[card->row]);
    return TRUE;
}

const GArray *search_places(const SearchPass *pass, gint64 row)
{
    for (guint i = 0; i < pass->looked_at->len; i++)
        if (g_array_index(pass->looked_at, LookedAt, i).row == row)
            return g_array_index(pass->looked_at, LookedAt, i).places;
    return NULL;
}

static guint ranked_concepts(const SearchPass *pass)
{
    guint count = 0;
    for (guint i = 0; i < pass->concept_count; i++)
        count += pass->weight[i] > 0;
    return count;
}

static gint by_row(gconstpointer a, gconstpointer b)
{
    const Candidate *left = a, *right = b;
    return left->card->row < right->card->row ? -1 : left->card->row > right->card->row;
}

static gint by_score(gconstpointer a, gconstpointer b)
{
    return comes_before(a, b, SORT_RELEVANCE) ? -1 : comes_before(b, a, SORT_RELEVANCE);
}

/* The best few change places among themselves; the others stay behind them. In the order of rows
 * their positions are read cheapest. */
static gboolean look_closer(SearchPass *pass, GError **error)
{
    guint count = MIN(pass->best->len, (guint)SEARCH_LOOKED_AT);
    if (pass->request->sort != SORT_RELEVANCE || ranked_concepts(pass) < 2 || count < 2)
        return TRUE;
    qsort(best_at(pass->best, 0), count, sizeof(Candidate), by_row);
    for (guint i = 0; i < count; i++) {
        float nearness = 0;
        if (!find_nearness(pass, best_at(pass->best, i)->card, &nearness, error))
            return FALSE;
        best_at(pass->best, i)->score += nearness;
    }
    qsort(best_at(pass->best, 0), count, sizeof(Candidate), by_score);
    return TRUE;
}

/* Running */

gboolean search_pass_run(SearchPass *pass, Searcher *searcher, const SearchRequest *request,
                         GError **error)
{
    guint limit = cards_all(searcher->cards)->len;
    *pass = (SearchPass){
        .searcher = searcher,
        .request = request,
        .looked_at = g_array_new(FALSE, FALSE, sizeof(LookedAt)),
        .lists = g_array_new(FALSE, FALSE, sizeof(WeighedList)),
        .best = g_array_new(FALSE, FALSE, sizeof(Candidate)),
        .keep = MAX(request->offset + request->limit, (guint)SEARCH_LOOKED_AT),
    };
    g_array_set_clear_func(pass->looked_at, looked_at_clear);
    facet_filter_init(&pass->filter, searcher->cards, request->values, request->year_from,
                      request->year_to);
    facet_counts_init(&pass->counts, searcher->cards);
    pass->matching = matching_new(request->query, searcher->postings, limit,
                                  cards_document_count(searcher->cards), error);
    if (!pass->matching)
        return FALSE;
    searcher->is_timed_out = searcher->is_timed_out || pass->matching->is_cut;
    weigh(pass, query_concepts(request->query));
    pass->score = g_new0(float, limit + 1);
    score_rows(pass);
    count_all(pass);
    order_best(pass);
    return look_closer(pass, error);
}

void search_pass_release(SearchPass *pass)
{
    matching_free(pass->matching);
    g_array_unref(pass->lists);
    g_free(pass->weight);
    g_free(pass->score);
    facet_filter_release(&pass->filter);
    facet_counts_release(&pass->counts);
    g_array_unref(pass->looked_at);
    g_array_unref(pass->best);
}
