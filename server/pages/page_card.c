/* See page_card.h. */
#include "page_card.h"

#include <math.h>
#include <string.h>

#include "../answers/citation.h"
#include "../answers/origin.h"
#include "../answers/result.h"
#include "wording.h"

/* A title is taken to be in the language that a document is nearly all in. */
static const double TITLE_LANGUAGE_SHARE = 0.9;

static const char *text_language(const char *code)
{
    return code && strcmp(code, "und") != 0 ? code : "";
}

void page_card_set_text_language(json_t *object)
{
    page_set_text(object, "text_lang",
                  text_language(json_string_value(json_object_get(object, "language"))));
}

char *page_card_collection(const char *collection)
{
    if (!collection || !*collection)
        return NULL;
    g_auto(GStrv) folders = g_strsplit(collection, "/", -1);
    return g_strjoinv(" › ", folders);
}

char *page_card_collection_link(const Page *page, const char *collection)
{
    Address address = address_begin("/documents");
    address_pair(&address, "collection", collection);
    return page_address_take(page, &address);
}

/* The thesaurus writes terms as they stand in a sentence. */
static char *with_capital(const char *term)
{
    char first[6];
    gint length = g_unichar_to_utf8(g_unichar_totitle(g_utf8_get_char(term)), first);
    return g_strdup_printf("%.*s%s", length, first, g_utf8_next_char(term));
}

char *page_card_topic(const Page *page, const char *id)
{
    const Thesaurus *thesaurus = vocabulary_thesaurus(service_vocabulary(page->service));
    gboolean is_italian = strcmp(page->language, language_code(LANGUAGE_ITALIAN)) == 0;
    const char *label =
        thesaurus_label(thesaurus, id, is_italian ? LANGUAGE_ITALIAN : LANGUAGE_ENGLISH);
    return label && *label ? with_capital(label) : g_strdup(id);
}

char *page_card_topic_link(const Page *page, gboolean is_area, const char *id)
{
    Address address = address_begin("/documents");
    address_pair(&address, facet_name(is_area ? FACET_AREA : FACET_THEME), id);
    return page_address_take(page, &address);
}

static void fill_languages(const Page *page, json_t *document)
{
    const char *code, *title_language = "";
    json_t *share, *list = json_array();
    json_object_foreach(json_object_get(document, "languages"), code, share)
    {
        json_t *object = json_object();
        double part = json_number_value(share);
        page_take_text(object, "label", page_word(page, "language_", code, NULL));
        json_object_set_new(object, "percent", json_integer(lround(part * 100)));
        json_object_set_new(object, "is_whole", json_boolean(part > 0.995));
        json_array_append_new(list, object);
        if (part >= TITLE_LANGUAGE_SHARE)
            title_language = text_language(code);
    }
    json_object_set_new(document, "has_languages", json_boolean(json_array_size(list) > 0));
    json_object_set_new(document, "language_list", list);
    page_set_text(document, "title_lang", title_language);
}

/* A term that stands for several words of the question is told once. */
static gboolean is_told(const json_t *via, size_t before, const char *term)
{
    for (size_t i = 0; i < before; i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(via, i), "term")), term) == 0)
            return TRUE;
    return FALSE;
}

void page_card_fill_via(json_t *hit)
{
    const json_t *via = json_object_get(hit, "via");
    json_t *names = json_array();
    for (size_t i = 0; i < json_array_size(via); i++) {
        json_t *one = json_array_get(via, i);
        if (is_told(via, i, json_string_value(json_object_get(one, "term"))))
            continue;
        json_object_set_new(one, "is_first", json_boolean(i == 0));
        page_card_set_text_language(one);
        json_array_append(names, one);
    }
    json_object_set_new(hit, "has_via", json_boolean(json_array_size(names) > 0));
    json_object_set_new(hit, "via_names", names);
}

/* How many words of the question a document lacks. */
static void fill_lacking(const Page *page, json_t *document)
{
    size_t count = json_array_size(json_object_get(document, "missing"));
    json_object_set_new(document, "lacking_count",
                        count > 0 ? wording_count(page, count) : json_null());
}

static gboolean shows_match(const json_t *hit)
{
    size_t i;
    json_t *segment;
    json_array_foreach(json_object_get(hit, "passage"), i, segment)
    {
        if (json_is_true(json_object_get(segment, "match")))
            return TRUE;
    }
    return FALSE;
}

/* A document opens at the page that answers best, if one does. */
static void open_at_hit(json_t *document)
{
    const json_t *best = json_array_get(json_object_get(document, "hits"), 0);
    if (shows_match(best))
        json_object_set(document, "url", json_object_get(best, "url"));
}

static void fill_hits(const Page *page, json_t *document, const char *typed)
{
    size_t i;
    json_t *hit;
    const char *id = json_string_value(json_object_get(document, "id"));
    json_array_foreach(json_object_get(document, "hits"), i, hit)
    {
        guint number = (guint)json_integer_value(json_object_get(hit, "page"));
        page_take_text(hit, "url", page_document_link(page, id, number, typed));
        page_take_text(hit, "n", wording_number(page, number));
        page_card_set_text_language(hit);
        page_card_fill_via(hit);
    }
    open_at_hit(document);
}

