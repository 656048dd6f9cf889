/* Format: which kinds of file are read, and by what.
 *
 * A new format is one new file in this folder that defines `const Format format_NAME`, and NAME in
 * the list below. Nothing else knows the formats: the Makefile takes every .c file of the folder.
 *
 * A format is asked whether a file is its own, by what libmagic makes of the content and by the
 * first bytes, never by a name. A certain claim goes before a possible one, and among equal ones
 * the order of the list decides. When a file turns out damaged, the next claim is tried: a text
 * that merely begins like a PDF is still a text. */
#ifndef SCHEDARIO_READER_FORMAT_H
#define SCHEDARIO_READER_FORMAT_H

#include "answer.h"

#include <glib.h>

/* The beginning of a file. */
typedef struct {
    const char *media_type; /* by libmagic */
    const char *bytes;      /* the first LIMIT_SAMPLE_BYTES, or the whole of a smaller file */
    gsize length;
} Sample;

typedef enum {
    CLAIM_NONE,
    CLAIM_POSSIBLE, /* worth trying; if it fails the file was something else */
    CLAIM_CERTAIN,
} Claim;

typedef struct {
    Claim (*claim)(const Sample *sample);
    /* Reads the open file `fd` (borrowed, its position is anywhere) and sends what is in it, all
     * but the end. READ_DAMAGED must be returned before any page was sent. */
    ReadOutcome (*read)(int fd, Answer *answer);
} Format;

#define FORMATS(X)                                                                                 \
    X(pdf)                                                                                         \
    X(plain)

#define FORMAT_DECLARE(name) extern const Format format_##name;
FORMATS(FORMAT_DECLARE)
#undef FORMAT_DECLARE

/* Reads `fd` with whichever formats claim it. */
ReadOutcome format_read(const Sample *sample, int fd, Answer *answer);

#endif
