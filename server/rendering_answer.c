/* See rendering_answer.h. */
#include "rendering_answer.h"

#include <string.h>

#include "../indexer/reader/protocol.h"
#include "page_glyphs.h"

/* The signature, and the chunk that comes first (W3C PNG, 5.2 and 11.2.1). */
static const guint8 PNG_BEGINNING[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n',
                                       0,    0,   0,   13,  'I',  'H',  'D',  'R'};
static const guint8 PNG_END[] = {0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xAE, 0x42, 0x60, 0x82};

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

gboolean rendering_png_size(const guint8 *bytes, gsize length, guint *ret_width, guint *ret_height)
{
    enum { SIZE_AT = sizeof PNG_BEGINNING, LEAST = SIZE_AT + 8 + sizeof PNG_END };
    if (length < LEAST || memcmp(bytes, PNG_BEGINNING, sizeof PNG_BEGINNING) != 0 ||
        memcmp(bytes + length - sizeof PNG_END, PNG_END, sizeof PNG_END) != 0)
        return FALSE;
    *ret_width = big_endian(bytes + SIZE_AT);
    *ret_height = big_endian(bytes + SIZE_AT + 4);
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
