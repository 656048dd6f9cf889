/* See archive_check.h.
 *
 * The index is compared document by document: each place of a term that FTS5 lists gives a number
 * (of term, column and place), and so does each token of the document's own text; their sums must
 * be the same. That is what FTS5's integrity-check does for the whole, but so it can be said which
 * document is wrong, and while somebody writes.
 */
#include "archive_check.h"

#include <string.h>

#include "analysis.h"
#include "archive_private.h"
#include "fts5.h"

typedef struct {
    Archive *archive;
    ArchiveFinding found;
    gpointer data;
    Fts5Tokenizer *tokeniser;
    fts5_tokenizer way;
    GHashTable *sums; /* row -> sum of the document's postings: gint64 -> guint64 */
} Check;

static void check_release(Check *check)
{
    if (check->tokeniser)
        check->way.xDelete(check->tokeniser);
    g_clear_pointer(&check->sums, g_hash_table_unref);
}

G_GNUC_PRINTF(2, 3) static void tell(const Check *check, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    g_autofree char *sentence = g_strdup_vprintf(format, values);
    va_end(values);
    check->found(sentence, check->data);
}

/* Runs a statement over all of its rows. */
static gboolean each_row(Check *check, Sql sql, void (*visit)(Check *, sqlite3_stmt *),
                         GError **error)
{
    g_autoptr(GError) fault = NULL;
    AUTO_STATEMENT statement = archive_statement(check->archive, sql, error);
    if (!statement)
        return FALSE;
    while (archive_step(check->archive, statement, "checking the archive", &fault))
        visit(check, statement);
    if (!fault)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&fault));
    return FALSE;
}

/* Structure */

static void tell_structure(Check *check, sqlite3_stmt *row)
{
    const char *word = (const char *)sqlite3_column_text(row, 0);
    if (g_strcmp0(word, "ok") != 0)
        tell(check, "the archive's structure: %s", word);
}

static void tell_orphan_text(Check *check, sqlite3_stmt *row)
{
    tell(check, "row %" G_GINT64_FORMAT ": text without a document",
         (gint64)sqlite3_column_int64(row, 0));
}

static void tell_file(Check *check, sqlite3_stmt *row)
{
    static const char *const SENTENCES[] = {
        "names a document that is not there",
        "its state is not that of its document",
        "is said to be indexed, but names no document",
        "is in the archive, but no file holds it",
    };
    tell(check, "%s: %s", (const char *)sqlite3_column_text(row, 0),
         SENTENCES[sqlite3_column_int(row, 1)]);
}

/* Sums of places */

static guint64 mixed(guint64 value)
{
    value = (value ^ (value >> 31)) * G_GUINT64_CONSTANT(0x7fb5d329728ea185);
    value = (value ^ (value >> 27)) * G_GUINT64_CONSTANT(0x81dadef4bc2dd44d);
    return value ^ (value >> 33);
}

static guint64 place_number(const char *term, gsize length, char column, gint64 place)
{
    guint64 hash = G_GUINT64_CONSTANT(0xcbf29ce484222325); /* FNV-1a */
    for (gsize i = 0; i < length; i++)
        hash = (hash ^ (guchar)term[i]) * G_GUINT64_CONSTANT(0x100000001b3);
    return mixed(mixed(hash + (guchar)column) + (guint64)place);
}

/* The second letters of the columns' names differ. */
static char column_mark(const char *name)
{
    return name && *name ? name[1] : 0;
}

static void add_posting(Check *check, sqlite3_stmt *row)
{
    gint64 document = sqlite3_column_int64(row, 0);
    const char *term = sqlite3_column_blob(row, 1);
    const char *column = (const char *)sqlite3_column_text(row, 2);
    guint64 number = place_number(term ? term : "", (gsize)sqlite3_column_bytes(row, 1),
                                  column_mark(column), sqlite3_column_int64(row, 3));
    guint64 *sum = g_hash_table_lookup(check->sums, &document);
    if (!sum) {
        sum = g_new0(guint64, 1);
        g_hash_table_insert(check->sums, g_memdup2(&document, sizeof document), sum);
    }
    *sum += number;
}

