/* See widening.h. Each way is one more search, without results: only their number is wanted. */
#include "widening.h"

#include <string.h>

static const char *const KIND_NAMES[WIDENING_KINDS] = {"filter", "filters", "other-names",
                                                       "operators", "words"};

const char *widening_kind_name(WideningKind kind)
{
    return KIND_NAMES[kind];
}

typedef struct {
    Searcher *searcher;
    const Vocabulary *vocabulary;
    const SearchRequest *request;
    const char *typed;
    gboolean is_translated;
    GArray *found;
} Attempt;

static void widening_clear(gpointer data)
{
    g_free(((Widening *)data)->typed);
}

static gboolean is_set(const SearchRequest *request, Facet facet)
{
    if (facet == FACET_YEAR)
        return request->year_from || request->year_to;
    return request->values[facet] && request->values[facet]->len > 0;
}

static void drop(SearchRequest *request, Facet facet)
{
    request->values[facet] = NULL;
    if (facet == FACET_YEAR)
        request->year_from = request->year_to = 0;
}

/* Asks and notes the way when it finds something. `way.typed` is taken. */
static gboolean try_way(const Attempt *attempt, SearchRequest request, Widening way, GError **error)
{
    request.limit = request.offset = 0;
    request.without_hits = TRUE;
    g_autoptr(SearchResult) result = searcher_search(attempt->searcher, &request, error);
    way.total = result ? result->total : 0;
    if (way.total > 0)
        g_array_append_val(attempt->found, way);
    else
        g_free(way.typed);
    return result != NULL;
}

/* The request without any filter; how many there were. */
static guint drop_all(SearchRequest *request)
{
    guint count = 0;
    for (int i = 0; i < FACET_COUNT; i++) {
        count += is_set(request, (Facet)i);
        drop(request, (Facet)i);
    }
    return count;
}

static gboolean try_filters(const Attempt *attempt, GError **error)
{
    SearchRequest bare = *attempt->request;
    for (int i = 0; i < FACET_COUNT; i++) {
        SearchRequest without = *attempt->request;
        Widening way = {.kind = WIDENING_FILTER, .facet = (Facet)i};
        if (!is_set(attempt->request, (Facet)i))
            continue;
        drop(&without, (Facet)i);
        if (!try_way(attempt, without, way, error))
            return FALSE;
    }
    return drop_all(&bare) < 2 ||
           try_way(attempt, bare, (Widening){.kind = WIDENING_FILTERS}, error);
}

static gboolean try_question(const Attempt *attempt, SearchRequest request, const char *typed,
                             gboolean is_translated, Widening way, GError **error)
{
    g_autoptr(Query) query = query_parse(typed, strlen(typed), attempt->vocabulary, is_translated,
                                         searcher_analyser(attempt->searcher));
    request.query = query;
    return try_way(attempt, request, way, error);
}

static gboolean try_other_names(const Attempt *attempt, GError **error)
{
    Widening way = {.kind = WIDENING_OTHER};
    return attempt->is_translated ||
           try_question(attempt, *attempt->request, attempt->typed, TRUE, way, error);
}

/* The words of the question that say what a document is to be about, side by side. */
static char *plain_words(const Query *query)
{
    GString *text = g_string_new(NULL);
    const GPtrArray *concepts = query_concepts(query);
    for (guint i = 0; i < concepts->len; i++) {
        const QueryConcept *concept = g_ptr_array_index(concepts, i);
        if (!concept->is_ranked)
            continue;
        if (text->len > 0)
            g_string_append_c(text, ' ');
        for (const char *at = concept->typed; *at; at++)
            if (*at != '"')
                g_string_append_c(text, *at);
    }
    return g_string_free(text, FALSE);
}

/* Without any filter only where nothing else helps. */
static gboolean try_words(const Attempt *attempt, GError **error)
{
    SearchRequest bare = *attempt->request;
    g_autofree char *words = plain_words(attempt->request->query);
    Widening way = {.kind = WIDENING_OPERATORS, .typed = g_strdup(words)};
    if (!*words || strcmp(words, query_understood(attempt->request->query)) == 0) {
        g_free(way.typed);
        return TRUE;
    }
    if (!try_question(attempt, bare, words, attempt->is_translated, way, error))
        return FALSE;
    if (attempt->found->len > 0 || drop_all(&bare) == 0)
        return TRUE;
    way = (Widening){.kind = WIDENING_WORDS, .typed = g_strdup(words)};
    return try_question(attempt, bare, words, attempt->is_translated, way, error);
}

GArray *widening_find(Searcher *searcher, const Vocabulary *vocabulary,
                      const SearchRequest *request, const char *typed, gboolean is_translated,
                      GError **error)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Widening));
    Attempt attempt = {searcher, vocabulary, request, typed, is_translated, found};
    g_array_set_clear_func(found, widening_clear);
    if (!try_filters(&attempt, error) || !try_other_names(&attempt, error) ||
        !try_words(&attempt, error))
        g_clear_pointer(&found, g_array_unref);
    return found;
}
