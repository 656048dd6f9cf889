/* HTTP request: see http_request.h.
 *
 * Invariants: a target is decoded exactly once, after it was split, so that an escaped '/', '&' or
 * '=' never splits anything; whatever reaches a handler is valid UTF-8 without NUL. */
#include "http_request.h"

#include <assert.h>
#include <string.h>

#include "../limits.h"

static void array_unref(gpointer array)
{
    g_ptr_array_unref(array);
}

HttpRequest *http_request_new(const char *method, const char *raw_target)
{
    HttpRequest *request = g_new0(HttpRequest, 1);
    request->strings = g_string_chunk_new(512);
    request->method = g_string_chunk_insert(request->strings, method);
    request->raw_target = g_string_chunk_insert(request->strings, raw_target);
    request->path = "";
    request->raw_query = "";
    request->is_head = strcmp(method, "HEAD") == 0;
    request->parameters = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, array_unref);
    return request;
}

void http_request_free(HttpRequest *request)
{
    if (request == NULL)
        return;
    g_hash_table_unref(request->parameters);
    g_string_chunk_free(request->strings);
    g_free(request);
}

const char *http_parameter(const HttpRequest *request, const char *name)
{
    const GPtrArray *values = g_hash_table_lookup(request->parameters, name);
    return values == NULL ? NULL : values->pdata[0];
}

/* --- the target --- */

static gboolean fault(HttpFault *ret, guint status, const char *detail)
{
    *ret = (HttpFault){.status = status, .detail = detail};
    return FALSE;
}

/* The byte that "%XX" stands for, or -1. */
static int escaped_byte(const char *text, gsize length)
{
    int high = length >= 3 ? g_ascii_xdigit_value(text[1]) : -1;
    int low = length >= 3 ? g_ascii_xdigit_value(text[2]) : -1;
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* Appends `length` bytes with their escapes decoded. */
static gboolean decode(GString *out, const char *text, gsize length, gboolean is_form,
                       HttpFault *ret_fault)
{
    gsize from = out->len;
    for (gsize i = 0; i < length; i++) {
        int byte = (guchar)text[i];
        if (byte == '+' && is_form)
            byte = ' ';
        if (byte == '%') {
            byte = escaped_byte(text + i, length - i);
            i += 2;
        }
        if (byte < 0)
            return fault(ret_fault, 400, "an invalid percent-escape");
        g_string_append_c(out, (char)byte);
    }
    if (!g_utf8_validate_len(out->str + from, (gssize)(out->len - from), NULL))
        return fault(ret_fault, 400, "escapes that are not UTF-8, or NUL");
    return TRUE;
}

static gboolean check_bytes(const char *target, HttpFault *ret_fault)
{
    gsize length = strlen(target);
    if (length > HTTP_TARGET_BYTES)
        return fault(ret_fault, 414, "the request target is too long");
    for (gsize i = 0; i < length; i++) {
        /* Beyond ASCII no byte may stand unescaped (RFC 3986), but people type them to curl: they
         * pass when they turn out to be UTF-8. */
        gboolean is_ascii = (guchar)target[i] < 0x80;
        if ((is_ascii && !g_ascii_isgraph(target[i])) || target[i] == '#')
            return fault(ret_fault, 400, "a byte in the request target that must be escaped");
    }
    return TRUE;
}

/* Proxies may send "http://host/path"; what stands before the path says nothing here. */
static const char *skip_authority(const char *target)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
        if (g_ascii_strncasecmp(target, schemes[i], strlen(schemes[i])) == 0)
            return target + strlen(schemes[i]) + strcspn(target + strlen(schemes[i]), "/?");
    }
    return target;
}

static gboolean check_segment(const char *segment, gboolean is_last, HttpFault *ret_fault)
{
    if (strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0)
        return fault(ret_fault, 400, "a \".\" or \"..\" in the path");
    if (strchr(segment, '/') != NULL)
        return fault(ret_fault, 400, "an escaped slash in the path");
    if (*segment == '\0' && !is_last)
        return fault(ret_fault, 404, "an empty segment in the path");
    return TRUE;
}

/* `raw` begins with the first '/'. */
static gboolean parse_path(HttpRequest *request, const char *raw, gsize length,
                           HttpFault *ret_fault)
{
    g_autoptr(GString) path = g_string_sized_new(length);
    for (gsize at = 0, segments = 0; at < length; segments++) {
        const char *segment = raw + at + 1;
        const char *slash = memchr(segment, '/', length - at - 1);
        gsize end = slash == NULL ? length : (gsize)(slash - raw);
        g_string_append_c(path, '/');
        gsize from = path->len;
        if (segments >= HTTP_PATH_SEGMENTS)
            return fault(ret_fault, 404, "too many segments in the path");
        if (!decode(path, segment, end - at - 1, FALSE, ret_fault) ||
            !check_segment(path->str + from, slash == NULL, ret_fault))
            return FALSE;
        at = end;
    }
    request->path = g_string_chunk_insert_len(request->strings, path->str, (gssize)path->len);
    return TRUE;
}

