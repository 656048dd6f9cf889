/* schedario-indexer: makes the archive from the corpus and keeps it in step.
 *
 * This file has the options, the reports to the person who runs it, and the exit codes; the work is
 * indexing.h's. */
#include <glib-unix.h>
#include <glib.h>
#include <locale.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "archive.h"
#include "check.h"
#include "confinement.h"
#include "corpus.h"
#include "failure.h"
#include "indexing.h"
#include "log_line.h"
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
    EXIT_PROTECTION = 6,  /* this kernel does not offer all that protects from foreign files */
    COMPARE_SECONDS = 60, /* between full comparisons while watching */
    ROOM_SECONDS = 5,     /* between looks whether a full disk has room again */
    INDEX_CHECK_SECONDS = 24 * 3600, /* between two looks through the whole index while watching */
    REMADE_MOST = 3, /* damaged archives that one run makes anew: then the disk is at fault */
    NO_FAULT = -1,
    NICENESS = 10, /* added: a tenth of the processors' time where questions want all of it */
    NICENESS_MOST = 19,
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
    "a signal before all was done; 6 not all protections hold here (--allow-unsandboxed). With "
    "--check: 0 nothing is wrong; 1 something is (each is "
    "named).";

typedef struct {
    gboolean watch;
    gboolean retry;
    gboolean check;
    gboolean emptied;
    gboolean quiet;
    int jobs;
    int timeout;
    gboolean allow_unsandboxed;
    char *archive;
    char *reader;
    char **rest;
} Options;

typedef struct {
    Options options;
    GMainLoop *loop;
    Archive *archive;
    guint merge_source;
    gint64 index_checked_us; /* 0: not yet */
    Indexing *indexing;
    gboolean is_terminal;
    gboolean bar_shown;
    guint left; /* files that are still to be dealt with */
    gint64 bar_us;
    guint failed;
    GHashTable *told;      /* char *: what was left as it is, said once */
    gboolean has_vanished; /* the corpus is empty, and was not */
    gboolean is_ended;     /* by a signal */
    gboolean is_full;      /* the disk is, and that was said */
    guint remade;
    int fault; /* ArchiveError that ended the work, or NO_FAULT */
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
    if (now - program->bar_us < (gint64)BAR_REFRESH_MS * 1000 && progress->done < progress->total)
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

static void file_dealt_with(const ArchiveFile *file, const IndexingProgress *progress,
                            gpointer data)
{
    Program *program = data;
    program->left = progress->total - progress->done;
    if (file->state == FILE_FAILED) {
        g_autofree char *why = failure_sentence(file->reason, file->detail);
        clear_bar(program);
        log_tell(LOG_WARNING, "file-failed", file->path, why);
        program->failed++;
    } else if (!program->is_terminal && !program->options.quiet) {
        g_autofree char *path = log_printable(file->path);
        printf("%s: %s (%u/%u)\n", path, file->state == FILE_SIDECAR ? "sidecar read" : "indexed",
               progress->done, progress->total);
        fflush(stdout);
    }
    if (program->is_terminal && !program->options.quiet)
        draw_bar(program, progress);
}

static void archive_failed(const GError *error, gpointer data);

/* What damage to the index is there shows when a question comes upon it, or here. A step of some
 * seconds, for which nothing has to wait when it comes last. FALSE: it is damaged, which was told.
 */
static gboolean check_index(Program *program)
{
    g_autoptr(GError) error = NULL;
    gint64 now_us = g_get_monotonic_time();
    gint64 again_us = program->index_checked_us + (gint64)INDEX_CHECK_SECONDS * G_USEC_PER_SEC;
    if (program->index_checked_us && now_us < again_us)
        return TRUE;
    archive_beat(program->archive);
    if (archive_verify_index(program->archive, &error)) {
        program->index_checked_us = now_us;
        return TRUE;
    }
    archive_failed(error, program);
    return FALSE;
}

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
    if (!error && !indexing_is_working(program->indexing) && !check_index(program))
        return G_SOURCE_REMOVE;
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
    if (program->is_full) {
        puts("There is room again: indexing went on.");
        fflush(stdout);
        program->is_full = FALSE;
        archive_note_full(program->archive, FALSE);
    }
    if (!program->options.watch)
        program->exit_code = program->has_vanished ? EXIT_CORPUS
                             : program->failed     ? EXIT_SOME_FAILED
                                                   : EXIT_DONE;
    if (!program->merge_source)
        program->merge_source = g_idle_add_full(G_PRIORITY_LOW, merge_some, program, NULL);
}

