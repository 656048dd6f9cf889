/* See service.h. Searchers are made as threads need them and kept: as many as answered at once. */
#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "limits.h"

struct Service {
    char *archive_path;
    GMutex lock; /* of what follows, up to the folders */
    TemplateSet *templates;
    dev_t damaged_device; /* what stood at the archive's path when damage was found; until when that
                           */
    ino_t damaged_inode;  /* counts */
    gint64 damaged_until_us;
    gint is_damaged; /* read without the lock, too: FALSE says that there is nothing to look at */
    gint told; /* what `tell` knows of the archive: 0 that it can be read, else ArchiveError + 1 */
    char *templates_dir;
    char *messages_dir;
    ServiceTell tell;
    gpointer tell_data;
    Metrics *metrics;
    HttpServer *server; /* borrowed; atomic */
    gint searcher_count;
    gsize kept_bytes; /* of lists of searchers at rest; atomic */
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
    gint64 question_us;
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

static void drop_searcher(Service *service, Searcher *searcher)
{
    g_atomic_int_add(&service->searcher_count, -1);
    searcher_free(searcher);
}

Service *service_new(const char *archive_path, const char *corpus_dir, const char *web_dir,
                     GError **error)
{
    g_autoptr(Service) service = g_new0(Service, 1);
    g_autofree char *assets = g_build_filename(web_dir, "assets", NULL);
    g_mutex_init(&service->lock);
    service->metrics = metrics_new();
    service->templates_dir = g_build_filename(web_dir, "templates", NULL);
    service->messages_dir = g_build_filename(web_dir, "messages", NULL);
    service->corpus = service->assets = -1;
    service_set_question_time(service, SERVICE_QUESTION_SECONDS);
    service->archive_path = g_strdup(archive_path);
    service->searchers = g_async_queue_new_full(free_searcher);
    service->assets_version = version_of(assets);
    service->templates = template_set_load(service->templates_dir, service->messages_dir, error);
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
    service->facsimile = facsimile_new(service->corpus, &(FacsimileReader){.path = NULL}, NULL);
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
    metrics_free(service->metrics);
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
    g_free(service->templates_dir);
    g_free(service->messages_dir);
    g_mutex_clear(&service->lock);
    g_free(service);
}

static gboolean is_damaged_still(const Service *service)
{
    struct stat status;
    return g_get_monotonic_time() < service->damaged_until_us &&
           stat(service->archive_path, &status) == 0 && status.st_dev == service->damaged_device &&
           status.st_ino == service->damaged_inode;
}

gboolean service_is_damaged(Service *service)
{
    if (!g_atomic_int_get(&service->is_damaged))
        return FALSE;
    g_mutex_lock(&service->lock);
    gboolean is_damaged = is_damaged_still(service);
    g_atomic_int_set(&service->is_damaged, is_damaged);
    g_mutex_unlock(&service->lock);
    return is_damaged;
}

static void note_damage(Service *service)
{
    struct stat status = {0};
    g_mutex_lock(&service->lock);
    if (stat(service->archive_path, &status) == 0) {
        service->damaged_device = status.st_dev;
        service->damaged_inode = status.st_ino;
        service->damaged_until_us =
            g_get_monotonic_time() + (gint64)SERVICE_DAMAGED_SECONDS * G_USEC_PER_SEC;
        g_atomic_int_set(&service->is_damaged, TRUE);
    }
    g_mutex_unlock(&service->lock);
}

/* Tells when it changes whether, or why not, the archive can be read. */
static void tell_change(Service *service, const GError *error)
{
    gint state = error ? error->code + 1 : 0;
    if (g_atomic_int_get(&service->told) == state || (!error && service_is_damaged(service)))
        return;
    g_mutex_lock(&service->lock);
    gboolean is_news = service->told != state;
    g_atomic_int_set(&service->told, state);
    if (is_news && service->tell)
        service->tell(error, service->tell_data);
    g_mutex_unlock(&service->lock);
}

Trouble service_trouble(Service *service, const GError *error)
{
    if (error && error->domain == ARCHIVE_ERROR)
        metrics_count(service->metrics, METRICS_ARCHIVE_FAILURES);
    if (g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED)) {
        note_damage(service);
        tell_change(service, error);
    }
    return trouble_of(error);
}

