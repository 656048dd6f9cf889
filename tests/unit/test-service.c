/* Tests of server/service: the archive may come, go and be replaced while the server runs. */
#include "sample.h"

#include "../../server/service.h"

typedef struct {
    SampleFolder folder;
    char *web;
    Service *service;
} Fixture;

static const Sample OLD = {.path = "a.pdf", .marked = IT "fontana"};
static const Sample NEW[] = {{.path = "b.pdf", .marked = IT "giardino"},
                             {.path = "c.pdf", .marked = IT "bosco"}};

static void put_web(const char *folder)
{
    fixture_write(folder, "web/templates/page.mustache", "x");
    fixture_write(folder, "web/messages/it.ini", "[messages]\nhello=ciao\n");
    fixture_write(folder, "web/messages/en.ini", "[messages]\nhello=hello\n");
    fixture_write(folder, "web/assets/style.css", "body {}");
}

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->folder = sample_folder_new();
    f->web = g_build_filename(f->folder.folder, "web", NULL);
    put_web(f->folder.folder);
    f->service = service_new(f->folder.archive, NULL, f->web, NULL);
    *state = f;
    return f->service == NULL;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    service_free(f->service);
    sample_folder_release(&f->folder);
    g_free(f->web);
    g_free(f);
    return 0;
}

/* How many documents a searcher of the service sees. */
static guint documents(const Fixture *f)
{
    g_autoptr(GError) error = NULL;
    Searcher *searcher = service_borrow(f->service, &error);
    if (!searcher)
        fail_msg("%s", error->message);
    guint count = cards_document_count(searcher_cards(searcher));
    service_return(f->service, searcher);
    return count;
}

static void assert_unavailable(const Fixture *f, ArchiveError code)
{
    g_autoptr(GError) error = NULL;
    assert_null(service_borrow(f->service, &error));
    assert_true(g_error_matches(error, ARCHIVE_ERROR, (gint)code));
}

static void remove_archive(const Fixture *f)
{
    static const char *const ENDINGS[] = {"", "-wal", "-shm", "-lock", ".lock"};
    for (gsize i = 0; i < G_N_ELEMENTS(ENDINGS); i++) {
        g_autofree char *path = g_strconcat(f->folder.archive, ENDINGS[i], NULL);
        g_remove(path);
    }
}

static void test_comes_and_goes(void **state)
{
    const Fixture *f = *state;
    assert_unavailable(f, ARCHIVE_ERROR_ABSENT);
    assert_unavailable(f, ARCHIVE_ERROR_ABSENT);
    sample_archive(f->folder.archive, &OLD, 1);
    assert_int_equal(documents(f), 1);
    assert_int_equal(documents(f), 1);
    remove_archive(f);
    assert_unavailable(f, ARCHIVE_ERROR_ABSENT);
    sample_archive(f->folder.archive, NEW, 2);
    assert_int_equal(documents(f), 2);
}

/* Another file is moved over the archive while one searcher is in use and one is at rest. */
static void test_replaced(void **state)
{
    const Fixture *f = *state;
    sample_archive(f->folder.archive, &OLD, 1);
    Searcher *first = service_borrow(f->service, NULL);
    Searcher *second = service_borrow(f->service, NULL);
    assert_non_null(first);
    assert_non_null(second);
    assert_ptr_not_equal(first, second);
    service_return(f->service, second);
    remove_archive(f);
    sample_archive(f->folder.archive, NEW, 2);
    assert_false(searcher_is_current(first));
    assert_int_equal(cards_document_count(searcher_cards(first)), 1);
    assert_int_equal(documents(f), 2);
    service_return(f->service, first);
    assert_int_equal(documents(f), 2);
    assert_int_equal(documents(f), 2);
}

/* What takes the archive's place may be anything. */
static void test_replaced_by_nonsense(void **state)
{
    const Fixture *f = *state;
    sample_archive(f->folder.archive, &OLD, 1);
    assert_int_equal(documents(f), 1);
    remove_archive(f);
    fixture_write(f->folder.folder, "archive.db", "not an archive, whatever its name says");
    assert_unavailable(f, ARCHIVE_ERROR_FOREIGN);
    remove_archive(f);
    sample_archive(f->folder.archive, NEW, 2);
    assert_int_equal(documents(f), 2);
}

