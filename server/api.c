/* See api.h. Each handler: read the parameters, borrow a searcher, answer, give it back. */
#include "api.h"

#include <string.h>

#include "files.h"
#include "lookup.h"
#include "parameters.h"
#include "problem.h"
#include "result.h"
#include "service.h"
#include "similar.h"
#include "spelling.h"
#include "suggest.h"

enum { DEFAULT_LIMIT = 10, FAILURES_LISTED = 1000 };

/* The archive is not there yet, or is being made: worth asking again; anything else is not. */
static HttpResponse *unavailable(GError *error)
{
    HttpResponse *response =
        problem_response(503, "the archive cannot be read at the moment", NULL);
    g_clear_error(&error);
    return response;
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
        return unavailable(error);
    g_autoptr(Query) query =
        parameters_question(request, service_vocabulary(service), searcher_analyser(searcher));
    search.query = query;
    g_autoptr(SearchResult) result = searcher_search(searcher, &search, &error);
    g_autofree char *corrected =
        result ? spelling_correct(searcher, service_lexicon(service), service_vocabulary(service),
                                  query, result, typed, NULL)
               : NULL;
    service_return(service, searcher);
    if (!result)
        return unavailable(error);
    json_t *answer = result_search(&search, result, typed, parameters_explained(request));
    result_add_correction(answer, corrected);
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
        return unavailable(error);
    g_autoptr(GPtrArray) suggestions =
        suggester_complete(service_suggester(service), searcher, typed, limit, &error);
    service_return(service, searcher);
    if (!suggestions)
        return unavailable(error);
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
        return unavailable(error);
    g_autoptr(Query) query = query_parse("", 0, NULL, FALSE, searcher_analyser(searcher));
    search.query = query;
    g_autoptr(SearchResult) result = searcher_search(searcher, &search, &error);
    service_return(service, searcher);
    if (!result)
        return unavailable(error);
    json_t *documents = json_array();
    for (guint i = 0; i < result->items->len; i++) {
        const SearchItem *item = g_ptr_array_index(result->items, i);
        json_array_append_new(documents, result_document(item->document, item->paths));
    }
    json_t *object = json_object();
    json_object_set_new(object, "total", json_integer(result->total));
    json_object_set_new(object, "limit", json_integer(search.limit));
    json_object_set_new(object, "offset", json_integer(search.offset));
    json_object_set_new(object, "documents", documents);
    return json_response(object);
}

/* Documents and pages */

static HttpResponse *lookup_response(LookupOutcome outcome, const Lookup *lookup, GError *error)
{
    switch (outcome) {
    case LOOKUP_GONE:
        return gone(lookup);
    case LOOKUP_FAILED:
        return unavailable(error);
    default:
        return not_found("no document has this id");
    }
}

HttpResponse *api_document(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return unavailable(error);
    g_auto(Lookup) lookup;
    LookupOutcome outcome = lookup_document(searcher, request->segments[0], &lookup, &error);
    service_return(service, searcher);
    if (outcome != LOOKUP_FOUND)
        return lookup_response(outcome, &lookup, error);
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
        return unavailable(error);
    return json_response(result_similar(document->id, limit, items, NULL));
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
        return error ? unavailable(error) : not_found("the document has no such page");
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
        return unavailable(error);
    g_auto(Lookup) lookup;
    LookupOutcome outcome = lookup_document(searcher, request->segments[0], &lookup, &error);
    HttpResponse *response = outcome == LOOKUP_FOUND
                                 ? answer(service, searcher, request, lookup.document)
                                 : lookup_response(outcome, &lookup, error);
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
        return unavailable(error);
    Archive *archive = searcher_archive(searcher);
    g_autoptr(GPtrArray) failures =
        archive_list_files(archive, FILE_FAILED, FAILURES_LISTED, 0, &error);
    gboolean done = failures && archive_counts(archive, &counts, &error);
    service_return(service, searcher);
    return done ? json_response(result_status(&counts, failures)) : unavailable(error);
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
