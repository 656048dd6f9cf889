/* The SQL of the archive's files: constant text, named parameters. See archive_private.h. */
#include "archive_private.h"

#define DOCUMENT_COLUMNS                                                                           \
    "row, id, sha256, state, media_type, size_bytes, title, title_source, year, year_source,"      \
    " kind, kind_source, body, body_source, collection, themes, meta_title, meta_author, heading," \
    " meta_year, page_count, missing_pages, word_count, share_it, share_en, reason, detail,"       \
    " successor, indexed_unix, blank_pages"

#define FILE_COLUMNS                                                                               \
    "path, device, inode, size_bytes, mtime_ns, ctime_ns, state, document, reason, detail,"        \
    " changed_unix, outcome, previous"

/* Of a list of files: in a folder, of some words, after one that was listed already. */
#define FILE_FILTER                                                                                \
    " changed_unix <= :before AND (changed_unix < :before OR path > :after)"                       \
    " AND +path >= :folder AND +path < :beyond"                                                    \
    " AND (:words IS NULL OR schedario_holds(path, :words))"

/* Of a list of cards: documents that have one of some fields from one of some sources; both are
 * sets, bits by CardField and 1 << Source. */
#define CARD_FILTER                                                                                \
    " state <> 2 AND ((:fields & 1 AND (:sources >> title_source) & 1)"                            \
    " OR (:fields & 2 AND (:sources >> year_source) & 1)"                                          \
    " OR (:fields & 4 AND (:sources >> kind_source) & 1)"                                          \
    " OR (:fields & 8 AND (:sources >> body_source) & 1))"

