/* Tests of indexer/indexing: a real folder, the real reader program, a real archive.
 *
 * A file is left alone until it has been still for a second. So that not every test waits, the
 * files a test begins with are laid out for all tests together, a second before the first of them
 * begins; moving a folder does not make the files in it younger. */
#include "../../indexer/indexing.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "fixture.h"

enum {
    DEADLINE_MS = 20000,
    STILL_MS = 1000, /* as indexing_plan.c has it */
    COPIES = 100,
    NOBODY = 65534,
};

static const off_t HUGE_BYTES = (off_t)3 << 40;

/* Corpora, as they are before a test begins: folder/path and content. "->x" makes a link to x, "|"
 * a pipe, "0" a file of TiB without anything in it, a number of plus signs so many MiB of text. */
static const struct {
    const char *path;
    const char *content;
} STAGED[] = {
    {"first/statuti/a.txt", "Lo statuto del comune di Valdoria, alfa."},
    {"first/piani/b.txt", "The plan of the municipality, bravo."},
    {"first/piani/copia.txt", "Lo statuto del comune di Valdoria, alfa."},
    {"first/piani/b.txt.ini", "[document]\ntitle = Piano Bravo\nyear = 1999\n"},
    {"first/piani/citt\xE0.txt", "Un nome che non \xC3\xA8 UTF-8, charlie."},
    {"first/mistaken.txt", "Il programma, delta."},
    {"first/mistaken.txt.ini", "[document]\ntitel = Delta\n"},
    {"first/missing.txt.ini", "[document]\ntitle = Nessuno\n"},
    {"first/empty.txt", ""},
    {"first/picture.txt", "\x89PNG\r\n\x1a\n\x01\x02\x03\x04\x05\x06\x07"},
    {"first/link.txt", "->statuti/a.txt"},
    {"first/pipe.txt", "|"},
    {"first/.hidden.txt", "Nascosto, echo."},
    {"first/.git/c.txt", "Nascosto, foxtrot."},
    {"first/b.txt.part", "Non finito, golf."},

    {"changes/old name.txt", "Il documento che cambia nome, alfa."},
    {"changes/text.txt", "La prima versione, bravo."},
    {"changes/removed.txt", "Il documento tolto, charlie."},
    {"changes/two/1.txt", "Un contenuto con due nomi, delta."},
    {"changes/two/2.txt", "Un contenuto con due nomi, delta."},
    {"changes/folder/a.txt", "Nella cartella tolta, echo."},
    {"changes/folder/below/b.txt", "Pi\xC3\xB9 in fondo, foxtrot."},
    {"changes/moved/c.txt", "Nella cartella spostata, golf."},
    {"changes/copied.txt", "Il documento copiato, hotel."},
    {"changes/same length.txt", "Uno, india."},

    {"incoming/new/d.txt", "Nella cartella arrivata, juliett."},
    {"incoming/new/below/e.txt", "E in quella sotto, kilo."},

    {"sidecars/added.txt", "Il testo, alfa."},
    {"sidecars/changed.txt", "Il testo, bravo."},
    {"sidecars/changed.txt.ini", "[document]\ntitle = Prima\n"},
    {"sidecars/broken.txt", "Il testo, charlie."},
    {"sidecars/broken.txt.ini", "[document]\ntitle = Giusto\n"},
    {"sidecars/mended.txt", "Il testo, delta."},
    {"sidecars/mended.txt.ini", "[document]\nyear = tanto tempo fa\n"},
    {"sidecars/removed.txt", "Il testo, echo."},
    {"sidecars/removed.txt.ini", "[document]\ntitle = Tolto\n"},
    {"sidecars/both.txt", "Il testo, foxtrot."},
    {"sidecars/both.txt.ini", "[document]\ntitle = Tutti e due\n"},
    {"sidecars/scan.txt", ""},
    {"sidecars/scan.txt.ini", "[document]\ntitle = Senza testo\n"},
    {"sidecars/note.ini", "Un testo di nome strano, golf."},
    {"sidecars/vuoto.ini", ""},
    {"sidecars/altra", "Il testo, hotel."},
    {"sidecars/altra.ini", "Nessun gruppo, india."},

    {"paths/b/x.txt", "Il documento, alfa."},
    {"paths/b/x.txt.ini", "[document]\ntitle = Di b\n"},

    {"sparse/huge.pdf", "0"},
    {"sparse/small.txt", "Il documento piccolo, alfa."},
    {"sparse/swollen.txt", "Il documento che cresce, bravo."},

    {"copies/a.txt", "+"},

    {"large/large.txt", "+++"},
    {"large/small.txt", "Il documento piccolo, alfa."},

    {"refused/large.txt", "+++"},
    {"refused/small.txt", "Il documento piccolo, alfa."},

    {"ended/01.txt", "Il documento uno."},
    {"ended/02.txt", "Il documento due."},
    {"ended/03.txt", "Il documento tre."},
    {"ended/04.txt", "Il documento quattro."},
    {"ended/05.txt", "Il documento cinque."},
    {"ended/06.txt", "Il documento sei."},
    {"ended/07.txt", "Il documento sette."},
    {"ended/08.txt", "Il documento otto."},

    {"moving/written.txt", "Mentre si legge, alfa."},
    {"moving/removed.txt", "Mentre si legge, bravo."},
    {"moving/z changed.txt", "Prima che si legga, foxtrot."},
    {"moving/z quiet.txt", "Il documento, charlie."},

    {"closed/open.txt", "Aperto, alfa."},
    {"closed/folder/a.txt", "Chiuso, bravo."},

    {"lost/a.txt", "Il documento, alfa."},
    {"lost/b.txt", "Il documento, bravo."},

    {"noted/a.txt", "Il documento, alfa."},
    {"noted/b.txt", "Il documento, bravo."},
    {"noted/c.txt", ""},

    {"cut/a.txt", "Il documento, alfa."},
    {"cut/b.txt", "Il documento, bravo."},
    {"cut/c.txt", ""},

    {"faults/a.txt", "Il documento, alfa."},
    {"faults/b.txt", "Il documento, bravo."},
    {"faults/large.txt", "+"},
};