static void left_as_it_is(const char *path, IndexingLeft why, gpointer data)
{
    static const char *const SENTENCES[] = {
        [LEFT_UNLISTED] = "cannot be listed; what the archive has of it stays as it is",
        [LEFT_VANISHED] = ("is empty, as if its file system were not mounted; what the archive has "
                           "of it stays (if it was emptied on purpose, start with --emptied once)"),
        [LEFT_RESTLESS] = "does not cease to change; the next run will look at it again",
    };
    Program *program = data;
    program->has_vanished |= why == LEFT_VANISHED && !*path;
    if (!g_hash_table_add(program->told, g_strdup(path)))
        return;
    clear_bar(program);
    log_tell(LOG_WARNING, "left-as-it-is", *path ? path : program->options.rest[0], SENTENCES[why]);
    program->failed++;
}

static void archive_failed(const GError *error, gpointer data)
{
    Program *program = data;
    program->fault = error->domain == ARCHIVE_ERROR ? error->code : NO_FAULT;
    program->exit_code = EXIT_ARCHIVE;
    g_main_loop_quit(program->loop);
    gboolean is_full = program->fault == ARCHIVE_ERROR_FULL;
    if (is_full && program->is_full)
        return; /* it was said, and we wait */
    clear_bar(program);
    log_tell(LOG_ERROR, "archive-failed", NULL, error->message);
    if (is_full)
        log_tell(LOG_ERROR, "disk-full", NULL,
                 program->options.watch
                     ? "The disk is full. Nothing is lost: indexing goes on by itself when there "
                       "is room."
                     : "The disk is full. Nothing is lost: make room and start again.");
}

/* Events */

static gboolean end_by_signal(gpointer data)
{
    Program *program = data;
    clear_bar(program);
    program->is_ended = TRUE;
    if (!program->options.watch && program->exit_code == -1) {
        g_autofree char *message = g_strdup_printf(
            "interrupted with %u files left; the next run goes on from here", program->left);
        log_tell(LOG_WARNING, "interrupted", NULL, message);
        program->exit_code = EXIT_INTERRUPTED;
    }
    g_main_loop_quit(program->loop);
    return G_SOURCE_CONTINUE;
}

static void corpus_changed(gpointer data)
{
    Program *program = data;
    if (program->indexing)
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
        {"check", 0, 0, G_OPTION_ARG_NONE, &options->check,
         "Write nothing; verify the archive against the corpus", NULL},
        {"emptied", 0, 0, G_OPTION_ARG_NONE, &options->emptied,
         "An empty corpus, or folder that was a file system, is meant to be empty", NULL},
        {"timeout", 0, 0, G_OPTION_ARG_INT, &options->timeout,
         "Longest time for one document, in seconds (60)", "SECONDS"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options->quiet,
         "Only failures, the summary, and which protections hold", NULL},
        {"allow-unsandboxed", 0, 0, G_OPTION_ARG_NONE, &options->allow_unsandboxed,
         "Index even where this system cannot confine the indexer or its readers", NULL},
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
    if (!corpus_watch(corpus, corpus_changed, program, &error)) {
        g_autofree char *message =
            g_strdup_printf("%s; comparing every %d s instead", error->message, COMPARE_SECONDS);
        log_tell(LOG_WARNING, "not-watching", NULL, message);
    }
    g_timeout_add_seconds(COMPARE_SECONDS, compare_in_time, program);
    return TRUE;
}

/* Until the work is done, or cannot go on. */
static void run(Program *program, Corpus *corpus, ReadingPool *pool, const Thesaurus *thesaurus)
{
    IndexingListener listener = {file_dealt_with, work_done, left_as_it_is, archive_failed,
                                 program};
    program->indexing = indexing_new(corpus, program->archive, pool, thesaurus, &listener);
    if (program->options.emptied)
        indexing_believe_empty(program->indexing);
    if (indexing_announce(program->indexing, program->options.watch))
        indexing_compare(program->indexing, program->options.retry);
    if (program->exit_code != EXIT_ARCHIVE)
        g_main_loop_run(program->loop);
    g_clear_handle_id(&program->merge_source, g_source_remove);
    g_clear_pointer(&program->indexing, indexing_free);
}

static int fail(int code, const GError *error)
{
    log_tell(LOG_ERROR, "cannot-index", NULL, error->message);
    return code;
}

/* Should the archive be kept within the corpus, it is no document of it. */
static void leave_out_archive(Corpus *corpus, const char *path)
{
    static const char *const ENDINGS[] = {"", "-wal", "-shm", "-lock", "-damaged", "-damaged-wal"};
    for (gsize i = 0; i < G_N_ELEMENTS(ENDINGS); i++) {
        g_autofree char *name = g_strconcat(path, ENDINGS[i], NULL);
        corpus_leave_out(corpus, name);
    }
}

