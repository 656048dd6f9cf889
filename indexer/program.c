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
