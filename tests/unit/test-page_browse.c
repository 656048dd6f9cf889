/* Tests of what one browses by: server/pages_browse, page_browse, page_years, page_letters, and the
 * lists' own sizes, orders and letters. What the whole pages must hold; how they look is the
 * browser tests'. */
#include "answer_check.h"
#include "sample.h"

#include "../../server/http/http_request.h"
#include "../../server/pages/page_years.h"
#include "../../server/pages/pages.h"

enum { MANY = 130 };

typedef struct {
    SampleFolder folder;
    Service *service;
} Fixture;

/* Bodies from A to M, folders within folders, years from 1990 on. */
static void put_many(const char *path)
{
    g_autoptr(Archive) archive = sample_writer(path);
    assert_true(archive_begin(archive, NULL));
    for (int i = 0; i < MANY; i++) {
        g_autofree char *name = g_strdup_printf("f%d/g%d/%d.pdf", i % 3, i % 5, i);
        g_autofree char *title = g_strdup_printf("Il %c-titolo %03d", 'a' + i % 13, i);
        g_autofree char *body = g_strdup_printf("%ca <ente> %d", 'A' + i % 13, i);
        Sample sample = {name,      title, IT "Parole del comune.", body, 1990 + i % 30,
                         KIND_PLAN, NULL};
        sample_put_within(archive, &sample);
    }
    Sample plain = {"top.pdf", "1° rapporto", EN "A report.", NULL, 0, KIND_OTHER, NULL};
    sample_put_within(archive, &plain);
    assert_true(archive_commit(archive, NULL));
}

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    GError *error = NULL;
    f->folder = sample_folder_new();
    put_many(f->folder.archive);
    f->service = service_new(f->folder.archive, NULL, "web", &error);
    if (!f->service)
        fail_msg("%s", error->message);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    service_free(f->service);
    sample_folder_release(&f->folder);
    g_free(f);
    return 0;
}

typedef HttpResponse *(*Handler)(const HttpRequest *request, gpointer service);

typedef struct {
    Handler handle;
    const char *pattern;
    const char *target;
    guint status;
    const char *present[6];
    const char *absent[4];
} Case;

#define FACET_PAGE pages_browse_facet, "/browse/{facet}"

