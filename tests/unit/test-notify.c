/* Tests of indexer/notify, with a socket of the test's own in the place of the service manager's.
 */
#include "fixture.h"

#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../indexer/notify.h"

/* Binds to a path, or with '@' to an abstract name; says so in the environment. */
static int listen_at(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, name, sizeof address.sun_path);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, size), 0);
    g_setenv("NOTIFY_SOCKET", name, TRUE);
    return fd;
}

static void assert_received(int fd, const char *beginning)
{
    char text[128] = "";
    assert_true(recv(fd, text, sizeof text - 1, 0) > 0);
    if (!g_str_has_prefix(text, beginning))
        fail_msg("\"%s\" in place of \"%s\"", text, beginning);
}

static void check_conversation(const char *name)
{
    int manager = listen_at(name);
    g_autoptr(Notify) notify = notify_new();
    assert_null(g_getenv("NOTIFY_SOCKET"));
    assert_true(notify_send(notify, "READY=1"));
    assert_received(manager, "READY=1");
    assert_true(notify_reloading(notify));
    assert_received(manager, "RELOADING=1\nMONOTONIC_USEC=");
    close(manager);
    assert_false(notify_send(notify, "STOPPING=1"));
}

static void test_manager(void **state)
{
    (void)state;
    g_autofree char *folder = g_dir_make_tmp("schedario-notify-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "socket", NULL);
    g_autofree char *abstract = g_strdup_printf("@schedario-test-%d", (int)getpid());
    check_conversation(path);
    check_conversation(abstract);
    fixture_remove(folder);
}

static void test_nobody(void **state)
{
    (void)state;
    static const char *const NAMES[] = {NULL, "", "relative", "/nowhere/at/all"};
    g_autofree char *endless = g_strnfill(300, '/');
    for (gsize i = 0; i <= G_N_ELEMENTS(NAMES); i++) {
        const char *name = i < G_N_ELEMENTS(NAMES) ? NAMES[i] : endless;
        if (name)
            g_setenv("NOTIFY_SOCKET", name, TRUE);
        else
            g_unsetenv("NOTIFY_SOCKET");
        g_autoptr(Notify) notify = notify_new();
        assert_false(notify_send(notify, "READY=1"));
        assert_false(notify_reloading(notify));
    }
    notify_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_manager),
        cmocka_unit_test(test_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
