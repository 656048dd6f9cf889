/* Operation: what those who run the server ask it: is it ready, and how does it fare.
 *
 * /healthz (api.h) says that it answers at all; /readyz that it can answer questions: the archive
 * can be read and pages can be drawn, 503 and which of them not otherwise; /metrics gives all
 * figures for Prometheus (metrics.h). Nothing here tells what was asked, or by whom. */
#ifndef SCHEDARIO_OPERATION_H
#define SCHEDARIO_OPERATION_H

#include "http/http.h"

/* Handlers; the context is the Service. */
HttpResponse *operation_ready(const HttpRequest *request, gpointer service);
HttpResponse *operation_metrics(const HttpRequest *request, gpointer service);

/* Routes of a listener for operators alone: the two and /healthz. */
extern const HttpRoute OPERATION_ROUTES[];

/* Makes the service count requests of these routes. Before the first request. */
void operation_count(gpointer service, const HttpRoute *routes);
/* For HttpOptions.log: counts what was answered. */
void operation_log(const HttpRequest *request, guint status, gint64 took_us, gsize bytes,
                   gpointer service);

#endif
