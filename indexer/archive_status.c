/* See archive.h: what staff want to know: what became of files, what documents lack, where cards
 * come from, and what the indexer is about.
 *
 * Lists are bounded, and in the order of an index; counts go over an index that holds all they
 * need, so that a hundred thousand files are counted in some tens of milliseconds.
 */
#include "archive_private.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CARD_FIELDS = 4 }; /* of CardField */

/* Outcomes */

static const char *const OUTCOME_NAMES[] = {"pending",       "indexed", "edition", "duplicate",
                                            "password",      "scan",    "damaged", "failed",
                                            "sidecar-fault", "sidecar", "removed"};
G_STATIC_ASSERT(G_N_ELEMENTS(OUTCOME_NAMES) == OUTCOME_COUNT);

const char *file_outcome_name(FileOutcome outcome)
{
    return OUTCOME_NAMES[(guint)outcome < OUTCOME_COUNT ? outcome : OUTCOME_PENDING];
}

gboolean file_outcome_parse(const char *name, FileOutcome *ret_outcome)
{
    for (guint i = 0; i < OUTCOME_COUNT; i++) {
        if (strcmp(OUTCOME_NAMES[i], name) == 0) {
            *ret_outcome = (FileOutcome)i;
            return TRUE;
        }
    }
    return FALSE;
}

/* Words of a path */

static gboolean is_ascii(const char *text)
{
    for (; *text; text++)
        if ((guchar)*text >= 0x80)
            return FALSE;
    return TRUE;
}

/* Without case and accents. Owned by the caller. */
static char *fold(const char *text)
{
    if (is_ascii(text))
        return g_ascii_strdown(text, -1);
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *parted = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL);
    GString *bare = g_string_new(NULL);
    for (const char *at = parted; *at; at = g_utf8_next_char(at))
        if (!g_unichar_ismark(g_utf8_get_char(at)))
            g_string_append_unichar(bare, g_utf8_get_char(at));
    char *folded = g_utf8_casefold(bare->str, (gssize)bare->len);
    g_string_free(bare, TRUE);
    return folded;
}

static void free_words(gpointer words)
{
    g_strfreev(words);
}

/* The words are folded once a statement. */
static void holds(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const char *path = (const char *)sqlite3_value_text(values[0]);
    const char *typed = (const char *)sqlite3_value_text(values[1]);
    char **words = sqlite3_get_auxdata(context, 1);
    g_auto(GStrv) own = NULL;
    if (!words) {
        g_autofree char *folded = fold(typed ? typed : "");
        own = words = g_strsplit_set(folded, " \t\r\n", -1);
    }
    g_autofree char *folded_path = fold(path ? path : "");
    gboolean holds_all = TRUE;
    for (guint i = 0; words[i] && holds_all; i++)
        holds_all = strstr(folded_path, words[i]) != NULL;
    if (own)
        sqlite3_set_auxdata(context, 1, g_steal_pointer(&own), free_words);
    sqlite3_result_int(context, holds_all);
}

gboolean archive_register_holds(Archive *archive)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    return sqlite3_create_function_v2(archive->db, "schedario_holds", 2, flags, NULL, holds, NULL,
                                      NULL, NULL) == SQLITE_OK;
}

/* Files */

/* Paths below a folder, as an interval: a '0' follows a '/', and bytes follow all texts. Strings
 * must live until the statement is done. */
typedef struct {
    char *first;
    char *beyond; /* NULL: all */
} Interval;

static Interval interval_of(const char *folder)
{
    if (!folder || !*folder)
        return (Interval){g_strdup(""), NULL};
    return (Interval){g_strconcat(folder, "/", NULL), g_strconcat(folder, "0", NULL)};
}

static void interval_release(Interval *interval)
{
    g_free(interval->first);
    g_free(interval->beyond);
}
#define AUTO_INTERVAL __attribute__((cleanup(interval_release))) Interval

static void bind_interval(sqlite3_stmt *statement, const Interval *interval, const char *words)
{
    bind_text(statement, ":folder", interval->first);
    if (interval->beyond)
        bind_text(statement, ":beyond", interval->beyond);
    else
        bind_blob(statement, ":beyond", "", 0);
    bind_text(statement, ":words", words && *words ? words : NULL);
}

static void free_file(gpointer data)
{
    archive_file_free(data);
}

static void free_document(gpointer data)
{
    archive_document_free(data);
}

static gpointer next_file(sqlite3_stmt *statement)
{
    return archive_read_file(statement);
}

static gpointer next_document(sqlite3_stmt *statement)
{
    return archive_read_document(statement);
}

