/* Privileges: what this thread could do as root and, from now on, cannot (capabilities(7)).
 *
 * A process that was started as root stays user 0, which owns much, but may no more than any owner:
 * its capabilities are gone, except those that it names, and no program that it runs brings them
 * back. Other users have none to lose, or those that a service manager gave them: they go, too.
 *
 * Shared by the reader, which uses it in confine.h, and by the programs that start readers. */
#ifndef SCHEDARIO_READER_PRIVILEGES_H
#define SCHEDARIO_READER_PRIVILEGES_H

#include <glib.h>

/* For `keeps`: to go on with files and folders of other users. Landlock says which of them. */
extern const guint64 PRIVILEGES_READ_ALL;  /* read them */
extern const guint64 PRIVILEGES_WRITE_ALL; /* and write them, and give new ones to their owner */

/* Gives up all capabilities but `keeps` (which must have been there) and the way to new ones, for
 * good (no_new_privs). Of the calling thread and what it will start: before there are other
 * threads. FALSE when some are still there. */
gboolean privileges_drop(guint64 keeps);

#endif
