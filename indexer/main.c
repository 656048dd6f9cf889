/* schedario-indexer: makes the archive from the corpus and keeps it in step.
 *
 * This file has the options, the reports to the person who runs it, and the exit codes; the work is
 * indexing.h's. */
#include <glib-unix.h>
#include <glib.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "archive.h"
#include "corpus.h"
#include "failure.h"
#include "indexing.h"
#include "program.h"
#include "reading.h"
#include "thesaurus.h"

enum {
    EXIT_DONE = 0,
    EXIT_SOME_FAILED = 1, /* done, but some files could not be read */
    EXIT_USAGE = 2,
    EXIT_CORPUS = 3,  /* the folder, or the program that reads documents, cannot be used */
    EXIT_ARCHIVE = 4, /* the archive cannot be used */
    EXIT_INTERRUPTED = 5,
    COMPARE_SECONDS = 60, /* between full comparisons while watching */
    BAR_COLUMNS = 30,
    BAR_REFRESH_MS = 100,
};

static const char DESCRIPTION[] =
    "CORPUS is the folder of documents; it is only read. The archive can be deleted at any time "
    "and is "
    "made again from the corpus.\n"
    "\n"
    "Exit codes: 0 done; 1 done, but some files could not be read (each is named); 2 wrong usage; "
    "3 the "
    "corpus or the reader program cannot be used; 4 the archive cannot be used; 5 ended by "
    "a signal before all was done.";

typedef struct {
    gboolean watch;
    gboolean retry;
    gboolean quiet;
    int jobs;
    int timeout;
    char *archive;
    char *reader;
    char **rest;
} Options;

typedef struct {
    Options options;
    GMainLoop *loop;
    Archive *archive;
    guint merge_source;
    Indexing *indexing;
    gboolean is_terminal;
    gboolean bar_shown;
    guint left; /* files that are still to be dealt with */
    gint64 bar_us;
    guint failed;
    GHashTable *told; /* char *: folders that could not be listed, said once */
    int exit_code;
} Program;

/* Reports */

static void clear_bar(Program *program)
{
    if (program->bar_shown)
        fputs("\r\033[K", stderr);
    program->bar_shown = FALSE;
}

static double seconds_since(gint64 started_us)
{
    return (double)(g_get_monotonic_time() - started_us) / G_USEC_PER_SEC;
}

static void draw_bar(Program *program, const IndexingProgress *progress)
{
    gint64 now = g_get_monotonic_time();
    if (now - program->bar_us < BAR_REFRESH_MS * 1000 && progress->done < progress->total)
        return;
    program->bar_us = now;
    double seconds = seconds_since(progress->started_us);
    double share = progress->total ? (double)progress->done / progress->total : 1;
    int filled = (int)(share * BAR_COLUMNS);
    int left = share > 0 ? (int)(seconds / share - seconds + 0.5) : 0;
    g_autofree char *bar = g_strnfill(BAR_COLUMNS, '-');
    memset(bar, '#', (gsize)filled);
    fprintf(stderr,
            "\r\033[K[%s] %u/%u documents, %" G_GUINT64_FORMAT " pages, %.0f pages/s, %d:%02d left",
            bar, progress->done, progress->total, progress->pages,
            seconds > 0 ? (double)progress->pages / seconds : 0, left / 60, left % 60);
    fflush(stderr);
    program->bar_shown = TRUE;
}

/* A path or a message on one line, whatever bytes it has. */
static char *printable(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *line = g_string_new(NULL);
    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        if (g_unichar_iscntrl(character))
            g_string_append_printf(line, "\\u%04x", character);
        else
            g_string_append_unichar(line, character);
    }
    return g_string_free(line, FALSE);
}

static void file_dealt_with(const ArchiveFile *file, const IndexingProgress *progress,
                            gpointer data)
{
    Program *program = data;
    g_autofree char *path = printable(file->path);
    program->left = progress->total - progress->done;
    if (file->state == FILE_FAILED) {
        g_autofree char *why = failure_sentence(file->reason, file->detail);
        g_autofree char *line = printable(why);
        clear_bar(program);
        fprintf(stderr, "%s: %s\n", path, line);
        program->failed++;
    } else if (!program->is_terminal && !program->options.quiet) {
        printf("%s: %s (%u/%u)\n", path, file->state == FILE_SIDECAR ? "sidecar read" : "indexed",
               progress->done, progress->total);
        fflush(stdout);
    }
    if (program->is_terminal && !program->options.quiet)
        draw_bar(program, progress);
}

