/* See postings.h. This file has the interface, and what is kept from question to question;
 * postings_leaf.c and postings_segment.c read the format, postings_list.c, postings_prefix.c and
 * postings_phrase.c make lists. */
#include "postings_private.h"

#include <string.h>

#include "../../indexer/analysis.h"
#include "../../indexer/archive.h"
#include "../limits.h"

enum { FORMAT = 4 };

static void statement_free(gpointer statement)
{
    sqlite3_finalize(statement);
}

static void list_free(gpointer kept)
{
    kept_free(kept);
}

Postings *postings_new(sqlite3 *db, GError **error)
{
    g_autoptr(Postings) postings = g_new0(Postings, 1);
    postings->db = db;
    postings->analyser = analyser_new();
    analyser_remember(postings->analyser, POSTINGS_WORDS_REMEMBERED);
    postings->idle = g_ptr_array_new();
    postings->structure = g_byte_array_new();
    postings->segments = g_array_new(FALSE, FALSE, sizeof(Segment));
    postings->lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, list_free);
    postings->key = g_string_new(NULL);
    for (int i = 0; i < POSTINGS_SQL_COUNT; i++)
        if (!postings_statement(postings, (PostingsSql)i, error))
            return NULL;
    return g_steal_pointer(&postings);
}

void postings_free(Postings *postings)
{
    if (!postings)
        return;
    g_hash_table_unref(postings->lists);
    for (int i = 0; i < POSTINGS_SQL_COUNT; i++)
        sqlite3_finalize(postings->statements[i]);
    g_ptr_array_foreach(postings->idle, (GFunc)(void (*)(void))statement_free, NULL);
    g_ptr_array_unref(postings->idle);
    g_byte_array_unref(postings->structure);
    g_array_unref(postings->segments);
    g_string_free(postings->key, TRUE);
    analyser_free(postings->analyser);
    g_free(postings);
}

/* What is kept */

static gint compare_used(gconstpointer a, gconstpointer b)
{
    const KeptList *one = *(const KeptList *const *)a, *other = *(const KeptList *const *)b;
    return (one->used > other->used) - (one->used < other->used);
}

static const char *key_of(Postings *postings, const char *phrase, gboolean is_prefix)
{
    g_string_assign(postings->key, is_prefix ? "*" : "=");
    g_string_append(postings->key, phrase);
    return postings->key->str;
}

static void forget(Postings *postings, const KeptList *kept)
{
    postings->kept_bytes -= kept->accounted;
    g_hash_table_remove(postings->lists, key_of(postings, kept->phrase, kept->is_prefix));
}

static void forget_all(Postings *postings)
{
    postings->kept_bytes = 0;
    g_hash_table_remove_all(postings->lists);
}

/* Those that were not asked for longest; a quarter more than must be, so that it is seldom done. */
static void forget_oldest(Postings *postings)
{
    if (postings->kept_bytes <= POSTINGS_KEPT_BYTES)
        return;
    g_autoptr(GPtrArray) lists = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, postings->lists);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        g_ptr_array_add(lists, value);
    g_ptr_array_sort(lists, compare_used);
    for (guint i = 0; i < lists->len && postings->kept_bytes > (gsize)POSTINGS_KEPT_BYTES / 4 * 3;
         i++)
        forget(postings, lists->pdata[i]);
}

/* What the time did not suffice for is read anew when it is asked for again. */
static gboolean is_cut(gpointer key, gpointer value, gpointer data)
{
    (void)key;
    KeptList *kept = value;
    if (kept->list.is_cut)
        ((Postings *)data)->kept_bytes -= kept->accounted;
    return kept->list.is_cut;
}

static void forget_cut(Postings *postings)
{
    if (postings->has_cut)
        g_hash_table_foreach_remove(postings->lists, is_cut, postings);
    postings->has_cut = FALSE;
}

void postings_account(Postings *postings, KeptList *kept)
{
    postings->kept_bytes -= kept->accounted;
    kept->accounted = kept_bytes(kept);
    postings->kept_bytes += kept->accounted;
}

/* What the index is like now */

