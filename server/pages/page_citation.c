/* See page_citation.h.
 *
 * Sources: the inclusion guidelines of Google Scholar (citation_*), "Expressing Dublin Core in
 * HTML/XHTML meta and link elements" (DC.*), schema.org as microdata (HTML, 5), because scripts may
 * not stand in a page, which JSON-LD would be. */
#include "page_citation.h"

#include "../answers/cited.h"
#include "../answers/origin.h"
#include "../answers/result.h"
#include "wording.h"

static void add_pair(json_t *list, const char *name, const char *content)
{
    if (!content || !*content)
        return;
    json_t *object = json_object();
    page_set_text(object, "name", name);
    json_object_set_new(object, "content", result_text(content));
    json_array_append_new(list, object);
}

static void add_number(json_t *list, const char *name, gint64 number)
{
    g_autofree char *text = number > 0 ? g_strdup_printf("%" G_GINT64_FORMAT, number) : NULL;
    add_pair(list, name, text);
}

char *page_citation_text(const Page *page, const ArchiveDocument *document, guint number,
                         const char *address)
{
    g_autofree char *today = wording_date(page, g_get_real_time() / G_USEC_PER_SEC);
    json_t *value = json_object();
    json_object_set_new(value, "body", result_text(document->card->body));
    json_object_set_new(value, "title", result_text(document->card->title));
    json_object_set_new(value, "year", json_integer(document->card->year));
    json_object_set_new(value, "page", json_integer(number));
    page_set_text(value, "address", address);
    page_set_text(value, "today", today);
    char *text = page_word(page, "citation", "", value);
    json_decref(value);
    return text;
}

/* The head */

static void add_languages(json_t *list, const char *name, const ArchiveDocument *document)
{
    for (int i = LANGUAGE_ITALIAN; i < LANGUAGE_COUNT; i++)
        if (document->share[i] >= ARCHIVE_LANGUAGE_SHARE)
            add_pair(list, name, language_code((Language)i));
}

/* A page's address stands for the page; title and original are those of the whole. */
static json_t *make_metadata(const ArchiveDocument *document, const Citation *citation)
{
    json_t *list = json_array();
    add_pair(list, "citation_title", citation->title);
    add_pair(list, "citation_author", citation->body);
    add_number(list, "citation_publication_date", citation->year);
    add_languages(list, "citation_language", document);
    add_number(list, "citation_firstpage", citation->page);
    add_number(list, "citation_lastpage", citation->page);
    add_pair(list, "citation_abstract_html_url", citation->address);
    add_pair(list, "citation_public_url", citation->address);
    add_pair(list, "citation_pdf_url", citation->file);
    add_pair(list, "DC.title", citation->title);
    add_pair(list, "DC.creator", citation->body);
    add_number(list, "DC.date", citation->year);
    add_languages(list, "DC.language", document);
    add_pair(list, "DC.type", "Text");
    add_pair(list, "DC.type", citation->kind_label);
    add_pair(list, "DC.format", document->media_type);
    add_pair(list, "DC.identifier", citation->address);
    return list;
}

/* A page that was asked for in a language by its address stays in it, as its alternates do. */
static char *canonical_address(const Page *page, const char *origin, const char *id, guint number)
{
    g_autofree char *path = page_document_link(page, id, number, NULL);
    return origin_address(origin, path);
}

/* The panel */

static const struct {
    const char *ending;
    const char *label;
} FORMS[] = {{"bib", "BibTeX"}, {"ris", "RIS"}, {"json", "CSL-JSON"}, {"txt", NULL}};

static char *form_link(const Page *page, const char *id, guint number, const char *ending)
{
    Address address = address_begin("/documents");
    address_segment(&address, id);
    address_segment(&address, "citation");
    address_segment(&address, ending);
    if (number > 0)
        address_pair_number(&address, "page", number);
    return page_address_take(page, &address);
}

static json_t *make_forms(const Page *page, const char *id, guint number)
{
    json_t *list = json_array();
    for (gsize i = 0; i < G_N_ELEMENTS(FORMS); i++) {
        json_t *object = json_object();
        page_take_text(object, "label",
                       FORMS[i].label ? g_strdup(FORMS[i].label)
                                      : page_word(page, "cite_form_", FORMS[i].ending, NULL));
        page_take_text(object, "address", form_link(page, id, number, FORMS[i].ending));
        json_array_append_new(list, object);
    }
    return list;
}

static const char *schema_type(const Citation *citation)
{
    static const struct {
        const char *type;
        const char *address;
    } TYPES[] = {{"legislation", "https://schema.org/Legislation"},
                 {"report", "https://schema.org/Report"}};
    for (gsize i = 0; i < G_N_ELEMENTS(TYPES); i++)
        if (g_strcmp0(TYPES[i].type, citation_type(citation->kind)) == 0)
            return TYPES[i].address;
    return "https://schema.org/DigitalDocument";
}

static json_t *make_properties(const ArchiveDocument *document, const Citation *citation)
{
    json_t *list = json_array();
    add_pair(list, "name", citation->title);
    add_number(list, "datePublished", citation->year);
    add_languages(list, "inLanguage", document);
    add_pair(list, "genre", citation->kind_label);
    add_pair(list, "identifier", citation->id);
    add_pair(list, "encodingFormat", document->media_type);
    return list;
}

static json_t *make_panel(const Page *page, const ArchiveDocument *document,
                          const Citation *citation)
{
    json_t *panel = json_object();
    page_take_text(panel, "text",
                   page_citation_text(page, document, citation->page, citation->address));
    page_set_text(panel, "address", citation->address);
    json_object_set_new(panel, "forms", make_forms(page, citation->id, citation->page));
    page_set_text(panel, "schema_type", schema_type(citation));
    json_object_set_new(panel, "properties", make_properties(document, citation));
    json_object_set_new(panel, "body", result_text(citation->body));
    page_set_text(panel, "file", citation->file);
    return panel;
}

void page_citation_set(Page *page, const ArchiveDocument *document, guint number)
{
    g_autofree char *origin = origin_of(page->request, page->service);
    g_autofree char *kind = page_word(page, "kind_", kind_name(document->card->kind), NULL);
    g_auto(Cited) cited = {0};
    cited_init(&cited, document, origin, number, document->card->kind != KIND_OTHER ? kind : NULL,
               g_get_real_time() / G_USEC_PER_SEC);
    page_take_text(page->value, "canonical_url",
                   canonical_address(page, origin, document->id, number));
    json_object_set_new(page->value, "metadata", make_metadata(document, &cited.citation));
    json_object_set_new(page->value, "cite", make_panel(page, document, &cited.citation));
}
