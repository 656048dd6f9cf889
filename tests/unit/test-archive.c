/* Tests of indexer/archive: what is put in comes out, what went is gone, and the postings agree
 * with the text after every change. */
#include "../../indexer/archive.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "../../indexer/analysis.h"
#include "fixture.h"

#define ITALIAN "\x02"
#define ENGLISH "\x03"

typedef struct {
    char *folder;
    char *path;
    Archive *archive; /* the writer */
} Place;

static int set_up(void **state)
{
    Place *place = g_new0(Place, 1);
    gboolean is_new = FALSE;
    place->folder = fixture_folder_new();
    place->path = g_build_filename(place->folder, "archive.db", NULL);
    place->archive = archive_open_writer(place->path, &is_new, NULL);
    *state = place;
    return place->archive && is_new ? 0 : -1;
}

static int tear_down(void **state)
{
    Place *place = *state;
    archive_close(place->archive);
    fixture_folder_remove(place->folder);
    g_free(place->path);
    g_free(place);
    return 0;
}

static void execute(Archive *archive, const char *sql)
{
    assert_int_equal(sqlite3_exec(archive_connection(archive), sql, NULL, NULL, NULL), SQLITE_OK);
}

static gint64 number(Archive *archive, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(archive_connection(archive), sql, -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    gint64 value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

/* The rows that a MATCH expression finds, parted by blanks. */
static char *matching(Archive *archive, const char *match)
{
    sqlite3_stmt *statement = NULL;
    GString *rows = g_string_new(NULL);
    assert_int_equal(sqlite3_prepare_v2(archive_connection(archive),
                                        "SELECT rowid FROM posting WHERE posting MATCH ?1"
                                        " ORDER BY rowid",
                                        -1, &statement, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(statement, 1, match, -1, SQLITE_STATIC);
    while (sqlite3_step(statement) == SQLITE_ROW)
        g_string_append_printf(rows, "%s%d", rows->len ? " " : "",
                               sqlite3_column_int(statement, 0));
    sqlite3_finalize(statement);
    return g_string_free(rows, FALSE);
}

static void assert_matches(Archive *archive, const char *match, const char *expected)
{
    g_autofree char *rows = matching(archive, match);
    assert_string_equal(rows, expected);
}

static void check_postings(Archive *archive)
{
    execute(archive, "INSERT INTO posting(posting) VALUES('integrity-check')");
}

/* Begins and ends a transaction around what a test does. */
static void begin(Archive *archive)
{
    assert_true(archive_begin(archive, NULL));
}

static void commit(Archive *archive)
{
    assert_true(archive_commit(archive, NULL));
    check_postings(archive);
}

/* A document whose content is named by a word: its SHA-256 is that word's. */
static ArchiveDocument *document_of(const char *content)
{
    ArchiveDocument *document = archive_document_new();
    document->sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, content, -1);
    document->state = DOCUMENT_INDEXED;
    document->media_type = g_strdup("text/plain");
    document->size_bytes = 1234;
    document->page_count = 1;
    document->share[LANGUAGE_ITALIAN] = 1;
    document->indexed_unix = 1400000000;
    document->card = g_new0(Catalogue, 1);
    document->card->title = g_strdup(content);
    document->card->title_source = SOURCE_TEXT;
    document->card->collection = g_strdup("piani");
    return document;
}

static gint64 put_text(Archive *archive, const char *content, const char *marked)
{
    g_autoptr(ArchiveDocument) document = document_of(content);
    g_autoptr(GString) text = g_string_new(marked);
    g_autoptr(GError) error = NULL;
    if (!archive_put_document(archive, document, text, &error))
        fail_msg("%s", error->message);
    assert_true(document->row > 0);
    assert_memory_equal(document->id, document->sha256, ARCHIVE_ID_LENGTH);
    assert_int_equal(strlen(document->id), ARCHIVE_ID_LENGTH);
    return document->row;
}

static void put_path(Archive *archive, const char *path, gint64 row)
{
    ArchiveFile file = {
        .path = (char *)path,
        .stamp = {1, 2, 3, 4, 5},
        .state = row ? FILE_INDEXED : FILE_PENDING,
        .document = row,
        .changed_unix = 1400000000,
    };
    assert_true(archive_put_file(archive, &file, NULL));
}

static ArchiveDocument *found_row(Archive *archive, gint64 row)
{
    ArchiveDocument *document = archive_find_row(archive, row, NULL);
    assert_non_null(document);
    return document;
}

static void assert_state(Archive *archive, gint64 row, DocumentState state, gint64 successor)
{
    g_autoptr(ArchiveDocument) document = found_row(archive, row);
    assert_int_equal(document->state, state);
    if (!successor) {
        assert_null(document->successor);
        return;
    }
    g_autoptr(ArchiveDocument) next = found_row(archive, successor);
    assert_non_null(document->successor);
    assert_string_equal(document->successor, next->id);
}

static void assert_paths(Archive *archive, gint64 row, const char *expected)
{
    g_autoptr(GPtrArray) paths = archive_paths(archive, row, NULL);
    g_ptr_array_add(paths, NULL);
    g_autofree char *joined = g_strjoinv(" ", (char **)paths->pdata);
    assert_string_equal(joined, expected);
}

static void assert_page(Archive *archive, gint64 row, guint first, guint count,
                        const char *expected)
{
    g_autoptr(GError) error = NULL;
    GString *page = archive_pages(archive, row, first, count, &error);
    assert_null(error);
    if (!expected) {
        assert_null(page);
        return;
    }
    assert_non_null(page);
    assert_string_equal(page->str, expected);
    assert_int_equal(page->len, strlen(expected));
    g_string_free(page, TRUE);
}

/* Documents */

static void fill_in(ArchiveDocument *document)
{
    const guint missing[] = {2, 17};
    Catalogue *card = document->card;
    card->title_source = SOURCE_SIDECAR;
    card->year = 2014;
    card->year_source = SOURCE_PATH;
    card->kind = KIND_PLAN;
    card->kind_source = SOURCE_TITLE;
    card->body = g_strdup("Comune di Citt\xC3\xA0 Alta");
    card->body_source = SOURCE_TEXT;
    document->meta_title = g_strdup("meta title");
    document->meta_author = g_strdup("meta author");
    document->heading = g_strdup("heading");
    document->meta_year = 2013;
    document->page_count = 20;
    g_array_append_vals(document->missing_pages, missing, 2);
    document->share[LANGUAGE_ITALIAN] = 0.5;
    document->share[LANGUAGE_ENGLISH] = 0.25;
    document->share[LANGUAGE_OTHER] = 0.25;
    g_free(document->themes);
    document->themes = g_strdup("[{\"id\":\"migration\",\"area\":false,\"terms\":[]},"
                                "{\"id\":\"mediterranean\",\"area\":true,\"terms\":[]}]");
}

static void assert_same(const ArchiveDocument *a, const ArchiveDocument *b)
{
    assert_int_equal(a->row, b->row);
    assert_string_equal(a->id, b->id);
    assert_string_equal(a->sha256, b->sha256);
    assert_int_equal(a->state, b->state);
    assert_string_equal(a->media_type, b->media_type);
    assert_int_equal(a->size_bytes, b->size_bytes);
    assert_string_equal(a->card->title, b->card->title);
    assert_int_equal(a->card->title_source, b->card->title_source);
    assert_int_equal(a->card->year, b->card->year);
    assert_int_equal(a->card->year_source, b->card->year_source);
    assert_int_equal(a->card->kind, b->card->kind);
    assert_int_equal(a->card->kind_source, b->card->kind_source);
    assert_string_equal(a->card->body, b->card->body);
    assert_int_equal(a->card->body_source, b->card->body_source);
    assert_string_equal(a->card->collection, b->card->collection);
    assert_string_equal(a->themes, b->themes);
    assert_string_equal(a->meta_title, b->meta_title);
    assert_string_equal(a->meta_author, b->meta_author);
    assert_string_equal(a->heading, b->heading);
    assert_int_equal(a->meta_year, b->meta_year);
    assert_int_equal(a->page_count, b->page_count);
    assert_int_equal(a->missing_pages->len, b->missing_pages->len);
    assert_memory_equal(a->missing_pages->data, b->missing_pages->data,
                        a->missing_pages->len * sizeof(guint));
    assert_int_equal(a->word_count, b->word_count);
    assert_memory_equal(a->share, b->share, sizeof a->share);
    assert_int_equal(a->indexed_unix, b->indexed_unix);
    assert_null(b->successor);
}

static void test_a_document_comes_out_as_it_went_in(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    g_autoptr(ArchiveDocument) document = document_of("Il piano");
    g_autoptr(GString) marked = g_string_new(ITALIAN "Il piano\f" ENGLISH "the plan 2014");
    fill_in(document);
    begin(archive);
    assert_true(archive_put_document(archive, document, marked, NULL));
    commit(archive);
    assert_int_equal(document->word_count, 5);
    g_autoptr(ArchiveDocument) by_row = archive_find_row(archive, document->row, NULL);
    g_autoptr(ArchiveDocument) by_id = archive_find_document(archive, document->id, NULL);
    g_autoptr(ArchiveDocument) by_content = archive_find_content(archive, document->sha256, NULL);
    assert_same(document, by_row);
    assert_same(document, by_id);
    assert_same(document, by_content);
}

static void test_what_is_not_there(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    g_autoptr(GError) error = NULL;
    gint64 row = 7;
    assert_null(archive_find_row(archive, 99, &error));
    assert_null(archive_find_document(archive, "0123456789", &error));
    assert_null(archive_find_document(archive, "' OR 1=1 --", &error));
    assert_null(archive_find_content(archive, "", &error));
    assert_null(archive_pages(archive, 99, 0, 5, &error));
    assert_null(archive_page_positions(archive, 99, &error));
    assert_true(archive_file_document(archive, "none", &row, &error));
    assert_int_equal(row, 0);
    assert_paths(archive, 99, "");
    begin(archive);
    assert_true(archive_remove_file(archive, "none", &error));
    commit(archive);
    assert_null(error);
}

static void test_fields_can_be_matched(void **state)
{
    static const char *const MATCHES[] = {
        "catalogue:\"a:all\"",
        "catalogue:\"k:plan\"",
        "catalogue:\"y:2014\"",
        "catalogue:\"l:it\"",
        "catalogue:\"l:en\"",
        "catalogue:\"b:citta\"",
        "catalogue:\"c:piani\"",
        "catalogue:\"t:migration\"",
        "catalogue:\"r:mediterranean\"",
        "catalogue:\"b:citta b:alta\"",
        "title:\"cooperazione\"",
        "title:\"i:cooper-\" *",
        "text:\"cooperazioni\"",
        "text:\"i:cooper-\" *",
    };
    Archive *archive = ((Place *)*state)->archive;
    g_autoptr(ArchiveDocument) document = document_of("Cooperazione");
    g_autoptr(GString) marked = g_string_new(ITALIAN "cooperazioni");
    fill_in(document);
    begin(archive);
    assert_true(archive_put_document(archive, document, marked, NULL));
    commit(archive);
    for (gsize i = 0; i < G_N_ELEMENTS(MATCHES); i++)
        assert_matches(archive, MATCHES[i], "1");
    assert_matches(archive, "title:\"cooperazioni\"", "");
    assert_matches(archive, "text:\"a:all\"", "");
}

static void test_replacing(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    begin(archive);
    gint64 first = put_text(archive, "same", ITALIAN "prima versione\f" ITALIAN "altra");
    gint64 other = put_text(archive, "other", ITALIAN "versione diversa");
    commit(archive);
    begin(archive);
    assert_int_equal(put_text(archive, "same", ENGLISH "another reading"), first);
    commit(archive);
    assert_matches(archive, "text:versione", "2");
    assert_matches(archive, "text:reading", "1");
    assert_page(archive, first, 0, 1, ENGLISH "another reading");
    assert_page(archive, first, 1, 1, NULL);
    assert_int_equal(number(archive, "SELECT count(*) FROM document"), 2);
    assert_int_equal(number(archive, "SELECT count(*) FROM text"), 2);
    assert_true(first != other);
}

static void test_failed_documents(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    g_autoptr(ArchiveDocument) document = document_of("scan");
    document->state = DOCUMENT_FAILED;
    document->reason = g_strdup("no-text");
    document->detail = g_strdup("12");
    document->page_count = 12;
    document->share[LANGUAGE_ITALIAN] = 0;
    begin(archive);
    assert_true(archive_put_document(archive, document, NULL, NULL));
    gint64 row = document->row;
    commit(archive);
    g_autoptr(ArchiveDocument) found = found_row(archive, row);
    assert_int_equal(found->state, DOCUMENT_FAILED);
    assert_string_equal(found->reason, "no-text");
    assert_string_equal(found->detail, "12");
    assert_int_equal(found->page_count, 12);
    assert_int_equal(found->word_count, 0);
    assert_page(archive, row, 0, 1, NULL);
    assert_matches(archive, "catalogue:\"a:all\"", "");
    begin(archive);
    assert_true(archive_put_card(archive, found, NULL)); /* there are no postings to renew */
    commit(archive);
    assert_matches(archive, "catalogue:\"a:all\"", "");
    begin(archive); /* now it could be read */
    assert_int_equal(put_text(archive, "scan", ITALIAN "testo"), row);
    commit(archive);
    assert_state(archive, row, DOCUMENT_INDEXED, 0);
    assert_matches(archive, "text:testo", "1");
    begin(archive); /* and now it could not */
    assert_true(archive_put_document(archive, document, NULL, NULL));
    commit(archive);
    assert_state(archive, row, DOCUMENT_FAILED, 0);
    assert_matches(archive, "text:testo", "");
    assert_int_equal(number(archive, "SELECT count(*) FROM text"), 0);
}

static void test_cards(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    begin(archive);
    gint64 row = put_text(archive, "Titolo vecchio", ITALIAN "testo\f" ITALIAN "pagina");
    commit(archive);
    g_autoptr(ArchiveDocument) document = found_row(archive, row);
    g_free(document->card->title);
    document->card->title = g_strdup("Nome nuovo");
    document->card->kind = KIND_STATUTE;
    begin(archive);
    assert_true(archive_put_card(archive, document, NULL));
    commit(archive);
    assert_matches(archive, "title:vecchio", "");
    assert_matches(archive, "title:nuovo", "1");
    assert_matches(archive, "catalogue:\"k:statute\"", "1");
    assert_matches(archive, "catalogue:\"k:other\"", "");
    assert_matches(archive, "text:\"testo pagina\"", "1");
    assert_page(archive, row, 0, 2, ITALIAN "testo\f" ITALIAN "pagina");
    g_autoptr(ArchiveDocument) renewed = found_row(archive, row);
    assert_string_equal(renewed->card->title, "Nome nuovo");
    assert_int_equal(renewed->card->kind, KIND_STATUTE);
}

/* Two contents whose ids agree: the one that is in must not suffer. */
static void test_ids_that_clash(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    begin(archive);
    gint64 row = put_text(archive, "first", ITALIAN "primo");
    put_path(archive, "first.txt", row);
    commit(archive);
    g_autoptr(ArchiveDocument) first = found_row(archive, row);
    g_autoptr(ArchiveDocument) second = document_of("second");
    g_autoptr(GString) marked = g_string_new(ITALIAN "secondo");
    g_autoptr(GError) error = NULL;
    memcpy(second->sha256, first->sha256, ARCHIVE_ID_LENGTH);
    begin(archive);
    assert_false(archive_put_document(archive, second, marked, &error));
    assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_CLASH));
    commit(archive);
    assert_matches(archive, "text:primo", "1");
    assert_matches(archive, "text:secondo", "");
    assert_state(archive, row, DOCUMENT_INDEXED, 0);
}

/* Text */

static GString *numbered_pages(guint count, guint bytes_each)
{
    GString *marked = g_string_new(NULL);
    for (guint i = 0; i < count; i++) {
        if (i > 0)
            g_string_append_c(marked, MARK_PAGE);
        g_string_append_printf(marked, ITALIAN "pagina %u ", i);
        for (guint k = 0; k < bytes_each; k++)
            g_string_append_c(marked, k % 7 == 6 ? ' ' : (char)('a' + (i + k) % 26));
    }
    return marked;
}

/* Every page alone, some stretches, and all at once, against the text cut at its form feeds. */
static void assert_pages(Archive *archive, gint64 row, const GString *marked)
{
    g_auto(GStrv) pages = g_strsplit(marked->str, "\f", -1);
    guint count = g_strv_length(pages);
    for (guint i = 0; i < count; i++)
        assert_page(archive, row, i, 1, pages[i]);
    assert_page(archive, row, 0, count, marked->str);
    assert_page(archive, row, 0, count + 100, marked->str);
    assert_page(archive, row, 0, G_MAXUINT, marked->str);
    assert_page(archive, row, count, 1, NULL);
    assert_page(archive, row, count + 5, 1, NULL);
    assert_page(archive, row, 0, 0, NULL);
    if (count > 2) {
        g_autofree char *tail = g_strjoinv("\f", pages + count - 2);
        assert_page(archive, row, count - 2, 9, tail);
    }
    for (guint i = 0; i + 1 < count; i += 1 + count / 50) {
        g_autofree char *two = g_strconcat(pages[i], "\f", pages[i + 1], NULL);
        assert_page(archive, row, i, 2, two);
    }
}

static void assert_positions(Archive *archive, gint64 row, const GString *marked)
{
    g_autoptr(GArray) counts = analysis_count_words(marked->str, marked->len);
    g_autoptr(GArray) positions = archive_page_positions(archive, row, NULL);
    assert_non_null(positions);
    assert_int_equal(positions->len, counts->len + 1);
    assert_int_equal(g_array_index(positions, guint, 0), 0);
    for (guint i = 0; i < counts->len; i++)
        assert_int_equal(g_array_index(positions, guint, i + 1),
                         g_array_index(positions, guint, i) + g_array_index(counts, guint, i));
}

static void test_pages_come_back(void **state)
{
    static const struct {
        const char *what;
        guint count, bytes_each;
    } ROWS[] = {
        {"one", 1, 10},
        {"two", 2, 10},
        {"thousands", 5000, 40},
        {"large ones", 7, 70000},
        {"at the bound", 6, 32 * 1024 - 12},
    };
    Archive *archive = ((Place *)*state)->archive;
    gint64 rows[G_N_ELEMENTS(ROWS)];
    begin(archive);
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(GString) marked = numbered_pages(ROWS[i].count, ROWS[i].bytes_each);
        rows[i] = put_text(archive, ROWS[i].what, marked->str);
    }
    commit(archive);
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(GString) marked = numbered_pages(ROWS[i].count, ROWS[i].bytes_each);
        assert_pages(archive, rows[i], marked);
        assert_positions(archive, rows[i], marked);
    }
}

