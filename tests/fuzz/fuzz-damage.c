/* libFuzzer target of everything that reads an archive (indexer/archive*, server/search*, postings,
 * cards, result): an input is changes to a sound archive. A change is a column, then bytes, ended
 * by NUL; the column gets these bytes in every row, or is the file itself, which gets them at a
 * place. Whatever came of it, the reader gives an answer or an error of the archive. */
#include "fuzz-archive.h"

#include <sqlite3.h>
#include <unistd.h>

#include "../../server/answers/result.h"
#include "../../server/search/similar.h"

/* SQL of the changes, by the input's byte. The bytes are ?1. */
static const char *const CHANGES[] = {
    "UPDATE text SET data = ?1",
    "UPDATE text SET data = CAST(?1 AS TEXT), key = key + 1",
    "UPDATE document SET themes = CAST(?1 AS TEXT)",
    "UPDATE document SET missing_pages = CAST(?1 AS TEXT)",
    "UPDATE document SET layout = ?1",
    "UPDATE document SET kind = CAST(?1 AS TEXT), title = CAST(?1 AS TEXT)",
    "UPDATE document SET page_count = CAST(?1 AS INTEGER), word_count = -1",
    "UPDATE document SET state = CAST(?1 AS INTEGER)",
    "UPDATE document SET successor = id, state = 2",
    "UPDATE document SET id = CAST(?1 AS TEXT) || row",
    "UPDATE document SET terms = CAST(?1 AS TEXT)",
    "UPDATE document SET share_it = CAST(?1 AS REAL), year = CAST(?1 AS INTEGER)",
    "UPDATE document SET title_source = 99, year_source = -1, revision = CAST(?1 AS INTEGER)",
    "UPDATE document SET title = ?1, body = ?1, collection = ?1, reason = ?1",
    "UPDATE file SET path = CAST(?1 AS TEXT) || document",
    "UPDATE file SET state = CAST(?1 AS INTEGER), outcome = -5, document = 77",
    "UPDATE posting_data SET block = ?1 WHERE id > 10",
    "UPDATE posting_data SET block = ?1 WHERE id = 10",
    "UPDATE posting_idx SET term = ?1",
    "UPDATE note SET value = ?1",
    "DELETE FROM text",
};

static char *copy_path(void)
{
    return g_build_filename(fuzz_folder.folder, "copy.db", NULL);
}

/* A new copy without a journal, so that the file is all there is. */
static void copy_archive(const char *path)
{
    static char *content;
    static gsize length;
    if (!content) {
        sqlite3 *db = NULL;
        require(sqlite3_open(fuzz_archive(), &db) == SQLITE_OK);
        require(sqlite3_exec(db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) == SQLITE_OK);
        sqlite3_close(db);
        require(g_file_get_contents(fuzz_archive(), &content, &length, NULL));
    }
    FILE *file = fopen(path, "wb");
    require(file && fwrite(content, 1, length, file) == length);
    fclose(file);
}

static void change_rows(sqlite3 *db, const char *sql, const char *bytes)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK) {
        sqlite3_bind_blob(statement, 1, bytes, (int)strlen(bytes), SQLITE_STATIC);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
}

static void change_file(const char *path, gsize place, const char *bytes)
{
    FILE *file = fopen(path, "r+b");
    require(file && fseek(file, (long)place, SEEK_SET) == 0);
    fwrite(bytes, 1, strlen(bytes), file);
    fclose(file);
}

/* Neither waits for the disk: the copy lives for one input. */
static sqlite3 *open_copy(const char *path)
{
    sqlite3 *db = NULL;
    if (sqlite3_open(path, &db) == SQLITE_OK)
        sqlite3_exec(db, "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY", NULL, NULL,
                     NULL);
    return db;
}

static void make_changes(const char *path, FuzzInput *input)
{
    while (input->left > 0) {
        guint kind = fuzz_byte(input) % (G_N_ELEMENTS(CHANGES) + 1);
        gboolean is_of_file = kind == G_N_ELEMENTS(CHANGES);
        gsize place = is_of_file ? fuzz_number(input) * (gsize)3 : 0;
        g_autofree char *bytes = fuzz_string(input);
        if (is_of_file) {
            change_file(path, place, bytes);
            continue;
        }
        sqlite3 *db = open_copy(path);
        change_rows(db, CHANGES[kind], bytes);
        sqlite3_close(db);
    }
}

