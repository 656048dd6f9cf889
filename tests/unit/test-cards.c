/* Tests of server/cards: the catalogue in memory follows the archive, change by change. */
#include "sample.h"

#include "../../server/search/cards.h"

typedef struct {
    SampleFolder folder;
    Archive *writer;
    Archive *reader;
    Cards *cards;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->folder = sample_folder_new();
    f->writer = sample_writer(f->folder.archive);
    f->reader = archive_open_reader(f->folder.archive, NULL);
    f->cards = cards_new();
    *state = f;
    return f->reader == NULL;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    cards_free(f->cards);
    archive_close(f->reader);
    archive_close(f->writer);
    sample_folder_release(&f->folder);
    g_free(f);
    return 0;
}

static void refresh(const Fixture *f)
{
    assert_true(archive_begin(f->reader, NULL));
    assert_true(cards_refresh(f->cards, f->reader, NULL));
    archive_rollback(f->reader);
}

static void test_one_card(void **state)
{
    static const Sample SAMPLE = {.path = "piani/en/a.pdf",
                                  .title = "«Città» & Co.",
                                  .marked = IT "due parole qui" PAGE EN "three words here",
                                  .body = "Regione",
                                  .year = 2019,
                                  .kind = KIND_PLAN};
    const Fixture *f = *state;
    gint64 row = sample_put(f->writer, &SAMPLE);
    assert_null(cards_find(f->cards, row));
    refresh(f);
    const Card *card = cards_find(f->cards, row);
    g_autofree char *id = sample_id(&SAMPLE);
    assert_non_null(card);
    assert_string_equal(card->id, id);
    assert_int_equal(card->state, DOCUMENT_INDEXED);
    assert_int_equal(card->languages, 1 << LANGUAGE_ITALIAN | 1 << LANGUAGE_ENGLISH);
    assert_int_equal(card->kind, KIND_PLAN);
    assert_int_equal(card->year, 2019);
    assert_int_equal(card->word_count, 6);
    assert_int_equal(card->page_count, 2);
    assert_int_equal(card->indexed_unix, 1600000000);
    assert_string_equal(card->title_key, "citta co");
    assert_ptr_equal(card->title_order, card->title_key);
    assert_int_equal(card->letter, 'c' - 'a');
    assert_string_equal(cards_body(f->cards, card->body), "Regione");
    assert_string_equal(cards_collection(f->cards, card->collection), "piani/en");
}

/* Each folder is noted with those that hold it; a name has one number. */
static void test_names(void **state)
{
    static const Sample SAMPLES[] = {
        {.path = "a/b/c/1.pdf", .marked = IT "x", .body = "Uno"},
        {.path = "a/b/2.pdf", .marked = IT "y", .body = "Due"},
        {.path = "d/3.pdf", .marked = IT "z", .body = "Uno"},
        {.path = "4.pdf", .marked = IT "w"},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(SAMPLES); i++)
        sample_put(f->writer, &SAMPLES[i]);
    refresh(f);
    assert_int_equal(cards_body_count(f->cards), 2);
    assert_int_equal(cards_collection_count(f->cards), 4);
    NameIndex deep = cards_collection_index(f->cards, "a/b/c");
    NameIndex middle = cards_collection_index(f->cards, "a/b");
    NameIndex top = cards_collection_index(f->cards, "a");
    assert_int_equal(cards_collection_parent(f->cards, deep), middle);
    assert_int_equal(cards_collection_parent(f->cards, middle), top);
    assert_int_equal(cards_collection_parent(f->cards, top), -1);
    assert_int_equal(cards_collection_parent(f->cards, -1), -1);
    assert_int_equal(cards_collection_parent(f->cards, 99), -1);
    assert_int_equal(cards_collection_index(f->cards, "b"), -1);
    assert_int_equal(cards_body_index(f->cards, "Tre"), -1);
    assert_null(cards_body(f->cards, -1));
    assert_null(cards_collection(f->cards, 99));
    assert_int_equal(cards_find(f->cards, 1)->body, cards_find(f->cards, 3)->body);
    assert_int_equal(cards_find(f->cards, 4)->body, -1);
    assert_int_equal(cards_find(f->cards, 4)->collection, -1);
}

