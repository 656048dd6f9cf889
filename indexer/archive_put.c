/* See archive.h: putting documents in, with their text, their postings and what fields of a query
 * search.
 *
 * INSERT OR REPLACE on document keeps the row number because that is given explicitly; postings and
 * text of the row are taken out first, while their old source can still be read (an FTS5 index over
 * outside content must be told exactly what it had been given).
 */
#include "archive_private.h"

#include <jansson.h>
#include <string.h>
#include <zstd.h>

#include "analysis.h"

enum {
    CHUNK_BYTES = 32 * 1024, /* marked text a chunk: one page is read back in some 30 us */
    CHUNK_LEVEL = 1,         /* zstd's fastest, but for a hundredth as small as its default */
};

/* Catalogue terms: what fields of a query search (query.h) */

typedef struct {
    GString *terms;
    const char *prefix;
} TermSink;

static gboolean append_term(const AnalysedWord *word, gpointer data)
{
    TermSink *sink = data;
    g_string_append_printf(sink->terms, " %s:%s", sink->prefix, word->word);
    return TRUE;
}

static void append_words(Archive *archive, GString *terms, const char *prefix, const char *words)
{
    TermSink sink = {terms, prefix};
    if (words)
        analyser_walk(archive->analyser, words, strlen(words), append_term, &sink);
}

static void append_themes(GString *terms, const char *themes)
{
    json_t *list = json_loads(themes, 0, NULL);
    size_t index;
    json_t *theme;
    json_array_foreach(list, index, theme)
    {
        const char *id = json_string_value(json_object_get(theme, "id"));
        if (id)
            g_string_append_printf(terms, " %c:%s",
                                   json_is_true(json_object_get(theme, "area")) ? 'r' : 't', id);
    }
    json_decref(list);
}

static char *catalogue_terms(Archive *archive, const ArchiveDocument *document)
{
    GString *terms = g_string_new("\x04"
                                  "a:all");
    const Catalogue *card = document->card;
    g_string_append_printf(terms, " k:%s", kind_name(card->kind));
    if (card->year)
        g_string_append_printf(terms, " y:%d", card->year);
    for (int language = LANGUAGE_ITALIAN; language < LANGUAGE_COUNT; language++)
        if (document->share[language] >= ARCHIVE_LANGUAGE_SHARE)
            g_string_append_printf(terms, " l:%s", language_code((Language)language));
    append_words(archive, terms, "b", card->body);
    append_words(archive, terms, "c", card->collection);
    append_themes(terms, document->themes);
    return g_string_free(terms, FALSE);
}

static Language main_language(const ArchiveDocument *document)
{
    const double *share = document->share;
    Language best = LANGUAGE_OTHER;
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (share[i] > share[best])
            best = (Language)i;
    return best;
}

/* A title too short to tell its own language has the document's. */
static GString *marked_title(const ArchiveDocument *document)
{
    const char *title = document->card->title;
    gsize length = strlen(title);
    g_autoptr(GArray) runs = language_runs(title, length);
    for (guint i = 0; i < runs->len; i++) {
        LanguageRun *run = &g_array_index(runs, LanguageRun, i);
        if (run->language == LANGUAGE_OTHER || length < 30)
            run->language = main_language(document);
    }
    return analysis_mark(title, length, runs);
}

/* Text */

static gboolean put_chunk(Archive *archive, gint64 key, const char *text, gsize length,
                          GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_TEXT_PUT, error);
    if (!statement)
        return FALSE;
    gsize bound = ZSTD_compressBound(length);
    g_autofree char *packed = g_malloc(bound);
    gsize size = ZSTD_compress(packed, bound, text, length, CHUNK_LEVEL);
    g_assert(!ZSTD_isError(size));
    bind_int(statement, ":key", key);
    bind_blob(statement, ":data", packed, size);
    return archive_run(archive, statement, "storing text", error);
}

static gboolean put_text(Archive *archive, gint64 row, const GString *marked, GError **error)
{
    guint page = 0, first = 0;
    gsize start = 0;
    for (gsize at = 0; at <= marked->len; at++) {
        gboolean ends = at == marked->len;
        if (!ends && marked->str[at] != MARK_PAGE)
            continue;
        gsize beyond = ends ? at : at + 1;
        page++;
        if (!ends && beyond - start < CHUNK_BYTES)
            continue;
        if (!put_chunk(archive, (row << ARCHIVE_PAGE_BITS) | first, marked->str + start,
                       beyond - start, error))
            return FALSE;
        first = page;
        start = beyond;
    }
    return TRUE;
}

