/* Rendering answer: what a reader sends back for one page, taken apart and believed in nothing.
 *
 * Bytes in, payload out: no I/O, any thread. For rendering.c and tests. */
#ifndef SCHEDARIO_RENDERING_ANSWER_H
#define SCHEDARIO_RENDERING_ANSWER_H

#include "../../indexer/reader/frame.h"

#include <glib.h>

typedef enum {
    RENDERING_MORE,     /* sound so far; more has to come */
    RENDERING_WHOLE,    /* the answer is here: payload or outcome */
    RENDERING_NONSENSE, /* the protocol is broken */
} RenderingState;

typedef struct {
    FrameType wanted;  /* FRAME_IMAGE or FRAME_GLYPHS */
    guint width;       /* of an image, as asked for */
    GByteArray *input; /* received, not yet taken */
    GBytes *payload;   /* of the frame that was wanted, checked; NULL: not there (yet) */
    ReadOutcome outcome;
} RenderingAnswer;

void rendering_answer_init(RenderingAnswer *answer, FrameType wanted, guint width);
void rendering_answer_release(RenderingAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RenderingAnswer, rendering_answer_release)

/* Looks at what was appended to `input`. */
RenderingState rendering_answer_take(RenderingAnswer *answer);

/* Whether `bytes` are built as the reader's PNGs are, chunk by chunk, with nothing else in them or
 * behind them, and what size it says it has. What is compressed in it is not looked at. */
gboolean rendering_png_size(const guint8 *bytes, gsize length, guint *ret_width, guint *ret_height);

#endif
