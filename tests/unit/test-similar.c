/* Tests of server/similar: what resembles a document and what does not, in which order, and what is
 * never named. */
#include "sample.h"

#include "../../server/search/similar.h"

#define PROGRAMME_IT                                                                               \
    IT "Programma di cooperazione territoriale. La cooperazione sostiene i comuni: gestione "      \
       "dell'acqua, bacino del fiume, agricoltori e agricoltura, formazione dei tecnici, "         \
       "irrigazione dei campi, siccità, partenariato fra scuole."
#define PROGRAMME_EN                                                                               \
    EN "Territorial cooperation programme. Cooperation supports municipalities: management of "    \
       "water, river basin, farmers and agriculture, training of technicians, irrigation of "      \
       "fields, drought, partnership between schools."
#define CEMETERY                                                                                   \
    IT "Regolamento del cimitero: sepoltura, loculi, tombe, custode, lapidi, fiori, visitatori, "  \
       "esumazione, feretri, concessione."

/* Rows are in this order, from 1. Of old.pdf two contents: the first is gone, the second took its
 * place. */
static const Sample SAMPLES[] = {
    {.path = "it.pdf", .title = "Programma", .marked = PROGRAMME_IT},
    {.path = "en.pdf", .title = "Programme", .marked = PROGRAMME_EN},
    {.path = "cimitero.pdf", .title = "Cimitero", .marked = CEMETERY},
    {.path = "old.pdf", .marked = PROGRAMME_IT " vecchio", .content = "old"},
    {.path = "old.pdf", .marked = IT "Altro ancora.", .content = "new"},
    {.path = "away.pdf", .marked = PROGRAMME_IT " via", .content = "away"},
    {.path = "scan.pdf"},
    {.path = "grammatica.pdf", .marked = IT "Il di a da in con su per tra fra, ogni due."},
    {.path = "vuoto.pdf", .marked = IT ""},
    {.path = "loculi.pdf", .marked = IT "Loculi e tombe."},
    {.path = "tombe.pdf", .title = "Tombe", .marked = CEMETERY " Orari."},
    {.path = "dispensa.pdf",
     .title = "Dispensa",
     .marked = IT "Agricoltura, irrigazione, siccità e gestione dell'acqua. Ricette di cucina: "
                  "forno, farina, burro, zucchero, uova, mandorle, cannella, vaniglia, miele."},
};

enum { ROW_IT = 1, ROW_EN, ROW_CEMETERY, ROW_TOMBS = 11 };

typedef struct {
    SampleFolder folder;
    Searcher *searcher;
    Vocabulary *vocabulary;
    Lexicon *lexicon;
    LexiconWords *words;
} Fixture;

static void put_samples(const char *path)
{
    sample_archive(path, SAMPLES, G_N_ELEMENTS(SAMPLES));
    g_autoptr(Archive) archive = sample_writer(path);
    sample_remove(archive, "away.pdf");
    /* The same content under another name is the same document. */
    assert_true(archive_begin(archive, NULL));
    sample_put_file(archive, "copia/it.pdf", ROW_IT, FILE_INDEXED);
    assert_true(archive_commit(archive, NULL));
}

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->folder = sample_folder_new();
    put_samples(f->folder.archive);
    f->searcher = searcher_new(f->folder.archive, NULL);
    f->vocabulary = vocabulary_new(NULL);
    f->lexicon = lexicon_new(f->folder.archive);
    f->words = lexicon_words(f->lexicon);
    *state = f;
    return !f->searcher || !f->vocabulary || !f->words;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    lexicon_words_unref(f->words);
    lexicon_free(f->lexicon);
    vocabulary_free(f->vocabulary);
    searcher_free(f->searcher);
    sample_folder_release(&f->folder);
    g_free(f);
    return 0;
}

static GPtrArray *find(const Fixture *f, gint64 row, gboolean is_translated, gboolean has_words,
                       guint limit)
{
    g_autoptr(GError) error = NULL;
    assert_true(searcher_begin(f->searcher, &error));
    g_autoptr(ArchiveDocument) document =
        archive_find_row(searcher_archive(f->searcher), row, &error);
    assert_non_null(document);
    GPtrArray *items = similar_find(f->searcher, is_translated ? f->vocabulary : NULL,
                                    has_words ? f->words : NULL, document, limit, &error);
    searcher_end(f->searcher);
    if (!items)
        fail_msg("row %d: %s", (int)row, error->message);
    return items;
}

/* The titles found, parted by commas. */
static char *titles(const GPtrArray *items)
{
    GString *found = g_string_new(NULL);
    for (guint i = 0; i < items->len; i++) {
        const SimilarItem *item = items->pdata[i];
        g_string_append_printf(found, "%s%s", i > 0 ? "," : "", item->document->card->title);
    }
    return g_string_free(found, FALSE);
}

