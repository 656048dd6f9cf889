/* See rendering_answer.h. */
#include "rendering_answer.h"

#include <string.h>

#include "../../indexer/reader/protocol.h"
#include "page_glyphs.h"

/* The signature (W3C PNG, 5.2), and the sizes of what follows (5.3, 11.2.1). */
static const guint8 PNG_SIGNATURE[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
enum {
    CHUNK_HEAD_BYTES = 8, /* length and type */
    CHUNK_SUM_BYTES = 4,
    IHDR_BYTES = 13,
};

/* The chunks that the reader writes, in the order in which they may come. No other passes: colour
 * profiles, texts, animations and the rest are for decoders to stumble over. */
static const struct {
    char type[5];
    gboolean is_needed;
    gboolean may_repeat;
} CHUNKS[] = {
    {"IHDR", TRUE, FALSE}, {"PLTE", FALSE, FALSE}, {"IDAT", TRUE, TRUE}, {"IEND", TRUE, FALSE}};

void rendering_answer_init(RenderingAnswer *answer, FrameType wanted, guint width)
{
    *answer = (RenderingAnswer){.wanted = wanted, .width = width, .input = g_byte_array_new()};
}

void rendering_answer_release(RenderingAnswer *answer)
{
    g_clear_pointer(&answer->input, g_byte_array_unref);
    g_clear_pointer(&answer->payload, g_bytes_unref);
}

static guint32 big_endian(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
}

/* Depth 8, grey, colours or a palette, the one method of compression and of filtering, no
 * interlacing; sizes are the caller's to judge. */
static gboolean is_plain_head(const guint8 *ihdr)
{
    return ihdr[8] == 8 && (ihdr[9] == 0 || ihdr[9] == 2 || ihdr[9] == 3) && ihdr[10] == 0 &&
           ihdr[11] == 0 && ihdr[12] == 0;
}

/* Where in CHUNKS the chunk stands that may come after the one at `place` (-1: none yet); -1 when
 * it may not come. */
static int next_place(int place, const guint8 *type)
{
    for (int i = MAX(place, 0); i < (int)G_N_ELEMENTS(CHUNKS); i++) {
        gboolean is_it = memcmp(CHUNKS[i].type, type, 4) == 0;
        if (is_it && (i != place || CHUNKS[i].may_repeat))
            return i;
        if (CHUNKS[i].is_needed && i != place)
            return -1;
    }
    return -1;
}

/* Checksums are left to whoever decodes it. */
gboolean rendering_png_size(const guint8 *bytes, gsize length, guint *ret_width, guint *ret_height)
{
    gsize at = sizeof PNG_SIGNATURE;
    int place = -1;
    if (length < at || memcmp(bytes, PNG_SIGNATURE, at) != 0)
        return FALSE;
    while (length - at >= CHUNK_HEAD_BYTES + CHUNK_SUM_BYTES) {
        const guint8 *chunk = bytes + at;
        gsize data = big_endian(chunk);
        place = next_place(place, chunk + 4);
        if (place < 0 || data > length - at - CHUNK_HEAD_BYTES - CHUNK_SUM_BYTES ||
            (place == 0 && (data != IHDR_BYTES || !is_plain_head(chunk + CHUNK_HEAD_BYTES))))
            return FALSE;
        at += CHUNK_HEAD_BYTES + data + CHUNK_SUM_BYTES;
    }
    if (at != length || place != (int)G_N_ELEMENTS(CHUNKS) - 1)
        return FALSE;
    *ret_width = big_endian(bytes + sizeof PNG_SIGNATURE + CHUNK_HEAD_BYTES);
    *ret_height = big_endian(bytes + sizeof PNG_SIGNATURE + CHUNK_HEAD_BYTES + 4);
    return TRUE;
}

/* A PNG no larger than was asked for. The page's size before it is not needed. */
static GBytes *check_image(const RenderingAnswer *answer, const Frame *frame)
{
    const guint8 *png = frame->payload + FRAME_SIZE_BYTES;
    gsize length = frame->length - FRAME_SIZE_BYTES;
    guint width = 0, height = 0;
    if (!rendering_png_size(png, length, &width, &height) || width == 0 || height == 0 ||
        width > answer->width || (guint64)width * height > READER_PIXELS_MOST)
        return NULL;
    return g_bytes_new(png, length);
}

static GBytes *check_glyphs(const Frame *frame)
{
    PageGlyphs ignored;
    return page_glyphs_read(frame->payload, frame->length, &ignored)
               ? g_bytes_new(frame->payload, frame->length)
               : NULL;
}

static gboolean take_end(RenderingAnswer *answer, guint8 outcome)
{
    answer->outcome = (ReadOutcome)outcome;
    return outcome < READ_OUTCOME_COUNT && (outcome == READ_DONE) == (answer->payload != NULL);
}

static RenderingState take_frame(RenderingAnswer *answer, const Frame *frame, gboolean is_last)
{
    if (frame->type == FRAME_END)
        return is_last && take_end(answer, frame->payload[0]) ? RENDERING_WHOLE
                                                              : RENDERING_NONSENSE;
    answer->payload = frame->type == FRAME_IMAGE ? check_image(answer, frame) : check_glyphs(frame);
    return answer->payload ? RENDERING_MORE : RENDERING_NONSENSE;
}

/* Before its payload has come: whether a frame of this type may come now. */
static gboolean may_come(const RenderingAnswer *answer, guint8 type)
{
    return type == FRAME_END || (type == answer->wanted && !answer->payload);
}

RenderingState rendering_answer_take(RenderingAnswer *answer)
{
    GByteArray *input = answer->input;
    while (input->len > 0) {
        Frame frame;
        gsize used = 0;
        if (!may_come(answer, input->data[0]))
            return RENDERING_NONSENSE;
        FrameState state = frame_parse(input->data, input->len, &frame, &used);
        if (state != FRAME_WHOLE)
            return state == FRAME_BAD ? RENDERING_NONSENSE : RENDERING_MORE;
        RenderingState taken = take_frame(answer, &frame, used == input->len);
        if (taken != RENDERING_MORE)
            return taken;
        g_byte_array_remove_range(input, 0, (guint)used);
    }
    return RENDERING_MORE;
}
