/* See indexing_private.h: sidecars, and the cards that are made anew because of them.
 *
 * A document's card speaks of its first path and of what that path's sidecar says. When either
 * changes, the card is made again from what the archive holds; the document is not read again.
 */
#include "indexing_private.h"

#include <string.h>
#include <unistd.h>

#include "document.h"

enum { SIDECAR_MAX_BYTES = 64 * 1024 };

static const char SUFFIX[] = ".ini";

/* Of a sidecar with a mistake (failure.h). */
static const char REASON_SIDECAR[] = "sidecar";

static GBytes *read_small(const Indexing *indexing, const char *path)
{
    int fd = corpus_open_file(indexing->corpus, path);
    if (fd < 0)
        return NULL;
    GByteArray *content = g_byte_array_new();
    guint8 part[4096];
    gssize count;
    while (content->len <= SIDECAR_MAX_BYTES && (count = read(fd, part, sizeof part)) > 0)
        g_byte_array_append(content, part, (guint)count);
    close(fd);
    return g_byte_array_free_to_bytes(content);
}

Sidecar *indexing_read_sidecar(const Indexing *indexing, const char *path, GError **error)
{
    g_autofree char *name = g_strconcat(path, SUFFIX, NULL);
    g_autoptr(GBytes) content = read_small(indexing, name);
    if (!content)
        return NULL;
    gsize length = 0;
    const char *bytes = g_bytes_get_data(content, &length);
    return sidecar_parse(bytes ? bytes : "", length, error);
}

gboolean indexing_refresh_card(Indexing *indexing, gint64 row, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(ArchiveDocument) document = archive_find_row(indexing->archive, row, &fault);
    if (fault) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return FALSE;
    }
    if (!document)
        return TRUE;
    g_autoptr(GPtrArray) paths = archive_paths(indexing->archive, row, error);
    if (!paths)
        return FALSE;
    if (paths->len == 0 || document->state == DOCUMENT_GONE)
        return TRUE;
    GString *pages = archive_pages(indexing->archive, row, 0, DOCUMENT_CARD_PAGES, &fault);
    if (fault) { /* a card of no text would be a wrong one */
        g_propagate_error(error, g_steal_pointer(&fault));
        return FALSE;
    }
    g_autoptr(GString) marked = pages ? pages : g_string_new(NULL);
    const char *path = g_ptr_array_index(paths, 0);
    g_autoptr(Sidecar) sidecar = indexing_read_sidecar(indexing, path, NULL);
    return !document_make_card(document, marked, path, sidecar) ||
           archive_put_card(indexing->archive, document, error);
}

gboolean indexing_is_sidecar_row(const ArchiveFile *known)
{
    return known->state == FILE_SIDECAR ||
           (known->state == FILE_FAILED && g_strcmp0(known->reason, REASON_SIDECAR) == 0);
}

/* The path of the document that a sidecar speaks of. */
static char *path_spoken_of(const char *sidecar_path)
{
    return g_strndup(sidecar_path, strlen(sidecar_path) - strlen(SUFFIX));
}

gint64 indexing_sidecar_document(Indexing *indexing, const char *sidecar_path, GError **error)
{
    gint64 row = 0;
    g_autofree char *path = path_spoken_of(sidecar_path);
    archive_file_document(indexing->archive, path, &row, error);
    return row;
}

void indexing_deal_with_sidecar(Indexing *indexing, const CorpusEntry *entry)
{
    g_autoptr(GError) mistake = NULL;
    GError *error = NULL;
    g_autofree char *path = path_spoken_of(entry->path);
    g_autoptr(Sidecar) sidecar = indexing_read_sidecar(indexing, path, &mistake);
    g_autoptr(ArchiveFile) file =
        indexing_file_new(entry->path, &entry->stamp, sidecar ? FILE_SIDECAR : FILE_FAILED);
    if (!sidecar) {
        file->reason = g_strdup(REASON_SIDECAR);
        file->detail = g_strdup(mistake ? mistake->message : "it cannot be read");
    }
    if (!indexing_begin(indexing))
        return;
    gint64 row = indexing_sidecar_document(indexing, entry->path, &error);
    if (error || !archive_put_file(indexing->archive, file, &error) ||
        (row && !indexing_refresh_card(indexing, row, &error)))
        indexing_give_up(indexing, error);
    else
        indexing_report(indexing, file);
}
