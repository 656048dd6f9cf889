/* See export.h. */
#include "export.h"

#include <jansson.h>
#include <string.h>

#include "cited.h"
#include "csv.h"
#include "origin.h"
#include "result.h"

static const struct {
    const char *ending;
    const char *media_type;
    gboolean has_hits;
} FORMS[EXPORT_FORMS] = {
    {"csv", "text/csv; charset=utf-8; header=present", TRUE},
    {"jsonl", "application/x-ndjson; charset=utf-8", TRUE},
    {"bib", "text/x-bibtex; charset=utf-8", FALSE},
    {"ris", "application/x-research-info-systems; charset=utf-8", FALSE},
};

const char *export_ending(ExportForm form)
{
    return FORMS[form].ending;
}

const char *export_media_type(ExportForm form)
{
    return FORMS[form].media_type;
}

gboolean export_has_hits(ExportForm form)
{
    return FORMS[form].has_hits;
}

/* Lists as one value, parted by "; " */

static void append_listed(GString *list, const char *text)
{
    g_string_append_printf(list, "%s%s", list->len > 0 ? "; " : "", text);
}

static char *languages_text(const ArchiveDocument *document)
{
    GString *list = g_string_new(NULL);
    for (int i = LANGUAGE_ITALIAN; i < LANGUAGE_COUNT; i++) {
        char share[G_ASCII_DTOSTR_BUF_SIZE];
        if (document->share[i] < 0.005)
            continue;
        append_listed(list, language_code((Language)i));
        g_string_append_printf(list, " %s",
                               g_ascii_formatd(share, sizeof share, "%.2f", document->share[i]));
    }
    return g_string_free(list, FALSE);
}

/* The ids of the document's themes, or of its areas. */
static json_t *topic_ids(const ArchiveDocument *document, gboolean are_areas)
{
    size_t i;
    json_t *topic, *ids = json_array(), *topics = json_loads(document->themes, 0, NULL);
    json_array_foreach(topics, i, topic)
    {
        json_t *id = json_object_get(topic, "id");
        if (json_is_string(id) && json_is_true(json_object_get(topic, "area")) == are_areas)
            json_array_append(ids, id);
    }
    json_decref(topics);
    return ids;
}

static char *topics_text(const ArchiveDocument *document, gboolean are_areas)
{
    size_t i;
    json_t *id, *ids = topic_ids(document, are_areas);
    GString *list = g_string_new(NULL);
    json_array_foreach(ids, i, id) append_listed(list, json_string_value(id));
    json_decref(ids);
    return g_string_free(list, FALSE);
}

static char *missing_text(const ExportRecord *record)
{
    GString *list = g_string_new(NULL);
    const GArray *missing = record->item->missing;
    for (guint i = 0; i < missing->len; i++) {
        const QueryConcept *concept =
            query_concepts(record->query)->pdata[g_array_index(missing, guint, i)];
        append_listed(list, concept->typed);
    }
    return g_string_free(list, FALSE);
}

static char *paths_text(const GPtrArray *paths)
{
    GString *list = g_string_new(NULL);
    for (guint i = 0; i < paths->len; i++)
        append_listed(list, paths->pdata[i]);
    return g_string_free(list, FALSE);
}

/* "3 (2); 7 (1)": two matches on page 3, one on page 7. */
static char *pages_text(const GArray *pages)
{
    GString *list = g_string_new(NULL);
    for (guint i = 0; pages && i < pages->len; i++) {
        const SearchPage *page = &g_array_index(pages, SearchPage, i);
        g_string_append_printf(list, "%s%u (%u)", i > 0 ? "; " : "", page->page, page->matches);
    }
    return g_string_free(list, FALSE);
}

static char *passage_text(const SearchHit *hit)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < hit->passage->segments->len; i++)
        g_string_append(text, g_array_index(hit->passage->segments, PassageSegment, i).text);
    return g_string_free(text, FALSE);
}

/* CSV */

static const char *const COLUMNS[] = {
    "id",         "address", "title",   "body",    "kind",           "year",         "languages",
    "collection", "themes",  "areas",   "pages",   "file",           "media_type",   "size_bytes",
    "indexed",    "score",   "partial", "missing", "matching_pages", "passage_page", "passage",
};

