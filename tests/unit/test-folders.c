/* Tests of server/folders: the tree in the order of a walk, as much of it as there is room for. */
#include "fixture.h"

#include "../../server/search/folders.h"

/* As the API has them: by number of documents, each with those below it. */
static const char COUNTED[] =
    "[{\"value\":\"piani\",\"count\":9},{\"value\":\"piani/en\",\"count\":4},"
    "{\"value\":\"Atti\",\"count\":3},{\"value\":\"piani/en/old\",\"count\":2},"
    "{\"value\":\"piani-b\",\"count\":2},{\"value\":\"piani/a\",\"count\":1}]";

/* "path:documents", with + where its children follow, * and a number where some are hidden, and a )
 * for each level that ends. */
static char *written(const GArray *folders)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < folders->len; i++) {
        const Folder *folder = &g_array_index(folders, Folder, i);
        g_string_append_printf(text, "%s%s:%" G_GUINT64_FORMAT "%s", i > 0 ? " " : "", folder->path,
                               folder->documents, folder->has_children ? "+" : "");
        if (folder->hidden > 0)
            g_string_append_printf(text, "*%u", folder->hidden);
        for (guint j = 0; j < folder->ends; j++)
            g_string_append_c(text, ')');
    }
    return g_string_free(text, FALSE);
}

static void test_tree(void **state)
{
    static const struct {
        const char *in;
        guint offset;
        guint most;
        const char *expected;
        guint total;
    } CASES[] = {
        {"", 0, 100, "Atti:3 piani:9+ piani/a:1 piani/en:4+ piani/en/old:2)) piani-b:2", 6},
        {"", 0, 6, "Atti:3 piani:9+ piani/a:1 piani/en:4+ piani/en/old:2)) piani-b:2", 6},
        {"", 0, 5, "Atti:3 piani:9+ piani/a:1 piani/en:4*1) piani-b:2", 5},
        {"", 0, 4, "Atti:3 piani:9*3 piani-b:2", 3},
        {"", 0, 2, "Atti:3 piani:9*3", 3},
        {"", 2, 2, "piani-b:2", 3},
        {"", 9, 2, "", 3},
        {"piani", 0, 100, "piani/a:1 piani/en:4+ piani/en/old:2)", 3},
        {"piani/en", 0, 100, "piani/en/old:2", 1},
        {"pia", 0, 100, "", 0},
        {"piani/en/old", 0, 100, "", 0},
        {"/", 0, 100, "", 0},
    };
    json_t *counted = json_loads(COUNTED, 0, NULL);
    (void)state;
    assert_non_null(counted);
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        guint total = 99;
        g_autoptr(GArray) folders =
            folders_below(counted, CASES[i].in, CASES[i].offset, CASES[i].most, &total);
        g_autofree char *text = written(folders);
        assert_string_equal(text, CASES[i].expected);
        assert_int_equal(total, CASES[i].total);
    }
    json_decref(counted);
}

/* What begins a level ends it, whatever the tree. */
static void test_balance(void **state)
{
    static const char DEEP[] =
        "[{\"value\":\"a\",\"count\":1},{\"value\":\"a/b\",\"count\":1},"
        "{\"value\":\"a/b/c\",\"count\":1},{\"value\":\"a/b/c/d\",\"count\":1}]";
    json_t *counted = json_loads(DEEP, 0, NULL);
    (void)state;
    for (guint most = 1; most < 6; most++) {
        guint total;
        int open = 0;
        g_autoptr(GArray) folders = folders_below(counted, "", 0, most, &total);
        for (guint i = 0; i < folders->len; i++) {
            const Folder *folder = &g_array_index(folders, Folder, i);
            open += folder->has_children ? 1 : -(int)folder->ends;
            assert_true(open >= 0);
        }
        assert_int_equal(open, 0);
        assert_int_equal(folders->len, MIN(most, 4));
    }
    json_decref(counted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_balance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
