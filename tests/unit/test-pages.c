/* Pages: which status each address has, what must stand on it and what must not. How pages look and
 * behave is the browser tests'. */
#include "answer_check.h"
#include "sample_search.h"

#include "../../server/http/http_request.h"
#include "../../server/pages/pages.h"
#include "../../server/service.h"

static const Sample SAMPLES[] = {
    {"statuti/a.pdf", "Statuto di Valdoria",
     IT "Il Comune promuove la cooperazione." PAGE IT "Acqua e <fiumi>." PAGE EN "Rivers & lakes.",
     "Comune di Valdoria", 2015, KIND_STATUTE, NULL},
    {"piani/en/b.pdf", "Water plan", EN "Rivers and <b>water</b>.", NULL, 2019, KIND_PLAN, NULL},
    {"piani/scan.pdf", "Scansione", NULL, NULL, 2021, KIND_PLAN, NULL},
};

/* Two more, on one subject, for pages on which they stand together. */
static const Sample ALIKE[] = {
    {"mulini.pdf", "Mulini <e> chiuse", IT "Argini, dighe, canali, chiuse e mulini; torrente.",
     "Ente <dei> canali", 2011, KIND_REPORT, NULL},
    {"argini.pdf", "Argini", IT "Il torrente: argini, canali, dighe, mulini e chiuse.", NULL, 0,
     KIND_OTHER, NULL},
};

typedef HttpResponse *(*Handler)(const HttpRequest *request, gpointer service);

static int set_up(void **state)
{
    return sample_service_set_up(state, SAMPLES, G_N_ELEMENTS(SAMPLES));
}

/* "@0" in an address stands for the id of the first sample. */
static char *with_id(const char *target)
{
    const char *mark = strchr(target, '@');
    if (!mark)
        return g_strdup(target);
    g_autofree char *before = g_strndup(target, (gsize)(mark - target));
    g_autofree char *id = sample_id(&SAMPLES[mark[1] - '0']);
    return g_strconcat(before, id, mark + 2, NULL);
}

typedef struct {
    Handler handle;
    const char *pattern;
    const char *target;
    const char *accept_language;
    guint status;
    const char *present[6];
    const char *absent[3];
} Case;

#define DOCUMENT "/documents/{id}"
#define TEXT     "/documents/{id}/pages/{n}"

