/* Marking: where, in a page's text, the words stand that a question asks for.
 *
 * The same analysis that made the postings finds them again, so what is marked is what matched. */
#ifndef SCHEDARIO_MARKING_H
#define SCHEDARIO_MARKING_H

#include <glib.h>

#include "../../indexer/analysis.h"
#include "../query/query.h"
#include "places.h"

typedef struct Marker Marker;

/* A marker for the ranked concepts of a query (QueryConcept; borrowed, must outlive it). */
Marker *marker_new(const GPtrArray *concepts);
void marker_free(Marker *marker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Marker, marker_free)

/* A stretch of text to be marked, in bytes of the text: whole words. */
typedef struct {
    gsize start;
    gsize length;
    guint concept_index; /* in query_concepts() */
    guint alternative;   /* of the concept: the first that stands here */
    Language language;
} MarkedSpan;

/* The matches in marked text, by their start, not overlapping: of those that begin at one word the
 * one of most words. GArray of MarkedSpan, owned by the caller. */
GArray *marker_find(const Marker *marker, Analyser *analyser, const char *text, gsize length);

/* The same for a page whose matches are known by their places (places.h), so that its words need
 * not be analysed again. `places`: `count` of them, of the text from word `first` on; those of a
 * phrase that goes on beyond the text are marked as far as it goes. */
GArray *marking_of_places(const GPtrArray *concepts, const Place *places, guint count,
                          guint32 first, const char *text, gsize length);
/* How many of `count` places are marked: those within another are not counted beside it. */
guint marking_count(const GPtrArray *concepts, const Place *places, guint count);

#endif
