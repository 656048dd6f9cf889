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
    /* A connection on which nothing moves is closed, seconds. */
    HTTP_IDLE_SECONDS = 30,
    /* How long stopping waits for answers under way, milliseconds. Shorter than the patience of
     * service managers. */
    HTTP_STOP_MS = 5000,
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
    /* Beginning of a text file that is looked at to see how it is written, bytes. */
    FILES_SAMPLE_BYTES = 1024 * 1024,

    /* One template or message file, bytes. They are written by hand. */
    TEMPLATE_FILE_BYTES = 1024 * 1024,
    /* Sections and partials open within one another, counted through partials: bounds the stack. */
    TEMPLATE_DEPTH = 48,
    /* Parts of a dotted name. */
    TEMPLATE_NAME_PARTS = 8,
};

#endif