static void test_searchers_are_kept(void **state)
{
    const Fixture *f = *state;
    sample_archive(f->folder.archive, &OLD, 1);
    Searcher *first = service_borrow(f->service, NULL);
    service_return(f->service, first);
    Searcher *again = service_borrow(f->service, NULL);
    assert_ptr_equal(first, again);
    service_return(f->service, again);
}

static gpointer borrow_often(gpointer data)
{
    const Fixture *f = data;
    guint seen = 0;
    for (int i = 0; i < 50; i++) {
        Searcher *searcher = service_borrow(f->service, NULL);
        seen += searcher != NULL && cards_document_count(searcher_cards(searcher)) == 2;
        if (searcher)
            service_return(f->service, searcher);
    }
    return GUINT_TO_POINTER(seen);
}

static void test_threads(void **state)
{
    enum { THREADS = 4 };
    Fixture *f = *state;
    GThread *threads[THREADS];
    sample_archive(f->folder.archive, NEW, 2);
    for (int i = 0; i < THREADS; i++)
        threads[i] = g_thread_new("borrow", borrow_often, f);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(GPOINTER_TO_UINT(g_thread_join(threads[i])), 50);
}

static void test_setup_failures(void **state)
{
    const Fixture *f = *state;
    g_autoptr(GError) corpus = NULL;
    g_autoptr(GError) web = NULL;
    g_autoptr(GError) assets = NULL;
    assert_null(service_new(f->folder.archive, "/nowhere/at/all", f->web, &corpus));
    assert_true(g_error_matches(corpus, G_FILE_ERROR, G_FILE_ERROR_NOENT));
    assert_null(service_new(f->folder.archive, NULL, "/nowhere/at/all", &web));
    assert_non_null(web);
    g_autofree char *folder = g_build_filename(f->web, "assets", NULL);
    fixture_remove(folder);
    assert_null(service_new(f->folder.archive, NULL, f->web, &assets));
    assert_true(g_error_matches(assets, G_FILE_ERROR, G_FILE_ERROR_NOENT));
    service_free(NULL);
}

static void test_assets_version(void **state)
{
    const Fixture *f = *state;
    g_autoptr(Service) same = service_new(f->folder.archive, NULL, f->web, NULL);
    assert_string_equal(service_assets_version(same), service_assets_version(f->service));
    fixture_write(f->web, "assets/style.css", "body { }");
    g_autoptr(Service) other = service_new(f->folder.archive, f->web, f->web, NULL);
    assert_string_not_equal(service_assets_version(other), service_assets_version(f->service));
    assert_true(service_corpus(other) >= 0);
    assert_int_equal(service_corpus(same), -1);
    assert_true(service_assets(same) >= 0);
    g_autoptr(TemplateSet) templates = service_take_templates(same);
    assert_non_null(templates);
}

/* Without a program pages have no images, with one they may. */
static void test_reader(void **state)
{
    Fixture *f = *state;
    g_autoptr(GError) error = NULL;
    const ArchiveDocument document = {.media_type = (char *)"application/pdf"};
    g_autoptr(Service) service = service_new(f->folder.archive, f->folder.folder, f->web, NULL);
    assert_non_null(service_facsimile(f->service));
    assert_false(facsimile_is_possible(service_facsimile(service), &document));
    assert_false(
        service_set_reader(service, &(FacsimileReader){.path = "/nowhere/reader"}, &error));
    assert_int_equal(error->domain, G_FILE_ERROR);
    assert_false(facsimile_is_possible(service_facsimile(service), &document));
    assert_true(service_set_reader(service, &(FacsimileReader){.path = "/bin/true"}, NULL));
    assert_true(facsimile_is_possible(service_facsimile(service), &document));
}

static char *greeting(Service *service)
{
    g_autoptr(TemplateSet) templates = service_take_templates(service);
    return template_message(templates, "it", "hello", NULL);
}

