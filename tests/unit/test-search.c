/* Tests of server/search: what is found and what not, on which page, how it is filtered, counted,
 * sorted and scored. Counts and scores are held against plain, slow ways of getting the same. */
#include "sample.h"

#include <math.h>

#include "../../server/search/search.h"

/* An archive small enough to be seen through. */
static const Sample SMALL[] = {
    {"statuti/a.pdf", "Statuto del Comune di Valdoria",
     IT "Il Comune promuove la cooperazione decentrata fra i municipi.\nLa partecipazione dei "
        "cittadini è garantita." PAGE IT "Le città gemellate e l'associazione dei comuni." PAGE IT
        "Pagina senza altro: acqua, fiumi, laghi.",
     "Comune di Valdoria", 2015, KIND_STATUTE, NULL},
    {"programmi/b.pdf", "Programma di cooperazione",
     IT "Cooperazioni fra città e municipalità; un progetto della Regione." PAGE IT
        "La legge 125/2014 e l'Agenda 2030.",
     "Regione Esempio", 2019, KIND_PROGRAMME, NULL},
    {"programmi/en/c.pdf", "Cooperation programme",
     EN "Decentralised cooperation between municipalities. Each municipality decides." PAGE EN
        "In this case the rivers and the lakes are a shared good.",
     "Regione Esempio", 2019, KIND_PROGRAMME, NULL},
    {"piani/d.pdf", "Piano dei case minimi",
     IT "In questo caso le case sono poche." PAGE EN "In this case there are few houses.", NULL, 0,
     KIND_PLAN, NULL},
    {"piani/e.pdf", "Acqua",
     IT "La prima pagina finisce con sviluppo" PAGE IT "sostenibile e la seconda comincia così. "
        "Cooperazione non decentrata.",
     "Comune di Valdoria", 2021, KIND_PLAN, NULL},
    {"piani/scan.pdf", "Scansione", NULL, NULL, 2021, KIND_PLAN, NULL},
    {"f.pdf", "Altro", UND "Zwei Wörter; kooperacija", NULL, 1999, KIND_OTHER, NULL},
};

typedef struct {
    SampleFolder folder;
    Searcher *searcher;
} Fixture;

static Searcher *open_searcher(const char *path)
{
    g_autoptr(GError) error = NULL;
    Searcher *searcher = searcher_new(path, &error);
    if (!searcher)
        fail_msg("%s", error->message);
    return searcher;
}

static void put_small_topics(const char *path)
{
    g_autoptr(Archive) writer = sample_writer(path);
    sample_put_topics(writer, 1, "governance", "");
    sample_put_topics(writer, 2, "governance resilience", "mediterranean");
    sample_put_topics(writer, 3, "resilience", "mediterranean latin-america");
}

static int set_up(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->folder = sample_folder_new();
    sample_archive(f->folder.archive, SMALL, G_N_ELEMENTS(SMALL));
    put_small_topics(f->folder.archive);
    f->searcher = open_searcher(f->folder.archive);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    searcher_free(f->searcher);
    sample_folder_release(&f->folder);
    g_free(f);
    return 0;
}

/* A search that is begun and ended for itself. `request` may be NULL: ten results, no filter. */
static SearchResult *search(Searcher *searcher, const char *typed, const SearchRequest *request)
{
    g_autoptr(GError) error = NULL;
    SearchRequest asked = request ? *request : (SearchRequest){.limit = 10};
    assert_true(searcher_begin(searcher, &error));
    g_autoptr(Query) query =
        query_parse(typed, strlen(typed), NULL, FALSE, searcher_analyser(searcher));
    asked.query = query;
    SearchResult *result = searcher_search(searcher, &asked, &error);
    searcher_end(searcher);
    if (!result)
        fail_msg("%s: %s", typed, error->message);
    return result;
}

static const SearchItem *item_at(const SearchResult *result, guint index)
{
    assert_in_range(index, 0, result->items->len - 1);
    return g_ptr_array_index(result->items, index);
}

static const char *path_at(const SearchResult *result, guint index)
{
    const SearchItem *item = item_at(result, index);
    assert_int_equal(item->paths->len, 1);
    return g_ptr_array_index(item->paths, 0);
}

/* The letters of the files that hold all that was asked ("bc" for programmi/b.pdf and
 * programmi/en/c.pdf), in order. */
static char *found(const SearchResult *result, gboolean is_sorted)
{
    GString *letters = g_string_new(NULL);
    for (guint i = 0; i < result->items->len; i++) {
        g_autofree char *name = g_path_get_basename(path_at(result, i));
        if (item_at(result, i)->is_partial)
            continue;
        gsize at = is_sorted ? strspn(letters->str, "abcdefghijklmnopqrstuvwxyz") : 0;
        while (is_sorted && at > 0 && letters->str[at - 1] > name[0])
            at--;
        g_string_insert_c(letters, is_sorted ? (gssize)at : -1, name[0]);
    }
    return g_string_free(letters, FALSE);
}

static void test_found(void **state)
{
    static const struct {
        const char *typed;
        const char *files; /* found, by letter */
    } CASES[] = {
        {"cooperazione", "abe"},
        {"cooperazioni", "abe"},
        {"cooperation", "c"},
        {"municipality", "c"},
        {"municipalities", "c"},
        {"citta", "ab"},
        {"città", "ab"},
        {"citta'", "ab"},
        {"dell'associazione", "a"},
        {"ASSOCIAZIONI", "a"},
        {"cooperazione decentrata", "ae"},
        {"\"cooperazione decentrata\"", "a"},
        {"\"cooperazioni decentrate\"", ""},
        {"\"cooperazioni\"", "b"},
        {"rivers OR fiumi", "ac"},
        {"cooperazione -decentrata", "b"},
        {"-cooperazione", "cdf"},
        {"cooper*", "abce"},
        {"koop*", "f"},
        {"Wörter", "f"},
        {"worter", "f"},
        {"125/2014", "b"},
        {"125", "b"},
        {"2014", "b"},
        {"\"sviluppo sostenibile\"", "e"},
        {"\"sostenibile sviluppo\"", ""},
        {"acqua fiumi", "a"},
        {"acqua", "ae"},
        {"title:acqua", "e"},
        {"titolo:cooperazione", "b"},
        {"kind:programme", "bc"},
        {"tipo:statuto", "a"},
        {"year:2019", "bc"},
        {"anno:2015..2020", "abc"},
        {"lang:en", "cd"},
        {"lingua:it", "abde"},
        {"ente:Valdoria", "ae"},
        {"body:\"regione esempio\" cooperazione", "b"},
        {"raccolta:piani", "de"},
        {"collection:programmi -lang:it", "c"},
        {"(fiumi OR rivers) -lang:en", "a"},
        {"parolachenonce", ""},
        {"", "abcdef"},
        {"   ", "abcdef"},
        {"\"\"", "abcdef"},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(SearchResult) result = search(f->searcher, CASES[i].typed, NULL);
        g_autofree char *files = found(result, TRUE);
        if (strcmp(files, CASES[i].files) != 0 ||
            result->total - result->partial != strlen(CASES[i].files))
            fail_msg("%s: found %s (%u), not %s", CASES[i].typed, files, result->total,
                     CASES[i].files);
    }
}

