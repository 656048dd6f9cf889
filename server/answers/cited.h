/* Cited: a document of the archive, or a page of it, as what is to be cited (citation.h). */
#ifndef SCHEDARIO_CITED_H
#define SCHEDARIO_CITED_H

#include "../../indexer/archive.h"
#include "citation.h"

typedef struct {
    Citation citation; /* borrows from the document, the label and what follows */
    char *address;
    char *file;
} Cited;

/* `origin`: scheme and host of addresses (NULL: they stay relative); `number`: the page, 0 for the
 * whole; `kind_label`: may be NULL. Document and label are borrowed. */
void cited_init(Cited *cited, const ArchiveDocument *document, const char *origin, guint number,
                const char *kind_label, gint64 accessed_unix);
void cited_release(Cited *cited);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Cited, cited_release)

/* The language that nearly all of a text is in, "it" or "en"; NULL: several, or another. Static
 * storage. */
const char *cited_language(const double share[LANGUAGE_COUNT]);

#endif
