/* Check: the archive verified against the corpus, without writing anything.
 *
 * Two kinds of findings: what is wrong (a damaged archive, a file whose content is not the one that
 * was indexed although it looks unchanged), and what is only behind (new, changed and removed files
 * that the next indexing takes up). The archive in itself is archive_check.h's. */
#ifndef SCHEDARIO_CHECK_H
#define SCHEDARIO_CHECK_H

#include "archive_check.h"
#include "corpus.h"

typedef enum { CHECK_WRONG, CHECK_BEHIND } CheckKind;

/* Told once a finding. The sentence is borrowed and may hold bytes that are no UTF-8. */
typedef void (*CheckFinding)(CheckKind kind, const char *sentence, gpointer data);

typedef struct {
    guint documents; /* searchable ones in the archive */
    guint files;     /* of the corpus, compared with it */
    guint wrong;
    guint behind;
    gboolean is_index_left; /* an indexer is at work: FTS5's own check had to be left out */
} CheckCounts;

/* Checks the archive at `path` against the corpus. FALSE and `error` (ARCHIVE_ERROR) when the
 * archive cannot be opened, or when its damage ends the check; what was found until then has been
 * told. */
gboolean check_archive(Corpus *corpus, const char *path, CheckFinding found, gpointer data,
                       CheckCounts *ret_counts, GError **error);

#endif
