/* Plain text: any text/plain and the guesses by which libmagic means prose (text/x-...).
 *
 * The encoding is found from the bytes: a byte order mark, then whether it is UTF-8, then
 * Windows-1252, of which Latin-1 is a part. Pages are what form feeds divide; a text without any is
 * cut into pages of printed length at the end of a paragraph or line. */
#include "format.h"

#include "../limits.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Text types that are markup or data: their characters are not their text. */
static const char *const NOT_PROSE[] = {"text/html",     "text/xml",           "text/rtf",
                                        "text/calendar", "text/x-msdos-batch", "text/x-shellscript",
                                        "text/csv"};

/* Windows-1252 from 0x80 to 0x9F; 0 where it has nothing. */
static const guint16 WINDOWS_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

static gboolean has_utf16_mark(const guint8 *bytes, gsize length)
{
    return length >= 2 &&
           ((bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF));
}

/* Whether there are no control characters but those of text. */
static gboolean looks_like_text(const Sample *sample)
{
    if (has_utf16_mark((const guint8 *)sample->bytes, sample->length))
        return TRUE;
    for (gsize i = 0; i < sample->length; i++) {
        guint8 c = (guint8)sample->bytes[i];
        if ((c < 0x20 && !strchr("\t\n\v\f\r\x1B\x1A", c)) || c == 0 || c == 0x7F)
            return FALSE;
    }
    return TRUE;
}

static Claim plain_claim(const Sample *sample)
{
    if (strcmp(sample->media_type, "application/octet-stream") == 0)
        return looks_like_text(sample) ? CLAIM_POSSIBLE : CLAIM_NONE;
    if (!g_str_has_prefix(sample->media_type, "text/"))
        return CLAIM_NONE;
    for (gsize i = 0; i < G_N_ELEMENTS(NOT_PROSE); i++)
        if (strcmp(sample->media_type, NOT_PROSE[i]) == 0)
            return CLAIM_NONE;
    return looks_like_text(sample) ? CLAIM_POSSIBLE : CLAIM_NONE;
}