/* Where each value was found, in words; nothing where there is no value. */
static void fill_sources(const Page *page, json_t *document)
{
    const char *member;
    json_t *source, *words = json_object();
    json_object_foreach(json_object_get(document, "sources"), member, source)
    {
        const char *name = json_string_value(source);
        gboolean is_known = strcmp(name, "none") != 0;
        page_take_text(words, member, is_known ? page_word(page, "source_", name, NULL) : NULL);
    }
    json_object_set_new(document, "source_words", words);
}

void page_card_fill_failure(const Page *page, json_t *failure)
{
    if (!json_is_object(failure))
        return;
    const char *reason = json_string_value(json_object_get(failure, "reason"));
    char *what = page_word(page, "failure_", reason, failure);
    char *remedy = page_word(page, "remedy_", reason, failure);
    page_take_text(failure, "what", what ? what : page_word(page, "failure_", "unknown", NULL));
    page_take_text(failure, "remedy",
                   remedy ? remedy : page_word(page, "remedy_", "unknown", NULL));
}

/* Themes and areas as links to what else there is on them. */
static void fill_topics(const Page *page, json_t *document)
{
    size_t i;
    json_t *topic, *list = json_array();
    json_array_foreach(json_object_get(document, "themes"), i, topic)
    {
        const char *id = json_string_value(json_object_get(topic, "id"));
        gboolean is_area = json_is_true(json_object_get(topic, "area"));
        if (!id)
            continue;
        json_t *object = json_object();
        page_take_text(object, "label", page_card_topic(page, id));
        page_take_text(object, "address", page_card_topic_link(page, is_area, id));
        json_array_append_new(list, object);
    }
    json_object_set_new(document, "has_topics", json_boolean(json_array_size(list) > 0));
    json_object_set_new(document, "topic_list", list);
}

static void fill_missing(const Page *page, json_t *document)
{
    const json_t *missing = json_object_get(document, "missing_pages");
    GString *numbers = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(missing); i++)
        g_string_append_printf(numbers, "%s%" JSON_INTEGER_FORMAT, i > 0 ? ", " : "",
                               json_integer_value(json_array_get(missing, i)));
    json_t *count = wording_count(page, json_array_size(missing));
    page_set_text(count, "numbers", numbers->str);
    json_object_set_new(document, "missing_count", count);
    json_object_set_new(document, "is_missing_some", json_boolean(json_array_size(missing) > 0));
    g_string_free(numbers, TRUE);
}

/* What only the card in full has (result_document). */
static void fill_full(const Page *page, json_t *document)
{
    if (!json_object_get(document, "sources"))
        return;
    const char *type = json_string_value(json_object_get(document, "media_type"));
    char *type_word = page_word(page, "media_", type ? type : "unknown", NULL);
    page_take_text(document, "media_label", type_word ? type_word : g_strdup(type));
    fill_sources(page, document);
    fill_missing(page, document);
    fill_topics(page, document);
    page_card_fill_failure(page, json_object_get(document, "failure"));
}

/* For programs that gather references from a list. */
static void fill_coins(const Page *page, json_t *document)
{
    const char *language = json_string_value(json_object_get(document, "title_lang"));
    const char *id = json_string_value(json_object_get(document, "id"));
    g_autofree char *origin = origin_of(page->request, page->service);
    g_autofree char *path = result_document_address(id, 0, NULL);
    g_autofree char *address = origin_address(origin, path);
    Citation citation = {
        .id = id,
        .title = json_string_value(json_object_get(document, "title")),
        .body = json_string_value(json_object_get(document, "body")),
        .year = (int)json_integer_value(json_object_get(document, "year")),
        .language = language && *language ? language : NULL,
        .address = address,
    };
    kind_parse(json_string_value(json_object_get(document, "kind")), &citation.kind);
    page_take_text(document, "coins", citation_coins(&citation));
}

void page_card_fill(const Page *page, json_t *document, const char *typed)
{
    const char *id = json_string_value(json_object_get(document, "id"));
    const char *kind = json_string_value(json_object_get(document, "kind"));
    const char *collection = json_string_value(json_object_get(document, "collection"));
    guint64 pages = (guint64)json_integer_value(json_object_get(document, "pages"));
    page_take_text(document, "url", page_document_link(page, id, 0, typed));
    page_take_text(document, "size_label",
                   wording_size(page, json_integer_value(json_object_get(document, "size_bytes"))));
    page_take_text(document, "indexed_label",
                   wording_date(page, wording_unix(json_object_get(document, "indexed"))));
    page_take_text(document, "kind_label", page_word(page, "kind_", kind, NULL));
    json_object_set_new(document, "has_kind", json_boolean(strcmp(kind, "other") != 0));
    page_take_text(document, "collection_label", page_card_collection(collection));
    page_take_text(document, "collection_url", page_card_collection_link(page, collection));
    json_object_set_new(document, "pages_count", wording_count(page, pages));
    fill_languages(page, document);
    fill_coins(page, document);
    fill_lacking(page, document);
    fill_hits(page, document, typed);
    fill_full(page, document);
}

void page_card_fill_all(const Page *page, json_t *documents, const char *typed)
{
    size_t i;
    json_t *document;
    json_array_foreach(documents, i, document) page_card_fill(page, document, typed);
}
