/* The steward: what it does, what it refuses, and that it ends with its owner. */
#include "attempts.h"

#include "../../indexer/reader/calls.h"
#include "../../indexer/reader/protection.h"
#include "../../indexer/reader/protocol.h"
#include "../../indexer/reader_process.h"
#include "../../indexer/steward_private.h"

#include <grp.h>
#include <poll.h>

static const ReaderAllowance ALLOWANCE = {.memory_mib = 512, .text_mib = 1, .cpu_seconds = 60};

static char *built(const char *name, gboolean is_test)
{
    g_autofree char *me = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *tests = g_path_get_dirname(me);
    return g_build_filename(tests, is_test ? "." : "..", name, NULL);
}

static Steward *steward_of(const char *reader)
{
    g_autoptr(GError) error = NULL;
    const StewardDuties duties = {.reader_path = reader};
    Steward *steward = steward_new(&duties, &error);
    if (!steward)
        fail_msg("%s", error->message);
    return steward;
}

static void test_readers(void **state)
{
    (void)state;
    g_autofree char *reader = built("fake-reader", TRUE);
    g_autoptr(Steward) steward = steward_of(reader);
    int sockets[2];
    pid_t pids[2];
    for (int i = 0; i < 2; i++) {
        pids[i] = steward_start_reader(steward, &ALLOWANCE, &sockets[i]);
        assert_true(pids[i] > 0);
        assert_int_equal(fcntl(sockets[i], F_GETFD), FD_CLOEXEC);
        assert_true(fcntl(sockets[i], F_GETFL) & O_NONBLOCK);
    }
    assert_int_not_equal(pids[0], pids[1]);
    /* Hung up on, one ends by itself; the other has to be killed. */
    close(sockets[0]);
    int status = steward_stop_reader(steward, pids[0], 1000);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    status = steward_stop_reader(steward, pids[1], 0);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    close(sockets[1]);
    assert_int_equal(steward_stop_reader(steward, pids[0], 0), 0);
}

/* It ends and looks at nobody but its own readers, whoever asks. */
static void test_strangers(void **state)
{
    (void)state;
    g_autofree char *reader = built("fake-reader", TRUE);
    g_autoptr(Steward) steward = steward_of(reader);
    pid_t victim = fork();
    if (victim == 0) {
        pause();
        _exit(0);
    }
    const pid_t STRANGERS[] = {victim, 1, 0, -1, getpid(), INT_MAX, INT_MIN};
    for (gsize i = 0; i < G_N_ELEMENTS(STRANGERS); i++) {
        assert_int_equal(steward_stop_reader(steward, STRANGERS[i], 0), 0);
        assert_true(steward_resident_mib(steward, STRANGERS[i]) == G_MAXUINT64);
    }
    assert_int_equal(waitpid(victim, NULL, WNOHANG), 0);
    kill(victim, SIGKILL);
    waitpid(victim, NULL, 0);
}

static void test_resident(void **state)
{
    (void)state;
    g_autofree char *reader = built("fake-reader", TRUE);
    g_autoptr(Steward) steward = steward_of(reader);
    int socket = -1;
    pid_t pid = steward_start_reader(steward, &ALLOWANCE, &socket);
    assert_true(pid > 0);
    guint64 mib = 0;
    for (int i = 0; i < 100 && mib == 0; i++) { /* until it is loaded */
        mib = steward_resident_mib(steward, pid);
        g_usleep(10 * 1000);
    }
    assert_in_range(mib, 1, 400);
    close(socket);
}

/* In a namespace whose /proc hides from a user what that user cannot look into, as systemd's
 * ProtectProc does: 0 when the memory of a confined reader is known there, else the line. */
#define NEED(condition)                                                                            \
    do {                                                                                           \
        if (!(condition))                                                                          \
            _exit(__LINE__ & 0xff);                                                                \
    } while (0)

enum { CANNOT_HIDE = 255, NOBODY = 65534 };

