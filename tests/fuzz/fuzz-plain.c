/* libFuzzer target of indexer/reader/plain and of the writer and the parser of frames: an input is
 * a text file. What the reader sends of it, the indexer takes, and all that it takes is valid text.
 */
#include "../../indexer/reading.c"
#include "fake-steward.h"
#include "fuzz.h"

#include <sys/mman.h>

#include "../../indexer/reader/format.h"

enum { FILE_BYTES = 20000, FRAMES_ROOM = 1 << 20 };

static void check_result(ReadingResult *result, gpointer data)
{
    *(gboolean *)data = TRUE;
    require(result->failure == READING_OK || result->failure == READING_EMPTY ||
            result->failure == READING_NO_TEXT);
    for (guint i = 0; i < result->pages->len; i++)
        require(g_utf8_validate(result->pages->pdata[i], -1, NULL) &&
                !strchr(result->pages->pdata[i], '\r'));
    reading_result_free(result);
}

static void take(int socket)
{
    gboolean is_ended = FALSE;
    ReadingPool pool = {.limits = {.timeout_seconds = 1, .memory_mib = 1, .text_mib = 1}};
    Reader reader = {.pool = &pool,
                     .process = {.socket = socket},
                     .input = g_byte_array_new(),
                     .result = result_new(),
                     .done = check_result,
                     .data = &is_ended};
    while (!is_ended && receive(&reader) > 0)
        take_input(&reader);
    require(is_ended);
    g_byte_array_unref(reader.input);
}

static void answer_file(const Sample *sample, int file, int socket)
{
    g_autoptr(Answer) answer = answer_new(socket, FILE_BYTES * 4);
    answer_string(answer, FRAME_MEDIA_TYPE, sample->media_type);
    answer_string(answer, FRAME_TITLE, sample->bytes);
    ReadOutcome outcome = format_plain.read(file, answer);
    require(outcome == READ_DONE && answer_end(answer, outcome));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int sockets[2], room = FRAMES_ROOM;
    size = MIN(size, (size_t)FILE_BYTES);
    g_autofree char *bytes = g_strndup((const char *)data, size);
    const Sample sample = {.media_type = "text/plain", .bytes = bytes, .length = size};
    if (format_plain.claim(&sample) == CLAIM_NONE)
        return 0;
    int file = memfd_create("fuzz", MFD_CLOEXEC);
    require(file >= 0 && write(file, data, size) == (ssize_t)size);
    require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0);
    setsockopt(sockets[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    answer_file(&sample, file, sockets[1]);
    close(sockets[1]);
    take(sockets[0]);
    close(sockets[0]);
    close(file);
    return 0;
}
