/* See page_letters.h. */
#include "page_letters.h"

#include <string.h>

#include "../search/title_order.h"

static const json_t *letter_named(const json_t *letters, const char *name)
{
    for (size_t i = 0; i < json_array_size(letters); i++) {
        const json_t *one = json_array_get(letters, i);
        if (strcmp(json_string_value(json_object_get(one, "letter")), name) == 0)
            return one;
    }
    return NULL;
}

static guint number_of(const json_t *object, const char *key)
{
    return (guint)json_integer_value(json_object_get(object, key));
}

static char *letter_label(const Page *page, const char *name)
{
    return name[1] ? page_word(page, "letter_", name, NULL) : g_ascii_strup(name, -1);
}

static char *letter_link(const Page *page, const char *path, const char *names, const char *name,
                         guint number)
{
    Address address = address_begin(path);
    address_pairs_of(&address, page->request, names, NULL, NULL);
    if (number > 1)
        address_pair_number(&address, "page", number);
    g_autofree char *link = page_address_take(page, &address);
    return g_strconcat(link, "#letter-", name, NULL);
}

void page_set_letters(Page *page, const char *path, const char *names, const json_t *letters,
                      guint per_page)
{
    json_t *list = json_array();
    for (guint i = 0; i < TITLE_LETTERS; i++) {
        const char *name = title_order_letter_name((i + TITLE_LETTER_OTHER) % TITLE_LETTERS);
        const json_t *one = letter_named(letters, name);
        guint number = one ? number_of(one, "offset") / per_page + 1 : 0;
        json_t *object = json_object();
        page_set_text(object, "name", name);
        page_take_text(object, "label", letter_label(page, name));
        page_take_text(object, "address",
                       one ? letter_link(page, path, names, name, number) : NULL);
        json_array_append_new(list, object);
    }
    json_object_set_new(page->value, "letters", list);
}

void page_letters_mark(const Page *page, const json_t *letters, guint offset, json_t *items)
{
    size_t at = 0;
    const json_t *one = json_array_get(letters, at);
    for (size_t i = 0; i < json_array_size(items); i++) {
        guint place = offset + (guint)i;
        while (one && place >= number_of(one, "offset") + number_of(one, "count"))
            one = json_array_get(letters, ++at);
        if (!one || (i > 0 && place != number_of(one, "offset")))
            continue;
        const char *name = json_string_value(json_object_get(one, "letter"));
        page_set_text(json_array_get(items, i), "letter", name);
        page_take_text(json_array_get(items, i), "letter_label", letter_label(page, name));
    }
}
