/* See page_facets.h. */
#include "page_facets.h"

#include <string.h>

#include "page_card.h"
#include "page_years.h"
#include "wording.h"

enum {
    VALUES_SHOWN = 5,   /* of a facet; the rest is folded away */
    VALUES_FOLDED = 25, /* at most; more have a page of their own (pages_browse.c) */
    YEAR_BARS = 10,     /* that a finger can tell apart in the width of the filters */
    ABOVE_YEARS = 2,    /* facets that stand above the years */
};

const guint PAGE_SIZES[] = {10, 20, 50, 0};

typedef struct {
    Page *page;
    const char *path;
    const SearchRequest *search;
} List;

/* Two names of one value: kinds have names in both languages. */
static gboolean is_same_value(Facet facet, const char *a, const char *b)
{
    Kind left, right;
    if (facet == FACET_KIND && kind_parse(a, &left) && kind_parse(b, &right))
        return left == right;
    return strcmp(a, b) == 0;
}

static gboolean is_chosen(const List *list, Facet facet, const char *value)
{
    const GPtrArray *values = list->search->values[facet];
    for (guint i = 0; values && i < values->len; i++)
        if (is_same_value(facet, g_ptr_array_index(values, i), value))
            return TRUE;
    return FALSE;
}

char *page_facet_label(const Page *page, Facet facet, const char *value)
{
    char *label = NULL;
    Kind kind;
    if (facet == FACET_LANGUAGE)
        label = page_word(page, "language_", value, NULL);
    else if (facet == FACET_KIND && kind_parse(value, &kind))
        label = page_word(page, "kind_", kind_name(kind), NULL);
    else if (facet == FACET_THEME || facet == FACET_AREA)
        label = page_card_topic(page, value);
    else if (facet == FACET_COLLECTION)
        label = page_card_collection(value);
    return label ? label : g_strdup(value);
}

static char *years_label(const Page *page, const SearchRequest *search)
{
    json_t *range = json_pack("{s:i, s:i, s:b}", "from", search->year_from, "to", search->year_to,
                              "is_one", search->year_from == search->year_to);
    char *label = page_word(page, "chip_", "years", range);
    json_decref(range);
    return label;
}

char *page_facet_chosen(const Page *page, const SearchRequest *search, Facet facet)
{
    const GPtrArray *values = search->values[facet];
    g_autofree char *legend = page_word(page, "facet_", facet_name(facet), NULL);
    GString *text = g_string_new(legend);
    if (facet == FACET_YEAR) {
        g_autofree char *years = years_label(page, search);
        g_string_append_printf(text, ": %s", years);
    }
    for (guint i = 0; values && i < values->len; i++) {
        g_autofree char *label = page_facet_label(page, facet, g_ptr_array_index(values, i));
        g_string_append_printf(text, "%s%s", i == 0 ? ": " : ", ", label);
    }
    return g_string_free(text, FALSE);
}

static json_t *make_value(const List *list, Facet facet, const char *value, guint64 count)
{
    json_t *object = json_object();
    page_set_text(object, "value", value);
    page_take_text(object, "label", page_facet_label(list->page, facet, value));
    page_take_text(object, "n", wording_number(list->page, count));
    json_object_set_new(object, "is_chosen", json_boolean(is_chosen(list, facet, value)));
    return object;
}

/* A chosen value that nothing is left of must still be there, to be taken off. */
static void add_lost_values(const List *list, Facet facet, const json_t *counted, json_t *shown)
{
    const GPtrArray *values = list->search->values[facet];
    for (guint i = 0; values && i < values->len; i++) {
        const char *value = g_ptr_array_index(values, i);
        gboolean is_counted = FALSE;
        for (size_t j = 0; j < json_array_size(counted) && !is_counted; j++)
            is_counted = is_same_value(
                facet, value,
                json_string_value(json_object_get(json_array_get(counted, j), "value")));
        if (!is_counted)
            json_array_append_new(shown, make_value(list, facet, value, 0));
    }
}

/* The page on which all values of a facet stand, for the same list. */
static char *all_values_link(const List *list, Facet facet)
{
    Address address = address_begin("/browse");
    address_segment(&address, facet_name(facet));
    address_pairs_of(&address, list->page->request, PAGE_LIST, NULL, NULL);
    return page_address_take(list->page, &address);
}

static json_t *make_facet(const List *list, Facet facet, const json_t *counted)
{
    json_t *object = json_object(), *shown = json_array(), *more = json_array();
    size_t total = json_array_size(counted);
    for (size_t i = 0; i < total; i++) {
        const json_t *pair = json_array_get(counted, i);
        const char *value = json_string_value(json_object_get(pair, "value"));
        guint64 count = (guint64)json_integer_value(json_object_get(pair, "count"));
        gboolean is_folded =
            json_array_size(shown) >= VALUES_SHOWN && !is_chosen(list, facet, value);
        if (!is_folded || json_array_size(more) < VALUES_FOLDED)
            json_array_append_new(is_folded ? more : shown, make_value(list, facet, value, count));
    }
    gboolean has_all = total > json_array_size(shown) + json_array_size(more);
    page_take_text(object, "all_url", has_all ? all_values_link(list, facet) : NULL);
    json_object_set_new(object, "all_count", wording_count(list->page, total));
    add_lost_values(list, facet, counted, shown);
    page_set_text(object, "name", facet_name(facet));
    page_take_text(object, "legend", page_word(list->page, "facet_", facet_name(facet), NULL));
    json_object_set_new(object, "more_count", wording_count(list->page, json_array_size(more)));
    json_object_set_new(object, "has_more", json_boolean(json_array_size(more) > 0));
    json_object_set_new(object, "is_there", json_boolean(json_array_size(shown) > 0));
    json_object_set_new(object, "values", shown);
    json_object_set_new(object, "more", more);
    return object;
}

