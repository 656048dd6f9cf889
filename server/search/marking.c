/* See marking.h. */
#include "marking.h"

#include <string.h>

/* One alternative of a concept: index terms at following positions. */
typedef struct {
    char **terms;
    guint count;
    guint concept_index;
    guint alternative;
    gboolean is_prefix;
} Pattern;

struct Marker {
    GArray *patterns; /* Pattern */
    gboolean
        is_first[256]; /* whether a pattern begins with a term whose sign is this (term_sign) */
};

/* The words of a text with their terms, kept while patterns are looked for. */
typedef struct {
    gsize start;
    gsize length;
    const char *word;
    const char *stem; /* or NULL */
    Language language;
} Word;

typedef struct {
    GArray *words;
    GStringChunk *terms;
} Words;

/* A byte that tells most terms apart: a stem's first letter, moved, or a word's. */
static guint8 term_sign(const char *term)
{
    gboolean is_stem = term[0] && term[1] == ':';
    return is_stem ? (guint8)((guint8)term[2] | 0x80) : (guint8)((guint8)term[0] & 0x7f);
}

static void pattern_release(gpointer data)
{
    Pattern *pattern = data;
    g_strfreev(pattern->terms);
}

static void add_pattern(Marker *marker, const QueryConcept *concept, guint index, guint number)
{
    const QueryAlternative *alternative =
        &g_array_index(concept->alternatives, QueryAlternative, number);
    Pattern pattern = {
        .terms = g_strsplit(alternative->phrase, " ", -1),
        .concept_index = index,
        .alternative = number,
        .is_prefix = alternative->is_prefix,
    };
    pattern.count = g_strv_length(pattern.terms);
    if (pattern.count == 0) {
        g_strfreev(pattern.terms);
        return;
    }
    marker->is_first[term_sign(pattern.terms[0])] = TRUE;
    g_array_append_val(marker->patterns, pattern);
}

Marker *marker_new(const GPtrArray *concepts)
{
    Marker *marker = g_new0(Marker, 1);
    marker->patterns = g_array_new(FALSE, FALSE, sizeof(Pattern));
    g_array_set_clear_func(marker->patterns, pattern_release);
    for (guint i = 0; i < concepts->len; i++) {
        const QueryConcept *concept = g_ptr_array_index(concepts, i);
        gboolean is_marked = concept->is_ranked && !concept->in_title;
        for (guint j = 0; is_marked && j < concept->alternatives->len; j++)
            add_pattern(marker, concept, i, j);
    }
    return marker;
}

void marker_free(Marker *marker)
{
    if (!marker)
        return;
    g_array_unref(marker->patterns);
    g_free(marker);
}

static gboolean take_word(const AnalysedWord *analysed, gpointer data)
{
    Words *words = data;
    Word word = {
        .start = analysed->start,
        .length = analysed->length,
        .word = g_string_chunk_insert(words->terms, analysed->word),
        .stem = analysed->stem ? g_string_chunk_insert(words->terms, analysed->stem) : NULL,
        .language = analysed->language,
    };
    g_array_append_val(words->words, word);
    return TRUE;
}

static gboolean term_stands(const char *term, const Word *word, gboolean is_prefix)
{
    if (is_prefix)
        return g_str_has_prefix(word->word, term);
    return strcmp(term, word->word) == 0 || (word->stem && strcmp(term, word->stem) == 0);
}

static gboolean pattern_stands(const Pattern *pattern, const GArray *words, guint at)
{
    if (at + pattern->count > words->len)
        return FALSE;
    for (guint i = 0; i < pattern->count; i++) {
        gboolean is_prefix = pattern->is_prefix && i + 1 == pattern->count;
        if (!term_stands(pattern->terms[i], &g_array_index(words, Word, at + i), is_prefix))
            return FALSE;
    }
    return TRUE;
}

