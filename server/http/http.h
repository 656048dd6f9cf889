/* HTTP: listening, routing, limits, and the one function that sends.
 *
 * Routes are a const table. A handler gets a request already split and validated and returns a
 * whole response; nothing is sent before a page is known to succeed. GET and HEAD only. Every
 * bound on what a client may send is in limits.h.
 *
 * What is added to every response, unless the response brings a header of that name itself:
 * Content-Type, X-Content-Type-Options: nosniff, Referrer-Policy, a Content-Security-Policy (own
 * pages: only what comes from this server; foreign files: nothing, sandboxed), Cross-Origin-*
 * same-origin, Cache-Control, and for status 200 an ETag (RFC 9110, 8.8.3). A body of text is
 * compressed with gzip for clients that accept it. If-None-Match is answered with 304, and for
 * files a single byte range with 206 or 416. */
#ifndef SCHEDARIO_HTTP_H
#define SCHEDARIO_HTTP_H

#include <glib.h>

#include "http_watch.h"

/* Up to this many {placeholders} in a route's pattern. */
enum { HTTP_SEGMENTS = 4 };

/* Lives as long as the answer to it; handlers borrow all of it. Strings of headers are as sent: any
 * bytes but NUL. */
typedef struct {
    const char *method;                  /* "GET", also any other in an error */
    const char *raw_target;              /* as sent: path and query; any bytes but NUL */
    const char *path;                    /* decoded, valid UTF-8; "" when malformed */
    const char *segments[HTTP_SEGMENTS]; /* what stood at the pattern's {placeholders}, decoded,
                                          * without a slash but in {+rest}; NULL beyond them */
    GHashTable *parameters;              /* char * -> GPtrArray of char *: decoded, valid UTF-8; the
                                          * values in the order sent */
    const char *raw_query;               /* as sent, after '?'; "" when none */
    const char *accept_language;         /* header or NULL */
    const char *accept_encoding;         /* header or NULL */
    const char *if_none_match;           /* header or NULL */
    const char *range;                   /* header or NULL */
    const char *if_range;                /* header or NULL */
    const char *host;                    /* header or NULL */
    gboolean is_head;
    const char *pattern;   /* of the route that fits; NULL: none. Static storage */
    GStringChunk *strings; /* holds all of the above; not for handlers */
} HttpRequest;

/* First value of a parameter, or NULL. Borrowed from the request. */
const char *http_parameter(const HttpRequest *request, const char *name);

/* A body made piece by piece while it is sent, so that it need not be in memory as a whole. */
typedef struct {
    /* Puts the next piece, of some KiB, into `piece`, which is empty; one left empty ends the body.
     * FALSE: it cannot go on, and the connection is broken off, so that the client sees that
     * something is missing. Called in different threads, one at a time; it must not block. */
    gboolean (*next)(gpointer source, GString *piece);
    void (*free)(gpointer source); /* once, also when nothing or not all was sent */
    gpointer source;               /* owned */
} HttpStream;

typedef struct {
    guint status;
    const char *content_type; /* static storage */
    GBytes *body;             /* owned; or NULL with `file` or `stream` */
    int file;                 /* open descriptor of a regular file, owned; -1: none */
    HttpStream stream;        /* owned; without `next`: none */
    GPtrArray *headers;       /* char *: "Name: value", owned; name and value printable ASCII */
    gboolean is_foreign;      /* an archived file: deny-all CSP */
    guint max_age_seconds;    /* Cache-Control; 0: no-cache (revalidate) */
    gboolean is_immutable;
} HttpResponse;

/* A response that takes ownership of `body` (NULL: an empty one). */
HttpResponse *http_response_new(guint status, const char *content_type, GBytes *body);
/* A response of status 200 that sends an open regular file from its beginning (ownership passes);
 * ranges are honoured; never compressed. Its ETag is made of size and time unless given. */
HttpResponse *http_response_new_file(const char *content_type, int file);
/* A response of status 200 whose length is not known beforehand; ownership of `stream.source`
 * passes. It has no ETag and no ranges; it is compressed like a body. */
HttpResponse *http_response_new_stream(const char *content_type, HttpStream stream);
/* Adds a header; `value` is cut of everything but printable ASCII. A second Vary is merged with the
 * first; of other names that are given twice both are sent. */
void http_response_header(HttpResponse *response, const char *name, const char *value);
void http_response_free(HttpResponse *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpResponse, http_response_free)

