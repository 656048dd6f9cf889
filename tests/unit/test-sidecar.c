/* Sidecar: every mistake is told, and no bytes do harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../../indexer/sidecar.h"

typedef struct {
    const char *content;
    const char *title;
    int year;
    gboolean has_kind;
    Kind kind;
    const char *body;
    const char *collection;
} Good;

static const Good GOOD[] = {
    {"[document]\n", NULL, 0, FALSE, KIND_OTHER, NULL, NULL},
    {"[document]\ntitle=Statuto\nyear=2008\nkind=statute\nbody=Comune di Valdoria\n", "Statuto",
     2008, TRUE, KIND_STATUTE, "Comune di Valdoria", NULL},
    {"# nota\n\n[document]\ntitolo = Piano d'area\nanno = 1999\ntipo = Piano\nente = Unione Tre "
     "Valli",
     "Piano d'area", 1999, TRUE, KIND_PLAN, "Unione Tre Valli", NULL},
    {"\xEF\xBB\xBF[document]\r\ntitle=Città\r\nkind=other\r\n", "Città", 0, TRUE, KIND_OTHER, NULL,
     NULL},
    {"[document]\ntitle=Two\\n  lines\n", "Two lines", 0, FALSE, KIND_OTHER, NULL, NULL},
    {"[document]\nyear= 1861 \n", NULL, 1861, FALSE, KIND_OTHER, NULL, NULL},
    {"[document]\nyear=2100\nkind=DELIBERA\n", NULL, 2100, TRUE, KIND_RESOLUTION, NULL, NULL},
    {"[document]\ncollection=statuti/comuni\n", NULL, 0, FALSE, KIND_OTHER, NULL, "statuti/comuni"},
    {"[document]\nraccolta = Atti 2020 \n", NULL, 0, FALSE, KIND_OTHER, NULL, "Atti 2020"},
};

static void test_good(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(GOOD); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Sidecar) sidecar =
            sidecar_parse(GOOD[i].content, strlen(GOOD[i].content), &error);
        if (sidecar == NULL)
            print_message("row %u: %s\n", i, error->message);
        assert_non_null(sidecar);
        assert_null(error);
        assert_int_equal(g_strcmp0(sidecar->title, GOOD[i].title), 0);
        assert_int_equal(g_strcmp0(sidecar->body, GOOD[i].body), 0);
        assert_int_equal(g_strcmp0(sidecar->collection, GOOD[i].collection), 0);
        assert_int_equal(sidecar->year, GOOD[i].year);
        assert_int_equal(sidecar->has_kind, GOOD[i].has_kind);
        assert_int_equal(sidecar->kind, GOOD[i].kind);
    }
}

typedef struct {
    const char *content;
    SidecarError code;
    const char *says; /* part of the message */
} Bad;

