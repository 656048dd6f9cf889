/* Pages to browse by: what one can browse by, and all values of one facet, each a link to its
 * documents: as a list, as a tree of folders, or by years. See pages.h.
 *
 * What they show are the facets of the API's answer, of the whole archive or of a list whose
 * question and filters the address keeps. A page has a bounded length, however many values there
 * are. */
#include "pages.h"

#include <string.h>

#include "../../indexer/words.h"
#include "../answers/parameters.h"
#include "../search/folders.h"
#include "page.h"
#include "page_browse.h"
#include "page_facets.h"
#include "page_letters.h"
#include "page_list.h"
#include "wording.h"

enum {
    SHELF_SHOWN = 6,   /* values of a facet on the entry */
    VALUES_SHOWN = 60, /* on a page of a facet */
    LETTERS_FROM = 20, /* values, for letters to be of use */
    FOLDERS_SHOWN = 150,
    YEAR_BARS = 40,
};

#define BROWSE_LIST PAGE_LIST " order in"

/* The entry */

static json_t *find(Page *page, const HttpRequest *request, SearchRequest *search, GError **error)
{
    search->limit = search->offset = 0;
    return page_list_find(page, search, parameters_query(request), NULL, error);
}

static void set_sections(Page *page, const json_t *facets)
{
    json_t *list = json_array();
    for (gsize i = 0; i < PAGE_BROWSE_FACETS; i++) {
        Facet facet = PAGE_BROWSE_ORDER[i];
        json_t *shelf = page_browse_shelf(page, facets, facet, SHELF_SHOWN);
        if (facet == FACET_YEAR)
            json_object_set_new(shelf, "years", page_browse_years(page, facets, YEAR_BARS));
        if (json_array_size(json_object_get(shelf, "values")) > 0)
            json_array_append(list, shelf);
        json_decref(shelf);
    }
    json_object_set_new(page->value, "sections", list);
}

HttpResponse *pages_browse(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    SearchRequest search = {.sort = SORT_TITLE};
    g_auto(Page) page;
    page_init(&page, request, service, "browse", TRUE);
    search.limit = 0;
    json_t *result = page_list_find(&page, &search, "", NULL, &error);
    if (!result)
        return page_unavailable(request, service, error);
    guint64 total = (guint64)json_integer_value(json_object_get(result, "total"));
    json_object_set_new(page.value, "result", result);
    json_object_set_new(page.value, "total_count", wording_count(&page, total));
    page_set_letters(&page, "/documents", "", json_object_get(result, "letters"), PAGE_SIZES[0]);
    set_sections(&page, json_object_get(result, "facets"));
    return page_response(&page, 200, "browse");
}

/* A list of values */

typedef struct {
    const json_t *pair; /* the API's: "value", "count" */
    char *folded;       /* owned */
    const char *key;    /* within it */
} Entry;

static void entry_clear(gpointer data)
{
    g_free(((Entry *)data)->folded);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    const Entry *left = a, *right = b;
    int order = title_order_compare(left->key, right->key);
    return order != 0 ? order : strcmp(left->folded, right->folded);
}

/* As the API has them: by number of documents. */
static GArray *take_entries(const Page *page, Facet facet, const json_t *counted)
{
    static const guint ANY = 1u << LANGUAGE_ITALIAN | 1u << LANGUAGE_ENGLISH;
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_array_set_clear_func(entries, entry_clear);
    for (size_t i = 0; i < json_array_size(counted); i++) {
        Entry entry = {.pair = json_array_get(counted, i)};
        g_autofree char *label =
            page_facet_label(page, facet, json_string_value(json_object_get(entry.pair, "value")));
        entry.folded = words_fold(label);
        entry.key = title_order_key(entry.folded, ANY);
        g_array_append_val(entries, entry);
    }
    return entries;
}

/* Where each letter begins among entries in the order of names. */
static json_t *letters_of(const GArray *entries)
{
    json_t *letters = json_array(), *last = NULL;
    guint before = TITLE_LETTERS;
    for (guint i = 0; i < entries->len; i++) {
        guint letter = title_order_letter(g_array_index(entries, Entry, i).key);
        if (letter != before) {
            last = json_pack("{s:s, s:i, s:i}", "letter", title_order_letter_name(letter), "count",
                             0, "offset", (int)i);
            json_array_append_new(letters, last);
        }
        json_int_t count = json_integer_value(json_object_get(last, "count"));
        json_object_set_new(last, "count", json_integer(count + 1));
        before = letter;
    }
    return letters;
}

static gboolean is_by_name(const Page *page, Facet facet)
{
    const char *order = http_parameter(page->request, "order");
    if (order && *order)
        return strcmp(order, "name") == 0;
    return facet == FACET_BODY;
}

