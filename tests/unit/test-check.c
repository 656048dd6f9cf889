/* Tests of indexer/check: the archive against the corpus. The archive is made by hand: its rows say
 * what an indexer would have noted of the files. */
#include "../../indexer/check.h"

#include <unistd.h>

#include "sample.h"

static const char TEXT[] = "Il piano del comune";

typedef struct {
    SampleFolder folder;
    char *corpus_path;
    Corpus *corpus;
} House;

static void house_init(House *house)
{
    house->folder = sample_folder_new();
    house->corpus_path = g_build_filename(house->folder.folder, "corpus", NULL);
    fixture_write(house->corpus_path, "a.txt", TEXT);
    house->corpus = corpus_open(house->corpus_path, NULL);
    assert_non_null(house->corpus);
}

static void house_release(House *house)
{
    corpus_free(house->corpus);
    sample_folder_release(&house->folder);
    g_free(house->corpus_path);
}

/* Puts the file in, as it is now, with that content. */
static void put(const House *house, const char *path, const char *content, FileState state)
{
    g_autoptr(Archive) archive = sample_writer(house->folder.archive);
    ArchiveFile file = {.path = (char *)path, .state = state};
    int fd = corpus_open_file(house->corpus, path);
    if (fd >= 0) {
        assert_true(corpus_stamp(fd, &file.stamp));
        close(fd);
    }
    assert_true(archive_begin(archive, NULL));
    if (content) {
        g_autoptr(ArchiveDocument) document =
            sample_document(&(Sample){.path = path, .marked = IT "Il piano", .content = content});
        g_autoptr(GString) marked = g_string_new(IT "Il piano");
        assert_true(archive_put_document(archive, document, marked, NULL));
        file.document = document->row;
    }
    assert_true(archive_put_file(archive, &file, NULL));
    assert_true(archive_commit(archive, NULL));
}

static void add_line(CheckKind kind, const char *sentence, gpointer data)
{
    g_string_append_printf(data, "%c %s\n", kind == CHECK_WRONG ? 'w' : 'b', sentence);
}

static void assert_found(const House *house, const char *want, guint wrong, guint behind)
{
    g_autoptr(GString) found = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    CheckCounts counts;
    if (!check_archive(house->corpus, house->folder.archive, add_line, found, &counts, &error))
        fail_msg("%s", error->message);
    assert_string_equal(found->str, want);
    assert_int_equal(counts.wrong, wrong);
    assert_int_equal(counts.behind, behind);
    assert_false(counts.is_index_left);
}

#define AUTO_HOUSE __attribute__((cleanup(house_release))) House

static void test_all_is_well(void **state)
{
    (void)state;
    AUTO_HOUSE house;
    house_init(&house);
    put(&house, "a.txt", TEXT, FILE_INDEXED);
    assert_found(&house, "", 0, 0);
}

static void test_behind(void **state)
{
    (void)state;
    AUTO_HOUSE house;
    house_init(&house);
    put(&house, "a.txt", TEXT, FILE_INDEXED);
    put(&house, "gone.txt", "what it held", FILE_INDEXED);
    fixture_write(house.corpus_path, "new.txt", "x");
    fixture_write(house.corpus_path, "waits.txt", "x");
    put(&house, "waits.txt", NULL, FILE_PENDING);
    fixture_write(house.corpus_path, "a.txt", "another text");
    assert_found(&house,
                 "b a.txt: changed since it was indexed\n"
                 "b new.txt: not in the archive yet\n"
                 "b waits.txt: waits to be read\n"
                 "b gone.txt: in the archive, but not in the corpus any more\n",
                 0, 4);
}

/* One that has grown to any size is not read to tell that it is another. */
static void test_swollen(void **state)
{
    (void)state;
    AUTO_HOUSE house;
    house_init(&house);
    put(&house, "a.txt", TEXT, FILE_INDEXED);
    g_autofree char *path = g_build_filename(house.corpus_path, "a.txt", NULL);
    assert_int_equal(truncate(path, (off_t)3 << 40), 0);
    assert_found(&house, "b a.txt: changed since it was indexed\n", 0, 1);
}

/* As after copying a corpus back: stamps differ, contents do not. */
static void test_put_back(void **state)
{
    (void)state;
    AUTO_HOUSE house;
    house_init(&house);
    put(&house, "a.txt", TEXT, FILE_INDEXED);
    g_autofree char *path = g_build_filename(house.corpus_path, "a.txt", NULL);
    assert_int_equal(g_remove(path), 0);
    fixture_write(house.corpus_path, "b.txt", "takes its inode");
    put(&house, "b.txt", "takes its inode", FILE_INDEXED);
    fixture_write(house.corpus_path, "a.txt", TEXT);
    assert_found(&house, "", 0, 0);
}

static void test_wrong(void **state)
{
    (void)state;
    AUTO_HOUSE house;
    house_init(&house);
    put(&house, "a.txt", "what never stood there", FILE_INDEXED);
    assert_found(&house,
                 "w a.txt: its content is not the one that was indexed, though the file looks "
                 "unchanged\n",
                 1, 0);
}

static void test_no_archive(void **state)
{
    (void)state;
    AUTO_HOUSE house;
    house_init(&house);
    CheckCounts counts;
    g_autoptr(GError) error = NULL;
    assert_false(
        check_archive(house.corpus, house.folder.archive, add_line, NULL, &counts, &error));
    assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_ABSENT));
    assert_false(g_file_test(house.folder.archive, G_FILE_TEST_EXISTS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_is_well), cmocka_unit_test(test_behind),
        cmocka_unit_test(test_swollen),     cmocka_unit_test(test_put_back),
        cmocka_unit_test(test_wrong),       cmocka_unit_test(test_no_archive),
    };
    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
