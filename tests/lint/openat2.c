/* openat2(2) for valgrind 3.19, which does not know that call and says that the system lacks it: as
 * indexer/beneath.c asks for it, step by step, no step being a link. Preloaded under valgrind only
 * (Makefile). */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ARGUMENTS = 6 };

static int step(int folder, const char *name, int flags, mode_t mode)
{
    if (strcmp(name, "..") != 0)
        return openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
    errno = EXDEV;
    return -1;
}

static int walk(int folder, char *path, const struct open_how *how)
{
    int at = dup(folder);
    for (char *name = path, *slash; at >= 0 && (slash = strchr(name, '/')); name = slash + 1) {
        *slash = '\0';
        int next = *name ? step(at, name, O_PATH | O_DIRECTORY, 0) : dup(at);
        int code = errno;
        close(at);
        at = next;
        errno = code;
        path = slash + 1;
    }
    if (at < 0)
        return -1;
    int fd = step(at, *path ? path : ".", (int)how->flags, (mode_t)how->mode);
    int code = errno;
    close(at);
    errno = code;
    return fd;
}

static int open_beneath(int folder, const char *path, const struct open_how *how)
{
    if (*path == '/' || *path == '\0') {
        errno = *path ? EXDEV : ENOENT;
        return -1;
    }
    char *copy = strdup(path);
    int fd = walk(folder, copy, how);
    int code = errno;
    free(copy);
    errno = code;
    return fd;
}

long syscall(long number, ...)
{
    long argument[ARGUMENTS];
    va_list list;
    va_start(list, number);
    for (int i = 0; i < ARGUMENTS; i++)
        argument[i] = va_arg(list, long);
    va_end(list);
    if (number == SYS_openat2)
        return open_beneath((int)argument[0], (const char *)argument[1],
                            (const struct open_how *)argument[2]);
    long (*real)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    return real(number, argument[0], argument[1], argument[2], argument[3], argument[4],
                argument[5]);
}