static guint64 topics_of(const Cards *cards, gint64 row, TopicKind kind)
{
    return cards_topic_set(cards, kind, cards_find(cards, row)->topics[kind]);
}

/* Topics have numbers of their own, themes and areas apart; what is no topic is none. */
static void test_topics(void **state)
{
    static const Sample SAMPLES[] = {
        {.path = "t:gender/r:asia/1.pdf", .marked = IT "x"},
        {.path = "2.pdf", .marked = IT "y"},
        {.path = "3.pdf", .marked = IT "z"},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(SAMPLES); i++)
        sample_put(f->writer, &SAMPLES[i]);
    sample_put_topics(f->writer, 2, "gender migration", "asia");
    sample_put_topics(f->writer, 3, "migration", "");
    refresh(f);
    NameIndex gender = cards_topic_index(f->cards, TOPIC_THEME, "gender");
    NameIndex migration = cards_topic_index(f->cards, TOPIC_THEME, "migration");
    assert_int_equal(cards_topic_count(f->cards, TOPIC_THEME), 2);
    assert_int_equal(cards_topic_count(f->cards, TOPIC_AREA), 1);
    assert_string_equal(cards_topic(f->cards, TOPIC_THEME, migration), "migration");
    assert_string_equal(cards_topic(f->cards, TOPIC_AREA, 0), "asia");
    assert_int_equal(cards_topic_index(f->cards, TOPIC_THEME, "asia"), -1);
    assert_int_equal(cards_topic_index(f->cards, TOPIC_AREA, "gender"), -1);
    assert_null(cards_topic(f->cards, TOPIC_THEME, -1));
    assert_null(cards_topic(f->cards, TOPIC_AREA, 1));
    assert_int_equal(topics_of(f->cards, 1, TOPIC_THEME), 0);
    assert_int_equal(topics_of(f->cards, 1, TOPIC_AREA), 0);
    assert_int_equal(topics_of(f->cards, 2, TOPIC_THEME), 1 << gender | 1 << migration);
    assert_int_equal(topics_of(f->cards, 2, TOPIC_AREA), 1);
    assert_int_equal(topics_of(f->cards, 3, TOPIC_THEME), 1 << migration);
}

/* One number for one set, in whatever order its topics were found. */
static void test_topic_sets(void **state)
{
    static const Sample SAMPLES[] = {
        {.path = "1.pdf", .marked = IT "x"},
        {.path = "2.pdf", .marked = IT "y"},
        {.path = "3.pdf", .marked = IT "z"},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(SAMPLES); i++)
        sample_put(f->writer, &SAMPLES[i]);
    sample_put_topics(f->writer, 1, "gender migration", "");
    sample_put_topics(f->writer, 2, "migration gender", "");
    sample_put_topics(f->writer, 3, "migration", "");
    refresh(f);
    guint first = cards_find(f->cards, 1)->topics[TOPIC_THEME];
    assert_int_equal(cards_topic_set_count(f->cards, TOPIC_THEME), 2);
    assert_int_equal(cards_topic_set_count(f->cards, TOPIC_AREA), 1);
    assert_int_equal(cards_find(f->cards, 2)->topics[TOPIC_THEME], first);
    assert_int_not_equal(cards_find(f->cards, 3)->topics[TOPIC_THEME], first);
}