/* The longest pattern that stands at a word; NULL when none does. */
static const Pattern *find_pattern(const Marker *marker, const GArray *words, guint at)
{
    const Pattern *best = NULL;
    const Word *word = &g_array_index(words, Word, at);
    if (!marker->is_first[term_sign(word->word)] &&
        !(word->stem && marker->is_first[term_sign(word->stem)]))
        return NULL;
    for (guint i = 0; i < marker->patterns->len; i++) {
        const Pattern *pattern = &g_array_index(marker->patterns, Pattern, i);
        if ((!best || pattern->count > best->count) && pattern_stands(pattern, words, at))
            best = pattern;
    }
    return best;
}

GArray *marker_find(const Marker *marker, Analyser *analyser, const char *text, gsize length)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(MarkedSpan));
    if (marker->patterns->len == 0)
        return spans;
    Words words = {g_array_new(FALSE, FALSE, sizeof(Word)), g_string_chunk_new(8192)};
    analyser_walk(analyser, text, length, take_word, &words);
    guint at = 0;
    while (at < words.words->len) {
        const Pattern *pattern = find_pattern(marker, words.words, at);
        if (!pattern) {
            at++;
            continue;
        }
        const Word *first = &g_array_index(words.words, Word, at);
        const Word *last = &g_array_index(words.words, Word, at + pattern->count - 1);
        MarkedSpan span = {first->start, last->start + last->length - first->start,
                           pattern->concept_index, pattern->alternative, first->language};
        g_array_append_val(spans, span);
        at += pattern->count;
    }
    g_array_unref(words.words);
    g_string_chunk_free(words.terms);
    return spans;
}

/* Of places at one word the one of most words comes first. */
static gboolean covers_more(const GPtrArray *concepts, const Place *place, const Place *other)
{
    return place->position == other->position &&
           place_words(concepts, place) > place_words(concepts, other);
}

/* The places to mark: none within another. */
static GArray *choose_places(const GPtrArray *concepts, const Place *places, guint count)
{
    GArray *chosen = g_array_new(FALSE, FALSE, sizeof(Place));
    guint32 end = 0;
    for (guint i = 0; i < count; i++) {
        Place *last = chosen->len > 0 ? &g_array_index(chosen, Place, chosen->len - 1) : NULL;
        if (last && covers_more(concepts, &places[i], last))
            *last = places[i];
        else if (!last || places[i].position >= end)
            g_array_append_val(chosen, places[i]);
        last = &g_array_index(chosen, Place, chosen->len - 1);
        end = last->position + place_words(concepts, last);
    }
    return chosen;
}

guint marking_count(const GPtrArray *concepts, const Place *places, guint count)
{
    g_autoptr(GArray) chosen = choose_places(concepts, places, count);
    return chosen->len;
}

/* First and last word of each place; the last may lie beyond the text. */
static GArray *word_numbers(const GPtrArray *concepts, const GArray *chosen, guint32 first)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint i = 0; i < chosen->len; i++) {
        const Place *place = &g_array_index(chosen, Place, i);
        guint32 begin = place->position - first;
        for (guint word = 0; word < place_words(concepts, place); word++) {
            guint32 number = begin + word;
            g_array_append_val(numbers, number);
        }
    }
    return numbers;
}

GArray *marking_of_places(const GPtrArray *concepts, const Place *places, guint count,
                          guint32 first, const char *text, gsize length)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(MarkedSpan));
    g_autoptr(GArray) chosen = choose_places(concepts, places, count);
    g_autoptr(GArray) numbers = word_numbers(concepts, chosen, first);
    g_autofree WordSpan *words = g_new0(WordSpan, numbers->len + 1);
    guint found = analysis_locate(text, length, (const guint32 *)(const void *)numbers->data,
                                  numbers->len, words);
    guint at = 0;
    for (guint i = 0; i < chosen->len && at < found; i++) {
        const Place *place = &g_array_index(chosen, Place, i);
        guint last = MIN(at + place_words(concepts, place), found) - 1;
        MarkedSpan span = {words[at].start,
                           words[last].start + words[last].length - words[at].start, place->concept,
                           place->alternative, words[at].language};
        g_array_append_val(spans, span);
        at += place_words(concepts, place);
    }
    return spans;
}
