/* PDF, by poppler.
 *
 * A page that cannot be loaded is said to have failed and the next one is read. So is one without
 * a letter or digit that shows a picture, or on which poppler found errors: there is something on
 * it that was not read. A page with nothing on it was read, and is empty. A file that has garbage
 * before its header, or a wrong media type because of it, is read as long as poppler finds a
 * document in it. */
#include "field.h"
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
    /* The beginning may be lost, and what is left begin amid a picture. */
    gboolean any_object = memmem(sample->bytes, sample->length, " obj", strlen(" obj")) != NULL;
    if (strcmp(sample->media_type, "application/pdf") == 0 || (header && object))
        return CLAIM_CERTAIN;
    return header || (unknown && any_object) ? CLAIM_POSSIBLE : CLAIM_NONE;
}

static void append_form_fields(OwnPage *page, GString *text)
{
    GList *fields = poppler_page_get_form_field_mapping(page);
    for (const GList *item = fields; item; item = item->next) {
        PopplerFormField *field = ((PopplerFormFieldMapping *)item->data)->field;
        g_autofree char *content = field_text(field);
        if (content)
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

/* What is known of a document while its pages are sent, one after another. */
typedef struct {
    Answer *answer;
    char *heading;        /* looked for as long as it is NULL, on the first pages */
    guint errors;         /* that poppler has reported so far */
    gboolean any_read;    /* a page was read, be it empty */
    gboolean any_picture; /* a page failed because it is a picture */
} Course;

/* poppler reports what is wrong with a page through GLib's log, and gives whatever it has read. */
static void on_poppler_message(const char *domain, GLogLevelFlags level, const char *message,
                               gpointer data)
{
    (void)domain;
    (void)level;
    Course *course = data;
    if (!g_str_has_prefix(message, "Syntax warning"))
        course->errors++;
}

/* The text of a damaged file need not be valid UTF-8. */
static gboolean has_letter_or_digit(const GString *text)
{
    g_autofree char *valid = g_utf8_make_valid(text->str, (gssize)text->len);
    for (const char *at = valid; *at; at = g_utf8_next_char(at))
        if (g_unichar_isalnum(g_utf8_get_char(at)))
            return TRUE;
    return FALSE;
}

/* Goes through the whole page once more: to be asked only where there is no text. */
static gboolean shows_picture(OwnPage *page)
{
    GList *pictures = poppler_page_get_image_mapping(page);
    gboolean any = pictures != NULL;
    poppler_page_free_image_mapping(pictures);
    return any;
}

static void send_page(PopplerDocument *document, int i, Course *course)
{
    guint errors_before = course->errors;
    g_autoptr(OwnPage) page = poppler_document_get_page(document, i);
    if (!page) {
        answer_page_failed(course->answer);
        return;
    }
    gboolean look = !course->heading && i < HEADING_PAGES;
    g_autoptr(GString) text = layout_page_text(page, look ? &course->heading : NULL);
    gboolean any_error = course->errors > errors_before; /* the form's do not count */
    append_form_fields(page, text);
    gboolean with_text = has_letter_or_digit(text);
    gboolean broken = !with_text && any_error;
    gboolean picture = !with_text && shows_picture(page);
    course->any_picture |= picture;
    course->any_read |= !picture && !broken;
    if (picture || broken)
        answer_page_failed(course->answer);
    else
        answer_page(course->answer, text->str, text->len);
}

static ReadOutcome send_pages(PopplerDocument *document, int pages, Answer *answer)
{
    Course course = {.answer = answer};
    guint handler = g_log_set_handler("Poppler", G_LOG_LEVEL_MASK, on_poppler_message, &course);
    for (int i = 0; i < pages && !answer_stopped(answer); i++)
        send_page(document, i, &course);
    g_log_remove_handler("Poppler", handler);
    answer_string(answer, FRAME_HEADING, course.heading);
    g_free(course.heading);
    return course.any_picture && !course.any_read ? READ_NO_TEXT : READ_DONE;
}

/* Every PDF has pages: where poppler finds none, the part of the file that names them is lost. */
static ReadOutcome send_document(PopplerDocument *document, Answer *answer)
{
    int pages = poppler_document_get_n_pages(document);
    if (pages <= 0)
        return READ_DAMAGED;
    if (pages > LIMIT_READ_PAGES)
        return READ_TOO_LARGE;
    send_metadata(document, answer);
    return send_pages(document, pages, answer);
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
