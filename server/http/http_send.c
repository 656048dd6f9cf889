/* HTTP send: see http_send.h.
 *
 * Order of decisions: which form of the body (gzip or not), its tag, whether the client has it
 * already (304), which part of it (files only). Headers come last, from one place, so that a page,
 * an error and a file cannot differ in what protects them. */
#include "http_send.h"

#include <assert.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "../limits.h"
#include "http_request.h"
#include "http_stream.h"

#define POLICY_PAGE                                                                                \
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; font-src 'self'; "   \
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
/* Pages ask for nothing of what a browser could give. */
#define PERMISSIONS                                                                                \
    "camera=(), display-capture=(), fullscreen=(self), geolocation=(), microphone=(), "            \
    "payment=(), "                                                                                 \
    "usb=()"
#define POLICY_FOREIGN "default-src 'none'; sandbox"

/* --- responses --- */

static HttpResponse *response_new(guint status, const char *content_type)
{
    HttpResponse *response = g_new0(HttpResponse, 1);
    response->status = status;
    response->content_type = content_type;
    response->file = -1;
    response->headers = g_ptr_array_new_with_free_func(g_free);
    return response;
}

HttpResponse *http_response_new(guint status, const char *content_type, GBytes *body)
{
    HttpResponse *response = response_new(status, content_type);
    response->body = body != NULL ? body : g_bytes_new_static("", 0);
    return response;
}

HttpResponse *http_response_new_file(const char *content_type, int file)
{
    HttpResponse *response = response_new(MHD_HTTP_OK, content_type);
    response->file = file;
    return response;
}

HttpResponse *http_response_new_stream(const char *content_type, HttpStream stream)
{
    HttpResponse *response = response_new(MHD_HTTP_OK, content_type);
    response->stream = stream;
    return response;
}

void http_response_header(HttpResponse *response, const char *name, const char *value)
{
    assert(*name != '\0' && strpbrk(name, ": \r\n") == NULL);
    GString *line = g_string_new(name);
    g_string_append(line, ": ");
    for (; *value != '\0'; value++) {
        if (g_ascii_isprint(*value))
            g_string_append_c(line, *value);
    }
    g_ptr_array_add(response->headers, g_string_free(line, FALSE));
}

void http_response_free(HttpResponse *response)
{
    if (response == NULL)
        return;
    if (response->body != NULL)
        g_bytes_unref(response->body);
    if (response->file >= 0)
        close(response->file);
    if (response->stream.next != NULL)
        response->stream.free(response->stream.source);
    g_ptr_array_unref(response->headers);
    g_free(response);
}

/* The value when the line is of this name, else NULL. */
static const char *header_value(const char *line, const char *name)
{
    gsize length = strlen(name);
    return g_ascii_strncasecmp(line, name, length) == 0 && line[length] == ':' ? line + length + 2
                                                                               : NULL;
}

static const char *own_header(const HttpResponse *response, const char *name)
{
    for (guint i = 0; i < response->headers->len; i++) {
        const char *value = header_value(response->headers->pdata[i], name);
        if (value != NULL)
            return value;
    }
    return NULL;
}

/* --- the body --- */

static gboolean is_text(const char *content_type)
{
    static const char *const types[] = {"application/json",
                                        "application/xml",
                                        "application/javascript",
                                        "application/xhtml+xml",
                                        "application/jsonl",
                                        "application/x-bibtex",
                                        "application/x-research-info-systems"};
    g_autofree char *type = g_strndup(content_type, strcspn(content_type, "; "));
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(type, types[i]) == 0)
            return TRUE;
    }
    return g_str_has_prefix(type, "text/") || g_str_has_suffix(type, "+xml") ||
           g_str_has_suffix(type, "+json");
}

static gboolean is_compressible(const HttpResponse *response)
{
    gboolean is_long =
        response->stream.next != NULL ||
        (response->body != NULL && g_bytes_get_size(response->body) > HTTP_GZIP_FROM_BYTES);
    return is_long && is_text(response->content_type) &&
           own_header(response, "Content-Encoding") == NULL;
}

