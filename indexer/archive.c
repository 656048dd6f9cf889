/* See archive.h. This file opens the archive and writes to it; archive_read.c reads.
 *
 * INSERT OR REPLACE on document keeps the row number because that is given explicitly; postings and
 * text of the row are taken out first, while their old source can still be read (an FTS5 index over
 * outside content must be told exactly what it had been given).
 */
#include "archive_private.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include <zstd.h>

#include "analysis.h"
#include "archive_schema.h"

enum {
    BUSY_MS = 5000,          /* how long to wait for a lock; readers never take one for long */
    CHUNK_BYTES = 32 * 1024, /* marked text a chunk: one page is read back in some 30 us */
    CHUNK_LEVEL = 3,         /* zstd's default: text is packed once and read often */
};

G_DEFINE_QUARK(schedario - archive - error, archive_error)

/* Errors */

static ArchiveError error_code(int status)
{
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
    g_set_error(error, ARCHIVE_ERROR, error_code(sqlite3_extended_errcode(db)), "%s: %s", doing,
                sqlite3_errmsg(db));
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

void bind_int(sqlite3_stmt *statement, const char *name, gint64 value)
{
    sqlite3_bind_int64(statement, parameter(statement, name), value);
}

void bind_real(sqlite3_stmt *statement, const char *name, double value)
{
    sqlite3_bind_double(statement, parameter(statement, name), value);
}

/* Opening */

static Archive *archive_new(void)
{
    Archive *archive = g_new0(Archive, 1);
    archive->lock = -1;
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
    if (archive->lock >= 0)
        close(archive->lock);
    g_free(archive);
}

static gboolean open_connection(Archive *archive, const char *path, int flags, GError **error)
{
    int status = sqlite3_open_v2(path, &archive->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (status != SQLITE_OK)
        return archive_fail(archive->db, "opening the archive", error);
    sqlite3_extended_result_codes(archive->db, 1);
    sqlite3_busy_timeout(archive->db, BUSY_MS);
    sqlite3_db_config(archive->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (!analysis_register(archive->db) || !archive_register_join(archive->db))
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

/* What stands in the file: 0 for an empty one, else the schema's version. */
static gboolean read_version(sqlite3 *db, gint64 *ret_version, GError **error)
{
    gint64 application = 0, version = 0, tables = 0;
    g_autoptr(GError) fault = NULL;
    if (!pragma_number(db, "PRAGMA application_id", &application, &fault) ||
        !pragma_number(db, "PRAGMA user_version", &version, &fault) ||
        !pragma_number(db, "SELECT count(*) FROM sqlite_schema", &tables, &fault)) {
        if ((sqlite3_errcode(db) & 0xff) == SQLITE_NOTADB)
            g_set_error_literal(error, ARCHIVE_ERROR, ARCHIVE_ERROR_FOREIGN,
                                "the file is no SQLite database");
        else
            g_propagate_error(error, g_steal_pointer(&fault));
        return FALSE;
    }
    if (application != ARCHIVE_APPLICATION_ID && (application != 0 || tables != 0)) {
        g_set_error_literal(error, ARCHIVE_ERROR, ARCHIVE_ERROR_FOREIGN,
                            "the file is another program's database");
        return FALSE;
    }
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

static gboolean take_lock(Archive *archive, const char *path, GError **error)
{
    g_autofree char *lock_path = g_strconcat(path, "-lock", NULL);
    archive->lock = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (archive->lock >= 0 && flock(archive->lock, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
    if (archive->lock >= 0 && errno == EWOULDBLOCK)
        g_set_error_literal(error, ARCHIVE_ERROR, ARCHIVE_ERROR_LOCKED,
                            "another indexer is writing to this archive");
    else
        g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_IO, "%s: %s", lock_path, g_strerror(errno));
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

Archive *archive_open_writer(const char *path, gboolean *ret_is_new, GError **error)
{
    g_autoptr(Archive) archive = archive_new();
    archive->is_writer = TRUE;
    archive->analyser = analyser_new();
    gint64 version = 0;
    if (!take_lock(archive, path, error) ||
        !open_connection(archive, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error) ||
        !read_version(archive->db, &version, error) || !prepare_writing(archive, error))
        return NULL;
    if (version < ARCHIVE_SCHEMA && !make_schema(archive, error))
        return NULL;
    if (!load_revision(archive, error))
        return NULL;
    *ret_is_new = version < ARCHIVE_SCHEMA;
    return g_steal_pointer(&archive);
}

Archive *archive_open_reader(const char *path, GError **error)
{
    g_autoptr(Archive) archive = archive_new();
    gint64 version = 0;
    if (access(path, F_OK) != 0) {
        g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_ABSENT, "there is no archive at %s yet",
                    path);
        return NULL;
    }
    if (!open_connection(archive, path, SQLITE_OPEN_READONLY, error) ||
        !read_version(archive->db, &version, error))
        return NULL;
    if (version < ARCHIVE_SCHEMA) {
        g_set_error_literal(error, ARCHIVE_ERROR, ARCHIVE_ERROR_OLDER,
                            "the archive is being made, or an older version made it; run the "
                            "indexer");
        return NULL;
    }
    execute(archive->db, "PRAGMA query_only = 1; PRAGMA mmap_size = 268435456", "reading", NULL);
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
    return run_simple(archive, archive->is_writer ? SQL_BEGIN_WRITE : SQL_BEGIN_READ,
                      "beginning a transaction", error);
}

gboolean archive_commit(Archive *archive, GError **error)
{
    if (run_simple(archive, SQL_COMMIT, "writing a transaction", error))
        return TRUE;
    archive_rollback(archive);
    return FALSE;
}

void archive_rollback(Archive *archive)
{
    if (!sqlite3_get_autocommit(archive->db))
        run_simple(archive, SQL_ROLLBACK, "taking a transaction back", NULL);
}

gboolean archive_save(Archive *archive, GError **error)
{
    return run_simple(archive, SQL_SAVE, "setting a savepoint", error);
}

gboolean archive_release(Archive *archive, GError **error)
{
    return run_simple(archive, SQL_RELEASE, "releasing a savepoint", error);
}

void archive_restore(Archive *archive)
{
    run_simple(archive, SQL_RESTORE, "going back to a savepoint", NULL);
    run_simple(archive, SQL_RELEASE, "releasing a savepoint", NULL);
}

/* Catalogue terms: what fields of a query search (query.h) */

typedef struct {
    GString *terms;
    const char *prefix;
} TermSink;

static gboolean append_term(const AnalysedWord *word, gpointer data)
{
    TermSink *sink = data;
    g_string_append_printf(sink->terms, " %s:%s", sink->prefix, word->word);
    return TRUE;
}

static void append_words(Archive *archive, GString *terms, const char *prefix, const char *words)
{
    TermSink sink = {terms, prefix};
    if (words)
        analyser_walk(archive->analyser, words, strlen(words), append_term, &sink);
}

static void append_themes(GString *terms, const char *themes)
{
    json_t *list = json_loads(themes, 0, NULL);
    size_t index;
    json_t *theme;
    json_array_foreach(list, index, theme)
    {
        const char *id = json_string_value(json_object_get(theme, "id"));
        if (id)
            g_string_append_printf(terms, " %c:%s",
                                   json_is_true(json_object_get(theme, "area")) ? 'r' : 't', id);
    }
    json_decref(list);
}

static char *catalogue_terms(Archive *archive, const ArchiveDocument *document)
{
    GString *terms = g_string_new("\x04"
                                  "a:all");
    const Catalogue *card = document->card;
    g_string_append_printf(terms, " k:%s", kind_name(card->kind));
    if (card->year)
        g_string_append_printf(terms, " y:%d", card->year);
    for (int language = LANGUAGE_ITALIAN; language < LANGUAGE_COUNT; language++)
        if (document->share[language] >= ARCHIVE_LANGUAGE_SHARE)
            g_string_append_printf(terms, " l:%s", language_code((Language)language));
    append_words(archive, terms, "b", card->body);
    append_words(archive, terms, "c", card->collection);
    append_themes(terms, document->themes);
    return g_string_free(terms, FALSE);
}

static Language main_language(const ArchiveDocument *document)
{
    const double *share = document->share;
    Language best = LANGUAGE_OTHER;
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (share[i] > share[best])
            best = (Language)i;
    return best;
}

/* A title too short to tell its own language has the document's. */
static GString *marked_title(const ArchiveDocument *document)
{
    const char *title = document->card->title;
    gsize length = strlen(title);
    g_autoptr(GArray) runs = language_runs(title, length);
    for (guint i = 0; i < runs->len; i++) {
        LanguageRun *run = &g_array_index(runs, LanguageRun, i);
        if (run->language == LANGUAGE_OTHER || length < 30)
            run->language = main_language(document);
    }
    return analysis_mark(title, length, runs);
}

/* Text */

static gboolean put_chunk(Archive *archive, gint64 key, const char *text, gsize length,
                          GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_TEXT_PUT, error);
    if (!statement)
        return FALSE;
    gsize bound = ZSTD_compressBound(length);
    g_autofree char *packed = g_malloc(bound);
    gsize size = ZSTD_compress(packed, bound, text, length, CHUNK_LEVEL);
    g_assert(!ZSTD_isError(size));
    bind_int(statement, ":key", key);
    sqlite3_bind_blob64(statement, parameter(statement, ":data"), packed, size, SQLITE_STATIC);
    return archive_run(archive, statement, "storing text", error);
}

static gboolean put_text(Archive *archive, gint64 row, const GString *marked, GError **error)
{
    guint page = 0, first = 0;
    gsize start = 0;
    for (gsize at = 0; at <= marked->len; at++) {
        gboolean ends = at == marked->len;
        if (!ends && marked->str[at] != MARK_PAGE)
            continue;
        gsize beyond = ends ? at : at + 1;
        page++;
        if (!ends && beyond - start < CHUNK_BYTES)
            continue;
        if (!put_chunk(archive, (row << ARCHIVE_PAGE_BITS) | first, marked->str + start,
                       beyond - start, error))
            return FALSE;
        first = page;
        start = beyond;
    }
    return TRUE;
}

/* Words of each page, in LEB128; the last page's may be 0. */
static GByteArray *pack_layout(const GArray *counts)
{
    GByteArray *layout = g_byte_array_new();
    for (guint i = 0; i < counts->len; i++) {
        guint count = g_array_index(counts, guint, i);
        guint8 byte;
        do {
            byte = (guint8)((count & 0x7f) | (count > 0x7f ? 0x80 : 0));
            g_byte_array_append(layout, &byte, 1);
            count >>= 7;
        } while (byte & 0x80);
    }
    return layout;
}

static guint sum_words(const GArray *counts)
{
    guint words = 0;
    for (guint i = 0; i < counts->len; i++)
        words += g_array_index(counts, guint, i);
    return words;
}

/* Documents */

static gboolean run_on_row(Archive *archive, Sql sql, gint64 row, const char *doing, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, sql, error);
    if (!statement)
        return FALSE;
    bind_int(statement, ":row", row);
    return archive_run(archive, statement, doing, error);
}

static gboolean remove_text(Archive *archive, gint64 row, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_TEXT_REMOVE, error);
    if (!statement)
        return FALSE;
    bind_int(statement, ":first", row << ARCHIVE_PAGE_BITS);
    bind_int(statement, ":beyond", (row + 1) << ARCHIVE_PAGE_BITS);
    return archive_run(archive, statement, "taking text out", error);
}

/* Postings first: they are taken out by what the text still says. */
static gboolean remove_content(Archive *archive, gint64 row, GError **error)
{
    return run_on_row(archive, SQL_POSTING_REMOVE, row, "taking postings out", error) &&
           remove_text(archive, row, error);
}

/* The row of that content: 0 when it is new. */
static gboolean find_row(Archive *archive, const char *sha256, gint64 *ret_row, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_DOCUMENT_ROW, error);
    if (!statement)
        return FALSE;
    g_autoptr(GError) fault = NULL;
    bind_text(statement, ":sha256", sha256);
    gboolean found = archive_step(archive, statement, "looking a document up", &fault);
    if (fault) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return FALSE;
    }
    *ret_row = found ? sqlite3_column_int64(statement, 0) : 0;
    return TRUE;
}

static void bind_card(sqlite3_stmt *statement, const Catalogue *card, const char *themes)
{
    bind_text(statement, ":title", card->title);
    bind_int(statement, ":title_source", card->title_source);
    bind_int(statement, ":year", card->year);
    bind_int(statement, ":year_source", card->year_source);
    bind_text(statement, ":kind", kind_name(card->kind));
    bind_int(statement, ":kind_source", card->kind_source);
    bind_text(statement, ":body", card->body);
    bind_int(statement, ":body_source", card->body_source);
    bind_text(statement, ":collection", card->collection);
    bind_text(statement, ":themes", themes);
}

static void bind_read(sqlite3_stmt *statement, const ArchiveDocument *document)
{
    if (document->row)
        bind_int(statement, ":row", document->row);
    bind_text(statement, ":id", document->id);
    bind_text(statement, ":sha256", document->sha256);
    bind_int(statement, ":state", document->state);
    bind_text(statement, ":media_type", document->media_type);
    bind_int(statement, ":size_bytes", document->size_bytes);
    bind_text(statement, ":meta_title", document->meta_title);
    bind_text(statement, ":meta_author", document->meta_author);
    bind_text(statement, ":heading", document->heading);
    bind_int(statement, ":meta_year", document->meta_year);
    bind_int(statement, ":page_count", document->page_count);
    bind_int(statement, ":word_count", document->word_count);
    bind_real(statement, ":share_it", document->share[LANGUAGE_ITALIAN]);
    bind_real(statement, ":share_en", document->share[LANGUAGE_ENGLISH]);
    bind_text(statement, ":reason", document->reason);
    bind_text(statement, ":detail", document->detail);
    bind_int(statement, ":indexed_unix", document->indexed_unix);
}

static char *missing_text(const GArray *missing)
{
    GString *text = g_string_new("[");
    for (guint i = 0; i < missing->len; i++)
        g_string_append_printf(text, "%s%u", i ? "," : "", g_array_index(missing, guint, i));
    g_string_append_c(text, ']');
    return g_string_free(text, FALSE);
}

typedef struct {
    GString *title; /* marked */
    char *terms;
} Fields;

static void fields_release(Fields *fields)
{
    g_string_free(fields->title, TRUE);
    g_free(fields->terms);
}

static gboolean put_row(Archive *archive, ArchiveDocument *document, const GArray *counts,
                        const Fields *fields, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_DOCUMENT_PUT, error);
    if (!statement)
        return FALSE;
    g_autofree char *missing = missing_text(document->missing_pages);
    g_autoptr(GByteArray) layout = counts ? pack_layout(counts) : NULL;
    bind_read(statement, document);
    bind_card(statement, document->card, document->themes);
    bind_text(statement, ":missing_pages", missing);
    bind_int(statement, ":revision", ++archive->revision);
    bind_text_length(statement, ":title_marked", fields->title->str, fields->title->len);
    bind_text(statement, ":terms", fields->terms);
    if (layout)
        sqlite3_bind_blob64(statement, parameter(statement, ":layout"), layout->data, layout->len,
                            SQLITE_STATIC);
    if (!archive_run(archive, statement, "storing a document", error))
        return FALSE;
    if (!document->row)
        document->row = sqlite3_last_insert_rowid(archive->db);
    return TRUE;
}

