/* What staff are told: outcomes, lists, counts, the indexer's notes. */
#include <stdlib.h>
#include <unistd.h>
#include <utime.h>

#include "sample.h"

typedef struct {
    SampleFolder folder;
    Archive *archive;
} Place;

static int set_up(void **state)
{
    Place *place = g_new0(Place, 1);
    place->folder = sample_folder_new();
    place->archive = sample_writer(place->folder.archive);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    Place *place = *state;
    archive_close(place->archive);
    sample_folder_release(&place->folder);
    g_free(place);
    return 0;
}

static gint64 put(Archive *archive, const char *path, const char *content)
{
    g_autofree char *marked = g_strconcat(IT, content, NULL);
    Sample sample = {.path = path, .title = content, .marked = marked, .content = content};
    return sample_put(archive, &sample);
}

static void put_failed(Archive *archive, const char *path, const char *reason)
{
    ArchiveFile file = {.path = (char *)path, .state = FILE_FAILED, .reason = (char *)reason};
    assert_true(archive_begin(archive, NULL));
    assert_true(archive_put_file(archive, &file, NULL));
    assert_true(archive_commit(archive, NULL));
}

static void put_state(Archive *archive, const char *path, gint64 document, FileState state)
{
    assert_true(archive_begin(archive, NULL));
    sample_put_file(archive, path, document, state);
    assert_true(archive_commit(archive, NULL));
}

/* "path:outcome" of all files by path, parted by blanks. */
static gint compare(gconstpointer a, gconstpointer b)
{
    return strcmp((*(ArchiveFile *const *)a)->path, (*(ArchiveFile *const *)b)->path);
}

static char *outcomes(Archive *archive)
{
    const ArchiveFileFilter all = {.last = OUTCOME_REMOVED, .limit = 100};
    g_autoptr(GPtrArray) files = archive_find_files(archive, &all, NULL);
    assert_non_null(files);
    GString *text = g_string_new(NULL);
    g_ptr_array_sort(files, compare);
    for (guint i = 0; i < files->len; i++) {
        const ArchiveFile *file = files->pdata[i];
        g_string_append_printf(text, "%s%s:%s", i ? " " : "", file->path,
                               file_outcome_name(file->outcome));
    }
    return g_string_free(text, FALSE);
}

static void assert_outcomes(Archive *archive, const char *expected)
{
    g_autofree char *found = outcomes(archive);
    assert_string_equal(found, expected);
}

static void assert_previous(Archive *archive, const char *path, gint64 expected)
{
    const ArchiveFileFilter all = {.last = OUTCOME_REMOVED, .limit = 100, .words = path};
    g_autoptr(GPtrArray) files = archive_find_files(archive, &all, NULL);
    assert_int_equal(files->len, 1);
    assert_int_equal(((const ArchiveFile *)files->pdata[0])->previous, expected);
}

/* Outcomes */

static void test_names(void **state)
{
    FileOutcome outcome = OUTCOME_COUNT;
    (void)state;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        assert_true(file_outcome_parse(file_outcome_name((FileOutcome)i), &outcome));
        assert_int_equal(outcome, i);
    }
    assert_false(file_outcome_parse("", &outcome));
    assert_false(file_outcome_parse("Indexed", &outcome));
    assert_string_equal(file_outcome_name((FileOutcome)99), "pending");
}

static void test_reasons(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    put_failed(archive, "a", "password");
    put_failed(archive, "b", "no-text");
    put_failed(archive, "c", "damaged");
    put_failed(archive, "d", "sidecar");
    put_failed(archive, "e", "orphan");
    put_failed(archive, "f", "timeout");
    put_failed(archive, "g", NULL);
    put_state(archive, "h", 0, FILE_PENDING);
    put_state(archive, "i", 0, FILE_SIDECAR);
    assert_outcomes(archive, "a:password b:scan c:damaged d:sidecar-fault e:sidecar-fault f:failed "
                             "g:failed h:pending i:sidecar");
}