typedef struct {
    char *folder; /* STAGED, below it */
    Thesaurus *thesaurus;
    char *reader;
} Stage;

typedef struct {
    const Stage *stage;
    char *folder;
    char *corpus_path;
    Corpus *corpus;
    Archive *archive;
    ReadingPool *pool;
    Indexing *indexing;
    GString *reported; /* a line a file: STATE path */
    GString *left;     /* a line a call: IndexingLeft path */
    gboolean is_idle;
    gboolean is_ended;         /* idle, or broken */
    IndexingProgress progress; /* at the end */
    guint idle_calls;
    GError *fault;
    guint end_after; /* files; 0: never */
} House;

/* Laying out */

static void lay_out(const char *folder, const char *path, const char *content)
{
    g_autofree char *full = g_build_filename(folder, path, NULL);
    g_autofree char *parent = g_path_get_dirname(full);
    assert_int_equal(g_mkdir_with_parents(parent, 0755), 0);
    if (g_str_has_prefix(content, "->")) {
        assert_int_equal(symlink(content + 2, full), 0);
    } else if (strcmp(content, "|") == 0) {
        assert_int_equal(mkfifo(full, 0600), 0);
    } else if (strcmp(content, "0") == 0) {
        fixture_write(folder, path, "");
        assert_int_equal(truncate(full, HUGE_BYTES), 0);
    } else if (content[0] == '+') {
        g_autoptr(GString) text = g_string_new(NULL);
        while (text->len < strlen(content) * 1024 * 1024)
            g_string_append(text, "parole parole parole parole\n");
        fixture_write(folder, path, text->str);
    } else {
        fixture_write(folder, path, content);
    }
}

static char *find_reader(void)
{
    const char *build = g_getenv("BUILD");
    if (build)
        return g_build_filename(build, "schedario-reader", NULL);
    g_autofree char *me = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(me);
    return g_build_filename(folder, "..", "schedario-reader", NULL);
}

static int set_up_stage(void **state)
{
    Stage *stage = g_new0(Stage, 1);
    stage->folder = fixture_folder_new();
    stage->reader = find_reader();
    stage->thesaurus = thesaurus_new_builtin(NULL);
    chmod(stage->folder, 0755);
    for (gsize i = 0; i < G_N_ELEMENTS(STAGED); i++)
        lay_out(stage->folder, STAGED[i].path, STAGED[i].content);
    g_usleep((STILL_MS + 20) * 1000);
    *state = stage;
    return stage->thesaurus ? 0 : -1;
}

static int tear_down_stage(void **state)
{
    Stage *stage = *state;
    fixture_folder_remove(stage->folder);
    thesaurus_free(stage->thesaurus);
    g_free(stage->reader);
    g_free(stage);
    return 0;
}

/* A house */

static void file_done(const ArchiveFile *file, const IndexingProgress *progress, gpointer data)
{
    static const char STATES[] = {'p', 'i', 'f', 's'};
    House *house = data;
    g_string_append_printf(house->reported, "%c %s\n", STATES[file->state], file->path);
    assert_true(progress->done <= progress->total);
    if (house->end_after > 0 && --house->end_after == 0)
        house->is_ended = TRUE;
}

static void idle(const IndexingProgress *progress, gpointer data)
{
    House *house = data;
    house->progress = *progress;
    house->is_idle = house->is_ended = TRUE;
    house->idle_calls++;
}

static void left(const char *path, IndexingLeft why, gpointer data)
{
    House *house = data;
    g_string_append_printf(house->left, "%d %s\n", (int)why, path);
}

static void fault(const GError *error, gpointer data)
{
    House *house = data;
    assert_null(house->fault); /* told once */
    house->fault = g_error_copy(error);
    house->is_ended = TRUE;
}

