/* See search_private.h: which pages of a document answer, and their passages.
 *
 * The places of the question's words are walked once, in order, and fall into pages. A page is
 * worth what its words would be worth as a document: each concept its weight, more for several
 * occurrences, ever more slowly, and what stands near what; so a page that holds the question's
 * words together comes before one that repeats one of them. The best pages are read and a passage
 * is chosen from each. */
#include <string.h>

#include "places.h"
#include "rank.h"
#include "running.h"
#include "search_private.h"

typedef struct {
    guint page;  /* from 0 */
    guint first; /* of its places */
    guint hits;
    double value;
} PageValue;

/* Where the question's words stand in one document. */
typedef struct {
    gint64 row;
    GArray *positions;    /* words before each page */
    const GArray *places; /* Place; borrowed, or ... */
    GArray *own_places;   /* ... these */
    GArray *pages;        /* PageValue, best first */
} Finds;

static void finds_release(Finds *finds)
{
    g_clear_pointer(&finds->positions, g_array_unref);
    g_clear_pointer(&finds->own_places, g_array_unref);
    g_clear_pointer(&finds->pages, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Finds, finds_release)

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

/* A page as long as others: pages differ less than documents do. */
static float page_norm(void)
{
    return rank_norm(1);
}

/* What the places of one page are worth. `frequency`: room for a number a concept. */
static double value_of(const Place *places, guint count, const Query *query, const double *idf,
                       float *frequency)
{
    const GPtrArray *concepts = query_concepts(query);
    double value = 0;
    memset(frequency, 0, concepts->len * sizeof *frequency);
    for (guint i = 0; i < count; i++) {
        const QueryConcept *concept = g_ptr_array_index(concepts, places[i].concept);
        frequency[places[i].concept] +=
            (float)g_array_index(concept->alternatives, QueryAlternative, places[i].alternative)
                .weight;
    }
    for (guint i = 0; i < concepts->len; i++)
        value += idf[i] * (double)rank_saturated(frequency[i], page_norm());
    return value + rank_nearness(places, count, idf, concepts->len, page_norm());
}

static gint compare_pages(gconstpointer a, gconstpointer b)
{
    const PageValue *left = a, *right = b;
    if (left->value > right->value || left->value < right->value)
        return left->value > right->value ? -1 : 1;
    return left->page < right->page ? -1 : left->page > right->page;
}

static GArray *value_pages(const GArray *places, const GArray *positions, const Query *query,
                           const double *idf)
{
    GArray *pages = g_array_new(FALSE, FALSE, sizeof(PageValue));
    const Place *all = (const Place *)(const void *)places->data;
    g_autofree float *frequency = g_new(float, query_concepts(query)->len + 1);
    guint next;
    for (guint i = 0; i < places->len; i = next) {
        PageValue page = {.page = page_of(positions, all[i].position), .first = i};
        guint end = g_array_index(positions, guint, page.page + 1);
        for (next = i + 1; next < places->len && all[next].position < end;)
            next++;
        page.hits = next - i;
        page.value = value_of(all + i, page.hits, query, idf, frequency);
        g_array_append_val(pages, page);
    }
    g_array_sort(pages, compare_pages);
    return pages;
}

/* Finds the pages, best first, by `places` if they are known; none when the document matches by its
 * title or its card alone. */
static gboolean find_pages(Searcher *searcher, const Query *query, gint64 row, const double *idf,
                           const GArray *places, Finds *ret_finds, GError **error)
{
    *ret_finds = (Finds){.row = row, .places = places};
    ret_finds->positions = archive_page_positions(searcher->archive, row, error);
    if (!ret_finds->positions)
        return FALSE;
    if (!places)
        ret_finds->places = ret_finds->own_places =
            places_find(searcher->postings, query, (guint32)row, error);
    if (!ret_finds->places)
        return FALSE;
    ret_finds->pages = ret_finds->positions->len < 2
                           ? g_array_new(FALSE, FALSE, sizeof(PageValue))
                           : value_pages(ret_finds->places, ret_finds->positions, query, idf);
    return TRUE;
}

/* Passages of the pages */

static void hit_release(gpointer data)
{
    SearchHit *hit = data;
    passage_free(hit->passage);
    g_clear_pointer(&hit->via, g_array_unref);
}

/* A page beside a neighbour. */
typedef struct {
    GString *both; /* NULL: no such page */
    gsize start;   /* of the page */
    gsize length;
    gsize beside; /* of the neighbour */
    gsize beside_length;
} PageText;

static PageText read_page(Searcher *searcher, gint64 row, guint page, guint count, GError **error)
{
    gboolean is_second = page > 0 && page + 1 >= count;
    PageText text = {
        .both = archive_pages(searcher->archive, row, is_second ? page - 1 : page, 2, error)};
    if (!text.both)
        return text;
    const char *feed = memchr(text.both->str, MARK_PAGE, text.both->len);
    gsize before = feed ? (gsize)(feed - text.both->str) : text.both->len;
    gsize after = feed ? before + 1 : before;
    if (is_second)
        return (PageText){text.both, after, text.both->len - after, 0, before};
    return (PageText){text.both, 0, before, after, text.both->len - after};
}

/* The surest alternative by which a concept is marked: literal ones come first. */
GArray *search_via(const Passage *passage, const GArray *spans, const GPtrArray *concepts)
{
    GArray *via = g_array_new(FALSE, FALSE, sizeof(SearchVia));
    for (guint i = 0; i < concepts->len; i++) {
        const QueryConcept *concept = g_ptr_array_index(concepts, i);
        guint best = G_MAXUINT;
        for (guint j = 0; j < spans->len; j++) {
            const MarkedSpan *span = &g_array_index(spans, MarkedSpan, j);
            if (span->concept_index == i && span->start < passage->end &&
                span->start + span->length > passage->start)
                best = MIN(best, span->alternative);
        }
        SearchVia found = {i, best};
        if (best != G_MAXUINT &&
            g_array_index(concept->alternatives, QueryAlternative, best).source != QUERY_LITERAL)
            g_array_append_val(via, found);
    }
    return via;
}

/* Matches in what was blanked show nothing. */
static void drop_blank_spans(GArray *spans, const char *text)
{
    for (guint i = spans->len; i-- > 0;)
        if ((guchar)text[g_array_index(spans, MarkedSpan, i).start] <= ' ')
            g_array_remove_index(spans, i);
}

/* Whether a phrase that begins on the page ends on the next. */
static gboolean goes_on(const Query *query, const Finds *finds, const PageValue *page)
{
    guint end = g_array_index(finds->positions, guint, page->page + 1);
    for (guint i = page->first; i < page->first + page->hits; i++) {
        const Place *place = &g_array_index(finds->places, Place, i);
        if (place->position + place_words(query_concepts(query), place) > end)
            return TRUE;
    }
    return FALSE;
}

static SearchHit make_hit(const PageText *text, const Query *query, const Finds *finds,
                          const PageValue *page, const double *idf)
{
    const GPtrArray *concepts = query_concepts(query);
    char *shown = text->both->str + text->start;
    const Place *places = page->hits > 0 ? &g_array_index(finds->places, Place, page->first) : NULL;
    guint32 first = g_array_index(finds->positions, guint, page->page);
    gboolean shows_both = goes_on(query, finds, page);
    gsize length = shows_both ? text->both->len - text->start : text->length;
    g_autoptr(GArray) spans = marking_of_places(concepts, places, page->hits, first, shown, length);
    if (!shows_both)
        running_blank(shown, length, text->both->str + text->beside, text->beside_length);
    drop_blank_spans(spans, shown);
    Passage *passage = passage_choose(shown, length, spans, idf);
    return (SearchHit){page->page + 1, passage, search_via(passage, spans, concepts)};
}

static gboolean add_hit(Searcher *searcher, GArray *hits, const Query *query, const Finds *finds,
                        const PageValue *page, const double *idf, GError **error)
{
    g_autoptr(GError) fault = NULL;
    PageText text = read_page(searcher, finds->row, page->page, finds->positions->len - 1, &fault);
    if (fault) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return FALSE;
    }
    if (!text.both)
        return TRUE;
    SearchHit hit = make_hit(&text, query, finds, page, idf);
    g_array_append_val(hits, hit);
    g_string_free(text.both, TRUE);
    return TRUE;
}

