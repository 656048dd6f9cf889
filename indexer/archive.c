/* See archive.h. This file opens the archive, and has what its other files share: errors,
 * statements, transactions. archive_put.c writes documents, archive_files.c the rows of files;
 * archive_read.c reads, archive_status.c for staff.
 */
#include "archive_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis.h"
#include "archive_schema.h"

enum {
    BUSY_MS = 5000,          /* how long to wait for a lock; readers never take one for long */
    STEPS_TO_A_LOOK = 10000, /* of SQLite's machine, well under a millisecond */
    COMMIT_MS_LEAST = 200,
    COMMIT_MS_MOST = 5000,
};

G_DEFINE_QUARK(schedario - archive - error, archive_error)

/* Errors */

/* Why the system refused: SQLite keeps it with the connection, but for a commit only with the file,
 * be that the archive or its log. */
static gboolean has_cause(sqlite3 *db, int cause)
{
    sqlite3_file *log = NULL;
    int causes[] = {sqlite3_system_errno(db), 0, 0};
    sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO, &causes[1]);
    sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (log && log->pMethods)
        log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &causes[2]);
    return causes[0] == cause || causes[1] == cause || causes[2] == cause;
}

/* A quota or a limit on the size of files is a full disk to whoever has to make room; SQLite calls
 * only the one of the file system so. */
static gboolean is_without_room(sqlite3 *db, int status)
{
    return (status & 0xff) == SQLITE_IOERR &&
           (has_cause(db, ENOSPC) || has_cause(db, EDQUOT) || has_cause(db, EFBIG));
}

static ArchiveError error_code(sqlite3 *db, int status)
{
    if (is_without_room(db, status))
        return ARCHIVE_ERROR_FULL;
    switch (status & 0xff) {
    case SQLITE_FULL:
        return ARCHIVE_ERROR_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ARCHIVE_ERROR_DAMAGED;
    case SQLITE_TOOBIG:
        return ARCHIVE_ERROR_TOO_LARGE;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ARCHIVE_ERROR_BUSY;
    default:
        return ARCHIVE_ERROR_IO;
    }
}

gboolean archive_fail(sqlite3 *db, const char *doing, GError **error)
{
    int status = sqlite3_extended_errcode(db);
    ArchiveError code = error_code(db, status);
    /* Of a damaged file SQLite may quote any bytes. */
    g_autofree char *said = g_utf8_make_valid(sqlite3_errmsg(db), -1);
    g_set_error(error, ARCHIVE_ERROR, code, "%s: %s", doing,
                is_without_room(db, status) ? "no room is left" : said);
    return FALSE;
}

/* Statements */

void statement_done(Statement *statement)
{
    if (*statement) {
        sqlite3_reset(*statement);
        sqlite3_clear_bindings(*statement);
    }
}

sqlite3_stmt *archive_statement(Archive *archive, Sql sql, GError **error)
{
    if (!archive->statement[sql] &&
        sqlite3_prepare_v3(archive->db, archive_statements[sql], -1, SQLITE_PREPARE_PERSISTENT,
                           &archive->statement[sql], NULL) != SQLITE_OK)
        archive_fail(archive->db, "preparing a statement", error);
    return archive->statement[sql];
}

gboolean archive_run(Archive *archive, sqlite3_stmt *statement, const char *doing, GError **error)
{
    int status = sqlite3_step(statement);
    if (status == SQLITE_DONE || status == SQLITE_ROW)
        return TRUE;
    return archive_fail(archive->db, doing, error);
}

gboolean archive_step(Archive *archive, sqlite3_stmt *statement, const char *doing, GError **error)
{
    int status = sqlite3_step(statement);
    if (status != SQLITE_ROW && status != SQLITE_DONE)
        return archive_fail(archive->db, doing, error);
    return status == SQLITE_ROW;
}

gboolean archive_first_value(Archive *archive, sqlite3_stmt *statement, const char *doing,
                             gint64 *ret_value, GError **error)
{
    g_autoptr(GError) fault = NULL;
    gboolean found = archive_step(archive, statement, doing, &fault);
    if (fault) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return FALSE;
    }
    *ret_value = found ? sqlite3_column_int64(statement, 0) : 0;
    return TRUE;
}