/* The stem of case (Italian: houses) is not that of case (English). */
static void test_languages_stay_apart(void **state)
{
    const Fixture *f = *state;
    g_autoptr(SearchResult) result = search(f->searcher, "houses", NULL);
    g_autofree char *files = found(result, FALSE);
    assert_string_equal(files, "d");
    const SearchItem *item = item_at(result, 0);
    assert_int_equal(item->hits->len, 1);
    assert_int_equal(g_array_index(item->hits, SearchHit, 0).page, 2);
    assert_int_equal(g_array_index(item->hits, SearchHit, 0).passage->language, LANGUAGE_ENGLISH);
}

static char *marked_words(const Passage *passage)
{
    GString *words = g_string_new(NULL);
    for (guint i = 0; i < passage->segments->len; i++) {
        const PassageSegment *segment = &g_array_index(passage->segments, PassageSegment, i);
        if (segment->match)
            g_string_append_printf(words, "%s%s", words->len ? "|" : "", segment->text);
    }
    return g_string_free(words, FALSE);
}

static void test_hits(void **state)
{
    static const struct {
        const char *typed;
        guint page;
        const char *marked;
    } CASES[] = {
        {"gemellate", 2, "gemellate"},
        {"laghi", 3, "laghi"},
        {"associazione", 2, "associazione"},
        {"agenda 2030", 2, "Agenda|2030"},
        {"\"agenda 2030\"", 2, "Agenda 2030"},
        {"\"comincia così\"", 2, "comincia così"},
        {"rivers lakes", 2, "rivers|lakes"},
        {"municipality", 1, "municipalities|municipality"},
        {"titolo:cooperazione", 1, ""},
        {"\"sviluppo sostenibile\"", 1, "sviluppo sostenibile"},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(SearchResult) result = search(f->searcher, CASES[i].typed, NULL);
        const SearchItem *item = item_at(result, 0);
        const SearchHit *hit = &g_array_index(item->hits, SearchHit, 0);
        g_autofree char *marked = marked_words(hit->passage);
        if (item->hits->len < 1 || hit->page != CASES[i].page ||
            strcmp(marked, CASES[i].marked) != 0)
            fail_msg("%s: page %u marks \"%s\"", CASES[i].typed, hit->page, marked);
    }
}

/* Forty pages; the word asked for on some of them, twice on one, both words on one. */
static void test_best_pages(void **state)
{
    (void)state;
    SampleFolder folder = sample_folder_new();
    g_autoptr(GString) text = g_string_new(NULL);
    for (int page = 1; page <= 40; page++) {
        if (page != 4 && page != 5)
            g_string_append(text, IT "riempitivo di poco conto");
        if (page == 7 || page == 9 || page == 30)
            g_string_append(text, " fontana");
        g_string_append(text, page == 20 ? " fontana fontana" : "");
        g_string_append(text, page == 33 ? " fontana giardino" : "");
        g_string_append(text, page < 40 ? PAGE : "");
    }
    Sample sample = {.path = "a.pdf", .marked = text->str};
    sample_archive(folder.archive, &sample, 1);
    g_autoptr(Searcher) searcher = open_searcher(folder.archive);
    g_autoptr(SearchResult) result = search(searcher, "fontana giardino", NULL);
    const GArray *hits = item_at(result, 0)->hits;
    assert_int_equal(hits->len, SEARCH_PAGE_HITS);
    assert_int_equal(g_array_index(hits, SearchHit, 0).page, 33);
    assert_int_equal(g_array_index(hits, SearchHit, 1).page, 20);
    assert_int_equal(g_array_index(hits, SearchHit, 2).page, 7);
    sample_folder_release(&folder);
}

