/* Frame: see frame.h. The table of lengths is the whole of what may be sent. */
#include "frame.h"

static const struct {
    FrameType type;
    gsize min_bytes;
    gsize max_bytes;
} FRAMES[] = {
    {FRAME_MEDIA_TYPE, 1, 255},
    {FRAME_TITLE, 1, FRAME_STRING_MAX_BYTES},
    {FRAME_AUTHOR, 1, FRAME_STRING_MAX_BYTES},
    {FRAME_SUBJECT, 1, FRAME_STRING_MAX_BYTES},
    {FRAME_HEADING, 1, FRAME_STRING_MAX_BYTES},
    {FRAME_YEAR, FRAME_YEAR_BYTES, FRAME_YEAR_BYTES},
    {FRAME_PAGE, FRAME_PAGE_NUMBER_BYTES, FRAME_PAGE_NUMBER_BYTES + FRAME_PAGE_MAX_BYTES},
    {FRAME_PAGE_FAILED, FRAME_PAGE_NUMBER_BYTES, FRAME_PAGE_NUMBER_BYTES},
    {FRAME_GLYPHS, FRAME_GLYPHS_HEAD_BYTES,
     FRAME_GLYPHS_HEAD_BYTES + READER_GLYPHS_MOST *(gsize)(READER_BOX_BYTES + 4)},
    {FRAME_IMAGE, FRAME_SIZE_BYTES + 1, FRAME_SIZE_BYTES + FRAME_IMAGE_MAX_BYTES},
    {FRAME_END, 1, 1},
};

static gboolean length_allowed(guint8 type, gsize length)
{
    for (gsize i = 0; i < G_N_ELEMENTS(FRAMES); i++)
        if (FRAMES[i].type == type)
            return length >= FRAMES[i].min_bytes && length <= FRAMES[i].max_bytes;
    return FALSE;
}

gsize frame_max_bytes(FrameType type)
{
    for (gsize i = 0; i < G_N_ELEMENTS(FRAMES); i++)
        if (FRAMES[i].type == type)
            return FRAMES[i].max_bytes;
    return 0;
}

guint32 frame_get_u32(const guint8 *bytes)
{
    return (guint32)bytes[0] | (guint32)bytes[1] << 8 | (guint32)bytes[2] << 16 |
           (guint32)bytes[3] << 24;
}

void frame_put_u32(guint32 value, guint8 ret_bytes[4])
{
    for (int i = 0; i < 4; i++)
        ret_bytes[i] = (guint8)(value >> (8 * i));
}

guint16 frame_get_u16(const guint8 *bytes)
{
    return (guint16)(bytes[0] | bytes[1] << 8);
}

void frame_put_u16(guint16 value, guint8 ret_bytes[2])
{
    ret_bytes[0] = (guint8)value;
    ret_bytes[1] = (guint8)(value >> 8);
}

FrameState frame_parse(const guint8 *bytes, gsize length, Frame *ret_frame, gsize *ret_used)
{
    if (length < FRAME_HEADER_BYTES)
        return FRAME_PARTIAL;
    gsize payload = frame_get_u32(bytes + 1);
    if (!length_allowed(bytes[0], payload))
        return FRAME_BAD;
    if (length - FRAME_HEADER_BYTES < payload)
        return FRAME_PARTIAL;
    *ret_frame = (Frame){(FrameType)bytes[0], bytes + FRAME_HEADER_BYTES, payload};
    *ret_used = FRAME_HEADER_BYTES + payload;
    return FRAME_WHOLE;
}

gboolean frame_write_header(FrameType type, gsize length, guint8 ret_header[FRAME_HEADER_BYTES])
{
    if (!length_allowed((guint8)type, length))
        return FALSE;
    ret_header[0] = (guint8)type;
    frame_put_u32((guint32)length, ret_header + 1);
    return TRUE;
}
