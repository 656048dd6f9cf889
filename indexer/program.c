/* See program.h. */
#include "program.h"

char *program_options(const GOptionEntry *entries, const char *description, int *argc, char ***argv,
                      GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_description(context, description);
    if (!g_option_context_parse(context, argc, argv, error))
        return NULL;
    return g_option_context_get_help(context, TRUE, NULL);
}

char *program_folder(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    return self ? g_path_get_dirname(self) : g_strdup(".");
}

char *program_reader(const char *given)
{
    if (given)
        return g_strdup(given);
    g_autofree char *folder = program_folder();
    char *beside = g_build_filename(folder, "schedario-reader", NULL);
    if (g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE))
        return beside;
    g_free(beside);
    return g_build_filename(folder, "..", "libexec", "schedario", "schedario-reader", NULL);
}
