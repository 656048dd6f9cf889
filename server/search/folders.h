/* Folders: the collections of a facet as a tree of folders, a part of bounded size at a time.
 *
 * A folder's documents are those in it and in all below it. Shown are as many levels as there is
 * room for; what lies deeper is counted, and shown when that folder is asked for. */
#ifndef SCHEDARIO_FOLDERS_H
#define SCHEDARIO_FOLDERS_H

#include <glib.h>
#include <jansson.h>

typedef struct {
    const char *path; /* borrowed from the facet */
    guint64 documents;
    guint hidden;          /* folders below it that are not shown */
    guint ends;            /* levels that end with it */
    gboolean has_children; /* that are shown, after it */
} Folder;

/* The folders below `in` ("": all) in the order of a walk through the tree, names as in a
 * dictionary. `counted`: the API's facet "collection". All levels that have no more than `most`
 * folders together; where the first alone has more, those from place `offset` on. `ret_total`: of
 * the first level in that case, else those returned. GArray of Folder, owned by the caller; valid
 * as long as `counted`. */
GArray *folders_below(const json_t *counted, const char *in, guint offset, guint most,
                      guint *ret_total);

#endif
