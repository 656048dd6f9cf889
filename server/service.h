/* Service: what all routes share: the archive's path and searchers, the corpus, templates, assets.
 */
#ifndef SCHEDARIO_SERVICE_H
#define SCHEDARIO_SERVICE_H

#include <glib.h>

#include "lexicon.h"
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
