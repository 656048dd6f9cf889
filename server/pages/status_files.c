/* See status_files.h. */
#include "status_files.h"

#include <string.h>

#include "../answers/parameters.h"
#include "../answers/result.h"

const StatusState STATUS_STATES[] = {
    {"", OUTCOME_PENDING, OUTCOME_REMOVED},
    {"indexed", OUTCOME_INDEXED, OUTCOME_DUPLICATE},
    {"failed", OUTCOME_PASSWORD, OUTCOME_SIDECAR_FAULT},
    {"pending", OUTCOME_PENDING, OUTCOME_PENDING},
    {"removed", OUTCOME_REMOVED, OUTCOME_REMOVED},
    {NULL, OUTCOME_PENDING, OUTCOME_PENDING},
};

/* The filter */

static const char *text_of(const HttpRequest *request, const char *name)
{
    const char *text = http_parameter(request, name);
    return text ? text : "";
}

static gboolean refuse(const char *message, GError **error)
{
    g_set_error_literal(error, PARAMETERS_ERROR, PARAMETERS_ERROR_VALUE, message);
    return FALSE;
}

static gboolean read_outcomes(StatusFilter *filter, GError **error)
{
    const StatusState *state = STATUS_STATES;
    while (state->name && strcmp(state->name, filter->state) != 0)
        state++;
    if (!state->name)
        return refuse("state must be one of indexed, failed, pending, removed", error);
    filter->first = state->first;
    filter->last = state->last;
    if (!*filter->outcome)
        return TRUE;
    if (!file_outcome_parse(filter->outcome, &filter->first))
        return refuse("outcome must be one of pending, indexed, edition, duplicate, password, "
                      "scan, damaged, failed, sidecar-fault, sidecar, removed",
                      error);
    filter->last = filter->first;
    return TRUE;
}

static char *bare_folder(const char *folder)
{
    char *bare = g_strdup(folder + strspn(folder, "/ "));
    for (gsize length = strlen(bare); length > 0 && strchr("/ ", bare[length - 1]);)
        bare[--length] = '\0';
    return bare;
}

gboolean status_filter_read(const HttpRequest *request, StatusFilter *ret_filter, GError **error)
{
    *ret_filter = (StatusFilter){
        .state = text_of(request, "state"),
        .outcome = text_of(request, "outcome"),
        .folder = bare_folder(text_of(request, "folder")),
        .words = text_of(request, "q"),
    };
    if (strlen(ret_filter->words) > STATUS_WORDS_BYTES)
        return refuse("q must be no longer than 200 bytes", error);
    if (strlen(ret_filter->folder) > STATUS_FOLDER_BYTES)
        return refuse("folder must be no longer than 4096 bytes", error);
    return read_outcomes(ret_filter, error);
}

void status_filter_release(StatusFilter *filter)
{
    g_clear_pointer(&filter->folder, g_free);
}

ArchiveFileFilter status_filter_of(const StatusFilter *filter)
{
    return (ArchiveFileFilter){
        .first = filter->first,
        .last = filter->last,
        .folder = filter->folder,
        .words = filter->words,
    };
}

guint status_filter_total(const StatusFilter *filter, const guint counts[OUTCOME_COUNT])
{
    guint total = 0;
    for (guint i = filter->first; i <= filter->last; i++)
        total += counts[i];
    return total;
}

/* A file */

static void take_text(json_t *object, const char *key, char *text)
{
    json_object_set_new(object, key, result_text(text));
    g_free(text);
}

static json_t *previous_value(Archive *archive, const ArchiveFile *file)
{
    g_autoptr(ArchiveDocument) previous =
        file->previous ? archive_find_row(archive, file->previous, NULL) : NULL;
    if (!previous)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "id", json_string(previous->id));
    take_text(object, "url", result_document_address(previous->id, 0, NULL));
    json_object_set_new(object, "title", result_text(previous->card->title));
    take_text(object, "path", archive_other_path(archive, file->previous, file->path, NULL));
    return object;
}

