/* Tests of server/rank: a visitor sees each hit of each row once, with phrase, column and position,
 * and how many documents hold each phrase. */
#include "sample.h"

#include <sqlite3.h>

#include "../../server/rank.h"

static const char SQL[] =
    "SELECT schedario_rank(posting, ?1) FROM posting WHERE posting MATCH ?2 ORDER BY rowid";

static const Sample SAMPLES[] = {
    {.path = "a.pdf", .title = "Fontana", .marked = IT "acqua fontana e acqua" PAGE IT "fontana"},
    {.path = "b.pdf", .title = "Altro", .marked = IT "acqua della fontana antica"},
    {.path = "c.pdf", .title = "Altro", .marked = IT "nulla" PAGE IT "acqua" PAGE IT "acqua"},
    {.path = "d.pdf", .title = "Acqua", .marked = IT "parole"},
};

typedef struct {
    SampleFolder folder;
    Archive *archive;
    sqlite3_stmt *statement;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->folder = sample_folder_new();
    sample_archive(f->folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    f->archive = archive_open_reader(f->folder.archive, NULL);
    assert_non_null(f->archive);
    assert_true(rank_register(archive_connection(f->archive)));
    assert_int_equal(
        sqlite3_prepare_v2(archive_connection(f->archive), SQL, -1, &f->statement, NULL),
        SQLITE_OK);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    sqlite3_finalize(f->statement);
    archive_close(f->archive);
    sample_folder_release(&f->folder);
    g_free(f);
    return 0;
}

/* What a visitor saw: "1: 0t0 0x1 ; " is row 1, phrase 0, title at 0, phrase 0, text at 1. */
typedef struct {
    GString *seen;
    gint64 passed_over; /* row */
    gint64 row;
} Log;

static gboolean log_row(gint64 row, gpointer data)
{
    Log *log = data;
    if (row == log->passed_over)
        return FALSE;
    log->row = row;
    g_string_append_printf(log->seen, "%d: ", (int)row);
    return TRUE;
}

static void log_hit(const RankHit *hit, gpointer data)
{
    static const char COLUMNS[] = "txc";
    Log *log = data;
    assert_in_range(hit->column, 0, POSTING_COLUMNS - 1);
    g_string_append_printf(log->seen, "%d%c%d ", hit->phrase, COLUMNS[hit->column], hit->position);
}

static void log_row_end(gint64 row, gpointer data)
{
    Log *log = data;
    assert_int_equal(row, log->row);
    g_string_append(log->seen, "; ");
}

static int run(sqlite3_stmt *statement, const char *match, RankVisitor *visitor)
{
    rank_bind(statement, 1, visitor);
    sqlite3_bind_text(statement, 2, match, -1, SQLITE_STATIC);
    int status;
    while ((status = sqlite3_step(statement)) == SQLITE_ROW)
        ;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return status;
}

static char *visit(const Fixture *f, const char *match, gint64 passed_over, GArray *counts)
{
    Log log = {g_string_new(NULL), passed_over, 0};
    RankVisitor visitor = {log_row, log_hit, log_row_end, counts, &log};
    assert_int_equal(run(f->statement, match, &visitor), SQLITE_DONE);
    return g_string_free(log.seen, FALSE);
}

static void test_hits(void **state)
{
    static const struct {
        const char *match;
        gint64 passed_over;
        const char *seen;
    } CASES[] = {
        {"\"acqua\"", 0, "1: 0x0 0x3 ; 2: 0x0 ; 3: 0x1 0x2 ; 4: 0t0 ; "},
        {"\"fontana\"", 0, "1: 0t0 0x1 0x4 ; 2: 0x2 ; "},
        {"\"acqua\" AND \"fontana\"", 0, "1: 0x0 0x3 1t0 1x1 1x4 ; 2: 0x0 1x2 ; "},
        {"\"acqua\" NOT \"fontana\"", 0, "3: 0x1 0x2 ; 4: 0t0 ; "},
        {"\"fontana\" OR \"nulla\"", 0, "1: 0t0 0x1 0x4 ; 2: 0x2 ; 3: 1x0 ; "},
        {"\"acqua fontana\"", 0, "1: 0x0 0x3 ; "},
        {"\"nulla acqua acqua\"", 0, "3: 0x0 ; "},
        {"\"acq\" *", 0, "1: 0x0 0x3 ; 2: 0x0 ; 3: 0x1 0x2 ; 4: 0t0 ; "},
        {"title : \"acqua\"", 0, "4: 0t0 ; "},
        {"\"a:all\"", 3, "1: 0c0 ; 2: 0c0 ; 4: 0c0 ; "},
        {"\"acqua\"", 1, "2: 0x0 ; 3: 0x1 0x2 ; 4: 0t0 ; "},
        {"\"manca\"", 0, ""},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *seen = visit(f, CASES[i].match, CASES[i].passed_over, NULL);
        if (strcmp(seen, CASES[i].seen) != 0)
            fail_msg("%s: %s", CASES[i].match, seen);
    }
}

/* Counts are taken before the first row, and anew for each search. */
static void test_document_counts(void **state)
{
    static const struct {
        const char *match;
        guint counts[3];
        guint count;
    } CASES[] = {
        {"\"acqua\"", {4}, 1},
        {"\"acqua\" AND \"fontana\"", {4, 2}, 2},
        {"\"fontana\" NOT \"antica\"", {2, 1}, 2},
        {"(\"fontana\" OR \"nulla\") AND \"acqua\"", {2, 1, 4}, 3},
        {"title : \"acqua\"", {1}, 1},
        {"\"fon\" *", {2}, 1},
    };
    const Fixture *f = *state;
    g_autoptr(GArray) counts = g_array_new(FALSE, TRUE, sizeof(guint));
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_free(visit(f, CASES[i].match, 0, counts));
        assert_int_equal(counts->len, CASES[i].count);
        for (guint j = 0; j < counts->len; j++)
            assert_int_equal(g_array_index(counts, guint, j), CASES[i].counts[j]);
    }
}

/* Without a visitor, or with something else in its place, the function fails; it never reads it. */
static void test_no_visitor(void **state)
{
    const Fixture *f = *state;
    sqlite3_bind_text(f->statement, 2, "\"acqua\"", -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(f->statement), SQLITE_ERROR);
    sqlite3_reset(f->statement);
    sqlite3_bind_int64(f->statement, 1, 4096);
    assert_int_equal(sqlite3_step(f->statement), SQLITE_ERROR);
    sqlite3_reset(f->statement);
    sqlite3_bind_pointer(f->statement, 1, *state, "another", NULL);
    assert_int_equal(sqlite3_step(f->statement), SQLITE_ERROR);
    sqlite3_reset(f->statement);
    sqlite3_clear_bindings(f->statement);
    g_autofree char *seen = visit(f, "\"manca\" OR \"parole\"", 0, NULL);
    assert_string_equal(seen, "4: 1x0 ; ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_hits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_document_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_visitor, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
