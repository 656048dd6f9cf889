/* libFuzzer target of server/postings: any bytes as an index give ARCHIVE_ERROR_DAMAGED or answers
 * that agree with each other, and never a bad read. An input is records, each a letter, a length of
 * two bytes (the high one first) and that many bytes: S the structure record, L and M the next leaf
 * of segment 1 or 2, I and J a term from which on segment 1's or 2's next leaf is looked in. Seeds:
 * seeds/postings, made from indexes of FTS5. */
#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../indexer/archive.h"
#include "../../server/postings/postings_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RECORD_HEAD = 3, SEGMENTS = 2, SEGMENT_SHIFT = 37, STRUCTURE = 10 };

static const char SCHEMA[] =
    "CREATE TABLE posting_data(id INTEGER PRIMARY KEY, block BLOB);"
    "CREATE TABLE posting_idx(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;"
    "CREATE TABLE posting_config(k PRIMARY KEY, v) WITHOUT ROWID;"
    "INSERT INTO posting_config VALUES('version', 4);";

/* Aborts also where asserts are compiled out. */
static void require(gboolean holds)
{
    if (!holds)
        abort();
}

static void put(sqlite3 *db, const char *sql, gint64 first, const uint8_t *bytes, size_t size,
                gint64 last)
{
    sqlite3_stmt *statement = NULL;
    require(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK);
    sqlite3_bind_int64(statement, 1, first);
    sqlite3_bind_blob64(statement, 2, bytes, size, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 3, last);
    require(sqlite3_step(statement) == SQLITE_DONE);
    sqlite3_finalize(statement);
}

/* Position lists that end where their memory does, so that a read beyond shows. */
static void read_alone(const uint8_t *bytes, size_t size)
{
    g_autofree guint8 *alone = g_memdup2(bytes, size);
    g_autoptr(GArray) decoded = g_array_new(FALSE, FALSE, sizeof(guint32));
    guint32 counts[POSTING_COLUMNS];
    Positions all = {alone, size}, columns[POSTING_COLUMNS];
    Leaf leaf;
    gboolean is_counted = positions_count(all, counts);
    require(is_counted == positions_split(all, columns));
    for (int i = 0; is_counted && i < POSTING_COLUMNS; i++) {
        g_array_set_size(decoded, 0);
        if (positions_decode(columns[i], decoded))
            require(decoded->len == counts[i]);
    }
    if (leaf_read(&leaf, alone, size, 1))
        require(leaf.first_row <= leaf.first_term && leaf.first_term <= leaf.size &&
                leaf.size <= leaf.total);
    GArray *segments = segments_read(alone, size);
    if (segments)
        g_array_unref(segments);
}

static void put_record(sqlite3 *db, const uint8_t *record, size_t size, gint64 pages[SEGMENTS])
{
    static const char DATA[] = "INSERT OR REPLACE INTO posting_data VALUES(?1, ?2)";
    static const char INDEX[] = "INSERT OR REPLACE INTO posting_idx VALUES(?1, ?2, ?3)";
    const uint8_t *bytes = record + RECORD_HEAD;
    read_alone(bytes, size);
    if (record[0] == 'S')
        put(db, DATA, STRUCTURE, bytes, size, 0);
    else if (record[0] == 'L' || record[0] == 'M') {
        gint64 segment = record[0] - 'L';
        put(db, DATA, (segment + 1) << SEGMENT_SHIFT | ++pages[segment], bytes, size, 0);
    } else if (record[0] == 'I' || record[0] == 'J') {
        gint64 segment = record[0] - 'I';
        put(db, INDEX, segment + 1, bytes, size, (pages[segment] + 1) << 1);
    }
}

static sqlite3 *make_index(const uint8_t *data, size_t size)
{
    sqlite3 *db = NULL;
    gint64 pages[SEGMENTS] = {0};
    require(sqlite3_open(":memory:", &db) == SQLITE_OK);
    require(sqlite3_exec(db, SCHEMA, NULL, NULL, NULL) == SQLITE_OK);
    while (size >= RECORD_HEAD) {
        size_t length = (size_t)data[1] << 8 | data[2];
        length = MIN(length, size - RECORD_HEAD);
        put_record(db, data, length, pages);
        data += RECORD_HEAD + length;
        size -= RECORD_HEAD + length;
    }
    return db;
}

static void require_damaged(gboolean is_done, const GError *error)
{
    require(is_done ? !error : g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED));
}

static void ask_places(Postings *postings, const char *phrase, gboolean is_prefix,
                       const PostingList *list, guint index)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) positions = g_array_new(FALSE, FALSE, sizeof(guint32));
    gboolean is_read = postings_places(postings, phrase, is_prefix, list->rows[index],
                                       COLUMN_OF_TEXT, positions, &error);
    require_damaged(is_read, error);
    /* Several terms at one position are one place of a prefix. */
    require(!is_read || positions->len == list->text[index] ||
            (is_prefix && positions->len < list->text[index]));
    for (guint i = 1; i < positions->len; i++)
        require(g_array_index(positions, guint32, i) >= g_array_index(positions, guint32, i - 1));
}

static void ask_phrase(Postings *postings, const char *phrase, gboolean is_prefix)
{
    g_autoptr(GError) error = NULL;
    const PostingList *list = postings_find(postings, phrase, is_prefix, &error);
    require_damaged(list != NULL, error);
    for (guint i = 0; list && i < list->count; i++) {
        require(list->rows[i] < POSTINGS_ROWS && (i == 0 || list->rows[i] > list->rows[i - 1]));
        ask_places(postings, phrase, is_prefix, list, i);
    }
}

static gboolean visit_term(const char *term, guint64 bytes, gpointer data)
{
    guint *left = data;
    require(term && bytes > 0);
    return --*left > 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const PHRASES[] = {"a", "b", "ab", "a b", "b a a", "a ab"};
    sqlite3 *db = make_index(data, size);
    Postings *postings = postings_new(db, NULL);
    require(postings != NULL);
    g_autoptr(GError) error = NULL;
    gboolean begins = postings_begin(postings, &error);
    require_damaged(begins, error);
    for (gsize i = 0; begins && i < G_N_ELEMENTS(PHRASES); i++) {
        ask_phrase(postings, PHRASES[i], FALSE);
        ask_phrase(postings, PHRASES[i], TRUE);
    }
    guint left = 1000;
    gboolean is_walked = begins && postings_terms(postings, "", visit_term, &left, &error);
    require_damaged(is_walked, error);
    postings_free(postings);
    require(sqlite3_close(db) == SQLITE_OK);
    return 0;
}