static void take_text(CsvLine *line, char *text)
{
    csv_text(line, text);
    g_free(text);
}

static void csv_known(CsvLine *line, gint64 number)
{
    if (number > 0)
        csv_number(line, number);
    else
        csv_text(line, NULL);
}

static void csv_card(CsvLine *line, const ExportRecord *record, const Citation *citation)
{
    const ArchiveDocument *document = record->item->document;
    json_t *indexed = result_time(document->indexed_unix);
    csv_text(line, document->id);
    csv_text(line, citation->address);
    csv_text(line, citation->title);
    csv_text(line, citation->body);
    csv_text(line, kind_name(citation->kind));
    csv_known(line, citation->year);
    take_text(line, languages_text(document));
    csv_text(line, document->card->collection);
    take_text(line, topics_text(document, FALSE));
    take_text(line, topics_text(document, TRUE));
    csv_number(line, document->page_count);
    take_text(line, paths_text(record->item->paths));
    csv_text(line, document->media_type);
    csv_number(line, document->size_bytes);
    csv_text(line, json_string_value(indexed));
    json_decref(indexed);
}

static void csv_answer(CsvLine *line, const ExportRecord *record)
{
    const GArray *hits = record->item->hits;
    const SearchHit *hit = hits && hits->len > 0 ? &g_array_index(hits, SearchHit, 0) : NULL;
    csv_real(line, record->item->score);
    csv_text(line, record->item->is_partial ? "yes" : "no");
    take_text(line, missing_text(record));
    take_text(line, pages_text(record->pages));
    csv_known(line, hit ? hit->page : 0);
    take_text(line, hit ? passage_text(hit) : NULL);
}

static void append_csv(GString *out, const ExportRecord *record, const Citation *citation)
{
    CsvLine line = csv_line(out, record->separator);
    csv_card(&line, record, citation);
    csv_answer(&line, record);
    csv_end(&line);
}

/* JSON lines */

static json_t *page_list(const GArray *pages)
{
    json_t *list = json_array();
    for (guint i = 0; pages && i < pages->len; i++) {
        const SearchPage *page = &g_array_index(pages, SearchPage, i);
        json_array_append_new(
            list, json_pack("{s:i, s:i}", "page", (int)page->page, "matches", (int)page->matches));
    }
    return list;
}

static void append_json(GString *out, const ExportRecord *record, const Citation *citation)
{
    const ArchiveDocument *document = record->item->document;
    json_t *object = result_item(record->item, record->query, record->typed);
    json_object_set_new(object, "address", json_string(citation->address));
    json_object_set_new(object, "themes", topic_ids(document, FALSE));
    json_object_set_new(object, "areas", topic_ids(document, TRUE));
    json_object_set_new(object, "media_type", result_text(document->media_type));
    json_object_set_new(object, "matching_pages", page_list(record->pages));
    char *text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(12));
    json_decref(object);
    g_string_append_printf(out, "%s\n", text);
    free(text);
}

/* Files */

void export_begin(GString *out, ExportForm form, char separator)
{
    if (form != EXPORT_CSV)
        return;
    CsvLine line = csv_line(out, separator);
    g_string_append(out, CSV_BEGINNING);
    for (gsize i = 0; i < G_N_ELEMENTS(COLUMNS); i++)
        csv_text(&line, COLUMNS[i]);
    csv_end(&line);
}

void export_record(GString *out, ExportForm form, const ExportRecord *record)
{
    g_auto(Cited) cited = {0};
    cited_init(&cited, record->item->document, record->origin, 0, record->kind_label,
               record->accessed_unix);
    switch (form) {
    case EXPORT_CSV:
        append_csv(out, record, &cited.citation);
        break;
    case EXPORT_JSONL:
        append_json(out, record, &cited.citation);
        break;
    case EXPORT_BIBTEX:
        citation_bibtex(&cited.citation, out);
        break;
    default:
        citation_ris(&cited.citation, out);
        break;
    }
}
