/* See service.h. Searchers are made as threads need them and kept: as many as answered at once. */
#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "limits.h"

struct Service {
    char *archive_path;
    TemplateSet *templates;
    Vocabulary *vocabulary;
    Lexicon *lexicon;
    Suggester *suggester;
    int corpus;
    int assets;
    char *assets_version;
    GAsyncQueue *searchers; /* Searcher: not in use */
    gint exports;           /* under way; atomic */
    char *url;
    char *contact;
    QuestionLog *question_log; /* borrowed */
    Facsimile *facsimile;
};

static int open_folder(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", path,
                    g_strerror(errno));
    return fd;
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *list_names(const char *folder)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)))
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    return names;
}

static char *version_of(const char *folder)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autoptr(GPtrArray) names = list_names(folder);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, g_ptr_array_index(names, i), NULL);
        g_autofree char *content = NULL;
        gsize length = 0;
        if (g_file_get_contents(path, &content, &length, NULL))
            g_checksum_update(checksum, (const guchar *)content, (gssize)length);
    }
    return g_strndup(g_checksum_get_string(checksum), 12);
}

static void free_searcher(gpointer data)
{
    searcher_free(data);
}

Service *service_new(const char *archive_path, const char *corpus_dir, const char *web_dir,
                     GError **error)
{
    g_autoptr(Service) service = g_new0(Service, 1);
    g_autofree char *templates = g_build_filename(web_dir, "templates", NULL);
    g_autofree char *messages = g_build_filename(web_dir, "messages", NULL);
    g_autofree char *assets = g_build_filename(web_dir, "assets", NULL);
    service->corpus = service->assets = -1;
    service->archive_path = g_strdup(archive_path);
    service->searchers = g_async_queue_new_full(free_searcher);
    service->assets_version = version_of(assets);
    service->templates = template_set_load(templates, messages, error);
    if (!service->templates)
        return NULL;
    service->vocabulary = vocabulary_new(error);
    if (!service->vocabulary)
        return NULL;
    service->lexicon = lexicon_new(archive_path);
    service->suggester = suggester_new(vocabulary_thesaurus(service->vocabulary), service->lexicon);
    service->assets = open_folder(assets, error);
    if (service->assets < 0)
        return NULL;
    if (corpus_dir) {
        service->corpus = open_folder(corpus_dir, error);
        if (service->corpus < 0)
            return NULL;
    }
    service->facsimile = facsimile_new(service->corpus, NULL, 0, 0, NULL);
    return g_steal_pointer(&service);
}

void service_free(Service *service)
{
    if (!service)
        return;
    facsimile_free(service->facsimile);
    if (service->searchers)
        g_async_queue_unref(service->searchers);
    template_set_free(service->templates);
    suggester_free(service->suggester);
    lexicon_free(service->lexicon);
    vocabulary_free(service->vocabulary);
    if (service->corpus >= 0)
        close(service->corpus);
    if (service->assets >= 0)
        close(service->assets);
    g_free(service->url);
    g_free(service->contact);
    g_free(service->assets_version);
    g_free(service->archive_path);
    g_free(service);
}

Searcher *service_borrow(Service *service, GError **error)
{
    g_autoptr(Searcher) searcher = g_async_queue_try_pop(service->searchers);
    if (searcher && !searcher_is_current(searcher))
        g_clear_pointer(&searcher, searcher_free);
    if (!searcher)
        searcher = searcher_new(service->archive_path, error);
    if (!searcher || !searcher_begin(searcher, error))
        return NULL;
    return g_steal_pointer(&searcher);
}

void service_return(Service *service, Searcher *searcher)
{
    searcher_end(searcher);
    g_async_queue_push_front(service->searchers, searcher);
}

void service_set_site(Service *service, const ServiceSite *site)
{
    g_free(service->url);
    g_free(service->contact);
    service->url = g_strdup(site->url);
    service->contact = g_strdup(site->contact);
    service->question_log = site->question_log;
}

const char *service_url(const Service *service)
{
    return service->url;
}

const char *service_contact(const Service *service)
{
    return service->contact;
}

QuestionLog *service_question_log(const Service *service)
{
    return service->question_log;
}

gboolean service_begin_export(Service *service)
{
    if (g_atomic_int_add(&service->exports, 1) < EXPORTS_AT_ONCE)
        return TRUE;
    service_end_export(service);
    return FALSE;
}

void service_end_export(Service *service)
{
    g_atomic_int_add(&service->exports, -1);
}

const TemplateSet *service_templates(const Service *service)
{
    return service->templates;
}

const Vocabulary *service_vocabulary(const Service *service)
{
    return service->vocabulary;
}

Lexicon *service_lexicon(const Service *service)
{
    return service->lexicon;
}

Suggester *service_suggester(const Service *service)
{
    return service->suggester;
}

gboolean service_set_reader(Service *service, const char *reader_path, guint readers,
                            guint cache_mib, GError **error)
{
    Facsimile *facsimile = facsimile_new(service->corpus, reader_path, readers, cache_mib, error);
    if (!facsimile)
        return FALSE;
    facsimile_free(service->facsimile);
    service->facsimile = facsimile;
    return TRUE;
}

Facsimile *service_facsimile(const Service *service)
{
    return service->facsimile;
}

int service_corpus(const Service *service)
{
    return service->corpus;
}

int service_assets(const Service *service)
{
    return service->assets;
}

const char *service_assets_version(const Service *service)
{
    return service->assets_version;
}
