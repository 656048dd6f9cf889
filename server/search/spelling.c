/* See spelling.h. */
#include "spelling.h"

#include <math.h>
#include <string.h>

#include "../query/function_word.h"
#include "surface.h"

/* By what a word's likelihood is divided for each error, as a logarithm: one error in about 400
 * letters is what a word twice as far away must be more frequent by. */
static const double ERROR_COST = 6;
/* A single and a doubled letter taken for one another. */
static const double DOUBLING_ERRORS = 0.5;
/* What an error in the first letter counts more: few make one there. */
static const double FIRST_LETTER_ERRORS = 0.5;

/* A word of a question that is to be corrected. */
typedef struct {
    char *folded;
    char *text; /* how the archive writes the word that was meant */
} Correction;

typedef struct {
    Searcher *searcher;
    Lexicon *lexicon;
    const Vocabulary *vocabulary;
    LexiconWords *words; /* NULL until they are needed */
    GArray *corrections; /* Correction */
    guint tried;         /* words */
    gboolean with_acronyms;
} Speller;

static void correction_clear(gpointer data)
{
    Correction *correction = data;
    g_free(correction->folded);
    g_free(correction->text);
}

static void speller_release(Speller *speller)
{
    lexicon_words_unref(speller->words);
    g_array_unref(speller->corrections);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Speller, speller_release)

/* Errors */

guint spelling_errors(const char *typed, const char *meant, guint most)
{
    guint rows[3][LEXICON_WORD_LETTERS + 1];
    gsize m = strlen(typed), n = strlen(meant);
    if (m > LEXICON_WORD_LETTERS || n > LEXICON_WORD_LETTERS || (m > n ? m - n : n - m) > most)
        return most + 1;
    for (guint j = 0; j <= n; j++)
        rows[0][j] = j;
    for (guint i = 1; i <= m; i++) {
        const guint *before = rows[(i + 1) % 3], *last = rows[(i - 1) % 3];
        guint *row = rows[i % 3];
        guint least = row[0] = i;
        for (guint j = 1; j <= n; j++) {
            row[j] =
                MIN(MIN(last[j], row[j - 1]) + 1, last[j - 1] + (typed[i - 1] != meant[j - 1]));
            if (i > 1 && j > 1 && typed[i - 1] == meant[j - 2] && typed[i - 2] == meant[j - 1])
                row[j] = MIN(row[j], before[j - 2] + 1);
            least = MIN(least, row[j]);
        }
        if (least > most) /* and an exchange from the row before would cost one more, too */
            return most + 1;
    }
    return MIN(rows[m % 3][n], most + 1);
}

/* The letters of a word as bits; words that are near differ in few of them. */
static guint32 letters_of(const char *word)
{
    guint32 letters = 0;
    for (; *word; word++)
        letters |= 1u << ((guchar)*word & 31);
    return letters;
}

/* Whether the words differ only in which of their letters are doubled. */
static gboolean differ_in_doubling(const char *a, const char *b)
{
    while (*a && *a == *b) {
        char letter = *a;
        while (*a == letter)
            a++;
        while (*b == letter)
            b++;
    }
    return *a == *b;
}

/* Candidates */

/* A word of the archive that may have been meant. */
typedef struct {
    const char *word; /* borrowed from the lexicon */
    double score;
    guint errors;
} Candidate;

/* The likeliest, best first. */
typedef struct {
    const char *typed;
    guint32 letters;
    guint most; /* errors */
    Candidate best[SPELLING_CANDIDATES];
    guint count;
} Candidates;

static void candidates_add(Candidates *candidates, Candidate candidate)
{
    guint at = candidates->count;
    while (at > 0 && candidates->best[at - 1].score < candidate.score)
        at--;
    if (at == SPELLING_CANDIDATES)
        return;
    candidates->count = MIN(candidates->count + 1, (guint)SPELLING_CANDIDATES);
    for (guint i = candidates->count - 1; i > at; i--)
        candidates->best[i] = candidates->best[i - 1];
    candidates->best[at] = candidate;
}

