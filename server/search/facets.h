/* Facets: the sides of a card by which documents are filtered and counted.
 *
 * A card is looked at once: the filters that it fails come out as bits, and with them it is known
 * both whether the document is in the answer and which facets it counts for, because a facet's own
 * filter does not narrow its counts. Which documents are looked at, and in what order they are
 * answered, is search.h's. Nothing here reads the archive; all is thread-safe on cards that stay as
 * they are. */
#ifndef SCHEDARIO_FACETS_H
#define SCHEDARIO_FACETS_H

#include <glib.h>

#include "cards.h"

typedef enum {
    FACET_LANGUAGE = 0,
    FACET_KIND,
    FACET_THEME,
    FACET_AREA,
    FACET_BODY,
    FACET_YEAR,
    FACET_COLLECTION,
    FACET_COUNT
} Facet;

enum { FACET_FIRST_YEAR = 1000, FACET_LAST_YEAR = 3000 }; /* that a card may have */

/* "language", "kind", "theme", "area", "body", "year", "collection". */
const char *facet_name(Facet facet);

/* Filtering */

/* Holds for the cards it was made for, until their next refresh. */
typedef struct {
    guint set;        /* bits 1 << Facet of those that do not let all pass */
    guint8 languages; /* bits of those chosen, as in a card */
    guint32 kinds;
    guint64 topics[TOPIC_KINDS]; /* bits, as in cards_topic_set() */
    gboolean *bodies;            /* by number; NULL: any */
    gboolean *collections;
    int year_from;
    int year_to;
} FacetFilter;

/* Filters by `values` (const char * by facet, any of which will do; NULL or empty: no filter; one
 * that no document has matches none; FACET_YEAR is not used) and by years, 0 for an open end.
 * Borrows nothing. */
void facet_filter_init(FacetFilter *filter, const Cards *cards,
                       const GPtrArray *const values[FACET_COUNT], int year_from, int year_to);
void facet_filter_release(FacetFilter *filter);
/* Bits 1 << Facet of the filters that the card does not pass; 0: it passes. */
guint facet_filter_failed(const FacetFilter *filter, const Cards *cards, const Card *card);
/* Whether a card that failed those filters passes all but, perhaps, the one of `facet`. */
gboolean facet_passes_others(guint failed, Facet facet);

/* Counting */

typedef struct {
    guint languages[LANGUAGE_COUNT];
    guint kinds[KIND_COUNT];
    guint *topics[TOPIC_KINDS]; /* by number of the set (cards.h) */
    guint *bodies;
    guint *collections; /* with all that lies below them */
    guint *years;       /* from FACET_FIRST_YEAR */
} FacetCounts;

typedef struct {
    char *value;
    guint count;
} FacetValue;

void facet_counts_init(FacetCounts *counts, const Cards *cards);
void facet_counts_release(FacetCounts *counts);
/* Counts a card that failed those filters (facet_filter_failed), where it is to be counted. */
void facet_counts_add(FacetCounts *counts, const Cards *cards, const Card *card, guint failed);
/* Lists each facet's values that have a document: FacetValue, most first, years newest first. The
 * arrays are the caller's, and free their values. */
void facet_counts_list(const FacetCounts *counts, const Cards *cards,
                       GArray *ret_values[FACET_COUNT]);

#endif