typedef struct {
    guint64 sum;
    gint64 place;
    char column;
} Tokens;

static int add_token(void *data, int flags, const char *token, int length, int start, int end)
{
    (void)start;
    (void)end;
    Tokens *tokens = data;
    tokens->place += !(flags & FTS5_TOKEN_COLOCATED);
    tokens->sum += place_number(token, (gsize)length, tokens->column, tokens->place);
    return SQLITE_OK;
}

/* Columns of SQL_INDEXED. */
enum { INDEXED_TITLE, INDEXED_TEXT, INDEXED_CATALOGUE, INDEXED_COUNT };

static guint64 sum_of_content(const Check *check, sqlite3_stmt *content)
{
    static const char *const COLUMNS[INDEXED_COUNT] = {"title", "text", "catalogue"};
    Tokens tokens = {0};
    for (int i = 0; i < INDEXED_COUNT; i++) {
        const char *text = (const char *)sqlite3_column_text(content, i);
        tokens.place = -1;
        tokens.column = column_mark(COLUMNS[i]);
        if (text)
            check->way.xTokenize(check->tokeniser, &tokens, FTS5_TOKENIZE_DOCUMENT, text,
                                 sqlite3_column_bytes(content, i), add_token);
    }
    return tokens.sum;
}

/* Documents */

static const char *name_of(const ArchiveDocument *document, const GPtrArray *paths)
{
    return paths && paths->len > 0 ? g_ptr_array_index(paths, 0) : document->id;
}

/* The layout says how many words each page has: positions of pages, and of words in them. */
static gboolean has_sound_layout(const Check *check, const ArchiveDocument *document,
                                 const char *text, gsize length)
{
    g_autoptr(GArray) counts = analysis_count_words(text, length);
    g_autoptr(GArray) positions = archive_page_positions(check->archive, document->row, NULL);
    guint words = 0;
    if (!positions || positions->len != document->page_count + 1 ||
        counts->len != document->page_count)
        return FALSE;
    for (guint i = 0; i < counts->len; i++) {
        if (g_array_index(positions, guint, i) != words)
            return FALSE;
        words += g_array_index(counts, guint, i);
    }
    return words == document->word_count && g_array_index(positions, guint, counts->len) == words;
}

/* The pages found by their numbers are the text, one after another. */
static gboolean has_sound_pages(const Check *check, const ArchiveDocument *document,
                                const char *text, gsize length)
{
    g_autoptr(GString) pages =
        archive_pages(check->archive, document->row, 0, document->page_count, NULL);
    return pages && pages->len <= length && length - pages->len <= 1 &&
           memcmp(pages->str, text, pages->len) == 0 && g_utf8_validate_len(text, length, NULL);
}

static void check_content(const Check *check, const ArchiveDocument *document, const char *name,
                          sqlite3_stmt *content)
{
    const char *text = (const char *)sqlite3_column_text(content, INDEXED_TEXT);
    gsize length = (gsize)sqlite3_column_bytes(content, INDEXED_TEXT);
    const guint64 *sum = g_hash_table_lookup(check->sums, &document->row);
    if (!has_sound_pages(check, document, text ? text : "", length))
        tell(check, "%s: its text in the archive is not whole", name);
    else if (!has_sound_layout(check, document, text, length))
        tell(check, "%s: its pages do not have the words that are noted of them", name);
    if (sum_of_content(check, content) != (sum ? *sum : 0))
        tell(check, "%s: the index does not agree with its text", name);
}

