/* See api.h. Each handler: read the parameters, borrow a searcher, answer, give it back. */
#include "api.h"

#include <string.h>

#include "answers/parameters.h"
#include "answers/result.h"
#include "files.h"
#include "http/problem.h"
#include "pages/status_files.h"
#include "search/lookup.h"
#include "search/similar.h"
#include "search/spelling.h"
#include "search/suggest.h"
#include "service.h"
#include "trouble.h"

enum { DEFAULT_LIMIT = 10, FAILURES_LISTED = 1000, FILES_OFFSET_MOST = 1000000 };

HttpResponse *api_unavailable(Service *service, GError *error)
{
    Trouble trouble = service_trouble(service, error);
    g_clear_error(&error);
    return problem_response(503, trouble_detail(trouble), NULL);
}

static HttpResponse *bad_value(GError *error)
{
    HttpResponse *response = problem_response(400, error->message, NULL);
    g_error_free(error);
    return response;
}

static HttpResponse *not_found(const char *what)
{
    return problem_response(404, what, NULL);
}

static HttpResponse *gone(const Lookup *lookup)
{
    json_t *extra = json_object();
    if (lookup->successor) {
        char *url = result_document_address(lookup->successor, 0, NULL);
        json_object_set_new(extra, "successor", json_string(lookup->successor));
        json_object_set_new(extra, "successor_url", json_string(url));
        g_free(url);
    } else {
        json_object_set_new(extra, "successor", json_null());
        json_object_set_new(extra, "successor_url", json_null());
    }
    HttpResponse *response =
        problem_response(410, "the document's content is in the corpus no more", extra);
    json_decref(extra);
    return response;
}

/* Searching */

HttpResponse *api_search(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    gint64 started = g_get_monotonic_time();
    const char *typed = parameters_query(request);
    SearchRequest search = {.limit = DEFAULT_LIMIT};
    if (!parameters_of_search(request, &search, &error))
        return bad_value(error);
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return api_unavailable(service, error);
    g_autoptr(Query) query =
        parameters_question(request, service_vocabulary(service), searcher_analyser(searcher));
    search.query = query;
    g_autoptr(SearchResult) result = searcher_search(searcher, &search, &error);
    gboolean is_whole = result && !result->is_timed_out;
    g_autofree char *corrected =
        is_whole ? spelling_correct(searcher, service_lexicon(service), service_vocabulary(service),
                                    query, result, typed, NULL)
                 : NULL;
    g_autoptr(GArray) widenings =
        is_whole && result->total == 0
            ? widening_find(searcher, service_vocabulary(service), &search, typed,
                            parameters_translated(request), &error)
            : NULL;
    service_return(service, searcher);
    if (!result || error)
        return api_unavailable(service, error);
    gint64 took_us = g_get_monotonic_time() - started;
    if (search.offset == 0)
        service_note_question(service, &(ServiceQuestion){.typed = typed,
                                                          .total = result->total,
                                                          .took_us = took_us,
                                                          .is_cut = result->is_timed_out});
    json_t *answer = result_search(&search, result, typed, parameters_explained(request));
    result_add_correction(answer, corrected);
    result_add_widenings(answer, widenings);
    return json_response_timed(answer, g_get_monotonic_time() - started);
}

HttpResponse *api_suggest(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    guint limit = SUGGEST_LIMIT;
    const char *typed = parameters_query(request);
    if (!parameter_number(request, "limit", 0, SUGGEST_LIMIT, &limit, &error))
        return bad_value(error);
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return api_unavailable(service, error);
    g_autoptr(GPtrArray) suggestions =
        suggester_complete(service_suggester(service), searcher, typed, limit, &error);
    service_return(service, searcher);
    if (!suggestions)
        return api_unavailable(service, error);
    json_t *answer = json_object();
    json_object_set_new(answer, "typed", result_text(typed));
    json_object_set_new(answer, "suggestions", result_suggestions(suggestions));
    return json_response(answer);
}

