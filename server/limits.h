/* Limits: every bound that the server sets on what outsiders or operators can cause, each with its
 * unit and its reason. Bounds on a query's text are query.h's. */
#ifndef SCHEDARIO_SERVER_LIMITS_H
#define SCHEDARIO_SERVER_LIMITS_H

enum {
    /* Request target as sent, bytes; beyond it 414. What browsers and proxies agree to carry; the
     * longest query that is read (query.h) fits even with each byte percent-escaped. */
    HTTP_TARGET_BYTES = 8 * 1024,
    /* Segments of a path; the deepest route has a handful, the rest serves {+rest}. */
    HTTP_PATH_SEGMENTS = 64,
    /* Parameters of one query, values counted. A form with every facet ticked has some dozens. */
    HTTP_PARAMETERS = 256,
    /* Pool of one connection, bytes: target and headers of a request, and those of its answer. The
     * target must fit twice, so that one just too long still gets its 414. */
    HTTP_CONNECTION_BYTES = 40 * 1024,
    /* Connections open at once: bounds the memory of all pools to 20 MiB and the descriptors. */
    HTTP_CONNECTIONS = 512,
    /* Connections of one address: a reading room or an office behind one address fits. Does not
     * hold for a server that listens on loopback, where all readers come through one proxy. */
    HTTP_CONNECTIONS_PER_ADDRESS = 64,
    /* Where fewer places than these are free, the connection that has waited longest for its next
     * request is closed for each new one: idle ones keep nobody out. */
    HTTP_CONNECTIONS_SPARE = 64,
    /* A connection on which nothing moves is closed, seconds. */
    HTTP_IDLE_SECONDS = 30,
    /* From a connection's beginning, or the end of its last answer, until a request is there whole,
     * seconds: idleness and ten seconds for sending it. */
    HTTP_REQUEST_SECONDS = 40,
    /* How long an answer may be taken at any rate, seconds, and the least rate on the average for
     * those that take longer, bytes a second: a slow telephone line. */
    HTTP_ANSWER_SECONDS = 30,
    HTTP_ANSWER_BYTES_PER_SECOND = 4 * 1024,
    /* Bodies in memory that are being sent, bytes all together: a client may take hours for one,
     * and there may be HTTP_CONNECTIONS of them. Each gets at most a quarter of what is left (at
     * first 64 MiB, the largest image), so that a few large ones do not keep out all others; beyond
     * it 503. Small ones, which nearly all are, are neither counted nor refused: 128 MiB at most.
     */
    HTTP_SENDING_BYTES = 256 * 1024 * 1024,
    HTTP_SENDING_SHARE = 4,
    HTTP_SENDING_SMALL_BYTES = 256 * 1024,
    /* How long stopping waits for answers under way, milliseconds: an export of thousands goes out
     * over a slow line in that time. Shorter than the patience of service managers (90 s). */
    HTTP_STOP_MS = 20 * 1000,
    /* How long stopping waits for an instant at which nobody waits to be accepted, milliseconds:
     * under any load but an overload there are many in a second. */
    HTTP_STOP_ACCEPT_MS = 2 * 1000,
    /* How often in a row nothing may be found under way before it stops, and the time between two
     * looks, milliseconds: a thread that was taken off its processor gets it back by then. */
    HTTP_STOP_LOOKS = 5,
    HTTP_STOP_LOOK_MS = 10,
    /* Threads, at most; more than cores only costs memory. */
    HTTP_THREADS = 64,
    /* Connections that may wait to be accepted. */
    HTTP_BACKLOG = 128,
    /* A shorter body is not compressed: it fits in one packet anyhow, bytes. */
    HTTP_GZIP_FROM_BYTES = 1024,
    /* zlib's level: 5 is most of 9's gain at a third of its time on pages of HTML. */
    HTTP_GZIP_LEVEL = 5,
    /* What is asked of a streamed body at a time, bytes: a packet or some; and what zlib may add to
     * one piece beyond its bound, from the pieces before. */
    HTTP_STREAM_BLOCK_BYTES = 32 * 1024,
    HTTP_STREAM_SLACK_BYTES = 256 * 1024,
    /* Slow requests that may wait for a thread; more are turned away, so that what waits is at most
     * some seconds of work. */
    HTTP_SLOW_WAITING = 64,
    /* Exports of all results under way at once; beyond it 503. Each holds some bytes a document
     * found until its client has taken all, some 2 MiB for ten thousand. */
    EXPORTS_AT_ONCE = 32,
    /* Work on one piece of an export, milliseconds, before the thread sees to others again. */
    EXPORT_PIECE_MS = 50,
    /* Work on one export in all, seconds of a processor, beyond which it is broken off: ten times
     * what fifteen thousand documents take for a question of some words. */
    EXPORT_WORK_SECONDS = 60,
    /* Beginning of a text file that is looked at to see how it is written, bytes. */
    FILES_SAMPLE_BYTES = 1024 * 1024,

