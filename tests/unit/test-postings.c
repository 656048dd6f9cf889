/* Tests of server/postings: for every index term, phrases and prefixes, the rows, counts and
 * positions are those that FTS5 itself tells, whatever shape the index has: leaves of a few bytes,
 * lists over many leaves, many segments, updates, deletes, merges that have not come to their end.
 * A damaged index gives an error or a well-formed answer. */
#include "sample.h"

#include <sqlite3.h>

#include "../../indexer/stems.h"
#include "../../server/postings/postings.h"

/* What FTS5 tells */

typedef struct {
    char *term;
    gint64 row;
    int column;
    int position;
} Instance;

typedef struct {
    sqlite3 *db;
    GArray *instances; /* Instance: by term, row, column, position */
    GHashTable *set;   /* "row column position term" */
    GPtrArray *terms;  /* borrowed, sorted */
    GHashTable *names; /* what may be asked for: terms, their words and stems */
} Oracle;

static void run_sql(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    return statement;
}

static int column_of(const char *name)
{
    static const char *const NAMES[] = {"text", "title", "catalogue"};
    for (int i = 0; i < POSTING_COLUMNS; i++)
        if (strcmp(name, NAMES[i]) == 0)
            return i;
    fail_msg("column %s", name);
    return -1;
}

static char *instance_key(gint64 row, int column, int position, const char *term)
{
    return g_strdup_printf("%d %d %d %s", (int)row, column, position, term);
}

static void oracle_add_instance(Oracle *oracle, Instance instance)
{
    g_hash_table_add(oracle->names, g_strdup(instance.term));
    g_hash_table_add(oracle->set,
                     instance_key(instance.row, instance.column, instance.position, instance.term));
    g_array_append_val(oracle->instances, instance);
}

/* The word and the stem of a word's term stand where it stands. */
static void oracle_add_names(Oracle *oracle, Instance instance)
{
    g_autoptr(GString) word = g_string_new(NULL);
    const char *part = strchr(instance.term, STEM_PART);
    stems_append_word(word, instance.term);
    if (!part || strcmp(word->str, instance.term) == 0)
        return;
    const char *term = instance.term;
    instance.term = g_strdup(word->str);
    oracle_add_instance(oracle, instance);
    instance.term = g_strndup(term, (gsize)(part - term));
    oracle_add_instance(oracle, instance);
}

static void oracle_add(Oracle *oracle, sqlite3_stmt *statement)
{
    Instance instance = {
        .term = g_strdup((const char *)sqlite3_column_text(statement, 0)),
        .row = sqlite3_column_int64(statement, 1),
        .column = column_of((const char *)sqlite3_column_text(statement, 2)),
        .position = sqlite3_column_int(statement, 3),
    };
    guint terms = oracle->terms->len;
    if (terms == 0 || strcmp(oracle->terms->pdata[terms - 1], instance.term) != 0)
        g_ptr_array_add(oracle->terms, instance.term);
    oracle_add_instance(oracle, instance);
    oracle_add_names(oracle, instance);
}

static Oracle oracle_new(sqlite3 *db)
{
    Oracle oracle = {db, g_array_new(FALSE, FALSE, sizeof(Instance)),
                     g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                     g_ptr_array_new(),
                     g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    run_sql(db, "CREATE VIRTUAL TABLE IF NOT EXISTS temp.instance"
                " USING fts5vocab(main, posting, instance)");
    sqlite3_stmt *statement = prepare(db, "SELECT term, doc, col, offset FROM temp.instance");
    while (sqlite3_step(statement) == SQLITE_ROW)
        oracle_add(&oracle, statement);
    sqlite3_finalize(statement);
    return oracle;
}

static void oracle_release(Oracle *oracle)
{
    for (guint i = 0; i < oracle->instances->len; i++)
        g_free(g_array_index(oracle->instances, Instance, i).term);
    g_array_unref(oracle->instances);
    g_hash_table_unref(oracle->set);
    g_ptr_array_unref(oracle->terms);
    g_hash_table_unref(oracle->names);
}

#define AUTO_ORACLE __attribute__((cleanup(oracle_release))) Oracle

static gboolean stands_at(const Oracle *oracle, const Instance *first, int offset, const char *term)
{
    g_autofree char *key = instance_key(first->row, first->column, first->position + offset, term);
    return g_hash_table_contains(oracle->set, key);
}

static gboolean any_stands_at(const Oracle *oracle, const Instance *first, int offset,
                              const char *term, gboolean is_prefix)
{
    if (!is_prefix)
        return stands_at(oracle, first, offset, term);
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, oracle->names);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        if (g_str_has_prefix(name, term) && stands_at(oracle, first, offset, name))
            return TRUE;
    return FALSE;
}

static int compare_instances(gconstpointer a, gconstpointer b)
{
    const Instance *x = a, *y = b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return x->column != y->column ? x->column - y->column : x->position - y->position;
}

