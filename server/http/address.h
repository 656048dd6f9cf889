/* Address: links, built from segments and pairs, never from pieces of text. */
#ifndef SCHEDARIO_ADDRESS_H
#define SCHEDARIO_ADDRESS_H

#include <glib.h>

#include "http.h"

/* Begins an address with a path that is ours ("/documents"). The caller frees what address_take()
 * gives. */
typedef struct {
    GString *text;
    gboolean has_pair;
} Address;

Address address_begin(const char *path);
/* Adds "/segment", escaped. */
void address_segment(Address *address, const char *segment);
void address_segment_number(Address *address, guint number);
/* Adds "name=value", escaped; nothing when the value is NULL or "". */
void address_pair(Address *address, const char *name, const char *value);
void address_pair_number(Address *address, const char *name, guint number);
/* Adds the pairs of a request whose name stands in `names` (parted by spaces), but for the pair
 * `without_name` = `without_value` (any value when that is NULL). */
void address_pairs_of(Address *address, const HttpRequest *request, const char *names,
                      const char *without_name, const char *without_value);
char *address_take(Address *address);

#endif
