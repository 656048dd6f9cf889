/* Tests of server/files: which assets and originals are sent, under which type and name, and that
 * no path leads out of its folder. */
#include "sample.h"

#include <unistd.h>

#include "../../server/files.h"
#include "../../server/http/http_request.h"

typedef struct {
    char *folder;
    char *corpus;
    Service *service;
} Fixture;

static Service *open_service(const char *folder, const char *corpus)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *archive = g_build_filename(folder, "archive.db", NULL);
    g_autofree char *web = g_build_filename(folder, "web", NULL);
    Service *service = service_new(archive, corpus, web, &error);
    if (!service)
        fail_msg("%s", error->message);
    return service;
}

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->folder = fixture_folder_new();
    f->corpus = g_build_filename(f->folder, "corpus", NULL);
    fixture_write(f->folder, "secret.css", "secret");
    fixture_write(f->folder, "web/templates/page.mustache", "x");
    fixture_write(f->folder, "web/messages/it.ini", "[messages]\nhello=ciao\n");
    fixture_write(f->folder, "web/messages/en.ini", "[messages]\nhello=hello\n");
    fixture_write(f->folder, "web/assets/style.css", "body {}");
    fixture_write(f->folder, "web/assets/script.js", "1;");
    fixture_write(f->folder, "web/assets/logo.svg", "<svg/>");
    fixture_write(f->folder, "web/assets/openapi.json", "{}");
    fixture_write(f->folder, "web/assets/empty.css", "");
    fixture_write(f->folder, "web/assets/page.html", "<p>");
    fixture_write(f->folder, "web/assets/folder.css/x.css", "x");
    fixture_write(f->folder, "corpus/piani/a.pdf", "0123456789");
    g_autofree char *link = g_build_filename(f->folder, "web/assets/link.css", NULL);
    assert_int_equal(symlink("../../secret.css", link), 0);
    f->service = open_service(f->folder, f->corpus);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    service_free(f->service);
    fixture_folder_remove(f->folder);
    g_free(f->corpus);
    g_free(f);
    return 0;
}

static void test_assets(void **state)
{
    static const struct {
        const char *name;
        const char *type; /* NULL: 404 */
        const char *body;
    } CASES[] = {
        {"style.css", "text/css; charset=utf-8", "body {}"},
        {"script.js", "text/javascript; charset=utf-8", "1;"},
        {"logo.svg", "image/svg+xml", "<svg/>"},
        {"openapi.json", "application/json", "{}"},
        {"empty.css", "text/css; charset=utf-8", ""},
        {"page.html", NULL, NULL},
        {"absent.css", NULL, NULL},
        {"folder.css", NULL, NULL},
        {"link.css", NULL, NULL},
        {"../../secret.css", NULL, NULL},
        {"../templates/page.mustache", NULL, NULL},
        {"/etc/hostname.css", NULL, NULL},
        {"", NULL, NULL},
        {".css", NULL, NULL},
        {".", NULL, NULL},
        {"..", NULL, NULL},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(HttpResponse) response = files_asset(f->service, CASES[i].name);
        gsize length = 0;
        const char *body = g_bytes_get_data(response->body, &length);
        if (response->status != (CASES[i].type ? 200 : 404))
            fail_msg("%s: %u", CASES[i].name, response->status);
        if (!CASES[i].type)
            continue;
        assert_string_equal(response->content_type, CASES[i].type);
        assert_int_equal(length, strlen(CASES[i].body));
        assert_memory_equal(body ? body : "", CASES[i].body, length);
    }
}

/* Only the address with the present version may be kept for ever. */
static void test_asset_route(void **state)
{
    const Fixture *f = *state;
    const char *version = service_assets_version(f->service);
    const struct {
        const char *version;
        const char *name;
        gboolean is_immutable;
    } cases[] = {
        {version, "style.css", TRUE},
        {"000000000000", "style.css", FALSE},
        {version, "absent.css", FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HttpRequest) request = http_request_new("GET", "/");
        request->segments[0] = cases[i].version;
        request->segments[1] = cases[i].name;
        g_autoptr(HttpResponse) response = files_asset_route(request, f->service);
        assert_int_equal(response->is_immutable, cases[i].is_immutable);
        assert_int_equal(response->max_age_seconds > 0, cases[i].is_immutable);
    }
}

/* Originals */

/* What is sent for a document of `size` bytes with that path; NULL: nothing. */
static HttpResponse *original(Service *service, const char *path, gint64 size, const char *type)
{
    g_autoptr(ArchiveDocument) document = archive_document_new();
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    document->size_bytes = size;
    document->media_type = g_strdup(type);
    g_ptr_array_add(paths, (gpointer) "gone/away.pdf");
    g_ptr_array_add(paths, (gpointer)path);
    return files_original(service, document, paths);
}