/* NULL when it fails: then the body goes out as it is. */
static GBytes *compress_bytes(GBytes *body)
{
    enum { GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8 };
    z_stream stream = {0};
    gsize length;
    const guchar *data = g_bytes_get_data(body, &length);
    if (length > G_MAXUINT / 2 || deflateInit2(&stream, HTTP_GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW,
                                               MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    gsize bound = deflateBound(&stream, length);
    guchar *out = g_malloc(bound);
    stream.next_in = (guchar *)data;
    stream.avail_in = (uInt)length;
    stream.next_out = out;
    stream.avail_out = (uInt)bound;
    gboolean is_whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    gsize size = stream.total_out;
    deflateEnd(&stream);
    if (!is_whole) {
        g_free(out);
        return NULL;
    }
    return g_bytes_new_take(g_realloc(out, size), size);
}

/* 128 bits of SHA-256: enough that two bodies never share a tag. */
static char *body_tag(GBytes *body)
{
    enum { DIGITS = 32 };
    g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, body);
    return g_strdup_printf("\"%.*s\"", DIGITS, sum);
}

static char *file_tag(const struct stat *status)
{
    return g_strdup_printf("\"%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x%08lx\"",
                           (guint64)status->st_size, (guint64)status->st_mtim.tv_sec,
                           (gulong)status->st_mtim.tv_nsec);
}

/* One body has two forms, and a strong tag names one of them, a weak one both: RFC 9110, 8.8.3.3.
 */
static char *gzip_tag(const char *tag)
{
    gsize length = strlen(tag);
    gboolean is_quoted = length > 1 && tag[0] == '"' && tag[length - 1] == '"';
    return is_quoted ? g_strdup_printf("%.*s-gzip\"", (int)length - 1, tag) : g_strdup(tag);
}

char *http_date(gint64 time_unix)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(time_unix);
    if (time == NULL)
        return http_date(0);
    return g_strdup_printf(
        "%s, %02d %s %04d %02d:%02d:%02d GMT", days[g_date_time_get_day_of_week(time) - 1],
        g_date_time_get_day_of_month(time), months[g_date_time_get_month(time) - 1],
        g_date_time_get_year(time), g_date_time_get_hour(time), g_date_time_get_minute(time),
        g_date_time_get_second(time));
}

/* --- what is sent --- */

/* What is being decided about one response. */
typedef struct {
    HttpResponse *response;
    const HttpRequest *request;
    struct stat file;    /* of the response's file */
    gboolean is_gzip;    /* sent compressed */
    gboolean may_gzip;   /* another client might get it compressed */
    char *etag;          /* NULL: none */
    char *last_modified; /* NULL: none */
    char *content_range; /* NULL: none */
    HttpSending sending;
} Outgoing;

static void outgoing_release(Outgoing *out)
{
    g_free(out->etag);
    g_free(out->last_modified);
    g_free(out->content_range);
    g_clear_pointer(&out->sending.response, MHD_destroy_response);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Outgoing, outgoing_release)

static void choose_form(Outgoing *out)
{
    HttpResponse *response = out->response;
    out->may_gzip = is_compressible(response);
    out->is_gzip = out->may_gzip && http_accepts_gzip(out->request->accept_encoding);
    if (response->file >= 0)
        out->last_modified = http_date(out->file.st_mtim.tv_sec);
    if (response->status != MHD_HTTP_OK || response->stream.next != NULL)
        return;
    const char *own = own_header(response, "ETag");
    g_autofree char *tag = own != NULL              ? g_strdup(own)
                           : response->body != NULL ? body_tag(response->body)
                                                    : file_tag(&out->file);
    out->etag = out->is_gzip ? gzip_tag(tag) : g_strdup(tag);
}

static void release_bytes(void *bytes)
{
    g_bytes_unref(bytes);
}

static void send_bytes(Outgoing *out, guint status, GBytes *bytes)
{
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    out->sending.status = status;
    out->sending.body_bytes = length;
    out->sending.is_held = TRUE;
    out->sending.response = MHD_create_response_from_buffer_with_free_callback_cls(
        length, (void *)data, release_bytes, bytes);
    if (out->sending.response == NULL)
        g_bytes_unref(bytes);
}

static void send_nothing(Outgoing *out, guint status)
{
    send_bytes(out, status, g_bytes_new_static("", 0));
}

static void send_body(Outgoing *out)
{
    GBytes *gzip = out->is_gzip ? compress_bytes(out->response->body) : NULL;
    out->is_gzip = gzip != NULL;
    send_bytes(out, out->response->status,
               gzip != NULL ? gzip : g_steal_pointer(&out->response->body));
}

static void send_stream(Outgoing *out)
{
    HttpStream stream = out->response->stream;
    out->response->stream = (HttpStream){0};
    out->sending.status = out->response->status;
    out->sending.response = http_stream_response(stream, out->is_gzip, &out->sending.streaming);
}

/* RFC 9110, 13.1.5: a range is of the version that the client has begun to read, or of none. */
static gboolean range_is_current(const Outgoing *out)
{
    const char *if_range = out->request->if_range;
    return if_range == NULL || strcmp(if_range, out->last_modified) == 0 ||
           (out->etag != NULL && strcmp(if_range, out->etag) == 0);
}