static void set_orders(Page *page, Facet facet, const char *path)
{
    static const char *const NAMES[] = {"name", "count"};
    json_t *list = json_array();
    for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        json_t *object = json_object();
        Address address = address_begin(path);
        address_pairs_of(&address, page->request, BROWSE_LIST, "order", NULL);
        address_pair(&address, "order", NAMES[i]);
        page_take_text(object, "address", page_address_take(page, &address));
        page_take_text(object, "label", page_word(page, "browse_order_", NAMES[i], NULL));
        json_object_set_new(object, "is_current",
                            json_boolean(is_by_name(page, facet) == (i == 0)));
        json_array_append_new(list, object);
    }
    json_object_set_new(page->value, "sorts", list);
}

static void set_values(Page *page, Facet facet, const char *path, const json_t *counted,
                       guint number)
{
    g_autoptr(GArray) entries = take_entries(page, facet, counted);
    gboolean by_names = is_by_name(page, facet);
    guint offset = (number - 1) * VALUES_SHOWN;
    json_t *values = json_array();
    if (by_names)
        g_array_sort(entries, by_name);
    for (guint i = offset; i < MIN(entries->len, offset + VALUES_SHOWN); i++)
        json_array_append_new(
            values, page_browse_value(page, facet, g_array_index(entries, Entry, i).pair));
    if (by_names && entries->len >= LETTERS_FROM) {
        json_t *letters = letters_of(entries);
        page_set_letters(page, path, BROWSE_LIST, letters, VALUES_SHOWN);
        page_letters_mark(page, letters, offset, values);
        json_object_set_new(page->value, "letters_there", json_true());
        json_decref(letters);
    }
    json_object_set_new(page->value, "sorts_values", json_true());
    set_orders(page, facet, path);
    page_set_pager(page, path, BROWSE_LIST, number, entries->len, VALUES_SHOWN);
    json_object_set_new(page->value, "has_values", json_boolean(json_array_size(values) > 0));
    json_object_set_new(page->value, "values", values);
}

/* The tree of folders */

static char *folder_link(const Page *page, const char *path, const char *folder)
{
    Address address = address_begin(path);
    address_pairs_of(&address, page->request, PAGE_LIST, NULL, NULL);
    address_pair(&address, "in", folder);
    return page_address_take(page, &address);
}

static json_t *folder_value(const Page *page, const char *path, const Folder *folder)
{
    json_t *pair =
        json_pack("{s:s, s:I}", "value", folder->path, "count", (json_int_t)folder->documents);
    json_t *object = page_browse_value(page, FACET_COLLECTION, pair);
    json_t *ends = json_array();
    const char *slash = strrchr(folder->path, '/');
    for (guint i = 0; i < folder->ends; i++)
        json_array_append_new(ends, json_object());
    page_set_text(object, "label", slash ? slash + 1 : folder->path);
    json_object_set_new(object, "has_children", json_boolean(folder->has_children));
    json_object_set_new(object, "inner_count", wording_count(page, folder->hidden));
    page_take_text(object, "inner_url",
                   folder->hidden > 0 ? folder_link(page, path, folder->path) : NULL);
    json_object_set_new(object, "ends", ends);
    json_decref(pair);
    return object;
}

/* The folders that hold the one shown, outermost first. */
static void set_way_back(Page *page, const char *path, const char *in)
{
    json_t *list = json_array();
    for (const char *end = in; *in && end; end = strchr(end + 1, '/')) {
        if (end == in)
            continue;
        g_autofree char *folder = g_strndup(in, (gsize)(end - in));
        const char *slash = strrchr(folder, '/');
        json_t *object = json_object();
        page_set_text(object, "label", slash ? slash + 1 : folder);
        page_take_text(object, "address", folder_link(page, path, folder));
        json_array_append_new(list, object);
    }
    const char *last = strrchr(in, '/');
    page_set_text(page->value, "folder", *in ? (last ? last + 1 : in) : NULL);
    json_object_set_new(page->value, "folders_above", list);
}

static void set_folders(Page *page, const char *path, const json_t *counted, guint number)
{
    const char *in = http_parameter(page->request, "in");
    guint total = 0;
    json_t *list = json_array();
    in = in ? in : "";
    g_autoptr(GArray) folders =
        folders_below(counted, in, (number - 1) * FOLDERS_SHOWN, FOLDERS_SHOWN, &total);
    for (guint i = 0; i < folders->len; i++)
        json_array_append_new(list, folder_value(page, path, &g_array_index(folders, Folder, i)));
    set_way_back(page, path, in);
    page_set_pager(page, path, BROWSE_LIST, number, total, FOLDERS_SHOWN);
    json_object_set_new(page->value, "has_folders", json_boolean(folders->len > 0));
    json_object_set_new(page->value, "folders", list);
}

/* Years */

