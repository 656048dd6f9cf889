/* See rank.h. */
#include "rank.h"

#include "../indexer/fts5.h"

static const char POINTER_TYPE[] = "schedario_rank_visitor";

static int count_row(const Fts5ExtensionApi *api, Fts5Context *fts, void *data)
{
    (void)api;
    (void)fts;
    guint *count = data;
    (*count)++;
    return SQLITE_OK;
}

static int count_documents(const Fts5ExtensionApi *api, Fts5Context *fts, GArray *counts)
{
    int phrases = api->xPhraseCount(fts);
    g_array_set_size(counts, (guint)phrases);
    for (int phrase = 0; phrase < phrases; phrase++) {
        guint count = 0;
        int status = api->xQueryPhrase(fts, phrase, &count, count_row);
        if (status != SQLITE_OK)
            return status;
        g_array_index(counts, guint, phrase) = count;
    }
    return SQLITE_OK;
}

/* FTS5 keeps one piece of data for each statement's use of the function: that the counts are taken.
 */
static int prepare_counts(const Fts5ExtensionApi *api, Fts5Context *fts, RankVisitor *visitor)
{
    if (!visitor->document_counts || api->xGetAuxdata(fts, 0))
        return SQLITE_OK;
    int status = api->xSetAuxdata(fts, visitor, NULL);
    return status == SQLITE_OK ? count_documents(api, fts, visitor->document_counts) : status;
}

static int visit_phrase(const Fts5ExtensionApi *api, Fts5Context *fts, int phrase,
                        const RankVisitor *visitor)
{
    Fts5PhraseIter iter;
    RankHit hit = {.phrase = phrase};
    int status = api->xPhraseFirst(fts, phrase, &iter, &hit.column, &hit.position);
    if (status != SQLITE_OK)
        return status;
    for (; hit.column >= 0; api->xPhraseNext(fts, &iter, &hit.column, &hit.position))
        visitor->hit(&hit, visitor->data);
    return SQLITE_OK;
}

static void rank_row(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *context,
                     int count, sqlite3_value **values)
{
    RankVisitor *visitor = count == 1 ? sqlite3_value_pointer(values[0], POINTER_TYPE) : NULL;
    if (!visitor) {
        sqlite3_result_error(context, "schedario_rank: no visitor is bound", -1);
        return;
    }
    int status = prepare_counts(api, fts, visitor);
    gint64 row = api->xRowid(fts);
    if (status == SQLITE_OK && visitor->row(row, visitor->data)) {
        int phrases = api->xPhraseCount(fts);
        for (int phrase = 0; phrase < phrases && status == SQLITE_OK; phrase++)
            status = visit_phrase(api, fts, phrase, visitor);
        if (status == SQLITE_OK)
            visitor->row_end(row, visitor->data);
    }
    if (status != SQLITE_OK)
        sqlite3_result_error_code(context, status);
}

gboolean rank_register(sqlite3 *db)
{
    fts5_api *api = fts5_api_of(db);
    return api && api->xCreateFunction(api, "schedario_rank", NULL, rank_row, NULL) == SQLITE_OK;
}

void rank_bind(sqlite3_stmt *statement, int index, RankVisitor *visitor)
{
    sqlite3_bind_pointer(statement, index, visitor, POINTER_TYPE, NULL);
}
