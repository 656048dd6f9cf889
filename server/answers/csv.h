/* CSV: lines of values for spreadsheets and statistics programs.
 *
 * Source of the form: RFC 4180. Every text is quoted, quotes within it doubled, lines end with CR
 * LF; no value holds a line end or another control character. The file begins with a byte order
 * mark, without which Excel takes UTF-8 for the code page of the computer and spoils every accent;
 * other readers of UTF-8 pass it over.
 *
 * Texts come from documents and file names that strangers wrote, and a spreadsheet runs what looks
 * like a formula. A text that begins with = + - @ (or their full-width forms) gets an apostrophe
 * before it, and so does one of these right after a comma or semicolon, because a program that
 * expects the other separator would begin a value there. */
#ifndef SCHEDARIO_CSV_H
#define SCHEDARIO_CSV_H

#include <glib.h>

/* The first bytes of a file. */
#define CSV_BEGINNING "\xef\xbb\xbf"

typedef struct {
    GString *out; /* borrowed */
    char separator;
    gboolean is_begun; /* a value stands in this line */
} CsvLine;

/* A line at the end of `out`, its values parted by `separator` (',' or ';'). */
CsvLine csv_line(GString *out, char separator);
/* Appends a value. A NULL text is an empty value. */
void csv_text(CsvLine *line, const char *text);
void csv_number(CsvLine *line, gint64 number);
/* With three decimals and a point, whatever the locale. */
void csv_real(CsvLine *line, double number);
void csv_end(CsvLine *line);

#endif
