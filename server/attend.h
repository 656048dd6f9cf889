/* Attend: what the server's main thread does while the others answer: it waits for signals, and
 * tells the operator (by lines of the log) and the service manager (notify.h) what happens.
 *
 * SIGTERM and SIGINT end it; SIGHUP reads templates and messages anew and opens the log of
 * questions anew. Part of the main program: this may write to standard output and standard error.
 */
#ifndef SCHEDARIO_ATTEND_H
#define SCHEDARIO_ATTEND_H

#include "../indexer/notify.h"
#include "http/http.h"
#include "question_log.h"
#include "service.h"

/* All borrowed. */
typedef struct {
    Service *service;
    HttpServer *server;
    HttpServer *operators;     /* that gives figures; NULL: there is none */
    QuestionLog *question_log; /* NULL: there is none */
    const Notify *notify;
    const char *listen; /* as the operator gave it */
} Attendance;

/* Says at which address the server listens, that it is ready, and what happens to the archive,
 * until a signal ends it. */
void attend_until_signal(const Attendance *attendance);

/* For service_set_tell(): a line of the log. */
void attend_tell_archive(const GError *error, gpointer data);
/* For HttpOptions.log, beside operation_log(): a line for each request, with the pattern of its
 * address in place of the address, and without who asked. */
void attend_log_request(const HttpRequest *request, guint status, gint64 took_us, gsize bytes,
                        gpointer service);

#endif
