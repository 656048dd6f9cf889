/* What the indexer and the server can still do once they are confined, tried from inside: the same
 * attempts as test-confine.c's, under each program's plan. */
#include "attempts.h"

#include "../../indexer/confinement.h"
#include "../../indexer/reader/sanitized.h"

/* The folder that the plan gives, for reading or for writing; set before the child is made. */
static const char *given_folder;

static guint confine_server(void)
{
    const LandlockRule rules[] = {{given_folder, LANDLOCK_READ}};
    return confinement_enter(&(ConfinementPlan){rules, 1, CONFINEMENT_SERVING});
}

static guint confine_indexer(void)
{
    const LandlockRule rules[] = {{given_folder, LANDLOCK_READ | LANDLOCK_WRITE | LANDLOCK_MAKE}};
    return confinement_enter(&(ConfinementPlan){rules, 1, CONFINEMENT_WRITING});
}

/* Harmless, and of use to the program: who it is, and signals to itself. */
static gboolean is_left(const char *name)
{
    static const char *const LEFT[] = {"other_numbering"};
    for (gsize i = 0; i < G_N_ELEMENTS(LEFT); i++)
        if (strcmp(LEFT[i], name) == 0)
            return TRUE;
    return FALSE;
}

/* What the sanitizer's search for leaks needs, in programs that are built with it. */
static gboolean is_sanitizers(const char *name)
{
    static const char *const NEEDED[] = {"fork", "vfork", "ptrace", "dumpable"};
    for (gsize i = 0; SANITIZED && i < G_N_ELEMENTS(NEEDED); i++)
        if (strcmp(NEEDED[i], name) == 0)
            return TRUE;
    return FALSE;
}

static void assert_all_fail(guint (*confine_child)(void))
{
    char *folder = fixture_folder_new();
    char *outside_folder = fixture_folder_new();
    given_folder = folder;
    const Outside outside = outside_of(outside_folder);
    for (gsize i = 0; i < G_N_ELEMENTS(ATTEMPT_TABLE); i++) {
        const Attempt *attempt = &ATTEMPT_TABLE[i];
        if (is_sanitizers(attempt->name))
            continue;
        int status = attempt_confined(attempt, &outside, confine_child);
        if (is_left(attempt->name) ? !attempt_was_killed(status) : !attempt_was_refused(status))
            fail_msg("%s: wait status %#x", attempt->name, (guint)status);
    }
    g_autofree char *content = NULL;
    assert_true(g_file_get_contents(outside.file, &content, NULL, NULL));
    assert_string_equal(content, "left as it was");
    assert_false(g_file_test(outside.new_file, G_FILE_TEST_EXISTS));
    fixture_folder_remove(folder);
    fixture_folder_remove(outside_folder);
}

static void test_server(void **state)
{
    (void)state;
    assert_all_fail(confine_server);
}

static void test_indexer(void **state)
{
    (void)state;
    assert_all_fail(confine_indexer);
}

/* Within the folder that is given: the server reads, and nothing else; the indexer writes, and
 * makes no links, folders, devices. */
static void test_inside(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        gboolean server;
        gboolean indexer;
    } ROWS[] = {
        {"read_file", TRUE, TRUE},  {"list", TRUE, TRUE},    {"write", FALSE, TRUE},
        {"append", FALSE, TRUE},    {"cut", FALSE, TRUE},    {"create", FALSE, TRUE},
        {"openat2", FALSE, TRUE},   {"rename", FALSE, TRUE}, {"unlink", FALSE, TRUE},
        {"truncate", FALSE, FALSE}, {"mkdir", FALSE, FALSE}, {"symlink", FALSE, FALSE},
        {"link", FALSE, FALSE},     {"mknod", FALSE, FALSE}, {"chmod", FALSE, FALSE},
        {"chown", FALSE, FALSE},    {"xattr", FALSE, FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++)
        for (int who = 0; who < 2; who++) {
            char *folder = fixture_folder_new();
            const Outside inside = outside_of(folder);
            given_folder = folder;
            gsize j = 0;
            while (strcmp(ATTEMPT_TABLE[j].name, ROWS[i].name) != 0)
                j++;
            int status = attempt_confined(&ATTEMPT_TABLE[j], &inside,
                                          who ? confine_indexer : confine_server);
            gboolean may = who ? ROWS[i].indexer : ROWS[i].server;
            if (may ? status != 0 : !attempt_was_refused(status))
                fail_msg("%s %s: wait status %#x", who ? "indexer" : "server", ROWS[i].name,
                         (guint)status);
            fixture_folder_remove(folder);
        }
}

