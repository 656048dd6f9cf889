/* schedario-server: answers questions about an archive over HTTP.
 *
 * This file has the options, start and stop. */
#include <glib.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "../indexer/confinement.h"
#include "../indexer/log_line.h"
#include "../indexer/notify.h"
#include "../indexer/program.h"
#include "answers/origin.h"
#include "attend.h"
#include "fences.h"
#include "http/http.h"
#include "limits.h"
#include "operation.h"
#include "pages/pages.h"
#include "routes.h"
#include "service.h"

enum {
    EXIT_DONE = 0,
    EXIT_USAGE = 2,
    EXIT_SETUP = 3, /* corpus, web folder, templates or log of questions cannot be used */
    EXIT_LISTEN = 4,
    EXIT_PROTECTION = 6, /* this kernel does not offer all that protects from foreign files */
    IMAGE_CACHE_MOST_MIB = 65536,
    QUESTION_TIME_MOST = 3600, /* seconds */
};

static const char DESCRIPTION[] = "The archive is opened read-only; it need not exist yet.\n"
                                  "\n"
                                  "Exit codes: 0 ended by a signal; 2 wrong usage; 3 the corpus, "
                                  "the web folder or the log of questions cannot be used; "
                                  "4 it cannot listen at that address; 6 not all protections hold "
                                  "here (--allow-unsandboxed).";

typedef struct {
    char *archive;
    char *corpus;
    char *listen;
    char *web;
    char *url;
    char *contact;
    char *question_log;
    char *metrics_listen;
    gboolean log_requests;
    char *reader;
    char *user;
    gboolean allow_unsandboxed;
    int threads;
    int image_cache;
    double question_time;
} Options;

/* Puts the addresses into their one form. */
static gboolean read_addresses(Options *options, GError **error)
{
    char *url = options->url ? origin_parse(options->url, error) : NULL;
    if (options->url && !url)
        return FALSE;
    g_free(options->url);
    options->url = url;
    char *contact = options->contact ? origin_parse_contact(options->contact, error) : NULL;
    if (options->contact && !contact)
        return FALSE;
    g_free(options->contact);
    options->contact = contact;
    return TRUE;
}

