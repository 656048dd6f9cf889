/* Protection: see protection.h. */
#include "protection.h"

static const struct {
    Protection protection;
    const char *name;
} NAMES[] = {
    {PROTECTION_PRIVILEGES, "no new privileges"},
    {PROTECTION_RESOURCES, "limits"},
    {PROTECTION_FILES, "files"},
    {PROTECTION_CALLS, "system calls (seccomp)"},
};

static void append_name(GString *names, gsize i, guint landlock)
{
    g_string_append_printf(names, "%s%s", names->len ? ", " : "", NAMES[i].name);
    if (NAMES[i].protection != PROTECTION_FILES)
        return;
    if (landlock > 0)
        g_string_append_printf(names, " (Landlock %u)", landlock);
    else
        g_string_append(names, " (Landlock)");
}

char *protection_names(guint protections, guint landlock)
{
    GString *names = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++)
        if (protections & NAMES[i].protection)
            append_name(names, i, landlock);
    return g_string_free(names->len ? names : g_string_append(names, "none"), FALSE);
}
