/* See page_record.h. */
#include "page_record.h"

#include <string.h>

#include "../answers/plain.h"
#include "../answers/result.h"
#include "../search/facets.h"
#include "page_card.h"
#include "page_facets.h"
#include "wording.h"

/* Sections and rows */

static json_t *add_section(const Page *page, json_t *sections, const char *name)
{
    json_t *section = json_object();
    page_take_text(section, "heading", page_word(page, "record_section_", name, NULL));
    json_object_set_new(section, "rows", json_array());
    json_array_append_new(sections, section);
    return section;
}

/* A row with the label taken; its values are still to come. */
static json_t *add_row(json_t *section, char *label)
{
    json_t *row = json_object();
    page_take_text(row, "label", label);
    json_object_set_new(row, "values", json_array());
    json_array_append_new(json_object_get(section, "rows"), row);
    return row;
}

static json_t *add_named_row(const Page *page, json_t *section, const char *name)
{
    return add_row(section, page_word(page, "record_", name, NULL));
}

static json_t *add_value(json_t *row, const char *text)
{
    json_t *value = json_object();
    json_object_set_new(value, "text", result_text(text ? text : ""));
    page_set_text(value, "term", NULL);
    page_set_text(value, "address", NULL);
    json_array_append_new(json_object_get(row, "values"), value);
    return value;
}

static json_t *take_value(json_t *row, char *text)
{
    json_t *value = add_value(row, text);
    g_free(text);
    return value;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static guint64 count_of(const json_t *object, const char *key)
{
    return (guint64)json_integer_value(json_object_get(object, key));
}

static void add_number(const Page *page, json_t *section, const char *name, guint64 number)
{
    take_value(add_named_row(page, section, name), wording_number(page, number));
}

/* The search */

static void add_question(const Page *page, json_t *sections, const json_t *record)
{
    json_t *section = add_section(page, sections, "search");
    const json_t *query = json_object_get(record, "query");
    const char *typed = text_of(query, "typed");
    take_value(add_named_row(page, section, "made"),
               wording_time(page, wording_unix(json_object_get(record, "made"))));
    json_t *row = add_named_row(page, section, "typed");
    if (*typed)
        add_value(row, typed);
    else
        take_value(row, page_word(page, "record_", "typed_none", NULL));
    if (*typed)
        add_value(add_named_row(page, section, "understood"), text_of(query, "understood"));
    size_t i;
    json_t *note;
    json_array_foreach(json_object_get(query, "notes"), i, note)
        take_value(add_named_row(page, section, "note"),
                   page_word(page, "note_", text_of(note, "code"), note));
    take_value(add_named_row(page, section, "sort"),
               page_word(page, "sort_", text_of(record, "sort"), NULL));
    json_t *address =
        add_value(add_named_row(page, section, "repeats"), text_of(record, "repeats"));
    page_set_text(address, "address", text_of(record, "repeats"));
}

static char *weight_text(const Page *page, double weight)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_autofree char *decimal = page_word(page, "number_", "decimal", NULL);
    g_auto(GStrv) parts =
        g_strsplit(g_ascii_formatd(number, sizeof number, "%.2f", weight), ".", 2);
    return g_strjoinv(decimal, parts);
}

/* What the archive was searched for, "decentralised cooperation (English, thesaurus, weight 0.80)".
 */
static void add_term(const Page *page, json_t *row, const json_t *term)
{
    const char *language = text_of(term, "language");
    json_t *words = json_object();
    page_take_text(words, "language",
                   *language ? page_word(page, "record_language_", language, NULL) : NULL);
    page_take_text(words, "source",
                   page_word(page, "record_source_", text_of(term, "source"), NULL));
    page_take_text(words, "weight",
                   weight_text(page, json_number_value(json_object_get(term, "weight"))));
    json_t *value = take_value(row, page_word(page, "record_", "term", words));
    page_set_text(value, "term", text_of(term, "term"));
    page_set_text(value, "term_lang", strcmp(language, "und") == 0 ? "" : language);
    json_decref(words);
}

static void add_concepts(const Page *page, json_t *sections, const json_t *query)
{
    size_t i, j;
    json_t *concept, *term, *concepts = json_object_get(query, "concepts");
    if (json_array_size(concepts) == 0)
        return;
    json_t *section = add_section(page, sections, "names");
    json_array_foreach(concepts, i, concept)
    {
        json_t *count = wording_count(page, count_of(concept, "documents"));
        page_set_text(count, "typed", text_of(concept, "typed"));
        json_t *row = add_row(section, page_word(page, "record_", "concept", count));
        json_array_foreach(json_object_get(concept, "terms"), j, term) add_term(page, row, term);
        json_decref(count);
    }
    take_value(add_named_row(page, section, "translated"),
               page_word(page, "record_translated_",
                         json_is_true(json_object_get(query, "translated")) ? "on" : "off", NULL));
}

static gboolean add_filter(const Page *page, json_t *section, Facet facet, const json_t *filters)
{
    size_t i;
    json_t *value, *values = json_object_get(filters, facet_name(facet));
    if (json_array_size(values) == 0)
        return FALSE;
    json_t *row = add_row(section, page_word(page, "facet_", facet_name(facet), NULL));
    json_array_foreach(values, i, value)
        take_value(row, page_facet_label(page, facet, json_string_value(value)));
    return TRUE;
}

static gboolean add_years(const Page *page, json_t *section, const json_t *filters)
{
    gint64 from = json_integer_value(json_object_get(filters, "year_from"));
    gint64 to = json_integer_value(json_object_get(filters, "year_to"));
    if (from == 0 && to == 0)
        return FALSE;
    json_t *value = json_pack("{s:I, s:I, s:b}", "from", (json_int_t)from, "to", (json_int_t)to,
                              "is_one", from == to);
    json_t *row = add_row(section, page_word(page, "facet_", "year", NULL));
    take_value(row, page_word(page, "chip_", "years", value));
    json_decref(value);
    return TRUE;
}