typedef enum {
    HTTP_ROUTE_PLAIN = 0,
    HTTP_ROUTE_API = 1 << 0,  /* errors as problem details, else as pages */
    HTTP_ROUTE_SLOW = 1 << 1, /* handled by threads of its own, since it waits for a reader process,
                               * and no other request should have to. When too many wait, the answer
                               * is 503 */
    HTTP_ROUTE_LOCAL = 1 << 2, /* for this machine's own programs: not there (404) unless the client
                                * is at a loopback address, names one as the host, and no proxy says
                                * that it asks for another */
} HttpRouteFlags;

typedef struct {
    const char *pattern; /* "/documents/{id}/pages/{n}": one {placeholder} a segment, behind which
                          * an ending may stand ("{n}.png"); a last {+rest} takes all that is left,
                          * slashes too. A placeholder is never empty. The first route that fits is
                          * taken. */
    HttpResponse *(*handle)(const HttpRequest *request,
                            gpointer context); /* never NULL; runs in
                                                * several threads at once */
    const char *parameters; /* names allowed, parted by single spaces; NULL: any. Others are a 400
                             * for API routes; for pages they are left in the table, unread */
    HttpRouteFlags flags;
} HttpRoute;

/* Makes the response for an error that arises before or instead of a handler: 400 (malformed), 404
 * (no route), 405, 413 (a body), 414, 500, 503
 * (HTTP_ROUTE_SLOW, or too much is being sent). `detail` is a static English text for developers,
 * never echoing the request. `is_api`: the path is under /api/. `request` may be half filled: its
 * path "" and its parameters empty. Never NULL; runs in several threads at once. */
typedef HttpResponse *(*HttpErrorMaker)(guint status, const char *detail, gboolean is_api,
                                        const HttpRequest *request, gpointer context);

typedef struct {
    const char *listen;      /* "127.0.0.1:8080", "[::1]:8080", "0.0.0.0:80"; port 0: any */
    int listener;            /* what http_listen() gave for it, then the server's; 0: none yet */
    guint threads;           /* 0: one a core */
    const HttpRoute *routes; /* last one has a NULL pattern */
    HttpErrorMaker error_maker;
    gpointer context;
    /* Called when an answer has ended, sent whole or not; NULL: not wanted. `took_us` is the time
     * from the request's first line until then; `bytes` the length of the body meant to be sent (0
     * where it is not known beforehand). Runs in several threads at once. */
    void (*log)(const HttpRequest *request, guint status, gint64 took_us, gsize bytes,
                gpointer context);
    HttpWatchLimits watch; /* all zero: those of limits.h */
    gsize sending_bytes;   /* other than HTTP_SENDING_BYTES, for tests; 0: that */
} HttpOptions;

#define HTTP_ERROR (http_error_quark())
GQuark http_error_quark(void);
typedef enum {
    HTTP_ERROR_ADDRESS, /* `listen` cannot be read */
    HTTP_ERROR_TAKEN,   /* another program listens there */
    HTTP_ERROR_LISTEN,  /* any other failure of the system to listen */
} HttpError;

/* Opens the socket for HttpOptions.listener, where that has to be done before rights are given up.
 * -1 and `error` (HTTP_ERROR) on failure. */
int http_listen(const char *listen_at, GError **error);

typedef struct HttpServer HttpServer;
/* Listens and answers in threads of its own. NULL and `error` (HTTP_ERROR) on failure. `options` is
 * copied; what it points to must outlive the server. */
HttpServer *http_server_start(const HttpOptions *options, GError **error);
/* The port it listens on, also when `listen` left the choice to the system. */
guint http_server_port(const HttpServer *server);

/* What is under way at one moment, and what became of clients. */
typedef struct {
    guint connections;       /* open */
    guint under_way;         /* answers begun and not ended, of whatever kind */
    guint slow_waiting;      /* of them, those that wait for a thread of the slow routes */
    guint slow_running;      /* those that have one */
    guint64 sending_bytes;   /* of large bodies that are held until they are sent */
    guint64 sending_most;    /* what these may be at most */
    guint64 sending_refused; /* answers so far that did not fit: 503 */
    guint64 let_go[3];       /* clients so far that took too long to send a request, or to take an
                              * answer, or that made room for others */
} HttpStats;
/* Any thread. */
void http_server_stats(HttpServer *server, HttpStats *ret_stats);

/* Accepts who has connected by now and stops listening, answers what was sent by then, waits for
 * answers under way (HTTP_STOP_MS for clients that do not take theirs; a handler is never cut off),
 * frees. NULL is allowed. Not from a handler. */
void http_server_stop(HttpServer *server);

#endif
