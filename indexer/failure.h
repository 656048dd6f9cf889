/* Failure: why a file could not become a document, in words that say what to do. */
#ifndef SCHEDARIO_FAILURE_H
#define SCHEDARIO_FAILURE_H

#include <glib.h>

/* The sentence for a failed file's reason (reading_failure_name(), "sidecar", "open", "archive")
 * and detail (NULL: none), in English, without a full stop. Owned by the caller. Thread-safe. */
char *failure_sentence(const char *reason, const char *detail);

#endif
