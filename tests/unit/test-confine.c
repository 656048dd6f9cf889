/* The reader's prison, from inside: each attempt is made by a process that confine() has confined,
 * as a reader that a file has taken over would make it. */
#include "attempts.h"

#include "../../indexer/reader/calls.h"
#include "../../indexer/reader/confine.h"
#include "../../indexer/reader/landlock.h"
#include "../../indexer/reader/protocol.h"
#include "../../indexer/reader/sanitized.h"

#include <iconv.h>

static guint confine_child(void)
{
    return confine(&(ConfineLimits){.memory_mib = 512, .cpu_seconds = 10});
}

/* Nothing works, and what a font library would not try by itself ends the process. */
static void test_attempts(void **state)
{
    (void)state;
    /* These fail with an error: what is not there need not be a reason to die, see confine.c. */
    static const char *const REFUSED =
        " open_passwd read_file list memory_of_parent write append cut "
        "create tmpfile mkdir unlink rename link chmod ";
    char *folder = fixture_folder_new();
    const Outside outside = outside_of(folder);
    for (gsize i = 0; i < G_N_ELEMENTS(ATTEMPT_TABLE); i++) {
        const Attempt *attempt = &ATTEMPT_TABLE[i];
        g_autofree char *word = g_strdup_printf(" %s ", attempt->name);
        gboolean may_live = strstr(REFUSED, word) != NULL;
        int status = attempt_confined(attempt, &outside, confine_child);
        if (may_live ? !attempt_was_refused(status) : !attempt_was_killed(status))
            fail_msg("%s: wait status %#x, should be %s", attempt->name, (guint)status,
                     may_live ? "refused" : "killed");
    }
    g_autofree char *content = NULL;
    assert_true(g_file_get_contents(outside.file, &content, NULL, NULL));
    assert_string_equal(content, "left as it was");
    assert_false(g_file_test(outside.new_file, G_FILE_TEST_EXISTS));
    fixture_folder_remove(folder);
}

/* The same attempts succeed outside: else the rows above would say nothing. Only those that do no
 * harm, and that every machine allows. */
static void test_attempts_outside(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"open_passwd", "read_file",
                                        "list",        "write",
                                        "create",      "socket",
                                        "fork",        "exec",
                                        "socketpair",  "map_executable",
                                        "mkdir",       "make_executable",
                                        "memfd",       "map_file_executable",
                                        "bind",        "unlink",
                                        "own_signals", "choose_signal"};
    for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        char *folder = fixture_folder_new();
        const Outside outside = outside_of(folder);
        gboolean found = FALSE;
        for (gsize j = 0; j < G_N_ELEMENTS(ATTEMPT_TABLE); j++) {
            if (strcmp(ATTEMPT_TABLE[j].name, NAMES[i]) != 0)
                continue;
            found = TRUE;
            pid_t pid = fork();
            if (pid == 0) {
                dup2(socket(AF_INET, SOCK_STREAM, 0), OPEN_SOCKET);
                dup2(open("/bin/true", O_RDONLY), OPEN_FILE);
                _exit(ATTEMPT_TABLE[j].act(&outside));
            }
            int status = 0;
            waitpid(pid, &status, 0);
            if (status != 0)
                fail_msg("%s: wait status %#x outside of the prison", NAMES[i], (guint)status);
        }
        assert_true(found);
        fixture_folder_remove(folder);
    }
}

/* What a reader does need works, in a child, which answers with the number of the line that did
 * not. */
#define NEED(condition)                                                                            \
    do {                                                                                           \
        if (!(condition))                                                                          \
            _exit(__LINE__ & 0xff);                                                                \
    } while (0)

static void need_all(int socket, int file)
{
    char buffer[64];
    NEED(confine_child() == 0);
    NEED(open("/usr/share/poppler/cMap", O_RDONLY | O_DIRECTORY | O_CLOEXEC) >= 0 ||
         errno == ENOENT);
    NEED(open("/etc/fonts/fonts.conf", O_RDONLY) >= 0 || errno == ENOENT);
    NEED(pread(file, buffer, 4, 0) == 4 && memcmp(buffer, "left", 4) == 0);
    NEED(send(socket, "x", 1, MSG_NOSIGNAL) == 1);
    /* Poppler complains of fonts so. */
    NEED(write(STDERR_FILENO, "", 0) == 0);
    NEED(fprintf(stderr, "%s", "") == 0 && fflush(stderr) == 0);
    NEED(malloc(100 << 20) != NULL);
    iconv_t converter = iconv_open("UTF-8", "UTF-16BE");
    NEED(converter != (iconv_t)-1);
    char utf16[] = {0, 'a'};
    char *in = utf16, *out = buffer;
    gsize in_left = 2, out_left = sizeof buffer;
    NEED(iconv(converter, &in, &in_left, &out, &out_left) == 0 && buffer[0] == 'a');
    /* Memory ends as an error, not at the machine's end. */
    NEED(SANITIZED || malloc((gsize)600 << 20) == NULL);
    _exit(0);
}

