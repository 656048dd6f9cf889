/* See originals.h. */
#include "originals.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../indexer/beneath.h"

static gboolean is_original(int fd, const ArchiveDocument *document)
{
    struct stat status;
    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
           status.st_size == document->size_bytes;
}

int originals_open(int corpus, const ArchiveDocument *document, const GPtrArray *paths,
                   const char **ret_path)
{
    for (guint i = 0; corpus >= 0 && i < paths->len; i++) {
        const char *path = g_ptr_array_index(paths, i);
        int fd = beneath_open(corpus, path, O_RDONLY | O_NONBLOCK);
        if (fd < 0)
            continue;
        if (is_original(fd, document)) {
            if (ret_path)
                *ret_path = path;
            return fd;
        }
        close(fd);
    }
    return -1;
}