static json_t *make_decade(const Page *page, int decade)
{
    json_t *object = json_object();
    page_take_text(object, "label", g_strdup_printf("%d–%d", decade, decade + 9));
    page_take_text(object, "address", page_browse_years_link(page, decade, decade + 9));
    json_object_set_new(object, "values", json_array());
    return object;
}

static void set_decades(Page *page, const json_t *counted)
{
    json_t *list = json_array(), *last = NULL;
    int before = -1;
    for (size_t i = 0; i < json_array_size(counted); i++) {
        const json_t *pair = json_array_get(counted, i);
        const char *year = json_string_value(json_object_get(pair, "value"));
        int decade = (int)g_ascii_strtoll(year, NULL, 10) / 10 * 10;
        if (decade != before) {
            last = make_decade(page, decade);
            json_array_append_new(list, last);
        }
        json_array_append_new(json_object_get(last, "values"),
                              page_browse_value(page, FACET_YEAR, pair));
        before = decade;
    }
    json_object_set_new(page->value, "decades", list);
}

static void set_years(Page *page, const json_t *facets, guint64 total)
{
    const json_t *counted = json_object_get(facets, "year");
    guint64 dated = 0;
    for (size_t i = 0; i < json_array_size(counted); i++)
        dated += (guint64)json_integer_value(json_object_get(json_array_get(counted, i), "count"));
    json_object_set_new(page->value, "undated_count",
                        total > dated ? wording_count(page, total - dated) : json_null());
    json_object_set_new(page->value, "years", page_browse_years(page, facets, YEAR_BARS));
    set_decades(page, counted);
}

/* A facet */

static gboolean find_facet(const char *name, Facet *ret_facet)
{
    for (gsize i = 0; i < PAGE_BROWSE_FACETS; i++) {
        if (strcmp(facet_name(PAGE_BROWSE_ORDER[i]), name) == 0) {
            *ret_facet = PAGE_BROWSE_ORDER[i];
            return TRUE;
        }
    }
    return FALSE;
}

/* Whether the values are those of a part of the archive. */
static gboolean is_part(const Page *page, const SearchRequest *search)
{
    gboolean is_filtered = search->year_from || search->year_to;
    for (int i = 0; i < FACET_COUNT; i++)
        is_filtered |= search->values[i] != NULL;
    return is_filtered || *parameters_query(page->request);
}

/* The facet's own page: within the list that the address names, or of the whole archive. */
static char *facet_link(const Page *page, const char *path, gboolean is_within)
{
    Address address = address_begin(path);
    if (is_within)
        address_pairs_of(&address, page->request, PAGE_LIST " order", NULL, NULL);
    return page_address_take(page, &address);
}

static HttpResponse *facet_response(Page *page, Facet facet, const SearchRequest *search,
                                    json_t *result, guint number)
{
    const char *name = facet_name(facet);
    const json_t *facets = json_object_get(result, "facets");
    const json_t *counted = json_object_get(facets, name);
    g_autofree char *path = g_strconcat("/browse/", name, NULL);
    g_autofree char *kind = g_strconcat("is_", name, NULL);
    guint64 total = (guint64)json_integer_value(json_object_get(result, "total"));
    json_object_set_new(page->value, "result", result);
    json_object_set_new(page->value, kind, json_true());
    json_object_set_new(page->value, "total_count", wording_count(page, total));
    json_object_set_new(page->value, "values_count", wording_count(page, json_array_size(counted)));
    page_take_text(page->value, "heading", page_word(page, "browse_by_", name, NULL));
    page_set_text(page->value, "typed", parameters_query(page->request));
    page_take_text(page->value, "back_url",
                   is_part(page, search) ? page_browse_documents(page, facet, NULL) : NULL);
    page_take_text(page->value, "whole_url", facet_link(page, path, FALSE));
    page_take_text(page->value, "top_url", facet_link(page, path, TRUE));
    if (facet == FACET_COLLECTION)
        set_folders(page, path, counted, number);
    else if (facet == FACET_YEAR)
        set_years(page, facets, search->year_from || search->year_to ? 0 : total);
    else
        set_values(page, facet, path, counted, number);
    return page_response(page, 200, "browse_facet");
}

HttpResponse *pages_browse_facet(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    guint number = 1;
    Facet facet = FACET_BODY;
    SearchRequest search = {.sort = SORT_RELEVANCE};
    if (!find_facet(request->segments[0], &facet))
        return page_error(request, service, 404);
    if (!parameters_of_search(request, &search, &error) || !page_number(request, &number, &error))
        return page_bad_value(request, service, error);
    g_auto(Page) page;
    page_init(&page, request, service, "browse", TRUE);
    json_t *result = find(&page, request, &search, &error);
    if (!result)
        return page_unavailable(request, service, error);
    return facet_response(&page, facet, &search, result, number);
}
