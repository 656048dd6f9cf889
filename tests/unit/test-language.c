/* Tests of language_runs(): texts with the runs they must have, and what holds of runs of any
 * text. The samples are invented; they are about the work of municipalities. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "../../indexer/language.h"

/* clang-format off */
#define IT_1 \
    "Il consiglio comunale ha approvato il nuovo piano di cooperazione con i comuni gemellati e ha " \
    "incaricato la giunta di presentare entro l'autunno una relazione sulle attività svolte. "
#define IT_2 \
    "Le famiglie dei quartieri periferici potranno seguire corsi gratuiti di formazione nelle " \
    "biblioteche civiche, grazie all'accordo firmato con le associazioni del territorio. "
#define EN_1 \
    "The town council approved the new cooperation plan with its twin towns and asked the executive " \
    "to present a report on the work done before the autumn. "
#define EN_2 \
    "Families in the outer districts will be able to follow free training courses in the public " \
    "libraries, thanks to the agreement signed with local associations. "
/* clang-format on */

/* --- runs that a text must have ------------------------------------------------------------ */

typedef struct {
    const char *name;
    const char *text;
    const char *codes;  /* of the runs, with blanks between */
    const char *starts; /* what the runs after the first begin with, with | between */
} Sample;

static const Sample samples[] = {
    {"empty", "", "", ""},
    {"blank", " \n\f\t ", "und", ""},
    {"numbers only", "12 345,00\n2021 2022\n\f7.8 %", "und", ""},
    {"Italian paragraph", IT_1 IT_2, "it", ""},
    {"English paragraph", EN_1 EN_2, "en", ""},
    {"one Italian word", "partecipazione", "it", ""},
    {"one English word", "neighbourhood", "en", ""},
    {"capitals", "IL BILANCIO DELLA CITTÀ E DEI COMUNI ASSOCIATI", "it", ""},
    {"English capitals", "THE BUDGET OF THE CITY AND OF ITS PARTNERS", "en", ""},
    {"paragraphs in turn", IT_1 "\n\n" EN_1 "\n\n" IT_2 "\n\n" EN_2, "it en it en",
     "The town|Le famiglie|Families"},
    {"paragraphs at single newlines", EN_1 "\n" IT_1 "\n" EN_2, "en it en",
     "Il consiglio|Families"},
    {"pages in turn", IT_1 "\f" EN_1 "\f" IT_2, "it en it", "The town|Le famiglie"},
    {"a numbered heading opens its run", IT_1 "\n\n2. Budget of the partnership\n" EN_1, "it en",
     "2. Budget"},
    {"headings follow what they head",
     "Introduzione\n\n" IT_1 "\n\n1.1 Obiettivi\n\n" IT_2 "\n\nReferences\n\n" EN_1, "it en",
     "References"},
    {"numbers take the language around them", IT_1 "\n\n1.250 3.400 18 %\n\n" IT_2, "it", ""},
    {"table between two languages", IT_1 "\n\n12 13\n14 15\n\n" EN_1, "it en", "The town"},
    {"half lines of two columns",
     "Il comune sostiene le scuole    The town supports the schools\n"
     "dei villaggi che non hanno      of those villages that have no\n"
     "acqua potabile, e forma gli     drinking water, and it trains\n"
     "insegnanti insieme con le       teachers together with the\n"
     "famiglie della zona.            families of the area.\n",
     "it en it en it en it en it en",
     "The town|dei villaggi|of those|acqua|drinking|insegnanti|teachers|famiglie|families"},
    {"lines of two columns",
     "Il comune sostiene le scuole dei villaggi\nThe town supports the schools of the villages\n"
     "che non hanno ancora l'acqua potabile\nthat do not have any drinking water yet\n",
     "it en it en", "The town|che non|that do"},
    {"captions in both languages",
     IT_1 "\n\nLa piazza del mercato vista dal municipio\n"
          "The market square seen from the town hall\n\n" IT_2,
     "it en it", "The market|Le famiglie"},
    {"an English title in an Italian sentence",
     "Con il progetto Green Schools Together il comune ha coinvolto oltre trecento studenti delle "
     "scuole superiori e i loro insegnanti.",
     "it", ""},
    {"loan words",
     "Durante il workshop sulla governance i partner hanno discusso il budget del network e le "
     "regole per la partecipazione dei cittadini.",
     "it", ""},
    {"Italian names in an English sentence",
     "The meeting between the Comune di Montebello and the Provincia di Valfiorita was held in the "
     "hall of Palazzo Vecchio.",
     "en", ""},
    {"an address",
     "Per informazioni si può scrivere a the.office@towns.example.org oppure telefonare "
     "all'ufficio relazioni internazionali.",
     "it", ""},
    {"a word in Greek script",
     "La parola δημοκρατία compare nel titolo della mostra allestita nel palazzo del comune.", "it",
     ""},
    {"decomposed accents and typographic apostrophes",
     "La citta\xcc\x80 e l\xe2\x80\x99unione dei comuni hanno gia\xcc\x80 avviato "
     "l\xe2\x80\x99"
     "attivita\xcc\x80.",
     "it", ""},
    {"a passage in French",
     IT_1 "\n\nLe conseil municipal a décidé de soutenir les écoles des villages voisins et de "
          "former les enseignants avec les familles du quartier.\n\n" IT_2,
     "it und it", "Le conseil|Le famiglie"},
};