/* A list of documents is a search for all of them, without passages. */
HttpResponse *api_documents(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    SearchRequest search = {.limit = DEFAULT_LIMIT, .sort = SORT_TITLE, .without_hits = TRUE};
    if (!parameters_of_search(request, &search, &error))
        return bad_value(error);
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return api_unavailable(service, error);
    g_autoptr(Query) query = query_parse("", 0, NULL, FALSE, searcher_analyser(searcher));
    search.query = query;
    g_autoptr(SearchResult) result = searcher_search(searcher, &search, &error);
    service_return(service, searcher);
    if (!result)
        return api_unavailable(service, error);
    json_t *documents = json_array();
    for (guint i = 0; i < result->items->len; i++) {
        const SearchItem *item = g_ptr_array_index(result->items, i);
        json_array_append_new(documents, result_document(item->document, item->paths));
    }
    json_t *object = json_object();
    json_object_set_new(object, "total", json_integer(result->total));
    json_object_set_new(object, "limit", json_integer(search.limit));
    json_object_set_new(object, "offset", json_integer(search.offset));
    json_object_set_new(object, "letters", result_letters(result));
    json_object_set_new(object, "documents", documents);
    return json_response(object);
}

/* Documents and pages */

HttpResponse *api_absent(Service *service, LookupOutcome outcome, const Lookup *lookup,
                         GError *error)
{
    switch (outcome) {
    case LOOKUP_GONE:
        return gone(lookup);
    case LOOKUP_FAILED:
        return api_unavailable(service, error);
    default:
        return not_found("no document has this id");
    }
}

HttpResponse *api_document(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return api_unavailable(service, error);
    g_auto(Lookup) lookup;
    LookupOutcome outcome = lookup_document(searcher, request->segments[0], &lookup, &error);
    service_return(service, searcher);
    if (outcome != LOOKUP_FOUND)
        return api_absent(service, outcome, &lookup, error);
    return json_response(result_document(lookup.document, lookup.paths));
}

static HttpResponse *similar_response(Service *service, Searcher *searcher,
                                      const HttpRequest *request, const ArchiveDocument *document)
{
    GError *error = NULL;
    guint limit = DEFAULT_LIMIT;
    if (!parameter_number(request, "limit", 0, SIMILAR_LIMIT, &limit, &error))
        return bad_value(error);
    g_autoptr(LexiconWords) words = lexicon_words(service_lexicon(service));
    g_autoptr(GPtrArray) items =
        similar_find(searcher, service_vocabulary(service), words, document, limit, &error);
    if (!items)
        return api_unavailable(service, error);
    return json_response(
        result_similar(document->id, limit, items, searcher_is_timed_out(searcher), NULL));
}

static HttpResponse *page_response(Service *service, Searcher *searcher, const HttpRequest *request,
                                   const ArchiveDocument *document)
{
    GError *error = NULL;
    guint64 number = 0;
    const char *text = request->segments[1];
    if (strspn(text, "0123456789") != strlen(text) ||
        !g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT, &number, NULL))
        return not_found("a page's number is a whole number from 1");
    g_autoptr(GString) marked = lookup_page(searcher, document, (guint)number, &error);
    if (!marked)
        return error ? api_unavailable(service, error) : not_found("the document has no such page");
    Analyser *analyser = searcher_analyser(searcher);
    g_autoptr(Query) query = parameters_question(request, service_vocabulary(service), analyser);
    g_autoptr(Marker) marker = marker_new(query_concepts(query));
    return json_response(result_page(document, (guint)number, marked, marker, analyser));
}

/* What is to be said of one document, once it is found. */
typedef HttpResponse *(*DocumentAnswer)(Service *service, Searcher *searcher,
                                        const HttpRequest *request,
                                        const ArchiveDocument *document);

