/* See facets.h. */
#include "facets.h"

#include <string.h>

static const char *const FACET_NAMES[FACET_COUNT] = {
    [FACET_LANGUAGE] = "language",
    [FACET_KIND] = "kind",
    [FACET_THEME] = "theme",
    [FACET_AREA] = "area",
    [FACET_BODY] = "body",
    [FACET_YEAR] = "year",
    [FACET_COLLECTION] = "collection",
};

const char *facet_name(Facet facet)
{
    return FACET_NAMES[facet];
}

static guint bit_of(Facet facet)
{
    return 1u << facet;
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

static guint64 select_topics(const Cards *cards, const GPtrArray *values, TopicKind kind)
{
    guint64 bits = 0;
    for (guint i = 0; i < value_count(values); i++) {
        NameIndex index = cards_topic_index(cards, kind, g_ptr_array_index(values, i));
        if (index >= 0)
            bits |= G_GUINT64_CONSTANT(1) << index;
    }
    return bits;
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

/* The facets that something was chosen of. */
static guint facets_set(const GPtrArray *const values[FACET_COUNT], int year_from, int year_to)
{
    guint set = year_from || year_to ? bit_of(FACET_YEAR) : 0;
    for (int facet = 0; facet < FACET_COUNT; facet++)
        if (facet != FACET_YEAR && value_count(values[facet]) > 0)
            set |= bit_of((Facet)facet);
    return set;
}

void facet_filter_init(FacetFilter *filter, const Cards *cards,
                       const GPtrArray *const values[FACET_COUNT], int year_from, int year_to)
{
    *filter = (FacetFilter){
        .set = facets_set(values, year_from, year_to),
        .languages = select_languages(values[FACET_LANGUAGE]),
        .kinds = select_kinds(values[FACET_KIND]),
        .topics = {select_topics(cards, values[FACET_THEME], TOPIC_THEME),
                   select_topics(cards, values[FACET_AREA], TOPIC_AREA)},
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

static gboolean in_years(const FacetFilter *filter, int year)
{
    if (filter->year_from && year < filter->year_from)
        return FALSE;
    return !filter->year_to || (year != 0 && year <= filter->year_to);
}

static gboolean in_topics(const FacetFilter *filter, const Cards *cards, const Card *card,
                          TopicKind kind)
{
    return (filter->topics[kind] & cards_topic_set(cards, kind, card->topics[kind])) != 0;
}

static gboolean passes(const FacetFilter *filter, const Cards *cards, const Card *card, Facet facet)
{
    switch (facet) {
    case FACET_LANGUAGE:
        return (filter->languages & card->languages) != 0;
    case FACET_KIND:
        return (filter->kinds & (1u << card->kind)) != 0;
    case FACET_THEME:
        return in_topics(filter, cards, card, TOPIC_THEME);
    case FACET_AREA:
        return in_topics(filter, cards, card, TOPIC_AREA);
    case FACET_BODY:
        return card->body >= 0 && filter->bodies[card->body];
    case FACET_YEAR:
        return in_years(filter, card->year);
    case FACET_COLLECTION:
        return in_collections(filter, cards, card->collection);
    case FACET_COUNT:
        break;
    }
    return TRUE;
}

guint facet_filter_failed(const FacetFilter *filter, const Cards *cards, const Card *card)
{
    guint failed = 0;
    for (guint set = filter->set; set; set &= set - 1) {
        Facet facet = (Facet)g_bit_nth_lsf(set, -1);
        if (!passes(filter, cards, card, facet))
            failed |= bit_of(facet);
    }
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
    for (int kind = 0; kind < TOPIC_KINDS; kind++)
        counts->topics[kind] = g_new0(guint, cards_topic_set_count(cards, (TopicKind)kind) + 1);
}

void facet_counts_release(FacetCounts *counts)
{
    for (int kind = 0; kind < TOPIC_KINDS; kind++)
        g_free(counts->topics[kind]);
    g_free(counts->bodies);
    g_free(counts->collections);
    g_free(counts->years);
}

gboolean facet_passes_others(guint failed, Facet facet)
{
    return (failed & ~bit_of(facet)) == 0;
}

/* A card that fails one filter counts for that facet alone, and one that fails two for none. */
void facet_counts_add(FacetCounts *counts, const Cards *cards, const Card *card, guint failed)
{
    if (failed & (failed - 1))
        return;
    for (int language = LANGUAGE_ITALIAN; language < LANGUAGE_COUNT; language++)
        if (facet_passes_others(failed, FACET_LANGUAGE) && card->languages & (1 << language))
            counts->languages[language]++;
    if (facet_passes_others(failed, FACET_KIND) && card->kind < KIND_COUNT)
        counts->kinds[card->kind]++;
    if (facet_passes_others(failed, FACET_THEME))
        counts->topics[TOPIC_THEME][card->topics[TOPIC_THEME]]++;
    if (facet_passes_others(failed, FACET_AREA))
        counts->topics[TOPIC_AREA][card->topics[TOPIC_AREA]]++;
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

static void list_topics(GArray *values, const FacetCounts *counts, const Cards *cards,
                        TopicKind kind)
{
    guint sums[CARDS_TOPICS] = {0};
    for (guint number = 0; number < cards_topic_set_count(cards, kind); number++) {
        guint64 set = counts->topics[kind][number] ? cards_topic_set(cards, kind, number) : 0;
        for (guint i = 0; set; i++, set >>= 1)
            if (set & 1)
                sums[i] += counts->topics[kind][number];
    }
    for (guint i = 0; i < cards_topic_count(cards, kind); i++)
        add_value(values, cards_topic(cards, kind, (NameIndex)i), sums[i]);
}

static void list_years(GArray *values, const FacetCounts *counts)
{
    for (int year = FACET_LAST_YEAR; year >= FACET_FIRST_YEAR; year--) {
        char name[16];
        guint count = counts->years[year - FACET_FIRST_YEAR];
        if (count == 0)
            continue;
        g_snprintf(name, sizeof name, "%d", year);
        add_value(values, name, count);
    }
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
    case FACET_THEME:
        list_topics(values, counts, cards, TOPIC_THEME);
        break;
    case FACET_AREA:
        list_topics(values, counts, cards, TOPIC_AREA);
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
        list_years(values, counts);
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
