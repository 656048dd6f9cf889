/* Citation: a document, or a page of it, in the forms that programs for references read.
 *
 * Sources: BibTeX's manual (btxdoc) and biblatex's fields url, urldate, langid; the RIS tags as
 * EndNote and Zotero read them; CSL-JSON, schema 1.0 (csl-data.json); COinS, a ContextObject of
 * ANSI/NISO Z39.88-2004 in key/encoded-value form, with the format "book".
 *
 * The issuing body is a corporate author: BibTeX has it in braces of its own, RIS with a comma at
 * its end, CSL as a literal name, COinS as aucorp. Statutes and regulations are legislation; plans,
 * programmes and reports are reports; what is neither is a document of no special kind. Values are
 * one line each: nothing in a title can end a record or begin another. All pure and
 * thread-safe. */
#ifndef SCHEDARIO_CITATION_H
#define SCHEDARIO_CITATION_H

#include <glib.h>
#include <jansson.h>

#include "../../indexer/kind.h"

/* All borrowed. */
typedef struct {
    const char *id;    /* of the document: hexadecimal digits */
    const char *title; /* any bytes */
    const char *body;  /* that issued it; NULL: not known */
    int year;          /* 0: not known */
    Kind kind;
    const char *kind_label; /* as the reader calls it; NULL: left out */
    const char *language;   /* "it", "en"; NULL: several, or none known */
    const char *address;    /* permanent, with scheme and host; of the page if one is cited */
    const char *file;       /* address of the original; NULL: left out */
    guint page;             /* from 1; 0: the document as a whole */
    guint page_count;       /* 0: not known */
    gint64 accessed_unix;   /* when it was read */
} Citation;

typedef enum { CITATION_BIBTEX = 0, CITATION_RIS, CITATION_CSL, CITATION_FORMS } CitationForm;

/* "bib", "ris", "json": the ending of a file, and its media type. Static storage. */
const char *citation_ending(CitationForm form);
const char *citation_media_type(CitationForm form);

/* Appends one record, which ends with an empty line (BibTeX, RIS). */
void citation_bibtex(const Citation *citation, GString *out);
void citation_ris(const Citation *citation, GString *out);
/* One item of CSL-JSON, whose files are arrays of such; a new reference. */
json_t *citation_csl(const Citation *citation);
/* A whole file with this one citation. */
GString *citation_file(const Citation *citation, CitationForm form);

/* The title of a COinS span, not yet escaped for HTML. Owned by the caller. */
char *citation_coins(const Citation *citation);

/* "comune-di-valdoria-2008-1f2e3d4c5b6a-p3": names the citation in BibTeX, RIS and CSL; the same
 * whenever it is made. ASCII. Owned by the caller. */
char *citation_key(const Citation *citation);
/* "statuto-del-comune-di-valdoria-2008-p3.bib". ASCII. Owned by the caller. */
char *citation_file_name(const Citation *citation, const char *ending);

/* "legislation", "report" or "document": CSL's type, from which the other forms' types follow. */
const char *citation_type(Kind kind);

#endif
