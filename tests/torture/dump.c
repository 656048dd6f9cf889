/* dump ARCHIVE: what an archive says, in one order and without what differs from one making to the
 * next (row numbers, times): two archives made from the same corpora must print the same.
 *
 * Through the archive's own reading side, so that every text is unpacked; the index is the
 * business of schedario-indexer --check. */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "../../indexer/archive_private.h"

static const char *or_none(const char *text)
{
    return text ? text : "-";
}

static int fail(const GError *error)
{
    fprintf(stderr, "dump: %s\n", error->message);
    return 1;
}

/* The content that a row number stands for. Owned by the caller. */
static char *content_of(Archive *archive, gint64 row)
{
    g_autoptr(ArchiveDocument) document = row ? archive_find_row(archive, row, NULL) : NULL;
    return g_strdup(document ? document->id : "-");
}

static void add_file(Archive *archive, const ArchiveFile *file, GPtrArray *lines)
{
    g_autofree char *content = content_of(archive, file->document);
    g_autofree char *previous = content_of(archive, file->previous);
    g_autofree char *path = g_strescape(file->path, NULL);
    g_ptr_array_add(lines, g_strdup_printf("file %s state=%d outcome=%s size=%" G_GINT64_FORMAT
                                           " document=%s previous=%s reason=%s detail=%s",
                                           path, (int)file->state, file_outcome_name(file->outcome),
                                           file->stamp.size_bytes, content, previous,
                                           or_none(file->reason), or_none(file->detail)));
}

static char *text_sum(Archive *archive, const ArchiveDocument *document)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text =
        archive_pages(archive, document->row, 0, MAX(document->page_count, 1), &error);
    if (error)
        return g_strdup(error->message);
    return text ? g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text->str,
                                              text->len)
                : g_strdup("none");
}

static void add_card(GString *line, const Catalogue *card)
{
    g_string_append_printf(line, " title=%s/%d year=%d/%d kind=%d/%d body=%s/%d collection=%s",
                           or_none(card->title), (int)card->title_source, card->year,
                           (int)card->year_source, (int)card->kind, (int)card->kind_source,
                           or_none(card->body), (int)card->body_source, or_none(card->collection));
}

static void add_document(Archive *archive, const ArchiveDocument *document, GPtrArray *lines)
{
    GString *line = g_string_new(NULL);
    g_string_append_printf(line, "document %s state=%d successor=%s", document->sha256,
                           (int)document->state, or_none(document->successor));
    if (document->state != DOCUMENT_GONE) {
        g_autofree char *sum = text_sum(archive, document);
        add_card(line, document->card);
        g_string_append_printf(
            line,
            " type=%s size=%" G_GINT64_FORMAT
            " pages=%u missing=%u blank=%u words=%u it=%.6f en=%.6f"
            " meta=%s/%s/%d heading=%s reason=%s detail=%s themes=%s text=%s",
            or_none(document->media_type), document->size_bytes, document->page_count,
            document->missing_pages->len, document->blank_pages, document->word_count,
            document->share[LANGUAGE_ITALIAN], document->share[LANGUAGE_ENGLISH],
            or_none(document->meta_title), or_none(document->meta_author), document->meta_year,
            or_none(document->heading), or_none(document->reason), or_none(document->detail),
            document->themes, sum);
    }
    g_ptr_array_add(lines, g_string_free(line, FALSE));
}

static gboolean add_documents(Archive *archive, GPtrArray *lines, GError **error)
{
    g_autoptr(GError) fault = NULL;
    AUTO_STATEMENT statement = archive_statement(archive, SQL_CHECK_DOCUMENTS, error);
    if (!statement)
        return FALSE;
    while (archive_step(archive, statement, "listing documents", &fault)) {
        g_autoptr(ArchiveDocument) document = archive_read_document(statement);
        add_document(archive, document, lines);
    }
    if (!fault)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&fault));
    return FALSE;
}

/* Rows of files that went have no document, and stay: archive_files() leaves them out. */
static gboolean add_files(Archive *archive, GPtrArray *lines, GError **error)
{
    const ArchiveFileFilter all = {
        .first = OUTCOME_PENDING, .last = OUTCOME_REMOVED, .limit = G_MAXINT};
    g_autoptr(GPtrArray) files = archive_find_files(archive, &all, error);
    for (guint i = 0; files && i < files->len; i++)
        add_file(archive, g_ptr_array_index(files, i), lines);
    return files != NULL;
}

static gint compare_lines(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    if (argc != 2) {
        fputs("usage: dump ARCHIVE\n", stderr);
        return 2;
    }
    g_autoptr(Archive) archive = archive_open_reader(argv[1], &error);
    if (!archive || !archive_begin(archive, &error) || !add_documents(archive, lines, &error) ||
        !add_files(archive, lines, &error))
        return fail(error);
    archive_rollback(archive);
    g_ptr_array_sort(lines, compare_lines);
    for (guint i = 0; i < lines->len; i++)
        puts(g_ptr_array_index(lines, i));
    return 0;
}
