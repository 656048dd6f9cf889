/* Words: the words of a text, folded, for modules that compare words but need no stems.
 *
 * A word is a longest run of letters and digits. Folding is lower case without the accents of Latin
 * letters, ligatures dissolved ("Città" and "CITTA" are one word). Between two words lies a gap,
 * and what stands in the gap is kept as a set of flags, because in a title page a line's end, a
 * full stop or a slash decides what belongs together. Stems, languages and positions in the index
 * are analysis.h's. */
#ifndef SCHEDARIO_WORDS_H
#define SCHEDARIO_WORDS_H

#include <glib.h>

/* Longest folded word in bytes; the rest of a longer one is not kept. */
enum { WORD_BYTES = 64 };

/* What may lie between two words. */
typedef enum {
    GAP_NONE = 0,
    GAP_SPACE = 1 << 0, /* blanks, underscores, ordinal signs */
    GAP_LINE = 1 << 1,
    GAP_PARAGRAPH = 1 << 2, /* a blank line */
    GAP_PAGE = 1 << 3,
    GAP_HYPHEN = 1 << 4, /* hyphens and dashes */
    GAP_APOSTROPHE = 1 << 5,
    GAP_SLASH = 1 << 6,
    GAP_DOT = 1 << 7,
    GAP_COMMA = 1 << 8,
    GAP_QUOTE = 1 << 9,
    GAP_OTHER = 1 << 10, /* any other character */
} Gap;

/* A walk over the words of a text; the fields below the line are the word it stands on. */
typedef struct {
    const char *text; /* borrowed */
    gsize length;
    gsize at;
    /* -- */
    guint gap;   /* Gap flags: what lies before the word */
    gsize start; /* bytes from the text's beginning */
    gsize end;
    guint folded_length;
    char folded[WORD_BYTES + 1];
} WordWalk;

/* Begins a walk over `text`, which may be any bytes: what is no UTF-8 parts words. */
void word_walk_init(WordWalk *walk, const char *text, gsize length);
/* Goes on to the next word. FALSE at the end; `gap` is then what follows the last word. */
gboolean word_walk_next(WordWalk *walk);

typedef struct {
    const char *folded; /* NUL-terminated, owned by the list */
    gsize start;
    gsize end;
    guint gap; /* Gap flags: what lies before; GAP_PARAGRAPH for the first word */
} Word;

/* All words of a text, for texts of some pages. */
typedef struct {
    const char *text; /* borrowed */
    gsize length;
    const Word *word;
    guint count;
    guint last_gap; /* what follows the last word */
    GArray *owned_words;
    GStringChunk *owned_text;
} Words;

/* The words of `text`, which must outlive them. NULL counts as "". Owned by the caller. */
Words *words_new(const char *text, gsize length);
void words_free(Words *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Words, words_free)

/* Whether word `at` exists and is `folded`. */
gboolean words_is(const Words *words, guint at, const char *folded);
/* Whether word `at` exists and is one of `count` folded words. */
gboolean words_is_one(const Words *words, guint at, const char *const *list, gsize count);
/* The same for an array of them. */
#define WORDS_IN(words, at, list) words_is_one((words), (at), (list), G_N_ELEMENTS(list))
/* What lies after word `at`. */
guint words_gap_after(const Words *words, guint at);
/* How many words `phrase` (folded, one blank between words) covers from `at`; 0: it does not stand
 * there. Its words may be parted by blanks, a line's end, hyphens and apostrophes. */
guint words_match(const Words *words, guint at, const char *phrase);
/* Whether word `at` begins with a capital letter. */
gboolean words_is_capital(const Words *words, guint at);
/* Whether word `at` begins a line. */
gboolean words_begins_line(const Words *words, guint at);

/* `text` folded, its words parted by one blank. Owned by the caller. */
char *words_fold(const char *text);

#endif
