/* Widening: where nothing was found, what would be found if less were asked for.
 *
 * Each of the ways in which a question can be loosened is tried, and those that find something are
 * told, so that a reader is not left to guess which of the filters is to blame. */
#ifndef SCHEDARIO_WIDENING_H
#define SCHEDARIO_WIDENING_H

#include <glib.h>

#include "search.h"

typedef enum {
    WIDENING_FILTER,    /* without the filter of one facet */
    WIDENING_FILTERS,   /* without any filter, where there are several */
    WIDENING_OTHER,     /* with the other names of the words, in both languages */
    WIDENING_OPERATORS, /* the same words, without quotation marks, operators and fields */
    WIDENING_WORDS,     /* the same words without these and without any filter */
    WIDENING_KINDS
} WideningKind;

/* "filter", "filters", "other-names", "operators", "words". */
const char *widening_kind_name(WideningKind kind);

typedef struct {
    WideningKind kind;
    Facet facet; /* of WIDENING_FILTER */
    char *typed; /* of WIDENING_OPERATORS and WIDENING_WORDS: the words; else NULL */
    guint total; /* documents that it finds, at least one */
} Widening;

/* The ways to find something by asking for less than `request` does, which found nothing. `typed`
 * is its question as typed. GArray of Widening, owned by the caller, in the order of their kinds.
 * NULL and `error` (ARCHIVE_ERROR) on failure. Between searcher_begin() and searcher_end(). */
GArray *widening_find(Searcher *searcher, const Vocabulary *vocabulary,
                      const SearchRequest *request, const char *typed, gboolean is_translated,
                      GError **error);

#endif
