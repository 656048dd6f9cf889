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
    GMutex mutex; /* of what follows */
    int file;
    guint lost;
};

static int open_file(const char *path, GError **error)
{
    int file = strcmp(path, "-") == 0
                   ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                   : open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
    if (file < 0)
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", path,
                    g_strerror(errno));
    return file;
}

QuestionLog *question_log_new(const char *path, GError **error)
{
    int file = open_file(path, error);
    if (file < 0)
        return NULL;
    QuestionLog *log = g_new0(QuestionLog, 1);
    log->path = g_strdup(path);
    log->file = file;
    g_mutex_init(&log->mutex);
    return log;
}

void question_log_free(QuestionLog *log)
{
    if (!log)
        return;
    close(log->file);
    g_mutex_clear(&log->mutex);
    g_free(log->path);
    g_free(log);
}

gboolean question_log_reopen(QuestionLog *log, GError **error)
{
    int file = open_file(log->path, error);
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
    json_t *object =
        json_pack("{s:s, s:s, s:s?, s:I, s:f}", "time", time, "typed", typed, "language", language,
                  "total", (json_int_t)total, "took_ms", (double)(took_us / 100) / 10);
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