static const char *archive_path(const Program *program)
{
    return program->options.archive ? program->options.archive : "archive.db";
}

/* FALSE when it cannot be used, which has been told. */
static gboolean open_archive(Program *program)
{
    g_autoptr(GError) error = NULL;
    gboolean was_there = g_file_test(archive_path(program), G_FILE_TEST_EXISTS);
    gboolean is_new = FALSE;
    if (program->archive)
        return TRUE;
    program->archive = archive_open_writer(archive_path(program), &is_new, &error);
    if (program->archive && archive_verify(program->archive, &error)) {
        if (is_new && was_there)
            log_tell(LOG_WARNING, "archive-made-anew", NULL,
                     "the archive is empty or of an older version, and is made anew");
        return TRUE;
    }
    archive_failed(error, program);
    g_clear_pointer(&program->archive, archive_close);
    return FALSE;
}

static gboolean make_anew(Program *program)
{
    g_autoptr(GError) error = NULL;
    if (program->remade++ == REMADE_MOST)
        return FALSE;
    program->index_checked_us = 0;
    g_clear_pointer(&program->archive, archive_close);
    g_autofree char *aside = archive_set_aside(archive_path(program), &error);
    if (!aside) {
        fail(EXIT_ARCHIVE, error);
        return FALSE;
    }
    g_autofree char *message = g_strdup_printf(
        "The damaged archive is kept as %s; another is made from the corpus.", aside);
    log_tell(LOG_WARNING, "archive-kept-aside", NULL, message);
    return TRUE;
}

static gboolean beat_in_time(gpointer data)
{
    const Program *program = data;
    if (program->archive)
        archive_beat(program->archive);
    return G_SOURCE_CONTINUE;
}

static gboolean try_again(gpointer data)
{
    Program *program = data;
    g_main_loop_quit(program->loop);
    return G_SOURCE_REMOVE;
}

/* FALSE when a signal ends the waiting. */
static gboolean wait_for_room(Program *program)
{
    program->is_full = TRUE;
    if (program->archive)
        archive_note_full(program->archive, TRUE);
    guint beat = g_timeout_add_seconds(ARCHIVE_BEAT_SECONDS, beat_in_time, program);
    guint again = g_timeout_add_seconds(ROOM_SECONDS, try_again, program);
    g_main_loop_run(program->loop);
    g_source_remove(beat);
    if (program->is_ended)
        g_source_remove(again);
    return !program->is_ended;
}

/* Whether to begin again after a fault. */
static gboolean mend(Program *program)
{
    if (program->is_ended)
        return FALSE;
    if (program->fault == ARCHIVE_ERROR_DAMAGED)
        return make_anew(program);
    return program->fault == ARCHIVE_ERROR_FULL && program->options.watch && wait_for_room(program);
}

static void keep_at_it(Program *program, Corpus *corpus, ReadingPool *pool,
                       const Thesaurus *thesaurus)
{
    do {
        program->fault = NO_FAULT;
        program->exit_code = -1;
        if (open_archive(program))
            run(program, corpus, pool, thesaurus);
        reading_pool_forget(pool);
    } while (program->fault != NO_FAULT && mend(program));
}

static ReadingPool *make_pool(const Options *options, GError **error)
{
    g_autofree char *reader = program_reader(options->reader);
    guint jobs = options->jobs ? (guint)options->jobs : (guint)g_get_num_processors();
    const ReadingLimits limits = {.timeout_seconds = (guint)options->timeout,
                                  .allow_unsandboxed = options->allow_unsandboxed};
    return reading_pool_new(reader, jobs, &limits, error);
}

/* What the indexer will still need: the corpus to read, and the folders of the archive, which may
 * be two where its name is a link. SQLite's own scratch files go there, too. */
static guint confine_itself(const Program *program)
{
    g_autofree char *whole = confinement_whole_path(archive_path(program), NULL);
    g_autofree char *folder = g_path_get_dirname(archive_path(program));
    g_autofree char *whole_folder = g_path_get_dirname(whole ? whole : archive_path(program));
    const LandlockRule rules[] = {
        {program->options.rest[0], LANDLOCK_READ},
        {folder, LANDLOCK_READ | LANDLOCK_WRITE | LANDLOCK_MAKE},
        {whole_folder, LANDLOCK_READ | LANDLOCK_WRITE | LANDLOCK_MAKE},
    };
    g_setenv("SQLITE_TMPDIR", whole_folder, TRUE);
    const ConfinementPlan plan = {.rules = rules,
                                  .n_rules = G_N_ELEMENTS(rules),
                                  .calls = CONFINEMENT_WRITING,
                                  .keeps = PRIVILEGES_WRITE_ALL};
    return confinement_enter(&plan);
}

