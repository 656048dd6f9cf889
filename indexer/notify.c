/* See notify.h. */
#include "notify.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct Notify {
    int socket; /* -1: nobody is to be told */
};

/* A path, or with '@' an abstract name. */
static int connect_to(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    gsize length = strlen(name);
    if ((name[0] != '/' && name[0] != '@') || length >= sizeof address.sun_path)
        return -1;
    memcpy(address.sun_path, name, length);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, size) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

Notify *notify_new(void)
{
    Notify *notify = g_new0(Notify, 1);
    const char *name = g_getenv("NOTIFY_SOCKET");
    notify->socket = name ? connect_to(name) : -1;
    g_unsetenv("NOTIFY_SOCKET");
    return notify;
}

void notify_free(Notify *notify)
{
    if (!notify)
        return;
    if (notify->socket >= 0)
        close(notify->socket);
    g_free(notify);
}

gboolean notify_send(const Notify *notify, const char *message)
{
    gsize length = strlen(message);
    return notify->socket >= 0 &&
           send(notify->socket, message, length, MSG_NOSIGNAL) == (gssize)length;
}

gboolean notify_reloading(const Notify *notify)
{
    g_autofree char *message =
        g_strdup_printf("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time());
    return notify_send(notify, message);
}
