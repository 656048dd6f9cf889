/* See problem.h. */
#include "problem.h"

static const struct {
    guint status;
    const char *title;
} TITLES[] = {
    {400, "Bad Request"},           {404, "Not Found"},
    {405, "Method Not Allowed"},    {410, "Gone"},
    {413, "Content Too Large"},     {414, "URI Too Long"},
    {422, "Unprocessable Content"}, {500, "Internal Server Error"},
    {503, "Service Unavailable"},
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

/* 128 bits of SHA-256: enough that two bodies never share a tag. */
static char *weak_tag(GBytes *body)
{
    enum { DIGITS = 32 };
    g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, body);
    return g_strdup_printf("W/\"%.*s\"", DIGITS, sum);
}

/* The time goes before the closing brace: the value is written once, and hashed without it. */
static GBytes *with_time(GBytes *body, gint64 took_us)
{
    gsize length;
    const char *text = g_bytes_get_data(body, &length);
    g_assert(length > strlen("{}") && text[length - 1] == '}');
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(number, sizeof number, "%.3f", (double)took_us / 1000);
    GString *timed = g_string_sized_new(length + sizeof number + strlen(",\"took_ms\":"));
    g_string_append_len(timed, text, (gssize)length - 1);
    g_string_append(timed, ",\"took_ms\":");
    g_string_append(timed, number);
    g_string_append_c(timed, '}');
    return g_string_free_to_bytes(timed);
}

HttpResponse *json_response_timed(json_t *value, gint64 took_us)
{
    g_autoptr(GBytes) body = dump(value);
    g_autofree char *tag = weak_tag(body);
    HttpResponse *response = http_response_new(200, "application/json", with_time(body, took_us));
    http_response_header(response, "ETag", tag);
    json_decref(value);
    return response;
}
