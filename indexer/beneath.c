/* See beneath.h: the kernel decides (openat2, Linux 5.6), not the text of the path.
 *
 * Where that call is not to be had (the filter of confinement.h leaves it out on systems on which
 * it would allow too much; valgrind does not know it) the path is walked step by step, no step
 * being a link, with the folders on the way kept open: ".." goes back to the one that was passed,
 * whatever was moved meanwhile, and never before the first. */
#include "beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Folders passed, the innermost last; the first is the root, borrowed. */
typedef GArray Way;

static int here(const Way *way)
{
    return g_array_index(way, int, way->len - 1);
}

/* Closes the innermost folder. */
static gboolean go_back(Way *way)
{
    if (way->len == 1) {
        errno = EXDEV;
        return FALSE;
    }
    close(here(way));
    g_array_set_size(way, way->len - 1);
    return TRUE;
}

static gboolean is_link(int folder, const char *name)
{
    struct stat status;
    return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
}

static int open_here(const Way *way, const char *name, int flags)
{
    int fd = openat(here(way), name, flags | O_NOFOLLOW | O_CLOEXEC);
    /* Which of the two is said of a link depends on the flags. */
    if (fd < 0 && errno == ENOTDIR)
        errno = is_link(here(way), name) ? ELOOP : ENOTDIR;
    return fd;
}

/* One step into a folder, or out of it. */
static gboolean go(Way *way, const char *name)
{
    if (strcmp(name, "..") == 0)
        return go_back(way);
    if (*name == '\0' || strcmp(name, ".") == 0)
        return TRUE;
    int fd = open_here(way, name, O_PATH | O_DIRECTORY);
    if (fd >= 0)
        g_array_append_val(way, fd);
    return fd >= 0;
}

static int go_and_open(Way *way, char *const *steps, int flags)
{
    guint last = g_strv_length((char **)steps) - 1;
    if (last > 0 && *steps[last] == '\0') { /* a slash at the end */
        flags |= O_DIRECTORY;
        while (last > 0 && *steps[last] == '\0')
            last--;
    }
    for (guint i = 0; i < last; i++)
        if (!go(way, steps[i]))
            return -1;
    if (strcmp(steps[last], "..") != 0)
        return open_here(way, steps[last], flags);
    return go_back(way) ? open_here(way, ".", flags) : -1;
}

static int walk(int root, const char *path, int flags)
{
    if (*path == '\0' || *path == '/' || strlen(path) >= PATH_MAX) {
        errno = *path == '\0' ? ENOENT : *path == '/' ? EXDEV : ENAMETOOLONG;
        return -1;
    }
    g_auto(GStrv) steps = g_strsplit(path, "/", -1);
    Way *way = g_array_new(FALSE, FALSE, sizeof(int));
    g_array_append_val(way, root);
    int fd = go_and_open(way, steps, flags);
    int code = errno;
    while (way->len > 1)
        go_back(way);
    g_array_unref(way);
    errno = code;
    return fd;
}

int beneath_open(int root, const char *path, int flags)
{
    struct open_how how = {
        .flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
    return fd < 0 && errno == ENOSYS ? walk(root, path, flags) : fd;
}
