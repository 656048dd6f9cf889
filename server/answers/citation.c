/* See citation.h. */
#include "citation.h"

#include <string.h>

#include "plain.h"

enum {
    KEY_WORD_BYTES = 32, /* of the body or title in a key */
    KEY_ID_BYTES = 12,   /* of the id: enough to tell a million documents apart */
    FILE_NAME_BYTES = 60,
};

static const char ARCHIVE_NAME[] = "Schedario";

static const struct {
    const char *ending;
    const char *media_type;
} FORMS[CITATION_FORMS] = {
    {"bib", "text/x-bibtex; charset=utf-8"},
    {"ris", "application/x-research-info-systems; charset=utf-8"},
    {"json", "application/vnd.citationstyles.csl+json"},
};

const char *citation_ending(CitationForm form)
{
    return FORMS[form].ending;
}

const char *citation_media_type(CitationForm form)
{
    return FORMS[form].media_type;
}

/* Types, as each form calls them. RIS has GOVDOC and LEGAL, too, but readers disagree on what these
 * are; RPRT is what all of them know for grey literature. */
typedef struct {
    const char *csl;
    const char *ris;
    const char *coins; /* genre of the format "book" */
    gboolean is_report;
} CitationType;

static const CitationType LEGISLATION = {"legislation", "STAT", "document", FALSE};
static const CitationType REPORT = {"report", "RPRT", "report", TRUE};
static const CitationType DOCUMENT = {"document", "RPRT", "document", FALSE};

static const CitationType *const TYPES[KIND_COUNT] = {
    [KIND_OTHER] = &DOCUMENT,     [KIND_STATUTE] = &LEGISLATION, [KIND_REGULATION] = &LEGISLATION,
    [KIND_PLAN] = &REPORT,        [KIND_PROGRAMME] = &REPORT,    [KIND_RESOLUTION] = &DOCUMENT,
    [KIND_AGREEMENT] = &DOCUMENT, [KIND_REPORT] = &REPORT,
};

const char *citation_type(Kind kind)
{
    return TYPES[kind]->csl;
}

/* The day of access where the server is, as the text form has it. NULL for none. */
static char *accessed_date(const Citation *citation, const char *format)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(citation->accessed_unix);
    return citation->accessed_unix > 0 && time ? g_date_time_format(time, format) : NULL;
}

/* Names */

static void append_part(GString *name, const char *part)
{
    if (*part)
        g_string_append_printf(name, "%s%s", name->len > 0 ? "-" : "", part);
}

/* Year and page. */
static void append_numbers(GString *name, const Citation *citation, const char *between)
{
    g_autofree char *year = citation->year ? g_strdup_printf("%d", citation->year) : g_strdup("");
    g_autofree char *page = citation->page ? g_strdup_printf("p%u", citation->page) : g_strdup("");
    append_part(name, year);
    append_part(name, between);
    append_part(name, page);
}

char *citation_key(const Citation *citation)
{
    GString *key = g_string_new(NULL);
    g_autofree char *word =
        plain_slug(citation->body ? citation->body : citation->title, KEY_WORD_BYTES);
    g_autofree char *id = g_strndup(citation->id, KEY_ID_BYTES);
    append_part(key, word);
    append_numbers(key, citation, id);
    return g_string_free(key, FALSE);
}

char *citation_file_name(const Citation *citation, const char *ending)
{
    GString *name = g_string_new(NULL);
    g_autofree char *title = plain_slug(citation->title, FILE_NAME_BYTES);
    append_part(name, *title ? title : citation->id);
    append_numbers(name, citation, "");
    g_string_append_printf(name, ".%s", ending);
    return g_string_free(name, FALSE);
}

/* BibTeX */

/* What TeX takes for more than a character. Braces as commands, because BibTeX counts those of a
 * value whatever stands before them. */
