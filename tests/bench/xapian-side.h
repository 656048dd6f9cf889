/* Xapian side: the same documents and the same questions in Xapian, behind functions of C.
 *
 * Documents are indexed as Omega does it: TermGenerator with the stemmer of each run's language,
 * words as written with positions and stems without, the title once more under its own prefix,
 * values for facets, a language's term to filter by, and the beginning of the text as the sample.
 * No function of this file throws; what went wrong is said on standard error and ends the program,
 * which is a bench. */
#ifndef SCHEDARIO_BENCH_XAPIAN_SIDE_H
#define SCHEDARIO_BENCH_XAPIAN_SIDE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { XAPIAN_SIDE_FACETS = 5 }; /* language, kind, body, year, collection */

typedef struct {
    const char *title;
    char title_mark;  /* of analysis.h */
    const char *text; /* marked */
    size_t length;
    const char *facets[XAPIAN_SIDE_FACETS];
    int is_italian; /* in the language, by the same share as in an archive */
    int is_english;
} XapianDocument;

typedef struct XapianBuilder XapianBuilder;
XapianBuilder *xapian_builder_new(const char *path);
void xapian_builder_add(XapianBuilder *builder, const XapianDocument *document);
/* Commits and closes. */
void xapian_builder_finish(XapianBuilder *builder);

typedef enum { XAPIAN_ALL, XAPIAN_ANY, XAPIAN_PHRASE, XAPIAN_PREFIX } XapianOperator;

enum { XAPIAN_QUESTION_WORDS = 3 };

typedef struct {
    XapianOperator op;
    int count;
    const char *words[XAPIAN_QUESTION_WORDS];     /* in lower case */
    const char *languages[XAPIAN_QUESTION_WORDS]; /* "it" or "en" */
    const char *filter;                           /* NULL, "it" or "en" */
} XapianQuestion;

typedef struct XapianReader XapianReader;
XapianReader *xapian_reader_new(const char *path);
void xapian_reader_free(XapianReader *reader);
/* The ten best; with `is_exact` the exact number of matches and the counts of all facets as well.
 * Returns the number of matches (estimated, if not exact). */
unsigned xapian_reader_ask(XapianReader *reader, const XapianQuestion *question, int is_exact);

#ifdef __cplusplus
}
#endif

#endif
