/* Tests of indexer/analysis: text in, index terms out; and the same terms inside FTS5. */
#include "../../indexer/analysis.h"

#include <sqlite3.h>

#include "fixture.h"

#define ITALIAN "\x02"
#define ENGLISH "\x03"
#define OTHER   "\x01"
#define TERMS   "\x04"

typedef struct {
    GString *listed;
    gboolean with_places;
} Listing;

static gboolean list_word(const AnalysedWord *word, gpointer data)
{
    Listing *listing = data;
    g_string_append_printf(listing->listed, "%s%s", listing->listed->len ? " " : "", word->word);
    if (word->stem)
        g_string_append_printf(listing->listed, "|%s", word->stem);
    if (listing->with_places)
        g_string_append_printf(listing->listed, "@%u.%u.%s", word->position, word->page,
                               language_code(word->language));
    return TRUE;
}

static gboolean list_exact(const AnalysedWord *word, gpointer data)
{
    GString *listed = data;
    g_string_append_printf(listed, "%s%s", listed->len ? " " : "", word->word);
    return TRUE;
}

static char *exact_words(const char *text, gsize length)
{
    g_autoptr(Analyser) analyser = analyser_new();
    GString *listed = g_string_new(NULL);
    analyser_walk(analyser, text, length, list_exact, listed);
    return g_string_free(listed, FALSE);
}

static char *analysed(const char *text, gboolean with_places)
{
    g_autoptr(Analyser) analyser = analyser_new();
    Listing listing = {g_string_new(NULL), with_places};
    analyser_walk(analyser, text, strlen(text), list_word, &listing);
    return g_string_free(listing.listed, FALSE);
}

static void test_folding(void **state)
{
    static const struct {
        const char *text;
        const char *words;
    } ROWS[] = {
        {"", ""},
        {" \n\t.,;:!?-", ""},
        {"Statuto COMUNALE", "statuto comunale"},
        {"citt\xC3\xA0", "citta"},
        {"citta'", "citta"},
        {"citta\xE2\x80\x99", "citta"},
        {"citta\xCC\x80", "citta"}, /* combining grave */
        {"CITT\xC3\x80", "citta"},
        {"perch\xC3\xA9 pi\xC3\xB9 c'\xC3\xA8", "perche piu c e"},
        {"dell'associazione", "dell associazione"},
        {"dell\xE2\x80\x99"
         "associazione",
         "dell associazione"},
        {"L'Aquila", "l aquila"},
        {"e\xEF\xAC\x83"
         "ciente",
         "efficiente"},
        {"\xC3\x86ther c\xC5\x93ur stra\xC3\x9F"
         "e",
         "aether coeur strasse"},
        {"STRA\xE1\xBA\x9E"
         "E",
         "strasse"},
        {"\xC5\x81\xC3\xB3"
         "d\xC5\xBA S\xC3\xB8ren",
         "lodz soren"},
        {"\xC4\xB0stanbul \xC4\xB1rmak", "istanbul irmak"},
        {"politico-istituzionale", "politico istituzionale"},
        {"legge 125/2014", "legge 125 2014"},
        {"1.200,50 \xE2\x82\xAC", "1 200 50"},
        {"A4 CO2 B2B", "a4 co2 b2b"},
        {"CO\xE2\x82\x82 m\xC2\xB2", "co2 m2"},
        {"foo_bar", "foo bar"},
        {"R\xC3\xA9union\xCC\x81", "reunion"}, /* a mark on a letter that has one */
        {"a \xCC\x80 b", "a b"},               /* a mark on nothing is no word */
        {"\xCE\x91\xCE\xB8\xCE\xAE\xCE\xBD\xCE\xB1", "\xCE\xB1\xCE\xB8\xCE\xB7\xCE\xBD\xCE\xB1"},
        {"\xD0\x9C\xD0\xB8\xD1\x80", "\xD0\xBC\xD0\xB8\xD1\x80"},
        {"\xEF\xBC\xA1\xEF\xBC\x91", "a1"}, /* full-width */
        {"parte\xC2\xADnza", "parte nza"},  /* clean text has no soft hyphen */
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *words = exact_words(ROWS[i].text, strlen(ROWS[i].text));
        assert_string_equal(words, ROWS[i].words);
    }
}

