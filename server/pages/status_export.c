/* What became of files, as a feed (Atom, RFC 4287) and as a table for spreadsheets (csv.h). See
 * pages.h.
 *
 * The feed tells of what is done, not of what waits: a file that waits will be news when something
 * has become of it. Its entries have ids made of path and time, so that a file that changes is news
 * again.
 */
#include <string.h>

#include "../answers/csv.h"
#include "../answers/origin.h"
#include "../answers/result.h"
#include "../http/http_send.h"
#include "feed.h"
#include "page_file.h"
#include "pages.h"
#include "status_files.h"

enum { ENTRIES = 50, ROWS_AT_ONCE = 200 };

/* The feed */

static void take_address(json_t *object, const char *key, const char *origin, char *path)
{
    page_take_text(object, key, origin_address(origin, path));
    g_free(path);
}

/* RFC 9562, 5.8: a UUID made of a text in a way of our own. */
static char *uuid_of(const char *text)
{
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    return g_strdup_printf("urn:uuid:%.8s-%.4s-8%.3s-8%.3s-%.12s", sum, sum + 8, sum + 12, sum + 15,
                           sum + 18);
}

static json_t *make_entry(const Page *page, Archive *archive, const ArchiveFile *file,
                          const char *origin)
{
    json_t *object = status_file_brief(archive, file);
    g_autofree char *key =
        g_strdup_printf("%s%c%" G_GINT64_FORMAT, file->path, '\n', file->changed_unix);
    const char *id = json_string_value(json_object_get(json_object_get(object, "document"), "id"));
    Address list = address_begin("/status");
    g_autofree char *other = page_address_take(page, &list);
    page_file_fill(page, object);
    page_take_text(object, "entry_id", uuid_of(key));
    take_address(object, "link", origin,
                 id ? page_document_link(page, id, 0, NULL) : g_steal_pointer(&other));
    return object;
}

static char *same_list(const Page *page, const char *path)
{
    Address address = address_begin(path);
    address_pairs_of(&address, page->request, STATUS_FILTERS, NULL, NULL);
    return page_address_take(page, &address);
}

static gint64 fill_feed(const Page *page, Archive *archive, const GPtrArray *files)
{
    g_autofree char *origin = origin_of(page->request, page->service);
    g_autofree char *self = same_list(page, "/status.atom");
    json_t *list = json_array();
    gint64 newest = 0;
    for (guint i = 0; i < files->len; i++) {
        const ArchiveFile *file = files->pdata[i];
        newest = MAX(newest, file->changed_unix);
        json_array_append_new(list, make_entry(page, archive, file, origin));
    }
    json_object_set_new(page->value, "files", list);
    page_take_text(page->value, "feed_id", uuid_of(self));
    take_address(page->value, "self_link", origin, g_strdup(self));
    take_address(page->value, "page_link", origin, same_list(page, "/status"));
    json_object_set_new(page->value, "updated", result_time(MAX(newest, 1)));
    return newest;
}

HttpResponse *pages_status_feed(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    g_auto(StatusFilter) filter;
    if (!status_filter_read(request, &filter, &error))
        return page_bad_value(request, service, error);
    ArchiveFileFilter wanted = status_filter_of(&filter);
    wanted.limit = ENTRIES;
    if (wanted.first == OUTCOME_PENDING && wanted.last != OUTCOME_PENDING)
        wanted.first = OUTCOME_INDEXED;
    g_auto(Page) page;
    page_init(&page, request, service, "status", TRUE);
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return page_unavailable(request, service, error);
    Archive *archive = searcher_archive(searcher);
    g_autoptr(GPtrArray) files = archive_find_files(archive, &wanted, &error);
    gint64 newest = files ? fill_feed(&page, archive, files) : 0;
    service_return(service, searcher);
    return files ? feed_response(&page, "status_feed", newest)
                 : page_unavailable(request, service, error);
}

/* The table */

static const char *const COLUMNS[] = {
    "path",     "outcome", "what",         "explanation",       "since",  "size_bytes",
    "document", "title",   "duplicate_of", "previous_document", "address"};

/* Rows are fetched a few hundred at a time, each time after the last one that was sent, so that
 * what changes meanwhile is neither sent twice nor keeps the archive's old state alive. */
typedef struct {
    Page page; /* for its words; its request lives as long as the answer */
    char *origin;
    char *folder;
    char *words;
    ArchiveFileFilter filter;
    char *after_path; /* of the last row; NULL: none yet */
    char separator;
    gboolean is_ended;
} Table;

static void table_free(gpointer data)
{
    Table *table = data;
    page_release(&table->page);
    g_free(table->origin);
    g_free(table->folder);
    g_free(table->words);
    g_free(table->after_path);
    g_free(table);
}

