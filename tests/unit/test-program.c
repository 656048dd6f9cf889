/* Tests of indexer/program: the command line, and where the program stands. */
#include "../../indexer/program.h"

#include "fixture.h"

static void test_options(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        gboolean is_parsed;
        int count;
        const char *left; /* joined by blanks */
    } ROWS[] = {
        {"program", TRUE, 0, "program"},
        {"program --count 3", TRUE, 3, "program"},
        {"program -n 7 rest", TRUE, 7, "program rest"},
        {"program --count three", FALSE, 0, NULL},
        {"program --count", FALSE, 0, NULL},
        {"program --unknown", FALSE, 0, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        int count = 0;
        const GOptionEntry entries[] = {
            {"count", 'n', 0, G_OPTION_ARG_INT, &count, "How many", "N"},
            G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = g_strsplit(ROWS[i].line, " ", -1);
        g_autofree char **argv = g_memdup2(words, sizeof *words * (g_strv_length(words) + 1));
        char **present = argv;
        int argc = (int)g_strv_length(words);
        g_autoptr(GError) error = NULL;
        g_autofree char *help = program_options(entries, "The end.", &argc, &present, &error);
        assert_int_equal(help != NULL, ROWS[i].is_parsed);
        assert_int_equal(error == NULL, ROWS[i].is_parsed);
        if (!help) {
            assert_int_equal(error->domain, G_OPTION_ERROR);
            continue;
        }
        assert_non_null(strstr(help, "--count"));
        assert_non_null(strstr(help, "The end."));
        assert_int_equal(count, ROWS[i].count);
        g_autofree char *left = g_strjoinv(" ", present);
        assert_string_equal(left, ROWS[i].left);
    }
}

static void test_folder(void **state)
{
    (void)state;
    g_autofree char *folder = program_folder();
    g_autofree char *self = g_build_filename(folder, "test-program", NULL);
    assert_true(g_path_is_absolute(folder));
    assert_true(g_file_test(self, G_FILE_TEST_IS_EXECUTABLE));
}

/* What is given is taken, there or not; else the reader beside this program goes before the
 * installed one. */
static void test_reader(void **state)
{
    (void)state;
    g_autofree char *folder = program_folder();
    g_autofree char *beside = g_build_filename(folder, "schedario-reader", NULL);
    g_autofree char *given = program_reader("/nowhere/reader");
    g_autofree char *found = program_reader(NULL);
    gboolean is_beside = g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE);
    assert_string_equal(given, "/nowhere/reader");
    assert_int_equal(strcmp(found, beside) == 0, is_beside);
    assert_true(is_beside || g_str_has_suffix(found, "/../libexec/schedario/schedario-reader"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_folder),
        cmocka_unit_test(test_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
