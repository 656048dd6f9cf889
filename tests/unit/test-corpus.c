/* Tests of indexer/corpus: what is in a folder, and being told when that changes. */
#include "../../indexer/corpus.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "fixture.h"

enum { DEADLINE_MS = 10000 };

typedef struct {
    char *folder;
    Corpus *corpus;
} Place;

static int set_up(void **state)
{
    Place *place = g_new0(Place, 1);
    place->folder = fixture_folder_new();
    place->corpus = corpus_open(place->folder, NULL);
    *state = place;
    return place->corpus ? 0 : -1;
}

static int tear_down(void **state)
{
    Place *place = *state;
    corpus_free(place->corpus);
    fixture_folder_remove(place->folder);
    g_free(place);
    return 0;
}

static char *below(const Place *place, const char *name)
{
    return g_build_filename(place->folder, name, NULL);
}

static void make_link(const Place *place, const char *name, const char *target)
{
    g_autofree char *path = below(place, name);
    assert_int_equal(symlink(target, path), 0);
}

/* All entries, sorted: "KIND path", a line each. */
static char *listing(const CorpusScan *scan)
{
    static const char KINDS[] = {'f', 's', 'o', 'l', 'x'};
    g_autoptr(GList) keys = g_hash_table_get_keys(scan->entries);
    keys = g_list_sort(keys, (GCompareFunc)(void (*)(void))strcmp);
    GString *listed = g_string_new(NULL);
    for (GList *item = keys; item; item = item->next) {
        const CorpusEntry *entry = g_hash_table_lookup(scan->entries, item->data);
        assert_string_equal(entry->path, item->data);
        g_string_append_printf(listed, "%s%c %s", listed->len ? "\n" : "", KINDS[entry->kind],
                               entry->path);
    }
    return g_string_free(listed, FALSE);
}

static void test_names_passed_over(void **state)
{
    static const struct {
        const char *name;
        gboolean passed_over;
    } ROWS[] = {
        {".hidden", TRUE},
        {".", TRUE},
        {"..", TRUE},
        {".~lock.Piano.odt#", TRUE},
        {"~$Piano.docx", TRUE},
        {"Piano.pdf~", TRUE},
        {"#Piano.txt#", TRUE},
        {"Piano.pdf.part", TRUE},
        {"Piano.PDF.PART", TRUE},
        {"Piano.pdf.partial", TRUE},
        {"Piano.pdf.crdownload", TRUE},
        {"Piano.download", TRUE},
        {"Piano.tmp", TRUE},
        {"Piano.temp", TRUE},
        {"Piano.txt.swp", TRUE},
        {"Piano.swx", TRUE},
        {"Piano.filepart", TRUE},
        {"Thumbs.db", TRUE},
        {"desktop.ini", TRUE},
        {"ehthumbs.db", TRUE},
        {"Piano.pdf", FALSE},
        {"Piano", FALSE},
        {"part", FALSE},
        {"Piano.part.pdf", FALSE},
        {"~Piano.pdf", FALSE},
        {"#1 Piano.pdf", FALSE},
        {"# Piano.pdf", FALSE},
        {"#", FALSE},
        {"Piano #", FALSE},
        {"my desktop.ini", FALSE},
        {"Thumbs.db.pdf", FALSE},
        {"-rf", FALSE},
        {"citt\xE0.pdf", FALSE},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++)
        assert_int_equal(corpus_is_passed_over(ROWS[i].name), ROWS[i].passed_over);
}

static void test_opening(void **state)
{
    const Place *place = *state;
    fixture_write(place->folder, "file", "x");
    static const char *const NAMES[] = {"missing", "file"};
    for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *path = below(place, NAMES[i]);
        g_autoptr(GError) error = NULL;
        assert_null(corpus_open(path, &error));
        assert_true(g_error_matches(error, CORPUS_ERROR, CORPUS_ERROR_ABSENT));
        assert_non_null(strstr(error->message, NAMES[i]));
    }
    corpus_free(NULL);
    corpus_scan_free(NULL);
}