static gboolean read_number(Postings *postings, PostingsSql sql, gint64 *ret_value, GError **error)
{
    sqlite3_stmt *statement = postings_statement(postings, sql, error);
    if (!statement)
        return FALSE;
    int status = sqlite3_step(statement);
    *ret_value = status == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    gboolean is_read = status == SQLITE_ROW || status == SQLITE_DONE ||
                       archive_fail(postings->db, "reading the state of the index", error);
    sqlite3_reset(statement);
    return is_read;
}

/* Reads the structure record; `*ret_is_new` tells whether it is another than last time. */
static gboolean read_structure(Postings *postings, gboolean *ret_is_new, GError **error)
{
    sqlite3_stmt *statement = postings_statement(postings, POSTINGS_SQL_RECORD, error);
    if (!statement)
        return FALSE;
    int status = sqlite3_step(statement);
    gboolean is_read = status == SQLITE_ROW || status == SQLITE_DONE ||
                       archive_fail(postings->db, "reading the structure of the index", error);
    if (is_read && status == SQLITE_ROW) {
        const guint8 *bytes = sqlite3_column_blob(statement, 0);
        guint size = bytes ? (guint)sqlite3_column_bytes(statement, 0) : 0;
        GByteArray *old = postings->structure;
        *ret_is_new = old->len != size || (size > 0 && memcmp(old->data, bytes, size) != 0);
        g_byte_array_set_size(old, 0);
        g_byte_array_append(old, bytes, size);
    }
    sqlite3_reset(statement);
    return is_read && (status == SQLITE_ROW || postings_damaged("it has no structure", error));
}

static gboolean check_format(Postings *postings, GError **error)
{
    gint64 format = 0;
    if (!read_number(postings, POSTINGS_SQL_FORMAT, &format, error))
        return FALSE;
    if (format == FORMAT)
        return TRUE;
    g_set_error(error, ARCHIVE_ERROR, format > FORMAT ? ARCHIVE_ERROR_NEWER : ARCHIVE_ERROR_DAMAGED,
                "the index has format %d; this program reads %d", (int)format, FORMAT);
    return FALSE;
}

static gboolean read_segments(Postings *postings, GError **error)
{
    forget_all(postings);
    if (!check_format(postings, error))
        return FALSE;
    GArray *segments = segments_read(postings->structure->data, postings->structure->len);
    if (!segments)
        return postings_damaged("its structure", error);
    g_array_unref(postings->segments);
    postings->segments = segments;
    return TRUE;
}

/* Another connection's changes show in the data version, one's own in the count of changes, but a
 * change of one's own that was taken back shows in the structure only. */
gboolean postings_begin(Postings *postings, GError **error)
{
    gint64 version = 0, changes = sqlite3_total_changes64(postings->db);
    gboolean is_new = FALSE;
    postings->clock++;
    postings_set_time(postings, 0);
    forget_cut(postings);
    if (!read_number(postings, POSTINGS_SQL_DATA_VERSION, &version, error) ||
        !read_structure(postings, &is_new, error))
        return FALSE;
    if (is_new || version != postings->data_version || changes != postings->changes) {
        postings->data_version = 0; /* of no state, should what follows fail */
        if (!read_segments(postings, error))
            return FALSE;
        postings->data_version = version;
        postings->changes = changes;
    }
    forget_oldest(postings);
    return TRUE;
}

static gboolean has_empty_term(const char *phrase)
{
    gsize length = strlen(phrase);
    return length == 0 || phrase[0] == ' ' || phrase[length - 1] == ' ' || strstr(phrase, "  ");
}

static gboolean read_list(Postings *postings, KeptList *kept, GError **error)
{
    if (has_empty_term(kept->phrase) || deadline_look(&postings->deadline))
        return TRUE;
    if (strchr(kept->phrase, ' '))
        return list_read_phrase(postings, kept, error);
    if (kept->is_prefix)
        return list_read_prefix(postings, kept, error);
    return forms_kind(kept->phrase) == FORMS_NONE ? list_read_term(postings, kept, error)
                                                  : list_read_forms(postings, kept, error);
}

