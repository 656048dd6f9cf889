/* See page_list.h. */
#include "page_list.h"

#include <string.h>

#include "../answers/parameters.h"
#include "../answers/result.h"
#include "../search/spelling.h"
#include "../search/widening.h"
#include "page_facets.h"

gboolean page_list_size(const HttpRequest *request, guint *ret_size, GError **error)
{
    guint size = PAGE_SIZES[0];
    if (!parameter_number(request, "size", 1, SEARCH_LIMIT, &size, error))
        return FALSE;
    for (gsize i = 0; PAGE_SIZES[i]; i++) {
        if (PAGE_SIZES[i] == size) {
            *ret_size = size;
            return TRUE;
        }
    }
    g_set_error(error, PARAMETERS_ERROR, PARAMETERS_ERROR_VALUE, "size must be one of %u, %u, %u",
                PAGE_SIZES[0], PAGE_SIZES[1], PAGE_SIZES[2]);
    return FALSE;
}

/* What may be said of a question, beside what it found. */
static gboolean add_advice(const Page *page, Searcher *searcher, const SearchRequest *search,
                           const SearchResult *result, const char *typed, json_t *value,
                           GError **error)
{
    const Vocabulary *vocabulary = service_vocabulary(page->service);
    g_autoptr(GError) fault = NULL;
    gboolean is_whole = !result->is_timed_out;
    g_autofree char *corrected =
        *typed && is_whole ? spelling_correct(searcher, service_lexicon(page->service), vocabulary,
                                              search->query, result, typed, NULL)
                           : NULL;
    g_autoptr(GArray) widenings = result->total == 0 && is_whole
                                      ? widening_find(searcher, vocabulary, search, typed,
                                                      parameters_translated(page->request), &fault)
                                      : NULL;
    result_add_correction(value, corrected);
    result_add_widenings(value, widenings);
    if (!fault)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&fault));
    return FALSE;
}

static json_t *find(Page *page, Searcher *searcher, SearchRequest *search, const char *typed,
                    GError **error)
{
    g_autoptr(SearchResult) result = searcher_search(searcher, search, error);
    if (!result)
        return NULL;
    json_t *value = result_search(search, result, typed, FALSE);
    if (add_advice(page, searcher, search, result, typed, value, error))
        return value;
    json_decref(value);
    return NULL;
}

json_t *page_list_find(Page *page, SearchRequest *search, const char *typed,
                       ArchiveCounts *ret_counts, GError **error)
{
    Searcher *searcher = service_borrow(page->service, error);
    if (!searcher)
        return NULL;
    g_autoptr(Query) query =
        query_parse(typed, strlen(typed), service_vocabulary(page->service),
                    parameters_translated(page->request), searcher_analyser(searcher));
    search->query = query;
    json_t *value = find(page, searcher, search, typed, error);
    if (value && ret_counts && !archive_counts(searcher_archive(searcher), ret_counts, error))
        g_clear_pointer(&value, json_decref);
    json_object_set_new(page->value, "is_timed_out", json_boolean(searcher_is_timed_out(searcher)));
    json_object_set_new(page->value, "is_archive_empty",
                        json_boolean(cards_document_count(searcher_cards(searcher)) == 0));
    service_return(page->service, searcher);
    search->query = NULL;
    return value;
}
