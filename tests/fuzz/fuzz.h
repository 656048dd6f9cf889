/* Fuzz: what the fuzz targets share: a check that is never compiled out, and inputs taken apart.
 *
 * A target says in its head what its input looks like. Parts of it end in NUL, so that the fuzzer
 * finds and keeps the places where one ends. All inline, since a target is linked from its own
 * object and the libraries only. */
#ifndef SCHEDARIO_TESTS_FUZZ_H
#define SCHEDARIO_TESTS_FUZZ_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts also where asserts are compiled out, and says what did not hold. */
#define require(holds)                                                                             \
    ((holds)                                                                                       \
         ? (void)0                                                                                 \
         : (fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds), abort()))

/* What of an input is not yet taken. */
typedef struct {
    const uint8_t *at;
    size_t left;
} FuzzInput;

/* The next byte; 0 at the end. */
static inline guint8 fuzz_byte(FuzzInput *input)
{
    if (input->left == 0)
        return 0;
    input->left--;
    return *input->at++;
}

/* The next two bytes as a number, the high one first. */
static inline guint fuzz_number(FuzzInput *input)
{
    guint high = fuzz_byte(input);
    return high << 8 | fuzz_byte(input);
}

/* The next part, without its NUL. Owned by the caller. */
static inline char *fuzz_string(FuzzInput *input)
{
    const uint8_t *end = input->left ? memchr(input->at, 0, input->left) : NULL;
    size_t length = end ? (size_t)(end - input->at) : input->left;
    char *string = g_strndup((const char *)input->at, length);
    size_t used = end ? length + 1 : length;
    input->at += used;
    input->left -= used;
    return string;
}

/* The next part made valid UTF-8. Owned by the caller. */
static inline char *fuzz_text(FuzzInput *input)
{
    g_autofree char *string = fuzz_string(input);
    return g_utf8_make_valid(string, -1);
}

/* Whether a text is valid UTF-8 without control characters: one line. */
static inline gboolean fuzz_is_line(const char *text)
{
    if (!g_utf8_validate(text, -1, NULL))
        return FALSE;
    for (; *text; text = g_utf8_next_char(text))
        if (g_unichar_iscntrl(g_utf8_get_char(text)))
            return FALSE;
    return TRUE;
}

#endif
