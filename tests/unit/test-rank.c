/* Tests of server/rank: values reckoned by hand, and what they promise. test-search.c holds whole
 * scores against a slow reckoning. */
#include "fixture.h"

#include <math.h>

#include "../../server/search/rank.h"

static double near_of(const Place *places, guint count, const double *idf)
{
    return rank_nearness(places, count, idf, 3, rank_norm(1));
}

static void test_saturation(void **state)
{
    (void)state;
    float norm = rank_norm(1);
    assert_float_equal(norm, 1.2, 1e-6);
    assert_float_equal(rank_norm(2), 1.2 * 1.6, 1e-6);
    assert_float_equal(rank_saturated(0, norm), 0, 1e-9);
    assert_float_equal(rank_saturated(1, norm), 1, 1e-6);
    assert_true(rank_saturated(1000, norm) < 2.2f);
    for (float frequency = 1; frequency < 50; frequency++) {
        assert_true(rank_saturated(frequency + 1, norm) > rank_saturated(frequency, norm));
        assert_true(rank_saturated(frequency, rank_norm(0.1f)) >
                    rank_saturated(frequency, rank_norm(10)));
    }
}

/* The mean of two views; a concept that comes in clusters outweighs one as rare that does not. */
static void test_weight(void **state)
{
    (void)state;
    assert_float_equal(rank_weight(3, 1), 3, 1e-9);
    assert_float_equal(rank_weight(3, 0.25), 1.5, 1e-9);
    assert_float_equal(rank_weight(0, 2), 0, 1e-9);
    assert_true(rank_weight(3, 1.6) > rank_weight(3, 1));
}

/* Near above far; nothing for one concept alone, but for the stretch that holds it. */
static void test_nearness(void **state)
{
    static const double IDF[] = {2, 2, 2};
    (void)state;
    double before = INFINITY;
    for (guint32 distance = 1; distance < 20; distance++) {
        const Place pair[] = {{.position = 10, .concept = 0},
                              {.position = 10 + distance, .concept = 1}};
        double near = near_of(pair, 2, IDF);
        assert_true(near < before || (distance > 13 && near <= before));
        before = near;
    }
    const Place alone[] = {{.position = 1}, {.position = 2}, {.position = 3}};
    assert_float_equal(near_of(alone, 3, IDF), 0.6 * 2, 1e-9);
    assert_float_equal(near_of(alone, 0, IDF), 0, 1e-9);
}

/* Two next to each other, by hand: each gathers the other's weight. */
static void test_by_hand(void **state)
{
    static const double IDF[] = {0.5, 3, 0};
    static const Place PAIR[] = {{.position = 4, .concept = 0}, {.position = 5, .concept = 1}};
    (void)state;
    double first = 0.5 * (3 * 2.2 / (3 + 1.2)), second = 1 * (0.5 * 2.2 / (0.5 + 1.2));
    assert_float_equal(near_of(PAIR, 2, IDF), 0.5 * (first + second) + 0.6 * 3.5, 1e-5);
}

/* The stretch that holds most counts, wherever it is: fifteen words on from its first. */
static void test_stretch(void **state)
{
    static const double IDF[] = {1, 2, 4};
    static const Place FAR[] = {{.position = 0, .concept = 2},
                                {.position = 100, .concept = 0},
                                {.position = 115, .concept = 1}};
    static const Place FARTHER[] = {{.position = 0, .concept = 2},
                                    {.position = 100, .concept = 0},
                                    {.position = 116, .concept = 1}};
    static const double LIGHT[] = {3, 2, 4};
    (void)state;
    assert_float_equal(near_of(FAR, 3, IDF), 0.6 * 4, 1e-9);
    assert_float_equal(near_of(FAR, 3, LIGHT), 0.6 * 5, 1e-9);
    assert_float_equal(near_of(FARTHER, 3, LIGHT), 0.6 * 4, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_saturation), cmocka_unit_test(test_weight),
        cmocka_unit_test(test_nearness),   cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_stretch),
    };
    return cmocka_run_group_tests_name("rank", tests, NULL, NULL);
}