/* A cover that is only a picture has no words: the passage is of the first page that has some. */
static void test_title_only_passes_empty_pages(void **state)
{
    (void)state;
    static const Sample SAMPLES[] = {
        {.path = "a.pdf", .title = "Fontana", .marked = IT PAGE IT " \n" PAGE IT "Testo vero."},
        {.path = "b.pdf", .title = "Fontana vuota", .marked = IT PAGE IT ""},
    };
    SampleFolder folder = sample_folder_new();
    sample_archive(folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    g_autoptr(Searcher) searcher = open_searcher(folder.archive);
    g_autoptr(SearchResult) result = search(searcher, "", &(SearchRequest){.limit = 9});
    const GArray *hits = item_at(result, 0)->hits;
    assert_int_equal(hits->len, 1);
    const SearchHit *hit = &g_array_index(hits, SearchHit, 0);
    assert_int_equal(hit->page, 3);
    assert_string_equal(g_array_index(hit->passage->segments, PassageSegment, 0).text,
                        "Testo vero.");
    assert_int_equal(item_at(result, 1)->hits->len, 0);
    sample_folder_release(&folder);
}

/* Pages of one document: those that hold the words, and no others. */
static void test_pages_of_one(void **state)
{
    static const struct {
        const char *typed;
        gint64 row; /* in SMALL, from 1 */
        const char *pages;
    } CASES[] = {
        {"comune", 1, "1:1 2:1 "},
        {"cooperazione", 2, "1:1 "},
        {"titolo:cooperazione", 2, ""},
        {"piano", 4, ""},
        {"kind:plan", 4, ""},
        {"", 1, ""},
        {"parolachenonce", 1, ""},
        {"\"sviluppo sostenibile\"", 5, "1:1 "},
        {"acqua", 6, ""},
        {"acqua", 99, NULL},
    };
    const Fixture *f = *state;
    assert_true(searcher_begin(f->searcher, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const char *typed = CASES[i].typed;
        g_autoptr(Query) query =
            query_parse(typed, strlen(typed), NULL, FALSE, searcher_analyser(f->searcher));
        g_autoptr(GArray) pages = searcher_pages(f->searcher, query, CASES[i].row, NULL);
        g_autoptr(GString) seen = g_string_new(NULL);
        for (guint j = 0; pages && j < pages->len; j++) {
            const SearchPage *page = &g_array_index(pages, SearchPage, j);
            g_string_append_printf(seen, "%u:%u ", page->page, page->matches);
        }
        if ((CASES[i].pages != NULL) != (pages != NULL) ||
            (pages && strcmp(seen->str, CASES[i].pages) != 0))
            fail_msg("%s in %d: %s", typed, (int)CASES[i].row, seen->str);
    }
    searcher_end(f->searcher);
}

/* One in the title is worth more than one in the text, and less than many. */
static void test_title_weight(void **state)
{
    (void)state;
    static const Sample SAMPLES[] = {
        {.path = "a.pdf", .title = "Uno", .marked = IT "fontana e altro testo qui"},
        {.path = "b.pdf", .title = "Fontana", .marked = IT "parole e altro testo qui"},
        {.path = "c.pdf", .title = "Due", .marked = IT "fontana fontana fontana fontana fontana"},
        {.path = "d.pdf", .title = "Tre", .marked = IT "parole che non dicono nulla"},
    };
    SampleFolder folder = sample_folder_new();
    sample_archive(folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    g_autoptr(Searcher) searcher = open_searcher(folder.archive);
    g_autoptr(SearchResult) result = search(searcher, "fontana", NULL);
    g_autofree char *files = found(result, FALSE);
    assert_string_equal(files, "cba");
    assert_true(item_at(result, 0)->score > item_at(result, 1)->score);
    assert_true(item_at(result, 1)->score > item_at(result, 2)->score);
    sample_folder_release(&folder);
}

/* Filters */

static GPtrArray *values_of(const char *list)
{
    GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) parts = g_strsplit(list, "|", -1);
    for (guint i = 0; *list && parts[i]; i++)
        g_ptr_array_add(values, g_strdup(parts[i]));
    return values;
}

static void test_filters(void **state)
{
    static const struct {
        const char *typed;
        const char *values[FACET_COUNT]; /* parted by | */
        int year_from;
        int year_to;
        const char *files;
        guint unsearchable;
    } CASES[] = {
        {"", {NULL}, 0, 0, "abcdef", 1},
        {"", {[FACET_LANGUAGE] = ""}, 0, 0, "abcdef", 1},
        {"", {[FACET_LANGUAGE] = "en"}, 0, 0, "cd", 1},
        {"", {[FACET_LANGUAGE] = "it|en"}, 0, 0, "abcde", 1},
        {"", {[FACET_KIND] = "plan"}, 0, 0, "de", 1},
        {"", {[FACET_KIND] = "plan|statute"}, 0, 0, "ade", 1},
        {"", {[FACET_KIND] = "other"}, 0, 0, "f", 0},
        {"", {[FACET_BODY] = "Comune di Valdoria"}, 0, 0, "ae", 0},
        {"", {[FACET_BODY] = "Comune di Valdoria|Regione Esempio"}, 0, 0, "abce", 0},
        {"", {[FACET_BODY] = "Nessuno"}, 0, 0, "", 0},
        {"", {[FACET_COLLECTION] = "programmi"}, 0, 0, "bc", 0},
        {"", {[FACET_COLLECTION] = "programmi/en"}, 0, 0, "c", 0},
        {"", {[FACET_COLLECTION] = "prog"}, 0, 0, "", 0},
        {"", {[FACET_COLLECTION] = "programmi/en|piani"}, 0, 0, "cde", 1},
        {"", {[FACET_KIND] = "plan|programme", [FACET_LANGUAGE] = "en"}, 0, 0, "cd", 1},
        {"", {[FACET_KIND] = "plan", [FACET_BODY] = "Comune di Valdoria"}, 0, 0, "e", 0},
        {"", {[FACET_THEME] = "governance"}, 0, 0, "ab", 0},
        {"", {[FACET_THEME] = "governance|resilience"}, 0, 0, "abc", 0},
        {"", {[FACET_THEME] = "governance", [FACET_AREA] = "mediterranean"}, 0, 0, "b", 0},
        {"", {[FACET_THEME] = "mediterranean"}, 0, 0, "", 0},
        {"", {[FACET_THEME] = "mediterranean|resilience"}, 0, 0, "bc", 0},
        {"", {[FACET_AREA] = "latin-america"}, 0, 0, "c", 0},
        {"cooperazione", {[FACET_AREA] = "mediterranean"}, 0, 0, "b", 0},
        {"", {NULL}, 2019, 0, "bce", 1},
        {"", {NULL}, 0, 2019, "abcf", 0},
        {"", {NULL}, 2000, 2019, "abc", 0},
        {"", {NULL}, 2019, 2000, "", 0},
        {"cooperazione", {[FACET_KIND] = "plan"}, 0, 0, "e", 1},
        {"cooperazione", {[FACET_LANGUAGE] = "en"}, 0, 0, "", 1},
    };
    const Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        SearchRequest request = {.limit = 50};
        request.year_from = CASES[i].year_from;
        request.year_to = CASES[i].year_to;
        for (int facet = 0; facet < FACET_COUNT; facet++)
            if (CASES[i].values[facet])
                request.values[facet] = values_of(CASES[i].values[facet]);
        g_autoptr(SearchResult) result = search(f->searcher, CASES[i].typed, &request);
        g_autofree char *files = found(result, TRUE);
        if (strcmp(files, CASES[i].files) != 0 || result->total != strlen(files) ||
            result->unsearchable != CASES[i].unsearchable)
            fail_msg("case %zu: found %s (%u, %u unsearchable), not %s", i, files, result->total,
                     result->unsearchable, CASES[i].files);
        for (int facet = 0; facet < FACET_COUNT; facet++)
            if (request.values[facet])
                g_ptr_array_unref((GPtrArray *)request.values[facet]);
    }
}

static guint facet_count(const SearchResult *result, Facet facet, const char *value)
{
    for (guint i = 0; i < result->facets[facet]->len; i++) {
        const FacetValue *found_value = &g_array_index(result->facets[facet], FacetValue, i);
        if (strcmp(found_value->value, value) == 0)
            return found_value->count;
    }
    return 0;
}

/* A folder's count is that of all that lies below it; a facet's own filter does not narrow it. */
static void test_facets(void **state)
{
    const Fixture *f = *state;
    g_autoptr(GPtrArray) kinds = values_of("plan");
    SearchRequest request = {.limit = 0, .values[FACET_KIND] = kinds};
    g_autoptr(SearchResult) all = search(f->searcher, "", NULL);
    g_autoptr(SearchResult) plans = search(f->searcher, "", &request);
    assert_int_equal(facet_count(all, FACET_COLLECTION, "programmi"), 2);
    assert_int_equal(facet_count(all, FACET_COLLECTION, "programmi/en"), 1);
    assert_int_equal(facet_count(all, FACET_YEAR, "2019"), 2);
    assert_int_equal(facet_count(all, FACET_LANGUAGE, "it"), 4);
    assert_int_equal(facet_count(all, FACET_LANGUAGE, "en"), 2);
    assert_int_equal(facet_count(all, FACET_THEME, "governance"), 2);
    assert_int_equal(facet_count(all, FACET_THEME, "mediterranean"), 0);
    assert_int_equal(facet_count(all, FACET_AREA, "mediterranean"), 2);
    assert_int_equal(facet_count(plans, FACET_THEME, "governance"), 0);
    assert_int_equal(facet_count(plans, FACET_KIND, "plan"), 2);
    assert_int_equal(facet_count(plans, FACET_KIND, "programme"), 2);
    assert_int_equal(facet_count(plans, FACET_BODY, "Regione Esempio"), 0);
    assert_int_equal(facet_count(plans, FACET_BODY, "Comune di Valdoria"), 1);
    assert_int_equal(plans->total, 2);
    assert_int_equal(plans->items->len, 0);
    const GArray *years = all->facets[FACET_YEAR];
    for (guint i = 1; i < years->len; i++)
        assert_true(strcmp(g_array_index(years, FacetValue, i - 1).value,
                           g_array_index(years, FacetValue, i).value) > 0);
}

/* Sorting */

static void test_sorts(void **state)
{
    static const Sample SAMPLES[] = {
        {.path = "a.pdf", .title = "Zenit", .marked = IT "fontana", .year = 2010},
        {.path = "b.pdf", .title = "èdera", .marked = IT "fontana", .year = 0},
        {.path = "c.pdf", .title = "Edera seconda", .marked = IT "fontana", .year = 2020},
        {.path = "d.pdf", .title = "«Abaco»", .marked = IT "fontana", .year = 2010},
        {.path = "e.pdf", .title = "EDERA", .marked = IT "fontana fontana", .year = 2010},
        {.path = "f.pdf", .title = "faro", .marked = IT "fontana", .year = 0},
    };
    static const struct {
        SearchSort sort;
        const char *files;
    } CASES[] = {
        {SORT_NEWEST, "ceadbf"},
        {SORT_OLDEST, "eadcbf"},
        {SORT_TITLE, "debcfa"},
        {SORT_ADDED, "fedcba"},
    };
    static const guint COUNTS[TITLE_LETTERS] = {
        ['a' - 'a'] = 1, ['e' - 'a'] = 3, ['f' - 'a'] = 1, ['z' - 'a'] = 1};
    (void)state;
    SampleFolder folder = sample_folder_new();
    sample_archive(folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    g_autoptr(Searcher) searcher = open_searcher(folder.archive);
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        SearchRequest request = {.limit = 10, .sort = CASES[i].sort};
        g_autoptr(SearchResult) result = search(searcher, "fontana", &request);
        g_autofree char *files = found(result, FALSE);
        assert_string_equal(files, CASES[i].files);
        for (guint letter = 0; letter < TITLE_LETTERS; letter++)
            assert_int_equal(result->letters[letter], COUNTS[letter]);
    }
    sample_folder_release(&folder);
}

static void test_sort_names(void **state)
{
    (void)state;
    for (int i = 0; i < SORT_COUNT; i++) {
        SearchSort sort = SORT_COUNT;
        assert_true(search_sort_parse(search_sort_name((SearchSort)i), &sort));
        assert_int_equal(sort, i);
    }
    SearchSort sort = SORT_TITLE;
    assert_false(search_sort_parse("Relevance", &sort));
    assert_false(search_sort_parse("", &sort));
    assert_int_equal(sort, SORT_TITLE);
    assert_string_equal(facet_name(FACET_COLLECTION), "collection");
}

/* A larger archive of made-up words, to be recounted the slow way */

enum { MANY = 150, VOCABULARY = 60 };

typedef struct {
    GPtrArray *texts; /* char *: marked */
    GArray *samples;  /* Sample */
} Many;

static const char *const BODIES[] = {NULL, "Ente A", "Ente B", "Ente C"};
static const char *const FOLDERS[] = {"x", "x/y", "x/y/z", "w"};
static const char *const TOPICS[] = {"", "ta", "tb", "ta tb", "tc ta", "tb tc"};

/* What the sample of a place is about, by facet. */
static const char *topics_of(guint place, Facet facet)
{
    return TOPICS[(facet == FACET_THEME ? place : place / 5) % G_N_ELEMENTS(TOPICS)];
}

/* Words that no stemmer changes alike: what stands for word `n`. Few are common, many rare. */
static char *made_up_word(GRand *random, gboolean is_common)
{
    int n = g_rand_int_range(random, 0, VOCABULARY);
    if (is_common)
        n = n * g_rand_int_range(random, 0, VOCABULARY) / VOCABULARY;
    return g_strdup_printf("z%c%ck%c", 'b' + n % 6, 'p' + n / 6 % 6, 'r' + n / 36);
}

static char *made_up_text(GRand *random)
{
    static const char *const MARKS[] = {IT, EN, UND};
    GString *text = g_string_new(NULL);
    int pages = g_rand_int_range(random, 1, 6);
    for (int page = 0; page < pages; page++) {
        g_string_append_printf(text, "%s%s", page ? PAGE : "",
                               MARKS[g_rand_int_range(random, 0, 3)]);
        int words = g_rand_int_range(random, 0, 60);
        for (int i = 0; i < words; i++) {
            g_autofree char *word = made_up_word(random, TRUE);
            g_string_append_printf(text, "%s ", word);
        }
    }
    return g_string_free(text, FALSE);
}

static Many many_new(GRand *random)
{
    Many many = {g_ptr_array_new_with_free_func(g_free), NULL};
    many.samples = g_array_new(FALSE, TRUE, sizeof(Sample));
    for (int i = 0; i < MANY; i++) {
        char *text = made_up_text(random);
        char *path = g_strdup_printf("%s/%03d.pdf", FOLDERS[g_rand_int_range(random, 0, 4)], i);
        char *title = made_up_word(random, FALSE);
        Sample sample = {path,
                         title,
                         g_rand_int_range(random, 0, 10) ? text : NULL,
                         BODIES[g_rand_int_range(random, 0, 4)],
                         g_rand_int_range(random, 0, 4) ? g_rand_int_range(random, 2000, 2012) : 0,
                         (Kind)g_rand_int_range(random, 0, KIND_COUNT),
                         NULL};
        g_ptr_array_add(many.texts, text);
        g_ptr_array_add(many.texts, path);
        g_ptr_array_add(many.texts, title);
        g_array_append_val(many.samples, sample);
    }
    return many;
}

static void many_release(Many *many)
{
    g_array_unref(many->samples);
    g_ptr_array_unref(many->texts);
}

static void many_archive(const Many *many, const char *path)
{
    sample_archive(path, (const Sample *)many->samples->data, MANY);
    g_autoptr(Archive) writer = sample_writer(path);
    for (guint i = 0; i < MANY; i++)
        if (g_array_index(many->samples, Sample, i).marked)
            sample_put_topics(writer, i + 1, topics_of(i, FACET_THEME), topics_of(i, FACET_AREA));
}

static const Sample *many_at(const Many *many, guint index)
{
    return &g_array_index(many->samples, Sample, index);
}

/* How often `word` stands in a text, and how many words it has. */
static guint occurrences(const char *text, const char *word, guint *ret_words)
{
    guint count = 0, words = 0;
    g_auto(GStrv) parts = g_strsplit_set(text, " \f\x01\x02\x03", -1);
    for (guint i = 0; parts[i]; i++) {
        words += *parts[i] != '\0';
        count += strcmp(parts[i], word) == 0;
    }
    if (ret_words)
        *ret_words = words;
    return count;
}

/* What ranking says (rank.h), written down the slow way: BM25 with k1 1.2 and b 0.6, an occurrence
 * in the title counted four times, three tenths more for the word as typed (here every form is the
 * word itself), all by the root of the mean that a word's occurrences come to where it stands, and
 * nearness looked for at every pair and every stretch. */
typedef struct {
    const Many *many;
    double average;
    guint documents;
    char **words;
    guint count;
    double idf[2];
    double weight[2];
} Slow;

static gboolean holds(const Sample *sample, const char *word)
{
    return sample->marked &&
           (strcmp(sample->title, word) == 0 || occurrences(sample->marked, word, NULL) > 0);
}

static double slow_norm(const Slow *slow, const Sample *sample)
{
    guint length = 0;
    occurrences(sample->marked, "", &length);
    return 1.2 * (0.4 + 0.6 * length / slow->average);
}

static double slow_saturated(const Slow *slow, const Sample *sample, guint word)
{
    double frequency = occurrences(sample->marked, slow->words[word], NULL) +
                       (strcmp(sample->title, slow->words[word]) == 0 ? 4.0 : 0.0);
    return frequency * 2.2 / (frequency + slow_norm(slow, sample));
}

static Slow slow_new(const Many *many, char **words)
{
    Slow slow = {.many = many, .words = words, .count = g_strv_length(words)};
    guint total = 0;
    for (guint i = 0; i < MANY; i++) {
        guint length = 0;
        if (!many_at(many, i)->marked)
            continue;
        occurrences(many_at(many, i)->marked, "", &length);
        slow.documents++;
        total += length;
    }
    slow.average = (double)total / slow.documents;
    for (guint word = 0; word < slow.count; word++) {
        double n = 0, sum = 0;
        for (guint i = 0; i < MANY; i++) {
            if (!holds(many_at(many, i), words[word]))
                continue;
            sum += slow_saturated(&slow, many_at(many, i), word);
            n++;
        }
        slow.idf[word] = log(1 + (slow.documents - n + 0.5) / (n + 0.5));
        slow.weight[word] = n > 0 ? slow.idf[word] * sqrt(sum / n) : slow.idf[word];
    }
    return slow;
}

static double slow_base(const Slow *slow, const Sample *sample)
{
    double score = 0;
    for (guint i = 0; i < slow->count; i++)
        score += 1.3 * slow->weight[i] * slow_saturated(slow, sample, i);
    return score;
}

/* For each word of the text: 0 or 1 for one of the question's, -1 for another. */
static GArray *slow_sequence(const Slow *slow, const Sample *sample)
{
    GArray *sequence = g_array_new(FALSE, FALSE, sizeof(int));
    g_auto(GStrv) parts = g_strsplit_set(sample->marked, " \f\x01\x02\x03", -1);
    for (guint i = 0; parts[i]; i++) {
        int which = -1;
        for (guint j = 0; j < slow->count; j++)
            which = strcmp(parts[i], slow->words[j]) == 0 ? (int)j : which;
        if (*parts[i])
            g_array_append_val(sequence, which);
    }
    return sequence;
}

static double slow_pairs(const Slow *slow, const GArray *sequence, double norm)
{
    double gathered[2] = {0}, score = 0;
    for (guint i = 0; i < sequence->len; i++) {
        int left = g_array_index(sequence, int, i);
        for (guint j = i + 1; left >= 0 && j < sequence->len; j++) {
            int right = g_array_index(sequence, int, j);
            if (right < 0)
                continue;
            if (right != left && j - i <= 12) {
                gathered[left] += slow->weight[right] / ((j - i) * (j - i));
                gathered[right] += slow->weight[left] / ((j - i) * (j - i));
            }
            break;
        }
    }
    for (guint i = 0; i < slow->count; i++)
        if (gathered[i] > 0)
            score += MIN(1, slow->weight[i]) * gathered[i] * 2.2 / (gathered[i] + norm);
    return 0.5 * score;
}

static double slow_stretch(const Slow *slow, const GArray *sequence)
{
    double best = 0;
    for (guint i = 0; i < sequence->len; i++) {
        gboolean held[2] = {FALSE};
        for (guint j = i; j < sequence->len && j <= i + 15; j++)
            if (g_array_index(sequence, int, j) >= 0)
                held[g_array_index(sequence, int, j)] = TRUE;
        best = MAX(best, held[0] * slow->weight[0] + held[1] * slow->weight[1]);
    }
    return 0.6 * best;
}

static double slow_nearness(const Slow *slow, const Sample *sample)
{
    g_autoptr(GArray) sequence = slow_sequence(slow, sample);
    if (slow->count < 2)
        return 0;
    return slow_pairs(slow, sequence, slow_norm(slow, sample)) + slow_stretch(slow, sequence);
}

/* 2: holds all words; 1: a third of their weight at least; 0: less, or it cannot be read. */
static int slow_tier(const Slow *slow, const Sample *sample)
{
    double held = 0, all = 0;
    if (!sample->marked)
        return 0;
    for (guint i = 0; i < slow->count; i++) {
        all += slow->idf[i];
        held += holds(sample, slow->words[i]) ? slow->idf[i] : 0;
    }
    return held >= all - 1e-9 ? 2 : held >= all / 3 - 1e-9 && held > 0 ? 1 : 0;
}

typedef struct {
    guint at;
    int tier;
    double score;
} SlowItem;

static gint compare_slow(gconstpointer a, gconstpointer b)
{
    const SlowItem *left = a, *right = b;
    if (left->tier != right->tier)
        return right->tier - left->tier;
    if (fabs(left->score - right->score) > 1e-5)
        return left->score > right->score ? -1 : 1;
    return left->at < right->at ? -1 : left->at > right->at;
}

/* Documents that answer, in order: those that hold all; with fewer than ten of them the others. Of
 * the first twenty the nearness counts as well. */
static GArray *slow_answer(const Slow *slow)
{
    GArray *items = g_array_new(FALSE, FALSE, sizeof(SlowItem));
    guint complete = 0;
    for (guint i = 0; i < MANY; i++)
        complete += slow_tier(slow, many_at(slow->many, i)) == 2;
    for (guint i = 0; i < MANY; i++) {
        SlowItem item = {.at = i, .tier = slow_tier(slow, many_at(slow->many, i))};
        if (item.tier < (complete < 10 ? 1 : 2))
            continue;
        item.score = slow_base(slow, many_at(slow->many, i));
        g_array_append_val(items, item);
    }
    g_array_sort(items, compare_slow);
    for (guint i = 0; i < MIN(items->len, 20); i++) {
        SlowItem *item = &g_array_index(items, SlowItem, i);
        item->score += slow_nearness(slow, many_at(slow->many, item->at));
    }
    return items;
}

static const SlowItem *slow_item(const Slow *slow, const GArray *items, const char *path)
{
    for (guint i = 0; i < items->len; i++)
        if (strcmp(many_at(slow->many, g_array_index(items, SlowItem, i).at)->path, path) == 0)
            return &g_array_index(items, SlowItem, i);
    fail_msg("%s is no answer", path);
    return NULL;
}

static void check_scores(const Many *many, Searcher *searcher, const char *typed)
{
    g_auto(GStrv) words = g_strsplit(typed, " ", -1);
    Slow slow = slow_new(many, words);
    g_autoptr(GArray) expected = slow_answer(&slow);
    SearchRequest request = {.limit = MANY};
    g_autoptr(SearchResult) result = search(searcher, typed, &request);
    assert_int_equal(result->total, expected->len);
    assert_int_equal(result->items->len, expected->len);
    for (guint i = 0; i < result->items->len; i++) {
        const SearchItem *item = item_at(result, i);
        const SlowItem *slow_one = slow_item(&slow, expected, path_at(result, i));
        if (fabs(slow_one->score - item->score) > 1e-4)
            fail_msg("%s: %s scores %.6f, not %.6f", typed, path_at(result, i), item->score,
                     slow_one->score);
        assert_int_equal(item->is_partial, slow_one->tier == 1);
        if (i > 0 && item_at(result, i - 1)->is_partial == item->is_partial && i != 20)
            assert_true(item_at(result, i - 1)->score >= item->score - 1e-5);
    }
}

static void test_scores(void **state)
{
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    SampleFolder folder = sample_folder_new();
    Many many = many_new(random);
    sample_archive(folder.archive, (const Sample *)many.samples->data, MANY);
    g_autoptr(Searcher) searcher = open_searcher(folder.archive);
    for (int i = 0; i < 12; i++) {
        g_autofree char *one = made_up_word(random, TRUE);
        g_autofree char *two = made_up_word(random, TRUE);
        g_autofree char *both = g_strconcat(one, " ", two, NULL);
        check_scores(&many, searcher, one);
        if (strcmp(one, two) != 0)
            check_scores(&many, searcher, both);
    }
    many_release(&many);
    sample_folder_release(&folder);
}

/* What asks for shock-sound is answered best by the phrase, then by what is on both; and the
 * parts of a score make up the whole. */
static void test_compounds(void **state)
{
    static const Sample SAMPLES[] = {
        {"none.pdf", "A", EN "river lake harbour else and nothing at all", NULL, 0, KIND_OTHER,
         NULL},
        {"both.pdf", "B", EN "sound river lake harbour else or all shock", NULL, 0, KIND_OTHER,
         NULL},
        {"phrase.pdf", "C", EN "river shock sound lake harbour and at all", NULL, 0, KIND_OTHER,
         NULL},
    };
    static const char *const EXPECTED[] = {"phrase.pdf", "both.pdf", "none.pdf"};
    (void)state;
    SampleFolder folder = sample_folder_new();
    sample_archive(folder.archive, SAMPLES, G_N_ELEMENTS(SAMPLES));
    g_autoptr(Searcher) searcher = open_searcher(folder.archive);
    SearchRequest request = {.limit = 10};
    g_autoptr(SearchResult) result = search(searcher, "shock-sound river lake harbour", &request);
    assert_int_equal(result->items->len, G_N_ELEMENTS(EXPECTED));
    for (guint i = 0; i < result->items->len; i++) {
        const GArray *parts = item_at(result, i)->parts;
        double sum = 0;
        for (guint k = 0; k < parts->len; k++)
            sum += g_array_index(parts, double, k);
        assert_string_equal(path_at(result, i), EXPECTED[i]);
        assert_float_equal(sum, item_at(result, i)->score, 1e-4);
        assert_int_equal(g_array_index(parts, double, 0) > 0, i < 2);
    }
    sample_folder_release(&folder);
}

/* Whether a sample passes the filters of a request, but for those of one facet (FACET_COUNT: none).
 */
static gboolean passes(const Many *many, guint place, const SearchRequest *request, Facet but)
{
    const Sample *sample = many_at(many, place);
    g_autoptr(ArchiveDocument) document = sample_document(sample);
    gboolean fits[FACET_COUNT] = {FALSE};
    for (int facet = 0; facet < FACET_COUNT; facet++) {
        const GPtrArray *values = request->values[facet];
        fits[facet] = facet == (int)but || !values;
        for (guint i = 0; values && i < values->len; i++) {
            const char *value = g_ptr_array_index(values, i);
            g_autofree char *folder = g_strconcat(value, "/", NULL);
            fits[facet] |= ((facet == FACET_THEME || facet == FACET_AREA) &&
                            strstr(topics_of(place, (Facet)facet), value)) ||
                           (facet == FACET_KIND && strcmp(kind_name(sample->kind), value) == 0) ||
                           (facet == FACET_BODY && g_strcmp0(sample->body, value) == 0) ||
                           (facet == FACET_COLLECTION && g_str_has_prefix(sample->path, folder)) ||
                           (facet == FACET_LANGUAGE && strcmp(value, "it") == 0 &&
                            document->share[LANGUAGE_ITALIAN] >= 0.1) ||
                           (facet == FACET_LANGUAGE && strcmp(value, "en") == 0 &&
                            document->share[LANGUAGE_ENGLISH] >= 0.1);
        }
    }
    if (but != FACET_YEAR)
        fits[FACET_YEAR] =
            sample->year >= request->year_from &&
            (!request->year_to || (sample->year && sample->year <= request->year_to));
    for (int facet = 0; facet < FACET_COUNT; facet++)
        if (!fits[facet])
            return FALSE;
    return TRUE;
}

static guint recount(const Many *many, const char *word, const SearchRequest *request, Facet facet,
                     const char *value)
{
    guint count = 0;
    g_autoptr(GPtrArray) only = values_of(value ? value : "");
    SearchRequest one = {0};
    if (facet == FACET_YEAR)
        one.year_from = one.year_to = (int)g_ascii_strtoull(value, NULL, 10);
    else if (facet != FACET_COUNT)
        one.values[facet] = only;
    for (guint i = 0; i < MANY; i++) {
        const Sample *sample = many_at(many, i);
        gboolean matches = sample->marked && (!*word || strcmp(sample->title, word) == 0 ||
                                              occurrences(sample->marked, word, NULL) > 0);
        count += matches && passes(many, i, request, facet) && passes(many, i, &one, FACET_COUNT);
    }
    return count;
}

static void check_counts(const Many *many, Searcher *searcher, const char *word,
                         const SearchRequest *request)
{
    g_autoptr(SearchResult) result = search(searcher, word, request);
    assert_int_equal(result->total, recount(many, word, request, FACET_COUNT, NULL));
    for (int facet = 0; facet < FACET_COUNT; facet++) {
        for (guint i = 0; i < result->facets[facet]->len; i++) {
            const FacetValue *value = &g_array_index(result->facets[facet], FacetValue, i);
            guint count = recount(many, word, request, (Facet)facet, value->value);
            if (count != value->count)
                fail_msg("%s %s: %u, not %u", facet_name((Facet)facet), value->value, value->count,
                         count);
        }
    }
    for (guint i = 0; i < G_N_ELEMENTS(FOLDERS); i++)
        assert_int_equal(facet_count(result, FACET_COLLECTION, FOLDERS[i]),
                         recount(many, word, request, FACET_COLLECTION, FOLDERS[i]));
    for (int facet = FACET_THEME; facet <= FACET_AREA; facet++)
        for (guint i = 1; i <= 2; i++)
            assert_int_equal(facet_count(result, (Facet)facet, TOPICS[i]),
                             recount(many, word, request, (Facet)facet, TOPICS[i]));
    for (int kind = 0; kind < KIND_COUNT; kind++)
        assert_int_equal(facet_count(result, FACET_KIND, kind_name((Kind)kind)),
                         recount(many, word, request, FACET_KIND, kind_name((Kind)kind)));
}

static void test_counts(void **state)
{
    static const struct {
        const char *values[FACET_COUNT];
        int year_from;
        int year_to;
    } CASES[] = {
        {{NULL}, 0, 0},
        {{[FACET_KIND] = "plan|report"}, 0, 0},
        {{[FACET_KIND] = "plan|report", [FACET_BODY] = "Ente A|Ente B"}, 2003, 0},
        {{[FACET_LANGUAGE] = "it", [FACET_COLLECTION] = "x/y"}, 0, 0},
        {{[FACET_LANGUAGE] = "it|en", [FACET_COLLECTION] = "x/y/z|w"}, 0, 2006},
        {{[FACET_BODY] = "Ente C"}, 2001, 2009},
        {{[FACET_THEME] = "ta|tc"}, 0, 0},
        {{[FACET_THEME] = "tb", [FACET_AREA] = "ta|tb", [FACET_LANGUAGE] = "it"}, 0, 0},
        {{[FACET_THEME] = "ta", [FACET_KIND] = "plan|report"}, 2002, 0},
    };
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(11);
    SampleFolder folder = sample_folder_new();
    Many many = many_new(random);
    many_archive(&many, folder.archive);
    g_autoptr(Searcher) searcher = open_searcher(folder.archive);
    g_autofree char *word = made_up_word(random, TRUE);
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        SearchRequest request = {.year_from = CASES[i].year_from, .year_to = CASES[i].year_to};
        for (int facet = 0; facet < FACET_COUNT; facet++)
            if (CASES[i].values[facet])
                request.values[facet] = values_of(CASES[i].values[facet]);
        check_counts(&many, searcher, "", &request);
        check_counts(&many, searcher, word, &request);
        for (int facet = 0; facet < FACET_COUNT; facet++)
            if (request.values[facet])
                g_ptr_array_unref((GPtrArray *)request.values[facet]);
    }
    many_release(&many);
    sample_folder_release(&folder);
}

