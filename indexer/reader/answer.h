/* Answer: what a format has to say of a file, sent to the pool in frames.
 *
 * Errors are sticky: once the pool has hung up, or the document has grown too large, every further
 * call does nothing, and answer_stopped() says so; a format checks it once a page. */
#ifndef SCHEDARIO_READER_ANSWER_H
#define SCHEDARIO_READER_ANSWER_H

#include "protocol.h"

#include <glib.h>

typedef struct Answer Answer;

/* An answer to one file, sent to `socket` (borrowed), of at most `text_max_bytes` of text. */
Answer *answer_new(int socket, guint64 text_max_bytes);
void answer_free(Answer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answer, answer_free)

/* Sends a string: FRAME_MEDIA_TYPE, TITLE, AUTHOR, SUBJECT or HEADING. It is made valid UTF-8, its
 * ends are trimmed and it is cut to what a frame holds. NULL or nothing but space sends nothing. */
void answer_string(Answer *answer, FrameType type, const char *text);

/* Sends the year of the document's creation; one outside 1800..2200 is no year and is not sent. */
void answer_year(Answer *answer, int year);

/* Sends the next page. Bytes that are no UTF-8, and NUL, are replaced. */
void answer_page(Answer *answer, const char *text, gsize length);
/* Says that the next page could not be read. */
void answer_page_failed(Answer *answer);

/* Sends FRAME_GLYPHS or FRAME_IMAGE, whose payload is within the frame's bounds. */
void answer_payload(Answer *answer, FrameType type, const void *bytes, gsize length);

/* How much text this answer may still hold, in bytes. */
guint64 answer_room_bytes(const Answer *answer);

/* TRUE when nothing more will be sent. */
gboolean answer_stopped(const Answer *answer);

/* Ends the answer. A document that has grown too large ends so, whatever `outcome` says. FALSE when
 * the pool has hung up. */
gboolean answer_end(Answer *answer, ReadOutcome outcome);

#endif
