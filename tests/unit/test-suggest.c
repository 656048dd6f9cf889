/* Tests of server/suggest: what is suggested for what was typed, of each kind and of all together.
 */
#include "sample.h"

#include "../../server/search/suggest.h"

static const char THESAURUS[] =
    "cooperation\tcooperazione\tcooperation\t-\t-\n"
    "decentralised\tcooperazione decentrata | cooperazione fra territori\tdecentralised "
    "cooperation\tcooperation\t-\n"
    "city\tcittà metropolitana\tmetropolitan city\t-\t-\n"
    "absent\tcoordinamento\tcoordination\t-\t-\n"
    "agenda\tAgenda 2030\t2030 Agenda\t-\t-\n";

static const Sample SAMPLES[] = {
    {"a.pdf", "Statuto della Città metropolitana",
     IT "La cooperazione decentrata, decentrata, dei comuni. La città, l'università. Cooperazioni.",
     "Città di Portalba", 2015, KIND_STATUTE, NULL},
    {"b.pdf", "Cooperation programme", EN "Decentralised cooperation. The decade. In December.",
     "Regione Esempio", 2019, KIND_PROGRAMME, NULL},
    {"c.pdf", "Programma di cooperazione", IT "La cooperazione con i comuni, cooperazione.",
     "Regione Esempio", 2021, KIND_PROGRAMME, NULL},
    {"c2.pdf", "Programma di cooperazione", IT "La cooperazione con i comuni. Bis.",
     "Regione Esempio", 2020, KIND_PROGRAMME, NULL},
    {"scan.pdf", "Cooperazione illeggibile", NULL, "Ente Illeggibile", 2021, KIND_PLAN, NULL},
};

typedef struct {
    SampleFolder folder;
    Searcher *searcher;
    Thesaurus *thesaurus;
    Lexicon *lexicon;
    Suggester *suggester;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->folder = sample_folder_new();
    sample_archive(f->folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    f->searcher = searcher_new(f->folder.archive, NULL);
    f->thesaurus = thesaurus_new(THESAURUS, strlen(THESAURUS), NULL);
    assert_non_null(f->thesaurus);
    f->lexicon = lexicon_new(f->folder.archive);
    f->suggester = suggester_new(f->thesaurus, f->lexicon);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    suggester_free(f->suggester);
    lexicon_free(f->lexicon);
    thesaurus_free(f->thesaurus);
    searcher_free(f->searcher);
    sample_folder_release(&f->folder);
    g_free(f);
    return 0;
}

static GPtrArray *suggest(Fixture *f, const char *typed, guint limit)
{
    g_autoptr(GError) error = NULL;
    assert_true(searcher_begin(f->searcher, &error));
    GPtrArray *suggestions = suggester_complete(f->suggester, f->searcher, typed, limit, &error);
    searcher_end(f->searcher);
    if (!suggestions)
        fail_msg("%s: %s", typed, error->message);
    return suggestions;
}

/* "text | text", of one kind. */
static char *texts_of(const GPtrArray *suggestions, SuggestionKind kind)
{
    GString *texts = g_string_new(NULL);
    for (guint i = 0; i < suggestions->len; i++) {
        const Suggestion *suggestion = g_ptr_array_index(suggestions, i);
        if (suggestion->kind == kind)
            g_string_append_printf(texts, "%s%s", texts->len > 0 ? " | " : "", suggestion->text);
    }
    return g_string_free(texts, FALSE);
}

static void test_kinds(void **state)
{
    static const struct {
        const char *typed;
        SuggestionKind kind;
        const char *texts;
    } CASES[] = {
        /* One name of a concept in a language; those that begin so first, frequent ones first. */
        {"coop", SUGGESTION_TERM,
         "cooperazione | cooperation | cooperazione decentrata | decentralised cooperation"},
        {"coor", SUGGESTION_TERM, "coordination | coordinamento"},
        {"COOPERAZIONE DEC", SUGGESTION_TERM, "cooperazione decentrata"},
        {"cooperazione fra", SUGGESTION_TERM, "cooperazione fra territori"},
        {"dec", SUGGESTION_TERM, "decentralised cooperation | cooperazione decentrata"},
        {"citta m", SUGGESTION_TERM, "città metropolitana"},
        {"Città me", SUGGESTION_TERM, "città metropolitana"},
        {"20", SUGGESTION_TERM, "2030 Agenda | Agenda 2030"},
        {"cooperazione ", SUGGESTION_TERM, "cooperazione decentrata"},
        {"territ", SUGGESTION_TERM, "cooperazione fra territori"},
        {"comuni coop", SUGGESTION_TERM,
         "comuni cooperazione | comuni cooperazione decentrata"}, /* no English one with comuni */
        {"fra", SUGGESTION_TERM, ""},
        {"title:coop", SUGGESTION_TERM, ""}, /* one word is a field's value */
        /* Words as the archive writes them, one of a stem, those that go with the word before. */
        {"univ", SUGGESTION_WORD, "università"},
        {"cooperazion", SUGGESTION_WORD, ""}, /* the term says it already */
        {"comuni dec", SUGGESTION_WORD, "comuni decentrata"},
        {"the dec", SUGGESTION_WORD,
         "the decentrata | the decade | the December | the Decentralised"},
        {"(acqua OR univ", SUGGESTION_WORD, "(acqua OR università"},
        {"\"della univ", SUGGESTION_WORD, "\"della università"},
        {"title:univ", SUGGESTION_WORD, "title:università"},
        {"università", SUGGESTION_WORD, ""}, /* nothing new */
        {"univ ", SUGGESTION_WORD, ""},
        {"del", SUGGESTION_WORD, ""},
        /* Titles: any word, the newest of those that answer as well; unread ones are none. */
        {"coop", SUGGESTION_TITLE, "Cooperation programme | Programma di cooperazione"},
        {"programma coop", SUGGESTION_TITLE, "Programma di cooperazione"},
        {"citta", SUGGESTION_TITLE, "Statuto della Città metropolitana"},
        {"illeggi", SUGGESTION_TITLE, ""},
        {"ittà", SUGGESTION_TITLE, ""},
        {"title:coop", SUGGESTION_TITLE, ""},
        /* Bodies of documents that can be searched. */
        {"citta", SUGGESTION_BODY, "Città di Portalba"},
        {"esem", SUGGESTION_BODY, "Regione Esempio"},
        {"ente", SUGGESTION_BODY, ""},
    };
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GPtrArray) suggestions = suggest(f, CASES[i].typed, SUGGEST_LIMIT);
        g_autofree char *texts = texts_of(suggestions, CASES[i].kind);
        if (strcmp(texts, CASES[i].texts) != 0)
            fail_msg("%s, %s: %s", CASES[i].typed, suggestion_kind_name(CASES[i].kind), texts);
    }
}