static void test_empty_pages_come_back(void **state)
{
    static const char *const TEXTS[] = {
        ITALIAN,
        ITALIAN "\f" ITALIAN "\f" ITALIAN,
        ITALIAN "\f" ITALIAN "uno\f" ITALIAN,
        ITALIAN "uno\f" ITALIAN "\f" ITALIAN "\f" ENGLISH "four",
    };
    Archive *archive = ((Place *)*state)->archive;
    for (gsize i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_autoptr(GString) marked = g_string_new(TEXTS[i]);
        begin(archive);
        gint64 row = put_text(archive, TEXTS[i], TEXTS[i]);
        commit(archive);
        assert_pages(archive, row, marked);
        assert_positions(archive, row, marked);
    }
    /* Many of them, over several chunks, and the last one empty. */
    g_autoptr(GString) many = g_string_new(ITALIAN);
    for (guint i = 0; i < 40000; i++)
        g_string_append(many, "\f" ITALIAN);
    begin(archive);
    gint64 row = put_text(archive, "many", many->str);
    commit(archive);
    assert_page(archive, row, 0, 50000, many->str);
    assert_page(archive, row, 40000, 1, ITALIAN);
    assert_page(archive, row, 40001, 1, NULL);
    assert_positions(archive, row, many);
}

static void test_pages_are_a_documents_own(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    begin(archive);
    gint64 first = put_text(archive, "first", ITALIAN "uno");
    gint64 second = put_text(archive, "second", ITALIAN "due\f" ITALIAN "tre");
    commit(archive);
    assert_page(archive, first, 0, 9, ITALIAN "uno");
    assert_page(archive, first, 1, 9, NULL);
    assert_page(archive, second, 1, 9, ITALIAN "tre");
    assert_page(archive, second + 1, 0, 9, NULL);
}

