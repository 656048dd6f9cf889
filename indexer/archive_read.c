/* See archive.h: the reading side. */
#include "archive_private.h"

#include <jansson.h>
#include <string.h>

#include "analysis.h"

/* Columns of DOCUMENT_COLUMNS (archive_statements.c). */
enum {
    COLUMN_ROW,
    COLUMN_ID,
    COLUMN_SHA256,
    COLUMN_STATE,
    COLUMN_MEDIA_TYPE,
    COLUMN_SIZE_BYTES,
    COLUMN_TITLE,
    COLUMN_TITLE_SOURCE,
    COLUMN_YEAR,
    COLUMN_YEAR_SOURCE,
    COLUMN_KIND,
    COLUMN_KIND_SOURCE,
    COLUMN_BODY,
    COLUMN_BODY_SOURCE,
    COLUMN_COLLECTION,
    COLUMN_THEMES,
    COLUMN_META_TITLE,
    COLUMN_META_AUTHOR,
    COLUMN_HEADING,
    COLUMN_META_YEAR,
    COLUMN_PAGE_COUNT,
    COLUMN_MISSING_PAGES,
    COLUMN_WORD_COUNT,
    COLUMN_SHARE_IT,
    COLUMN_SHARE_EN,
    COLUMN_REASON,
    COLUMN_DETAIL,
    COLUMN_SUCCESSOR,
    COLUMN_INDEXED_UNIX,
    COLUMN_BLANK_PAGES,
};

/* Columns of FILE_COLUMNS. */
enum {
    FILE_PATH,
    FILE_DEVICE,
    FILE_INODE,
    FILE_SIZE_BYTES,
    FILE_MTIME_NS,
    FILE_CTIME_NS,
    FILE_STATE,
    FILE_DOCUMENT,
    FILE_REASON,
    FILE_DETAIL,
    FILE_CHANGED_UNIX,
    FILE_OUTCOME,
    FILE_PREVIOUS,
};

char *column_text(sqlite3_stmt *statement, int column)
{
    return g_strdup((const char *)sqlite3_column_text(statement, column));
}

/* The schema says what a column never is; a damaged file may say otherwise. Such values are read as
 * the nearest that can be, so that one bad row costs nothing but itself. */

static const char *sure_text(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text ? text : "";
}

/* A number below `count`, or 0. */
static int sure_value(sqlite3_stmt *statement, int column, int count)
{
    int value = sqlite3_column_int(statement, column);
    return value > 0 && value < count ? value : 0;
}

/* Documents */

ArchiveDocument *archive_document_new(void)
{
    ArchiveDocument *document = g_new0(ArchiveDocument, 1);
    document->themes = g_strdup("[]");
    document->missing_pages = g_array_new(FALSE, FALSE, sizeof(guint));
    return document;
}

void archive_document_free(ArchiveDocument *document)
{
    if (!document)
        return;
    g_free(document->sha256);
    g_free(document->media_type);
    catalogue_free(document->card);
    g_free(document->themes);
    g_free(document->meta_title);
    g_free(document->meta_author);
    g_free(document->heading);
    g_array_unref(document->missing_pages);
    g_free(document->reason);
    g_free(document->detail);
    g_free(document->successor);
    g_free(document);
}

static Source column_source(sqlite3_stmt *statement, int column)
{
    return (Source)sure_value(statement, column, SOURCE_COUNT);
}

static Catalogue *column_card(sqlite3_stmt *statement)
{
    Catalogue *card = g_new0(Catalogue, 1);
    card->title = g_strdup(sure_text(statement, COLUMN_TITLE));
    card->title_source = column_source(statement, COLUMN_TITLE_SOURCE);
    card->year = sqlite3_column_int(statement, COLUMN_YEAR);
    card->year_source = column_source(statement, COLUMN_YEAR_SOURCE);
    card->kind = KIND_OTHER;
    kind_parse(sure_text(statement, COLUMN_KIND), &card->kind);
    card->kind_source = column_source(statement, COLUMN_KIND_SOURCE);
    card->body = column_text(statement, COLUMN_BODY);
    card->body_source = column_source(statement, COLUMN_BODY_SOURCE);
    card->collection = g_strdup(sure_text(statement, COLUMN_COLLECTION));
    return card;
}

static void read_missing(GArray *missing, const char *text)
{
    json_t *list = text ? json_loads(text, 0, NULL) : NULL;
    size_t index;
    json_t *number;
    json_array_foreach(list, index, number)
    {
        guint page = (guint)json_integer_value(number);
        g_array_append_val(missing, page);
    }
    json_decref(list);
}