static void send_file(Outgoing *out)
{
    guint64 size = (guint64)out->file.st_size, first = 0, last = size - 1;
    HttpRange range = HTTP_RANGE_WHOLE;
    if (out->response->status == MHD_HTTP_OK && !out->request->is_head && range_is_current(out))
        range = http_range_parse(out->request->range, size, &first, &last);
    if (range == HTTP_RANGE_UNSATISFIABLE) {
        out->content_range = g_strdup_printf("bytes */%" G_GUINT64_FORMAT, size);
        send_nothing(out, MHD_HTTP_RANGE_NOT_SATISFIABLE);
        return;
    }
    if (range == HTTP_RANGE_PART)
        out->content_range =
            g_strdup_printf("bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
                            first, last, size);
    out->sending.status =
        range == HTTP_RANGE_PART ? MHD_HTTP_PARTIAL_CONTENT : out->response->status;
    out->sending.body_bytes = size == 0 ? 0 : last - first + 1;
    out->sending.response = MHD_create_response_from_fd_at_offset64(out->sending.body_bytes,
                                                                    out->response->file, first);
    if (out->sending.response != NULL)
        out->response->file = -1;
}

/* --- headers --- */

static void add(Outgoing *out, const char *name, const char *value)
{
    if (value != NULL)
        MHD_add_response_header(out->sending.response, name, value);
}

/* Headers put together here from what the response says. */
static gboolean is_composed(const char *line)
{
    return header_value(line, "Vary") != NULL || header_value(line, "ETag") != NULL;
}

static void add_own(Outgoing *out)
{
    for (guint i = 0; i < out->response->headers->len; i++) {
        const char *line = out->response->headers->pdata[i];
        if (is_composed(line))
            continue;
        g_autofree char *name = g_strndup(line, strcspn(line, ":"));
        add(out, name, header_value(line, name));
    }
}

static void add_vary(Outgoing *out)
{
    g_autoptr(GString) vary = g_string_new(out->may_gzip ? "Accept-Encoding" : NULL);
    for (guint i = 0; i < out->response->headers->len; i++) {
        const char *value = header_value(out->response->headers->pdata[i], "Vary");
        if (value != NULL)
            g_string_append_printf(vary, "%s%s", vary->len > 0 ? ", " : "", value);
    }
    if (vary->len > 0)
        add(out, "Vary", vary->str);
}

static char *cache_control(const HttpResponse *response)
{
    if (response->max_age_seconds == 0)
        return g_strdup("no-cache");
    return g_strdup_printf("public, max-age=%u%s", response->max_age_seconds,
                           response->is_immutable ? ", immutable" : "");
}

static void add_default(Outgoing *out, const char *name, const char *value)
{
    if (own_header(out->response, name) == NULL)
        add(out, name, value);
}

static void add_headers(Outgoing *out)
{
    const HttpResponse *response = out->response;
    gboolean has_body = out->sending.status != MHD_HTTP_NOT_MODIFIED &&
                        out->sending.status != MHD_HTTP_RANGE_NOT_SATISFIABLE;
    g_autofree char *caching = cache_control(response);
    add_own(out);
    add_vary(out);
    add(out, "ETag", out->etag);
    add(out, "Content-Encoding", has_body && out->is_gzip ? "gzip" : NULL);
    add(out, "Content-Range", out->content_range);
    add(out, "Accept-Ranges", out->last_modified != NULL ? "bytes" : NULL);
    add_default(out, "Last-Modified", out->last_modified);
    add_default(out, "Content-Type", has_body ? response->content_type : NULL);
    add_default(out, "Cache-Control", caching);
    add_default(out, "X-Content-Type-Options", "nosniff");
    add_default(out, "Referrer-Policy", "same-origin");
    add_default(out, "Content-Security-Policy",
                response->is_foreign ? POLICY_FOREIGN : POLICY_PAGE);
    add_default(out, "X-Frame-Options", "DENY");
    add_default(out, "Permissions-Policy", PERMISSIONS);
    add_default(out, "Cross-Origin-Opener-Policy", "same-origin");
    add_default(out, "Cross-Origin-Resource-Policy", "same-origin");
}

gboolean http_send_prepare(HttpResponse *response, const HttpRequest *request, HttpSending *ret)
{
    g_auto(Outgoing) out = {.response = response, .request = request};
    gboolean is_file = response->file >= 0;
    gboolean is_stream = response->stream.next != NULL;
    assert(is_file + is_stream + (response->body != NULL) == 1);
    if (is_file && (fstat(response->file, &out.file) != 0 || !S_ISREG(out.file.st_mode)))
        return FALSE;
    choose_form(&out);
    if (out.etag != NULL && http_etag_matches(request->if_none_match, out.etag))
        send_nothing(&out, MHD_HTTP_NOT_MODIFIED);
    else if (is_file)
        send_file(&out);
    else if (is_stream)
        send_stream(&out);
    else
        send_body(&out);
    if (out.sending.response == NULL)
        return FALSE;
    add_headers(&out);
    *ret = out.sending;
    out.sending.response = NULL;
    return TRUE;
}
