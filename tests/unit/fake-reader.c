/* A reader that misbehaves on request: the content of the file it is given names what it does.
 * Stands in for schedario-reader in test-reading.c and test-rendering.c. */
#include "../../indexer/reader/frame.h"

#include <glib.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The leak sanitizer looks at a process from a second one, which the steward does not allow. */
const char *__lsan_default_options(void);
__attribute__((no_profile_instrument_function)) /* it is asked before counters are there */
const char *
__lsan_default_options(void)
{
    return "detect_leaks=0";
}

static void put(const void *bytes, gsize length)
{
    if (write(READER_SOCKET, bytes, length) < 0)
        _exit(READER_EXIT_SOCKET);
}

static void put_frame(FrameType type, const void *payload, gsize length)
{
    guint8 header[FRAME_HEADER_BYTES];
    header[0] = (guint8)type;
    frame_put_u32((guint32)length, header + 1);
    put(header, sizeof header);
    if (length > 0)
        put(payload, length);
}

static void put_page(guint32 number, const char *text, gsize length)
{
    g_autofree guint8 *payload = g_malloc(FRAME_PAGE_NUMBER_BYTES + length);
    frame_put_u32(number, payload);
    memcpy(payload + FRAME_PAGE_NUMBER_BYTES, text, length);
    put_frame(FRAME_PAGE, payload, FRAME_PAGE_NUMBER_BYTES + length);
}

static void begin(void)
{
    put_frame(FRAME_MEDIA_TYPE, "test/fake", 9);
}

static void end(guint8 outcome)
{
    put_frame(FRAME_END, &outcome, 1);
}

static void do_good(void)
{
    guint8 year[2];
    guint8 number[4];
    begin();
    put_frame(FRAME_TITLE, "Titolo", 6);
    frame_put_u16(2019, year);
    put_frame(FRAME_YEAR, year, 2);
    put_page(0, "prima", 5);
    frame_put_u32(1, number);
    put_frame(FRAME_PAGE_FAILED, number, 4);
    put_page(2, "", 0);
    put_page(3, "ultima", 6);
    end(READ_DONE);
}

static void do_crash(void)
{
    begin();
    put_page(0, "prima", 5);
    raise(SIGKILL);
}

static void do_exit(void)
{
    _exit(3);
}

/* Tells who it is, and goes on without work: as one that a file took over. */
static void do_spin(void)
{
    g_autofree char *pid = g_strdup_printf("%d", (int)getpid());
    begin();
    put_frame(FRAME_TITLE, pid, strlen(pid));
    put_page(0, "prima", 5);
    end(READ_DONE);
    for (volatile guint i = 0;; i++)
        continue;
}

static void do_memory(void)
{
    _exit(READER_EXIT_MEMORY);
}

static void do_hang(void)
{
    begin();
    for (;;)
        pause();
}

static void do_hang_up(void)
{
    close(READER_SOCKET);
    for (;;)
        pause();
}

static void do_half(void)
{
    put("m\x09\0\0", 4);
    _exit(0);
}

static void do_huge(void)
{
    put("p\xFF\xFF\xFF\x7F", 5);
    pause();
}

static void do_junk(void)
{
    put("HTTP/1.1 200 OK\r\n\r\n", 19);
    pause();
}

static void do_no_type(void)
{
    put_page(0, "prima", 5);
    end(READ_DONE);
}

static void do_type_line(void)
{
    put_frame(FRAME_MEDIA_TYPE, "text/html\r\nSet-Cookie: a", 24);
    put_page(0, "prima", 5);
    end(READ_DONE);
}

static void do_type_word(void)
{
    put_frame(FRAME_MEDIA_TYPE, "pdf", 3);
    put_page(0, "prima", 5);
    end(READ_DONE);
}

static void do_order(void)
{
    begin();
    put_page(1, "seconda", 7);
    end(READ_DONE);
}

static void do_twice(void)
{
    begin();
    put_frame(FRAME_TITLE, "uno", 3);
    put_frame(FRAME_TITLE, "due", 3);
    end(READ_DONE);
}

static void do_encoding(void)
{
    begin();
    put_page(0, "citt\xE0", 5);
    end(READ_DONE);
}

static void do_nul(void)
{
    begin();
    put_page(0, "a\0b", 3);
    end(READ_DONE);
}

static void do_outcome(void)
{
    begin();
    end(READ_OUTCOME_COUNT);
}

