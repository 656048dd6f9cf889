/* Tests of server/origin: which addresses a site can have, and what a Host header can be. */
#include "fixture.h"

#include "../../server/answers/origin.h"
#include "../../server/http/http_request.h"

static void test_parse(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        const char *origin; /* NULL: refused */
    } CASES[] = {
        {"https://archivio.example", "https://archivio.example"},
        {"https://archivio.example/", "https://archivio.example"},
        {"HTTPS://Archivio.Example:443", "https://archivio.example"},
        {"http://archivio.example:80/", "http://archivio.example"},
        {"http://archivio.example:443", "http://archivio.example:443"},
        {"http://localhost:8080", "http://localhost:8080"},
        {"http://192.0.2.7:8080", "http://192.0.2.7:8080"},
        {"http://[2001:DB8::1]", "http://[2001:db8::1]"},
        {"http://[::1]:8080/", "http://[::1]:8080"},
        {"http://a", "http://a"},
        {"http://xn--citt-1na.example.", "http://xn--citt-1na.example."},
        {"", NULL},
        {"archivio.example", NULL},
        {"ftp://archivio.example", NULL},
        {"https:archivio.example", NULL},
        {"https://", NULL},
        {"https:///", NULL},
        {"https://a.example/archivio", NULL},
        {"https://a.example//", NULL},
        {"https://a.example?x", NULL},
        {"https://a.example#x", NULL},
        {"https://u@a.example", NULL},
        {"https://a.example:", NULL},
        {"https://a.example:0", NULL},
        {"https://a.example:65536", NULL},
        {"https://a.example:8o", NULL},
        {"https://a.example:+80", NULL},
        {"https://a.example:80:80", NULL},
        {"https://a..example", NULL},
        {"https://.example", NULL},
        {"https://-a.example", NULL},
        {"https://a.example-", NULL},
        {"https://a b.example", NULL},
        {"https://citt\xc3\xa0.example", NULL},
        {"https://a_b.example", NULL},
        {"https://a\"b", NULL},
        {"https://[::1", NULL},
        {"https://[]", NULL},
        {"https://[::g]", NULL},
        {"https://[::1]x", NULL},
        {"https://::1", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *origin = origin_parse(CASES[i].url, &error);
        if (g_strcmp0(origin, CASES[i].origin) != 0)
            fail_msg("%s: %s", CASES[i].url, origin ? origin : "refused");
        assert_int_equal(origin == NULL, g_error_matches(error, ORIGIN_ERROR, ORIGIN_ERROR_VALUE));
    }
}

static void test_long_host(void **state)
{
    (void)state;
    g_autofree char *host = g_strnfill(253, 'a');
    g_autofree char *longest = g_strconcat("https://", host, NULL);
    g_autofree char *longer = g_strconcat(longest, "a", NULL);
    g_autofree char *origin = origin_parse(longest, NULL);
    g_autofree char *none = origin_parse(longer, NULL);
    assert_string_equal(origin, longest);
    assert_null(none);
}

static void test_parse_contact(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        const char *contact; /* NULL: refused */
    } CASES[] = {
        {"archivio@comune.example", "mailto:archivio@comune.example"},
        {"mailto:archivio@comune.example", "mailto:archivio@comune.example"},
        {"https://comune.example/contatti?x=1&y=2", "https://comune.example/contatti?x=1&y=2"},
        {"http://comune.example", "http://comune.example"},
        {"https://comune.example/@urp", "https://comune.example/@urp"},
        {"", NULL},
        {"mailto:", NULL},
        {"https://", NULL},
        {"archivio", NULL},
        {"javascript:alert(1)", NULL},
        {"javascript:a@b", NULL},
        {"JavaScript://a@b", NULL},
        {"data:text/html,x", NULL},
        {"/contatti", NULL},
        {"a b@comune.example", NULL},
        {"a@comune.example\n", NULL},
        {"\"a\"@comune.example", NULL},
        {"<a@comune.example>", NULL},
        {"citt\xc3\xa0@comune.example", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *contact = origin_parse_contact(CASES[i].said, &error);
        if (g_strcmp0(contact, CASES[i].contact) != 0)
            fail_msg("%s: %s", CASES[i].said, contact ? contact : "refused");
        assert_int_equal(contact == NULL, error != NULL);
    }
}

typedef struct {
    char *folder;
    Service *service;
} Site;

static int set_up(void **state)
{
    Site *site = g_new0(Site, 1);
    site->folder = fixture_folder_new();
    fixture_write(site->folder, "web/templates/page.mustache", "x");
    fixture_write(site->folder, "web/messages/it.ini", "[messages]\nhello=ciao\n");
    fixture_write(site->folder, "web/messages/en.ini", "[messages]\nhello=hello\n");
    fixture_write(site->folder, "web/assets/style.css", "body {}");
    g_autofree char *archive = g_build_filename(site->folder, "archive.db", NULL);
    g_autofree char *web = g_build_filename(site->folder, "web", NULL);
    site->service = service_new(archive, NULL, web, NULL);
    *state = site;
    return site->service == NULL;
}

static int tear_down(void **state)
{
    Site *site = *state;
    service_free(site->service);
    fixture_folder_remove(site->folder);
    g_free(site);
    return 0;
}

static void assert_origin(const Site *site, const char *host, const char *expected)
{
    g_autoptr(HttpRequest) request = http_request_new("GET", "/");
    request->host = host;
    g_autofree char *origin = origin_of(request, site->service);
    g_autofree char *address = origin_address(origin, "/feed.atom");
    g_autofree char *whole = g_strconcat(expected ? expected : "", "/feed.atom", NULL);
    if (g_strcmp0(origin, expected) != 0)
        fail_msg("%s: %s", host, origin ? origin : "none");
    assert_string_equal(address, whole);
}

static void test_origin_of(void **state)
{
    const Site *site = *state;
    assert_null(service_url(site->service));
    assert_null(service_contact(site->service));
    assert_origin(site, "127.0.0.1:8080", "http://127.0.0.1:8080");
    assert_origin(site, "Archivio.Example", "http://archivio.example");
    assert_origin(site, "[::1]:80", "http://[::1]");
    assert_origin(site, NULL, NULL);
    assert_origin(site, "", NULL);
    assert_origin(site, "a/../b", NULL);
    assert_origin(site, "a\"><script>", NULL);
    assert_origin(site, "u@a", NULL);
    service_set_site(site->service, &(ServiceSite){.url = "https://archivio.example",
                                                   .contact = "mailto:a@archivio.example"});
    assert_origin(site, "other.example", "https://archivio.example");
    assert_origin(site, NULL, "https://archivio.example");
    assert_string_equal(service_contact(site->service), "mailto:a@archivio.example");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_long_host),
        cmocka_unit_test(test_parse_contact),
        cmocka_unit_test_setup_teardown(test_origin_of, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
