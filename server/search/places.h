/* Places: where in one document's text, or in its title, the concepts of a question stand. */
#ifndef SCHEDARIO_PLACES_H
#define SCHEDARIO_PLACES_H

#include <glib.h>

#include "../postings/postings.h"
#include "../query/query.h"

/* Places of one alternative that are looked at in one document: enough to choose its pages and to
 * see what stands near what, bounded for a word that a huge document holds a million times. */
enum { PLACES_OF_ALTERNATIVE = 20000 };

typedef struct {
    guint32 position; /* of the first word, counted from 0 over the column */
    guint16 concept;  /* in query_concepts() */
    guint16 alternative;
} Place;

/* Words of the phrase that stands at a place. */
guint place_words(const GPtrArray *concepts, const Place *place);

/* Appends the places of one concept in a column of `row` to `places`, which stays in order of
 * position. FALSE and `error` (ARCHIVE_ERROR) on failure. */
gboolean places_add(GArray *places, Postings *postings, const Query *query, guint concept,
                    guint32 row, PostingColumn column, GError **error);

/* The places in the text of all ranked concepts of a query that are not sought in titles alone, in
 * order of position. GArray of Place, owned by the caller. NULL and `error` on failure. */
GArray *places_find(Postings *postings, const Query *query, guint32 row, GError **error);

/* Whether all of `parts` (concepts, by number) stand within a stretch that holds at most `distance`
 * other words, in any order, one place each. `places`: in order; those of other concepts are passed
 * over. */
gboolean places_are_near(const GArray *places, const Query *query, const guint *parts, guint count,
                         guint distance);

#endif