static const Bad BAD[] = {
    {"", SIDECAR_ERROR_SYNTAX, "no group"},
    {"title=Statuto\n", SIDECAR_ERROR_SYNTAX, "line 1: \"title\" stands before the group"},
    {"[document]\nStatuto\n", SIDECAR_ERROR_SYNTAX, "line 2: \"Statuto\" is neither"},
    {"[document]\ntitle=\xE8\n", SIDECAR_ERROR_SYNTAX, "byte 17 is not UTF-8"},
    {"[documento]\ntitle=a\n", SIDECAR_ERROR_KEY, "line 1: unknown group \"[documento]\""},
    {"[document]\n[other]\n", SIDECAR_ERROR_KEY, "line 2: unknown group"},
    {"[document]\n[document]\n", SIDECAR_ERROR_KEY, "twice"},
    {"[document]\ntitel=a\n", SIDECAR_ERROR_KEY, "line 2: unknown key \"titel\"; known are title"},
    {"[document]\ntitle[it]=a\n", SIDECAR_ERROR_KEY, "unknown key \"title[it]\""},
    {"[document]\nTitle=a\n", SIDECAR_ERROR_KEY, "unknown key \"Title\""},
    {"[document]\ntitle=a\ntitle=b\n", SIDECAR_ERROR_KEY, "line 3: \"title\" is given twice"},
    {"[document]\nyear=2001\nanno=2002\n", SIDECAR_ERROR_KEY,
     "\"anno\" is given twice (as \"year\""},
    {"[document]\ntitle=\n", SIDECAR_ERROR_VALUE, "title is empty"},
    {"[document]\nente=   \n", SIDECAR_ERROR_VALUE, "ente is empty"},
    {"[document]\nyear=\n", SIDECAR_ERROR_VALUE, "from 1861 to 2100"},
    {"[document]\nyear=1860\n", SIDECAR_ERROR_VALUE, "the year is \"1860\""},
    {"[document]\nyear=2101\n", SIDECAR_ERROR_VALUE, "allowed is a year"},
    {"[document]\nanno=2021-2023\n", SIDECAR_ERROR_VALUE, "the anno is \"2021-2023\""},
    {"[document]\nyear=+2001\n", SIDECAR_ERROR_VALUE, "allowed is a year"},
    {"[document]\ncollection=/etc\n", SIDECAR_ERROR_VALUE, "single slashes"},
    {"[document]\ncollection=a/../b\n", SIDECAR_ERROR_VALUE, "single slashes"},
    {"[document]\ncollection=a//b\n", SIDECAR_ERROR_VALUE, "single slashes"},
    {"[document]\ncollection=\n", SIDECAR_ERROR_VALUE, "collection"},
    {"[document]\nkind=statue\n", SIDECAR_ERROR_VALUE, "allowed are other, statute, regulation"},
    {"[document]\ntitle=a\\qb\n", SIDECAR_ERROR_VALUE, "cannot be read"},
    {"[document]\ntitle=a\x01"
     "b\n",
     SIDECAR_ERROR_VALUE, "control character"},
};

static void assert_bad(const char *content, gsize length, SidecarError code, const char *says)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Sidecar) sidecar = sidecar_parse(content, length, &error);
    if (sidecar != NULL)
        print_message("accepted: %s\n", content);
    assert_null(sidecar);
    assert_non_null(error);
    if (strstr(error->message, says) == NULL)
        print_message("wanted \"%s\", got \"%s\"\n", says, error->message);
    assert_non_null(strstr(error->message, says));
    assert_int_equal(error->domain, SIDECAR_ERROR);
    assert_int_equal(error->code, code);
}

static void test_bad(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++)
        assert_bad(BAD[i].content, strlen(BAD[i].content), BAD[i].code, BAD[i].says);
}

static void test_limits(void **state)
{
    (void)state;
    static const char WITH_NUL[] = "[document]\ntitle=a\0b\n";
    assert_bad(WITH_NUL, sizeof WITH_NUL - 1, SIDECAR_ERROR_SYNTAX, "NUL at byte 18");
    g_autoptr(GString) file = g_string_new("[document]\n");
    while (file->len < SIDECAR_FILE_BYTES)
        g_string_append_c(file, '\n');
    g_autoptr(Sidecar) full = sidecar_parse(file->str, file->len, NULL);
    assert_non_null(full);
    g_string_append_c(file, '\n');
    assert_bad(file->str, file->len, SIDECAR_ERROR_SYNTAX, "a sidecar may have 65536");
    g_string_assign(file, "[document]\nbody=");
    for (guint i = 0; i <= SIDECAR_BODY_BYTES; i++)
        g_string_append_c(file, 'x');
    assert_bad(file->str, file->len, SIDECAR_ERROR_VALUE, "at most 300");
    assert_null(sidecar_parse(NULL, 0, NULL));
}

