/* Pages about the archive itself: what became of each file, how to search, and errors. See pages.h.
 */
#include "pages.h"

#include <string.h>

#include "page.h"
#include "page_card.h"
#include "parameters.h"
#include "problem.h"
#include "result.h"
#include "wording.h"

enum { FILES_PER_PAGE = 50, REFRESH_SECONDS = 5 };

/* Which files the page lists: archive_list_files() takes the state's number. */
static const struct {
    const char *name; /* of the parameter "state" */
    int state;
} STATES[] = {
    {"", -1},
    {"failed", FILE_FAILED},
    {"indexed", FILE_INDEXED},
    {"pending", FILE_PENDING},
};

static int state_index(const HttpRequest *request)
{
    const char *name = http_parameter(request, "state");
    for (gsize i = 0; i < G_N_ELEMENTS(STATES); i++)
        if (strcmp(STATES[i].name, name ? name : "") == 0)
            return (int)i;
    return -1;
}

static guint state_total(const ArchiveCounts *counts, int state)
{
    switch (state) {
    case FILE_FAILED:
        return counts->failed;
    case FILE_INDEXED:
        return counts->indexed;
    case FILE_PENDING:
        return counts->pending;
    default:
        return counts->seen;
    }
}

static void set_states(const Page *page, const ArchiveCounts *counts, int chosen)
{
    json_t *list = json_array();
    for (gsize i = 0; i < G_N_ELEMENTS(STATES); i++) {
        json_t *object = json_object();
        Address address = address_begin("/status");
        address_pair(&address, "state", STATES[i].name);
        page_take_text(object, "address", page_address_take(page, &address));
        page_take_text(
            object, "label",
            page_word(page, "status_filter_", *STATES[i].name ? STATES[i].name : "all", NULL));
        page_take_text(object, "n", wording_number(page, state_total(counts, STATES[i].state)));
        page_set_text(object, "name", STATES[i].name);
        json_object_set_new(object, "is_current", json_boolean((int)i == chosen));
        json_array_append_new(list, object);
    }
    json_object_set_new(page->value, "states", list);
}

static void fill_file(const Page *page, json_t *file)
{
    const char *state = json_string_value(json_object_get(file, "state"));
    json_t *document = json_object_get(file, "document");
    g_autofree char *flag = g_strconcat("is_", state, NULL);
    page_take_text(file, "state_label", page_word(page, "state_", state, NULL));
    page_take_text(file, "time_label",
                   wording_time(page, wording_unix(json_object_get(file, "time"))));
    json_object_set_new(file, flag, json_true());
    page_card_fill_failure(page, json_object_get(file, "failure"));
    if (json_is_object(document))
        page_card_fill(page, document, "");
}

static json_t *make_files(const Page *page, Archive *archive, const GPtrArray *files)
{
    json_t *list = json_array();
    for (guint i = 0; i < files->len; i++) {
        const ArchiveFile *file = g_ptr_array_index(files, i);
        g_autoptr(ArchiveDocument) document =
            file->document ? archive_find_row(archive, file->document, NULL) : NULL;
        gboolean is_there = document && document->state != DOCUMENT_GONE;
        json_t *object = result_file(file, is_there ? document : NULL);
        fill_file(page, object);
        json_array_append_new(list, object);
    }
    return list;
}

/* While files are waiting, staff see what becomes of them; whoever reads at leisure stops it. */
static void set_refreshing(const Page *page, const ArchiveCounts *counts, guint number,
                           HttpResponse *response)
{
    const char *wish = http_parameter(page->request, "refresh");
    if (counts->pending == 0 || number > 1 || (wish && strcmp(wish, "no") == 0))
        return;
    g_autofree char *seconds = g_strdup_printf("%d", REFRESH_SECONDS);
    http_response_header(response, "Refresh", seconds);
}

static void set_counts(const Page *page, const ArchiveCounts *counts)
{
    json_t *value = page->value;
    const char *wish = http_parameter(page->request, "refresh");
    Address address = address_begin("/status");
    address_pairs_of(&address, page->request, "state", NULL, NULL);
    gboolean is_stopped = wish && strcmp(wish, "no") == 0;
    if (!is_stopped)
        address_pair(&address, "refresh", "no");
    page_take_text(value, "refresh_url", page_address_take(page, &address));
    json_object_set_new(value, "is_stopped", json_boolean(is_stopped));
    json_object_set_new(value, "has_pending", json_boolean(counts->pending > 0));
    json_object_set_new(value, "seen_count", wording_count(page, counts->seen));
    json_object_set_new(value, "indexed_count", wording_count(page, counts->indexed));
    json_object_set_new(value, "pending_count", wording_count(page, counts->pending));
    json_object_set_new(value, "failed_count", wording_count(page, counts->failed));
    json_object_set_new(value, "documents_count", wording_count(page, counts->documents));
    json_object_set_new(value, "pages_count", wording_count(page, counts->pages));
    page_take_text(value, "compared", wording_time(page, counts->compared_unix));
}

