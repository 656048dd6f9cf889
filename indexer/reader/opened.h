/* Opened: the PDF whose pages are asked for, kept open from one job to the next.
 *
 * Who looks at one page mostly looks at the next. Opening a file of thousands of pages and finding
 * a page in it takes longer than drawing it, and fonts stay loaded with the document. */
#ifndef SCHEDARIO_READER_OPENED_H
#define SCHEDARIO_READER_OPENED_H

#include "protocol.h"

#include <glib.h>
#include <poppler.h>
#include <sys/stat.h>

/* The document last opened, and which file it was made from. Begins all 0. */
typedef struct {
    PopplerDocument *document; /* NULL: none */
    struct stat file;
} Opened;

void opened_release(Opened *opened);

/* A page of the open file `fd` (borrowed), from 0: in `ret_page`, owned by the caller
 * (g_object_unref). READ_DONE, or why there is none. The document stays open in `opened` until
 * another file comes. */
ReadOutcome opened_page(Opened *opened, int fd, guint32 number, PopplerPage **ret_page);

#endif
