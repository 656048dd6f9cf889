/* What archive.c (opening, transactions), archive_put.c (documents), archive_files.c (files) and
 * archive_read.c and archive_status.c (reading) share. Nobody else includes this. */
#ifndef SCHEDARIO_ARCHIVE_PRIVATE_H
#define SCHEDARIO_ARCHIVE_PRIVATE_H

#include <sqlite3.h>

#include "archive.h"

/* The statements; their texts stand in archive_statements.c, in this order. */
typedef enum {
    SQL_BEGIN_WRITE,
    SQL_BEGIN_READ,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_SAVE,
    SQL_RELEASE,
    SQL_RESTORE,
    SQL_DOCUMENT_BY_ROW,
    SQL_DOCUMENT_BY_ID,
    SQL_DOCUMENT_BY_CONTENT,
    SQL_DOCUMENT_ROW,
    SQL_DOCUMENT_PUT,
    SQL_DOCUMENT_CARD,
    SQL_DOCUMENT_GONE,
    SQL_DOCUMENT_SUCCEED,
    SQL_DOCUMENT_LAYOUT,
    SQL_POSTING_PUT,
    SQL_POSTING_REMOVE,
    SQL_INDEXED,
    SQL_POSTING_MERGE,
    SQL_TEXT_PUT,
    SQL_TEXT_REMOVE,
    SQL_TEXT_BEFORE,
    SQL_DATA_VERSION,
    SQL_FILE_PUT,
    SQL_FILE_DOCUMENT,
    SQL_FILE_REMOVE,
    SQL_FILE_RETIRE,
    SQL_FILE_PRIMARY,
    SQL_FILE_PROMOTE,
    SQL_FILE_OTHER_PATH,
    SQL_FILE_OTHERS,
    SQL_FILES,
    SQL_FILES_LISTED,
    SQL_FILES_OF_OUTCOME,
    SQL_PATHS,
    SQL_COUNT_FILES,
    SQL_COUNT_OUTCOMES,
    SQL_COUNT_DOCUMENTS,
    SQL_CARDS_LISTED,
    SQL_CARDS_COUNTED,
    SQL_LACKING_LISTED,
    SQL_LACKING_COUNTED,
    SQL_NOTE_PUT,
    SQL_NOTE,
    SQL_REVISION,
    SQL_CARDS,
    SQL_QUICK_CHECK,
    SQL_INDEX_CHECK,
    SQL_CHECK_FIRST, /* from here on: archive_check.c's */
    SQL_CHECK_PLACES = SQL_CHECK_FIRST,
    SQL_CHECK_STRUCTURE,
    SQL_CHECK_INDEX,
    SQL_CHECK_DOCUMENTS,
    SQL_CHECK_POSTINGS,
    SQL_CHECK_ORPHAN_TEXT,
    SQL_CHECK_FILES,
    SQL_COUNT
} Sql;

extern const char *const archive_statements[SQL_COUNT];

struct Archive {
    sqlite3 *db;
    sqlite3_stmt *statement[SQL_COUNT]; /* prepared when first used */
    gboolean is_writer;
    gboolean is_full;
    int lock; /* descriptor of the lock file, -1: none */
    char *lock_path;
    gint64 until_us;           /* of g_get_monotonic_time(), see archive_set_time(); 0: no end */
    gint64 revision;           /* the last one given; writer only */
    struct Analyser *analyser; /* folds the catalogue's words; writer only */
    struct Texts *texts;       /* archive_text.c */
    GArray *pending;           /* gint64: rows whose postings wait for the transaction's end */
    gsize pending_bytes;       /* text of theirs */
    GArray *saved;             /* those of the savepoint */
    gsize saved_bytes;
};

/* A statement, reset and without bindings when the scope ends. */
typedef sqlite3_stmt *Statement;
void statement_done(Statement *statement);
#define AUTO_STATEMENT __attribute__((cleanup(statement_done))) Statement

/* The statement, ready to bind; NULL and `error` when it cannot be prepared. */
sqlite3_stmt *archive_statement(Archive *archive, Sql sql, GError **error);
/* Runs a bound statement that returns no row. */
gboolean archive_run(Archive *archive, sqlite3_stmt *statement, const char *doing, GError **error);
/* Steps to a row: TRUE when there is one; FALSE without `error` when there is none. */
gboolean archive_step(Archive *archive, sqlite3_stmt *statement, const char *doing, GError **error);
/* The first column of a bound statement's first row, 0 when there is no row. */
gboolean archive_first_value(Archive *archive, sqlite3_stmt *statement, const char *doing,
                             gint64 *ret_value, GError **error);

/* Bind text or bytes; NULL text binds null. They must live until the statement is done. */
void bind_text(sqlite3_stmt *statement, const char *name, const char *text);
void bind_text_length(sqlite3_stmt *statement, const char *name, const char *text, gsize length);
void bind_blob(sqlite3_stmt *statement, const char *name, const void *data, gsize size);
void bind_int(sqlite3_stmt *statement, const char *name, gint64 value);
void bind_real(sqlite3_stmt *statement, const char *name, double value);
/* The text in a column of another statement's present row, which must stay there. */
void bind_column(sqlite3_stmt *statement, const char *name, sqlite3_stmt *from, int column);

/* archive.c */

/* Opens to run FTS5's own check, which has the form of a write but leaves the file as it is. NULL
 * and `error` (ARCHIVE_ERROR_LOCKED while an indexer is at work) on failure. */
Archive *archive_open_checker(const char *path, GError **error);

/* archive_schema.c */

/* Nothing that stands in the file is run: no trigger, and no function in it that could do harm. */
void archive_distrust(sqlite3 *db);
/* Whether everything that our statements name is what this version makes. FALSE and `error`
 * (ARCHIVE_ERROR_DAMAGED) when not, or (as archive_fail() says) when it cannot be read. */
gboolean archive_has_schema(sqlite3 *db, GError **error);

/* archive_postings.c */

/* The row's postings are put in before the transaction is committed. A row that is none, or has no
 * text, by then has none. */
void archive_add_pending(Archive *archive, gint64 row, gsize text_bytes);
/* Puts in what waits. */
gboolean archive_index_pending(Archive *archive, GError **error);
/* Drops what waits, with the transaction. */
void archive_forget_pending(Archive *archive);
/* What waits as it is now; and again as it was then. */
void archive_save_pending(Archive *archive);
void archive_restore_pending(Archive *archive);
/* Takes a row's postings out, while its text and card are still what was indexed. */
gboolean archive_remove_postings(Archive *archive, gint64 row, GError **error);

/* Text of a column, copied; NULL for null. */
char *column_text(sqlite3_stmt *statement, int column);

/* The present row of a statement with all columns of a document, or of a file. */
ArchiveDocument *archive_read_document(sqlite3_stmt *statement);
ArchiveFile *archive_read_file(sqlite3_stmt *statement);

/* Takes the postings and the text of a row out, the postings first: they are taken out by what the
 * text still says. */
gboolean archive_remove_content(Archive *archive, gint64 row, GError **error);

/* archive_status.c */

/* Registers schedario_holds(path, words): whether each of the words is part of the path, whatever
 * the case and the accents. */
gboolean archive_register_holds(Archive *archive);

/* archive_text.c */

/* What unpacks texts, and those that are kept unpacked. */
typedef struct Texts Texts;
Texts *texts_new(void);
void texts_free(Texts *texts);
/* A transaction has begun: what is kept of another state of the archive is forgotten. */
gboolean texts_begin(Archive *archive, GError **error);
/* Registers schedario_join(data): the text of compressed chunks, in the order given. */
gboolean archive_register_join(Archive *archive);

#endif
