/* See search.h.
 *
 * The first pass sees every row that matches and must be cheap: the cards say whether the row
 * passes the filters, concept frequencies are summed while its hits go by, and only the best offset
 * + limit rows are kept. The second pass looks at those rows alone and finds the pages that answer.
 */
#include "search.h"

#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rank.h"

static const double BM25_K1 = 1.2;
static const double BM25_B =
    0.6; /* a long document is not so much worse: one row is a whole book */
static const double TITLE_WEIGHT = 4.0; /* occurrences that one in the title is worth */

enum { FIRST_YEAR = 1000, LAST_YEAR = 3000 }; /* that a card may have */

typedef enum { SQL_MATCH, SQL_MATCH_ONE, SQL_SEARCH_COUNT } SearchSql;

static const char *const STATEMENTS[SQL_SEARCH_COUNT] = {
    [SQL_MATCH] =
        "SELECT schedario_rank(posting, :visitor) FROM posting WHERE posting MATCH :match",
    [SQL_MATCH_ONE] = "SELECT schedario_rank(posting, :visitor) FROM posting"
                      " WHERE posting MATCH :match AND rowid = :row",
};

struct Searcher {
    Archive *archive;
    Cards *cards;
    Analyser *analyser;
    sqlite3_stmt *statement[SQL_SEARCH_COUNT];
    char *path;
    dev_t device;
    ino_t inode;
};

static const char *const SORT_NAMES[SORT_COUNT] = {"relevance", "newest", "oldest", "title"};
static const char *const FACET_NAMES[FACET_COUNT] = {"language", "kind", "body", "year",
                                                     "collection"};

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