    /* How long a question may take before it is answered with what was found, seconds, unless the
     * operator says otherwise: hundreds of times what the costliest sound one takes on fifteen
     * thousand documents. */
    SERVICE_QUESTION_SECONDS = 2,
    /* What the archive is read for at most at a question's beginning, and beyond twice the
     * question's time, seconds: only an archive made to be read for ever comes near. */
    SEARCH_REFRESH_SECONDS = 60,
    SEARCH_SLACK_SECONDS = 10,
    /* How long the archive counts as damaged after a request found it so, seconds, if nobody puts
     * another in its place: what is damaged may be asked for seldom, and does not mend. */
    SERVICE_DAMAGED_SECONDS = 600,
    /* How many times as long an answer may take that is whole or none (exports, records). */
    SERVICE_PATIENCE = 5,

    /* One page in a reader process, milliseconds, its start included: the slowest sound page
     * measured (a drawing of twenty thousand lines on A0) takes under one second. */
    RENDERING_PAGE_MS = 10 * 1000,
    /* How long a request waits for a free reader, milliseconds: longer, and a browser shows the
     * page better without the image. */
    RENDERING_WAIT_MS = 5 * 1000,
    /* Address space of a reader, MiB: one at rest maps 150, the largest image takes 64. */
    RENDERING_MEMORY_MIB = 1024,
    /* Reader processes, at most, where there are more cores. */
    RENDERING_READERS = 16,
    /* Pages that a reader draws before it is replaced: what a file may have damaged in it ends
     * there. Starting one costs 10 ms, and its first fonts 40. */
    RENDERING_READER_PAGES = 1000,
    /* A reader that holds more memory than this after a page, MiB, is replaced. */
    RENDERING_RESIDENT_MIB = 256,
    /* A reader that had no work for so long is ended, and its memory with it, milliseconds. */
    RENDERING_IDLE_MS = 60 * 1000,
    /* How long a reader that hung up may take to end by itself, ms: its exit status says why. */
    RENDERING_EXIT_MS = 200,
    /* Bytes taken from a reader's socket at a time: most images in one. */
    RENDERING_RECEIVE_BYTES = 256 * 1024,
    /* Milliseconds that the oldest waiting job may be passed over for the sake of a document that a
     * reader has open: about what opening saves. */
    RENDERING_PREFER_MS = 100,

    /* Words whose stems a connection to the archive remembers: those of the pages that passages
     * are chosen from, again and again, about 3 MiB; and those that questions ask for as they
     * stand. */
    SEARCH_WORDS_REMEMBERED = 20000,
    POSTINGS_WORDS_REMEMBERED = 1000,
    /* What keeping one value costs besides its bytes, about. */
    PAGE_CACHE_ENTRY_BYTES = 200,
    /* A page that could not be drawn is tried again after so many seconds. */
    PAGE_CACHE_FAILURE_SECONDS = 60,
    /* Images and places of characters of pages kept in memory, MiB, unless the operator says
     * otherwise: about a thousand pages. */
    PAGE_CACHE_MIB = 64,

    /* How often memory that is free within the process is given back to the system, seconds, and
     * how much of it is kept ready: giving back takes some milliseconds a hundred MiB. */
    ATTEND_TRIM_SECONDS = 30,
    ATTEND_SPARE_BYTES = 1024 * 1024,

    /* One template or message file, bytes. They are written by hand. */
    TEMPLATE_FILE_BYTES = 1024 * 1024,
    /* Sections and partials open within one another, counted through partials: bounds the stack. */
    TEMPLATE_DEPTH = 48,
    /* Parts of a dotted name. */
    TEMPLATE_NAME_PARTS = 8,
};

#endif
