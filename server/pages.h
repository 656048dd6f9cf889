/* Pages: what people see, in Italian and English. Each is a template over the JSON value that the
 * API sends, with what only a page needs beside it: labels, links, the language. The context is a
 * Service. */
#ifndef SCHEDARIO_PAGES_H
#define SCHEDARIO_PAGES_H

#include "http.h"

HttpResponse *pages_start(const HttpRequest *request, gpointer service);
HttpResponse *pages_search(const HttpRequest *request, gpointer service);
HttpResponse *pages_documents(const HttpRequest *request, gpointer service);
HttpResponse *pages_document(const HttpRequest *request, gpointer service);
HttpResponse *pages_page(const HttpRequest *request, gpointer service);
HttpResponse *pages_file(const HttpRequest *request, gpointer service);
HttpResponse *pages_status(const HttpRequest *request, gpointer service);
HttpResponse *pages_help(const HttpRequest *request, gpointer service);

/* An error as a page in the reader's language, or as problem details for the API. HttpErrorMaker.
 */
HttpResponse *pages_error(guint status, const char *detail, gboolean is_api,
                          const HttpRequest *request, gpointer service);

#endif
