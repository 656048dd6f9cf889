/* Limits: every bound on what one file may cost the indexer, with its unit and its reason.
 *
 * The files come from outside, so each of these sizes is one that a stranger chooses. What a
 * command line may change is a default here; the others are fixed. */
#ifndef SCHEDARIO_LIMITS_H
#define SCHEDARIO_LIMITS_H

enum {
    /* Size of a file, MiB, that is looked into. Its content is hashed first, in the main loop, at
     * about 300 MiB a second: seven seconds, well within a sign of life (ARCHIVE_SILENCE_SECONDS)
     * and a reader's clock. The largest scanned volumes stay below it; a sparse file of terabytes,
     * which costs a stranger nothing, does not. */
    LIMIT_FILE_MIB = 2048,

    /* Wall clock from handing a file over to its last frame. The slowest sound documents measured
     * take a few seconds; a minute is for large atlases on slow discs. */
    LIMIT_READ_SECONDS = 60,

    /* Address space of a reader, MiB. A reader at rest maps about 150, the largest sound documents
     * measured about 300; the rest is for pages with very many shapes. */
    LIMIT_READ_MEMORY_MIB = 1024,

    /* Text of one document, MiB: a hundred thousand printed pages. */
    LIMIT_READ_TEXT_MIB = 256,

    /* Pages of one document: more than any bound volume, and few enough for an array of them. */
    LIMIT_READ_PAGES = 250000,

    /* Files that a reader reads before it is replaced: what a file may have damaged in it without
     * being noticed, or leaked, ends there; starting a new one costs about 10 ms. */
    LIMIT_READER_FILES = 200,

    /* A reader at rest that holds more memory than this, MiB, is replaced. */
    LIMIT_READER_RESIDENT_MIB = 256,

    /* How long a reader may be without work, ms, before it is ended: it holds memory, and one that
     * a file took over would go on. */
    LIMIT_READER_IDLE_MS = 60 * 1000,

    /* How long a reader that hung up may take to end by itself, ms, before it is killed: its exit
     * status says why it went. The main loop stands still meanwhile. */
    LIMIT_READER_EXIT_MS = 200,

    /* Bytes taken from a reader's socket at a time: large enough for few calls, small enough that
     * a talkative reader leaves the main loop to others. */
    LIMIT_RECEIVE_BYTES = 256 * 1024,

    /* Characters of a page cut out of a text file that has no form feeds: a printed page. */
    LIMIT_PLAIN_PAGE_CHARS = 3000,

    /* Bytes of a file that are looked at to tell what it is. */
    LIMIT_SAMPLE_BYTES = 64 * 1024,

    /* Characters of a heading: a title over three lines. */
    LIMIT_HEADING_CHARS = 200,

    /* Combining marks on one letter; more are dropped, since putting them in canonical order takes
     * time that grows with their square. The bound of UAX #15, Stream-Safe Text Format. */
    LIMIT_COMBINING_MARKS = 30,
};

#endif