static gboolean put_postings(Archive *archive, gint64 row, const GString *marked,
                             const Fields *fields, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_POSTING_PUT, error);
    if (!statement)
        return FALSE;
    bind_int(statement, ":row", row);
    bind_text_length(statement, ":title", fields->title->str, fields->title->len);
    bind_text_length(statement, ":text", marked->str, marked->len);
    bind_text(statement, ":catalogue", fields->terms);
    return archive_run(archive, statement, "indexing a document", error);
}

/* What SQLite would drop at binding, without a word, and what would take another document's id. */
static gboolean can_be_put(Archive *archive, const ArchiveDocument *document, const GString *marked,
                           GError **error)
{
    g_autoptr(GError) fault = NULL;
    gsize limit = (gsize)sqlite3_limit(archive->db, SQLITE_LIMIT_LENGTH, -1);
    g_autoptr(ArchiveDocument) other = archive_find_document(archive, document->id, &fault);
    if (!fault && marked && marked->len > limit)
        g_set_error(&fault, ARCHIVE_ERROR, ARCHIVE_ERROR_TOO_LARGE,
                    "%zu bytes of text, more than the %zu that can be held", marked->len, limit);
    else if (other && strcmp(other->sha256, document->sha256) != 0)
        g_set_error(&fault, ARCHIVE_ERROR, ARCHIVE_ERROR_CLASH,
                    "its id is that of another document, %s", other->sha256);
    if (!fault)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&fault));
    return FALSE;
}

