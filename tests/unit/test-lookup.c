/* Tests of server/lookup: ids, documents that are gone, and who took their place. */
#include "sample.h"

#include <sqlite3.h>

#include "../../server/search/lookup.h"

typedef struct {
    SampleFolder folder;
    Archive *writer;
    Searcher *searcher;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->folder = sample_folder_new();
    f->writer = sample_writer(f->folder.archive);
    f->searcher = searcher_new(f->folder.archive, NULL);
    *state = f;
    return f->searcher == NULL;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    searcher_free(f->searcher);
    archive_close(f->writer);
    sample_folder_release(&f->folder);
    g_free(f);
    return 0;
}

/* One version of the file a.pdf. */
static char *put_version(const Fixture *f, guint version)
{
    g_autofree char *content = g_strdup_printf("content %u", version);
    Sample sample = {
        .path = "a.pdf", .marked = IT "Una pagina." PAGE IT "Due.", .content = content};
    sample_put(f->writer, &sample);
    return sample_id(&sample);
}

static LookupOutcome look(const Fixture *f, const char *id, Lookup *ret_lookup)
{
    assert_true(searcher_begin(f->searcher, NULL));
    LookupOutcome outcome = lookup_document(f->searcher, id, ret_lookup, NULL);
    searcher_end(f->searcher);
    return outcome;
}

static void test_found(void **state)
{
    const Fixture *f = *state;
    g_autofree char *id = put_version(f, 1);
    g_auto(Lookup) lookup;
    assert_int_equal(look(f, id, &lookup), LOOKUP_FOUND);
    assert_string_equal(lookup.document->id, id);
    assert_int_equal(lookup.paths->len, 1);
    assert_null(lookup.successor);
}

static void test_failed_document_is_found(void **state)
{
    const Fixture *f = *state;
    Sample sample = {.path = "scan.pdf"};
    sample_put(f->writer, &sample);
    g_autofree char *id = sample_id(&sample);
    g_auto(Lookup) lookup;
    assert_int_equal(look(f, id, &lookup), LOOKUP_FOUND);
    assert_int_equal(lookup.document->state, DOCUMENT_FAILED);
    assert_null(lookup_page(f->searcher, lookup.document, 1, NULL));
}

static void test_absent(void **state)
{
    static const char *const IDS[] = {
        "",
        "x",
        "0123456789abcdef0123",
        "0123456789ABCDEF0123",
        "0123456789abcdef012",
        "0123456789abcdef01234",
        "0123456789abcdef012g",
        "' OR 1=1 --         ",
        "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
    };
    const Fixture *f = *state;
    g_free(put_version(f, 1));
    for (gsize i = 0; i < G_N_ELEMENTS(IDS); i++) {
        g_auto(Lookup) lookup;
        assert_int_equal(look(f, IDS[i], &lookup), LOOKUP_ABSENT);
        assert_null(lookup.document);
        assert_null(lookup.paths);
    }
}

/* A file that changed a hundred times: every old id names the one that lives. */
static void test_chain(void **state)
{
    enum { VERSIONS = 100 };
    const Fixture *f = *state;
    g_autofree char *first = put_version(f, 0);
    g_autofree char *middle = NULL;
    for (guint version = 1; version < VERSIONS; version++) {
        g_autofree char *id = put_version(f, version);
        if (version == VERSIONS / 2)
            middle = g_steal_pointer(&id);
    }
    g_autofree char *last = put_version(f, VERSIONS);
    const char *const old[] = {first, middle};
    for (gsize i = 0; i < G_N_ELEMENTS(old); i++) {
        g_auto(Lookup) lookup;
        assert_int_equal(look(f, old[i], &lookup), LOOKUP_GONE);
        assert_non_null(lookup.successor);
        assert_string_equal(lookup.successor, last);
    }
    sample_remove(f->writer, "a.pdf");
    g_auto(Lookup) ended;
    assert_int_equal(look(f, first, &ended), LOOKUP_GONE);
    assert_null(ended.successor);
}

/* Content that comes back lives again under its old id. */
static void test_return(void **state)
{
    const Fixture *f = *state;
    g_autofree char *first = put_version(f, 1);
    g_autofree char *second = put_version(f, 2);
    g_free(put_version(f, 1));
    g_auto(Lookup) back;
    g_auto(Lookup) gone;
    assert_int_equal(look(f, first, &back), LOOKUP_FOUND);
    assert_int_equal(look(f, second, &gone), LOOKUP_GONE);
    assert_string_equal(gone.successor, first);
}

/* No archive that we write has these; one that was tampered with must not keep us for ever. */
static void test_damaged_chains(void **state)
{
    const Fixture *f = *state;
    g_autofree char *first = put_version(f, 1);
    g_autofree char *second = put_version(f, 2);
    g_autofree char *third = put_version(f, 3);
    sample_remove(f->writer, "a.pdf");
    sqlite3 *db = archive_connection(f->writer);
    char *cycle =
        sqlite3_mprintf("UPDATE document SET successor = %Q WHERE id = %Q", first, second);
    char *self = sqlite3_mprintf("UPDATE document SET successor = id WHERE id = %Q", third);
    assert_int_equal(sqlite3_exec(db, cycle, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, self, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_free(cycle);
    sqlite3_free(self);
    const char *const ids[] = {first, second, third};
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_auto(Lookup) lookup;
        assert_int_equal(look(f, ids[i], &lookup), LOOKUP_GONE);
        assert_null(lookup.successor);
    }
    assert_int_equal(sqlite3_exec(db, "UPDATE document SET successor = 'nobody'", NULL, NULL, NULL),
                     SQLITE_OK);
    g_auto(Lookup) dangling;
    assert_int_equal(look(f, first, &dangling), LOOKUP_GONE);
    assert_null(dangling.successor);
}

static void test_pages(void **state)
{
    static const struct {
        guint page;
        const char *text;
    } CASES[] = {{0, NULL}, {1, IT "Una pagina."}, {2, IT "Due."}, {3, NULL}, {G_MAXUINT, NULL}};
    const Fixture *f = *state;
    g_autofree char *id = put_version(f, 1);
    g_auto(Lookup) lookup;
    assert_int_equal(look(f, id, &lookup), LOOKUP_FOUND);
    assert_true(searcher_begin(f->searcher, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GString) text = lookup_page(f->searcher, lookup.document, CASES[i].page, &error);
        assert_null(error);
        assert_int_equal(text == NULL, CASES[i].text == NULL);
        if (text)
            assert_string_equal(text->str, CASES[i].text);
    }
    searcher_end(f->searcher);
}

static void test_unreadable_archive(void **state)
{
    const Fixture *f = *state;
    g_autofree char *id = put_version(f, 1);
    g_autoptr(GError) error = NULL;
    assert_int_equal(
        sqlite3_exec(archive_connection(f->writer), "DROP TABLE file", NULL, NULL, NULL),
        SQLITE_OK);
    assert_true(searcher_begin(f->searcher, NULL));
    g_auto(Lookup) lookup;
    assert_int_equal(lookup_document(f->searcher, id, &lookup, &error), LOOKUP_FAILED);
    assert_non_null(error);
    searcher_end(f->searcher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_failed_document_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_absent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_chain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_return, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_damaged_chains, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_pages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unreadable_archive, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