static HttpResponse *answer_of_document(const HttpRequest *request, Service *service,
                                        DocumentAnswer answer)
{
    GError *error = NULL;
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return api_unavailable(service, error);
    g_auto(Lookup) lookup;
    LookupOutcome outcome = lookup_document(searcher, request->segments[0], &lookup, &error);
    HttpResponse *response = outcome == LOOKUP_FOUND
                                 ? answer(service, searcher, request, lookup.document)
                                 : api_absent(service, outcome, &lookup, error);
    service_return(service, searcher);
    return response;
}

HttpResponse *api_similar(const HttpRequest *request, gpointer service)
{
    return answer_of_document(request, service, similar_response);
}

HttpResponse *api_page(const HttpRequest *request, gpointer service)
{
    return answer_of_document(request, service, page_response);
}

/* Status */

HttpResponse *api_status(const HttpRequest *request, gpointer service)
{
    (void)request;
    GError *error = NULL;
    ArchiveCounts counts;
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return api_unavailable(service, error);
    Archive *archive = searcher_archive(searcher);
    g_autoptr(GPtrArray) failures =
        archive_list_files(archive, FILE_FAILED, FAILURES_LISTED, 0, &error);
    guint outcomes[OUTCOME_COUNT];
    g_auto(ArchiveWork) work = {0};
    gboolean done = failures && archive_counts(archive, &counts, &error) &&
                    archive_count_outcomes(archive, NULL, NULL, outcomes, &error) &&
                    archive_work(archive, &work, &error);
    service_return(service, searcher);
    if (!done)
        return api_unavailable(service, error);
    json_t *value = result_status(&counts, failures);
    json_object_set_new(value, "outcomes", status_outcomes(outcomes));
    json_object_set_new(value, "indexer",
                        status_indexer(&work, g_get_real_time() / G_USEC_PER_SEC));
    return json_response(value);
}

static json_t *file_list(Archive *archive, const GPtrArray *files)
{
    json_t *list = json_array();
    for (guint i = 0; i < files->len; i++)
        json_array_append_new(list, status_file(archive, g_ptr_array_index(files, i)));
    return list;
}

static json_t *files_value(Archive *archive, const StatusFilter *filter, guint limit, guint offset,
                           GError **error)
{
    guint counts[OUTCOME_COUNT];
    ArchiveFileFilter wanted = status_filter_of(filter);
    wanted.limit = limit;
    wanted.offset = offset;
    g_autoptr(GPtrArray) files = archive_find_files(archive, &wanted, error);
    if (!files || !archive_count_outcomes(archive, filter->folder, filter->words, counts, error))
        return NULL;
    json_t *object = json_object();
    json_object_set_new(object, "total", json_integer(status_filter_total(filter, counts)));
    json_object_set_new(object, "limit", json_integer(limit));
    json_object_set_new(object, "offset", json_integer(offset));
    json_object_set_new(object, "outcomes", status_outcomes(counts));
    json_object_set_new(object, "files", file_list(archive, files));
    return object;
}

HttpResponse *api_status_files(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    guint limit = DEFAULT_LIMIT, offset = 0;
    g_auto(StatusFilter) filter;
    if (!status_filter_read(request, &filter, &error) ||
        !parameter_number(request, "limit", 0, SEARCH_LIMIT, &limit, &error) ||
        !parameter_number(request, "offset", 0, FILES_OFFSET_MOST, &offset, &error))
        return bad_value(error);
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return api_unavailable(service, error);
    json_t *value = files_value(searcher_archive(searcher), &filter, limit, offset, &error);
    service_return(service, searcher);
    return value ? json_response(value) : api_unavailable(service, error);
}

HttpResponse *api_openapi(const HttpRequest *request, gpointer service)
{
    (void)request;
    return files_asset(service, "openapi.json");
}

/* The server answers: that is all that a watchdog wants to know. */
HttpResponse *api_health(const HttpRequest *request, gpointer service)
{
    (void)request;
    (void)service;
    static const char OK[] = "ok\n";
    return http_response_new(200, "text/plain; charset=utf-8",
                             g_bytes_new_static(OK, sizeof OK - 1));
}
