/* libFuzzer target of indexer/reader/page_job: what the reader is asked. An input is the kind of
 * job and its numbers. Whatever they are, the reader sends nothing, or one whole answer that the
 * server takes. */
#include "fuzz.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../indexer/reader/page_job.h"
#include "../../server/images/rendering_answer.h"

const char *__lsan_default_suppressions(void);

/* fontconfig keeps what it once read. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig";
}

/* A low page, so that its image is small however wide. */
static const char PDF[] =
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 12]/Contents 4 0 R"
    "/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
    "4 0 obj<</Length 40>>stream\nBT /F 9 Tf 4 3 Td (Statuto comunale) Tj ET \nendstream endobj\n"
    "trailer<</Size 5/Root 1 0 R>>\n%%EOF\n";

static int open_pdf(void)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    require(fd >= 0 && write(fd, PDF, strlen(PDF)) == (ssize_t)strlen(PDF));
    return fd;
}

static void read_answer(int socket, GByteArray *answer)
{
    guint8 piece[4096];
    ssize_t got;
    while ((got = recv(socket, piece, sizeof piece, MSG_DONTWAIT)) > 0)
        g_byte_array_append(answer, piece, (guint)got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Opened opened;
    static int pdf = -1;
    FuzzInput input = {data, size};
    g_auto(RenderingAnswer) answer;
    int sockets[2], room = 1 << 20;
    char kind = fuzz_byte(&input) & 1 ? READER_JOB_IMAGE : READER_JOB_GLYPHS;
    pdf = pdf < 0 ? open_pdf() : pdf;
    rendering_answer_init(&answer, kind == READER_JOB_IMAGE ? FRAME_IMAGE : FRAME_GLYPHS,
                          READER_WIDTH_MOST);
    require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0);
    for (int i = 0; i < 2; i++)
        setsockopt(sockets[i], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    size_t sent = MIN(input.left, (size_t)READER_BOXES * READER_BOX_BYTES + 64);
    require(sent == 0 || send(sockets[0], input.at, sent, 0) == (ssize_t)sent);
    shutdown(sockets[0], SHUT_WR);
    gboolean is_answered = page_job_do(kind, sockets[1], pdf, &opened);
    read_answer(sockets[0], answer.input);
    require(is_answered || answer.input->len == 0);
    if (is_answered)
        require(rendering_answer_take(&answer) == RENDERING_WHOLE);
    close(sockets[0]);
    close(sockets[1]);
    return 0;
}
