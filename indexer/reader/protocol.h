/* Protocol: what passes between the pool (reading.c) and a reader process.
 *
 * One stream socket, descriptor READER_SOCKET in the reader. For each file the pool sends one byte,
 * READER_JOB, with one descriptor attached (SCM_RIGHTS), open for reading. The reader answers with
 * frames (frame.h) in this order:
 *
 *     MEDIA_TYPE  (TITLE | AUTHOR | SUBJECT | HEADING | YEAR | PAGE | PAGE_FAILED)*  END
 *
 * Each kind but the page ones comes at most once. Pages come in order, numbered from 0. Text is
 * UTF-8 without NUL. After END the reader waits for the next file; it ends when the pool hangs up.
 * The pool believes none of this and ends a reader that strays from it. */
#ifndef SCHEDARIO_READER_PROTOCOL_H
#define SCHEDARIO_READER_PROTOCOL_H

enum {
    READER_SOCKET = 3,
    READER_JOB = 'J',
};

/* Exit statuses of a reader, besides 0 for "the pool hung up". */
enum {
    READER_EXIT_USAGE = 64,   /* started with wrong arguments */
    READER_EXIT_CONFINE = 65, /* could not give up its rights */
    READER_EXIT_MEMORY = 66,  /* ran into its memory limit */
    READER_EXIT_MAGIC = 67,   /* libmagic's data could not be loaded */
    READER_EXIT_SOCKET = 68,  /* the socket failed, or brought something that is no job */
};

/* Frame types and their payloads. */
typedef enum {
    FRAME_MEDIA_TYPE = 'm',  /* text */
    FRAME_TITLE = 't',       /* text */
    FRAME_AUTHOR = 'a',      /* text */
    FRAME_SUBJECT = 's',     /* text */
    FRAME_HEADING = 'h',     /* text */
    FRAME_YEAR = 'y',        /* uint16, little endian */
    FRAME_PAGE = 'p',        /* uint32 page number, little endian, then the text */
    FRAME_PAGE_FAILED = 'f', /* uint32 page number, little endian */
    FRAME_END = 'e',         /* one byte, a ReadOutcome */
} FrameType;

/* How a read ended, as the reader sees it. Part of the protocol: values stay. */
typedef enum {
    READ_DONE = 0,
    READ_PASSWORD = 1,
    READ_DAMAGED = 2,
    READ_UNREADABLE = 3, /* no format that this program reads */
    READ_TOO_LARGE = 4,  /* more text than the limit, or a page longer than a frame */
    READ_NO_TEXT = 5,    /* no page has text, and those that failed are pictures */
    READ_OUTCOME_COUNT
} ReadOutcome;

#endif
