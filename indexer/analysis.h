/* Analysis: words become index terms, for indexing, for questions and for marking passages alike.
 *
 * A word is a longest run of letters, marks and digits. It is folded (case, accents, ligatures),
 * and gives one index term, made of its stem in the language of the run it stands in and of the
 * rest of the word (stems.h). Languages travel inside the text as mark characters, so that the
 * tokeniser is a pure function of its input and FTS5's own delete, rebuild and integrity-check go
 * on working. */
#ifndef SCHEDARIO_ANALYSIS_H
#define SCHEDARIO_ANALYSIS_H

#include <glib.h>

#include "language.h"

struct sqlite3;

/* Mark characters. Clean text holds none of them. Each page of marked text begins with one. */
enum {
    MARK_OTHER = 0x01, /* MARK_OTHER + language: a run of that language begins */
    MARK_ITALIAN = 0x02,
    MARK_ENGLISH = 0x03,
    MARK_TERMS = 0x04, /* what follows, up to the next mark, are index terms as they stand,
                        * parted by spaces */
    MARK_PAGE = '\f',  /* a page ends */
};

/* Longest folded word in bytes; what is longer is cut at a character. */
enum { ANALYSIS_TERM_BYTES = 96 };

typedef struct Analyser Analyser;

/* An analyser with its memory of stems. Never NULL. Not thread-safe: one a thread. */
Analyser *analyser_new(void);
/* See stems_remember(). */
void analyser_remember(Analyser *analyser, guint words);
void analyser_free(Analyser *analyser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Analyser, analyser_free)

/* A word of a text. Everything borrowed, until the visitor returns. */
typedef struct {
    gsize start;      /* bytes from the text's beginning */
    gsize length;     /* bytes in the text */
    const char *word; /* folded, NUL-terminated */
    const char *stem; /* with its prefix ("i:cooper"), NUL-terminated; NULL: none */
    const char *term; /* the index term, NUL-terminated */
    guint term_length;
    guint position; /* counted from 0 over the whole text */
    guint page;     /* counted from 0: form feeds before it */
    Language language;
} AnalysedWord;

/* Called for each word; FALSE ends the walk. */
typedef gboolean (*AnalysisVisit)(const AnalysedWord *word, gpointer data);

/* Walks over marked text (UTF-8; other bytes part words). A text without marks is LANGUAGE_OTHER.
 */
void analyser_walk(Analyser *analyser, const char *text, gsize length, AnalysisVisit visit,
                   gpointer data);

/* Where a word stands. */
typedef struct {
    gsize start;  /* bytes from the text's beginning */
    gsize length; /* bytes */
    Language language;
} WordSpan;

/* Finds words of marked text by their number, counted from 0 as analyser_walk() counts positions,
 * without folding or stemming them (fast). `numbers`: ascending, may repeat. Fills `ret_spans` in
 * the same order and returns how many the text has. */
guint analysis_locate(const char *text, gsize length, const guint32 *numbers, guint count,
                      WordSpan *ret_spans);

/* Words of each page, without stemming (fast): guint per page. Owned by the caller. */
GArray *analysis_count_words(const char *text, gsize length);

/* Whether there is a digit in a folded word: then it has no stem. */
gboolean analysis_has_digit(const char *word);

/* The stem of a folded word in a language ("i:cooper"), or NULL for a word that has none (digits).
 * Owned by the caller. */
char *analyser_stem_term(Analyser *analyser, Language language, const char *word);
/* The index term of a folded word in a run of a language ("i:cooper-azione", "2014"). Owned by the
 * caller. */
char *analyser_word_term(Analyser *analyser, Language language, const char *word);

/* Whether a folded word is an elided Italian article or preposition ("dell", "l", "quest"). */
gboolean analysis_is_elision(const char *word);

/* Puts the marks of `runs` (of the whole text) into clean text, each page beginning with one.
 * Owned by the caller. */
GString *analysis_mark(const char *text, gsize length, const GArray *runs);

/* Registers the tokeniser "schedario" with a connection's FTS5. In a MATCH expression a string is,
 * parted by spaces, folded words, each in its exact form in a run of any language, or index terms
 * as they stand ("k:plan", "i:cooper-azione"; beginnings of them with a star). FALSE when the
 * library has no FTS5. */
gboolean analysis_register(struct sqlite3 *db);

#endif
