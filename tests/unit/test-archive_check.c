/* Tests of indexer/archive_check: an archive that is sound, and one after the other what may be
 * wrong with it, falsified through a connection of SQLite's own. */
#include "../../indexer/archive_check.h"

#include <sqlite3.h>

#include "sample.h"

static const Sample SAMPLES[] = {
    {.path = "a.pdf",
     .marked = IT "Il piano del comune" PAGE EN "The water of the town",
     .title = "A"},
    {.path = "b.pdf", .marked = IT "Un altro testo", .title = "Piano"},
    {.path = "c.pdf", .title = "Chiuso"},
};

static void add_line(const char *sentence, gpointer data)
{
    g_string_append_printf(data, "%s\n", sentence);
}

static void execute(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    char *message = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* What the check finds. Owned by the caller. */
static char *findings(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Archive) archive = archive_open_reader(path, &error);
    GString *found = g_string_new(NULL);
    assert_non_null(archive);
    assert_true(archive_begin(archive, NULL));
    if (!archive_check(archive, add_line, found, &error))
        fail_msg("%s", error->message);
    archive_rollback(archive);
    return g_string_free(found, FALSE);
}

static char *index_findings(const char *path)
{
    g_autoptr(GError) error = NULL;
    GString *found = g_string_new(NULL);
    if (!archive_check_index(path, add_line, found, &error))
        fail_msg("%s", error->message);
    return g_string_free(found, FALSE);
}

static void test_findings(void **state)
{
    (void)state;
    static const struct {
        const char *falsify; /* NULL: nothing */
        const char *found;
    } ROWS[] = {
        {NULL, ""},
        {"UPDATE text SET data = x'00' WHERE key >> 24 = 1",
         "a.pdf: reading its text: database disk image is malformed\n"},
        {"UPDATE text SET data = (SELECT data FROM text WHERE key >> 24 = 2) WHERE key >> 24 = 1",
         "a.pdf: its pages do not have the words that are noted of them\n"
         "a.pdf: the index does not agree with its text\n"},
        {"UPDATE text SET key = key + 1 WHERE key >> 24 = 1",
         "a.pdf: its text in the archive is not whole\n"},
        {"UPDATE document SET layout = x'0404' WHERE row = 1",
         "a.pdf: its pages do not have the words that are noted of them\n"},
        {"UPDATE document SET word_count = 7 WHERE row = 1",
         "a.pdf: its pages do not have the words that are noted of them\n"},
        {"UPDATE document SET title_marked = 'B' WHERE row = 1",
         "a.pdf: the index does not agree with its text\n"},
        {"UPDATE document SET terms = replace(terms, 'k:', 'x:') WHERE row = 2",
         "b.pdf: the index does not agree with its text\n"},
        {"UPDATE document SET id = 'none' WHERE row = 3",
         "c.pdf: its id is not that of its content\n"},
        {"UPDATE document SET state = 0 WHERE row = 2",
         "b.pdf: is not searchable, but stands in the index\n"
         "row 2: text without a document\n"
         "b.pdf: its state is not that of its document\n"},
        {"DELETE FROM document WHERE row = 3", "c.pdf: names a document that is not there\n"},
        {"DELETE FROM document WHERE row = 2; DELETE FROM file WHERE document = 2",
         "row 2: text without a document\nrow 2: stands in the index without a document\n"},
        {"UPDATE file SET document = NULL WHERE path = 'b.pdf'; DELETE FROM file WHERE path = "
         "'c.pdf'",
         NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        SampleFolder folder __attribute__((cleanup(sample_folder_release))) = sample_folder_new();
        sample_archive(folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
        if (ROWS[i].falsify)
            execute(folder.archive, ROWS[i].falsify);
        g_autofree char *found = findings(folder.archive);
        if (ROWS[i].found) {
            assert_string_equal(found, ROWS[i].found);
        } else { /* named by their ids */
            assert_non_null(strstr(found, "b.pdf: is said to be indexed, but names no document\n"));
            assert_non_null(strstr(found, ": is in the archive, but no file holds it\n"));
        }
    }
}

static void test_fts5s_own(void **state)
{
    (void)state;
    SampleFolder folder __attribute__((cleanup(sample_folder_release))) = sample_folder_new();
    sample_archive(folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    g_autofree char *sound = index_findings(folder.archive);
    assert_string_equal(sound, "");
    execute(folder.archive, "UPDATE document SET title_marked = 'B' WHERE row = 1");
    g_autofree char *found = index_findings(folder.archive);
    assert_string_equal(found, "the index: FTS5 finds it damaged\n");
}

static void test_while_an_indexer_works(void **state)
{
    (void)state;
    SampleFolder folder __attribute__((cleanup(sample_folder_release))) = sample_folder_new();
    sample_archive(folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    g_autoptr(Archive) writer = sample_writer(folder.archive);
    g_autoptr(GError) error = NULL;
    assert_true(archive_begin(writer, NULL)); /* holds SQLite's lock, too */
    assert_false(archive_check_index(folder.archive, add_line, NULL, &error));
    assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_LOCKED));
    g_autofree char *found = findings(folder.archive);
    assert_string_equal(found, "");
    archive_rollback(writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_findings),
        cmocka_unit_test(test_fts5s_own),
        cmocka_unit_test(test_while_an_indexer_works),
    };
    return cmocka_run_group_tests_name("archive_check", tests, NULL, NULL);
}
