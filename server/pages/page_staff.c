/* See page_staff.h. */
#include "page_staff.h"

#include <string.h>

static const struct {
    const char *name;
    const char *path;
} PAGES[] = {
    {"files", "/status"},
    {"text", "/status/text"},
    {"catalogue", "/status/catalogue"},
    {"totals", "/status/totals"},
};

void page_set_staff_links(const Page *page, const char *name)
{
    json_t *list = json_array();
    for (gsize i = 0; i < G_N_ELEMENTS(PAGES); i++) {
        json_t *object = json_object();
        Address address = address_begin(PAGES[i].path);
        page_take_text(object, "address", page_address_take(page, &address));
        page_take_text(object, "label", page_word(page, "staff_", PAGES[i].name, NULL));
        json_object_set_new(object, "is_current", json_boolean(strcmp(PAGES[i].name, name) == 0));
        json_array_append_new(list, object);
    }
    json_object_set_new(page->value, "staff_links", list);
}