/* All rows of a bound statement; NULL and `error` on failure. */
static GPtrArray *read_rows(Archive *archive, sqlite3_stmt *statement,
                            gpointer (*next)(sqlite3_stmt *statement), GDestroyNotify free_row,
                            GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
    while (archive_step(archive, statement, "listing", &fault))
        g_ptr_array_add(rows, next(statement));
    if (!fault)
        return g_steal_pointer(&rows);
    g_propagate_error(error, g_steal_pointer(&fault));
    return NULL;
}

GPtrArray *archive_find_files(Archive *archive, const ArchiveFileFilter *filter, GError **error)
{
    Sql sql = filter->first == filter->last ? SQL_FILES_OF_OUTCOME : SQL_FILES_LISTED;
    AUTO_INTERVAL interval = interval_of(filter->folder);
    AUTO_STATEMENT statement = archive_statement(archive, sql, error);
    if (!statement)
        return NULL;
    bind_int(statement, ":first", filter->first);
    bind_int(statement, ":last", filter->last);
    bind_interval(statement, &interval, filter->words);
    bind_int(statement, ":before", filter->after_path ? filter->before_unix : G_MAXINT64);
    bind_text(statement, ":after", filter->after_path ? filter->after_path : "");
    bind_int(statement, ":limit", filter->limit);
    bind_int(statement, ":offset", filter->offset);
    return read_rows(archive, statement, next_file, free_file, error);
}

GPtrArray *archive_list_files(Archive *archive, int state, guint limit, guint offset,
                              GError **error)
{
    static const FileOutcome RANGES[][2] = {
        [FILE_PENDING] = {OUTCOME_PENDING, OUTCOME_PENDING},
        [FILE_INDEXED] = {OUTCOME_INDEXED, OUTCOME_DUPLICATE},
        [FILE_FAILED] = {OUTCOME_PASSWORD, OUTCOME_SIDECAR_FAULT},
        [FILE_SIDECAR] = {OUTCOME_SIDECAR, OUTCOME_SIDECAR},
        [FILE_REMOVED] = {OUTCOME_REMOVED, OUTCOME_REMOVED},
    };
    ArchiveFileFilter filter = {
        .first = state < 0 ? OUTCOME_PENDING : RANGES[state][0],
        .last = state < 0 ? OUTCOME_SIDECAR_FAULT : RANGES[state][1],
        .limit = limit,
        .offset = offset,
    };
    return archive_find_files(archive, &filter, error);
}

gboolean archive_count_outcomes(Archive *archive, const char *folder, const char *words,
                                guint ret_counts[OUTCOME_COUNT], GError **error)
{
    guint counts[OUTCOME_COUNT] = {0};
    g_autoptr(GError) fault = NULL;
    AUTO_INTERVAL interval = interval_of(folder);
    gboolean is_narrow = interval.beyond || (words && *words);
    AUTO_STATEMENT statement =
        archive_statement(archive, is_narrow ? SQL_COUNT_OUTCOMES : SQL_COUNT_FILES, error);
    if (!statement)
        return FALSE;
    if (is_narrow)
        bind_interval(statement, &interval, words);
    while (archive_step(archive, statement, "counting files", &fault)) {
        int outcome = sqlite3_column_int(statement, 0);
        if (outcome >= 0 && outcome < OUTCOME_COUNT)
            counts[outcome] = (guint)sqlite3_column_int64(statement, 1);
    }
    if (fault) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return FALSE;
    }
    memcpy(ret_counts, counts, sizeof counts);
    return TRUE;
}

char *archive_other_path(Archive *archive, gint64 row, const char *path, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_FILE_OTHER_PATH, error);
    if (!statement)
        return NULL;
    bind_int(statement, ":row", row);
    bind_text(statement, ":path", path);
    return archive_step(archive, statement, "looking for another file", error)
               ? column_text(statement, 0)
               : NULL;
}

/* Documents */

static gboolean read_numbers(Archive *archive, sqlite3_stmt *statement, gint64 *values, int count,
                             GError **error)
{
    if (!archive_step(archive, statement, "counting", error))
        return FALSE;
    for (int i = 0; i < count; i++)
        values[i] = sqlite3_column_int64(statement, i);
    return TRUE;
}

GPtrArray *archive_list_lacking(Archive *archive, TextLack lack, guint limit, guint offset,
                                GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_LACKING_LISTED, error);
    if (!statement)
        return NULL;
    bind_int(statement, ":lack", lack);
    bind_int(statement, ":limit", limit);
    bind_int(statement, ":offset", offset);
    return read_rows(archive, statement, next_document, free_document, error);
}

