/* Status files: which files staff ask for, and what the API says of each and of the indexer. The
 * page, its feed, its table for spreadsheets and the API are all made of these values. */
#ifndef SCHEDARIO_STATUS_FILES_H
#define SCHEDARIO_STATUS_FILES_H

#include <glib.h>
#include <jansson.h>

#include "../../indexer/archive.h"
#include "../http/http.h"

/* Parameters that narrow the list, parted by spaces. */
#define STATUS_FILTERS "state outcome folder q"

enum { STATUS_WORDS_BYTES = 200, STATUS_FOLDER_BYTES = 4096 }; /* longest "q" and "folder" */

/* States of files as the parameter "state" names them: outcomes that stand together. */
typedef struct {
    const char *name; /* "" for all */
    FileOutcome first;
    FileOutcome last;
} StatusState;

extern const StatusState STATUS_STATES[]; /* ends in a NULL name */

typedef struct {
    const char *state; /* as given, "" for none; borrowed */
    const char *outcome;
    char *folder; /* without slashes at its ends; owned */
    const char *words;
    FileOutcome first;
    FileOutcome last;
} StatusFilter;

/* Reads the filter of an address; its borrowed strings live as long as the request. FALSE and
 * `error` (PARAMETERS_ERROR) on a value that cannot be; it is set in any case. */
gboolean status_filter_read(const HttpRequest *request, StatusFilter *ret_filter, GError **error);
void status_filter_release(StatusFilter *filter);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StatusFilter, status_filter_release)
/* For archive_find_files(), which borrows from `filter`. */
ArchiveFileFilter status_filter_of(const StatusFilter *filter);
/* Of the files counted, those of the filter's outcomes. */
guint status_filter_total(const StatusFilter *filter, const guint counts[OUTCOME_COUNT]);

/* A file and what became of it: result_file(), and with it "outcome", "size_bytes", for a duplicate
 * the path of the file that it repeats ("duplicate_of"), and the document in whose place its own
 * came, or that went with it ("previous": id, url, title, and a path that still holds it). A new
 * reference; what cannot be read is left out as null. */
json_t *status_file(Archive *archive, const ArchiveFile *file);
/* The same, but of its document only "id", "url" and "title": for long lists. */
json_t *status_file_brief(Archive *archive, const ArchiveFile *file);

/* What the indexer is about, at `now_unix`. A new reference. */
json_t *status_indexer(const ArchiveWork *work, gint64 now_unix);
/* Counts by outcome. A new reference. */
json_t *status_outcomes(const guint counts[OUTCOME_COUNT]);

#endif
