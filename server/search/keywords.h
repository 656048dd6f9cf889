/* Keywords: the words of a document that carry its meaning, with how often it has them.
 *
 * They are taken from its own text, counted by stem, so that all forms of a word are one. Words of
 * grammar and of counting, numbers and very short words say nothing about a subject and are left
 * out. Of a long document stretches from its beginning to its end are read, as many words in all as
 * a short one has: what it is about shows in any of them. How rare a word is elsewhere is not known
 * here. */
#ifndef SCHEDARIO_KEYWORDS_H
#define SCHEDARIO_KEYWORDS_H

#include <glib.h>

#include "../../indexer/analysis.h"
#include "../../indexer/archive.h"

enum {
    KEYWORDS_STRETCHES = 8,     /* of a document that is not read whole */
    KEYWORDS_STRETCH_PAGES = 2, /* at following places */
    KEYWORDS_WORDS = 4096,      /* looked at in all, of stretches the same number each */
    KEYWORDS_LETTERS_LEAST = 3, /* of a word */
    KEYWORDS_LETTERS_MOST = 30,
};

typedef struct {
    char *stem;        /* index term: "i:cooper" */
    char *word;        /* folded, in its most frequent form: "citta" */
    char *shown;       /* the same as the document writes it, small letters first: "città" */
    Language language; /* Italian or English */
    guint count;       /* occurrences in what was read */
} Keyword;

/* The keywords of a document, the most frequent first, at most `limit`; equally frequent ones in
 * the order of their stems. Empty when it has no text. GPtrArray of Keyword, owned by the caller.
 * NULL and `error` (ARCHIVE_ERROR) on failure. */
GPtrArray *keywords_of(Archive *archive, Analyser *analyser, const ArchiveDocument *document,
                       guint limit, GError **error);

#endif
