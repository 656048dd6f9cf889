/* See cited.h. */
#include "cited.h"

#include <string.h>

#include "origin.h"
#include "result.h"

static const double NEARLY_ALL = 0.9;

const char *cited_language(const double share[LANGUAGE_COUNT])
{
    for (int i = LANGUAGE_ITALIAN; i < LANGUAGE_COUNT; i++)
        if (share[i] >= NEARLY_ALL)
            return language_code((Language)i);
    return NULL;
}

void cited_init(Cited *cited, const ArchiveDocument *document, const char *origin, guint number,
                const char *kind_label, gint64 accessed_unix)
{
    const Catalogue *card = document->card;
    g_autofree char *whole = result_document_address(document->id, 0, NULL);
    g_autofree char *place = result_document_address(document->id, number, NULL);
    g_autofree char *file = g_strconcat(whole, "/file", NULL);
    gboolean is_pdf = g_strcmp0(document->media_type, "application/pdf") == 0;
    cited->address = origin_address(origin, place);
    cited->file = is_pdf ? origin_address(origin, file) : NULL;
    cited->citation = (Citation){
        .id = document->id,
        .title = card->title,
        .body = card->body,
        .year = card->year,
        .kind = card->kind,
        .kind_label = kind_label,
        .language = cited_language(document->share),
        .address = cited->address,
        .file = cited->file,
        .page = number,
        .page_count = document->page_count,
        .accessed_unix = accessed_unix,
    };
}

void cited_release(Cited *cited)
{
    g_clear_pointer(&cited->address, g_free);
    g_clear_pointer(&cited->file, g_free);
}