static void test_damaged_text(void **state)
{
    /* The first document's second chunk: row << 24 | page. */
    static const char *const DAMAGES[] = {
        "UPDATE text SET data = x'00112233' WHERE key = 16777217",
        "UPDATE text SET data = x'' WHERE key = 16777217",
        "UPDATE text SET data = substr(data, 1, length(data) - 3) WHERE key = 16777217",
        /* claims to be 2^40 bytes long */
        "UPDATE text SET data = x'28B52FFDE00000000000010000010000' WHERE key = 16777217",
    };
    Archive *archive = ((Place *)*state)->archive;
    for (gsize i = 0; i < G_N_ELEMENTS(DAMAGES); i++) {
        g_autoptr(GString) marked = numbered_pages(3, 40000);
        g_autofree char *first = g_strndup(marked->str, strcspn(marked->str, "\f"));
        g_autoptr(GError) error = NULL;
        begin(archive);
        gint64 row = put_text(archive, "damaged", marked->str);
        assert_int_equal(row, 1);
        execute(archive, DAMAGES[i]);
        assert_page(archive, row, 0, 1, first);
        assert_null(archive_pages(archive, row, 1, 1, &error));
        assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED));
        g_clear_error(&error);
        assert_null(archive_pages(archive, row, 0, 3, &error)); /* not a part as if it were all */
        assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED));
        g_clear_error(&error);
        g_autoptr(ArchiveDocument) document = found_row(archive, row);
        assert_false(archive_put_card(archive, document, &error));
        assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED));
        archive_rollback(archive);
    }
}

