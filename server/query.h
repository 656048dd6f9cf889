/* Query: what was typed becomes a tree, concepts, and a quoted MATCH expression.
 *
 * Every string is a valid query: what makes no sense as syntax is read as words. Nothing that was
 * typed reaches MATCH but as index terms (analysis.h) inside double quotes. This module knows
 * nothing of SQL or HTTP.
 *
 * Syntax. Words are all wanted; each stands for its stem in either language. Several words joined
 * by punctuation ("politico-istituzionale", "125/2014") are one thing, found at following places;
 * elisions before (dell') and the English 's after it are dropped.
 * - "exact words", also in “ ” „ ” « »: as written, in order. A mark that nothing closes is none.
 * - -word, -"phrase", -(group), NOT word: excluded. A minus counts only where a word could begin.
 * - OR, O, |: either. AND, E may stand where they are meant anyhow. All in capitals, and only
 *   between two things; elsewhere they are words. OR binds tighter than AND, written or not:
 *   acqua fiumi OR laghi is acqua AND (fiumi OR laghi). A minus binds tightest.
 * - (groups): what is left open is closed at the end.
 * - prefix*: exact, two letters or digits at least, else it is a word.
 * - Fields, before a word, a quoted phrase or a range: title:/titolo: lang:/lingua: kind:/tipo:
 *   year:/anno: (2015, 2015..2020, 2015-2020, ..2020, 2015..; open ends are 1861 and 2100)
 *   theme:/tema: area: body:/ente: collection:/raccolta: . Without a value that makes sense the
 *   field and its value are words.
 * Bare function words (articles, prepositions, conjunctions of both languages) are left out where
 * other words are in the same group. */
#ifndef SCHEDARIO_QUERY_H
#define SCHEDARIO_QUERY_H

#include <glib.h>

#include "../indexer/analysis.h"

/* Limits: what lies beyond is left out, and query_is_cut() says so. */
enum {
    QUERY_BYTES = 2000, /* of the text, cut at a character */
    QUERY_LEAVES = 64,  /* words, phrases and fields */
    QUERY_DEPTH = 16,   /* of groups nested in query_understood(); an excluded one counts twice, as
                         * FTS5's parser, with its stack of 100 symbols, sees it */
};

/* A thing searched for: one word, phrase or prefix as typed, with the index terms that stand for
 * it. It counts as one word in ranking. */
typedef struct {
    char *typed; /* as typed, without operators, field and star; a phrase in straight quotes */
    GPtrArray *phrases; /* GPtrArray of char *: alternatives, each a list of one or more index terms
                         * at following positions */
    gboolean is_prefix; /* the last term of each alternative is a prefix */
    gboolean in_title;  /* only in the title */
} QueryConcept;

typedef struct Query Query;

/* Reads `text` (any bytes, not NUL-terminated). Never NULL. Thread-safe with an analyser of one's
 * own. */
Query *query_parse(const char *text, gsize length, Analyser *analyser);
void query_free(Query *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Query, query_free)

/* Nothing to search for was typed (no word, no field): all documents are asked for. */
gboolean query_is_empty(const Query *query);
/* Something lay beyond a limit. */
gboolean query_is_cut(const Query *query);

/* How it was read, in the query syntax itself with explicit AND, OR, minus and parentheses; UTF-8.
 * No longer than QUERY_BYTES. Reading it again gives the same query. Borrowed. */
const char *query_understood(const Query *query);

/* The MATCH expression; for an empty query, or one that only excludes, over the term that every
 * document has (QUERY_TERM_ALL). Borrowed. */
const char *query_match(const Query *query);

/* The concepts that a document must or may hold (not the excluded ones and not the fields that
 * speak of the catalogue), in the order typed. GPtrArray of QueryConcept, borrowed. */
const GPtrArray *query_concepts(const Query *query);

/* For phrase number i of the MATCH expression (FTS5 counts them from the left): the index of its
 * concept in query_concepts(), or -1 (excluded, or of the catalogue). A concept's phrases follow
 * one another in the order of its `phrases`. GArray of int, borrowed. */
const GArray *query_phrase_concepts(const Query *query);

/* Catalogue fields are index terms too, in a column of their own (archive.h writes them):
 * "a:all" every document; "k:statute" kind; "y:2019" year; "l:it" language; "b:anci" each folded
 * word of the issuing body, in order; "t:migration" theme; "r:mediterranean" area; "c:statuti" each
 * folded word of the collection, in order. */
#define QUERY_TERM_ALL "a:all"

#endif