/* Two shares are stored; the third is what is left. */
static void fill_shares(double share[LANGUAGE_COUNT], guint word_count, double italian,
                        double english)
{
    share[LANGUAGE_ITALIAN] = italian;
    share[LANGUAGE_ENGLISH] = english;
    share[LANGUAGE_OTHER] = word_count ? MAX(0, 1 - italian - english) : 0;
}

ArchiveDocument *archive_read_document(sqlite3_stmt *statement)
{
    ArchiveDocument *document = archive_document_new();
    g_free(document->themes);
    document->row = sqlite3_column_int64(statement, COLUMN_ROW);
    g_strlcpy(document->id, sure_text(statement, COLUMN_ID), sizeof document->id);
    document->sha256 = g_strdup(sure_text(statement, COLUMN_SHA256));
    document->state = (DocumentState)sure_value(statement, COLUMN_STATE, (int)DOCUMENT_GONE + 1);
    document->media_type = column_text(statement, COLUMN_MEDIA_TYPE);
    document->size_bytes = sqlite3_column_int64(statement, COLUMN_SIZE_BYTES);
    document->card = column_card(statement);
    document->themes = g_strdup(sure_text(statement, COLUMN_THEMES));
    document->meta_title = column_text(statement, COLUMN_META_TITLE);
    document->meta_author = column_text(statement, COLUMN_META_AUTHOR);
    document->heading = column_text(statement, COLUMN_HEADING);
    document->meta_year = sqlite3_column_int(statement, COLUMN_META_YEAR);
    document->page_count = (guint)sqlite3_column_int(statement, COLUMN_PAGE_COUNT);
    read_missing(document->missing_pages,
                 (const char *)sqlite3_column_text(statement, COLUMN_MISSING_PAGES));
    document->word_count = (guint)sqlite3_column_int(statement, COLUMN_WORD_COUNT);
    fill_shares(document->share, document->word_count,
                sqlite3_column_double(statement, COLUMN_SHARE_IT),
                sqlite3_column_double(statement, COLUMN_SHARE_EN));
    document->reason = column_text(statement, COLUMN_REASON);
    document->detail = column_text(statement, COLUMN_DETAIL);
    document->successor = column_text(statement, COLUMN_SUCCESSOR);
    document->indexed_unix = sqlite3_column_int64(statement, COLUMN_INDEXED_UNIX);
    document->blank_pages = (guint)sqlite3_column_int(statement, COLUMN_BLANK_PAGES);
    return document;
}

static ArchiveDocument *find_document(Archive *archive, sqlite3_stmt *statement, GError **error)
{
    return archive_step(archive, statement, "looking a document up", error)
               ? archive_read_document(statement)
               : NULL;
}

ArchiveDocument *archive_find_content(Archive *archive, const char *sha256, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_DOCUMENT_BY_CONTENT, error);
    if (!statement)
        return NULL;
    bind_text(statement, ":sha256", sha256);
    return find_document(archive, statement, error);
}

ArchiveDocument *archive_find_document(Archive *archive, const char *id, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_DOCUMENT_BY_ID, error);
    if (!statement)
        return NULL;
    bind_text(statement, ":id", id);
    return find_document(archive, statement, error);
}

ArchiveDocument *archive_find_row(Archive *archive, gint64 row, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_DOCUMENT_BY_ROW, error);
    if (!statement)
        return NULL;
    bind_int(statement, ":row", row);
    return find_document(archive, statement, error);
}

/* Layout */

static GArray *unpack_layout(const guint8 *bytes, gsize size)
{
    GArray *positions = g_array_new(FALSE, FALSE, sizeof(guint));
    guint total = 0, count = 0, shift = 0;
    g_array_append_val(positions, total);
    for (gsize i = 0; i < size; i++) {
        count |= (guint)(bytes[i] & 0x7f) << MIN(shift, 31);
        shift += 7;
        if (bytes[i] & 0x80)
            continue;
        total += count;
        g_array_append_val(positions, total);
        count = shift = 0;
    }
    return positions;
}

GArray *archive_page_positions(Archive *archive, gint64 row, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_DOCUMENT_LAYOUT, error);
    if (!statement)
        return NULL;
    bind_int(statement, ":row", row);
    if (!archive_step(archive, statement, "reading a document's layout", error))
        return NULL;
    const guint8 *bytes = sqlite3_column_blob(statement, 0);
    return unpack_layout(bytes, bytes ? (gsize)sqlite3_column_bytes(statement, 0) : 0);
}

/* Cards */

/* The mark before them is for the tokeniser alone. */
static const char *card_terms(const char *terms)
{
    return terms && *terms == MARK_TERMS ? terms + 1 : terms;
}

