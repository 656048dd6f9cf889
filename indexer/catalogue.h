/* Catalogue: what a card says of a document: title, year, kind, issuing body, collection.
 *
 * Each value says where it was found; nothing is guessed silently. Staff overrule any of them in a
 * file NAME.pdf.ini beside the document (sidecar.h). Themes and areas are the thesaurus's. */
#ifndef SCHEDARIO_CATALOGUE_H
#define SCHEDARIO_CATALOGUE_H

#include <glib.h>

#include "kind.h"
#include "sidecar.h"

/* Where a value was found. */
typedef enum {
    SOURCE_NONE = 0,
    SOURCE_SIDECAR,
    SOURCE_METADATA, /* what the file says of itself */
    SOURCE_HEADING,  /* the first page's largest type */
    SOURCE_TEXT,     /* the first pages */
    SOURCE_TITLE,    /* the title as the catalogue found it */
    SOURCE_PATH,     /* a folder */
    SOURCE_NAME,     /* the file's name */
    SOURCE_COUNT
} Source;

/* "none", "sidecar", "metadata", "heading", "text", "title", "path", "name". Static storage. */
const char *source_name(Source source);

/* Years a document can be of: from the Kingdom of Italy on, and with room for plans. Fixed numbers
 * rather than the clock, so that the same file gives the same card tomorrow. */
enum { CATALOGUE_YEAR_FIRST = SIDECAR_YEAR_FIRST, CATALOGUE_YEAR_LAST = SIDECAR_YEAR_LAST };

/* Longest title in characters; a longer one is cut at a word and ends in "…". */
enum { CATALOGUE_TITLE_CHARACTERS = 200 };

/* What the catalogue is made from. All borrowed, all may be NULL but `path` and `text`. Strings are
 * meant to be UTF-8; other bytes do no harm. */
typedef struct {
    const char *path;  /* relative to the corpus, '/' between folders */
    const char *text;  /* clean text (text.h), at least the first pages */
    gsize text_length; /* bytes */
    const char *meta_title;
    const char *meta_author;
    const char *heading; /* what stands in the largest type on the first page */
    int meta_year;       /* when the file was made; 0 when absent */
    const struct Sidecar *sidecar;
} CatalogueInput;

typedef struct {
    char *title;         /* never NULL or empty, one line of UTF-8 */
    Source title_source; /* SIDECAR, METADATA, HEADING, TEXT or NAME */
    int year;            /* that the document is of, or the first it covers; 0: not known */
    Source year_source;
    Kind kind;
    Source kind_source;
    char *body; /* issuing body, NULL: not known */
    Source body_source;
    char *collection; /* the folder, or what staff say, "" for the corpus itself; '/' between
                         folders */
} Catalogue;

/* The card for `input`. Owned by the caller; never fails. Pure and thread-safe. */
Catalogue *catalogue_make(const CatalogueInput *input);
void catalogue_free(Catalogue *catalogue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Catalogue, catalogue_free)

#endif
