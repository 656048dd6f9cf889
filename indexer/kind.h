/* Kind: what sort of act a document is. The names are those of the archive, the JSON and the
 * sidecar; the words by which a kind is recognised in titles are catalogue_kind.c's. */
#ifndef SCHEDARIO_KIND_H
#define SCHEDARIO_KIND_H

#include <glib.h>

typedef enum {
    KIND_OTHER = 0,
    KIND_STATUTE,
    KIND_REGULATION,
    KIND_PLAN,
    KIND_PROGRAMME,
    KIND_RESOLUTION,
    KIND_AGREEMENT,
    KIND_REPORT,
    KIND_COUNT
} Kind;

/* "other", "statute", "regulation", "plan", "programme", "resolution", "agreement", "report".
 * Static storage. */
const char *kind_name(Kind kind);

/* The kind of that name, in English or Italian ("statuto", "programma"...), case, accents and
 * blanks around it ignored. FALSE when there is none; `ret_kind` is then untouched. */
gboolean kind_parse(const char *name, Kind *ret_kind);

#endif
