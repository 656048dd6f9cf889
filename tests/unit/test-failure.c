/* Tests of indexer/failure: reasons become sentences. */
#include "../../indexer/failure.h"

#include "../../indexer/reading.h"
#include "fixture.h"

static void test_sentences(void **state)
{
    static const struct {
        const char *reason;
        const char *detail;
        const char *sentence;
    } ROWS[] = {
        {"password", NULL, "needs a password: put an unprotected copy in its place"},
        {"password", "x", "needs a password: put an unprotected copy in its place"},
        {"damaged", NULL, "damaged: no page could be read; put a sound copy in its place"},
        {"unreadable", "image/png", "not a format that is read: image/png"},
        {"unreadable", NULL, "not a format that is read"},
        {"no-text", "12",
         "scan without text: 12 pages; text recognition (OCR) would make it searchable"},
        {"no-text", "1",
         "scan without text: 1 page; text recognition (OCR) would make it searchable"},
        {"no-text", "11",
         "scan without text: 11 pages; text recognition (OCR) would make it searchable"},
        {"no-text", NULL, "scan without text"},
        {"empty", NULL, "empty: there is nothing in it"},
        {"timeout", "60", "took longer than 60 s"},
        {"timeout", "1", "took longer than 1 s"},
        {"timeout", NULL, "took too long"},
        {"memory", "1024", "needed more memory than 1024 MiB"},
        {"too-large", "256", "holds more text than 256 MiB"},
        {"oversized", "2048", "larger than 2048 MiB: split it into several files"},
        {"oversized", NULL, "too large: split it into several files"},
        {"crashed", "signal 11",
         "the reader crashed on it (signal 11); tried again when the file changes, or with "
         "--retry"},
        {"crashed", NULL, "the reader crashed on it"},
        {"sidecar", "line 2: unknown key", "mistake in this file: line 2: unknown key"},
        {"open", "Permission denied", "cannot be opened: Permission denied"},
        {"archive", "string or blob too big", "cannot be stored: string or blob too big"},
        {"archive", "%s%n", "cannot be stored: %s%n"},
        {"no such reason", "x", "could not be read"},
        {"", NULL, "could not be read"},
        {NULL, NULL, "could not be read"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *sentence = failure_sentence(ROWS[i].reason, ROWS[i].detail);
        assert_string_equal(sentence, ROWS[i].sentence);
    }
}

/* A new failure of the reader must not fall to the last resort. */
static void test_every_reading_failure_has_a_sentence(void **state)
{
    (void)state;
    for (int i = READING_OK + 1; i < READING_FAILURE_COUNT; i++) {
        g_autofree char *sentence = failure_sentence(reading_failure_name((ReadingFailure)i), "3");
        assert_string_not_equal(sentence, "could not be read");
        assert_int_not_equal(sentence[strlen(sentence) - 1], '.');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_every_reading_failure_has_a_sentence),
    };
    return cmocka_run_group_tests_name("failure", tests, NULL, NULL);
}
