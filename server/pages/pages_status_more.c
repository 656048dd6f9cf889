/* Further pages for staff: documents without text, where cards come from, totals. See pages.h.
 */
#include <string.h>

#include "../../indexer/sidecar.h"
#include "../answers/result.h"
#include "../search/facets.h"
#include "../search/lookup.h"
#include "page.h"
#include "page_card.h"
#include "page_staff.h"
#include "pages.h"
#include "wording.h"

enum { DOCUMENTS_PER_PAGE = 50 };

/* Lists */

/* A choice of what a list shows, by a parameter. */
typedef struct {
    const char *name; /* "" for all */
    guint value;
} Choice;

static const Choice *choice_of(const HttpRequest *request, const char *parameter,
                               const Choice *choices, gsize count)
{
    const char *name = http_parameter(request, parameter);
    for (gsize i = 0; i < count; i++)
        if (strcmp(choices[i].name, name ? name : "") == 0)
            return &choices[i];
    return NULL;
}

/* One tab of a row of them; `others` are the parameters that it keeps. */
static json_t *make_tab(const Page *page, const char *parameter, const Choice *choice,
                        const char *others, const char *prefix)
{
    json_t *object = json_object();
    Address address = address_begin(page->request->path);
    address_pairs_of(&address, page->request, others, NULL, NULL);
    address_pair(&address, parameter, choice->name);
    page_take_text(object, "address", page_address_take(page, &address));
    page_take_text(object, "label",
                   page_word(page, prefix, *choice->name ? choice->name : "all", NULL));
    return object;
}

static json_t *make_document(const Page *page, Archive *archive, const ArchiveDocument *document)
{
    g_autoptr(GPtrArray) paths = archive_paths(archive, document->row, NULL);
    json_t *object = result_document(document, paths);
    page_card_fill(page, object, "");
    page_set_text(object, "path", paths && paths->len > 0 ? paths->pdata[0] : "");
    json_object_set_new(object, "is_failed", json_boolean(document->state == DOCUMENT_FAILED));
    return object;
}

/* Runs a page with a searcher: FALSE and `error` when the archive cannot be read. */
typedef gboolean (*Fill)(Page *page, Searcher *searcher, guint number, GError **error);

static HttpResponse *answer(const HttpRequest *request, Service *service, const char *name,
                            Fill fill)
{
    GError *error = NULL;
    guint number = 1;
    if (!page_number(request, &number, &error))
        return page_bad_value(request, service, error);
    g_auto(Page) page;
    page_init(&page, request, service, "status", TRUE);
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return page_unavailable(request, service, error);
    gboolean done = fill(&page, searcher, number, &error);
    service_return(service, searcher);
    g_autofree char *template = g_strconcat("status_", name, NULL);
    page_set_staff_links(&page, name);
    return done ? page_response(&page, 200, template) : page_unavailable(request, service, error);
}

/* Documents without text */

static const Choice LACKS[] = {
    {"", LACK_ANY}, {"scan", LACK_ALL}, {"unread", LACK_UNREAD}, {"blank", LACK_BLANK}};

static gboolean set_lack_tabs(Page *page, Archive *archive, const Choice *chosen, GError **error)
{
    json_t *list = json_array();
    json_object_set_new(page->value, "tabs", list);
    for (gsize i = 0; i < G_N_ELEMENTS(LACKS); i++) {
        guint documents = 0;
        guint64 pages = 0;
        if (!archive_count_lacking(archive, (TextLack)LACKS[i].value, &documents, &pages, error))
            return FALSE;
        json_t *tab = make_tab(page, "show", &LACKS[i], "", "lack_");
        page_take_text(tab, "n", wording_number(page, documents));
        json_object_set_new(tab, "is_current", json_boolean(&LACKS[i] == chosen));
        json_array_append_new(list, tab);
        if (LACKS[i].value == LACK_ANY) {
            json_object_set_new(page->value, "documents_count", wording_count(page, documents));
            json_object_set_new(page->value, "pages_count", wording_count(page, pages));
        }
    }
    return TRUE;
}