static void open_house(House *house, guint jobs, const ReadingLimits *limits)
{
    const IndexingListener listener = {file_done, idle, left, fault, house};
    g_autofree char *archive = g_build_filename(house->folder, "archive.db", NULL);
    g_autoptr(GError) error = NULL;
    gboolean is_new;
    house->corpus = corpus_open(house->corpus_path, &error);
    house->archive = house->corpus ? archive_open_writer(archive, &is_new, &error) : NULL;
    house->pool =
        house->archive ? reading_pool_new(house->stage->reader, jobs, limits, &error) : NULL;
    if (!house->pool)
        fail_msg("%s", error->message);
    house->indexing = indexing_new(house->corpus, house->archive, house->pool,
                                   house->stage->thesaurus, &listener);
}

static void close_house(House *house)
{
    g_clear_pointer(&house->indexing, indexing_free);
    g_clear_pointer(&house->pool, reading_pool_free);
    g_clear_pointer(&house->archive, archive_close);
    g_clear_pointer(&house->corpus, corpus_free);
}

/* A house whose corpus is the staged folder of that name, moved. */
static House *house_new_with(const Stage *stage, const char *name, guint jobs,
                             const ReadingLimits *limits)
{
    House *house = g_new0(House, 1);
    g_autofree char *staged = g_build_filename(stage->folder, name, NULL);
    house->stage = stage;
    house->folder = g_build_filename(stage->folder, "house-XXXXXX", NULL);
    assert_non_null(g_mkdtemp(house->folder));
    house->corpus_path = g_build_filename(house->folder, "corpus", NULL);
    house->reported = g_string_new(NULL);
    house->left = g_string_new(NULL);
    assert_int_equal(chmod(house->folder, 0755), 0);
    assert_int_equal(rename(staged, house->corpus_path), 0);
    open_house(house, jobs, limits);
    return house;
}

static House *house_new(void **state, const char *name)
{
    const ReadingLimits limits = {0};
    return house_new_with(*state, name, 2, &limits);
}

static void house_free(House *house)
{
    close_house(house);
    fixture_folder_remove(house->folder);
    g_free(house->corpus_path);
    g_string_free(house->reported, TRUE);
    g_string_free(house->left, TRUE);
    g_clear_error(&house->fault);
    g_free(house);
}

static void start(House *house, gboolean retry)
{
    house->is_idle = house->is_ended = FALSE;
    g_string_truncate(house->reported, 0);
    indexing_compare(house->indexing, retry);
}

static void check_postings(House *house)
{
    assert_int_equal(sqlite3_exec(archive_connection(house->archive),
                                  "INSERT INTO posting(posting) VALUES('integrity-check')", NULL,
                                  NULL, NULL),
                     SQLITE_OK);
}

static void finish(House *house)
{
    assert_true(fixture_run_until(&house->is_ended, DEADLINE_MS));
    if (house->fault)
        fail_msg("%s", house->fault->message);
    assert_true(house->is_idle);
    check_postings(house);
}

static void run(House *house)
{
    start(house, FALSE);
    finish(house);
}

/* What a test does to the corpus */

static void write_file(const House *house, const char *path, const char *content)
{
    fixture_write(house->corpus_path, path, content);
}

static void remove_path(const House *house, const char *path)
{
    g_autofree char *full = g_build_filename(house->corpus_path, path, NULL);
    fixture_remove(full);
}

static void move_path(const House *house, const char *from, const char *to)
{
    g_autofree char *full_from = g_build_filename(house->corpus_path, from, NULL);
    g_autofree char *full_to = g_build_filename(house->corpus_path, to, NULL);
    assert_int_equal(rename(full_from, full_to), 0);
}

static void set_time(const House *house, const char *path, time_t seconds)
{
    const struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
    g_autofree char *full = g_build_filename(house->corpus_path, path, NULL);
    assert_int_equal(utimensat(AT_FDCWD, full, times, 0), 0);
}

/* What a test looks at */

/* "STATE reason" of a file's row, or "none". */
static char *file_state(const House *house, const char *path)
{
    static const char *const STATES[] = {"pending", "indexed", "failed", "sidecar"};
    g_autoptr(GHashTable) files = archive_files(house->archive, NULL);
    const ArchiveFile *file = g_hash_table_lookup(files, path);
    if (!file)
        return g_strdup("none");
    return g_strconcat(STATES[file->state], file->reason ? " " : NULL, file->reason, NULL);
}

static void assert_file(const House *house, const char *path, const char *expected)
{
    g_autofree char *found = file_state(house, path);
    if (strcmp(found, expected) != 0)
        fail_msg("%s is \"%s\", not \"%s\"", path, found, expected);
}