static const char *tex_of(char c)
{
    static const struct {
        char c;
        const char *tex;
    } SPECIALS[] = {
        {'\\', "$\\backslash$"},
        {'{', "{\\textbraceleft}"},
        {'}', "{\\textbraceright}"},
        {'~', "{\\textasciitilde}"},
        {'^', "{\\textasciicircum}"},
        {'$', "\\$"},
        {'&', "\\&"},
        {'#', "\\#"},
        {'_', "\\_"},
        {'%', "\\%"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(SPECIALS); i++)
        if (SPECIALS[i].c == c)
            return SPECIALS[i].tex;
    return NULL;
}

static void append_tex(GString *out, const char *text)
{
    g_autofree char *line = plain_line(text);
    for (const char *at = line; *at; at++) {
        const char *tex = tex_of(*at);
        if (tex)
            g_string_append(out, tex);
        else
            g_string_append_c(out, *at);
    }
}

/* `is_whole`: braces of its own keep a name from being taken apart, and a title's capitals. */
static void bibtex_text(GString *out, const char *name, const char *text, gboolean is_whole)
{
    if (!text || !*text)
        return;
    g_string_append_printf(out, ",\n  %s = {%s", name, is_whole ? "{" : "");
    append_tex(out, text);
    g_string_append(out, is_whole ? "}}" : "}");
}

static void bibtex_number(GString *out, const char *name, gint64 number)
{
    if (number > 0)
        g_string_append_printf(out, ",\n  %s = {%" G_GINT64_FORMAT "}", name, number);
}

/* Addresses stand as they are: the package url wants no escapes, and they hold no brace. */
static void bibtex_plain(GString *out, const char *name, const char *text)
{
    if (text)
        g_string_append_printf(out, ",\n  %s = {%s}", name, text);
}

static const char *bibtex_language(const Citation *citation)
{
    if (!citation->language)
        return NULL;
    return strcmp(citation->language, "it") == 0 ? "italian" : "english";
}

/* A report has an author and an institution; without them BibTeX would complain of it. */
void citation_bibtex(const Citation *citation, GString *out)
{
    g_autofree char *key = citation_key(citation);
    g_autofree char *accessed = accessed_date(citation, "%Y-%m-%d");
    gboolean is_report = TYPES[citation->kind]->is_report && citation->body;
    g_string_append_printf(out, "@%s{%s", is_report ? "techreport" : "misc", key);
    bibtex_text(out, "author", citation->body, TRUE);
    bibtex_text(out, "title", citation->title, TRUE);
    bibtex_text(out, "institution", is_report ? citation->body : NULL, TRUE);
    bibtex_text(out, "type", citation->kind_label, TRUE);
    bibtex_number(out, "year", citation->year);
    bibtex_number(out, "pages", citation->page);
    bibtex_number(out, "pagetotal", citation->page_count);
    bibtex_plain(out, "langid", bibtex_language(citation));
    bibtex_plain(out, "url", citation->address);
    bibtex_plain(out, "urldate", accessed);
    g_string_append(out, "\n}\n\n");
}

/* RIS */

static void ris_tag(GString *out, const char *tag, const char *text)
{
    if (!text || !*text)
        return;
    g_autofree char *line = plain_line(text);
    g_string_append_printf(out, "%s  - %s\r\n", tag, line);
}

static void ris_number(GString *out, const char *tag, gint64 number)
{
    if (number > 0)
        g_string_append_printf(out, "%s  - %" G_GINT64_FORMAT "\r\n", tag, number);
}

/* A comma parts a person's names; one at the end says that there is only one. */
static void ris_body(GString *out, const char *body)
{
    g_auto(GStrv) parts = g_strsplit(body ? body : "", ",", -1);
    g_autoptr(GString) name = g_string_new(NULL);
    for (guint i = 0; parts[i]; i++) {
        g_autofree char *part = plain_line(parts[i]);
        if (*part)
            g_string_append_printf(name, "%s%s", name->len > 0 ? " - " : "", part);
    }
    if (name->len == 0)
        return;
    g_string_append_c(name, ',');
    ris_tag(out, "AU", name->str);
}

/* No day of access: Y2, which has it today, was once the second of two dates of the work, and is
 * still read so (bibutils makes it the end of a range of years). */
void citation_ris(const Citation *citation, GString *out)
{
    g_autofree char *key = citation_key(citation);
    ris_tag(out, "TY", TYPES[citation->kind]->ris);
    ris_tag(out, "ID", key);
    ris_body(out, citation->body);
    ris_tag(out, "TI", citation->title);
    ris_number(out, "PY", citation->year);
    ris_tag(out, "M3", citation->kind_label);
    ris_number(out, "SP", citation->page);
    ris_number(out, "EP", citation->page);
    ris_tag(out, "LA", citation->language);
    ris_tag(out, "UR", citation->address);
    ris_tag(out, "L1", citation->file);
    ris_tag(out, "DB", ARCHIVE_NAME);
    ris_tag(out, "AN", citation->id);
    g_string_append(out, "ER  - \r\n\r\n");
}

/* CSL-JSON */

static void csl_text(json_t *item, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    g_autofree char *line = plain_line(text);
    json_object_set_new(item, name, json_string(line));
}

static json_t *csl_accessed(const Citation *citation)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(citation->accessed_unix);
    return json_pack("{s:[[i,i,i]]}", "date-parts", g_date_time_get_year(time),
                     g_date_time_get_month(time), g_date_time_get_day_of_month(time));
}