static void test_duplicates(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    gint64 row = put(archive, "z", "uno");
    put_state(archive, "a", row, FILE_INDEXED);
    put_state(archive, "b", row, FILE_INDEXED);
    assert_outcomes(archive, "a:duplicate b:duplicate z:indexed");
    g_autofree char *first = archive_other_path(archive, row, "a", NULL);
    assert_string_equal(first, "z");
    put_state(archive, "z", row, FILE_PENDING); /* touched: it stays the first */
    put_state(archive, "a", row, FILE_PENDING);
    put_state(archive, "z", row, FILE_INDEXED);
    put_state(archive, "a", row, FILE_INDEXED);
    assert_outcomes(archive, "a:duplicate b:duplicate z:indexed");
    sample_remove(archive, "z");
    assert_outcomes(archive, "a:indexed b:duplicate z:removed");
    assert_previous(archive, "z", row);
    put(archive, "a", "due"); /* now b is left */
    assert_outcomes(archive, "a:edition b:indexed z:removed");
    assert_previous(archive, "a", row);
    assert_null(archive_other_path(archive, row, "b", NULL));
}

static void test_editions(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    gint64 first = put(archive, "a", "uno");
    put_state(archive, "a", first, FILE_PENDING);
    assert_outcomes(archive, "a:pending");
    gint64 second = put(archive, "a", "due");
    assert_outcomes(archive, "a:edition");
    assert_previous(archive, "a", first);
    put_state(archive, "a", second, FILE_PENDING); /* touched */
    put_state(archive, "a", second, FILE_INDEXED);
    assert_outcomes(archive, "a:edition");
    assert_previous(archive, "a", first);
    sample_remove(archive, "a");
    assert_outcomes(archive, "a:removed");
    assert_previous(archive, "a", second);
    put_state(archive, "a", 0, FILE_PENDING);
    put(archive, "a", "tre");
    assert_outcomes(archive, "a:edition");
    assert_previous(archive, "a", second);
}

static void test_removed(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    gint64 row = put(archive, "a", "uno");
    put_failed(archive, "b", "link");
    sample_remove(archive, "a");
    sample_remove(archive, "b"); /* it never was a document: nothing to tell */
    sample_remove(archive, "c");
    assert_outcomes(archive, "a:removed");
    g_autoptr(GHashTable) files = archive_files(archive, NULL);
    assert_int_equal(g_hash_table_size(files), 0);
    ArchiveCounts counts;
    assert_true(archive_counts(archive, &counts, NULL));
    assert_int_equal(counts.seen, 0);
    g_autoptr(GPtrArray) listed = archive_list_files(archive, -1, 10, 0, NULL);
    assert_int_equal(listed->len, 0);
    assert_int_equal(put(archive, "a", "uno"), row); /* it came back as it was */
    assert_outcomes(archive, "a:indexed");
    assert_previous(archive, "a", 0);
}

/* Lists */

static void put_at(Archive *archive, const char *path, FileState file_state, gint64 changed)
{
    ArchiveFile file = {.path = (char *)path, .state = file_state, .changed_unix = changed};
    assert_true(archive_begin(archive, NULL));
    assert_true(archive_put_file(archive, &file, NULL));
    assert_true(archive_commit(archive, NULL));
}

