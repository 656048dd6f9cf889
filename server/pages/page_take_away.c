/* See page_take_away.h. */
#include "page_take_away.h"

#include <string.h>

#include "page_facets.h"

static const struct {
    const char *path;
    const char *label;     /* the same in every language */
    const char *note;      /* the message take_NOTE */
    const char *separator; /* of CSV, where it is not the comma */
} FORMS[] = {
    {"/search.csv", "CSV", "csv", NULL},
    {"/search.csv", "CSV", "csv_semicolon", "semicolon"},
    {"/search.jsonl", "JSON lines", "jsonl", NULL},
    {"/search.bib", "BibTeX", "bib", NULL},
    {"/search.ris", "RIS", "ris", NULL},
};

/* The same documents in the same order, which the addresses of files do not have by default. */
static char *take_link(const Page *page, const SearchRequest *search, gboolean is_search,
                       const char *path, const char *separator)
{
    Address address = address_begin(path);
    if (is_search)
        address_pairs_of(&address, page->request, "q translate", NULL, NULL);
    address_pairs_of(&address, page->request, PAGE_FILTERS, NULL, NULL);
    if (search->sort != SORT_RELEVANCE)
        address_pair(&address, "sort", search_sort_name(search->sort));
    address_pair(&address, "separator", separator);
    return page_address_take(page, &address);
}

void page_take_away_set(Page *page, const SearchRequest *search, gboolean is_search, guint total)
{
    json_t *value = json_object(), *forms = json_array();
    for (gsize i = 0; i < G_N_ELEMENTS(FORMS) && total > 0; i++) {
        json_t *form = json_object();
        page_set_text(form, "label", FORMS[i].label);
        page_take_text(form, "note", page_word(page, "take_", FORMS[i].note, NULL));
        page_take_text(form, "address",
                       take_link(page, search, is_search, FORMS[i].path, FORMS[i].separator));
        json_array_append_new(forms, form);
    }
    json_object_set_new(value, "has_forms", json_boolean(total > 0));
    json_object_set_new(value, "forms", forms);
    page_take_text(value, "record_url", take_link(page, search, is_search, "/search/record", NULL));
    json_object_set_new(page->value, "take_away", value);
}