static json_t *make_lacking(const Page *page, Archive *archive, const ArchiveDocument *document)
{
    json_t *object = make_document(page, archive, document);
    guint lacking = document->blank_pages + document->missing_pages->len;
    json_object_set_new(object, "lacking_count", wording_count(page, lacking));
    json_object_set_new(object, "blank_count", wording_count(page, document->blank_pages));
    json_object_set_new(
        object, "has_blank",
        json_boolean(document->blank_pages > 0 && document->state == DOCUMENT_INDEXED));
    return object;
}

static gboolean fill_text(Page *page, Searcher *searcher, guint number, GError **error)
{
    Archive *archive = searcher_archive(searcher);
    const Choice *lack = choice_of(page->request, "show", LACKS, G_N_ELEMENTS(LACKS));
    guint total = 0;
    guint64 pages = 0;
    g_autoptr(GPtrArray) documents =
        archive_list_lacking(archive, (TextLack)lack->value, DOCUMENTS_PER_PAGE,
                             (number - 1) * DOCUMENTS_PER_PAGE, error);
    if (!documents || !set_lack_tabs(page, archive, lack, error) ||
        !archive_count_lacking(archive, (TextLack)lack->value, &total, &pages, error))
        return FALSE;
    json_t *list = json_array();
    for (guint i = 0; i < documents->len; i++)
        json_array_append_new(list, make_lacking(page, archive, documents->pdata[i]));
    json_object_set_new(page->value, "documents", list);
    json_object_set_new(page->value, "has_documents", json_boolean(documents->len > 0));
    page_set_pager(page, page->request->path, "show", number, total, DOCUMENTS_PER_PAGE);
    return TRUE;
}

HttpResponse *pages_status_text(const HttpRequest *request, gpointer service)
{
    if (!choice_of(request, "show", LACKS, G_N_ELEMENTS(LACKS)))
        return page_bad_value(request, service, NULL);
    return answer(request, service, "text", fill_text);
}

/* Where cards come from */

#define BIT(source) (1u << (source))

static const Choice ORIGINS[] = {
    {"", (1u << SOURCE_COUNT) - 1},
    {"unknown", BIT(SOURCE_NONE)},
    {"guessed", BIT(SOURCE_METADATA) | BIT(SOURCE_PATH) | BIT(SOURCE_NAME)},
    {"read", BIT(SOURCE_HEADING) | BIT(SOURCE_TEXT) | BIT(SOURCE_TITLE)},
    {"given", BIT(SOURCE_SIDECAR)},
};

static const Choice FIELDS[] = {
    {"", CARD_ANY},      {"title", CARD_TITLE}, {"year", CARD_YEAR},
    {"kind", CARD_KIND}, {"body", CARD_BODY},
};

