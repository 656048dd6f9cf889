/* See page_question.h.
 *
 * A term that stands for several words at once ("decentralised cooperation") is shown once, under
 * all of them. A few names of a few words are shown; the rest is folded away. */
#include "page_question.h"

#include <string.h>

#include "../answers/parameters.h"
#include "page_card.h"
#include "page_facets.h"
#include "wording.h"

enum {
    WORDS_SHOWN = 6, /* with names of their own */
    NAMES_SHOWN = 8, /* of all, */
    NAMES_MOST = 3,  /* and of one; each word shows one at least */
};

/* Names that mean the same less surely are not shown beside surer ones. */
static const double WEIGHT_SHOWN = 0.5;

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* Links */

/* The list of a question, under the same filters. */
static char *question_link(const Page *page, const char *path, const char *typed,
                           gboolean is_translated)
{
    Address address = address_begin(path);
    address_pair(&address, "q", typed);
    address_pair(&address, "translate", is_translated ? NULL : "off");
    address_pairs_of(&address, page->request, PAGE_FILTERS " sort", NULL, NULL);
    return page_address_take(page, &address);
}

/* Other names */

static gboolean is_literal(const json_t *term)
{
    return strcmp(text_of(term, "source"), "literal") == 0;
}

static gboolean has_term(const json_t *concept, const json_t *term)
{
    size_t i;
    json_t *other;
    json_array_foreach(json_object_get(concept, "terms"), i,
                       other) if (!is_literal(other) &&
                                  strcmp(text_of(other, "term"), text_of(term, "term")) == 0 &&
                                  strcmp(text_of(other, "language"), text_of(term, "language")) ==
                                      0) return TRUE;
    return FALSE;
}

/* Whether a term has a word as it was typed: then it is no other name of that word, but may be one
 * of several words together ("cooperazione decentralizzata"). */
static gboolean holds_word(const json_t *term, const char *typed)
{
    g_autofree char *name = g_utf8_casefold(text_of(term, "term"), -1);
    g_autofree char *word = g_utf8_casefold(typed, -1);
    g_auto(GStrv) words = g_strsplit(name, " ", -1);
    return g_strv_contains((const char *const *)words, word);
}

/* The words that a term stands for, as typed; NULL when an earlier word has told it already. */
static char *words_of(const json_t *concepts, size_t at, const json_t *term)
{
    GString *words = g_string_new(NULL);
    size_t i;
    json_t *concept;
    json_array_foreach(concepts, i, concept)
    {
        gboolean is_name = has_term(concept, term);
        if (!is_name && !holds_word(term, text_of(concept, "typed")))
            continue;
        if (is_name && i < at) {
            g_string_free(words, TRUE);
            return NULL;
        }
        g_string_append_printf(words, "%s%s", words->len ? " " : "", text_of(concept, "typed"));
    }
    return g_string_free(words, FALSE);
}

static json_t *group_for(json_t *groups, const char *typed)
{
    size_t i;
    json_t *group;
    json_array_foreach(groups, i,
                       group) if (strcmp(text_of(group, "typed"), typed) == 0) return group;
    group = json_object();
    page_set_text(group, "typed", typed);
    json_object_set_new(group, "terms", json_array());
    json_array_append_new(groups, group);
    return group;
}

/* An acronym may be the same in both languages: it is shown once. */
static void add_name(json_t *groups, const char *typed, const json_t *term)
{
    json_t *terms = json_object_get(group_for(groups, typed), "terms"), *other;
    size_t i;
    json_array_foreach(terms, i, other)
    {
        if (strcmp(text_of(other, "term"), text_of(term, "term")) == 0)
            return;
    }
    json_t *object = json_object();
    json_object_set(object, "term", json_object_get(term, "term"));
    json_object_set(object, "language", json_object_get(term, "language"));
    json_object_set(object, "weight", json_object_get(term, "weight"));
    page_card_set_text_language(object);
    json_array_append_new(terms, object);
}

/* All other names, by the words they stand for. */
static json_t *group_names(const json_t *concepts)
{
    json_t *groups = json_array();
    size_t i, j;
    json_t *concept, *term;
    json_array_foreach(concepts, i, concept)
    {
        json_array_foreach(json_object_get(concept, "terms"), j, term)
        {
            g_autofree char *typed = is_literal(term) ? NULL : words_of(concepts, i, term);
            if (typed)
                add_name(groups, typed, term);
        }
    }
    return groups;
}