/* Words of each page, in LEB128; the last page's may be 0. */
static GByteArray *pack_layout(const GArray *counts)
{
    GByteArray *layout = g_byte_array_new();
    for (guint i = 0; i < counts->len; i++) {
        guint count = g_array_index(counts, guint, i);
        guint8 byte;
        do {
            byte = (guint8)((count & 0x7f) | (count > 0x7f ? 0x80 : 0));
            g_byte_array_append(layout, &byte, 1);
            count >>= 7;
        } while (byte & 0x80);
    }
    return layout;
}

static guint sum_words(const GArray *counts)
{
    guint words = 0;
    for (guint i = 0; i < counts->len; i++)
        words += g_array_index(counts, guint, i);
    return words;
}

/* Pages without a word but for those that were not read at all. */
static guint count_blank(const GArray *counts, const ArchiveDocument *document)
{
    guint blank = 0, missing = document->missing_pages->len;
    for (guint i = 0; i < counts->len; i++)
        blank += g_array_index(counts, guint, i) == 0;
    return blank > missing ? blank - missing : 0;
}

/* A scan has nothing else; of other failures nothing is known. */
static guint blank_of_failed(const ArchiveDocument *document)
{
    return g_strcmp0(document->reason, "no-text") == 0 ? document->page_count : 0;
}

/* Documents */

static gboolean remove_text(Archive *archive, gint64 row, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_TEXT_REMOVE, error);
    if (!statement)
        return FALSE;
    bind_int(statement, ":first", row << ARCHIVE_PAGE_BITS);
    bind_int(statement, ":beyond", (row + 1) << ARCHIVE_PAGE_BITS);
    return archive_run(archive, statement, "taking text out", error);
}

gboolean archive_remove_content(Archive *archive, gint64 row, GError **error)
{
    return archive_remove_postings(archive, row, error) && remove_text(archive, row, error);
}

/* The row of that content: 0 when it is new. */
static gboolean find_row(Archive *archive, const char *sha256, gint64 *ret_row, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_DOCUMENT_ROW, error);
    if (!statement)
        return FALSE;
    bind_text(statement, ":sha256", sha256);
    return archive_first_value(archive, statement, "looking a document up", ret_row, error);
}

static void bind_card(sqlite3_stmt *statement, const Catalogue *card, const char *themes)
{
    bind_text(statement, ":title", card->title);
    bind_int(statement, ":title_source", card->title_source);
    bind_int(statement, ":year", card->year);
    bind_int(statement, ":year_source", card->year_source);
    bind_text(statement, ":kind", kind_name(card->kind));
    bind_int(statement, ":kind_source", card->kind_source);
    bind_text(statement, ":body", card->body);
    bind_int(statement, ":body_source", card->body_source);
    bind_text(statement, ":collection", card->collection);
    bind_text(statement, ":themes", themes);
}

static void bind_read(sqlite3_stmt *statement, const ArchiveDocument *document)
{
    if (document->row)
        bind_int(statement, ":row", document->row);
    bind_text(statement, ":id", document->id);
    bind_text(statement, ":sha256", document->sha256);
    bind_int(statement, ":state", document->state);
    bind_text(statement, ":media_type", document->media_type);
    bind_int(statement, ":size_bytes", document->size_bytes);
    bind_text(statement, ":meta_title", document->meta_title);
    bind_text(statement, ":meta_author", document->meta_author);
    bind_text(statement, ":heading", document->heading);
    bind_int(statement, ":meta_year", document->meta_year);
    bind_int(statement, ":page_count", document->page_count);
    bind_int(statement, ":word_count", document->word_count);
    bind_real(statement, ":share_it", document->share[LANGUAGE_ITALIAN]);
    bind_real(statement, ":share_en", document->share[LANGUAGE_ENGLISH]);
    bind_text(statement, ":reason", document->reason);
    bind_text(statement, ":detail", document->detail);
    bind_int(statement, ":indexed_unix", document->indexed_unix);
}

static char *missing_text(const GArray *missing)
{
    GString *text = g_string_new("[");
    for (guint i = 0; i < missing->len; i++)
        g_string_append_printf(text, "%s%u", i ? "," : "", g_array_index(missing, guint, i));
    g_string_append_c(text, ']');
    return g_string_free(text, FALSE);
}

