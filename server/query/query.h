/* Query: what was typed becomes a plan over concepts, and one quoted expression.
 *
 * Every string is a valid query: what makes no sense as syntax is read as words. Nothing that was
 * typed reaches MATCH but as index terms (analysis.h) inside double quotes. This module knows
 * nothing of SQL or HTTP.
 *
 * Syntax. Words are all wanted; each stands for its stem in either language. Several words joined
 * by punctuation ("politico-istituzionale", "125/2014") are one thing, found at following places;
 * in ranking, what holds the words of a compound apart counts for something, too. Elisions before
 * (dell') and the English 's after it are dropped.
 * - "exact words", also in “ ” „ ” « »: as written, in order. A mark that nothing closes is none.
 * - -word, -"phrase", -(group), NOT word: excluded. A minus counts only where a word could begin.
 * - OR, O, |: either. AND, E may stand where they are meant anyhow. All in capitals, and only
 *   between two things; elsewhere they are words. OR binds tighter than AND, written or not:
 *   acqua fiumi OR laghi is acqua AND (fiumi OR laghi). A minus binds tightest.
 * - (groups): what is left open is closed at the end.
 * - a NEAR b, a NEAR/5 b (also VICINO): with at most so many other words between them (10 when
 *   nothing is said), in any order; of words, quoted phrases and prefixes. In a chain (a NEAR b
 *   NEAR c) the largest distance holds for all. "a b c"~5: these words exactly, in any order, with
 *   at most 5 others among them. NEAR binds tighter than OR.
 * - prefix*: exact, two letters or digits at least, else it is a word.
 * - Fields, before a word, a quoted phrase or a range, also with a blank after the colon:
 *   title:/titolo: lang:/lingua: kind:/tipo: year:/anno: (2015, 2015..2020, 2015-2020, ..2020,
 *   2015.., 2015-, >2015, >=2015, <2015, <=2015; open ends are 1861 and 2100) theme:/tema: area:
 *   body:/ente: collection:/raccolta: . Before a group (title:(a OR "b c"), kind:(plan OR report))
 *   the field holds for each value in it; a name of several words may stand there bare
 *   (theme:(human rights)). Without a value that makes sense the field and its value are words, and
 *   a note says so.
 * Function words (articles, prepositions, conjunctions, question words, auxiliaries of both
 * languages), bare or in a field's group, are left out where other words are in the same group. A
 * word that is repeated in a group counts once.
 *
 * Free words. Bare words side by side at the top, which no AND joins, are *free*: where there are
 * many, not all must occur. Parentheses around nothing but such words change nothing. */
#ifndef SCHEDARIO_QUERY_H
#define SCHEDARIO_QUERY_H

#include <glib.h>

#include "../../indexer/analysis.h"
#include "vocabulary.h"

/* Limits: what lies beyond is left out, and query_is_cut() says so. */
enum {
    QUERY_BYTES = 2000, /* of the text, cut at a character */
    QUERY_LEAVES = 64,  /* words, phrases and fields */
    QUERY_DEPTH = 16,   /* of groups nested in query_understood(); an excluded one counts twice, as
                         * FTS5's parser, with its stack of 100 symbols, sees it */
    QUERY_NOTES = 16,   /* of query_notes() */

    QUERY_NEAR_DEFAULT = 10, /* words between: of a NEAR that names no distance */
    QUERY_NEAR_MOST = 100,   /* a larger distance is read as this */

    QUERY_ALTERNATIVES = 24,      /* of a concept; literal ones and the weightiest are kept */
    QUERY_ALTERNATIVES_ALL = 256, /* of all concepts of words; the longest lists are cut first. A
                                   * range of years has as many as it needs, 54 at most */

    QUERY_COMPOUND_WORDS = 16,       /* of all compounds that are ranked by their words, too */
    QUERY_COMPOUND_ALTERNATIVES = 8, /* of each of these words */

    QUERY_COMBINATIONS = 64, /* of alternatives that query_match() prints of one NEAR */
};

/* Where an alternative comes from. */
typedef enum {
    QUERY_LITERAL = 0, /* what was typed */
    QUERY_THESAURUS,
    QUERY_DICTIONARY,
    QUERY_SOURCES
} QuerySource;

/* One way in which a concept may stand in a document. */
typedef struct {
    char *phrase; /* index terms at following positions, parted by blanks (postings.h) */
    char *shown;  /* as people write it, "cooperazione decentrata"; of a literal one, as typed */
    Language language; /* of the term; LANGUAGE_OTHER: of none, or of any (exact words) */
    QuerySource source;
    gboolean is_prefix; /* the last index term is a prefix */
    double weight;      /* what one occurrence counts: 1 for a literal one, less the less sure */
} QueryAlternative;

/* A thing searched for: one word, phrase or prefix as typed, with all that may stand for it. It
 * counts as one word in ranking (structured queries: Pirkola, SIGIR 1998). */
