/* Question log: what was asked, one JSON line a question, for operators who want to know it.
 *
 * Nothing is written unless the operator asks for it, and nothing that tells who asked: no address,
 * no name of a program, no mark that would join two questions of one person. */
#ifndef SCHEDARIO_QUESTION_LOG_H
#define SCHEDARIO_QUESTION_LOG_H

#include <fcntl.h>
#include <glib.h>

/* How the file is opened, and made. */
#define QUESTION_LOG_FLAGS (O_WRONLY | O_APPEND | O_CREAT)
enum { QUESTION_LOG_MODE = 0600 };

typedef struct QuestionLog QuestionLog;

/* Opens `path` for appending, made with mode 0600 when it is not there; "-" is standard output.
 * NULL and `error` (G_FILE_ERROR) on failure. */
QuestionLog *question_log_new(const char *path, GError **error);
void question_log_free(QuestionLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(QuestionLog, question_log_free)

/* Who opens the path from the next time on, where this process may not: gives a descriptor, or -1
 * and errno. `data` must outlive the log. */
void question_log_set_opener(QuestionLog *log, int (*open_file)(gpointer data), gpointer data);

/* Opens the path anew, after the file was moved away. FALSE and `error` on failure: then it goes on
 * with the old file. Thread-safe. */
gboolean question_log_reopen(QuestionLog *log, GError **error);

/* {"time", "typed", "language", "total", "took_ms"}: `typed` valid UTF-8; `language` that of the
 * page, NULL for a program; `took_us` in microseconds. A NULL `log` and an empty question write
 * nothing. A line goes out whole or is counted as lost; a reader's answer never fails over it.
 * Thread-safe. */
void question_log_write(QuestionLog *log, const char *typed, const char *language, guint total,
                        gint64 took_us);
/* Lines that could not be written since the last call. Thread-safe. */
guint question_log_take_lost(QuestionLog *log);

#endif
