/* Tests of server/surface: how words are written, by where they stand. */
#include "sample.h"

#include "../../server/search/surface.h"

static const Sample SAMPLES[] = {
    {"a.pdf", "Statuto",
     IT "L'Università di Portalba. Una università. La universita' di Elea." PAGE IT
        "CONSIGLIO COMUNALE di Portalba: il consiglio delibera. Portalba! ANCI.",
     NULL, 2015, KIND_STATUTE, NULL},
    {"b.pdf", "Perché così", EN "Portalba city council and ANCI; RENDICONTAZIONE", NULL, 2016,
     KIND_OTHER, NULL},
    {"c.pdf", "Scansione", NULL, NULL, 2016, KIND_OTHER, NULL},
};

typedef struct {
    SampleFolder folder;
    Archive *archive;
    Postings *postings;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->folder = sample_folder_new();
    sample_archive(f->folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    f->archive = archive_open_reader(f->folder.archive, NULL);
    assert_non_null(f->archive);
    assert_true(archive_begin(f->archive, NULL));
    f->postings = postings_new(archive_connection(f->archive), NULL);
    assert_non_null(f->postings);
    assert_true(postings_begin(f->postings, NULL));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    postings_free(f->postings);
    archive_close(f->archive);
    sample_folder_release(&f->folder);
    g_free(f);
    return 0;
}

static void test_spellings(void **state)
{
    static const struct {
        const char *word;
        const char *text;
        Language language;
    } CASES[] = {
        {"universita", "università", LANGUAGE_ITALIAN}, /* the commonest of three */
        {"portalba", "Portalba", LANGUAGE_ITALIAN},     /* never in small letters */
        {"anci", "ANCI", LANGUAGE_ITALIAN},
        {"consiglio", "consiglio", LANGUAGE_ITALIAN},
        {"comunale", "comunale", LANGUAGE_ITALIAN}, /* capitals alone, too long for an acronym */
        {"rendicontazione", "rendicontazione", LANGUAGE_ENGLISH},
        {"council", "council", LANGUAGE_ENGLISH},
        {"cosi", "così", LANGUAGE_OTHER}, /* in a title alone */
        {"perche", "Perché", LANGUAGE_OTHER},
        {"nowhere", "nowhere", LANGUAGE_OTHER},
        {"", "", LANGUAGE_OTHER},
    };
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_auto(Surface) surface = {0};
        assert_true(surface_find(f->archive, f->postings, CASES[i].word, &surface, NULL));
        assert_string_equal(surface.text, CASES[i].text);
        assert_int_equal(surface.language, CASES[i].language);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_spellings, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
