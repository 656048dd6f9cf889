/* Archive check: whether the archive is sound in itself: its structure, each document's text and
 * the index that was made from it, and that the tables speak of the same things.
 *
 * Nothing is written, and an indexer may be at work: all is read within one state of the archive.
 * Whether the corpus still is what the archive says, check.h looks. */
#ifndef SCHEDARIO_ARCHIVE_CHECK_H
#define SCHEDARIO_ARCHIVE_CHECK_H

#include "archive.h"

/* Called for each fault found, with a sentence that begins with what it speaks of: a path, a
 * document's id or the archive's part. Borrowed; may hold bytes that are no UTF-8. */
typedef void (*ArchiveFinding)(const char *sentence, gpointer data);

/* Checks everything but what archive_check_index() does. Within a read transaction of a reader's
 * archive. Takes as long as reading and analysing all texts. FALSE and `error` when it could not go
 * on (what was found until then has been told). */
gboolean archive_check(Archive *archive, ArchiveFinding found, gpointer data, GError **error);

/* FTS5's own integrity-check. It needs SQLite's lock for writing although it writes nothing: with
 * an indexer at work it is refused (FALSE, ARCHIVE_ERROR_LOCKED). TRUE when it was run. */
gboolean archive_check_index(const char *path, ArchiveFinding found, gpointer data, GError **error);

#endif
