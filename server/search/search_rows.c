/* See search.h: all documents of an answer, to be loaded one by one later on.
 *
 * The first pass is that of any answer, with room for all; so the order, with the best ranked by
 * nearness, is that of the pages of results. What a document lacks is noted at once, because the
 * lists that tell it are gone when the document is loaded. */
#include "search_private.h"

/* Bits, not a list: they are kept for every document of the answer. */
static guint64 missing_bits(const SearchPass *pass, const Card *card)
{
    const GArray *free = pass->matching->free;
    guint64 bits = 0;
    for (guint i = 0; i < free->len; i++) {
        guint concept = g_array_index(free, guint, i);
        if (concept < 64 && search_lacks(pass, concept, (guint32)card->row))
        bits |= (guint64)1 << concept;
    }
    return bits;
}

static guint64 id_number(const char *id)
{
    char digits[17];
    g_strlcpy(digits, id, sizeof digits);
    return g_ascii_strtoull(digits, NULL, 16);
}

static GArray *all_rows(const SearchPass *pass)
{
    GArray *rows = g_array_sized_new(FALSE, FALSE, sizeof(SearchRow), pass->best->len);
    for (guint i = 0; i < pass->best->len; i++) {
        const Candidate *candidate = &g_array_index(pass->best, Candidate, i);
        SearchRow row = {.row = candidate->card->row,
                         .score = candidate->score,
                         .id = id_number(candidate->card->id),
                         .is_partial = candidate->is_partial,
                         .missing = missing_bits(pass, candidate->card)};
        g_array_append_val(rows, row);
    }
    return rows;
}

GArray *search_unsearchable(const Searcher *searcher, const FacetFilter *filter)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(gint64));
    const GArray *failed = cards_failed(searcher->cards);
    for (guint i = 0; i < failed->len; i++) {
        gint64 row = g_array_index(failed, gint64, i);
        guint bits = facet_filter_failed(filter, searcher->cards, cards_find(searcher->cards, row));
        if (facet_passes_others(bits, FACET_LANGUAGE))
            g_array_append_val(rows, row);
    }
    return rows;
}

SearchRows *searcher_rows(Searcher *searcher, const SearchRequest *request, GError **error)
{
    SearchRequest all = *request;
    SearchPass pass;
    SearchRows *rows = NULL;
    all.offset = 0;
    all.limit = cards_all(searcher->cards)->len;
    if (search_pass_run(&pass, searcher, &all, error)) {
        rows = g_new0(SearchRows, 1);
        rows->rows = all_rows(&pass);
        rows->weights = g_steal_pointer(&pass.weight);
        rows->unsearchable = search_unsearchable(searcher, &pass.filter);
        rows->is_timed_out = searcher_is_timed_out(searcher);
    }
    search_pass_release(&pass);
    return rows;
}

void search_rows_free(SearchRows *rows)
{
    if (!rows)
        return;
    g_array_unref(rows->rows);
    g_array_unref(rows->unsearchable);
    g_free(rows->weights);
    g_free(rows);
}

static GArray *missing_list(guint64 bits)
{
    GArray *missing = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint concept = 0; concept < 64; concept ++)
        if (bits >> concept & 1)
            g_array_append_val(missing, concept);
    return missing;
}

SearchItem *searcher_item(Searcher *searcher, const SearchRows *rows, guint index,
                          const Query *query, gboolean with_hits, GError **error)
{
    const SearchRow *row = &g_array_index(rows->rows, SearchRow, index);
    g_autoptr(SearchItem) item = g_new0(SearchItem, 1);
    item->score = (double)row->score;
    item->is_partial = row->is_partial;
    item->missing = missing_list(row->missing);
    item->document = archive_find_row(searcher->archive, row->row, error);
    if (!item->document || item->document->state != DOCUMENT_INDEXED ||
        id_number(item->document->id) != row->id)
        return NULL;
    item->paths = archive_paths(searcher->archive, row->row, error);
    if (!item->paths || !with_hits)
        return item->paths ? g_steal_pointer(&item) : NULL;
    item->hits = search_hits_of(searcher, query, rows->weights, NULL, row->row, error);
    return item->hits ? g_steal_pointer(&item) : NULL;
}
