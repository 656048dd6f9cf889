/* Hyphen: words broken at a line's end become whole.
 *
 * A hyphen at a line's end is either the typesetter's ("parte-" / "cipazione") and goes, or the
 * word's own ("politico-" / "istituzionale") and stays. Either way the word stands whole where it
 * began, and the line or page ends behind it. The document itself is the best witness, then the
 * shape of the two parts, then the odds: most hyphens at a line's end are the typesetter's. */
#ifndef SCHEDARIO_HYPHEN_H
#define SCHEDARIO_HYPHEN_H

#include <glib.h>

typedef enum {
    HYPHEN_LEAVE, /* a dash, or the beginning of something else: nothing moves */
    HYPHEN_DROP,  /* the parts are one word */
    HYPHEN_KEEP,  /* the parts are one word with a hyphen in it */
} HyphenDecision;

/* The soft hyphen: a break of a word, whatever surrounds it. */
#define HYPHEN_SOFT "\xC2\xAD"

/* Called for each hyphen at a line's end: what stands before and behind it, and the decision. All
 * borrowed. For tests and measurements. */
typedef void (*HyphenWitness)(const char *before, const char *behind, HyphenDecision decision,
                              gpointer data);

/* Makes the words of a document whole. `text` is valid UTF-8 without NUL, its lines end in newline,
 * its pages in form feed; the form feeds stay as many. Takes the text and gives a new one
 * (g_string_free). `witness` may be NULL. Pure and thread-safe. */
GString *hyphen_join(GString *text, HyphenWitness witness, gpointer data);

#endif
