/* libFuzzer target of server/http_request (addresses), server/parameters and server/address: an
 * input is a request target. What is taken is clean and means the same when it is written as an
 * address again; what is not has the status of a bad address, and leaves nothing behind. */
#include "fuzz.h"

#include "../../server/answers/parameters.h"
#include "../../server/http/address.h"
#include "../../server/http/http_request.h"
#include "../../server/limits.h"
#include "../../server/routes.h"

static void check_path(const char *path)
{
    g_auto(GStrv) segments = g_strsplit(path, "/", -1);
    require(*path == '/' && g_utf8_validate(path, -1, NULL));
    for (guint i = 1; segments[i]; i++) {
        require(*segments[i] || !segments[i + 1]);
        require(strcmp(segments[i], ".") != 0 && strcmp(segments[i], "..") != 0);
    }
}

static void check_parameters(GHashTable *parameters)
{
    GHashTableIter iter;
    gpointer name, values;
    guint count = 0;
    g_hash_table_iter_init(&iter, parameters);
    while (g_hash_table_iter_next(&iter, &name, &values)) {
        const GPtrArray *list = values;
        require(list->len > 0 && g_utf8_validate(name, -1, NULL));
        for (guint i = 0; i < list->len; i++)
            require(g_utf8_validate(list->pdata[i], -1, NULL));
        count += list->len;
    }
    require(count <= HTTP_PARAMETERS);
}

/* The same address as this server would write it. */
static char *written_again(const HttpRequest *request)
{
    g_auto(GStrv) segments = g_strsplit(request->path, "/", -1);
    Address address = address_begin("");
    GHashTableIter iter;
    gpointer name, values;
    for (guint i = 1; segments[i]; i++)
        address_segment(&address, segments[i]);
    g_hash_table_iter_init(&iter, request->parameters);
    while (g_hash_table_iter_next(&iter, &name, &values))
        for (guint i = 0; i < ((GPtrArray *)values)->len; i++)
            address_pair(&address, name, ((GPtrArray *)values)->pdata[i]);
    return address_take(&address);
}

static void require_has_values(const HttpRequest *request, const char *name,
                               const GPtrArray *values)
{
    const GPtrArray *again = g_hash_table_lookup(request->parameters, name);
    guint at = 0;
    for (guint i = 0; i < values->len; i++) {
        if (*(const char *)values->pdata[i] == '\0')
            continue;
        require(again && at < again->len && strcmp(again->pdata[at], values->pdata[i]) == 0);
        at++;
    }
}

static void check_again(const HttpRequest *request)
{
    g_autofree char *target = written_again(request);
    if (strlen(target) > HTTP_TARGET_BYTES)
        return;
    g_autoptr(HttpRequest) again = http_request_new("GET", target);
    HttpFault fault = {0};
    GHashTableIter iter;
    gpointer name, values;
    require(http_request_parse(again, &fault));
    require(strcmp(again->path, request->path) == 0);
    g_hash_table_iter_init(&iter, request->parameters);
    while (g_hash_table_iter_next(&iter, &name, &values))
        require_has_values(again, name, values);
}

static void check_routes(HttpRequest *request)
{
    for (const HttpRoute *route = ROUTES; route->pattern; route++) {
        if (!http_request_match(request, route->pattern))
            continue;
        for (guint i = 0; i < HTTP_SEGMENTS && request->segments[i]; i++)
            require(*request->segments[i] && strstr(request->path, request->segments[i]));
        http_request_has_only(request, route->parameters);
    }
}

static void check_search(const HttpRequest *request)
{
    g_autoptr(GError) error = NULL;
    SearchRequest search = {.limit = 10};
    gboolean is_read = parameters_of_search(request, &search, &error);
    require(is_read == !error);
    if (error)
        require(error->domain == PARAMETERS_ERROR && fuzz_is_line(error->message));
    require(search.limit <= SEARCH_LIMIT && search.sort < SORT_COUNT);
    require(search.year_from >= 0 && search.year_from <= 9999);
    for (int i = 0; i < FACET_COUNT; i++)
        require(!search.values[i] || search.values[i]->len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *target = g_strndup((const char *)data, size);
    g_autoptr(HttpRequest) request = http_request_new("GET", target);
    HttpFault fault = {0};
    if (!http_request_parse(request, &fault)) {
        require(fault.status == 400 || fault.status == 404 || fault.status == 414);
        require(fault.detail && !*request->path && g_hash_table_size(request->parameters) == 0);
        return 0;
    }
    check_path(request->path);
    check_parameters(request->parameters);
    check_again(request);
    check_routes(request);
    check_search(request);
    return 0;
}