static void test_filters(void **state)
{
    static const struct {
        FileOutcome first, last;
        const char *folder, *words, *expected;
    } ROWS[] = {
        {0, OUTCOME_REMOVED, NULL, NULL,
         "piani/b.pdf pianissimo.pdf piani/sub/Citt\xC3\xA0 Nuova.PDF a.pdf"},
        {OUTCOME_FAILED, OUTCOME_FAILED, NULL, NULL, "piani/b.pdf"},
        {OUTCOME_PASSWORD, OUTCOME_SIDECAR_FAULT, "", "", "piani/b.pdf"},
        {0, OUTCOME_REMOVED, "piani", NULL, "piani/b.pdf piani/sub/Citt\xC3\xA0 Nuova.PDF"},
        {0, OUTCOME_REMOVED, "piani/sub", NULL, "piani/sub/Citt\xC3\xA0 Nuova.PDF"},
        {0, OUTCOME_REMOVED, "pian", NULL, ""},
        {0, OUTCOME_REMOVED, NULL, "citta nuova", "piani/sub/Citt\xC3\xA0 Nuova.PDF"},
        {0, OUTCOME_REMOVED, NULL, "NUOVA CITT\xC3\x80", "piani/sub/Citt\xC3\xA0 Nuova.PDF"},
        {0, OUTCOME_REMOVED, NULL, "%", ""},
        {0, OUTCOME_REMOVED, "piani", "B.PDF", "piani/b.pdf"},
        {OUTCOME_INDEXED, OUTCOME_INDEXED, "piani", "citta", "piani/sub/Citt\xC3\xA0 Nuova.PDF"},
    };
    Archive *archive = ((Place *)*state)->archive;
    put_at(archive, "a.pdf", FILE_INDEXED, 10);
    put_at(archive, "piani/sub/Citt\xC3\xA0 Nuova.PDF", FILE_INDEXED, 20);
    put_at(archive, "pianissimo.pdf", FILE_PENDING, 30);
    put_at(archive, "piani/b.pdf", FILE_FAILED, 40);
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        const ArchiveFileFilter filter = {.first = ROWS[i].first,
                                          .last = ROWS[i].last,
                                          .folder = ROWS[i].folder,
                                          .words = ROWS[i].words,
                                          .limit = 10};
        guint counts[OUTCOME_COUNT], counted = 0;
        g_autoptr(GPtrArray) files = archive_find_files(archive, &filter, NULL);
        g_autoptr(GString) names = g_string_new(NULL);
        for (guint j = 0; j < files->len; j++)
            g_string_append_printf(names, "%s%s", j ? " " : "",
                                   ((ArchiveFile *)files->pdata[j])->path);
        assert_string_equal(names->str, ROWS[i].expected);
        assert_true(archive_count_outcomes(archive, filter.folder, filter.words, counts, NULL));
        for (guint j = filter.first; j <= filter.last; j++)
            counted += counts[j];
        assert_int_equal(counted, files->len);
    }
}

/* From the last file on, however many stand at one time, each is listed once. */
static void test_going_on(void **state)
{
    Archive *archive = ((Place *)*state)->archive;
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autofree char *after = NULL;
    gint64 before = 0;
    for (int i = 0; i < 7; i++) {
        g_autofree char *name = g_strdup_printf("%c", 'a' + i);
        put_at(archive, name, FILE_INDEXED, i < 4 ? 10 : 20);
    }
    for (guint found = 2; found == 2;) {
        const ArchiveFileFilter filter = {
            .last = OUTCOME_REMOVED, .limit = 2, .before_unix = before, .after_path = after};
        g_autoptr(GPtrArray) files = archive_find_files(archive, &filter, NULL);
        found = files->len;
        for (guint i = 0; i < found; i++) {
            const ArchiveFile *file = files->pdata[i];
            g_string_append(seen, file->path);
            before = file->changed_unix;
            g_free(after);
            after = g_strdup(file->path);
        }
    }
    assert_string_equal(seen->str, "efgabcd");
}

