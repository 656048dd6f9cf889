/* See lexicon.h.
 *
 * Whether the archive changed is seen by its files: SQLite's log beside the archive changes with
 * each transaction. The reading thread has a connection of its own, for as long as it reads. */
#include "lexicon.h"

#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#include "../../indexer/archive.h"
#include "../../indexer/stems.h"
#include "../postings/postings.h"

struct LexiconWords {
    gatomicrefcount references;
    GString *text;   /* the words, each with its NUL, in the order of their bytes */
    GArray *starts;  /* guint32: where each begins in the text */
    GArray *weights; /* guint32 */
};

/* How the archive's files look. */
typedef struct {
    struct {
        guint64 device, inode;
        gint64 size_bytes, mtime_s, mtime_ns;
    } file[2]; /* the archive and its log */
} Stamp;

struct Lexicon {
    char *path;
    char *log_path;
    GMutex mutex; /* of all below */
    GCond read;
    LexiconWords *words; /* NULL: none yet */
    GThread *thread;     /* the last one, to be joined */
    gboolean is_reading;
    gboolean has_tried;
    Stamp stamp;      /* as the last reading began */
    gint64 ended_us;  /* monotonic */
    gint64 lasted_us; /* of the last reading */
};

/* Words */

static LexiconWords *words_new(void)
{
    LexiconWords *words = g_new0(LexiconWords, 1);
    g_atomic_ref_count_init(&words->references);
    words->text = g_string_new(NULL);
    words->starts = g_array_new(FALSE, FALSE, sizeof(guint32));
    words->weights = g_array_new(FALSE, FALSE, sizeof(guint32));
    return words;
}

void lexicon_words_unref(LexiconWords *words)
{
    if (!words || !g_atomic_ref_count_dec(&words->references))
        return;
    g_string_free(words->text, TRUE);
    g_array_unref(words->starts);
    g_array_unref(words->weights);
    g_free(words);
}

guint lexicon_words_count(const LexiconWords *words)
{
    return words->starts->len;
}

const char *lexicon_words_at(const LexiconWords *words, guint i)
{
    return words->text->str + g_array_index(words->starts, guint32, i);
}

guint32 lexicon_words_weight(const LexiconWords *words, guint i)
{
    return g_array_index(words->weights, guint32, i);
}

/* The first word that is not less than `prefix`, or with `is_after` greater than all that begin so.
 */
