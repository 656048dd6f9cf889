/* Language by run: which stretches of a text are Italian, which English, which neither.
 *
 * Documents here are bilingual by paragraph, by column or by half line, so language is a property
 * of a stretch of text. Every word gives evidence for one of two dozen languages (see
 * language_model.h); the most likely sequence of languages is found over all words of a text
 * (Viterbi 1967), where changing the language costs much in the middle of a line and little where
 * a reader would expect it: at the end of a sentence, of a line or of a paragraph, at a wide gap
 * between two columns, at a new page. So a heading of two words goes with its neighbours unless it
 * speaks clearly, and a foreign name within a sentence does not break it up. */
#ifndef SCHEDARIO_LANGUAGE_H
#define SCHEDARIO_LANGUAGE_H

#include <glib.h>

typedef enum {
    LANGUAGE_OTHER = 0,
    LANGUAGE_ITALIAN,
    LANGUAGE_ENGLISH,
} Language;

enum { LANGUAGE_COUNT = 3 };

/* BCP 47 code of a language: "it", "en", and "und" for LANGUAGE_OTHER. Static storage. */
const char *language_code(Language language);

/* A stretch of text in one language. Units are bytes of the text given to language_runs(). */
typedef struct {
    gsize start;
    gsize length;
    Language language;
} LanguageRun;

/* Splits valid UTF-8 `text` (pages separated by form feed, lines by newline) into runs.
 *
 * Returns a GArray of LanguageRun, owned by the caller (g_array_unref): consecutive, non-empty,
 * covering the text from 0 to length without gap, neighbours of different languages, cut at the
 * beginning of a word (or of a number: "2. Bilancio" stays together). What has no letters takes
 * the language of what is around it; a text without any letters is one run of LANGUAGE_OTHER, and
 * so is text in another script than the Latin one. Empty text gives an empty array. Never fails:
 * there is no text that it would refuse.
 *
 * Time and memory are linear in the length; memory beyond the array is bounded (some megabytes),
 * because decisions are final every LANGUAGE_BLOCK_WORDS words. Pure and thread-safe. */
GArray *language_runs(const char *text, gsize length);

/* How many words are decided about together: more than any page has. */
enum { LANGUAGE_BLOCK_WORDS = 1 << 15 };

#endif