/* Documents without text, by TextLack. */
#define LACK_FILTER                                                                                \
    " lacking_pages > 0 AND state <> 2"                                                            \
    " AND CASE :lack WHEN 0 THEN 1 WHEN 1 THEN state = 0 WHEN 2 THEN missing_pages <> '[]'"        \
    " ELSE state = 1 AND blank_pages > 0 END"

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
        ", lacking_pages, revision, title_marked, terms, layout)"
        " VALUES(:row, :id, :sha256, :state, :media_type, :size_bytes, :title, :title_source,"
        " :year, :year_source, :kind, :kind_source, :body, :body_source, :collection, :themes,"
        " :meta_title, :meta_author, :heading, :meta_year, :page_count, :missing_pages,"
        " :word_count, :share_it, :share_en, :reason, :detail, NULL, :indexed_unix, :blank_pages,"
        " :lacking_pages, :revision, :title_marked, :terms, :layout)",
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
                     " :document, :reason, :detail, :changed_unix, :outcome, :previous)",
    [SQL_FILE_DOCUMENT] = "SELECT document, previous FROM file WHERE path = :path",
    [SQL_FILE_REMOVE] = "DELETE FROM file WHERE path = :path",
    [SQL_FILE_RETIRE] =
        "UPDATE file SET state = 4, outcome = 10, document = NULL, previous = :previous,"
        " reason = NULL, detail = NULL, changed_unix = unixepoch() WHERE path = :path",
    [SQL_FILE_PRIMARY] = "SELECT 1 FROM file WHERE document = :row AND path <> :path"
                         " AND outcome IN (1, 2) LIMIT 1",
    [SQL_FILE_PROMOTE] =
        "UPDATE file SET outcome = CASE WHEN previous IS NULL THEN 1 ELSE 2 END"
        " WHERE path = (SELECT path FROM file WHERE document = :row AND outcome = 3"
        "  ORDER BY changed_unix, path LIMIT 1)"
        " AND NOT EXISTS (SELECT 1 FROM file WHERE document = :row AND outcome IN (1, 2))",
    [SQL_FILE_OTHER_PATH] = "SELECT path FROM file WHERE document = :row AND path <> :path"
                            " ORDER BY outcome, changed_unix, path LIMIT 1",
    [SQL_FILE_OTHERS] = "SELECT 1 FROM file WHERE document = :row LIMIT 1",
    [SQL_FILES] = "SELECT " FILE_COLUMNS " FROM file WHERE state <> 4",
    [SQL_FILES_LISTED] = "SELECT " FILE_COLUMNS " FROM file INDEXED BY file_changed"
                         " WHERE outcome BETWEEN :first AND :last AND" FILE_FILTER
                         " ORDER BY changed_unix DESC, path LIMIT :limit OFFSET :offset",
    [SQL_FILES_OF_OUTCOME] = "SELECT " FILE_COLUMNS " FROM file INDEXED BY file_outcome"
                             " WHERE outcome = :first AND outcome = :last AND" FILE_FILTER
                             " ORDER BY changed_unix DESC, path LIMIT :limit OFFSET :offset",
    [SQL_COUNT_FILES] =
        "SELECT outcome, count(*) FROM file INDEXED BY file_counts GROUP BY outcome",
    [SQL_COUNT_OUTCOMES] = "SELECT outcome, count(*) FROM file INDEXED BY file_outcome"
                           " WHERE +path >= :folder AND +path < :beyond"
                           " AND (:words IS NULL OR schedario_holds(path, :words))"
                           " GROUP BY outcome",
    [SQL_PATHS] = "SELECT path FROM file WHERE document = :row ORDER BY path",

    [SQL_COUNT_DOCUMENTS] = "SELECT count(*), total(page_count) FROM document WHERE state = 1",
    [SQL_CARDS_LISTED] = "SELECT " DOCUMENT_COLUMNS " FROM document WHERE row IN"
                         " (SELECT row FROM document INDEXED BY document_sources WHERE" CARD_FILTER
                         "  ORDER BY indexed_unix DESC, row DESC LIMIT :limit OFFSET :offset)"
                         " ORDER BY indexed_unix DESC, row DESC",
    [SQL_CARDS_COUNTED] = "SELECT title_source, year_source, kind_source, body_source, count(*)"
                          " FROM document INDEXED BY document_source_counts WHERE state <> 2"
                          " GROUP BY title_source, year_source, kind_source, body_source",
    [SQL_LACKING_LISTED] =
        "SELECT " DOCUMENT_COLUMNS " FROM document INDEXED BY document_lacking"
        " WHERE" LACK_FILTER " ORDER BY lacking_pages DESC, row LIMIT :limit OFFSET :offset",
    [SQL_LACKING_COUNTED] = "SELECT count(*), total(lacking_pages) FROM document"
                            " INDEXED BY document_lacking WHERE" LACK_FILTER,
    [SQL_NOTE_PUT] = "INSERT OR REPLACE INTO note(name, value) VALUES(:name, :value)",
    [SQL_NOTE] = "SELECT value FROM note WHERE name = :name",
    [SQL_CARDS] = "SELECT row, id, state, title, year, kind, body, collection, share_it, share_en,"
                  " word_count, page_count, indexed_unix, revision, terms FROM document"
                  " WHERE revision > :revision ORDER BY revision",
    [SQL_REVISION] = "SELECT max(revision) FROM document",
    [SQL_QUICK_CHECK] = "PRAGMA quick_check(1)",
    [SQL_INDEX_CHECK] = "INSERT INTO posting(posting) VALUES('integrity-check')",

    [SQL_CHECK_PLACES] =
        "CREATE VIRTUAL TABLE temp.place USING fts5vocab('main', 'posting', 'instance')",
    [SQL_CHECK_STRUCTURE] = "PRAGMA integrity_check(100)",
    [SQL_CHECK_INDEX] = "INSERT INTO posting(posting, rank) VALUES('integrity-check', 1)",
    [SQL_CHECK_DOCUMENTS] = "SELECT " DOCUMENT_COLUMNS " FROM document ORDER BY row",
    [SQL_CHECK_POSTINGS] = "SELECT doc, term, col, offset FROM temp.place",
    [SQL_CHECK_ORPHAN_TEXT] = "SELECT DISTINCT key >> 24 FROM text WHERE key >> 24 NOT IN"
                              " (SELECT row FROM document WHERE state = 1)",
    [SQL_CHECK_FILES] = "SELECT path, 0 FROM file WHERE document IS NOT NULL"
                        "  AND document NOT IN (SELECT row FROM document)"
                        " UNION ALL SELECT path, 1 FROM file JOIN document ON document = row"
                        "  WHERE file.state <> 0 AND file.state <> 2 - document.state"
                        " UNION ALL SELECT path, 2 FROM file WHERE state = 1 AND document IS NULL"
                        " UNION ALL SELECT id, 3 FROM document WHERE state <> 2"
                        "  AND row NOT IN (SELECT document FROM file WHERE document IS NOT NULL)",
};