gboolean archive_put_document(Archive *archive, ArchiveDocument *document, const GString *marked,
                              GError **error)
{
    g_assert((document->state == DOCUMENT_INDEXED) == (marked != NULL));
    g_assert(document->card && strlen(document->sha256) >= ARCHIVE_ID_LENGTH);
    g_strlcpy(document->id, document->sha256, sizeof document->id);
    if (!can_be_put(archive, document, marked, error) ||
        !find_row(archive, document->sha256, &document->row, error) ||
        (document->row && !remove_content(archive, document->row, error)))
        return FALSE;
    g_autoptr(GArray) counts = marked ? analysis_count_words(marked->str, marked->len) : NULL;
    document->word_count = counts ? sum_words(counts) : 0;
    Fields fields __attribute__((cleanup(fields_release))) = {marked_title(document),
                                                              catalogue_terms(archive, document)};
    if (!put_row(archive, document, counts, &fields, error))
        return FALSE;
    return !marked || (put_text(archive, document->row, marked, error) &&
                       put_postings(archive, document->row, marked, &fields, error));
}

gboolean archive_put_card(Archive *archive, const ArchiveDocument *document, GError **error)
{
    if (!run_on_row(archive, SQL_POSTING_REMOVE, document->row, "taking postings out", error))
        return FALSE;
    AUTO_STATEMENT statement = archive_statement(archive, SQL_DOCUMENT_CARD, error);
    if (!statement)
        return FALSE;
    Fields fields __attribute__((cleanup(fields_release))) = {marked_title(document),
                                                              catalogue_terms(archive, document)};
    bind_card(statement, document->card, document->themes);
    bind_text_length(statement, ":title_marked", fields.title->str, fields.title->len);
    bind_text(statement, ":terms", fields.terms);
    bind_int(statement, ":revision", ++archive->revision);
    bind_int(statement, ":row", document->row);
    return archive_run(archive, statement, "storing a card", error) &&
           run_on_row(archive, SQL_POSTING_AGAIN, document->row, "indexing a document", error);
}

