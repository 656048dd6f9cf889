/* See search_private.h and search.h: the second pass.
 *
 * The postings of one row are walked once more, now with their positions: each page's value is the
 * weight of the different concepts on it, and a little more for many matches. The best pages are
 * read and a passage is chosen from each. */
#include <math.h>

#include "search_private.h"

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
static GArray *best_pages(Searcher *searcher, const Query *query, gint64 row, const double *weights,
                          GError **error)
{
    g_autoptr(GArray) positions = archive_page_positions(searcher->archive, row, error);
    if (!positions)
        return NULL;
    PagePass pass = {
        .phrase_concepts = query_phrase_concepts(query),
        .positions = positions,
        .weights = weights,
        .pages = g_array_new(FALSE, FALSE, sizeof(PageValue)),
        .by_page = g_hash_table_new(NULL, NULL),
    };
    RankVisitor visitor = {page_row, page_hit, page_row_end, NULL, &pass};
    gboolean done =
        query_is_empty(query) ||
        search_run_match(searcher, SQL_MATCH_ONE, query_match(query), row, &visitor, error);
    g_hash_table_unref(pass.by_page);
    if (!done)
        g_clear_pointer(&pass.pages, g_array_unref);
    else
        g_array_sort(pass.pages, compare_pages);
    return pass.pages;
}

/* Passages of the pages */

static void hit_release(gpointer data)
{
    SearchHit *hit = data;
    passage_free(hit->passage);
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

static gboolean add_hit(Searcher *searcher, GArray *hits, gint64 row, const Marker *marker,
                        const PageValue *page, const double *weights, GError **error)
{
    Marked marked __attribute__((cleanup(marked_release)));
    if (!read_marked(searcher, row, page->page, 1, marker, &marked, error))
        return FALSE;
    if (!marked.text)
        return TRUE;
    if (page->hits > 0 && marked.spans->len == 0 &&
        !look_beyond(searcher, row, page->page, marker, &marked, error))
        return FALSE;
    SearchHit hit = {page->page + 1,
                     passage_choose(marked.text->str, marked.text->len, marked.spans, weights)};
    g_array_append_val(hits, hit);
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

GArray *search_hits(Searcher *searcher, const Query *query, gint64 row, const Marker *marker,
                    const double *weights, GError **error)
{
    g_autoptr(GArray) pages = best_pages(searcher, query, row, weights, error);
    if (!pages || (pages->len == 0 && !add_beginning(searcher, row, pages, error)))
        return NULL;
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(SearchHit));
    g_array_set_clear_func(hits, hit_release);
    for (guint i = 0; i < MIN(pages->len, SEARCH_PAGE_HITS); i++) {
        const PageValue *page = &g_array_index(pages, PageValue, i);
        if (!add_hit(searcher, hits, row, marker, page, weights, error))
            return NULL;
    }
    return g_steal_pointer(&hits);
}

/* The pages alone, of one document */

/* Within one document no word is rarer than another: all concepts count the same. */
GArray *searcher_pages(Searcher *searcher, const Query *query, gint64 row, GError **error)
{
    guint concepts = query_concepts(query)->len;
    g_autofree double *weights = g_new0(double, concepts + 1);
    for (guint i = 0; i < concepts; i++)
        weights[i] = 1;
    g_autoptr(GArray) values = best_pages(searcher, query, row, weights, error);
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
