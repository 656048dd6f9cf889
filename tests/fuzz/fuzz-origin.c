/* libFuzzer target of server/origin: an input is an address of a site, a contact and a Host header,
 * each ended by NUL. What is taken is ASCII that cannot leave the attribute or header it stands in,
 * and is read again as it was. */
#include "fuzz.h"

#include "../../server/answers/origin.h"
#include "../../server/http/http_request.h"

static gboolean is_plain(const char *text)
{
    for (; *text; text++)
        if (!g_ascii_isgraph(*text) || strchr("\"'<>\\", *text))
            return FALSE;
    return TRUE;
}

static void check_origin(const char *origin)
{
    const char *host = strstr(origin, "://");
    require(host && is_plain(origin) && !strpbrk(host + 3, "/?#@"));
    g_autofree char *again = origin_parse(origin, NULL);
    require(again && strcmp(again, origin) == 0);
}

static void check_parse(const char *url)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *origin = origin_parse(url, &error);
    require((origin == NULL) == (error != NULL));
    if (origin)
        check_origin(origin);
}

static void check_contact(const char *typed)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *contact = origin_parse_contact(typed, &error);
    require((contact == NULL) == (error != NULL));
    if (!contact)
        return;
    require(is_plain(contact));
    require(g_str_has_prefix(contact, "mailto:") || g_str_has_prefix(contact, "http://") ||
            g_str_has_prefix(contact, "https://"));
    g_autofree char *again = origin_parse_contact(contact, NULL);
    require(again && strcmp(again, contact) == 0);
}

static void check_host(const char *host)
{
    static Service *service;
    g_autoptr(HttpRequest) request = http_request_new("GET", "/");
    if (!service)
        service = service_new("/nonexistent/archive.db", NULL, "web", NULL);
    require(service != NULL);
    request->host = host;
    g_autofree char *origin = origin_of(request, service);
    if (origin)
        check_origin(origin);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {data, size};
    g_autofree char *url = fuzz_string(&input);
    g_autofree char *contact = fuzz_string(&input);
    g_autofree char *host = fuzz_string(&input);
    check_parse(url);
    check_contact(contact);
    check_host(host);
    return 0;
}
