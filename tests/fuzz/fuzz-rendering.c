/* libFuzzer target of server/rendering_answer and server/page_glyphs: what a reader process sends
 * for one page. An input is which frame is wanted, how many bytes come at a time, the width asked
 * for, and the bytes. What is taken is an image no larger than was asked for, or characters that
 * each have a place. */
#include "fuzz.h"

#include <math.h>

#include "../../indexer/reader/protocol.h"
#include "../../server/images/page_glyphs.h"
#include "../../server/images/rendering_answer.h"

static void check_glyphs(GBytes *payload)
{
    gsize length = 0;
    const guint8 *bytes = g_bytes_get_data(payload, &length);
    PageGlyphs glyphs;
    require(page_glyphs_read(bytes, length, &glyphs));
    require(glyphs.width > 0 && glyphs.height > 0 && glyphs.count <= READER_GLYPHS_MOST);
    require(g_utf8_validate_len(glyphs.text, glyphs.text_bytes, NULL));
    for (guint i = 0; i < glyphs.count; i++) {
        PagePlace place = page_glyphs_place(&glyphs, i);
        require(isfinite(place.left) && isfinite(place.bottom));
        require(place.left <= place.right && place.top <= place.bottom);
    }
}

static void check_image(GBytes *payload, guint asked)
{
    gsize length = 0;
    const guint8 *bytes = g_bytes_get_data(payload, &length);
    guint width = 0, height = 0;
    require(rendering_png_size(bytes, length, &width, &height));
    require(width > 0 && width <= asked && height > 0 && height <= READER_PIXELS_MOST);
}

static void check_whole(const RenderingAnswer *answer)
{
    require((answer->outcome == READ_DONE) == (answer->payload != NULL));
    require((guint)answer->outcome < READ_OUTCOME_COUNT);
    if (answer->payload && answer->wanted == FRAME_IMAGE)
        check_image(answer->payload, answer->width);
    else if (answer->payload)
        check_glyphs(answer->payload);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {data, size};
    g_auto(RenderingAnswer) answer;
    RenderingState state = RENDERING_MORE;
    FrameType wanted = fuzz_byte(&input) & 1 ? FRAME_IMAGE : FRAME_GLYPHS;
    gsize step = 1 + (gsize)fuzz_byte(&input);
    rendering_answer_init(&answer, wanted, fuzz_number(&input));
    while (input.left > 0 && state == RENDERING_MORE) {
        gsize come = MIN(step, input.left);
        g_byte_array_append(answer.input, input.at, (guint)come);
        input.at += come;
        input.left -= come;
        state = rendering_answer_take(&answer);
    }
    if (state == RENDERING_WHOLE)
        check_whole(&answer);
    return 0;
}
