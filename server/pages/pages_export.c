/* All documents of a search as a file: /search.csv, .jsonl, .bib, .ris. See pages.h.
 *
 * Which documents, in what order, is found at once; they are loaded while the answer is sent, a
 * piece at a time, each with a searcher that is given back before the client is waited for: a slow
 * client holds some bytes a document, but neither the archive nor its text. A document that went
 * away meanwhile is left out. One whose pages take too long to find breaks the answer off: nothing
 * is left out that a reader would not notice. */
#include <string.h>
#include <time.h>

#include "../answers/export.h"
#include "../answers/origin.h"
#include "../answers/parameters.h"
#include "../answers/plain.h"
#include "../limits.h"
#include "page.h"
#include "pages.h"

enum {
    PIECE_BYTES = 16 * 1024, /* made between two looks at the client */
    NAME_BYTES = 60,         /* of the question in the file's name */
};

/* What is still to be sent. */
typedef struct {
    Service *service;
    ExportForm form;
    Query *query;
    SearchRows *rows;
    guint at;
    gboolean is_counted; /* among those under way */
    gboolean is_begun;
    gboolean is_ranked; /* the question has words, so that pages answer it */
    char *typed;
    char *origin;
    char *kind_label[KIND_COUNT];
    char separator;
    gint64 began_unix;
    gint64 worked_us; /* by a processor, for all pieces so far */
} Export;

static void export_free(gpointer source)
{
    Export *export = source;
    if (export->is_counted)
        service_end_export(export->service);
    query_free(export->query);
    search_rows_free(export->rows);
    g_free(export->typed);
    g_free(export->origin);
    for (int kind = 0; kind < KIND_COUNT; kind++)
        g_free(export->kind_label[kind]);
    g_free(export);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Export, export_free)

/* A document that is no longer there is no error. */
static gboolean append_row(const Export *export, Searcher *searcher, GString *piece)
{
    g_autoptr(GError) error = NULL;
    gboolean with_hits = export->is_ranked && export_has_hits(export->form);
    g_autoptr(SearchItem) item =
        searcher_item(searcher, export->rows, export->at, export->query, with_hits, &error);
    if (!item)
        return error == NULL;
    g_autoptr(GArray) pages =
        with_hits ? searcher_pages(searcher, export->query, item->document->row, &error) : NULL;
    if (error)
        return FALSE;
    ExportRecord record = {
        .item = item,
        .pages = pages,
        .query = export->query,
        .typed = export->typed,
        .origin = export->origin,
        .kind_label = export->kind_label[item->document->card->kind],
        .accessed_unix = export->began_unix,
        .separator = export->separator,
    };
    export_record(piece, export->form, &record);
    return TRUE;
}

/* What this thread has had of a processor: other programs' share is not the export's fault. */
static gint64 processor_us(void)
{
    struct timespec spent = {0};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return (gint64)spent.tv_sec * G_USEC_PER_SEC + spent.tv_nsec / 1000;
}

static gboolean append_rows(Export *export, GString *piece)
{
    Searcher *searcher = service_borrow_patiently(export->service, NULL);
    gboolean is_sound = searcher != NULL;
    gint64 began_us = g_get_monotonic_time(), took_us = 0, worked_us = processor_us();
    while (is_sound && export->at < export->rows->rows->len && piece->len < PIECE_BYTES &&
           took_us < EXPORT_PIECE_MS * G_TIME_SPAN_MILLISECOND) {
        is_sound = append_row(export, searcher, piece) && !searcher_is_timed_out(searcher);
        took_us = g_get_monotonic_time() - began_us;
        export->at++;
    }
    if (searcher)
        service_return(export->service, searcher);
    export->worked_us += processor_us() - worked_us;
    return is_sound && export->worked_us < EXPORT_WORK_SECONDS * G_TIME_SPAN_SECOND;
}

static gboolean export_next(gpointer source, GString *piece)
{
    Export *export = source;
    if (!export->is_begun)
        export_begin(piece, export->form, export->separator);
    export->is_begun = TRUE;
    return export->at == export->rows->rows->len || append_rows(export, piece);
}

static gboolean has_ranked(const Query *query)
{
    const GPtrArray *concepts = query_concepts(query);
    for (guint i = 0; i < concepts->len; i++)
        if (((const QueryConcept *)concepts->pdata[i])->is_ranked)
            return TRUE;
    return FALSE;
}

