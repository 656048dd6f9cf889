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
#include "pages.h"
#include "routes.h"
#include "service.h"

enum {
    EXIT_DONE = 0,
    EXIT_USAGE = 2,
    EXIT_SETUP = 3, /* corpus, web folder or templates cannot be used */
    EXIT_LISTEN = 4,
};

static const char DESCRIPTION[] = "The archive is opened read-only; it need not exist yet.\n"
                                  "\n"
                                  "Exit codes: 0 ended by a signal; 2 wrong usage; 3 the corpus or "
                                  "the web folder cannot be used; "
                                  "4 it cannot listen at that address.";

typedef struct {
    char *archive;
    char *corpus;
    char *listen;
    char *web;
    int threads;
} Options;

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
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;
    g_autofree char *help = program_options(entries, DESCRIPTION, argc, argv, &error);
    if (!help) {
        fprintf(stderr, "schedario-server: %s\n", error->message);
        return FALSE;
    }
    if (*argc != 1 || options->threads < 0) {
        fputs(help, stderr);
        return FALSE;
    }
    return TRUE;
}

static void options_release(Options *options)
{
    g_free(options->archive);
    g_free(options->corpus);
    g_free(options->listen);
    g_free(options->web);
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

static void serve_until_signal(const HttpServer *server, const char *listen)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_unix_signal_add(SIGINT, end_by_signal, loop);
    g_unix_signal_add(SIGTERM, end_by_signal, loop);
    g_autofree char *host = g_strndup(listen, (gsize)(strrchr(listen, ':') - listen));
    printf("http://%s:%u/\n", host, http_server_port(server));
    fflush(stdout);
    g_main_loop_run(loop);
}

static int serve(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *web = find_web(options);
    const char *listen = options->listen ? options->listen : "127.0.0.1:8080";
    g_autoptr(Service) service = service_new(options->archive ? options->archive : "archive.db",
                                             options->corpus, web, &error);
    if (!service)
        return fail(EXIT_SETUP, error);
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
    serve_until_signal(server, listen);
    http_server_stop(server);
    return EXIT_DONE;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    signal(SIGPIPE, SIG_IGN);
    /* Answers free large blocks all the time, at each of which glibc gathers its fast bins anew. */
    mallopt(M_MXFAST, 0);
    Options options = {0};
    int code = parse_options(&options, &argc, &argv) ? serve(&options) : EXIT_USAGE;
    options_release(&options);
    return code;
}