/* Where a phrase begins: Instance, by row, column, position. */
static GArray *oracle_find(const Oracle *oracle, const char *phrase, gboolean is_prefix)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Instance));
    g_auto(GStrv) terms = g_strsplit(phrase, " ", -1);
    int last = (int)g_strv_length(terms) - 1;
    for (guint i = 0; i < oracle->instances->len; i++) {
        const Instance *first = &g_array_index(oracle->instances, Instance, i);
        gboolean begins = is_prefix && last == 0 ? g_str_has_prefix(first->term, terms[0])
                                                 : strcmp(first->term, terms[0]) == 0;
        for (int j = 1; begins && j <= last; j++)
            begins = any_stands_at(oracle, first, j, terms[j], is_prefix && j == last);
        if (begins)
            g_array_append_val(found, *first);
    }
    g_array_sort(found, compare_instances);
    for (guint i = found->len; i > 1; i--)
        if (compare_instances(&g_array_index(found, Instance, i - 1),
                              &g_array_index(found, Instance, i - 2)) == 0)
            g_array_remove_index(found, i - 1);
    return found;
}

/* Holding postings against it */

static const PostingList *find(Postings *postings, const char *phrase, gboolean is_prefix)
{
    g_autoptr(GError) error = NULL;
    const PostingList *list = postings_find(postings, phrase, is_prefix, &error);
    if (!list)
        fail_msg("%s: %s", phrase, error->message);
    return list;
}

static void begin(Postings *postings)
{
    g_autoptr(GError) error = NULL;
    if (!postings_begin(postings, &error))
        fail_msg("%s", error->message);
}

static void check_places(Postings *postings, const char *phrase, gboolean is_prefix, gint64 row,
                         int column, const Instance *expected, guint count)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) positions = g_array_new(FALSE, FALSE, sizeof(guint32));
    if (!postings_places(postings, phrase, is_prefix, (guint32)row, (PostingColumn)column,
                         positions, &error))
        fail_msg("%s in %d: %s", phrase, (int)row, error->message);
    if (positions->len != count)
        fail_msg("%s%s in %d, %d: %u places, not %u", phrase, is_prefix ? "*" : "", (int)row,
                 column, positions->len, count);
    for (guint i = 0; i < count; i++)
        assert_int_equal(g_array_index(positions, guint32, i), expected[i].position);
}

static guint run_length(const GArray *found, guint from, gboolean with_column)
{
    const Instance *first = &g_array_index(found, Instance, from);
    guint i = from;
    while (i < found->len && g_array_index(found, Instance, i).row == first->row &&
           (!with_column || g_array_index(found, Instance, i).column == first->column))
        i++;
    return i - from;
}

/* One row's counts and places; `found` from `from` on is of that row. */
static void check_row(Postings *postings, const char *phrase, gboolean is_prefix,
                      const GArray *found, guint from, guint32 text, guint16 title)
{
    guint counts[POSTING_COLUMNS] = {0};
    guint length = run_length(found, from, FALSE);
    const Instance *first = &g_array_index(found, Instance, from);
    gint64 row = first->row;
    for (guint i = 0; i < length; i++)
        counts[first[i].column]++;
    if (text != counts[COLUMN_OF_TEXT] || title != counts[COLUMN_OF_TITLE])
        fail_msg("%s in %d: %u and %u", phrase, (int)row, text, title);
    for (int column = 0; column < POSTING_COLUMNS; column++) {
        check_places(postings, phrase, is_prefix, row, column, first, counts[column]);
        first += counts[column];
    }
}

/* FTS5 knows no stems, nor the beginnings of words, but of terms. */
static gboolean is_for_match(const char *phrase, gboolean is_prefix)
{
    g_auto(GStrv) terms = g_strsplit(phrase, " ", -1);
    const char *last = terms[g_strv_length(terms) - 1];
    for (guint i = 0; terms[i]; i++)
        if (stems_is_stem(terms[i], strlen(terms[i])) && !(is_prefix && terms[i] == last))
            return FALSE;
    return !is_prefix || strchr(last, ':');
}

/* The rows are those that MATCH finds. */
static void check_match(sqlite3 *db, const char *phrase, gboolean is_prefix,
                        const PostingList *list)
{
    if (!is_for_match(phrase, is_prefix))
        return;
    sqlite3_stmt *statement =
        prepare(db, "SELECT rowid FROM posting WHERE posting MATCH ?1 ORDER BY rowid");
    g_autofree char *match = g_strdup_printf("\"%s\"%s", phrase, is_prefix ? " *" : "");
    sqlite3_bind_text(statement, 1, match, -1, SQLITE_STATIC);
    guint i = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        assert_true(i < list->count);
        assert_int_equal(sqlite3_column_int64(statement, 0), list->rows[i]);
        i++;
    }
    assert_int_equal(i, list->count);
    sqlite3_finalize(statement);
}