/* Pages of results, of any size and in any order, hold each document once, in one order. */
static void check_paging(Searcher *searcher, const char *typed, SearchSort sort, guint limit)
{
    SearchRequest request = {.limit = MANY, .sort = sort};
    g_autoptr(SearchResult) all = search(searcher, typed, &request);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    request.limit = limit;
    for (request.offset = 0; request.offset < all->total + limit; request.offset += limit) {
        g_autoptr(SearchResult) some = search(searcher, typed, &request);
        guint rest = all->total > request.offset ? all->total - request.offset : 0;
        assert_int_equal(some->total, all->total);
        assert_int_equal(some->items->len, MIN(limit, rest));
        for (guint i = 0; i < some->items->len; i++) {
            assert_string_equal(path_at(some, i), path_at(all, request.offset + i));
            assert_true(g_hash_table_add(seen, g_strdup(path_at(some, i))));
        }
    }
    assert_int_equal(g_hash_table_size(seen), all->total);
}

static void test_paging(void **state)
{
    static const guint LIMITS[] = {1, 7, 10, 100};
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(3);
    SampleFolder folder = sample_folder_new();
    Many many = many_new(random);
    sample_archive(folder.archive, (const Sample *)many.samples->data, MANY);
    g_autoptr(Searcher) searcher = open_searcher(folder.archive);
    g_autofree char *word = made_up_word(random, TRUE);
    for (int sort = 0; sort < SORT_COUNT; sort++)
        for (gsize i = 1; i < G_N_ELEMENTS(LIMITS); i++) {
            check_paging(searcher, "", (SearchSort)sort, LIMITS[i]);
            check_paging(searcher, word, (SearchSort)sort, LIMITS[i]);
        }
    check_paging(searcher, word, SORT_RELEVANCE, LIMITS[0]);
    SearchRequest beyond = {.limit = 10, .offset = 1000000};
    g_autoptr(SearchResult) none = search(searcher, word, &beyond);
    assert_int_equal(none->items->len, 0);
    assert_true(none->total > 0);
    SearchRequest counts_only = {.limit = 0};
    g_autoptr(SearchResult) counts = search(searcher, word, &counts_only);
    assert_int_equal(counts->items->len, 0);
    assert_int_equal(counts->total, none->total);
    many_release(&many);
    sample_folder_release(&folder);
}