static void do_after_end(void)
{
    guint8 both[2 * (FRAME_HEADER_BYTES + 1)];
    begin();
    for (int i = 0; i < 2; i++) {
        guint8 *frame = both + i * (FRAME_HEADER_BYTES + 1);
        frame_write_header(FRAME_END, 1, frame);
        frame[FRAME_HEADER_BYTES] = READ_DONE;
    }
    put(both, sizeof both);
    pause();
}

static void do_too_much(void)
{
    enum { PAGE = 600 * 1024 };
    g_autofree char *text = g_strnfill(PAGE, 'a');
    begin();
    for (guint32 i = 0; i < 4; i++)
        put_page(i, text, PAGE);
    end(READ_DONE);
}

static void do_scan(void)
{
    begin();
    put_page(0, "", 0);
    put_page(1, " 12 ", 4);
    end(READ_DONE);
}

static void do_no_pages(void)
{
    begin();
    end(READ_DONE);
}

static void do_all_failed(void)
{
    guint8 number[4] = {0};
    begin();
    put_frame(FRAME_PAGE_FAILED, number, 4);
    end(READ_DONE);
}

static void do_password(void)
{
    begin();
    end(READ_PASSWORD);
}

static void do_unreadable(void)
{
    begin();
    end(READ_UNREADABLE);
}

/* ---- pages ---- */

/* A chunk of a PNG; nobody looks at its checksum here. */
static void add_chunk(GByteArray *png, const char *type, const void *data, guint length)
{
    const guint8 head[] = {(guint8)(length >> 24), (guint8)(length >> 16), (guint8)(length >> 8),
                           (guint8)length};
    g_byte_array_append(png, head, sizeof head);
    g_byte_array_append(png, (const guint8 *)type, 4);
    if (length > 0)
        g_byte_array_append(png, data, length);
    g_byte_array_append(png, (const guint8 *)"sum?", 4);
}

/* A PNG as far as its chunks go: `more` stands behind the first. */
static void put_chunks(guint32 width, guint32 height, guint8 interlace, const char *more,
                       const char *behind)
{
    guint8 head[13] = {[8] = 8, [9] = 2, [12] = interlace};
    g_autoptr(GByteArray) image = g_byte_array_new();
    guint8 size[FRAME_SIZE_BYTES];
    for (int i = 0; i < 4; i++) {
        head[i] = (guint8)(width >> (24 - 8 * i));
        head[4 + i] = (guint8)(height >> (24 - 8 * i));
    }
    frame_put_u32(59500, size);
    frame_put_u32(84200, size + 4);
    g_byte_array_append(image, size, sizeof size);
    g_byte_array_append(image, (const guint8 *)"\x89PNG\r\n\x1A\n", 8);
    add_chunk(image, "IHDR", head, sizeof head);
    if (more)
        add_chunk(image, more, "name\0\0abc", 9);
    add_chunk(image, "IDAT", "pixels", 6);
    add_chunk(image, "IDAT", "", 0);
    add_chunk(image, "IEND", NULL, 0);
    if (behind)
        g_byte_array_append(image, (const guint8 *)behind, (guint)strlen(behind));
    put_frame(FRAME_IMAGE, image->data, image->len);
}

static void put_image(guint32 width, guint32 height)
{
    put_chunks(width, height, 0, NULL, NULL);
}

static void do_image_palette(void)
{
    put_chunks(100, 141, 0, "PLTE", NULL);
    end(READ_DONE);
}

static void do_image_profile(void)
{
    put_chunks(100, 141, 0, "iCCP", NULL);
    end(READ_DONE);
}

static void do_image_animated(void)
{
    put_chunks(100, 141, 0, "acTL", NULL);
    end(READ_DONE);
}

static void do_image_two_heads(void)
{
    put_chunks(100, 141, 0, "IHDR", NULL);
    end(READ_DONE);
}

static void do_image_interlaced(void)
{
    put_chunks(100, 141, 1, NULL, NULL);
    end(READ_DONE);
}

static void do_image_behind(void)
{
    put_chunks(100, 141, 0, NULL, "<script>alert(1)</script>IEND");
    end(READ_DONE);
}

static void do_image(void)
{
    put_image(100, 141);
    end(READ_DONE);
}

static void do_image_slowly(void)
{
    g_usleep(300 * 1000);
    do_image();
}

static void do_image_wide(void)
{
    put_image(101, 141);
    end(READ_DONE);
}

static void do_image_tall(void)
{
    put_image(100, 1000000);
    end(READ_DONE);
}

