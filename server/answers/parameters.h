/* Parameters: the names and values of an address become a typed, validated request. */
#ifndef SCHEDARIO_PARAMETERS_H
#define SCHEDARIO_PARAMETERS_H

#include <glib.h>

#include "../http/http.h"
#include "../search/search.h"

#define PARAMETERS_ERROR (parameters_error_quark())
GQuark parameters_error_quark(void);
/* One code; the message names the parameter and what is allowed, in English for developers. */
typedef enum { PARAMETERS_ERROR_VALUE } ParametersError;

/* Parameter names of a search, parted by spaces. */
#define PARAMETERS_OF_SEARCH                                                                       \
    "q translate explain limit offset language kind theme area body collection year_from year_to " \
    "sort"

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
/* Whether the question is to be read in the other language too: always, but for translate=off. */
gboolean parameters_translated(const HttpRequest *request);
/* Whether explain=1 asks for scores and the expression. */
gboolean parameters_explained(const HttpRequest *request);
/* The question, read as the address asks. Owned by the caller. */
Query *parameters_question(const HttpRequest *request, const Vocabulary *vocabulary,
                           Analyser *analyser);

#endif
