/* Protection: what a process gave up, by name, and how a reader says which of them it lacks. */
#ifndef SCHEDARIO_READER_PROTECTION_H
#define SCHEDARIO_READER_PROTECTION_H

#include <glib.h>

typedef enum {
    PROTECTION_PRIVILEGES = 1 << 0, /* can gain none, and leaves no core */
    PROTECTION_RESOURCES = 1 << 1,  /* limits on memory, time, files that grow, processes */
    PROTECTION_FILES = 1 << 2,      /* Landlock */
    PROTECTION_CALLS = 1 << 3,      /* seccomp */
    PROTECTION_ALL = (1 << 4) - 1,
} Protection;

/* The protections of a mask in words: "no new privileges, limits, files (Landlock 7), system calls
 * (seccomp)"; "none". `landlock` is landlock_version(), which a confined process cannot ask for any
 * more. Free with g_free(). */
char *protection_names(guint protections, guint landlock);

#endif
