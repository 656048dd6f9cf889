/* Calls: from now on this process makes only the system calls named here (seccomp(2)).
 *
 * A filter is lists of names, each with what becomes of a call of that name, or of one of its ways:
 * whatever is on no list gets the filter's last word. Names that this machine does not have are
 * passed over: what is not there cannot be called. Calls of another architecture's numbering end
 * the process.
 *
 * Shared by the reader, which uses it in confine.h, and by the programs that start readers. */
#ifndef SCHEDARIO_READER_CALLS_H
#define SCHEDARIO_READER_CALLS_H

#include <glib.h>

/* Which of a call's ways are meant. The others of that call get the filter's last word, but for
 * CALLS_ONLY_READING, whose others fail with EACCES. */
typedef enum {
    CALLS_ALL = 0,
    CALLS_NOT_EXECUTABLE, /* mmap, mprotect: memory that cannot be run */
    CALLS_ONLY_READING,   /* open, openat: files to be read, none to be made or cut off */
    CALLS_NOT_CUTTING,    /* open, openat: no file is cut off by it */
    CALLS_ONLY_CONNECTED, /* send, sendto, sendmsg: to whom the socket is connected already */
    CALLS_ONLY_LOCKING,   /* fcntl: descriptors and locks; no signals, leases, watching */
    CALLS_ONLY_THREADS,   /* clone: a thread of this process */
    CALLS_ONLY_NAMING,    /* prctl: a thread's name */
    CALLS_ONLY_ASKING,    /* prlimit64: what a limit is */
    CALLS_ONLY_TERMINAL,  /* ioctl: whether it is a terminal, and how wide */
    CALLS_ONLY_OWN,       /* tgkill, kill: this process */
    CALLS_ONLY_STANDARD,  /* write, writev: standard output and error */
} CallsWay;

typedef struct {
    const char *name; /* NULL ends a list */
    CallsWay way;
} Call;

/* Reading what is open, finding and opening files to be read, and talking over sockets that are
 * there: what readers and the programs that start them have in common. What is added here, readers
 * may do, too. */
extern const Call CALLS_READING[];

typedef struct {
    const Call *const *allowed; /* lists; NULL ends them. Of several lists with a name the last one
                                 * counts, and the two below before all of these */
    const Call *refused; /* each fails with EPERM, also where the last word is to kill; or NULL */
    const Call *absent;  /* each fails with ENOSYS, so that libraries take another way; or NULL */
    gboolean kills;      /* the last word: the process ends (SIGSYS); else the call fails, EPERM */
    gboolean denies;     /* the last word is to allow instead, and `refused` is all that is not */
} CallsFilter;

/* Puts a filter over all threads of the process, for good; later ones can only narrow it. FALSE
 * when the kernel refused. Needs no_new_privs. */
gboolean calls_restrict(const CallsFilter *filter);

#endif
