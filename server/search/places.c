/* See places.h. */
#include "places.h"

#include <string.h>

static gboolean list_has(const PostingList *list, guint32 row)
{
    guint low = 0, high = list->count;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (list->rows[middle] < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low < list->count && list->rows[low] == row;
}

/* Both parts of `places`, before and from `middle` on, are in order; afterwards the whole is. */
static void merge_tail(GArray *places, guint middle)
{
    if (middle == 0 || middle == places->len)
        return;
    guint left = middle, right = places->len, to = right;
    g_autofree Place *tail =
        g_memdup2(&g_array_index(places, Place, middle), sizeof(Place) * (gsize)(right - middle));
    right -= middle;
    Place *all = &g_array_index(places, Place, 0);
    while (right > 0) {
        if (left > 0 && all[left - 1].position > tail[right - 1].position)
            all[--to] = all[--left];
        else
            all[--to] = tail[--right];
    }
}

static gboolean add_alternative(GArray *places, Postings *postings,
                                const QueryAlternative *alternative, Place template, guint32 row,
                                PostingColumn column, GArray *positions, GError **error)
{
    const PostingList *list =
        postings_find(postings, alternative->phrase, alternative->is_prefix, error);
    if (!list)
        return FALSE;
    if (!list_has(list, row))
        return TRUE;
    g_array_set_size(positions, 0);
    if (!postings_places(postings, alternative->phrase, alternative->is_prefix, row, column,
                         positions, error))
        return FALSE;
    guint before = places->len;
    for (guint i = 0; i < MIN(positions->len, (guint)PLACES_OF_ALTERNATIVE); i++) {
        template.position = g_array_index(positions, guint32, i);
        g_array_append_val(places, template);
    }
    merge_tail(places, before);
    return TRUE;
}

gboolean places_add(GArray *places, Postings *postings, const Query *query, guint concept,
                    guint32 row, PostingColumn column, GError **error)
{
    const QueryConcept *of = g_ptr_array_index(query_concepts(query), concept);
    g_autoptr(GArray) positions = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint i = 0; i < of->alternatives->len; i++) {
        Place template = {.concept = (guint16) concept, .alternative = (guint16)i};
        if (!add_alternative(places, postings,
                             &g_array_index(of->alternatives, QueryAlternative, i), template, row,
                             column, positions, error))
            return FALSE;
    }
    return TRUE;
}

GArray *places_find(Postings *postings, const Query *query, guint32 row, GError **error)
{
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Place));
    const GPtrArray *concepts = query_concepts(query);
    for (guint i = 0; i < concepts->len; i++) {
        const QueryConcept *concept = g_ptr_array_index(concepts, i);
        if (concept->is_ranked && !concept->in_title &&
            !places_add(places, postings, query, i, row, COLUMN_OF_TEXT, error))
            return NULL;
    }
    return g_steal_pointer(&places);
}

/* Near */

guint place_words(const GPtrArray *concepts, const Place *place)
{
    const QueryConcept *concept = g_ptr_array_index(concepts, place->concept);
    const char *phrase =
        g_array_index(concept->alternatives, QueryAlternative, place->alternative).phrase;
    guint words = 1;
    while ((phrase = strchr(phrase, ' '))) {
        phrase++;
        words++;
    }
    return words;
}

/* The last place of each part so far: whether they lie close together. */
static gboolean stretch_is_near(const Place *const *last, const Query *query, guint count,
                                guint distance)
{
    guint first = G_MAXUINT, end = 0, own = 0;
    for (guint i = 0; i < count; i++) {
        if (!last[i])
            return FALSE;
        guint words = place_words(query_concepts(query), last[i]);
        first = MIN(first, last[i]->position);
        end = MAX(end, last[i]->position + words);
        own += words;
    }
    return end - first <= own + distance;
}

gboolean places_are_near(const GArray *places, const Query *query, const guint *parts, guint count,
                         guint distance)
{
    g_autofree const Place **last = g_new0(const Place *, count + 1);
    for (guint i = 0; i < places->len; i++) {
        const Place *place = &g_array_index(places, Place, i);
        for (guint j = 0; j < count; j++)
            if (parts[j] == place->concept)
                last[j] = place;
        if (stretch_is_near(last, query, count, distance))
            return TRUE;
    }
    return FALSE;
}