static void check_phrase(const Oracle *oracle, Postings *postings, const char *phrase,
                         gboolean is_prefix)
{
    g_autoptr(GArray) found = oracle_find(oracle, phrase, is_prefix);
    const PostingList *list = find(postings, phrase, is_prefix);
    check_match(oracle->db, phrase, is_prefix, list);
    guint at = 0;
    for (guint i = 0; i < list->count; i++) {
        if (at == found->len || g_array_index(found, Instance, at).row != list->rows[i])
            fail_msg("%s%s: row %u is not one", phrase, is_prefix ? "*" : "", list->rows[i]);
        check_row(postings, phrase, is_prefix, found, at, list->text[i], list->title[i]);
        at += run_length(found, at, FALSE);
    }
    if (at != found->len)
        fail_msg("%s%s: row %d is missing", phrase, is_prefix ? "*" : "",
                 (int)g_array_index(found, Instance, at).row);
    assert_ptr_equal(find(postings, phrase, is_prefix), list);
}

typedef struct {
    const Oracle *oracle;
    guint at;
} TermCheck;

static gboolean check_term(const char *term, guint64 bytes, gpointer data)
{
    TermCheck *check = data;
    assert_true(check->at < check->oracle->terms->len);
    assert_string_equal(term, check->oracle->terms->pdata[check->at]);
    assert_true(bytes >= 3);
    check->at++;
    return TRUE;
}

/* A generator of numbers of its own, so that tests are the same everywhere. */
static guint random_below(guint64 *state, guint below)
{
    *state = *state * G_GUINT64_CONSTANT(6364136223846793005) + 1442695040888963407u;
    return (guint)((*state >> 33) % below);
}

static void check_random_phrases(const Oracle *oracle, Postings *postings, guint count)
{
    guint64 state = 7;
    g_autoptr(GList) list = g_list_sort(g_hash_table_get_keys(oracle->names), (GCompareFunc)strcmp);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const GList *at = list; at; at = at->next)
        g_ptr_array_add(names, at->data);
    for (guint i = 0; i < count && names->len > 0; i++) {
        const Instance *first = &g_array_index(oracle->instances, Instance,
                                               random_below(&state, oracle->instances->len));
        GString *phrase = g_string_new(first->term);
        guint words = 1 + random_below(&state, 3);
        for (guint j = 1; j < words; j++)
            g_string_append_printf(phrase, " %s",
                                   (char *)names->pdata[random_below(&state, names->len)]);
        check_phrase(oracle, postings, phrase->str, FALSE);
        g_string_truncate(phrase, phrase->len - (phrase->len > 2 && i % 2));
        if (!g_str_has_suffix(phrase->str, " "))
            check_phrase(oracle, postings, phrase->str, TRUE);
        g_string_free(phrase, TRUE);
    }
}

/* Everything that FTS5 tells of the index. */
static void check_all(sqlite3 *db, Postings *postings, guint phrases)
{
    AUTO_ORACLE oracle = oracle_new(db);
    g_autoptr(GError) error = NULL;
    TermCheck check = {&oracle, 0};
    begin(postings);
    assert_true(postings_terms(postings, "", check_term, &check, &error));
    assert_int_equal(check.at, oracle.terms->len);
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, oracle.names);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        check_phrase(&oracle, postings, name, FALSE);
    check_random_phrases(&oracle, postings, phrases);
    assert_int_equal(find(postings, "missing", FALSE)->count, 0);
    assert_int_equal(find(postings, "zzz", TRUE)->count, 0);
}

/* Indexes of many shapes */

typedef struct {
    const char *name;
    int page_bytes;
    int automerge;
    int crisismerge;
    guint documents;
    guint words;      /* of a document, at most */
    guint vocabulary; /* different ones */
    guint at_once;    /* documents put in one transaction */
    guint updated;    /* one in so many is put again, later */
    guint deleted;
    const char *afterwards; /* SQL */
} Shape;

static const Shape SHAPES[] = {
    {"one leaf", 4050, 4, 16, 5, 20, 10, 5, 0, 0, NULL},
    {"small leaves", 64, 4, 16, 60, 60, 30, 60, 0, 0, NULL},
    {"smallest leaves", 32, 4, 16, 40, 50, 20, 40, 0, 0, NULL},
    {"lists over many leaves", 64, 4, 16, 30, 900, 3, 30, 0, 0, NULL},
    {"long steps", 128, 4, 16, 8, 3000, 400, 8, 0, 0, NULL},
    {"many segments", 128, 0, 16, 90, 40, 40, 7, 0, 0, NULL},
    {"updates", 128, 0, 16, 90, 40, 40, 7, 3, 0, NULL},
    {"deletes", 64, 0, 16, 90, 40, 40, 7, 0, 3, NULL},
    {"updates and deletes over leaves", 64, 0, 16, 40, 300, 8, 9, 3, 4, NULL},
    {"merged as it goes", 64, 2, 3, 120, 60, 60, 3, 4, 5, NULL},
    {"merging", 64, 0, 16, 120, 80, 60, 7, 4, 5,
     "INSERT INTO posting(posting, rank) VALUES('merge', -9)"},
    {"merging on", 64, 0, 16, 120, 80, 60, 7, 4, 5,
     "INSERT INTO posting(posting, rank) VALUES('merge', -30);"
     "INSERT INTO posting(posting, rank) VALUES('merge', 20);"
     "INSERT INTO posting(posting, rank) VALUES('merge', 20)"},
    {"optimised", 64, 0, 16, 90, 60, 60, 7, 4, 5,
     "INSERT INTO posting(posting) VALUES('optimize')"},
    {"rebuilt", 128, 0, 16, 90, 60, 60, 7, 4, 5, "INSERT INTO posting(posting) VALUES('rebuild')"},
    {"emptied", 128, 0, 16, 20, 30, 30, 7, 0, 0, "DELETE FROM posting"},
    {"never filled", 128, 4, 16, 0, 30, 30, 7, 0, 0, NULL},
};