/* As many concepts as a query may hold, and more. */
static void test_many_concepts(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new(IT);
    for (int i = 0; i < 80; i++)
        g_string_append_printf(text, "parola%d ", i);
    g_autoptr(GString) either = g_string_new("parola0");
    for (int i = 1; i < 80; i++)
        g_string_append_printf(either, " OR parola%d", i);
    SampleFolder folder = sample_folder_new();
    sample_archive(folder.archive, &(Sample){.path = "a.pdf", .marked = text->str}, 1);
    g_autoptr(Searcher) searcher = open_searcher(folder.archive);
    g_autoptr(SearchResult) all = search(searcher, text->str + 1, NULL);
    g_autoptr(SearchResult) any = search(searcher, either->str, NULL);
    assert_int_equal(all->total, 1);
    assert_int_equal(any->total, 1);
    assert_true(item_at(all, 0)->score > 0);
    sample_folder_release(&folder);
}

/* Changes while the searcher is open */

static void test_changes(void **state)
{
    static const Sample FIRST = {.path = "a.pdf", .title = "A", .marked = IT "fontana"};
    static const Sample CHANGED = {.path = "a.pdf", .title = "A2", .marked = IT "giardino"};
    static const Sample SECOND = {.path = "b.pdf", .title = "B", .marked = IT "fontana antica"};
    (void)state;
    SampleFolder folder = sample_folder_new();
    g_autoptr(Archive) writer = sample_writer(folder.archive);
    g_autoptr(Searcher) searcher = open_searcher(folder.archive);
    g_autoptr(SearchResult) before = search(searcher, "fontana", NULL);
    assert_int_equal(before->total, 0);
    sample_put(writer, &FIRST);
    g_autoptr(SearchResult) first = search(searcher, "fontana", NULL);
    assert_int_equal(first->total, 1);
    sample_put(writer, &SECOND);
    sample_put(writer, &CHANGED);
    g_autoptr(SearchResult) changed = search(searcher, "fontana", NULL);
    g_autofree char *files = found(changed, FALSE);
    assert_string_equal(files, "b");
    assert_int_equal(facet_count(changed, FACET_COLLECTION, ""), 0);
    sample_remove(writer, "b.pdf");
    g_autoptr(SearchResult) removed = search(searcher, "fontana", NULL);
    assert_int_equal(removed->total, 0);
    g_autoptr(SearchResult) all = search(searcher, "", NULL);
    assert_int_equal(all->total, 1);
    sample_folder_release(&folder);
}

