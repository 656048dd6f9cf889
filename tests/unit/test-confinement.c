/* What the indexer and the server can still do once they are confined, tried from inside: the same
 * attempts as test-confine.c's, under each program's plan. */
#include "attempts.h"

#include "../../indexer/beneath.h"
#include "../../indexer/confinement.h"
#include "../../indexer/reader/sanitized.h"

/* The folder that the plan gives, for reading or for writing; set before the child is made. */
static const char *given_folder;

static guint confine_server(void)
{
    const LandlockRule rules[] = {{given_folder, LANDLOCK_READ}};
    return confinement_enter(&(ConfinementPlan){rules, 1, CONFINEMENT_SERVING, 0});
}

static guint confine_indexer(void)
{
    const LandlockRule rules[] = {{given_folder, LANDLOCK_READ | LANDLOCK_WRITE | LANDLOCK_MAKE}};
    return confinement_enter(&(ConfinementPlan){rules, 1, CONFINEMENT_WRITING, 0});
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
        {"read_file", TRUE, TRUE},       {"list", TRUE, TRUE},       {"write", FALSE, TRUE},
        {"append", FALSE, TRUE},         {"cut", FALSE, FALSE},      {"create", FALSE, TRUE},
        {"openat2", FALSE, TRUE},        {"rename", FALSE, TRUE},    {"unlink", FALSE, TRUE},
        {"cut_by_openat2", FALSE, TRUE}, {"truncate", FALSE, FALSE}, {"mkdir", FALSE, FALSE},
        {"symlink", FALSE, FALSE},       {"link", FALSE, FALSE},     {"mknod", FALSE, FALSE},
        {"chmod", FALSE, FALSE},         {"chown", FALSE, FALSE},    {"xattr", FALSE, FALSE},
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

/* As on a kernel whose Landlock does not govern who cuts files off, or that has none. */
static guint confine_without_landlock(guint (*confine_child)(void))
{
    static const Call ABSENT[] = {{"landlock_create_ruleset", CALLS_ALL}, {NULL, CALLS_ALL}};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        !calls_restrict(&(CallsFilter){.absent = ABSENT, .denies = TRUE}))
        return PROTECTION_ALL;
    return confine_child() & ~(guint)PROTECTION_FILES;
}

static guint confine_old_server(void)
{
    return confine_without_landlock(confine_server);
}

static guint confine_old_indexer(void)
{
    return confine_without_landlock(confine_indexer);
}

static int read_beneath(const Outside *inside)
{
    char content[16] = "";
    int folder = open(inside->folder, O_RDONLY | O_DIRECTORY);
    int fd = beneath_open(folder, "file", O_RDONLY);
    return fd >= 0 && read(fd, content, 4) == 4 && strcmp(content, "left") == 0 ? 0 : errno;
}

/* There the filter alone keeps what can be read from being cut off, and reading goes on. */
static void test_without_landlock(void **state)
{
    (void)state;
    static const struct {
        Attempt attempt;
        gboolean server;
        gboolean indexer;
    } ROWS[] = {
        {{"read", read_beneath}, TRUE, TRUE},
        {{"cut", attempt_cut}, FALSE, FALSE},
        {{"cut by openat2", attempt_cut_by_openat2}, FALSE, FALSE},
        {{"openat2", attempt_openat2}, FALSE, FALSE},
        {{"truncate", attempt_truncate}, FALSE, FALSE},
        {{"write", attempt_write}, FALSE, TRUE},
        {{"create", attempt_create}, FALSE, TRUE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++)
        for (int who = 0; who < 2; who++) {
            char *folder = fixture_folder_new();
            const Outside inside = outside_of(folder);
            given_folder = folder;
            int status = attempt_confined(&ROWS[i].attempt, &inside,
                                          who ? confine_old_indexer : confine_old_server);
            gboolean may = who ? ROWS[i].indexer : ROWS[i].server;
            if (may ? status != 0 : !attempt_was_refused(status))
                fail_msg("%s %s: wait status %#x", who ? "indexer" : "server", ROWS[i].attempt.name,
                         (guint)status);
            fixture_folder_remove(folder);
        }
}

static void *say(void *data)
{
    return data;
}

static gssize send_message(int socket)
{
    struct iovec data = {(char *)"x", 1};
    const struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

/* What programs go on doing: threads, memory, signals to themselves, descriptors from before. */
static void test_needs(void **state)
{
    (void)state;
    static guint (*const CONFINES[])(void) = {confine_server, confine_indexer};
    char *folder = fixture_folder_new();
    given_folder = folder;
    for (gsize i = 0; i < G_N_ELEMENTS(CONFINES); i++) {
        int ends[2];
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
        dup2(open("/bin/true", O_RDONLY), OPEN_FILE);
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
            struct flock whole = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
            if (fcntl(OPEN_FILE, F_SETFD, FD_CLOEXEC) != 0 ||
                fcntl(OPEN_FILE, F_DUPFD_CLOEXEC, 0) < 0 ||
                fcntl(OPEN_FILE, F_SETFL, fcntl(OPEN_FILE, F_GETFL) | O_NONBLOCK) != 0 ||
                fcntl(OPEN_FILE, F_SETLK, &whole) != 0 || fcntl(OPEN_FILE, F_GETLK, &whole) != 0 ||
                fcntl(OPEN_FILE, F_OFD_SETLKW, &whole) != 0)
                _exit(5);
            if (send(ends[0], "x", 1, MSG_NOSIGNAL) != 1 || send_message(ends[0]) != 1)
                _exit(6);
            _exit(open("/dev/null", O_WRONLY) < 0 && CONFINES[i] == confine_indexer ? 4 : 0);
        }
        int status = 0;
        waitpid(pid, &status, 0);
        if (status != 0)
            fail_msg("%s: wait status %#x", i ? "indexer" : "server", (guint)status);
        close(ends[0]);
        close(ends[1]);
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
        {{0, 0, 7, FALSE},
         "protections: server: no new privileges, files (Landlock 7), system calls (seccomp); "
         "readers: no new privileges, limits, files (Landlock 7), system calls (seccomp)"},
        {{0, 0, 7, TRUE},
         "protections: server: no new privileges, files (Landlock 7), system calls (seccomp); "
         "readers: no new privileges, limits, files (Landlock 7), system calls (seccomp); running "
         "as root, without its capabilities: a user of its own is safer"},
        {{PROTECTION_FILES, PROTECTION_FILES, 0, FALSE},
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
        cmocka_unit_test(test_server), cmocka_unit_test(test_indexer),
        cmocka_unit_test(test_inside), cmocka_unit_test(test_without_landlock),
        cmocka_unit_test(test_needs),  cmocka_unit_test(test_sentence),
        cmocka_unit_test(test_user),   cmocka_unit_test(test_whole_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