static HttpResponse *status_response(Page *page, Searcher *searcher, int chosen, guint number,
                                     GError **error)
{
    ArchiveCounts counts;
    Archive *archive = searcher_archive(searcher);
    if (!archive_counts(archive, &counts, error))
        return NULL;
    guint offset = (number - 1) * FILES_PER_PAGE;
    g_autoptr(GPtrArray) files =
        archive_list_files(archive, STATES[chosen].state, FILES_PER_PAGE, offset, error);
    if (!files)
        return NULL;
    json_object_set_new(page->value, "files", make_files(page, archive, files));
    json_object_set_new(page->value, "has_files", json_boolean(files->len > 0));
    set_counts(page, &counts);
    set_states(page, &counts, chosen);
    page_set_pager(page, "/status", "state refresh", number,
                   state_total(&counts, STATES[chosen].state), FILES_PER_PAGE);
    HttpResponse *response = page_response(page, 200, "status");
    set_refreshing(page, &counts, number, response);
    return response;
}

HttpResponse *pages_status(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    guint number = 1;
    int chosen = state_index(request);
    if (chosen < 0 || !page_number(request, &number, &error))
        return page_bad_value(request, service, error);
    g_auto(Page) page;
    page_init(&page, request, service, "status", TRUE);
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return page_unavailable(request, service, error);
    HttpResponse *response = status_response(&page, searcher, chosen, number, &error);
    service_return(service, searcher);
    return response ? response : page_unavailable(request, service, error);
}

/* Help */

/* The syntax, one example in each language; the words beside them are the messages help_KEY. */
static const struct {
    const char *key;
    const char *typed[2]; /* Italian, English */
} SYNTAX[] = {
    {"words", {"cooperazione giovani", "international cooperation"}},
    {"phrase", {"\"diritti umani\"", "\"human rights\""}},
    {"exclude", {"acqua -fiume", "water -river"}},
    {"or", {"migranti O rifugiati", "migrants OR refugees"}},
    {"group", {"(acqua O energia) comune", "title:(statute OR charter)"}},
    {"near", {"cooperazione VICINO comuni", "climate NEAR/3 change"}},
    {"prefix", {"cooperat*", "sustainab*"}},
    {"number", {"125/2014", "\"law 125/2014\""}},
    {"title", {"titolo:statuto", "title:plan"}},
    {"language", {"lingua:it clima", "lang:en climate"}},
    {"kind", {"tipo:programma", "kind:programme"}},
    {"year", {"anno:2018..2021", "year:>=2018"}},
    {"body", {"ente:anci", "body:municipality"}},
    {"collection", {"raccolta:statuti", "collection:programmi"}},
    {"theme", {"tema:migrazioni", "theme:resilience"}},
    {"area", {"area:mediterraneo", "area:mediterranean"}},
};

static json_t *make_example(const Page *page, const char *typed, const char *language)
{
    json_t *object = json_object();
    page_set_text(object, "typed", typed);
    page_set_text(object, "text_lang", language);
    page_take_text(object, "address", page_search_link(page, typed));
    return object;
}

HttpResponse *pages_help(const HttpRequest *request, gpointer service)
{
    g_auto(Page) page;
    page_init(&page, request, service, "help", TRUE);
    json_t *rows = json_array();
    for (gsize i = 0; i < G_N_ELEMENTS(SYNTAX); i++) {
        json_t *object = json_object();
        page_take_text(object, "name", page_word(&page, "help_name_", SYNTAX[i].key, NULL));
        page_take_text(object, "meaning", page_word(&page, "help_meaning_", SYNTAX[i].key, NULL));
        json_object_set_new(object, "examples",
                            json_pack("[o, o]", make_example(&page, SYNTAX[i].typed[0], "it"),
                                      make_example(&page, SYNTAX[i].typed[1], "en")));
        json_array_append_new(rows, object);
    }
    json_object_set_new(page.value, "syntax", rows);
    return page_response(&page, 200, "help");
}

/* Errors */

HttpResponse *pages_error(guint status, const char *detail, gboolean is_api,
                          const HttpRequest *request, gpointer service)
{
    if (is_api)
        return problem_response(status, detail, NULL);
    return page_error(request, service, status);
}
