/* API: the JSON routes under /api/v1, and /healthz. The context of each handler is a Service. */
#ifndef SCHEDARIO_API_H
#define SCHEDARIO_API_H

#include "http/http.h"
#include "search/lookup.h"
#include "service.h"

HttpResponse *api_search(const HttpRequest *request, gpointer service);
HttpResponse *api_documents(const HttpRequest *request, gpointer service);
HttpResponse *api_document(const HttpRequest *request, gpointer service);
HttpResponse *api_similar(const HttpRequest *request, gpointer service);
HttpResponse *api_page(const HttpRequest *request, gpointer service);
HttpResponse *api_suggest(const HttpRequest *request, gpointer service);
HttpResponse *api_status(const HttpRequest *request, gpointer service);
HttpResponse *api_status_files(const HttpRequest *request, gpointer service);
HttpResponse *api_openapi(const HttpRequest *request, gpointer service);
HttpResponse *api_health(const HttpRequest *request, gpointer service);

/* For routes that stand in other files: that the archive cannot be read (503; the error is freed),
 * and why there is no document to speak of (404, 410 or, with the error freed, 503). */
HttpResponse *api_unavailable(Service *service, GError *error);
HttpResponse *api_absent(Service *service, LookupOutcome outcome, const Lookup *lookup,
                         GError *error);

#endif
