/* Tests of server/trouble: which error is told as what, and that all have words in both languages.
 */
#include "fixture.h"

#include "../../indexer/archive.h"
#include "../../server/trouble.h"

static void test_errors(void **state)
{
    static const struct {
        int code; /* of ARCHIVE_ERROR */
        Trouble trouble;
    } CASES[] = {
        {ARCHIVE_ERROR_ABSENT, TROUBLE_PREPARING}, {ARCHIVE_ERROR_OLDER, TROUBLE_PREPARING},
        {ARCHIVE_ERROR_LOCKED, TROUBLE_PREPARING}, {ARCHIVE_ERROR_BUSY, TROUBLE_PREPARING},
        {ARCHIVE_ERROR_DAMAGED, TROUBLE_DAMAGED},  {ARCHIVE_ERROR_FOREIGN, TROUBLE_DAMAGED},
        {ARCHIVE_ERROR_NEWER, TROUBLE_NEWER},      {ARCHIVE_ERROR_IO, TROUBLE_DAMAGED},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = g_error_new_literal(ARCHIVE_ERROR, CASES[i].code, "x");
        assert_int_equal(trouble_of(error), CASES[i].trouble);
    }
    g_autoptr(GError) own = NULL;
    assert_true(trouble_costly(&own));
    assert_int_equal(trouble_of(own), TROUBLE_COSTLY);
    g_autoptr(GError) busy = g_error_new_literal(TROUBLE_ERROR, TROUBLE_BUSY, "x");
    assert_int_equal(trouble_of(busy), TROUBLE_BUSY);
    g_autoptr(GError) unknown = g_error_new_literal(TROUBLE_ERROR, 99, "x");
    assert_int_equal(trouble_of(unknown), TROUBLE_DAMAGED);
    assert_int_equal(trouble_of(NULL), TROUBLE_PREPARING);
}

static void check_words(const char *language, Trouble trouble)
{
    static const char *const PARTS[] = {"heading", "reason", "remedy"};
    g_autofree char *path = g_strdup_printf("web/messages/%s.ini", language);
    g_autofree char *all = NULL;
    assert_true(g_file_get_contents(path, &all, NULL, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(PARTS); i++) {
        g_autofree char *line =
            g_strdup_printf("\nerror_503_%s_%s=", trouble_name(trouble), PARTS[i]);
        if (!strstr(all, line))
            fail_msg("%s lacks %s", path, line + 1);
    }
}

static void test_words(void **state)
{
    (void)state;
    for (int i = 0; i < TROUBLE_COUNT; i++) {
        check_words("it", (Trouble)i);
        check_words("en", (Trouble)i);
        assert_true(strlen(trouble_detail((Trouble)i)) > 10);
        assert_in_range(trouble_retry_seconds((Trouble)i), 1, 3600);
    }
    /* A page that asks again by itself must not do so for what will not change by itself. */
    assert_true(trouble_passes(TROUBLE_PREPARING) && trouble_passes(TROUBLE_BUSY));
    assert_false(trouble_passes(TROUBLE_DAMAGED) || trouble_passes(TROUBLE_NEWER) ||
                 trouble_passes(TROUBLE_COSTLY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