static void add_filters(const Page *page, json_t *sections, const json_t *filters)
{
    json_t *section = add_section(page, sections, "filters");
    gboolean has_any = FALSE;
    for (int facet = 0; facet < FACET_COUNT; facet++)
        if (facet != FACET_YEAR)
            has_any |= add_filter(page, section, (Facet)facet, filters);
    has_any |= add_years(page, section, filters);
    if (!has_any)
        take_value(add_named_row(page, section, "filters"),
                   page_word(page, "record_", "filters_none", NULL));
}

/* What was found */

static void add_counts_of(const Page *page, json_t *section, Facet facet, const json_t *counts)
{
    size_t i;
    json_t *one, *values = json_object_get(counts, facet_name(facet));
    if (json_array_size(values) == 0)
        return;
    json_t *row = add_row(section, page_word(page, "facet_", facet_name(facet), NULL));
    json_array_foreach(values, i, one)
    {
        g_autofree char *label = facet == FACET_YEAR
                                     ? g_strdup(text_of(one, "value"))
                                     : page_facet_label(page, facet, text_of(one, "value"));
        g_autofree char *number = wording_number(page, count_of(one, "count"));
        take_value(row, g_strdup_printf("%s: %s", label, number));
    }
}

static void add_counts(const Page *page, json_t *sections, const json_t *counts)
{
    json_t *section = add_section(page, sections, "found");
    add_number(page, section, "total", count_of(counts, "total"));
    add_number(page, section, "partial", count_of(counts, "partial"));
    add_counts_of(page, section, FACET_LANGUAGE, counts);
    add_counts_of(page, section, FACET_KIND, counts);
    add_counts_of(page, section, FACET_YEAR, counts);
}

static void add_unsearchable(const Page *page, json_t *sections, const json_t *unsearchable)
{
    size_t i;
    json_t *one, *list = json_object_get(unsearchable, "documents");
    guint64 count = count_of(unsearchable, "count");
    json_t *section = add_section(page, sections, "unsearchable");
    add_number(page, section, "unsearchable", count);
    if (count == 0)
        return;
    json_t *row = add_named_row(page, section, "unsearchable_list");
    json_array_foreach(list, i, one)
    {
        g_autofree char *why = page_word(page, "failure_", text_of(one, "reason"), one);
        json_t *value = take_value(row, g_strdup_printf("%s – %s", text_of(one, "path"),
                                                        why ? why : text_of(one, "sentence")));
        page_set_text(value, "address", text_of(one, "address"));
    }
    if (json_array_size(list) < count) {
        json_t *rest = wording_count(page, count - json_array_size(list));
        take_value(row, page_word(page, "record_", "unsearchable_rest", rest));
        json_decref(rest);
    }
}

/* The archive */

static void add_archive(const Page *page, json_t *sections, const json_t *record)
{
    json_t *section = add_section(page, sections, "archive");
    const json_t *archive = json_object_get(record, "archive");
    char *compared = wording_time(page, wording_unix(json_object_get(archive, "compared")));
    add_number(page, section, "documents", count_of(archive, "documents"));
    add_number(page, section, "pages", count_of(archive, "pages"));
    take_value(add_named_row(page, section, "compared"),
               compared ? compared : page_word(page, "record_", "compared_never", NULL));
    take_value(add_named_row(page, section, "revision"),
               g_strdup_printf("%" G_GUINT64_FORMAT, count_of(archive, "revision")));
    add_value(add_named_row(page, section, "digest"), text_of(archive, "digest"));
    add_value(add_named_row(page, section, "program"), text_of(record, "program"));
}

json_t *page_record_sections(const Page *page, const json_t *record)
{
    json_t *sections = json_array();
    add_question(page, sections, record);
    add_concepts(page, sections, json_object_get(record, "query"));
    add_filters(page, sections, json_object_get(record, "filters"));
    add_counts(page, sections, json_object_get(record, "counts"));
    add_unsearchable(page, sections, json_object_get(record, "unsearchable"));
    add_archive(page, sections, record);
    return sections;
}

/* As text */

static void append_heading(GString *out, const char *heading, char under)
{
    g_string_append_printf(out, "%s\n", heading);
    for (glong i = g_utf8_strlen(heading, -1); i > 0; i--)
        g_string_append_c(out, under);
    g_string_append(out, "\n\n");
}

static char *value_line(const json_t *value)
{
    const char *term = json_string_value(json_object_get(value, "term"));
    g_autofree char *whole =
        g_strconcat(term ? term : "", term ? " " : "", text_of(value, "text"), NULL);
    return plain_line(whole);
}

static void append_row(GString *out, const json_t *row)
{
    size_t i;
    json_t *value, *values = json_object_get(row, "values");
    gboolean is_list = json_array_size(values) > 1;
    g_autofree char *label = plain_line(text_of(row, "label"));
    g_string_append_printf(out, "%s:%s", label, is_list ? "\n" : " ");
    json_array_foreach(values, i, value)
    {
        g_autofree char *line = value_line(value);
        g_string_append_printf(out, "%s%s\n", is_list ? "  - " : "", line);
    }
}

GString *page_record_text(const char *heading, const json_t *sections)
{
    GString *out = g_string_new(NULL);
    size_t i, j;
    json_t *section, *row;
    append_heading(out, heading, '=');
    json_array_foreach(sections, i, section)
    {
        append_heading(out, text_of(section, "heading"), '-');
        json_array_foreach(json_object_get(section, "rows"), j, row) append_row(out, row);
        g_string_append_c(out, '\n');
    }
    return out;
}