static void consider(Candidates *candidates, const LexiconWords *words, guint i)
{
    const char *word = lexicon_words_at(words, i);
    guint32 others = letters_of(word) ^ candidates->letters;
    /* An error changes two letters of the set at most. */
    if ((guint)__builtin_popcount(others) > 2 * candidates->most)
        return;
    guint errors = spelling_errors(candidates->typed, word, candidates->most);
    if (errors == 0 || errors > candidates->most || strlen(word) < SPELLING_LETTERS ||
        !g_str_is_ascii(word) || function_word_is(word, NULL))
        return;
    double cost = differ_in_doubling(candidates->typed, word) ? DOUBLING_ERRORS : errors;
    if (*word != *candidates->typed)
        cost += FIRST_LETTER_ERRORS;
    double score = log(1 + lexicon_words_weight(words, i)) - ERROR_COST * cost;
    candidates_add(candidates, (Candidate){word, score, errors});
}

static void consider_prefix(Candidates *candidates, const LexiconWords *words, const char *prefix)
{
    guint first, end;
    lexicon_words_range(words, prefix, &first, &end);
    for (guint i = first; i < end; i++)
        consider(candidates, words, i);
}

static void consider_begin(Candidates *candidates, const LexiconWords *words, char first,
                           const char *rest, gsize rest_length)
{
    g_autofree char *prefix = g_strdup_printf("%c%.*s", first, (int)rest_length, rest);
    consider_prefix(candidates, words, prefix);
}

/* The first letter wrong, missing, too many or exchanged with the second, and no other error. */
static void consider_other_begins(Candidates *candidates, const LexiconWords *words)
{
    const char *typed = candidates->typed;
    candidates->most = 1;
    for (int letter = 'a'; letter <= 'z'; letter++) {
        consider_begin(candidates, words, (char)letter, typed + 1, 2);
        consider_begin(candidates, words, (char)letter, typed, 2);
    }
    consider_prefix(candidates, words, typed + 1);
    g_autofree char *exchanged = g_strdup(typed);
    exchanged[0] = typed[1];
    exchanged[1] = typed[0];
    consider_prefix(candidates, words, exchanged);
}

/* Words of the question */

static guint list_count(const PostingList *list)
{
    return list ? list->count : 0;
}

/* How many documents hold a word in any form: by its stems, and as it stands. FALSE and `error` on
 * failure. */
static gboolean count_documents(Speller *speller, const char *word, guint *ret_count,
                                GError **error)
{
    Postings *postings = searcher_postings(speller->searcher);
    const PostingList *list = postings_find(postings, word, FALSE, error);
    *ret_count = list_count(list);
    for (int language = 0; list && language < LANGUAGE_COUNT; language++) {
        g_autofree char *stem =
            analyser_stem_term(searcher_analyser(speller->searcher), (Language)language, word);
        if (stem)
            list = postings_find(postings, stem, FALSE, error);
        *ret_count = MAX(*ret_count, list_count(list));
    }
    return list != NULL;
}

static gboolean is_known(const Speller *speller, const char *word)
{
    Analyser *analyser = searcher_analyser(speller->searcher);
    return speller->vocabulary &&
           (vocabulary_knows(speller->vocabulary, analyser, LANGUAGE_ITALIAN, word) ||
            vocabulary_knows(speller->vocabulary, analyser, LANGUAGE_ENGLISH, word));
}

/* Whether a word could be a misspelt one at all, whatever the archive has. */
static gboolean is_correctable(const char *folded)
{
    gsize length = strlen(folded);
    return length >= SPELLING_LETTERS && length <= LEXICON_WORD_LETTERS && g_str_is_ascii(folded) &&
           !strpbrk(folded, "0123456789") && !function_word_is(folded, NULL) &&
           !analysis_is_elision(folded);
}

static gboolean is_acronym(const char *typed, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isupper(typed[i]))
            return FALSE;
    return length <= SPELLING_ACRONYM;
}

/* Which errors a word that `documents` hold may have; 0: it is not to be corrected. */
static guint allowed_errors(const Speller *speller, const char *folded, guint documents,
                            gboolean is_capitals)
{
    guint all = cards_document_count(searcher_cards(speller->searcher));
    if (documents > 0)
        return documents * SPELLING_RARER <= all && !is_capitals && !is_known(speller, folded);
    if (is_capitals || is_known(speller, folded))
        return 1;
    return strlen(folded) >= SPELLING_TWO_FROM ? 2 : 1;
}