/* The limit is SQLite's; here it is set where a test can reach it. */
static void test_too_large(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    g_autoptr(ArchiveDocument) document = document_of("large");
    g_autoptr(GString) marked = numbered_pages(20, 40000);
    g_autoptr(GError) error = NULL;
    begin(archive);
    gint64 row = put_text(archive, "small", ITALIAN "piccolo");
    sqlite3_limit(archive_connection(archive), SQLITE_LIMIT_LENGTH, 500000);
    assert_true(archive_save(archive, NULL));
    assert_false(archive_put_document(archive, document, marked, &error));
    assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_TOO_LARGE));
    archive_restore(archive);
    commit(archive);
    assert_state(archive, row, DOCUMENT_INDEXED, 0);
    assert_int_equal(number(archive, "SELECT count(*) FROM document"), 1);
    assert_int_equal(number(archive, "SELECT count(*) FROM text"), 1);
}

/* Files */

static void test_files_come_out_as_they_went_in(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    ArchiveFile file = {
        .path = (char *)"piani/citt\xE0 \n.pdf",
        .stamp = {G_MAXUINT64, G_MAXUINT64 - 1, G_MAXINT64, -5, G_MAXINT64},
        .state = FILE_FAILED,
        .reason = (char *)"password",
        .detail = (char *)"detail",
        .changed_unix = 1234567890,
    };
    begin(archive);
    assert_true(archive_put_file(archive, &file, NULL));
    put_path(archive, "other.pdf", 0);
    commit(archive);
    g_autoptr(GHashTable) files = archive_files(archive, NULL);
    assert_int_equal(g_hash_table_size(files), 2);
    const ArchiveFile *found = g_hash_table_lookup(files, file.path);
    assert_non_null(found);
    assert_string_equal(found->path, file.path);
    assert_true(file_stamp_equal(&found->stamp, &file.stamp));
    assert_int_equal(found->state, FILE_FAILED);
    assert_int_equal(found->document, 0);
    assert_string_equal(found->reason, "password");
    assert_string_equal(found->detail, "detail");
    assert_int_equal(found->changed_unix, 1234567890);
    archive_file_free(NULL);
}

static void test_stamps_differ_in_each_part(void **state)
{
    const FileStamp stamp = {1, 2, 3, 4, 5};
    const FileStamp others[] = {
        {9, 2, 3, 4, 5}, {1, 9, 3, 4, 5}, {1, 2, 9, 4, 5}, {1, 2, 3, 9, 5}, {1, 2, 3, 4, 9},
    };
    FileStamp same = stamp;
    (void)state;
    assert_true(file_stamp_equal(&stamp, &same));
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        assert_false(file_stamp_equal(&stamp, &others[i]));
}

static void test_several_paths(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    gint64 row = 0;
    begin(archive);
    row = put_text(archive, "one", ITALIAN "uno");
    put_path(archive, "b.txt", row);
    put_path(archive, "c/a.txt", row);
    put_path(archive, "a.txt", row);
    commit(archive);
    assert_paths(archive, row, "a.txt b.txt c/a.txt");
    gint64 found = 0;
    assert_true(archive_file_document(archive, "c/a.txt", &found, NULL));
    assert_int_equal(found, row);
    begin(archive);
    assert_true(archive_remove_file(archive, "a.txt", NULL));
    assert_true(archive_remove_file(archive, "b.txt", NULL));
    commit(archive);
    assert_paths(archive, row, "c/a.txt");
    assert_state(archive, row, DOCUMENT_INDEXED, 0);
    begin(archive);
    assert_true(archive_remove_file(archive, "c/a.txt", NULL));
    commit(archive);
    assert_paths(archive, row, "");
    assert_state(archive, row, DOCUMENT_GONE, 0);
    assert_matches(archive, "text:uno", "");
    assert_page(archive, row, 0, 1, NULL);
}

static void test_renaming(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    begin(archive);
    gint64 row = put_text(archive, "one", ITALIAN "uno");
    put_path(archive, "old.txt", row);
    put_path(archive, "new.txt", row);
    assert_true(archive_remove_file(archive, "old.txt", NULL));
    commit(archive);
    assert_state(archive, row, DOCUMENT_INDEXED, 0);
    assert_paths(archive, row, "new.txt");
    assert_matches(archive, "text:uno", "1");
}

static void test_successors(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    begin(archive);
    gint64 first = put_text(archive, "one", ITALIAN "uno");
    put_path(archive, "a.txt", first);
    put_path(archive, "a.txt", first); /* again: nothing changes */
    commit(archive);
    assert_state(archive, first, DOCUMENT_INDEXED, 0);
    begin(archive);
    gint64 second = put_text(archive, "two", ITALIAN "due");
    put_path(archive, "a.txt", second);
    commit(archive);
    assert_state(archive, first, DOCUMENT_GONE, second);
    assert_matches(archive, "text:uno", "");
    begin(archive);
    gint64 third = put_text(archive, "three", ITALIAN "tre");
    put_path(archive, "a.txt", third);
    commit(archive);
    assert_state(archive, first, DOCUMENT_GONE, second); /* each names the next: a chain */
    assert_state(archive, second, DOCUMENT_GONE, third);
    begin(archive);
    assert_int_equal(put_text(archive, "one", ITALIAN "uno"), first); /* it comes back */
    put_path(archive, "a.txt", first);
    commit(archive);
    assert_state(archive, first, DOCUMENT_INDEXED, 0);
    assert_state(archive, third, DOCUMENT_GONE, first);
    assert_matches(archive, "text:uno", "1");
}

static void test_a_successor_that_comes_later(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    begin(archive);
    gint64 first = put_text(archive, "one", ITALIAN "uno");
    gint64 other = put_text(archive, "other", ITALIAN "altro");
    put_path(archive, "a.txt", first);
    put_path(archive, "b.txt", other);
    assert_true(archive_remove_file(archive, "a.txt", NULL));
    assert_true(archive_remove_file(archive, "b.txt", NULL));
    commit(archive);
    begin(archive);
    put_path(archive, "a.txt", 0); /* pending */
    gint64 second = put_text(archive, "two", ITALIAN "due");
    put_path(archive, "a.txt", second);
    commit(archive);
    assert_state(archive, first, DOCUMENT_GONE, second);
    assert_state(archive, other, DOCUMENT_GONE, 0); /* went from elsewhere */
}

static void test_a_copy_changes(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    begin(archive);
    gint64 first = put_text(archive, "one", ITALIAN "uno");
    put_path(archive, "a.txt", first);
    put_path(archive, "b.txt", first);
    gint64 second = put_text(archive, "two", ITALIAN "due");
    put_path(archive, "b.txt", second);
    commit(archive);
    assert_state(archive, first, DOCUMENT_INDEXED, 0); /* a.txt still holds it */
    assert_paths(archive, first, "a.txt");
    assert_paths(archive, second, "b.txt");
}

/* Revisions */

typedef struct {
    GString *seen;
    double other;
} CardList;

static void see_card(const ArchiveCard *card, gpointer data)
{
    CardList *list = data;
    assert_non_null(card->id);
    assert_int_equal(strlen(card->id), ARCHIVE_ID_LENGTH);
    g_string_append_printf(list->seen, "%s%d:%d:%s:%s", list->seen->len ? " " : "", (int)card->row,
                           card->state, card->title, card->collection);
    list->other = card->share[LANGUAGE_OTHER];
}

static void assert_cards_since(Archive *archive, gint64 *revision, const char *expected)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    CardList list = {seen, 0};
    assert_true(archive_cards_since(archive, revision, see_card, &list, NULL));
    assert_string_equal(seen->str, expected);
}

