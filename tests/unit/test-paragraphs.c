/* Paragraphs: which line ends of a page were meant. Breaks are written as one letter a newline:
 * s flows on, l line, p paragraph, n nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../server/search/paragraphs.h"

typedef struct {
    const char *text;
    const char *breaks;
} Case;

#define LONG  "Il Comune promuove la partecipazione dei cittadini alla vita pubblica e"
#define OTHER "riconosce il valore delle associazioni che operano nel territorio comunale"

static const Case CASES[] = {
    {"", ""},
    {"una riga sola", ""},
    {"\n", "n"},
    {"\n\n\n", "nnn"},
    /* A paragraph flows. */
    {LONG "\n" OTHER "\n" LONG "\nfine.", "sss"},
    /* Blank lines part paragraphs, however many. */
    {LONG "\n" OTHER "\n\n" LONG, "spn"},
    {LONG "\n\n\n\n" OTHER, "pnnn"},
    {LONG "\n   \n" OTHER, "pn"},
    /* A heading, and a paragraph's last line, end where they end. */
    {"Articolo 3\n" LONG "\n" OTHER, "ls"},
    {LONG "\nFine.\n" LONG "\n" OTHER, "sls"},
    /* Items of lists begin lines. */
    {LONG "\n• " OTHER "\n- " OTHER "\n3. " OTHER "\nb) " OTHER "\n(c) " OTHER, "lllll"},
    /* A number within a sentence is no item. */
    {LONG "\n125/2014 " OTHER, "s"},
    {LONG "\n2014. " OTHER, "s"},
    /* A narrow column flows too, among wide lines. */
    {LONG "\n" OTHER "\n\nun programma partecipativo\npromosso da tutti i comuni\n"
          "con lo scopo di aprire vie\ndi dialogo",
     "spnsss"},
    /* Lines of an address stay. */
    {LONG "\n" OTHER "\n\nComune di Prova\nVia Lunga 12\nTel. 01 23\n", "spnllp"},
    /* Bytes that are no letters. */
    {"\n•\n-\n(\n", "nlsp"},
};

static void test_breaks(void **state)
{
    static const char LETTERS[] = "slpn";
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GArray) breaks = paragraphs_breaks(CASES[i].text);
        g_autoptr(GString) letters = g_string_new(NULL);
        for (guint j = 0; j < breaks->len; j++)
            g_string_append_c(letters, LETTERS[g_array_index(breaks, Break, j)]);
        if (g_strcmp0(letters->str, CASES[i].breaks) != 0)
            print_message("case %zu: %s\n", i, letters->str);
        assert_string_equal(letters->str, CASES[i].breaks);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_breaks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
