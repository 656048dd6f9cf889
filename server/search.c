/* See search.h.
 *
 * The first pass sees every row that matches and must be cheap: the cards say whether the row
 * passes the filters, concept frequencies are summed while its hits go by, and only the best offset
 * + limit rows are kept. The second pass (search_pages.c) looks at those rows alone and finds the
 * pages that answer. Which cards pass, and the counting of them, is facets.h's. */
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "search_private.h"

static const double BM25_K1 = 1.2;
static const double BM25_B =
    0.6; /* a long document is not so much worse: one row is a whole book */
static const double TITLE_WEIGHT = 4.0; /* occurrences that one in the title is worth */

static const char *const STATEMENTS[SQL_SEARCH_COUNT] = {
    [SQL_MATCH] =
        "SELECT schedario_rank(posting, :visitor) FROM posting WHERE posting MATCH :match",
    [SQL_MATCH_ONE] = "SELECT schedario_rank(posting, :visitor) FROM posting"
                      " WHERE posting MATCH :match AND rowid = :row",
};

static const char *const SORT_NAMES[SORT_COUNT] = {"relevance", "newest", "oldest", "title"};

const char *search_sort_name(SearchSort sort)
{
    return SORT_NAMES[sort];
}

gboolean search_sort_parse(const char *name, SearchSort *ret_sort)
{
    for (int i = 0; i < SORT_COUNT; i++) {
        if (strcmp(name, SORT_NAMES[i]) == 0) {
            *ret_sort = (SearchSort)i;
            return TRUE;
        }
    }
    return FALSE;
}

/* Opening */