/* There is room for so many topics; those beyond are passed over, not mistaken for others. */
static void test_too_many_topics(void **state)
{
    static const Sample SAMPLE = {.path = "1.pdf", .marked = IT "x"};
    const Fixture *f = *state;
    g_autoptr(GString) ids = g_string_new("t0");
    for (int i = 1; i < CARDS_TOPICS + 5; i++)
        g_string_append_printf(ids, " t%d", i);
    sample_put(f->writer, &SAMPLE);
    sample_put_topics(f->writer, 1, ids->str, "");
    refresh(f);
    assert_int_equal(cards_topic_count(f->cards, TOPIC_THEME), CARDS_TOPICS);
    assert_true(topics_of(f->cards, 1, TOPIC_THEME) == G_MAXUINT64);
    assert_int_equal(topics_of(f->cards, 1, TOPIC_AREA), 0);
    assert_int_equal(cards_topic_index(f->cards, TOPIC_THEME, "t64"), -1);
}

/* Counts are of the searchable documents, whatever came and went before. */
static void test_counts_follow(void **state)
{
    static const Sample SMALL = {.path = "a.pdf", .marked = IT "una due"};
    static const Sample LARGE = {.path = "b.pdf", .marked = IT "una due tre quattro"};
    static const Sample SCAN = {.path = "c.pdf"};
    static const Sample CHANGED = {.path = "a.pdf", .marked = IT "una due tre quattro cinque sei"};
    const Fixture *f = *state;
    assert_int_equal(cards_document_count(f->cards), 0);
    assert_float_equal(cards_average_words(f->cards), 1, 0);
    gint64 small = sample_put(f->writer, &SMALL);
    sample_put(f->writer, &LARGE);
    gint64 scan = sample_put(f->writer, &SCAN);
    refresh(f);
    assert_int_equal(cards_document_count(f->cards), 2);
    assert_float_equal(cards_average_words(f->cards), 3, 1e-9);
    assert_int_equal(cards_find(f->cards, scan)->state, DOCUMENT_FAILED);
    sample_put(f->writer, &CHANGED);
    refresh(f);
    refresh(f);
    assert_int_equal(cards_document_count(f->cards), 2);
    assert_float_equal(cards_average_words(f->cards), 5, 1e-9);
    assert_int_equal(cards_find(f->cards, small)->state, DOCUMENT_GONE);
    sample_remove(f->writer, "a.pdf");
    sample_remove(f->writer, "b.pdf");
    refresh(f);
    assert_int_equal(cards_document_count(f->cards), 0);
    assert_float_equal(cards_average_words(f->cards), 1, 0);
}

/* Only what changed is taken up: a card that was not touched stays where it is. */
static void test_refresh_is_incremental(void **state)
{
    static const Sample ONE = {.path = "a.pdf", .title = "Uno", .marked = IT "una"};
    static const Sample TWO = {.path = "b.pdf", .title = "Due", .marked = IT "due"};
    const Fixture *f = *state;
    gint64 one = sample_put(f->writer, &ONE);
    gint64 two = sample_put(f->writer, &TWO);
    refresh(f);
    const char *kept = cards_find(f->cards, one)->title_key;
    g_autoptr(ArchiveDocument) document = archive_find_row(f->writer, two, NULL);
    g_free(document->card->title);
    document->card->title = g_strdup("Tre");
    assert_true(archive_begin(f->writer, NULL));
    assert_true(archive_put_card(f->writer, document, NULL));
    assert_true(archive_commit(f->writer, NULL));
    refresh(f);
    assert_string_equal(cards_find(f->cards, two)->title_key, "tre");
    assert_int_equal(cards_find(f->cards, two)->letter, 't' - 'a');
    assert_ptr_equal(cards_find(f->cards, one)->title_key, kept);
    assert_int_equal(cards_document_count(f->cards), 2);
}

static void test_no_such_row(void **state)
{
    const Fixture *f = *state;
    static const gint64 ROWS[] = {0, -1, 7, G_MAXINT64, G_MININT64};
    sample_put(f->writer, &(Sample){.path = "a.pdf", .marked = IT "una"});
    refresh(f);
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++)
        assert_null(cards_find(f->cards, ROWS[i]));
    assert_int_equal(cards_all(f->cards)->len, 2);
    cards_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_card, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_topics, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_topic_sets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_too_many_topics, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_counts_follow, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refresh_is_incremental, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_such_row, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
