/* See search.h. Opening, and the result; the first pass is search_pass.c's, the pages of the
 * documents kept search_pages.c's. */
#include <string.h>
#include <sys/stat.h>

#include "../limits.h"
#include "rank.h"
#include "search_private.h"

static const char *const SORT_NAMES[SORT_COUNT] = {"relevance", "newest", "oldest", "title",
                                                   "added"};

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
    if (!searcher->archive)
        return NULL;
    searcher->postings = postings_new(archive_connection(searcher->archive), error);
    if (!searcher->postings)
        return NULL;
    searcher->cards = cards_new();
    searcher->analyser = analyser_new();
    analyser_remember(searcher->analyser, SEARCH_WORDS_REMEMBERED);
    return g_steal_pointer(&searcher);
}

void searcher_free(Searcher *searcher)
{
    if (!searcher)
        return;
    postings_free(searcher->postings);
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
    archive_set_time(searcher->archive, (gint64)SEARCH_REFRESH_SECONDS * G_USEC_PER_SEC);
    if (!archive_begin(searcher->archive, error))
        return FALSE;
    if (cards_refresh(searcher->cards, searcher->archive, error) &&
        postings_begin(searcher->postings, error)) {
        searcher_set_time(searcher, 0);
        return TRUE;
    }
    archive_rollback(searcher->archive);
    return FALSE;
}

void searcher_end(Searcher *searcher)
{
    archive_rollback(searcher->archive);
}

void searcher_set_time(Searcher *searcher, gint64 budget_us)
{
    searcher->budget_us = budget_us;
    searcher->is_timed_out = FALSE;
    postings_set_time(searcher->postings, budget_us);
    archive_set_time(searcher->archive,
                     budget_us > 0 ? 2 * budget_us + (gint64)SEARCH_SLACK_SECONDS * G_USEC_PER_SEC
                                   : 0);
}

gboolean searcher_is_timed_out(const Searcher *searcher)
{
    return searcher->is_timed_out || postings_is_cut(searcher->postings);
}

/* The documents are known: now for what is shown of them. */
static void give_more_time(Searcher *searcher)
{
    if (!searcher_is_timed_out(searcher))
        return;
    searcher->is_timed_out = TRUE; /* the postings forget it */
    postings_set_time(searcher->postings, searcher->budget_us / 2);
}

gsize searcher_kept_bytes(const Searcher *searcher)
{
    return postings_kept_bytes(searcher->postings);
}

Archive *searcher_archive(Searcher *searcher)
{
    return searcher->archive;
}

Analyser *searcher_analyser(Searcher *searcher)
{
    return searcher->analyser;
}

Postings *searcher_postings(Searcher *searcher)
{
    return searcher->postings;
}

const Cards *searcher_cards(const Searcher *searcher)
{
    return searcher->cards;
}

/* The result */

void search_item_free(SearchItem *item)
{
    if (!item)
        return;
    archive_document_free(item->document);
    g_clear_pointer(&item->paths, g_ptr_array_unref);
    g_clear_pointer(&item->missing, g_array_unref);
    g_clear_pointer(&item->hits, g_array_unref);
    g_clear_pointer(&item->parts, g_array_unref);
    g_free(item);
}

static void item_free(gpointer data)
{
    search_item_free(data);
}

static GArray *missing_concepts(const SearchPass *pass, const Card *card)
{
    GArray *missing = g_array_new(FALSE, FALSE, sizeof(guint));
    const GArray *free = pass->matching->free;
    for (guint i = 0; i < free->len; i++) {
        guint concept = g_array_index(free, guint, i);
        if (search_lacks(pass, concept, (guint32)card->row))
            g_array_append_val(missing, concept);
    }
    return missing;
}

static double saturated(const ConceptMatches *matches, guint32 row, float norm)
{
    return (double)rank_saturated(matching_frequency(matches, row), norm);
}

/* What each concept gives to a score, and nearness the rest. */
static GArray *score_parts(const SearchPass *pass, const Candidate *candidate)
{
    GArray *parts = g_array_sized_new(FALSE, TRUE, sizeof(double), pass->concept_count + 1);
    guint32 row = (guint32)candidate->card->row;
    float norm = cards_norms(pass->searcher->cards)[row];
    double rest = (double)candidate->score;
    g_array_set_size(parts, pass->concept_count);
    for (guint i = 0; i < pass->lists->len; i++) {
        const WeighedList *list = &g_array_index(pass->lists, WeighedList, i);
        double part = list->weight * saturated(list->matches, row, norm);
        g_array_index(parts, double, list->concept) += part;
        rest -= part;
    }
    g_array_append_val(parts, rest);
    return parts;
}

static gboolean add_item(Searcher *searcher, const SearchPass *pass, const Candidate *candidate,
                         SearchResult *result, GError **error)
{
    gint64 row = candidate->card->row;
    SearchItem *item = g_new0(SearchItem, 1);
    g_ptr_array_add(result->items, item);
    item->score = (double)candidate->score;
    item->is_partial = candidate->is_partial;
    item->missing = missing_concepts(pass, candidate->card);
    item->parts = score_parts(pass, candidate);
    item->document = archive_find_row(searcher->archive, row, error);
    if (!item->document)
        return FALSE;
    item->paths = archive_paths(searcher->archive, row, error);
    if (!item->paths || pass->request->without_hits)
        return item->paths != NULL;
    item->hits = search_hits(searcher, pass, row, error);
    return item->hits != NULL;
}

void search_result_free(SearchResult *result)
{
    if (!result)
        return;
    g_ptr_array_unref(result->items);
    g_array_unref(result->documents);
    for (int i = 0; i < FACET_COUNT; i++)
        if (result->facets[i])
            g_array_unref(result->facets[i]);
    g_free(result);
}

static GArray *concept_documents(const SearchPass *pass)
{
    GArray *documents = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < pass->concept_count; i++)
        g_array_append_val(documents, pass->matching->concept[i].count);
    return documents;
}

static SearchResult *make_result(Searcher *searcher, SearchPass *pass, GError **error)
{
    const SearchRequest *request = pass->request;
    g_autoptr(SearchResult) result = g_new0(SearchResult, 1);
    result->items = g_ptr_array_new_with_free_func(item_free);
    result->documents = concept_documents(pass);
    result->total = pass->total;
    result->partial = pass->partial;
    memcpy(result->letters, pass->letters, sizeof result->letters);
    g_autoptr(GArray) unsearchable = search_unsearchable(searcher, &pass->filter);
    result->unsearchable = unsearchable->len;
    facet_counts_list(&pass->counts, searcher->cards, result->facets);
    give_more_time(searcher);
    guint end = MIN(pass->best->len, request->offset + request->limit);
    for (guint i = request->offset; i < end; i++)
        if (!add_item(searcher, pass, &g_array_index(pass->best, Candidate, i), result, error))
            return NULL;
    result->is_timed_out = searcher_is_timed_out(searcher);
    return g_steal_pointer(&result);
}

SearchResult *searcher_search(Searcher *searcher, const SearchRequest *request, GError **error)
{
    SearchPass pass;
    SearchResult *result = search_pass_run(&pass, searcher, request, error)
                               ? make_result(searcher, &pass, error)
                               : NULL;
    search_pass_release(&pass);
    return result;
}
