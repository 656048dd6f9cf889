/* Export: one document of an answer as a record of a file to take away.
 *
 * Forms: CSV (csv.h; a line of column names first), JSON lines (one object a line: the API's result
 * with what the other forms have beside it), BibTeX and RIS (citation.h). Column and member names
 * are English and stay as they are, whatever the reader's language, since programs are written for
 * them; README lists them. How records become an answer over HTTP is pages_export.c's. */
#ifndef SCHEDARIO_EXPORT_H
#define SCHEDARIO_EXPORT_H

#include <glib.h>

#include "../search/search.h"

typedef enum { EXPORT_CSV = 0, EXPORT_JSONL, EXPORT_BIBTEX, EXPORT_RIS, EXPORT_FORMS } ExportForm;

/* "csv", "jsonl", "bib", "ris": the ending of a file, and its media type. Static storage. */
const char *export_ending(ExportForm form);
const char *export_media_type(ExportForm form);
/* Whether the form has pages and passages of its documents. */
gboolean export_has_hits(ExportForm form);

/* What a record says beside the document. All borrowed. */
typedef struct {
    const SearchItem *item;
    const GArray *pages; /* SearchPage: those that answer, best first; NULL: nothing was asked */
    const Query *query;
    const char *typed;
    const char *origin;     /* of addresses; NULL: they stay relative */
    const char *kind_label; /* as the reader calls the document's kind; for citations; or NULL */
    gint64 accessed_unix;
    char separator; /* of CSV: ',' or ';' */
} ExportRecord;

/* Appends what stands before the first record. */
void export_begin(GString *out, ExportForm form, char separator);
void export_record(GString *out, ExportForm form, const ExportRecord *record);

#endif
