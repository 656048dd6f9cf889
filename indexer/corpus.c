/* See corpus.h. inotify only wakes; what changed is always found by a scan. A folder is watched
 * before it is listed, so a file that arrives in between is seen by one or the other. */
#include "corpus.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beneath.h"
#include "limits.h"

enum {
    QUIET_MS = 250,          /* events are gathered for so long before anybody is told */
    HASH_BYTES = 256 * 1024, /* read at a time */
};

static const guint32 WATCHED = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
                               IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF |
                               IN_ONLYDIR;

struct Corpus {
    int root;
    char *path;
    GPtrArray *left_out; /* char *: paths of files that are no part of it */
    int inotify;         /* -1: not watched */
    guint inotify_source;
    guint quiet_source;
    void (*changed)(gpointer data);
    gpointer data;
};

G_DEFINE_QUARK(schedario - corpus - error, corpus_error)

Corpus *corpus_open(const char *path, GError **error)
{
    int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) {
        g_set_error(error, CORPUS_ERROR, CORPUS_ERROR_ABSENT, "%s: %s", path, g_strerror(errno));
        return NULL;
    }
    Corpus *corpus = g_new0(Corpus, 1);
    corpus->root = root;
    corpus->path = g_strdup(path);
    corpus->left_out = g_ptr_array_new_with_free_func(g_free);
    corpus->inotify = -1;
    return corpus;
}

void corpus_free(Corpus *corpus)
{
    if (!corpus)
        return;
    if (corpus->inotify_source)
        g_source_remove(corpus->inotify_source);
    if (corpus->quiet_source)
        g_source_remove(corpus->quiet_source);
    if (corpus->inotify >= 0)
        close(corpus->inotify);
    close(corpus->root);
    g_ptr_array_unref(corpus->left_out);
    g_free(corpus->path);
    g_free(corpus);
}

void corpus_leave_out(Corpus *corpus, const char *path)
{
    g_ptr_array_add(corpus->left_out, g_strdup(path));
}

/* Names */

static const char *const UNFINISHED[] = {
    "~",    ".part", ".partial", ".crdownload", ".download",
    ".tmp", ".temp", ".swp",     ".swx",        ".filepart",
};

static const char *const SYSTEM_NAMES[] = {"thumbs.db", "desktop.ini", "ehthumbs.db"};

/* Emacs saves as "#name#"; a mere "#1 name" is somebody's own. */
static gboolean is_autosave(const char *name)
{
    return name[0] == '#' && name[1] && g_str_has_suffix(name, "#");
}

gboolean corpus_is_passed_over(const char *name)
{
    if (name[0] == '.' || g_str_has_prefix(name, "~$") || is_autosave(name))
        return TRUE;
    g_autofree char *lower = g_ascii_strdown(name, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(UNFINISHED); i++)
        if (g_str_has_suffix(lower, UNFINISHED[i]))
            return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(SYSTEM_NAMES); i++)
        if (strcmp(lower, SYSTEM_NAMES[i]) == 0)
            return TRUE;
    return FALSE;
}

/* Scanning */

static void free_entry(gpointer data)
{
    CorpusEntry *entry = data;
    g_free(entry->path);
    g_free(entry);
}

void corpus_scan_free(CorpusScan *scan)
{
    if (!scan)
        return;
    g_hash_table_unref(scan->entries);
    g_ptr_array_unref(scan->unreadable);
    g_ptr_array_unref(scan->mounts);
    g_free(scan);
}

static void stamp_from(const struct stat *status, FileStamp *ret_stamp)
{
    *ret_stamp = (FileStamp){
        .device = status->st_dev,
        .inode = status->st_ino,
        .size_bytes = status->st_size,
        .mtime_ns =
            status->st_mtim.tv_sec * G_GINT64_CONSTANT(1000000000) + status->st_mtim.tv_nsec,
        .ctime_ns =
            status->st_ctim.tv_sec * G_GINT64_CONSTANT(1000000000) + status->st_ctim.tv_nsec,
    };
}

static void add_entry(CorpusScan *scan, char *path, const struct stat *status)
{
    CorpusEntry *entry = g_new0(CorpusEntry, 1);
    entry->path = path;
    entry->kind = S_ISREG(status->st_mode)   ? ENTRY_FILE
                  : S_ISLNK(status->st_mode) ? ENTRY_LINK
                                             : ENTRY_SPECIAL;
    stamp_from(status, &entry->stamp);
    g_hash_table_replace(scan->entries, entry->path, entry);
}

