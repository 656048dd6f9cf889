/* Landlock: from now on this process opens only the files named here (landlock(7), Linux 5.13).
 *
 * What the kernel offers has grown over the years; everything it has is taken, and how much that is
 * can be asked for. What is denied: reading, writing, making, removing, running and (as far as the
 * kernel knows how) truncating files that no rule names; TCP, from Linux 6.7; abstract Unix sockets
 * of others, and signals to processes outside, from 6.12. Files that are open already stay open.
 * Looking at a file's existence, size and times cannot be denied this way.
 *
 * Shared by the reader, which uses it in confine.h, and by the programs that start readers. */
#ifndef SCHEDARIO_READER_LANDLOCK_H
#define SCHEDARIO_READER_LANDLOCK_H

#include <glib.h>

/* What a rule allows with a file, or with all that is below a folder. */
typedef enum {
    LANDLOCK_READ = 1 << 0,
    LANDLOCK_RUN = 1 << 1,   /* and read: a program is of no use otherwise */
    LANDLOCK_WRITE = 1 << 2, /* write and truncate what is there */
    LANDLOCK_MAKE = 1 << 3,  /* regular files: make, rename, remove */
} LandlockRight;

typedef struct {
    const char *path; /* links are followed, once, now; one that does not exist is passed over */
    guint rights;     /* LandlockRight */
} LandlockRule;

/* Since this version (Linux 6.2) it is governed who may cut files off, whichever way. */
enum { LANDLOCK_TRUNCATE = 3 };

/* What the kernel offers: 0 nothing, else the version of its interface. */
guint landlock_version(void);

/* Restricts the calling thread and all threads and processes that it will start, for good. FALSE
 * when the kernel does not offer it, or refused. Needs no_new_privs (or to be root). */
gboolean landlock_restrict(const LandlockRule *rules, gsize n_rules);

#endif