static gboolean parse_options(Options *options, int *argc, char ***argv)
{
    const GOptionEntry entries[] = {
        {"archive", 'a', 0, G_OPTION_ARG_FILENAME, &options->archive,
         "The archive's file (archive.db)", "FILE"},
        {"corpus", 'c', 0, G_OPTION_ARG_FILENAME, &options->corpus,
         "The folder of documents, to give out originals (none)", "DIR"},
        {"listen", 'l', 0, G_OPTION_ARG_STRING, &options->listen,
         "Where to listen (127.0.0.1:8080)", "ADDRESS:PORT"},
        {"threads", 't', 0, G_OPTION_ARG_INT, &options->threads, "Threads (one a core)", "N"},
        {"web", 'w', 0, G_OPTION_ARG_FILENAME, &options->web,
         "The folder of templates, messages and assets", "DIR"},
        {"image-cache", 0, 0, G_OPTION_ARG_INT, &options->image_cache,
         "Memory for images of pages, in MiB (64)", "MIB"},
        {"question-time", 0, 0, G_OPTION_ARG_DOUBLE, &options->question_time,
         "How long a question may take before what was found is the answer; 0: no limit (2)",
         "SECONDS"},
        {"reader", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &options->reader, "", "FILE"},
        {"url", 'u', 0, G_OPTION_ARG_STRING, &options->url,
         "Under which address the outside knows the site (what the client asked for)",
         "https://HOST"},
        {"contact", 0, 0, G_OPTION_ARG_STRING, &options->contact,
         "Where readers may write to, an address of mail or a page", "ADDRESS"},
        {"log-questions", 0, 0, G_OPTION_ARG_FILENAME, &options->question_log,
         "Write down what is asked, without who asked, as JSON lines; opened anew on SIGHUP (off)",
         "FILE or -"},
        {"log-requests", 0, 0, G_OPTION_ARG_NONE, &options->log_requests,
         "A line of the log for each request, without its address and without who asked (off)",
         NULL},
        {"metrics-listen", 0, 0, G_OPTION_ARG_STRING, &options->metrics_listen,
         "Give /metrics at this address, too (only to this machine's programs, where it listens)",
         "ADDRESS:PORT"},
        {"user", 0, 0, G_OPTION_ARG_STRING, &options->user,
         "Become this user once the address is taken, when started as root", "NAME"},
        {"allow-unsandboxed", 0, 0, G_OPTION_ARG_NONE, &options->allow_unsandboxed,
         "Serve even where this system cannot confine the server or its readers", NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;
    g_autofree char *help = program_options(entries, DESCRIPTION, argc, argv, &error);
    if (!help) {
        fprintf(stderr, "schedario-server: %s\n", error->message);
        return FALSE;
    }
    if (*argc != 1 || options->threads < 0 || options->image_cache < 0 ||
        options->image_cache > IMAGE_CACHE_MOST_MIB ||
        !(options->question_time >= 0 && options->question_time <= QUESTION_TIME_MOST)) {
        fputs(help, stderr);
        return FALSE;
    }
    if (read_addresses(options, &error))
        return TRUE;
    fprintf(stderr, "schedario-server: %s\n", error->message);
    return FALSE;
}

static void options_release(Options *options)
{
    g_free(options->archive);
    g_free(options->corpus);
    g_free(options->listen);
    g_free(options->web);
    g_free(options->url);
    g_free(options->contact);
    g_free(options->question_log);
    g_free(options->metrics_listen);
    g_free(options->reader);
    g_free(options->user);
}

/* In the source tree the program stands in build/ beside web/; installed, in bin/ beside share/. */
static char *find_web(const Options *options)
{
    static const char *const PLACES[] = {"../share/schedario/web", "../web", "../../web"};
    if (options->web)
        return g_strdup(options->web);
    g_autofree char *folder = program_folder();
    for (gsize i = 0; i < G_N_ELEMENTS(PLACES); i++) {
        char *path = g_build_filename(folder, PLACES[i], NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            return path;
        g_free(path);
    }
    return g_strdup("web");
}

static int fail(int code, const GError *error)
{
    log_write(LOG_ERROR, "cannot-serve", "message", error->message, NULL);
    return code;
}

/* Without the program that draws pages the archive can still be searched and read. */
static void set_reader(const Options *options, Service *service)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *reader = program_reader(options->reader);
    if (options->corpus &&
        !service_set_reader(service,
                            &(FacsimileReader){.path = reader,
                                               .cache_mib = (guint)options->image_cache,
                                               .allow_unsandboxed = options->allow_unsandboxed},
                            &error))
        log_write(LOG_WARNING, "no-reader", "message", error->message, "consequence",
                  "pages have no images", NULL);
}

/* Gives up the server's rights, and says which protections hold. FALSE when some are missing and
 * the operator has not said that this may be. */
static gboolean protect(const Options *options, const Service *service, const FencesPlan *plan,
                        Fences **ret_fences, GError **error)
{
    ConfinementGaps gaps = {.landlock = landlock_version(), .is_root = geteuid() == 0};
    gaps.readers = facsimile_probe(service_facsimile(service));
    g_autoptr(Fences) fences = fences_new(plan, &gaps.own, error);
    if (!fences)
        return FALSE;
    g_autofree char *sentence = confinement_sentence("server", &gaps);
    log_write((gaps.own | gaps.readers) != 0 ? LOG_WARNING : LOG_INFO, "protection", "message",
              sentence, NULL);
    if ((gaps.own | gaps.readers) != 0 && !options->allow_unsandboxed) {
        g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_NOSYS,
                            "not all protections hold; --allow-unsandboxed serves nevertheless");
        return FALSE;
    }
    *ret_fences = g_steal_pointer(&fences);
    return TRUE;
}

/* Where it listens, before rights are given up. */
typedef struct {
    const char *listen;
    int listener;
    int operators; /* 0: figures have no address of their own */
    Notify *notify;
} Doors;

static HttpServer *start_operators(const Options *options, const Doors *doors, Service *service,
                                   GError **error)
{
    const HttpOptions http = {
        .listen = options->metrics_listen,
        .listener = doors->operators,
        .threads = 1,
        .routes = OPERATION_ROUTES,
        .error_maker = pages_error,
        .context = service,
    };
    return http_server_start(&http, error);
}

/* Answers until a signal ends it. */
static int answer(const Options *options, const Doors *doors, Service *service, QuestionLog *log)
{
    g_autoptr(GError) error = NULL;
    const HttpOptions http = {
        .listen = doors->listen,
        .listener = doors->listener,
        .threads = (guint)options->threads,
        .routes = ROUTES,
        .error_maker = pages_error,
        .context = service,
        .log = options->log_requests ? attend_log_request : operation_log,
    };
    operation_count(service, ROUTES);
    service_set_tell(service, attend_tell_archive, NULL);
    HttpServer *server = http_server_start(&http, &error);
    if (!server)
        return fail(EXIT_LISTEN, error);
    HttpServer *operators =
        doors->operators ? start_operators(options, doors, service, &error) : NULL;
    service_set_server(service, server);
    if (!error)
        attend_until_signal(&(Attendance){.service = service,
                                          .server = server,
                                          .operators = operators,
                                          .question_log = log,
                                          .notify = doors->notify,
                                          .listen = doors->listen});
    http_server_stop(operators);
    service_set_server(service, NULL);
    http_server_stop(server);
    return error ? fail(EXIT_LISTEN, error) : EXIT_DONE;
}

/* Ends the server as SIGTERM would: what its stewards did for it cannot be done any more. */
static void end_without_steward(gpointer is_lost)
{
    *(gboolean *)is_lost = TRUE;
    log_write(LOG_ERROR, "steward-lost", "message",
              "a helper process has ended; so does the server", NULL);
    kill(getpid(), SIGTERM);
}

/* Serves at these doors, which are the servers' from here on. */
static int serve_at(const Options *options, const Doors *doors)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Fences) fences = NULL;
    g_autoptr(QuestionLog) log =
        options->question_log ? question_log_new(options->question_log, &error) : NULL;
    if (error)
        return fail(EXIT_SETUP, error);
    g_autofree char *web = find_web(options);
    const char *archive = options->archive ? options->archive : "archive.db";
    g_autoptr(Service) service = service_new(archive, options->corpus, web, &error);
    if (!service)
        return fail(EXIT_SETUP, error);
    service_set_site(
        service,
        &(ServiceSite){.url = options->url, .contact = options->contact, .question_log = log});
    service_set_question_time(service, options->question_time);
    set_reader(options, service);
    const FencesPlan plan = {.archive = archive,
                             .corpus = options->corpus,
                             .web = web,
                             .log_path = options->question_log,
                             .log = log};
    if (!protect(options, service, &plan, &fences, &error))
        return fail(error->code == G_FILE_ERROR_NOSYS ? EXIT_PROTECTION : EXIT_SETUP, error);
    gboolean is_lost = FALSE;
    fences_watch(fences, end_without_steward, &is_lost);
    facsimile_watch(service_facsimile(service), end_without_steward, &is_lost);
    int code = answer(options, doors, service, log);
    return is_lost ? EXIT_SETUP : code;
}

/* The address first, which may need root's rights, then the user, then all else as that user. */
static int serve(const Options *options)
{
    g_autoptr(GError) error = NULL;
    const char *listen = options->listen ? options->listen : "127.0.0.1:8080";
    g_autoptr(Notify) notify = notify_new();
    Doors doors = {.listen = listen, .notify = notify, .listener = http_listen(listen, &error)};
    if (doors.listener >= 0 && options->metrics_listen)
        doors.operators = http_listen(options->metrics_listen, &error);
    if (error)
        return fail(EXIT_LISTEN, error);
    if (options->user && !confinement_become(options->user, &error))
        return fail(EXIT_SETUP, error);
    return serve_at(options, &doors);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    signal(SIGPIPE, SIG_IGN);
    /* Answers free large blocks all the time, at each of which glibc gathers its fast bins anew. */
    mallopt(M_MXFAST, 0);
    Options options = {.image_cache = PAGE_CACHE_MIB, .question_time = SERVICE_QUESTION_SECONDS};
    int code = parse_options(&options, &argc, &argv) ? serve(&options) : EXIT_USAGE;
    options_release(&options);
    return code;
}
