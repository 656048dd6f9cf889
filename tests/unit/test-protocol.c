/* Tests of indexer/reader/frame: the frames of the protocol, sound and mangled. */
#include "../../indexer/reader/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A stream with a frame of each kind. */
static GByteArray *sample(guint *ret_frames)
{
    static const struct {
        FrameType type;
        const char *payload;
        gsize length;
    } FRAMES[] = {
        {FRAME_MEDIA_TYPE, "text/plain", 10},
        {FRAME_TITLE, "Statuto", 7},
        {FRAME_AUTHOR, "Comune", 6},
        {FRAME_SUBJECT, "Governo", 7},
        {FRAME_HEADING, "STATUTO", 7},
        {FRAME_YEAR, "\xE3\x07", 2},
        {FRAME_PAGE, "\0\0\0\0Articolo 1", 14},
        {FRAME_PAGE, "\1\0\0\0", 4},
        {FRAME_PAGE_FAILED, "\2\0\0\0", 4},
        {FRAME_GLYPHS, "wwwwhhhh\0\0\0\0", 12},
        {FRAME_IMAGE, "wwwwhhhhPNG", 11},
        {FRAME_END, "\0", 1},
    };
    GByteArray *bytes = g_byte_array_new();
    for (gsize i = 0; i < G_N_ELEMENTS(FRAMES); i++) {
        guint8 header[FRAME_HEADER_BYTES];
        assert_true(frame_write_header(FRAMES[i].type, FRAMES[i].length, header));
        g_byte_array_append(bytes, header, sizeof header);
        g_byte_array_append(bytes, (const guint8 *)FRAMES[i].payload, (guint)FRAMES[i].length);
    }
    *ret_frames = G_N_ELEMENTS(FRAMES);
    return bytes;
}

/* Parses all that can be parsed. Each frame must lie within the bytes and within its limits. */
static FrameState parse_all(const guint8 *bytes, gsize length, guint *ret_frames)
{
    gsize at = 0;
    gsize used = 0;
    Frame frame;
    FrameState state;
    *ret_frames = 0;
    while ((state = frame_parse(bytes + at, length - at, &frame, &used)) == FRAME_WHOLE) {
        assert_true(used == frame.length + FRAME_HEADER_BYTES && used <= length - at);
        assert_true(frame.payload == bytes + at + FRAME_HEADER_BYTES);
        assert_true(frame.length <= frame_max_bytes(frame.type));
        at += used;
        *ret_frames += 1;
    }
    return state;
}

static void test_whole(void **state)
{
    (void)state;
    guint expected = 0;
    guint frames = 0;
    g_autoptr(GByteArray) bytes = sample(&expected);
    assert_int_equal(parse_all(bytes->data, bytes->len, &frames), FRAME_PARTIAL);
    assert_int_equal(frames, expected);
}

/* Each length, in memory of exactly that size so that a sanitizer sees a byte read beyond it. */
static void test_cut(void **state)
{
    (void)state;
    guint expected = 0;
    guint last = 0;
    g_autoptr(GByteArray) bytes = sample(&expected);
    for (gsize length = 0; length <= bytes->len; length++) {
        guint frames = 0;
        g_autofree guint8 *cut = g_malloc(MAX(length, 1));
        memcpy(cut, bytes->data, length);
        assert_int_equal(parse_all(cut, length, &frames), FRAME_PARTIAL);
        assert_true(frames == last || frames == last + 1);
        last = frames;
    }
    assert_int_equal(last, expected);
}

static void test_flipped(void **state)
{
    (void)state;
    guint expected = 0;
    g_autoptr(GByteArray) bytes = sample(&expected);
    for (gsize bit = 0; bit < bytes->len * 8; bit++) {
        guint frames = 0;
        g_autofree guint8 *flipped = g_memdup2(bytes->data, bytes->len);
        flipped[bit / 8] ^= (guint8)(1u << (bit % 8));
        FrameState end = parse_all(flipped, bytes->len, &frames);
        assert_true(end == FRAME_PARTIAL || end == FRAME_BAD);
        assert_true(frames <= bytes->len / FRAME_HEADER_BYTES);
    }
}

static void test_limits(void **state)
{
    static const struct {
        const char *header;
        FrameState expected;
    } ROWS[] = {
        {"p\xFF\xFF\xFF\xFF", FRAME_BAD},   {"p\x04\0\0\x02", FRAME_PARTIAL},
        {"p\x05\0\0\x02", FRAME_BAD},       {"p\x03\0\0\0", FRAME_BAD},
        {"t\0\x10\0\0", FRAME_PARTIAL},     {"t\x01\x10\0\0", FRAME_BAD},
        {"t\0\0\0\0", FRAME_BAD},           {"y\x03\0\0\0", FRAME_BAD},
        {"e\0\0\0\0", FRAME_BAD},           {"e\x02\0\0\0", FRAME_BAD},
        {"g\x0B\0\0\0", FRAME_BAD},         {"g\x0C\0\0\0", FRAME_PARTIAL},
        {"g\x8C\x96\x98\0", FRAME_PARTIAL}, {"g\x8D\x96\x98\0", FRAME_BAD},
        {"i\x08\0\0\0", FRAME_BAD},         {"i\x09\0\0\0", FRAME_PARTIAL},
        {"i\x08\0\0\x04", FRAME_PARTIAL},   {"i\x09\0\0\x04", FRAME_BAD},
        {"\0\0\0\0\0", FRAME_BAD},          {"z\x01\0\0\0", FRAME_BAD},
    };
    (void)state;
    Frame frame;
    gsize used = 77;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++)
        assert_int_equal(frame_parse((const guint8 *)ROWS[i].header, 5, &frame, &used),
                         ROWS[i].expected);
    assert_int_equal(used, 77);
    guint8 header[FRAME_HEADER_BYTES] = "12345";
    assert_false(frame_write_header((FrameType)'z', 1, header));
    assert_false(frame_write_header(FRAME_END, 2, header));
    assert_memory_equal(header, "12345", 5);
}

static void test_numbers(void **state)
{
    static const guint32 VALUES[] = {0, 1, 255, 256, 65535, 65536, 0x01020304, G_MAXUINT32};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(VALUES); i++) {
        guint8 bytes[4];
        frame_put_u32(VALUES[i], bytes);
        assert_true(frame_get_u32(bytes) == VALUES[i]);
        frame_put_u16((guint16)VALUES[i], bytes);
        assert_true(frame_get_u16(bytes) == (guint16)VALUES[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),   cmocka_unit_test(test_cut),
        cmocka_unit_test(test_flipped), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
