/* Tests of server/rowset: sets of rows against a plain array of them. */
#include "fixture.h"

#include "../../server/postings/rowset.h"

static RowSet *made(GRand *random, guint limit, gboolean *plain)
{
    RowSet *set = rowset_new(limit);
    for (guint row = 0; row < limit; row++) {
        plain[row] = g_rand_boolean(random);
        if (plain[row])
            rowset_add(set, row);
    }
    return set;
}

static void check(const RowSet *set, const gboolean *plain, guint limit)
{
    guint count = 0, seen = 0;
    for (guint row = 0; row < limit; row++) {
        assert_int_equal(rowset_has(set, row), plain[row]);
        count += (guint)plain[row];
    }
    assert_int_equal(rowset_count(set), count);
    ROWSET_EACH(set, row)
    {
        assert_true(plain[row]);
        seen++;
    }
    assert_int_equal(seen, count);
}

static void test_against_plain(void **state)
{
    static const guint LIMITS[] = {1, 2, 63, 64, 65, 127, 128, 129, 1000};
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(4);
    for (gsize i = 0; i < G_N_ELEMENTS(LIMITS); i++) {
        guint limit = LIMITS[i];
        gboolean a[1000], b[1000], both[1000], any[1000], rest[1000];
        g_autoptr(RowSet) first = made(random, limit, a);
        g_autoptr(RowSet) second = made(random, limit, b);
        g_autoptr(RowSet) kept = rowset_new(limit);
        g_autoptr(RowSet) dropped = rowset_new(limit);
        for (guint row = 0; row < limit; row++) {
            both[row] = a[row] && b[row];
            any[row] = a[row] || b[row];
            rest[row] = a[row] && !b[row];
        }
        rowset_join(kept, first);
        rowset_keep(kept, second);
        check(kept, both, limit);
        rowset_join(dropped, first);
        rowset_drop(dropped, second);
        check(dropped, rest, limit);
        rowset_join(first, second);
        check(first, any, limit);
    }
}

/* Rows at the limit and beyond are never in. */
static void test_edges(void **state)
{
    static const guint32 ROWS[] = {0, 63, 64, 65, 70, 4000000000u};
    (void)state;
    g_autoptr(RowSet) set = rowset_new(65);
    rowset_add_all(set, ROWS, G_N_ELEMENTS(ROWS));
    assert_int_equal(rowset_count(set), 3);
    assert_false(rowset_has(set, 65));
    rowset_remove(set, 64);
    rowset_remove(set, 70);
    assert_int_equal(rowset_count(set), 2);
    rowset_fill(set);
    assert_int_equal(rowset_count(set), 65);
    rowset_clear(set);
    assert_int_equal(rowset_next(set, 0), 65);
    rowset_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_plain),
        cmocka_unit_test(test_edges),
    };
    return cmocka_run_group_tests_name("rowset", tests, NULL, NULL);
}
