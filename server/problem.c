/* See problem.h. */
#include "problem.h"

static const struct {
    guint status;
    const char *title;
} TITLES[] = {
    {400, "Bad Request"},           {404, "Not Found"},
    {405, "Method Not Allowed"},    {410, "Gone"},
    {413, "Content Too Large"},     {414, "URI Too Long"},
    {500, "Internal Server Error"}, {503, "Service Unavailable"},
};

const char *problem_title(guint status)
{
    for (gsize i = 0; i < G_N_ELEMENTS(TITLES); i++)
        if (TITLES[i].status == status)
            return TITLES[i].title;
    return "Error";
}

static GBytes *dump(const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(12));
    g_assert(text);
    return g_bytes_new_with_free_func(text, strlen(text), free, text);
}

HttpResponse *problem_response(guint status, const char *detail, json_t *extra)
{
    json_t *object = json_object();
    json_object_set_new(object, "type", json_string("about:blank"));
    json_object_set_new(object, "title", json_string(problem_title(status)));
    json_object_set_new(object, "status", json_integer(status));
    if (detail)
        json_object_set_new(object, "detail", json_string(detail));
    if (extra)
        json_object_update(object, extra);
    HttpResponse *response = http_response_new(status, "application/problem+json", dump(object));
    json_decref(object);
    if (status == 503)
        http_response_header(response, "Retry-After", "2");
    return response;
}

HttpResponse *json_response(json_t *value)
{
    HttpResponse *response = http_response_new(200, "application/json", dump(value));
    json_decref(value);
    return response;
}
