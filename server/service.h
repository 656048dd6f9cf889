/* Service: what all routes share: the archive's path and searchers, the corpus, templates, assets.
 */
#ifndef SCHEDARIO_SERVICE_H
#define SCHEDARIO_SERVICE_H

#include <glib.h>

#include "answers/facsimile.h"
#include "http/http.h"
#include "metrics.h"
#include "question_log.h"
#include "search/lexicon.h"
#include "search/search.h"
#include "search/suggest.h"
#include "template/template.h"
#include "trouble.h"

typedef struct Service Service;

/* A service over an archive, which need not exist yet. `corpus_dir` may be NULL: then original
 * files are not given out. `web_dir` holds templates/, messages/ and assets/. NULL and `error` on
 * failure. */
Service *service_new(const char *archive_path, const char *corpus_dir, const char *web_dir,
                     GError **error);
void service_free(Service *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Service, service_free)

/* A searcher for this thread's use, begun; give it back with service_return(). Opens the archive
 * when it is there first, and anew when another file stands in its place. NULL and `error`
 * (ARCHIVE_ERROR). It has the time that a question may take, from now. Thread-safe. */
Searcher *service_borrow(Service *service, GError **error);
/* The same for an answer that is whole or none, and gets SERVICE_PATIENCE times as long. */
Searcher *service_borrow_patiently(Service *service, GError **error);
void service_return(Service *service, Searcher *searcher);

/* How long a question may take, in seconds, before it is answered with what was found; 0: as long
 * as it takes. Before the first request; SERVICE_QUESTION_SECONDS until then. */
void service_set_question_time(Service *service, double seconds);

/* What the operator says of the site; NULL where nothing is said. */
typedef struct {
    const char *url;           /* its origin, as origin_parse() gives it */
    const char *contact;       /* where to write to: "mailto:…", "https://…" */
    QuestionLog *question_log; /* where questions are written down; NULL: they are not */
} ServiceSite;

/* Before the first request. Strings are copied; the log is borrowed and must outlive the service.
 */
void service_set_site(Service *service, const ServiceSite *site);
/* Borrowed; NULL where the operator said nothing. */
const char *service_url(const Service *service);
const char *service_contact(const Service *service);
QuestionLog *service_question_log(const Service *service);

/* Lets pages be drawn, before the first request: see facsimile_new(). FALSE and `error` when the
 * program cannot be executed; then pages have no images. */
gboolean service_set_reader(Service *service, const FacsimileReader *reader, GError **error);
/* Images of pages, and boxes on them. Never NULL. */
Facsimile *service_facsimile(const Service *service);

/* Begins one of EXPORTS_AT_ONCE exports; FALSE when as many are under way. Each one begun is ended
 * once. Thread-safe. */
gboolean service_begin_export(Service *service);
void service_end_export(Service *service);

/* What happens to the archive, for the operator's log: `error` when it cannot be read, once until
 * that changes; NULL when it can be read again. Called in any thread, one at a time. Before the
 * first request. */
typedef void (*ServiceTell)(const GError *error, gpointer data);
void service_set_tell(Service *service, ServiceTell tell, gpointer data);

/* What the error that kept a request from being answered comes to (trouble_of). It is counted; one
 * that says that the archive is damaged is told, and from then on the archive counts as damaged,
 * for SERVICE_DAMAGED_SECONDS after the last such error or until another file stands in its place.
 * `error` is borrowed. Thread-safe. */
Trouble service_trouble(Service *service, const GError *error);
/* Whether it counts as damaged although it can be opened. Thread-safe. */
gboolean service_is_damaged(Service *service);

/* Those in force: a reference to be given back with template_set_free(). Thread-safe. */
TemplateSet *service_take_templates(Service *service);
/* Reads templates and messages anew. FALSE and `error` (TEMPLATE_ERROR) when they are faulty or
 * lack something that those in force have: then these stay. Requests under way go on with what
 * they began with. Thread-safe. */
gboolean service_reload(Service *service, GError **error);

/* A question was answered: counts it, and writes it down where the operator wants that. `language`
 * is that of the page, NULL for a program. Nothing is done for an empty question. Thread-safe. */
typedef struct {
    const char *typed;
    const char *language;
    guint total;
    gint64 took_us;
    gboolean is_cut; /* the time was up before all was read */
} ServiceQuestion;
void service_note_question(Service *service, const ServiceQuestion *question);

/* Counters. Borrowed. */
Metrics *service_metrics(const Service *service);
/* The server that asks, once it has started; NULL again before it is stopped. Thread-safe. */
void service_set_server(Service *service, HttpServer *server);
HttpServer *service_server(Service *service);

/* What is in use at one moment. */
typedef struct {
    guint searchers;    /* connections to the archive that are open */
    guint64 kept_bytes; /* of posting lists, by those of them that are at rest */
    guint exports;      /* under way */
} ServiceStats;
void service_stats(Service *service, ServiceStats *ret_stats);
const Vocabulary *service_vocabulary(const Service *service);
/* The archive's words, and what suggests them. */
Lexicon *service_lexicon(const Service *service);
Suggester *service_suggester(const Service *service);
/* Descriptors of the folders, borrowed; -1 when there is none. */
int service_corpus(const Service *service);
int service_assets(const Service *service);
/* A short text that changes with the assets, for their addresses. */
const char *service_assets_version(const Service *service);

#endif
