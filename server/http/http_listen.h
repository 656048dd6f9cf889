/* Listening: an address as the command line gives it, and a socket there. */
#ifndef SCHEDARIO_SERVER_HTTP_LISTEN_H
#define SCHEDARIO_SERVER_HTTP_LISTEN_H

#include <glib.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* An address of either family. */
typedef struct {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } name;
    socklen_t length;
    gboolean is_loopback;
} HttpAddress;

/* Reads "127.0.0.1:8080" or "[::1]:8080". FALSE and HTTP_ERROR_ADDRESS when it is neither. */
gboolean http_address_read(const char *listen_at, HttpAddress *ret, GError **error);
/* A socket that listens there, owned; `listen_at` is for the message. -1 and HTTP_ERROR_TAKEN or
 * HTTP_ERROR_LISTEN. */
int http_address_listen(const HttpAddress *address, const char *listen_at, GError **error);
/* The port at which `listener` listens; `address` becomes the socket's. FALSE and
 * HTTP_ERROR_LISTEN. */
gboolean http_address_port(HttpAddress *address, int listener, const char *listen_at,
                           guint *ret_port, GError **error);

#endif
