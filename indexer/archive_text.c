/* See archive_private.h: the packed text, chunk by chunk.
 *
 * A passage is chosen from a page, and pages that answer the same question often stand in one
 * chunk, or in one that answered the question before: a reader keeps some chunks unpacked, within
 * one state of the archive. */
#include "archive_private.h"

#include <string.h>
#include <zstd.h>

#include "analysis.h"

enum {
    /* A damaged chunk may claim any size; a sound one is one page at the least. */
    CHUNK_MAX_BYTES = 256 * 1024 * 1024,
    CHUNKS_KEPT = 256, /* of some 32 KB */
    KEPT_MAX_BYTES = 256 * 1024,
};

typedef struct {
    gint64 row;
    guint first; /* page */
    guint pages;
    GString *text; /* NULL: none */
    guint64 used;  /* Texts.clock when it was asked for last */
} Chunk;

struct Texts {
    ZSTD_DCtx *unpacker;
    Chunk chunks[CHUNKS_KEPT];
    guint64 clock;
    gint64 data_version; /* of the archive when they were read */
};

Texts *texts_new(void)
{
    Texts *texts = g_new0(Texts, 1);
    texts->unpacker = ZSTD_createDCtx();
    return texts;
}

static void chunk_clear(Chunk *chunk)
{
    if (chunk->text)
        g_string_free(chunk->text, TRUE);
    *chunk = (Chunk){0};
}

static void texts_forget(Texts *texts)
{
    for (guint i = 0; i < CHUNKS_KEPT; i++)
        chunk_clear(&texts->chunks[i]);
}

void texts_free(Texts *texts)
{
    if (!texts)
        return;
    texts_forget(texts);
    ZSTD_freeDCtx(texts->unpacker);
    g_free(texts);
}

gboolean texts_begin(Archive *archive, GError **error)
{
    gint64 version = 0;
    AUTO_STATEMENT statement = archive_statement(archive, SQL_DATA_VERSION, error);
    if (!statement ||
        !archive_first_value(archive, statement, "reading the archive's state", &version, error))
        return FALSE;
    if (version != archive->texts->data_version)
        texts_forget(archive->texts);
    archive->texts->data_version = version;
    return TRUE;
}

static gboolean unpack(Texts *texts, const void *data, gsize size, GString *text)
{
    unsigned long long length = ZSTD_getFrameContentSize(data, size);
    if (length == ZSTD_CONTENTSIZE_ERROR || length == ZSTD_CONTENTSIZE_UNKNOWN ||
        length > CHUNK_MAX_BYTES || !texts->unpacker)
        return FALSE;
    gsize before = text->len;
    g_string_set_size(text, before + (gsize)length);
    gsize unpacked =
        ZSTD_decompressDCtx(texts->unpacker, text->str + before, (gsize)length, data, size);
    if (!ZSTD_isError(unpacked) && unpacked == length)
        return TRUE;
    g_string_truncate(text, before);
    return FALSE;
}

/* The whole text, in SQL */

typedef struct {
    GString *text;
} Join;

static void join_step(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    Join *join = sqlite3_aggregate_context(context, sizeof *join);
    if (!join) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (!join->text)
        join->text = g_string_new(NULL);
    const void *data = sqlite3_value_blob(values[0]);
    if (!data || !unpack(sqlite3_user_data(context), data, (gsize)sqlite3_value_bytes(values[0]),
                         join->text))
        sqlite3_result_error_code(context, SQLITE_CORRUPT);
}

static void join_final(sqlite3_context *context)
{
    Join *join = sqlite3_aggregate_context(context, 0);
    if (!join || !join->text) {
        sqlite3_result_text(context, "", 0, SQLITE_STATIC);
        return;
    }
    gsize length = join->text->len;
    sqlite3_result_text64(context, g_string_free(join->text, FALSE), length, g_free, SQLITE_UTF8);
}

gboolean archive_register_join(Archive *archive)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    return sqlite3_create_function_v2(archive->db, "schedario_join", 1, flags, archive->texts, NULL,
                                      join_step, join_final, NULL) == SQLITE_OK;
}

/* Chunks */

/* A chunk's last page ends it, with a form feed or without. */
static guint count_pages(const GString *text)
{
    guint pages = 1;
    const char *end = text->str + text->len;
    for (const char *at = text->str; (at = memchr(at, MARK_PAGE, (gsize)(end - at))); at++)
        pages += at + 1 < end;
    return pages;
}

