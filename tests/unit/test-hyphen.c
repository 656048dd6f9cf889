/* Tests of indexer/hyphen: which hyphens at a line's end go, which stay, and where the word then
 * stands. */
#include "../../indexer/hyphen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_joining(void **state)
{
    static const struct {
        const char *what;
        const char *text;
        const char *expected;
    } ROWS[] = {
        {"no break", "la rete dei comuni\n", "la rete dei comuni\n"},
        {"typesetter's", "la parte-\ncipazione, poi\n", "la partecipazione,\npoi\n"},
        {"second part alone", "la parte-\ncipazione\npoi", "la partecipazione\npoi"},
        {"at the end", "la parte-\ncipazione", "la partecipazione"},
        {"nothing behind", "la parte-\n", "la parte-\n"},
        {"U+2010", "la parte\xE2\x80\x90\ncipazione poi", "la partecipazione\npoi"},
        {"soft", "l\xC3\xA0\xC2\xAD\nbbra poi",
         "l\xC3\xA0"
         "bbra\npoi"},
        {"accented parts", "citt\xC3\xA0-\ndino poi",
         "citt\xC3\xA0"
         "dino\npoi"},
        {"known first part", "politico-\nistituzionale poi", "politico-istituzionale\npoi"},
        {"known first part", "long-\nterm plan", "long-term\nplan"},
        {"two adjectives", "simbolico-\nculturale poi", "simbolico-culturale\npoi"},
        {"name", "in Emilia-\nRomagna ora", "in Emilia-Romagna\nora"},
        {"capitals", "COOPE-\nRAZIONE ora", "COOPERAZIONE\nora"},
        {"years", "anni 2019-\n2021 e poi", "anni 2019-2021\ne poi"},
        {"number behind", "COVID-\n19 e poi", "COVID-19\ne poi"},
        {"dash", "la rete -\ncomune", "la rete -\ncomune"},
        {"double dash", "la rete--\ncomune", "la rete--\ncomune"},
        {"list", "vedi-\n- uno", "vedi-\n- uno"},
        {"suspended", "pre-\ne post-crisi", "pre-\ne post-crisi"},
        {"address", "www.a.it/chi-\nsiamo ora", "www.a.it/chi-siamo\nora"},
        {"witness joined", "CoCoPa. Pace (Co-\nCoPa) ora", "CoCoPa. Pace (CoCoPa)\nora"},
        {"witness hyphened", "know-how. The know-\nhow is", "know-how. The know-how\nis"},
        {"witness of many", "micro-rete microrete microrete micro-\nrete e",
         "micro-rete microrete microrete microrete\ne"},
        {"witness of case", "Partecipazione. non-\nostante nonostante",
         "Partecipazione. nonostante\nnonostante"},
        {"two words", "la carta e il mare: carta-\nmare ora",
         "la carta e il mare: carta-mare\nora"},
        {"one word only", "la parte ora: parte-\ncipare ora", "la parte ora: partecipare\nora"},
        {"ending", "politica mente: politica-\nmente ora", "politica mente: politicamente\nora"},
        {"twice in a word", "inter-\nnazio-\nnale ora", "internazionale\nora"},
        {"page end", "rinvia-\fbile ora", "rinviabile\fora"},
        {"page end, line end", "rinvia-\fbile\nora", "rinviabile\fora"},
        {"page of one word", "rinvia-\fbile\fora", "rinviabile\f\fora"},
        {"page end, capital", "Emilia-\fRomagna ora", "Emilia-\fRomagna ora"},
        {"page number", "rinvia-\n\n- 48 -\fbile ora", "rinviabile\n\n- 48 -\fora"},
        {"number that is no page's", "rinvia-\n48 anni\fora", "rinvia-48\nanni\fora"},
        {"empty pages between", "rinvia-\f\fbile ora", "rinviabile\f\fora"},
        {"again on the next page", "precipi-\ftevolissi-\nmevolmente",
         "precipitevolissimevolmente\f"},
        {"blank line", "rinvia-\n\nbile ora", "rinviabile\n\nora"},
        {"keeps the paragraph", "parte-\ncipare\n\nora", "partecipare\n\nora"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        GString *got = hyphen_join(g_string_new(ROWS[i].text), NULL, NULL);
        if (strcmp(got->str, ROWS[i].expected) != 0)
            print_error("row \"%s\":\n", ROWS[i].what);
        assert_string_equal(got->str, ROWS[i].expected);
        g_string_free(got, TRUE);
    }
}

static char *without_breaks(const char *text)
{
    GString *kept = g_string_new(NULL);
    for (; *text; text++)
        if (!strchr(" \n\f-1", *text))
            g_string_append_c(kept, *text);
    return g_string_free(kept, FALSE);
}

static guint feeds(const char *text)
{
    guint n = 0;
    for (; *text; text++)
        n += *text == '\f';
    return n;
}

/* Whatever the text: letters and form feeds stay, in number and the former in order. (A digit may
 * be a page number, which a word may pass.) */
static void test_nothing_lost(void **state)
{
    static const char LIVELY[] = "abA1--\n\n\f ";
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(11);
    for (int round = 0; round < 20000; round++) {
        GString *text = g_string_new(NULL);
        for (int i = g_rand_int_range(random, 0, 30); i > 0; i--)
            g_string_append_c(text, LIVELY[g_rand_int_range(random, 0, (gint32)sizeof LIVELY - 1)]);
        g_autofree char *letters = without_breaks(text->str);
        guint pages = feeds(text->str);
        GString *got = hyphen_join(text, NULL, NULL);
        g_autofree char *kept = without_breaks(got->str);
        assert_string_equal(kept, letters);
        assert_int_equal(feeds(got->str), pages);
        g_string_free(got, TRUE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_joining),
        cmocka_unit_test(test_nothing_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
