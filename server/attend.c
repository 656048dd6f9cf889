/* See attend.h. */
#include "attend.h"

#include <glib-unix.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "../indexer/log_line.h"
#include "limits.h"
#include "operation.h"

typedef struct {
    const Attendance *attendance;
    GMainLoop *loop;
} Watch;

static gboolean end_by_signal(gpointer data)
{
    Watch *watch = data;
    g_main_loop_quit(watch->loop);
    return G_SOURCE_CONTINUE;
}

static void tell_lost(QuestionLog *log)
{
    guint lost = log ? question_log_take_lost(log) : 0;
    if (lost == 0)
        return;
    g_autofree char *count = g_strdup_printf("%u", lost);
    log_write(LOG_WARNING, "questions-lost", "count", count, "message",
              "so many questions could not be written down", NULL);
}

static void reopen_log(QuestionLog *log)
{
    g_autoptr(GError) error = NULL;
    tell_lost(log);
    if (log && !question_log_reopen(log, &error))
        log_write(LOG_ERROR, "question-log", "message", error->message, NULL);
}

static gboolean reload_by_signal(gpointer data)
{
    const Attendance *attendance = ((const Watch *)data)->attendance;
    g_autoptr(GError) error = NULL;
    notify_reloading(attendance->notify);
    reopen_log(attendance->question_log);
    if (service_reload(attendance->service, &error))
        log_write(LOG_INFO, "reloaded", NULL);
    else
        log_write(LOG_ERROR, "reload-refused", "message", error->message, "consequence",
                  "the templates and messages of before stay in force", NULL);
    notify_send(attendance->notify, "READY=1");
    return G_SOURCE_CONTINUE;
}

/* Answers of every size leave holes in the heaps of their threads; what is whole pages of them goes
 * back to the system, so that the server's memory tells what it keeps. */
static gboolean give_back_memory(gpointer data)
{
    (void)data;
    malloc_trim(ATTEND_SPARE_BYTES);
    return G_SOURCE_CONTINUE;
}

void attend_until_signal(const Attendance *attendance)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    Watch watch = {attendance, loop};
    const guint sources[] = {g_unix_signal_add(SIGINT, end_by_signal, &watch),
                             g_unix_signal_add(SIGTERM, end_by_signal, &watch),
                             g_unix_signal_add(SIGHUP, reload_by_signal, &watch),
                             g_timeout_add_seconds(ATTEND_TRIM_SECONDS, give_back_memory, NULL)};
    const char *listen = attendance->listen;
    g_autofree char *host = g_strndup(listen, (gsize)(strrchr(listen, ':') - listen));
    printf("http://%s:%u/\n", host, http_server_port(attendance->server));
    if (attendance->operators)
        printf("figures at port %u\n", http_server_port(attendance->operators));
    fflush(stdout);
    notify_send(attendance->notify, "READY=1");
    g_main_loop_run(loop);
    notify_send(attendance->notify, "STOPPING=1");
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++)
        g_source_remove(sources[i]);
    tell_lost(attendance->question_log);
}

void attend_tell_archive(const GError *error, gpointer data)
{
    (void)data;
    if (error)
        log_write(LOG_WARNING, "archive-unreadable", "message", error->message, NULL);
    else
        log_write(LOG_INFO, "archive-readable", NULL);
}

void attend_log_request(const HttpRequest *request, guint status, gint64 took_us, gsize bytes,
                        gpointer service)
{
    g_autofree char *code = g_strdup_printf("%u", status);
    g_autofree char *took = g_strdup_printf("%.1f", (double)took_us / 1000);
    g_autofree char *size = g_strdup_printf("%" G_GSIZE_FORMAT, bytes);
    log_write(LOG_INFO, "request", "method", request->method, "route",
              request->pattern ? request->pattern : "none", "status", code, "took_ms", took,
              "bytes", size, NULL);
    operation_log(request, status, took_us, bytes, service);
}