static void assert_greeting(Service *service, const char *expected)
{
    g_autofree char *said = greeting(service);
    assert_string_equal(said, expected);
}

/* New messages are taken up; who began before goes on with the old ones. */
static void test_reload(void **state)
{
    const Fixture *f = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(TemplateSet) before = service_take_templates(f->service);
    fixture_write(f->web, "messages/it.ini", "[messages]\nhello=salve\n");
    assert_greeting(f->service, "ciao");
    assert_true(service_reload(f->service, &error));
    assert_greeting(f->service, "salve");
    g_autofree char *old = template_message(before, "it", "hello", NULL);
    assert_string_equal(old, "ciao");
}

static void test_reload_refused(void **state)
{
    const Fixture *f = *state;
    static const struct {
        const char *file, *text;
        TemplateError code;
    } rows[] = {
        {"messages/it.ini", "[messages]\nhello={{#open}}\n", TEMPLATE_ERROR_SYNTAX},
        {"messages/it.ini", "[messages]\nother=x\n", TEMPLATE_ERROR_MISSING},
        {"templates/page.mustache", "{{{raw}}}", TEMPLATE_ERROR_SYNTAX},
        {"templates/page.mustache", "{{>nowhere}}", TEMPLATE_ERROR_MISSING},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        put_web(f->folder.folder);
        fixture_write(f->web, rows[i].file, rows[i].text);
        assert_false(service_reload(f->service, &error));
        assert_true(g_error_matches(error, TEMPLATE_ERROR, (gint)rows[i].code));
        assert_greeting(f->service, "ciao");
    }
    g_autoptr(GError) error = NULL;
    put_web(f->folder.folder);
    g_autofree char *page = g_build_filename(f->web, "templates/page.mustache", NULL);
    g_autofree char *aside = g_build_filename(f->web, "templates/other.mustache", NULL);
    assert_int_equal(rename(page, aside), 0);
    assert_false(service_reload(f->service, &error));
    assert_true(g_error_matches(error, TEMPLATE_ERROR, TEMPLATE_ERROR_MISSING));
    assert_non_null(strstr(error->message, "\"page\""));
    put_web(f->folder.folder);
    assert_true(service_reload(f->service, NULL));
}

/* What the operator is told of the archive. */
static void note(const GError *error, gpointer data)
{
    g_string_append_printf(data, "%d ", error ? error->code : -1);
}

static void test_tell(void **state)
{
    const Fixture *f = *state;
    g_autoptr(GString) told = g_string_new(NULL);
    g_autofree char *expected = g_strdup_printf("%d -1 ", ARCHIVE_ERROR_ABSENT);
    service_set_tell(f->service, note, told);
    for (int i = 0; i < 3; i++)
        assert_unavailable(f, ARCHIVE_ERROR_ABSENT);
    sample_archive(f->folder.archive, &OLD, 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(documents(f), 1);
    assert_string_equal(told->str, expected);
}

/* Searchers are counted while they are open, and what they keep while they are at rest. */
static void test_stats(void **state)
{
    const Fixture *f = *state;
    ServiceStats stats;
    sample_archive(f->folder.archive, &OLD, 1);
    Searcher *one = service_borrow(f->service, NULL), *two = service_borrow(f->service, NULL);
    assert_non_null(postings_find(searcher_postings(one), "fontana", FALSE, NULL));
    service_stats(f->service, &stats);
    assert_int_equal(stats.searchers, 2);
    assert_int_equal(stats.kept_bytes, 0);
    gsize kept = searcher_kept_bytes(one);
    service_return(f->service, two);
    service_return(f->service, one);
    service_stats(f->service, &stats);
    assert_true(kept > 0);
    assert_int_equal(stats.kept_bytes, kept);
    assert_true(service_begin_export(f->service));
    service_stats(f->service, &stats);
    assert_int_equal(stats.exports, 1);
    service_end_export(f->service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_comes_and_goes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replaced, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replaced_by_nonsense, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_searchers_are_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_threads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_setup_failures, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_assets_version, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reader, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reload, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reload_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_tell, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stats, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