static void mark_last(json_t *groups)
{
    size_t i, j;
    json_t *group, *term;
    json_array_foreach(groups, i, group)
    {
        json_t *terms = json_object_get(group, "terms");
        json_array_foreach(terms, j, term)
            json_object_set_new(term, "is_last", json_boolean(j + 1 == json_array_size(terms)));
    }
}

/* How many of a word's names, which stand in the order of their weights, are shown. */
static size_t names_shown(const json_t *terms, size_t word, size_t words)
{
    size_t most = word < WORDS_SHOWN ? CLAMP(NAMES_SHOWN / words, 1, NAMES_MOST) : 0, shown = 0;
    while (shown < MIN(most, json_array_size(terms)) &&
           (shown == 0 || json_number_value(json_object_get(json_array_get(terms, shown),
                                                            "weight")) >= WEIGHT_SHOWN))
        shown++;
    return shown;
}

/* How many names are not shown. One is not worth folding away: it is shown, too. */
static size_t names_folded(const json_t *groups)
{
    size_t folded = 0, i;
    json_t *group;
    json_array_foreach(groups, i, group)
    {
        const json_t *terms = json_object_get(group, "terms");
        folded += json_array_size(terms) - names_shown(terms, i, json_array_size(groups));
    }
    return folded > 1 ? folded : 0;
}

/* Moves what is beyond the bounds from `groups` to a list of its own, and counts it. */
static json_t *fold_names(json_t *groups, guint64 *ret_count)
{
    json_t *rest = json_array();
    size_t words = json_array_size(groups);
    *ret_count = names_folded(groups);
    for (size_t i = 0; *ret_count > 0 && i < words; i++) {
        const json_t *group = json_array_get(groups, i);
        json_t *terms = json_object_get(group, "terms");
        size_t shown = names_shown(terms, i, words);
        while (json_array_size(terms) > shown) {
            add_name(rest, text_of(group, "typed"), json_array_get(terms, shown));
            json_array_remove(terms, shown);
        }
    }
    while (*ret_count > 0 && json_array_size(groups) > WORDS_SHOWN)
        json_array_remove(groups, WORDS_SHOWN);
    return rest;
}

static void set_also(Page *page, const char *path, const json_t *query)
{
    guint64 folded;
    json_t *groups = group_names(json_object_get(query, "concepts"));
    if (json_array_size(groups) == 0) {
        json_decref(groups);
        json_object_set_new(page->value, "also", json_null());
        return;
    }
    json_t *also = json_object(), *rest = fold_names(groups, &folded);
    mark_last(groups);
    mark_last(rest);
    json_object_set_new(also, "groups", groups);
    json_object_set_new(also, "rest", rest);
    json_object_set_new(also, "has_rest", json_boolean(folded > 0));
    json_object_set_new(also, "rest_count", wording_count(page, folded));
    page_take_text(also, "literal_url", question_link(page, path, text_of(query, "typed"), FALSE));
    json_object_set_new(page->value, "also", also);
}

/* Notes */

/* The question with what a note is about put right: a value after its field, or within its group.
 */
static void add_value(const Page *page, const char *path, const char *typed, const char *wrong,
                      const char *value, char *label, json_t *values)
{
    const char *at = strstr(typed, wrong), *colon = strchr(wrong, ':');
    if (!at) {
        g_free(label);
        return;
    }
    g_autofree char *put_right =
        g_strdup_printf("%.*s%.*s%s%s", (int)(at - typed), typed,
                        colon ? (int)(colon - wrong) + 1 : 0, wrong, value, at + strlen(wrong));
    json_t *object = json_object();
    page_take_text(object, "label", label);
    page_take_text(object, "address",
                   question_link(page, path, put_right, parameters_translated(page->request)));
    json_array_append_new(values, object);
}

/* What a language, a kind or a topic is called; the value itself when it is none. */
static char *value_label(const Page *page, const char *value)
{
    char *label = page_word(page, "language_", value, NULL);
    if (!label)
        label = page_word(page, "kind_", value, NULL);
    return label ? label : page_card_topic(page, value);
}

static void add_known(const Page *page, const char *path, const char *typed, const json_t *note,
                      json_t *values)
{
    size_t i;
    json_t *known;
    json_array_foreach(json_object_get(note, "known"), i, known)
        add_value(page, path, typed, text_of(note, "text"), json_string_value(known),
                  value_label(page, json_string_value(known)), values);
}

