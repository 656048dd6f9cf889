/* Record: what a search was, how it was understood, what it found and in which state of the
 * archive, so that it can be reported and repeated.
 *
 * The state of an archive is told in two ways. The digest is the SHA-256 of the ids of all
 * searchable documents, in ascending order, each followed by a line feed: ids are made from
 * contents, so equal digests mean that the same documents were searched, wherever and whenever the
 * archive was made. The revision grows with every change within one archive's file, a new card for
 * an old document included. */
#ifndef SCHEDARIO_RECORD_H
#define SCHEDARIO_RECORD_H

#include <jansson.h>

#include "../search/search.h"

enum { RECORD_UNSEARCHABLE = 200 }; /* documents that could not be read, listed by name */

/* All borrowed. */
typedef struct {
    const SearchRequest *search; /* with its query */
    const char *typed;
    gboolean is_translated;
    const char *repeats; /* the address of the search */
    const char *origin;  /* of addresses; NULL: they stay relative */
    gint64 made_unix;
} RecordQuestion;

/* Searches and makes the record, as README describes it; a new reference. NULL and `error`
 * (ARCHIVE_ERROR) when the archive cannot be read. Between the searcher's begin and end. */
json_t *record_make(Searcher *searcher, const RecordQuestion *question, GError **error);

/* The digest of the searchable documents: 64 hexadecimal digits, owned by the caller. */
char *record_digest(const Cards *cards);

#endif