/* The whole file; NULL when it is larger than `max_bytes` or cannot be read. */
static GByteArray *read_whole(int fd, guint64 max_bytes, ReadOutcome *outcome)
{
    g_autoptr(GByteArray) all = g_byte_array_new();
    for (;;) {
        guint8 piece[16 * 1024];
        ssize_t got = pread(fd, piece, sizeof piece, (off_t)all->len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            return g_steal_pointer(&all);
        *outcome = got < 0 ? READ_DAMAGED : READ_TOO_LARGE;
        if (got < 0 || all->len + (guint64)got > max_bytes || all->len > G_MAXINT / 2)
            return NULL;
        g_byte_array_append(all, piece, (guint)got);
    }
}

static guint16 utf16_unit(const guint8 *bytes, gboolean big_endian)
{
    return (guint16)(big_endian ? bytes[0] << 8 | bytes[1] : bytes[1] << 8 | bytes[0]);
}

static GString *from_utf16(const guint8 *bytes, gsize length)
{
    gboolean big_endian = bytes[0] == 0xFE;
    GString *text = g_string_sized_new(length);
    for (gsize i = 2; i + 1 < length; i += 2) {
        gunichar c = utf16_unit(bytes + i, big_endian);
        if (c >= 0xD800 && c < 0xDC00 && i + 3 < length) {
            gunichar low = utf16_unit(bytes + i + 2, big_endian);
            if (low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        g_string_append_unichar(text, g_unichar_validate(c) && c != 0 ? c : 0xFFFD);
    }
    return text;
}

static GString *from_windows_1252(const guint8 *bytes, gsize length)
{
    GString *text = g_string_sized_new(length + length / 8);
    for (gsize i = 0; i < length; i++) {
        gunichar c = bytes[i];
        if (c >= 0x80 && c < 0xA0)
            c = WINDOWS_1252[c - 0x80] ? WINDOWS_1252[c - 0x80] : 0xFFFD;
        if (c < 0x80)
            g_string_append_c(text, (char)c);
        else
            g_string_append_unichar(text, c);
    }
    return text;
}

/* Whether bytes above ASCII are UTF-8 with a few slips, rather than one byte a character. */
static gboolean mostly_utf8(const guint8 *bytes, gsize length)
{
    const char *at = (const char *)bytes;
    const char *end = at + length;
    gsize good = 0;
    gsize bad = 0;
    while (at < end) {
        if ((guint8)*at < 0x80) {
            at++;
            continue;
        }
        gunichar c = g_utf8_get_char_validated(at, end - at);
        gboolean sound = c != (gunichar)-1 && c != (gunichar)-2;
        *(sound ? &good : &bad) += 1;
        at += sound ? g_utf8_skip[(guint8)*at] : 1;
    }
    return good >= bad * 4;
}

static GString *decode(const guint8 *bytes, gsize length)
{
    if (has_utf16_mark(bytes, length))
        return from_utf16(bytes, length);
    if (!mostly_utf8(bytes, length))
        return from_windows_1252(bytes, length);
    gsize skip = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    g_autofree char *valid = g_utf8_make_valid((const char *)bytes + skip, (gssize)(length - skip));
    return g_string_new(valid);
}

/* Ends every line with a newline alone, whatever system wrote it. */
static void unify_line_ends(GString *text)
{
    gsize kept = 0;
    for (gsize i = 0; i < text->len; i++) {
        if (text->str[i] != '\r')
            text->str[kept++] = text->str[i];
        else if (i + 1 == text->len || text->str[i + 1] != '\n')
            text->str[kept++] = '\n';
    }
    g_string_truncate(text, kept);
}

static void send_divided(Answer *answer, const char *text)
{
    while (!answer_stopped(answer)) {
        const char *end = strchr(text, '\f');
        answer_page(answer, text, end ? (gsize)(end - text) : strlen(text));
        if (!end || end[1] == '\0')
            return;
        text = end + 1;
    }
}

/* Where to end a page that begins at `text`: behind the last blank line, line or space between the
 * two lengths in characters, in this order of liking. */
static const char *page_end(const char *text, glong least, glong most)
{
    static const char *const ENDS[] = {"\n\n", "\n", " "};
    const char *limit = text;
    const char *from = text;
    for (glong n = 0; n < most && *limit; n++) {
        limit = g_utf8_next_char(limit);
        if (n == least)
            from = limit;
    }
    if (*limit == '\0')
        return limit;
    for (gsize i = 0; i < G_N_ELEMENTS(ENDS); i++) {
        const char *found = g_strrstr_len(from, limit - from, ENDS[i]);
        if (found)
            return found + strlen(ENDS[i]);
    }
    return limit;
}

static void send_cut(Answer *answer, const char *text)
{
    enum { LEAST = LIMIT_PLAIN_PAGE_CHARS * 3 / 4, MOST = LIMIT_PLAIN_PAGE_CHARS * 5 / 4 };
    while (*text && !answer_stopped(answer)) {
        const char *end = page_end(text, LEAST, MOST);
        answer_page(answer, text, (gsize)(end - text));
        text = end;
    }
}

static gboolean is_blank(const char *text)
{
    while (g_unichar_isspace(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    return *text == '\0';
}

static ReadOutcome plain_read(int fd, Answer *answer)
{
    ReadOutcome outcome = READ_DAMAGED;
    g_autoptr(GByteArray) bytes = read_whole(fd, answer_room_bytes(answer), &outcome);
    if (!bytes)
        return outcome;
    if (bytes->len == 0)
        return READ_DONE;
    g_autoptr(GString) text = decode(bytes->data, bytes->len);
    unify_line_ends(text);
    if (is_blank(text->str))
        return READ_DONE; /* without a page, as a file without a byte */
    if (strchr(text->str, '\f'))
        send_divided(answer, text->str);
    else
        send_cut(answer, text->str);
    return READ_DONE;
}

const Format format_plain = {plain_claim, plain_read};