const char *facet_name(Facet facet)
{
    return FACET_NAMES[facet];
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

/* Filters */

typedef struct {
    guint8 languages; /* bits; 0: any */
    guint32 kinds;    /* bits; 0: any */
    gboolean *bodies; /* by number; NULL: any */
    gboolean *collections;
    int year_from;
    int year_to;
} Filter;

static void filter_release(Filter *filter)
{
    g_free(filter->bodies);
    g_free(filter->collections);
}

static guint value_count(const GPtrArray *values)
{
    return values ? values->len : 0;
}

static gboolean *select_names(const Cards *cards, const GPtrArray *values, guint count,
                              NameIndex (*find)(const Cards *, const char *))
{
    if (value_count(values) == 0)
        return NULL;
    gboolean *selected = g_new0(gboolean, count + 1);
    for (guint i = 0; i < values->len; i++) {
        NameIndex index = find(cards, g_ptr_array_index(values, i));
        if (index >= 0)
            selected[index] = TRUE;
    }
    return selected;
}

static guint8 select_languages(const GPtrArray *values)
{
    guint8 bits = 0;
    for (guint i = 0; i < value_count(values); i++)
        for (int language = LANGUAGE_ITALIAN; language < LANGUAGE_COUNT; language++)
            if (strcmp(g_ptr_array_index(values, i), language_code((Language)language)) == 0)
                bits |= (guint8)(1 << language);
    return bits;
}

static guint32 select_kinds(const GPtrArray *values)
{
    guint32 bits = 0;
    Kind kind;
    for (guint i = 0; i < value_count(values); i++)
        if (kind_parse(g_ptr_array_index(values, i), &kind))
            bits |= 1u << kind;
    return bits;
}

static Filter filter_for(const Cards *cards, const SearchRequest *request)
{
    return (Filter){
        .languages = select_languages(request->values[FACET_LANGUAGE]),
        .kinds = select_kinds(request->values[FACET_KIND]),
        .bodies = select_names(cards, request->values[FACET_BODY], cards_body_count(cards),
                               cards_body_index),
        .collections = select_names(cards, request->values[FACET_COLLECTION],
                                    cards_collection_count(cards), cards_collection_index),
        .year_from = request->year_from,
        .year_to = request->year_to,
    };
}

static gboolean in_collections(const Filter *filter, const Cards *cards, NameIndex collection)
{
    for (; collection >= 0; collection = cards_collection_parent(cards, collection))
        if (filter->collections[collection])
            return TRUE;
    return FALSE;
}

/* Bits 1 << Facet of the filters that the card does not pass. */
static guint failed_filters(const Filter *filter, const Cards *cards, const Card *card)
{
    guint failed = 0;
    if (filter->languages && !(filter->languages & card->languages))
        failed |= 1u << FACET_LANGUAGE;
    if (filter->kinds && !(filter->kinds & (1u << card->kind)))
        failed |= 1u << FACET_KIND;
    if (filter->bodies && !(card->body >= 0 && filter->bodies[card->body]))
        failed |= 1u << FACET_BODY;
    if ((filter->year_from && card->year < filter->year_from) ||
        (filter->year_to && (card->year == 0 || card->year > filter->year_to)))
        failed |= 1u << FACET_YEAR;
    if (filter->collections && !in_collections(filter, cards, card->collection))
        failed |= 1u << FACET_COLLECTION;
    return failed;
}

/* Counting facets */

typedef struct {
    guint languages[LANGUAGE_COUNT];
    guint kinds[KIND_COUNT];
    guint *bodies;
    guint *collections;
    guint *years; /* from FIRST_YEAR */
} FacetCounts;

static FacetCounts counts_init(const Cards *cards)
{
    return (FacetCounts){
        .bodies = g_new0(guint, cards_body_count(cards) + 1),
        .collections = g_new0(guint, cards_collection_count(cards) + 1),
        .years = g_new0(guint, LAST_YEAR - FIRST_YEAR + 1),
    };
}

static void counts_release(FacetCounts *counts)
{
    g_free(counts->bodies);
    g_free(counts->collections);
    g_free(counts->years);
}

static gboolean passes_but(guint failed, Facet facet)
{
    return (failed & ~(1u << facet)) == 0;
}

static void count_card(FacetCounts *counts, const Cards *cards, const Card *card, guint failed)
{
    for (int language = LANGUAGE_ITALIAN; language < LANGUAGE_COUNT; language++)
        if (passes_but(failed, FACET_LANGUAGE) && card->languages & (1 << language))
            counts->languages[language]++;
    if (passes_but(failed, FACET_KIND) && card->kind < KIND_COUNT)
        counts->kinds[card->kind]++;
    if (passes_but(failed, FACET_BODY) && card->body >= 0)
        counts->bodies[card->body]++;
    if (passes_but(failed, FACET_YEAR) && card->year >= FIRST_YEAR && card->year <= LAST_YEAR)
        counts->years[card->year - FIRST_YEAR]++;
    if (passes_but(failed, FACET_COLLECTION))
        for (NameIndex at = card->collection; at >= 0; at = cards_collection_parent(cards, at))
            counts->collections[at]++;
}

static void facet_value_release(gpointer data)
{
    FacetValue *value = data;
    g_free(value->value);
}

static void add_value(GArray *values, const char *name, guint count)
{
    FacetValue value = {NULL, count};
    if (count == 0)
        return;
    value.value = g_strdup(name);
    g_array_append_val(values, value);
}

static gint compare_values(gconstpointer a, gconstpointer b)
{
    const FacetValue *left = a, *right = b;
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    return strcmp(left->value, right->value);
}

static void list_facet(GArray *values, Facet facet, const FacetCounts *counts, const Cards *cards)
{
    switch (facet) {
    case FACET_LANGUAGE:
        for (int i = LANGUAGE_ITALIAN; i < LANGUAGE_COUNT; i++)
            add_value(values, language_code((Language)i), counts->languages[i]);
        break;
    case FACET_KIND:
        for (int i = 0; i < KIND_COUNT; i++)
            add_value(values, kind_name((Kind)i), counts->kinds[i]);
        break;
    case FACET_BODY:
        for (guint i = 0; i < cards_body_count(cards); i++)
            add_value(values, cards_body(cards, (NameIndex)i), counts->bodies[i]);
        break;
    case FACET_COLLECTION:
        for (guint i = 0; i < cards_collection_count(cards); i++)
            add_value(values, cards_collection(cards, (NameIndex)i), counts->collections[i]);
        break;
    case FACET_YEAR:
        for (int year = LAST_YEAR; year >= FIRST_YEAR; year--) {
            char name[16];
            g_snprintf(name, sizeof name, "%d", year);
            add_value(values, name, counts->years[year - FIRST_YEAR]);
        }
        break;
    case FACET_COUNT:
        break;
    }
}

static void list_facets(SearchResult *result, const FacetCounts *counts, const Cards *cards)
{
    for (int facet = 0; facet < FACET_COUNT; facet++) {
        GArray *values = g_array_new(FALSE, FALSE, sizeof(FacetValue));
        g_array_set_clear_func(values, facet_value_release);
        list_facet(values, (Facet)facet, counts, cards);
        if (facet != FACET_YEAR)
            g_array_sort(values, compare_values);
        result->facets[facet] = values;
    }
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
    Filter filter;
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
        order = (a->card->year ? a->card->year : LAST_YEAR + 1) -
                (b->card->year ? b->card->year : LAST_YEAR + 1);
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
    guint failed = failed_filters(&pass->filter, cards, card);
    count_card(&pass->counts, cards, card, failed);
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
        .filter = filter_for(searcher->cards, request),
        .counts = counts_init(searcher->cards),
        .heap = g_array_new(FALSE, FALSE, sizeof(Candidate)),
        .keep = request->offset + request->limit,
    };
}