/* Files */

static gboolean retire(Archive *archive, gint64 row, const char *last_path, const char *successor,
                       GError **error)
{
    if (!remove_content(archive, row, error))
        return FALSE;
    AUTO_STATEMENT statement = archive_statement(archive, SQL_DOCUMENT_GONE, error);
    if (!statement)
        return FALSE;
    bind_int(statement, ":row", row);
    bind_text(statement, ":successor", successor);
    bind_text(statement, ":last_path", last_path);
    bind_int(statement, ":revision", ++archive->revision);
    return archive_run(archive, statement, "retiring a document", error);
}

/* The first column of the statement's first row, by a row number or a path; 0 when there is none.
 */
static gboolean first_value(Archive *archive, Sql sql, const char *name, gint64 row,
                            const char *path, gint64 *ret_value, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, sql, error);
    if (!statement)
        return FALSE;
    g_autoptr(GError) fault = NULL;
    if (path)
        bind_text(statement, name, path);
    else
        bind_int(statement, name, row);
    gboolean found = archive_step(archive, statement, "looking a file up", &fault);
    *ret_value = found ? sqlite3_column_int64(statement, 0) : 0;
    if (!fault)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&fault));
    return FALSE;
}

/* A document that lost the file at `path` is gone when no other file holds it. */
static gboolean retire_unless_held(Archive *archive, gint64 row, const char *path,
                                   gint64 successor_row, GError **error)
{
    gint64 held = 0;
    if (!row || row == successor_row)
        return TRUE;
    if (!first_value(archive, SQL_FILE_OTHERS, ":row", row, NULL, &held, error))
        return FALSE;
    if (held)
        return TRUE;
    g_autoptr(ArchiveDocument) successor =
        successor_row ? archive_find_row(archive, successor_row, error) : NULL;
    if (successor_row && !successor)
        return FALSE;
    return retire(archive, row, path, successor ? successor->id : NULL, error);
}

