/* See record.h. */
#include "record.h"

#include <string.h>

#include "../../indexer/failure.h"
#include "../trouble.h"
#include "origin.h"
#include "result.h"

/* The state of the archive */

static gint compare_ids(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *record_digest(const Cards *cards)
{
    const GArray *all = cards_all(cards);
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < all->len; i++) {
        const Card *card = &g_array_index(all, Card, i);
        if (card->row != 0 && card->state == DOCUMENT_INDEXED)
            g_ptr_array_add(ids, (gpointer)card->id);
    }
    g_ptr_array_sort(ids, compare_ids);
    for (guint i = 0; i < ids->len; i++) {
        g_checksum_update(checksum, ids->pdata[i], -1);
        g_checksum_update(checksum, (const guchar *)"\n", 1);
    }
    return g_strdup(g_checksum_get_string(checksum));
}

static json_t *archive_value(Searcher *searcher, GError **error)
{
    ArchiveCounts counts;
    const Cards *cards = searcher_cards(searcher);
    if (!archive_counts(searcher_archive(searcher), &counts, error))
        return NULL;
    json_t *object = json_object();
    g_autofree char *digest = record_digest(cards);
    json_object_set_new(object, "documents", json_integer(counts.documents));
    json_object_set_new(object, "pages", json_integer((json_int_t)counts.pages));
    json_object_set_new(object, "compared", result_time(counts.compared_unix));
    json_object_set_new(object, "revision", json_integer(cards_revision(cards)));
    json_object_set_new(object, "digest", json_string(digest));
    return object;
}

/* What was asked */

static json_t *filters_value(const SearchRequest *search)
{
    json_t *object = json_object();
    for (int facet = 0; facet < FACET_COUNT; facet++) {
        json_t *list = json_array();
        const GPtrArray *values = search->values[facet];
        for (guint i = 0; values && i < values->len; i++)
            json_array_append_new(list, result_text(values->pdata[i]));
        if (facet != FACET_YEAR)
            json_object_set(object, facet_name((Facet)facet), list);
        json_decref(list);
    }
    json_object_set_new(object, "year_from",
                        search->year_from ? json_integer(search->year_from) : json_null());
    json_object_set_new(object, "year_to",
                        search->year_to ? json_integer(search->year_to) : json_null());
    return object;
}

/* How it was read, with how many documents hold each word: as the API's answer says it. */
static json_t *question_value(Searcher *searcher, const RecordQuestion *question, GError **error)
{
    SearchRequest search = *question->search;
    search.limit = search.offset = 0;
    g_autoptr(SearchResult) result = searcher_search(searcher, &search, error);
    if (!result)
        return NULL;
    json_t *answer = result_search(&search, result, question->typed, FALSE);
    json_t *query = json_incref(json_object_get(answer, "query"));
    json_decref(answer);
    json_object_set_new(query, "translated", json_boolean(question->is_translated));
    return query;
}

/* What was found */

/* Unlike those of the results' page, these counts are of the answer alone, under all its filters.
 */
static json_t *counts_value(const Cards *cards, const SearchRows *rows)
{
    json_t *object = json_object();
    guint partial = 0;
    FacetCounts counts;
    GArray *values[FACET_COUNT];
    facet_counts_init(&counts, cards);
    for (guint i = 0; i < rows->rows->len; i++) {
        const SearchRow *row = &g_array_index(rows->rows, SearchRow, i);
        partial += row->is_partial;
        facet_counts_add(&counts, cards, cards_find(cards, row->row), 0);
    }
    facet_counts_list(&counts, cards, values);
    json_object_set_new(object, "total", json_integer(rows->rows->len));
    json_object_set_new(object, "partial", json_integer(partial));
    for (int facet = 0; facet < FACET_COUNT; facet++) {
        json_object_set_new(object, facet_name((Facet)facet), result_facet(values[facet]));
        g_array_unref(values[facet]);
    }
    facet_counts_release(&counts);
    return object;
}

static json_t *unsearchable_one(Searcher *searcher, gint64 row, const char *origin)
{
    g_autoptr(ArchiveDocument) document = archive_find_row(searcher_archive(searcher), row, NULL);
    g_autoptr(GPtrArray) paths = archive_paths(searcher_archive(searcher), row, NULL);
    if (!document)
        return NULL;
    json_t *object = json_object();
    g_autofree char *path = result_document_address(document->id, 0, NULL);
    g_autofree char *address = origin_address(origin, path);
    g_autofree char *sentence =
        failure_sentence(document->reason ? document->reason : "archive", document->detail);
    json_object_set_new(object, "id", json_string(document->id));
    json_object_set_new(object, "address", json_string(address));
    json_object_set_new(object, "path",
                        result_text(paths && paths->len > 0 ? paths->pdata[0] : NULL));
    json_object_set_new(object, "reason", result_text(document->reason));
    json_object_set_new(object, "detail", result_text(document->detail));
    json_object_set_new(object, "sentence", result_text(sentence));
    return object;
}

static json_t *unsearchable_value(Searcher *searcher, const GArray *rows, const char *origin)
{
    json_t *object = json_object(), *list = json_array();
    for (guint i = 0; i < MIN(rows->len, RECORD_UNSEARCHABLE); i++) {
        json_t *one = unsearchable_one(searcher, g_array_index(rows, gint64, i), origin);
        if (one)
            json_array_append_new(list, one);
    }
    json_object_set_new(object, "count", json_integer(rows->len));
    json_object_set_new(object, "documents", list);
    return object;
}

json_t *record_make(Searcher *searcher, const RecordQuestion *question, GError **error)
{
    json_t *query = question_value(searcher, question, error);
    json_t *archive = query ? archive_value(searcher, error) : NULL;
    g_autoptr(SearchRows) rows = archive ? searcher_rows(searcher, question->search, error) : NULL;
    if (!rows || (searcher_is_timed_out(searcher) && trouble_costly(error))) {
        json_decref(query);
        json_decref(archive);
        return NULL;
    }
    json_t *record = json_object();
    json_object_set_new(record, "made", result_time(question->made_unix));
    json_object_set_new(record, "program", json_string("Schedario " SCHEDARIO_VERSION));
    json_object_set_new(record, "repeats", result_text(question->repeats));
    json_object_set_new(record, "archive", archive);
    json_object_set_new(record, "query", query);
    json_object_set_new(record, "filters", filters_value(question->search));
    json_object_set_new(record, "sort", json_string(search_sort_name(question->search->sort)));
    json_object_set_new(record, "counts", counts_value(searcher_cards(searcher), rows));
    json_object_set_new(record, "unsearchable",
                        unsearchable_value(searcher, rows->unsearchable, question->origin));
    return record;
}