static json_t *brief_value(const ArchiveDocument *document)
{
    json_t *object = json_object();
    json_object_set_new(object, "id", json_string(document->id));
    take_text(object, "url", result_document_address(document->id, 0, NULL));
    json_object_set_new(object, "title", result_text(document->card->title));
    return object;
}

static json_t *full_value(Archive *archive, const ArchiveDocument *document)
{
    g_autoptr(GPtrArray) paths = archive_paths(archive, document->row, NULL);
    return result_document(document, paths);
}

static json_t *file_value(Archive *archive, const ArchiveFile *file, gboolean is_brief)
{
    g_autoptr(ArchiveDocument) document =
        file->document ? archive_find_row(archive, file->document, NULL) : NULL;
    gboolean is_copy = file->outcome == OUTCOME_DUPLICATE;
    json_t *object = result_file(file, NULL);
    if (document && document->state != DOCUMENT_GONE)
        json_object_set_new(object, "document",
                            is_brief ? brief_value(document) : full_value(archive, document));
    json_object_set_new(object, "outcome", json_string(file_outcome_name(file->outcome)));
    json_object_set_new(object, "size_bytes", json_integer(file->stamp.size_bytes));
    take_text(object, "duplicate_of",
              is_copy ? archive_other_path(archive, file->document, file->path, NULL) : NULL);
    json_object_set_new(object, "previous", previous_value(archive, file));
    return object;
}

json_t *status_file(Archive *archive, const ArchiveFile *file)
{
    return file_value(archive, file, FALSE);
}

json_t *status_file_brief(Archive *archive, const ArchiveFile *file)
{
    return file_value(archive, file, TRUE);
}

/* The indexer */

static json_t *work_value(const ArchiveWork *work, gboolean is_alive, gint64 now_unix)
{
    if (!work->started_unix)
        return json_null();
    json_t *object = json_object();
    gint64 seconds = MAX((work->ended_unix ? work->ended_unix : now_unix) - work->started_unix, 1);
    gboolean is_under_way = is_alive && !work->ended_unix;
    gint64 left = is_under_way && work->done > 0 && work->done < work->total
                      ? seconds * (work->total - work->done) / work->done
                      : 0;
    json_object_set_new(object, "under_way", json_boolean(is_under_way));
    json_object_set_new(object, "started", result_time(work->started_unix));
    json_object_set_new(object, "ended", result_time(work->ended_unix));
    json_object_set_new(object, "total", json_integer(work->total));
    json_object_set_new(object, "done", json_integer(work->done));
    json_object_set_new(object, "failed", json_integer(work->failed));
    json_object_set_new(object, "removed", json_integer(work->removed));
    json_object_set_new(object, "pages", json_integer((json_int_t)work->pages));
    json_object_set_new(object, "pages_per_second",
                        json_integer((json_int_t)(work->pages / (guint64)seconds)));
    json_object_set_new(object, "reading", result_text(is_under_way ? work->reading : NULL));
    json_object_set_new(object, "reading_since",
                        result_time(is_under_way && work->reading ? work->reading_unix : 0));
    json_object_set_new(object, "expected_end", result_time(left ? now_unix + left : 0));
    return object;
}

json_t *status_indexer(const ArchiveWork *work, gint64 now_unix)
{
    gboolean is_alive = archive_work_is_alive(work, now_unix);
    gint64 seen = work->stopped_unix ? work->stopped_unix : work->seen_unix;
    json_t *object = json_object();
    json_object_set_new(object, "running", json_boolean(is_alive));
    json_object_set_new(object, "watching", json_boolean(is_alive && work->is_watching));
    json_object_set_new(object, "disk_full", json_boolean(is_alive && work->is_full));
    json_object_set_new(object, "began", result_time(work->began_unix));
    json_object_set_new(object, "seen", result_time(work->began_unix ? seen : 0));
    json_object_set_new(object, "work", work_value(work, is_alive, now_unix));
    return object;
}

json_t *status_outcomes(const guint counts[OUTCOME_COUNT])
{
    json_t *object = json_object();
    for (guint i = 0; i < OUTCOME_COUNT; i++)
        json_object_set_new(object, file_outcome_name((FileOutcome)i), json_integer(counts[i]));
    return object;
}
