/* Page text: paragraphs of a page keep every run's language and every match. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../server/pages/page_text.h"

/* Paragraphs as one line: [it: text *match* / text][en: ...] | next paragraph. */
static char *print_paragraphs(const json_t *paragraphs)
{
    size_t i, j, k;
    json_t *paragraph, *run, *segment;
    GString *out = g_string_new(NULL);
    json_array_foreach(paragraphs, i, paragraph)
    {
        g_string_append(out, i > 0 ? " | " : "");
        json_array_foreach(json_object_get(paragraph, "runs"), j, run)
        {
            g_string_append_printf(out,
                                   "[%s: ", json_string_value(json_object_get(run, "text_lang")));
            json_array_foreach(json_object_get(run, "segments"), k, segment)
            {
                const char *text = json_string_value(json_object_get(segment, "text"));
                gboolean match = json_is_true(json_object_get(segment, "match"));
                gboolean target = json_is_true(json_object_get(segment, "is_target"));
                gboolean current = json_is_true(json_object_get(segment, "is_current"));
                if (json_is_true(json_object_get(segment, "is_break")))
                    g_string_append(out, "/");
                else
                    g_string_append_printf(out, "%s%s%s",
                                           target    ? "#"
                                           : current ? "+"
                                           : match   ? "*"
                                                     : "",
                                           text, match ? "*" : "");
            }
            g_string_append(out, "]");
        }
    }
    return g_string_free(out, FALSE);
}

typedef struct {
    const char *page; /* as the API gives it, in part */
    guint hit;
    const char *paragraphs;
} Case;

static const Case CASES[] = {
    {"{\"text\": \"\", \"runs\": []}", 1, ""},
    {"{\"text\": \"\\n\\n\", \"runs\": [{\"language\": \"it\", \"segments\": "
     "[{\"text\": \"\\n\\n\", \"match\": false}]}]}",
     1, ""},
    {"{\"text\": \"Il Comune promuove\", \"runs\": [{\"language\": \"it\", \"segments\": "
     "[{\"text\": \"Il \", \"match\": false}, {\"text\": \"Comune\", \"match\": true},"
     " {\"text\": \" promuove\", \"match\": false}]}]}",
     1, "[it: Il #Comune* promuove]"},
    /* A match over a line's end stays one; the second is the reader's. */
    {"{\"text\": \"la pace\\nnel mondo e la pace\", \"runs\": [{\"language\": \"it\", "
     "\"segments\": [{\"text\": \"la \", \"match\": false}, {\"text\": \"pace\\nnel mondo\","
     " \"match\": true}, {\"text\": \" e la \", \"match\": false}, {\"text\": \"pace\","
     " \"match\": true}]}]}",
     2, "[it: la *pace nel mondo* e la #pace*]"},
    /* A match over the end of a run, or of a paragraph, is one match in two segments. */
    {"{\"text\": \"la pace\\n\\nnel mondo, pace\", \"runs\": [{\"language\": \"it\", "
     "\"segments\": [{\"text\": \"la \", \"match\": false}, {\"text\": \"pace\\n\\nnel \", "
     "\"match\": "
     "true}]}, {\"language\": \"en\", \"segments\": [{\"text\": \"mondo\", \"match\": true}, "
     "{\"text\": "
     "\", \", \"match\": false}, {\"text\": \"pace\", \"match\": true}]}]}",
     1, "[it: la #pace*] | [it: +nel *][en: +mondo*, *pace*]"},
    /* Runs of two languages, one unknown, over two paragraphs. */
    {"{\"text\": \"uno\\n\\ntwo x\", \"runs\": [{\"language\": \"it\", \"segments\": "
     "[{\"text\": \"uno\\n\\n\", \"match\": false}]}, {\"language\": \"en\", \"segments\": "
     "[{\"text\": \"two \", \"match\": false}]}, {\"language\": \"und\", \"segments\": "
     "[{\"text\": \"x\", \"match\": false}]}]}",
     0, "[it: uno] | [en: two ][: x]"},
};

static void test_paragraphs(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        json_t *page = json_loads(CASES[i].page, 0, NULL);
        assert_non_null(page);
        json_t *paragraphs = page_text_paragraphs(page, CASES[i].hit);
        g_autofree char *printed = print_paragraphs(paragraphs);
        assert_string_equal(printed, CASES[i].paragraphs);
        json_decref(paragraphs);
        json_decref(page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_paragraphs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
