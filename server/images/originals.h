/* Originals: the archived files themselves, opened as they were when they were indexed. */
#ifndef SCHEDARIO_ORIGINALS_H
#define SCHEDARIO_ORIGINALS_H

#include <glib.h>

#include "../../indexer/archive.h"

/* Opens the document's original below the folder `corpus` (descriptor; -1: none are given out) at
 * the first of `paths` (char *) where a regular file stands that has still the size it had; what it
 * holds is the reader's to judge. The descriptor, owned by the caller, and in `ret_path` (may be
 * NULL) the path, borrowed from `paths`; -1 when there is none. Any thread. */
int originals_open(int corpus, const ArchiveDocument *document, const GPtrArray *paths,
                   const char **ret_path);

#endif