gboolean archive_count_lacking(Archive *archive, TextLack lack, guint *ret_documents,
                               guint64 *ret_pages, GError **error)
{
    gint64 values[2];
    AUTO_STATEMENT statement = archive_statement(archive, SQL_LACKING_COUNTED, error);
    if (!statement)
        return FALSE;
    bind_int(statement, ":lack", lack);
    if (!read_numbers(archive, statement, values, 2, error))
        return FALSE;
    *ret_documents = (guint)values[0];
    *ret_pages = (guint64)values[1];
    return TRUE;
}

GPtrArray *archive_list_cards(Archive *archive, guint fields, guint sources, guint limit,
                              guint offset, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_CARDS_LISTED, error);
    if (!statement)
        return NULL;
    bind_int(statement, ":fields", fields);
    bind_int(statement, ":sources", sources);
    bind_int(statement, ":limit", limit);
    bind_int(statement, ":offset", offset);
    return read_rows(archive, statement, next_document, free_document, error);
}

/* Whether one of the fields is from one of the sources; columns are in the order of CardField. */
static gboolean is_among(sqlite3_stmt *statement, guint fields, guint sources)
{
    for (int i = 0; i < CARD_FIELDS; i++)
        if ((fields >> i & 1) && (sources >> sqlite3_column_int(statement, i) & 1))
            return TRUE;
    return FALSE;
}

gboolean archive_count_cards(Archive *archive, guint fields, const guint *sources, guint count,
                             guint *ret_documents, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree guint *documents = g_new0(guint, count);
    AUTO_STATEMENT statement = archive_statement(archive, SQL_CARDS_COUNTED, error);
    if (!statement)
        return FALSE;
    while (archive_step(archive, statement, "counting cards", &fault))
        for (guint i = 0; i < count; i++)
            if (is_among(statement, fields, sources[i]))
                documents[i] += (guint)sqlite3_column_int64(statement, CARD_FIELDS);
    if (fault) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return FALSE;
    }
    memcpy(ret_documents, documents, count * sizeof *documents);
    return TRUE;
}

/* Notes */

static gboolean put_note(Archive *archive, const char *name, gint64 value, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_NOTE_PUT, error);
    if (!statement)
        return FALSE;
    bind_text(statement, ":name", name);
    bind_int(statement, ":value", value);
    return archive_run(archive, statement, "storing a note", error);
}

static gboolean put_text_note(Archive *archive, const char *name, const char *text, GError **error)
{
    AUTO_STATEMENT statement = archive_statement(archive, SQL_NOTE_PUT, error);
    if (!statement)
        return FALSE;
    bind_text(statement, ":name", name);
    bind_text(statement, ":value", text);
    return archive_run(archive, statement, "storing a note", error);
}

/* Steps to the note; NULL when there is none. */
static sqlite3_stmt *find_note(Archive *archive, const char *name, GError **error)
{
    sqlite3_stmt *statement = archive_statement(archive, SQL_NOTE, error);
    if (!statement)
        return NULL;
    bind_text(statement, ":name", name);
    if (archive_step(archive, statement, "reading a note", error))
        return statement;
    statement_done(&statement);
    return NULL;
}

static gint64 read_note(Archive *archive, const char *name, GError **error)
{
    AUTO_STATEMENT statement = find_note(archive, name, error);
    return statement ? sqlite3_column_int64(statement, 0) : 0;
}

static char *read_text_note(Archive *archive, const char *name, GError **error)
{
    AUTO_STATEMENT statement = find_note(archive, name, error);
    return statement ? column_text(statement, 0) : NULL;
}

gboolean archive_note_compared(Archive *archive, gint64 unix_time, GError **error)
{
    return put_note(archive, "compared_unix", unix_time, error);
}

gboolean archive_counts(Archive *archive, ArchiveCounts *ret_counts, GError **error)
{
    gint64 documents[2];
    guint files[OUTCOME_COUNT];
    AUTO_STATEMENT statement = archive_statement(archive, SQL_COUNT_DOCUMENTS, error);
    if (!statement || !read_numbers(archive, statement, documents, 2, error) ||
        !archive_count_outcomes(archive, NULL, NULL, files, error))
        return FALSE;
    ArchiveCounts counts = {
        .pending = files[OUTCOME_PENDING],
        .documents = (guint)documents[0],
        .pages = (guint64)documents[1],
        .compared_unix = read_note(archive, "compared_unix", NULL),
    };
    for (int i = OUTCOME_INDEXED; i <= OUTCOME_DUPLICATE; i++)
        counts.indexed += files[i];
    for (int i = OUTCOME_PASSWORD; i <= OUTCOME_SIDECAR_FAULT; i++)
        counts.failed += files[i];
    counts.seen = counts.pending + counts.indexed + counts.failed;
    *ret_counts = counts;
    return TRUE;
}

/* The indexer */

