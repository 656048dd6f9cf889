/* Similar: which other documents are about what a document is about.
 *
 * A document's most telling words, those that it has often and others have seldom, are asked for
 * like a question's: each is a concept with its translations, so that a programme finds itself in
 * the other language, and what holds them is scored with BM25, each word weighted by what it is
 * worth in the document itself. Whatever the length of the document, a bounded part of it is read
 * (keywords.h) and a bounded number of lists is. */
#ifndef SCHEDARIO_SIMILAR_H
#define SCHEDARIO_SIMILAR_H

#include <glib.h>

#include "search.h"

enum {
    SIMILAR_LIMIT = 20,       /* documents of one answer */
    SIMILAR_KEYWORDS = 160,   /* of which the index is asked how rare they are */
    SIMILAR_ASKED = 48,       /* of them, that are looked up with their translations */
    SIMILAR_WORDS = 25,       /* of these, that decide */
    SIMILAR_SHARED = 8,       /* words that are named of each document found */
    SIMILAR_SHARED_LEAST = 3, /* with fewer, two documents are not similar */
};

typedef struct {
    ArchiveDocument *document;
    GPtrArray *paths;  /* char * */
    double likeness;   /* 0 to about 1, which the document itself would have */
    GPtrArray *shared; /* char *: words that both have, as the one found has them, weightiest first;
                        * at most SIMILAR_SHARED */
} SimilarItem;

/* The documents most similar to `document`, the most similar first, at most `limit`, without
 * itself. Empty when it has no text, or when nothing resembles it. `vocabulary` may be NULL: then
 * only documents in its own languages are found. GPtrArray of SimilarItem, owned by the caller.
 * NULL and `error` (ARCHIVE_ERROR) on failure. Between the searcher's begin and end. */
GPtrArray *similar_find(Searcher *searcher, const Vocabulary *vocabulary,
                        const ArchiveDocument *document, guint limit, GError **error);

#endif
