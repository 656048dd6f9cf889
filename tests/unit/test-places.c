/* Tests of server/places: where the concepts of a question stand in a text and in a title, and what
 * is near what. */
#include "sample_search.h"

#include "../../server/search/places.h"
#include "../../server/search/search.h"

static const Sample SAMPLES[] = {
    {.path = "a.pdf",
     .title = "Il fiume e la legge",
     .marked = IT "acqua del fiume" PAGE IT "legge sulle acque interne e fiumi"},
    {.path = "b.pdf", .title = "Altro", .marked = IT "legge"},
};

static int set_up(void **state)
{
    return sample_search_set_up(state, SAMPLES, G_N_ELEMENTS(SAMPLES));
}

static Query *parse(const SampleSearch *f, const char *typed)
{
    return query_parse(typed, strlen(typed), NULL, FALSE, searcher_analyser(f->searcher));
}

static char *listed(const GArray *places)
{
    GString *list = g_string_new(NULL);
    for (guint i = 0; i < places->len; i++) {
        const Place *place = &g_array_index(places, Place, i);
        g_string_append_printf(list, "%s%u:%u", i ? " " : "", place->position, place->concept);
    }
    return g_string_free(list, FALSE);
}

/* Positions count over all pages; a place comes once for each concept that stands there. */
static void test_in_the_text(void **state)
{
    static const struct {
        const char *typed;
        const char *places;
    } ROWS[] = {
        {"fiume", "2:0 8:0"},
        {"fiumi acqua legge", "0:1 2:0 3:2 8:0"},
        {"\"acqua\"", "0:0"},
        {"\"acque interne\" interne", "5:0 6:1"},
        {"title:fiume acqua", "0:1"}, /* what is sought in titles is not looked for here */
        {"mare", ""},
    };
    const SampleSearch *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(Query) query = parse(f, ROWS[i].typed);
        g_autoptr(GArray) places = places_find(searcher_postings(f->searcher), query, 1, NULL);
        g_autofree char *list = listed(places);
        assert_string_equal(list, ROWS[i].places);
    }
}

static void test_in_the_title(void **state)
{
    const SampleSearch *f = *state;
    g_autoptr(Query) query = parse(f, "legge fiumi");
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Place));
    for (guint concept = 0; concept < 2; concept ++)
        assert_true(places_add(places, searcher_postings(f->searcher), query, concept, 1,
                               COLUMN_OF_TITLE, NULL));
    g_autofree char *list = listed(places);
    assert_string_equal(list, "1:1 4:0");
}

static void test_near(void **state)
{
    static const struct {
        const char *typed; /* of words and phrases: concepts 0, 1 and 2 */
        guint parts;
        guint distance;
        Place places[4];
        guint count;
        gboolean is_near;
    } ROWS[] = {
        {"mela pera", 2, 0, {{4, 0, 0}, {5, 1, 0}}, 2, TRUE},
        {"mela pera", 2, 0, {{4, 1, 0}, {5, 0, 0}}, 2, TRUE}, /* in any order */
        {"mela pera", 2, 0, {{4, 0, 0}, {6, 1, 0}}, 2, FALSE},
        {"mela pera", 2, 1, {{4, 0, 0}, {6, 1, 0}}, 2, TRUE},
        {"mela pera", 2, 5, {{4, 0, 0}}, 1, FALSE},
        {"mela pera", 2, 1, {{1, 0, 0}, {9, 0, 0}, {11, 1, 0}}, 3, TRUE}, /* the last of each */
        {"\"mela rossa\" pera", 2, 0, {{4, 0, 0}, {6, 1, 0}}, 2, TRUE},   /* a phrase is two words
                                                                           * long
                                                                           */
        {"mela pera noce", 3, 1, {{1, 0, 0}, {2, 1, 0}, {4, 2, 0}}, 3, TRUE},
        {"mela pera noce", 3, 1, {{1, 0, 0}, {3, 1, 0}, {5, 2, 0}}, 3, FALSE},
        {"mela pera noce", 2, 1, {{1, 0, 0}, {2, 2, 0}, {9, 1, 0}}, 3, FALSE}, /* another's place */
    };
    static const guint PARTS[] = {0, 1, 2};
    const SampleSearch *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(Query) query = parse(f, ROWS[i].typed);
        g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Place));
        g_array_append_vals(places, ROWS[i].places, ROWS[i].count);
        assert_int_equal(places_are_near(places, query, PARTS, ROWS[i].parts, ROWS[i].distance),
                         ROWS[i].is_near);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_the_text),
        cmocka_unit_test(test_in_the_title),
        cmocka_unit_test(test_near),
    };
    return cmocka_run_group_tests(tests, set_up, sample_search_tear_down);
}