typedef struct {
    char *typed; /* as typed, without operators, field and star; a phrase in straight quotes */
    GArray *alternatives; /* QueryAlternative, at least one, literal ones first; no phrase twice */
    char *exact;          /* bare words: the phrase of them as they were typed, folded; else NULL */
    GPtrArray *words;     /* QueryConcept *, owned: of a bare compound ("shock-sound") its words of
                           * content, which have a say in ranking alone; else NULL */
    gboolean is_quoted;   /* exact in form */
    gboolean in_title;    /* only in the title */
    gboolean is_ranked;   /* FALSE: of the catalogue, or excluded; it has no say in the order */
} QueryConcept;

/* What a document must hold. */
typedef enum {
    QUERY_LEAF, /* one concept */
    QUERY_ALL,
    QUERY_ANY,
    QUERY_NOT,  /* one part, which must not hold */
    QUERY_NEAR, /* parts are leaves: all of them within `distance` words of each other, in any order
                 */
} QueryOperator;

typedef struct {
    QueryOperator operator;
    guint concept;    /* QUERY_LEAF: its place in query_concepts() */
    guint distance;   /* QUERY_NEAR: how many other words may lie among the parts, at most */
    gboolean is_free; /* QUERY_LEAF in a QUERY_ALL at the top, or the top itself: a bare word that
                       * no operator joins. Where there are many such, not all must occur. */
    GPtrArray *parts; /* the other operators: QueryStep *, owned */
} QueryStep;

typedef struct Query Query;

/* Reads `text` (any bytes, not NUL-terminated). `vocabulary` names the themes and areas, and with
 * `is_translated` gives the alternatives in the other language; it may be NULL, and is not kept.
 * Never NULL. Thread-safe with an analyser of one's own. */
Query *query_parse(const char *text, gsize length, const Vocabulary *vocabulary,
                   gboolean is_translated, Analyser *analyser);
void query_free(Query *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Query, query_free)

/* Nothing to search for was typed (no word, no field): all documents are asked for. */
gboolean query_is_empty(const Query *query);
/* Something lay beyond a limit. */
gboolean query_is_cut(const Query *query);

/* How it was read, in the query syntax itself with explicit AND, OR, minus and parentheses; UTF-8.
 * Free words stand side by side. No longer than QUERY_BYTES. Reading it again gives the same query
 * (but for translations, when only function words, which it leaves out, told the language).
 * Borrowed. */
const char *query_understood(const Query *query);

/* What a document must hold, all of it (what may be missing of a long question is search.h's).
 * NULL: every document. Borrowed. */
const QueryStep *query_plan(const Query *query);

/* All concepts, those of the catalogue and excluded ones too, in the order typed. GPtrArray of
 * QueryConcept, borrowed. */
const GPtrArray *query_concepts(const Query *query);

/* The language of the question as a whole: that of most words that only one of the two has,
 * function words too. LANGUAGE_OTHER: not clear (neither has twice as many as the other). */
Language query_language(const Query *query);

/* Something that a reader may want to know about how the text was read. */
typedef struct {
    const char *code; /* one of those below; static storage */
    char *text;       /* what was typed, or NULL */
    char **known;     /* the values that there are, NULL-terminated; NULL: no closed list */
} QueryNote;

#define QUERY_NOTE_CUT           "cut"           /* something lay beyond a limit; no text */
#define QUERY_NOTE_UNKNOWN_VALUE "unknown-value" /* "lang:de", read as words */
#define QUERY_NOTE_YEAR_ORDER    "year-order"    /* "2020..2015", read as 2015..2020 */
#define QUERY_NOTE_DISTANCE      "distance"      /* "NEAR/500", read as NEAR/QUERY_NEAR_MOST */

/* At most QUERY_NOTES, in the order typed, QUERY_NOTE_CUT last. GPtrArray of QueryNote, borrowed.
 */
const GPtrArray *query_notes(const Query *query);

/* The same as the plan, as an FTS5 MATCH expression over words and stems: for people who want to
 * see it (explain=1) and for the tests, where FTS5, with both at each word's place, checks what
 * search.h finds. For an empty query, or one that only excludes, over the term that every document
 * has (QUERY_TERM_ALL). Borrowed.
 *
 * FTS5's NEAR takes phrases only, so that a QUERY_NEAR is the OR of the combinations of its parts'
 * alternatives; of the literal ones where there would be more than QUERY_COMBINATIONS; and where
 * these are more, too, of those that are of one language. FTS5 counts the words from the end of
 * the first phrase to the beginning of the last, those of phrases between them included: with two
 * parts, or parts of one word each, the same as the plan; in chains with longer phrases it may let
 * a few words more be among them. */
const char *query_match(const Query *query);

/* Catalogue fields are index terms too, in a column of their own (archive.h writes them):
 * "a:all" every document; "k:statute" kind; "y:2019" year; "l:it" language; "b:anci" each folded
 * word of the issuing body, in order; "t:migration" theme; "r:mediterranean" area; "c:statuti" each
 * folded word of the collection, in order. */
#define QUERY_TERM_ALL "a:all"

#endif