static const Case CASES[] = {
    {pages_start, "/", "/", NULL, 200, {"<html lang=\"it\"", "href=\"/?hl=en\"", "Statuto"}, {0}},
    {pages_start, "/", "/", "en", 200, {"<html lang=\"en\"", "href=\"/help\""}, {"name=\"hl\""}},
    {pages_start,
     "/",
     "/?hl=en",
     "it",
     200,
     {"<html lang=\"en\"", "href=\"/help?hl=en\"", "name=\"hl\" value=\"en\""},
     {0}},
    {pages_start, "/", "/?hl=fr", "en", 200, {"<html lang=\"en\""}, {"hl=fr"}},
    {pages_search,
     "/search",
     "/search?q=fiumi",
     "it",
     200,
     {"2 documenti per «fiumi»", "<mark>fiumi</mark>", "/pages/2?q=fiumi#hit", "lang=\"it\">",
      "&lt;<mark>"},
     {"<fiumi>"}},
    {pages_search,
     "/search",
     "/search?q=fiumi&kind=plan",
     "it",
     200,
     {"Cercato anche", "tramite <i lang=\"en\">rivers</i>",
      "href=\"/search?q=fiumi&amp;translate=off&amp;kind=plan\"", "<mark>Rivers</mark>"},
     {"sono state cercate solo", "class=\"missing\""}},
    {pages_search,
     "/search",
     "/search?q=fiumi&translate=off&kind=statute",
     "it",
     200,
     {"1 documento per «fiumi»", "href=\"/search?q=fiumi&amp;kind=statute\"",
      "/pages/2?q=fiumi&amp;translate=off&amp;kind=statute#hit",
      "<input type=\"hidden\" name=\"translate\" value=\"off\">",
      "href=\"/search?q=fiumi&amp;translate=off\""},
     {"Cercato anche", "tramite", "<mark>Rivers</mark>"}},
    {pages_search,
     "/search",
     "/search?q=rivers+wolves",
     "en",
     200,
     {"2 documents", "No document holds all the words",
      "In no document of the archive: <s>wolves</s>", "Missing: <s>wolves</s>"},
     {"The next"}},
    {pages_search,
     "/search",
     "/search?q=acqua+cooperazione&translate=off",
     "it",
     200,
     {"1 documento"},
     {"che segu", "<s>"}},
    {pages_search,
     "/search",
     "/search?q=rivers+water+lakes",
     "it",
     200,
     {"2 documenti", "Il documento che segue contiene solo una parte delle parole", "start=\"2\"",
      "Manca: <s>lakes</s>"},
     {"Nessun documento contiene"}},
    {pages_search,
     "/search",
     "/search?q=rivers+lang:de",
     "en",
     200,
     {"“lang:de” is no value known here", "href=\"/search?q=rivers%20lang%3Ait\">Italian</a>",
      "href=\"/search?q=rivers%20lang%3Aen\">English</a>"},
     {0}},
    {pages_search,
     "/search",
     "/search?q=area:(mediterraneo+OR+luna)&translate=off&hl=en",
     "it",
     200,
     {"“luna” is no value known here",
      "href=\"/"
      "search?q=area%3A%28mediterraneo%20OR%20latin-america%29&amp;translate=off&amp;hl=en\">"
      "Latin America</a>"},
     {">Migration</a>"}},
    {pages_search,
     "/search",
     "/search?q=%22%22",
     "it",
     200,
     {"Non c’è nessuna parola da cercare", "<h1 class=\"results-heading\">2 documenti</h1>"},
     {0}},
    {pages_search,
     "/search",
     "/search?q=tema:cani&sort=title",
     "it",
     200,
     {"href=\"/search?q=tema%3Amigration&amp;sort=title\">Migrazioni</a>"},
     {">Mediterraneo</a>"}},
    {pages_search,
     "/search",
     "/search?q=kind:poem",
     "it",
     200,
     {"href=\"/search?q=kind%3Astatute\">Statuto</a>"},
     {0}},
    {pages_search,
     "/search",
     "/search?q=rivers",
     "en",
     200,
     {"2 documents for “rivers”", "<p lang=\"en\">", "1 document cannot be searched",
      "href=\"/status?state=failed\""},
     {0}},
    {pages_search,
     "/search",
     "/search?q=comune&kind=statuto&year_from=2010&year_to=2016&sort=title",
     "it",
     200,
     {"href=\"/search?q=comune&amp;kind=statuto&amp;sort=title\"",
      "href=\"/search?q=comune&amp;year_from=2010&amp;year_to=2016&amp;sort=title\"",
      "href=\"/search?q=comune&amp;sort=title\"", "value=\"statute\" checked", "dal 2010 al 2016"},
     {0}},
    {pages_search,
     "/search",
     "/search?q=%3Cscript%3E%22",
     "it",
     200,
     {"Nessun risultato", "value=\"&lt;script&gt;&quot;\""},
     {"<script>"}},
    {pages_search,
     "/search",
     "/search?q=rivers&page=9",
     "en",
     200,
     {"no such page of results"},
     {0}},
    {pages_search,
     "/search",
     "/search?year_from=abc",
     "it",
     400,
     {"Richiesta non valida"},
     {"abc"}},
    {pages_search, "/search", "/search?page=0", "it", 400, {"Richiesta non valida"}, {0}},
    {pages_documents, "/documents", "/documents", "en", 200, {"2 documents", "Water plan"}, {0}},
    {pages_documents,
     "/documents",
     "/documents?collection=piani",
     "it",
     200,
     {"1 documento con questi filtri", "Water plan"},
     {"Statuto di"}},
    {pages_document,
     DOCUMENT,
     "/documents/@0?q=rivers",
     "it",
     200,
     {"2 pagine rispondono a «rivers»", "tramite <i lang=\"it\">fiumi</i>"},
     {0}},
    {pages_document,
     DOCUMENT,
     "/documents/@0?q=rivers&translate=off",
     "it",
     200,
     {"1 pagina risponde a «rivers»", "class=\"is-hit\"", "Come citare", "Comune di Valdoria"},
     {0}},
    {pages_document,
     DOCUMENT,
     "/documents/@1?q=fiumi",
     "it",
     200,
     {"1 pagina risponde a «fiumi»", "<mark>Rivers</mark>", "tramite <i lang=\"en\">rivers</i>"},
     {"name=\"translate\""}},
    {pages_document,
     DOCUMENT,
     "/documents/@1?q=fiumi&translate=off",
     "it",
     200,
     {"Nessuna pagina risponde", "name=\"translate\" value=\"off\""},
     {"<mark>"}},
    {pages_page,
     TEXT,
     "/documents/@1/pages/1?q=fiumi",
     "it",
     200,
     {"id=\"hit\">Rivers</mark>"},
     {0}},
    {pages_document,
     DOCUMENT,
     "/documents/@2",
     "it",
     200,
     {"non si può leggere"},
     {"Vai alla pagina"}},
    {pages_document, DOCUMENT, "/documents/@0?page=2&q=x", NULL, 303, {0}, {0}},
    {pages_document, DOCUMENT, "/documents/@0?page=x", NULL, 400, {0}, {0}},
    {pages_document,
     DOCUMENT,
     "/documents/00000000000000000000",
     "en",
     404,
     {"Page not found"},
     {"00000000000000000000"}},
    {pages_page,
     TEXT,
     "/documents/@0/pages/2?q=fiumi",
     "it",
     200,
     {"Pagina 2 di 3", "id=\"hit\">fiumi</mark>", "rel=\"prev\"", "rel=\"next\"", "/file"},
     {"<fiumi>"}},
    {pages_page,
     TEXT,
     "/documents/@0/pages/3",
     "it",
     200,
     {"<span lang=\"en\">Rivers &amp; lakes.</span>", "rel=\"prev\""},
     {"rel=\"next\"", "<mark"}},
    {pages_page, TEXT, "/documents/@0/pages/4", NULL, 404, {"Pagina non trovata"}, {0}},
    {pages_page, TEXT, "/documents/@0/pages/0", NULL, 404, {"Pagina non trovata"}, {0}},
    {pages_page, TEXT, "/documents/@0/pages/-1", NULL, 404, {"Pagina non trovata"}, {0}},
    {pages_file,
     "/documents/{id}/file",
     "/documents/@0/file",
     "it",
     404,
     {"Il file originale non è disponibile"},
     {0}},
    {pages_status, "/status", "/status?state=failed", "it", 200, {"scan.pdf"}, {"a.pdf"}},
    {pages_status, "/status", "/status?state=nonsense", "it", 400, {"Richiesta"}, {"nonsense"}},
    {pages_status, "/status", "/status?outcome=x", "it", 400, {"Richiesta"}, {0}},
    {pages_status,
     "/status",
     "/status?outcome=password&q=SCAN",
     "en",
     200,
     {"scan.pdf", "Needs a password", "/status.csv?outcome=password&amp;q=SCAN",
      "No indexer has been seen"},
     {"a.pdf"}},
    {pages_status, "/status", "/status?folder=none", "en", 200, {"No file matches"}, {"scan.pdf"}},
    {pages_status_text, "/status/text", "/status/text", "en", 200, {"Every page"}, {"a.pdf"}},
    {pages_status_text, "/status/text", "/status/text?show=x", "en", 400, {0}, {0}},
    {pages_status_catalogue,
     "/status/catalogue",
     "/status/catalogue",
     "it",
     200,
     {"[document]", "titolo = ", "/sidecar"},
     {0}},
    {pages_status_catalogue, "/status/catalogue", "/status/catalogue?field=x", "it", 400, {0}, {0}},
    {pages_status_totals, "/status/totals", "/status/totals", "it", 200, {"Per cartella"}, {0}},
    {pages_sidecar, DOCUMENT "/sidecar", "/documents/@0/sidecar", "en", 200, {"[document]"}, {0}},
    {pages_status_feed,
     "/status.atom",
     "/status.atom",
     "en",
     200,
     {"Needs a password: ", "scan.pdf</title>"},
     {0}},
    {pages_status_feed, "/status.atom", "/status.atom?state=x", "en", 400, {0}, {0}},
    {pages_status_csv, "/status.csv", "/status.csv?separator=x", "en", 400, {0}, {0}},
    {pages_help,
     "/help",
     "/help?hl=en",
     NULL,
     200,
     {"How to search", "href=\"/search?q=%22human%20rights%22&amp;hl=en\""},
     {0}},
};