static void test_printing(void **state)
{
    static const struct {
        Sidecar sidecar;
        gboolean in_italian;
        const char *text;
    } ROWS[] = {
        {{0}, FALSE, "[document]\n# title = \n# year = \n# kind = \n# body = \n# collection = \n"},
        {{.title = (char *)"Città # \\ d'acqua",
          .year = 1999,
          .kind = KIND_RESOLUTION,
          .has_kind = TRUE,
          .body = (char *)"[Ente]",
          .collection = (char *)"a/b"},
         TRUE,
         "[document]\ntitolo = Città # \\\\ d'acqua\nanno = 1999\ntipo = delibera\nente = [Ente]\n"
         "raccolta = a/b\n"},
        {{.title = (char *)"T"},
         TRUE,
         "[document]\ntitolo = T\n# anno = \n# tipo = \n# ente = \n# raccolta = \n"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *text = sidecar_print(&ROWS[i].sidecar, ROWS[i].in_italian);
        assert_string_equal(text, ROWS[i].text);
    }
}

/* What was printed is read as it was, in both languages, for each kind. */
static void test_printing_and_reading(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2 * KIND_COUNT; kind++) {
        const Sidecar before = {.title = (char *)"Piano\\n \"2020\"; = # [x]",
                                .year = 2020,
                                .kind = (Kind)(kind / 2),
                                .has_kind = TRUE,
                                .body = (char *)"Città",
                                .collection = (char *)"piani/è"};
        g_autofree char *text = sidecar_print(&before, kind % 2);
        g_autoptr(Sidecar) after = sidecar_parse(text, strlen(text), NULL);
        assert_non_null(after);
        assert_string_equal(after->title, before.title);
        assert_int_equal(after->year, before.year);
        assert_true(after->has_kind);
        assert_int_equal(after->kind, before.kind);
        assert_string_equal(after->body, before.body);
        assert_string_equal(after->collection, before.collection);
    }
}

/* Whatever the bytes: a sidecar or an error of ours, never both, whose message can be shown. */
static void assert_sound(const char *content, gsize length)
{
    GError *error = NULL;
    Sidecar *sidecar = sidecar_parse(content, length, &error);
    assert_int_equal(sidecar == NULL, error != NULL);
    if (error != NULL) {
        assert_int_equal(error->domain, SIDECAR_ERROR);
        assert_true(g_utf8_validate(error->message, -1, NULL));
        assert_null(strchr(error->message, '\n'));
    } else if (sidecar->title != NULL) {
        assert_true(*sidecar->title != '\0' && g_utf8_validate(sidecar->title, -1, NULL));
    }
    g_clear_error(&error);
    sidecar_free(sidecar);
}

static void test_mutations(void **state)
{
    (void)state;
    static const char SAMPLE[] = "# card\n[document]\ntitolo = Città \\t \\\\ d'acqua\nyear=2008\n"
                                 "tipo=statuto\nbody=Comune di Valdoria\n";
    const gsize length = sizeof SAMPLE - 1;
    for (gsize cut = 0; cut <= length; cut++)
        assert_sound(SAMPLE, cut);
    for (gsize at = 0; at < length; at++) {
        for (guint byte = 0; byte < 256; byte++) {
            char mutant[sizeof SAMPLE];
            memcpy(mutant, SAMPLE, sizeof SAMPLE);
            mutant[at] = (char)byte;
            assert_sound(mutant, length);
            /* The byte instead of all that follows. */
            assert_sound(mutant, at + 1);
        }
    }
}

static void test_random_bytes(void **state)
{
    (void)state;
    static const char ALPHABET[] = "[]document=title\nyear \\#;\xC3\xA8\xFF\x01\r\t09anno";
    g_autoptr(GRand) random = g_rand_new_with_seed(20240501);
    for (guint round = 0; round < 20000; round++) {
        char bytes[48];
        gsize length = (gsize)g_rand_int_range(random, 0, sizeof bytes);
        for (gsize i = 0; i < length; i++)
            bytes[i] = ALPHABET[g_rand_int_range(random, 0, sizeof ALPHABET)];
        assert_sound(bytes, length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_random_bytes),
        cmocka_unit_test(test_printing),
        cmocka_unit_test(test_printing_and_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
