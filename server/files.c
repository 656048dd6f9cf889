/* See files.h. */
#include "files.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../indexer/beneath.h"
#include "http/problem.h"
#include "images/originals.h"
#include "limits.h"

/* What browsers may show in their own window; anything else is a download. */
static const struct {
    const char *ending;
    const char *type;
} ASSET_TYPES[] = {
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".json", "application/json"},
};

static const struct {
    const char *media_type;
    const char *type;
} ORIGINAL_TYPES[] = {
    {"application/pdf", "application/pdf"},
    {"text/plain", "text/plain"},
};

static const char *asset_type(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ASSET_TYPES); i++)
        if (g_str_has_suffix(name, ASSET_TYPES[i].ending))
            return ASSET_TYPES[i].type;
    return NULL;
}

/* NULL when it cannot be read to its end. */
static GBytes *read_all(int fd)
{
    GByteArray *content = g_byte_array_new();
    guint8 part[16384];
    gssize count;
    while ((count = read(fd, part, sizeof part)) > 0)
        g_byte_array_append(content, part, (guint)count);
    GBytes *bytes = g_byte_array_free_to_bytes(content);
    if (count < 0)
        g_clear_pointer(&bytes, g_bytes_unref);
    return bytes;
}

/* Assets are small: they go out as bodies, so that they are compressed. */
HttpResponse *files_asset(Service *service, const char *name)
{
    const char *type = asset_type(name);
    int fd = type ? beneath_open(service_assets(service), name, O_RDONLY | O_NONBLOCK) : -1;
    GBytes *content = fd >= 0 ? read_all(fd) : NULL;
    if (fd >= 0)
        close(fd);
    return content ? http_response_new(200, type, content)
                   : problem_response(404, "there is no such file", NULL);
}

HttpResponse *files_asset_route(const HttpRequest *request, gpointer service)
{
    HttpResponse *response = files_asset(service, request->segments[1]);
    if (response->status == 200 &&
        strcmp(request->segments[0], service_assets_version(service)) == 0) {
        response->is_immutable = TRUE;
        response->max_age_seconds = 31536000;
    }
    return response;
}

static const char *original_type(const char *media_type)
{
    for (gsize i = 0; media_type && i < G_N_ELEMENTS(ORIGINAL_TYPES); i++)
        if (strcmp(ORIGINAL_TYPES[i].media_type, media_type) == 0)
            return ORIGINAL_TYPES[i].type;
    return NULL;
}

/* Whether what is not ASCII is UTF-8, but for a few slips. */
static gboolean is_utf8(const char *text, gsize length)
{
    const char *at = text, *end = text + length;
    gsize good = 0, bad = 0;
    while (at < end) {
        gunichar character = g_utf8_get_char_validated(at, end - at);
        gboolean is_sound = character != (gunichar)-1 && character != (gunichar)-2;
        gsize *count = is_sound ? &good : &bad;
        *count += (guchar)*at >= 0x80;
        at += is_sound ? g_utf8_skip[(guchar)*at] : 1;
    }
    return good >= bad * 4;
}

/* A text does not say how it is written. Its beginning is judged as the reader judges the whole. */
static const char *text_type(int fd)
{
    g_autofree char *text = g_malloc(FILES_SAMPLE_BYTES);
    gssize got = pread(fd, text, FILES_SAMPLE_BYTES, 0);
    gsize length = got > 0 ? (gsize)got : 0;
    if (length >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0))
        return "text/plain; charset=utf-16";
    return is_utf8(text, length) ? "text/plain; charset=utf-8" : "text/plain; charset=windows-1252";
}

/* A name for the browser's download: ASCII for old ones, the true one in UTF-8 (RFC 6266, RFC
 * 8187). */
static char *disposition(const char *path, gboolean is_shown)
{
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *valid = g_utf8_make_valid(base, -1);
    g_autofree char *escaped = g_uri_escape_string(valid, NULL, FALSE);
    GString *ascii = g_string_new(NULL);
    for (const char *at = base; *at; at++)
        g_string_append_c(ascii, g_ascii_isalnum(*at) || strchr("._- ", *at) ? *at : '_');
    char *value = g_strdup_printf("%s; filename=\"%s\"; filename*=UTF-8''%s",
                                  is_shown ? "inline" : "attachment", ascii->str, escaped);
    g_string_free(ascii, TRUE);
    return value;
}

HttpResponse *files_original(Service *service, const ArchiveDocument *document,
                             const GPtrArray *paths)
{
    const char *path = NULL;
    int fd = originals_open(service_corpus(service), document, paths, &path);
    if (fd < 0)
        return NULL;
    const char *type = original_type(document->media_type);
    if (type && strcmp(type, "text/plain") == 0)
        type = text_type(fd);
    HttpResponse *response = http_response_new_file(type ? type : "application/octet-stream", fd);
    g_autofree char *value = disposition(path, type != NULL);
    response->is_foreign = TRUE;
    http_response_header(response, "Content-Disposition", value);
    return response;
}
