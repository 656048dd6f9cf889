/* Tests of server/alignment: letters of one text found in another that says nearly the same. */
#include "../../server/images/alignment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_letters(void **state)
{
    static const struct {
        const char *text;
        const char *letters;
        const char *bytes;      /* where each comes from, a digit each */
        const char *characters; /* the same in characters */
    } ROWS[] = {
        {"", "", "", ""},
        {"Ab 9-c", "ab9c", "0135", "0135"},
        {"\x02più", "piu", "123", "123"},
        {"pi\xC3\xB9u", "piuu", "0124", "0123"},
        {"piu\xCC\x80u", "piuu", "0125", "0124"},   /* the mark stands on its own */
        {"a\xEF\xAC\x81n", "afin", "0114", "0112"}, /* a ligature is two letters of one place */
        {"\xC2\xB2\xEF\xBC\xA1", "2a", "02", "01"}, /* compatibility forms */
        {"\xEF\xBF\xBD\xC2\xAD.", "", "", ""},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        for (int by = 0; by < 2; by++) {
            const char *expected = by ? ROWS[i].characters : ROWS[i].bytes;
            g_autoptr(GArray) letters =
                alignment_letters(ROWS[i].text, strlen(ROWS[i].text), by != 0);
            assert_int_equal(letters->len, strlen(expected));
            for (guint j = 0; j < letters->len; j++) {
                const AlignedLetter *letter = &g_array_index(letters, AlignedLetter, j);
                assert_int_equal(letter->letter, ROWS[i].letters[j]);
                assert_int_equal(letter->at, expected[j] - '0');
            }
        }
    }
}

/* The map as text: under each letter of `from` the letter that it was mapped to, '.' for none. */
static char *mapped(const char *from, const char *to)
{
    g_autoptr(GArray) a = alignment_letters(from, strlen(from), FALSE);
    g_autoptr(GArray) b = alignment_letters(to, strlen(to), FALSE);
    g_autoptr(GArray) map = alignment_map(a, b);
    GString *out = g_string_new(NULL);
    guint32 last = 0;
    assert_int_equal(map->len, a->len);
    for (guint i = 0; i < map->len; i++) {
        guint32 at = g_array_index(map, guint32, i);
        if (at != ALIGNMENT_NONE) {
            assert_true(at >= last && at < strlen(to));
            last = at;
        }
        g_string_append_c(out, at == ALIGNMENT_NONE ? '.' : to[at]);
    }
    return g_string_free(out, FALSE);
}

static void test_map(void **state)
{
    static const struct {
        const char *from;
        const char *to;
        const char *mapped;
    } ROWS[] = {
        {"", "", ""},
        {"abc", "", "..."},
        {"", "abc", ""},
        {"Il comune di Valdoria", "il comune\ndi valdoria", "ilcomunedivaldoria"},
        /* hyphens at line ends */
        {"la cooperazione tra i popoli", "la coopera-\nzione tra i popoli",
         "lacooperazionetraipopoli"},
        /* the word goes on on the next page, the page begins with the end of another */
        {"il diritto alla partecipazione", "il diritto alla parteci",
         "ildirittoallaparteci......."},
        {"delle persone residenti nel comune", "pazione delle persone residenti nel comune",
         "dellepersoneresidentinelcomune"},
        {"segue pazione delle persone", "delle persone", "............dellepersone"},
        /* something in the middle that the other lacks */
        {"articolo primo nota a margine del registro articolo secondo",
         "articolo primo articolo secondo", "articoloprimo.......................articolosecondo"},
        {"articolo primo articolo secondo", "articolo primo (nota 17 a margine) articolo secondo",
         "articoloprimoarticolosecondo"},
        /* a letter that was read otherwise */
        {"amministrazione x trasparente e aperta", "amministrazione y trasparente e aperta",
         "amministrazione.trasparenteeaperta"},
        /* nothing in common, be it that both end alike */
        {"il comune", "niente di simile", "........"},
        {"abcdefghijklmnop", "qrstuvwxyz012345", "................"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *got = mapped(ROWS[i].from, ROWS[i].to);
        assert_string_equal(got, ROWS[i].mapped);
    }
}

/* Of several places where the texts agree again, the one that skips least. */
static void test_nearest(void **state)
{
    (void)state;
    g_autofree char *got =
        mapped("inizio! la seduta pubblica", "inizio la seduta segreta la seduta pubblica");
    assert_string_equal(got, "iniziolasedutapubblica");
    g_autofree char *other =
        mapped("abc il consiglio comunale delibera xyz il consiglio comunale approva",
               "il consiglio comunale delibera il consiglio comunale approva");
    assert_string_equal(other, "...ilconsigliocomunaledelibera...ilconsigliocomunaleapprova");
}

/* Texts that are made to be as costly as they can be take their time, but not for ever. */
static void test_hostile(void **state)
{
    enum { LENGTH = 300 * 1000 };
    static const char *const UNITS[][2] = {{"a", "b"}, {"a", "ab"}, {"aaaaaaaaab", "aaaaaaaaac"}};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(UNITS); i++) {
        g_autoptr(GString) from = g_string_new(NULL);
        g_autoptr(GString) to = g_string_new(NULL);
        while (from->len < LENGTH)
            g_string_append(from, UNITS[i][0]);
        while (to->len < LENGTH)
            g_string_append(to, UNITS[i][1]);
        gint64 started = g_get_monotonic_time();
        g_autofree char *got = mapped(from->str, to->str);
        assert_int_equal(strlen(got), from->len);
        assert_true(g_get_monotonic_time() - started < 10 * G_USEC_PER_SEC);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters),
        cmocka_unit_test(test_map),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
