/* Frame: type, length and payload, the unit that a reader sends.
 *
 * A frame is one byte of type (FrameType, protocol.h), four bytes of payload length, little endian,
 * and the payload. Each type has a least and a greatest length; a header outside them is bad at
 * once, before any of its payload has come, so a hostile length never makes the receiver wait
 * or allocate. Shared by both sides. Bytes in, values out: no I/O, no state, any thread. */
#ifndef SCHEDARIO_READER_FRAME_H
#define SCHEDARIO_READER_FRAME_H

#include "protocol.h"

#include <glib.h>

enum {
    FRAME_HEADER_BYTES = 5,
    FRAME_PAGE_NUMBER_BYTES = 4,
    FRAME_YEAR_BYTES = 2,
    FRAME_STRING_MAX_BYTES = 4096,           /* of titles, media types and the like */
    FRAME_PAGE_MAX_BYTES = 32 * 1024 * 1024, /* of a page's text */
    FRAME_SIZE_BYTES = 8,                    /* of a page's width and height */
    FRAME_GLYPHS_HEAD_BYTES = FRAME_SIZE_BYTES + 4,
    FRAME_IMAGE_MAX_BYTES =
        64 * 1024 * 1024, /* what the most pixels take when none is like another */
};

typedef struct {
    FrameType type;
    const guint8 *payload; /* borrowed from the bytes that were parsed */
    gsize length;
} Frame;

typedef enum {
    FRAME_PARTIAL, /* sound so far, more bytes are needed */
    FRAME_WHOLE,
    FRAME_BAD, /* unknown type or impossible length */
} FrameState;

/* Looks for one frame at the beginning of `bytes`. With FRAME_WHOLE sets `ret_frame` and
 * `ret_used`, the bytes that it takes up; otherwise leaves them alone. */
FrameState frame_parse(const guint8 *bytes, gsize length, Frame *ret_frame, gsize *ret_used);

/* The greatest payload of a type in bytes; 0 when there is no such type. */
gsize frame_max_bytes(FrameType type);

/* Writes the header of a frame. FALSE, and nothing written, when the type does not exist or the
 * length is not allowed for it. */
gboolean frame_write_header(FrameType type, gsize length, guint8 ret_header[FRAME_HEADER_BYTES]);

/* Numbers in payloads. The caller has checked that the bytes are there. */
guint32 frame_get_u32(const guint8 *bytes);
void frame_put_u32(guint32 value, guint8 ret_bytes[4]);
guint16 frame_get_u16(const guint8 *bytes);
void frame_put_u16(guint16 value, guint8 ret_bytes[2]);

#endif