static void look_while_hidden(const char *reader)
{
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("proc", "/proc", "proc", 0, "hidepid=invisible") != 0 || setgroups(0, NULL) != 0 ||
        setresgid(NOBODY, NOBODY, NOBODY) != 0 || setresuid(NOBODY, NOBODY, NOBODY) != 0 ||
        access(reader, X_OK) != 0)
        _exit(CANNOT_HIDE);
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    Steward *steward = steward_of(reader);
    int socket = -1;
    pid_t pid = steward_start_reader(steward, &ALLOWANCE, &socket);
    g_autofree char *path = g_strdup_printf("/proc/%d/statm", (int)pid);
    NEED(pid > 0);
    for (int i = 0; i < 1000 && access(path, F_OK) == 0; i++) /* until it has confined itself */
        g_usleep(10 * 1000);
    NEED(access(path, F_OK) != 0 && errno == ENOENT);
    guint64 mib = steward_resident_mib(steward, pid);
    NEED(mib >= 1 && mib <= 400);
    steward_free(steward);
    _exit(0);
}

static void test_resident_hidden(void **state)
{
    (void)state;
    g_autofree char *reader = built("schedario-reader", FALSE);
    pid_t pid = fork();
    if (pid == 0)
        look_while_hidden(reader);
    int status = 0;
    waitpid(pid, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == CANNOT_HIDE)
        skip();
    if (status != 0)
        fail_msg("wait status %#x", (guint)status);
}

static void test_no_program(void **state)
{
    (void)state;
    static const char *const PATHS[] = {NULL, "/nowhere/at/all", "/etc/passwd", "/tmp"};
    for (gsize i = 0; i < G_N_ELEMENTS(PATHS); i++) {
        g_autoptr(Steward) steward = steward_of(PATHS[i]);
        int socket = -7;
        assert_int_equal(steward_start_reader(steward, &ALLOWANCE, &socket), 0);
        assert_int_equal(socket, -7);
    }
}

static void test_files(void **state)
{
    (void)state;
    char *folder = fixture_folder_new();
    fixture_write(folder, "there", "text");
    fixture_write(folder, "other", "text");
    g_autofree char *there = g_build_filename(folder, "there", NULL);
    g_autofree char *made = g_build_filename(folder, "made", NULL);
    g_autofree char *absent = g_build_filename(folder, "absent", NULL);
    g_autofree char *link = g_build_filename(folder, "link", NULL);
    assert_int_equal(symlink(there, link), 0);
    const StewardFile FILES[] = {
        {there, O_RDONLY, 0},
        {made, O_RDWR | O_CREAT, 0600},
        {absent, O_RDONLY, 0},
        {link, O_RDONLY, 0},
    };
    static const struct {
        guint number;
        int fault;
    } ROWS[] = {{0, 0}, {1, 0}, {2, ENOENT}, {3, ELOOP}, {4, ENOENT}, {G_MAXUINT, ENOENT}, {0, 0}};
    const StewardDuties duties = {.files = FILES, .n_files = G_N_ELEMENTS(FILES)};
    g_autoptr(Steward) steward = steward_new(&duties, NULL);
    assert_non_null(steward);
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        int fd = steward_open(steward, ROWS[i].number);
        if (ROWS[i].fault == 0)
            assert_true(fd >= 0);
        else if (fd >= 0 || errno != ROWS[i].fault)
            fail_msg("file %u: descriptor %d, errno %d", ROWS[i].number, fd, errno);
        if (fd >= 0)
            close(fd);
    }
    assert_true(g_file_test(made, G_FILE_TEST_EXISTS));
    /* It does not start programs for those who asked for none. */
    int socket = -1;
    assert_int_equal(steward_start_reader(steward, &ALLOWANCE, &socket), 0);
    fixture_folder_remove(folder);
}

/* A message that is none ends it: it does not guess. Its readers end with it. */
static void test_nonsense(void **state)
{
    (void)state;
    static const struct {
        guint32 duty;
        gsize length;
    } ROWS[] = {{STEWARD_DUTIES, sizeof(StewardRequest)},
                {G_MAXUINT32, sizeof(StewardRequest)},
                {STEWARD_START, sizeof(StewardRequest) - 1},
                {STEWARD_START, 1}};
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        int pair[2];
        assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
        pid_t pid = fork();
        if (pid == 0)
            steward_process_run(&(StewardDuties){0}, pair[1]);
        close(pair[1]);
        const StewardRequest request = {.duty = ROWS[i].duty};
        assert_int_equal(send(pair[0], &request, ROWS[i].length, 0), ROWS[i].length);
        struct pollfd end = {.fd = pair[0], .events = POLLIN};
        assert_int_equal(poll(&end, 1, 5000), 1);
        StewardReply ready;
        char byte;
        assert_int_equal(recv(pair[0], &ready, sizeof ready, 0), sizeof ready);
        assert_int_equal(recv(pair[0], &byte, 1, 0), 0);
        int status = 0;
        waitpid(pid, &status, 0);
        assert_int_equal(status, 0);
        close(pair[0]);
    }
}