/* Gives up the indexer's rights, and says which protections hold, --quiet or not: whoever reads the
 * log of the shipped unit is to find it there. FALSE when some are missing and
 * the operator has not said that this may be. */
static gboolean protect(const Program *program, const ReadingPool *pool)
{
    const Options *options = &program->options;
    ConfinementGaps gaps = {.landlock = landlock_version(), .is_root = geteuid() == 0};
    gaps.readers = reading_pool_probe(pool);
    gaps.own = confine_itself(program);
    gboolean is_whole = (gaps.own | gaps.readers) == 0;
    g_autofree char *sentence = confinement_sentence("indexer", &gaps);
    log_tell(is_whole ? LOG_INFO : LOG_WARNING, "protection", NULL, sentence);
    if (!is_whole && !options->allow_unsandboxed)
        log_tell(LOG_ERROR, "cannot-index", NULL,
                 "not all protections hold; --allow-unsandboxed indexes nevertheless");
    return is_whole || options->allow_unsandboxed;
}

/* Without it no reader can be started any more. */
static void end_without_steward(gpointer data)
{
    Program *program = data;
    clear_bar(program);
    log_tell(LOG_ERROR, "helper-ended", NULL, "a helper process has ended; so does the indexer");
    program->is_ended = TRUE;
    program->exit_code = EXIT_CORPUS;
    g_main_loop_quit(program->loop);
}

static int index_corpus(Program *program)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Corpus) corpus = corpus_open(program->options.rest[0], &error);
    if (!corpus)
        return fail(EXIT_CORPUS, error);
    g_autoptr(Thesaurus) thesaurus = thesaurus_new_builtin(&error);
    if (!thesaurus)
        return fail(EXIT_CORPUS, error);
    g_autoptr(ReadingPool) pool = make_pool(&program->options, &error);
    if (!pool)
        return fail(EXIT_CORPUS, error);
    if (!protect(program, pool))
        return EXIT_PROTECTION;
    leave_out_archive(corpus, archive_path(program));
    program->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    program->loop = g_main_loop_new(NULL, FALSE);
    g_unix_signal_add(SIGINT, end_by_signal, program);
    g_unix_signal_add(SIGTERM, end_by_signal, program);
    reading_pool_watch(pool, end_without_steward, program);
    if (program->options.watch)
        watch(program, corpus);
    keep_at_it(program, corpus, pool, thesaurus);
    g_clear_pointer(&program->archive, archive_close);
    g_main_loop_unref(program->loop);
    g_hash_table_unref(program->told);
    return program->exit_code == -1 ? EXIT_DONE : program->exit_code;
}

/* Checking */

static void print_finding(CheckKind kind, const char *sentence, gpointer data)
{
    (void)data;
    g_autofree char *line = log_printable(sentence);
    printf("%s: %s\n", kind == CHECK_WRONG ? "wrong" : "behind", line);
}

static int check_corpus(const Program *program)
{
    g_autoptr(GError) error = NULL;
    CheckCounts counts = {0};
    g_autoptr(Corpus) corpus = corpus_open(program->options.rest[0], &error);
    if (!corpus)
        return fail(EXIT_CORPUS, error);
    leave_out_archive(corpus, archive_path(program));
    if (!check_archive(corpus, archive_path(program), print_finding, NULL, &counts, &error)) {
        if (!g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED))
            return fail(EXIT_ARCHIVE, error);
        print_finding(CHECK_WRONG, error->message, NULL);
        return EXIT_SOME_FAILED;
    }
    if (counts.is_index_left)
        puts("An indexer is at work: FTS5's own check was left out, each document's was made.");
    printf("%u documents, %u files: %u wrong, %u behind\n", counts.documents, counts.files,
           counts.wrong, counts.behind);
    return counts.wrong ? EXIT_SOME_FAILED : EXIT_DONE;
}

/* Who searches waits for the answer, an indexing for nothing: it takes the processors that are
 * free, and so do its readers. Nothing is lost where the system does not allow it. */
static void give_way(void)
{
    const struct sched_param batch = {0};
    setpriority(PRIO_PROCESS, 0, MIN(getpriority(PRIO_PROCESS, 0) + NICENESS, NICENESS_MOST));
    sched_setscheduler(0, SCHED_BATCH, &batch);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is a failing write */
    Program program = {.is_terminal = isatty(STDERR_FILENO) != 0};
    int code = EXIT_USAGE;
    give_way();
    if (parse_options(&program.options, &argc, &argv))
        code = program.options.check ? check_corpus(&program) : index_corpus(&program);
    options_release(&program.options);
    return code;
}