static const Case CASES[] = {
    {pages_browse,
     "/browse",
     "/browse",
     200,
     {"131 documenti", "href=\"/browse/body\">Enti</a>", "Tutti gli enti (130)",
      "/documents?collection=f0", "/documents?year_from=1990&amp;year_to=1990", "#letter-other"},
     {"<ente>", "collection=f0%2Fg0\""}},
    {FACET_PAGE,
     "/browse/body",
     200,
     {"<h1>Enti</h1>", "id=\"letter-a\"", "/browse/body?page=2",
      "href=\"/browse/body?page=3#letter-m\"",
      "/documents?body=Aa%20%3Cente%3E%200\">Aa &lt;ente&gt; 0", "130 voci"},
     {"id=\"letter-m\"", "Ma &lt;ente&gt;"}},
    {FACET_PAGE,
     "/browse/body?page=3&hl=en",
     200,
     {"id=\"letter-m\"", "&amp;hl=en"},
     {"id=\"letter-a\""}},
    {FACET_PAGE, "/browse/body?page=9", 200, {"Qui non c’è nulla"}, {0}},
    {FACET_PAGE, "/browse/body?order=count", 200, {"order=name"}, {"class=\"letters\""}},
    {FACET_PAGE,
     "/browse/body?q=comune&kind=plan&year_from=1990&year_to=1990",
     200,
     {"Solo nei risultati per «comune»: 5 documenti", "Aa &lt;ente&gt; 0",
      "year_to=1990&amp;body=Aa%20%3Cente%3E%200\">",
      "href=\"/search?q=comune&amp;kind=plan&amp;year_from=1990&amp;year_to=1990\">Torna ai "
      "documenti"},
     {"Aa &lt;ente&gt; 13<"}},
    {FACET_PAGE,
     "/browse/kind",
     200,
     {"Tipi di documento", "/documents?kind=plan", "/documents?kind=other"},
     {0}},
    {FACET_PAGE,
     "/browse/collection",
     200,
     {"class=\"tree\"", "/documents?collection=f0%2Fg4", ">g4</a>", "</ul></li>"},
     {0}},
    {FACET_PAGE,
     "/browse/collection?in=f1",
     200,
     {"<h1>f1</h1>", "collection=f1%2Fg0", "href=\"/browse/collection\">Raccolte"},
     {"collection=f2"}},
    {FACET_PAGE,
     "/browse/collection?in=nowhere%3Cb%3E",
     200,
     {"Qui non c’è nulla", "nowhere&lt;b&gt;"},
     {"<b>"}},
    {FACET_PAGE,
     "/browse/year",
     200,
     {"class=\"bars\"", "2010–2019", "1 documento è senza anno", "year_from=2019&amp;year_to=2019"},
     {0}},
    {FACET_PAGE,
     "/browse/language?hl=en",
     200,
     {"Languages", "language=it&amp;hl=en\">Italian"},
     {0}},
    {FACET_PAGE, "/browse/theme", 200, {"Qui non c’è nulla"}, {0}},
    {FACET_PAGE, "/browse/colour", 404, {"Pagina non trovata"}, {"colour"}},
    {FACET_PAGE, "/browse/body?page=none", 400, {"Richiesta"}, {0}},
    {FACET_PAGE, "/browse/body?kind=poem", 400, {"Richiesta"}, {0}},
    {pages_documents,
     "/documents",
     "/documents",
     200,
     {"id=\"letter-other\"", "id=\"letter-a\"", "href=\"/documents?page=2#letter-b\"",
      "href=\"/documents?size=50\"", "href=\"/browse/body\"", "role=\"status\""},
     {"Aggiunto il"}},
    {pages_documents,
     "/documents",
     "/documents?size=50&kind=plan",
     200,
     {"id=\"letter-e\"", "href=\"/documents?kind=plan&amp;size=50&amp;page=2#letter-f\"",
      "<input type=\"hidden\" name=\"size\" value=\"50\">",
      "href=\"/documents?kind=plan&amp;size=20\"", "href=\"/documents?size=50\">"},
     {"id=\"letter-other\""}},
    {pages_documents,
     "/documents",
     "/documents?sort=added",
     200,
     {"Aggiunto il 13 settembre 2020", "1° rapporto"},
     {"class=\"letters\"", "titolo 000"}},
    {pages_documents, "/documents", "/documents?size=7", 400, {"Richiesta"}, {0}},
    {pages_documents, "/documents", "/documents?size=x", 400, {"Richiesta"}, {0}},
    {pages_documents,
     "/documents",
     "/documents?kind=statute&year_from=1990&year_to=1999",
     200,
     {"Nessun documento", "Senza il filtro «Tipo di documento: Statuto»</a>: 50 documenti"},
     {"Senza il filtro «Anno", "Senza nessun filtro</a>: 50"}},
    {pages_search,
     "/search",
     "/search?q=%22comune+parole%22&kind=statute&translate=off&size=20",
     200,
     {"Nessun risultato",
      "q=comune%20parole&amp;translate=off&amp;size=20\">Le sole parole, senza filtri"},
     {"Senza il filtro"}},
    {pages_search,
     "/search",
     "/search?q=comune&year_from=1990&year_to=1994",
     200,
     {"class=\"bars\"", "year_from=1991&amp;year_to=1991", "Tutti gli anni",
      "name=\"kind\" value=\"plan\""},
     {"year_from=1995&amp;"}},
    {pages_start,
     "/",
     "/",
     200,
     {"class=\"bars\"", "Aggiunto il 13 settembre 2020", "/documents?sort=added",
      "Tutti gli enti (130)", "href=\"/browse\""},
     {"<ente>"}},
};

