/* See http_listen.h. */
#include "http_listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../limits.h"
#include "http.h"

static gboolean set_address(HttpAddress *address, const char *host, gboolean is_v6, guint16 port)
{
    memset(address, 0, sizeof *address);
    if (is_v6) {
        address->length = sizeof address->name.v6;
        address->name.v6.sin6_family = AF_INET6;
        address->name.v6.sin6_port = htons(port);
        if (inet_pton(AF_INET6, host, &address->name.v6.sin6_addr) != 1)
            return FALSE;
        address->is_loopback = IN6_IS_ADDR_LOOPBACK(&address->name.v6.sin6_addr);
        return TRUE;
    }
    address->length = sizeof address->name.v4;
    address->name.v4.sin_family = AF_INET;
    address->name.v4.sin_port = htons(port);
    if (inet_pton(AF_INET, host, &address->name.v4.sin_addr) != 1)
        return FALSE;
    address->is_loopback = ntohl(address->name.v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return TRUE;
}

static gboolean read_address(const char *listen_at, HttpAddress *ret)
{
    const char *colon = strrchr(listen_at, ':');
    guint64 port;
    if (colon == NULL || !g_ascii_string_to_unsigned(colon + 1, 10, 0, G_MAXUINT16, &port, NULL))
        return FALSE;
    g_autofree char *host = g_strndup(listen_at, (gsize)(colon - listen_at));
    gsize length = strlen(host);
    gboolean is_v6 = length > 2 && host[0] == '[' && host[length - 1] == ']';
    if (is_v6)
        host[length - 1] = '\0';
    return set_address(ret, is_v6 ? host + 1 : host, is_v6, (guint16)port);
}

gboolean http_address_read(const char *listen_at, HttpAddress *ret, GError **error)
{
    if (read_address(listen_at, ret))
        return TRUE;
    g_set_error(
        error, HTTP_ERROR, HTTP_ERROR_ADDRESS,
        "cannot read \"%s\": expected an address and port like 127.0.0.1:8080 or [::1]:8080",
        listen_at);
    return FALSE;
}

static gboolean fail_to_listen(const char *listen_at, GError **error)
{
    int reason = errno;
    g_set_error(error, HTTP_ERROR, reason == EADDRINUSE ? HTTP_ERROR_TAKEN : HTTP_ERROR_LISTEN,
                "cannot listen on %s: %s", listen_at, g_strerror(reason));
    return FALSE;
}

int http_address_listen(const HttpAddress *address, const char *listen_at, GError **error)
{
    const int on = 1;
    int fd = socket(address->name.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(fd, &address->name.any, address->length) == 0 && listen(fd, HTTP_BACKLOG) == 0)
        return fd;
    fail_to_listen(listen_at, error);
    if (fd >= 0)
        close(fd);
    return -1;
}

gboolean http_address_port(HttpAddress *address, int listener, const char *listen_at,
                           guint *ret_port, GError **error)
{
    if (getsockname(listener, &address->name.any, &address->length) != 0)
        return fail_to_listen(listen_at, error);
    /* The port stands at the same place in both families. */
    *ret_port = ntohs(address->name.v4.sin_port);
    return TRUE;
}

int http_listen(const char *listen_at, GError **error)
{
    HttpAddress address;
    return http_address_read(listen_at, &address, error)
               ? http_address_listen(&address, listen_at, error)
               : -1;
}
