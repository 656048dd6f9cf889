/* Tests of server/matching: what a query finds, against FTS5 itself with the printed expression;
 * and what becomes of words that stand side by side. */
#include "plain-tokeniser.h"
#include "sample.h"

#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "../../server/search/matching.h"
#include "../../server/search/search.h"

enum { DOCUMENTS = 60, ROUNDS = 3000 };

typedef struct {
    SampleFolder folder;
    Searcher *searcher;
    Archive *writer; /* with the oracle */
    sqlite3_stmt *match;
} Fixture;

/* A table of the archive's content beside its own. */
static void make_oracle(sqlite3 *db)
{
    plain_register(db);
    assert_int_equal(sqlite3_exec(db,
                                  "CREATE VIRTUAL TABLE temp.oracle USING"
                                  " fts5(text, title, catalogue, tokenize='plain');"
                                  "INSERT INTO temp.oracle(rowid, text, title, catalogue)"
                                  " SELECT row, text, title, catalogue FROM indexed;",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
}

static const char *const WORDS[] = {"acqua", "fiume",  "fiumi", "legge", "comune", "municipality",
                                    "water", "rivers", "2014",  "città", "piano",  "decreto"};

static char *made_up_text(GRand *random)
{
    static const char *const MARKS[] = {IT, EN, UND};
    GString *text = g_string_new(MARKS[g_rand_int_range(random, 0, 3)]);
    int words = g_rand_int_range(random, 1, 14);
    for (int i = 0; i < words; i++)
        g_string_append_printf(text, "%s%s", i ? " " : "",
                               WORDS[g_rand_int_range(random, 0, G_N_ELEMENTS(WORDS))]);
    return g_string_free(text, FALSE);
}

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    g_autoptr(GRand) random = g_rand_new_with_seed(6);
    f->folder = sample_folder_new();
    f->writer = sample_writer(f->folder.archive);
    for (int i = 0; i < DOCUMENTS; i++) {
        g_autofree char *text = made_up_text(random);
        g_autofree char *path = g_strdup_printf("%02d.pdf", i);
        g_autofree char *title = g_strdup_printf("%s e %s", WORDS[i % 5], WORDS[i % 7]);
        Sample sample = {.path = path, .title = title, .marked = text, .year = 2000 + i % 9};
        sample_put(f->writer, &sample);
    }
    f->searcher = searcher_new(f->folder.archive, NULL);
    assert_true(searcher_begin(f->searcher, NULL));
    make_oracle(archive_connection(f->writer));
    assert_int_equal(
        sqlite3_prepare_v2(archive_connection(f->writer),
                           "SELECT count(*) FROM temp.oracle WHERE oracle MATCH ? AND rowid = ?",
                           -1, &f->match, NULL),
        SQLITE_OK);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    sqlite3_finalize(f->match);
    archive_close(f->writer);
    searcher_end(f->searcher);
    searcher_free(f->searcher);
    sample_folder_release(&f->folder);
    g_free(f);
    return 0;
}

static Query *parse(const Fixture *f, const char *typed)
{
    return query_parse(typed, strlen(typed), NULL, FALSE, searcher_analyser(f->searcher));
}

static Matching *matched(const Fixture *f, const Query *query)
{
    GError *error = NULL;
    Matching *matching =
        matching_new(query, searcher_postings(f->searcher), DOCUMENTS + 1, DOCUMENTS, &error);
    if (!matching)
        fail_msg("%s", error->message);
    return matching;
}

static gboolean fts5_finds(const Fixture *f, const char *expression, guint row)
{
    sqlite3_bind_text(f->match, 1, expression, -1, SQLITE_STATIC);
    sqlite3_bind_int(f->match, 2, (int)row);
    assert_int_equal(sqlite3_step(f->match), SQLITE_ROW);
    gboolean finds = sqlite3_column_int(f->match, 0) > 0;
    sqlite3_reset(f->match);
    return finds;
}

/* Made-up questions */

static const char *any_word(GRand *random)
{
    return WORDS[g_rand_int_range(random, 0, G_N_ELEMENTS(WORDS))];
}

static void append_leaf(GString *text, GRand *random)
{
    switch (g_rand_int_range(random, 0, 8)) {
    case 0:
        g_string_append_printf(text, "\"%s %s\"", any_word(random), any_word(random));
        break;
    case 1:
        g_string_append_printf(text, "%.3s*", any_word(random));
        break;
    case 2:
        g_string_append_printf(text, "title:%s", any_word(random));
        break;
    case 3:
        g_string_append_printf(text, "year:200%d..200%d", g_rand_int_range(random, 0, 4),
                               g_rand_int_range(random, 4, 9));
        break;
    default:
        g_string_append(text, any_word(random));
        break;
    }
}

static void append_group(GString *text, GRand *random, int depth)
{
    int parts = g_rand_int_range(random, 2, 4);
    for (int i = 0; i < parts; i++) {
        g_string_append(text, i == 0 ? "" : g_rand_boolean(random) ? " AND " : " OR ");
        g_string_append(text, g_rand_int_range(random, 0, 5) == 0 ? "-" : "");
        if (depth > 0 && g_rand_int_range(random, 0, 3) == 0) {
            g_string_append_c(text, '(');
            append_group(text, random, depth - 1);
            g_string_append_c(text, ')');
        } else {
            append_leaf(text, random);
        }
    }
}

/* Operators mean what they say: the same rows as FTS5 finds. */
static void test_against_fts5(void **state)
{
    const Fixture *f = *state;
    g_autoptr(GRand) random = g_rand_new_with_seed(12);
    guint found = 0;
    for (int round = 0; round < ROUNDS; round++) {
        g_autoptr(GString) typed = g_string_new(NULL);
        append_group(typed, random, 2);
        g_autoptr(Query) query = parse(f, typed->str);
        g_autoptr(Matching) matching = matched(f, query);
        if (matching->free->len > MATCHING_ALL_UP_TO)
            continue;
        for (guint row = 1; row <= DOCUMENTS; row++) {
            gboolean holds = rowset_has(matching->complete, row);
            found += (guint)holds;
            if (holds != fts5_finds(f, query_match(query), row))
                fail_msg("%s: row %u, %s", typed->str, row, query_match(query));
        }
    }
    assert_true(found > ROUNDS);
}

static void test_near(void **state)
{
    const Fixture *f = *state;
    guint found = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(WORDS); i++)
        for (gsize j = 0; j < G_N_ELEMENTS(WORDS); j++)
            for (guint distance = 0; distance < 6; distance += 2) {
                const char *field = distance == 2 ? "title:" : "";
                g_autofree char *typed = g_strdup_printf("%s%s NEAR/%u %s%s", field, WORDS[i],
                                                         distance, field, WORDS[j]);
                g_autoptr(Query) query = parse(f, typed);
                g_autoptr(Matching) matching = matched(f, query);
                for (guint row = 1; row <= DOCUMENTS && i != j; row++) {
                    gboolean holds = rowset_has(matching->complete, row);
                    found += (guint)holds;
                    if (holds != fts5_finds(f, query_match(query), row))
                        fail_msg("%s: row %u, %s", typed, row, query_match(query));
                }
            }
    assert_true(found > 100);
}

