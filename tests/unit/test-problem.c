/* Tests of server/problem: one shape of error (RFC 9457), whatever the status. */
#include "fixture.h"

#include "../../server/http/problem.h"

static json_t *body_of(const HttpResponse *response)
{
    gsize length = 0;
    const char *text = g_bytes_get_data(response->body, &length);
    json_t *value = json_loadb(text, length, 0, NULL);
    assert_non_null(value);
    return value;
}

static gboolean has_header(const HttpResponse *response, const char *header)
{
    for (guint i = 0; i < response->headers->len; i++)
        if (strcmp(g_ptr_array_index(response->headers, i), header) == 0)
            return TRUE;
    return FALSE;
}

static void test_statuses(void **state)
{
    static const struct {
        guint status;
        const char *title;
    } CASES[] = {
        {400, "Bad Request"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {410, "Gone"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
        {418, "Error"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(HttpResponse) response = problem_response(CASES[i].status, "why \"so\"", NULL);
        json_t *body = body_of(response);
        assert_int_equal(response->status, CASES[i].status);
        assert_string_equal(response->content_type, "application/problem+json");
        assert_string_equal(json_string_value(json_object_get(body, "type")), "about:blank");
        assert_string_equal(json_string_value(json_object_get(body, "title")), CASES[i].title);
        assert_int_equal(json_integer_value(json_object_get(body, "status")), CASES[i].status);
        assert_string_equal(json_string_value(json_object_get(body, "detail")), "why \"so\"");
        assert_int_equal(has_header(response, "Retry-After: 2"), CASES[i].status == 503);
        json_decref(body);
    }
}

static void test_members(void **state)
{
    (void)state;
    json_t *extra = json_pack("{s:s, s:n}", "successor", "ab", "other");
    g_autoptr(HttpResponse) with = problem_response(410, NULL, extra);
    json_t *body = body_of(with);
    assert_null(json_object_get(body, "detail"));
    assert_string_equal(json_string_value(json_object_get(body, "successor")), "ab");
    assert_true(json_is_null(json_object_get(body, "other")));
    assert_int_equal(json_object_size(body), 5);
    assert_int_equal(extra->refcount, 1);
    json_decref(body);
    json_decref(extra);
}

static void test_json(void **state)
{
    (void)state;
    g_autoptr(HttpResponse) response = json_response(json_pack("{s:f, s:s}", "a", 0.1, "b", "è"));
    gsize length = 0;
    const char *text = g_bytes_get_data(response->body, &length);
    assert_int_equal(response->status, 200);
    assert_string_equal(response->content_type, "application/json");
    assert_int_equal(length, strlen("{\"a\":0.1,\"b\":\"è\"}"));
    assert_memory_equal(text, "{\"a\":0.1,\"b\":\"è\"}", length);
}

static const char *tag_of(const HttpResponse *response)
{
    const char *line = g_ptr_array_index(response->headers, 0);
    assert_true(g_str_has_prefix(line, "ETag: W/\""));
    return line;
}

/* The time is told, and has no say in whether the answer is another one. */
static void test_timed(void **state)
{
    (void)state;
    g_autoptr(HttpResponse) first = json_response_timed(json_pack("{s:i}", "a", 1), 1500);
    g_autoptr(HttpResponse) slow = json_response_timed(json_pack("{s:i}", "a", 1), 1234567);
    g_autoptr(HttpResponse) other = json_response_timed(json_pack("{s:i}", "a", 2), 1500);
    static const char BODY[] = "{\"a\":1,\"took_ms\":1.500}";
    gsize length = 0;
    const char *text = g_bytes_get_data(first->body, &length);
    assert_int_equal(length, strlen(BODY));
    assert_memory_equal(text, BODY, length);
    assert_string_equal(tag_of(first), tag_of(slow));
    assert_string_not_equal(tag_of(first), tag_of(other));
    json_t *body = body_of(slow);
    assert_float_equal(json_real_value(json_object_get(body, "took_ms")), 1234.567, 1e-9);
    json_decref(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statuses),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_timed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