static void pass_release(Pass *pass)
{
    g_array_unref(pass->document_counts);
    g_free(pass->weights);
    g_free(pass->frequency);
    filter_release(&pass->filter);
    counts_release(&pass->counts);
    g_array_unref(pass->heap);
}

static gboolean run_match(Searcher *searcher, SearchSql sql, const char *match, gint64 row,
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
    return run_match(searcher, SQL_MATCH, query_match(pass->request->query), 0, &visitor, error);
}

/* The second pass: pages that answer */

typedef struct {
    guint page; /* from 0 */
    guint64 concepts;
    guint hits;
    double value;
} PageValue;

typedef struct {
    const GArray *phrase_concepts;
    const GArray *positions; /* words before each page */
    const double *weights;
    GArray *pages;       /* PageValue, by page as hits come; sorted later */
    GHashTable *by_page; /* page + 1 -> index in pages + 1 */
} PagePass;

static guint page_of(const GArray *positions, guint position)
{
    guint low = 0, high = positions->len > 0 ? positions->len - 1 : 0;
    while (high - low > 1) {
        guint middle = (low + high) / 2;
        if (g_array_index(positions, guint, middle) <= position)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static gboolean page_row(gint64 row, gpointer data)
{
    (void)row;
    (void)data;
    return TRUE;
}

static PageValue *page_value(PagePass *pass, guint page)
{
    gpointer key = GUINT_TO_POINTER(page + 1);
    guint index = GPOINTER_TO_UINT(g_hash_table_lookup(pass->by_page, key));
    if (index == 0) {
        PageValue value = {.page = page};
        g_array_append_val(pass->pages, value);
        index = pass->pages->len;
        g_hash_table_insert(pass->by_page, key, GUINT_TO_POINTER(index));
    }
    return &g_array_index(pass->pages, PageValue, index - 1);
}

static void page_hit(const RankHit *hit, gpointer data)
{
    PagePass *pass = data;
    if (hit->column != COLUMN_OF_TEXT || (guint)hit->phrase >= pass->phrase_concepts->len)
        return;
    int concept = g_array_index(pass->phrase_concepts, int, hit->phrase);
    if (concept < 0)
        return;
    PageValue *value = page_value(pass, page_of(pass->positions, (guint)hit->position));
    guint64 bit = G_GUINT64_CONSTANT(1) << (concept & 63);
    if (!(value->concepts & bit))
        value->value += pass->weights[concept];
    value->concepts |= bit;
    value->hits++;
}

static void page_row_end(gint64 row, gpointer data)
{
    (void)row;
    (void)data;
}

static double page_rank(const PageValue *value)
{
    return value->value * (1 + 0.1 * log(value->hits));
}

static gint compare_pages(gconstpointer a, gconstpointer b)
{
    const PageValue *left = a, *right = b;
    double difference = page_rank(right) - page_rank(left);
    if (difference > 0 || difference < 0)
        return difference > 0 ? 1 : -1;
    return left->page < right->page ? -1 : left->page > right->page;
}

/* Best first; none when the document matches by its title or its card alone. */
static GArray *best_pages(Searcher *searcher, const SearchRequest *request, gint64 row,
                          const double *weights, GError **error)
{
    g_autoptr(GArray) positions = archive_page_positions(searcher->archive, row, error);
    if (!positions)
        return NULL;
    PagePass pass = {
        .phrase_concepts = query_phrase_concepts(request->query),
        .positions = positions,
        .weights = weights,
        .pages = g_array_new(FALSE, FALSE, sizeof(PageValue)),
        .by_page = g_hash_table_new(NULL, NULL),
    };
    RankVisitor visitor = {page_row, page_hit, page_row_end, NULL, &pass};
    gboolean done =
        query_is_empty(request->query) ||
        run_match(searcher, SQL_MATCH_ONE, query_match(request->query), row, &visitor, error);
    g_hash_table_unref(pass.by_page);
    if (!done)
        g_clear_pointer(&pass.pages, g_array_unref);
    else
        g_array_sort(pass.pages, compare_pages);
    return pass.pages;
}

static void hit_release(gpointer data)
{
    SearchHit *hit = data;
    passage_free(hit->passage);
}

static void item_free(gpointer data)
{
    SearchItem *item = data;
    archive_document_free(item->document);
    if (item->paths)
        g_ptr_array_unref(item->paths);
    g_array_unref(item->hits);
    g_free(item);
}

typedef struct {
    GString *text; /* marked */
    GArray *spans; /* MarkedSpan */
} Marked;

static void marked_release(Marked *marked)
{
    if (marked->text)
        g_string_free(marked->text, TRUE);
    g_clear_pointer(&marked->spans, g_array_unref);
}

static gboolean read_marked(Searcher *searcher, gint64 row, guint page, guint count,
                            const Marker *marker, Marked *ret_marked, GError **error)
{
    g_autoptr(GError) fault = NULL;
    *ret_marked = (Marked){archive_pages(searcher->archive, row, page, count, &fault), NULL};
    if (ret_marked->text)
        ret_marked->spans =
            marker_find(marker, searcher->analyser, ret_marked->text->str, ret_marked->text->len);
    if (!fault)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&fault));
    return FALSE;
}