static void test_catching_up(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    gint64 revision = 0;
    assert_cards_since(archive, &revision, "");
    assert_int_equal(revision, 0);
    begin(archive);
    gint64 first = put_text(archive, "one", ITALIAN "uno");
    gint64 second = put_text(archive, "two", ITALIAN "due");
    put_path(archive, "a.txt", first);
    put_path(archive, "b.txt", second);
    commit(archive);
    assert_cards_since(archive, &revision, "1:1:one:piani 2:1:two:piani");
    assert_cards_since(archive, &revision, "");
    g_autoptr(ArchiveDocument) document = found_row(archive, first);
    document->card->collection[0] = 'P';
    begin(archive);
    assert_true(archive_put_card(archive, document, NULL));
    commit(archive);
    assert_cards_since(archive, &revision, "1:1:one:Piani");
    begin(archive);
    assert_true(archive_remove_file(archive, "b.txt", NULL));
    commit(archive);
    assert_cards_since(archive, &revision, "2:2:two:piani");
    begin(archive);
    put_path(archive, "b.txt", first); /* is now what b.txt was followed by */
    commit(archive);
    assert_cards_since(archive, &revision, "2:2:two:piani");
    gint64 anew = 0;
    assert_cards_since(archive, &anew, "1:1:one:Piani 2:2:two:piani");
    assert_int_equal(anew, revision);
}

static void test_cards_have_all_shares(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    g_autoptr(ArchiveDocument) document = document_of("one");
    g_autoptr(GString) marked = g_string_new(ITALIAN "uno");
    g_autoptr(GString) seen = g_string_new(NULL);
    CardList list = {seen, 0};
    gint64 revision = 0;
    fill_in(document);
    begin(archive);
    assert_true(archive_put_document(archive, document, marked, NULL));
    commit(archive);
    assert_true(archive_cards_since(archive, &revision, see_card, &list, NULL));
    assert_true(list.other == 0.25);
}

static void test_revisions_grow_over_openings(void **state)
{
    Place *place = *state;
    gboolean is_new = TRUE;
    gint64 revision = 0;
    begin(place->archive);
    put_text(place->archive, "one", ITALIAN "uno");
    put_text(place->archive, "two", ITALIAN "due");
    commit(place->archive);
    assert_cards_since(place->archive, &revision, "1:1:one:piani 2:1:two:piani");
    archive_close(place->archive);
    place->archive = archive_open_writer(place->path, &is_new, NULL);
    assert_non_null(place->archive);
    assert_false(is_new);
    begin(place->archive);
    put_text(place->archive, "three", ITALIAN "tre");
    commit(place->archive);
    assert_cards_since(place->archive, &revision, "3:1:three:piani");
}

/* Status */

static void put_file_in(Archive *archive, const char *path, FileState file_state, gint64 changed)
{
    ArchiveFile file = {.path = (char *)path, .state = file_state, .changed_unix = changed};
    assert_true(archive_put_file(archive, &file, NULL));
}

static char *listed(Archive *archive, int file_state, guint limit, guint offset)
{
    g_autoptr(GPtrArray) files = archive_list_files(archive, file_state, limit, offset, NULL);
    assert_non_null(files);
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < files->len; i++)
        g_string_append_printf(names, "%s%s", i ? " " : "",
                               ((ArchiveFile *)g_ptr_array_index(files, i))->path);
    return g_string_free(names, FALSE);
}

static void test_counts_and_listing(void **state)
{
    static const struct {
        int file_state;
        guint limit, offset;
        const char *names;
    } ROWS[] = {
        {-1, 10, 0, "p i2 i1 f1 f2 fs"},
        {-1, 2, 0, "p i2"},
        {-1, 2, 4, "f2 fs"},
        {-1, 2, 6, ""},
        {-1, 0, 0, ""},
        {FILE_FAILED, 10, 0, "f1 f2 fs"},
        {FILE_INDEXED, 10, 0, "i2 i1"},
        {FILE_PENDING, 10, 0, "p"},
        {FILE_SIDECAR, 10, 0, "s"},
    };
    Archive *archive = ((Place *)*state)->archive;
    begin(archive);
    g_autoptr(GString) pages = numbered_pages(3, 1);
    g_autoptr(ArchiveDocument) document = document_of("three pages");
    document->page_count = 3;
    assert_true(archive_put_document(archive, document, pages, NULL));
    put_text(archive, "one page", ITALIAN "uno");
    put_file_in(archive, "i1", FILE_INDEXED, 50);
    put_file_in(archive, "i2", FILE_INDEXED, 60);
    put_file_in(archive, "f2", FILE_FAILED, 40);
    put_file_in(archive, "f1", FILE_FAILED, 40);
    put_file_in(archive, "fs", FILE_FAILED, 30);
    put_file_in(archive, "p", FILE_PENDING, 70);
    put_file_in(archive, "s", FILE_SIDECAR, 80);
    assert_true(archive_note_compared(archive, 1, NULL));
    assert_true(archive_note_compared(archive, 1400000001, NULL));
    commit(archive);
    ArchiveCounts counts;
    assert_true(archive_counts(archive, &counts, NULL));
    assert_int_equal(counts.seen, 6);
    assert_int_equal(counts.indexed, 2);
    assert_int_equal(counts.pending, 1);
    assert_int_equal(counts.failed, 3);
    assert_int_equal(counts.documents, 2);
    assert_int_equal(counts.pages, 4);
    assert_int_equal(counts.compared_unix, 1400000001);
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *names = listed(archive, ROWS[i].file_state, ROWS[i].limit, ROWS[i].offset);
        assert_string_equal(names, ROWS[i].names);
    }
}

static void test_counts_of_nothing(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    ArchiveCounts counts;
    assert_true(archive_counts(archive, &counts, NULL));
    assert_int_equal(counts.seen + counts.indexed + counts.pending + counts.failed, 0);
    assert_int_equal(counts.documents + counts.pages, 0);
    assert_int_equal(counts.compared_unix, 0);
}

/* Transactions */

static void test_rolling_back(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    begin(archive);
    gint64 row = put_text(archive, "one", ITALIAN "uno");
    put_path(archive, "a.txt", row);
    commit(archive);
    begin(archive);
    assert_true(archive_remove_file(archive, "a.txt", NULL));
    put_text(archive, "two", ITALIAN "due");
    archive_rollback(archive);
    archive_rollback(archive); /* nothing is open: nothing happens */
    check_postings(archive);
    assert_state(archive, row, DOCUMENT_INDEXED, 0);
    assert_matches(archive, "text:uno", "1");
    assert_matches(archive, "text:due", "");
    assert_paths(archive, row, "a.txt");
}

static void test_savepoints(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    begin(archive);
    put_text(archive, "one", ITALIAN "uno");
    assert_true(archive_save(archive, NULL));
    put_text(archive, "two", ITALIAN "due");
    put_text(archive, "one", ITALIAN "un altro");
    archive_restore(archive);
    assert_true(archive_save(archive, NULL));
    put_text(archive, "three", ITALIAN "tre");
    assert_true(archive_release(archive, NULL));
    commit(archive);
    assert_matches(archive, "text:uno", "1");
    assert_matches(archive, "text:altro", "");
    assert_matches(archive, "text:due", "");
    assert_matches(archive, "text:tre", "2");
}

/* A reader keeps texts unpacked, but only within one state of the archive. */
static void test_a_reader_sees_new_text(void **state)
{
    const Place *place = *state;
    begin(place->archive);
    gint64 row = put_text(place->archive, "one", ITALIAN "uno");
    commit(place->archive);
    g_autoptr(Archive) reader = archive_open_reader(place->path, NULL);
    for (int i = 0; i < 2; i++) {
        const char *expected = i == 0 ? ITALIAN "uno" : ITALIAN "altro";
        begin(reader);
        for (int again = 0; again < 2; again++) {
            g_autoptr(GString) page = archive_pages(reader, row, 0, 1, NULL);
            assert_string_equal(page->str, expected);
        }
        assert_true(archive_commit(reader, NULL));
        begin(place->archive);
        assert_int_equal(put_text(place->archive, "one", ITALIAN "altro"), row);
        commit(place->archive);
    }
}

