/* See routes.h. */
#include "routes.h"

#include "api.h"
#include "files.h"
#include "pages.h"
#include "parameters.h"

#define SEARCH_PAGE                                                                                \
    "q translate language kind theme area body collection year_from year_to sort page hl"

const HttpRoute ROUTES[] = {
    {"/", pages_start, "hl", HTTP_ROUTE_PLAIN},
    {"/search", pages_search, SEARCH_PAGE, HTTP_ROUTE_PLAIN},
    {"/documents", pages_documents, SEARCH_PAGE, HTTP_ROUTE_PLAIN},
    {"/documents/{id}", pages_document, "q translate page hl", HTTP_ROUTE_PLAIN},
    {"/documents/{id}/pages/{n}", pages_page, "q translate hl", HTTP_ROUTE_PLAIN},
    {"/documents/{id}/file", pages_file, "", HTTP_ROUTE_PLAIN},
    {"/status", pages_status, "state page refresh hl", HTTP_ROUTE_PLAIN},
    {"/help", pages_help, "hl", HTTP_ROUTE_PLAIN},
    {"/assets/{version}/{name}", files_asset_route, "", HTTP_ROUTE_PLAIN},
    {"/healthz", api_health, "", HTTP_ROUTE_PLAIN},
    {"/api/v1/search", api_search, PARAMETERS_OF_SEARCH, HTTP_ROUTE_API},
    {"/api/v1/documents", api_documents, "limit offset collection", HTTP_ROUTE_API},
    {"/api/v1/documents/{id}", api_document, "", HTTP_ROUTE_API},
    {"/api/v1/documents/{id}/pages/{n}", api_page, "q translate", HTTP_ROUTE_API},
    {"/api/v1/documents/{id}/similar", api_similar, "limit", HTTP_ROUTE_API},
    {"/api/v1/suggest", api_suggest, "q limit", HTTP_ROUTE_API},
    {"/api/v1/status", api_status, "", HTTP_ROUTE_API},
    {"/api/v1/openapi.json", api_openapi, "", HTTP_ROUTE_API},
    {NULL, NULL, NULL, HTTP_ROUTE_PLAIN},
};
