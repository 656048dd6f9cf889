/* Origin: under which name the outside knows this server, for addresses that leave it: feeds,
 * sitemaps, citations.
 *
 * The operator's word comes first (--url). Without it, the request's Host header is taken when it
 * is what a host can be: it is the client's, so it is only ever shown to that client. */
#ifndef SCHEDARIO_ORIGIN_H
#define SCHEDARIO_ORIGIN_H

#include <glib.h>

#include "../http/http.h"
#include "../service.h"

#define ORIGIN_ERROR (origin_error_quark())
GQuark origin_error_quark(void);
/* One code; the message says what is allowed, in English for operators. */
typedef enum { ORIGIN_ERROR_VALUE } OriginError;

/* "https://host", "http://host:8080", "http://[::1]:8080": scheme and host in lower case, without
 * the scheme's own port, a slash at the end or a path (all pages stand right below it). NULL and
 * `error` when `url` is none. Owned by the caller. */
char *origin_parse(const char *url, GError **error);

/* Where readers may write to, as the operator says it: "mailto:a@b.it", "a@b.it" (made a mailto:),
 * "https://…" or "http://…"; printable ASCII without blanks and quotes. NULL and `error` for
 * anything else. Owned by the caller. */
char *origin_parse_contact(const char *contact, GError **error);

/* service_url(), else "http://" and the Host header; NULL when that is missing or no host: then
 * addresses stay relative. Owned by the caller. Thread-safe. */
char *origin_of(const HttpRequest *request, const Service *service);

/* `path` ("/documents/…", any that begins with a slash) below the origin (NULL: as it is). Owned by
 * the caller. */
char *origin_address(const char *origin, const char *path);

#endif
