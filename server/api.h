/* API: the JSON routes under /api/v1, and /healthz. The context of each handler is a Service. */
#ifndef SCHEDARIO_API_H
#define SCHEDARIO_API_H

#include "http.h"

HttpResponse *api_search(const HttpRequest *request, gpointer service);
HttpResponse *api_documents(const HttpRequest *request, gpointer service);
HttpResponse *api_document(const HttpRequest *request, gpointer service);
HttpResponse *api_similar(const HttpRequest *request, gpointer service);
HttpResponse *api_page(const HttpRequest *request, gpointer service);
HttpResponse *api_suggest(const HttpRequest *request, gpointer service);
HttpResponse *api_status(const HttpRequest *request, gpointer service);
HttpResponse *api_openapi(const HttpRequest *request, gpointer service);
HttpResponse *api_health(const HttpRequest *request, gpointer service);

#endif