static const char *member(const json_t *file, const char *object, const char *key)
{
    return json_string_value(json_object_get(json_object_get(file, object), key));
}

static void append_row(const Table *table, Archive *archive, const ArchiveFile *file, GString *out)
{
    json_t *value = status_file_brief(archive, file);
    const char *url = member(value, "document", "url");
    g_autofree char *address = url ? origin_address(table->origin, url) : NULL;
    page_file_fill(&table->page, value);
    CsvLine line = csv_line(out, table->separator);
    csv_text(&line, json_string_value(json_object_get(value, "path")));
    csv_text(&line, json_string_value(json_object_get(value, "outcome")));
    csv_text(&line, json_string_value(json_object_get(value, "outcome_label")));
    csv_text(&line, json_string_value(json_object_get(value, "says")));
    csv_text(&line, json_string_value(json_object_get(value, "time")));
    csv_number(&line, file->stamp.size_bytes);
    csv_text(&line, member(value, "document", "id"));
    csv_text(&line, member(value, "document", "title"));
    csv_text(&line, json_string_value(json_object_get(value, "duplicate_of")));
    csv_text(&line, member(value, "previous", "id"));
    csv_text(&line, address);
    csv_end(&line);
    json_decref(value);
}

static gboolean append_rows(Table *table, Archive *archive, GString *piece)
{
    g_autoptr(GPtrArray) files = archive_find_files(archive, &table->filter, NULL);
    if (!files)
        return FALSE;
    for (guint i = 0; i < files->len; i++)
        append_row(table, archive, files->pdata[i], piece);
    table->is_ended = files->len < ROWS_AT_ONCE;
    if (files->len == 0)
        return TRUE;
    const ArchiveFile *last = files->pdata[files->len - 1];
    g_free(table->after_path);
    table->after_path = g_strdup(last->path);
    table->filter.after_path = table->after_path;
    table->filter.before_unix = last->changed_unix;
    return TRUE;
}

static void append_head(const Table *table, GString *piece)
{
    CsvLine line = csv_line(piece, table->separator);
    g_string_append(piece, CSV_BEGINNING);
    for (gsize i = 0; i < G_N_ELEMENTS(COLUMNS); i++)
        csv_text(&line, COLUMNS[i]);
    csv_end(&line);
}

static gboolean table_next(gpointer source, GString *piece)
{
    Table *table = source;
    if (table->is_ended)
        return TRUE;
    if (!table->after_path)
        append_head(table, piece);
    Searcher *searcher = service_borrow(table->page.service, NULL);
    if (!searcher)
        return FALSE;
    gboolean is_sound = append_rows(table, searcher_archive(searcher), piece);
    service_return(table->page.service, searcher);
    return is_sound;
}

static Table *table_new(const Page *page, const StatusFilter *filter, char separator)
{
    Table *table = g_new0(Table, 1);
    table->page = (Page){.service = page->service,
                         .templates = template_set_ref(page->templates),
                         .request = page->request,
                         .language = page->language};
    table->origin = origin_of(page->request, page->service);
    table->folder = g_strdup(filter->folder);
    table->words = g_strdup(filter->words);
    table->filter = status_filter_of(filter);
    table->filter.folder = table->folder;
    table->filter.words = table->words;
    table->filter.limit = ROWS_AT_ONCE;
    table->separator = separator;
    return table;
}

static gboolean read_separator(const HttpRequest *request, char *ret_separator)
{
    const char *name = http_parameter(request, "separator");
    *ret_separator = g_strcmp0(name, "semicolon") == 0 ? ';' : ',';
    return !name || !*name || *ret_separator == ';' || strcmp(name, "comma") == 0;
}

HttpResponse *pages_status_csv(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    char separator;
    g_auto(StatusFilter) filter;
    if (!status_filter_read(request, &filter, &error) || !read_separator(request, &separator))
        return page_bad_value(request, service, error);
    Searcher *searcher = service_borrow(service, &error); /* to be told at once if it cannot be */
    if (!searcher)
        return page_unavailable(request, service, error);
    service_return(service, searcher);
    g_auto(Page) page;
    page_init(&page, request, service, "status", FALSE);
    HttpStream stream = {table_next, table_free, table_new(&page, &filter, separator)};
    HttpResponse *response =
        http_response_new_stream("text/csv; charset=utf-8; header=present", stream);
    http_response_header(response, "Content-Disposition",
                         "attachment; filename=\"schedario-status.csv\"");
    http_response_header(response, "Content-Language", page.language);
    http_response_header(response, "Vary", "Accept-Language");
    http_response_header(response, "X-Robots-Tag", "noindex, nofollow");
    return response;
}