static void test_needs(void **state)
{
    (void)state;
    char *folder = fixture_folder_new();
    const Outside outside = outside_of(folder);
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    int file = open(outside.file, O_RDONLY);
    pid_t pid = fork();
    if (pid == 0)
        need_all(pair[1], file);
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (status != 0)
        fail_msg("wait status %#x: the line, modulo 256, that a reader needs", (guint)status);
    close(file);
    close(pair[0]);
    close(pair[1]);
    fixture_folder_remove(folder);
}

/* Even were something open for writing, a reader could not write to it. */
static void test_write(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        NEED(confine_child() == 0);
        _exit(write(ends[1], "x", 1) == 1 ? 1 : 2);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(SANITIZED || attempt_was_killed(status));
    close(ends[0]);
    close(ends[1]);
}

/* abort() still tells that memory has ended from a crash: signals to itself stay allowed. */
static void test_abort(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        NEED(confine_child() == 0);
        signal(SIGABRT, SIG_DFL);
        abort();
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* Busy without end: its processor time is up, whoever forgot it. */
static void test_time(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        NEED(confine(&(ConfineLimits){.memory_mib = 512, .cpu_seconds = 1}) == 0);
        for (volatile guint i = 0;; i++)
            continue;
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) &&
                (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGXCPU));
}

/* Where a protection cannot be had it is named, and the others are in force. A system without one
 * is one that refuses the call that it rests on. */
static void test_missing(void **state)
{
    (void)state;
    static const struct {
        const char *call;
        guint missing;
    } ROWS[] = {
        {"landlock_create_ruleset", PROTECTION_FILES},
        {"landlock_restrict_self", PROTECTION_FILES},
        {"seccomp", PROTECTION_CALLS},
        {"prlimit64", PROTECTION_RESOURCES},
        {"setrlimit", 0}, /* not how glibc does it */
        {"prctl", PROTECTION_PRIVILEGES | PROTECTION_CALLS},
        {"capget", PROTECTION_PRIVILEGES},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        pid_t pid = fork();
        if (pid == 0) {
            const Call refused[] = {{ROWS[i].call, CALLS_ALL}, {NULL, CALLS_ALL}};
            NEED(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
            NEED(calls_restrict(&(CallsFilter){.refused = refused, .denies = TRUE}));
            guint missing = confine_child();
            /* The others hold. */
            if (!(missing & PROTECTION_FILES))
                NEED(open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES);
            _exit((int)missing);
        }
        int status = 0;
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        if ((guint)WEXITSTATUS(status) != ROWS[i].missing)
            fail_msg("without %s: %#x is missing, expected %#x", ROWS[i].call,
                     (guint)WEXITSTATUS(status), ROWS[i].missing);
    }
}

static void test_names(void **state)
{
    (void)state;
    static const struct {
        guint protections;
        const char *names;
    } ROWS[] = {
        {0, "none"},
        {PROTECTION_FILES, "files (Landlock 2)"},
        {PROTECTION_PRIVILEGES | PROTECTION_CALLS, "no new privileges, system calls (seccomp)"},
        {PROTECTION_ALL, "no new privileges, limits, files (Landlock 2), system calls (seccomp)"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *names = protection_names(ROWS[i].protections, 2);
        assert_string_equal(names, ROWS[i].names);
    }
    /* The exit status has room for all of them, beside those of reader/protocol.h. */
    assert_true(READER_EXIT_CONFINE + PROTECTION_ALL < 128);
    assert_true(READER_EXIT_CONFINE > READER_EXIT_SOCKET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attempts), cmocka_unit_test(test_attempts_outside),
        cmocka_unit_test(test_needs),    cmocka_unit_test(test_abort),
        cmocka_unit_test(test_write),    cmocka_unit_test(test_time),
        cmocka_unit_test(test_missing),  cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
