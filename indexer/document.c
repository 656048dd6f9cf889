/* See document.h. */
#include "document.h"

#include <jansson.h>
#include <string.h>

#include "analysis.h"
#include "language.h"
#include "text.h"

static gsize count_letters(const char *text, gsize length)
{
    gsize letters = 0;
    for (gsize i = 0; i < length; i++)
        letters += g_ascii_isalpha(text[i]) || (guchar)text[i] >= 0x80;
    return letters;
}

static void measure_shares(ArchiveDocument *document, const GString *text, const GArray *runs)
{
    gsize letters[LANGUAGE_COUNT] = {0};
    gsize total = 0;
    for (guint i = 0; i < runs->len; i++) {
        const LanguageRun *run = &g_array_index(runs, LanguageRun, i);
        gsize count = count_letters(text->str + run->start, run->length);
        letters[run->language] += count;
        total += count;
    }
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        document->share[i] = total ? (double)letters[i] / (double)total : 0;
}

static Catalogue *make_card(const ArchiveDocument *document, const char *path, const char *text,
                            gsize length, const Sidecar *sidecar)
{
    g_autofree char *name = g_filename_display_name(path);
    CatalogueInput input = {
        .path = name,
        .text = text,
        .text_length = length,
        .meta_title = document->meta_title,
        .meta_author = document->meta_author,
        .heading = document->heading,
        .meta_year = document->meta_year,
        .sidecar = sidecar,
    };
    return catalogue_make(&input);
}

/* The length of the pages that the card is made from. */
static gsize card_length(const char *text, gsize length)
{
    const char *at = text;
    for (int page = 0; page < DOCUMENT_CARD_PAGES; page++) {
        at = memchr(at, MARK_PAGE, length - (gsize)(at - text));
        if (!at)
            return length;
        at++;
    }
    return (gsize)(at - text) - 1;
}

static void note_missing(ArchiveDocument *document, const GPtrArray *pages)
{
    for (guint i = 0; i < pages->len; i++) {
        guint number = i + 1;
        if (!g_ptr_array_index(pages, i))
            g_array_append_val(document->missing_pages, number);
    }
}

static void take_facts(ArchiveDocument *document, const ReadingResult *result,
                       const DocumentOrigin *origin)
{
    document->sha256 = g_strdup(origin->sha256);
    document->size_bytes = origin->size_bytes;
    document->indexed_unix = origin->now_unix;
    document->media_type = g_strdup(result->media_type);
    document->meta_title = g_strdup(result->meta_title);
    document->meta_author = g_strdup(result->meta_author);
    document->heading = g_strdup(result->heading);
    document->meta_year = result->meta_year;
    document->page_count = result->pages->len;
}

static void note_failure(ArchiveDocument *document, const ReadingResult *result)
{
    document->state = DOCUMENT_FAILED;
    document->reason = g_strdup(reading_failure_name(result->failure));
    document->detail = g_strdup(result->detail);
    if (result->failure == READING_NO_TEXT && result->detail)
        document->page_count = (guint)g_ascii_strtoull(result->detail, NULL, 10);
}

static json_t *describe_terms(const Topic *topic)
{
    json_t *terms = json_array();
    for (guint i = 0; i < topic->terms->len; i++) {
        const TopicTerm *term = &g_array_index(topic->terms, TopicTerm, i);
        json_t *object = json_object();
        json_object_set_new(object, "term", json_string(term->term));
        json_object_set_new(object, "count", json_integer(term->count));
        json_array_append_new(terms, object);
    }
    return terms;
}

/* The themes and areas of a document with their evidence, as the archive and the API give them. */
static char *describe_topics(const Thesaurus *thesaurus, const char *title, const GString *text)
{
    g_autoptr(GPtrArray) topics = thesaurus_topics(thesaurus, title, text->str, text->len);
    json_t *list = json_array();
    for (guint i = 0; i < topics->len; i++) {
        const Topic *topic = g_ptr_array_index(topics, i);
        json_t *object = json_object();
        json_object_set_new(object, "id", json_string(topic->id));
        json_object_set_new(object, "area", json_boolean(topic->is_area));
        json_object_set_new(object, "terms", describe_terms(topic));
        json_array_append_new(list, object);
    }
    char *dumped = json_dumps(list, JSON_COMPACT);
    char *text_copy = g_strdup(dumped);
    free(dumped);
    json_decref(list);
    return text_copy;
}

ArchiveDocument *document_make(const ReadingResult *result, const DocumentOrigin *origin,
                               const Thesaurus *thesaurus, GString **ret_marked)
{
    ArchiveDocument *document = archive_document_new();
    take_facts(document, result, origin);
    *ret_marked = NULL;
    if (result->failure != READING_OK) {
        note_failure(document, result);
        document->card = make_card(document, origin->path, "", 0, origin->sidecar);
        return document;
    }
    document->state = DOCUMENT_INDEXED;
    note_missing(document, result->pages);
    GString *text = text_clean(result->pages);
    g_autoptr(GArray) runs = language_runs(text->str, text->len);
    measure_shares(document, text, runs);
    document->card = make_card(document, origin->path, text->str, card_length(text->str, text->len),
                               origin->sidecar);
    g_free(document->themes);
    document->themes = describe_topics(thesaurus, document->card->title, text);
    *ret_marked = analysis_mark(text->str, text->len, runs);
    g_string_free(text, TRUE);
    return document;
}

static gboolean card_equal(const Catalogue *a, const Catalogue *b)
{
    return g_strcmp0(a->title, b->title) == 0 && a->title_source == b->title_source &&
           a->year == b->year && a->year_source == b->year_source && a->kind == b->kind &&
           a->kind_source == b->kind_source && g_strcmp0(a->body, b->body) == 0 &&
           a->body_source == b->body_source && g_strcmp0(a->collection, b->collection) == 0;
}

gboolean document_make_card(ArchiveDocument *document, const GString *marked, const char *path,
                            const Sidecar *sidecar)
{
    g_autoptr(GString) text = g_string_sized_new(marked->len);
    for (gsize i = 0; i < marked->len; i++)
        if ((guchar)marked->str[i] > MARK_TERMS)
            g_string_append_c(text, marked->str[i]);
    Catalogue *card =
        make_card(document, path, text->str, card_length(text->str, text->len), sidecar);
    gboolean changed = !card_equal(card, document->card);
    catalogue_free(document->card);
    document->card = card;
    return changed;
}
