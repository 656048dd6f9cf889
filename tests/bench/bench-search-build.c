/* Builds a synthetic archive, ours or Xapian's, and notes how long it took and how large it is.
 *
 *     bench-search-build archive|xapian FOLDER DOCUMENTS
 *
 * Makes FOLDER/archive.db or FOLDER/xapian, and FOLDER/archive.figures or FOLDER/xapian.figures for
 * bench-search-ask. Making the text up is not counted. Ours is committed as often as the indexer
 * does it, Xapian's as Xapian does it itself. */
#include <glib.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "../../indexer/analysis.h"
#include "../../indexer/archive.h"
#include "synthetic.h"
#include "xapian-side.h"

typedef struct {
    guint documents;
    guint64 pages;
    guint64 words;
    guint64 text_bytes;
    gint64 spent_us;
    gint64 processor_us; /* of it, on a processor: what other programs take is not in it */
    guint64 size_bytes;
    guint64 memory_bytes; /* the most that the program had */
} Figures;

static void end(const char *doing, GError *error)
{
    fprintf(stderr, "bench-search-build: %s: %s\n", doing, error ? error->message : "failed");
    exit(1);
}

static guint64 size_of(const char *path)
{
    GStatBuf status;
    if (g_stat(path, &status) != 0)
        return 0;
    guint64 bytes = (guint64)status.st_size;
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        bytes += size_of(below);
    }
    return bytes;
}

static void note_document(Figures *figures, const SyntheticDocument *document)
{
    figures->documents++;
    figures->pages += document->page_count;
    figures->words += document->tokens->len;
    figures->text_bytes += document->text->len;
}

/* A stretch of work that counts. */
typedef struct {
    gint64 started_us;
    gint64 processor_us;
} Watch;

static gint64 processor_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static Watch watch_start(void)
{
    return (Watch){g_get_monotonic_time(), processor_us()};
}

static void watch_stop(Watch watch, Figures *figures)
{
    figures->spent_us += g_get_monotonic_time() - watch.started_us;
    figures->processor_us += processor_us() - watch.processor_us;
}

/* Every fiftieth document, so that whoever waits sees that something happens. */
static void show_progress(const Figures *figures, guint documents)
{
    if (figures->documents % 50 == 0 || figures->documents == documents)
        fprintf(stderr, "\r  %u of %u documents, %.1f s%s", figures->documents, documents,
                (double)figures->spent_us / G_USEC_PER_SEC,
                figures->documents == documents ? "\n" : "");
}

/* Ours */

static ArchiveDocument *archive_form(const SyntheticDocument *made, guint number)
{
    g_autofree char *name = g_strdup_printf("synthetic document %u", number);
    ArchiveDocument *document = archive_document_new();
    document->sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
    document->state = DOCUMENT_INDEXED;
    document->media_type = g_strdup("application/pdf");
    document->size_bytes = (gint64)made->text->len;
    document->page_count = made->page_count;
    memcpy(document->share, made->share, sizeof document->share);
    document->card = g_new0(Catalogue, 1);
    *document->card = (Catalogue){
        .title = g_strdup(made->title),
        .title_source = SOURCE_METADATA,
        .year = made->year,
        .year_source = SOURCE_TEXT,
        .kind = made->kind,
        .kind_source = SOURCE_TITLE,
        .body = g_strdup(made->body),
        .body_source = SOURCE_TEXT,
        .collection = g_strdup(made->collection),
    };
    return document;
}

static gboolean put_file(Archive *archive, const ArchiveDocument *document, guint number,
                         GError **error)
{
    g_autofree char *path = g_strdup_printf("%s/%06u.pdf", document->card->collection, number);
    ArchiveFile file = {
        .path = path,
        .stamp = {.inode = number + 1, .size_bytes = document->size_bytes},
        .state = FILE_INDEXED,
        .document = document->row,
    };
    return archive_put_file(archive, &file, error);
}

static gboolean put_one(Archive *archive, ArchiveDocument *document, const GString *marked,
                        guint number, GError **error)
{
    return archive_save(archive, error) && archive_put_document(archive, document, marked, error) &&
           put_file(archive, document, number, error) && archive_release(archive, error);
}

static gboolean put_documents(Archive *archive, const Synthetic *synthetic, guint documents,
                              Figures *figures, GError **error)
{
    gint64 committed_us = 0;
    if (!archive_begin(archive, error))
        return FALSE;
    for (guint number = 0; number < documents; number++) {
        g_autoptr(SyntheticDocument) made = synthetic_document(synthetic, number);
        g_autoptr(ArchiveDocument) document = archive_form(made, number);
        Watch watch = watch_start();
        if (!put_one(archive, document, made->text, number, error))
            return FALSE;
        watch_stop(watch, figures);
        if (archive_is_due(archive) ||
            figures->spent_us - committed_us > 1000 * archive_commit_ms(committed_us / 1000)) {
            watch = watch_start();
            if (!archive_commit(archive, error) || !archive_begin(archive, error))
                return FALSE;
            watch_stop(watch, figures);
            committed_us = figures->spent_us;
        }
        note_document(figures, made);
        show_progress(figures, documents);
    }
    return TRUE;
}

