/* See address.h. Escaping: RFC 3986, everything but its unreserved characters. */
#include "address.h"

#include <string.h>

Address address_begin(const char *path)
{
    return (Address){g_string_new(path), FALSE};
}

void address_segment(Address *address, const char *segment)
{
    g_string_append_c(address->text, '/');
    g_string_append_uri_escaped(address->text, segment, NULL, FALSE);
}

void address_segment_number(Address *address, guint number)
{
    g_string_append_printf(address->text, "/%u", number);
}

void address_pair(Address *address, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    g_string_append_c(address->text, address->has_pair ? '&' : '?');
    g_string_append_uri_escaped(address->text, name, NULL, FALSE);
    g_string_append_c(address->text, '=');
    g_string_append_uri_escaped(address->text, value, NULL, FALSE);
    address->has_pair = TRUE;
}

void address_pair_number(Address *address, const char *name, guint number)
{
    char value[16];
    g_snprintf(value, sizeof value, "%u", number);
    address_pair(address, name, value);
}

void address_pairs_of(Address *address, const HttpRequest *request, const char *names,
                      const char *without_name, const char *without_value)
{
    g_auto(GStrv) list = g_strsplit(names, " ", -1);
    for (guint i = 0; list[i]; i++) {
        const GPtrArray *values = g_hash_table_lookup(request->parameters, list[i]);
        gboolean is_named = without_name && strcmp(list[i], without_name) == 0;
        for (guint j = 0; values && j < values->len; j++) {
            const char *value = g_ptr_array_index(values, j);
            if (!is_named || (without_value && strcmp(value, without_value) != 0))
                address_pair(address, list[i], value);
        }
    }
}

char *address_take(Address *address)
{
    return g_string_free(g_steal_pointer(&address->text), FALSE);
}
