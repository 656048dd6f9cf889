/* Tests of server/deadline: looks at the clock every few steps, and stays past. */
#include "fixture.h"

#include "../../server/deadline.h"

static void test_none(void **state)
{
    (void)state;
    Deadline deadline = {0};
    for (int i = 0; i < 10 * DEADLINE_STEPS; i++)
        assert_false(deadline_step(&deadline));
    assert_false(deadline_look(&deadline));
    deadline_set(&deadline, 0);
    assert_false(deadline_look(&deadline));
}

static void test_steps(void **state)
{
    (void)state;
    Deadline deadline;
    deadline_set(&deadline, 1);
    g_usleep(10);
    for (int i = 1; i < DEADLINE_STEPS; i++)
        assert_false(deadline_step(&deadline));
    assert_true(deadline_step(&deadline));
    assert_true(deadline_step(&deadline));
    deadline_set(&deadline, G_TIME_SPAN_HOUR);
    assert_false(deadline_look(&deadline));
    assert_false(deadline.is_past);
}

static void test_looks(void **state)
{
    (void)state;
    Deadline deadline = {.looks_left = 3};
    assert_false(deadline_look(&deadline));
    assert_false(deadline_look(&deadline));
    assert_true(deadline_look(&deadline));
    assert_true(deadline_look(&deadline));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_looks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