static void add_parameter(HttpRequest *request, const char *name, const char *value)
{
    GPtrArray *values = g_hash_table_lookup(request->parameters, name);
    if (values == NULL) {
        values = g_ptr_array_new();
        g_hash_table_insert(request->parameters, g_string_chunk_insert(request->strings, name),
                            values);
    }
    g_ptr_array_add(values, g_string_chunk_insert(request->strings, value));
}

static gboolean parse_pair(HttpRequest *request, const char *pair, gsize length,
                           HttpFault *ret_fault)
{
    const char *equals = memchr(pair, '=', length);
    gsize name_length = equals == NULL ? length : (gsize)(equals - pair);
    gsize value_from = MIN(name_length + 1, length);
    g_autoptr(GString) name = g_string_new(NULL);
    g_autoptr(GString) value = g_string_new(NULL);
    if (!decode(name, pair, name_length, TRUE, ret_fault) ||
        !decode(value, pair + value_from, length - value_from, TRUE, ret_fault))
        return FALSE;
    add_parameter(request, name->str, value->str);
    return TRUE;
}

static gboolean parse_query(HttpRequest *request, HttpFault *ret_fault)
{
    guint pairs = 0;
    for (const char *at = request->raw_query; *at != '\0';) {
        gsize length = strcspn(at, "&");
        if (length > 0 && ++pairs > HTTP_PARAMETERS)
            return fault(ret_fault, 400, "too many parameters");
        if (length > 0 && !parse_pair(request, at, length, ret_fault))
            return FALSE;
        at += length + (at[length] == '&');
    }
    return TRUE;
}

static gboolean parse_target(HttpRequest *request, HttpFault *ret_fault)
{
    if (!check_bytes(request->raw_target, ret_fault))
        return FALSE;
    const char *path = skip_authority(request->raw_target);
    gsize length = strcspn(path, "?");
    gboolean is_bare_host = length == 0 && path != request->raw_target;
    if (*path != '/' && !is_bare_host)
        return fault(ret_fault, 400, "a request target without a path");
    if (path[length] == '?')
        request->raw_query = path + length + 1;
    return parse_path(request, is_bare_host ? "/" : path, MAX(length, 1), ret_fault) &&
           parse_query(request, ret_fault);
}

gboolean http_request_parse(HttpRequest *request, HttpFault *ret_fault)
{
    if (parse_target(request, ret_fault))
        return TRUE;
    request->path = "";
    g_hash_table_remove_all(request->parameters);
    return FALSE;
}

/* --- routes --- */

/* Of "{n}.png", the bytes behind the brace; as many as `length` when there is no brace. */
static gsize ending_length(const char *segment, gsize length)
{
    const char *brace = memchr(segment, '}', length);
    return brace == NULL ? length : length - (gsize)(brace + 1 - segment);
}

gboolean http_request_match(HttpRequest *request, const char *pattern)
{
    const char *found[HTTP_SEGMENTS] = {NULL};
    gsize lengths[HTTP_SEGMENTS] = {0};
    guint count = 0;
    const char *path = request->path;
    while (*pattern == '/' && *path == '/') {
        pattern++, path++;
        gboolean is_rest = g_str_has_prefix(pattern, "{+");
        gsize expected = strcspn(pattern, "/");
        gsize length = is_rest ? strlen(path) : strcspn(path, "/");
        if (*pattern == '{') {
            gsize ending = ending_length(pattern, expected);
            assert(count < HTTP_SEGMENTS && ending < expected);
            if (length <= ending ||
                memcmp(pattern + expected - ending, path + length - ending, ending) != 0)
                return FALSE;
            found[count] = path;
            lengths[count++] = length - ending;
        } else if (length != expected || memcmp(pattern, path, length) != 0) {
            return FALSE;
        }
        pattern += expected;
        path += length;
    }
    if (*pattern != '\0' || *path != '\0')
        return FALSE;
    for (guint i = 0; i < count; i++)
        request->segments[i] =
            g_string_chunk_insert_len(request->strings, found[i], (gssize)lengths[i]);
    return TRUE;
}

static gboolean is_among(const char *names, const char *name)
{
    while (*names != '\0') {
        gsize length = strcspn(names, " ");
        if (strlen(name) == length && memcmp(names, name, length) == 0)
            return TRUE;
        names += length + (names[length] == ' ');
    }
    return FALSE;
}

gboolean http_request_has_only(const HttpRequest *request, const char *names)
{
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, request->parameters);
    while (names != NULL && g_hash_table_iter_next(&iter, &name, NULL)) {
        if (!is_among(names, name))
            return FALSE;
    }
    return TRUE;
}

/* --- headers --- */

gboolean http_header_is_sound(const char *name, gsize name_length, const char *value,
                              gsize value_length)
{
    static const char signs[] = "!#$%&'*+-.^_`|~";
    for (gsize i = 0; i < name_length; i++)
        if (!g_ascii_isalnum(name[i]) && memchr(signs, name[i], sizeof signs - 1) == NULL)
            return FALSE;
    for (gsize i = 0; i < value_length; i++)
        if (g_ascii_iscntrl(value[i]) && value[i] != '\t')
            return FALSE;
    return name_length > 0;
}