static Chunk *kept_chunk(Texts *texts, gint64 row, guint page)
{
    for (guint i = 0; i < CHUNKS_KEPT; i++) {
        Chunk *chunk = &texts->chunks[i];
        if (chunk->text && chunk->row == row && page >= chunk->first &&
            page - chunk->first < chunk->pages)
            return chunk;
    }
    return NULL;
}

/* Where the next chunk is kept: in place of that which was not asked for longest. */
static Chunk *oldest_chunk(Texts *texts)
{
    Chunk *oldest = &texts->chunks[0];
    for (guint i = 1; i < CHUNKS_KEPT; i++)
        if (texts->chunks[i].used < oldest->used)
            oldest = &texts->chunks[i];
    return oldest;
}

/* Reads the chunk in which the page stands, or would stand. */
static gboolean read_chunk(Archive *archive, gint64 row, guint page, Chunk *chunk, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_TEXT_BEFORE, error);
    if (!statement)
        return FALSE;
    bind_int(statement, ":key", (row << ARCHIVE_PAGE_BITS) | page);
    bind_int(statement, ":first", row << ARCHIVE_PAGE_BITS);
    if (!archive_step(archive, statement, "reading text", error))
        return FALSE;
    GString *text = g_string_new(NULL);
    const void *data = sqlite3_column_blob(statement, 1);
    if (!data || !unpack(archive->texts, data, (gsize)sqlite3_column_bytes(statement, 1), text)) {
        g_set_error_literal(error, ARCHIVE_ERROR, ARCHIVE_ERROR_DAMAGED,
                            "reading text: a chunk cannot be unpacked");
        g_string_free(text, TRUE);
        return FALSE;
    }
    guint first = (guint)(sqlite3_column_int64(statement, 0) & ((1 << ARCHIVE_PAGE_BITS) - 1));
    chunk_clear(chunk);
    *chunk = (Chunk){row, first, count_pages(text), text, 0};
    return TRUE;
}

/* The chunk that has the page; NULL when there is none. What a writer reads may change at once, and
 * what is read outside a transaction at any time. Borrowed until the next call. */
static const Chunk *chunk_with(Archive *archive, gint64 row, guint page, GError **error)
{
    Texts *texts = archive->texts;
    if (archive->is_writer || sqlite3_get_autocommit(archive->db))
        texts_forget(texts);
    Chunk *chunk = kept_chunk(texts, row, page);
    if (!chunk) {
        chunk = oldest_chunk(texts);
        if (!read_chunk(archive, row, page, chunk, error))
            return NULL;
    }
    chunk->used = ++texts->clock;
    return page - chunk->first < chunk->pages ? chunk : NULL;
}

/* Appends pages of the chunk from `page` on, parted by form feeds; returns how many, up to `count`.
 */
static guint take_pages(GString *pages, const Chunk *chunk, guint page, guint count)
{
    const char *at = chunk->text->str, *end = at + chunk->text->len;
    for (guint i = chunk->first; i < page; i++)
        at = (const char *)memchr(at, MARK_PAGE, (gsize)(end - at)) + 1;
    for (guint taken = 1;; taken++) {
        const char *stop = memchr(at, MARK_PAGE, (gsize)(end - at));
        g_string_append_len(pages, at, (stop ? stop : end) - at);
        if (taken == count || !stop || stop + 1 == end)
            return taken;
        g_string_append_c(pages, MARK_PAGE);
        at = stop + 1;
    }
}

/* What is kept stays small whatever the pages are. */
static void drop_if_huge(Archive *archive, const Chunk *chunk)
{
    if (chunk->text->allocated_len > KEPT_MAX_BYTES)
        chunk_clear(&archive->texts->chunks[chunk - archive->texts->chunks]);
}

GString *archive_pages(Archive *archive, gint64 row, guint first, guint count, GError **error)
{
    g_autoptr(GString) pages = NULL;
    g_autoptr(GError) fault = NULL;
    const Chunk *chunk;
    while (count > 0 && (chunk = chunk_with(archive, row, first, &fault))) {
        if (!pages)
            pages = g_string_new(NULL);
        else
            g_string_append_c(pages, MARK_PAGE);
        guint taken = take_pages(pages, chunk, first, count);
        drop_if_huge(archive, chunk);
        first += taken;
        count -= taken;
    }
    if (!fault)
        return g_steal_pointer(&pages);
    g_propagate_error(error, g_steal_pointer(&fault));
    return NULL;
}