static const Sample others[] = {
    {"French", "La commune soutient depuis dix ans les écoles du village jumelé.", "und", ""},
    {"Spanish", "El ayuntamiento apoya desde hace diez años las escuelas del pueblo.", "und", ""},
    {"German", "Die Gemeinde unterstützt seit zehn Jahren die Schulen des Dorfes.", "und", ""},
    {"Portuguese", "A câmara municipal apoia há dez anos as escolas da aldeia.", "und", ""},
    {"Catalan", "L'ajuntament dona suport des de fa deu anys a les escoles del poble.", "und", ""},
    {"Romanian", "Primăria sprijină de zece ani școlile din satul înfrățit.", "und", ""},
    {"Dutch", "De gemeente steunt al tien jaar de scholen van het dorp.", "und", ""},
    {"Croatian", "Općina već deset godina podupire škole u susjednom selu.", "und", ""},
    {"Albanian", "Bashkia i mbështet shkollat e fshatit prej dhjetë vitesh.", "und", ""},
    {"Russian", "Город десять лет поддерживает школы соседней деревни.", "und", ""},
    {"Arabic", "تدعم البلدية مدارس القرية منذ عشر سنوات", "und", ""},
    {"Chinese", "市政府十年来一直支持村里的学校。", "und", ""},
};

static char *codes_of(const GArray *runs)
{
    GString *codes = g_string_new(NULL);
    for (guint i = 0; i < runs->len; i++)
        g_string_append_printf(codes, "%s%s", i > 0 ? " " : "",
                               language_code(g_array_index(runs, LanguageRun, i).language));
    return g_string_free(codes, FALSE);
}

static void check_starts(const Sample *sample, const GArray *runs)
{
    g_auto(GStrv) starts = g_strsplit(sample->starts, "|", -1);
    for (guint i = 1; i < runs->len; i++) {
        const char *text = sample->text + g_array_index(runs, LanguageRun, i).start;
        if (!g_str_has_prefix(text, starts[i - 1]))
            fail_msg("%s: run %u begins with \"%.20s\"", sample->name, i, text);
    }
}

static void check_samples(const Sample *list, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        g_autoptr(GArray) runs = language_runs(list[i].text, strlen(list[i].text));
        g_autofree char *codes = codes_of(runs);
        if (!g_str_equal(codes, list[i].codes))
            fail_msg("%s: runs are \"%s\", not \"%s\"", list[i].name, codes, list[i].codes);
        check_starts(&list[i], runs);
    }
}

static void test_samples(void **state)
{
    (void)state;
    check_samples(samples, G_N_ELEMENTS(samples));
}

static void test_other_languages(void **state)
{
    (void)state;
    check_samples(others, G_N_ELEMENTS(others));
}

static void test_codes(void **state)
{
    (void)state;
    assert_string_equal(language_code(LANGUAGE_ITALIAN), "it");
    assert_string_equal(language_code(LANGUAGE_ENGLISH), "en");
    assert_string_equal(language_code(LANGUAGE_OTHER), "und");
}

/* --- what holds of any text ---------------------------------------------------------------- */

static void check_cut(const char *text, gsize cut)
{
    gunichar before = g_utf8_get_char(g_utf8_prev_char(text + cut));
    assert_int_not_equal((guchar)text[cut] & 0xc0, 0x80);
    assert_true(g_unichar_isalnum(g_utf8_get_char(text + cut)));
    assert_false(g_unichar_isalnum(before));
}