static void test_languages_and_ids(void **state)
{
    Fixture *f = *state;
    g_autoptr(GPtrArray) suggestions = suggest(f, "cooperation", SUGGEST_LIMIT);
    const Suggestion *term = g_ptr_array_index(suggestions, 0);
    const Suggestion *title = g_ptr_array_index(suggestions, suggestions->len - 1);
    g_autofree char *id = sample_id(&SAMPLES[1]);
    assert_int_equal(term->kind, SUGGESTION_TERM);
    assert_int_equal(term->language, LANGUAGE_ENGLISH);
    assert_string_equal(term->id, "");
    assert_int_equal(title->kind, SUGGESTION_TITLE);
    assert_int_equal(title->language, LANGUAGE_ENGLISH);
    assert_string_equal(title->id, id);
}

/* Every kind that has something gets a place before one gets its second. */
static void test_shares(void **state)
{
    Fixture *f = *state;
    for (guint limit = 0; limit <= 2 * SUGGEST_LIMIT; limit++) {
        g_autoptr(GPtrArray) suggestions = suggest(f, "ci", limit);
        assert_true(suggestions->len <= MIN(limit, (guint)SUGGEST_LIMIT));
        guint kinds[SUGGESTION_KINDS] = {0};
        for (guint i = 0; i < suggestions->len; i++) {
            const Suggestion *suggestion = g_ptr_array_index(suggestions, i);
            kinds[suggestion->kind]++;
            for (guint j = 0; j < i; j++)
                assert_true(((Suggestion *)g_ptr_array_index(suggestions, j))->kind <=
                            suggestion->kind);
        }
        for (guint i = 0; limit >= SUGGESTION_KINDS && i < SUGGESTION_KINDS; i++)
            assert_true(kinds[i] >= 1);
    }
}

static void test_nothing(void **state)
{
    static const char *const TEXTS[] = {
        "",      " ",     "c",      "è",      "\"",         "((((",     "coop*",
        "coop)", "-",     "zzzz",   "coop\n", "\x04i:coop", "\xff\xfe", "coop\xc3",
        "*",     "a b c", "%%%s%n", "??",     "\177coop",   "title:",   "-(",
    };
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_autoptr(GPtrArray) suggestions = suggest(f, TEXTS[i], SUGGEST_LIMIT);
        if (suggestions->len != 0)
            fail_msg("%s: %s", TEXTS[i], ((Suggestion *)suggestions->pdata[0])->text);
    }
    g_autofree char *lengthy = g_strnfill(SUGGEST_BYTES + 1, 'c');
    g_autoptr(GPtrArray) suggestions = suggest(f, lengthy, SUGGEST_LIMIT);
    assert_int_equal(suggestions->len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kinds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_languages_and_ids, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_shares, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
