/* See routes.h. */
#include "routes.h"

#include "answers/parameters.h"
#include "api.h"
#include "files.h"
#include "operation.h"
#include "pages/feed.h"
#include "pages/opensearch.h"
#include "pages/pages.h"
#include "pages/pages_image.h"
#include "pages/sitemap.h"
#include "pages/status_files.h"

#define SEARCH_PAGE                                                                                \
    "q translate language kind theme area body collection year_from year_to sort size page hl"

/* A document keeps the list that led to it. */
#define DOCUMENT_PAGE SEARCH_PAGE " from view zoom"
#define READING_PAGE  DOCUMENT_PAGE " hit find"

const HttpRoute ROUTES[] = {
    {"/", pages_start, "hl", HTTP_ROUTE_PLAIN},
    {"/search", pages_search, SEARCH_PAGE, HTTP_ROUTE_PLAIN},
    {"/search.csv", pages_csv, SEARCH_PAGE " separator", HTTP_ROUTE_SLOW},
    {"/search.jsonl", pages_jsonl, SEARCH_PAGE, HTTP_ROUTE_SLOW},
    {"/search.bib", pages_bibtex, SEARCH_PAGE, HTTP_ROUTE_SLOW},
    {"/search.ris", pages_ris, SEARCH_PAGE, HTTP_ROUTE_SLOW},
    {"/search/record", pages_record, SEARCH_PAGE, HTTP_ROUTE_SLOW},
    {"/search/record.txt", pages_record_text, SEARCH_PAGE, HTTP_ROUTE_SLOW},
    {"/search/record.json", pages_record_json, SEARCH_PAGE, HTTP_ROUTE_SLOW},
    {"/browse", pages_browse, "hl", HTTP_ROUTE_PLAIN},
    {"/browse/{facet}", pages_browse_facet, SEARCH_PAGE " order in", HTTP_ROUTE_PLAIN},
    {"/documents", pages_documents, SEARCH_PAGE, HTTP_ROUTE_PLAIN},
    {"/documents/{id}", pages_document, DOCUMENT_PAGE, HTTP_ROUTE_PLAIN},
    {"/documents/{id}/pages/{n}.png", pages_image, "width q translate",
     HTTP_ROUTE_API | HTTP_ROUTE_SLOW},
    {"/documents/{id}/pages/{n}", pages_page, READING_PAGE, HTTP_ROUTE_SLOW},
    {"/documents/{id}/citation/{format}", pages_citation, "page hl", HTTP_ROUTE_PLAIN},
    {"/documents/{id}/file", pages_file, "", HTTP_ROUTE_PLAIN},
    {"/status", pages_status, STATUS_FILTERS " page refresh hl", HTTP_ROUTE_PLAIN},
    {"/status/text", pages_status_text, "show page hl", HTTP_ROUTE_PLAIN},
    {"/status/catalogue", pages_status_catalogue, "show field page hl", HTTP_ROUTE_PLAIN},
    {"/status/totals", pages_status_totals, "hl", HTTP_ROUTE_PLAIN},
    {"/status.atom", pages_status_feed, STATUS_FILTERS " hl", HTTP_ROUTE_PLAIN},
    {"/status.csv", pages_status_csv, STATUS_FILTERS " separator hl", HTTP_ROUTE_PLAIN},
    {"/documents/{id}/sidecar", pages_sidecar, "hl", HTTP_ROUTE_PLAIN},
    {"/help", pages_help, "hl", HTTP_ROUTE_PLAIN},
    {"/privacy", pages_privacy, "hl", HTTP_ROUTE_PLAIN},
    {"/accessibility", pages_accessibility, "hl", HTTP_ROUTE_PLAIN},
    {"/feed.atom", feed_documents, SEARCH_PAGE, HTTP_ROUTE_PLAIN},
    {"/search.atom", feed_search, SEARCH_PAGE, HTTP_ROUTE_PLAIN},
    {"/opensearch.xml", opensearch_description, "hl", HTTP_ROUTE_PLAIN},
    {"/suggest.json", opensearch_suggestions, "q", HTTP_ROUTE_PLAIN},
    {"/sitemap.xml", sitemap_xml, "part", HTTP_ROUTE_PLAIN},
    {"/robots.txt", sitemap_robots, "", HTTP_ROUTE_PLAIN},
    {"/assets/{version}/{name}", files_asset_route, "", HTTP_ROUTE_PLAIN},
    {"/healthz", api_health, "", HTTP_ROUTE_PLAIN},
    {"/readyz", operation_ready, "", HTTP_ROUTE_PLAIN},
    {"/metrics", operation_metrics, "", HTTP_ROUTE_LOCAL},
    {"/api/v1/search", api_search, PARAMETERS_OF_SEARCH, HTTP_ROUTE_API},
    {"/api/v1/documents", api_documents, "limit offset collection", HTTP_ROUTE_API},
    {"/api/v1/documents/{id}", api_document, "", HTTP_ROUTE_API},
    {"/api/v1/documents/{id}/pages/{n}", api_page, "q translate", HTTP_ROUTE_API},
    {"/api/v1/documents/{id}/pages/{n}/boxes", api_boxes, "q translate",
     HTTP_ROUTE_API | HTTP_ROUTE_SLOW},
    {"/api/v1/documents/{id}/similar", api_similar, "limit", HTTP_ROUTE_API},
    {"/api/v1/suggest", api_suggest, "q limit", HTTP_ROUTE_API},
    {"/api/v1/status", api_status, "", HTTP_ROUTE_API},
    {"/api/v1/files", api_status_files, STATUS_FILTERS " limit offset", HTTP_ROUTE_API},
    {"/api/v1/openapi.json", api_openapi, "", HTTP_ROUTE_API},
    {NULL, NULL, NULL, HTTP_ROUTE_PLAIN},
};