static guint find_edge(const LexiconWords *words, const char *prefix, gboolean is_after)
{
    gsize length = strlen(prefix);
    guint first = 0, end = words->starts->len;
    while (first < end) {
        guint middle = first + (end - first) / 2;
        int order = strncmp(lexicon_words_at(words, middle), prefix, length);
        if (order < 0 || (order == 0 && is_after))
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

void lexicon_words_range(const LexiconWords *words, const char *prefix, guint *ret_first,
                         guint *ret_end)
{
    *ret_first = find_edge(words, prefix, FALSE);
    *ret_end = find_edge(words, prefix, TRUE);
}

/* Reading */

/* A word as the index has it, in a run of one language. */
typedef struct {
    guint32 start; /* in the text */
    guint32 weight;
} Entry;

typedef struct {
    GString *text;
    GArray *entries; /* Entry */
    GString *word;
} Gathering;

/* Of letters alone: neither a number nor a term of the catalogue. */
static gboolean is_word(const char *word)
{
    gsize length = strcspn(word, "0123456789:");
    return word[length] == '\0' && length >= 2 && g_utf8_strlen(word, -1) >= 2 &&
           g_utf8_strlen(word, -1) <= LEXICON_WORD_LETTERS;
}

static gboolean take_term(const char *term, guint64 bytes, gpointer data)
{
    Gathering *gathering = data;
    g_string_truncate(gathering->word, 0);
    stems_append_word(gathering->word, term);
    if (!is_word(gathering->word->str))
        return TRUE;
    Entry entry = {(guint32)gathering->text->len, (guint32)MIN(bytes, G_MAXUINT32)};
    g_string_append_len(gathering->text, gathering->word->str, (gssize)gathering->word->len + 1);
    g_array_append_val(gathering->entries, entry);
    return gathering->entries->len < LEXICON_WORDS;
}

static gint compare_entries(gconstpointer a, gconstpointer b, gpointer text)
{
    const Entry *one = a, *other = b;
    return strcmp((const char *)text + one->start, (const char *)text + other->start);
}

/* One entry a word, whatever the languages of its runs. */
static LexiconWords *words_of(Gathering *gathering)
{
    LexiconWords *words = words_new();
    const char *last = NULL, *text = gathering->text->str;
    g_array_sort_with_data(gathering->entries, compare_entries, gathering->text->str);
    for (guint i = 0; i < gathering->entries->len; i++) {
        const Entry *entry = &g_array_index(gathering->entries, Entry, i);
        const char *word = text + entry->start;
        if (last && strcmp(last, word) == 0) {
            guint32 *weight = &g_array_index(words->weights, guint32, words->weights->len - 1);
            *weight += MIN(entry->weight, G_MAXUINT32 - *weight);
            continue;
        }
        guint32 start = (guint32)words->text->len;
        g_string_append_len(words->text, word, (gssize)strlen(word) + 1);
        g_array_append_val(words->starts, start);
        g_array_append_val(words->weights, entry->weight);
        last = word;
    }
    return words;
}

static LexiconWords *words_in(Postings *postings)
{
    Gathering gathering = {g_string_new(NULL), g_array_new(FALSE, FALSE, sizeof(Entry)),
                           g_string_new(NULL)};
    gboolean is_read =
        postings_begin(postings, NULL) && postings_terms(postings, "", take_term, &gathering, NULL);
    LexiconWords *words = is_read ? words_of(&gathering) : NULL;
    g_string_free(gathering.text, TRUE);
    g_array_unref(gathering.entries);
    g_string_free(gathering.word, TRUE);
    return words;
}

static LexiconWords *read_words(const char *path)
{
    g_autoptr(Archive) archive = archive_open_reader(path, NULL);
    if (!archive || !archive_begin(archive, NULL))
        return NULL;
    /* All of the index is read once: mapped, it would count as the server's memory. */
    sqlite3_int64 mapped_bytes = 0;
    sqlite3_file_control(archive_connection(archive), "main", SQLITE_FCNTL_MMAP_SIZE,
                         &mapped_bytes);
    g_autoptr(Postings) postings = postings_new(archive_connection(archive), NULL);
    LexiconWords *words = postings ? words_in(postings) : NULL;
    archive_rollback(archive);
    return words;
}

static gpointer run_reading(gpointer data)
{
    Lexicon *lexicon = data;
    gint64 began_us = g_get_monotonic_time();
    LexiconWords *words = read_words(lexicon->path);
    g_mutex_lock(&lexicon->mutex);
    lexicon->ended_us = g_get_monotonic_time();
    lexicon->lasted_us = lexicon->ended_us - began_us;
    lexicon->is_reading = FALSE;
    lexicon->has_tried = TRUE;
    LexiconWords *old = words ? lexicon->words : NULL;
    if (words)
        lexicon->words = words;
    g_cond_broadcast(&lexicon->read);
    g_mutex_unlock(&lexicon->mutex);
    lexicon_words_unref(old);
    return NULL;
}

/* When to read */

static Stamp take_stamp(const Lexicon *lexicon)
{
    const char *const PATHS[] = {lexicon->path, lexicon->log_path};
    Stamp stamp;
    memset(&stamp, 0, sizeof stamp);
    for (gsize i = 0; i < G_N_ELEMENTS(PATHS); i++) {
        struct stat status;
        if (stat(PATHS[i], &status) != 0)
            continue;
        stamp.file[i].device = status.st_dev;
        stamp.file[i].inode = status.st_ino;
        stamp.file[i].size_bytes = status.st_size;
        stamp.file[i].mtime_s = status.st_mtim.tv_sec;
        stamp.file[i].mtime_ns = status.st_mtim.tv_nsec;
    }
    return stamp;
}

/* With the mutex held. */
static void begin_reading(Lexicon *lexicon, const Stamp *stamp)
{
    if (lexicon->thread)
        g_thread_join(lexicon->thread);
    lexicon->stamp = *stamp;
    lexicon->is_reading = TRUE;
    lexicon->thread = g_thread_new("lexicon", run_reading, lexicon);
}

/* With the mutex held. */
static void read_if_due(Lexicon *lexicon)
{
    gint64 rest_us = lexicon->lasted_us * LEXICON_REST;
    if (lexicon->is_reading ||
        (lexicon->has_tried && g_get_monotonic_time() - lexicon->ended_us < rest_us))
        return;
    Stamp stamp = take_stamp(lexicon);
    if (!lexicon->has_tried || memcmp(&stamp, &lexicon->stamp, sizeof stamp) != 0)
        begin_reading(lexicon, &stamp);
}

Lexicon *lexicon_new(const char *archive_path)
{
    Lexicon *lexicon = g_new0(Lexicon, 1);
    lexicon->path = g_strdup(archive_path);
    lexicon->log_path = g_strconcat(archive_path, "-wal", NULL);
    g_mutex_init(&lexicon->mutex);
    g_cond_init(&lexicon->read);
    g_mutex_lock(&lexicon->mutex);
    read_if_due(lexicon);
    g_mutex_unlock(&lexicon->mutex);
    return lexicon;
}

void lexicon_free(Lexicon *lexicon)
{
    if (!lexicon)
        return;
    if (lexicon->thread)
        g_thread_join(lexicon->thread);
    lexicon_words_unref(lexicon->words);
    g_mutex_clear(&lexicon->mutex);
    g_cond_clear(&lexicon->read);
    g_free(lexicon->path);
    g_free(lexicon->log_path);
    g_free(lexicon);
}

LexiconWords *lexicon_words(Lexicon *lexicon)
{
    g_mutex_lock(&lexicon->mutex);
    read_if_due(lexicon);
    while (!lexicon->words && lexicon->is_reading)
        g_cond_wait(&lexicon->read, &lexicon->mutex);
    LexiconWords *words = lexicon->words;
    if (words)
        g_atomic_ref_count_inc(&words->references);
    g_mutex_unlock(&lexicon->mutex);
    return words;
}
