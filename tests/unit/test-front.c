/* Front matter: where the head of a document ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../../indexer/front.h"

#define LONGISH "una riga di testo corrente che va fino in fondo alla pagina stretta\n"

typedef struct {
    const char *text;
    guint lines; /* of the head */
} Head;

static const Head HEADS[] = {
    {"", 0},
    {"\f\n\f", 0},
    {"Statuto\n", 1},
    {"COMUNE DI VALDORIA\n\nStatuto\nApprovato nel 2008\n\nArt. 1 – Principi\nTesto\n", 3},
    {"Statuto\nPreambolo\nTesto\n", 1},
    {"Titolo I\nTesto\n", 2},
    {"Statuto\n" LONGISH LONGISH, 3},
    {"Statuto\n" LONGISH LONGISH LONGISH, 1},
    {LONGISH LONGISH LONGISH, 0},
    {"\f\n\fStatuto\nSecondo\n\fAltra pagina\n", 2},
    {"***\n---\nStatuto\n", 1},
};

static void test_heads(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(HEADS); i++) {
        g_autoptr(Front) front = front_new(HEADS[i].text, strlen(HEADS[i].text));
        if (front->lines->len != HEADS[i].lines)
            print_message("row %u: %u lines\n", i, front->lines->len);
        assert_int_equal(front->lines->len, HEADS[i].lines);
    }
}

static void test_lines(void **state)
{
    (void)state;
    static const char TEXT[] = "  “Ponti”, di valle \n\nFine\f";
    g_autoptr(Front) front = front_new(TEXT, sizeof TEXT - 1);
    const FrontLine *line = front_line(front, 0);
    g_autofree char *text = g_strndup(TEXT + line->start, line->end - line->start);
    assert_string_equal(text, "“Ponti”, di valle");
    assert_int_equal(line->end_word - line->first_word, 3);
    assert_int_equal(front->head_words, 4);
    assert_int_equal(front->page_end, sizeof TEXT - 2);
}

static void test_limits(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new(NULL);
    while (text->len < 4 * FRONT_BYTES)
        g_string_append(text, "è\n");
    g_autoptr(Front) lines = front_new(text->str, text->len);
    assert_int_equal(lines->lines->len, FRONT_HEAD_LINES);
    assert_true(lines->words->length <= FRONT_BYTES);
    assert_true(g_utf8_validate(text->str, (gssize)lines->words->length, NULL));
    g_autoptr(Front) pages = front_new("a\fb\fc\fd\fe", 9);
    assert_int_equal(pages->words->count, FRONT_PAGES);
}

static void test_sections(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        gboolean section;
    } ROWS[] = {
        {"Art. 1 – Principi", TRUE}, {"Articolo primo", TRUE}, {"CHAPTER 2 Harbours", TRUE},
        {"Titolo IV", TRUE},         {"Indice", TRUE},         {"Table of contents", TRUE},
        {"Parte generale", FALSE},   {"Statuto", FALSE},       {"Indice di sviluppo umano", FALSE},
        {"Executive summary", TRUE}, {"Article One", TRUE},    {"Part of the sea", FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(Words) words = words_new(ROWS[i].line, strlen(ROWS[i].line));
        assert_int_equal(front_is_section(words, 0, words->count), ROWS[i].section);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heads),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_sections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
