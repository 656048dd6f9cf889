/* Lexicon: the archive's own words in memory, with how frequent they are.
 *
 * Completing a word and finding its neighbours look at many words for one answer, and the index
 * has them scattered among their postings. So they are read once, by a thread of the lexicon's own,
 * and again when the archive has changed; answers go on with the words of before until then. How
 * often that happens is measured by what it costs: reading takes at most one part in
 * LEXICON_REST of the time, so a small archive's words are new at once and a large one's soon.
 *
 * A word is a folded index term without figures, of two letters at least (analysis.h). Its weight
 * is how much of the index it takes, a measure of its frequency. */
#ifndef SCHEDARIO_LEXICON_H
#define SCHEDARIO_LEXICON_H

#include <glib.h>

enum {
    LEXICON_REST = 50,         /* times what a reading took, until the next one */
    LEXICON_WORDS = 4000000,   /* at most; what lies beyond in the order of bytes is left out */
    LEXICON_WORD_LETTERS = 40, /* longer ones are no words */
};

typedef struct Lexicon Lexicon;

/* The lexicon of an archive, which need not exist yet; begins to read. Never NULL. */
Lexicon *lexicon_new(const char *archive_path);
/* Waits for a reading under way. */
void lexicon_free(Lexicon *lexicon);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lexicon, lexicon_free)

/* Words as they were at one time; never changed. */
typedef struct LexiconWords LexiconWords;

/* The words last read, to be given back with lexicon_words_unref(). Waits only while there are none
 * at all. NULL when the archive cannot be read (whoever searches it is told why). Thread-safe. */
LexiconWords *lexicon_words(Lexicon *lexicon);
void lexicon_words_unref(LexiconWords *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LexiconWords, lexicon_words_unref)

guint lexicon_words_count(const LexiconWords *words);
/* The words that begin with `prefix` are those from `ret_first` up to `ret_end`, not included; in
 * the order of their bytes. */
void lexicon_words_range(const LexiconWords *words, const char *prefix, guint *ret_first,
                         guint *ret_end);
/* Borrowed from the words. */
const char *lexicon_words_at(const LexiconWords *words, guint i);
guint32 lexicon_words_weight(const LexiconWords *words, guint i);

#endif