/* What was begun stays as it was until its end, whatever is written meanwhile. */
static void test_state_is_kept(void **state)
{
    static const Sample ONE = {.path = "a.pdf", .title = "A", .marked = IT "fontana"};
    (void)state;
    SampleFolder folder = sample_folder_new();
    g_autoptr(Archive) writer = sample_writer(folder.archive);
    sample_put(writer, &ONE);
    g_autoptr(Searcher) searcher = open_searcher(folder.archive);
    assert_true(searcher_begin(searcher, NULL));
    sample_remove(writer, "a.pdf");
    g_autoptr(Query) query = query_parse("fontana", 7, NULL, FALSE, searcher_analyser(searcher));
    SearchRequest request = {.query = query, .limit = 5};
    g_autoptr(SearchResult) result = searcher_search(searcher, &request, NULL);
    assert_non_null(result);
    assert_int_equal(result->total, 1);
    assert_int_equal(result->items->len, 1);
    searcher_end(searcher);
    g_autoptr(SearchResult) after = search(searcher, "fontana", NULL);
    assert_int_equal(after->total, 0);
    sample_folder_release(&folder);
}

static void test_no_archive(void **state)
{
    (void)state;
    SampleFolder folder = sample_folder_new();
    g_autoptr(GError) error = NULL;
    assert_null(searcher_new(folder.archive, &error));
    assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_ABSENT));
    g_clear_error(&error);
    fixture_write(folder.folder, "archive.db", "this is no archive at all, only some text");
    assert_null(searcher_new(folder.archive, &error));
    assert_true(g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_FOREIGN));
    searcher_free(NULL);
    search_result_free(NULL);
    sample_folder_release(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_languages_stay_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hits, set_up, tear_down),
        cmocka_unit_test(test_best_pages),
        cmocka_unit_test(test_title_only_passes_empty_pages),
        cmocka_unit_test_setup_teardown(test_pages_of_one, set_up, tear_down),
        cmocka_unit_test(test_title_weight),
        cmocka_unit_test_setup_teardown(test_filters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_facets, set_up, tear_down),
        cmocka_unit_test(test_sorts),
        cmocka_unit_test(test_sort_names),
        cmocka_unit_test(test_scores),
        cmocka_unit_test(test_compounds),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_paging),
        cmocka_unit_test(test_many_concepts),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_state_is_kept),
        cmocka_unit_test(test_no_archive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
