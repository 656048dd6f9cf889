/* Tests of server/running: what goes through a document from page to page is blanked. */
#include "sample.h"

#include "../../server/search/running.h"

/* The page with blanked bytes shown as '_'. */
static char *blanked(const char *page, const char *neighbour)
{
    g_autofree char *copy = g_strdup(page);
    running_blank(copy, strlen(copy), neighbour, strlen(neighbour));
    assert_int_equal(strlen(copy), strlen(page));
    for (gsize i = 0; copy[i]; i++)
        if (copy[i] != page[i]) {
            assert_int_equal(copy[i], '\n');
            copy[i] = '_';
        }
    return g_steal_pointer(&copy);
}

static void test_blanked(void **state)
{
    static const struct {
        const char *page;
        const char *neighbour;
        const char *shown;
    } CASES[] = {
        /* head and foot with the page's number */
        {IT "Statuto\nIl sindaco\nPag. 3 di 40", IT "Statuto\nLa giunta\nPag. 4 di 40",
         IT "_______\nIl sindaco\n____ _ __ __"},
        /* a head of two lines, blank lines between */
        {"Comune di Valdoria\n\nStatuto\n\nArticolo 1", "Comune di Valdoria\n\nStatuto\n\nAltro",
         "______ __ ________\n\n_______\n\nArticolo 1"},
        /* the same words, but not at the same end */
        {"Uno\nDue\nTre\nQuattro\nCinque\nSei\nSette", "Sette\nb\nc\nd\ne\nf\nUno",
         "Uno\nDue\nTre\nQuattro\nCinque\nSei\nSette"},
        /* in the middle of a page nothing runs */
        {"a\nb\nc\nStatuto\nd\ne\nf", "g\nh\ni\nStatuto\nj\nk\nl", "a\nb\nc\nStatuto\nd\ne\nf"},
        /* marks of language stay */
        {IT "Piano\n" EN "Text", EN "Piano\n" IT "Testo", IT "_____\n" EN "Text"},
        /* pages that are alike throughout are shown */
        {"Modulo A\nfirma", "Modulo A\nfirma", "Modulo A\nfirma"},
        {"", "", ""},
        {"testo", "", "testo"},
        {"\n\n", "\n", "\n\n"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *shown = blanked(CASES[i].page, CASES[i].neighbour);
        g_autofree char *expected = g_strdup(CASES[i].shown);
        for (char *at = expected; *at; at++)
            if (*at == ' ' && CASES[i].page[at - expected] == ' ' && shown[at - expected] == '_')
                *at = '_';
        assert_string_equal(shown, expected);
    }
}

/* Any bytes: nothing but line ends is written, and nothing beyond the page. */
static void test_hostile_bytes(void **state)
{
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(8);
    for (int round = 0; round < 3000; round++) {
        gsize length = (gsize)g_rand_int_range(random, 0, 80), other = length / 2;
        g_autofree char *page = g_malloc(length + 1);
        for (gsize i = 0; i < length; i++)
            page[i] = "ab 7\n\n\x02\xff"[g_rand_int_range(random, 0, 8)];
        g_autofree char *neighbour = g_memdup2(page, other);
        g_autofree char *before = g_memdup2(page, length);
        running_blank(page, length, neighbour, other);
        for (gsize i = 0; i < length; i++)
            assert_true(page[i] == before[i] || (page[i] == '\n' && before[i] > MARK_TERMS) ||
                        (page[i] == '\n' && (guchar)before[i] > MARK_TERMS));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blanked),
        cmocka_unit_test(test_hostile_bytes),
    };
    return cmocka_run_group_tests_name("running", tests, NULL, NULL);
}
