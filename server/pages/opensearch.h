/* OpenSearch: what lets a browser or another program search the archive as one of its own search
 * engines.
 *
 * Source: OpenSearch 1.1, draft 6, with its Suggestions and Referrer extensions left at what
 * browsers read. Thread-safe; the context is a Service. */
#ifndef SCHEDARIO_OPENSEARCH_H
#define SCHEDARIO_OPENSEARCH_H

#include "../http/http.h"

/* The description, in the reader's language, to whose pages it leads. */
HttpResponse *opensearch_description(const HttpRequest *request, gpointer service);
/* Suggestions for q as a browser wants them: ["typed", ["one", "another"]]. */
HttpResponse *opensearch_suggestions(const HttpRequest *request, gpointer service);

#endif
