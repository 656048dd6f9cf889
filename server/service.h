/* Service: what all routes share: the archive's path and searchers, the corpus, templates, assets.
 */
#ifndef SCHEDARIO_SERVICE_H
#define SCHEDARIO_SERVICE_H

#include <glib.h>

#include "facsimile.h"
#include "lexicon.h"
#include "question_log.h"
#include "search.h"
#include "suggest.h"
#include "template.h"

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
 * (ARCHIVE_ERROR). Thread-safe. */
Searcher *service_borrow(Service *service, GError **error);
void service_return(Service *service, Searcher *searcher);

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
gboolean service_set_reader(Service *service, const char *reader_path, guint readers,
                            guint cache_mib, GError **error);
/* Images of pages, and boxes on them. Never NULL. */
Facsimile *service_facsimile(const Service *service);

/* Begins one of EXPORTS_AT_ONCE exports; FALSE when as many are under way. Each one begun is ended
 * once. Thread-safe. */
gboolean service_begin_export(Service *service);
void service_end_export(Service *service);

const TemplateSet *service_templates(const Service *service);
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