static void test_scanning(void **state)
{
    const Place *place = *state;
    g_autoptr(CorpusScan) empty = corpus_scan(place->corpus);
    assert_int_equal(g_hash_table_size(empty->entries), 0);
    assert_int_equal(empty->unreadable->len, 0);
    fixture_write(place->folder, "a.pdf", "abc");
    fixture_write(place->folder, "piani/2014/b c.txt", "");
    fixture_write(place->folder, "piani/citt\xE0.pdf", "no UTF-8");
    fixture_write(place->folder, "new\nline.txt", "x");
    fixture_write(place->folder, ".git/config", "hidden folder");
    fixture_write(place->folder, "piani/.hidden.pdf", "hidden");
    fixture_write(place->folder, "piani/b.pdf.part", "unfinished");
    fixture_write(place->folder, "folder.tmp/b.pdf", "in an unfinished folder");
    make_link(place, "link.pdf", "a.pdf");
    make_link(place, "out", "/etc");
    make_link(place, "loop", ".");
    make_link(place, "broken.pdf", "nothing");
    g_autofree char *pipe_path = below(place, "pipe.pdf");
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    g_autoptr(CorpusScan) scan = corpus_scan(place->corpus);
    g_autofree char *listed = listing(scan);
    assert_string_equal(listed, "f a.pdf\n"
                                "l broken.pdf\n"
                                "l link.pdf\n"
                                "l loop\n"
                                "f new\nline.txt\n"
                                "l out\n"
                                "f piani/2014/b c.txt\n"
                                "f piani/citt\xE0.pdf\n"
                                "x pipe.pdf");
    assert_int_equal(scan->unreadable->len, 0);
}

/* What a vanished file system leaves must not look like a corpus from which all was removed. */
static void test_vanished_root(void **state)
{
    const Place *place = *state;
    g_autofree char *root = below(place, "mounted");
    g_autofree char *away = below(place, "away");
    fixture_write(place->folder, "mounted/a.pdf", "x");
    g_autoptr(Corpus) corpus = corpus_open(root, NULL);
    assert_int_equal(rename(root, away), 0);
    g_autoptr(CorpusScan) absent = corpus_scan(corpus);
    assert_false(corpus_scan_covers(absent, "a.pdf"));
    assert_int_equal(g_mkdir(root, 0700), 0);
    for (int i = 0; i < 2; i++) {
        g_autoptr(CorpusScan) empty = corpus_scan(corpus);
        assert_false(corpus_scan_covers(empty, "a.pdf"));
    }
    fixture_write(place->folder, "mounted/b.pdf", "x");
    g_autoptr(CorpusScan) another = corpus_scan(corpus);
    assert_true(corpus_scan_covers(another, "a.pdf"));
    g_autofree char *listed = listing(another);
    assert_string_equal(listed, "f b.pdf");
}

static void test_left_out(void **state)
{
    const Place *place = *state;
    g_autofree char *archive = below(place, "sub/archive.db");
    corpus_leave_out(place->corpus, archive);
    fixture_write(place->folder, "a.pdf", "x");
    fixture_write(place->folder, "sub/archive.db", "the archive itself");
    g_autoptr(CorpusScan) scan = corpus_scan(place->corpus);
    g_autofree char *listed = listing(scan);
    assert_string_equal(listed, "f a.pdf");
}

static void test_sidecars(void **state)
{
    const Place *place = *state;
    fixture_write(place->folder, "a.pdf", "x");
    fixture_write(place->folder, "a.pdf.ini", "x");
    fixture_write(place->folder, "Relazione", "x");
    fixture_write(place->folder, "Relazione.ini", "x");
    fixture_write(place->folder, "gone.PDF.ini", "its document is missing");
    fixture_write(place->folder, "gone.txt.ini", "its document is missing");
    fixture_write(place->folder, "settings.ini", "a document of its own");
    fixture_write(place->folder, "piani/a.pdf.INI", "not so spelt");
    fixture_write(place->folder, "piani/Relazione.ini", "beside nothing");
    fixture_write(place->folder, "ini", "x");
    make_link(place, "link.pdf.ini", "a.pdf.ini");
    g_autoptr(CorpusScan) scan = corpus_scan(place->corpus);
    g_autofree char *listed = listing(scan);
    assert_string_equal(listed, "f Relazione\n"
                                "s Relazione.ini\n"
                                "f a.pdf\n"
                                "s a.pdf.ini\n"
                                "o gone.PDF.ini\n"
                                "o gone.txt.ini\n"
                                "f ini\n"
                                "l link.pdf.ini\n"
                                "f piani/Relazione.ini\n"
                                "f piani/a.pdf.INI\n"
                                "f settings.ini");
}

