/* See indexing_private.h: folders whose file system is not there.
 *
 * Where a file system was mounted, its absence leaves an empty folder, which must not look as if
 * staff had removed every document. Two signs tell them apart: the corpus is empty and is not the
 * folder (device and inode) that the archive was made from; or files stood on a file system of
 * their own below the corpus (their device was not the corpus's), and none is mounted there now.
 * Devices are only compared with those noted at the same time, since the system may number them
 * anew whenever it starts.
 */
#include "indexing_private.h"

#include <string.h>

typedef struct {
    guint64 device;
    guint64 inode;
    gboolean is_known;
} Origin;

static gboolean read_origin(const Indexing *indexing, Origin *ret_origin, GError **error)
{
    GError *fault = NULL;
    *ret_origin = (Origin){0};
    ret_origin->is_known =
        archive_corpus(indexing->archive, &ret_origin->device, &ret_origin->inode, &fault);
    if (!fault)
        return TRUE;
    g_propagate_error(error, fault);
    return FALSE;
}

static void mark(const Indexing *indexing, CorpusScan *scan, char *folder)
{
    g_ptr_array_add(scan->unreadable, folder);
    indexing->listener.left(folder, LEFT_VANISHED, indexing->listener.data);
}

static gboolean is_mounted(const CorpusScan *scan, const char *path)
{
    for (guint i = 0; i < scan->mounts->len; i++)
        if (g_str_has_prefix(path, g_ptr_array_index(scan->mounts, i)))
            return TRUE;
    return FALSE;
}

/* The uppermost folder on the way to a path in which the scan found nothing. Owned by the caller.
 */
static char *empty_folder(const CorpusScan *scan, const char *path)
{
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        g_autofree char *folder = g_strndup(path, (gsize)(slash - path) + 1);
        GHashTableIter iter;
        gpointer key;
        gboolean is_empty = TRUE;
        g_hash_table_iter_init(&iter, scan->entries);
        while (is_empty && g_hash_table_iter_next(&iter, &key, NULL))
            is_empty = !g_str_has_prefix(key, folder);
        if (is_empty)
            return g_steal_pointer(&folder);
    }
    return NULL;
}

static void mark_mounts(const Indexing *indexing, CorpusScan *scan, GHashTable *known,
                        const Origin *origin)
{
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, known);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const ArchiveFile *file = value;
        if (file->stamp.device == origin->device || g_hash_table_contains(scan->entries, key) ||
            is_mounted(scan, key) || !corpus_scan_covers(scan, key))
            continue;
        char *folder = empty_folder(scan, key);
        if (folder)
            mark(indexing, scan, folder);
    }
}

gboolean indexing_mark_vanished(Indexing *indexing, CorpusScan *scan, GHashTable *known,
                                GError **error)
{
    Origin origin;
    if (!scan->inode)
        return TRUE;
    if (!read_origin(indexing, &origin, error))
        return FALSE;
    gboolean is_same =
        origin.is_known && origin.device == scan->device && origin.inode == scan->inode;
    if (!indexing->believes_empty && !is_same && g_hash_table_size(scan->entries) == 0 &&
        g_hash_table_size(known) > 0 && scan->unreadable->len == 0) {
        mark(indexing, scan, g_strdup(""));
        return TRUE;
    }
    if (!indexing->believes_empty && origin.is_known)
        mark_mounts(indexing, scan, known, &origin);
    return is_same || archive_note_corpus(indexing->archive, scan->device, scan->inode, error);
}