static gboolean prepare(Searcher *searcher, GError **error)
{
    sqlite3 *db = archive_connection(searcher->archive);
    if (!rank_register(db))
        return archive_fail(db, "preparing full-text search", error);
    for (int i = 0; i < SQL_SEARCH_COUNT; i++)
        if (sqlite3_prepare_v3(db, STATEMENTS[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &searcher->statement[i], NULL) != SQLITE_OK)
            return archive_fail(db, "preparing a search", error);
    return TRUE;
}

Searcher *searcher_new(const char *archive_path, GError **error)
{
    struct stat status = {0};
    g_autoptr(Searcher) searcher = g_new0(Searcher, 1);
    searcher->path = g_strdup(archive_path);
    if (stat(archive_path, &status) == 0) {
        searcher->device = status.st_dev;
        searcher->inode = status.st_ino;
    }
    searcher->archive = archive_open_reader(archive_path, error);
    if (!searcher->archive || !prepare(searcher, error))
        return NULL;
    searcher->cards = cards_new();
    searcher->analyser = analyser_new();
    return g_steal_pointer(&searcher);
}

void searcher_free(Searcher *searcher)
{
    if (!searcher)
        return;
    for (int i = 0; i < SQL_SEARCH_COUNT; i++)
        sqlite3_finalize(searcher->statement[i]);
    archive_close(searcher->archive);
    cards_free(searcher->cards);
    analyser_free(searcher->analyser);
    g_free(searcher->path);
    g_free(searcher);
}

gboolean searcher_is_current(const Searcher *searcher)
{
    struct stat status;
    return stat(searcher->path, &status) == 0 && status.st_dev == searcher->device &&
           status.st_ino == searcher->inode;
}

gboolean searcher_begin(Searcher *searcher, GError **error)
{
    if (!archive_begin(searcher->archive, error))
        return FALSE;
    if (cards_refresh(searcher->cards, searcher->archive, error))
        return TRUE;
    archive_rollback(searcher->archive);
    return FALSE;
}

void searcher_end(Searcher *searcher)
{
    archive_rollback(searcher->archive);
}

Archive *searcher_archive(Searcher *searcher)
{
    return searcher->archive;
}

Analyser *searcher_analyser(Searcher *searcher)
{
    return searcher->analyser;
}

const Cards *searcher_cards(const Searcher *searcher)
{
    return searcher->cards;
}

/* The first pass */

typedef struct {
    const Card *card;
    double score;
} Candidate;

typedef struct {
    const Searcher *searcher;
    const SearchRequest *request;
    const GArray *phrase_concepts; /* int by phrase */
    GArray *document_counts;       /* guint by phrase */
    double *weights;               /* by concept: inverse document frequency */
    double *frequency;             /* by concept, of the present row */
    guint concept_count;
    gboolean has_weights;
    FacetFilter filter;
    FacetCounts counts;
    guint total;
    GArray *heap; /* Candidate: the worst of the kept ones first */
    guint keep;
} Pass;

/* A concept occurs in as many documents as its commonest index term does, at the least. */
static void take_weights(Pass *pass)
{
    guint documents = MAX(1, cards_document_count(pass->searcher->cards));
    guint *counts = g_new0(guint, pass->concept_count + 1);
    for (guint i = 0; i < pass->document_counts->len && i < pass->phrase_concepts->len; i++) {
        int concept = g_array_index(pass->phrase_concepts, int, i);
        if (concept >= 0)
            counts[concept] = MAX(counts[concept], g_array_index(pass->document_counts, guint, i));
    }
    for (guint i = 0; i < pass->concept_count; i++) {
        double count = MIN(counts[i], documents);
        pass->weights[i] = log(1 + (documents - count + 0.5) / (count + 0.5));
    }
    g_free(counts);
    pass->has_weights = TRUE;
}

static double score_row(const Pass *pass, const Card *card)
{
    double score = 0;
    double length = card->word_count / cards_average_words(pass->searcher->cards);
    double norm = BM25_K1 * (1 - BM25_B + BM25_B * length);
    for (guint i = 0; i < pass->concept_count; i++) {
        double frequency = pass->frequency[i];
        if (frequency > 0)
            score += pass->weights[i] * frequency * (BM25_K1 + 1) / (frequency + norm);
    }
    return score;
}

/* Whether `a` comes before `b` in the answer. Ties go to the older row, so an answer can be
 * repeated. */
static gboolean comes_before(const Candidate *a, const Candidate *b, SearchSort sort)
{
    int order = 0;
    if (sort == SORT_NEWEST)
        order = b->card->year - a->card->year;
    else if (sort == SORT_OLDEST)
        order = (a->card->year ? a->card->year : FACET_LAST_YEAR + 1) -
                (b->card->year ? b->card->year : FACET_LAST_YEAR + 1);
    else if (sort == SORT_TITLE)
        order = strcmp(a->card->title_key, b->card->title_key);
    if (order != 0)
        return order < 0;
    if (a->score > b->score || a->score < b->score)
        return a->score > b->score;
    return a->card->row < b->card->row;
}

static Candidate *heap_at(GArray *heap, guint index)
{
    return &g_array_index(heap, Candidate, index);
}

static void heap_swap(GArray *heap, guint a, guint b)
{
    Candidate kept = *heap_at(heap, a);
    *heap_at(heap, a) = *heap_at(heap, b);
    *heap_at(heap, b) = kept;
}

static void heap_sink(GArray *heap, guint size, SearchSort sort)
{
    guint at = 0;
    for (;;) {
        guint worst = at;
        for (guint child = 2 * at + 1; child <= 2 * at + 2 && child < size; child++)
            if (comes_before(heap_at(heap, worst), heap_at(heap, child), sort))
                worst = child;
        if (worst == at)
            return;
        heap_swap(heap, at, worst);
        at = worst;
    }
}

static void heap_rise(GArray *heap, SearchSort sort)
{
    for (guint at = heap->len - 1; at > 0; at = (at - 1) / 2) {
        guint parent = (at - 1) / 2;
        if (!comes_before(heap_at(heap, parent), heap_at(heap, at), sort))
            return;
        heap_swap(heap, at, parent);
    }
}

static void keep_candidate(Pass *pass, const Candidate *candidate)
{
    SearchSort sort = pass->request->sort;
    if (pass->heap->len < pass->keep) {
        g_array_append_vals(pass->heap, candidate, 1);
        heap_rise(pass->heap, sort);
    } else if (pass->keep > 0 && comes_before(candidate, heap_at(pass->heap, 0), sort)) {
        *heap_at(pass->heap, 0) = *candidate;
        heap_sink(pass->heap, pass->heap->len, sort);
    }
}

/* The kept ones, best first: the worst is taken off the heap again and again. */
static void heap_order(GArray *heap, SearchSort sort)
{
    for (guint size = heap->len; size > 1; size--) {
        heap_swap(heap, 0, size - 1);
        heap_sink(heap, size - 1, sort);
    }
}

static gboolean pass_row(gint64 row, gpointer data)
{
    Pass *pass = data;
    const Cards *cards = pass->searcher->cards;
    const Card *card = cards_find(cards, row);
    if (!card)
        return FALSE;
    guint failed = facet_filter_failed(&pass->filter, cards, card);
    facet_counts_add(&pass->counts, cards, card, failed);
    if (failed)
        return FALSE;
    pass->total++;
    memset(pass->frequency, 0, sizeof(double) * pass->concept_count);
    return TRUE;
}

static void pass_hit(const RankHit *hit, gpointer data)
{
    Pass *pass = data;
    if ((guint)hit->phrase >= pass->phrase_concepts->len)
        return;
    int concept = g_array_index(pass->phrase_concepts, int, hit->phrase);
    if (concept >= 0)
        pass->frequency[concept] += hit->column == COLUMN_OF_TITLE ? TITLE_WEIGHT : 1;
}

static void pass_row_end(gint64 row, gpointer data)
{
    Pass *pass = data;
    if (!pass->has_weights)
        take_weights(pass);
    Candidate candidate = {.card = cards_find(pass->searcher->cards, row)};
    candidate.score = score_row(pass, candidate.card);
    keep_candidate(pass, &candidate);
}

static void pass_init(Pass *pass, Searcher *searcher, const SearchRequest *request)
{
    guint concepts = query_concepts(request->query)->len;
    *pass = (Pass){
        .searcher = searcher,
        .request = request,
        .phrase_concepts = query_phrase_concepts(request->query),
        .document_counts = g_array_new(FALSE, TRUE, sizeof(guint)),
        .weights = g_new0(double, concepts + 1),
        .frequency = g_new0(double, concepts + 1),
        .concept_count = concepts,
        .heap = g_array_new(FALSE, FALSE, sizeof(Candidate)),
        .keep = request->offset + request->limit,
    };
    facet_filter_init(&pass->filter, searcher->cards, request->values, request->year_from,
                      request->year_to);
    facet_counts_init(&pass->counts, searcher->cards);
}

static void pass_release(Pass *pass)
{
    g_array_unref(pass->document_counts);
    g_free(pass->weights);
    g_free(pass->frequency);
    facet_filter_release(&pass->filter);
    facet_counts_release(&pass->counts);
    g_array_unref(pass->heap);
}

gboolean search_run_match(Searcher *searcher, SearchSql sql, const char *match, gint64 row,
                          RankVisitor *visitor, GError **error)
{
    sqlite3_stmt *statement = searcher->statement[sql];
    rank_bind(statement, sqlite3_bind_parameter_index(statement, ":visitor"), visitor);
    sqlite3_bind_text(statement, sqlite3_bind_parameter_index(statement, ":match"), match, -1,
                      SQLITE_STATIC);
    if (sql == SQL_MATCH_ONE)
        sqlite3_bind_int64(statement, sqlite3_bind_parameter_index(statement, ":row"), row);
    int status;
    while ((status = sqlite3_step(statement)) == SQLITE_ROW)
        ;
    if (status != SQLITE_DONE)
        archive_fail(archive_connection(searcher->archive), "searching", error);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return status == SQLITE_DONE;
}

/* All documents, or those that were excluded from all, need no postings to be looked at. */
static void pass_all(Pass *pass)
{
    const GArray *all = cards_all(pass->searcher->cards);
    for (guint row = 1; row < all->len; row++)
        if (g_array_index(all, Card, row).state == DOCUMENT_INDEXED && pass_row(row, pass))
            pass_row_end(row, pass);
}

static gboolean run_pass(Searcher *searcher, Pass *pass, GError **error)
{
    if (query_is_empty(pass->request->query)) {
        pass_all(pass);
        return TRUE;
    }
    RankVisitor visitor = {pass_row, pass_hit, pass_row_end, pass->document_counts, pass};
    return search_run_match(searcher, SQL_MATCH, query_match(pass->request->query), 0, &visitor,
                            error);
}

/* The result */

static void item_free(gpointer data)
{
    SearchItem *item = data;
    archive_document_free(item->document);
    if (item->paths)
        g_ptr_array_unref(item->paths);
    if (item->hits)
        g_array_unref(item->hits);
    g_free(item);
}

static gboolean add_item(Searcher *searcher, const Pass *pass, const Candidate *candidate,
                         const Marker *marker, SearchResult *result, GError **error)
{
    SearchItem *item = g_new0(SearchItem, 1);
    item->score = candidate->score;
    g_ptr_array_add(result->items, item);
    item->document = archive_find_row(searcher->archive, candidate->card->row, error);
    if (!item->document)
        return FALSE;
    item->paths = archive_paths(searcher->archive, candidate->card->row, error);
    if (!item->paths)
        return FALSE;
    item->hits = search_hits(searcher, pass->request->query, item->document->row, marker,
                             pass->weights, error);
    return item->hits != NULL;
}

/* What cannot be read has no language, so no language keeps it out. */
static guint count_unsearchable(const Searcher *searcher, const FacetFilter *filter)
{
    guint count = 0;
    const GArray *all = cards_all(searcher->cards);
    for (guint row = 1; row < all->len; row++) {
        const Card *card = &g_array_index(all, Card, row);
        count +=
            card->row && card->state == DOCUMENT_FAILED &&
            facet_passes_others(facet_filter_failed(filter, searcher->cards, card), FACET_LANGUAGE);
    }
    return count;
}

void search_result_free(SearchResult *result)
{
    if (!result)
        return;
    g_ptr_array_unref(result->items);
    for (int i = 0; i < FACET_COUNT; i++)
        if (result->facets[i])
            g_array_unref(result->facets[i]);
    g_free(result);
}

static SearchResult *make_result(Searcher *searcher, Pass *pass, GError **error)
{
    g_autoptr(SearchResult) result = g_new0(SearchResult, 1);
    result->items = g_ptr_array_new_with_free_func(item_free);
    result->total = pass->total;
    result->unsearchable = count_unsearchable(searcher, &pass->filter);
    facet_counts_list(&pass->counts, searcher->cards, result->facets);
    heap_order(pass->heap, pass->request->sort);
    g_autoptr(Marker) marker = marker_new(query_concepts(pass->request->query));
    for (guint i = pass->request->offset; i < pass->heap->len; i++)
        if (!add_item(searcher, pass, heap_at(pass->heap, i), marker, result, error))
            return NULL;
    return g_steal_pointer(&result);
}

SearchResult *searcher_search(Searcher *searcher, const SearchRequest *request, GError **error)
{
    Pass pass;
    pass_init(&pass, searcher, request);
    SearchResult *result =
        run_pass(searcher, &pass, error) ? make_result(searcher, &pass, error) : NULL;
    pass_release(&pass);
    return result;
}
