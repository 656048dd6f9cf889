/* Answer: see answer.h. Frames are gathered and sent in few, large pieces. */
#include "answer.h"

#include "frame.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

enum { SEND_BYTES = 64 * 1024 };

struct Answer {
    int socket;
    guint64 room_bytes;
    guint32 pages;
    gboolean hung_up;
    gboolean too_large;
    GByteArray *pending;
};

Answer *answer_new(int socket, guint64 text_max_bytes)
{
    Answer *answer = g_new0(Answer, 1);
    answer->socket = socket;
    answer->room_bytes = text_max_bytes;
    answer->pending = g_byte_array_sized_new(SEND_BYTES * 2);
    return answer;
}

void answer_free(Answer *answer)
{
    if (!answer)
        return;
    g_byte_array_unref(answer->pending);
    g_free(answer);
}

guint64 answer_room_bytes(const Answer *answer)
{
    return answer->room_bytes;
}

gboolean answer_stopped(const Answer *answer)
{
    return answer->hung_up || answer->too_large;
}

static void flush(Answer *answer)
{
    const guint8 *bytes = answer->pending->data;
    gsize left = answer->pending->len;
    while (left > 0 && !answer->hung_up) {
        ssize_t sent = send(answer->socket, bytes, left, MSG_NOSIGNAL);
        if (sent > 0) {
            bytes += sent;
            left -= (gsize)sent;
        } else if (errno != EINTR) {
            answer->hung_up = TRUE;
        }
    }
    g_byte_array_set_size(answer->pending, 0);
}

/* A frame whose payload is `head` followed by `body`. */
static void send_frame(Answer *answer, FrameType type, GBytes *head, const void *body, gsize length)
{
    gsize head_length = 0;
    const guint8 *head_bytes = head ? g_bytes_get_data(head, &head_length) : NULL;
    guint8 header[FRAME_HEADER_BYTES];
    gboolean allowed = frame_write_header(type, head_length + length, header);
    g_assert(allowed);
    g_byte_array_append(answer->pending, header, sizeof header);
    if (head_length > 0)
        g_byte_array_append(answer->pending, head_bytes, (guint)head_length);
    if (length > 0)
        g_byte_array_append(answer->pending, body, (guint)length);
    if (answer->pending->len >= SEND_BYTES)
        flush(answer);
}

/* The longest beginning of `text` of at most `max` bytes that ends with a whole character. */
static gsize cut_length(const char *text, gsize length, gsize max)
{
    if (length <= max)
        return length;
    while (max > 0 && ((guint8)text[max] & 0xC0) == 0x80)
        max--;
    return max;
}

void answer_string(Answer *answer, FrameType type, const char *text)
{
    if (!text || answer_stopped(answer))
        return;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_strstrip(valid);
    gsize length = cut_length(valid, strlen(valid), frame_max_bytes(type));
    if (length > 0)
        send_frame(answer, type, NULL, valid, length);
}

void answer_year(Answer *answer, int year)
{
    if (answer_stopped(answer) || year < 1800 || year > 2200)
        return;
    guint8 bytes[FRAME_YEAR_BYTES];
    frame_put_u16((guint16)year, bytes);
    send_frame(answer, FRAME_YEAR, NULL, bytes, sizeof bytes);
}

static GBytes *next_page_number(Answer *answer)
{
    guint8 bytes[FRAME_PAGE_NUMBER_BYTES];
    frame_put_u32(answer->pages++, bytes);
    return g_bytes_new(bytes, sizeof bytes);
}

void answer_page(Answer *answer, const char *text, gsize length)
{
    if (answer_stopped(answer))
        return;
    g_autofree char *valid = NULL;
    if (length > 0 && !g_utf8_validate_len(text, length, NULL)) {
        valid = g_utf8_make_valid(text, (gssize)length);
        text = valid;
        length = strlen(valid);
    }
    if (length > answer->room_bytes || length > FRAME_PAGE_MAX_BYTES) {
        answer->too_large = TRUE;
        return;
    }
    answer->room_bytes -= length;
    g_autoptr(GBytes) number = next_page_number(answer);
    send_frame(answer, FRAME_PAGE, number, text, length);
}

void answer_page_failed(Answer *answer)
{
    if (answer_stopped(answer))
        return;
    g_autoptr(GBytes) number = next_page_number(answer);
    send_frame(answer, FRAME_PAGE_FAILED, number, NULL, 0);
}

void answer_payload(Answer *answer, FrameType type, const void *bytes, gsize length)
{
    send_frame(answer, type, NULL, bytes, length);
}

gboolean answer_end(Answer *answer, ReadOutcome outcome)
{
    guint8 byte = (guint8)(answer->too_large ? READ_TOO_LARGE : outcome);
    send_frame(answer, FRAME_END, NULL, &byte, 1);
    flush(answer);
    return !answer->hung_up;
}