/* Few words are frequent, and many begin alike. */
static void append_words(GString *text, guint64 *state, guint words, guint vocabulary)
{
    for (guint i = 0; i < words; i++) {
        guint bound = 1 + random_below(state, vocabulary);
        guint word = random_below(state, bound);
        g_string_append_printf(text, "%c%c%u ", "abcde"[word % 5], "xyz"[word % 3], word);
    }
}

static void put(sqlite3 *db, const char *sql, gint64 row, guint64 *state, const Shape *shape)
{
    sqlite3_stmt *statement = prepare(db, sql);
    const guint words[] = {random_below(state, 5), random_below(state, shape->words + 1),
                           random_below(state, 4)};
    sqlite3_bind_int64(statement, 1, row);
    for (int i = 0; i < POSTING_COLUMNS; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        append_words(text, state, words[i], shape->vocabulary);
        sqlite3_bind_text(statement, 2 + i, text->str, -1, SQLITE_TRANSIENT);
    }
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

static void put_words(sqlite3 *db, int row, const char *words)
{
    g_autofree char *sql =
        g_strdup_printf("INSERT INTO posting(rowid, text) VALUES(%d, '%s')", row, words);
    run_sql(db, sql);
}

static void configure(sqlite3 *db, const Shape *shape)
{
    g_autofree char *sql = g_strdup_printf(
        "CREATE VIRTUAL TABLE posting USING fts5(text, title, catalogue, columnsize=0);"
        "INSERT INTO posting(posting, rank) VALUES('pgsz', %d), ('automerge', %d),"
        " ('crisismerge', %d)",
        shape->page_bytes, shape->automerge, shape->crisismerge);
    run_sql(db, sql);
}

/* Every few documents in a transaction of their own, a gap in the rows now and then. */
static void fill(sqlite3 *db, const Shape *shape)
{
    static const char PUT[] = "INSERT OR REPLACE INTO posting(rowid, title, text, catalogue)"
                              " VALUES(?1, ?2, ?3, ?4)";
    guint64 state = 11;
    for (guint i = 0; i < shape->documents; i++) {
        if (i % shape->at_once == 0)
            run_sql(db, "BEGIN");
        put(db, PUT, i * 3 + 1 + (i > 20 ? 1000 : 0), &state, shape);
        if (shape->updated && i % shape->updated == 1)
            put(db, PUT, i / 2 * 3 + 1 + (i / 2 > 20 ? 1000 : 0), &state, shape);
        if (shape->deleted && i % shape->deleted == 2) {
            g_autofree char *sql = g_strdup_printf("DELETE FROM posting WHERE rowid = %d",
                                                   (int)(i / 3 * 3 + 1 + (i / 3 > 20 ? 1000 : 0)));
            run_sql(db, sql);
        }
        if (i % shape->at_once == shape->at_once - 1 || i == shape->documents - 1)
            run_sql(db, "COMMIT");
    }
    if (shape->afterwards)
        run_sql(db, shape->afterwards);
}

static sqlite3 *make(const Shape *shape)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    configure(db, shape);
    fill(db, shape);
    return db;
}

static void test_shapes(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(SHAPES); i++) {
        print_message("%s\n", SHAPES[i].name);
        sqlite3 *db = make(&SHAPES[i]);
        Postings *postings = postings_new(db, NULL);
        assert_non_null(postings);
        check_all(db, postings, 60);
        postings_free(postings);
        sqlite3_close(db);
    }
}

static guint next_number(const guint8 *bytes, int size, int *at)
{
    guint value = 0;
    do {
        assert_true(*at < size);
        value = value << 7 | (bytes[*at] & 0x7f);
    } while (bytes[(*at)++] & 0x80);
    return value;
}

/* Segments that take part in merges that have not come to their end, by the structure record. */
static guint count_merging(sqlite3 *db)
{
    sqlite3_stmt *statement = prepare(db, "SELECT block FROM posting_data WHERE id = 10");
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const guint8 *block = sqlite3_column_blob(statement, 0);
    int size = sqlite3_column_bytes(statement, 0), at = 4; /* after the cookie */
    guint levels = next_number(block, size, &at), merging = 0;
    next_number(block, size, &at);
    next_number(block, size, &at);
    for (guint i = 0; i < levels; i++) {
        merging += next_number(block, size, &at);
        for (guint j = 3 * next_number(block, size, &at); j > 0; j--)
            next_number(block, size, &at);
    }
    sqlite3_finalize(statement);
    return merging;
}

