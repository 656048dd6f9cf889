/* Opened: see opened.h. */
#include "opened.h"

#include <fcntl.h>

void opened_release(Opened *opened)
{
    g_clear_object(&opened->document);
}

/* A file that is written to is another file. */
static gboolean is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static ReadOutcome open_document(Opened *opened, int fd)
{
    g_autoptr(GError) error = NULL;
    opened_release(opened);
    int own = fcntl(fd, F_DUPFD_CLOEXEC, 0); /* poppler closes the one it is given */
    if (own < 0)
        return READ_DAMAGED;
    opened->document = poppler_document_new_from_fd(own, NULL, &error);
    if (opened->document)
        return READ_DONE;
    return g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED) ? READ_PASSWORD
                                                                          : READ_DAMAGED;
}

ReadOutcome opened_page(Opened *opened, int fd, guint32 number, PopplerPage **ret_page)
{
    struct stat file;
    if (fstat(fd, &file) != 0)
        return READ_DAMAGED;
    if (!opened->document || !is_same_file(&opened->file, &file)) {
        ReadOutcome outcome = open_document(opened, fd);
        if (outcome != READ_DONE)
            return outcome;
        opened->file = file;
    }
    int pages = poppler_document_get_n_pages(opened->document);
    if (pages <= 0 || number >= (guint)pages)
        return READ_NO_PAGE;
    *ret_page = poppler_document_get_page(opened->document, (int)number);
    return *ret_page ? READ_DONE : READ_DAMAGED;
}
