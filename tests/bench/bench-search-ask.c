/* The same questions, asked of our archive and of Xapian's database in one run.
 *
 *     bench-search-ask [--processor] FOLDER [FOLDER]
 *
 * FOLDER is what bench-search-build made; the second is a larger one. Both engines have seen each
 * question once before any is timed. Then all questions go round several times, every engine being
 * asked each of them once a round and turn about, so that between a question and the same question
 * again lie all others. What stands in the table of a kind are quantiles over its questions of the
 * question's median; the 99th percentile of all is taken over every single answer.
 *
 * Ours answers with the exact total and all facets always. Xapian does so in its second column
 * (check_at_least all documents, a ValueCountMatchSpy for each facet); in its first, it stops where
 * the ten best are known. Neither makes passages, and the reading of a question's text is in
 * neither time. */
#include <glib.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../../server/search/search.h"
#include "search-questions.h"
#include "xapian-side.h"

enum { EACH = 25, ROUNDS = 5, LIMIT = 10 };

typedef enum { OURS, XAPIAN_PLAIN, XAPIAN_FULL, ENGINES } Engine;

/* The times of one question, microseconds. */
typedef struct {
    guint kind;
    const SearchQuestion *question;
    Query *query;
    double first[ENGINES]; /* the first time asked */
    double time[ENGINES][ROUNDS];
    double median[ENGINES];
    guint total[ENGINES];
} Asked;

typedef struct {
    const char *folder;
    Searcher *searcher;
    XapianReader *xapian;
    GArray *kinds;   /* borrowed */
    GArray *asked;   /* Asked */
    double parse_us; /* mean */
    clockid_t clock;
} Bench;

static void end(const char *doing, GError *error)
{
    fprintf(stderr, "bench-search-ask: %s: %s\n", doing, error ? error->message : "failed");
    exit(1);
}