/* What waits is put in when it has to be taken out again, and with it all that came before. */
static void test_changed_before_it_is_committed(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    begin(archive);
    gint64 row = put_text(archive, "one", ITALIAN "uno");
    put_text(archive, "two", ITALIAN "due");
    assert_int_equal(put_text(archive, "one", ITALIAN "altro"), row);
    commit(archive);
    check_postings(archive);
    assert_matches(archive, "text:uno", "");
    assert_matches(archive, "text:altro", "1");
    assert_matches(archive, "text:due", "2");
}

static gint64 segments(Archive *archive)
{
    return number(archive, "SELECT count(DISTINCT segid) FROM posting_idx");
}

/* Every commit makes a segment; merging leaves few of them, and the same answers. */
static void test_merging(void **state)
{
    enum { COMMITS = 20, STEPS = 100 };
    Archive *archive = ((Place *)*state)->archive;
    gboolean is_done = FALSE;
    guint steps = 0;
    for (guint i = 0; i < COMMITS; i++) {
        g_autofree char *content = g_strdup_printf("%u", i);
        g_autofree char *text = g_strdup_printf(ITALIAN "comune %u", 1000 + i);
        begin(archive);
        put_text(archive, content, text);
        commit(archive);
    }
    assert_int_equal(segments(archive), COMMITS);
    while (!is_done && steps++ < STEPS)
        assert_true(archive_merge(archive, &is_done, NULL));
    assert_true(is_done);
    assert_in_range(segments(archive), 1, 4);
    check_postings(archive);
    assert_matches(archive, "text:1000", "1");
    assert_matches(archive, "text:1019", "20");
    assert_true(archive_merge(archive, &is_done, NULL));
    assert_true(is_done);
}

static void test_when_to_commit(void **state)
{
    static const struct {
        gint64 busy_ms;
        guint wait_ms;
    } ROWS[] = {{0, 200}, {1999, 200}, {10000, 1000}, {50000, 5000}, {3600000, 5000}};
    Archive *archive = ((Place *)*state)->archive;
    g_autoptr(GString) large = numbered_pages(100, 400000);
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++)
        assert_int_equal(archive_commit_ms(ROWS[i].busy_ms), ROWS[i].wait_ms);
    begin(archive);
    put_text(archive, "small", ITALIAN "uno");
    assert_false(archive_is_due(archive));
    assert_true(archive_save(archive, NULL));
    put_text(archive, "large", large->str);
    assert_true(archive_is_due(archive));
    archive_restore(archive);
    assert_false(archive_is_due(archive)); /* what was taken back does not wait */
    put_text(archive, "large", large->str);
    assert_true(archive_is_due(archive));
    commit(archive);
    assert_false(archive_is_due(archive));
}

static void test_transactions_do_not_nest(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    g_autoptr(GError) error = NULL;
    begin(archive);
    assert_false(archive_begin(archive, &error));
    assert_non_null(error);
    g_clear_error(&error);
    commit(archive);
    assert_false(archive_commit(archive, &error));
    assert_non_null(error);
}

/* Opening */

static Archive *open_reader(const Place *place)
{
    g_autoptr(GError) error = NULL;
    Archive *reader = archive_open_reader(place->path, &error);
    if (!reader)
        fail_msg("%s", error->message);
    return reader;
}

static void test_readers_are_not_blocked(void **state)
{
    const Place *place = *state;
    begin(place->archive);
    gint64 row = put_text(place->archive, "one", ITALIAN "uno");
    put_path(place->archive, "a.txt", row);
    commit(place->archive);
    g_autoptr(Archive) reader = open_reader(place);
    gint64 started_us = g_get_monotonic_time();
    begin(place->archive);
    assert_true(archive_remove_file(place->archive, "a.txt", NULL));
    put_text(place->archive, "two", ITALIAN "due");
    assert_matches(reader, "text:uno", "1"); /* the state before */
    assert_matches(reader, "text:due", "");
    g_autoptr(Archive) late = open_reader(place); /* opening does not wait either */
    assert_matches(late, "text:uno", "1");
    begin(reader);
    assert_state(reader, row, DOCUMENT_INDEXED, 0);
    commit(place->archive);
    assert_state(reader, row, DOCUMENT_INDEXED, 0); /* one state until its end */
    assert_matches(reader, "text:uno", "1");
    assert_true(archive_commit(reader, NULL));
    assert_state(reader, row, DOCUMENT_GONE, 0);
    assert_matches(reader, "text:due", "2");
    assert_in_range(g_get_monotonic_time() - started_us, 0, 2 * G_USEC_PER_SEC);
}

static void test_readers_cannot_write(void **state)
{
    const Place *place = *state;
    g_autoptr(Archive) reader = open_reader(place);
    ArchiveFile file = {.path = (char *)"a.txt"};
    g_autoptr(GError) error = NULL;
    assert_false(archive_put_file(reader, &file, &error));
    assert_non_null(error);
}

static void test_one_writer(void **state)
{
    Place *place = *state;
    gboolean is_new = TRUE;
    g_autoptr(GError) error = NULL;
    assert_null(archive_open_writer(place->path, &is_new, &error));
    assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_LOCKED));
    assert_true(is_new); /* untouched */
    g_clear_error(&error);
    archive_close(place->archive);
    place->archive = archive_open_writer(place->path, &is_new, &error);
    assert_non_null(place->archive);
    assert_false(is_new);
}

static void test_absent(void **state)
{
    const Place *place = *state;
    g_autofree char *path = g_build_filename(place->folder, "none.db", NULL);
    g_autofree char *deep = g_build_filename(place->folder, "no", "such", "archive.db", NULL);
    g_autoptr(GError) error = NULL;
    gboolean is_new;
    assert_null(archive_open_reader(path, &error));
    assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_ABSENT));
    assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_clear_error(&error);
    assert_null(archive_open_writer(deep, &is_new, &error));
    assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_IO));
    archive_close(NULL);
    archive_document_free(NULL);
}

static void assert_refused(const char *path, ArchiveError writer, ArchiveError reader)
{
    gboolean is_new;
    g_autoptr(GError) error = NULL;
    g_autofree char *before = NULL, *after = NULL;
    gsize length_before = 0, length_after = 0;
    g_file_get_contents(path, &before, &length_before, NULL);
    assert_null(archive_open_writer(path, &is_new, &error));
    assert_int_equal(error->domain, ARCHIVE_ERROR);
    assert_int_equal(error->code, writer);
    g_clear_error(&error);
    assert_null(archive_open_reader(path, &error));
    assert_int_equal(error->domain, ARCHIVE_ERROR);
    assert_int_equal(error->code, reader);
    g_file_get_contents(path, &after, &length_after, NULL);
    assert_int_equal(length_before, length_after);
    assert_memory_equal(before, after, length_before);
}

