/* Log line: one event as one line of names and values, for people and programs alike.
 *
 *     time=2026-05-04T10:20:30Z level=warning event=file-failed path="statuti/un file.pdf"
 * reason=password
 *
 * The form is "logfmt": a value with anything but plain characters stands in double quotes. Text
 * from outside (paths, messages that speak of them) can neither begin a new line nor another value
 * nor change how the line reads: quotes, backslashes, control characters, line and paragraph
 * separators, marks that turn the direction of writing, invisible characters and bytes that are no
 * UTF-8 are written as escapes. For the two mains; modules do not log. Source for the marks: UAX
 * #9, and the Unicode character categories Cc, Cf, Zl, Zp. */
#ifndef SCHEDARIO_LOG_LINE_H
#define SCHEDARIO_LOG_LINE_H

#include <glib.h>

typedef enum { LOG_INFO = 0, LOG_WARNING, LOG_ERROR } LogLevel;

/* The line, its end included; owned by the caller. After `event` come pairs of name and value (both
 * const char *), and NULL at the end; a pair whose value is NULL is left out. `event` and names are
 * plain words. */
char *log_line(LogLevel level, const char *event, ...) G_GNUC_NULL_TERMINATED;
/* The same with the time given, in seconds since 1970. */
char *log_line_at(gint64 unix_time, LogLevel level, const char *event, ...) G_GNUC_NULL_TERMINATED;

/* Writes the line to standard error in one piece, so that lines of several threads do not mix. */
void log_write(LogLevel level, const char *event, ...) G_GNUC_NULL_TERMINATED;

/* The same of one event for whoever reads standard error: a person at a terminal gets a sentence
 * ("PATH: MESSAGE", or the message alone for a NULL `path`), anything else a line with both. */
void log_tell(LogLevel level, const char *event, const char *path, const char *message);

/* A text to be shown to a person: on one line, with nothing in it that would not be seen. No
 * quotes; owned by the caller. */
char *log_printable(const char *text);

/* A value as it stands in a line: as it is when it is plain, else quoted. Owned by the caller. */
char *log_value(const char *text);

#endif