static HttpResponse *answer(const Case *a_case, gpointer service)
{
    HttpFault fault;
    g_autofree char *target = with_id(a_case->target);
    g_autoptr(HttpRequest) request = http_request_new("GET", target);
    assert_true(http_request_parse(request, &fault));
    assert_true(http_request_match(request, a_case->pattern));
    request->accept_language = a_case->accept_language;
    return a_case->handle(request, service);
}

static void test_pages(void **state)
{
    SampleSearch *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(HttpResponse) response = answer(&CASES[i], f->service);
        answer_check(response, EXPECTED(&CASES[i]));
    }
}

/* Documents on the same subject stand on each other's pages, and keep the question and the page's
 * language; where there are none, nothing does. */
static void test_similar(void **state)
{
    static const struct {
        const char *rest;
        const char *present[6];
    } WITH[] = {
        {"?q=dighe&hl=it",
         {"<h2 id=\"similar-heading\">Documenti simili</h2>", "Mulini &lt;e&gt; chiuse</a>",
          "Ente &lt;dei&gt; canali", "?q=dighe&amp;hl=it\" lang=\"it\">Mulini", "2011",
          "In comune: <span lang=\"it\">"}},
        {"?hl=en",
         {"Similar documents</h2>", "In common: <span lang=\"it\">", "Report", "Italian"}},
    };
    SampleSearch *f = *state;
    g_autoptr(Archive) writer = sample_writer(f->folder.archive);
    for (gsize i = 0; i < G_N_ELEMENTS(ALIKE); i++)
        sample_put(writer, &ALIKE[i]);
    g_autofree char *id = sample_id(&ALIKE[1]);
    for (gsize i = 0; i < G_N_ELEMENTS(WITH); i++) {
        g_autofree char *target = g_strconcat("/documents/", id, WITH[i].rest, NULL);
        Case a_case = {pages_document, DOCUMENT, target, NULL, 200, {0}, {"<e>", "<dei>"}};
        memcpy(a_case.present, WITH[i].present, sizeof a_case.present);
        g_autoptr(HttpResponse) response = answer(&a_case, f->service);
        answer_check(response, EXPECTED(&a_case));
    }
    static const Case WITHOUT = {pages_document,          DOCUMENT, "/documents/@0", "en", 200, {0},
                                 {"similar", "In common"}};
    g_autoptr(HttpResponse) response = answer(&WITHOUT, f->service);
    answer_check(response, EXPECTED(&WITHOUT));
}