static void test_bytes_that_are_no_text(void **state)
{
    static const struct {
        const char *text;
        gsize length;
        const char *words;
    } ROWS[] = {
        {"uno\0due", 7, "uno due"},
        {"citt\xE0 nuova", 11, "citt nuova"},
        {"a\xFF\xFE"
         "b",
         4, "a b"},
        {"citt\xC3", 5, "citt"}, /* cut within a character */
        {"\xC3", 1, ""},
        {"a\xC0\x80"
         "b",
         4, "a b"},
        {"a\xED\xA0\x80"
         "b",
         5, "a b"},
        {"\xF4\x90\x80\x80z", 5, "z"},
        {"citt\xC3\xA0", 5, "citt"}, /* the length ends it, not the NUL */
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        /* A copy of just that length, so that reading beyond it shows. */
        g_autofree char *text = g_memdup2(ROWS[i].text, ROWS[i].length);
        g_autofree char *words = exact_words(text, ROWS[i].length);
        assert_string_equal(words, ROWS[i].words);
    }
}

static void test_stems_and_marks(void **state)
{
    static const struct {
        const char *text;
        const char *terms;
    } ROWS[] = {
        {"cooperazioni", "cooperazioni|o:cooperazioni"},
        {ITALIAN "cooperazioni", "cooperazioni|i:cooper"},
        {ITALIAN "cooperazione", "cooperazione|i:cooper"},
        {ENGLISH "municipalities", "municipalities|e:municip"},
        {ENGLISH "municipality", "municipality|e:municip"},
        {ITALIAN "case " ENGLISH "case " OTHER "case", "case|i:cas case|e:case case|o:case"},
        {ITALIAN "ca" ENGLISH "sa", "ca|i:ca sa|e:sa"}, /* a mark parts words */
        {ITALIAN "2014 A4 \xD9\xA3", "2014 a4 \xD9\xA3"},
        {ITALIAN "m\xC2\xB2", "m2"}, /* folds to a digit, so it has none either */
        {ITALIAN "\xE2\x91\xA0", "1"},
        {TERMS "a:all k:plan", "a:all k:plan"},
        {TERMS "Citt\xC3\xA0 i:cooper", "Citt\xC3\xA0 i:cooper"},
        {TERMS "a:all\f b:x" ITALIAN "case", "a:all b:x case|i:cas"},
        {ITALIAN TERMS "x" ITALIAN "case", "x case|i:cas"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *terms = analysed(ROWS[i].text, FALSE);
        assert_string_equal(terms, ROWS[i].terms);
    }
}

static void test_spellings_share_a_stem(void **state)
{
    static const struct {
        Language language;
        const char *a, *b;
    } PAIRS[] = {
        {LANGUAGE_ITALIAN, "cooperazioni", "cooperazione"},
        {LANGUAGE_ITALIAN, "citt\xC3\xA0", "citta'"},
        {LANGUAGE_ITALIAN, "citt\xC3\xA0", "citta"},
        {LANGUAGE_ITALIAN, "statuti", "statuto"},
        {LANGUAGE_ITALIAN, "comunicazioni", "comunicare"},
        {LANGUAGE_ITALIAN, "comuni", "Comune"},
        {LANGUAGE_ITALIAN, "associazioni", "Associazione"},
        {LANGUAGE_ENGLISH, "municipalities", "municipality"},
        {LANGUAGE_ENGLISH, "agreements", "Agreement"},
        {LANGUAGE_ENGLISH, "\xEF\xAC\x81nances", "finance"},
    };
    (void)state;
    g_autoptr(Analyser) analyser = analyser_new();
    for (gsize i = 0; i < G_N_ELEMENTS(PAIRS); i++) {
        g_autofree char *a = exact_words(PAIRS[i].a, strlen(PAIRS[i].a));
        g_autofree char *b = exact_words(PAIRS[i].b, strlen(PAIRS[i].b));
        g_autofree char *stem_a = analyser_stem_term(analyser, PAIRS[i].language, a);
        g_autofree char *stem_b = analyser_stem_term(analyser, PAIRS[i].language, b);
        assert_string_equal(stem_a, stem_b);
    }
}

static void test_words_kept_apart(void **state)
{
    static const char *const PAIRS[][2] = {
        {"comune", "comunita"},
        {"comuni", "comunicazioni"},
        {"comunita", "comunicazione"},
        {"cooperazione", "cooperative"},
    };
    (void)state;
    g_autoptr(Analyser) analyser = analyser_new();
    for (gsize i = 0; i < G_N_ELEMENTS(PAIRS); i++) {
        g_autofree char *one = analyser_stem_term(analyser, LANGUAGE_ITALIAN, PAIRS[i][0]);
        g_autofree char *other = analyser_stem_term(analyser, LANGUAGE_ITALIAN, PAIRS[i][1]);
        assert_string_not_equal(one, other);
    }
}

static void test_stem_terms(void **state)
{
    (void)state;
    g_autoptr(Analyser) analyser = analyser_new();
    g_autofree char *italian = analyser_stem_term(analyser, LANGUAGE_ITALIAN, "case");
    g_autofree char *english = analyser_stem_term(analyser, LANGUAGE_ENGLISH, "case");
    g_autofree char *other = analyser_stem_term(analyser, LANGUAGE_OTHER, "case");
    assert_string_equal(italian, "i:cas");
    assert_string_equal(english, "e:case");
    assert_string_equal(other, "o:case");
    assert_null(analyser_stem_term(analyser, LANGUAGE_ITALIAN, "125"));
    assert_null(analyser_stem_term(analyser, LANGUAGE_ENGLISH, "co2"));
}

static void test_places(void **state)
{
    static const struct {
        const char *text;
        const char *terms;
    } ROWS[] = {
        {"uno due", "uno|o:uno@0.0.und due|o:due@1.0.und"},
        {ITALIAN "a\f" ITALIAN "\f" ENGLISH "b", "a|i:a@0.0.it b|e:b@1.2.en"},
        {"\f\fa", "a|o:a@0.2.und"},
        {ITALIAN "x 5 y", "x|i:x@0.0.it 5@1.0.it y|i:y@2.0.it"},
        {TERMS "a:all k:plan", "a:all@0.0.und k:plan@1.0.und"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *terms = analysed(ROWS[i].text, TRUE);
        assert_string_equal(terms, ROWS[i].terms);
    }
}

typedef struct {
    const char *text;
    GString *pieces;
    guint left;
} Piecing;

static gboolean take_piece(const AnalysedWord *word, gpointer data)
{
    Piecing *piecing = data;
    g_string_append_c(piecing->pieces, '[');
    g_string_append_len(piecing->pieces, piecing->text + word->start, (gssize)word->length);
    g_string_append_c(piecing->pieces, ']');
    return --piecing->left > 0;
}

static void test_word_bounds_and_early_end(void **state)
{
    (void)state;
    static const char TEXT[] = ITALIAN "L'Universit\xC3\xA0, e\xEF\xAC\x83"
                                       "cace: fine";
    g_autoptr(Analyser) analyser = analyser_new();
    g_autoptr(GString) pieces = g_string_new(NULL);
    Piecing piecing = {TEXT, pieces, 3};
    analyser_walk(analyser, TEXT, strlen(TEXT), take_piece, &piecing);
    assert_string_equal(pieces->str, "[L][Universit\xC3\xA0][e\xEF\xAC\x83"
                                     "cace]");
}

static void test_long_words_are_cut_at_a_character(void **state)
{
    static const struct {
        const char *unit;
        guint times;
        const char *before; /* shifts where the cut falls */
        gsize bytes;
    } ROWS[] = {
        {"a", 96, "", 96},
        {"a", 97, "", 96},
        {"a", 100000, "", 96},
        {"\xCE\xB1", 48, "", 96},
        {"\xCE\xB1", 48, "x", 95},
        {"\xCE\xB1", 400, "x", 95},
        {"\xE4\xB8\xAD", 400, "", 96},
        {"\xE4\xB8\xAD", 400, "x", 94},
        {"\xE4\xB8\xAD", 400, "xx", 95},
        {"\xF0\x90\x90\xA8", 400, "x", 93},
        {"\xF0\x90\x90\xA8", 400, "xxx", 95},
        {"\xEF\xAC\x83", 400, "", 96}, /* three letters each */
        {"\xEF\xAC\x83", 400, "x", 96},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(GString) text = g_string_new(ROWS[i].before);
        for (guint k = 0; k < ROWS[i].times; k++)
            g_string_append(text, ROWS[i].unit);
        g_autofree char *word = exact_words(text->str, text->len);
        assert_int_equal(strlen(word), ROWS[i].bytes);
        assert_true(g_utf8_validate(word, -1, NULL));
        g_string_append(text, " fine");
        g_autofree char *both = exact_words(text->str, text->len);
        assert_true(g_str_has_suffix(both, " fine"));
    }
}

static void test_elisions(void **state)
{
    static const struct {
        const char *word;
        gboolean is_elision;
    } ROWS[] = {
        {"agl", TRUE},    {"all", TRUE},     {"c", TRUE},  {"d", TRUE},    {"dall", TRUE},
        {"degl", TRUE},   {"dell", TRUE},    {"gl", TRUE}, {"l", TRUE},    {"mezz", TRUE},
        {"nell", TRUE},   {"quest", TRUE},   {"s", TRUE},  {"sant", TRUE}, {"sull", TRUE},
        {"tutt", TRUE},   {"un", TRUE},      {"v", TRUE},  {"coll", TRUE}, {"com", TRUE},
        {"cos", TRUE},    {"", FALSE},       {"a", FALSE}, {"del", FALSE}, {"casa", FALSE},
        {"della", FALSE}, {"questa", FALSE}, {"z", FALSE}, {"L", FALSE},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++)
        assert_int_equal(analysis_is_elision(ROWS[i].word), ROWS[i].is_elision);
}

/* Marking */

static GString *marked_by(const char *text, const LanguageRun *runs, guint count)
{
    g_autoptr(GArray) array = g_array_new(FALSE, FALSE, sizeof(LanguageRun));
    g_array_append_vals(array, runs, count);
    return analysis_mark(text, strlen(text), array);
}

static void test_marking(void **state)
{
    static const struct {
        const char *text;
        LanguageRun runs[3];
        guint count;
        const char *marked;
    } ROWS[] = {
        {"", {{0}}, 0, OTHER},
        {"uno", {{0, 3, LANGUAGE_ITALIAN}}, 1, ITALIAN "uno"},
        {"uno\fdue", {{0, 7, LANGUAGE_ITALIAN}}, 1, ITALIAN "uno\f" ITALIAN "due"},
        {"uno\f\fdue", {{0, 8, LANGUAGE_ITALIAN}}, 1, ITALIAN "uno\f" ITALIAN "\f" ITALIAN "due"},
        {"uno\f", {{0, 4, LANGUAGE_ITALIAN}}, 1, ITALIAN "uno\f" ITALIAN},
        {"\fone", {{0, 4, LANGUAGE_ENGLISH}}, 1, ENGLISH "\f" ENGLISH "one"},
        {"uno one",
         {{0, 4, LANGUAGE_ITALIAN}, {4, 3, LANGUAGE_ENGLISH}},
         2,
         ITALIAN "uno " ENGLISH "one"},
        {"uno\fone",
         {{0, 4, LANGUAGE_ITALIAN}, {4, 3, LANGUAGE_ENGLISH}},
         2,
         ITALIAN "uno\f" ITALIAN ENGLISH "one"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(GString) marked = marked_by(ROWS[i].text, ROWS[i].runs, ROWS[i].count);
        assert_string_equal(marked->str, ROWS[i].marked);
        assert_int_equal(marked->len, strlen(ROWS[i].marked));
    }
}

static guint count_byte(const char *text, gsize length, char byte)
{
    guint count = 0;
    for (gsize i = 0; i < length; i++)
        count += text[i] == byte;
    return count;
}

/* What every reader of marked text relies on: pages as before, each beginning with a mark, and the
 * text itself when the marks are taken out. */
static void test_marking_keeps_pages(void **state)
{
    static const char *const TEXTS[] = {
        "Lo statuto del comune.\fThe statute of the municipality.\f\f\fLa citt\xC3\xA0.",
        "\f\f\f",
        "2014\f",
        "Approva il piano.\n\nThe council approves it.\fDas ist ein deutscher Satz f\xC3\xBCr uns.",
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        gsize length = strlen(TEXTS[i]);
        g_autoptr(GArray) runs = language_runs(TEXTS[i], length);
        g_autoptr(GString) marked = analysis_mark(TEXTS[i], length, runs);
        g_autoptr(GString) bare = g_string_new(NULL);
        assert_int_equal(count_byte(marked->str, marked->len, '\f'),
                         count_byte(TEXTS[i], length, '\f'));
        for (gsize k = 0; k < marked->len; k++) {
            if (k == 0 || marked->str[k - 1] == MARK_PAGE)
                assert_in_range(marked->str[k], MARK_OTHER, MARK_ENGLISH);
            if ((guchar)marked->str[k] > MARK_TERMS)
                g_string_append_c(bare, marked->str[k]);
        }
        assert_in_range(marked->str[marked->len - 1] == MARK_PAGE, 0, 0);
        assert_string_equal(bare->str, TEXTS[i]);
    }
}

/* Counting */

static gboolean tally(const AnalysedWord *word, gpointer data)
{
    GArray *counts = data;
    g_array_set_size(counts, MAX(counts->len, word->page + 1));
    g_array_index(counts, guint, word->page)++;
    return TRUE;
}

static void test_counting_agrees_with_walking(void **state)
{
    static const char *const TEXTS[] = {
        "",
        "\f",
        ITALIAN "uno due\f" ITALIAN "\f" ITALIAN "tre",
        ITALIAN "l'una 125/2014\f" ENGLISH "\xCC\x80 x\xFF y\f\f",
        TERMS "a:all k:plan\f b:x",
    };
    static const guint PAGES[] = {1, 2, 3, 4, 2};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_autoptr(Analyser) analyser = analyser_new();
        g_autoptr(GArray) walked = g_array_new(FALSE, TRUE, sizeof(guint));
        g_autoptr(GArray) counted = analysis_count_words(TEXTS[i], strlen(TEXTS[i]));
        analyser_walk(analyser, TEXTS[i], strlen(TEXTS[i]), tally, walked);
        assert_int_equal(counted->len, PAGES[i]);
        assert_true(walked->len <= counted->len);
        g_array_set_size(walked, counted->len);
        assert_memory_equal(walked->data, counted->data, counted->len * sizeof(guint));
    }
}

static gboolean count_word(const AnalysedWord *word, gpointer data)
{
    (void)word;
    ++*(guint *)data;
    return TRUE;
}

/* More different words than are remembered: the memory of stems is emptied under way. */
static void test_very_many_words(void **state)
{
    enum { WORDS = 210000 };
    (void)state;
    g_autoptr(GString) text = g_string_new(ITALIAN);
    for (guint i = 0; i < WORDS; i++) {
        for (guint rest = i, k = 0; k < 4; k++, rest /= 26)
            g_string_append_c(text, (char)('a' + rest % 26));
        g_string_append_c(text, ' ');
    }
    g_autoptr(Analyser) analyser = analyser_new();
    guint seen = 0;
    analyser_walk(analyser, text->str, text->len, count_word, &seen);
    assert_int_equal(seen, WORDS);
    g_autofree char *stem = analyser_stem_term(analyser, LANGUAGE_ITALIAN, "cooperazioni");
    assert_string_equal(stem, "i:cooper");
}

/* In FTS5 */

static sqlite3 *open_index(void)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_true(analysis_register(db));
    assert_int_equal(sqlite3_exec(db,
                                  "CREATE TABLE content(row INTEGER PRIMARY KEY, text);"
                                  "CREATE VIRTUAL TABLE posting USING fts5(text,"
                                  " content='content', content_rowid='row', columnsize=0,"
                                  " tokenize='schedario');"
                                  "CREATE VIRTUAL TABLE vocabulary USING fts5vocab(posting, row)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    return db;
}

static void run_with(sqlite3 *db, const char *sql, int row, const char *text)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_int(statement, 1, row);
    if (text)
        sqlite3_bind_text(statement, 2, text, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

static void add_text(sqlite3 *db, int row, const char *text)
{
    run_with(db, "INSERT INTO content(row, text) VALUES(?1, ?2)", row, text);
    run_with(db, "INSERT INTO posting(rowid, text) VALUES(?1, ?2)", row, text);
}

static void check_integrity(sqlite3 *db)
{
    assert_int_equal(sqlite3_exec(db, "INSERT INTO posting(posting) VALUES('integrity-check')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
}

/* The first column of all rows, parted by blanks. */
static char *ask(sqlite3 *db, const char *sql, const char *argument)
{
    sqlite3_stmt *statement = NULL;
    GString *answer = g_string_new(NULL);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    if (argument)
        sqlite3_bind_text(statement, 1, argument, -1, SQLITE_STATIC);
    int status;
    while ((status = sqlite3_step(statement)) == SQLITE_ROW)
        g_string_append_printf(answer, "%s%s", answer->len ? " " : "",
                               (const char *)sqlite3_column_text(statement, 0));
    assert_int_equal(status, SQLITE_DONE);
    sqlite3_finalize(statement);
    return g_string_free(answer, FALSE);
}

static void test_matching(void **state)
{
    static const struct {
        const char *match;
        const char *rows;
    } ROWS[] = {
        {"\"cooperazione\"", "1"},
        {"\"i:cooper-\"*", "1 2"}, /* forms of a word stand together */
        {"\"e:cooper-\"*", "3"},
        {"\"i:cooper-azione\"", "1"},
        {"\"cooperation\"", "3"},
        {"\"la cooperazione\"", "1"},
        {"\"i:cooper-azione decentrata\"", "1"}, /* a phrase of a term and a word */
        {"\"piano nazionale\"", "2"},            /* over a page's end */
        {"\"nazionale piano\"", ""},
        {"\"citta\"", "1"},
        {"\"i:ci\"*", "1"},
        {"\"Cooperazione\"", ""}, /* terms are taken as they stand */
        {"\"125 2014\"", "3"},
        {"\"i:125\"", ""},
        {"NOT_A_TERM", ""},
        {"\"la\" NOT \"decentrata\"", ""},
        {"NEAR(\"cooperazione\" \"citta\", 5)", "1"},
    };
    (void)state;
    sqlite3 *db = open_index();
    add_text(db, 1, ITALIAN "La cooperazione decentrata. Citt\xC3\xA0!");
    add_text(db, 2, ITALIAN "Cooperazioni: il piano\f" ITALIAN "nazionale");
    add_text(db, 3, ENGLISH "Cooperation under Law 125/2014");
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *rows = ask(
            db, "SELECT rowid FROM posting WHERE posting MATCH ?1 ORDER BY rowid", ROWS[i].match);
        assert_string_equal(rows, ROWS[i].rows);
    }
    check_integrity(db);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void test_deleting(void **state)
{
    static const char FIRST[] = ITALIAN "citt\xC3\xA0 e comuni\f" ENGLISH "towns\f" TERMS "a:all";
    (void)state;
    sqlite3 *db = open_index();
    add_text(db, 1, FIRST);
    add_text(db, 2, ITALIAN "citt\xC3\xA0");
    check_integrity(db);
    run_with(db, "INSERT INTO posting(posting, rowid, text) VALUES('delete', ?1, ?2)", 1, FIRST);
    run_with(db, "DELETE FROM content WHERE row = ?1", 1, NULL);
    check_integrity(db);
    g_autofree char *terms = ask(db, "SELECT term FROM vocabulary ORDER BY term", NULL);
    assert_string_equal(terms, "i:citt-a");
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void test_vocabulary(void **state)
{
    (void)state;
    sqlite3 *db = open_index();
    add_text(db, 1, ITALIAN "Comuni, comune 125" ENGLISH " towns" TERMS "k:plan a:all");
    g_autofree char *terms =
        ask(db, "SELECT term || '=' || cnt FROM vocabulary ORDER BY term", NULL);
    assert_string_equal(terms, "125=1 a:all=1 e:town-s=1 i:comun-e=1 i:comun-i=1 k:plan=1");
    g_autofree char *rebuilt = ask(db, "SELECT count(*) FROM vocabulary", NULL);
    assert_int_equal(
        sqlite3_exec(db, "INSERT INTO posting(posting) VALUES('rebuild')", NULL, NULL, NULL),
        SQLITE_OK);
    g_autofree char *again = ask(db, "SELECT count(*) FROM vocabulary", NULL);
    assert_string_equal(rebuilt, again);
    check_integrity(db);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void test_tokeniser_takes_no_options(void **state)
{
    (void)state;
    sqlite3 *db = open_index();
    assert_int_not_equal(
        sqlite3_exec(db, "CREATE VIRTUAL TABLE x USING fts5(a, tokenize='schedario sharp')", NULL,
                     NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folding),
        cmocka_unit_test(test_bytes_that_are_no_text),
        cmocka_unit_test(test_stems_and_marks),
        cmocka_unit_test(test_spellings_share_a_stem),
        cmocka_unit_test(test_words_kept_apart),
        cmocka_unit_test(test_stem_terms),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_word_bounds_and_early_end),
        cmocka_unit_test(test_long_words_are_cut_at_a_character),
        cmocka_unit_test(test_elisions),
        cmocka_unit_test(test_marking),
        cmocka_unit_test(test_marking_keeps_pages),
        cmocka_unit_test(test_counting_agrees_with_walking),
        cmocka_unit_test(test_very_many_words),
        cmocka_unit_test(test_matching),
        cmocka_unit_test(test_deleting),
        cmocka_unit_test(test_vocabulary),
        cmocka_unit_test(test_tokeniser_takes_no_options),
    };
    return cmocka_run_group_tests_name("analysis", tests, NULL, NULL);
}