/* The shapes that are to have merges in progress do. */
static void test_unfinished_merges(void **state)
{
    (void)state;
    guint found = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(SHAPES); i++) {
        sqlite3 *db = make(&SHAPES[i]);
        found += count_merging(db) > 0;
        sqlite3_close(db);
    }
    assert_true(found >= 2);
}

/* The archive as the programs make it: two index terms at one place, catalogue terms, documents
 * put again and taken out, cards changed. */
static void test_archive(void **state)
{
    (void)state;
    static const Sample SAMPLES[] = {
        {.path = "a.pdf",
         .title = "Fontana",
         .marked = IT "acqua fontana e acqua" PAGE IT "fontana"},
        {.path = "b.pdf", .title = "Altro", .marked = IT "acqua della fontana antica"},
        {.path = "c.pdf", .title = "Water", .marked = EN "waters of the city" PAGE IT "acque"},
        {.path = "e.pdf",
         .title = "Cities",
         .marked = EN "cities, a city's CO2, the city" UND "city"},
        {.path = "d.pdf", .title = "Acqua", .marked = UND "parole", .body = "ANCI", .year = 2019},
        {.path = "f.pdf",
         .title = "Fontana acqua",
         .marked = IT "acqua della città, acqua della città" EN "fontana, fontana, fontana acqua"},
        {.path = "a.pdf", .title = "Fontane", .marked = IT "acque fontane ed altro"},
    };
    SampleFolder folder __attribute__((cleanup(sample_folder_release))) = sample_folder_new();
    sample_archive(folder.archive, SAMPLES, 6);
    g_autoptr(Archive) writer = sample_writer(folder.archive);
    g_autoptr(Archive) reader = archive_open_reader(folder.archive, NULL);
    sqlite3 *db = archive_connection(writer);
    g_autoptr(Postings) postings = postings_new(archive_connection(reader), NULL);
    check_all(db, postings, 100);
    assert_int_equal(find(postings, "a:all", FALSE)->count, 6);
    assert_int_equal(find(postings, "a:all", FALSE)->text[0], 0);
    assert_int_equal(find(postings, "acqua fontana", FALSE)->count, 1);
    /* Of the first word, the Italian term stands in the title only, the English one in the text. */
    assert_int_equal(find(postings, "fontana acqua", FALSE)->count, 1);
    sample_put(writer, &SAMPLES[6]);
    sample_remove(writer, "b.pdf");
    check_all(db, postings, 100);
    assert_int_equal(find(postings, "a:all", FALSE)->count, 5);
    assert_int_equal(find(postings, "antica", FALSE)->count, 0);
}

/* What the question may be besides terms of the index. */
static void test_questions(void **state)
{
    (void)state;
    static const char *const NOTHING[] = {"",         " ",    "ax0 ", " ax0",
                                          "ax0  by1", "0ax0", "ax",   "\xff"};
    sqlite3 *db = make(&SHAPES[0]);
    Postings *postings = postings_new(db, NULL);
    begin(postings);
    for (gsize i = 0; i < G_N_ELEMENTS(NOTHING); i++)
        assert_int_equal(find(postings, NOTHING[i], FALSE)->count, 0);
    assert_int_equal(find(postings, "", TRUE)->count, 0);
    assert_int_equal(find(postings, "ax0 ", TRUE)->count, 0);
    assert_true(find(postings, "ax", TRUE)->count > 0);
    g_autofree char *term = g_strnfill(100000, 'a');
    assert_int_equal(find(postings, term, TRUE)->count, 0);
    g_autoptr(GArray) positions = g_array_new(FALSE, FALSE, sizeof(guint32));
    assert_true(
        postings_places(postings, "ax0", FALSE, 4000000000u, COLUMN_OF_TEXT, positions, NULL));
    assert_true(postings_places(postings, "none", TRUE, 1, COLUMN_OF_TEXT, positions, NULL));
    assert_int_equal(positions->len, 0);
    postings_free(postings);
    sqlite3_close(db);
}

static gboolean visit_some(const char *term, guint64 bytes, gpointer data)
{
    guint *left = data;
    assert_true(g_str_has_prefix(term, "b"));
    assert_true(bytes > 0);
    return --*left > 0;
}

/* A walk over terms keeps to its prefix, and ends when the visitor says so; what takes more of the
 * index is told to take more. */
static void test_terms(void **state)
{
    (void)state;
    sqlite3 *db = make(&SHAPES[5]);
    Postings *postings = postings_new(db, NULL);
    begin(postings);
    guint left = 3;
    assert_true(postings_terms(postings, "b", visit_some, &left, NULL));
    assert_int_equal(left, 0);
    left = 1000;
    assert_true(postings_terms(postings, "b", visit_some, &left, NULL));
    assert_true(left < 1000 - 3);
    left = 1;
    assert_true(postings_terms(postings, "q", visit_some, &left, NULL));
    assert_int_equal(left, 1);
    postings_free(postings);
    sqlite3_close(db);
}

typedef struct {
    const char *term;
    guint64 bytes;
} Measure;

static gboolean visit_measure(const char *term, guint64 bytes, gpointer data)
{
    Measure *measure = data;
    if (strcmp(term, measure->term) == 0)
        measure->bytes = bytes;
    return TRUE;
}