/* A cover is often a picture: a document shows how it begins where its words begin. */
static void add_beginning(Finds *finds)
{
    for (guint page = 0; page + 1 < finds->positions->len; page++) {
        PageValue value = {.page = page};
        if (g_array_index(finds->positions, guint, page + 1) ==
            g_array_index(finds->positions, guint, page))
            continue;
        g_array_append_val(finds->pages, value);
        return;
    }
}

GArray *search_hits_of(Searcher *searcher, const Query *query, const double *weights,
                       const GArray *places, gint64 row, GError **error)
{
    g_auto(Finds) finds;
    if (!find_pages(searcher, query, row, weights, places, &finds, error))
        return NULL;
    if (finds.pages->len == 0)
        add_beginning(&finds);
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(SearchHit));
    g_array_set_clear_func(hits, hit_release);
    for (guint i = 0; i < MIN(finds.pages->len, SEARCH_PAGE_HITS); i++)
        if (!add_hit(searcher, hits, query, &finds, &g_array_index(finds.pages, PageValue, i),
                     weights, error))
            return NULL;
    return g_steal_pointer(&hits);
}

GArray *search_hits(Searcher *searcher, const SearchPass *pass, gint64 row, GError **error)
{
    return search_hits_of(searcher, pass->request->query, pass->weight, search_places(pass, row),
                          row, error);
}

/* The pages alone, of one document */

/* Within one document no word is rarer than another: all concepts count the same. */
GArray *searcher_pages(Searcher *searcher, const Query *query, gint64 row, GError **error)
{
    guint concepts = query_concepts(query)->len;
    g_autofree double *idf = g_new0(double, concepts + 1);
    for (guint i = 0; i < concepts; i++)
        idf[i] = 1;
    g_auto(Finds) finds;
    if (!find_pages(searcher, query, row, idf, NULL, &finds, error))
        return NULL;
    GArray *pages = g_array_new(FALSE, FALSE, sizeof(SearchPage));
    for (guint i = 0; i < finds.pages->len; i++) {
        const PageValue *value = &g_array_index(finds.pages, PageValue, i);
        const Place *places = &g_array_index(finds.places, Place, value->first);
        SearchPage page = {value->page + 1,
                           marking_count(query_concepts(query), places, value->hits)};
        g_array_append_val(pages, page);
    }
    return pages;
}
