/* Stems: the index terms of words, remembered.
 *
 * A word has one index term in each language: its stem and what the word is beside it,
 *
 *     i:cooper-azione      "cooperazione" in an Italian run: its stem, then the rest of the word
 *     e:citi-=city         "city" in an English run: a stem that the word does not begin with,
 *                          then the whole word
 *     o:wasser-            "wasser" in a run of another language: its own stem
 *
 * so that all forms of a word stand together in the index, each with places of its own: a stem is
 * searched as the terms that begin with it and a hyphen, a word in its exact form as its terms in
 * each language. One term a word keeps the index half as large as one for the word and one for its
 * stem. A word with a digit in it is its own term, "co2", in all languages.
 *
 * A stem shares its first letters with the word, STEM_SHARED_BYTES of them or all of a shorter
 * prefix that is asked for, or else is none: so the words that begin alike stand close together,
 * too.
 *
 * Stems: Snowball (Porter 2001), Italian and English. */
#ifndef SCHEDARIO_STEMS_H
#define SCHEDARIO_STEMS_H

#include <glib.h>

#include "language.h"

enum {
    STEM_SHARED_BYTES = 3,
    STEM_PREFIX_BYTES = 2, /* "i:" */
};

/* What parts a stem from the rest of its word, and what says that the rest is the whole word. */
#define STEM_PART  '-'
#define STEM_WHOLE '='

typedef struct Stems Stems;

/* Never NULL. Not thread-safe: one a thread. */
Stems *stems_new(void);
void stems_free(Stems *stems);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stems, stems_free)

/* Forgets all words; how many are remembered from now on, at least 1: when there are more, all are
 * forgotten again. Unless it is said, 300,000, which take about 40 MB. */
void stems_remember(Stems *stems, guint words);
guint stems_remembered(const Stems *stems);

typedef struct {
    const char *stem; /* "i:cooper", NUL-terminated */
    const char *term; /* "i:cooper-azione", NUL-terminated */
    guint term_length;
} Stem;

/* The stem and the index term of a folded word of letters, at most G_MAXUINT16 / 2 bytes long;
 * `word` need not be NUL-terminated. Borrowed, until the next call. */
Stem stems_find(Stems *stems, Language language, const char *word, gsize length);
/* The same in two steps, for one who has something else to do while memory answers: the word's
 * hash, and its place begins to be fetched; then the stem. */
guint32 stems_fetch(const Stems *stems, Language language, const char *word, gsize length);
Stem stems_find_fetched(Stems *stems, guint32 hash, Language language, const char *word,
                        gsize length);

/* Appends the word that an index term stands for: "cooperazione" of "i:cooper-azione"; a term that
 * is no word's ("k:plan", "2014") as it stands. */
void stems_append_word(GString *text, const char *term);

/* Whether an index term, or what is searched for, is a stem without a word: "i:cooper". */
gboolean stems_is_stem(const char *term, gsize length);

#endif
