/* Tests of server/facets: which filters a card fails, and for which facets it counts then. How the
 * whole agrees with a plain recount of an archive is test-search's. */
#include "sample.h"

#include "../../server/search/facets.h"

static const Sample SAMPLES[] = {
    {.path = "piani/en/a.pdf",
     .marked = IT "uno due" PAGE EN "one two",
     .body = "Ente A",
     .year = 2010,
     .kind = KIND_PLAN},
    {.path = "piani/b.pdf",
     .marked = EN "three",
     .body = "Ente B",
     .year = 2020,
     .kind = KIND_REPORT},
    {.path = "c.pdf", .marked = UND "drei"},
};

typedef struct {
    SampleFolder folder;
    Cards *cards;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->folder = sample_folder_new();
    sample_archive(f->folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    g_autoptr(Archive) writer = sample_writer(f->folder.archive);
    sample_put_topics(writer, 1, "gender migration", "asia");
    sample_put_topics(writer, 2, "peace", "asia europe");
    f->cards = cards_new();
    *state = f;
    return !cards_refresh(f->cards, writer, NULL);
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    cards_free(f->cards);
    sample_folder_release(&f->folder);
    g_free(f);
    return 0;
}

/* Values are parted by |. */
typedef struct {
    const char *values[FACET_COUNT];
    int year_from;
    int year_to;
} Asked;

static FacetFilter filter_of(const Cards *cards, const Asked *asked)
{
    FacetFilter filter;
    GPtrArray *lists[FACET_COUNT] = {NULL};
    for (int i = 0; i < FACET_COUNT; i++) {
        g_auto(GStrv) parts = asked->values[i] ? g_strsplit(asked->values[i], "|", -1) : NULL;
        lists[i] = parts ? g_ptr_array_new_with_free_func(g_free) : NULL;
        for (guint j = 0; parts && parts[j]; j++)
            g_ptr_array_add(lists[i], g_strdup(parts[j]));
    }
    facet_filter_init(&filter, cards, (const GPtrArray *const *)lists, asked->year_from,
                      asked->year_to);
    for (int i = 0; i < FACET_COUNT; i++)
        g_clear_pointer(&lists[i], g_ptr_array_unref);
    return filter;
}

#define BIT(name) (1u << FACET_##name)

static void test_failed(void **state)
{
    static const struct {
        Asked asked;
        guint failed[G_N_ELEMENTS(SAMPLES)]; /* by row */
    } CASES[] = {
        {{{NULL}, 0, 0}, {0, 0, 0}},
        {{{[FACET_LANGUAGE] = ""}, 0, 0}, {0, 0, 0}},
        {{{[FACET_LANGUAGE] = "en"}, 0, 0}, {0, 0, BIT(LANGUAGE)}},
        {{{[FACET_LANGUAGE] = "it|en"}, 0, 0}, {0, 0, BIT(LANGUAGE)}},
        {{{[FACET_KIND] = "plan"}, 0, 0}, {0, BIT(KIND), BIT(KIND)}},
        {{{[FACET_THEME] = "gender"}, 0, 0}, {0, BIT(THEME), BIT(THEME)}},
        {{{[FACET_THEME] = "gender|peace"}, 0, 0}, {0, 0, BIT(THEME)}},
        {{{[FACET_THEME] = "asia"}, 0, 0}, {BIT(THEME), BIT(THEME), BIT(THEME)}},
        {{{[FACET_THEME] = "nothing|gender"}, 0, 0}, {0, BIT(THEME), BIT(THEME)}},
        {{{[FACET_AREA] = "europe"}, 0, 0}, {BIT(AREA), 0, BIT(AREA)}},
        {{{[FACET_AREA] = "gender"}, 0, 0}, {BIT(AREA), BIT(AREA), BIT(AREA)}},
        {{{[FACET_BODY] = "Ente A|Ente B"}, 0, 0}, {0, 0, BIT(BODY)}},
        {{{[FACET_BODY] = "Nessuno"}, 0, 0}, {BIT(BODY), BIT(BODY), BIT(BODY)}},
        {{{[FACET_COLLECTION] = "piani"}, 0, 0}, {0, 0, BIT(COLLECTION)}},
        {{{[FACET_COLLECTION] = "piani/en"}, 0, 0}, {0, BIT(COLLECTION), BIT(COLLECTION)}},
        {{{NULL}, 2011, 0}, {BIT(YEAR), 0, BIT(YEAR)}},
        {{{NULL}, 0, 2011}, {0, BIT(YEAR), BIT(YEAR)}},
        {{{NULL}, 2010, 2020}, {0, 0, BIT(YEAR)}},
        {{{[FACET_THEME] = "gender", [FACET_AREA] = "europe", [FACET_KIND] = "plan"}, 2011, 0},
         {BIT(AREA) | BIT(YEAR), BIT(THEME) | BIT(KIND),
          BIT(THEME) | BIT(AREA) | BIT(KIND) | BIT(YEAR)}},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        FacetFilter filter = filter_of(f->cards, &CASES[i].asked);
        for (gsize row = 1; row <= G_N_ELEMENTS(SAMPLES); row++) {
            const Card *card = cards_find(f->cards, (gint64)row);
            guint failed = facet_filter_failed(&filter, f->cards, card);
            if (failed != CASES[i].failed[row - 1])
                fail_msg("case %zu, row %zu: fails %x", i, row, failed);
        }
        facet_filter_release(&filter);
    }
}

static void test_passes_others(void **state)
{
    (void)state;
    assert_true(facet_passes_others(0, FACET_THEME));
    assert_true(facet_passes_others(BIT(THEME), FACET_THEME));
    assert_false(facet_passes_others(BIT(THEME), FACET_AREA));
    assert_false(facet_passes_others(BIT(THEME) | BIT(AREA), FACET_AREA));
}

/* "theme gender 1, theme migration 1, year 2010 1". */
static char *listed(const FacetCounts *counts, const Cards *cards)
{
    GString *text = g_string_new(NULL);
    GArray *values[FACET_COUNT];
    facet_counts_list(counts, cards, values);
    for (int facet = 0; facet < FACET_COUNT; facet++) {
        for (guint i = 0; i < values[facet]->len; i++) {
            const FacetValue *value = &g_array_index(values[facet], FacetValue, i);
            g_string_append_printf(text, "%s%s %s %u", text->len ? ", " : "",
                                   facet_name((Facet)facet), value->value, value->count);
        }
        g_array_unref(values[facet]);
    }
    return g_string_free(text, FALSE);
}

/* Cards by row, each with what it failed. */
static void test_counts(void **state)
{
    static const struct {
        guint failed[G_N_ELEMENTS(SAMPLES)];
        const char *listed;
    } CASES[] = {
        {{0, 0, 0},
         "language en 2, language it 1, kind other 1, kind plan 1, kind report 1, theme gender 1, "
         "theme migration 1, theme peace 1, area asia 2, area europe 1, body Ente A 1, body Ente B "
         "1, year 2020 1, year 2010 1, collection piani 2, collection piani/en 1"},
        {{BIT(THEME), BIT(THEME) | BIT(YEAR), BIT(THEME)}, "theme gender 1, theme migration 1"},
        {{BIT(AREA), BIT(AREA), BIT(KIND)}, "kind other 1, area asia 2, area europe 1"},
        {{BIT(YEAR), BIT(COLLECTION), BIT(BODY)}, "year 2010 1, collection piani 1"},
        {{BIT(LANGUAGE) | BIT(KIND), BIT(BODY) | BIT(KIND), BIT(LANGUAGE)}, ""},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        FacetCounts counts;
        facet_counts_init(&counts, f->cards);
        for (gsize row = 1; row <= G_N_ELEMENTS(SAMPLES); row++)
            facet_counts_add(&counts, f->cards, cards_find(f->cards, (gint64)row),
                             CASES[i].failed[row - 1]);
        g_autofree char *text = listed(&counts, f->cards);
        assert_string_equal(text, CASES[i].listed);
        facet_counts_release(&counts);
    }
}

/* Names are what parameters and the API's values are called. */
static void test_names(void **state)
{
    static const char *const NAMES[FACET_COUNT] = {"language", "kind", "theme",     "area",
                                                   "body",     "year", "collection"};
    (void)state;
    for (int i = 0; i < FACET_COUNT; i++)
        assert_string_equal(facet_name((Facet)i), NAMES[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_failed, set_up, tear_down),
        cmocka_unit_test(test_passes_others),
        cmocka_unit_test_setup_teardown(test_counts, set_up, tear_down),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