/* The paths of the documents whose text has a word, parted by commas. */
static char *paths_with(const House *house, const char *word)
{
    sqlite3_stmt *statement = NULL;
    GString *paths = g_string_new(NULL);
    assert_int_equal(sqlite3_prepare_v2(archive_connection(house->archive),
                                        "SELECT path FROM posting JOIN file ON document ="
                                        " posting.rowid WHERE posting MATCH 'text:' || ?1"
                                        " ORDER BY path",
                                        -1, &statement, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(statement, 1, word, -1, SQLITE_STATIC);
    while (sqlite3_step(statement) == SQLITE_ROW)
        g_string_append_printf(paths, "%s%s", paths->len ? "," : "",
                               (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return g_string_free(paths, FALSE);
}

static void assert_found(const House *house, const char *word, const char *paths)
{
    g_autofree char *found = paths_with(house, word);
    if (strcmp(found, paths) != 0)
        fail_msg("%s is found in \"%s\", not \"%s\"", word, found, paths);
}

static ArchiveDocument *document_at(const House *house, const char *path)
{
    gint64 row = 0;
    assert_true(archive_file_document(house->archive, path, &row, NULL));
    return row ? archive_find_row(house->archive, row, NULL) : NULL;
}

static void assert_title(const House *house, const char *path, const char *title)
{
    g_autoptr(ArchiveDocument) document = document_at(house, path);
    assert_non_null(document);
    if (strcmp(document->card->title, title) != 0)
        fail_msg("%s has the title \"%s\", not \"%s\"", path, document->card->title, title);
}

static char *id_at(const House *house, const char *path)
{
    g_autoptr(ArchiveDocument) document = document_at(house, path);
    assert_non_null(document);
    return g_strdup(document->id);
}

static void assert_document(const House *house, const char *id, DocumentState state,
                            const char *successor)
{
    g_autoptr(ArchiveDocument) document = archive_find_document(house->archive, id, NULL);
    assert_non_null(document);
    assert_int_equal(document->state, state);
    if (successor)
        assert_string_equal(document->successor, successor);
    else
        assert_null(document->successor);
}

static gint64 number(const House *house, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(
        sqlite3_prepare_v2(archive_connection(house->archive), sql, -1, &statement, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    gint64 value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

/* Nothing is to do: nothing is done, and nothing of the archive but the note changes. */
static void assert_at_rest(House *house)
{
    static const char FILES[] = "SELECT total(changed_unix) + count(*) FROM file";
    gint64 revision = number(house, "SELECT max(revision) FROM document");
    gint64 files = number(house, FILES);
    run(house);
    assert_string_equal(house->reported->str, "");
    assert_int_equal(house->progress.total, 0);
    assert_int_equal(house->progress.removed, 0);
    assert_int_equal(number(house, "SELECT max(revision) FROM document"), revision);
    assert_int_equal(number(house, FILES), files);
}

/* The tests */

static void test_first_run(void **state)
{
    static const struct {
        const char *path;
        const char *file_state;
    } FILES[] = {
        {"statuti/a.txt", "indexed"},
        {"piani/b.txt", "indexed"},
        {"piani/copia.txt", "indexed"},
        {"piani/b.txt.ini", "sidecar"},
        {"piani/citt\xE0.txt", "indexed"},
        {"mistaken.txt", "indexed"},
        {"mistaken.txt.ini", "failed sidecar"},
        {"missing.txt.ini", "failed orphan"},
        {"empty.txt", "failed empty"},
        {"picture.txt", "failed unreadable"},
        {"link.txt", "failed link"},
        {"pipe.txt", "failed unreadable"},
        {".hidden.txt", "none"},
        {".git/c.txt", "none"},
        {"b.txt.part", "none"},
    };
    House *house = house_new(state, "first");
    run(house);
    for (gsize i = 0; i < G_N_ELEMENTS(FILES); i++)
        assert_file(house, FILES[i].path, FILES[i].file_state);
    assert_found(house, "alfa", "piani/copia.txt,statuti/a.txt");
    assert_found(house, "bravo", "piani/b.txt");
    assert_found(house, "charlie", "piani/citt\xE0.txt");
    assert_found(house, "echo", "");
    assert_title(house, "piani/b.txt", "Piano Bravo");
    assert_int_equal(house->progress.total, 12);
    assert_int_equal(house->progress.done, 12);
    assert_int_equal(house->progress.failed, 6);
    assert_int_equal(house->progress.pages, 4);
    ArchiveCounts counts;
    assert_true(archive_counts(house->archive, &counts, NULL));
    assert_int_equal(counts.documents, 4);
    assert_int_equal(counts.pending, 0);
    assert_true(counts.compared_unix > 0);
    assert_at_rest(house);
    close_house(house); /* another process knows it too */
    open_house(house, 1, &(ReadingLimits){0});
    assert_at_rest(house);
    house_free(house);
}

static void test_trying_again(void **state)
{
    House *house = house_new(state, "large");
    close_house(house);
    open_house(house, 1, &(ReadingLimits){.text_mib = 1});
    run(house);
    assert_file(house, "large.txt", "failed too-large");
    assert_file(house, "small.txt", "indexed");
    assert_found(house, "parole", "");
    assert_at_rest(house);
    start(house, TRUE); /* fails again */
    finish(house);
    assert_string_equal(house->reported->str, "f large.txt\n");
    close_house(house);
    open_house(house, 1, &(ReadingLimits){0});
    assert_at_rest(house); /* not without being asked to */
    start(house, TRUE);
    finish(house);
    assert_string_equal(house->reported->str, "i large.txt\n");
    assert_found(house, "parole", "large.txt");
    start(house, TRUE); /* nothing is left that failed */
    finish(house);
    assert_string_equal(house->reported->str, "");
    house_free(house);
}

/* A file whose size costs nothing is refused by its size: hashing it would take hours, in which the
 * main loop stands still. */
static void test_huge_sparse_file(void **state)
{
    House *house = house_new(state, "sparse");
    g_autofree char *swollen = g_build_filename(house->corpus_path, "swollen.txt", NULL);
    run(house);
    assert_file(house, "huge.pdf", "failed oversized");
    assert_file(house, "small.txt", "indexed");
    assert_file(house, "swollen.txt", "indexed");
    assert_at_rest(house);
    assert_int_equal(truncate(swollen, HUGE_BYTES), 0);
    run(house);
    assert_file(house, "swollen.txt", "failed oversized");
    assert_found(house, "bravo", "");
    write_file(house, "huge.pdf", "Non pi\xC3\xB9 enorme, charlie.");
    run(house);
    assert_file(house, "huge.pdf", "indexed");
    house_free(house);
}

static guint lines_of(const GString *text)
{
    g_auto(GStrv) lines = g_strsplit(text->str, "\n", -1);
    return g_strv_length(lines) - 1;
}

/* Copies of what is in the archive need no reader, but each is hashed: others get their turn
 * meanwhile. */
static void test_copies_in_turns(void **state)
{
    House *house = house_new(state, "copies");
    g_autofree char *first = g_build_filename(house->corpus_path, "a.txt", NULL);
    run(house);
    for (int i = 0; i < COPIES; i++) {
        g_autofree char *copy = g_strdup_printf("%s/copy %d.txt", house->corpus_path, i);
        assert_int_equal(link(first, copy), 0);
    }
    g_usleep((STILL_MS + 20) * 1000);
    start(house, FALSE);
    assert_in_range(lines_of(house->reported), 1, COPIES - 1);
    finish(house);
    assert_int_equal(lines_of(house->reported), COPIES + 1); /* the first has a new stamp */
    assert_int_equal(house->idle_calls, 2);
    assert_at_rest(house);
    house_free(house);
}

/* What the archive cannot hold says so, and takes nothing else with it. */
static void test_refused_by_the_archive(void **state)
{
    House *house = house_new(state, "refused");
    sqlite3_limit(archive_connection(house->archive), SQLITE_LIMIT_LENGTH, 1000 * 1000);
    run(house);
    assert_file(house, "large.txt", "failed archive");
    assert_file(house, "small.txt", "indexed");
    assert_found(house, "alfa", "small.txt");
    assert_int_equal(number(house, "SELECT count(*) FROM document"), 1);
    assert_at_rest(house);
    house_free(house);
}

/* A renamed file never leaves the archive, whatever moment one looks at. */
static void finish_while_indexed(House *house, const char *id)
{
    g_autofree char *path = g_build_filename(house->folder, "archive.db", NULL);
    g_autoptr(Archive) reader = archive_open_reader(path, NULL);
    gboolean is_late = FALSE;
    guint timer = g_timeout_add(DEADLINE_MS, fixture_passed, &is_late);
    assert_non_null(reader);
    while (!house->is_ended && !is_late) {
        g_autoptr(ArchiveDocument) document = archive_find_document(reader, id, NULL);
        assert_non_null(document);
        assert_int_equal(document->state, DOCUMENT_INDEXED);
        g_main_context_iteration(NULL, TRUE);
    }
    g_source_remove(timer);
    finish(house);
}

static void make_changes(const House *house, const Stage *stage)
{
    g_autofree char *incoming = g_build_filename(stage->folder, "incoming", "new", NULL);
    g_autofree char *target = g_build_filename(house->corpus_path, "arrived", NULL);
    move_path(house, "old name.txt", "new name.txt");
    write_file(house, "text.txt", "La seconda versione, bravissimo.");
    remove_path(house, "removed.txt");
    remove_path(house, "two/1.txt");
    remove_path(house, "folder");
    move_path(house, "moved", "moved elsewhere");
    write_file(house, "copy.txt", "Il documento copiato, hotel.");
    write_file(house, "same length.txt", "Due, india.");
    set_time(house, "same length.txt", 1000000000);
    assert_int_equal(rename(incoming, target), 0);
}

static void test_changes(void **state)
{
    House *house = house_new(state, "changes");
    run(house);
    g_autofree char *renamed = id_at(house, "old name.txt");
    g_autofree char *changed = id_at(house, "text.txt");
    g_autofree char *removed = id_at(house, "removed.txt");
    g_autofree char *moved = id_at(house, "moved/c.txt");
    g_autofree char *below = id_at(house, "folder/below/b.txt");
    make_changes(house, *state);
    start(house, FALSE);
    finish_while_indexed(house, renamed);
    g_autofree char *renamed_now = id_at(house, "new name.txt");
    g_autofree char *changed_now = id_at(house, "text.txt");
    g_autofree char *moved_now = id_at(house, "moved elsewhere/c.txt");
    assert_string_equal(renamed, renamed_now);
    assert_string_equal(moved, moved_now);
    assert_file(house, "old name.txt", "none");
    assert_document(house, changed, DOCUMENT_GONE, changed_now);
    assert_document(house, removed, DOCUMENT_GONE, NULL);
    assert_document(house, below, DOCUMENT_GONE, NULL);
    assert_found(house, "alfa", "new name.txt");
    assert_found(house, "bravo", "");
    assert_found(house, "bravissimo", "text.txt");
    assert_found(house, "charlie", "");
    assert_found(house, "delta", "two/2.txt");
    assert_found(house, "echo", "");
    assert_found(house, "foxtrot", "");
    assert_found(house, "golf", "moved elsewhere/c.txt");
    assert_found(house, "hotel", "copied.txt,copy.txt");
    assert_found(house, "india", "same length.txt");
    assert_found(house, "uno", "");
    assert_found(house, "juliett", "arrived/d.txt");
    assert_found(house, "kilo", "arrived/below/e.txt");
    assert_int_equal(number(house, "SELECT count(*) FROM file WHERE state NOT IN (1, 4)"), 0);
    assert_int_equal(house->idle_calls, 2);
    /* All of the work is summed up, what had to wait for a second as well. */
    assert_int_equal(house->progress.total, 7);
    assert_int_equal(house->progress.done, 7);
    assert_int_equal(house->progress.removed, 6);
    assert_at_rest(house);
    house_free(house);
}

static void check_sidecars_before(const House *house)
{
    assert_title(house, "changed.txt", "Prima");
    assert_title(house, "broken.txt", "Giusto");
    assert_title(house, "removed.txt", "Tolto");
    assert_title(house, "scan.txt", "Senza testo");
    assert_file(house, "scan.txt", "failed empty");
    assert_file(house, "mended.txt.ini", "failed sidecar");
    assert_file(house, "note.ini", "indexed");
    assert_file(house, "vuoto.ini", "failed empty");
    assert_file(house, "altra.ini", "failed sidecar");
    assert_found(house, "golf", "note.ini");
}

static void change_sidecars(const House *house)
{
    write_file(house, "added.txt.ini", "[document]\ntitle = Aggiunto\n");
    write_file(house, "changed.txt.ini", "[document]\ntitle = Dopo\n");
    write_file(house, "broken.txt.ini", "[document]\ntitle = Sbagliato\ntitle = Due\n");
    write_file(house, "mended.txt.ini", "[document]\ntitle = Corretto\n");
    remove_path(house, "removed.txt.ini");
    remove_path(house, "both.txt");
    remove_path(house, "both.txt.ini");
    write_file(house, "scan.txt.ini", "[document]\ntitle = Ancora senza\n");
    /* Now there is a document beside them, and beside that one there is none any more. */
    write_file(house, "note", "Il testo della nota, juliett.");
    write_file(house, "vuoto", "Il testo, kilo.");
    remove_path(house, "altra");
}

static void test_sidecars(void **state)
{
    House *house = house_new(state, "sidecars");
    run(house);
    check_sidecars_before(house);
    assert_at_rest(house);
    change_sidecars(house);
    run(house);
    assert_title(house, "added.txt", "Aggiunto");
    assert_file(house, "added.txt.ini", "sidecar");
    assert_title(house, "changed.txt", "Dopo");
    assert_file(house, "broken.txt.ini", "failed sidecar");
    assert_title(house, "broken.txt", "Broken"); /* what it is without one */
    assert_title(house, "mended.txt", "Corretto");
    assert_file(house, "mended.txt.ini", "sidecar");
    assert_title(house, "removed.txt", "Removed");
    assert_file(house, "removed.txt.ini", "none");
    assert_file(house, "both.txt.ini", "none");
    assert_found(house, "foxtrot", "");
    assert_title(house, "scan.txt", "Ancora senza");
    assert_file(house, "note.ini", "failed sidecar");
    assert_found(house, "golf", "");
    assert_file(house, "vuoto.ini", "failed sidecar");
    assert_file(house, "altra.ini", "indexed");
    assert_found(house, "india", "altra.ini");
    assert_found(house, "bravo", "changed.txt"); /* the text stayed */
    assert_at_rest(house);
    house_free(house);
}

static void test_card_follows_the_first_path(void **state)
{
    House *house = house_new(state, "paths");
    run(house);
    assert_title(house, "b/x.txt", "Di b");
    write_file(house, "a/x.txt", "Il documento, alfa.");
    run(house);
    assert_found(house, "alfa", "a/x.txt,b/x.txt");
    g_autoptr(ArchiveDocument) document = document_at(house, "b/x.txt");
    assert_string_equal(document->card->collection, "a");
    assert_title(house, "b/x.txt", "X"); /* b's sidecar is not a's */
    remove_path(house, "a");
    run(house);
    assert_title(house, "b/x.txt", "Di b");
    assert_at_rest(house);
    house_free(house);
}

/* Ended in the middle: what is done stays, what is not is found again. */
static void test_ending_early(void **state)
{
    House *house = house_new(state, "ended");
    guint openings = 0;
    do {
        house->end_after = 3;
        start(house, FALSE);
        assert_true(fixture_run_until(&house->is_ended, DEADLINE_MS));
        close_house(house);
        open_house(house, 1 + openings % 2, &(ReadingLimits){0});
        check_postings(house);
        openings++;
    } while (!house->is_idle && openings < 10);
    assert_true(house->is_idle);
    assert_in_range(openings, 2, 4);
    assert_int_equal(number(house, "SELECT count(*) FROM file WHERE state = 1"), 8);
    assert_found(house, "documento", "01.txt,02.txt,03.txt,04.txt,05.txt,06.txt,07.txt,08.txt");
    house->end_after = 0;
    assert_at_rest(house);
    house_free(house);
}

/* What staff are told of the work, at each of its turns. */
static void test_notes(void **state)
{
    House *house = house_new(state, "noted");
    g_auto(ArchiveWork) begun = {0}, ended = {0}, still = {0}, stopped = {0}, again = {0};
    assert_true(indexing_announce(house->indexing, TRUE));
    assert_true(archive_work(house->archive, &begun, NULL));
    assert_true(begun.is_watching);
    assert_true(begun.began_unix > 0 && begun.started_unix == 0 && begun.stopped_unix == 0);
    assert_true(archive_work_is_alive(&begun, begun.began_unix));
    run(house);
    assert_true(archive_work(house->archive, &ended, NULL));
    assert_true(ended.started_unix > 0 && ended.ended_unix >= ended.started_unix);
    assert_int_equal(ended.total, 3);
    assert_int_equal(ended.done, 3);
    assert_int_equal(ended.failed, 1);
    assert_int_equal(ended.pages, 2);
    assert_null(ended.reading);
    run(house); /* there is nothing to do: the last work stays what it was */
    assert_true(archive_work(house->archive, &still, NULL));
    assert_int_equal(still.total, 3);
    assert_int_equal(still.ended_unix, ended.ended_unix);
    close_house(house);
    open_house(house, 1, &(ReadingLimits){0});
    assert_true(archive_work(house->archive, &stopped, NULL));
    assert_true(stopped.stopped_unix > 0);
    assert_int_equal(stopped.total, 3);
    assert_false(archive_work_is_alive(&stopped, stopped.stopped_unix));
    assert_true(indexing_announce(house->indexing, FALSE));
    assert_true(archive_work(house->archive, &again, NULL));
    assert_false(again.is_watching);
    assert_int_equal(again.stopped_unix, 0);
    assert_int_equal(again.ended_unix, ended.ended_unix);
    house_free(house);
}

/* A work that was cut off says how far it came, and that it did not end. */
static void test_notes_of_a_work_cut_off(void **state)
{
    House *house = house_new(state, "cut");
    g_auto(ArchiveWork) work = {0};
    assert_true(indexing_announce(house->indexing, FALSE));
    house->end_after = 1;
    start(house, FALSE);
    assert_true(fixture_run_until(&house->is_ended, DEADLINE_MS));
    close_house(house);
    open_house(house, 1, &(ReadingLimits){0});
    assert_true(archive_work(house->archive, &work, NULL));
    assert_true(work.started_unix > 0 && work.stopped_unix > 0);
    assert_int_equal(work.ended_unix, 0);
    assert_int_equal(work.total, 3);
    assert_in_range(work.done, 1, 2);
    house->end_after = 0;
    house_free(house);
}

static void test_files_in_motion(void **state)
{
    House *house = house_new(state, "moving");
    write_file(house, "new.txt", "Appena");
    write_file(house, "future.txt", "Un orologio che va avanti, delta.");
    set_time(house, "future.txt", (time_t)(g_get_real_time() / G_USEC_PER_SEC + 86400));
    start(house, FALSE);
    /* The two readers have these two open by now; the third waits for its turn. */
    write_file(house, "written.txt", "Un altro testo, alfalfa.");
    remove_path(house, "removed.txt");
    write_file(house, "z changed.txt", "Prima che si legga, e");
    assert_file(house, "new.txt", "pending");
    gboolean is_half_over = FALSE;
    guint timer = g_timeout_add(STILL_MS / 2, fixture_passed, &is_half_over);
    assert_true(fixture_run_until(&is_half_over, DEADLINE_MS));
    g_source_remove(timer);
    assert_false(house->is_idle);
    assert_found(house, "charlie", "z quiet.txt"); /* nobody waits for the others */
    assert_file(house, "new.txt", "pending");
    assert_file(house, "z changed.txt", "pending"); /* it is not whole yet */
    write_file(house, "z changed.txt", "Prima che si legga, eccolo.");
    write_file(house, "new.txt", "Appena scritto, echo.");
    finish(house);
    assert_found(house, "alfa", "");
    assert_found(house, "alfalfa", "written.txt");
    assert_found(house, "bravo", "");
    assert_found(house, "appena", "new.txt");
    assert_found(house, "foxtrot", "");
    assert_found(house, "eccolo", "z changed.txt");
    assert_found(house, "delta", "future.txt");
    assert_int_equal(number(house, "SELECT count(*) FROM document"), 5);
    assert_int_equal(house->progress.total, 5);
    assert_int_equal(house->progress.done, 5);
    assert_at_rest(house);
    house_free(house);
}

static void become(uid_t user)
{
    if (getuid() == 0)
        assert_int_equal(seteuid(user), 0);
}

/* What cannot be looked into is not taken for gone. */
static void test_closed_folder(void **state)
{
    House *house = house_new(state, "closed");
    g_autofree char *folder = g_build_filename(house->corpus_path, "folder", NULL);
    g_autofree char *file = g_build_filename(house->corpus_path, "open.txt", NULL);
    run(house);
    assert_int_equal(chmod(folder, 0), 0);
    assert_int_equal(chmod(file, 0), 0);
    become(NOBODY);
    start(house, FALSE);
    gboolean has_ended = fixture_run_until(&house->is_ended, DEADLINE_MS);
    become(0);
    assert_int_equal(chmod(folder, 0755), 0);
    assert_true(has_ended);
    assert_true(g_str_has_prefix(house->left->str, "0 folder/\n")); /* once a comparison */
    finish(house);
    assert_found(house, "bravo", "folder/a.txt");
    assert_file(house, "folder/a.txt", "indexed");
    assert_file(house, "open.txt", "failed open");
    assert_at_rest(house);
    assert_int_equal(chmod(file, 0644), 0); /* which is a change: no need to ask for it */
    run(house);
    assert_found(house, "alfa", "open.txt");
    house_free(house);
}

/* A file's row that speaks of a document which is not there: no reason to stop. */
static void test_a_document_that_is_lost(void **state)
{
    House *house = house_new(state, "lost");
    run(house);
    assert_int_equal(sqlite3_exec(archive_connection(house->archive),
                                  "UPDATE file SET document = 99 WHERE path = 'a.txt'", NULL, NULL,
                                  NULL),
                     SQLITE_OK);
    remove_path(house, "a.txt");
    run(house);
    assert_file(house, "a.txt", "none");
    assert_found(house, "bravo", "b.txt");
    house_free(house);
}

static void test_faults(void **state)
{
    static const struct {
        const char *damage;
        int code; /* ArchiveError */
    } ROWS[] = {
        {"DROP TABLE file", ARCHIVE_ERROR_IO},
        {"DROP TABLE note", ARCHIVE_ERROR_IO},
        {"PRAGMA max_page_count = 1", ARCHIVE_ERROR_FULL},
        {"CREATE TRIGGER t BEFORE INSERT ON document BEGIN SELECT RAISE(ABORT, 'no'); END",
         ARCHIVE_ERROR_IO},
        {"CREATE TRIGGER t AFTER INSERT ON file WHEN new.state = 1"
         " BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
         ARCHIVE_ERROR_IO},
    };
    const Stage *stage = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        House *house = house_new(state, "faults");
        sqlite3_db_config(archive_connection(house->archive), SQLITE_DBCONFIG_ENABLE_TRIGGER, 1,
                          NULL);
        assert_int_equal(
            sqlite3_exec(archive_connection(house->archive), ROWS[i].damage, NULL, NULL, NULL),
            SQLITE_OK);
        start(house, FALSE);
        assert_true(fixture_run_until(&house->is_ended, DEADLINE_MS));
        if (!house->fault)
            fail_msg("no fault after %s", ROWS[i].damage);
        assert_false(house->is_idle);
        assert_int_equal(house->fault->code, ROWS[i].code);
        indexing_compare(house->indexing, FALSE); /* does no harm, and is not told again */
        assert_int_equal(house->idle_calls, 0);
        /* The corpus goes back where the next row takes it from. */
        g_autofree char *staged = g_build_filename(stage->folder, "faults", NULL);
        assert_int_equal(rename(house->corpus_path, staged), 0);
        house_free(house);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_run),
        cmocka_unit_test(test_trying_again),
        cmocka_unit_test(test_huge_sparse_file),
        cmocka_unit_test(test_copies_in_turns),
        cmocka_unit_test(test_refused_by_the_archive),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_sidecars),
        cmocka_unit_test(test_card_follows_the_first_path),
        cmocka_unit_test(test_ending_early),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_notes_of_a_work_cut_off),
        cmocka_unit_test(test_files_in_motion),
        cmocka_unit_test(test_closed_folder),
        cmocka_unit_test(test_a_document_that_is_lost),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests_name("indexing", tests, set_up_stage, tear_down_stage);
}
