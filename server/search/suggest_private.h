/* What the files of suggest share: suggest.c (what was typed, and all kinds together),
 * suggest_terms.c, suggest_words.c, suggest_names.c (titles and bodies), suggest_memory.c. Nobody
 * else includes this. */
#ifndef SCHEDARIO_SUGGEST_PRIVATE_H
#define SCHEDARIO_SUGGEST_PRIVATE_H

#include "../../indexer/words.h"
#include "suggest.h"
#include "surface.h"

/* Suggestions, which it owns. */
GPtrArray *suggest_list_new(void);
/* Takes `text`. */
Suggestion *suggestion_new(SuggestionKind kind, char *text, Language language);

/* Memory (suggest_memory.c) */

/* A term of the thesaurus. */
typedef struct {
    char *folded;     /* owned */
    const char *text; /* borrowed from the thesaurus */
    guint concept;
    Language language;
    guint length; /* characters */
} Term;

/* A beginning of a word in a term. */
typedef struct {
    const char *key; /* the rest of the term's folded text from there on */
    guint term;
} TermKey;

/* What is known of the archive with the words that the lexicon has. */
typedef struct {
    gatomicrefcount references;
    LexiconWords *words;
    guint32 *weights; /* by term: that of its rarest word; 0: the archive does not have it */
} Memory;

struct Suggester {
    GArray *terms; /* Term */
    GArray *keys;  /* TermKey, in the order of their bytes */
    Lexicon *lexicon;
    GMutex mutex; /* of what follows */
    Memory *memory;
    GHashTable *surfaces; /* index term (owned) -> Surface (owned) */
};

/* The memory of the present words, to be given back; NULL when there are none. Thread-safe. */
Memory *suggest_memory(Suggester *suggester);
void suggest_memory_unref(Memory *memory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Memory, suggest_memory_unref)

/* A word's weight in the lexicon; 0: the archive does not have it. */
guint32 suggest_word_weight(const LexiconWords *words, const char *word);
/* surface_find(), remembered. Thread-safe. */
gboolean suggest_surface(Suggester *suggester, Searcher *searcher, const char *word,
                         Surface *ret_surface, GError **error);
/* Frees a Surface on the heap. */
void suggest_surface_free(gpointer data);

/* What was typed (suggest.c) */

typedef struct {
    const char *typed;
    const char *tail; /* what is after the last mark of the syntax */
    Words *words;     /* of the tail */
    guint first;      /* of those that are looked at */
    gboolean is_open; /* the last word goes on where the text ends */
} Input;

/* What was typed before word `i`, with `text` after it. Owned by the caller. */
char *suggest_completed(const Input *input, guint i, const char *text);
/* The words from `i` on, folded. Owned by the caller. */
GString *suggest_folded(const Input *input, guint i);

/* The kinds. Lists of suggestions, the likeliest first, owned by the caller; NULL and `error`
 * (ARCHIVE_ERROR) on failure. `memory` may be NULL; `phrase`: all that was typed, folded. */

/* Makes the index of terms. */
void suggest_index_terms(Suggester *suggester, const Thesaurus *thesaurus);
GPtrArray *suggest_terms(const Suggester *suggester, const Memory *memory, Searcher *searcher,
                         const Input *input, GError **error);
GPtrArray *suggest_words(Suggester *suggester, const Memory *memory, Searcher *searcher,
                         const Input *input, GError **error);
GPtrArray *suggest_titles(Searcher *searcher, const Input *input, const char *phrase,
                          GError **error);
/* Never fails. */
GPtrArray *suggest_bodies(Searcher *searcher, const Input *input, const char *phrase);

/* The last word of content before word `at`; NULL: none. Borrowed (suggest_words.c). */
const char *suggest_word_before(const Input *input, guint at);
/* Whether a document holds `word`, together with the word `before` it (NULL: none). What the
 * archive does not have as typed has no say. FALSE and `error` on failure. */
gboolean suggest_is_held(const Memory *memory, Postings *postings, const char *before,
                         const char *word, gboolean *ret_is_held, GError **error);

#endif