static void *say(void *data)
{
    return data;
}

/* What programs go on doing: threads, memory, signals to themselves, descriptors from before. */
static void test_needs(void **state)
{
    (void)state;
    static guint (*const CONFINES[])(void) = {confine_server, confine_indexer};
    char *folder = fixture_folder_new();
    given_folder = folder;
    for (gsize i = 0; i < G_N_ELEMENTS(CONFINES); i++) {
        pid_t pid = fork();
        if (pid == 0) {
            pthread_t thread;
            void *said = NULL;
            if (CONFINES[i]() != 0)
                _exit(1);
            if (pthread_create(&thread, NULL, say, folder) != 0 || pthread_join(thread, &said) != 0)
                _exit(2);
            if (said != folder || raise(0) != 0)
                _exit(3);
            _exit(open("/dev/null", O_WRONLY) < 0 && CONFINES[i] == confine_indexer ? 4 : 0);
        }
        int status = 0;
        waitpid(pid, &status, 0);
        if (status != 0)
            fail_msg("%s: wait status %#x", i ? "indexer" : "server", (guint)status);
    }
    fixture_folder_remove(folder);
}

static void test_sentence(void **state)
{
    (void)state;
    static const struct {
        ConfinementGaps gaps;
        const char *sentence;
    } ROWS[] = {
        {{0, 0, 7},
         "protections: server: no new privileges, files (Landlock 7), system calls (seccomp); "
         "readers: no new privileges, limits, files (Landlock 7), system calls (seccomp)"},
        {{PROTECTION_FILES, PROTECTION_FILES, 0},
         "protections: server: no new privileges, system calls (seccomp) (missing: files "
         "(Landlock)); readers: no new privileges, limits, system calls (seccomp) (missing: files "
         "(Landlock))"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *sentence = confinement_sentence("server", &ROWS[i].gaps);
        assert_string_equal(sentence, ROWS[i].sentence);
    }
}

static void test_user(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"root", "", "no such user"};
    for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autoptr(GError) error = NULL;
        assert_false(confinement_become(NAMES[i], &error));
        assert_int_equal(error->domain, G_FILE_ERROR);
    }
    pid_t pid = fork();
    if (pid == 0) {
        g_autoptr(GError) error = NULL;
        gboolean became = confinement_become("nobody", &error);
        if (became &&
            (geteuid() == 0 || getegid() == 0 || setuid(0) == 0 || getgroups(0, NULL) > 1))
            _exit(1);
        _exit(became ? 0 : 2);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    assert_int_equal(WEXITSTATUS(status), geteuid() == 0 ? 0 : 2);
}

static void test_whole_path(void **state)
{
    (void)state;
    char *folder = fixture_folder_new();
    fixture_write(folder, "deep/archive.db", "");
    g_autofree char *real = g_build_filename(folder, "deep/archive.db", NULL);
    g_autofree char *link = g_build_filename(folder, "link.db", NULL);
    g_autofree char *crooked = g_build_filename(folder, "deep/../deep/none.db", NULL);
    g_autofree char *straight = g_build_filename(folder, "deep/none.db", NULL);
    g_autofree char *nowhere = g_build_filename(folder, "nowhere/none.db", NULL);
    assert_int_equal(symlink(real, link), 0);
    g_autofree char *of_link = confinement_whole_path(link, NULL);
    assert_string_equal(of_link, real);
    g_autofree char *of_crooked = confinement_whole_path(crooked, NULL);
    assert_string_equal(of_crooked, straight);
    g_autoptr(GError) error = NULL;
    assert_null(confinement_whole_path(nowhere, &error));
    assert_int_equal(error->code, G_FILE_ERROR_NOENT);
    fixture_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_server),     cmocka_unit_test(test_indexer),
        cmocka_unit_test(test_inside),     cmocka_unit_test(test_needs),
        cmocka_unit_test(test_sentence),   cmocka_unit_test(test_user),
        cmocka_unit_test(test_whole_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
