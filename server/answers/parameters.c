/* See parameters.h. */
#include "parameters.h"

#include <string.h>

enum { YEAR_MOST = 9999, OFFSET_MOST = 1000000 };

G_DEFINE_QUARK(schedario - parameters - error, parameters_error)

gboolean parameter_number(const HttpRequest *request, const char *name, guint least, guint most,
                          guint *ret_value, GError **error)
{
    const char *text = http_parameter(request, name);
    guint64 value = 0;
    if (!text || !*text)
        return TRUE;
    if (strspn(text, "0123456789") == strlen(text) &&
        g_ascii_string_to_unsigned(text, 10, least, most, &value, NULL)) {
        *ret_value = (guint)value;
        return TRUE;
    }
    g_set_error(error, PARAMETERS_ERROR, PARAMETERS_ERROR_VALUE,
                "%s must be a whole number from %u to %u", name, least, most);
    return FALSE;
}

const char *parameters_query(const HttpRequest *request)
{
    const char *typed = http_parameter(request, "q");
    return typed ? typed : "";
}

static gboolean says(const HttpRequest *request, const char *name, const char *value)
{
    const char *said = http_parameter(request, name);
    return said && strcmp(said, value) == 0;
}

gboolean parameters_translated(const HttpRequest *request)
{
    return !says(request, "translate", "off");
}

gboolean parameters_explained(const HttpRequest *request)
{
    return says(request, "explain", "1");
}

Query *parameters_question(const HttpRequest *request, const Vocabulary *vocabulary,
                           Analyser *analyser)
{
    const char *typed = parameters_query(request);
    return query_parse(typed, strlen(typed), vocabulary, parameters_translated(request), analyser);
}

static gboolean is_language(const char *value)
{
    return strcmp(value, "it") == 0 || strcmp(value, "en") == 0;
}

static gboolean is_kind(const char *value)
{
    Kind kind;
    return kind_parse(value, &kind);
}

static gboolean is_any(const char *value)
{
    (void)value;
    return TRUE;
}

static const struct {
    Facet facet;
    gboolean (*is_allowed)(const char *value);
    const char *allowed;
} LISTS[] = {
    {FACET_LANGUAGE, is_language, "it or en"},
    {FACET_KIND, is_kind,
     "one of statute, regulation, plan, programme, resolution, agreement, report, other"},
    {FACET_THEME, is_any, ""},
    {FACET_AREA, is_any, ""},
    {FACET_BODY, is_any, ""},
    {FACET_COLLECTION, is_any, ""},
};

/* The values of a list, empty ones (an untouched form field) left out; NULL when there are none. */
static gboolean read_list(const HttpRequest *request, gsize index, SearchRequest *search,
                          GError **error)
{
    const char *name = facet_name(LISTS[index].facet);
    GPtrArray *values = g_hash_table_lookup(request->parameters, name);
    for (guint i = 0; values && i < values->len;) {
        const char *value = g_ptr_array_index(values, i);
        if (!*value) {
            g_ptr_array_remove_index(values, i);
            continue;
        }
        if (!LISTS[index].is_allowed(value)) {
            g_set_error(error, PARAMETERS_ERROR, PARAMETERS_ERROR_VALUE, "%s must be %s", name,
                        LISTS[index].allowed);
            return FALSE;
        }
        i++;
    }
    search->values[LISTS[index].facet] = values && values->len > 0 ? values : NULL;
    return TRUE;
}

static gboolean read_sort(const HttpRequest *request, SearchRequest *search, GError **error)
{
    const char *sort = http_parameter(request, "sort");
    if (!sort || !*sort || search_sort_parse(sort, &search->sort))
        return TRUE;
    g_set_error_literal(error, PARAMETERS_ERROR, PARAMETERS_ERROR_VALUE,
                        "sort must be one of relevance, newest, oldest, title, added");
    return FALSE;
}

/* Switches have few words. */
static gboolean check_switches(const HttpRequest *request, GError **error)
{
    static const struct {
        const char *name;
        const char *words[2];
    } SWITCHES[] = {{"translate", {"on", "off"}}, {"explain", {"0", "1"}}};
    for (gsize i = 0; i < G_N_ELEMENTS(SWITCHES); i++) {
        const char *said = http_parameter(request, SWITCHES[i].name);
        if (!said || !*said || strcmp(said, SWITCHES[i].words[0]) == 0 ||
            strcmp(said, SWITCHES[i].words[1]) == 0)
            continue;
        g_set_error(error, PARAMETERS_ERROR, PARAMETERS_ERROR_VALUE, "%s must be %s or %s",
                    SWITCHES[i].name, SWITCHES[i].words[0], SWITCHES[i].words[1]);
        return FALSE;
    }
    return TRUE;
}

gboolean parameters_of_search(const HttpRequest *request, SearchRequest *ret_search, GError **error)
{
    SearchRequest search = *ret_search;
    guint year_from = 0, year_to = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(LISTS); i++)
        if (!read_list(request, i, &search, error))
            return FALSE;
    if (!read_sort(request, &search, error) || !check_switches(request, error) ||
        !parameter_number(request, "limit", 0, SEARCH_LIMIT, &search.limit, error) ||
        !parameter_number(request, "offset", 0, OFFSET_MOST, &search.offset, error) ||
        !parameter_number(request, "year_from", 0, YEAR_MOST, &year_from, error) ||
        !parameter_number(request, "year_to", 0, YEAR_MOST, &year_to, error))
        return FALSE;
    search.year_from = (int)year_from;
    search.year_to = (int)year_to;
    *ret_search = search;
    return TRUE;
}
