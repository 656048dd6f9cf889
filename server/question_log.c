/* See question_log.h. One write() a line on a descriptor in append mode: lines of several threads,
 * and of several servers on one file, do not mix. */
#include "question_log.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

struct QuestionLog {
    char *path;
    int (*open_file)(gpointer data); /* NULL: this process opens it itself */
    gpointer data;
    GMutex mutex; /* of what follows */
    int file;
    guint lost;
};

static int open_log(const QuestionLog *log, GError **error)
{
    const char *path = log->path;
    int file;
    if (strcmp(path, "-") == 0)
        file = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    else if (log->open_file)
        file = log->open_file(log->data);
    else
        file = open(path, QUESTION_LOG_FLAGS | O_CLOEXEC | O_NOCTTY, QUESTION_LOG_MODE);
    if (file < 0)
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", path,
                    g_strerror(errno));
    return file;
}

QuestionLog *question_log_new(const char *path, GError **error)
{
    g_autoptr(QuestionLog) log = g_new0(QuestionLog, 1);
    g_mutex_init(&log->mutex);
    log->path = g_strdup(path);
    log->file = open_log(log, error);
    return log->file >= 0 ? g_steal_pointer(&log) : NULL;
}

void question_log_set_opener(QuestionLog *log, int (*open_file)(gpointer data), gpointer data)
{
    log->open_file = open_file;
    log->data = data;
}

void question_log_free(QuestionLog *log)
{
    if (!log)
        return;
    if (log->file >= 0)
        close(log->file);
    g_mutex_clear(&log->mutex);
    g_free(log->path);
    g_free(log);
}

gboolean question_log_reopen(QuestionLog *log, GError **error)
{
    int file = open_log(log, error);
    if (file < 0)
        return FALSE;
    g_mutex_lock(&log->mutex);
    close(log->file);
    log->file = file;
    g_mutex_unlock(&log->mutex);
    return TRUE;
}

static char *make_line(const char *typed, const char *language, guint total, gint64 took_us)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *time = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
    gint64 tenths = took_us / 100;
    json_t *object =
        json_pack("{s:s, s:s, s:s?, s:I, s:f}", "time", time, "typed", typed, "language", language,
                  "total", (json_int_t)total, "took_ms", (double)tenths / 10);
    char *text = object ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
    json_decref(object);
    char *line = text ? g_strconcat(text, "\n", NULL) : NULL;
    free(text);
    return line;
}

void question_log_write(QuestionLog *log, const char *typed, const char *language, guint total,
                        gint64 took_us)
{
    if (!log || !*typed)
        return;
    g_autofree char *line = make_line(typed, language, total, took_us);
    g_mutex_lock(&log->mutex);
    if (!line || write(log->file, line, strlen(line)) != (gssize)strlen(line))
        log->lost++;
    g_mutex_unlock(&log->mutex);
}

guint question_log_take_lost(QuestionLog *log)
{
    g_mutex_lock(&log->mutex);
    guint lost = log->lost;
    log->lost = 0;
    g_mutex_unlock(&log->mutex);
    return lost;
}