json_t *citation_csl(const Citation *citation)
{
    json_t *item = json_object();
    g_autofree char *key = citation_key(citation);
    g_autofree char *body = plain_line(citation->body);
    json_object_set_new(item, "id", json_string(key));
    json_object_set_new(item, "type", json_string(TYPES[citation->kind]->csl));
    csl_text(item, "title", citation->title);
    if (*body)
        json_object_set_new(item, "author", json_pack("[{s:s}]", "literal", body));
    if (citation->year)
        json_object_set_new(item, "issued", json_pack("{s:[[i]]}", "date-parts", citation->year));
    csl_text(item, "genre", citation->kind_label);
    if (citation->page)
        json_object_set_new(item, "page", json_sprintf("%u", citation->page));
    if (citation->page_count)
        json_object_set_new(item, "number-of-pages", json_sprintf("%u", citation->page_count));
    csl_text(item, "language", citation->language);
    csl_text(item, "URL", citation->address);
    if (citation->accessed_unix > 0)
        json_object_set_new(item, "accessed", csl_accessed(citation));
    csl_text(item, "source", ARCHIVE_NAME);
    csl_text(item, "archive_location", citation->id);
    return item;
}

GString *citation_file(const Citation *citation, CitationForm form)
{
    GString *out = g_string_new(NULL);
    if (form == CITATION_BIBTEX)
        citation_bibtex(citation, out);
    if (form == CITATION_RIS)
        citation_ris(citation, out);
    if (form != CITATION_CSL)
        return out;
    json_t *list = json_pack("[o]", citation_csl(citation));
    char *text = json_dumps(list, JSON_INDENT(2));
    json_decref(list);
    g_string_append_printf(out, "%s\n", text);
    free(text);
    return out;
}

/* COinS */

static void coins_pair(GString *out, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    g_autofree char *line = plain_line(text);
    g_string_append_printf(out, "&%s=", name);
    g_string_append_uri_escaped(out, line, NULL, FALSE);
}

char *citation_coins(const Citation *citation)
{
    GString *out = g_string_new("ctx_ver=Z39.88-2004");
    g_autofree char *year = citation->year ? g_strdup_printf("%d", citation->year) : NULL;
    g_autofree char *page = citation->page ? g_strdup_printf("%u", citation->page) : NULL;
    coins_pair(out, "rft_val_fmt", "info:ofi/fmt:kev:mtx:book");
    coins_pair(out, "rfr_id", "info:sid/schedario");
    coins_pair(out, "rft.genre", TYPES[citation->kind]->coins);
    coins_pair(out, "rft.btitle", citation->title);
    coins_pair(out, "rft.aucorp", citation->body);
    coins_pair(out, "rft.date", year);
    coins_pair(out, "rft.spage", page);
    coins_pair(out, "rft.language", citation->language);
    coins_pair(out, "rft_id", citation->address);
    return g_string_free(out, FALSE);
}
