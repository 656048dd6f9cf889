/* See result.h. The shape is described in web/openapi.json; the tests hold live answers against it.
 */
#include "result.h"

#include <math.h>
#include <string.h>

#include "../../indexer/failure.h"
#include "../http/address.h"

json_t *result_text(const char *text)
{
    if (!text)
        return json_null();
    if (g_utf8_validate(text, -1, NULL))
        return json_string(text);
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    return json_string(valid);
}

json_t *result_time(gint64 unix_time)
{
    if (unix_time <= 0)
        return json_null();
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(unix_time);
    g_autofree char *text = time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
    return result_text(text);
}

static void set_taken(json_t *object, const char *key, char *text)
{
    json_object_set_new(object, key, json_string(text));
    g_free(text);
}

char *result_document_address(const char *id, guint page, const char *typed)
{
    Address address = address_begin("/documents");
    address_segment(&address, id);
    if (page > 0) {
        address_segment(&address, "pages");
        address_segment_number(&address, page);
    }
    address_pair(&address, "q", typed);
    return address_take(&address);
}

char *result_search_address(const char *typed)
{
    Address address = address_begin("/search");
    address_pair(&address, "q", typed);
    return address_take(&address);
}

/* Shares of the text by language, to the hundredth; languages below that are left out. */
static json_t *language_shares(const double *share)
{
    json_t *languages = json_object();
    for (int i = LANGUAGE_ITALIAN; i < LANGUAGE_COUNT; i++) {
        double rounded = round(share[i] * 100) / 100;
        if (rounded >= 0.01)
            json_object_set_new(languages, language_code((Language)i), json_real(rounded));
    }
    return languages;
}

static json_t *path_list(const GPtrArray *paths)
{
    json_t *list = json_array();
    for (guint i = 0; paths && i < paths->len; i++)
        json_array_append_new(list, result_text(g_ptr_array_index(paths, i)));
    return list;
}

/* What every list of documents says of one. */
static json_t *document_summary(const ArchiveDocument *document, const GPtrArray *paths,
                                const char *typed)
{
    json_t *object = json_object();
    const Catalogue *card = document->card;
    json_object_set_new(object, "id", json_string(document->id));
    set_taken(object, "url", result_document_address(document->id, 0, typed));
    json_object_set_new(object, "title", result_text(card->title));
    json_object_set_new(object, "path",
                        result_text(paths && paths->len > 0 ? g_ptr_array_index(paths, 0) : NULL));
    json_object_set_new(object, "paths", path_list(paths));
    json_object_set_new(object, "kind", json_string(kind_name(card->kind)));
    json_object_set_new(object, "body", result_text(card->body));
    json_object_set_new(object, "year", card->year ? json_integer(card->year) : json_null());
    json_object_set_new(object, "collection", result_text(card->collection));
    json_object_set_new(object, "languages", language_shares(document->share));
    json_object_set_new(object, "pages", json_integer(document->page_count));
    json_object_set_new(object, "size_bytes", json_integer(document->size_bytes));
    json_object_set_new(object, "indexed", result_time(document->indexed_unix));
    return object;
}

static json_t *segment_list(const GArray *segments)
{
    json_t *list = json_array();
    for (guint i = 0; i < segments->len; i++) {
        const PassageSegment *segment = &g_array_index(segments, PassageSegment, i);
        json_t *object = json_object();
        json_object_set_new(object, "text", result_text(segment->text));
        json_object_set_new(object, "match", json_boolean(segment->match));
        json_array_append_new(list, object);
    }
    return list;
}

json_t *result_passage(const Passage *passage)
{
    json_t *object = json_object();
    json_object_set_new(object, "language", json_string(language_code(passage->language)));
    json_object_set_new(object, "passage", segment_list(passage->segments));
    return object;
}

