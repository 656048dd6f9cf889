/* Metrics: what the server has done, counted, and the text form in which Prometheus collects it.
 *
 * Counters are atomic and only grow; nothing waits for anything, so counting costs an answer some
 * nanoseconds. What is counted is how often and how long, by pattern of address and status: nothing
 * of what was asked, nor who asked. What can only be looked at (memory, queues, the archive) the
 * caller writes beside it with metrics_family() and metrics_sample().
 *
 * The format: "Exposition formats" of the Prometheus documentation, text format 0.0.4. Times are
 * seconds, sizes bytes, as its naming rules ask. */
#ifndef SCHEDARIO_METRICS_H
#define SCHEDARIO_METRICS_H

#include <glib.h>

/* Kinds of requests, which take times of different orders. */
typedef enum {
    METRICS_SEARCH = 0, /* a page or value of results */
    METRICS_SUGGEST,
    METRICS_PAGE,   /* any other page */
    METRICS_API,    /* any other value */
    METRICS_IMAGE,  /* waits for a reader process */
    METRICS_EXPORT, /* all results, a feed or a map: long by nature */
    METRICS_FILE,   /* originals and assets */
    METRICS_OTHER,  /* no route, or one for operators */
    METRICS_CLASSES
} MetricsClass;

const char *metrics_class_name(MetricsClass class);
/* The class of a route's pattern; NULL: METRICS_OTHER. */
MetricsClass metrics_class_of(const char *pattern);

typedef enum {
    METRICS_QUESTIONS_PAGE = 0, /* questions asked on the pages */
    METRICS_QUESTIONS_API,      /* by programs */
    METRICS_QUESTIONS_EMPTY,    /* of both: nothing was found */
    METRICS_QUESTIONS_CUT,      /* of both: the time was up before all was read */
    METRICS_ARCHIVE_FAILURES,   /* requests that the archive could not be read for */
    METRICS_RELOADS,            /* templates and messages read anew */
    METRICS_RELOADS_FAILED,     /* not taken up, because they are faulty */
    METRICS_EVENTS
} MetricsEvent;

typedef struct Metrics Metrics;

Metrics *metrics_new(void);
void metrics_free(Metrics *metrics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Metrics, metrics_free)

/* Counts requests for `pattern` (static storage, told apart by its address) apart from now on.
 * Before the first request; those for patterns that were not added count as for none. */
void metrics_add_route(Metrics *metrics, const char *pattern);

/* A request is answered: `pattern` of its route or NULL, its status, the time it took, and the
 * bytes of its body. Any thread. */
void metrics_count_request(Metrics *metrics, const char *pattern, guint status, gint64 took_us,
                           guint64 bytes);
/* Any thread. */
void metrics_count(Metrics *metrics, MetricsEvent event);

/* Appends all that was counted, and the process's own memory, processor time and start. Any thread.
 */
void metrics_write(const Metrics *metrics, GString *text);

/* Begins a family: `type` is "counter" or "gauge"; `help` one line. */
void metrics_family(GString *text, const char *name, const char *type, const char *help);
/* One sample of the family begun. `label` NULL: without; `value` of it any text. */
void metrics_sample(GString *text, const char *name, const char *label, const char *label_value,
                    double value);
/* A family of one sample without labels. */
void metrics_single(GString *text, const char *name, const char *type, const char *help,
                    double value);

#endif