static gboolean set_origin_tabs(Page *page, Archive *archive, const Choice *chosen, guint fields,
                                guint *ret_total, GError **error)
{
    guint sources[G_N_ELEMENTS(ORIGINS)], counts[G_N_ELEMENTS(ORIGINS)];
    json_t *list = json_array();
    json_object_set_new(page->value, "tabs", list);
    for (gsize i = 0; i < G_N_ELEMENTS(ORIGINS); i++)
        sources[i] = ORIGINS[i].value;
    if (!archive_count_cards(archive, fields, sources, G_N_ELEMENTS(ORIGINS), counts, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(ORIGINS); i++) {
        json_t *tab = make_tab(page, "show", &ORIGINS[i], "field", "origin_");
        page_take_text(tab, "n", wording_number(page, counts[i]));
        json_object_set_new(tab, "is_current", json_boolean(&ORIGINS[i] == chosen));
        json_array_append_new(list, tab);
        if (&ORIGINS[i] == chosen)
            *ret_total = counts[i];
    }
    return TRUE;
}

static void set_field_tabs(const Page *page, const Choice *chosen)
{
    json_t *list = json_array();
    for (gsize i = 0; i < G_N_ELEMENTS(FIELDS); i++) {
        json_t *tab = make_tab(page, "field", &FIELDS[i], "show", "field_");
        json_object_set_new(tab, "is_current", json_boolean(&FIELDS[i] == chosen));
        json_array_append_new(list, tab);
    }
    json_object_set_new(page->value, "fields", list);
}

/* The collection is the folder unless staff say otherwise: only then they would have to say it
 * again. */
static char *given_collection(const ArchiveDocument *document, const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    const char *collection = document->card->collection;
    gboolean is_folder = strcmp(strcmp(folder, ".") == 0 ? "" : folder, collection) == 0;
    return is_folder || !*collection ? NULL : g_strdup(collection);
}

/* What a sidecar would have to say for the card to stay as it is. Owned by the caller. */
static char *sidecar_of(const Page *page, const ArchiveDocument *document, const char *path)
{
    const Catalogue *card = document->card;
    g_autofree char *collection = given_collection(document, path);
    Sidecar sidecar = {
        .title = card->title,
        .year = card->year,
        .kind = card->kind,
        .has_kind = card->kind_source != SOURCE_NONE,
        .body = card->body,
        .collection = collection,
    };
    return sidecar_print(&sidecar, strcmp(page->language, "it") == 0);
}

static json_t *make_card(const Page *page, Archive *archive, const ArchiveDocument *document)
{
    json_t *object = make_document(page, archive, document);
    const char *path = json_string_value(json_object_get(object, "path"));
    g_autofree char *name = g_path_get_basename(path ? path : "");
    Address address = address_begin("/documents");
    address_segment(&address, document->id);
    address_segment(&address, "sidecar");
    page_take_text(object, "sidecar", sidecar_of(page, document, path ? path : ""));
    page_take_text(object, "sidecar_name", g_strconcat(name, ".ini", NULL));
    page_take_text(object, "sidecar_url", page_address_take(page, &address));
    return object;
}

static gboolean fill_catalogue(Page *page, Searcher *searcher, guint number, GError **error)
{
    Archive *archive = searcher_archive(searcher);
    const Choice *origin = choice_of(page->request, "show", ORIGINS, G_N_ELEMENTS(ORIGINS));
    const Choice *field = choice_of(page->request, "field", FIELDS, G_N_ELEMENTS(FIELDS));
    guint total = 0;
    g_autoptr(GPtrArray) documents =
        archive_list_cards(archive, field->value, origin->value, DOCUMENTS_PER_PAGE,
                           (number - 1) * DOCUMENTS_PER_PAGE, error);
    if (!documents || !set_origin_tabs(page, archive, origin, field->value, &total, error))
        return FALSE;
    set_field_tabs(page, field);
    json_t *list = json_array();
    for (guint i = 0; i < documents->len; i++)
        json_array_append_new(list, make_card(page, archive, documents->pdata[i]));
    json_object_set_new(page->value, "documents", list);
    json_object_set_new(page->value, "has_documents", json_boolean(documents->len > 0));
    page_set_pager(page, page->request->path, "show field", number, total, DOCUMENTS_PER_PAGE);
    return TRUE;
}

HttpResponse *pages_status_catalogue(const HttpRequest *request, gpointer service)
{
    if (!choice_of(request, "show", ORIGINS, G_N_ELEMENTS(ORIGINS)) ||
        !choice_of(request, "field", FIELDS, G_N_ELEMENTS(FIELDS)))
        return page_bad_value(request, service, NULL);
    return answer(request, service, "catalogue", fill_catalogue);
}

/* RFC 6266, 4.3: a name of any characters, and for old clients one that any of them takes. */
static void set_file_name(HttpResponse *response, const char *path)
{
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *valid = g_utf8_make_valid(name, -1);
    g_autofree char *escaped = g_uri_escape_string(valid, NULL, FALSE);
    g_autofree char *plain = g_strdup(valid);
    for (char *at = plain; *at; at++)
        if (!g_ascii_isalnum(*at) && !strchr("._- ", *at))
            *at = '_';
    g_autofree char *value =
        g_strdup_printf("attachment; filename=\"%s.ini\"; filename*=UTF-8''%s.ini", plain, escaped);
    http_response_header(response, "Content-Disposition", value);
}

static HttpResponse *sidecar_response(const Page *page, const Lookup *lookup)
{
    const char *path = lookup->paths->pdata[0];
    char *text = sidecar_of(page, lookup->document, path);
    HttpResponse *response =
        http_response_new(200, "text/plain; charset=utf-8", g_bytes_new_take(text, strlen(text)));
    set_file_name(response, path);
    http_response_header(response, "Content-Language", page->language);
    http_response_header(response, "Vary", "Accept-Language");
    return response;
}

HttpResponse *pages_sidecar(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    g_auto(Page) page;
    page_init(&page, request, service, "status", FALSE);
    Searcher *searcher = service_borrow(service, &error);
    if (!searcher)
        return page_unavailable(request, service, error);
    g_auto(Lookup) lookup;
    LookupOutcome outcome = lookup_document(searcher, request->segments[0], &lookup, &error);
    service_return(service, searcher);
    if (outcome == LOOKUP_FOUND && lookup.paths->len > 0)
        return sidecar_response(&page, &lookup);
    if (error)
        return page_unavailable(request, service, error);
    return page_error(request, service, 404);
}

/* Totals */

typedef struct {
    guint documents;
    guint64 pages;
} Sum;

static void sum_add(Sum *sum, const Card *card)
{
    sum->documents++;
    sum->pages += card->page_count;
}

typedef struct {
    Sum all;
    Sum failed;
    Sum languages[LANGUAGE_COUNT];
    Sum kinds[KIND_COUNT];
    Sum years[FACET_LAST_YEAR + 1]; /* 0: not known */
    Sum *collections;               /* by number, with all that lies below; the last: none */
} Totals;

static void add_collections(Totals *totals, const Cards *cards, const Card *card)
{
    if (card->collection < 0)
        sum_add(&totals->collections[cards_collection_count(cards)], card);
    for (NameIndex i = card->collection; i >= 0; i = cards_collection_parent(cards, i))
        sum_add(&totals->collections[i], card);
}

static void add_card(Totals *totals, const Cards *cards, const Card *card)
{
    if (card->state != DOCUMENT_INDEXED) {
        if (card->state == DOCUMENT_FAILED)
            sum_add(&totals->failed, card);
        return;
    }
    sum_add(&totals->all, card);
    sum_add(&totals->kinds[card->kind], card);
    if (card->year >= 0 && card->year <= FACET_LAST_YEAR)
        sum_add(&totals->years[card->year], card);
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (card->languages & (1 << i))
            sum_add(&totals->languages[i], card);
    add_collections(totals, cards, card);
}

/* A row of a table; `value` is what the list of documents is narrowed to, NULL: it cannot be. */
static void add_sum(const Page *page, json_t *list, const char *facet, const char *value,
                    char *label, const Sum *sum)
{
    json_t *object = json_object();
    if (value) {
        Address address = address_begin("/documents");
        gboolean is_year = strcmp(facet, "year") == 0;
        address_pair(&address, is_year ? "year_from" : facet, value);
        if (is_year)
            address_pair(&address, "year_to", value);
        page_take_text(object, "address", page_address_take(page, &address));
    }
    page_take_text(object, "label", label);
    page_take_text(object, "documents_n", wording_number(page, sum->documents));
    page_take_text(object, "pages_n", wording_number(page, sum->pages));
    json_array_append_new(list, object);
}

static json_t *add_table(const Page *page, json_t *tables, const char *facet)
{
    json_t *table = json_object(), *rows = json_array();
    page_set_text(table, "id", facet);
    page_take_text(table, "heading", page_word(page, "totals_", facet, NULL));
    json_object_set_new(table, "rows", rows);
    json_array_append_new(tables, table);
    return rows;
}

static void add_languages(const Page *page, json_t *tables, const Totals *totals)
{
    json_t *rows = add_table(page, tables, "language");
    for (int i = LANGUAGE_ITALIAN; i < LANGUAGE_COUNT; i++) {
        const char *code = language_code((Language)i);
        add_sum(page, rows, "language", code, page_word(page, "language_", code, NULL),
                &totals->languages[i]);
    }
    if (totals->languages[LANGUAGE_OTHER].documents > 0)
        add_sum(page, rows, "language", NULL, page_word(page, "language_", "und", NULL),
                &totals->languages[LANGUAGE_OTHER]);
}

static void add_kinds(const Page *page, json_t *tables, const Totals *totals)
{
    json_t *rows = add_table(page, tables, "kind");
    for (int i = 0; i < KIND_COUNT; i++) {
        int kind = (i + 1) % KIND_COUNT; /* the others last */
        const char *name = kind_name((Kind)kind);
        if (totals->kinds[kind].documents > 0)
            add_sum(page, rows, "kind", name, page_word(page, "kind_", name, NULL),
                    &totals->kinds[kind]);
    }
}

static void add_years(const Page *page, json_t *tables, const Totals *totals)
{
    json_t *rows = add_table(page, tables, "year");
    for (int year = FACET_LAST_YEAR; year > 0; year--) {
        g_autofree char *name = g_strdup_printf("%d", year);
        if (totals->years[year].documents > 0)
            add_sum(page, rows, "year", name, g_strdup(name), &totals->years[year]);
    }
    if (totals->years[0].documents > 0)
        add_sum(page, rows, "year", NULL, page_word(page, "totals_", "no_year", NULL),
                &totals->years[0]);
}

static gint compare_names(gconstpointer a, gconstpointer b, gpointer data)
{
    return g_strcmp0(cards_collection(data, *(const NameIndex *)a),
                     cards_collection(data, *(const NameIndex *)b));
}

static void add_folders(const Page *page, json_t *tables, const Totals *totals, const Cards *cards)
{
    json_t *rows = add_table(page, tables, "collection");
    guint count = cards_collection_count(cards);
    g_autofree NameIndex *order = g_new(NameIndex, count + 1);
    for (guint i = 0; i < count; i++)
        order[i] = (NameIndex)i;
    g_qsort_with_data(order, (gint)count, sizeof *order, compare_names, (gpointer)cards);
    for (guint i = 0; i < count; i++) {
        const char *name = cards_collection(cards, order[i]);
        if (name && *name && totals->collections[order[i]].documents > 0)
            add_sum(page, rows, "collection", name, page_card_collection(name),
                    &totals->collections[order[i]]);
    }
    if (totals->collections[count].documents > 0)
        add_sum(page, rows, "collection", NULL, page_word(page, "totals_", "no_collection", NULL),
                &totals->collections[count]);
}

static gboolean fill_totals(Page *page, Searcher *searcher, guint number, GError **error)
{
    (void)number;
    (void)error;
    const Cards *cards = searcher_cards(searcher);
    const GArray *all = cards_all(cards);
    g_autofree Totals *totals = g_new0(Totals, 1);
    g_autofree Sum *collections = g_new0(Sum, cards_collection_count(cards) + 1);
    totals->collections = collections;
    for (guint i = 0; i < all->len; i++)
        if (g_array_index(all, Card, i).row)
            add_card(totals, cards, &g_array_index(all, Card, i));
    json_t *tables = json_array();
    add_languages(page, tables, totals);
    add_kinds(page, tables, totals);
    add_folders(page, tables, totals, cards);
    add_years(page, tables, totals);
    json_object_set_new(page->value, "tables", tables);
    json_object_set_new(page->value, "documents_count", wording_count(page, totals->all.documents));
    json_object_set_new(page->value, "pages_count", wording_count(page, totals->all.pages));
    json_object_set_new(page->value, "failed_count", wording_count(page, totals->failed.documents));
    return TRUE;
}

HttpResponse *pages_status_totals(const HttpRequest *request, gpointer service)
{
    return answer(request, service, "totals", fill_totals);
}