static guint64 measure(Postings *postings, const char *term)
{
    Measure found = {term, 0};
    assert_true(postings_terms(postings, "", visit_measure, &found, NULL));
    return found.bytes;
}

static void test_measure(void **state)
{
    (void)state;
    sqlite3 *db = make(&SHAPES[3]); /* each document has three words some hundred times */
    put_words(db, 500, "seldom");
    Postings *postings = postings_new(db, NULL);
    begin(postings);
    const PostingList *list = find(postings, "ax0", FALSE);
    guint64 positions = 0;
    for (guint i = 0; i < list->count; i++)
        positions += list->text[i];
    assert_in_range(measure(postings, "ax0"), positions, 2 * positions);
    assert_in_range(measure(postings, "seldom"), 3, 8);
    postings_free(postings);
    sqlite3_close(db);
}

/* Lists stay until the index changes, by whomever; what was changed and taken back is not seen. */
static void test_changes(void **state)
{
    (void)state;
    sqlite3 *db = make(&SHAPES[0]);
    Postings *postings = postings_new(db, NULL);
    begin(postings);
    const PostingList *list = find(postings, "ax0", FALSE);
    guint count = list->count;
    begin(postings);
    assert_ptr_equal(find(postings, "ax0", FALSE), list);
    put_words(db, 100, "ax0");
    begin(postings);
    assert_int_equal(find(postings, "ax0", FALSE)->count, count + 1);
    run_sql(db, "BEGIN");
    put_words(db, 101, "ax0");
    run_sql(db, "SAVEPOINT flushed; RELEASE flushed");
    begin(postings);
    find(postings, "ax0", FALSE);
    run_sql(db, "ROLLBACK");
    begin(postings);
    assert_int_equal(find(postings, "ax0", FALSE)->count, count + 1);
    postings_free(postings);
    sqlite3_close(db);
}

/* A reader sees what its transaction sees, and holds nothing of it afterwards. */
static void test_other_connection(void **state)
{
    (void)state;
    SampleFolder folder __attribute__((cleanup(sample_folder_release))) = sample_folder_new();
    static const Sample ONE = {.path = "a.pdf", .marked = IT "acqua"};
    static const Sample TWO = {.path = "b.pdf", .marked = IT "acqua viva"};
    sample_archive(folder.archive, &ONE, 1);
    g_autoptr(Archive) writer = sample_writer(folder.archive);
    g_autoptr(Archive) reader = archive_open_reader(folder.archive, NULL);
    g_autoptr(Postings) postings = postings_new(archive_connection(reader), NULL);
    assert_true(archive_begin(reader, NULL));
    begin(postings);
    assert_int_equal(find(postings, "acqua", FALSE)->count, 1);
    sample_put(writer, &TWO);
    begin(postings);
    assert_int_equal(find(postings, "acqua", FALSE)->count, 1);
    assert_int_equal(find(postings, "viva", FALSE)->count, 0);
    assert_true(archive_commit(reader, NULL));
    assert_true(archive_begin(reader, NULL));
    begin(postings);
    assert_int_equal(find(postings, "acqua", FALSE)->count, 2);
    assert_int_equal(find(postings, "viva", FALSE)->count, 1);
    assert_true(archive_commit(reader, NULL));
    for (sqlite3_stmt *at = NULL; (at = sqlite3_next_stmt(archive_connection(reader), at));)
        assert_false(sqlite3_stmt_busy(at));
}

/* Positions of a phrase by row, straight from the documents' own words. */
static void check_long_row(Postings *postings, const char *phrase, gboolean is_prefix, guint32 row,
                           char **words, guint32 count)
{
    g_auto(GStrv) terms = g_strsplit(phrase, " ", -1);
    g_autoptr(GArray) positions = g_array_new(FALSE, FALSE, sizeof(guint32));
    guint length = g_strv_length(words), found = 0, term_count = g_strv_length(terms);
    assert_true(postings_places(postings, phrase, is_prefix, row, COLUMN_OF_TEXT, positions, NULL));
    assert_int_equal(positions->len, count);
    for (guint i = 0; i + term_count <= length; i++) {
        guint j = 0;
        while (j < term_count &&
               (is_prefix && j == term_count - 1 ? g_str_has_prefix(words[i + j], terms[j])
                                                 : strcmp(words[i + j], terms[j]) == 0))
            j++;
        if (j < term_count)
            continue;
        assert_true(found < count);
        assert_int_equal(g_array_index(positions, guint32, found), i);
        found++;
    }
    assert_int_equal(found, count);
}

static char **words_of(sqlite3 *db, guint32 row)
{
    sqlite3_stmt *statement = prepare(db, "SELECT text FROM posting WHERE rowid = ?1");
    sqlite3_bind_int64(statement, 1, row);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    char *text = g_strchomp(g_strdup((const char *)sqlite3_column_text(statement, 0)));
    char **words = g_strsplit(text, " ", -1);
    g_free(text);
    sqlite3_finalize(statement);
    return words;
}

