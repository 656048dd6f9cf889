/* Faults for a program under torture: linked into the indexer (build/tests/faulty-indexer), this
 * makes one call of SQLite's to the system fail.
 *
 *     FAULT=KIND:N     the N-th call of that kind fails; "KIND:N+": it and all that follow
 *     FAULT_COUNT=FILE how many calls of each kind were made is written there at the end
 *
 *     CLOCK_SHIFT=N    the program's clock is N seconds off
 *
 * Kinds: write, sync, truncate, open, delete, read, shared (memory of the log's index): they fail
 * with EIO's codes; full: writes fail as on a full disk; memory: allocations of SQLite; rename:
 * the program's own.
 *
 * A shim over SQLite's default VFS and allocator, put in place before main(). Single-threaded, as
 * the indexer is. SQLite reads SQLITE_TMPDIR then, too, sooner than the indexer sets it: whoever
 * starts this has to. */
#include <errno.h>
#include <glib.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

typedef enum {
    KIND_WRITE,
    KIND_SYNC,
    KIND_TRUNCATE,
    KIND_OPEN,
    KIND_DELETE,
    KIND_READ,
    KIND_SHARED,
    KIND_FULL,
    KIND_MEMORY,
    KIND_RENAME,
    KIND_COUNT
} Kind;

static const char *const KINDS[KIND_COUNT] = {"write", "sync",   "truncate", "open",   "delete",
                                              "read",  "shared", "full",     "memory", "rename"};

static struct {
    guint64 calls[KIND_COUNT];
    Kind kind;
    guint64 at; /* 0: never */
    gboolean stays;
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    sqlite3_mem_methods memory;
} faults;

/* Counts a call; TRUE when it has to fail. */
static gboolean strikes(Kind kind)
{
    guint64 call = ++faults.calls[kind];
    return faults.at > 0 && kind == faults.kind &&
           (call == faults.at || (faults.stays && call > faults.at));
}

/* Files: ours, and the real one behind it. */

typedef struct {
    sqlite3_file base;
    sqlite3_file *real;
} File;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((File *)file)->real;
}

static int file_close(sqlite3_file *file)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods ? real->pMethods->xClose(real) : SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *data, int count, sqlite3_int64 at)
{
    if (strikes(KIND_READ))
        return SQLITE_IOERR_READ;
    return real_of(file)->pMethods->xRead(real_of(file), data, count, at);
}

static int file_write(sqlite3_file *file, const void *data, int count, sqlite3_int64 at)
{
    gboolean is_full = strikes(KIND_FULL);
    if (strikes(KIND_WRITE) || is_full) {
        /* Half of it is written, as when the power goes. */
        real_of(file)->pMethods->xWrite(real_of(file), data, count / 2, at);
        return is_full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    return real_of(file)->pMethods->xWrite(real_of(file), data, count, at);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    if (strikes(KIND_TRUNCATE))
        return SQLITE_IOERR_TRUNCATE;
    return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
    if (strikes(KIND_SYNC))
        return SQLITE_IOERR_FSYNC;
    return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), ret_size);
}

static int file_lock(sqlite3_file *file, int lock)
{
    return real_of(file)->pMethods->xLock(real_of(file), lock);
}

static int file_unlock(sqlite3_file *file, int lock)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), lock);
}

static int file_is_reserved(sqlite3_file *file, int *ret_is)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret_is);
}

static int file_control(sqlite3_file *file, int operation, void *data)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), operation, data);
}

static int file_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int file_device(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int file_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret_data)
{
    if (strikes(KIND_SHARED))
        return SQLITE_IOERR_SHMMAP;
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, ret_data);
}

static int file_map_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void file_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int file_unmap(sqlite3_file *file, int delete_it)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), delete_it);
}

static const sqlite3_io_methods METHODS = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_device,
    .xShmMap = file_map,
    .xShmLock = file_map_lock,
    .xShmBarrier = file_barrier,
    .xShmUnmap = file_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                    int *ret_flags)
{
    (void)vfs;
    File *ours = (File *)file;
    ours->real = (sqlite3_file *)(ours + 1);
    ours->base.pMethods = NULL;
    if (strikes(KIND_OPEN))
        return SQLITE_CANTOPEN;
    int status = faults.real->xOpen(faults.real, name, ours->real, flags, ret_flags);
    if (ours->real->pMethods)
        ours->base.pMethods = &METHODS;
    return status;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    if (strikes(KIND_DELETE))
        return SQLITE_IOERR_DELETE;
    return faults.real->xDelete(faults.real, name, sync);
}

/* Memory */

static void *memory_new(int size)
{
    return strikes(KIND_MEMORY) ? NULL : faults.memory.xMalloc(size);
}

static void *memory_resize(void *block, int size)
{
    return strikes(KIND_MEMORY) ? NULL : faults.memory.xRealloc(block, size);
}

/* Names */

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);

int __wrap_rename(const char *from, const char *to)
{
    if (strikes(KIND_RENAME)) {
        errno = EIO;
        return -1;
    }
    return __real_rename(from, to);
}

/* Time */

gint64 __real_g_get_real_time(void);
gint64 __wrap_g_get_real_time(void);

gint64 __wrap_g_get_real_time(void)
{
    const char *shift = g_getenv("CLOCK_SHIFT");
    return __real_g_get_real_time() +
           (shift ? g_ascii_strtoll(shift, NULL, 10) * G_USEC_PER_SEC : 0);
}

/* In place */

static void read_order(const char *order)
{
    g_auto(GStrv) parts = g_strsplit(order, ":", 2);
    char *end = NULL;
    for (Kind kind = 0; kind < KIND_COUNT; kind++)
        if (strcmp(parts[0], KINDS[kind]) == 0)
            faults.kind = kind;
    faults.at = parts[0] && parts[1] ? g_ascii_strtoull(parts[1], &end, 10) : 0;
    faults.stays = end && *end == '+';
}

__attribute__((constructor)) static void put_in_place(void)
{
    sqlite3_mem_methods memory;
    const char *order = g_getenv("FAULT");
    if (order)
        read_order(order);
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &faults.memory);
    memory = faults.memory;
    memory.xMalloc = memory_new;
    memory.xRealloc = memory_resize;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &memory);
    faults.real = sqlite3_vfs_find(NULL);
    if (!faults.real)
        return;
    faults.vfs = *faults.real;
    faults.vfs.zName = "faults";
    faults.vfs.pNext = NULL;
    faults.vfs.szOsFile = (int)sizeof(File) + faults.real->szOsFile;
    faults.vfs.xOpen = vfs_open;
    faults.vfs.xDelete = vfs_delete;
    sqlite3_vfs_register(&faults.vfs, 1);
}

__attribute__((destructor)) static void write_counts(void)
{
    const char *path = g_getenv("FAULT_COUNT");
    FILE *file = path ? fopen(path, "ae") : NULL; /* the filter lets no file be cut off any more */
    for (Kind kind = 0; file && kind < KIND_COUNT; kind++)
        fprintf(file, "%s %" G_GUINT64_FORMAT "\n", KINDS[kind], faults.calls[kind]);
    if (file)
        fclose(file);
}