/* One at rest, of the archive that is there now; NULL: there is none. */
static Searcher *take_searcher(Service *service)
{
    Searcher *searcher = g_async_queue_try_pop(service->searchers);
    if (!searcher)
        return NULL;
    g_atomic_pointer_add(&service->kept_bytes, -(gssize)searcher_kept_bytes(searcher));
    if (searcher_is_current(searcher))
        return searcher;
    drop_searcher(service, searcher);
    return NULL;
}

static Searcher *open_searcher(Service *service, GError **error)
{
    Searcher *searcher = take_searcher(service);
    if (!searcher) {
        searcher = searcher_new(service->archive_path, error);
        g_atomic_int_add(&service->searcher_count, searcher ? 1 : 0);
    }
    if (!searcher || searcher_begin(searcher, error))
        return searcher;
    drop_searcher(service, searcher);
    return NULL;
}

static Searcher *borrow(Service *service, gint64 budget_us, GError **error)
{
    g_autoptr(GError) fault = NULL;
    Searcher *searcher = open_searcher(service, &fault);
    tell_change(service, fault);
    if (searcher)
        searcher_set_time(searcher, budget_us);
    else
        g_propagate_error(error, g_steal_pointer(&fault));
    return searcher;
}

Searcher *service_borrow(Service *service, GError **error)
{
    return borrow(service, service->question_us, error);
}

Searcher *service_borrow_patiently(Service *service, GError **error)
{
    return borrow(service, service->question_us * SERVICE_PATIENCE, error);
}

void service_set_question_time(Service *service, double seconds)
{
    service->question_us = (gint64)(seconds * (double)G_USEC_PER_SEC);
}

void service_return(Service *service, Searcher *searcher)
{
    searcher_end(searcher);
    g_atomic_pointer_add(&service->kept_bytes, (gssize)searcher_kept_bytes(searcher));
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

void service_set_tell(Service *service, ServiceTell tell, gpointer data)
{
    service->tell = tell;
    service->tell_data = data;
}

TemplateSet *service_take_templates(Service *service)
{
    g_mutex_lock(&service->lock);
    TemplateSet *templates = template_set_ref(service->templates);
    g_mutex_unlock(&service->lock);
    return templates;
}

gboolean service_reload(Service *service, GError **error)
{
    g_autoptr(TemplateSet) old = service_take_templates(service);
    g_autoptr(TemplateSet) templates =
        template_set_load(service->templates_dir, service->messages_dir, error);
    gboolean is_fit = templates && template_set_covers(templates, old, error);
    metrics_count(service->metrics, is_fit ? METRICS_RELOADS : METRICS_RELOADS_FAILED);
    if (!is_fit)
        return FALSE;
    g_mutex_lock(&service->lock);
    TemplateSet *before = service->templates;
    service->templates = g_steal_pointer(&templates);
    g_mutex_unlock(&service->lock);
    template_set_free(before);
    return TRUE;
}

void service_note_question(Service *service, const ServiceQuestion *question)
{
    if (!*question->typed)
        return;
    metrics_count(service->metrics,
                  question->language ? METRICS_QUESTIONS_PAGE : METRICS_QUESTIONS_API);
    if (question->total == 0)
        metrics_count(service->metrics, METRICS_QUESTIONS_EMPTY);
    if (question->is_cut)
        metrics_count(service->metrics, METRICS_QUESTIONS_CUT);
    question_log_write(service->question_log, question->typed, question->language, question->total,
                       question->took_us);
}

Metrics *service_metrics(const Service *service)
{
    return service->metrics;
}

void service_set_server(Service *service, HttpServer *server)
{
    g_atomic_pointer_set(&service->server, server);
}

HttpServer *service_server(Service *service)
{
    return g_atomic_pointer_get(&service->server);
}

void service_stats(Service *service, ServiceStats *ret_stats)
{
    *ret_stats = (ServiceStats){
        .searchers = (guint)g_atomic_int_get(&service->searcher_count),
        .kept_bytes = (guint64)(gsize)g_atomic_pointer_get(&service->kept_bytes),
        .exports = (guint)MAX(g_atomic_int_get(&service->exports), 0),
    };
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

gboolean service_set_reader(Service *service, const FacsimileReader *reader, GError **error)
{
    Facsimile *facsimile = facsimile_new(service->corpus, reader, error);
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