static void test_headers(void **state)
{
    SampleSearch *f = *state;
    static const Case START = {.handle = pages_start, .pattern = "/", .target = "/?hl=en"};
    g_autoptr(HttpResponse) response = answer(&START, f->service);
    assert_string_equal(response->content_type, "text/html; charset=utf-8");
    gboolean has_vary = FALSE, has_language = FALSE;
    for (guint i = 0; i < response->headers->len; i++) {
        const char *line = g_ptr_array_index(response->headers, i);
        has_vary |= strcmp(line, "Vary: Accept-Language") == 0;
        has_language |= strcmp(line, "Content-Language: en") == 0;
    }
    assert_true(has_vary && has_language);
}

/* Every error has words in both languages; a request that could not be read is no obstacle. */
static void test_errors(void **state)
{
    static const guint STATUSES[] = {400, 404, 405, 413, 414, 500, 503, 418, 599};
    SampleSearch *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(STATUSES); i++) {
        HttpFault fault;
        g_autoptr(HttpRequest) request = http_request_new("GET", "/%00?q=secret");
        http_request_parse(request, &fault);
        g_autoptr(HttpResponse) page =
            pages_error(STATUSES[i], "for developers", FALSE, request, f->service);
        g_autoptr(HttpResponse) problem =
            pages_error(STATUSES[i], "for developers", TRUE, request, f->service);
        g_autofree char *body = answer_body(page);
        assert_int_equal(page->status, STATUSES[i]);
        assert_non_null(strstr(body, "<h1>"));
        assert_null(strstr(body, "<h1></h1>"));
        assert_null(strstr(body, "secret"));
        assert_null(strstr(body, "for developers"));
        assert_string_equal(problem->content_type, "application/problem+json");
    }
}

static void test_no_archive(void **state)
{
    (void)state;
    SampleFolder folder = sample_folder_new();
    g_autoptr(Service) service = service_new(folder.archive, NULL, "web", NULL);
    assert_non_null(service);
    static const Case CASES_WITHOUT[] = {
        {pages_start, "/", "/", "it", 503, {"non è pronto"}, {0}},
        {pages_search, "/search", "/search?q=a", "en", 503, {"not ready"}, {0}},
        {pages_document, DOCUMENT, "/documents/@0", "en", 503, {"not ready"}, {0}},
        {pages_status, "/status", "/status", "en", 503, {"not ready"}, {0}},
        {pages_help, "/help", "/help", "en", 200, {"How to search"}, {0}},
        {pages_privacy,
         "/privacy",
         "/privacy",
         "en",
         200,
         {"does not record what is searched for", "href=\"/accessibility\""},
         {"have chosen to record", "mailto:"}},
        {pages_accessibility,
         "/accessibility",
         "/accessibility",
         "it",
         200,
         {"Parzialmente conforme", "href=\"/privacy\"", "versione " SCHEDARIO_VERSION},
         {"noindex"}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES_WITHOUT); i++) {
        g_autoptr(HttpResponse) response = answer(&CASES_WITHOUT[i], service);
        answer_check(response, EXPECTED(&CASES_WITHOUT[i]));
    }
    sample_folder_release(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pages, set_up, sample_search_tear_down),
        cmocka_unit_test_setup_teardown(test_similar, set_up, sample_search_tear_down),
        cmocka_unit_test_setup_teardown(test_headers, set_up, sample_search_tear_down),
        cmocka_unit_test_setup_teardown(test_errors, set_up, sample_search_tear_down),
        cmocka_unit_test(test_no_archive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