static gboolean is_alive(pid_t pid)
{
    return kill(pid, 0) == 0;
}

/* kill -9 of the owner leaves nobody behind. */
static void test_end_of_owner(void **state)
{
    (void)state;
    g_autofree char *reader = built("fake-reader", TRUE);
    int pipe_ends[2];
    assert_int_equal(pipe(pipe_ends), 0);
    pid_t owner = fork();
    if (owner == 0) {
        int socket = -1;
        Steward *steward = steward_of(reader);
        pid_t pid = steward_start_reader(steward, &ALLOWANCE, &socket);
        if (write(pipe_ends[1], &pid, sizeof pid) != sizeof pid)
            _exit(1);
        pause();
    }
    pid_t pid = 0;
    assert_int_equal(read(pipe_ends[0], &pid, sizeof pid), sizeof pid);
    assert_true(pid > 0 && is_alive(pid));
    kill(owner, SIGKILL);
    waitpid(owner, NULL, 0);
    for (int i = 0; i < 500 && is_alive(pid); i++)
        g_usleep(10 * 1000);
    assert_false(is_alive(pid));
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

/* The real reader says that all its protections hold; on a system that lacks some, which; and works
 * on only when it was told to. */
static void test_probe(void **state)
{
    (void)state;
    static const struct {
        const char *refused;
        guint missing;
    } ROWS[] = {
        {NULL, 0},
        {"landlock_create_ruleset", PROTECTION_FILES},
        {"seccomp", PROTECTION_CALLS},
    };
    g_autofree char *reader = built("schedario-reader", FALSE);
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        pid_t pid = fork();
        if (pid == 0) {
            const Call refused[] = {{ROWS[i].refused, CALLS_ALL}, {NULL, CALLS_ALL}};
            prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            if (ROWS[i].refused)
                calls_restrict(&(CallsFilter){.refused = refused, .denies = TRUE});
            Steward *steward = steward_of(reader);
            _exit(steward_missing(steward) == ROWS[i].missing
                      ? (int)reader_process_probe(steward, &ALLOWANCE)
                      : 100);
        }
        int status = 0;
        waitpid(pid, &status, 0);
        if (!WIFEXITED(status) || (guint)WEXITSTATUS(status) != ROWS[i].missing)
            fail_msg("without %s: wait status %#x", ROWS[i].refused ? ROWS[i].refused : "nothing",
                     (guint)status);
    }
    /* Other programs say nothing that could be believed. */
    static const char *const OTHERS[] = {"/bin/false", "/nowhere/at/all", "/bin/cat"};
    for (gsize i = 0; i < G_N_ELEMENTS(OTHERS); i++) {
        g_autoptr(Steward) steward = steward_of(OTHERS[i]);
        assert_int_equal(reader_process_probe(steward, &ALLOWANCE), PROTECTION_ALL);
    }
}

static void test_status(void **state)
{
    (void)state;
    static const struct {
        int status; /* of exit */
        guint missing;
    } ROWS[] = {{READER_EXIT_CONFINE, 0},
                {READER_EXIT_CONFINE + 1, 1},
                {READER_EXIT_CONFINE + PROTECTION_ALL, PROTECTION_ALL},
                {READER_EXIT_CONFINE + PROTECTION_ALL + 1, 0},
                {READER_EXIT_MEMORY, 0},
                {0, 0}};
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        guint missing = 0;
        gboolean is = reader_process_is_unconfined(ROWS[i].status << 8, &missing);
        assert_int_equal(is, ROWS[i].missing != 0);
        assert_int_equal(missing, ROWS[i].missing);
    }
    guint missing = 0;
    assert_false(reader_process_is_unconfined(SIGSYS, &missing));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_readers),         cmocka_unit_test(test_strangers),
        cmocka_unit_test(test_resident),        cmocka_unit_test(test_no_program),
        cmocka_unit_test(test_files),           cmocka_unit_test(test_nonsense),
        cmocka_unit_test(test_end_of_owner),    cmocka_unit_test(test_probe),
        cmocka_unit_test(test_resident_hidden), cmocka_unit_test(test_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
