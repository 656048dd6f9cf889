/* Files: what is sent as it stands: the web side's assets and the archived originals. */
#ifndef SCHEDARIO_FILES_H
#define SCHEDARIO_FILES_H

#include "http/http.h"
#include "service.h"

/* GET /assets/{version}/{name}: immutable, because the address changes with the content. */
HttpResponse *files_asset_route(const HttpRequest *request, gpointer service);
/* The asset of that name; 404 as a problem when there is none. */
HttpResponse *files_asset(Service *service, const char *name);

/* GET /documents/{id}/file: the original, as it was when it was indexed: one that changed since is
 * not sent (404 until the indexer has seen it). NULL when there is none to send. The descriptor is
 * opened below the corpus. */
HttpResponse *files_original(Service *service, const ArchiveDocument *document,
                             const GPtrArray *paths);

#endif
