/* libFuzzer target of the headers that are parsed (server/http_request, server/reader_language): an
 * input is Range, Accept-Encoding, If-None-Match and Accept-Language, each ended by NUL, and the
 * size of a file. A range lies within the file and is read back as it was; an entity tag that is
 * found stands there; a language is always chosen, of those there are. */
#include "fuzz.h"

#include "../../server/http/http_request.h"
#include "../../server/http/reader_language.h"

static void check_range(const char *range, guint64 size)
{
    guint64 first = 1, last = 0;
    HttpRange outcome = http_range_parse(range, size, &first, &last);
    if (outcome != HTTP_RANGE_PART) {
        require(first == 1 && last == 0);
        return;
    }
    require(first <= last && last < size);
    guint64 again_first = 0, again_last = 0;
    g_autofree char *again =
        g_strdup_printf("bytes=%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, first, last);
    require(http_range_parse(again, size, &again_first, &again_last) == HTTP_RANGE_PART);
    require(again_first == first && again_last == last);
}

static void check_encoding(const char *accepted)
{
    if (!http_accepts_gzip(accepted))
        return;
    g_autofree char *refused = g_strconcat("gzip;q=2, ", accepted, NULL);
    g_autofree char *lower = g_ascii_strdown(accepted, -1);
    require(!http_accepts_gzip(refused)); /* a malformed header accepts nothing */
    require(strstr(lower, "gzip") || strchr(lower, '*'));
}

static void check_etag(const char *if_none_match)
{
    static const char ETAG[] = "\"abc\"";
    gboolean matches = http_etag_matches(if_none_match, ETAG);
    require(http_etag_matches(if_none_match, "W/\"abc\"") == matches);
    require(!matches || strstr(if_none_match, ETAG) || strchr(if_none_match, '*'));
    g_autofree char *listed = g_strconcat(ETAG, ", ", if_none_match, NULL);
    require(http_etag_matches(listed, ETAG));
}

static void check_language(const char *accept_language)
{
    const char *language = reader_language_accepted(accept_language);
    require(language && reader_language_named(language) == language);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {data, size};
    g_autofree char *range = fuzz_string(&input);
    g_autofree char *encoding = fuzz_string(&input);
    g_autofree char *etag = fuzz_string(&input);
    g_autofree char *language = fuzz_string(&input);
    check_range(range, fuzz_number(&input));
    check_range(range, G_MAXUINT64);
    check_encoding(encoding);
    check_etag(etag);
    check_language(language);
    return 0;
}