/* What was given as an error is one of the archive. */
static gboolean is_sound(const GError *error)
{
    return !error || (error->domain == ARCHIVE_ERROR && g_utf8_validate(error->message, -1, NULL));
}

static void check_json(json_t *value)
{
    char *text = json_dumps(value, 0);
    require(text != NULL);
    free(text);
    json_decref(value);
}

static void read_document(Searcher *searcher, gint64 row)
{
    g_autoptr(GError) error = NULL;
    Archive *archive = searcher_archive(searcher);
    g_autoptr(ArchiveDocument) document = archive_find_row(archive, row, &error);
    require(is_sound(error));
    if (!document || document->state == DOCUMENT_GONE)
        return;
    check_json(result_document(document, NULL));
    for (guint page = 0; page < 3; page++) {
        g_autoptr(GError) fault = NULL;
        GString *marked = archive_pages(archive, row, page, 1, &fault);
        require(is_sound(fault));
        if (!marked)
            continue;
        check_json(result_page(document, page + 1, marked, NULL, searcher_analyser(searcher)));
        g_string_free(marked, TRUE);
    }
    g_autoptr(GError) fault = NULL;
    g_autoptr(GArray) positions = archive_page_positions(archive, row, &fault);
    require(is_sound(fault) && (positions != NULL || fault != NULL));
}

static void search(Searcher *searcher, const char *typed, SearchSort sort)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Query) query =
        query_parse(typed, strlen(typed), NULL, FALSE, searcher_analyser(searcher));
    SearchRequest request = {.query = query, .limit = 10, .sort = sort};
    g_autoptr(SearchResult) result = searcher_search(searcher, &request, &error);
    require(is_sound(error) && (result != NULL) == (error == NULL));
    if (result)
        check_json(result_search(&request, result, typed, TRUE));
}

static void read_lists(Searcher *searcher)
{
    g_autoptr(GError) error = NULL;
    ArchiveCounts counts;
    ArchiveFileFilter filter = {.last = OUTCOME_COUNT - 1, .limit = 10};
    Archive *archive = searcher_archive(searcher);
    archive_counts(archive, &counts, &error);
    require(is_sound(error));
    g_clear_error(&error);
    g_autoptr(GPtrArray) files = archive_find_files(archive, &filter, &error);
    require(is_sound(error));
    for (guint i = 0; files && i < files->len; i++)
        check_json(result_file(files->pdata[i], NULL));
    g_clear_error(&error);
    g_autoptr(GPtrArray) lacking = archive_list_lacking(archive, LACK_ANY, 10, 0, &error);
    require(is_sound(error) && (lacking != NULL) == (error == NULL));
}

static void read_all(const char *path)
{
    static const char *const QUESTIONS[] = {"",
                                            "acqua",
                                            "cooperazione decentrata",
                                            "\"consiglio comunale\"",
                                            "acq*",
                                            "tipo:piano acqua",
                                            "anno:2015..2020"};
    g_autoptr(GError) error = NULL;
    g_autoptr(Searcher) searcher = searcher_new(path, &error);
    require(is_sound(error));
    if (!searcher)
        return;
    if (searcher_begin(searcher, &error)) {
        for (gsize i = 0; i < G_N_ELEMENTS(QUESTIONS); i++)
            search(searcher, QUESTIONS[i], i % 2 ? SORT_RELEVANCE : SORT_TITLE);
        for (gint64 row = 1; row <= (gint64)G_N_ELEMENTS(FUZZ_SAMPLES); row++)
            read_document(searcher, row);
        read_lists(searcher);
        searcher_end(searcher);
    }
    require(is_sound(error));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {data, size};
    fuzz_archive();
    g_autofree char *path = copy_path();
    copy_archive(path);
    make_changes(path, &input);
    read_all(path);
    return 0;
}
