/* See origin.h. Source: RFC 3986, 3.2, narrowed to the hosts that are in use: names of letters,
 * digits, dots and hyphens, IPv4, IPv6 in brackets; no user, no query. */
#include "origin.h"

#include <arpa/inet.h>
#include <string.h>

enum { HOST_BYTES = 253, PORT_MOST = 65535 };

static const struct {
    const char *scheme;
    guint port;
} SCHEMES[] = {{"http://", 80}, {"https://", 443}};

G_DEFINE_QUARK(schedario - origin - error, origin_error)

static gboolean is_bracketed(const char *host, gsize length)
{
    struct in6_addr ignored;
    if (length < 4 || host[0] != '[' || host[length - 1] != ']')
        return FALSE;
    g_autofree char *bare = g_strndup(host + 1, length - 2);
    return inet_pton(AF_INET6, bare, &ignored) == 1;
}

static gboolean is_name(const char *host, gsize length)
{
    gboolean begins_label = TRUE;
    if (length == 0 || length > HOST_BYTES || host[length - 1] == '-')
        return FALSE;
    for (gsize i = 0; i < length; i++) {
        if (begins_label ? !g_ascii_isalnum(host[i])
                         : !g_ascii_isalnum(host[i]) && host[i] != '-' && host[i] != '.')
            return FALSE;
        begins_label = host[i] == '.';
    }
    return TRUE;
}

/* "" or ":8080"; `*ret_port` is left when there is none. */
static gboolean read_port(const char *text, guint *ret_port)
{
    guint64 port = 0;
    if (!*text)
        return TRUE;
    if (*text != ':' || strspn(text + 1, "0123456789") != strlen(text + 1) ||
        !g_ascii_string_to_unsigned(text + 1, 10, 1, PORT_MOST, &port, NULL))
        return FALSE;
    *ret_port = (guint)port;
    return TRUE;
}

/* A host with or without a port, in lower case; without the port that goes without saying. NULL
 * when it is none. */
static char *read_authority(const char *text, guint usual_port)
{
    const char *bracket = *text == '[' ? strchr(text, ']') : NULL;
    gsize length = bracket ? (gsize)(bracket - text) + 1 : strcspn(text, ":");
    guint port = usual_port;
    if (!(bracket ? is_bracketed(text, length) : is_name(text, length)) ||
        !read_port(text + length, &port))
        return NULL;
    g_autofree char *host = g_ascii_strdown(text, (gssize)length);
    return port == usual_port ? g_steal_pointer(&host) : g_strdup_printf("%s:%u", host, port);
}

char *origin_parse(const char *url, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(SCHEMES); i++) {
        gsize length = strlen(SCHEMES[i].scheme);
        if (g_ascii_strncasecmp(url, SCHEMES[i].scheme, length) != 0)
            continue;
        g_autofree char *rest = g_strdup(url + length);
        if (g_str_has_suffix(rest, "/"))
            rest[strlen(rest) - 1] = '\0';
        g_autofree char *authority = read_authority(rest, SCHEMES[i].port);
        if (authority)
            return g_strconcat(SCHEMES[i].scheme, authority, NULL);
    }
    g_set_error_literal(error, ORIGIN_ERROR, ORIGIN_ERROR_VALUE,
                        "the address of the site must be http:// or https://, a host, and a port "
                        "or not, without a path");
    return NULL;
}

static gboolean is_plain(const char *text)
{
    for (; *text; text++)
        if (!g_ascii_isgraph(*text) || strchr("\"'<>\\^`{|}", *text))
            return FALSE;
    return TRUE;
}

char *origin_parse_contact(const char *contact, GError **error)
{
    static const char *const BEGINNINGS[] = {"mailto:", "https://", "http://"};
    gboolean is_mail = strchr(contact, '@') && !strpbrk(contact, ":/");
    g_autofree char *address = g_strconcat(is_mail ? BEGINNINGS[0] : "", contact, NULL);
    for (gsize i = 0; is_plain(address) && i < G_N_ELEMENTS(BEGINNINGS); i++)
        if (g_str_has_prefix(address, BEGINNINGS[i]) && address[strlen(BEGINNINGS[i])])
            return g_steal_pointer(&address);
    g_set_error_literal(error, ORIGIN_ERROR, ORIGIN_ERROR_VALUE,
                        "where to write to must be an address of mail, or begin with mailto:, "
                        "https:// or http://");
    return NULL;
}

char *origin_of(const HttpRequest *request, const Service *service)
{
    const char *url = service_url(service);
    if (url)
        return g_strdup(url);
    g_autofree char *authority =
        request->host ? read_authority(request->host, SCHEMES[0].port) : NULL;
    return authority ? g_strconcat(SCHEMES[0].scheme, authority, NULL) : NULL;
}

char *origin_address(const char *origin, const char *path)
{
    return g_strconcat(origin ? origin : "", path, NULL);
}