static int parameter(sqlite3_stmt *statement, const char *name)
{
    int index = sqlite3_bind_parameter_index(statement, name);
    g_assert(index > 0);
    return index;
}

void bind_text_length(sqlite3_stmt *statement, const char *name, const char *text, gsize length)
{
    sqlite3_bind_text64(statement, parameter(statement, name), text, length, SQLITE_STATIC,
                        SQLITE_UTF8);
}

void bind_text(sqlite3_stmt *statement, const char *name, const char *text)
{
    bind_text_length(statement, name, text, text ? strlen(text) : 0);
}

void bind_blob(sqlite3_stmt *statement, const char *name, const void *data, gsize size)
{
    sqlite3_bind_blob64(statement, parameter(statement, name), data, size, SQLITE_STATIC);
}

void bind_int(sqlite3_stmt *statement, const char *name, gint64 value)
{
    sqlite3_bind_int64(statement, parameter(statement, name), value);
}

void bind_real(sqlite3_stmt *statement, const char *name, double value)
{
    sqlite3_bind_double(statement, parameter(statement, name), value);
}

void bind_column(sqlite3_stmt *statement, const char *name, sqlite3_stmt *from, int column)
{
    const char *text = (const char *)sqlite3_column_text(from, column);
    bind_text_length(statement, name, text, (gsize)sqlite3_column_bytes(from, column));
}

/* Opening */

static Archive *archive_new(const char *path)
{
    Archive *archive = g_new0(Archive, 1);
    archive->lock_path = g_strconcat(path, "-lock", NULL);
    archive->lock = -1;
    archive->texts = texts_new();
    archive->pending = g_array_new(FALSE, FALSE, sizeof(gint64));
    archive->saved = g_array_new(FALSE, FALSE, sizeof(gint64));
    return archive;
}

void archive_close(Archive *archive)
{
    if (!archive)
        return;
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(archive->statement[i]);
    sqlite3_close(archive->db);
    analyser_free(archive->analyser);
    texts_free(archive->texts);
    g_array_unref(archive->pending);
    g_array_unref(archive->saved);
    if (archive->lock >= 0)
        close(archive->lock);
    g_free(archive->lock_path);
    g_free(archive);
}

static int is_overdue(void *data)
{
    const Archive *archive = data;
    return archive->until_us && g_get_monotonic_time() > archive->until_us;
}

void archive_set_time(Archive *archive, gint64 budget_us)
{
    archive->until_us = budget_us > 0 ? g_get_monotonic_time() + budget_us : 0;
}

