/* Matcher: where terms of one word or several stand in a text.
 *
 * The terms form one tree (Fredkin 1960) over words instead of letters: a text is walked once, each
 * of its words is looked up once, and what it costs depends on the terms that are under way there,
 * not on how many there are.
 *
 * Words are folded as in words.h. A term of several words may cross a line's or a page's end but no
 * punctuation and no paragraph's end, and is found in singular and plural alike ("centro civico",
 * "centri civici"; "refugee camp", "refugee camps"): the last vowel of its words, or their s, does
 * not count. So is a term of one word that is no name and long enough ("alluvione", "alluvioni"); a
 * short one, or one with a capital, is found as it is written. A word that ends in an asterisk is
 * every word that begins so. An acronym, that is a term of two to eight letters all of which are
 * capitals, is found in capitals only, for many are common words in small letters (SAI, OSS). What
 * a term means is its owner's matter. */
#ifndef SCHEDARIO_MATCHER_H
#define SCHEDARIO_MATCHER_H

#include <glib.h>

#include "language.h"

enum {
    MATCHER_TERM_WORDS = 12,
    MATCHER_OPEN_LETTERS = 3,    /* least letters before an asterisk */
    MATCHER_LOOSE_LETTERS = 7,   /* of a term of one word, least for singular and plural */
    MATCHER_ACRONYM_LETTERS = 8, /* at most; words in capitals are longer */
};

typedef struct Matcher Matcher;

#define MATCHER_ERROR (matcher_error_quark())
GQuark matcher_error_quark(void);
typedef enum {
    MATCHER_ERROR_TERM, /* no words, too many, or an asterisk where none can be */
} MatcherError;

/* A matcher without terms. Owned by the caller. */
Matcher *matcher_new(void);
void matcher_free(Matcher *matcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Matcher, matcher_free)

/* Whether `term` (any bytes) can be one; else `error` (MATCHER_ERROR_TERM; the message names it).
 */
gboolean matcher_check(const char *term, GError **error);
/* Adds a term (any bytes) of Italian or English, whose forms it takes; any other language has none.
 * Gives its number: 0 for the first one, and what means the same to the matcher ("Città d'acqua",
 * "citta d acqua", of one language) has the same number. FALSE and `error` as above when it can be
 * none. */
gboolean matcher_add(Matcher *matcher, const char *term, Language language, guint *ret_number,
                     GError **error);

/* A term that was found; places are numbers of words from the text's beginning. */
typedef struct {
    guint number; /* of the term */
    guint first;
    guint last;
} Match;

typedef void (*MatchVisit)(const Match *match, gpointer data);

/* Visits every term that stands in `text` (any bytes), in the order in which they end, of those
 * that end with one word the longest first. Returns how many words the text has. A matcher to which
 * nothing is added any more may be used from any thread. */
guint matcher_visit(const Matcher *matcher, const char *text, gsize length, MatchVisit visit,
                    gpointer data);

/* Whether a term is an acronym in the sense above. */
gboolean matcher_is_acronym(const char *term);

#endif