static double now_us(const Bench *bench)
{
    struct timespec now;
    clock_gettime(bench->clock, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Asking */

static guint ask_ours(Bench *bench, const Asked *asked)
{
    GError *error = NULL;
    const char *filter = asked->question->xapian.filter;
    g_autoptr(GPtrArray) languages = g_ptr_array_new();
    SearchRequest request = {.query = asked->query, .limit = LIMIT, .without_hits = TRUE};
    if (filter) {
        g_ptr_array_add(languages, (gpointer)filter);
        request.values[FACET_LANGUAGE] = languages;
    }
    if (!searcher_begin(bench->searcher, &error))
        end("searching", error);
    g_autoptr(SearchResult) result = searcher_search(bench->searcher, &request, &error);
    searcher_end(bench->searcher);
    if (!result)
        end(asked->question->text, error);
    return result->total - result->partial; /* what holds all words */
}

static guint ask(Bench *bench, Engine engine, const Asked *asked)
{
    if (engine == OURS)
        return ask_ours(bench, asked);
    return xapian_reader_ask(bench->xapian, &asked->question->xapian, engine == XAPIAN_FULL);
}

static double time_of(Bench *bench, Engine engine, Asked *asked)
{
    double started = now_us(bench);
    asked->total[engine] = ask(bench, engine, asked);
    return now_us(bench) - started;
}

/* All engines one after another, another one first each time. */
static void ask_all(Bench *bench, Asked *asked, guint round, guint turn)
{
    for (guint i = 0; i < ENGINES; i++) {
        Engine engine = (Engine)((i + turn) % ENGINES);
        double taken = time_of(bench, engine, asked);
        if (round == 0)
            asked->first[engine] = taken;
        else
            asked->time[engine][round - 1] = taken;
    }
}

/* One question of each kind, then the next of each, so that no two alike follow one another. */
static void order_questions(Bench *bench)
{
    for (guint number = 0; number < EACH; number++) {
        for (guint kind = 0; kind < bench->kinds->len; kind++) {
            GArray *questions = g_array_index(bench->kinds, SearchKind, kind).questions;
            if (number >= questions->len)
                continue;
            Asked asked = {.kind = kind,
                           .question = &g_array_index(questions, SearchQuestion, number)};
            g_array_append_val(bench->asked, asked);
        }
    }
}

static void parse_questions(Bench *bench)
{
    double started = now_us(bench);
    for (guint i = 0; i < bench->asked->len; i++) {
        Asked *asked = &g_array_index(bench->asked, Asked, i);
        const char *text = asked->question->text;
        asked->query =
            query_parse(text, strlen(text), NULL, FALSE, searcher_analyser(bench->searcher));
    }
    bench->parse_us = (now_us(bench) - started) / bench->asked->len;
}

static int compare_doubles(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

static double quantile(double *values, guint count, double share)
{
    if (count == 0)
        return 0;
    qsort(values, count, sizeof(double), compare_doubles);
    return values[MIN(count - 1, (guint)((double)count * share))];
}

static void run(Bench *bench)
{
    for (guint round = 0; round <= ROUNDS; round++)
        for (guint i = 0; i < bench->asked->len; i++)
            ask_all(bench, &g_array_index(bench->asked, Asked, i), round, round + i);
    for (guint i = 0; i < bench->asked->len; i++) {
        Asked *asked = &g_array_index(bench->asked, Asked, i);
        for (guint engine = 0; engine < ENGINES; engine++) {
            double sorted[ROUNDS];
            memcpy(sorted, asked->time[engine], sizeof sorted);
            asked->median[engine] = quantile(sorted, ROUNDS, 0.5);
        }
    }
}

static void bench_open(Bench *bench, const char *folder, GArray *kinds, clockid_t clock)
{
    GError *error = NULL;
    g_autofree char *archive = g_build_filename(folder, "archive.db", NULL);
    g_autofree char *xapian = g_build_filename(folder, "xapian", NULL);
    *bench = (Bench){.folder = folder, .kinds = kinds, .clock = clock};
    bench->searcher = searcher_new(archive, &error);
    if (!bench->searcher)
        end("opening the archive", error);
    bench->xapian = xapian_reader_new(xapian);
    bench->asked = g_array_new(FALSE, TRUE, sizeof(Asked));
    order_questions(bench);
    parse_questions(bench);
}

static void bench_close(Bench *bench)
{
    for (guint i = 0; i < bench->asked->len; i++)
        query_free(g_array_index(bench->asked, Asked, i).query);
    g_array_unref(bench->asked);
    searcher_free(bench->searcher);
    xapian_reader_free(bench->xapian);
}

/* Telling */

typedef double (*Value)(const Asked *asked, Engine engine);

static double median_of(const Asked *asked, Engine engine)
{
    return asked->median[engine];
}

static double first_of(const Asked *asked, Engine engine)
{
    return asked->first[engine];
}

typedef enum { WHOLE_MIX = -1, MIX_WITHOUT_PREFIX = -2, EVERYTHING = -3 } Group;

static gboolean is_of(const Bench *bench, const Asked *asked, int group)
{
    const SearchKind *kind = &g_array_index(bench->kinds, SearchKind, asked->kind);
    switch (group) {
    case EVERYTHING:
        return TRUE;
    case WHOLE_MIX:
        return kind->in_mix;
    case MIX_WITHOUT_PREFIX:
        return kind->in_mix && !kind->is_prefix;
    default:
        return asked->kind == (guint)group;
    }
}

static double group_quantile(const Bench *bench, int group, Engine engine, Value value,
                             double share)
{
    g_autofree double *values = g_new(double, bench->asked->len + 1);
    guint count = 0;
    for (guint i = 0; i < bench->asked->len; i++) {
        const Asked *asked = &g_array_index(bench->asked, Asked, i);
        if (is_of(bench, asked, group))
            values[count++] = value(asked, engine);
    }
    return quantile(values, count, share);
}

/* Over every single answer. */
static double answers_quantile(const Bench *bench, int group, Engine engine, double share)
{
    g_autofree double *values = g_new(double, bench->asked->len *ROUNDS + 1);
    guint count = 0;
    for (guint i = 0; i < bench->asked->len; i++) {
        const Asked *asked = &g_array_index(bench->asked, Asked, i);
        for (guint round = 0; round < ROUNDS && is_of(bench, asked, group); round++)
            values[count++] = asked->time[engine][round];
    }
    return quantile(values, count, share);
}

static void print_line(const Bench *bench, int group, const char *name, Value value)
{
    double figures[ENGINES][3];
    static const double SHARES[] = {0.5, 0.95, 0.99};
    for (guint engine = 0; engine < ENGINES; engine++)
        for (guint i = 0; i < G_N_ELEMENTS(SHARES); i++)
            figures[engine][i] =
                group_quantile(bench, group, (Engine)engine, value, SHARES[i]) / 1000;
    printf("%-28s", name);
    for (guint engine = 0; engine < ENGINES; engine++)
        printf(" %8.3f %8.3f %8.3f ", figures[engine][0], figures[engine][1], figures[engine][2]);
    printf(" %6.2f %6.2f\n", figures[OURS][0] / figures[XAPIAN_PLAIN][0],
           figures[OURS][1] / figures[XAPIAN_PLAIN][1]);
}

static void print_table(const Bench *bench)
{
    printf("\n%-28s %-27s %-27s %-27s ratio to the first\n", "milliseconds", "ours, total, facets",
           "Xapian, ten best", "Xapian, total, facets");
    printf("%-28s", "");
    for (guint engine = 0; engine < ENGINES; engine++)
        printf(" %8s %8s %8s ", "median", "95th", "99th");
    printf(" %6s %6s\n", "median", "95th");
    for (guint kind = 0; kind < bench->kinds->len; kind++)
        print_line(bench, (int)kind, g_array_index(bench->kinds, SearchKind, kind).name, median_of);
    print_line(bench, WHOLE_MIX, "MIX", median_of);
    print_line(bench, MIX_WITHOUT_PREFIX, "MIX without prefixes", median_of);
    print_line(bench, WHOLE_MIX, "MIX, the first time asked", first_of);
}

static void print_aim(const char *what, double found, double aim, const char *unit)
{
    printf("%-60s %8.2f %-3s aim %6.2f  %s\n", what, found, unit, aim,
           found <= aim ? "reached" : "missed");
}

static guint kind_named(const Bench *bench, const char *name)
{
    guint kind = 0;
    while (!g_str_equal(g_array_index(bench->kinds, SearchKind, kind).name, name))
        kind++;
    return kind;
}

static double ratio(const Bench *bench, int group, double share)
{
    return group_quantile(bench, group, OURS, median_of, share) /
           group_quantile(bench, group, XAPIAN_PLAIN, median_of, share);
}

static void print_aims(const Bench *bench)
{
    int commonest = (int)kind_named(bench, "the commonest words");
    int phrase = (int)kind_named(bench, "phrase of the commonest");
    printf("\n");
    print_aim("median of the mix, of Xapian's", ratio(bench, WHOLE_MIX, 0.5), 1, "");
    print_aim("95th percentile of the mix, of Xapian's", ratio(bench, WHOLE_MIX, 0.95), 1, "");
    print_aim("median without prefixes, of Xapian's", ratio(bench, MIX_WITHOUT_PREFIX, 0.5), 1, "");
    print_aim("95th percentile without prefixes, of Xapian's",
              ratio(bench, MIX_WITHOUT_PREFIX, 0.95), 1, "");
    print_aim("slowest of the ten commonest words, its median",
              group_quantile(bench, commonest, OURS, median_of, 1) / 1000, 3, "ms");
    print_aim("slowest phrase of two of them, its median",
              group_quantile(bench, phrase, OURS, median_of, 1) / 1000, 8, "ms");
    print_aim("99th percentile of every answer, with facets and total",
              answers_quantile(bench, EVERYTHING, OURS, 0.99) / 1000, 15, "ms");
    printf("%-60s %8.4f ms\n", "reading a question's text, mean, in no time above",
           bench->parse_us / 1000);
}

static gboolean agree(const Asked *asked)
{
    double ours = asked->total[OURS], theirs = asked->total[XAPIAN_FULL];
    return ABS(ours - theirs) <= MAX(1, 0.02 * theirs);
}

/* A check that both were asked the same. Stems of both languages are one to Xapian, and words with
 * and without an accent are two. */
static void print_agreement(const Bench *bench)
{
    guint same = 0, shown = 0;
    for (guint i = 0; i < bench->asked->len; i++)
        same += agree(&g_array_index(bench->asked, Asked, i));
    printf("both find as many documents, to 2 %%: %u of %u questions\n", same, bench->asked->len);
    for (guint i = 0; i < bench->asked->len && shown < 6; i++) {
        const Asked *asked = &g_array_index(bench->asked, Asked, i);
        if (!agree(asked) && ++shown)
            printf("    %s: %u, Xapian %u\n", asked->question->text, asked->total[OURS],
                   asked->total[XAPIAN_FULL]);
    }
}

static double built(const char *folder, const char *engine, const char *key)
{
    g_autofree char *name = g_strconcat(engine, ".figures", NULL);
    g_autofree char *file = g_build_filename(folder, name, NULL);
    g_autoptr(GKeyFile) keys = g_key_file_new();
    if (!g_key_file_load_from_file(keys, file, G_KEY_FILE_NONE, NULL))
        return 0;
    return g_key_file_get_double(keys, "built", key, NULL);
}

static void print_built(const char *folder)
{
    static const char *const ENGINE[] = {"archive", "xapian"};
    double text = built(folder, "archive", "text_bytes");
    printf("%.0f documents, %.0f pages, %.1f M words, %.1f MB of text\n",
           built(folder, "archive", "documents"), built(folder, "archive", "pages"),
           built(folder, "archive", "words") / 1e6, text / 1e6);
    printf("    %-8s %10s %12s %10s %10s %10s %10s\n", "", "seconds", "processor s", "MB",
           "of text", "words/s", "memory MB");
    for (guint i = 0; i < G_N_ELEMENTS(ENGINE); i++) {
        double seconds = built(folder, ENGINE[i], "seconds");
        double size = built(folder, ENGINE[i], "size_bytes");
        printf("    %-8s %10.1f %12.1f %10.1f %10.2f %10.0f %10.0f\n", ENGINE[i], seconds,
               built(folder, ENGINE[i], "processor_seconds"), size / 1e6, size / text,
               built(folder, ENGINE[i], "words") / seconds,
               built(folder, ENGINE[i], "memory_bytes") / 1e6);
    }
    print_aim("    building, of Xapian's time",
              built(folder, "archive", "seconds") / built(folder, "xapian", "seconds"), 0.1, "");
    print_aim("    archive, of its text", built(folder, "archive", "size_bytes") / text, 1, "");
}

static void measure(Bench *bench, const char *folder, GArray *kinds, clockid_t clock)
{
    printf("\n== ");
    print_built(folder);
    bench_open(bench, folder, kinds, clock);
    run(bench);
    print_table(bench);
    print_aims(bench);
    print_agreement(bench);
    fflush(stdout);
}

/* How much more the larger archive costs, by kind. */
static void print_growth(const Bench *small, const Bench *large)
{
    double size =
        built(large->folder, "archive", "words") / built(small->folder, "archive", "words");
    printf("\n== growth of the median from the smaller to the larger, %.1f times as many words\n",
           size);
    printf("%-28s %8s %8s %8s\n", "", "ours", "Xapian", "+ facets");
    for (int group = EVERYTHING; group < (int)small->kinds->len; group++) {
        const char *name = group == EVERYTHING  ? "all"
                           : group == WHOLE_MIX ? "MIX"
                           : group == MIX_WITHOUT_PREFIX
                               ? "MIX without prefixes"
                               : g_array_index(small->kinds, SearchKind, group).name;
        printf("%-28s", name);
        for (guint engine = 0; engine < ENGINES; engine++)
            printf(" %8.1f", group_quantile(large, group, (Engine)engine, median_of, 0.5) /
                                 group_quantile(small, group, (Engine)engine, median_of, 0.5));
        printf("\n");
    }
    print_aim("growth of the mix, of the archive's",
              group_quantile(large, WHOLE_MIX, OURS, median_of, 0.5) /
                  group_quantile(small, WHOLE_MIX, OURS, median_of, 0.5) / size,
              1, "");
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    gboolean is_processor = argc > 1 && g_str_equal(argv[1], "--processor");
    clockid_t clock = is_processor ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
    argv += is_processor;
    argc -= is_processor;
    if (argc != 2 && argc != 3) {
        fprintf(stderr, "usage: bench-search-ask [--processor] FOLDER [FOLDER]\n");
        return 2;
    }
    guint documents = (guint)built(argv[1], "archive", "documents");
    if (documents == 0)
        end("no figures of a built archive there", NULL);
    g_autoptr(Synthetic) synthetic = synthetic_new();
    g_autoptr(GArray) kinds = search_questions(synthetic, documents, EACH);
    Bench small, large;
    measure(&small, argv[1], kinds, clock);
    if (argc == 3) {
        measure(&large, argv[2], kinds, clock);
        print_growth(&small, &large);
        bench_close(&large);
    }
    bench_close(&small);
    return 0;
}