static gboolean open_connection(Archive *archive, const char *path, int flags, GError **error)
{
    int status = sqlite3_open_v2(path, &archive->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (status != SQLITE_OK)
        return archive_fail(archive->db, "opening the archive", error);
    sqlite3_extended_result_codes(archive->db, 1);
    sqlite3_busy_timeout(archive->db, BUSY_MS);
    archive_distrust(archive->db);
    sqlite3_progress_handler(archive->db, STEPS_TO_A_LOOK, is_overdue, archive);
    if (!analysis_register(archive->db) || !archive_register_join(archive) ||
        !archive_register_holds(archive))
        return archive_fail(archive->db, "preparing full-text search", error);
    return TRUE;
}

static gboolean pragma_number(sqlite3 *db, const char *pragma, gint64 *ret_value, GError **error)
{
    sqlite3_stmt *statement = NULL;
    int status = sqlite3_prepare_v2(db, pragma, -1, &statement, NULL);
    if (status == SQLITE_OK)
        status = sqlite3_step(statement);
    if (status == SQLITE_ROW)
        *ret_value = sqlite3_column_int64(statement, 0);
    else
        archive_fail(db, "reading the archive's head", error);
    sqlite3_finalize(statement);
    return status == SQLITE_ROW;
}

/* A file that does not look like an archive is another program's, and left alone; unless an indexer
 * worked on it, which the sign of life in the lock file beside it tells. */
static gboolean not_ours(const Archive *archive, const char *what, GError **error)
{
    struct stat status;
    gboolean was_ours = stat(archive->lock_path, &status) == 0 && status.st_size > 0;
    g_set_error(error, ARCHIVE_ERROR, was_ours ? ARCHIVE_ERROR_DAMAGED : ARCHIVE_ERROR_FOREIGN,
                was_ours ? "the archive's head is damaged (%s)" : "%s", what);
    return FALSE;
}

/* A writer that ended in the midst of a transaction left its journal, which a reader may not work
 * off. */
static gboolean is_cut_off(GError **error)
{
    g_set_error_literal(error, ARCHIVE_ERROR, ARCHIVE_ERROR_BUSY,
                        "the archive is being made, or the indexer was cut off while making it; "
                        "run the indexer");
    return FALSE;
}

/* What stands in the file: 0 for an empty one, else the schema's version. */
static gboolean read_version(const Archive *archive, gint64 *ret_version, GError **error)
{
    sqlite3 *db = archive->db;
    gint64 application = 0, version = 0, tables = 0;
    g_autoptr(GError) fault = NULL;
    /* The archive may be made between two of these: what is made of tables is asked first. */
    if (!pragma_number(db, "SELECT count(*) FROM sqlite_schema", &tables, &fault) ||
        !pragma_number(db, "PRAGMA application_id", &application, &fault) ||
        !pragma_number(db, "PRAGMA user_version", &version, &fault)) {
        if ((sqlite3_errcode(db) & 0xff) == SQLITE_NOTADB)
            return not_ours(archive, "the file is no SQLite database", error);
        if ((sqlite3_errcode(db) & 0xff) == SQLITE_READONLY)
            return is_cut_off(error);
        g_propagate_error(error, g_steal_pointer(&fault));
        return FALSE;
    }
    if (application != ARCHIVE_APPLICATION_ID && (application != 0 || tables != 0))
        return not_ours(archive, "the file is another program's database", error);
    *ret_version = application == ARCHIVE_APPLICATION_ID ? version : 0;
    if (*ret_version > ARCHIVE_SCHEMA) {
        g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_NEWER,
                    "the archive was made by a newer version of this program (schema %d; this one "
                    "knows %d)",
                    (int)version, ARCHIVE_SCHEMA);
        return FALSE;
    }
    return TRUE;
}

static gboolean execute(sqlite3 *db, const char *sql, const char *doing, GError **error)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || archive_fail(db, doing, error);
}

static gboolean make_schema(Archive *archive, GError **error)
{
    g_autofree char *head = g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d",
                                            ARCHIVE_APPLICATION_ID, ARCHIVE_SCHEMA);
    if (execute(archive->db, "BEGIN EXCLUSIVE", "making the archive", error) &&
        execute(archive->db, ARCHIVE_DROP_SQL ARCHIVE_SCHEMA_SQL, "making the archive", error) &&
        execute(archive->db, head, "making the archive", error) &&
        execute(archive->db, "COMMIT", "making the archive", error))
        return TRUE;
    sqlite3_exec(archive->db, "ROLLBACK", NULL, NULL, NULL);
    return FALSE;
}

static gboolean take_lock(Archive *archive, gboolean *ret_is_new, GError **error)
{
    int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
    gboolean is_new = TRUE;
    archive->lock = open(archive->lock_path, flags | O_EXCL, 0644);
    if (archive->lock < 0 && errno == EEXIST) {
        is_new = FALSE;
        archive->lock = open(archive->lock_path, flags, 0644);
    }
    if (archive->lock >= 0 && flock(archive->lock, LOCK_EX | LOCK_NB) == 0) {
        *ret_is_new = is_new;
        return TRUE;
    }
    if (archive->lock >= 0 && errno == EWOULDBLOCK)
        g_set_error_literal(error, ARCHIVE_ERROR, ARCHIVE_ERROR_LOCKED,
                            "another indexer is writing to this archive");
    else
        g_set_error(error, ARCHIVE_ERROR, errno == ENOSPC ? ARCHIVE_ERROR_FULL : ARCHIVE_ERROR_IO,
                    "%s: %s", archive->lock_path, g_strerror(errno));
    return FALSE;
}

/* WAL, so that readers are never blocked; the log stays on closing, so that a reader that may not
 * write to the folder can open the archive. */