static gboolean succeed(Archive *archive, gint64 row, const char *path, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_DOCUMENT_SUCCEED, error);
    if (!statement)
        return FALSE;
    bind_int(statement, ":row", row);
    bind_text(statement, ":path", path);
    bind_int(statement, ":revision", ++archive->revision);
    return archive_run(archive, statement, "naming a successor", error);
}

static gboolean put_file_row(Archive *archive, const ArchiveFile *file, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_FILE_PUT, error);
    if (!statement)
        return FALSE;
    bind_text(statement, ":path", file->path);
    bind_int(statement, ":device", (gint64)file->stamp.device);
    bind_int(statement, ":inode", (gint64)file->stamp.inode);
    bind_int(statement, ":size_bytes", file->stamp.size_bytes);
    bind_int(statement, ":mtime_ns", file->stamp.mtime_ns);
    bind_int(statement, ":ctime_ns", file->stamp.ctime_ns);
    bind_int(statement, ":state", file->state);
    if (file->document)
        bind_int(statement, ":document", file->document);
    bind_text(statement, ":reason", file->reason);
    bind_text(statement, ":detail", file->detail);
    bind_int(statement, ":changed_unix", file->changed_unix);
    return archive_run(archive, statement, "storing a file's row", error);
}

gboolean archive_put_file(Archive *archive, const ArchiveFile *file, GError **error)
{
    gint64 before = 0;
    g_autoptr(GError) fault = NULL;
    if (!first_value(archive, SQL_FILE_DOCUMENT, ":path", 0, file->path, &before, &fault) ||
        !put_file_row(archive, file, &fault) ||
        !retire_unless_held(archive, before, file->path, file->document, &fault) ||
        (file->document && !succeed(archive, file->document, file->path, &fault))) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return FALSE;
    }
    return TRUE;
}

gboolean archive_file_document(Archive *archive, const char *path, gint64 *ret_row, GError **error)
{
    return first_value(archive, SQL_FILE_DOCUMENT, ":path", 0, path, ret_row, error);
}

gboolean archive_remove_file(Archive *archive, const char *path, GError **error)
{
    gint64 before = 0;
    g_autoptr(GError) fault = NULL;
    gboolean done = first_value(archive, SQL_FILE_DOCUMENT, ":path", 0, path, &before, &fault);
    if (done) {
        AUTO_STATEMENT statement = archive_statement(archive, SQL_FILE_REMOVE, &fault);
        if (statement)
            bind_text(statement, ":path", path);
        done = statement && archive_run(archive, statement, "removing a file's row", &fault);
    }
    if (done)
        done = retire_unless_held(archive, before, path, 0, &fault);
    if (fault)
        g_propagate_error(error, g_steal_pointer(&fault));
    return done;
}

gboolean archive_note_compared(Archive *archive, gint64 unix_time, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_NOTE_PUT, error);
    if (!statement)
        return FALSE;
    bind_text(statement, ":name", "compared_unix");
    bind_int(statement, ":value", unix_time);
    return archive_run(archive, statement, "storing a note", error);
}
