/* Tests of server/address: links, built piece by piece, come apart into the same pieces. */
#include "fixture.h"

#include "../../server/http/address.h"
#include "../../server/http/http_request.h"

static HttpRequest *request_of(const char *target)
{
    HttpFault fault;
    HttpRequest *request = http_request_new("GET", target);
    if (!http_request_parse(request, &fault))
        fail_msg("%s: %s", target, fault.detail);
    return request;
}

static void test_pieces(void **state)
{
    (void)state;
    Address address = address_begin("/documents");
    address_segment(&address, "a/b ?#%");
    address_segment_number(&address, G_MAXUINT);
    address_pair(&address, "q", NULL);
    address_pair(&address, "q", "");
    address_pair(&address, "q", "a&b=c+\xc3\xa8 \"'<>");
    address_pair_number(&address, "n", G_MAXUINT);
    g_autofree char *text = address_take(&address);
    assert_string_equal(text, "/documents/a%2Fb%20%3F%23%25/4294967295"
                              "?q=a%26b%3Dc%2B%C3%A8%20%22%27%3C%3E&n=4294967295");
    assert_null(address.text);
    Address bare = address_begin("/");
    g_autofree char *root = address_take(&bare);
    assert_string_equal(root, "/");
}

static void test_pairs_of(void **state)
{
    static const char TARGET[] = "/s?kind=plan&kind=report&q=a+b&kind=plan&x=1&sort=title";
    static const struct {
        const char *names;
        const char *without_name;
        const char *without_value;
        const char *address;
    } CASES[] = {
        {"q kind sort", NULL, NULL, "/s?q=a%20b&kind=plan&kind=report&kind=plan&sort=title"},
        {"q kind sort", "kind", NULL, "/s?q=a%20b&sort=title"},
        {"q kind sort", "kind", "plan", "/s?q=a%20b&kind=report&sort=title"},
        {"q kind sort", "kind", "other", "/s?q=a%20b&kind=plan&kind=report&kind=plan&sort=title"},
        {"q", "kind", "plan", "/s?q=a%20b"},
        {"absent", NULL, NULL, "/s"},
        {"", NULL, NULL, "/s"},
    };
    (void)state;
    g_autoptr(HttpRequest) request = request_of(TARGET);
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        Address address = address_begin("/s");
        address_pairs_of(&address, request, CASES[i].names, CASES[i].without_name,
                         CASES[i].without_value);
        g_autofree char *text = address_take(&address);
        assert_string_equal(text, CASES[i].address);
    }
}

/* Any text at all comes back from a parsed address as it went in. */
static void test_round_trip(void **state)
{
    static const char *const PIECES[] = {"a", "è", "漢", "&",  "=", "+", "%",    "%41", "#", "?",
                                         "/", " ", "\"", "\n", ";", "'", "\x7f", "𝒳",   "."};
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(6);
    for (int round = 0; round < 500; round++) {
        g_autoptr(GString) value = g_string_new("x");
        for (int i = g_rand_int_range(random, 0, 12); i > 0; i--)
            g_string_append(value, PIECES[g_rand_int_range(random, 0, G_N_ELEMENTS(PIECES))]);
        Address address = address_begin("/s");
        address_pair(&address, value->str, value->str);
        address_pair(&address, "q", value->str);
        g_autofree char *target = address_take(&address);
        g_autoptr(HttpRequest) request = request_of(target);
        assert_string_equal(http_parameter(request, "q"), value->str);
        assert_string_equal(http_parameter(request, value->str), value->str);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_pairs_of),
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
