/* Tests of indexer/beneath: what lies below a folder opens, and nothing else does. */
#include "../../indexer/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "fixture.h"

/* A folder "root" and beside it a file "secret":
 *   root/file  root/below/file
 *   root/out -> ../secret     root/in -> file       root/away -> (absolute)/secret
 *   root/up -> ..             root/folder -> below  root/none -> nothing */
typedef struct {
    char *folder;
    int root;
} Place;

static void link_to(const char *folder, const char *name, const char *target)
{
    g_autofree char *path = g_build_filename(folder, "root", name, NULL);
    assert_int_equal(symlink(target, path), 0);
}

static int set_up(void **state)
{
    Place *place = g_new0(Place, 1);
    place->folder = fixture_folder_new();
    fixture_write(place->folder, "secret", "secret");
    fixture_write(place->folder, "root/file", "file");
    fixture_write(place->folder, "root/below/file", "below");
    g_autofree char *secret = g_build_filename(place->folder, "secret", NULL);
    link_to(place->folder, "out", "../secret");
    link_to(place->folder, "in", "file");
    link_to(place->folder, "away", secret);
    link_to(place->folder, "up", "..");
    link_to(place->folder, "folder", "below");
    link_to(place->folder, "none", "nothing");
    g_autofree char *root = g_build_filename(place->folder, "root", NULL);
    place->root = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *state = place;
    return place->root >= 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    Place *place = *state;
    close(place->root);
    fixture_folder_remove(place->folder);
    g_free(place);
    return 0;
}

static void test_what_lies_below_opens(void **state)
{
    static const struct {
        const char *path;
        const char *content;
    } ROWS[] = {
        {"file", "file"},         {"./file", "file"},        {"below/file", "below"},
        {"below//file", "below"}, {"below/../file", "file"}, /* does not lead out */
    };
    const Place *place = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        char content[16] = "";
        int fd = beneath_open(place->root, ROWS[i].path, O_RDONLY);
        assert_true(fd >= 0);
        assert_true(read(fd, content, sizeof content - 1) >= 0);
        assert_string_equal(content, ROWS[i].content);
        assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
        close(fd);
    }
}

static void test_what_leads_out_does_not(void **state)
{
    static const struct {
        const char *path;
        int error;
    } ROWS[] = {
        {"..", EXDEV},
        {"../secret", EXDEV},
        {"below/../../secret", EXDEV},
        {"../root/file", EXDEV},
        {"/etc/passwd", EXDEV},
        {"/", EXDEV},
        {"out", ELOOP},
        {"away", ELOOP},
        {"in", ELOOP}, /* not even inside */
        {"none", ELOOP},
        {"up/secret", ELOOP},
        {"folder/file", ELOOP},
        {"below/../up/secret", ELOOP},
        {"missing", ENOENT},
        {"", ENOENT},
        {"file/x", ENOTDIR},
    };
    const Place *place = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        errno = 0;
        assert_int_equal(beneath_open(place->root, ROWS[i].path, O_RDONLY), -1);
        assert_int_equal(errno, ROWS[i].error);
    }
}

static void test_flags_are_kept(void **state)
{
    const Place *place = *state;
    int fd = beneath_open(place->root, "below", O_RDONLY | O_DIRECTORY);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(beneath_open(place->root, "file", O_RDONLY | O_DIRECTORY), -1);
    assert_int_equal(errno, ENOTDIR);
    fd = beneath_open(place->root, "file", O_RDONLY);
    assert_int_equal(write(fd, "x", 1), -1);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_lies_below_opens, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_leads_out_does_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_flags_are_kept, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("beneath", tests, NULL, NULL);
}