static void archive_failed(const GError *error, gpointer data);

/* While nothing else is to be done. New work ends it; it begins again after that. */
static gboolean merge_some(gpointer data)
{
    Program *program = data;
    g_autoptr(GError) error = NULL;
    gboolean is_done = FALSE;
    if (indexing_is_working(program->indexing))
        is_done = TRUE;
    else if (!archive_merge(program->archive, &is_done, &error))
        archive_failed(error, program);
    if (!is_done && !error)
        return G_SOURCE_CONTINUE;
    program->merge_source = 0;
    if (!program->options.watch)
        g_main_loop_quit(program->loop);
    return G_SOURCE_REMOVE;
}

static void work_done(const IndexingProgress *progress, gpointer data)
{
    Program *program = data;
    clear_bar(program);
    double seconds = seconds_since(progress->started_us);
    if (progress->total + progress->removed > 0 || !program->options.watch) {
        printf("%u files: %u indexed, %u failed, %u removed; %" G_GUINT64_FORMAT
               " pages in %.1f s (%.0f pages/s)\n",
               progress->total, progress->done - progress->failed, progress->failed,
               progress->removed, progress->pages, seconds,
               seconds > 0 ? (double)progress->pages / seconds : 0);
        fflush(stdout);
    }
    if (!program->options.watch)
        program->exit_code = program->failed ? EXIT_SOME_FAILED : EXIT_DONE;
    if (!program->merge_source)
        program->merge_source = g_idle_add_full(G_PRIORITY_LOW, merge_some, program, NULL);
}

static void folder_unreadable(const char *path, gpointer data)
{
    Program *program = data;
    if (!g_hash_table_add(program->told, g_strdup(path)))
        return;
    g_autofree char *name = printable(*path ? path : program->options.rest[0]);
    clear_bar(program);
    fprintf(stderr, "%s: cannot be listed; what the archive has of it stays as it is\n", name);
    program->failed++;
}

static void archive_failed(const GError *error, gpointer data)
{
    Program *program = data;
    clear_bar(program);
    fprintf(stderr, "schedario-indexer: %s\n", error->message);
    if (g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_FULL))
        fputs("The disk is full. Nothing is lost: make room and start again.\n", stderr);
    program->exit_code = EXIT_ARCHIVE;
    g_main_loop_quit(program->loop);
}

/* Events */

static gboolean end_by_signal(gpointer data)
{
    Program *program = data;
    clear_bar(program);
    if (!program->options.watch && program->exit_code == -1) {
        fprintf(stderr, "interrupted with %u files left; the next run goes on from here\n",
                program->left);
        program->exit_code = EXIT_INTERRUPTED;
    }
    g_main_loop_quit(program->loop);
    return G_SOURCE_CONTINUE;
}

static void corpus_changed(gpointer data)
{
    Program *program = data;
    indexing_compare(program->indexing, FALSE);
}

static gboolean compare_in_time(gpointer data)
{
    corpus_changed(data);
    return G_SOURCE_CONTINUE;
}

/* Start */

