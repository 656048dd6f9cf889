/* Parameters: the names and values of an address become a typed, validated request. */
#ifndef SCHEDARIO_PARAMETERS_H
#define SCHEDARIO_PARAMETERS_H

#include <glib.h>

#include "http.h"
#include "search.h"

#define PARAMETERS_ERROR (parameters_error_quark())
GQuark parameters_error_quark(void);
/* One code; the message names the parameter and what is allowed, in English for developers. */
typedef enum { PARAMETERS_ERROR_VALUE } ParametersError;

/* Parameter names of a search, parted by spaces. */
#define PARAMETERS_OF_SEARCH "q limit offset language kind body collection year_from year_to sort"

/* The one way in which outside numbers are read: decimal digits only, from `least` to `most`. A
 * parameter that is not there or empty leaves `*ret_value`. FALSE and `error` otherwise. */
gboolean parameter_number(const HttpRequest *request, const char *name, guint least, guint most,
                          guint *ret_value, GError **error);

/* Fills all of `ret_search` but its query and its limit's default. Values are borrowed from the
 * HTTP request. FALSE and `error` on a value that cannot be. */
gboolean parameters_of_search(const HttpRequest *request, SearchRequest *ret_search,
                              GError **error);

/* What was typed: the parameter q, or "". */
const char *parameters_query(const HttpRequest *request);

#endif