static void set_choices(const List *list, const json_t *facets)
{
    static const Facet ORDER[] = {FACET_LANGUAGE, FACET_KIND, FACET_THEME,
                                  FACET_AREA,     FACET_BODY, FACET_COLLECTION};
    json_t *above = json_array(), *below = json_array();
    for (gsize i = 0; i < G_N_ELEMENTS(ORDER); i++) {
        const json_t *counted = json_object_get(facets, facet_name(ORDER[i]));
        json_array_append_new(i < ABOVE_YEARS ? above : below, make_facet(list, ORDER[i], counted));
    }
    json_object_set_new(list->page->value, "facets", above);
    json_object_set_new(list->page->value, "facets_below", below);
}

/* Years */

static char *year_link(gpointer data, int from, int to)
{
    const List *list = data;
    Address address = address_begin(list->path);
    address_pairs_of(&address, list->page->request, "q translate " PAGE_VALUES " sort size", NULL,
                     NULL);
    if (from > 0)
        address_pair_number(&address, "year_from", (guint)from);
    if (to > 0)
        address_pair_number(&address, "year_to", (guint)to);
    return page_address_take(list->page, &address);
}

static void set_years(List *list, const json_t *counted)
{
    PageYears years = {list->search->year_from, list->search->year_to, YEAR_BARS, year_link, list};
    json_object_set_new(list->page->value, "years", page_years(list->page, counted, &years));
}

/* Chips */

static void add_chip(const List *list, json_t *chips, const char *name, char *label, char *link)
{
    json_t *object = json_object();
    page_take_text(object, "legend", page_word(list->page, "facet_", name, NULL));
    page_take_text(object, "label", label);
    page_take_text(object, "address", link);
    json_array_append_new(chips, object);
}

static void add_value_chips(const List *list, json_t *chips, Facet facet)
{
    const GPtrArray *values = list->search->values[facet];
    for (guint i = 0; values && i < values->len; i++) {
        const char *value = g_ptr_array_index(values, i);
        Address address = address_begin(list->path);
        address_pairs_of(&address, list->page->request, PAGE_LIST, facet_name(facet), value);
        add_chip(list, chips, facet_name(facet), page_facet_label(list->page, facet, value),
                 page_address_take(list->page, &address));
    }
}

static void add_year_chip(List *list, json_t *chips)
{
    const SearchRequest *search = list->search;
    if (!search->year_from && !search->year_to)
        return;
    add_chip(list, chips, "year", years_label(list->page, search), year_link(list, 0, 0));
}

static void set_chips(List *list)
{
    json_t *chips = json_array();
    for (int i = 0; i < FACET_COUNT; i++)
        add_value_chips(list, chips, (Facet)i);
    add_year_chip(list, chips);
    Address address = address_begin(list->path);
    address_pairs_of(&address, list->page->request, "q translate sort size", NULL, NULL);
    page_take_text(list->page->value, "clear_url", page_address_take(list->page, &address));
    json_object_set_new(list->page->value, "is_filtered", json_boolean(json_array_size(chips) > 0));
    json_object_set_new(list->page->value, "chips_count",
                        wording_count(list->page, json_array_size(chips)));
    json_object_set_new(list->page->value, "chips", chips);
}

/* Sorting */

static void set_sorts(const List *list, gboolean is_ranked)
{
    json_t *array = json_array();
    for (int i = is_ranked ? SORT_RELEVANCE : SORT_RELEVANCE + 1; i < SORT_COUNT; i++) {
        const char *name = search_sort_name((SearchSort)i);
        json_t *object = json_object();
        Address address = address_begin(list->path);
        address_pairs_of(&address, list->page->request, PAGE_LIST, "sort", NULL);
        address_pair(&address, "sort", name);
        page_take_text(object, "address", page_address_take(list->page, &address));
        page_take_text(object, "label", page_word(list->page, "sort_", name, NULL));
        json_object_set_new(object, "is_current",
                            json_boolean(list->search->sort == (SearchSort)i));
        json_array_append_new(array, object);
    }
    json_object_set_new(list->page->value, "sorts", array);
    page_set_text(list->page->value, "sort", http_parameter(list->page->request, "sort"));
}

/* How many on a page */

static void set_sizes(const List *list)
{
    json_t *array = json_array();
    for (gsize i = 0; PAGE_SIZES[i]; i++) {
        json_t *object = json_object();
        Address address = address_begin(list->path);
        address_pairs_of(&address, list->page->request, PAGE_LIST, "size", NULL);
        address_pair_number(&address, "size", PAGE_SIZES[i]);
        page_take_text(object, "address", page_address_take(list->page, &address));
        json_object_set_new(object, "size", json_integer(PAGE_SIZES[i]));
        json_object_set_new(object, "is_current",
                            json_boolean(list->search->limit == PAGE_SIZES[i]));
        json_array_append_new(array, object);
    }
    json_object_set_new(list->page->value, "sizes", array);
    page_set_text(list->page->value, "size", http_parameter(list->page->request, "size"));
}

void page_set_facets(Page *page, const char *path, const SearchRequest *search,
                     const json_t *facets, gboolean is_ranked)
{
    List list = {page, path, search};
    set_choices(&list, facets);
    set_years(&list, json_object_get(facets, "year"));
    set_chips(&list);
    set_sorts(&list, is_ranked);
    set_sizes(&list);
}