static gboolean prepare_writing(Archive *archive, GError **error)
{
    int persist = 1;
    sqlite3_file_control(archive->db, "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
    return execute(archive->db,
                   "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                   "PRAGMA foreign_keys = OFF; PRAGMA cache_size = -65536;"
                   "PRAGMA journal_size_limit = 67108864",
                   "preparing the archive for writing", error);
}

static gboolean load_revision(Archive *archive, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_REVISION, error);
    if (!statement)
        return FALSE;
    if (sqlite3_step(statement) != SQLITE_ROW)
        return archive_fail(archive->db, "reading the archive's revision", error);
    archive->revision = sqlite3_column_int64(statement, 0);
    return TRUE;
}

static gboolean open_to_write(Archive *archive, const char *path, gboolean *ret_is_new,
                              GError **error)
{
    gint64 version = 0;
    if (!open_connection(archive, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error) ||
        !read_version(archive, &version, error) ||
        (version == ARCHIVE_SCHEMA && !archive_has_schema(archive->db, error)) ||
        !prepare_writing(archive, error) ||
        (version < ARCHIVE_SCHEMA && !make_schema(archive, error)) ||
        !load_revision(archive, error))
        return FALSE;
    *ret_is_new = version < ARCHIVE_SCHEMA;
    return TRUE;
}

Archive *archive_open_writer(const char *path, gboolean *ret_is_new, GError **error)
{
    g_autoptr(Archive) archive = archive_new(path);
    gboolean is_new_lock = FALSE;
    archive->is_writer = TRUE;
    archive->analyser = analyser_new();
    if (!take_lock(archive, &is_new_lock, error))
        return NULL;
    if (!open_to_write(archive, path, ret_is_new, error)) {
        if (is_new_lock) /* nothing stays beside a file that is not ours */
            unlink(archive->lock_path);
        return NULL;
    }
    archive_beat(archive);
    return g_steal_pointer(&archive);
}

Archive *archive_open_reader(const char *path, GError **error)
{
    g_autoptr(Archive) archive = archive_new(path);
    gint64 version = 0;
    if (access(path, F_OK) != 0) {
        g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_ABSENT, "there is no archive at %s yet",
                    path);
        return NULL;
    }
    if (!open_connection(archive, path, SQLITE_OPEN_READONLY, error) ||
        !read_version(archive, &version, error))
        return NULL;
    if (version < ARCHIVE_SCHEMA) {
        g_set_error_literal(error, ARCHIVE_ERROR, ARCHIVE_ERROR_OLDER,
                            "the archive is being made, or an older version made it; run the "
                            "indexer");
        return NULL;
    }
    if (!archive_has_schema(archive->db, error))
        return NULL;
    execute(archive->db, "PRAGMA query_only = 1; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY",
            "reading", NULL);
    return g_steal_pointer(&archive);
}

/* A damaged archive */

/* Every table that a statement speaks of must be there. */
static gboolean has_all_tables(Archive *archive, GError **error)
{
    g_autoptr(GError) fault = NULL;
    for (int sql = 0; sql < SQL_CHECK_FIRST; sql++) {
        if (archive_statement(archive, (Sql)sql, &fault))
            continue;
        if (fault && sqlite3_errcode(archive->db) == SQLITE_ERROR)
            fault->code = ARCHIVE_ERROR_DAMAGED;
        g_propagate_prefixed_error(error, g_steal_pointer(&fault), "checking the archive: ");
        return FALSE;
    }
    return TRUE;
}

/* A page that the disk did not give says nothing of what stands in it. */
static gboolean is_read_fault(const char *word)
{
    static const char CODE[] = "error code=";
    const char *at = strstr(word, CODE);
    gint64 code = at ? g_ascii_strtoll(at + strlen(CODE), NULL, 10) & 0xff : SQLITE_OK;
    return code == SQLITE_IOERR || code == SQLITE_NOMEM || strstr(word, "failed to get page");
}

/* SQLite's own word of a structure it finds broken; "ok" when it is whole. */
gboolean archive_verify(Archive *archive, GError **error)
{
    if (!has_all_tables(archive, error))
        return FALSE;
    AUTO_STATEMENT statement = archive_statement(archive, SQL_QUICK_CHECK, error);
    if (!statement)
        return FALSE;
    if (sqlite3_step(statement) != SQLITE_ROW)
        return archive_fail(archive->db, "checking the archive", error);
    const char *word = (const char *)sqlite3_column_text(statement, 0);
    if (!word)
        return archive_fail(archive->db, "checking the archive", error);
    if (strcmp(word, "ok") != 0)
        g_set_error(error, ARCHIVE_ERROR,
                    is_read_fault(word) ? ARCHIVE_ERROR_IO : ARCHIVE_ERROR_DAMAGED, "%s: %s",
                    is_read_fault(word) ? "the archive cannot be read" : "the archive is damaged",
                    word);
    return strcmp(word, "ok") == 0;
}