typedef struct {
    GString *title; /* marked */
    char *terms;
} Fields;

static void fields_release(Fields *fields)
{
    g_string_free(fields->title, TRUE);
    g_free(fields->terms);
}

static gboolean put_row(Archive *archive, ArchiveDocument *document, const GArray *counts,
                        const Fields *fields, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_DOCUMENT_PUT, error);
    if (!statement)
        return FALSE;
    g_autofree char *missing = missing_text(document->missing_pages);
    g_autoptr(GByteArray) layout = counts ? pack_layout(counts) : NULL;
    bind_read(statement, document);
    bind_card(statement, document->card, document->themes);
    bind_text(statement, ":missing_pages", missing);
    bind_int(statement, ":blank_pages", document->blank_pages);
    bind_int(statement, ":lacking_pages",
             (gint64)document->blank_pages + document->missing_pages->len);
    bind_int(statement, ":revision", ++archive->revision);
    bind_text_length(statement, ":title_marked", fields->title->str, fields->title->len);
    bind_text(statement, ":terms", fields->terms);
    if (layout)
        bind_blob(statement, ":layout", layout->data, layout->len);
    if (!archive_run(archive, statement, "storing a document", error))
        return FALSE;
    if (!document->row)
        document->row = sqlite3_last_insert_rowid(archive->db);
    return TRUE;
}

/* What SQLite would drop at binding, without a word, and what would take another document's id. */
static gboolean can_be_put(Archive *archive, const ArchiveDocument *document, const GString *marked,
                           GError **error)
{
    g_autoptr(GError) fault = NULL;
    gsize limit = (gsize)sqlite3_limit(archive->db, SQLITE_LIMIT_LENGTH, -1);
    g_autoptr(ArchiveDocument) other = archive_find_document(archive, document->id, &fault);
    if (!fault && marked && marked->len > limit)
        g_set_error(&fault, ARCHIVE_ERROR, ARCHIVE_ERROR_TOO_LARGE,
                    "%zu bytes of text, more than the %zu that can be held", marked->len, limit);
    else if (other && strcmp(other->sha256, document->sha256) != 0)
        g_set_error(&fault, ARCHIVE_ERROR, ARCHIVE_ERROR_CLASH,
                    "its id is that of another document, %s", other->sha256);
    if (!fault)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&fault));
    return FALSE;
}

gboolean archive_put_document(Archive *archive, ArchiveDocument *document, const GString *marked,
                              GError **error)
{
    g_assert((document->state == DOCUMENT_INDEXED) == (marked != NULL));
    g_assert(document->card && strlen(document->sha256) >= ARCHIVE_ID_LENGTH);
    g_strlcpy(document->id, document->sha256, sizeof document->id);
    if (!can_be_put(archive, document, marked, error) ||
        !find_row(archive, document->sha256, &document->row, error) ||
        (document->row && !archive_remove_content(archive, document->row, error)))
        return FALSE;
    g_autoptr(GArray) counts = marked ? analysis_count_words(marked->str, marked->len) : NULL;
    document->word_count = counts ? sum_words(counts) : 0;
    document->blank_pages = counts ? count_blank(counts, document) : blank_of_failed(document);
    Fields fields __attribute__((cleanup(fields_release))) = {marked_title(document),
                                                              catalogue_terms(archive, document)};
    if (!put_row(archive, document, counts, &fields, error))
        return FALSE;
    if (!marked)
        return TRUE;
    archive_add_pending(archive, document->row, marked->len);
    return put_text(archive, document->row, marked, error);
}

gboolean archive_put_card(Archive *archive, const ArchiveDocument *document, GError **error)
{
    if (!archive_remove_postings(archive, document->row, error))
        return FALSE;
    AUTO_STATEMENT statement = archive_statement(archive, SQL_DOCUMENT_CARD, error);
    if (!statement)
        return FALSE;
    Fields fields __attribute__((cleanup(fields_release))) = {marked_title(document),
                                                              catalogue_terms(archive, document)};
    bind_card(statement, document->card, document->themes);
    bind_text_length(statement, ":title_marked", fields.title->str, fields.title->len);
    bind_text(statement, ":terms", fields.terms);
    bind_int(statement, ":revision", ++archive->revision);
    bind_int(statement, ":row", document->row);
    archive_add_pending(archive, document->row, 0);
    return archive_run(archive, statement, "storing a card", error);
}