typedef struct {
    Corpus *corpus;
    CorpusScan *scan;
    GQueue folders; /* char *, owned: "" or ending in '/' */
} Walk;

static gboolean is_left_out(const Corpus *corpus, const struct stat *status)
{
    struct stat other;
    for (guint i = 0; i < corpus->left_out->len; i++)
        if (stat(g_ptr_array_index(corpus->left_out, i), &other) == 0 &&
            other.st_dev == status->st_dev && other.st_ino == status->st_ino)
            return TRUE;
    return FALSE;
}

static void walk_name(Walk *walk, int folder, const char *prefix, const char *name)
{
    struct stat status;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return; /* gone since it was listed */
    if (S_ISDIR(status.st_mode))
        g_queue_push_tail(&walk->folders, g_strconcat(prefix, name, "/", NULL));
    else if (!is_left_out(walk->corpus, &status))
        add_entry(walk->scan, g_strconcat(prefix, name, NULL), &status);
}

static void watch_folder(const Corpus *corpus, const char *prefix)
{
    if (corpus->inotify < 0)
        return;
    g_autofree char *path = g_build_filename(corpus->path, prefix, NULL);
    inotify_add_watch(corpus->inotify, path, WATCHED);
}

static DIR *open_folder(const Corpus *corpus, const char *prefix)
{
    int fd = beneath_open(corpus->root, *prefix ? prefix : ".", O_RDONLY | O_DIRECTORY);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    if (!folder && fd >= 0)
        close(fd);
    return folder;
}

/* The corpus comes first. */
static void note_device(CorpusScan *scan, const char *prefix, int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return;
    if (!*prefix) {
        scan->device = status.st_dev;
        scan->inode = status.st_ino;
    } else if (status.st_dev != scan->device) {
        g_ptr_array_add(scan->mounts, g_strdup(prefix));
    }
}

static void walk_folder(Walk *walk, const char *prefix)
{
    watch_folder(walk->corpus, prefix);
    DIR *folder = open_folder(walk->corpus, prefix);
    if (!folder) {
        if (errno != ENOENT || !*prefix)
            g_ptr_array_add(walk->scan->unreadable, g_strdup(prefix));
        return;
    }
    note_device(walk->scan, prefix, dirfd(folder));
    const struct dirent *item;
    errno = 0;
    while ((item = readdir(folder))) {
        if (!corpus_is_passed_over(item->d_name))
            walk_name(walk, dirfd(folder), prefix, item->d_name);
        errno = 0;
    }
    if (errno != 0)
        g_ptr_array_add(walk->scan->unreadable, g_strdup(prefix));
    closedir(folder);
}

/* NAME.ini is a sidecar when NAME stands beside it, and an orphan when it only looks as if it
 * should (so that it is not taken for a document itself, and a misspelt name is noticed). */
static EntryKind ini_kind(const CorpusScan *scan, const CorpusEntry *entry)
{
    static const char *const DOCUMENTS[] = {".pdf", ".txt"};
    g_autofree char *name = g_strndup(entry->path, strlen(entry->path) - strlen(".ini"));
    if (g_hash_table_contains(scan->entries, name))
        return ENTRY_SIDECAR;
    g_autofree char *lower = g_ascii_strdown(name, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(DOCUMENTS); i++)
        if (g_str_has_suffix(lower, DOCUMENTS[i]))
            return ENTRY_ORPHAN;
    return ENTRY_FILE;
}

static void find_sidecars(CorpusScan *scan)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, scan->entries);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        CorpusEntry *entry = value;
        if (entry->kind == ENTRY_FILE && g_str_has_suffix(entry->path, ".ini"))
            entry->kind = ini_kind(scan, entry);
    }
}

static gboolean is_empty_folder(int fd)
{
    int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = copy >= 0 ? fdopendir(copy) : NULL;
    const struct dirent *item;
    gboolean empty = TRUE;
    while (folder && (item = readdir(folder)))
        empty &= strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0;
    if (folder)
        closedir(folder);
    else if (copy >= 0)
        close(copy);
    return empty;
}