gboolean postings_has_kept(Postings *postings, const char *term)
{
    return g_hash_table_contains(postings->lists, key_of(postings, term, FALSE));
}

/* A list may rest on one that was cut before more time was given: from the first cut on none is
 * trusted. */
void postings_judge(Postings *postings, KeptList *kept)
{
    if (!postings->deadline.is_past && !postings->has_cut)
        return;
    kept->list.is_cut = TRUE;
    postings->has_cut = TRUE;
}

void postings_keep(Postings *postings, KeptList *kept)
{
    kept_finish(kept);
    postings_judge(postings, kept);
    kept->used = postings->clock;
    postings_account(postings, kept);
    g_hash_table_insert(postings->lists, g_strdup(key_of(postings, kept->phrase, kept->is_prefix)),
                        kept);
}

KeptList *postings_kept(Postings *postings, const char *phrase, gboolean is_prefix, GError **error)
{
    KeptList *kept = g_hash_table_lookup(postings->lists, key_of(postings, phrase, is_prefix));
    if (!kept) {
        kept = kept_new(phrase, is_prefix);
        if (!read_list(postings, kept, error)) {
            kept_free(kept);
            return NULL;
        }
        postings_keep(postings, kept);
    }
    kept->used = postings->clock;
    return kept;
}

/* The interface */

void postings_set_time(Postings *postings, gint64 budget_us)
{
    deadline_set(&postings->deadline, budget_us);
}

Deadline *postings_deadline(Postings *postings)
{
    return &postings->deadline;
}

gboolean postings_is_cut(const Postings *postings)
{
    return postings->has_cut;
}

gsize postings_kept_bytes(const Postings *postings)
{
    return postings->kept_bytes;
}

const PostingList *postings_find(Postings *postings, const char *phrase, gboolean is_prefix,
                                 GError **error)
{
    KeptList *kept = postings_kept(postings, phrase, is_prefix, error);
    return kept ? &kept->list : NULL;
}

gboolean postings_places(Postings *postings, const char *phrase, gboolean is_prefix, guint32 row,
                         PostingColumn column, GArray *ret_positions, GError **error)
{
    Positions places, columns[POSTING_COLUMNS];
    KeptList *kept = postings_kept(postings, phrase, is_prefix, error);
    gint index = kept ? kept_index(kept, row) : -1;
    if (index < 0)
        return kept != NULL;
    guint before = ret_positions->len;
    if (kept->forms)
        return forms_append_positions(postings, kept, (guint)index, column, ret_positions, error);
    if (!kept_places(postings, kept, (guint)index, &places, error))
        return FALSE;
    if (positions_split(places, columns) && positions_decode(columns[column], ret_positions))
        return TRUE;
    g_array_set_size(ret_positions, before);
    return postings_damaged("a position list", error);
}

/* Passes on the walk's term, if any row still has it. FALSE in `*ret_goes_on` ends the walk. */
static gboolean visit_term(TermWalk *walk, GString *term, PostingTermVisit visit, gpointer data,
                           gboolean *ret_goes_on, GError **error)
{
    guint64 bytes = 0;
    Step step = merge_next(&walk->rows, error);
    if (step == STEP_FAILED || !walk_bytes(walk, &bytes, error))
        return FALSE;
    walk_term(walk, term);
    *ret_goes_on = step == STEP_END || visit(term->str, bytes, data);
    return TRUE;
}

gboolean postings_terms(Postings *postings, const char *prefix, PostingTermVisit visit,
                        gpointer data, GError **error)
{
    TermWalk walk = {0};
    g_autoptr(GString) term = g_string_new(NULL);
    gboolean goes_on = TRUE;
    Step step = walk_open(&walk, postings, prefix, strlen(prefix), error) ? STEP_HERE : STEP_FAILED;
    while (step == STEP_HERE && goes_on) {
        step = walk_next(&walk, error);
        if (step == STEP_HERE && !visit_term(&walk, term, visit, data, &goes_on, error))
            step = STEP_FAILED;
    }
    walk_release(&walk);
    return step != STEP_FAILED;
}
