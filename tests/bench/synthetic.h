/* Synthetic: documents that were never written, for measuring search on more text than can be had.
 *
 * Two vocabularies of words that look Italian and English, with endings that stemmers know, drawn
 * with frequencies after Zipf and Mandelbrot; function words come first. Each document has words of
 * its own that keep coming back, because words of real text do, and ranking is about that. The same
 * number always gives the same document, on any machine. */
#ifndef SCHEDARIO_BENCH_SYNTHETIC_H
#define SCHEDARIO_BENCH_SYNTHETIC_H

#include <glib.h>

#include "../../indexer/kind.h"
#include "../../indexer/language.h"

enum { SYNTHETIC_WORDS = 100000 }; /* of each language */

/* A stream of numbers that depends on its seed alone (splitmix64: Steele, Lea, Flood 2014). */
typedef struct {
    guint64 state;
} Chance;

guint64 chance_next(Chance *chance);
guint chance_below(Chance *chance, guint bound);
double chance_share(Chance *chance); /* from 0 to below 1 */

typedef struct Synthetic Synthetic;

/* The vocabularies. Never NULL. Only read after it was made. */
Synthetic *synthetic_new(void);
void synthetic_free(Synthetic *synthetic);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Synthetic, synthetic_free)

/* A word of LANGUAGE_ITALIAN or LANGUAGE_ENGLISH by its rank: 0 is the commonest. Borrowed. */
const char *synthetic_word(const Synthetic *synthetic, Language language, guint rank);
/* So many words, from the first, are function words. */
guint synthetic_function_words(const Synthetic *synthetic, Language language);

/* A word of a document's text. */
typedef struct {
    Language language;
    gint32 rank;    /* -1: a number */
    gboolean opens; /* first of a sentence, or after a comma: no phrase goes over it */
} SyntheticToken;

typedef struct {
    char *title;
    Language title_language;
    int year;
    Kind kind;
    char *body;
    char *collection;
    double share[LANGUAGE_COUNT];
    guint page_count;
    GString *text;  /* marked (analysis.h), pages parted by form feeds */
    GArray *tokens; /* SyntheticToken */
} SyntheticDocument;

SyntheticDocument *synthetic_document(const Synthetic *synthetic, guint number);
void synthetic_document_free(SyntheticDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SyntheticDocument, synthetic_document_free)

#endif
