/* Additions: what a person adds to the dictionaries and takes from them (dictionary.tsv, whose head
 * describes its lines). */
#ifndef SCHEDARIO_DICTIONARY_ADDITIONS_H
#define SCHEDARIO_DICTIONARY_ADDITIONS_H

#include "forms.h"
#include "pairs.h"

#define ADDITIONS_ERROR (additions_error_quark())
GQuark additions_error_quark(void);
typedef enum {
    ADDITIONS_ERROR_SYNTAX, /* a line that is none of those described; the message names it */
} AdditionsError;

/* Applies the file at `path`, after everything else was added to `pairs`. FALSE and `error`
 * (ADDITIONS_ERROR or G_FILE_ERROR) at the first mistake. */
gboolean additions_apply(const char *path, Pairs *pairs, Forms *forms, GError **error);

#endif