static json_t *make_note(const Page *page, const char *path, const char *typed, const json_t *note)
{
    json_t *object = json_object(), *values = json_array();
    page_take_text(object, "text", page_word(page, "note_", text_of(note, "code"), note));
    add_known(page, path, typed, note, values);
    json_object_set_new(object, "has_values", json_boolean(json_array_size(values) > 0));
    json_object_set_new(object, "values", values);
    return object;
}

static void set_notes(Page *page, const char *path, const json_t *query)
{
    json_t *list = json_array();
    size_t i;
    json_t *note;
    json_array_foreach(json_object_get(query, "notes"), i, note)
        json_array_append_new(list, make_note(page, path, text_of(query, "typed"), note));
    json_object_set_new(page->value, "notes", list);
}

/* Words of several that no document of the archive has under any name. */
static void set_absent(Page *page, const json_t *query)
{
    const json_t *concepts = json_object_get(query, "concepts");
    gboolean of_titles = strstr(text_of(query, "understood"), "title:") != NULL;
    json_t *absent = json_array(), *concept;
    size_t i;
    json_array_foreach(concepts, i, concept)
    {
        if (json_integer_value(json_object_get(concept, "documents")) == 0)
            json_array_append(absent, json_object_get(concept, "typed"));
    }
    if (of_titles || json_array_size(concepts) < 2)
        json_array_clear(absent);
    json_object_set_new(page->value, "has_absent", json_boolean(json_array_size(absent) > 0));
    json_object_set_new(page->value, "absent", absent);
}

void page_question_set(Page *page, const char *path, const json_t *query)
{
    const char *typed = text_of(query, "typed"), *understood = text_of(query, "understood");
    gboolean is_translated = parameters_translated(page->request);
    json_object_set_new(page->value, "is_typed", json_boolean(*understood != '\0'));
    json_object_set_new(page->value, "is_nothing", json_boolean(*typed && !*understood));
    json_object_set_new(page->value, "is_read_otherwise",
                        json_boolean(*understood && strcmp(typed, understood) != 0));
    page_take_text(page->value, "translate_url",
                   *understood && !is_translated ? question_link(page, path, typed, TRUE) : NULL);
    set_also(page, path, query);
    set_notes(page, path, query);
    set_absent(page, query);
}

/* Parts */

/* What is said before a list of results that hold only a part of the question. */
typedef enum {
    PART_NOTHING, /* they hold all of it, or most */
    PART_ONLY,    /* there are no others */
    PART_FOLLOWS, /* the others stand before */
    PART_GOES_ON, /* on a page of results before this one it was said */
} PartSaying;

static json_t *add_list(json_t *lists, guint start, PartSaying saying)
{
    json_t *object = json_object(), *results = json_array();
    json_object_set_new(object, "start", json_integer(start));
    json_object_set_new(object, "is_only", json_boolean(saying == PART_ONLY));
    json_object_set_new(object, "follows", json_boolean(saying == PART_FOLLOWS));
    json_object_set_new(object, "goes_on", json_boolean(saying == PART_GOES_ON));
    json_object_set_new(object, "results", results);
    json_array_append_new(lists, object);
    return results;
}

/* Whether from `at` on all hold only a part, and none before. */
static gboolean parts_at(const json_t *results, size_t at)
{
    size_t i;
    json_t *result;
    json_array_foreach(results, i, result)
    {
        if (json_is_true(json_object_get(result, "partial")) != (i >= at))
            return FALSE;
    }
    return at < json_array_size(results);
}

static PartSaying saying_at(guint offset, guint whole)
{
    if (offset > whole)
        return PART_GOES_ON;
    return whole == 0 ? PART_ONLY : PART_FOLLOWS;
}

void page_question_part(Page *page, json_t *results, guint offset, guint whole, guint partial)
{
    json_t *lists = json_array(), *list = NULL, *result;
    size_t i, at = whole >= offset ? whole - offset : 0;
    gboolean is_parted = parts_at(results, at);
    json_array_foreach(results, i, result)
    {
        gboolean announces = is_parted && i == at;
        if (i == 0 || announces)
            list = add_list(lists, offset + (guint)i + 1,
                            announces ? saying_at(offset, whole) : PART_NOTHING);
        json_array_append(list, result);
    }
    json_object_set_new(page->value, "lists", lists);
    json_object_set_new(page->value, "partial_count", wording_count(page, partial));
}