static void set_labels(Export *export, const Page *page)
{
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (kind != KIND_OTHER)
            export->kind_label[kind] = page_word(page, "kind_", kind_name((Kind)kind), NULL);
}

/* Which documents; they are all of them or none. FALSE and `error`. */
static gboolean find_rows(Export *export, SearchRequest *search, Searcher *searcher, GError **error)
{
    search->query = export->query;
    export->rows = searcher_rows(searcher, search, error);
    return export->rows && !(export->rows->is_timed_out && trouble_costly(error));
}

/* A searcher, if one more export may begin. */
static Searcher *begin(Export *export, GError **error)
{
    export->is_counted = service_begin_export(export->service);
    if (export->is_counted)
        return service_borrow_patiently(export->service, error);
    g_set_error_literal(error, TROUBLE_ERROR, TROUBLE_BUSY, "too many exports are under way");
    return NULL;
}

/* NULL and `error` when the archive cannot be read, too many exports are under way, or the question
 * takes too long. */
static Export *export_new(const Page *page, SearchRequest *search, ExportForm form, char separator,
                          GError **error)
{
    const HttpRequest *request = page->request;
    g_autoptr(Export) export = g_new0(Export, 1);
    export->service = page->service;
    export->form = form;
    export->separator = separator;
    export->began_unix = g_get_real_time() / G_USEC_PER_SEC;
    export->typed = g_strdup(parameters_query(request));
    export->origin = origin_of(request, page->service);
    set_labels(export, page);
    Searcher *searcher = begin(export, error);
    if (!searcher)
        return NULL;
    export->query = parameters_question(request, service_vocabulary(page->service),
                                        searcher_analyser(searcher));
    export->is_ranked = has_ranked(export->query);
    gboolean is_found = find_rows(export, search, searcher, error);
    service_return(page->service, searcher);
    return is_found ? g_steal_pointer(&export) : NULL;
}

/* "schedario-acqua-e-fiumi-2026-11-21.csv". */
static char *file_name(const Export *export)
{
    g_autofree char *asked = plain_slug(export->typed, NAME_BYTES);
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(export->began_unix);
    g_autofree char *day = g_date_time_format(now, "%Y-%m-%d");
    return g_strdup_printf("schedario-%s%s%s.%s", asked, *asked ? "-" : "", day,
                           export_ending(export->form));
}

static HttpResponse *file_response(Export *export, const char *language)
{
    g_autofree char *name = file_name(export);
    g_autofree char *disposition = g_strdup_printf("attachment; filename=\"%s\"", name);
    HttpStream stream = {export_next, export_free, export};
    HttpResponse *response = http_response_new_stream(export_media_type(export->form), stream);
    http_response_header(response, "Content-Disposition", disposition);
    http_response_header(response, "Content-Language", language);
    http_response_header(response, "Vary", "Accept-Language");
    http_response_header(response, "X-Robots-Tag", "noindex, nofollow");
    return response;
}

/* The parameter "separator"; FALSE when it is none. */
static gboolean read_separator(const HttpRequest *request, char *ret_separator)
{
    const char *name = http_parameter(request, "separator");
    *ret_separator = g_strcmp0(name, "semicolon") == 0 ? ';' : ',';
    return !name || !*name || *ret_separator == ';' || strcmp(name, "comma") == 0;
}

static HttpResponse *export_answer(const HttpRequest *request, Service *service, ExportForm form)
{
    GError *error = NULL;
    char separator;
    SearchRequest search = {.sort = SORT_RELEVANCE};
    if (!parameters_of_search(request, &search, &error) || !read_separator(request, &separator))
        return page_bad_value(request, service, error);
    g_auto(Page) page;
    page_init(&page, request, service, "search", FALSE);
    Export *export = export_new(&page, &search, form, separator, &error);
    return export ? file_response(export, page.language)
                  : page_unavailable(request, service, error);
}

HttpResponse *pages_csv(const HttpRequest *request, gpointer service)
{
    return export_answer(request, service, EXPORT_CSV);
}

HttpResponse *pages_jsonl(const HttpRequest *request, gpointer service)
{
    return export_answer(request, service, EXPORT_JSONL);
}

HttpResponse *pages_bibtex(const HttpRequest *request, gpointer service)
{
    return export_answer(request, service, EXPORT_BIBTEX);
}

HttpResponse *pages_ris(const HttpRequest *request, gpointer service)
{
    return export_answer(request, service, EXPORT_RIS);
}
