/* See facets.h. */
#include "facets.h"

#include <string.h>

static const char *const FACET_NAMES[FACET_COUNT] = {"language", "kind", "body", "year",
                                                     "collection"};

const char *facet_name(Facet facet)
{
    return FACET_NAMES[facet];
}

/* Filters */

static guint value_count(const GPtrArray *values)
{
    return values ? values->len : 0;
}

static gboolean *select_names(const Cards *cards, const GPtrArray *values, guint count,
                              NameIndex (*find)(const Cards *, const char *))
{
    if (value_count(values) == 0)
        return NULL;
    gboolean *selected = g_new0(gboolean, count + 1);
    for (guint i = 0; i < values->len; i++) {
        NameIndex index = find(cards, g_ptr_array_index(values, i));
        if (index >= 0)
            selected[index] = TRUE;
    }
    return selected;
}

static guint8 select_languages(const GPtrArray *values)
{
    guint8 bits = 0;
    for (guint i = 0; i < value_count(values); i++)
        for (int language = LANGUAGE_ITALIAN; language < LANGUAGE_COUNT; language++)
            if (strcmp(g_ptr_array_index(values, i), language_code((Language)language)) == 0)
                bits |= (guint8)(1 << language);
    return bits;
}

static guint32 select_kinds(const GPtrArray *values)
{
    guint32 bits = 0;
    Kind kind;
    for (guint i = 0; i < value_count(values); i++)
        if (kind_parse(g_ptr_array_index(values, i), &kind))
            bits |= 1u << kind;
    return bits;
}

void facet_filter_init(FacetFilter *filter, const Cards *cards,
                       const GPtrArray *const values[FACET_COUNT], int year_from, int year_to)
{
    *filter = (FacetFilter){
        .languages = select_languages(values[FACET_LANGUAGE]),
        .kinds = select_kinds(values[FACET_KIND]),
        .bodies =
            select_names(cards, values[FACET_BODY], cards_body_count(cards), cards_body_index),
        .collections = select_names(cards, values[FACET_COLLECTION], cards_collection_count(cards),
                                    cards_collection_index),
        .year_from = year_from,
        .year_to = year_to,
    };
}

void facet_filter_release(FacetFilter *filter)
{
    g_free(filter->bodies);
    g_free(filter->collections);
}

static gboolean in_collections(const FacetFilter *filter, const Cards *cards, NameIndex collection)
{
    for (; collection >= 0; collection = cards_collection_parent(cards, collection))
        if (filter->collections[collection])
            return TRUE;
    return FALSE;
}

guint facet_filter_failed(const FacetFilter *filter, const Cards *cards, const Card *card)
{
    guint failed = 0;
    if (filter->languages && !(filter->languages & card->languages))
        failed |= 1u << FACET_LANGUAGE;
    if (filter->kinds && !(filter->kinds & (1u << card->kind)))
        failed |= 1u << FACET_KIND;
    if (filter->bodies && !(card->body >= 0 && filter->bodies[card->body]))
        failed |= 1u << FACET_BODY;
    if ((filter->year_from && card->year < filter->year_from) ||
        (filter->year_to && (card->year == 0 || card->year > filter->year_to)))
        failed |= 1u << FACET_YEAR;
    if (filter->collections && !in_collections(filter, cards, card->collection))
        failed |= 1u << FACET_COLLECTION;
    return failed;
}

/* Counting */

void facet_counts_init(FacetCounts *counts, const Cards *cards)
{
    *counts = (FacetCounts){
        .bodies = g_new0(guint, cards_body_count(cards) + 1),
        .collections = g_new0(guint, cards_collection_count(cards) + 1),
        .years = g_new0(guint, FACET_LAST_YEAR - FACET_FIRST_YEAR + 1),
    };
}

void facet_counts_release(FacetCounts *counts)
{
    g_free(counts->bodies);
    g_free(counts->collections);
    g_free(counts->years);
}

gboolean facet_passes_others(guint failed, Facet facet)
{
    return (failed & ~(1u << facet)) == 0;
}

void facet_counts_add(FacetCounts *counts, const Cards *cards, const Card *card, guint failed)
{
    for (int language = LANGUAGE_ITALIAN; language < LANGUAGE_COUNT; language++)
        if (facet_passes_others(failed, FACET_LANGUAGE) && card->languages & (1 << language))
            counts->languages[language]++;
    if (facet_passes_others(failed, FACET_KIND) && card->kind < KIND_COUNT)
        counts->kinds[card->kind]++;
    if (facet_passes_others(failed, FACET_BODY) && card->body >= 0)
        counts->bodies[card->body]++;
    if (facet_passes_others(failed, FACET_YEAR) && card->year >= FACET_FIRST_YEAR &&
        card->year <= FACET_LAST_YEAR)
        counts->years[card->year - FACET_FIRST_YEAR]++;
    if (facet_passes_others(failed, FACET_COLLECTION))
        for (NameIndex at = card->collection; at >= 0; at = cards_collection_parent(cards, at))
            counts->collections[at]++;
}

static void facet_value_release(gpointer data)
{
    FacetValue *value = data;
    g_free(value->value);
}

static void add_value(GArray *values, const char *name, guint count)
{
    FacetValue value = {NULL, count};
    if (count == 0)
        return;
    value.value = g_strdup(name);
    g_array_append_val(values, value);
}

static gint compare_values(gconstpointer a, gconstpointer b)
{
    const FacetValue *left = a, *right = b;
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    return strcmp(left->value, right->value);
}

static void list_facet(GArray *values, Facet facet, const FacetCounts *counts, const Cards *cards)
{
    switch (facet) {
    case FACET_LANGUAGE:
        for (int i = LANGUAGE_ITALIAN; i < LANGUAGE_COUNT; i++)
            add_value(values, language_code((Language)i), counts->languages[i]);
        break;
    case FACET_KIND:
        for (int i = 0; i < KIND_COUNT; i++)
            add_value(values, kind_name((Kind)i), counts->kinds[i]);
        break;
    case FACET_BODY:
        for (guint i = 0; i < cards_body_count(cards); i++)
            add_value(values, cards_body(cards, (NameIndex)i), counts->bodies[i]);
        break;
    case FACET_COLLECTION:
        for (guint i = 0; i < cards_collection_count(cards); i++)
            add_value(values, cards_collection(cards, (NameIndex)i), counts->collections[i]);
        break;
    case FACET_YEAR:
        for (int year = FACET_LAST_YEAR; year >= FACET_FIRST_YEAR; year--) {
            char name[16];
            g_snprintf(name, sizeof name, "%d", year);
            add_value(values, name, counts->years[year - FACET_FIRST_YEAR]);
        }
        break;
    case FACET_COUNT:
        break;
    }
}

void facet_counts_list(const FacetCounts *counts, const Cards *cards,
                       GArray *ret_values[FACET_COUNT])
{
    for (int facet = 0; facet < FACET_COUNT; facet++) {
        GArray *values = g_array_new(FALSE, FALSE, sizeof(FacetValue));
        g_array_set_clear_func(values, facet_value_release);
        list_facet(values, (Facet)facet, counts, cards);
        if (facet != FACET_YEAR)
            g_array_sort(values, compare_values);
        ret_values[facet] = values;
    }
}
