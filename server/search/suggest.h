/* Suggestions: what somebody who is typing may be about to type.
 *
 * Four kinds: terms of the thesaurus in both languages, words of the archive as it writes them,
 * titles of documents, issuing bodies. Terms and words complete the end of what was typed and keep
 * the rest, so that "acqua cooperazione dec" becomes "acqua cooperazione decentrata"; titles and
 * bodies answer the whole of it. Case and accents make no difference.
 *
 * Where what was typed has marks of the query syntax (query.h), what stands after the last of them
 * is completed, and there are no titles and bodies. What has nothing to complete, is too long or
 * has control characters in it gets no suggestions, and no error. */
#ifndef SCHEDARIO_SUGGEST_H
#define SCHEDARIO_SUGGEST_H

#include <glib.h>

#include "../../indexer/thesaurus.h"
#include "lexicon.h"
#include "search.h"

enum {
    SUGGEST_LETTERS = 2, /* typed, at least */
    SUGGEST_BYTES = 200, /* typed, at most: nobody completes what is longer */
    SUGGEST_LIMIT = 10,  /* suggestions */
    SUGGEST_WORDS = 6,   /* typed words that are looked at, from the last */
};

/* In the order in which they are given. */
typedef enum {
    SUGGESTION_TERM,
    SUGGESTION_WORD,
    SUGGESTION_TITLE,
    SUGGESTION_BODY,
    SUGGESTION_KINDS
} SuggestionKind;

/* "term", "word", "title", "body". Static storage. */
const char *suggestion_kind_name(SuggestionKind kind);

typedef struct {
    SuggestionKind kind;
    char *text;                     /* in place of all that was typed; owned */
    Language language;              /* of what was completed; LANGUAGE_OTHER: not known */
    char id[ARCHIVE_ID_LENGTH + 1]; /* of a title's document; else "" */
} Suggestion;

typedef struct Suggester Suggester;

/* Both are borrowed and must outlive it. Never NULL. Thread-safe. */
Suggester *suggester_new(const Thesaurus *thesaurus, Lexicon *lexicon);
void suggester_free(Suggester *suggester);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Suggester, suggester_free)

/* Suggestions for `typed` (any bytes), at most `limit` and SUGGEST_LIMIT, none twice, by kind, the
 * likeliest of each kind first; kinds share the places evenly. GPtrArray of Suggestion, which it
 * owns. Between searcher_begin() and searcher_end(). NULL and `error` (ARCHIVE_ERROR) on failure.
 */
GPtrArray *suggester_complete(Suggester *suggester, Searcher *searcher, const char *typed,
                              guint limit, GError **error);

#endif
