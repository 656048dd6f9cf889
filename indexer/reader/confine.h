/* Confine: what a reader gives up before it sees a foreign byte.
 *
 * Each step narrows what a file that takes over the process could do with it. A step that fails
 * stops the reader: it never goes on with more rights than it should have. */
#ifndef SCHEDARIO_READER_CONFINE_H
#define SCHEDARIO_READER_CONFINE_H

#include <glib.h>

/* Gives up new privileges, new processes, core dumps, files that grow, and memory above
 * `memory_mib` of address space; ends with the parent. FALSE when any of it failed. */
gboolean confine(guint memory_mib);

#endif