static void check_indexed(const Check *check, const ArchiveDocument *document, const char *name)
{
    g_autoptr(GError) fault = NULL;
    AUTO_STATEMENT content = archive_statement(check->archive, SQL_INDEXED, &fault);
    if (content) {
        bind_int(content, ":row", document->row);
        if (archive_step(check->archive, content, "reading its text", &fault))
            check_content(check, document, name, content);
    }
    if (fault)
        tell(check, "%s: %s", name, fault->message);
}

static gboolean has_sound_id(const ArchiveDocument *document)
{
    return document->sha256 && strlen(document->sha256) == 64 &&
           strncmp(document->sha256, document->id, ARCHIVE_ID_LENGTH) == 0;
}

static void check_document(Check *check, sqlite3_stmt *row)
{
    g_autoptr(ArchiveDocument) document = archive_read_document(row);
    g_autoptr(GPtrArray) paths = archive_paths(check->archive, document->row, NULL);
    const char *name = name_of(document, paths);
    if (!has_sound_id(document))
        tell(check, "%s: its id is not that of its content", name);
    if (document->state == DOCUMENT_INDEXED)
        check_indexed(check, document, name);
    else if (g_hash_table_contains(check->sums, &document->row))
        tell(check, "%s: is not searchable, but stands in the index", name);
    g_hash_table_remove(check->sums, &document->row);
}

/* What is left has no document. */
static void tell_orphan_postings(Check *check)
{
    GHashTableIter iter;
    gpointer row;
    g_hash_table_iter_init(&iter, check->sums);
    while (g_hash_table_iter_next(&iter, &row, NULL))
        tell(check, "row %" G_GINT64_FORMAT ": stands in the index without a document",
             *(const gint64 *)row);
}

/* The whole */

static gboolean find_tokeniser(Check *check)
{
    fts5_api *api = fts5_api_of(check->archive->db);
    void *user = NULL;
    return api && api->xFindTokenizer(api, "schedario", &user, &check->way) == SQLITE_OK &&
           check->way.xCreate(user, NULL, 0, &check->tokeniser) == SQLITE_OK;
}

/* A list of all places of the index, for this connection alone. */
static gboolean open_places(Check *check, GError **error)
{
    AUTO_STATEMENT statement = NULL;
    sqlite3_exec(check->archive->db, "PRAGMA query_only = 0", NULL, NULL, NULL);
    statement = archive_statement(check->archive, SQL_CHECK_PLACES, error);
    return statement && archive_run(check->archive, statement, "listing the index", error);
}

gboolean archive_check(Archive *archive, ArchiveFinding found, gpointer data, GError **error)
{
    Check check __attribute__((cleanup(check_release))) = {archive, found, data, NULL, {0}, NULL};
    check.sums = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    if (!find_tokeniser(&check))
        return archive_fail(archive->db, "preparing full-text search", error);
    if (!each_row(&check, SQL_CHECK_STRUCTURE, tell_structure, error) ||
        !open_places(&check, error) || !each_row(&check, SQL_CHECK_POSTINGS, add_posting, error) ||
        !each_row(&check, SQL_CHECK_DOCUMENTS, check_document, error) ||
        !each_row(&check, SQL_CHECK_ORPHAN_TEXT, tell_orphan_text, error) ||
        !each_row(&check, SQL_CHECK_FILES, tell_file, error))
        return FALSE;
    tell_orphan_postings(&check);
    return TRUE;
}

gboolean archive_check_index(const char *path, ArchiveFinding found, gpointer data, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(Archive) archive = archive_open_checker(path, error);
    if (!archive || !archive_begin(archive, error))
        return FALSE;
    AUTO_STATEMENT statement = archive_statement(archive, SQL_CHECK_INDEX, &fault);
    gboolean is_sound = statement && archive_run(archive, statement, "the index", &fault);
    statement_done(&statement);
    archive_rollback(archive);
    if (is_sound)
        return TRUE;
    if (g_error_matches(fault, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED)) {
        found("the index: FTS5 finds it damaged", data);
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&fault));
    return FALSE;
}