static void test_lacking(void **state)
{
    static const Sample SAMPLES[] = {
        {.path = "whole", .marked = IT "uno" PAGE IT "due"},
        {.path = "blank", .marked = IT "uno" PAGE IT PAGE IT},
        {.path = "secret"},
    };
    static const struct {
        TextLack lack;
        guint documents, pages;
    } ROWS[] = {{LACK_ANY, 3, 8}, {LACK_ALL, 1, 5}, {LACK_UNREAD, 1, 1}, {LACK_BLANK, 1, 2}};
    Archive *archive = ((Place *)*state)->archive;
    for (gsize i = 0; i < G_N_ELEMENTS(SAMPLES); i++)
        sample_put(archive, &SAMPLES[i]);
    assert_true(archive_begin(archive, NULL));
    g_autoptr(ArchiveDocument) scan = sample_document(&(Sample){.path = "scan"});
    g_free(scan->reason);
    scan->reason = g_strdup("no-text");
    scan->page_count = 5;
    assert_true(archive_put_document(archive, scan, NULL, NULL));
    g_autoptr(ArchiveDocument) torn =
        sample_document(&(Sample){.path = "t", .marked = IT "x" PAGE});
    g_autoptr(GString) marked = g_string_new(IT "x" PAGE);
    guint missing = 2;
    g_array_append_val(torn->missing_pages, missing);
    assert_true(archive_put_document(archive, torn, marked, NULL));
    assert_true(archive_commit(archive, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        guint documents = 99;
        guint64 pages = 99;
        assert_true(archive_count_lacking(archive, ROWS[i].lack, &documents, &pages, NULL));
        assert_int_equal(documents, ROWS[i].documents);
        assert_int_equal(pages, ROWS[i].pages);
        g_autoptr(GPtrArray) list = archive_list_lacking(archive, ROWS[i].lack, 10, 0, NULL);
        assert_int_equal(list->len, documents);
    }
    g_autoptr(GPtrArray) list = archive_list_lacking(archive, LACK_ANY, 10, 0, NULL);
    assert_string_equal(((ArchiveDocument *)list->pdata[0])->id, scan->id);
    assert_int_equal(((ArchiveDocument *)list->pdata[0])->blank_pages, 5);
    assert_int_equal(((ArchiveDocument *)list->pdata[2])->blank_pages, 0);
}

static void put_sources(Archive *archive, const char *path, Source title, Source year)
{
    g_autoptr(ArchiveDocument) document =
        sample_document(&(Sample){.path = path, .marked = IT "x"});
    g_autoptr(GString) marked = g_string_new(IT "x");
    document->card->title_source = title;
    document->card->year_source = year;
    document->card->kind_source = SOURCE_TEXT;
    document->card->body_source = SOURCE_SIDECAR;
    assert_true(archive_begin(archive, NULL));
    assert_true(archive_put_document(archive, document, marked, NULL));
    assert_true(archive_commit(archive, NULL));
}

static void test_cards(void **state)
{
    static const struct {
        guint fields, sources, expected;
    } ROWS[] = {
        {CARD_ANY, 1u << SOURCE_NAME, 1},
        {CARD_ANY, 1u << SOURCE_NONE, 2},
        {CARD_TITLE, 1u << SOURCE_NONE, 0},
        {CARD_YEAR, 1u << SOURCE_NONE, 2},
        {CARD_YEAR, 1u << SOURCE_NONE | 1u << SOURCE_PATH, 3},
        {CARD_KIND, 1u << SOURCE_TEXT, 3},
        {CARD_BODY, 1u << SOURCE_TEXT, 0},
        {CARD_ANY, (1u << SOURCE_COUNT) - 1, 3},
        {0, (1u << SOURCE_COUNT) - 1, 0},
        {CARD_ANY, 0, 0},
    };
    Archive *archive = ((Place *)*state)->archive;
    put_sources(archive, "a", SOURCE_NAME, SOURCE_NONE);
    put_sources(archive, "b", SOURCE_TEXT, SOURCE_NONE);
    put_sources(archive, "c", SOURCE_TEXT, SOURCE_PATH);
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        guint count = 99;
        assert_true(
            archive_count_cards(archive, ROWS[i].fields, &ROWS[i].sources, 1, &count, NULL));
        assert_int_equal(count, ROWS[i].expected);
        g_autoptr(GPtrArray) list =
            archive_list_cards(archive, ROWS[i].fields, ROWS[i].sources, 10, 0, NULL);
        assert_int_equal(list->len, count);
    }
    g_autoptr(GPtrArray) part =
        archive_list_cards(archive, CARD_ANY, (1u << SOURCE_COUNT) - 1, 2, 2, NULL);
    assert_int_equal(part->len, 1);
}

