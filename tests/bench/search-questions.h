/* Search questions: what is asked of a synthetic archive and of Xapian alike.
 *
 * Words are drawn from the documents themselves, so that every question but the commonest words'
 * has an answer, and only from documents that the smaller archive of a run has too. */
#ifndef SCHEDARIO_BENCH_SEARCH_QUESTIONS_H
#define SCHEDARIO_BENCH_SEARCH_QUESTIONS_H

#include <glib.h>

#include "synthetic.h"
#include "xapian-side.h"

typedef struct {
    char *text;            /* as a reader types it */
    XapianQuestion xapian; /* the same for Xapian; words borrowed from the vocabulary or owned */
    char *prefix;          /* owned; NULL for other questions */
} SearchQuestion;

typedef struct {
    const char *name;
    gboolean in_mix;    /* one of the mixed questions */
    gboolean is_prefix; /* of which the mix is also given without */
    GArray *questions;  /* SearchQuestion */
} SearchKind;

/* `each` different questions of each kind, from the documents below `documents`. GArray of
 * SearchKind, owned by the caller; borrows from `synthetic`. */
GArray *search_questions(const Synthetic *synthetic, guint documents, guint each);

#endif