static void check_invariants(const char *text, gsize length)
{
    g_autoptr(GArray) runs = language_runs(text, length);
    gsize end = 0;
    for (guint i = 0; i < runs->len; i++) {
        const LanguageRun *run = &g_array_index(runs, LanguageRun, i);
        assert_true(run->length > 0);
        assert_int_equal(run->start, end);
        if (i > 0) {
            assert_int_not_equal(run->language, run[-1].language);
            check_cut(text, run->start);
        }
        end = run->start + run->length;
    }
    assert_int_equal(end, length);
}

/* Pieces that random texts are put together from: the awkward ones among them. */
static const char *const bricks[] = {IT_1,
                                     EN_1,
                                     "il comune ",
                                     "the town ",
                                     "dell'unione ",
                                     "l\xe2\x80\x99",
                                     "don't ",
                                     "'",
                                     " ",
                                     "  ",
                                     "\t",
                                     "\n",
                                     "\n\n",
                                     "\f",
                                     "12 ",
                                     "3.4",
                                     "CO2",
                                     "x",
                                     "ANCI ",
                                     "a.b",
                                     "@",
                                     "www.",
                                     "\xc3\xa8",
                                     "e\xcc\x80",
                                     "\xcc\x80",
                                     "\xef\xac\x81",
                                     "\xc2\xad",
                                     "\xe5\xb8\x82",
                                     "\xd0\xb4\xd0\xb0 ",
                                     "\xf0\x9f\x8f\x9b",
                                     "-",
                                     "\xe2\x80\x9c",
                                     "... ",
                                     "der Rat und ",
                                     "le conseil de la ",
                                     "\xd9\xa3",
                                     "\xef\xbf\xbd",
                                     "\xe2\x80\x83"};

static void test_invariants(void **state)
{
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(20);
    for (guint round = 0; round < 3000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        gint count = g_rand_int_range(random, 0, 60);
        for (gint i = 0; i < count; i++)
            g_string_append(text, bricks[g_rand_int_range(random, 0, (gint)G_N_ELEMENTS(bricks))]);
        /* A copy of exactly this size lets the address sanitizer see a step too far. */
        g_autofree char *exact = g_memdup2(text->str, text->len);
        check_invariants(exact != NULL ? exact : "", text->len);
    }
}

static void test_nul_bytes(void **state)
{
    static const char text[] = "il comune\0e la provincia\0\0of the town";
    (void)state;
    check_invariants(text, sizeof text - 1);
}

static void test_longest_word(void **state)
{
    (void)state;
    g_autofree char *word = g_strnfill(100000, 'a');
    check_invariants(word, 100000);
}

/* More words than are decided about together, and more than are remembered. */
static void test_blocks(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new(NULL);
    while (text->len < 8 * (gsize)LANGUAGE_BLOCK_WORDS)
        g_string_append(text, IT_1);
    gsize half = text->len;
    while (text->len < 2 * half)
        g_string_append(text, EN_1);
    for (guint i = 0; i < LANGUAGE_BLOCK_WORDS; i++)
        g_string_append_printf(text, "the town%c%c%c ", 'a' + i % 26, 'a' + i / 26 % 26,
                               'a' + i / 676 % 26);
    check_invariants(text->str, text->len);
    g_autoptr(GArray) runs = language_runs(text->str, text->len);
    g_autofree char *codes = codes_of(runs);
    assert_string_equal(codes, "it en");
    assert_int_equal(g_array_index(runs, LanguageRun, 1).start, half);
}

static void test_same_answer_again(void **state)
{
    static const char text[] = IT_1 EN_1 IT_2 EN_2;
    (void)state;
    g_autoptr(GArray) first = language_runs(text, strlen(text));
    g_autoptr(GArray) again = language_runs(text, strlen(text));
    assert_int_equal(first->len, 4);
    assert_int_equal(first->len, again->len);
    assert_memory_equal(first->data, again->data, first->len * sizeof(LanguageRun));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),   cmocka_unit_test(test_other_languages),
        cmocka_unit_test(test_codes),     cmocka_unit_test(test_invariants),
        cmocka_unit_test(test_nul_bytes), cmocka_unit_test(test_longest_word),
        cmocka_unit_test(test_blocks),    cmocka_unit_test(test_same_answer_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
