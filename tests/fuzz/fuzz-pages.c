/* libFuzzer target of all routes: an input is a request target, the Host and the Accept-Language
 * header, each ended by NUL; "@" in the target stands for the id of a document. Every address has
 * an answer of a status that is meant, in the form that it says it has, and nothing of the request
 * stands in it unescaped. */
#include "fuzz-archive.h"

#include <jansson.h>

#include "../../server/http/http_request.h"
#include "../../server/limits.h"
#include "../../server/pages/pages.h"
#include "../../server/routes.h"
#include "../../server/service.h"

/* Stands in no template and in no document. Where these letters come behind a sign of markup, they
 * came from the request. */
#define MARK "zqj"

static Service *service(void)
{
    static Service *made;
    if (!made)
        made = service_new(fuzz_archive(), NULL, "web", NULL);
    require(made != NULL);
    return made;
}

static char *with_id(const char *target)
{
    g_autofree char *id = sample_id(&FUZZ_SAMPLES[0]);
    g_auto(GStrv) parts = g_strsplit(target, "@", -1);
    return g_strjoinv(id, parts);
}

/* The body in whole, also of a stream. */
static GString *body_of(HttpResponse *response)
{
    GString *body = g_string_new(NULL);
    g_autoptr(GString) piece = g_string_new(NULL);
    gsize length = 0;
    if (response->body) {
        const char *bytes = g_bytes_get_data(response->body, &length);
        g_string_append_len(body, bytes ? bytes : "", (gssize)length);
    }
    while (response->stream.next && response->stream.next(response->stream.source, piece) &&
           piece->len > 0) {
        g_string_append_len(body, piece->str, (gssize)piece->len);
        g_string_truncate(piece, 0);
    }
    return body;
}

/* A quote may only be the one that begins an attribute, or a string of JSON. */
static void check_markup(const char *text)
{
    for (const char *at = text; (at = strstr(at, MARK)); at++) {
        require(at - text < 2 || !strchr("<'&", at[-1]));
        require(at - text < 2 || at[-1] != '"' || strchr("=:[{, ", at[-2]));
    }
}

static void check_xml(const GString *body)
{
    static const GMarkupParser NOTHING = {0};
    GMarkupParseContext *context = g_markup_parse_context_new(&NOTHING, 0, NULL, NULL);
    require(g_markup_parse_context_parse(context, body->str, (gssize)body->len, NULL));
    require(g_markup_parse_context_end_parse(context, NULL));
    g_markup_parse_context_free(context);
}

static void check_json(const GString *body)
{
    json_t *value = json_loadb(body->str, body->len, JSON_DECODE_ANY, NULL);
    require(value != NULL);
    json_decref(value);
}

static void check_body(const GString *body, const char *type)
{
    require(g_utf8_validate_len(body->str, body->len, NULL) || !g_str_has_prefix(type, "text/"));
    if (strstr(type, "html"))
        check_markup(body->str);
    if (strstr(type, "xml")) {
        check_markup(body->str);
        check_xml(body);
    }
    if (strstr(type, "json") && !strstr(type, "jsonl") && !strstr(type, "lines") &&
        !strstr(type, "ndjson"))
        check_json(body);
}

static void check_response(HttpResponse *response)
{
    static const guint STATUSES[] = {200, 301, 302, 303, 307, 308, 400, 404, 405, 410, 414, 503};
    gboolean is_meant = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(STATUSES); i++)
        is_meant |= response->status == STATUSES[i];
    require(is_meant && (response->content_type || response->status != 200));
    for (guint i = 0; response->headers && i < response->headers->len; i++)
        for (const char *at = response->headers->pdata[i]; *at; at++)
            require(g_ascii_isprint(*at));
    GString *body = body_of(response);
    if (response->content_type && response->file < 0)
        check_body(body, response->content_type);
    g_string_free(body, TRUE);
}

static HttpResponse *answer(HttpRequest *request)
{
    HttpFault fault = {0};
    gboolean is_api = g_str_has_prefix(request->raw_target, "/api/");
    if (!http_request_parse(request, &fault))
        return pages_error(fault.status, fault.detail, is_api, request, service());
    for (const HttpRoute *route = ROUTES; route->pattern; route++)
        if (http_request_match(request, route->pattern)) {
            gboolean is_strict = (route->flags & HTTP_ROUTE_API) != 0;
            return is_strict && !http_request_has_only(request, route->parameters)
                       ? pages_error(400, "an unknown parameter", TRUE, request, service())
                       : route->handle(request, service());
        }
    return pages_error(404, "no such address", is_api, request, service());
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {data, size};
    g_autofree char *typed = fuzz_string(&input);
    g_autofree char *host = fuzz_string(&input);
    g_autofree char *language = fuzz_string(&input);
    g_autofree char *target = with_id(typed);
    g_autoptr(HttpRequest) request = http_request_new("GET", target);
    request->host = *host ? host : NULL;
    request->accept_language = *language ? language : NULL;
    g_autoptr(HttpResponse) response = answer(request);
    require(response != NULL);
    check_response(response);
    return 0;
}
