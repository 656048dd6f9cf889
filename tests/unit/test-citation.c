/* Tests of server/citation: each form, and that no title breaks out of its record. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../server/answers/citation.h"

static const Citation STATUTE = {
    .id = "5b1e997fe9194cb80ebd",
    .title = "Statuto del Comune di Valdoria",
    .body = "Comune di Valdoria",
    .year = 2008,
    .kind = KIND_STATUTE,
    .kind_label = "Statuto",
    .language = "it",
    .address = "https://archive.example/documents/5b1e997fe9194cb80ebd",
    .file = "https://archive.example/documents/5b1e997fe9194cb80ebd/file",
    .page_count = 6,
    .accessed_unix = 1600000000,
};

static const Citation PLAN_PAGE = {
    .id = "aa1e997fe9194cb80ebd",
    .title = "Water & {Climate} Plan",
    .body = "City of Port Selene",
    .year = 2020,
    .kind = KIND_PLAN,
    .address = "http://h/documents/aa1e997fe9194cb80ebd/pages/3",
    .page = 3,
};

static const Citation BARE = {
    .id = "bb1e997fe9194cb80ebd",
    .title = "x",
    .kind = KIND_REPORT,
    .address = "/documents/bb1e997fe9194cb80ebd",
};

static void test_bibtex(void **state)
{
    static const struct {
        const Citation *citation;
        const char *record;
    } CASES[] = {
        {&STATUTE, "@misc{comune-di-valdoria-2008-5b1e997fe919,\n"
                   "  author = {{Comune di Valdoria}},\n"
                   "  title = {{Statuto del Comune di Valdoria}},\n"
                   "  type = {{Statuto}},\n"
                   "  year = {2008},\n"
                   "  pagetotal = {6},\n"
                   "  langid = {italian},\n"
                   "  url = {https://archive.example/documents/5b1e997fe9194cb80ebd},\n"
                   "  urldate = {2020-09-13}\n"
                   "}\n\n"},
        {&PLAN_PAGE, "@techreport{city-of-port-selene-2020-aa1e997fe919-p3,\n"
                     "  author = {{City of Port Selene}},\n"
                     "  title = {{Water \\& {\\textbraceleft}Climate{\\textbraceright} Plan}},\n"
                     "  institution = {{City of Port Selene}},\n"
                     "  year = {2020},\n"
                     "  pages = {3},\n"
                     "  url = {http://h/documents/aa1e997fe9194cb80ebd/pages/3}\n"
                     "}\n\n"},
        {&BARE, "@misc{x-bb1e997fe919,\n"
                "  title = {{x}},\n"
                "  url = {/documents/bb1e997fe9194cb80ebd}\n"
                "}\n\n"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        citation_bibtex(CASES[i].citation, out);
        assert_string_equal(out->str, CASES[i].record);
    }
}

static void test_ris(void **state)
{
    (void)state;
    g_autoptr(GString) out = g_string_new(NULL);
    citation_ris(&STATUTE, out);
    assert_string_equal(out->str,
                        "TY  - STAT\r\n"
                        "ID  - comune-di-valdoria-2008-5b1e997fe919\r\n"
                        "AU  - Comune di Valdoria,\r\n"
                        "TI  - Statuto del Comune di Valdoria\r\n"
                        "PY  - 2008\r\n"
                        "M3  - Statuto\r\n"
                        "LA  - it\r\n"
                        "UR  - https://archive.example/documents/5b1e997fe9194cb80ebd\r\n"
                        "L1  - https://archive.example/documents/5b1e997fe9194cb80ebd/file\r\n"
                        "DB  - Schedario\r\n"
                        "AN  - 5b1e997fe9194cb80ebd\r\n"
                        "ER  - \r\n\r\n");
    g_string_truncate(out, 0);
    citation_ris(&PLAN_PAGE, out);
    assert_non_null(strstr(out->str, "TY  - RPRT\r\n"));
    assert_non_null(strstr(out->str, "SP  - 3\r\nEP  - 3\r\n"));
}

static void test_csl(void **state)
{
    (void)state;
    json_t *item = citation_csl(&STATUTE);
    char *text = json_dumps(item, JSON_COMPACT);
    assert_string_equal(text,
                        "{\"id\":\"comune-di-valdoria-2008-5b1e997fe919\",\"type\":\"legislation\","
                        "\"title\":\"Statuto del Comune di Valdoria\","
                        "\"author\":[{\"literal\":\"Comune di Valdoria\"}],"
                        "\"issued\":{\"date-parts\":[[2008]]},\"genre\":\"Statuto\","
                        "\"number-of-pages\":\"6\",\"language\":\"it\","
                        "\"URL\":\"https://archive.example/documents/5b1e997fe9194cb80ebd\","
                        "\"accessed\":{\"date-parts\":[[2020,9,13]]},\"source\":\"Schedario\","
                        "\"archive_location\":\"5b1e997fe9194cb80ebd\"}");
    free(text);
    json_decref(item);
    item = citation_csl(&PLAN_PAGE);
    assert_string_equal(json_string_value(json_object_get(item, "page")), "3");
    assert_string_equal(json_string_value(json_object_get(item, "type")), "report");
    json_decref(item);
}

static void test_coins(void **state)
{
    (void)state;
    g_autofree char *coins = citation_coins(&PLAN_PAGE);
    assert_string_equal(coins,
                        "ctx_ver=Z39.88-2004&rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3Abook"
                        "&rfr_id=info%3Asid%2Fschedario&rft.genre=report"
                        "&rft.btitle=Water%20%26%20%7BClimate%7D%20Plan"
                        "&rft.aucorp=City%20of%20Port%20Selene&rft.date=2020&rft.spage=3"
                        "&rft_id=http%3A%2F%2Fh%2Fdocuments%2Faa1e997fe9194cb80ebd%2Fpages%2F3");
}

static void test_names(void **state)
{
    static const struct {
        Citation citation;
        const char *key;
        const char *file;
    } CASES[] = {
        {{.id = "0123456789abcdef0123", .title = "T\xc3\xadtulo / 2"},
         "titulo-2-0123456789ab",
         "titulo-2.ris"},
        {{.id = "0123456789abcdef0123", .title = "\xe6\xb0\xb4", .year = 1999, .page = 4},
         "1999-0123456789ab-p4",
         "0123456789abcdef0123-1999-p4.ris"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *key = citation_key(&CASES[i].citation);
        g_autofree char *file = citation_file_name(&CASES[i].citation, "ris");
        assert_string_equal(key, CASES[i].key);
        assert_string_equal(file, CASES[i].file);
    }
}

/* Titles made to end a record, a field or a command. */
static const char *const HOSTILE[] = {
    "}",
    "{",
    "}}, title = {{x",
    "\\",
    "\\}",
    "\\input{/etc/passwd}",
    "%",
    "50% \\% done",
    "$\\$",
    "a\r\nER  - \r\n\r\nTY  - BOOK",
    "a\n@book{b,",
    "{\\rtf1\\ansi}",
    "\"quoted\" \\\"",
    "~^_#&$",
    "\xff\xfe",
    "\x01\x02",
    "=1+1",
    "-- ''",
};