static void check(const Case *a_case, gpointer service)
{
    HttpFault fault;
    g_autoptr(HttpRequest) request = http_request_new("GET", a_case->target);
    assert_true(http_request_parse(request, &fault));
    assert_true(http_request_match(request, a_case->pattern));
    request->accept_language = "it";
    g_autoptr(HttpResponse) response = a_case->handle(request, service);
    answer_check(response, EXPECTED(a_case));
}

static void test_pages(void **state)
{
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++)
        check(&CASES[i], f->service);
}

/* The chart */

static char *link_to(gpointer data, int from, int to)
{
    (void)data;
    return g_strdup_printf("%d-%d", from, to);
}

/* "years:count:height" of each bar, "." for one that stands for nothing, with * the current one. */
static char *written(const json_t *chart)
{
    GString *text = g_string_new(NULL);
    const json_t *bars = json_object_get(chart, "bars");
    for (size_t i = 0; i < json_array_size(bars); i++) {
        const json_t *bar = json_array_get(bars, i);
        if (i > 0)
            g_string_append_c(text, ' ');
        if (json_is_null(json_object_get(bar, "address"))) {
            g_string_append_c(text, '.');
            continue;
        }
        g_string_append_printf(
            text, "%s:%s:%d%s", json_string_value(json_object_get(bar, "address")),
            json_string_value(json_object_get(json_object_get(bar, "documents"), "n")),
            (int)json_integer_value(json_object_get(bar, "height")),
            json_is_true(json_object_get(bar, "is_current")) ? "*" : "");
    }
    return g_string_free(text, FALSE);
}

static void test_years(void **state)
{
    static const struct {
        const char *counted;
        int from;
        int to;
        const char *bars;
    } YEARS[] = {
        {"[{\"value\":\"2003\",\"count\":4},{\"value\":\"2001\",\"count\":1}]", 0, 0,
         "2001-2001:1:25 . 2003-2003:4:100"},
        {"[{\"value\":\"2003\",\"count\":1000},{\"value\":\"2002\",\"count\":1}]", 2002, 2002,
         "2002-2002:1:4* 2003-2003:1.000:100"},
        {"[{\"value\":\"2003\",\"count\":4},{\"value\":\"1991\",\"count\":1}]", 0, 0,
         "1991-1991:1:25 . . . . . 2002-2003:4:100"},
        {"[{\"value\":\"2003\",\"count\":4},{\"value\":\"1991\",\"count\":1}]", 2000, 2003,
         ". . . 2003-2003:4:100"},
        {"[{\"value\":\"2003\",\"count\":4},{\"value\":\"1991\",\"count\":2}]", 1991, 1994,
         "1991-1991:2:100 . . ."},
        {"[{\"value\":\"2003\",\"count\":4},{\"value\":\"1991\",\"count\":2}]", 2000, 0,
         "1991-1991:2:50 . . . . . 2002-2003:4:100"},
        {"[{\"value\":\"2020\",\"count\":2},{\"value\":\"1000\",\"count\":2}]", 0, 0,
         "1000-1499:2:100 . 2000-2020:2:100"},
        {"[{\"value\":\"1990\",\"count\":2}]", 2010, 2012, ". . ."},
        {"[]", 0, 0, ""},
    };
    const Fixture *f = *state;
    HttpFault fault;
    g_autoptr(HttpRequest) request = http_request_new("GET", "/search?hl=it");
    assert_true(http_request_parse(request, &fault));
    g_auto(Page) page;
    page_init(&page, request, f->service, "search", TRUE);
    for (gsize i = 0; i < G_N_ELEMENTS(YEARS); i++) {
        json_t *counted = json_loads(YEARS[i].counted, 0, NULL);
        PageYears years = {YEARS[i].from, YEARS[i].to, 10, link_to, NULL};
        json_t *chart = page_years(&page, counted, &years);
        g_autofree char *bars = written(chart);
        if (strcmp(bars, YEARS[i].bars) != 0)
            fail_msg("%s: %s", YEARS[i].counted, bars);
        json_decref(chart);
        json_decref(counted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_years, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