static ArchiveCard read_card(sqlite3_stmt *statement)
{
    ArchiveCard card = {
        .row = sqlite3_column_int64(statement, 0),
        .id = sure_text(statement, 1),
        .state = (DocumentState)sure_value(statement, 2, (int)DOCUMENT_GONE + 1),
        .title = sure_text(statement, 3),
        .year = sqlite3_column_int(statement, 4),
        .kind = KIND_OTHER,
        .body = (const char *)sqlite3_column_text(statement, 6),
        .collection = sure_text(statement, 7),
        .terms = card_terms((const char *)sqlite3_column_text(statement, 14)),
        .word_count = (guint)sqlite3_column_int(statement, 10),
        .page_count = (guint)sqlite3_column_int(statement, 11),
        .indexed_unix = sqlite3_column_int64(statement, 12),
    };
    fill_shares(card.share, card.word_count, sqlite3_column_double(statement, 8),
                sqlite3_column_double(statement, 9));
    kind_parse(sure_text(statement, 5), &card.kind);
    return card;
}

gboolean archive_cards_since(Archive *archive, gint64 *revision,
                             void (*visit)(const ArchiveCard *card, gpointer data), gpointer data,
                             GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_CARDS, error);
    if (!statement)
        return FALSE;
    g_autoptr(GError) fault = NULL;
    bind_int(statement, ":revision", *revision);
    while (archive_step(archive, statement, "reading cards", &fault)) {
        ArchiveCard card = read_card(statement);
        visit(&card, data);
        *revision = sqlite3_column_int64(statement, 13);
    }
    if (!fault)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&fault));
    return FALSE;
}

/* Files */

gboolean file_stamp_equal(const FileStamp *a, const FileStamp *b)
{
    return a->device == b->device && a->inode == b->inode && a->size_bytes == b->size_bytes &&
           a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns;
}

void archive_file_free(ArchiveFile *file)
{
    if (!file)
        return;
    g_free(file->path);
    g_free(file->reason);
    g_free(file->detail);
    g_free(file);
}

ArchiveFile *archive_read_file(sqlite3_stmt *statement)
{
    ArchiveFile *file = g_new0(ArchiveFile, 1);
    file->path = g_strdup(sure_text(statement, FILE_PATH));
    file->stamp.device = (guint64)sqlite3_column_int64(statement, FILE_DEVICE);
    file->stamp.inode = (guint64)sqlite3_column_int64(statement, FILE_INODE);
    file->stamp.size_bytes = sqlite3_column_int64(statement, FILE_SIZE_BYTES);
    file->stamp.mtime_ns = sqlite3_column_int64(statement, FILE_MTIME_NS);
    file->stamp.ctime_ns = sqlite3_column_int64(statement, FILE_CTIME_NS);
    file->state = (FileState)sure_value(statement, FILE_STATE, (int)FILE_REMOVED + 1);
    file->document = sqlite3_column_int64(statement, FILE_DOCUMENT);
    file->reason = column_text(statement, FILE_REASON);
    file->detail = column_text(statement, FILE_DETAIL);
    file->changed_unix = sqlite3_column_int64(statement, FILE_CHANGED_UNIX);
    file->outcome = (FileOutcome)sure_value(statement, FILE_OUTCOME, OUTCOME_COUNT);
    file->previous = sqlite3_column_int64(statement, FILE_PREVIOUS);
    return file;
}

static void free_file(gpointer data)
{
    archive_file_free(data);
}

GHashTable *archive_files(Archive *archive, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_FILES, error);
    if (!statement)
        return NULL;
    g_autoptr(GError) fault = NULL;
    GHashTable *files = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_file);
    while (archive_step(archive, statement, "reading the files' rows", &fault)) {
        ArchiveFile *file = archive_read_file(statement);
        g_hash_table_insert(files, file->path, file);
    }
    if (fault) {
        g_propagate_error(error, g_steal_pointer(&fault));
        g_clear_pointer(&files, g_hash_table_unref);
    }
    return files;
}

GPtrArray *archive_paths(Archive *archive, gint64 row, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_PATHS, error);
    if (!statement)
        return NULL;
    bind_int(statement, ":row", row);
    g_autoptr(GError) fault = NULL;
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    while (archive_step(archive, statement, "reading paths", &fault))
        g_ptr_array_add(paths, g_strdup(sure_text(statement, 0)));
    if (fault) {
        g_propagate_error(error, g_steal_pointer(&fault));
        g_clear_pointer(&paths, g_ptr_array_unref);
    }
    return paths;
}