static void do_image_false(void)
{
    put_frame(FRAME_IMAGE, "12345678<svg onload=alert(1)>", 29);
    end(READ_DONE);
}

static void do_image_twice(void)
{
    put_image(100, 141);
    put_image(100, 141);
    end(READ_DONE);
}

static void do_image_failed(void)
{
    put_image(100, 141);
    end(READ_DAMAGED);
}

static void do_no_image(void)
{
    end(READ_DONE);
}

static void do_no_page(void)
{
    end(READ_NO_PAGE);
}

/* One glyph, but for `count`, `place` and the text. */
static void put_glyphs(guint32 count, guint32 place, const char *text, gsize length)
{
    guint8 glyphs[FRAME_GLYPHS_HEAD_BYTES + READER_BOX_BYTES + 16] = {0};
    frame_put_u32(59500, glyphs);
    frame_put_u32(84200, glyphs + 4);
    frame_put_u32(count, glyphs + 8);
    frame_put_u32(place, glyphs + FRAME_GLYPHS_HEAD_BYTES);
    memcpy(glyphs + FRAME_GLYPHS_HEAD_BYTES + READER_BOX_BYTES, text, length);
    put_frame(FRAME_GLYPHS, glyphs, FRAME_GLYPHS_HEAD_BYTES + READER_BOX_BYTES + length);
    end(READ_DONE);
}

static void do_glyphs(void)
{
    put_glyphs(1, 100, "\xC3\xA0", 2);
}

static void do_glyphs_many(void)
{
    put_glyphs(0xFFFFFFFF, 100, "a", 1);
}

static void do_glyphs_few(void)
{
    put_glyphs(1, 100, "ab", 2);
}

static void do_glyphs_encoding(void)
{
    put_glyphs(1, 100, "\xC3", 1);
}

static void do_glyphs_far(void)
{
    put_glyphs(1, 0x7FFFFFFF, "a", 1);
}

static const struct {
    const char *name;
    void (*act)(void);
} ACTS[] = {
    {"image", do_image},
    {"image-palette", do_image_palette},
    {"image-profile", do_image_profile},
    {"image-animated", do_image_animated},
    {"image-two-heads", do_image_two_heads},
    {"image-interlaced", do_image_interlaced},
    {"image-behind", do_image_behind},
    {"image-slowly", do_image_slowly},
    {"image-wide", do_image_wide},
    {"image-tall", do_image_tall},
    {"image-false", do_image_false},
    {"image-twice", do_image_twice},
    {"image-failed", do_image_failed},
    {"no-image", do_no_image},
    {"no-page", do_no_page},
    {"glyphs", do_glyphs},
    {"glyphs-many", do_glyphs_many},
    {"glyphs-few", do_glyphs_few},
    {"glyphs-encoding", do_glyphs_encoding},
    {"glyphs-far", do_glyphs_far},
    {"good", do_good},
    {"crash", do_crash},
    {"exit", do_exit},
    {"spin", do_spin},
    {"memory", do_memory},
    {"hang", do_hang},
    {"hang-up", do_hang_up},
    {"half", do_half},
    {"huge", do_huge},
    {"junk", do_junk},
    {"no-type", do_no_type},
    {"type-line", do_type_line},
    {"type-word", do_type_word},
    {"order", do_order},
    {"twice", do_twice},
    {"encoding", do_encoding},
    {"nul", do_nul},
    {"outcome", do_outcome},
    {"after-end", do_after_end},
    {"too-much", do_too_much},
    {"scan", do_scan},
    {"no-pages", do_no_pages},
    {"all-failed", do_all_failed},
    {"password", do_password},
    {"unreadable", do_unreadable},
};

static int receive(void)
{
    char byte = 0;
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec data = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {.msg_iov = &data,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    int fd = -1;
    if (recvmsg(READER_SOCKET, &message, 0) != 1 || !CMSG_FIRSTHDR(&message))
        return -1;
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
    /* The numbers of a job came with it; they make no difference here. */
    char numbers[64 * 1024];
    if (byte != READER_JOB && recv(READER_SOCKET, numbers, sizeof numbers, 0) < 0)
        return -1;
    return fd;
}

int main(void)
{
    for (int fd; (fd = receive()) >= 0; close(fd)) {
        char name[32] = {0};
        if (pread(fd, name, sizeof name - 1, 0) < 0)
            return 1;
        for (gsize i = 0; i < G_N_ELEMENTS(ACTS); i++)
            if (strcmp(ACTS[i].name, name) == 0)
                ACTS[i].act();
    }
    return 0;
}