/* The likeliest of the candidates that enough documents hold; NULL: none. */
static gboolean choose(Speller *speller, const Candidates *candidates, guint documents,
                       const char **ret_word, GError **error)
{
    guint least = MAX(1, documents * SPELLING_RARER);
    for (guint i = 0; i < candidates->count; i++) {
        guint count = 0;
        if (!count_documents(speller, candidates->best[i].word, &count, error))
            return FALSE;
        if (count < least)
            continue;
        *ret_word = candidates->best[i].word;
        return TRUE;
    }
    return TRUE;
}

static gboolean find_meant(Speller *speller, const char *folded, guint documents, guint most,
                           const char **ret_word, GError **error)
{
    /* Who knows a word hardly ever mistakes its first letter. */
    Candidates candidates = {.typed = folded, .letters = letters_of(folded), .most = most};
    if (!speller->words)
        speller->words = lexicon_words(speller->lexicon);
    if (!speller->words)
        return TRUE;
    consider_begin(&candidates, speller->words, folded[0], "", 0);
    if (!is_known(speller, folded))
        consider_other_begins(&candidates, speller->words);
    return choose(speller, &candidates, documents, ret_word, error);
}

static gboolean correct_word(Speller *speller, const char *folded, guint documents, guint most,
                             GError **error)
{
    const char *meant = NULL;
    g_auto(Surface) surface = {0};
    speller->tried++;
    if (!find_meant(speller, folded, documents, most, &meant, error))
        return FALSE;
    if (!meant)
        return TRUE;
    if (!surface_find(searcher_archive(speller->searcher), searcher_postings(speller->searcher),
                      meant, &surface, error))
        return FALSE;
    Correction correction = {g_strdup(folded), g_steal_pointer(&surface.text)};
    g_array_append_val(speller->corrections, correction);
    return TRUE;
}

/* Words of a text with their places. */
typedef struct {
    char *folded;
    gsize start;
    gsize length;
} TypedWord;

static void typed_word_clear(gpointer data)
{
    g_free(((TypedWord *)data)->folded);
}

static gboolean add_typed_word(const AnalysedWord *word, gpointer data)
{
    TypedWord typed = {g_strdup(word->word), word->start, word->length};
    g_array_append_val((GArray *)data, typed);
    return TRUE;
}

static GArray *typed_words(Analyser *analyser, const char *text)
{
    GArray *words = g_array_new(FALSE, FALSE, sizeof(TypedWord));
    g_array_set_clear_func(words, typed_word_clear);
    analyser_walk(analyser, text, strlen(text), add_typed_word, words);
    return words;
}

static const Correction *find_correction(const Speller *speller, const char *folded)
{
    for (guint i = 0; i < speller->corrections->len; i++) {
        const Correction *correction = &g_array_index(speller->corrections, Correction, i);
        if (strcmp(correction->folded, folded) == 0)
            return correction;
    }
    return NULL;
}

/* A word of a concept that `found` documents hold, under any of its names. */
static gboolean judge_word(Speller *speller, const char *typed, const TypedWord *word, guint found,
                           GError **error)
{
    gboolean is_capitals = is_acronym(typed + word->start, word->length);
    guint documents = 0;
    if (is_capitals != speller->with_acronyms || speller->tried >= SPELLING_WORDS ||
        !is_correctable(word->folded) || find_correction(speller, word->folded))
        return TRUE;
    if (!count_documents(speller, word->folded, &documents, error))
        return FALSE;
    if (documents == 0 && found > 0)
        return TRUE;
    guint most = allowed_errors(speller, word->folded, documents, is_capitals);
    return most == 0 || correct_word(speller, word->folded, documents, most, error);
}

/* Whether a concept is bare words, as typed. */
static gboolean is_bare(const QueryConcept *concept)
{
    return concept->is_ranked && !concept->is_quoted && !concept->in_title &&
           !g_array_index(concept->alternatives, QueryAlternative, 0).is_prefix;
}