/* A concept's frequency is the sum of its alternatives': the word in any language. */
static void test_frequencies(void **state)
{
    static const Sample SAMPLES[] = {
        {.path = "a.pdf", .title = "Fonte", .marked = IT "fontana fontane" EN " fontana"},
        {.path = "b.pdf", .title = "Fontana", .marked = IT "altro"},
        {.path = "c.pdf", .title = "Altro", .marked = EN "else"},
    };
    (void)state;
    Fixture f = {.folder = sample_folder_new()};
    sample_archive(f.folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    f.searcher = searcher_new(f.folder.archive, NULL);
    assert_true(searcher_begin(f.searcher, NULL));
    g_autoptr(Query) query = parse(&f, "fontana");
    g_autoptr(Matching) matching = matching_new(query, searcher_postings(f.searcher), 4, 3, NULL);
    const ConceptMatches *concept = &matching->concept[0], *exact = &matching->exact[0];
    assert_int_equal(concept->count, 2);
    assert_float_equal(matching_frequency(concept, 1), 3, 1e-6);
    assert_float_equal(matching_frequency(concept, 2), MATCHING_TITLE_WEIGHT, 1e-6);
    assert_float_equal(matching_frequency(concept, 3), 0, 1e-6);
    assert_float_equal(matching_frequency(exact, 1), 2, 1e-6);
    assert_float_equal(concept->idf, log(1 + (3 - 2 + 0.5) / 2.5), 1e-9);
    assert_true(matching_holds(concept, 1));
    assert_false(matching_holds(concept, 3));
    searcher_end(f.searcher);
    searcher_free(f.searcher);
    sample_folder_release(&f.folder);
}

/* A compound is found as a phrase; its words have lists of their own, and no say in what matches.
 */
static void test_compound_words(void **state)
{
    static const Sample SAMPLES[] = {
        {.path = "a.pdf", .title = "A", .marked = EN "shock sound interaction"},
        {.path = "b.pdf", .title = "B", .marked = EN "sound of a shock sound"},
        {.path = "c.pdf", .title = "Sound", .marked = EN "else"},
    };
    (void)state;
    Fixture f = {.folder = sample_folder_new()};
    sample_archive(f.folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    f.searcher = searcher_new(f.folder.archive, NULL);
    assert_true(searcher_begin(f.searcher, NULL));
    g_autoptr(Query) query = parse(&f, "interaction shock-sound");
    g_autoptr(Matching) matching = matching_new(query, searcher_postings(f.searcher), 4, 3, NULL);
    assert_int_equal(matching->words->len, 2);
    const CompoundWord *shock = &g_array_index(matching->words, CompoundWord, 0);
    const CompoundWord *sound = &g_array_index(matching->words, CompoundWord, 1);
    assert_int_equal(shock->concept, 1);
    assert_int_equal(sound->concept, 1);
    assert_int_equal(shock->matches.count, 2);
    assert_int_equal(sound->matches.count, 3);
    assert_float_equal(matching_frequency(&sound->matches, 2), 2, 1e-6);
    assert_float_equal(matching_frequency(&sound->matches, 3), MATCHING_TITLE_WEIGHT, 1e-6);
    assert_int_equal(matching->concept[1].count, 2);
    assert_int_equal(rowset_count(matching->complete), 1);
    searcher_end(f.searcher);
    searcher_free(f.searcher);
    sample_folder_release(&f.folder);
}

/* Of two or three words all; of more a good part; and who follows. */
static void test_free_words(void **state)
{
    static const Sample SAMPLES[] = {
        {.path = "a.pdf", .title = "A", .marked = IT "alfa beta gamma delta epsilon"},
        {.path = "b.pdf", .title = "B", .marked = IT "alfa beta gamma"},
        {.path = "c.pdf", .title = "C", .marked = IT "alfa beta"},
        {.path = "d.pdf", .title = "D", .marked = IT "alfa"},
        {.path = "e.pdf", .title = "E", .marked = IT "zeta"},
    };
    static const struct {
        const char *typed;
        const char *complete;
        const char *most; /* of a long question; "" for a short one */
        const char *partial;
    } CASES[] = {
        {"alfa", "abcd", "", ""},
        {"alfa beta", "abc", "", "d"},
        {"alfa beta gamma", "ab", "", "c"},
        {"alfa AND beta", "abc", "", ""},
        {"\"alfa\" \"beta\"", "abc", "", ""},
        {"alfa beta gamma delta epsilon", "abc", "a", ""},
        {"alfa beta gamma delta epsilon -delta", "bc", "", ""},
        {"alfa assente", "", "", "abcd"},
        {"alfa beta zeta", "", "", "abce"},
        {"alfa -beta", "d", "", ""},
    };
    (void)state;
    Fixture f = {.folder = sample_folder_new()};
    sample_archive(f.folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    f.searcher = searcher_new(f.folder.archive, NULL);
    assert_true(searcher_begin(f.searcher, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Query) query = parse(&f, CASES[i].typed);
        g_autoptr(Matching) matching =
            matching_new(query, searcher_postings(f.searcher), 6, 5, NULL);
        g_autoptr(RowSet) partial = matching_partial(matching);
        const RowSet *sets[] = {matching->complete, matching->most, partial};
        const char *const expected[] = {CASES[i].complete, CASES[i].most, CASES[i].partial};
        for (int set = 0; set < 3; set++) {
            g_autoptr(GString) rows = g_string_new(NULL);
            for (guint row = 1; sets[set] && row <= 5; row++)
                if (rowset_has(sets[set], row))
                    g_string_append_c(rows, (char)('a' + row - 1));
            if (strcmp(rows->str, expected[set]) != 0)
                fail_msg("%s: set %d is %s, not %s", CASES[i].typed, set, rows->str, expected[set]);
        }
    }
    searcher_end(f.searcher);
    searcher_free(f.searcher);
    sample_folder_release(&f.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_against_fts5, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_near, set_up, tear_down),
        cmocka_unit_test(test_frequencies),
        cmocka_unit_test(test_compound_words),
        cmocka_unit_test(test_free_words),
    };
    return cmocka_run_group_tests_name("matching", tests, NULL, NULL);
}