static gboolean is_same_file(int a, int b)
{
    struct stat first, second;
    return fstat(a, &first) == 0 && fstat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/* Whether the folder can be spoken of. Another folder may have taken its place, which is then the
 * corpus; but an empty one is what a vanished file system leaves, and says nothing. */
static gboolean root_stands(Corpus *corpus)
{
    int now = open(corpus->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (now < 0)
        return FALSE;
    gboolean is_same = is_same_file(now, corpus->root);
    if (is_same || is_empty_folder(now)) {
        close(now);
        return is_same;
    }
    close(corpus->root);
    corpus->root = now;
    return TRUE;
}

CorpusScan *corpus_scan(Corpus *corpus)
{
    CorpusScan *scan = g_new0(CorpusScan, 1);
    scan->entries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_entry);
    scan->unreadable = g_ptr_array_new_with_free_func(g_free);
    scan->mounts = g_ptr_array_new_with_free_func(g_free);
    Walk walk = {.corpus = corpus, .scan = scan, .folders = G_QUEUE_INIT};
    if (root_stands(corpus))
        g_queue_push_tail(&walk.folders, g_strdup(""));
    else
        g_ptr_array_add(scan->unreadable, g_strdup(""));
    char *prefix;
    while ((prefix = g_queue_pop_head(&walk.folders))) {
        walk_folder(&walk, prefix);
        g_free(prefix);
    }
    find_sidecars(scan);
    return scan;
}

gboolean corpus_scan_covers(const CorpusScan *scan, const char *path)
{
    for (guint i = 0; i < scan->unreadable->len; i++)
        if (g_str_has_prefix(path, g_ptr_array_index(scan->unreadable, i)))
            return FALSE;
    return TRUE;
}

/* Files */

int corpus_open_file(const Corpus *corpus, const char *path)
{
    return beneath_open(corpus->root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

gboolean corpus_stamp(int fd, FileStamp *ret_stamp)
{
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        return FALSE;
    stamp_from(&status, ret_stamp);
    return TRUE;
}

static gboolean is_within_limit(gint64 size_bytes)
{
    if (size_bytes <= (gint64)LIMIT_FILE_MIB << 20)
        return TRUE;
    errno = EFBIG;
    return FALSE;
}

/* What is read is counted as well: the file may grow meanwhile. */
char *corpus_hash(int fd)
{
    FileStamp stamp;
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree guint8 *part = g_malloc(HASH_BYTES);
    gssize count = -1;
    gint64 all = 0;
    if (!corpus_stamp(fd, &stamp) || !is_within_limit(stamp.size_bytes) ||
        lseek(fd, 0, SEEK_SET) != 0)
        return NULL;
    while ((count = read(fd, part, HASH_BYTES)) > 0 && is_within_limit(all += count))
        g_checksum_update(checksum, part, count);
    if (count != 0 || lseek(fd, 0, SEEK_SET) != 0)
        return NULL;
    return g_strdup(g_checksum_get_string(checksum));
}

/* Watching */

static gboolean tell(gpointer data)
{
    Corpus *corpus = data;
    corpus->quiet_source = 0;
    corpus->changed(corpus->data);
    return G_SOURCE_REMOVE;
}

/* What the events say is thrown away: the scan finds out. */
static gboolean drain_events(int fd, GIOCondition condition, gpointer data)
{
    (void)condition;
    Corpus *corpus = data;
    char events[16 * 1024];
    gboolean any = FALSE;
    while (read(fd, events, sizeof events) > 0)
        any = TRUE;
    if (any && !corpus->quiet_source)
        corpus->quiet_source = g_timeout_add(QUIET_MS, tell, corpus);
    return G_SOURCE_CONTINUE;
}

gboolean corpus_watch(Corpus *corpus, void (*changed)(gpointer data), gpointer data, GError **error)
{
    corpus->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (corpus->inotify < 0) {
        g_set_error(error, CORPUS_ERROR, CORPUS_ERROR_WATCH, "watching %s: %s", corpus->path,
                    g_strerror(errno));
        return FALSE;
    }
    corpus->changed = changed;
    corpus->data = data;
    corpus->inotify_source = g_unix_fd_add(corpus->inotify, G_IO_IN, drain_events, corpus);
    watch_folder(corpus, "");
    return TRUE;
}
