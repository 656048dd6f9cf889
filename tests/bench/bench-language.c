/* How often language_runs() is right, and how fast it is.
 *
 *     bench-language FOLDER
 *
 * FOLDER/sentences.tsv has the columns language, length (pair, sentence, paragraph) and text.
 * Each text is given alone; the answer is the language that holds most bytes of letters. Prints a
 * table by language and length, the figures that are aimed at, and the throughput. */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "../../indexer/language.h"

enum { THROUGHPUT_BYTES = 32 * 1024 * 1024 };

typedef enum { LENGTH_PAIR, LENGTH_SENTENCE, LENGTH_PARAGRAPH, LENGTHS } Length;

static const char *const length_names[LENGTHS] = {"pair", "sentence", "paragraph"};

/* Languages so close to Italian that taking them for it is no fault. */
static const char *const unscored[] = {"co", "fur", "gl", "oc", "vec", NULL};

typedef struct {
    char *language;
    guint rows[LENGTHS];
    guint answers[LENGTHS][LANGUAGE_COUNT];
} Tally;

static void tally_free(gpointer data)
{
    Tally *tally = data;
    g_free(tally->language);
    g_free(tally);
}

typedef struct {
    GPtrArray *tallies; /* Tally, in the order of the file */
    GString *texts;     /* all texts, to measure the speed on */
} Bench;

static gsize letters_in(const char *text, gsize length)
{
    gsize bytes = 0;
    for (const char *p = text; p < text + length; p = g_utf8_next_char(p))
        if (g_unichar_isalpha(g_utf8_get_char(p)))
            bytes += (gsize)(g_utf8_next_char(p) - p);
    return bytes;
}

static Language answer_for(const char *text)
{
    gsize letters[LANGUAGE_COUNT] = {0};
    Language best = LANGUAGE_OTHER;
    g_autoptr(GArray) runs = language_runs(text, strlen(text));
    for (guint i = 0; i < runs->len; i++) {
        const LanguageRun *run = &g_array_index(runs, LanguageRun, i);
        letters[run->language] += letters_in(text + run->start, run->length);
    }
    for (guint language = 0; language < LANGUAGE_COUNT; language++)
        best = letters[language] > letters[best] ? language : best;
    return best;
}

static Tally *tally_of(Bench *bench, const char *language)
{
    for (guint i = 0; i < bench->tallies->len; i++) {
        Tally *tally = g_ptr_array_index(bench->tallies, i);
        if (g_str_equal(tally->language, language))
            return tally;
    }
    Tally *tally = g_new0(Tally, 1);
    tally->language = g_strdup(language);
    g_ptr_array_add(bench->tallies, tally);
    return tally;
}

static void take_row(Bench *bench, const char *line)
{
    g_auto(GStrv) fields = g_strsplit(line, "\t", 3);
    if (g_strv_length(fields) != 3 || !g_utf8_validate(fields[2], -1, NULL))
        return;
    for (guint length = 0; length < LENGTHS; length++) {
        if (!g_str_equal(fields[1], length_names[length]))
            continue;
        Tally *tally = tally_of(bench, fields[0]);
        tally->rows[length]++;
        tally->answers[length][answer_for(fields[2])]++;
        if (length == LENGTH_PARAGRAPH)
            g_string_append_printf(bench->texts, "%s\n\n", fields[2]);
    }
}

static double percent(guint part, guint whole)
{
    return whole > 0 ? 100.0 * part / whole : 0;
}

static Language language_named(const char *code)
{
    for (guint language = 1; language < LANGUAGE_COUNT; language++)
        if (g_str_equal(code, language_code(language)))
            return language;
    return LANGUAGE_OTHER;
}

static void print_row(const Tally *tally, Length length)
{
    guint rows = tally->rows[length];
    const guint *answers = tally->answers[length];
    if (rows == 0)
        return;
    printf("%-4s %-10s %6u %8.2f %8.2f %8.2f%s\n", tally->language, length_names[length], rows,
           percent(answers[language_named(tally->language)], rows),
           percent(answers[LANGUAGE_ITALIAN], rows), percent(answers[LANGUAGE_ENGLISH], rows),
           g_strv_contains(unscored, tally->language) ? "  not scored" : "");
}