static gboolean judge_concepts(Speller *speller, const Query *query, const SearchResult *result,
                               GError **error)
{
    const GPtrArray *concepts = query_concepts(query);
    for (guint i = 0; i < concepts->len; i++) {
        const QueryConcept *concept = g_ptr_array_index(concepts, i);
        guint found = g_array_index(result->documents, guint, i);
        if (!is_bare(concept) ||
            found * SPELLING_RARER > cards_document_count(searcher_cards(speller->searcher)))
            continue;
        g_autoptr(GArray) words = typed_words(searcher_analyser(speller->searcher), concept->typed);
        for (guint j = 0; j < words->len; j++)
            if (!judge_word(speller, concept->typed, &g_array_index(words, TypedWord, j), found,
                            error))
                return FALSE;
    }
    return TRUE;
}

/* The question anew */

/* Where the phrase in quotes that begins at `at` ends; `at` itself when none does. The marks are
 * query.h's. */
static const char *quoted_end(const char *at)
{
    static const struct {
        const char *open;
        const char *close[3];
    } QUOTES[] = {
        {"\"", {"\""}}, {"“", {"”", "“", "\""}}, {"„", {"”", "“", "\""}}, {"«", {"»", "\""}}};
    const char *end = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(QUOTES); i++) {
        if (!g_str_has_prefix(at, QUOTES[i].open))
            continue;
        const char *begin = at + strlen(QUOTES[i].open);
        for (gsize j = 0; j < G_N_ELEMENTS(QUOTES[i].close) && QUOTES[i].close[j]; j++) {
            const char *close = strstr(begin, QUOTES[i].close[j]);
            if (close && (!end || close + strlen(QUOTES[i].close[j]) < end))
                end = close + strlen(QUOTES[i].close[j]);
        }
    }
    return end ? end : at;
}

/* Whether a word that stands there is no bare one: a field, its value, a prefix, or excluded. */
static gboolean is_marked(const char *typed, const TypedWord *word)
{
    char after = typed[word->start + word->length];
    char before = word->start > 0 ? typed[word->start - 1] : ' ';
    gboolean is_excluded = before == '-' && (word->start == 1 || typed[word->start - 2] == ' ');
    return after == '*' || after == ':' || before == ':' || is_excluded;
}

/* Goes over quotes between `at` and `before`; returns where it comes to, which may be beyond. */
static const char *pass_quotes(const char *at, const char *before)
{
    while (at < before) {
        const char *end = quoted_end(at);
        at = end > at ? end : at + 1;
    }
    return at;
}

/* NULL when nothing was to be put in. */
static char *rewrite(const Speller *speller, const char *typed)
{
    g_autoptr(GArray) words = typed_words(searcher_analyser(speller->searcher), typed);
    g_autoptr(GString) text = g_string_new(NULL);
    const char *kept = typed, *unquoted = typed;
    for (guint i = 0; i < words->len; i++) {
        const TypedWord *word = &g_array_index(words, TypedWord, i);
        const char *start = typed + word->start;
        const Correction *correction = find_correction(speller, word->folded);
        unquoted = pass_quotes(unquoted, start);
        if (!correction || unquoted > start || is_marked(typed, word))
            continue;
        g_string_append_len(text, kept, start - kept);
        g_string_append(text, correction->text);
        kept = start + word->length;
    }
    if (kept == typed)
        return NULL;
    g_string_append(text, kept);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

char *spelling_correct(Searcher *searcher, Lexicon *lexicon, const Vocabulary *vocabulary,
                       const Query *query, const SearchResult *result, const char *typed,
                       GError **error)
{
    g_auto(Speller) speller = {.searcher = searcher, .lexicon = lexicon, .vocabulary = vocabulary};
    speller.corrections = g_array_new(FALSE, FALSE, sizeof(Correction));
    g_array_set_clear_func(speller.corrections, correction_clear);
    if (query_is_cut(query) || !judge_concepts(&speller, query, result, error))
        return NULL;
    speller.with_acronyms = speller.corrections->len == 0;
    if (speller.with_acronyms && !judge_concepts(&speller, query, result, error))
        return NULL;
    return speller.corrections->len > 0 ? rewrite(&speller, typed) : NULL;
}