json_t *result_via(const GArray *via, const Query *query)
{
    json_t *list = json_array();
    for (guint i = 0; i < via->len; i++) {
        const SearchVia *one = &g_array_index(via, SearchVia, i);
        const QueryConcept *concept = g_ptr_array_index(query_concepts(query), one->concept);
        const QueryAlternative *term =
            &g_array_index(concept->alternatives, QueryAlternative, one->alternative);
        json_t *object = json_object();
        json_object_set_new(object, "typed", result_text(concept->typed));
        json_object_set_new(object, "term", result_text(term->shown));
        json_object_set_new(object, "language", json_string(language_code(term->language)));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *hit_list(const SearchItem *item, const Query *query, const char *typed)
{
    json_t *list = json_array();
    for (guint i = 0; item->hits && i < item->hits->len; i++) {
        const SearchHit *hit = &g_array_index(item->hits, SearchHit, i);
        json_t *object = json_object();
        json_object_set_new(object, "page", json_integer(hit->page));
        json_object_set_new(object, "language", json_string(language_code(hit->passage->language)));
        set_taken(object, "url", result_document_address(item->document->id, hit->page, typed));
        json_object_set_new(object, "passage", segment_list(hit->passage->segments));
        json_object_set_new(object, "via", result_via(hit->via, query));
        json_array_append_new(list, object);
    }
    return list;
}

static double rounded(double value)
{
    return round(value * 1000) / 1000;
}

static json_t *missing_words(const SearchItem *item, const Query *query)
{
    json_t *list = json_array();
    for (guint i = 0; i < item->missing->len; i++) {
        guint number = g_array_index(item->missing, guint, i);
        const QueryConcept *concept = g_ptr_array_index(query_concepts(query), number);
        json_array_append_new(list, result_text(concept->typed));
    }
    return list;
}

/* Where a score comes from. */
static json_t *explained(const SearchItem *item, const Query *query)
{
    json_t *object = json_object();
    json_t *list = json_array();
    const GPtrArray *concepts = query_concepts(query);
    for (guint i = 0; i < concepts->len; i++) {
        const QueryConcept *concept = g_ptr_array_index(concepts, i);
        if (!concept->is_ranked)
            continue;
        json_t *part = json_object();
        json_object_set_new(part, "typed", result_text(concept->typed));
        json_object_set_new(part, "score",
                            json_real(rounded(g_array_index(item->parts, double, i))));
        json_array_append_new(list, part);
    }
    json_object_set_new(object, "concepts", list);
    json_object_set_new(object, "nearness",
                        json_real(rounded(g_array_index(item->parts, double, concepts->len))));
    return object;
}

json_t *result_item(const SearchItem *item, const Query *query, const char *typed)
{
    json_t *object = document_summary(item->document, item->paths, typed);
    json_object_set_new(object, "score", json_real(rounded(item->score)));
    json_object_set_new(object, "partial", json_boolean(item->is_partial));
    json_object_set_new(object, "missing", missing_words(item, query));
    json_object_set_new(object, "hits", hit_list(item, query, typed));
    return object;
}

static json_t *item_list(const SearchRequest *request, const SearchResult *result,
                         const char *typed, gboolean is_explained)
{
    json_t *list = json_array();
    for (guint i = 0; i < result->items->len; i++) {
        const SearchItem *item = g_ptr_array_index(result->items, i);
        json_t *object = result_item(item, request->query, typed);
        if (is_explained)
            json_object_set_new(object, "explanation", explained(item, request->query));
        json_array_append_new(list, object);
    }
    return list;
}

json_t *result_facet(const GArray *values)
{
    json_t *list = json_array();
    for (guint i = 0; i < values->len; i++) {
        const FacetValue *value = &g_array_index(values, FacetValue, i);
        json_t *object = json_object();
        json_object_set_new(object, "value", result_text(value->value));
        json_object_set_new(object, "count", json_integer(value->count));
        json_array_append_new(list, object);
    }
    return list;
}

/* Where each letter begins in the list by title. */
json_t *result_letters(const SearchResult *result)
{
    const guint *counts = result->letters;
    json_t *list = json_array();
    guint offset = 0;
    for (guint at = 0; at < TITLE_LETTERS; at++) {
        guint letter = (at + TITLE_LETTER_OTHER) % TITLE_LETTERS; /* as they are sorted */
        if (counts[letter] == 0)
            continue;
        json_t *object = json_object();
        json_object_set_new(object, "letter", json_string(title_order_letter_name(letter)));
        json_object_set_new(object, "count", json_integer(counts[letter]));
        json_object_set_new(object, "offset", json_integer(offset));
        json_array_append_new(list, object);
        offset += counts[letter];
    }
    return list;
}

static const char *const SOURCE_NAMES[QUERY_SOURCES] = {
    [QUERY_LITERAL] = "literal",
    [QUERY_THESAURUS] = "thesaurus",
    [QUERY_DICTIONARY] = "dictionary",
};

/* All that may stand for a concept. Literal alternatives, which differ in their stems alone, are
 * one term. */
static json_t *term_list(const QueryConcept *concept)
{
    json_t *list = json_array();
    gboolean has_literal = FALSE;
    for (guint i = 0; i < concept->alternatives->len; i++) {
        const QueryAlternative *term = &g_array_index(concept->alternatives, QueryAlternative, i);
        if (term->source == QUERY_LITERAL && has_literal)
            continue;
        has_literal |= term->source == QUERY_LITERAL;
        json_t *object = json_object();
        json_object_set_new(object, "term", result_text(term->shown));
        json_object_set_new(object, "language",
                            term->source == QUERY_LITERAL
                                ? json_null()
                                : json_string(language_code(term->language)));
        json_object_set_new(object, "source", json_string(SOURCE_NAMES[term->source]));
        json_object_set_new(object, "weight", json_real(rounded(term->weight)));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *concept_list(const Query *query, const SearchResult *result)
{
    json_t *list = json_array();
    const GPtrArray *concepts = query_concepts(query);
    for (guint i = 0; i < concepts->len; i++) {
        const QueryConcept *concept = g_ptr_array_index(concepts, i);
        if (!concept->is_ranked)
            continue;
        json_t *object = json_object();
        json_object_set_new(object, "typed", result_text(concept->typed));
        json_object_set_new(object, "documents",
                            json_integer(g_array_index(result->documents, guint, i)));
        json_object_set_new(object, "terms", term_list(concept));
        json_array_append_new(list, object);
    }
    return list;
}

/* What a reader may want to know about how it was read. */
static json_t *note_list(const GPtrArray *notes)
{
    json_t *list = json_array();
    for (guint i = 0; i < notes->len; i++) {
        const QueryNote *note = g_ptr_array_index(notes, i);
        json_t *object = json_object();
        json_t *known = note->known ? json_array() : json_null();
        for (guint j = 0; note->known && note->known[j]; j++)
            json_array_append_new(known, result_text(note->known[j]));
        json_object_set_new(object, "code", json_string(note->code));
        json_object_set_new(object, "text", result_text(note->text));
        json_object_set_new(object, "known", known);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *query_value(const Query *query, const SearchResult *result, const char *typed,
                           gboolean is_explained)
{
    json_t *object = json_object();
    json_object_set_new(object, "typed", result_text(typed));
    json_object_set_new(object, "understood", result_text(query_understood(query)));
    json_object_set_new(object, "concepts", concept_list(query, result));
    json_object_set_new(object, "notes", note_list(query_notes(query)));
    json_object_set_new(object, "cut", json_boolean(query_is_cut(query)));
    if (is_explained)
        json_object_set_new(object, "match", result_text(query_match(query)));
    return object;
}

static json_t *unsearchable_value(guint count)
{
    json_t *object = json_object();
    json_object_set_new(object, "count", json_integer(count));
    json_object_set_new(object, "url", json_string("/status?state=failed"));
    return object;
}

json_t *result_search(const SearchRequest *request, const SearchResult *result, const char *typed,
                      gboolean is_explained)
{
    json_t *object = json_object();
    json_t *facets = json_object();
    for (int i = 0; i < FACET_COUNT; i++)
        json_object_set_new(facets, facet_name((Facet)i), result_facet(result->facets[i]));
    json_object_set_new(object, "query", query_value(request->query, result, typed, is_explained));
    json_object_set_new(object, "total", json_integer(result->total));
    json_object_set_new(object, "partial", json_integer(result->partial));
    json_object_set_new(object, "timed_out", json_boolean(result->is_timed_out));
    json_object_set_new(object, "limit", json_integer(request->limit));
    json_object_set_new(object, "offset", json_integer(request->offset));
    json_object_set_new(object, "sort", json_string(search_sort_name(request->sort)));
    if (request->sort == SORT_TITLE)
        json_object_set_new(object, "letters", result_letters(result));
    json_object_set_new(object, "results", item_list(request, result, typed, is_explained));
    json_object_set_new(object, "facets", facets);
    json_object_set_new(object, "unsearchable", unsearchable_value(result->unsearchable));
    return object;
}

void result_add_correction(json_t *answer, const char *corrected)
{
    json_t *object = json_null();
    if (corrected) {
        object = json_object();
        json_object_set_new(object, "text", result_text(corrected));
        set_taken(object, "url", result_search_address(corrected));
    }
    json_object_set_new(answer, "did_you_mean", object);
}

void result_add_widenings(json_t *answer, const GArray *widenings)
{
    json_t *list = json_array();
    for (guint i = 0; widenings && i < widenings->len; i++) {
        const Widening *way = &g_array_index(widenings, Widening, i);
        json_t *object = json_object();
        json_object_set_new(object, "drop", json_string(widening_kind_name(way->kind)));
        json_object_set_new(object, "filter",
                            way->kind == WIDENING_FILTER ? json_string(facet_name(way->facet))
                                                         : json_null());
        json_object_set_new(object, "typed", result_text(way->typed));
        json_object_set_new(object, "total", json_integer(way->total));
        json_array_append_new(list, object);
    }
    json_object_set_new(answer, "instead", list);
}

/* Suggestions */

/* A title leads to its document, a body to its documents, anything else is a question. */
static char *suggestion_address(const Suggestion *suggestion)
{
    if (suggestion->kind == SUGGESTION_TITLE)
        return result_document_address(suggestion->id, 0, NULL);
    if (suggestion->kind != SUGGESTION_BODY)
        return result_search_address(suggestion->text);
    Address address = address_begin("/search");
    address_pair(&address, "body", suggestion->text);
    return address_take(&address);
}

json_t *result_suggestions(const GPtrArray *suggestions)
{
    json_t *list = json_array();
    for (guint i = 0; i < suggestions->len; i++) {
        const Suggestion *suggestion = g_ptr_array_index(suggestions, i);
        json_t *object = json_object();
        json_object_set_new(object, "text", result_text(suggestion->text));
        json_object_set_new(object, "kind", json_string(suggestion_kind_name(suggestion->kind)));
        set_taken(object, "url", suggestion_address(suggestion));
        json_object_set_new(object, "language",
                            suggestion->language == LANGUAGE_OTHER
                                ? json_null()
                                : json_string(language_code(suggestion->language)));
        json_array_append_new(list, object);
    }
    return list;
}

/* Documents */

static json_t *source_value(const Catalogue *card)
{
    json_t *object = json_object();
    json_object_set_new(object, "title", json_string(source_name(card->title_source)));
    json_object_set_new(object, "year", json_string(source_name(card->year_source)));
    json_object_set_new(object, "kind", json_string(source_name(card->kind_source)));
    json_object_set_new(object, "body", json_string(source_name(card->body_source)));
    return object;
}

static json_t *missing_list(const GArray *missing)
{
    json_t *list = json_array();
    for (guint i = 0; i < missing->len; i++)
        json_array_append_new(list, json_integer(g_array_index(missing, guint, i)));
    return list;
}

static json_t *failure_value(const char *reason, const char *detail)
{
    if (!reason)
        return json_null();
    json_t *object = json_object();
    g_autofree char *sentence = failure_sentence(reason, detail);
    json_object_set_new(object, "reason", result_text(reason));
    json_object_set_new(object, "detail", result_text(detail));
    json_object_set_new(object, "sentence", result_text(sentence));
    return object;
}

json_t *result_document(const ArchiveDocument *document, const GPtrArray *paths)
{
    static const char *const STATES[] = {"failed", "indexed", "gone"};
    json_t *object = document_summary(document, paths, NULL);
    g_autofree char *address = result_document_address(document->id, 0, NULL);
    json_t *themes = json_loads(document->themes, 0, NULL);
    set_taken(object, "file_url", g_strconcat(address, "/file", NULL));
    json_object_set_new(object, "state", json_string(STATES[document->state]));
    json_object_set_new(object, "failure", failure_value(document->reason, document->detail));
    json_object_set_new(object, "sources", source_value(document->card));
    json_object_set_new(object, "themes", themes ? themes : json_array());
    json_object_set_new(object, "missing_pages", missing_list(document->missing_pages));
    json_object_set_new(object, "words", json_integer(document->word_count));
    json_object_set_new(object, "media_type", result_text(document->media_type));
    json_object_set_new(object, "sha256", result_text(document->sha256));
    return object;
}

json_t *result_similar(const char *id, guint limit, const GPtrArray *items, gboolean is_cut,
                       const char *typed)
{
    json_t *object = json_object(), *documents = json_array();
    for (guint i = 0; i < items->len; i++) {
        const SimilarItem *item = g_ptr_array_index(items, i);
        json_t *one = document_summary(item->document, item->paths, typed);
        json_t *shared = json_array();
        for (guint j = 0; j < item->shared->len; j++)
            json_array_append_new(shared, result_text(g_ptr_array_index(item->shared, j)));
        json_object_set_new(one, "likeness", json_real(rounded(item->likeness)));
        json_object_set_new(one, "shared", shared);
        json_array_append_new(documents, one);
    }
    json_object_set_new(object, "document", json_string(id));
    json_object_set_new(object, "limit", json_integer(limit));
    json_object_set_new(object, "timed_out", json_boolean(is_cut));
    json_object_set_new(object, "documents", documents);
    return object;
}

/* Pages */

/* A run of a page; `plain` gathers the page's text, whose length in characters says where it
 * starts. */
static json_t *run_value(const GString *marked, gsize start, gsize length, Language language,
                         const GArray *spans, GString *plain)
{
    json_t *object = json_object();
    g_autoptr(GArray) segments = passage_segments(marked->str, start, length, spans, TRUE);
    glong before = g_utf8_strlen(plain->str, (gssize)plain->len);
    for (guint i = 0; i < segments->len; i++)
        g_string_append(plain, g_array_index(segments, PassageSegment, i).text);
    json_object_set_new(object, "language", json_string(language_code(language)));
    json_object_set_new(object, "start", json_integer(before));
    json_object_set_new(object, "length",
                        json_integer(g_utf8_strlen(plain->str, (gssize)plain->len) - before));
    json_object_set_new(object, "segments", segment_list(segments));
    return object;
}

/* Marks may follow one another: a page begins with that of the run before its own. */
static json_t *run_list(const GString *marked, const GArray *spans, GString *plain)
{
    json_t *runs = json_array();
    Language language = LANGUAGE_OTHER;
    for (gsize at = 0, end; at < marked->len; at = end) {
        char byte = marked->str[at];
        end = at + 1;
        if (byte >= MARK_OTHER && byte <= MARK_ENGLISH)
            language = (Language)(byte - MARK_OTHER);
        if ((guchar)byte <= MARK_TERMS)
            continue;
        while (end < marked->len && (guchar)marked->str[end] > MARK_TERMS)
            end++;
        json_array_append_new(runs, run_value(marked, at, end - at, language, spans, plain));
    }
    return runs;
}

json_t *result_page(const ArchiveDocument *document, guint page, const GString *marked,
                    const Marker *marker, Analyser *analyser)
{
    json_t *object = json_object();
    g_autoptr(GString) plain = g_string_new(NULL);
    g_autoptr(GArray) spans = marker ? marker_find(marker, analyser, marked->str, marked->len)
                                     : g_array_new(FALSE, FALSE, sizeof(MarkedSpan));
    json_t *runs = run_list(marked, spans, plain);
    gboolean missing = FALSE;
    for (guint i = 0; i < document->missing_pages->len; i++)
        missing |= g_array_index(document->missing_pages, guint, i) == page;
    json_object_set_new(object, "document", json_string(document->id));
    set_taken(object, "url", result_document_address(document->id, page, NULL));
    json_object_set_new(object, "page", json_integer(page));
    json_object_set_new(object, "pages", json_integer(document->page_count));
    json_object_set_new(object, "missing", json_boolean(missing));
    json_object_set_new(object, "matches", json_integer(spans->len));
    json_object_set_new(object, "text", result_text(plain->str));
    json_object_set_new(object, "runs", runs);
    return object;
}

/* Status */

json_t *result_file(const ArchiveFile *file, const ArchiveDocument *document)
{
    static const char *const STATES[] = {"pending", "indexed", "failed", "sidecar", "removed"};
    json_t *object = json_object();
    json_object_set_new(object, "path", result_text(file->path));
    json_object_set_new(object, "state", json_string(STATES[file->state]));
    json_object_set_new(object, "failure", failure_value(file->reason, file->detail));
    json_object_set_new(object, "time", result_time(file->changed_unix));
    if (document)
        json_object_set_new(object, "document", result_document(document, NULL));
    else
        json_object_set_new(object, "document", json_null());
    return object;
}

static json_t *failure_list(const GPtrArray *failures)
{
    json_t *list = json_array();
    for (guint i = 0; i < failures->len; i++) {
        const ArchiveFile *file = g_ptr_array_index(failures, i);
        json_t *object = failure_value(file->reason ? file->reason : "archive", file->detail);
        json_object_set_new(object, "path", result_text(file->path));
        json_object_set_new(object, "time", result_time(file->changed_unix));
        json_array_append_new(list, object);
    }
    return list;
}

json_t *result_status(const ArchiveCounts *counts, const GPtrArray *failures)
{
    json_t *object = json_object();
    json_object_set_new(object, "seen", json_integer(counts->seen));
    json_object_set_new(object, "indexed", json_integer(counts->indexed));
    json_object_set_new(object, "pending", json_integer(counts->pending));
    json_object_set_new(object, "failed", json_integer(counts->failed));
    json_object_set_new(object, "documents", json_integer(counts->documents));
    json_object_set_new(object, "pages", json_integer((json_int_t)counts->pages));
    json_object_set_new(object, "compared", result_time(counts->compared_unix));
    json_object_set_new(object, "failures", failure_list(failures));
    return object;
}
