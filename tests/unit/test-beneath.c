/* Tests of indexer/beneath: what lies below a folder opens, and nothing else does; by openat2 and,
 * where it is not to be had, step by step. */
#include "../../indexer/beneath.h"
#include "../../indexer/reader/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
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
        {"file", "file"},          {"./file", "file"},
        {"below/file", "below"},   {"below//file", "below"},
        {"below/../file", "file"}, /* does not lead out */
        {"below/./file", "below"}, {"./below/.././/below/../file", "file"},
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
        {"file/", ENOTDIR},
        {"file/.", ENOTDIR},
        {"file/..", ENOTDIR},
        {"missing/../file", ENOENT},
        {"below/missing", ENOENT},
        {"in/", ELOOP},
        {"folder/", ELOOP},
        {"folder/..", ELOOP},
        {"none/file", ELOOP},
        {"in/file", ELOOP},
        {"below/..//..", EXDEV},
        {"./../root", EXDEV},
        {"../", EXDEV},
    };
    const Place *place = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        errno = 0;
        assert_int_equal(beneath_open(place->root, ROWS[i].path, O_RDONLY), -1);
        assert_int_equal(errno, ROWS[i].error);
    }
}

/* Folders open, too, written in whichever way. */
static void test_folders(void **state)
{
    static const char *const PATHS[] = {".",       "./",      "below",    "below/",
                                        "below//", "below/.", "below/..", "below/../below/"};
    const Place *place = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(PATHS); i++) {
        int fd = beneath_open(place->root, PATHS[i], O_RDONLY);
        assert_true(fd >= 0);
        assert_int_equal(beneath_open(fd, "..", O_RDONLY | O_DIRECTORY), -1);
        close(fd);
        assert_int_equal(beneath_open(place->root, "folder", O_RDONLY | O_DIRECTORY), -1);
        assert_int_equal(errno, ELOOP);
    }
}

static void test_long_paths(void **state)
{
    const Place *place = *state;
    static const struct {
        gsize length;
        int error;
    } ROWS[] = {{255, ENOENT}, {256, ENAMETOOLONG}, {PATH_MAX, ENAMETOOLONG}};
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *path = g_strnfill(ROWS[i].length, 'a');
        assert_int_equal(beneath_open(place->root, path, O_RDONLY), -1);
        assert_int_equal(errno, ROWS[i].error);
    }
    GString *deep = g_string_new(NULL);
    while (deep->len < PATH_MAX - 6)
        g_string_append(deep, "./");
    g_string_append(deep, "file");
    int fd = beneath_open(place->root, deep->str, O_RDONLY);
    assert_true(fd >= 0);
    close(fd);
    g_string_append(deep, "////");
    assert_int_equal(beneath_open(place->root, deep->str, O_RDONLY), -1);
    assert_int_equal(errno, ENAMETOOLONG);
    g_string_free(deep, TRUE);
}

/* Whatever way was gone, nothing stays open. */
static void test_descriptors(void **state)
{
    const Place *place = *state;
    static const char *const PATHS[] = {"below/file", "below/missing", "below/../../x",
                                        "below/../below/x", "folder/x"};
    int before = dup(place->root);
    close(before);
    for (gsize i = 0; i < G_N_ELEMENTS(PATHS); i++) {
        int fd = beneath_open(place->root, PATHS[i], O_RDONLY);
        if (fd >= 0)
            close(fd);
    }
    int after = dup(place->root);
    close(after);
    assert_int_equal(after, before);
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

static gboolean is_absent(void)
{
    return syscall(SYS_openat2, -1, "", NULL, 0) == -1 && errno == ENOSYS;
}

/* From here on openat2 is not to be had, as under valgrind it never was. */
static int do_without(void **state)
{
    static const Call ABSENT[] = {{"openat2", CALLS_ALL}, {NULL, CALLS_ALL}};
    (void)state;
    if (is_absent())
        return 0;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                   calls_restrict(&(CallsFilter){.absent = ABSENT, .denies = TRUE}) && is_absent()
               ? 0
               : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_lies_below_opens, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_leads_out_does_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_folders, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_paths, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_descriptors, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_flags_are_kept, set_up, tear_down),
    };
    int failed = cmocka_run_group_tests_name("beneath", tests, NULL, NULL);
    return failed + cmocka_run_group_tests_name("beneath, step by step", tests, do_without, NULL);
}