/* The indexer */

static void test_work(void **state)
{
    Place *place = *state;
    g_auto(ArchiveWork) nothing = {0}, found = {0};
    assert_true(archive_work(place->archive, &nothing, NULL));
    assert_int_equal(nothing.began_unix, 0);
    assert_null(nothing.reading);
    const ArchiveWork work = {
        .is_watching = TRUE,
        .began_unix = 1000,
        .started_unix = 1010,
        .total = 20,
        .done = 10,
        .failed = 2,
        .removed = 3,
        .pages = G_GUINT64_CONSTANT(5000000000),
        .reading = (char *)"citt\xE0.pdf",
        .reading_unix = 1020,
    };
    assert_true(archive_begin(place->archive, NULL));
    assert_true(archive_note_work(place->archive, &work, NULL));
    assert_true(archive_commit(place->archive, NULL));
    g_autoptr(Archive) reader = archive_open_reader(place->folder.archive, NULL);
    assert_true(archive_work(reader, &found, NULL));
    assert_true(found.is_watching);
    assert_int_equal(found.began_unix, 1000);
    assert_int_equal(found.started_unix, 1010);
    assert_int_equal(found.ended_unix + found.stopped_unix, 0);
    assert_int_equal(found.total + found.done + found.failed + found.removed, 35);
    assert_int_equal(found.pages, work.pages);
    assert_string_equal(found.reading, work.reading);
    assert_int_equal(found.reading_unix, 1020);
}

static void test_signs_of_life(void **state)
{
    static const struct {
        gint64 began, stopped, seen, now;
        gboolean is_alive;
    } ROWS[] = {
        {0, 0, 100, 100, FALSE},
        {50, 0, 100, 100, TRUE},
        {50, 90, 100, 100, FALSE},
        {50, 0, 100, 100 + ARCHIVE_SILENCE_SECONDS, TRUE},
        {50, 0, 100, 101 + ARCHIVE_SILENCE_SECONDS, FALSE},
        {50, 0, 100 + ARCHIVE_SILENCE_SECONDS, 100, TRUE}, /* the clock went back */
        {50, 0, 101 + ARCHIVE_SILENCE_SECONDS, 100, FALSE},
    };
    Place *place = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        const ArchiveWork work = {.began_unix = ROWS[i].began,
                                  .stopped_unix = ROWS[i].stopped,
                                  .seen_unix = ROWS[i].seen};
        assert_int_equal(archive_work_is_alive(&work, ROWS[i].now), ROWS[i].is_alive);
    }
    g_autofree char *lock = g_strconcat(place->folder.archive, "-lock", NULL);
    g_auto(ArchiveWork) silent = {0}, beaten = {0};
    assert_int_equal(utime(lock, &(struct utimbuf){1000, 1000}), 0);
    assert_true(archive_work(place->archive, &silent, NULL));
    assert_int_equal(silent.seen_unix, 1000);
    archive_beat(place->archive);
    assert_true(archive_work(place->archive, &beaten, NULL));
    assert_true(beaten.seen_unix > 1000);
    g_autoptr(Archive) reader = archive_open_reader(place->folder.archive, NULL);
    archive_beat(reader); /* no sign of an indexer */
}

#define WITH_ARCHIVE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),     WITH_ARCHIVE(test_reasons),
        WITH_ARCHIVE(test_duplicates),    WITH_ARCHIVE(test_editions),
        WITH_ARCHIVE(test_removed),       WITH_ARCHIVE(test_filters),
        WITH_ARCHIVE(test_going_on),      WITH_ARCHIVE(test_lacking),
        WITH_ARCHIVE(test_cards),         WITH_ARCHIVE(test_work),
        WITH_ARCHIVE(test_signs_of_life),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