/* As BibTeX counts: every brace, whatever stands before it. */
static int brace_depth(const char *text)
{
    int depth = 0;
    for (; *text && depth >= 0; text++)
        depth += (*text == '{') - (*text == '}');
    return depth;
}

static guint count_lines(const char *text, const char *begin)
{
    guint count = 0;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++)
        count += g_str_has_prefix(lines[i], begin);
    return count;
}

static void test_hostile(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(HOSTILE); i++) {
        Citation citation = STATUTE;
        citation.title = citation.body = citation.kind_label = HOSTILE[i];
        g_autoptr(GString) bibtex = citation_file(&citation, CITATION_BIBTEX);
        g_autoptr(GString) ris = citation_file(&citation, CITATION_RIS);
        g_autoptr(GString) csl = citation_file(&citation, CITATION_CSL);
        g_autofree char *coins = citation_coins(&citation);
        assert_int_equal(brace_depth(bibtex->str), 0);
        assert_int_equal(count_lines(bibtex->str, "@"), 1);
        assert_int_equal(count_lines(ris->str, "TY  - "), 1);
        assert_int_equal(count_lines(ris->str, "ER  - "), 1);
        assert_true(g_utf8_validate(bibtex->str, -1, NULL) && g_utf8_validate(ris->str, -1, NULL));
        assert_true(strspn(coins, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "-_.~%&=") == strlen(coins));
        json_t *list = json_loads(csl->str, 0, NULL);
        assert_int_equal(json_array_size(list), 1);
        json_decref(list);
    }
}

static void test_body_with_comma(void **state)
{
    (void)state;
    Citation citation = STATUTE;
    citation.body = "Regione Tirrenia, Assessorato, ";
    g_autoptr(GString) ris = citation_file(&citation, CITATION_RIS);
    assert_non_null(strstr(ris->str, "AU  - Regione Tirrenia - Assessorato,\r\n"));
}

static void test_types(void **state)
{
    (void)state;
    for (int kind = 0; kind < KIND_COUNT; kind++)
        assert_non_null(citation_type((Kind)kind));
    assert_string_equal(citation_type(KIND_REGULATION), "legislation");
    assert_string_equal(citation_type(KIND_PROGRAMME), "report");
    assert_string_equal(citation_type(KIND_AGREEMENT), "document");
}

int main(void)
{
    g_setenv("TZ", "UTC", TRUE);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bibtex), cmocka_unit_test(test_ris),
        cmocka_unit_test(test_csl),    cmocka_unit_test(test_coins),
        cmocka_unit_test(test_names),  cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_types),  cmocka_unit_test(test_body_with_comma),
    };
    return cmocka_run_group_tests_name("citation", tests, NULL, NULL);
}