static void check_long(sqlite3 *db, Postings *postings, const char *phrase, gboolean is_prefix)
{
    const PostingList *list = find(postings, phrase, is_prefix);
    check_match(db, phrase, is_prefix, list);
    for (guint i = 0; i < 60 && list->count > 0; i++) {
        guint at[] = {i * 7 % list->count, list->count - 1 - i % list->count, i % list->count};
        guint index = at[i % 3];
        g_auto(GStrv) words = words_of(db, list->rows[index]);
        check_long_row(postings, phrase, is_prefix, list->rows[index], words, list->text[index]);
    }
}

/* A list that is too long for its positions to be kept, over several segments, with rows that newer
 * segments hide: asked for in order, backwards, and by leaps. */
static void test_long_lists(void **state)
{
    (void)state;
    static const Shape SHAPE = {"long", 4050, 0, 16, 700, 6000, 2, 200, 90, 70, NULL};
    static const char *const PHRASES[] = {"ax0", "by1", "ax0 ax0", "ax0 by1 ax0"};
    sqlite3 *db = make(&SHAPE);
    Postings *postings = postings_new(db, NULL);
    begin(postings);
    for (gsize i = 0; i < G_N_ELEMENTS(PHRASES); i++)
        for (int is_prefix = 0; is_prefix < 2; is_prefix++)
            check_long(db, postings, PHRASES[i], is_prefix);
    postings_free(postings);
    sqlite3_close(db);
}

/* A question of many words opens each segment for each of them: what was prepared for it does not
 * stay. */
static void test_statements(void **state)
{
    (void)state;
    sqlite3 *db = make(&SHAPES[0]);
    Postings *postings = postings_new(db, NULL);
    begin(postings);
    g_autoptr(GString) phrase = g_string_new("ax0");
    for (int i = 0; i < 2000; i++)
        g_string_append(phrase, " ax0");
    find(postings, phrase->str, FALSE);
    guint statements = 0;
    for (sqlite3_stmt *at = NULL; (at = sqlite3_next_stmt(db, at));)
        statements++;
    assert_in_range(statements, 10, 200);
    postings_free(postings);
    sqlite3_close(db);
}

/* More lists than are kept: the answers stay right. */
static void test_forgetting(void **state)
{
    (void)state;
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    configure(db, &SHAPES[0]);
    run_sql(db,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 130000)"
            " INSERT INTO posting(rowid, text) SELECT i, 'a0 b0 c0 d0 e0 f0 g0 h0 i0 j0' FROM n");
    Postings *postings = postings_new(db, NULL);
    gsize most = 0;
    for (int i = 0; i < 24; i++) {
        const char phrase[] = {(char)('a' + i % 10), '0', '\0'};
        const char pair[] = {(char)('a' + i % 9), '0', ' ', (char)('a' + i % 9 + 1), '0', '\0'};
        most = MAX(most, postings_kept_bytes(postings));
        begin(postings);
        assert_true(postings_kept_bytes(postings) <= POSTINGS_KEPT_BYTES);
        const PostingList *one = find(postings, phrase, i % 4 == 0);
        const PostingList *two = find(postings, pair, i % 3 == 0);
        assert_int_equal(one->count, 130000);
        assert_int_equal(two->count, 130000);
        assert_int_equal(one->rows[129999], 130000);
        assert_int_equal(two->text[100], 1);
    }
    assert_true(most > POSTINGS_KEPT_BYTES);
    postings_free(postings);
    sqlite3_close(db);
}

/* Damage */

static void expect_sound(const PostingList *list, const GError *error)
{
    if (!list) {
        assert_non_null(error);
        assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED));
        return;
    }
    for (guint i = 0; i < list->count; i++)
        assert_true(list->rows[i] < POSTINGS_ROWS && (i == 0 || list->rows[i] > list->rows[i - 1]));
}

static gboolean visit_any(const char *term, guint64 bytes, gpointer data)
{
    (void)bytes;
    (void)data;
    return term != NULL;
}

/* Asks for everything that can be asked of an index that may be damaged. */
static void ask_damaged(sqlite3 *db)
{
    static const char *const PHRASES[] = {"ax0", "by1", "cz2", "ax0 by1", "ax0 ax0 dx3", "a", "b"};
    g_autoptr(GArray) positions = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(Postings) postings = postings_new(db, NULL);
    g_autoptr(GError) begin_error = NULL;
    if (!postings_begin(postings, &begin_error)) {
        assert_int_equal(begin_error->domain, ARCHIVE_ERROR);
        return;
    }
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(PHRASES); i++) {
        g_autoptr(GError) error = NULL;
        const char *phrase = PHRASES[i / 2];
        const PostingList *list = postings_find(postings, phrase, i % 2, &error);
        expect_sound(list, error);
        for (guint row = 0; list && row < list->count; row++) {
            g_autoptr(GError) fault = NULL;
            gboolean is_read = postings_places(postings, phrase, i % 2, list->rows[row],
                                               COLUMN_OF_TEXT, positions, &fault);
            assert_true(is_read || g_error_matches(fault, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED));
        }
    }
    g_autoptr(GError) error = NULL;
    if (!postings_terms(postings, "", visit_any, NULL, &error))
        assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED));
}

