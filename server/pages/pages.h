/* Pages: what people see, in Italian and English. Each is a template over the JSON value that the
 * API sends, with what only a page needs beside it: labels, links, the language. The context is a
 * Service. */
#ifndef SCHEDARIO_PAGES_H
#define SCHEDARIO_PAGES_H

#include "../http/http.h"

HttpResponse *pages_start(const HttpRequest *request, gpointer service);
HttpResponse *pages_search(const HttpRequest *request, gpointer service);
HttpResponse *pages_documents(const HttpRequest *request, gpointer service);
HttpResponse *pages_browse(const HttpRequest *request, gpointer service);
HttpResponse *pages_browse_facet(const HttpRequest *request, gpointer service);
HttpResponse *pages_document(const HttpRequest *request, gpointer service);
HttpResponse *pages_page(const HttpRequest *request, gpointer service);
HttpResponse *pages_file(const HttpRequest *request, gpointer service);
HttpResponse *pages_citation(const HttpRequest *request, gpointer service);
/* All documents of a search as a file, streamed. */
HttpResponse *pages_csv(const HttpRequest *request, gpointer service);
HttpResponse *pages_jsonl(const HttpRequest *request, gpointer service);
HttpResponse *pages_bibtex(const HttpRequest *request, gpointer service);
HttpResponse *pages_ris(const HttpRequest *request, gpointer service);
/* What a search was and what it found, to be kept: as a page, as text, as JSON. */
HttpResponse *pages_record(const HttpRequest *request, gpointer service);
HttpResponse *pages_record_text(const HttpRequest *request, gpointer service);
HttpResponse *pages_record_json(const HttpRequest *request, gpointer service);
HttpResponse *pages_status(const HttpRequest *request, gpointer service);
HttpResponse *pages_status_text(const HttpRequest *request, gpointer service);
HttpResponse *pages_status_catalogue(const HttpRequest *request, gpointer service);
HttpResponse *pages_status_totals(const HttpRequest *request, gpointer service);
/* A sidecar with what a document's card says now, to be corrected and put beside it. */
HttpResponse *pages_sidecar(const HttpRequest *request, gpointer service);
/* The list of files as Atom and as CSV. */
HttpResponse *pages_status_feed(const HttpRequest *request, gpointer service);
HttpResponse *pages_status_csv(const HttpRequest *request, gpointer service);
HttpResponse *pages_help(const HttpRequest *request, gpointer service);
HttpResponse *pages_privacy(const HttpRequest *request, gpointer service);
HttpResponse *pages_accessibility(const HttpRequest *request, gpointer service);

/* An error as a page in the reader's language, or as problem details for the API. HttpErrorMaker.
 */
HttpResponse *pages_error(guint status, const char *detail, gboolean is_api,
                          const HttpRequest *request, gpointer service);

#endif
