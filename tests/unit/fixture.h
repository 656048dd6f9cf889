/* Fixture: what several tests need: a folder of their own, files in it, a main loop with an end.
 *
 * All inline, since a test program is linked from its own object and the libraries only. */
#ifndef SCHEDARIO_TESTS_FIXTURE_H
#define SCHEDARIO_TESTS_FIXTURE_H

#include <glib.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

/* A new empty folder. Ended by fixture_folder_remove(), which takes the string too. */
static inline char *fixture_folder_new(void)
{
    char *folder = g_dir_make_tmp("schedario-test-XXXXXX", NULL);
    assert_non_null(folder);
    return folder;
}

/* Removes a file, or a folder with all that is in it. Links are removed, not followed. */
static inline void fixture_remove(const char *path)
{
    GStatBuf status;
    if (g_lstat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        GDir *dir = g_dir_open(path, 0, NULL);
        const char *name;
        while (dir && (name = g_dir_read_name(dir))) {
            g_autofree char *below = g_build_filename(path, name, NULL);
            fixture_remove(below);
        }
        if (dir)
            g_dir_close(dir);
    }
    g_remove(path);
}

static inline void fixture_folder_remove(char *folder)
{
    if (folder)
        fixture_remove(folder);
    g_free(folder);
}

/* Writes `length` bytes to `name` below `folder`; folders on the way are made. */
static inline void fixture_write_bytes(const char *folder, const char *name, const void *bytes,
                                       gsize length)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *parent = g_path_get_dirname(path);
    assert_int_equal(g_mkdir_with_parents(parent, 0755), 0);
    /* In place, as an editor may; GLib's own way of doing so leaves a longer content's end. */
    FILE *file = g_fopen(path, "wbe");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static inline void fixture_write(const char *folder, const char *name, const char *text)
{
    fixture_write_bytes(folder, name, text, strlen(text));
}

/* Wakes the main loop, so that it looks at its flag again. */
static inline gboolean fixture_passed(gpointer data)
{
    *(gboolean *)data = TRUE;
    return G_SOURCE_CONTINUE;
}

/* Runs the default main context until `*flag` is set. FALSE when `deadline_ms` passes before. */
static inline gboolean fixture_run_until(const gboolean *flag, guint deadline_ms)
{
    gboolean is_late = FALSE;
    guint timer = g_timeout_add(deadline_ms, fixture_passed, &is_late);
    while (!*flag && !is_late)
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(timer);
    return *flag;
}

#endif
