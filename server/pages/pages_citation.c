/* Citations as files: /documents/{id}/citation/{format}. See pages.h. */
#include <string.h>

#include "../answers/cited.h"
#include "../answers/origin.h"
#include "../answers/parameters.h"
#include "page_citation.h"
#include "page_document.h"
#include "pages.h"

static HttpResponse *file_response(const Page *page, const ArchiveDocument *document,
                                   const Citation *citation, const char *ending)
{
    GString *text = NULL;
    const char *type = "text/plain; charset=utf-8";
    for (int form = 0; form < CITATION_FORMS; form++) {
        if (strcmp(ending, citation_ending((CitationForm)form)) != 0)
            continue;
        text = citation_file(citation, (CitationForm)form);
        type = citation_media_type((CitationForm)form);
    }
    if (!text && strcmp(ending, "txt") == 0) {
        g_autofree char *line =
            page_citation_text(page, document, citation->page, citation->address);
        text = g_string_new(line);
        g_string_append_c(text, '\n');
    }
    if (!text)
        return page_error(page->request, page->service, 404);
    HttpResponse *response = http_response_new(200, type, g_string_free_to_bytes(text));
    g_autofree char *name = citation_file_name(citation, ending);
    g_autofree char *disposition = g_strdup_printf("attachment; filename=\"%s\"", name);
    http_response_header(response, "Content-Disposition", disposition);
    http_response_header(response, "Content-Language", page->language);
    http_response_header(response, "Vary", "Accept-Language");
    http_response_header(response, "X-Robots-Tag", "noindex");
    return response;
}

static HttpResponse *cite(const Page *page, const ArchiveDocument *document, guint number)
{
    const HttpRequest *request = page->request;
    if (number > document->page_count)
        return page_error(request, page->service, 404);
    g_autofree char *origin = origin_of(request, page->service);
    g_autofree char *kind = page_word(page, "kind_", kind_name(document->card->kind), NULL);
    g_auto(Cited) cited = {0};
    cited_init(&cited, document, origin, number, document->card->kind != KIND_OTHER ? kind : NULL,
               g_get_real_time() / G_USEC_PER_SEC);
    return file_response(page, document, &cited.citation, request->segments[1]);
}

HttpResponse *pages_citation(const HttpRequest *request, gpointer service)
{
    GError *error = NULL;
    guint number = 0;
    if (!parameter_number(request, "page", 1, G_MAXINT, &number, &error))
        return page_bad_value(request, service, error);
    g_auto(PageDocument) document;
    page_document_open(&document, request, service);
    if (document.outcome != LOOKUP_FOUND)
        return page_document_absent(&document);
    return cite(&document.page, document.lookup.document, number);
}