static void test_stamps(void **state)
{
    const Place *place = *state;
    fixture_write(place->folder, "a.pdf", "abc");
    g_autofree char *path = below(place, "a.pdf");
    const struct timespec times[2] = {{1000, 1}, {1234567890, 987654321}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    g_autoptr(CorpusScan) scan = corpus_scan(place->corpus);
    const CorpusEntry *entry = g_hash_table_lookup(scan->entries, "a.pdf");
    assert_int_equal(entry->stamp.size_bytes, 3);
    assert_int_equal(entry->stamp.mtime_ns, G_GINT64_CONSTANT(1234567890987654321));
    assert_true(entry->stamp.ctime_ns > entry->stamp.mtime_ns);
    FileStamp stamp;
    int fd = corpus_open_file(place->corpus, "a.pdf");
    assert_true(fd >= 0);
    assert_true(corpus_stamp(fd, &stamp));
    assert_true(file_stamp_equal(&stamp, &entry->stamp));
    close(fd);
}

static void test_files_that_are_not_opened(void **state)
{
    const Place *place = *state;
    fixture_write(place->folder, "a.pdf", "abc");
    make_link(place, "link.pdf", "a.pdf");
    assert_int_equal(corpus_open_file(place->corpus, "link.pdf"), -1);
    assert_int_equal(errno, ELOOP);
    assert_int_equal(corpus_open_file(place->corpus, "../passwd"), -1);
    assert_int_equal(corpus_open_file(place->corpus, "missing"), -1);
    assert_int_equal(errno, ENOENT);
    FileStamp stamp = {.size_bytes = 77};
    g_autofree char *pipe_path = below(place, "pipe");
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    int fd = corpus_open_file(place->corpus, "pipe"); /* must not wait for a writer */
    assert_true(fd >= 0);
    assert_false(corpus_stamp(fd, &stamp));
    assert_int_equal(stamp.size_bytes, 77);
    close(fd);
}

static void test_covering(void **state)
{
    static const struct {
        const char *unreadable[3];
        const char *path;
        gboolean covers;
    } ROWS[] = {
        {{NULL}, "piani/a.pdf", TRUE},
        {{"piani/"}, "piani/a.pdf", FALSE},
        {{"piani/"}, "piani/2014/a.pdf", FALSE},
        {{"piani/"}, "piani2/a.pdf", TRUE},
        {{"piani/"}, "piani", TRUE},
        {{"piani/"}, "a.pdf", TRUE},
        {{"statuti/", "piani/2014/"}, "piani/a.pdf", TRUE},
        {{"statuti/", "piani/2014/"}, "piani/2014/a.pdf", FALSE},
        {{""}, "a.pdf", FALSE},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        CorpusScan scan = {.unreadable = g_ptr_array_new()};
        for (const char *const *folder = ROWS[i].unreadable; *folder; folder++)
            g_ptr_array_add(scan.unreadable, (gpointer)*folder);
        assert_int_equal(corpus_scan_covers(&scan, ROWS[i].path), ROWS[i].covers);
        g_ptr_array_unref(scan.unreadable);
    }
}

/* As somebody who may not read the folder "closed": root may read anything. */
static gboolean closed_folder_is_unreadable(const Place *place)
{
    enum { NOBODY = 65534 };
    if (geteuid() == 0 && setresuid(NOBODY, NOBODY, NOBODY) != 0)
        return FALSE;
    g_autoptr(CorpusScan) scan = corpus_scan(place->corpus);
    return scan->unreadable->len == 1 &&
           strcmp(g_ptr_array_index(scan->unreadable, 0), "closed/") == 0 &&
           g_hash_table_size(scan->entries) == 1 &&
           g_hash_table_contains(scan->entries, "open.pdf") &&
           !corpus_scan_covers(scan, "closed/a.pdf") && corpus_scan_covers(scan, "a.pdf");
}

static void test_unreadable_folder(void **state)
{
    const Place *place = *state;
    fixture_write(place->folder, "closed/a.pdf", "x");
    fixture_write(place->folder, "open.pdf", "x");
    g_autofree char *closed = below(place, "closed");
    assert_int_equal(chmod(place->folder, 0755), 0);
    assert_int_equal(chmod(closed, 0), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(closed_folder_is_unreadable(place) ? 0 : 1);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(chmod(closed, 0755), 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* Watching */

typedef struct {
    Place *place;
    const char *awaited;
    gboolean seen;
    guint calls;
} Watching;

static void scan_again(gpointer data)
{
    Watching *watching = data;
    g_autoptr(CorpusScan) scan = corpus_scan(watching->place->corpus);
    watching->calls++;
    watching->seen = g_hash_table_contains(scan->entries, watching->awaited);
}

static gboolean is_seen_after(Watching *watching, const char *path)
{
    watching->awaited = path;
    watching->seen = FALSE;
    return fixture_run_until(&watching->seen, DEADLINE_MS);
}

static void test_watching(void **state)
{
    Watching watching = {.place = *state};
    g_autoptr(CorpusScan) scan = NULL;
    assert_true(corpus_watch(watching.place->corpus, scan_again, &watching, NULL));
    scan = corpus_scan(watching.place->corpus);
    fixture_write(watching.place->folder, "a.pdf", "x");
    assert_true(is_seen_after(&watching, "a.pdf"));
    /* A folder and, before anybody knows of it, a file in it. */
    fixture_write(watching.place->folder, "piani/2014/b.pdf", "x");
    assert_true(is_seen_after(&watching, "piani/2014/b.pdf"));
    /* A file in a folder that is known from the scan before. */
    fixture_write(watching.place->folder, "piani/2014/c.pdf", "x");
    assert_true(is_seen_after(&watching, "piani/2014/c.pdf"));
    /* A folder that is moved in. */
    g_autofree char *elsewhere = fixture_folder_new();
    g_autofree char *target = below(watching.place, "moved");
    fixture_write(elsewhere, "d.pdf", "x");
    assert_int_equal(rename(elsewhere, target), 0);
    assert_true(is_seen_after(&watching, "moved/d.pdf"));
}

static gboolean mark_passed(gpointer data)
{
    *(gboolean *)data = TRUE;
    return G_SOURCE_REMOVE;
}

static void test_many_changes_are_told_once(void **state)
{
    Watching watching = {.place = *state, .awaited = "19.pdf"};
    gboolean is_over = FALSE;
    assert_true(corpus_watch(watching.place->corpus, scan_again, &watching, NULL));
    for (int i = 0; i < 20; i++) {
        g_autofree char *name = g_strdup_printf("%d.pdf", i);
        fixture_write(watching.place->folder, name, "x");
    }
    assert_true(fixture_run_until(&watching.seen, DEADLINE_MS));
    assert_int_equal(watching.calls, 1);
    /* Listing and reading the corpus is no change of it. */
    g_timeout_add(400, mark_passed, &is_over);
    assert_true(fixture_run_until(&is_over, DEADLINE_MS));
    assert_int_equal(watching.calls, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_passed_over),
        cmocka_unit_test_setup_teardown(test_opening, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_scanning, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_vanished_root, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sidecars, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stamps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_files_that_are_not_opened, set_up, tear_down),
        cmocka_unit_test(test_covering),
        cmocka_unit_test_setup_teardown(test_unreadable_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_watching, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_changes_are_told_once, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("corpus", tests, NULL, NULL);
}
