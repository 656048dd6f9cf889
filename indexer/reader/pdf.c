/* PDF, by poppler.
 *
 * A page that cannot be loaded is said to have failed and the next one is read. A file that has
 * garbage before its header, or a wrong media type because of it, is read as long as poppler finds
 * a document in it. */
#include "format.h"
#include "layout.h"

#include "../limits.h"

#include <fcntl.h>
#include <poppler.h>
#include <string.h>

/* Where readers look for the header, and how many pages for a heading. */
enum { HEADER_WITHIN_BYTES = 1024, HEADING_PAGES = 3 };

/* Scope guards under names of our own: some versions of poppler define theirs, some do not. */
typedef PopplerDocument OwnDocument;
typedef PopplerPage OwnPage;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OwnDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OwnPage, g_object_unref)

static gboolean contains(const Sample *sample, const char *what)
{
    gsize within = MIN(sample->length, HEADER_WITHIN_BYTES);
    return memmem(sample->bytes, within, what, strlen(what)) != NULL;
}

static Claim pdf_claim(const Sample *sample)
{
    gboolean unknown = strcmp(sample->media_type, "application/octet-stream") == 0;
    gboolean header = contains(sample, "%PDF-");
    gboolean object = contains(sample, " obj");
    if (strcmp(sample->media_type, "application/pdf") == 0 || (header && object))
        return CLAIM_CERTAIN;
    return header || (unknown && object) ? CLAIM_POSSIBLE : CLAIM_NONE;
}

/* What was filled into a form is shown on the page, but is not part of poppler's page text. */
static void append_form_fields(OwnPage *page, GString *text)
{
    GList *fields = poppler_page_get_form_field_mapping(page);
    for (const GList *item = fields; item; item = item->next) {
        PopplerFormField *field = ((PopplerFormFieldMapping *)item->data)->field;
        if (poppler_form_field_get_field_type(field) != POPPLER_FORM_FIELD_TEXT)
            continue;
        g_autofree char *content = poppler_form_field_text_get_text(field);
        if (content && *content)
            g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", content);
    }
    poppler_page_free_form_field_mapping(fields);
}

static void send_metadata(PopplerDocument *document, Answer *answer)
{
    g_autofree char *title = poppler_document_get_title(document);
    g_autofree char *author = poppler_document_get_author(document);
    g_autofree char *subject = poppler_document_get_subject(document);
    g_autoptr(GDateTime) created = poppler_document_get_creation_date_time(document);
    answer_string(answer, FRAME_TITLE, title);
    answer_string(answer, FRAME_AUTHOR, author);
    answer_string(answer, FRAME_SUBJECT, subject);
    if (created)
        answer_year(answer, g_date_time_get_year(created));
}

/* Sends page `i`. `heading` is looked for as long as it is NULL, on the first pages. */
static void send_page(PopplerDocument *document, int i, char **heading, Answer *answer)
{
    g_autoptr(OwnPage) page = poppler_document_get_page(document, i);
    if (!page) {
        answer_page_failed(answer);
        return;
    }
    gboolean look = !*heading && i < HEADING_PAGES;
    g_autoptr(GString) text = layout_page_text(page, look ? heading : NULL);
    append_form_fields(page, text);
    answer_page(answer, text->str, text->len);
}

static ReadOutcome send_document(PopplerDocument *document, Answer *answer)
{
    int pages = poppler_document_get_n_pages(document);
    if (pages > LIMIT_READ_PAGES)
        return READ_TOO_LARGE;
    send_metadata(document, answer);
    g_autofree char *heading = NULL;
    for (int i = 0; i < pages && !answer_stopped(answer); i++)
        send_page(document, i, &heading, answer);
    answer_string(answer, FRAME_HEADING, heading);
    return READ_DONE;
}

static ReadOutcome pdf_read(int fd, Answer *answer)
{
    int own = fcntl(fd, F_DUPFD_CLOEXEC, 0); /* poppler closes the one it is given */
    if (own < 0)
        return READ_DAMAGED;
    g_autoptr(GError) error = NULL;
    g_autoptr(OwnDocument) document = poppler_document_new_from_fd(own, NULL, &error);
    if (!document)
        return g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED) ? READ_PASSWORD
                                                                              : READ_DAMAGED;
    return send_document(document, answer);
}

const Format format_pdf = {pdf_claim, pdf_read};