static void make_database(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void test_files_that_are_not_ours(void **state)
{
    static const struct {
        const char *sql; /* NULL: not a database */
        ArchiveError error;
    } ROWS[] = {
        {NULL, ARCHIVE_ERROR_FOREIGN},
        {"CREATE TABLE x(a)", ARCHIVE_ERROR_FOREIGN},
        {"PRAGMA application_id = 77", ARCHIVE_ERROR_FOREIGN},
        {"PRAGMA application_id = 77; PRAGMA user_version = 1; CREATE TABLE document(a)",
         ARCHIVE_ERROR_FOREIGN},
        {"PRAGMA application_id = 1399023717; PRAGMA user_version = 4", ARCHIVE_ERROR_NEWER},
        {"PRAGMA application_id = 1399023717; PRAGMA user_version = 999; CREATE TABLE x(a)",
         ARCHIVE_ERROR_NEWER},
    };
    const Place *place = *state;
    assert_int_equal(ARCHIVE_APPLICATION_ID, 1399023717);
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *name = g_strdup_printf("%zu.db", i);
        g_autofree char *path = g_build_filename(place->folder, name, NULL);
        if (ROWS[i].sql)
            make_database(path, ROWS[i].sql);
        else
            fixture_write(place->folder, name, "Piano di cooperazione, 2014");
        assert_refused(path, ROWS[i].error, ROWS[i].error);
    }
}

static void test_an_empty_file_becomes_an_archive(void **state)
{
    const Place *place = *state;
    g_autofree char *path = g_build_filename(place->folder, "empty.db", NULL);
    g_autoptr(GError) error = NULL;
    gboolean is_new = FALSE;
    fixture_write(place->folder, "empty.db", "");
    assert_null(archive_open_reader(path, &error));
    assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_OLDER));
    g_autoptr(Archive) archive = archive_open_writer(path, &is_new, NULL);
    assert_non_null(archive);
    assert_true(is_new);
}

static void test_an_older_schema_is_made_anew(void **state)
{
    Place *place = *state;
    gboolean is_new = FALSE;
    g_autoptr(GError) error = NULL;
    begin(place->archive);
    put_path(place->archive, "a.txt", put_text(place->archive, "one", ITALIAN "uno"));
    commit(place->archive);
    execute(place->archive, "PRAGMA user_version = 0; DROP TABLE note");
    archive_close(g_steal_pointer(&place->archive));
    assert_null(archive_open_reader(place->path, &error));
    assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_OLDER));
    place->archive = archive_open_writer(place->path, &is_new, NULL);
    assert_non_null(place->archive);
    assert_true(is_new);
    g_autoptr(GHashTable) files = archive_files(place->archive, NULL);
    assert_int_equal(g_hash_table_size(files), 0);
    assert_matches(place->archive, "text:uno", "");
    begin(place->archive);
    assert_int_equal(put_text(place->archive, "two", ITALIAN "due"), 1);
    assert_true(archive_note_compared(place->archive, 5, NULL));
    commit(place->archive);
    g_autoptr(Archive) reader = open_reader(place);
    assert_matches(reader, "text:due", "1");
}

static void test_a_damaged_database(void **state)
{
    Place *place = *state;
    begin(place->archive);
    g_autoptr(GString) pages = numbered_pages(50, 5000);
    gint64 row = put_text(place->archive, "one", pages->str);
    commit(place->archive);
    execute(place->archive, "PRAGMA wal_checkpoint(TRUNCATE)");
    gint64 root =
        number(place->archive, "SELECT rootpage FROM sqlite_schema WHERE name = 'document'");
    gint64 size = number(place->archive, "PRAGMA page_size");
    archive_close(g_steal_pointer(&place->archive));
    int fd = open(place->path, O_WRONLY | O_CLOEXEC);
    g_autofree char *garbage = g_strnfill((gsize)size, 'x');
    assert_int_equal(pwrite(fd, garbage, (size_t)size, (root - 1) * size), size);
    close(fd);
    g_autoptr(Archive) reader = open_reader(place);
    g_autoptr(GError) error = NULL;
    assert_null(archive_find_row(reader, row, &error));
    assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED));
}

/* What a stranger may have put into the place of what we made: views that never end, and one more
 * condition. Every way of opening refuses it at once. */
static void test_a_crafted_schema(void **state)
{
#define ENDLESS "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT "
    static const char *const CRAFTS[] = {
        "DROP TABLE document; CREATE VIEW document(row, id, sha256, state, revision) AS " ENDLESS
        "i, i, i, 0, 0 FROM n",
        "DROP TABLE note; CREATE VIEW note(name, value) AS " ENDLESS "'x', i FROM n",
        "DROP TABLE file; CREATE VIEW file(path, document) AS " ENDLESS "'x', 0 FROM n",
        "DROP VIEW indexed; CREATE VIEW indexed(row, title, text, catalogue) AS " ENDLESS
        "i, '', '', '' FROM n",
        "DROP TABLE posting_idx; CREATE VIEW posting_idx(segid, term, pgno) AS " ENDLESS
        "0, 'x', 0 FROM n WHERE i < 0",
        "DROP INDEX file_counts; CREATE INDEX file_counts ON file(abs(outcome))",
    };
#undef ENDLESS
    Place *place = *state;
    g_clear_pointer(&place->archive, archive_close);
    for (gsize i = 0; i < G_N_ELEMENTS(CRAFTS); i++) {
        g_autofree char *name = g_strdup_printf("crafted-%zu.db", i);
        g_autofree char *path = g_build_filename(place->folder, name, NULL);
        gboolean is_new = FALSE;
        sqlite3 *db = NULL;
        archive_close(archive_open_writer(path, &is_new, NULL));
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, CRAFTS[i], NULL, NULL, NULL), SQLITE_OK);
        sqlite3_close(db);
        assert_refused(path, ARCHIVE_ERROR_DAMAGED, ARCHIVE_ERROR_DAMAGED);
    }
}

/* Reading ends when its time is up, and not before. */
static void test_endless_reading(void **state)
{
    g_autoptr(Archive) reader = open_reader(*state);
    sqlite3 *db = archive_connection(reader);
    static const struct {
        gint64 budget_us;
        const char *many;
        int status;
    } ROWS[] = {
        {0, "100000", SQLITE_OK},
        {50 * G_TIME_SPAN_MILLISECOND, "1e18", SQLITE_INTERRUPT},
        {60 * G_USEC_PER_SEC, "100000", SQLITE_OK},
        {0, "100000", SQLITE_OK},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *sql = g_strdup_printf(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
            " SELECT count(*) FROM n",
            ROWS[i].many);
        archive_set_time(reader, ROWS[i].budget_us);
        assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), ROWS[i].status);
    }
}

/* A trigger is not run, and what is there beside our own does not matter. */
static void test_what_stands_beside(void **state)
{
    Place *place = *state;
    g_clear_pointer(&place->archive, archive_close);
    gboolean is_new = FALSE;
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "CREATE TABLE own(x); CREATE VIEW mine AS SELECT * FROM own;"
                                  "CREATE TRIGGER harm AFTER INSERT ON document BEGIN"
                                  " DELETE FROM document; END; ANALYZE",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    place->archive = archive_open_writer(place->path, &is_new, NULL);
    assert_non_null(place->archive);
    assert_false(is_new);
    begin(place->archive);
    put_text(place->archive, "one", "fontana");
    commit(place->archive);
    assert_int_equal(number(place->archive, "SELECT count(*) FROM document"), 1);
}

/* A file that is not ours has no lock left beside it; one that was ours until its head was lost is
 * told apart by it. */
