/* Result: the one JSON value of an answer. The API sends it; pages are templates over the very same
 * value.
 *
 * All functions return a new reference, owned by the caller (json_decref), and never fail. */
#ifndef SCHEDARIO_RESULT_H
#define SCHEDARIO_RESULT_H

#include <jansson.h>

#include "../search/search.h"
#include "../search/similar.h"
#include "../search/suggest.h"
#include "../search/widening.h"

/* The answer to a search, but for how long it took (json_response_timed() says that). `typed`: what
 * was typed; `is_explained`: with scores and the expression. */
json_t *result_search(const SearchRequest *request, const SearchResult *result, const char *typed,
                      gboolean is_explained);

/* Where each letter begins in the list by title. */
json_t *result_letters(const SearchResult *result);
/* A facet's values, each with its count (GArray of FacetValue). */
json_t *result_facet(const GArray *values);
/* One of its results. */
json_t *result_item(const SearchItem *item, const Query *query, const char *typed);

/* Adds to the answer to a search how the question may have been meant (NULL: nothing to correct).
 */
void result_add_correction(json_t *answer, const char *corrected);

/* Adds to the answer to a search that found nothing what asking for less would find (Widening;
 * NULL: something was found). */
void result_add_widenings(json_t *answer, const GArray *widenings);

/* What somebody who is typing may be about to type: Suggestion. */
json_t *result_suggestions(const GPtrArray *suggestions);

/* By which other names a page answers (SearchVia), as hits have them. */
json_t *result_via(const GArray *via, const Query *query);
/* A passage and its language, as hits have them. */
json_t *result_passage(const Passage *passage);

/* A document's card in full. `paths`: char *, may be NULL. */
json_t *result_document(const ArchiveDocument *document, const GPtrArray *paths);

/* Documents that are about what the one of `id` is about: SimilarItem. Addresses carry `typed`
 * (NULL: none) on. `is_cut`: the time was up before all were found. */
json_t *result_similar(const char *id, guint limit, const GPtrArray *items, gboolean is_cut,
                       const char *typed);

/* A page of a document: its text and its runs, with the matches of `marker` (NULL: none) in them.
 */
json_t *result_page(const ArchiveDocument *document, guint page, const GString *marked,
                    const Marker *marker, Analyser *analyser);

/* A file and what became of it. */
json_t *result_file(const ArchiveFile *file, const ArchiveDocument *document);

/* The state of the archive; `failures`: ArchiveFile. */
json_t *result_status(const ArchiveCounts *counts, const GPtrArray *failures);

/* UTC, RFC 3339; null for 0. */
json_t *result_time(gint64 unix_time);
/* A text of any bytes as JSON; null for NULL. */
json_t *result_text(const char *text);

/* Addresses below this server, owned by the caller. `typed` and `page` (0: none) may be left out.
 */
char *result_document_address(const char *id, guint page, const char *typed);
char *result_search_address(const char *typed);

#endif
