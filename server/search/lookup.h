/* Lookup: a document by its public id, with what an answer needs of it. */
#ifndef SCHEDARIO_LOOKUP_H
#define SCHEDARIO_LOOKUP_H

#include <glib.h>

#include "search.h"

typedef enum {
    LOOKUP_FOUND,
    LOOKUP_ABSENT, /* no document ever had that id */
    LOOKUP_GONE,   /* its content is in the corpus no more; see successor */
    LOOKUP_FAILED, /* the archive could not be read: `error` */
} LookupOutcome;

typedef struct {
    ArchiveDocument *document; /* of LOOKUP_FOUND and LOOKUP_GONE */
    GPtrArray *paths;
    char
        *successor; /* of LOOKUP_GONE: the id of the living document that took its place, or NULL */
} Lookup;

void lookup_release(Lookup *lookup);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Lookup, lookup_release)

/* Looks a document up; follows successors to the one that lives. `ret_lookup` is always set. */
LookupOutcome lookup_document(Searcher *searcher, const char *id, Lookup *ret_lookup,
                              GError **error);

/* The page's marked text. NULL without `error` when there is no such page (from 1). */
GString *lookup_page(Searcher *searcher, const ArchiveDocument *document, guint page,
                     GError **error);
/* The same for a page that is looked at: of a scan, where nothing but the page's image can be read,
 * an empty text. */
GString *lookup_page_seen(Searcher *searcher, const ArchiveDocument *document, guint page,
                          GError **error);

#endif