static void print_table(const Bench *bench)
{
    printf("     length        texts  right %%   as it %%   as en %%\n");
    for (guint i = 0; i < bench->tallies->len; i++)
        for (guint length = 0; length < LENGTHS; length++)
            print_row(g_ptr_array_index(bench->tallies, i), length);
}

static double share_right(const Bench *bench, Language language, Length length)
{
    for (guint i = 0; i < bench->tallies->len; i++) {
        const Tally *tally = g_ptr_array_index(bench->tallies, i);
        if (language_named(tally->language) == language)
            return percent(tally->answers[length][language], tally->rows[length]);
    }
    return 0;
}

/* Share of texts in scored other languages that were taken for Italian or English. */
static double share_taken(const Bench *bench, Length length)
{
    guint rows = 0, taken = 0;
    for (guint i = 0; i < bench->tallies->len; i++) {
        const Tally *tally = g_ptr_array_index(bench->tallies, i);
        if (language_named(tally->language) != LANGUAGE_OTHER ||
            g_strv_contains(unscored, tally->language))
            continue;
        rows += tally->rows[length];
        taken += tally->answers[length][LANGUAGE_ITALIAN];
        taken += tally->answers[length][LANGUAGE_ENGLISH];
    }
    return percent(taken, rows);
}

static void print_aim(const char *what, double found, double aim, gboolean at_least)
{
    gboolean reached = at_least ? found >= aim : found <= aim;
    printf("%-52s %7.2f %%  aim %s %5.1f %%  %s\n", what, found, at_least ? ">=" : "<=", aim,
           reached ? "reached" : "missed");
}

static void print_aims(const Bench *bench)
{
    printf("\n");
    print_aim("Italian paragraphs right", share_right(bench, LANGUAGE_ITALIAN, LENGTH_PARAGRAPH),
              99.5, TRUE);
    print_aim("English paragraphs right", share_right(bench, LANGUAGE_ENGLISH, LENGTH_PARAGRAPH),
              99.5, TRUE);
    print_aim("Italian sentences right", share_right(bench, LANGUAGE_ITALIAN, LENGTH_SENTENCE), 98,
              TRUE);
    print_aim("English sentences right", share_right(bench, LANGUAGE_ENGLISH, LENGTH_SENTENCE), 98,
              TRUE);
    print_aim("other paragraphs taken for Italian or English", share_taken(bench, LENGTH_PARAGRAPH),
              1, FALSE);
    print_aim("other sentences taken for Italian or English", share_taken(bench, LENGTH_SENTENCE),
              5, FALSE);
}

static void print_speed(const Bench *bench)
{
    gsize bytes = 0;
    guint runs = 0;
    gint64 start_us = g_get_monotonic_time();
    while (bytes < THROUGHPUT_BYTES && bench->texts->len > 0) {
        g_autoptr(GArray) found = language_runs(bench->texts->str, bench->texts->len);
        bytes += bench->texts->len;
        runs += found->len;
    }
    double seconds = (double)(g_get_monotonic_time() - start_us) / G_USEC_PER_SEC;
    printf("\nall paragraphs as one text of %.2f MB: %.1f MB/s, %u runs\n",
           (double)bench->texts->len / 1e6, (double)bytes / 1e6 / MAX(seconds, 1e-6), runs);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: bench-language FOLDER\n");
        return 2;
    }
    g_autofree char *file = g_build_filename(argv[1], "sentences.tsv", NULL);
    g_autofree char *content = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(file, &content, NULL, &error)) {
        fprintf(stderr, "bench-language: %s\n", error->message);
        return 1;
    }
    g_autoptr(GPtrArray) tallies = g_ptr_array_new_with_free_func(tally_free);
    Bench bench = {tallies, g_string_new(NULL)};
    g_auto(GStrv) lines = g_strsplit(content, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        take_row(&bench, lines[i]);
    print_table(&bench);
    print_aims(&bench);
    print_speed(&bench);
    g_string_free(bench.texts, TRUE);
    return 0;
}
