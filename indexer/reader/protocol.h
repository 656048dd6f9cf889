/* Protocol: what passes between the programs (reading.c, server/images/rendering.c) and a reader
 * process.
 *
 * One stream socket, descriptor READER_SOCKET in the reader. A job is one byte with one descriptor
 * attached (SCM_RIGHTS), open for reading, and for some kinds a few numbers behind it. Numbers are
 * little endian; places and sizes on a page are int32 in hundredths of a point, y growing downwards
 * from the upper left corner of the page as it is shown (turned and cropped), so that nothing in
 * them can be infinite or no number. The reader answers with frames (frame.h):
 *
 *     READER_JOB         MEDIA_TYPE  (TITLE | AUTHOR | SUBJECT | HEADING | YEAR | PAGE |
 * PAGE_FAILED)*  END READER_JOB_GLYPHS  [GLYPHS]  END READER_JOB_IMAGE   [IMAGE]  END
 *
 * Each kind but the page ones comes at most once. Pages come in order, numbered from 0. Text is
 * UTF-8 without NUL. GLYPHS and IMAGE come exactly when the outcome is READ_DONE. After END the
 * reader waits for the next job; it ends when the other side hangs up. The other side believes none
 * of this and ends a reader that strays from it. */
#ifndef SCHEDARIO_READER_PROTOCOL_H
#define SCHEDARIO_READER_PROTOCOL_H

enum {
    READER_SOCKET = 3,
    READER_JOB = 'J',        /* all text of a file; no numbers */
    READER_JOB_GLYPHS = 'G', /* the characters of a page: uint32 page, from 0 */
    READER_JOB_IMAGE = 'I',  /* a page as an image: uint32 page, from 0; uint32 width in pixels;
                              * uint32  count of boxes to draw, and four int32 for each: left, top,
                              * width,  height */
};

/* Bounds of the numbers, for both sides. */
enum {
    READER_BOXES = 2000,                    /* drawn over one page; more than fits on it legibly */
    READER_WIDTH_LEAST = 40,                /* of an image, in pixels */
    READER_WIDTH_MOST = 2400,               /* sharp on a large screen at twofold density */
    READER_PIXELS_MOST = 16 * 1000 * 1000,  /* of an image: 64 MB of memory while it is drawn */
    READER_GLYPHS_MOST = 500000,            /* of a page: a newspaper's has a tenth */
    READER_PLACE_MOST = 1000 * 1000 * 1000, /* hundredths of a point: beyond what PDF can say */
    READER_BOX_BYTES = 16,
};

/* Exit statuses of a reader, besides 0 for "the pool hung up". */
enum {
    READER_EXIT_USAGE = 64,   /* started with wrong arguments */
    READER_EXIT_MEMORY = 66,  /* ran into its memory limit */
    READER_EXIT_MAGIC = 67,   /* libmagic's data could not be loaded */
    READER_EXIT_SOCKET = 68,  /* the socket failed, or brought something that is no job */
    READER_EXIT_CONFINE = 96, /* and up to 127: could not give up all its rights; what is above 96
                               * says which protections are missing (protection.h) */
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
    FRAME_GLYPHS = 'g',      /* int32 page width, height; uint32 count; for each glyph four int32:
                              * left, top, right, bottom; then as many characters of text */
    FRAME_IMAGE = 'i',       /* int32 page width, height; then the PNG */
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
    READ_NO_PAGE = 6,    /* of GLYPHS and IMAGE: the file has no such page */
    READ_OUTCOME_COUNT
} ReadOutcome;

#endif