/* A phrase that goes on over the page's end is seen only with the next page's text. */
static gboolean look_beyond(Searcher *searcher, gint64 row, guint page, const Marker *marker,
                            Marked *marked, GError **error)
{
    gsize end = marked->text->len;
    Marked both __attribute__((cleanup(marked_release)));
    if (!read_marked(searcher, row, page, 2, marker, &both, error))
        return FALSE;
    if (!both.text)
        return TRUE;
    while (both.spans->len > 0 &&
           g_array_index(both.spans, MarkedSpan, both.spans->len - 1).start >= end)
        g_array_set_size(both.spans, both.spans->len - 1);
    if (both.spans->len > 0) {
        Marked alone = *marked;
        *marked = both;
        both = alone;
    }
    return TRUE;
}

static gboolean add_hit(Searcher *searcher, SearchItem *item, const Marker *marker,
                        const PageValue *page, const double *weights, GError **error)
{
    Marked marked __attribute__((cleanup(marked_release)));
    gint64 row = item->document->row;
    if (!read_marked(searcher, row, page->page, 1, marker, &marked, error))
        return FALSE;
    if (!marked.text)
        return TRUE;
    if (page->hits > 0 && marked.spans->len == 0 &&
        !look_beyond(searcher, row, page->page, marker, &marked, error))
        return FALSE;
    SearchHit hit = {page->page + 1,
                     passage_choose(marked.text->str, marked.text->len, marked.spans, weights)};
    g_array_append_val(item->hits, hit);
    return TRUE;
}

