/* Sample: small archives for the tests of the server side, made without reading any file.
 *
 * Texts are written as marked text (analysis.h), so that a test says itself which words are Italian
 * and which English. All inline, since a test program is linked from its own object and the
 * libraries only. */
#ifndef SCHEDARIO_TESTS_SAMPLE_H
#define SCHEDARIO_TESTS_SAMPLE_H

#include "fixture.h"

#include "../../indexer/analysis.h"
#include "../../indexer/archive.h"

/* Where a run of a language, or a page, begins. A page begins with a run. */
#define IT   "\x02"
#define EN   "\x03"
#define UND  "\x01"
#define PAGE "\f"

/* A document as a test writes it. What is left out is 0 or NULL. */
typedef struct {
    const char *path;
    const char *title;
    const char *marked; /* NULL: it could not be read */
    const char *body;
    int year;
    Kind kind;
    const char *content; /* what the id is made from; NULL: path and text */
} Sample;

/* The document's id: ARCHIVE_ID_LENGTH digits of its hash. Owned by the caller. */
static inline char *sample_sha256(const Sample *sample)
{
    g_autofree char *content = g_strconcat(sample->path, sample->marked, NULL);
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256,
                                         sample->content ? sample->content : content, -1);
}

static inline char *sample_id(const Sample *sample)
{
    g_autofree char *sha256 = sample_sha256(sample);
    return g_strndup(sha256, ARCHIVE_ID_LENGTH);
}

static inline Catalogue *sample_card(const Sample *sample)
{
    Catalogue *card = g_new0(Catalogue, 1);
    const char *slash = strrchr(sample->path, '/');
    card->title = g_strdup(sample->title ? sample->title : sample->path);
    card->year = sample->year;
    card->kind = sample->kind;
    card->body = g_strdup(sample->body);
    card->collection =
        slash ? g_strndup(sample->path, (gsize)(slash - sample->path)) : g_strdup("");
    return card;
}

static inline void sample_shares(ArchiveDocument *document, const char *marked)
{
    gsize letters[LANGUAGE_COUNT] = {0}, total = 0;
    Language language = LANGUAGE_OTHER;
    for (const char *at = marked; *at; at++) {
        if (*at >= MARK_OTHER && *at <= MARK_ENGLISH)
            language = (Language)(*at - MARK_OTHER);
        else if (g_ascii_isalpha(*at))
            letters[language]++, total++;
    }
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        document->share[i] = total ? (double)letters[i] / (double)total : 0;
}

static inline guint sample_pages(const char *marked)
{
    guint pages = 1;
    for (const char *at = marked; *at; at++)
        pages += *at == MARK_PAGE;
    return pages;
}

static inline ArchiveDocument *sample_document(const Sample *sample)
{
    ArchiveDocument *document = archive_document_new();
    document->sha256 = sample_sha256(sample);
    document->card = sample_card(sample);
    document->media_type = g_strdup("application/pdf");
    document->size_bytes = 1000;
    document->indexed_unix = 1600000000;
    if (sample->marked) {
        document->state = DOCUMENT_INDEXED;
        document->page_count = sample_pages(sample->marked);
        sample_shares(document, sample->marked);
    } else {
        document->state = DOCUMENT_FAILED;
        document->reason = g_strdup("password");
    }
    return document;
}

/* Puts the file's row; document 0: a file of which nothing is known yet. */
static inline void sample_put_file(Archive *archive, const char *path, gint64 document,
                                   FileState state)
{
    g_autoptr(GError) error = NULL;
    ArchiveFile file = {.path = (char *)path, .state = state, .document = document};
    file.reason = (char *)(state == FILE_FAILED ? "password" : NULL);
    file.changed_unix = 1600000000;
    if (!archive_put_file(archive, &file, &error))
        fail_msg("%s: %s", path, error->message);
}

/* Puts a document and its file, within a transaction; returns its row. */
static inline gint64 sample_put_within(Archive *archive, const Sample *sample)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ArchiveDocument) document = sample_document(sample);
    g_autoptr(GString) marked = sample->marked ? g_string_new(sample->marked) : NULL;
    if (!archive_put_document(archive, document, marked, &error))
        fail_msg("%s: %s", sample->path, error->message);
    sample_put_file(archive, sample->path, document->row, marked ? FILE_INDEXED : FILE_FAILED);
    return document->row;
}

static inline gint64 sample_put(Archive *archive, const Sample *sample)
{
    assert_true(archive_begin(archive, NULL));
    gint64 row = sample_put_within(archive, sample);
    assert_true(archive_commit(archive, NULL));
    return row;
}

static inline void sample_add_topics(GString *json, const char *ids, gboolean is_area)
{
    g_auto(GStrv) parts = g_strsplit(ids, " ", -1);
    for (guint i = 0; *ids && parts[i]; i++)
        g_string_append_printf(json, "%s{\"id\":\"%s\",\"area\":%s,\"terms\":[]}",
                               json->len > 1 ? "," : "", parts[i], is_area ? "true" : "false");
}

/* Says what the document of a row is about: ids, parted by blanks. */
static inline void sample_put_topics(Archive *archive, gint64 row, const char *themes,
                                     const char *areas)
{
    g_autoptr(ArchiveDocument) document = archive_find_row(archive, row, NULL);
    g_autoptr(GString) json = g_string_new("[");
    assert_non_null(document);
    sample_add_topics(json, themes, FALSE);
    sample_add_topics(json, areas, TRUE);
    g_string_append_c(json, ']');
    g_free(document->themes);
    document->themes = g_strdup(json->str);
    assert_true(archive_begin(archive, NULL));
    assert_true(archive_put_card(archive, document, NULL));
    assert_true(archive_commit(archive, NULL));
}

static inline void sample_remove(Archive *archive, const char *path)
{
    assert_true(archive_begin(archive, NULL));
    assert_true(archive_remove_file(archive, path, NULL));
    assert_true(archive_commit(archive, NULL));
}

static inline Archive *sample_writer(const char *path)
{
    g_autoptr(GError) error = NULL;
    gboolean is_new = FALSE;
    Archive *archive = archive_open_writer(path, &is_new, &error);
    if (!archive)
        fail_msg("%s", error->message);
    return archive;
}

/* An archive at `path` of `count` samples, row 1 being the first. */
static inline void sample_archive(const char *path, const Sample *samples, gsize count)
{
    g_autoptr(Archive) archive = sample_writer(path);
    assert_true(archive_begin(archive, NULL));
    for (gsize i = 0; i < count; i++)
        sample_put_within(archive, &samples[i]);
    assert_true(archive_commit(archive, NULL));
}

/* A folder with an archive in it. */
typedef struct {
    char *folder;
    char *archive;
} SampleFolder;

static inline SampleFolder sample_folder_new(void)
{
    SampleFolder folder = {.folder = fixture_folder_new()};
    folder.archive = g_build_filename(folder.folder, "archive.db", NULL);
    return folder;
}

static inline void sample_folder_release(SampleFolder *folder)
{
    fixture_folder_remove(folder->folder);
    g_free(folder->archive);
}

#endif
