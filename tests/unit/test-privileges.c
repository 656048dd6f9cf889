/* What is left of root: in a child each, since it is for good. */
#include "../../indexer/reader/privileges.h"

#include "attempts.h"

#include <linux/capability.h>

enum { NOBODY = 65534, TEXT_BYTES = 4096 };

#define NEED(condition)                                                                            \
    do {                                                                                           \
        if (!(condition))                                                                          \
            _exit(__LINE__ & 0xff);                                                                \
    } while (0)

static guint64 mask_of(const char *status, const char *name)
{
    const char *line = strstr(status, name);
    return line ? g_ascii_strtoull(line + strlen(name), NULL, 16) : G_MAXUINT64;
}

static void need_masks(const char *status, guint64 kept)
{
    NEED(mask_of(status, "CapInh:\t") == 0);
    NEED(mask_of(status, "CapPrm:\t") == kept);
    NEED(mask_of(status, "CapEff:\t") == kept);
    NEED(mask_of(status, "CapAmb:\t") == 0);
    NEED(mask_of(status, "NoNewPrivs:\t") == 1);
}

/* Also of a program that is run now. */
static void need_kept(guint64 kept)
{
    g_autofree char *own = NULL;
    g_autofree char *program = NULL;
    NEED(g_file_get_contents("/proc/self/status", &own, NULL, NULL));
    need_masks(own, kept);
    NEED(geteuid() != 0 || mask_of(own, "CapBnd:\t") == 0);
    NEED(g_spawn_command_line_sync("cat /proc/self/status", &program, NULL, NULL, NULL));
    need_masks(program, 0);
    NEED(setgid(NOBODY) != 0 || getegid() == NOBODY);
    NEED(geteuid() != 0 || (setuid(NOBODY) != 0 && errno == EPERM));
}

/* Another user's files, which nobody else may read. */
static void need_rights(const char *path, gboolean reads, gboolean writes)
{
    NEED((open(path, O_RDONLY) >= 0) == reads);
    NEED((open(path, O_WRONLY) >= 0) == writes);
    NEED((chown(path, NOBODY, NOBODY) == 0) == writes);
}

static void test_root(void **state)
{
    (void)state;
    const struct {
        guint64 keeps;
        gboolean reads;
        gboolean writes;
    } ROWS[] = {
        {0, FALSE, FALSE},
        {PRIVILEGES_READ_ALL, TRUE, FALSE},
        {PRIVILEGES_WRITE_ALL, TRUE, TRUE},
    };
    if (geteuid() != 0)
        skip();
    char *folder = fixture_folder_new();
    fixture_write(folder, "file", "theirs");
    g_autofree char *path = g_build_filename(folder, "file", NULL);
    assert_int_equal(chown(path, NOBODY, NOBODY), 0);
    assert_int_equal(chmod(path, 0600), 0);
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        pid_t pid = fork();
        if (pid == 0) {
            NEED(privileges_drop(ROWS[i].keeps));
            need_rights(path, ROWS[i].reads, ROWS[i].writes);
            need_kept(ROWS[i].keeps);
            NEED(privileges_drop(0)); /* and further */
            need_rights(path, FALSE, FALSE);
            _exit(0);
        }
        int status = 0;
        waitpid(pid, &status, 0);
        if (status != 0)
            fail_msg("row %zu: wait status %#x, the line modulo 256", i, (guint)status);
    }
    fixture_folder_remove(folder);
}

/* Who has none keeps none, whatever is asked for. */
static void test_others(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        NEED(geteuid() != 0 || setresuid(NOBODY, NOBODY, NOBODY) == 0);
        NEED(privileges_drop(PRIVILEGES_WRITE_ALL));
        need_kept(0);
        _exit(0);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    if (status != 0)
        fail_msg("wait status %#x, the line modulo 256", (guint)status);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_root),
        cmocka_unit_test(test_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