static void remove_archive(const char *path)
{
    static const char *const ENDINGS[] = {"", "-wal", "-shm", "-lock"};
    for (gsize i = 0; i < G_N_ELEMENTS(ENDINGS); i++) {
        g_autofree char *file = g_strconcat(path, ENDINGS[i], NULL);
        g_remove(file);
    }
}

static void build_archive(const char *path, const Synthetic *synthetic, guint documents,
                          Figures *figures)
{
    GError *error = NULL;
    gboolean is_new = FALSE;
    remove_archive(path);
    Archive *archive = archive_open_writer(path, &is_new, &error);
    if (!archive || !put_documents(archive, synthetic, documents, figures, &error))
        end("building the archive", error);
    Watch watch = watch_start();
    if (!archive_commit(archive, &error))
        end("writing the archive", error);
    watch_stop(watch, figures);
    fprintf(stderr, "  merging, from %.1f s on\n", (double)figures->spent_us / G_USEC_PER_SEC);
    watch = watch_start();
    for (gboolean is_done = FALSE; !is_done;)
        if (!archive_merge(archive, &is_done, &error))
            end("merging the index", error);
    archive_close(archive);
    watch_stop(watch, figures);
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    figures->size_bytes = size_of(path) + size_of(log);
}

/* Xapian's */

static void add_to_xapian(XapianBuilder *builder, const SyntheticDocument *made)
{
    g_autofree char *year = g_strdup_printf("%d", made->year);
    gboolean is_italian = made->share[LANGUAGE_ITALIAN] >= ARCHIVE_LANGUAGE_SHARE;
    gboolean is_english = made->share[LANGUAGE_ENGLISH] >= ARCHIVE_LANGUAGE_SHARE;
    const char *language = is_italian && is_english ? "it en" : is_italian ? "it" : "en";
    XapianDocument document = {
        .title = made->title,
        .title_mark = (char)(MARK_OTHER + (int)made->title_language),
        .text = made->text->str,
        .length = made->text->len,
        .facets = {language, kind_name(made->kind), made->body, year, made->collection},
        .is_italian = is_italian,
        .is_english = is_english,
    };
    xapian_builder_add(builder, &document);
}

static void build_xapian(const char *path, const Synthetic *synthetic, guint documents,
                         Figures *figures)
{
    XapianBuilder *builder = xapian_builder_new(path);
    for (guint number = 0; number < documents; number++) {
        g_autoptr(SyntheticDocument) made = synthetic_document(synthetic, number);
        Watch watch = watch_start();
        add_to_xapian(builder, made);
        watch_stop(watch, figures);
        note_document(figures, made);
        show_progress(figures, documents);
    }
    Watch watch = watch_start();
    xapian_builder_finish(builder);
    watch_stop(watch, figures);
    figures->size_bytes = size_of(path);
}

/* Figures */

static void write_figures(const char *file, const Figures *figures)
{
    g_autoptr(GKeyFile) keys = g_key_file_new();
    GError *error = NULL;
    g_key_file_set_uint64(keys, "built", "documents", figures->documents);
    g_key_file_set_uint64(keys, "built", "pages", figures->pages);
    g_key_file_set_uint64(keys, "built", "words", figures->words);
    g_key_file_set_uint64(keys, "built", "text_bytes", figures->text_bytes);
    g_key_file_set_uint64(keys, "built", "size_bytes", figures->size_bytes);
    g_key_file_set_uint64(keys, "built", "memory_bytes", figures->memory_bytes);
    g_key_file_set_double(keys, "built", "seconds", (double)figures->spent_us / G_USEC_PER_SEC);
    g_key_file_set_double(keys, "built", "processor_seconds",
                          (double)figures->processor_us / G_USEC_PER_SEC);
    if (!g_key_file_save_to_file(keys, file, &error))
        end("noting the figures", error);
}

int main(int argc, char **argv)
{
    guint64 documents = 0;
    setlocale(LC_ALL, "C.UTF-8");
    gboolean is_ours = argc > 1 && g_str_equal(argv[1], "archive");
    if (argc != 4 || (!is_ours && !g_str_equal(argv[1], "xapian")) ||
        !g_ascii_string_to_unsigned(argv[3], 10, 1, 10000000, &documents, NULL)) {
        fprintf(stderr, "usage: bench-search-build archive|xapian FOLDER DOCUMENTS\n");
        return 2;
    }
    Figures figures = {0};
    g_mkdir_with_parents(argv[2], 0755);
    g_autofree char *path = g_build_filename(argv[2], is_ours ? "archive.db" : "xapian", NULL);
    g_autofree char *name = g_strconcat(argv[1], ".figures", NULL);
    g_autofree char *file = g_build_filename(argv[2], name, NULL);
    g_autoptr(Synthetic) synthetic = synthetic_new();
    g_remove(file);
    (is_ours ? build_archive : build_xapian)(path, synthetic, (guint)documents, &figures);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    figures.memory_bytes = (guint64)usage.ru_maxrss * 1024;
    write_figures(file, &figures);
    return 0;
}
