/* The archive's schema, version ARCHIVE_SCHEMA (archive.h). Raise that number with every change
 * here: an archive of an older schema is made anew from the corpus.
 *
 * document   one row a content ever seen; the public id is the beginning of its SHA-256. A gone one
 *            stays, so that a link to it can be answered. revision grows with every change of any
 *            document, so that a reader can catch up with what changed.
 * file       one row a path below the corpus, with the stamp it had when it was last dealt with.
 *            One that went stays, as what became of it; it has no document any more.
 * text       marked text (analysis.h), compressed with zstd, in chunks of whole pages.
 * indexed    what the postings were made from, for FTS5's delete, rebuild and integrity-check.
 * posting    the FTS5 index: one row a document.
 * note       single facts about the archive.
 */
#ifndef SCHEDARIO_ARCHIVE_SCHEMA_H
#define SCHEDARIO_ARCHIVE_SCHEMA_H

#define ARCHIVE_SCHEMA_SQL                                                                         \
    "CREATE TABLE document("                                                                       \
    " row INTEGER PRIMARY KEY,"                                                                    \
    " id TEXT NOT NULL UNIQUE,"                                                                    \
    " sha256 TEXT NOT NULL UNIQUE,"                                                                \
    " state INTEGER NOT NULL," /* DocumentState */                                                 \
    " media_type TEXT,"                                                                            \
    " size_bytes INTEGER NOT NULL,"                                                                \
    " title TEXT,"                                                                                 \
    " title_source INTEGER NOT NULL," /* Source, here and below */                                 \
    " year INTEGER NOT NULL,"         /* 0: not known */                                           \
    " year_source INTEGER NOT NULL,"                                                               \
    " kind TEXT NOT NULL,"                                                                         \
    " kind_source INTEGER NOT NULL,"                                                               \
    " body TEXT,"                                                                                  \
    " body_source INTEGER NOT NULL,"                                                               \
    " collection TEXT NOT NULL,"                                                                   \
    " themes TEXT NOT NULL," /* JSON */                                                            \
    " meta_title TEXT,"                                                                            \
    " meta_author TEXT,"                                                                           \
    " heading TEXT,"                                                                               \
    " meta_year INTEGER NOT NULL,"                                                                 \
    " page_count INTEGER NOT NULL,"                                                                \
    " missing_pages TEXT NOT NULL,"    /* JSON array of numbers from 1 */                          \
    " blank_pages INTEGER NOT NULL,"   /* read, but without a word */                              \
    " lacking_pages INTEGER NOT NULL," /* missing and blank ones */                                \
    " word_count INTEGER NOT NULL,"                                                                \
    " share_it REAL NOT NULL,"                                                                     \
    " share_en REAL NOT NULL,"                                                                     \
    " reason TEXT,"                                                                                \
    " detail TEXT,"                                                                                \
    " successor TEXT," /* id */                                                                    \
    " last_path TEXT," /* of a gone one */                                                         \
    " indexed_unix INTEGER NOT NULL,"                                                              \
    " revision INTEGER NOT NULL,"                                                                  \
    " title_marked TEXT,"                                                                          \
    " terms TEXT,"   /* catalogue terms, as query.h names them */                                  \
    " layout BLOB);" /* words of each page, LEB128 */                                              \
    "CREATE INDEX document_revision ON document(revision);"                                        \
    "CREATE INDEX document_last_path ON document(last_path) WHERE last_path IS NOT NULL;"          \
    "CREATE INDEX document_state ON document(state, page_count);"                                  \
    "CREATE INDEX document_lacking ON document(lacking_pages DESC, row)"                           \
    " WHERE lacking_pages > 0 AND state <> 2;"                                                     \
    "CREATE INDEX document_source_counts ON document(title_source, year_source, kind_source,"      \
    " body_source) WHERE state <> 2;"                                                              \
    "CREATE INDEX document_sources ON document(indexed_unix DESC, row DESC, title_source,"         \
    " year_source, kind_source, body_source) WHERE state <> 2;"                                    \
    "CREATE TABLE file("                                                                           \
    " path TEXT PRIMARY KEY,"                                                                      \
    " device INTEGER NOT NULL,"                                                                    \
    " inode INTEGER NOT NULL,"                                                                     \
    " size_bytes INTEGER NOT NULL,"                                                                \
    " mtime_ns INTEGER NOT NULL,"                                                                  \
    " ctime_ns INTEGER NOT NULL,"                                                                  \
    " state INTEGER NOT NULL,"   /* FileState */                                                   \
    " outcome INTEGER NOT NULL," /* FileOutcome */                                                 \
    " previous INTEGER,"         /* row of the document that stood here before */                  \
    " document INTEGER REFERENCES document(row),"                                                  \
    " reason TEXT,"                                                                                \
    " detail TEXT,"                                                                                \
    " changed_unix INTEGER NOT NULL);"                                                             \
    "CREATE INDEX file_document ON file(document);"                                                \
    "CREATE INDEX file_changed ON file(changed_unix DESC, path, outcome);"                         \
    "CREATE INDEX file_counts ON file(outcome);"                                                   \
    "CREATE INDEX file_outcome ON file(outcome, changed_unix DESC, path);"                         \
    "CREATE TABLE text(key INTEGER PRIMARY KEY, data BLOB NOT NULL);"                              \
    "CREATE TABLE note(name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;"                      \
    "CREATE VIEW indexed(row, title, text, catalogue) AS"                                          \
    " SELECT row, title_marked,"                                                                   \
    " (SELECT schedario_join(data) FROM (SELECT data FROM text"                                    \
    "   WHERE key >= (document.row << 24) AND key < ((document.row + 1) << 24) ORDER BY key)),"    \
    " terms FROM document WHERE state = 1;"                                                        \
    "CREATE VIRTUAL TABLE posting USING fts5(text, title, catalogue, content='indexed',"           \
    " content_rowid='row', columnsize=0, tokenize='schedario');"                                   \
    "INSERT INTO posting(posting, rank) VALUES('hashsize', 67108864);"                             \
    "INSERT INTO posting(posting, rank) VALUES('automerge', 64);"                                  \
    "INSERT INTO posting(posting, rank) VALUES('crisismerge', 64);"

/* Dropped in this order when an older schema is found; the names of all versions so far. */
#define ARCHIVE_DROP_SQL                                                                           \
    "DROP TABLE IF EXISTS posting;"                                                                \
    "DROP VIEW IF EXISTS indexed;"                                                                 \
    "DROP TABLE IF EXISTS note;"                                                                   \
    "DROP TABLE IF EXISTS text;"                                                                   \
    "DROP TABLE IF EXISTS file;"                                                                   \
    "DROP TABLE IF EXISTS document;"

#endif