static void test_found(void **state)
{
    static const struct {
        gint64 row;
        gboolean is_translated;
        const char *titles;
    } CASES[] = {
        {ROW_IT, TRUE, "Programme,Dispensa"},
        {ROW_EN, TRUE, "Programma,Dispensa"},
        {ROW_IT, FALSE, "Dispensa"},
        {ROW_EN, FALSE, ""},
        {ROW_CEMETERY, TRUE, "Tombe"},
        {ROW_TOMBS, FALSE, "Cimitero"},
        {7, TRUE, ""},  /* could not be read */
        {8, TRUE, ""},  /* function words only */
        {9, TRUE, ""},  /* no text */
        {10, TRUE, ""}, /* too little in common with anything */
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(CASES); i++) {
        gsize at = i / 2;
        g_autoptr(GPtrArray) items =
            find(f, CASES[at].row, CASES[at].is_translated, i % 2 > 0, SIMILAR_LIMIT);
        g_autofree char *found = titles(items);
        if (strcmp(found, CASES[at].titles) != 0)
            fail_msg("row %d, %s words: %s", (int)CASES[at].row, i % 2 > 0 ? "with" : "without",
                     found);
    }
}

/* What has nothing of the subject is not even far below. */
static void test_likeness(void **state)
{
    const Fixture *f = *state;
    g_autoptr(GPtrArray) items = find(f, ROW_IT, TRUE, TRUE, SIMILAR_LIMIT);
    double before = 1;
    for (guint i = 0; i < items->len; i++) {
        const SimilarItem *item = items->pdata[i];
        assert_true(item->likeness > 0 && item->likeness <= before);
        before = item->likeness;
    }
    assert_true(((const SimilarItem *)items->pdata[0])->likeness > 0.5);
}

/* Words are those of the document asked about, each once, and its paths are those of the other. */
static void test_item(void **state)
{
    const Fixture *f = *state;
    g_autoptr(GPtrArray) items = find(f, ROW_IT, TRUE, TRUE, 1);
    const SimilarItem *item = items->pdata[0];
    assert_int_equal(items->len, 1);
    assert_int_equal(item->paths->len, 1);
    assert_string_equal(item->paths->pdata[0], "en.pdf");
    assert_in_range(item->shared->len, SIMILAR_SHARED_LEAST, SIMILAR_SHARED);
    for (guint i = 0; i < item->shared->len; i++) {
        const char *word = item->shared->pdata[i];
        assert_non_null(strstr(PROGRAMME_IT, word));
        assert_string_not_equal(word, "dell");
        for (guint j = 0; j < i; j++)
            assert_string_not_equal(word, item->shared->pdata[j]);
    }
}

static void test_limit(void **state)
{
    static const struct {
        guint limit, found;
    } CASES[] = {{0, 0}, {1, 1}, {2, 2}, {100, 2}};
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GPtrArray) items = find(f, ROW_IT, TRUE, TRUE, CASES[i].limit);
        assert_int_equal(items->len, CASES[i].found);
    }
}

/* Of many that are alike, no more than the limit, and never itself. */
static void test_many(void **state)
{
    Fixture *f = *state;
    g_autoptr(Archive) writer = sample_writer(f->folder.archive);
    for (guint i = 0; i < 2 * SIMILAR_LIMIT; i++) {
        g_autofree char *path = g_strdup_printf("molti/%u.pdf", i);
        g_autofree char *marked = g_strdup_printf("%s Numero %c.", PROGRAMME_IT, 'a' + (int)i % 26);
        sample_put(writer, &(Sample){.path = path, .title = path, .marked = marked});
    }
    g_autoptr(GPtrArray) items = find(f, ROW_IT, TRUE, TRUE, 10 * SIMILAR_LIMIT);
    assert_int_equal(items->len, SIMILAR_LIMIT);
    for (guint i = 0; i < items->len; i++)
        assert_int_not_equal(((const SimilarItem *)items->pdata[i])->document->row, ROW_IT);
}

/* A document of a thousand pages finds what it is about, and is found. */
static void test_huge(void **state)
{
    Fixture *f = *state;
    g_autoptr(Archive) writer = sample_writer(f->folder.archive);
    g_autoptr(GString) marked = g_string_new(PROGRAMME_IT);
    for (guint i = 1; i < 1000; i++)
        g_string_append_printf(marked, "%s%s", PAGE, PROGRAMME_IT);
    gint64 row =
        sample_put(writer, &(Sample){.path = "h.pdf", .title = "H", .marked = marked->str});
    g_autoptr(GPtrArray) of_it = find(f, row, TRUE, TRUE, SIMILAR_LIMIT);
    g_autoptr(GPtrArray) of_other = find(f, ROW_EN, TRUE, TRUE, SIMILAR_LIMIT);
    g_autofree char *found = titles(of_it), *others = titles(of_other);
    assert_true(g_str_has_prefix(found, "Programma,Programme"));
    assert_non_null(strstr(others, "H"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_likeness, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_item, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_huge, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
