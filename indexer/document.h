/* Document: what a reader sent becomes a row of the archive and its marked text. */
#ifndef SCHEDARIO_DOCUMENT_H
#define SCHEDARIO_DOCUMENT_H

#include <glib.h>

#include "archive.h"
#include "reading.h"
#include "thesaurus.h"

/* Where the content came from. All borrowed. */
typedef struct {
    const char *path;   /* the first of its paths, as the system gives it */
    const char *sha256; /* 64 hexadecimal digits */
    gint64 size_bytes;
    gint64 now_unix;
    const Sidecar *sidecar; /* or NULL */
} DocumentOrigin;

/* The document, to be given to archive_put_document(); `*ret_marked` is its marked text, or NULL
 * for one that failed. The caller owns both. Never fails. Thread-safe. */
ArchiveDocument *document_make(const ReadingResult *result, const DocumentOrigin *origin,
                               const Thesaurus *thesaurus, GString **ret_marked);

/* Makes the card of a document that is in the archive anew, for the path it now has first. `marked`
 * is the marked text of its first pages (may be empty). TRUE when the card is another one now. */
gboolean document_make_card(ArchiveDocument *document, const GString *marked, const char *path,
                            const Sidecar *sidecar);

/* Pages that the card is made from; more is never looked at. */
enum { DOCUMENT_CARD_PAGES = 5 };

#endif