static gboolean parse_options(Options *options, int *argc, char ***argv)
{
    const GOptionEntry entries[] = {
        {"watch", 'w', 0, G_OPTION_ARG_NONE, &options->watch,
         "Stay, and keep the archive in step with the corpus", NULL},
        {"archive", 'a', 0, G_OPTION_ARG_FILENAME, &options->archive,
         "The archive's file (archive.db)", "FILE"},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &options->jobs, "Reader processes (one a core)", "N"},
        {"retry", 0, 0, G_OPTION_ARG_NONE, &options->retry,
         "Try files again that could not be read", NULL},
        {"timeout", 0, 0, G_OPTION_ARG_INT, &options->timeout,
         "Longest time for one document, in seconds (60)", "SECONDS"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options->quiet, "Only failures and the summary",
         NULL},
        {"reader", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &options->reader, "", "FILE"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->rest, NULL, "CORPUS"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;
    g_autofree char *help = program_options(entries, DESCRIPTION, argc, argv, &error);
    if (!help) {
        fprintf(stderr, "schedario-indexer: %s\n", error->message);
        return FALSE;
    }
    if (!options->rest || g_strv_length(options->rest) != 1 || options->jobs < 0 ||
        options->jobs > 256 || options->timeout < 0 || options->timeout > 86400) {
        fputs(help, stderr);
        return FALSE;
    }
    return TRUE;
}

static void options_release(Options *options)
{
    g_free(options->archive);
    g_free(options->reader);
    g_strfreev(options->rest);
}

static gboolean watch(Program *program, Corpus *corpus)
{
    g_autoptr(GError) error = NULL;
    if (!corpus_watch(corpus, corpus_changed, program, &error))
        fprintf(stderr, "schedario-indexer: %s; comparing every %d s instead\n", error->message,
                COMPARE_SECONDS);
    g_timeout_add_seconds(COMPARE_SECONDS, compare_in_time, program);
    return TRUE;
}

static void run(Program *program, Corpus *corpus, Archive *archive, ReadingPool *pool,
                const Thesaurus *thesaurus)
{
    IndexingListener listener = {file_dealt_with, work_done, folder_unreadable, archive_failed,
                                 program};
    program->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    program->archive = archive;
    program->loop = g_main_loop_new(NULL, FALSE);
    program->indexing = indexing_new(corpus, archive, pool, thesaurus, &listener);
    g_unix_signal_add(SIGINT, end_by_signal, program);
    g_unix_signal_add(SIGTERM, end_by_signal, program);
    if (program->options.watch)
        watch(program, corpus);
    if (indexing_announce(program->indexing, program->options.watch))
        indexing_compare(program->indexing, program->options.retry);
    if (program->exit_code != EXIT_ARCHIVE)
        g_main_loop_run(program->loop);
    g_clear_handle_id(&program->merge_source, g_source_remove);
    indexing_free(program->indexing);
    g_main_loop_unref(program->loop);
    g_hash_table_unref(program->told);
}

static int fail(int code, const GError *error)
{
    g_autofree char *message = printable(error->message);
    fprintf(stderr, "schedario-indexer: %s\n", message);
    return code;
}

/* Should the archive be kept within the corpus, it is no document of it. */
static void leave_out_archive(Corpus *corpus, const char *path)
{
    static const char *const ENDINGS[] = {"", "-wal", "-shm", "-lock"};
    for (gsize i = 0; i < G_N_ELEMENTS(ENDINGS); i++) {
        g_autofree char *name = g_strconcat(path, ENDINGS[i], NULL);
        corpus_leave_out(corpus, name);
    }
}

static int index_corpus(Program *program)
{
    g_autoptr(GError) error = NULL;
    const Options *options = &program->options;
    const char *path = options->archive ? options->archive : "archive.db";
    gboolean is_new = FALSE;
    g_autoptr(Corpus) corpus = corpus_open(options->rest[0], &error);
    if (!corpus)
        return fail(EXIT_CORPUS, error);
    g_autofree char *reader = program_reader(options->reader);
    guint jobs = options->jobs ? (guint)options->jobs : (guint)g_get_num_processors();
    ReadingLimits limits = {.timeout_seconds = (guint)options->timeout};
    g_autoptr(ReadingPool) pool = reading_pool_new(reader, jobs, &limits, &error);
    if (!pool)
        return fail(EXIT_CORPUS, error);
    g_autoptr(Thesaurus) thesaurus = thesaurus_new_builtin(&error);
    if (!thesaurus)
        return fail(EXIT_CORPUS, error);
    g_autoptr(Archive) archive = archive_open_writer(path, &is_new, &error);
    if (!archive)
        return fail(EXIT_ARCHIVE, error);
    leave_out_archive(corpus, path);
    program->exit_code = -1;
    run(program, corpus, archive, pool, thesaurus);
    return program->exit_code == -1 ? EXIT_DONE : program->exit_code;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    signal(SIGPIPE, SIG_IGN);
    Program program = {.is_terminal = isatty(STDERR_FILENO) != 0};
    int code = parse_options(&program.options, &argc, &argv) ? index_corpus(&program) : EXIT_USAGE;
    options_release(&program.options);
    return code;
}
