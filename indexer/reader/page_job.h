/* Page jobs: one page of an open file, as glyphs or as an image (protocol.h). */
#ifndef SCHEDARIO_READER_PAGE_JOB_H
#define SCHEDARIO_READER_PAGE_JOB_H

#include "opened.h"

#include <glib.h>

/* Whether this kind of job is one of these. */
gboolean page_job_is(char kind);

/* Reads the job's numbers from `socket`, does it on the open file `fd` (borrowed) and answers.
 * FALSE when the other side has hung up, or sent numbers that cannot be: the reader is to end. */
gboolean page_job_do(char kind, int socket, int fd, Opened *opened);

#endif