static void test_the_lock_of_a_refused_file(void **state)
{
    const Place *place = *state;
    g_autofree char *path = g_build_filename(place->folder, "diary.db", NULL);
    g_autofree char *lock = g_strconcat(path, "-lock", NULL);
    fixture_write(place->folder, "diary.db", "Piano di cooperazione, 2014");
    assert_refused(path, ARCHIVE_ERROR_FOREIGN, ARCHIVE_ERROR_FOREIGN);
    assert_false(g_file_test(lock, G_FILE_TEST_EXISTS));
    fixture_write(place->folder, "diary.db-lock", "\n");
    assert_refused(path, ARCHIVE_ERROR_DAMAGED, ARCHIVE_ERROR_DAMAGED);
    assert_true(g_file_test(lock, G_FILE_TEST_EXISTS));
}

static void test_setting_aside(void **state)
{
    const Place *place = *state;
    g_autofree char *path = g_build_filename(place->folder, "bad.db", NULL);
    g_autofree char *kept = g_strconcat(path, "-damaged", NULL);
    g_autofree char *log = g_strconcat(kept, "-wal", NULL);
    for (int i = 0; i < 2; i++) {
        g_autofree char *content = g_strdup_printf("damaged %d", i);
        g_autofree char *now = NULL;
        fixture_write(place->folder, "bad.db", content);
        fixture_write(place->folder, "bad.db-wal", "its log");
        g_autofree char *aside = archive_set_aside(path, NULL);
        assert_string_equal(aside, kept);
        assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
        assert_true(g_file_get_contents(kept, &now, NULL, NULL));
        assert_string_equal(now, content);
        assert_true(g_file_test(log, G_FILE_TEST_EXISTS));
    }
    g_autoptr(GError) error = NULL; /* not while somebody writes */
    assert_null(archive_set_aside(place->path, &error));
    assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_LOCKED));
}

static void test_verifying(void **state)
{
    Place *place = *state;
    g_autoptr(GError) error = NULL;
    assert_true(archive_verify(place->archive, &error));
    execute(place->archive, "DROP TABLE note");
    archive_close(g_steal_pointer(&place->archive));
    gboolean is_new;
    assert_null(archive_open_writer(place->path, &is_new, &error));
    assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED));
}

/* Damage within the index's blocks is none to the pages that they lie in. */
static void test_verifying_the_index(void **state)
{
    const Place *place = *state;
    g_autoptr(GError) error = NULL;
    sqlite3 *db = NULL;
    begin(place->archive);
    put_text(place->archive, "one", "fontana");
    commit(place->archive);
    assert_true(archive_verify_index(place->archive, &error));
    assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "UPDATE posting_data SET block = zeroblob(length(block))"
                                  " WHERE id > 10",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    assert_true(archive_verify(place->archive, &error));
    assert_false(archive_verify_index(place->archive, &error));
    assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED));
}

/* What the lock file says with each sign of life. */
static void test_a_full_disk_is_told(void **state)
{
    const Place *place = *state;
    static const gboolean STATES[] = {FALSE, TRUE, TRUE, FALSE};
    g_autoptr(Archive) reader = open_reader(place);
    for (gsize i = 0; i < G_N_ELEMENTS(STATES); i++) {
        g_auto(ArchiveWork) work = {0};
        archive_note_full(place->archive, STATES[i]);
        archive_beat(place->archive);
        assert_true(archive_work(reader, &work, NULL));
        assert_int_equal(work.is_full, STATES[i]);
    }
}

#define WITH_ARCHIVE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* A reader that comes while the archive is being made is told so, or finds it made: never that it
 * is damaged or somebody else's. */
typedef struct {
    const char *path;
    gint is_over;
    ArchiveError odd; /* what must not be said, if it was */
    gboolean was_odd;
} Visitor;

static gpointer visit(gpointer data)
{
    Visitor *visitor = data;
    while (!g_atomic_int_get(&visitor->is_over)) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Archive) archive = archive_open_reader(visitor->path, &error);
        if (archive || error->code == ARCHIVE_ERROR_ABSENT || error->code == ARCHIVE_ERROR_OLDER)
            continue;
        visitor->odd = (ArchiveError)error->code;
        visitor->was_odd = TRUE;
        return NULL;
    }
    return NULL;
}

static void test_visited_while_made(void **state)
{
    const Place *place = *state;
    for (int i = 0; i < 40; i++) {
        gboolean is_new = FALSE;
        g_autofree char *path = g_strdup_printf("%s/made%d.db", place->folder, i);
        Visitor visitor = {.path = path};
        GThread *thread = g_thread_new("visitor", visit, &visitor);
        archive_close(archive_open_writer(path, &is_new, NULL));
        g_atomic_int_set(&visitor.is_over, TRUE);
        g_thread_join(thread);
        assert_true(is_new);
        if (visitor.was_odd)
            fail_msg("%d: error %d", i, (int)visitor.odd);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARCHIVE(test_a_document_comes_out_as_it_went_in),
        WITH_ARCHIVE(test_what_is_not_there),
        WITH_ARCHIVE(test_fields_can_be_matched),
        WITH_ARCHIVE(test_replacing),
        WITH_ARCHIVE(test_failed_documents),
        WITH_ARCHIVE(test_cards),
        WITH_ARCHIVE(test_ids_that_clash),
        WITH_ARCHIVE(test_pages_come_back),
        WITH_ARCHIVE(test_empty_pages_come_back),
        WITH_ARCHIVE(test_pages_are_a_documents_own),
        WITH_ARCHIVE(test_damaged_text),
        WITH_ARCHIVE(test_too_large),
        WITH_ARCHIVE(test_files_come_out_as_they_went_in),
        cmocka_unit_test_setup_teardown(test_visited_while_made, set_up, tear_down),
        cmocka_unit_test(test_stamps_differ_in_each_part),
        WITH_ARCHIVE(test_several_paths),
        WITH_ARCHIVE(test_renaming),
        WITH_ARCHIVE(test_successors),
        WITH_ARCHIVE(test_a_successor_that_comes_later),
        WITH_ARCHIVE(test_a_copy_changes),
        WITH_ARCHIVE(test_catching_up),
        WITH_ARCHIVE(test_cards_have_all_shares),
        WITH_ARCHIVE(test_revisions_grow_over_openings),
        WITH_ARCHIVE(test_counts_and_listing),
        WITH_ARCHIVE(test_counts_of_nothing),
        WITH_ARCHIVE(test_rolling_back),
        WITH_ARCHIVE(test_savepoints),
        WITH_ARCHIVE(test_a_reader_sees_new_text),
        WITH_ARCHIVE(test_changed_before_it_is_committed),
        WITH_ARCHIVE(test_merging),
        WITH_ARCHIVE(test_when_to_commit),
        WITH_ARCHIVE(test_transactions_do_not_nest),
        WITH_ARCHIVE(test_readers_are_not_blocked),
        WITH_ARCHIVE(test_readers_cannot_write),
        WITH_ARCHIVE(test_one_writer),
        WITH_ARCHIVE(test_absent),
        WITH_ARCHIVE(test_files_that_are_not_ours),
        WITH_ARCHIVE(test_an_empty_file_becomes_an_archive),
        WITH_ARCHIVE(test_an_older_schema_is_made_anew),
        WITH_ARCHIVE(test_a_damaged_database),
        WITH_ARCHIVE(test_a_crafted_schema),
        WITH_ARCHIVE(test_what_stands_beside),
        WITH_ARCHIVE(test_endless_reading),
        WITH_ARCHIVE(test_the_lock_of_a_refused_file),
        WITH_ARCHIVE(test_setting_aside),
        WITH_ARCHIVE(test_verifying),
        WITH_ARCHIVE(test_verifying_the_index),
        WITH_ARCHIVE(test_a_full_disk_is_told),
    };
    return cmocka_run_group_tests_name("archive", tests, NULL, NULL);
}
