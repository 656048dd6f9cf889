/* See page_browse.h. */
#include "page_browse.h"

#include <string.h>

#include "../answers/parameters.h"
#include "page_card.h"
#include "page_facets.h"
#include "page_years.h"
#include "wording.h"

const Facet PAGE_BROWSE_ORDER[PAGE_BROWSE_FACETS] = {
    FACET_BODY, FACET_KIND, FACET_COLLECTION, FACET_YEAR, FACET_THEME, FACET_AREA, FACET_LANGUAGE};

char *page_browse_link(const Page *page, Facet facet)
{
    Address address = address_begin("/browse");
    address_segment(&address, facet_name(facet));
    address_pairs_of(&address, page->request, PAGE_LIST, NULL, NULL);
    return page_address_take(page, &address);
}

static Address begin_documents(const Page *page)
{
    return address_begin(*parameters_query(page->request) ? "/search" : "/documents");
}

/* The years of the list are left out when it is for years that one looks. */
static const char *kept_names(gboolean is_for_years)
{
    return is_for_years ? "q translate " PAGE_VALUES " sort size" : PAGE_LIST;
}

static gboolean is_chosen(const Page *page, Facet facet, const char *value)
{
    const GPtrArray *values = g_hash_table_lookup(page->request->parameters, facet_name(facet));
    for (guint i = 0; values && i < values->len; i++)
        if (strcmp(g_ptr_array_index(values, i), value) == 0)
            return TRUE;
    return FALSE;
}

char *page_browse_documents(const Page *page, Facet facet, const char *value)
{
    Address address = begin_documents(page);
    address_pairs_of(&address, page->request, kept_names(facet == FACET_YEAR && value != NULL),
                     NULL, NULL);
    if (facet == FACET_YEAR) {
        address_pair(&address, "year_from", value);
        address_pair(&address, "year_to", value);
    } else if (value && !is_chosen(page, facet, value)) {
        address_pair(&address, facet_name(facet), value);
    }
    return page_address_take(page, &address);
}

json_t *page_browse_value(const Page *page, Facet facet, const json_t *pair)
{
    json_t *object = json_object();
    const char *value = json_string_value(json_object_get(pair, "value"));
    guint64 count = (guint64)json_integer_value(json_object_get(pair, "count"));
    page_set_text(object, "value", value);
    page_take_text(object, "label", page_facet_label(page, facet, value));
    page_take_text(object, "n", wording_number(page, count));
    json_object_set_new(object, "documents", wording_count(page, count));
    page_take_text(object, "figure", page_word(page, "figure_", value, NULL));
    page_take_text(object, "address", page_browse_documents(page, facet, value));
    json_object_set_new(object, "is_chosen", json_boolean(is_chosen(page, facet, value)));
    return object;
}

/* What a few values leave out: a kind that says nothing, folders within folders. */
static gboolean is_left_out(Facet facet, const json_t *pair)
{
    const char *value = json_string_value(json_object_get(pair, "value"));
    if (facet == FACET_COLLECTION)
        return strchr(value, '/') != NULL;
    return facet == FACET_KIND && strcmp(value, kind_name(KIND_OTHER)) == 0;
}

json_t *page_browse_shelf(const Page *page, const json_t *facets, Facet facet, size_t most)
{
    const json_t *counted = json_object_get(facets, facet_name(facet));
    json_t *object = json_object(), *values = json_array();
    size_t total = json_array_size(counted);
    for (size_t i = 0; i < total && json_array_size(values) < most; i++) {
        const json_t *pair = json_array_get(counted, i);
        if (!is_left_out(facet, pair))
            json_array_append_new(values, page_browse_value(page, facet, pair));
    }
    page_set_text(object, "name", facet_name(facet));
    page_take_text(object, "legend", page_word(page, "browse_by_", facet_name(facet), NULL));
    page_take_text(object, "address", page_browse_link(page, facet));
    json_t *count = wording_count(page, total);
    page_take_text(object, "more_label", page_word(page, "browse_more_", facet_name(facet), count));
    json_decref(count);
    json_object_set_new(object, "has_more", json_boolean(total > json_array_size(values)));
    json_object_set_new(object, "values", values);
    return object;
}

char *page_browse_years_link(const Page *page, int from, int to)
{
    Address address = begin_documents(page);
    address_pairs_of(&address, page->request, kept_names(TRUE), NULL, NULL);
    if (from > 0)
        address_pair_number(&address, "year_from", (guint)from);
    if (to > 0)
        address_pair_number(&address, "year_to", (guint)to);
    return page_address_take(page, &address);
}

static char *year_link(gpointer data, int from, int to)
{
    return page_browse_years_link(data, from, to);
}

json_t *page_browse_years(Page *page, const json_t *facets, guint most)
{
    PageYears years = {.most = most, .link = year_link, .data = page};
    return page_years(page, json_object_get(facets, "year"), &years);
}