gboolean http_host_is_sound(const char *host)
{
    static const char signs[] = "-._~!$&'()*+,;=:%[]";
    for (; *host != '\0'; host++)
        if (!g_ascii_isalnum(*host) && strchr(signs, *host) == NULL)
            return FALSE;
    return TRUE;
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

/* A weight in thousandths: "0", "1", "0.5", "1.000"; -1: malformed. Sets `at` behind it. */
static int read_weight(const char **at)
{
    const char *c = *at;
    if (*c != '0' && *c != '1')
        return -1;
    int weight = (*c++ - '0') * 1000;
    if (*c == '.') {
        c++;
        for (int unit = 100; unit > 0 && g_ascii_isdigit(*c); unit /= 10)
            weight += (*c++ - '0') * unit;
    }
    *at = c;
    return weight <= 1000 ? weight : -1;
}

/* One "name" or "name;q=0.5" of a list. FALSE: malformed. */
static gboolean read_coding(const char **at, const char **ret_name, gsize *ret_length,
                            int *ret_weight)
{
    const char *c = *at;
    *ret_name = c;
    *ret_length = strcspn(c, " \t;,");
    *ret_weight = 1000;
    c = skip_blanks(c + *ret_length);
    if (*c == ';') {
        c = skip_blanks(c + 1);
        if (g_ascii_strncasecmp(c, "q=", 2) != 0)
            return FALSE;
        c += 2;
        *ret_weight = read_weight(&c);
        c = skip_blanks(c);
    }
    *at = c;
    return *ret_weight >= 0 && (*c == ',' || *c == '\0');
}

static gboolean is_coding(const char *name, gsize length, const char *coding)
{
    return strlen(coding) == length && g_ascii_strncasecmp(name, coding, length) == 0;
}

gboolean http_accepts_gzip(const char *accept_encoding)
{
    int gzip = -1, identity = -1, any = -1;
    for (const char *at = accept_encoding; at != NULL && *at != '\0';) {
        const char *name;
        gsize length;
        int weight;
        at = skip_blanks(at);
        if (!read_coding(&at, &name, &length, &weight))
            return FALSE;
        if (is_coding(name, length, "gzip") || is_coding(name, length, "x-gzip"))
            gzip = MAX(gzip, weight);
        else if (is_coding(name, length, "identity"))
            identity = weight;
        else if (is_coding(name, length, "*"))
            any = weight;
        at += *at == ',';
    }
    gzip = gzip < 0 ? any : gzip;
    return gzip > 0 && gzip >= identity;
}

gboolean http_etag_matches(const char *if_none_match, const char *etag)
{
    const char *at = if_none_match == NULL ? "" : skip_blanks(if_none_match);
    etag += g_str_has_prefix(etag, "W/") ? 2 : 0;
    if (*at == '*')
        return *skip_blanks(at + 1) == '\0';
    while (*at != '\0') {
        if (g_str_has_prefix(at, "W/"))
            at += 2;
        const char *end = *at == '"' ? strchr(at + 1, '"') : NULL;
        if (end == NULL)
            return FALSE;
        gsize length = (gsize)(end - at) + 1;
        if (strlen(etag) == length && memcmp(at, etag, length) == 0)
            return TRUE;
        at = end + 1;
        at += strspn(at, " \t,");
    }
    return FALSE;
}

/* Decimal digits, more than fit standing for the greatest number. FALSE: none. */
static gboolean read_number(const char **at, guint64 *ret)
{
    guint64 number = 0;
    const char *c = *at;
    for (; g_ascii_isdigit(*c); c++) {
        guint64 digit = (guint64)(*c - '0');
        number = number > (G_MAXUINT64 - digit) / 10 ? G_MAXUINT64 : number * 10 + digit;
    }
    gboolean is_number = c != *at;
    *at = c;
    *ret = number;
    return is_number;
}

HttpRange http_range_parse(const char *range, guint64 size_bytes, guint64 *ret_first,
                           guint64 *ret_last)
{
    static const char unit[] = "bytes=";
    if (range == NULL || g_ascii_strncasecmp(range, unit, strlen(unit)) != 0)
        return HTTP_RANGE_WHOLE;
    const char *at = skip_blanks(range + strlen(unit));
    guint64 first, last;
    gboolean has_first = read_number(&at, &first);
    if (*at++ != '-')
        return HTTP_RANGE_WHOLE;
    gboolean has_last = read_number(&at, &last);
    if (*skip_blanks(at) != '\0' || (!has_first && !has_last) ||
        (has_first && has_last && last < first))
        return HTTP_RANGE_WHOLE;
    if (has_first ? first >= size_bytes : last == 0 || size_bytes == 0)
        return HTTP_RANGE_UNSATISFIABLE;
    *ret_first = has_first ? first : size_bytes - MIN(last, size_bytes);
    *ret_last = has_first && has_last ? MIN(last, size_bytes - 1) : size_bytes - 1;
    return HTTP_RANGE_PART;
}
