/* schedario-server: answers questions about an archive over HTTP.
 *
 * This file has the options, start and stop. */
#include <glib-unix.h>
#include <glib.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>

#include "../indexer/program.h"
#include "http.h"
#include "limits.h"
#include "origin.h"
#include "pages.h"
#include "routes.h"
#include "service.h"

enum {
    EXIT_DONE = 0,
    EXIT_USAGE = 2,
    EXIT_SETUP = 3, /* corpus, web folder, templates or log of questions cannot be used */
    EXIT_LISTEN = 4,
    IMAGE_CACHE_MOST_MIB = 65536,
};

static const char DESCRIPTION[] = "The archive is opened read-only; it need not exist yet.\n"
                                  "\n"
                                  "Exit codes: 0 ended by a signal; 2 wrong usage; 3 the corpus, "
                                  "the web folder or the log of questions cannot be used; "
                                  "4 it cannot listen at that address.";

typedef struct {
    char *archive;
    char *corpus;
    char *listen;
    char *web;
    char *url;
    char *contact;
    char *question_log;
    char *reader;
    int threads;
    int image_cache;
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
        {"reader", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &options->reader, "", "FILE"},
        {"url", 'u', 0, G_OPTION_ARG_STRING, &options->url,
         "Under which address the outside knows the site (what the client asked for)",
         "https://HOST"},
        {"contact", 0, 0, G_OPTION_ARG_STRING, &options->contact,
         "Where readers may write to, an address of mail or a page", "ADDRESS"},
        {"log-questions", 0, 0, G_OPTION_ARG_FILENAME, &options->question_log,
         "Write down what is asked, without who asked, as JSON lines; opened anew on SIGHUP (off)",
         "FILE or -"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;
    g_autofree char *help = program_options(entries, DESCRIPTION, argc, argv, &error);
    if (!help) {
        fprintf(stderr, "schedario-server: %s\n", error->message);
        return FALSE;
    }
    if (*argc != 1 || options->threads < 0 || options->image_cache < 0 ||
        options->image_cache > IMAGE_CACHE_MOST_MIB) {
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
    g_free(options->reader);
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

static gboolean end_by_signal(gpointer data)
{
    g_main_loop_quit(data);
    return G_SOURCE_CONTINUE;
}

static int fail(int code, const GError *error)
{
    fprintf(stderr, "schedario-server: %s\n", error->message);
    return code;
}

static void tell_lost(QuestionLog *log)
{
    guint lost = log ? question_log_take_lost(log) : 0;
    if (lost > 0)
        fprintf(stderr, "schedario-server: %u questions could not be written down\n", lost);
}

static gboolean reopen_by_signal(gpointer log)
{
    g_autoptr(GError) error = NULL;
    tell_lost(log);
    if (!question_log_reopen(log, &error))
        fprintf(stderr, "schedario-server: %s\n", error->message);
    return G_SOURCE_CONTINUE;
}

static void serve_until_signal(const HttpServer *server, const char *listen, QuestionLog *log)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_unix_signal_add(SIGINT, end_by_signal, loop);
    g_unix_signal_add(SIGTERM, end_by_signal, loop);
    if (log)
        g_unix_signal_add(SIGHUP, reopen_by_signal, log);
    g_autofree char *host = g_strndup(listen, (gsize)(strrchr(listen, ':') - listen));
    printf("http://%s:%u/\n", host, http_server_port(server));
    fflush(stdout);
    g_main_loop_run(loop);
}

/* Without the program that draws pages the archive can still be searched and read. */
static void set_reader(const Options *options, Service *service)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *reader = program_reader(options->reader);
    if (options->corpus &&
        !service_set_reader(service, reader, 0, (guint)options->image_cache, &error))
        fprintf(stderr, "schedario-server: pages have no images: %s\n", error->message);
}

static int serve(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(QuestionLog) log =
        options->question_log ? question_log_new(options->question_log, &error) : NULL;
    if (error)
        return fail(EXIT_SETUP, error);
    g_autofree char *web = find_web(options);
    const char *listen = options->listen ? options->listen : "127.0.0.1:8080";
    g_autoptr(Service) service = service_new(options->archive ? options->archive : "archive.db",
                                             options->corpus, web, &error);
    if (!service)
        return fail(EXIT_SETUP, error);
    service_set_site(
        service,
        &(ServiceSite){.url = options->url, .contact = options->contact, .question_log = log});
    set_reader(options, service);
    HttpOptions http = {
        .listen = listen,
        .threads = (guint)options->threads,
        .routes = ROUTES,
        .error_maker = pages_error,
        .context = service,
    };
    HttpServer *server = http_server_start(&http, &error);
    if (!server)
        return fail(EXIT_LISTEN, error);
    serve_until_signal(server, listen, log);
    http_server_stop(server);
    tell_lost(log);
    return EXIT_DONE;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    signal(SIGPIPE, SIG_IGN);
    /* Answers free large blocks all the time, at each of which glibc gathers its fast bins anew. */
    mallopt(M_MXFAST, 0);
    Options options = {.image_cache = PAGE_CACHE_MIB};
    int code = parse_options(&options, &argc, &argv) ? serve(&options) : EXIT_USAGE;
    options_release(&options);
    return code;
}
