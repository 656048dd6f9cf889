/* Opening a file below a folder, and never outside of it. */
#ifndef SCHEDARIO_BENEATH_H
#define SCHEDARIO_BENEATH_H

/* Opens `path` (relative) below the folder `root` with `flags` (close-on-exec is added): neither
 * "..", nor a symbolic link anywhere on the way, leads out or is followed. Returns the descriptor,
 * or -1 with errno set (ELOOP or EXDEV for a path that would leave). Thread-safe. */
int beneath_open(int root, const char *path, int flags);

#endif
