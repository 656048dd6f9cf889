/* See pages_image.h. What the archive knows is read first and the searcher given back: a reader
 * process may take a while, and the archive's old state should not be held for so long. */
#include "pages_image.h"

#include <string.h>

#include "../../indexer/reader/protocol.h"
#include "../answers/facsimile.h"
#include "../answers/parameters.h"
#include "../api.h"
#include "../http/problem.h"
#include "../search/lookup.h"
#include "../service.h"

enum {
    WIDTH = 1000, /* pixels, when the address does not say */
    KEEP_SECONDS = 365 * 24 * 3600,
    KEEP_MATCHES_SECONDS = 3600, /* what a question finds may change with the dictionaries */
};

/* What is asked for, as far as the archive knows it. */
typedef struct {
    Lookup lookup;
    guint number;
    GString *marked; /* NULL without a question, unless it is wanted */
    GArray *spans;   /* MarkedSpan; the same */
} Asked;

static void asked_release(Asked *asked)
{
    lookup_release(&asked->lookup);
    if (asked->marked)
        g_string_free(asked->marked, TRUE);
    if (asked->spans)
        g_array_unref(asked->spans);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asked, asked_release)

static HttpResponse *no_number(void)
{
    return problem_response(404, "a page's number is a whole number from 1", NULL);
}

static guint page_of(const char *text)
{
    guint64 number = 0;
    if (strspn(text, "0123456789") != strlen(text) ||
        !g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT, &number, NULL))
        return 0;
    return (guint)number;
}

/* The page's text and the matches in it. NULL, or the response that says why not. */
static HttpResponse *find_matches(Asked *asked, const HttpRequest *request, Service *service,
                                  Searcher *searcher)
{
    GError *error = NULL;
    asked->marked = lookup_page_seen(searcher, asked->lookup.document, asked->number, &error);
    if (!asked->marked)
        return error ? api_unavailable(service, error)
                     : problem_response(404, "the document has no such page", NULL);
    Analyser *analyser = searcher_analyser(searcher);
    g_autoptr(Query) query = parameters_question(request, service_vocabulary(service), analyser);
    g_autoptr(Marker) marker = marker_new(query_concepts(query));
    asked->spans = marker_find(marker, analyser, asked->marked->str, asked->marked->len);
    return NULL;
}

/* Fills `asked`. NULL, or the response that says why not. */
static HttpResponse *look_up(Asked *asked, const HttpRequest *request, Service *service,
                             gboolean with_matches)
{
    GError *error = NULL;
    HttpResponse *response = NULL;
    *asked = (Asked){.number = page_of(request->segments[1])};
    if (asked->number == 0)
        return no_number();
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return api_unavailable(service, error);
    LookupOutcome outcome = lookup_document(searcher, request->segments[0], &asked->lookup, &error);
    if (outcome != LOOKUP_FOUND)
        response = api_absent(service, outcome, &asked->lookup, error);
    else if (with_matches)
        response = find_matches(asked, request, service, searcher);
    service_return(service, searcher);
    return response;
}

static HttpResponse *fault_response(GError *error)
{
    static const guint STATUS[] = {
        [FACSIMILE_ERROR_NONE] = 404,      [FACSIMILE_ERROR_MISSING] = 404,
        [FACSIMILE_ERROR_NO_PAGE] = 404,   [FACSIMILE_ERROR_BUSY] = 503,
        [FACSIMILE_ERROR_NO_READER] = 503, [FACSIMILE_ERROR_PAGE] = 422,
    };
    g_assert(error->domain == FACSIMILE_ERROR && (guint)error->code < G_N_ELEMENTS(STATUS));
    HttpResponse *response = problem_response(STATUS[error->code], error->message, NULL);
    g_error_free(error);
    return response;
}

static FacsimilePage page_asked(const Asked *asked)
{
    return (FacsimilePage){asked->lookup.document, asked->lookup.paths, asked->number};
}

/* The boxes to draw; NULL without a question. FALSE and `error`. */
static gboolean find_boxes(const Asked *asked, Facsimile *facsimile, GArray **ret_boxes,
                           GError **error)
{
    FacsimilePage page = page_asked(asked);
    *ret_boxes = NULL;
    if (!asked->spans || asked->spans->len == 0)
        return TRUE;
    *ret_boxes = facsimile_boxes(facsimile, &page, asked->marked, asked->spans, NULL, NULL, error);
    return *ret_boxes != NULL;
}

static HttpResponse *image_response(GBytes *image, gboolean with_question)
{
    HttpResponse *response = http_response_new(200, "image/png", image);
    response->is_immutable = !with_question;
    response->max_age_seconds = with_question ? KEEP_MATCHES_SECONDS : KEEP_SECONDS;
    return response;
}

HttpResponse *pages_image(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    guint width = WIDTH;
    gboolean with_question = *parameters_query(request) != '\0';
    g_auto(Asked) asked = {0};
    g_autoptr(GArray) boxes = NULL;
    if (!parameter_number(request, "width", READER_WIDTH_LEAST, READER_WIDTH_MOST, &width,
                          &error)) {
        HttpResponse *response = problem_response(400, error->message, NULL);
        g_error_free(error);
        return response;
    }
    HttpResponse *fault = look_up(&asked, request, service, with_question);
    if (fault)
        return fault;
    Facsimile *facsimile = service_facsimile(service);
    FacsimilePage page = page_asked(&asked);
    if (!find_boxes(&asked, facsimile, &boxes, &error))
        return fault_response(error);
    GBytes *image = facsimile_image(facsimile, &page, width, boxes, &error);
    return image ? image_response(image, with_question) : fault_response(error);
}

HttpResponse *api_boxes(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    g_auto(Asked) asked = {0};
    HttpResponse *fault = look_up(&asked, request, service, TRUE);
    if (fault)
        return fault;
    FacsimilePage page = page_asked(&asked);
    json_t *value =
        facsimile_value(service_facsimile(service), &page, asked.marked, asked.spans, &error);
    return value ? json_response(value) : fault_response(error);
}