static void put_block(sqlite3 *db, gint64 id, const void *bytes, int size)
{
    sqlite3_stmt *statement = prepare(db, "UPDATE posting_data SET block = ?2 WHERE id = ?1");
    sqlite3_bind_int64(statement, 1, id);
    sqlite3_bind_blob(statement, 2, bytes, size, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

/* Each byte of a record changed in several ways, and the record cut at each length. A copy of just
 * its size makes a bad read visible. */
static void damage_record(sqlite3 *db, gint64 id, const guint8 *bytes, int size)
{
    static const guint8 CHANGES[] = {0x01, 0x80, 0xff};
    g_autofree guint8 *changed = g_memdup2(bytes, (gsize)size);
    for (int i = 0; i < size; i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(CHANGES); j++) {
            changed[i] = bytes[i] ^ CHANGES[j];
            put_block(db, id, changed, size);
            ask_damaged(db);
        }
        changed[i] = bytes[i];
        put_block(db, id, bytes, i);
        ask_damaged(db);
    }
    put_block(db, id, bytes, size);
}

static void damage_shape(const Shape *shape)
{
    sqlite3 *db = make(shape);
    sqlite3_stmt *statement = prepare(db, "SELECT id, block FROM posting_data WHERE id > 1");
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GPtrArray) blocks = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        gint64 id = sqlite3_column_int64(statement, 0);
        g_array_append_val(ids, id);
        g_ptr_array_add(blocks, g_bytes_new(sqlite3_column_blob(statement, 1),
                                            (gsize)sqlite3_column_bytes(statement, 1)));
    }
    sqlite3_finalize(statement);
    for (guint i = 0; i < ids->len; i++) {
        gsize size = 0;
        const guint8 *bytes = g_bytes_get_data(blocks->pdata[i], &size);
        damage_record(db, g_array_index(ids, gint64, i), bytes, (int)size);
    }
    sqlite3_close(db);
}

static void test_damage(void **state)
{
    (void)state;
    static const Shape DAMAGED[] = {
        {"one leaf", 4050, 4, 16, 3, 12, 6, 3, 0, 0, NULL},
        {"lists over leaves", 40, 4, 16, 4, 60, 4, 4, 0, 0, NULL},
        {"segments", 64, 0, 16, 8, 12, 6, 3, 3, 4, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(DAMAGED); i++)
        damage_shape(&DAMAGED[i]);
}

/* Whole records gone, other formats, no index at all. */
static void test_missing(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        int code; /* of beginning; 0: it begins */
    } CASES[] = {
        {"DELETE FROM posting_data WHERE id = 10", ARCHIVE_ERROR_DAMAGED},
        {"UPDATE posting_data SET block = NULL WHERE id = 10", ARCHIVE_ERROR_DAMAGED},
        {"UPDATE posting_data SET block = 'text' WHERE id = 10", ARCHIVE_ERROR_DAMAGED},
        {"UPDATE posting_config SET v = 5 WHERE k = 'version'", ARCHIVE_ERROR_NEWER},
        {"UPDATE posting_config SET v = 3 WHERE k = 'version'", ARCHIVE_ERROR_DAMAGED},
        {"DELETE FROM posting_config", ARCHIVE_ERROR_DAMAGED},
        {"DELETE FROM posting_data WHERE id > 10", 0},
        {"DELETE FROM posting_data WHERE id > 10 AND id % 2 = 0", 0},
        {"UPDATE posting_data SET block = NULL WHERE id > 10", 0},
        {"UPDATE posting_data SET block = 7 WHERE id > 10", 0},
        {"DELETE FROM posting_idx", 0},
        {"UPDATE posting_idx SET pgno = 1000000", 0},
        {"UPDATE posting_idx SET pgno = -2", 0},
        {"UPDATE posting_idx SET pgno = 9223372036854775807", 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        sqlite3 *db = make(&SHAPES[1]);
        Postings *postings = postings_new(db, NULL);
        run_sql(db, CASES[i].sql);
        gboolean begins = postings_begin(postings, &error);
        assert_int_equal(begins, CASES[i].code == 0 && !error);
        if (error)
            assert_true(g_error_matches(error, ARCHIVE_ERROR, CASES[i].code));
        postings_free(postings);
        ask_damaged(db);
        sqlite3_close(db);
    }
}

static void test_no_index(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_null(postings_new(db, &error));
    assert_int_equal(error->domain, ARCHIVE_ERROR);
    sqlite3_close(db);
    postings_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),     cmocka_unit_test(test_unfinished_merges),
        cmocka_unit_test(test_archive),    cmocka_unit_test(test_questions),
        cmocka_unit_test(test_terms),      cmocka_unit_test(test_measure),
        cmocka_unit_test(test_changes),    cmocka_unit_test(test_other_connection),
        cmocka_unit_test(test_long_lists), cmocka_unit_test(test_statements),
        cmocka_unit_test(test_forgetting), cmocka_unit_test(test_damage),
        cmocka_unit_test(test_missing),    cmocka_unit_test(test_no_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
