/* libFuzzer target of indexer/reading: what a reader process sends. An input is how many bytes come
 * at a time, and the bytes. Whatever they are, the job ends in at most one result, which is valid
 * text, and what waits to be parsed stays within its bound. The module is included for the sake of
 * its inside: the pool below has no process. */
#include "../../indexer/reading.c"
#include "fake-steward.h"
#include "fuzz.h"

static void check_text(const char *text)
{
    require(!text || g_utf8_validate(text, -1, NULL));
}

static void check_result(ReadingResult *result, gpointer data)
{
    guint *ended = data;
    *ended += 1;
    require((guint)result->failure < READING_FAILURE_COUNT);
    require(result->failure != READING_OK || (result->media_type && has_any_letter(result->pages)));
    require(result->failure == READING_OK || result->failure == READING_NO_TEXT ||
            result->pages->len == 0);
    check_text(result->media_type);
    check_text(result->meta_title);
    check_text(result->meta_author);
    check_text(result->meta_subject);
    check_text(result->heading);
    check_text(result->detail);
    for (guint i = 0; i < result->pages->len; i++)
        check_text(result->pages->pdata[i]);
    reading_result_free(result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {data, size};
    guint ended = 0;
    ReadingPool pool = {.limits = {.timeout_seconds = 1, .memory_mib = 1, .text_mib = 1}};
    Reader reader = {.pool = &pool,
                     .input = g_byte_array_new(),
                     .result = result_new(),
                     .done = check_result,
                     .data = &ended};
    gsize step = 1 + (gsize)fuzz_byte(&input);
    while (input.left > 0 && ended == 0) {
        gsize come = MIN(step, input.left);
        g_byte_array_append(reader.input, input.at, (guint)come);
        input.at += come;
        input.left -= come;
        take_input(&reader);
    }
    require(ended <= 1 && (ended == 1) == (reader.result == NULL));
    g_clear_pointer(&reader.result, reading_result_free);
    g_byte_array_unref(reader.input);
    return 0;
}
