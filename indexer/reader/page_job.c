/* Page jobs: see page_job.h. */
#include "page_job.h"

#include "answer.h"
#include "draw.h"
#include "frame.h"
#include "glyphs.h"
#include "place.h"

#include <errno.h>
#include <sys/socket.h>

enum { NUMBER_BYTES = 4, IMAGE_HEAD_BYTES = 3 * NUMBER_BYTES };

typedef struct {
    guint32 page;
    guint32 width; /* of an image */
    GArray *boxes; /* DrawBox; NULL for glyphs */
} Job;

gboolean page_job_is(char kind)
{
    return kind == READER_JOB_GLYPHS || kind == READER_JOB_IMAGE;
}

static gboolean receive(int socket, guint8 *bytes, gsize length)
{
    while (length > 0) {
        ssize_t got = recv(socket, bytes, length, 0);
        if (got > 0) {
            bytes += got;
            length -= (gsize)got;
        } else if (got == 0 || errno != EINTR) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean receive_box(int socket, GArray *boxes)
{
    guint8 bytes[READER_BOX_BYTES];
    DrawBox box;
    if (!receive(socket, bytes, sizeof bytes) || !place_get(bytes, &box.left) ||
        !place_get(bytes + 4, &box.top) || !place_get(bytes + 8, &box.width) ||
        !place_get(bytes + 12, &box.height))
        return FALSE;
    g_array_append_val(boxes, box);
    return TRUE;
}

static gboolean receive_image_job(int socket, Job *job)
{
    guint8 head[IMAGE_HEAD_BYTES];
    if (!receive(socket, head, sizeof head))
        return FALSE;
    job->page = frame_get_u32(head);
    job->width = frame_get_u32(head + 4);
    guint32 boxes = frame_get_u32(head + 8);
    if (job->width < READER_WIDTH_LEAST || job->width > READER_WIDTH_MOST || boxes > READER_BOXES)
        return FALSE;
    job->boxes = g_array_new(FALSE, FALSE, sizeof(DrawBox));
    for (guint32 i = 0; i < boxes; i++)
        if (!receive_box(socket, job->boxes))
            return FALSE;
    return TRUE;
}

static gboolean receive_glyphs_job(int socket, Job *job)
{
    guint8 page[NUMBER_BYTES];
    if (!receive(socket, page, sizeof page))
        return FALSE;
    job->page = frame_get_u32(page);
    return TRUE;
}

/* The payload of the answer's frame. */
static ReadOutcome make_payload(const Job *job, PopplerPage *page, GByteArray *out)
{
    guint8 size[FRAME_SIZE_BYTES];
    double width = 0;
    double height = 0;
    if (!draw_page_size(page, &width, &height))
        return READ_DAMAGED;
    place_put(width, size);
    place_put(height, size + 4);
    g_byte_array_append(out, size, sizeof size);
    if (job->boxes)
        return draw_page(page, job->width, (const DrawBox *)(const void *)job->boxes->data,
                         job->boxes->len, out);
    glyphs_write(page, width, height, out);
    return READ_DONE;
}

static gboolean answer_job(const Job *job, int socket, int fd, Opened *opened)
{
    g_autoptr(Answer) answer = answer_new(socket, 0);
    g_autoptr(GByteArray) payload = g_byte_array_new();
    PopplerPage *page = NULL;
    FrameType type = job->boxes ? FRAME_IMAGE : FRAME_GLYPHS;
    ReadOutcome outcome = opened_page(opened, fd, job->page, &page);
    if (outcome == READ_DONE)
        outcome = make_payload(job, page, payload);
    g_clear_object(&page);
    if (outcome == READ_DONE && payload->len > frame_max_bytes(type))
        outcome = READ_TOO_LARGE;
    if (outcome == READ_DONE)
        answer_payload(answer, type, payload->data, payload->len);
    return answer_end(answer, outcome);
}

gboolean page_job_do(char kind, int socket, int fd, Opened *opened)
{
    Job job = {0};
    gboolean received = kind == READER_JOB_IMAGE ? receive_image_job(socket, &job)
                                                 : receive_glyphs_job(socket, &job);
    gboolean answered = received && answer_job(&job, socket, fd, opened);
    g_clear_pointer(&job.boxes, g_array_unref);
    return answered;
}
