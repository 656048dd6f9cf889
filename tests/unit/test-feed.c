/* Tests of server/feed: ids, order, what is in a feed and what is left out. Whether it is Atom, the
 * integration tests hold against a schema. */
#include "sample_search.h"

#include "../../server/http/http_request.h"
#include "../../server/pages/feed.h"

static const Sample SAMPLES[] = {
    {.path = "a.pdf",
     .title = "Piano <delle> acque",
     .marked = IT "Acqua & fiumi." PAGE IT "Ancora acqua.",
     .body = "Ente \"Delta\"",
     .year = 2019,
     .kind = KIND_PLAN},
    {.path = "b.pdf", .title = "Rivers", .marked = EN "Water and rivers."},
    {.path = "c.pdf", .title = "Argini", .marked = IT "Argini, dighe e acqua alta."},
    {.path = "d.pdf", .title = "Scansione"},
};

static int set_up(void **state)
{
    return sample_service_set_up(state, SAMPLES, G_N_ELEMENTS(SAMPLES));
}

static char *feed(const SampleSearch *f, const char *target, const char *host)
{
    HttpFault fault;
    g_autoptr(HttpRequest) request = http_request_new("GET", target);
    request->host = host;
    assert_true(http_request_parse(request, &fault));
    g_autoptr(HttpResponse) response = g_str_has_prefix(target, "/search")
                                           ? feed_search(request, f->service)
                                           : feed_documents(request, f->service);
    if (response->status != 200)
        fail_msg("%s: %u", target, response->status);
    assert_string_equal(response->content_type, "application/atom+xml; charset=utf-8");
    gsize length;
    const char *body = g_bytes_get_data(response->body, &length);
    return g_strndup(body, length);
}

static guint count(const char *text, const char *part)
{
    guint found = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        found++;
    return found;
}

typedef struct {
    const char *target;
    guint entries;
    const char *present[5];
    const char *absent[3];
} Case;

static const Case CASES[] = {
    {"/feed.atom",
     3,
     {"Piano &lt;delle&gt; acque", "<name>Ente &quot;Delta&quot;</name>",
      "<category term=\"plan\" label=\"Piano\"/>",
      ">Piano. Ente &quot;Delta&quot;. 2019. 2 pagine.</summary>",
      "<updated>2020-09-13T12:26:40Z</updated>"},
     {"<delle>", "Scansione", "enclosure"}},
    {"/feed.atom?kind=plan&hl=en",
     1,
     {"xml:lang=\"en\"", "Kind of document: Plan.", "label=\"Plan\"",
      "href=\"http://a.example/feed.atom?kind=plan&amp;hl=en\"",
      "href=\"http://a.example/documents?kind=plan&amp;sort=added&amp;hl=en\""},
     {"Rivers"}},
    {"/feed.atom?kind=report", 0, {"<updated>1970-01-01T00:00:01Z</updated>"}, {"<entry>"}},
    {"/search.atom?q=acqua&translate=off",
     2,
     {"ricerca «acqua»", "<summary xml:lang=\"it\">Pag. 1: ", "Acqua &amp; fiumi.",
      "Pag. 2: ", "?q=acqua&amp;translate=off\""},
     {"<mark>", "Rivers"}},
    {"/search.atom?q=acqua",
     3,
     {"<summary xml:lang=\"en\">Pag. 1: Water and rivers. </summary>"},
     {0}},
    {"/search.atom?q=argini+qwertyuiop", 0, {"totalResults>0<"}, {"<entry>"}},
    {"/search.atom", 3, {"<title>Schedario: nuovi documenti</title>"}, {"opensearch:Query"}},
    {"/search.atom?q=%22%3E%3Cx%20a%3D%27", 0, {"«&quot;&gt;&lt;x a=&#39;»"}, {"<x"}},
};

static void assert_case(const SampleSearch *f, const Case *c)
{
    g_autofree char *xml = feed(f, c->target, "a.example");
    assert_int_equal(count(xml, "<entry>"), c->entries);
    for (gsize i = 0; i < G_N_ELEMENTS(c->present) && c->present[i]; i++)
        if (!strstr(xml, c->present[i]))
            fail_msg("%s: lacks %s in\n%s", c->target, c->present[i], xml);
    for (gsize i = 0; i < G_N_ELEMENTS(c->absent) && c->absent[i]; i++)
        if (strstr(xml, c->absent[i]))
            fail_msg("%s: has %s", c->target, c->absent[i]);
}

static void test_cases(void **state)
{
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++)
        assert_case(*state, &CASES[i]);
}

static char *id_of(const SampleSearch *f, const char *target, const char *host)
{
    g_autofree char *xml = feed(f, target, host);
    const char *from = strstr(xml, "<id>") + strlen("<id>");
    return g_strndup(from, (gsize)(strchr(from, '<') - from));
}

static void test_ids(void **state)
{
    const SampleSearch *f = *state;
    /* uuid5(NAMESPACE_URL, "schedario:/feed.atom") and "https://a.example/search.atom?q=acqua". */
    g_autofree char *plain = id_of(f, "/feed.atom", "a.example");
    g_autofree char *nameless = id_of(f, "/feed.atom?hl=en", NULL);
    assert_string_equal(plain, "urn:uuid:3613659b-b95a-509c-b227-83ddc2e15cfb");
    assert_string_equal(plain, nameless);
    service_set_site(f->service, &(ServiceSite){.url = "https://a.example"});
    g_autofree char *named = id_of(f, "/search.atom?q=acqua", "b.example");
    assert_string_equal(named, "urn:uuid:eff49202-0768-55b6-bcca-8b8037c5e7a8");
}

static void test_entry_id(void **state)
{
    g_autofree char *xml = feed(*state, "/feed.atom?kind=plan", "a.example");
    g_autofree char *sha256 = sample_sha256(&SAMPLES[0]);
    guchar bytes[32];
    for (guint i = 0; i < sizeof bytes; i++)
        bytes[i] = (guchar)(g_ascii_xdigit_value(sha256[2 * i]) * 16 +
                            g_ascii_xdigit_value(sha256[2 * i + 1]));
    const char *from = strstr(xml, "ni:///sha-256;") + strlen("ni:///sha-256;");
    g_autofree char *name = g_strndup(from, (gsize)(strchr(from, '<') - from));
    assert_int_equal(strlen(name), 43);
    g_strdelimit(name, "-", '+');
    g_strdelimit(name, "_", '/');
    g_autofree char *padded = g_strconcat(name, "=", NULL);
    gsize length;
    g_autofree guchar *decoded = g_base64_decode(padded, &length);
    assert_int_equal(length, sizeof bytes);
    assert_memory_equal(decoded, bytes, sizeof bytes);
}

static void test_without_host(void **state)
{
    g_autofree char *xml = feed(*state, "/feed.atom", NULL);
    assert_non_null(strstr(xml, "rel=\"self\" type=\"application/atom+xml\" href=\"/feed.atom\""));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, sample_search_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_cases),
        CASE(test_ids),
        CASE(test_entry_id),
        CASE(test_without_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