/* A cover is often a picture: a document shows how it begins where its words begin. */
static gboolean add_beginning(Searcher *searcher, gint64 row, GArray *pages, GError **error)
{
    g_autoptr(GArray) positions = archive_page_positions(searcher->archive, row, error);
    if (!positions)
        return FALSE;
    for (guint page = 0; page + 1 < positions->len; page++) {
        PageValue value = {.page = page};
        if (g_array_index(positions, guint, page + 1) == g_array_index(positions, guint, page))
            continue;
        g_array_append_val(pages, value);
        return TRUE;
    }
    return TRUE;
}

static gboolean add_hits(Searcher *searcher, const SearchRequest *request, SearchItem *item,
                         const Marker *marker, const double *weights, GError **error)
{
    gint64 row = item->document->row;
    g_autoptr(GArray) pages = best_pages(searcher, request, row, weights, error);
    if (!pages || (pages->len == 0 && !add_beginning(searcher, row, pages, error)))
        return FALSE;
    for (guint i = 0; i < MIN(pages->len, SEARCH_PAGE_HITS); i++)
        if (!add_hit(searcher, item, marker, &g_array_index(pages, PageValue, i), weights, error))
            return FALSE;
    return TRUE;
}

static gboolean add_item(Searcher *searcher, const Pass *pass, const Candidate *candidate,
                         const Marker *marker, SearchResult *result, GError **error)
{
    SearchItem *item = g_new0(SearchItem, 1);
    item->hits = g_array_new(FALSE, FALSE, sizeof(SearchHit));
    g_array_set_clear_func(item->hits, hit_release);
    item->score = candidate->score;
    g_ptr_array_add(result->items, item);
    item->document = archive_find_row(searcher->archive, candidate->card->row, error);
    if (!item->document)
        return FALSE;
    item->paths = archive_paths(searcher->archive, candidate->card->row, error);
    return item->paths && add_hits(searcher, pass->request, item, marker, pass->weights, error);
}

static guint count_unsearchable(const Searcher *searcher, const Filter *filter)
{
    guint count = 0;
    const GArray *all = cards_all(searcher->cards);
    for (guint row = 1; row < all->len; row++) {
        const Card *card = &g_array_index(all, Card, row);
        Filter known = *filter;
        known.languages = 0; /* what cannot be read has no language */
        count += card->row && card->state == DOCUMENT_FAILED &&
                 !failed_filters(&known, searcher->cards, card);
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
    list_facets(result, &pass->counts, searcher->cards);
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

/* Within one document no word is rarer than another: all concepts count the same. */
GArray *searcher_pages(Searcher *searcher, const Query *query, gint64 row, GError **error)
{
    SearchRequest request = {.query = query};
    guint concepts = query_concepts(query)->len;
    g_autofree double *weights = g_new0(double, concepts + 1);
    for (guint i = 0; i < concepts; i++)
        weights[i] = 1;
    g_autoptr(GArray) values = best_pages(searcher, &request, row, weights, error);
    if (!values)
        return NULL;
    GArray *pages = g_array_new(FALSE, FALSE, sizeof(SearchPage));
    for (guint i = 0; i < values->len; i++) {
        const PageValue *value = &g_array_index(values, PageValue, i);
        SearchPage page = {value->page + 1, value->hits};
        g_array_append_val(pages, page);
    }
    return pages;
}
