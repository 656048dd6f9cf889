/* Spelling: "did you mean", from the archive's own words.
 *
 * A word that no document holds under any of its names, or hardly any, is held against the words
 * that the archive has. The likeliest is the one that makes frequency times error probability
 * greatest (the noisy channel: Kernighan, Church and Gale, COLING 1990), with errors counted as
 * Damerau did (Comm. ACM 7, 1964: a letter wrong, missing, too many, or two exchanged). A doubled
 * letter that should be single, or the other way, is half an error: it is the commonest one in
 * Italian.
 *
 * What was typed is kept but for the words corrected. Never corrected are words with figures, in
 * quotes, of fields, excluded ones and prefixes, function words, words that something was found for
 * under another name, words of the vocabulary that are rare in the archive (it may lack them, then
 * one error is allowed), and letters of other alphabets. Acronyms in capitals only where nothing
 * else is.
 *
 * Never replaces the question; whoever asked decides. */
#ifndef SCHEDARIO_SPELLING_H
#define SCHEDARIO_SPELLING_H

#include <glib.h>

#include "../query/vocabulary.h"
#include "lexicon.h"
#include "search.h"

enum {
    SPELLING_LETTERS = 3,    /* shorter words have too many neighbours */
    SPELLING_TWO_FROM = 6,   /* words from so many letters on may have two errors, others one */
    SPELLING_WORDS = 4,      /* of a question; bounds the work */
    SPELLING_RARER = 50,     /* times, for a word that is there to be taken for a mistake */
    SPELLING_CANDIDATES = 4, /* likeliest words whose documents are counted */
    SPELLING_ACRONYM = 5,    /* letters, all capitals, at most */
};

/* The question as it may have been meant, or NULL when there is nothing to correct; owned by the
 * caller. `result`: what the question found; `typed`: what it was read from. Between
 * searcher_begin() and searcher_end(). NULL and `error` (ARCHIVE_ERROR) on failure. */
char *spelling_correct(Searcher *searcher, Lexicon *lexicon, const Vocabulary *vocabulary,
                       const Query *query, const SearchResult *result, const char *typed,
                       GError **error);

/* The errors that lead from `meant` to `typed` (ASCII both), at most `most`; more come back as
 * most + 1. Two letters exchanged are one error, and stay so (optimal string alignment). */
guint spelling_errors(const char *typed, const char *meant, guint most);

#endif
