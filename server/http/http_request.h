/* HTTP request: what a client sends, read strictly. All pure functions over bytes from outside.
 *
 * Sources: RFC 3986 (targets), RFC 9110 (headers), the URL standard's form encoding (queries). For
 * http.c, http_send.c, tests and fuzz targets. */
#ifndef SCHEDARIO_HTTP_REQUEST_H
#define SCHEDARIO_HTTP_REQUEST_H

#include "http.h"

/* Why a request is not answered by a handler. */
typedef struct {
    guint status;       /* 0: no fault */
    const char *detail; /* static English text, never echoing the request; NULL without fault */
} HttpFault;

/* A request of nothing but the strings given, which are copied: path "", no parameters. */
HttpRequest *http_request_new(const char *method, const char *raw_target);
void http_request_free(HttpRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpRequest, http_request_free)

/* Splits raw_target into path, query and parameters. FALSE and `ret_fault` when it is malformed:
 * 400, 404 (a path that no file or page can have), 414. The path's percent-escapes are decoded
 * once; an invalid escape, %00, %2F (it could not be told from a slash), a byte that must be
 * escaped, bytes that are no UTF-8, "." and ".." are 400; empty segments but the last are 404. */
gboolean http_request_parse(HttpRequest *request, HttpFault *ret_fault);

/* Whether the pattern fits the request's path; then its segments are set (else untouched). */
gboolean http_request_match(HttpRequest *request, const char *pattern);

/* Whether a header's name is a token (RFC 9110, 5.6.2) and its value has no control characters. */
gboolean http_header_is_sound(const char *name, gsize name_length, const char *value,
                              gsize value_length);
/* Whether the value of Host has no other characters than hosts and ports may have (RFC 3986, 3.2);
 * it may be empty. */
gboolean http_host_is_sound(const char *host);

/* Whether all parameters are among `names` (parted by single spaces; NULL: any). */
gboolean http_request_has_only(const HttpRequest *request, const char *names);

/* Accept-Encoding (RFC 9110, 12.5.3; NULL: none): whether gzip is accepted, and not less liked than
 * the bare body. A malformed header accepts nothing. */
gboolean http_accepts_gzip(const char *accept_encoding);

/* If-None-Match (RFC 9110, 13.1.2; NULL: none): whether it names `etag` (with its quotes), compared
 * weakly, or is "*". */
gboolean http_etag_matches(const char *if_none_match, const char *etag);

typedef enum {
    HTTP_RANGE_WHOLE,         /* no range, more than one, another unit, malformed: send all */
    HTTP_RANGE_PART,          /* send first..last */
    HTTP_RANGE_UNSATISFIABLE, /* 416 */
} HttpRange;

/* Range (RFC 9110, 14.2; NULL: none) over a file of `size_bytes`. On HTTP_RANGE_PART `ret_first`
 * and `ret_last` are set, 0 <= first <= last < size. */
HttpRange http_range_parse(const char *range, guint64 size_bytes, guint64 *ret_first,
                           guint64 *ret_last);

#endif