gboolean archive_verify_index(Archive *archive, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_INDEX_CHECK, error);
    return statement && archive_run(archive, statement, "checking the index", error);
}

static gboolean rename_with(const char *path, const char *aside, const char *ending, GError **error)
{
    g_autofree char *from = g_strconcat(path, ending, NULL);
    g_autofree char *to = g_strconcat(aside, ending, NULL);
    if (rename(from, to) == 0 || errno == ENOENT)
        return TRUE;
    g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_IO, "%s: %s", from, g_strerror(errno));
    return FALSE;
}

char *archive_set_aside(const char *path, GError **error)
{
    g_autoptr(Archive) archive = archive_new(path);
    g_autofree char *aside = g_strconcat(path, "-damaged", NULL);
    g_autofree char *shared = g_strconcat(path, "-shm", NULL);
    gboolean is_new_lock;
    /* The file first: should this end halfway, the log of an archive that is not there is dropped
     * by whoever makes the next one. */
    if (!take_lock(archive, &is_new_lock, error) || !rename_with(path, aside, "", error) ||
        !rename_with(path, aside, "-wal", error))
        return NULL;
    unlink(shared);
    return g_steal_pointer(&aside);
}

/* The lock is not made when there is none: then no indexer ever worked here. */
Archive *archive_open_checker(const char *path, GError **error)
{
    g_autoptr(Archive) archive = archive_new(path);
    gint64 version = 0;
    archive->is_writer = TRUE; /* of a transaction that is taken back */
    archive->analyser = analyser_new();
    archive->lock = open(archive->lock_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (archive->lock >= 0 && flock(archive->lock, LOCK_EX | LOCK_NB) != 0) {
        g_set_error_literal(error, ARCHIVE_ERROR, ARCHIVE_ERROR_LOCKED, "an indexer is at work");
        return NULL;
    }
    if (!open_connection(archive, path, SQLITE_OPEN_READWRITE, error) ||
        !read_version(archive, &version, error))
        return NULL;
    sqlite3_db_config(archive->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return g_steal_pointer(&archive);
}

sqlite3 *archive_connection(Archive *archive)
{
    return archive->db;
}

/* Transactions */

static gboolean run_simple(Archive *archive, Sql sql, const char *doing, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, sql, error);
    return statement && archive_run(archive, statement, doing, error);
}

gboolean archive_begin(Archive *archive, GError **error)
{
    Sql begin = archive->is_writer ? SQL_BEGIN_WRITE : SQL_BEGIN_READ;
    if (!run_simple(archive, begin, "beginning a transaction", error))
        return FALSE;
    if (texts_begin(archive, error))
        return TRUE;
    archive_rollback(archive);
    return FALSE;
}

gboolean archive_commit(Archive *archive, GError **error)
{
    if (archive_index_pending(archive, error) &&
        run_simple(archive, SQL_COMMIT, "writing a transaction", error))
        return TRUE;
    archive_rollback(archive);
    return FALSE;
}

guint archive_commit_ms(gint64 busy_ms)
{
    return (guint)CLAMP(busy_ms / 10, COMMIT_MS_LEAST, COMMIT_MS_MOST);
}

void archive_rollback(Archive *archive)
{
    archive_forget_pending(archive);
    if (!sqlite3_get_autocommit(archive->db))
        run_simple(archive, SQL_ROLLBACK, "taking a transaction back", NULL);
}

gboolean archive_save(Archive *archive, GError **error)
{
    archive_save_pending(archive);
    return run_simple(archive, SQL_SAVE, "setting a savepoint", error);
}

gboolean archive_release(Archive *archive, GError **error)
{
    return run_simple(archive, SQL_RELEASE, "releasing a savepoint", error);
}

void archive_restore(Archive *archive)
{
    archive_restore_pending(archive);
    run_simple(archive, SQL_RESTORE, "going back to a savepoint", NULL);
    run_simple(archive, SQL_RELEASE, "releasing a savepoint", NULL);
}