void archive_work_clear(ArchiveWork *work)
{
    g_clear_pointer(&work->reading, g_free);
}

gboolean archive_note_work(Archive *archive, const ArchiveWork *work, GError **error)
{
    const struct {
        const char *name;
        gint64 value;
    } NOTES[] = {
        {"watching", work->is_watching},
        {"began_unix", work->began_unix},
        {"stopped_unix", work->stopped_unix},
        {"work_started_unix", work->started_unix},
        {"work_ended_unix", work->ended_unix},
        {"work_total", work->total},
        {"work_done", work->done},
        {"work_failed", work->failed},
        {"work_removed", work->removed},
        {"work_pages", (gint64)work->pages},
        {"reading_unix", work->reading_unix},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(NOTES); i++)
        if (!put_note(archive, NOTES[i].name, NOTES[i].value, error))
            return FALSE;
    return put_text_note(archive, "reading", work->reading ? work->reading : "", error);
}

gboolean archive_note_corpus(Archive *archive, guint64 device, guint64 inode, GError **error)
{
    return put_note(archive, "corpus_device", (gint64)device, error) &&
           put_note(archive, "corpus_inode", (gint64)inode, error);
}

gboolean archive_corpus(Archive *archive, guint64 *ret_device, guint64 *ret_inode, GError **error)
{
    g_autoptr(GError) fault = NULL;
    gint64 device = read_note(archive, "corpus_device", &fault);
    gint64 inode = fault ? 0 : read_note(archive, "corpus_inode", &fault);
    if (fault) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return FALSE;
    }
    *ret_device = (guint64)device;
    *ret_inode = (guint64)inode;
    return inode != 0;
}

/* What the lock file's first byte says. */
enum { BEAT_FINE = '\n', BEAT_FULL = 'f' };

static gint64 seen_unix(const Archive *archive)
{
    struct stat status;
    return stat(archive->lock_path, &status) == 0 ? status.st_mtim.tv_sec : 0;
}

static gboolean says_full(const Archive *archive)
{
    char byte = BEAT_FINE;
    int fd = open(archive->lock_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return FALSE;
    gboolean is_full = read(fd, &byte, 1) == 1 && byte == BEAT_FULL;
    close(fd);
    return is_full;
}

gboolean archive_work(Archive *archive, ArchiveWork *ret_work, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_auto(ArchiveWork) work = {
        .is_watching = read_note(archive, "watching", &fault) != 0,
        .is_full = says_full(archive),
        .seen_unix = seen_unix(archive),
    };
    const struct {
        const char *name;
        gint64 *time;
        guint *count;
    } NOTES[] = {
        {"began_unix", &work.began_unix, NULL},
        {"stopped_unix", &work.stopped_unix, NULL},
        {"work_started_unix", &work.started_unix, NULL},
        {"work_ended_unix", &work.ended_unix, NULL},
        {"reading_unix", &work.reading_unix, NULL},
        {"work_total", NULL, &work.total},
        {"work_done", NULL, &work.done},
        {"work_failed", NULL, &work.failed},
        {"work_removed", NULL, &work.removed},
    };
    for (gsize i = 0; !fault && i < G_N_ELEMENTS(NOTES); i++) {
        gint64 value = read_note(archive, NOTES[i].name, &fault);
        if (NOTES[i].time)
            *NOTES[i].time = value;
        else
            *NOTES[i].count = (guint)value;
    }
    if (!fault)
        work.pages = (guint64)read_note(archive, "work_pages", &fault);
    if (!fault)
        work.reading = read_text_note(archive, "reading", &fault);
    if (fault) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return FALSE;
    }
    if (work.reading && !*work.reading)
        g_clear_pointer(&work.reading, g_free);
    *ret_work = work;
    work.reading = NULL;
    return TRUE;
}

void archive_beat(Archive *archive)
{
    /* Written rather than touched: a folder that is watched for changed attributes does not see it.
     * A lock file that cannot be written costs a wrong word on the staff's page, no more. */
    char byte = archive->is_full ? BEAT_FULL : BEAT_FINE;
    if (archive->lock >= 0 && pwrite(archive->lock, &byte, 1, 0) != 1)
        return;
}

void archive_note_full(Archive *archive, gboolean is_full)
{
    archive->is_full = is_full;
    archive_beat(archive);
}

gboolean archive_work_is_alive(const ArchiveWork *work, gint64 now_unix)
{
    /* Seen in what is the future, since the clock went back, says as little as long ago. */
    gint64 silence =
        now_unix > work->seen_unix ? now_unix - work->seen_unix : work->seen_unix - now_unix;
    return work->began_unix && !work->stopped_unix && silence <= ARCHIVE_SILENCE_SECONDS;
}
