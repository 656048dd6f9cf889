/* See lookup.h. */
#include "lookup.h"

#include <string.h>

/* Followed at most: more than the changes of a file that is edited daily for years, and an end
 * where the archive is damaged. */
enum { SUCCESSORS = 2000 };

void lookup_release(Lookup *lookup)
{
    archive_document_free(lookup->document);
    if (lookup->paths)
        g_ptr_array_unref(lookup->paths);
    g_free(lookup->successor);
}

static gboolean is_id(const char *id)
{
    return strlen(id) == ARCHIVE_ID_LENGTH && strspn(id, "0123456789abcdef") == ARCHIVE_ID_LENGTH;
}

/* The living document at the end of the chain, as an id; NULL when the chain ends in a gone one. */
static char *living_successor(Archive *archive, const char *first, GError **error)
{
    g_autofree char *id = g_strdup(first);
    for (int i = 0; id && i < SUCCESSORS; i++) {
        g_autoptr(ArchiveDocument) document = archive_find_document(archive, id, error);
        if (!document)
            return NULL;
        if (document->state != DOCUMENT_GONE)
            return g_steal_pointer(&id);
        g_free(id);
        id = g_strdup(document->successor);
    }
    return NULL;
}

LookupOutcome lookup_document(Searcher *searcher, const char *id, Lookup *ret_lookup,
                              GError **error)
{
    g_autoptr(GError) fault = NULL;
    Archive *archive = searcher_archive(searcher);
    *ret_lookup = (Lookup){0};
    if (!is_id(id))
        return LOOKUP_ABSENT;
    ret_lookup->document = archive_find_document(archive, id, &fault);
    if (ret_lookup->document)
        ret_lookup->paths = archive_paths(archive, ret_lookup->document->row, &fault);
    gboolean is_gone = ret_lookup->document && ret_lookup->document->state == DOCUMENT_GONE;
    if (is_gone && !fault)
        ret_lookup->successor = living_successor(archive, ret_lookup->document->successor, &fault);
    if (fault) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return LOOKUP_FAILED;
    }
    if (!ret_lookup->document)
        return LOOKUP_ABSENT;
    return is_gone ? LOOKUP_GONE : LOOKUP_FOUND;
}

GString *lookup_page(Searcher *searcher, const ArchiveDocument *document, guint page,
                     GError **error)
{
    if (page == 0 || page > document->page_count)
        return NULL;
    return archive_pages(searcher_archive(searcher), document->row, page - 1, 1, error);
}

GString *lookup_page_seen(Searcher *searcher, const ArchiveDocument *document, guint page,
                          GError **error)
{
    if (document->state == DOCUMENT_FAILED)
        return page > 0 && page <= document->page_count ? g_string_new(NULL) : NULL;
    return lookup_page(searcher, document, page, error);
}
