/* Similar: which other documents are about what a document is about.
 *
 * A document's most telling words, those that it has often and others have seldom, are asked for
 * like a question's: each is a concept with its translations, so that a programme finds itself in
 * the other language, and what holds them is scored with BM25, each word weighted by what it is
 * worth in the document itself. Cost is bounded whatever the length of the document, of which a
 * part is read (keywords.h), and whatever the size of the archive: a word's place in the lexicon
 * tells how much of the index it takes, and only so much of it is read. What takes much of it is
 * common and would decide nothing. */
#ifndef SCHEDARIO_SIMILAR_H
#define SCHEDARIO_SIMILAR_H

#include <glib.h>

#include "lexicon.h"
#include "search.h"

enum {
    SIMILAR_LIMIT = 20,               /* documents of one answer */
    SIMILAR_KEYWORDS = 96,            /* of which it is asked how rare they are */
    SIMILAR_ASKED = 32,               /* of them, that are looked up with their translations */
    SIMILAR_WORDS = 25,               /* of these, that decide */
    SIMILAR_SHARED = 8,               /* words that are named of each document found */
    SIMILAR_SHARED_LEAST = 4,         /* with fewer, two documents are not similar */
    SIMILAR_INDEX_BYTES = 128 * 1024, /* of the index that may be read */
};

typedef struct {
    ArchiveDocument *document;
    GPtrArray *paths;  /* char * */
    double likeness;   /* 0 to 1, which the document itself would have */
    GPtrArray *shared; /* char *: words of the document asked about, as that one writes them, that
                        * this one has too, under the same name or another; weightiest first, at
                        * most SIMILAR_SHARED */
} SimilarItem;

/* The documents most similar to `document`, the most similar first, at most `limit`, without
 * itself. Empty when it has no text, or when nothing resembles it. `vocabulary` may be NULL: then
 * only documents in its own languages are found. `words`: the archive's, as they are now or were
 * not long ago; may be NULL: then the index is asked how rare each keyword is, which takes longer
 * the larger the archive is. GPtrArray of SimilarItem, owned by the caller. NULL and `error`
 * (ARCHIVE_ERROR) on failure. Between the searcher's begin and end. */
GPtrArray *similar_find(Searcher *searcher, const Vocabulary *vocabulary, const LexiconWords *words,
                        const ArchiveDocument *document, guint limit, GError **error);

#endif