static void test_originals(void **state)
{
    static const struct {
        const char *path;
        gint64 size;
        gboolean is_sent;
    } CASES[] = {
        {"piani/a.pdf", 10, TRUE},
        {"piani/a.pdf", 9, FALSE}, /* changed since */
        {"piani/a.pdf", 11, FALSE},
        {"piani/b.pdf", 10, FALSE},
        {"piani", 4096, FALSE},
        {"pipe.pdf", 0, FALSE},
        {"link.pdf", 10, FALSE},
        {"folder/a.pdf", 10, FALSE},
        {"../corpus/piani/a.pdf", 10, FALSE},
        {"../secret.css", 6, FALSE},
        {"/etc/hostname", 0, FALSE},
        {"", 10, FALSE},
    };
    const Fixture *f = *state;
    g_autofree char *pipe = g_build_filename(f->corpus, "pipe.pdf", NULL);
    g_autofree char *link = g_build_filename(f->corpus, "link.pdf", NULL);
    g_autofree char *folder = g_build_filename(f->corpus, "folder", NULL);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(symlink("piani/a.pdf", link), 0);
    assert_int_equal(symlink("piani", folder), 0);
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(HttpResponse) response =
            original(f->service, CASES[i].path, CASES[i].size, "application/pdf");
        if ((response != NULL) != CASES[i].is_sent)
            fail_msg("%s (%d bytes)", CASES[i].path, (int)CASES[i].size);
        if (!response)
            continue;
        char first[4] = "";
        assert_true(response->is_foreign);
        assert_int_equal(read(response->file, first, 3), 3);
        assert_string_equal(first, "012");
    }
    g_autoptr(Service) without = open_service(f->folder, NULL);
    assert_null(original(without, "piani/a.pdf", 10, "application/pdf"));
}

static void test_types(void **state)
{
    static const struct {
        const char *media_type;
        const char *type;
        const char *disposition;
    } CASES[] = {
        {"application/pdf", "application/pdf", "inline; "},
        {"text/plain", "text/plain; charset=utf-8", "inline; "},
        {"text/html", "application/octet-stream", "attachment; "},
        {"image/svg+xml", "application/octet-stream", "attachment; "},
        {"application/pdf\r\nX: y", "application/octet-stream", "attachment; "},
        {NULL, "application/octet-stream", "attachment; "},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(HttpResponse) response =
            original(f->service, "piani/a.pdf", 10, CASES[i].media_type);
        const char *header = g_ptr_array_index(response->headers, 0);
        assert_string_equal(response->content_type, CASES[i].type);
        assert_true(g_str_has_prefix(header, "Content-Disposition: "));
        assert_true(g_str_has_prefix(strchr(header, ' ') + 1, CASES[i].disposition));
    }
}

/* A text goes out as what its bytes are. */
static void test_charsets(void **state)
{
    static const struct {
        const char *text;
        const char *type;
    } CASES[] = {
        {"", "text/plain; charset=utf-8"},
        {"citta", "text/plain; charset=utf-8"},
        {"citt\xc3\xa0", "text/plain; charset=utf-8"},
        {"\xef\xbb\xbf"
         "citt\xc3\xa0",
         "text/plain; charset=utf-8"},
        {"citt\xc3\xa0 \xc3\xa8 \xc3\xb9 \xc3\xb2 \xff", "text/plain; charset=utf-8"},
        {"citt\xe0", "text/plain; charset=windows-1252"},
        {"\x93"
         "citt\xe0\x94 e perch\xe9",
         "text/plain; charset=windows-1252"},
        {"\xff\xfe"
         "c",
         "text/plain; charset=utf-16"},
        {"\xfe\xff"
         "c",
         "text/plain; charset=utf-16"},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        char first = '\0';
        fixture_write(f->folder, "corpus/a.txt", CASES[i].text);
        g_autoptr(HttpResponse) response =
            original(f->service, "a.txt", (gint64)strlen(CASES[i].text), "text/plain");
        if (strcmp(response->content_type, CASES[i].type) != 0)
            fail_msg("case %zu: %s", i, response->content_type);
        assert_int_equal(read(response->file, &first, 1), *CASES[i].text != '\0');
        assert_int_equal(first, *CASES[i].text);
    }
}

/* Names are the corpus's own: any bytes but a slash. */
static void test_names(void **state)
{
    static const struct {
        const char *name;
        const char *header;
    } CASES[] = {
        {"a.pdf", "filename=\"a.pdf\"; filename*=UTF-8''a.pdf"},
        {"il piano 2.pdf", "filename=\"il piano 2.pdf\"; filename*=UTF-8''il%20piano%202.pdf"},
        {"\"x\"; y=z.pdf", "filename=\"_x__ y_z.pdf\"; filename*=UTF-8''%22x%22%3B%20y%3Dz.pdf"},
        {"a\\b.pdf", "filename=\"a_b.pdf\"; filename*=UTF-8''a%5Cb.pdf"},
        {"a\r\nSet-Cookie: b.pdf",
         "filename=\"a__Set-Cookie_ b.pdf\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20b.pdf"},
        {"citt\xc3\xa0.pdf", "filename=\"citt__.pdf\"; filename*=UTF-8''citt%C3%A0.pdf"},
        {"a\xff.pdf", "filename=\"a_.pdf\"; filename*=UTF-8''a%EF%BF%BD.pdf"},
        {"100%'.pdf", "filename=\"100__.pdf\"; filename*=UTF-8''100%25%27.pdf"},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *path = g_strconcat("piani/", CASES[i].name, NULL);
        g_autofree char *expected =
            g_strconcat("Content-Disposition: inline; ", CASES[i].header, NULL);
        fixture_write(f->corpus, path, "0123456789");
        g_autoptr(HttpResponse) response = original(f->service, path, 10, "application/pdf");
        assert_non_null(response);
        assert_int_equal(response->headers->len, 1);
        assert_string_equal(g_ptr_array_index(response->headers, 0), expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_assets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_asset_route, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_originals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_types, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_charsets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
