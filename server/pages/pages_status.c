/* The page for staff: what became of each file, and what the indexer is about. See pages.h; the
 * pages beside it are in pages_status_more.c.
 */
#include "pages.h"

#include <string.h>

#include "page.h"
#include "page_file.h"
#include "page_staff.h"
#include "status_files.h"
#include "wording.h"

enum { FILES_PER_PAGE = 50, REFRESH_SECONDS = 5, FOLDERS_OFFERED = 200 };

/* What the page is made of. */
typedef struct {
    ArchiveCounts counts;
    guint outcomes[OUTCOME_COUNT]; /* of the files of the folder and the words */
    ArchiveWork work;
    GPtrArray *files;
} Status;

static void status_clear(Status *status)
{
    archive_work_clear(&status->work);
    g_clear_pointer(&status->files, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Status, status_clear)

static gboolean status_read(Status *status, Archive *archive, const StatusFilter *filter,
                            guint number, GError **error)
{
    ArchiveFileFilter wanted = status_filter_of(filter);
    wanted.limit = FILES_PER_PAGE;
    wanted.offset = (number - 1) * FILES_PER_PAGE;
    if (!archive_counts(archive, &status->counts, error) ||
        !archive_count_outcomes(archive, filter->folder, filter->words, status->outcomes, error) ||
        !archive_work(archive, &status->work, error))
        return FALSE;
    status->files = archive_find_files(archive, &wanted, error);
    return status->files != NULL;
}

/* Tabs */

static void add_tab(const Page *page, json_t *list, const char *name, const char *value,
                    char *label, guint count, gboolean is_current)
{
    json_t *object = json_object();
    Address address = address_begin("/status");
    address_pair(&address, name, value);
    address_pairs_of(&address, page->request, "folder q", NULL, NULL);
    page_take_text(object, "address", page_address_take(page, &address));
    page_take_text(object, "label", label);
    page_take_text(object, "n", wording_number(page, count));
    json_object_set_new(object, "is_current", json_boolean(is_current));
    json_array_append_new(list, object);
}

static guint total_of(const StatusState *state, const guint counts[OUTCOME_COUNT])
{
    guint total = 0;
    for (guint i = state->first; i <= state->last; i++)
        total += counts[i];
    return total;
}

static void set_states(const Page *page, const StatusFilter *filter, const guint *counts)
{
    json_t *list = json_array();
    for (const StatusState *state = STATUS_STATES; state->name; state++) {
        gboolean is_current = !*filter->outcome && strcmp(filter->state, state->name) == 0;
        add_tab(page, list, "state", state->name,
                page_word(page, "status_filter_", *state->name ? state->name : "all", NULL),
                total_of(state, counts), is_current);
    }
    json_object_set_new(page->value, "states", list);
}

/* The outcomes that there are; those of a state that has only one stand there already. */
static void set_outcomes(const Page *page, const StatusFilter *filter, const guint *counts)
{
    json_t *list = json_array();
    for (guint i = OUTCOME_INDEXED; i < OUTCOME_REMOVED; i++) {
        const char *name = file_outcome_name((FileOutcome)i);
        gboolean is_current = strcmp(filter->outcome, name) == 0;
        if (counts[i] > 0 || is_current)
            add_tab(page, list, "outcome", name, page_word(page, "outcome_", name, NULL), counts[i],
                    is_current);
    }
    json_object_set_new(page->value, "outcomes", list);
    json_object_set_new(page->value, "has_outcomes", json_boolean(json_array_size(list) > 0));
}

/* Files */

static void set_files(const Page *page, Archive *archive, const GPtrArray *files)
{
    json_t *list = json_array();
    for (guint i = 0; i < files->len; i++) {
        json_t *object = status_file(archive, g_ptr_array_index(files, i));
        page_file_fill(page, object);
        json_array_append_new(list, object);
    }
    json_object_set_new(page->value, "files", list);
    json_object_set_new(page->value, "has_files", json_boolean(files->len > 0));
}

/* Folders that may be asked for; any other can be typed. */
static void set_folders(const Page *page, const Cards *cards)
{
    json_t *list = json_array();
    guint count = MIN(cards_collection_count(cards), FOLDERS_OFFERED);
    for (guint i = 0; i < count; i++) {
        const char *name = cards_collection(cards, (NameIndex)i);
        if (name && *name)
            json_array_append_new(list, json_string(name));
    }
    json_object_set_new(page->value, "folders", list);
}

static char *same_list(const Page *page, const char *path)
{
    Address address = address_begin(path);
    address_pairs_of(&address, page->request, STATUS_FILTERS, NULL, NULL);
    return page_address_take(page, &address);
}

static void set_filter(const Page *page, const StatusFilter *filter)
{
    json_t *value = page->value;
    Address clear = address_begin("/status");
    address_pairs_of(&clear, page->request, "state outcome", NULL, NULL);
    page_set_text(value, "state", filter->state);
    page_set_text(value, "outcome", filter->outcome);
    page_set_text(value, "folder", filter->folder);
    page_set_text(value, "words", filter->words);
    json_object_set_new(value, "is_narrowed", json_boolean(*filter->folder || *filter->words));
    page_take_text(value, "clear_url", page_address_take(page, &clear));
    page_take_text(value, "atom_url", same_list(page, "/status.atom"));
    page_take_text(value, "csv_url", same_list(page, "/status.csv"));
}

/* The indexer */

static const char *indexer_state(const json_t *indexer)
{
    if (json_is_null(json_object_get(indexer, "began")))
        return "never";
    if (!json_is_true(json_object_get(indexer, "running")))
        return "stopped";
    if (json_is_true(json_object_get(indexer, "disk_full")))
        return "full";
    return json_is_true(json_object_get(indexer, "watching")) ? "watching" : "running";
}

static void take_time(const Page *page, json_t *object, const char *key, const char *label)
{
    page_take_text(object, label, wording_time(page, wording_unix(json_object_get(object, key))));
}

static void fill_work(const Page *page, json_t *work)
{
    static const char *const NUMBERS[] = {"done",    "total", "failed",
                                          "removed", "pages", "pages_per_second"};
    for (gsize i = 0; i < G_N_ELEMENTS(NUMBERS); i++) {
        g_autofree char *key = g_strconcat(NUMBERS[i], "_count", NULL);
        guint64 number = (guint64)json_integer_value(json_object_get(work, NUMBERS[i]));
        json_object_set_new(work, key, wording_count(page, number));
    }
    take_time(page, work, "started", "started_label");
    take_time(page, work, "ended", "ended_label");
    take_time(page, work, "expected_end", "expected_label");
    take_time(page, work, "reading_since", "reading_label");
    json_object_set_new(work, "has_total",
                        json_boolean(json_integer_value(json_object_get(work, "total")) > 0));
}

static void set_indexer(const Page *page, const ArchiveWork *work)
{
    json_t *indexer = status_indexer(work, g_get_real_time() / G_USEC_PER_SEC);
    json_t *now = json_object_get(indexer, "work");
    const char *state = indexer_state(indexer);
    take_time(page, indexer, "seen", "seen_label");
    take_time(page, indexer, "began", "began_label");
    page_take_text(page->value, "indexer_says", page_word(page, "indexer_", state, indexer));
    json_object_set_new(page->value, "is_watched", json_boolean(strcmp(state, "watching") == 0));
    json_object_set_new(page->value, "is_unwatched",
                        json_boolean(strcmp(state, "stopped") == 0 || strcmp(state, "never") == 0 ||
                                     strcmp(state, "full") == 0));
    if (json_is_object(now)) {
        gboolean is_under_way = json_is_true(json_object_get(now, "under_way"));
        fill_work(page, now);
        json_object_set(page->value, is_under_way ? "present_work" : "last_work", now);
    }
    json_object_set_new(page->value, "indexer", indexer);
}

/* While something is under way, staff see what becomes of it; whoever reads at leisure stops it. */
static void set_refreshing(const Page *page, guint number, HttpResponse *response)
{
    const char *wish = http_parameter(page->request, "refresh");
    gboolean is_moving = json_is_true(json_object_get(page->value, "is_moving"));
    if (!is_moving || number > 1 || (wish && strcmp(wish, "no") == 0))
        return;
    g_autofree char *seconds = g_strdup_printf("%d", REFRESH_SECONDS);
    http_response_header(response, "Refresh", seconds);
}

/* Files that wait for an indexer that does not run will wait on. */
static void set_moving(const Page *page, const Status *status)
{
    json_t *value = page->value;
    const char *wish = http_parameter(page->request, "refresh");
    gboolean is_stopped = wish && strcmp(wish, "no") == 0;
    gboolean waits_in_vain =
        status->work.began_unix && json_is_true(json_object_get(value, "is_unwatched"));
    gboolean is_moving = !waits_in_vain && (status->counts.pending > 0 ||
                                            json_object_get(value, "present_work") != NULL);
    Address address = address_begin("/status");
    address_pairs_of(&address, page->request, STATUS_FILTERS, NULL, NULL);
    if (!is_stopped)
        address_pair(&address, "refresh", "no");
    page_take_text(value, "refresh_url", page_address_take(page, &address));
    json_object_set_new(value, "is_stopped", json_boolean(is_stopped));
    json_object_set_new(value, "is_moving", json_boolean(is_moving));
}

static void set_counts(const Page *page, const ArchiveCounts *counts)
{
    json_t *value = page->value;
    json_object_set_new(value, "seen_count", wording_count(page, counts->seen));
    json_object_set_new(value, "indexed_count", wording_count(page, counts->indexed));
    json_object_set_new(value, "pending_count", wording_count(page, counts->pending));
    json_object_set_new(value, "failed_count", wording_count(page, counts->failed));
    json_object_set_new(value, "documents_count", wording_count(page, counts->documents));
    json_object_set_new(value, "pages_count", wording_count(page, counts->pages));
    page_take_text(value, "compared", wording_time(page, counts->compared_unix));
}

static HttpResponse *status_response(Page *page, Searcher *searcher, const StatusFilter *filter,
                                     guint number, GError **error)
{
    g_auto(Status) status = {0};
    Archive *archive = searcher_archive(searcher);
    if (!status_read(&status, archive, filter, number, error))
        return NULL;
    page_set_staff_links(page, "files");
    set_files(page, archive, status.files);
    set_counts(page, &status.counts);
    set_states(page, filter, status.outcomes);
    set_outcomes(page, filter, status.outcomes);
    set_folders(page, searcher_cards(searcher));
    set_filter(page, filter);
    set_indexer(page, &status.work);
    set_moving(page, &status);
    page_set_pager(page, "/status", STATUS_FILTERS " refresh", number,
                   status_filter_total(filter, status.outcomes), FILES_PER_PAGE);
    HttpResponse *response = page_response(page, 200, "status");
    set_refreshing(page, number, response);
    return response;
}

HttpResponse *pages_status(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    guint number = 1;
    g_auto(StatusFilter) filter;
    if (!status_filter_read(request, &filter, &error) || !page_number(request, &number, &error))
        return page_bad_value(request, service, error);
    g_auto(Page) page;
    page_init(&page, request, service, "status", TRUE);
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return page_unavailable(request, service, error);
    HttpResponse *response = status_response(&page, searcher, &filter, number, &error);
    service_return(service, searcher);
    return response ? response : page_unavailable(request, service, error);
}
