/* The SQL of the archive's files: constant text, named parameters. See archive_private.h. */
#include "archive_private.h"

#define DOCUMENT_COLUMNS                                                                           \
    "row, id, sha256, state, media_type, size_bytes, title, title_source, year, year_source,"      \
    " kind, kind_source, body, body_source, collection, themes, meta_title, meta_author, heading," \
    " meta_year, page_count, missing_pages, word_count, share_it, share_en, reason, detail,"       \
    " successor, indexed_unix"

#define FILE_COLUMNS                                                                               \
    "path, device, inode, size_bytes, mtime_ns, ctime_ns, state, document, reason, detail,"        \
    " changed_unix"

const char *const archive_statements[SQL_COUNT] = {
    [SQL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [SQL_BEGIN_READ] = "BEGIN",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_SAVE] = "SAVEPOINT one",
    [SQL_RELEASE] = "RELEASE one",
    [SQL_RESTORE] = "ROLLBACK TO one",

    [SQL_DOCUMENT_BY_ROW] = "SELECT " DOCUMENT_COLUMNS " FROM document WHERE row = :row",
    [SQL_DOCUMENT_BY_ID] = "SELECT " DOCUMENT_COLUMNS " FROM document WHERE id = :id",
    [SQL_DOCUMENT_BY_CONTENT] = "SELECT " DOCUMENT_COLUMNS " FROM document WHERE sha256 = :sha256",
    [SQL_DOCUMENT_ROW] = "SELECT row, state FROM document WHERE sha256 = :sha256",
    [SQL_DOCUMENT_PUT] =
        "INSERT OR REPLACE INTO document(" DOCUMENT_COLUMNS
        ", revision, title_marked, terms, layout)"
        " VALUES(:row, :id, :sha256, :state, :media_type, :size_bytes, :title, :title_source,"
        " :year, :year_source, :kind, :kind_source, :body, :body_source, :collection, :themes,"
        " :meta_title, :meta_author, :heading, :meta_year, :page_count, :missing_pages,"
        " :word_count, :share_it, :share_en, :reason, :detail, NULL, :indexed_unix, :revision,"
        " :title_marked, :terms, :layout)",
    [SQL_DOCUMENT_CARD] =
        "UPDATE document SET title = :title, title_source = :title_source, year = :year,"
        " year_source = :year_source, kind = :kind, kind_source = :kind_source, body = :body,"
        " body_source = :body_source, collection = :collection, themes = :themes,"
        " title_marked = :title_marked, terms = :terms, revision = :revision WHERE row = :row",
    [SQL_DOCUMENT_GONE] =
        "UPDATE document SET state = 2, successor = :successor, last_path = :last_path,"
        " title_marked = NULL, terms = NULL, layout = NULL, revision = :revision"
        " WHERE row = :row",
    [SQL_DOCUMENT_SUCCEED] =
        "UPDATE document SET successor = (SELECT id FROM document WHERE row = :row),"
        " revision = :revision"
        " WHERE last_path = :path AND state = 2 AND successor IS NULL AND row <> :row",
    [SQL_DOCUMENT_LAYOUT] = "SELECT layout, page_count FROM document WHERE row = :row",

    [SQL_POSTING_PUT] = "INSERT INTO posting(rowid, title, text, catalogue)"
                        " VALUES(:row, :title, :text, :catalogue)",
    [SQL_POSTING_REMOVE] = "INSERT INTO posting(posting, rowid, title, text, catalogue)"
                           " SELECT 'delete', row, title, text, catalogue FROM indexed"
                           " WHERE row = :row",
    [SQL_INDEXED] = "SELECT title, text, catalogue FROM indexed WHERE row = :row",

    [SQL_POSTING_MERGE] = "INSERT INTO posting(posting, rank) VALUES('merge', :leaves)",

    [SQL_TEXT_PUT] = "INSERT INTO text(key, data) VALUES(:key, :data)",
    [SQL_TEXT_REMOVE] = "DELETE FROM text WHERE key >= :first AND key < :beyond",
    [SQL_TEXT_BEFORE] = "SELECT key, data FROM text WHERE key <= :key AND key >= :first"
                        " ORDER BY key DESC LIMIT 1",
    [SQL_DATA_VERSION] = "PRAGMA data_version",

    [SQL_FILE_PUT] = "INSERT OR REPLACE INTO file(" FILE_COLUMNS ")"
                     " VALUES(:path, :device, :inode, :size_bytes, :mtime_ns, :ctime_ns, :state,"
                     " :document, :reason, :detail, :changed_unix)",
    [SQL_FILE_DOCUMENT] = "SELECT document FROM file WHERE path = :path",
    [SQL_FILE_REMOVE] = "DELETE FROM file WHERE path = :path",
    [SQL_FILE_OTHERS] = "SELECT 1 FROM file WHERE document = :row LIMIT 1",
    [SQL_FILES] = "SELECT " FILE_COLUMNS " FROM file",
    [SQL_FILES_LISTED] = "SELECT " FILE_COLUMNS " FROM file"
                         " WHERE state <> 3 AND (:state < 0 OR state = :state)"
                         " ORDER BY changed_unix DESC, path LIMIT :limit OFFSET :offset",
    [SQL_PATHS] = "SELECT path FROM file WHERE document = :row ORDER BY path",

    [SQL_COUNT_FILES] = "SELECT count(*), total(state = 1), total(state = 0), total(state = 2)"
                        " FROM file WHERE state <> 3",
    [SQL_COUNT_DOCUMENTS] = "SELECT count(*), total(page_count) FROM document WHERE state = 1",
    [SQL_NOTE_PUT] = "INSERT OR REPLACE INTO note(name, value) VALUES(:name, :value)",
    [SQL_NOTE] = "SELECT value FROM note WHERE name = :name",
    [SQL_CARDS] = "SELECT row, id, state, title, year, kind, body, collection, share_it, share_en,"
                  " word_count, page_count, indexed_unix, revision, terms FROM document"
                  " WHERE revision > :revision ORDER BY revision",
    [SQL_REVISION] = "SELECT max(revision) FROM document",
};
