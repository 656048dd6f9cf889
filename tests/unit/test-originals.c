/* Tests of server/originals: only the file that was indexed is opened, and only below the corpus.
 */
#include "fixture.h"

#include <fcntl.h>
#include <unistd.h>

#include "../../server/images/originals.h"

static void test_open(void **state)
{
    static const struct {
        const char *paths[3];
        const char *opened; /* NULL: none */
    } ROWS[] = {
        {{"a.pdf"}, "a.pdf"},
        {{"gone.pdf", "b/a.pdf"}, "b/a.pdf"},
        {{"longer.pdf", "a.pdf"}, "a.pdf"}, /* changed since */
        {{"longer.pdf"}, NULL},
        {{"b"}, NULL}, /* a folder */
        {{"../secret"}, NULL},
        {{"link"}, NULL}, /* leads out */
        {{NULL}, NULL},
    };
    (void)state;
    char *folder = fixture_folder_new();
    fixture_write(folder, "secret", "0123456789");
    fixture_write(folder, "corpus/a.pdf", "0123456789");
    fixture_write(folder, "corpus/b/a.pdf", "0123456789");
    fixture_write(folder, "corpus/longer.pdf", "0123456789+");
    g_autofree char *link = g_build_filename(folder, "corpus/link", NULL);
    assert_int_equal(symlink("../secret", link), 0);
    g_autofree char *corpus = g_build_filename(folder, "corpus", NULL);
    int base = open(corpus, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const ArchiveDocument document = {.size_bytes = 10};
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        const char *path = NULL;
        g_autoptr(GPtrArray) paths = g_ptr_array_new();
        for (gsize j = 0; ROWS[i].paths[j]; j++)
            g_ptr_array_add(paths, (gpointer)ROWS[i].paths[j]);
        int fd = originals_open(base, &document, paths, &path);
        assert_int_equal(fd >= 0, ROWS[i].opened != NULL);
        if (fd >= 0) {
            assert_string_equal(path, ROWS[i].opened);
            close(fd);
        }
        assert_int_equal(originals_open(-1, &document, paths, NULL), -1);
    }
    close(base);
    fixture_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_open)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
