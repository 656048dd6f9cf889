/* See similar.h.
 *
 * The words go through three sieves, each dearer for a word than the one before: how often the
 * document has them; about how many documents hold them; and, once they are concepts, how many
 * documents hold any of their names. What a weightier word already stands for (its translation, in
 * a bilingual document) is not counted twice. What no other document holds under any name makes
 * every other one the less like this one. */
#include "similar.h"

#include <string.h>

#include "keywords.h"
#include "matching.h"
#include "rank.h"

/* A document that shares less than this part of what the document shares with itself is about
 * something else. */
static const double LEAST_LIKENESS = 0.15;

/* What a word takes of the index for each document that has it, a few times mostly; and what is
 * read at once to know how many have it. */
enum { BYTES_A_DOCUMENT = 7, COUNTED_BYTES = 4096 };

/* A keyword as a concept. */
typedef struct {
    const Keyword *keyword; /* borrowed */
    const QueryConcept *concept;
    const ConceptMatches *matches;
    double own;    /* what the document's own frequency is worth */
    double weight; /* in a score */
} Word;

typedef struct {
    guint32 row;
    double score;
} Scored;

typedef struct {
    Searcher *searcher;
    const Vocabulary *vocabulary; /* or NULL */
    const LexiconWords *lexicon;  /* or NULL */
    const ArchiveDocument *document;
    guint64 bytes_left;  /* of the index, that may be read */
    GPtrArray *keywords; /* Keyword: first by frequency, then by weight */
    Query *query;
    Matching *matching;
    GArray *words; /* Word, weightiest first */
    double most;   /* the document's own score */
} Finder;

static void finder_release(Finder *finder)
{
    g_clear_pointer(&finder->words, g_array_unref);
    matching_free(finder->matching);
    query_free(finder->query);
    g_clear_pointer(&finder->keywords, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Finder, finder_release)

static float own_norm(const Finder *finder)
{
    return cards_norms(searcher_cards(finder->searcher))[finder->document->row];
}

/* Which words */

typedef struct {
    guint index;
    double weight;
} Weighed;

static gint heaviest_first(gconstpointer a, gconstpointer b)
{
    const Weighed *left = a, *right = b;
    if (left->weight > right->weight || left->weight < right->weight)
        return left->weight > right->weight ? -1 : 1;
    return left->index < right->index ? -1 : left->index > right->index;
}

/* What a folded word takes of the index; 0 where it is not known. */
static guint32 bytes_of(const Finder *finder, const char *word)
{
    guint first = 0, end = 0;
    lexicon_words_range(finder->lexicon, word, &first, &end);
    return first < end && strcmp(lexicon_words_at(finder->lexicon, first), word) == 0
               ? lexicon_words_weight(finder->lexicon, first)
               : 0;
}

/* What all words that begin like a keyword take of the index: its other forms, too. */
static guint64 bytes_of_forms(const Finder *finder, const Keyword *keyword)
{
    guint64 bytes = 0;
    guint first = 0, end = 0;
    lexicon_words_range(finder->lexicon, keyword->stem + strlen("i:"), &first, &end);
    for (guint i = first; i < end && bytes < G_MAXUINT32; i++)
        bytes += lexicon_words_weight(finder->lexicon, i);
    return bytes;
}

/* How many documents hold a keyword; about how many, where that takes much to know. */
static gboolean count_documents(const Finder *finder, const Keyword *keyword, guint *ret_documents,
                                GError **error)
{
    guint64 bytes = finder->lexicon ? bytes_of_forms(finder, keyword) : 0;
    if (bytes > COUNTED_BYTES) {
        *ret_documents = (guint)MIN(bytes / BYTES_A_DOCUMENT, G_MAXINT);
        return TRUE;
    }
    const PostingList *list =
        postings_find(searcher_postings(finder->searcher), keyword->stem, FALSE, error);
    if (list)
        *ret_documents = list->count;
    return list != NULL;
}

/* A word of this document alone may be an error of reading, unless the vocabulary knows it: then it
 * may stand elsewhere under another name. */
static gboolean says_something(const Finder *finder, const Keyword *keyword, guint documents)
{
    return documents > 1 ||
           (finder->vocabulary &&
            vocabulary_knows(finder->vocabulary, searcher_analyser(finder->searcher),
                             keyword->language, keyword->word));
}

static gboolean weigh_keywords(const Finder *finder, GArray *weighed, GError **error)
{
    guint all = cards_document_count(searcher_cards(finder->searcher));
    for (guint i = 0; i < finder->keywords->len; i++) {
        const Keyword *keyword = finder->keywords->pdata[i];
        guint documents = 0;
        if (!count_documents(finder, keyword, &documents, error))
            return FALSE;
        double often = (double)rank_saturated((float)keyword->count, own_norm(finder));
        Weighed one = {i, often * matching_idf(all, documents)};
        if (says_something(finder, keyword, documents))
            g_array_append_val(weighed, one);
    }
    g_array_sort(weighed, heaviest_first);
    return TRUE;
}

/* What reading a name's list reads of the index; of a name of several words, their lists. */
static guint64 bytes_to_read(const Finder *finder, const char *name)
{
    guint64 bytes = 0;
    g_auto(GStrv) words = g_strsplit(name, " ", -1);
    for (guint i = 0; words[i]; i++)
        bytes += bytes_of(finder, words[i]);
    return bytes;
}

/* Names are looked up in the order of their words' weight, as long as the index may be read. */
static gboolean is_affordable(const QueryAlternative *name, gpointer data)
{
    Finder *finder = data;
    guint64 bytes = finder->lexicon ? bytes_to_read(finder, name->shown) : 0;
    if (bytes > finder->bytes_left)
        return FALSE;
    finder->bytes_left -= bytes;
    return TRUE;
}

/* Reads the words of the most weight as a question: any of them. They are plain folded words, so
 * none of them can be an operator. */
static gboolean ask(Finder *finder, GError **error)
{
    g_autoptr(GArray) weighed = g_array_new(FALSE, FALSE, sizeof(Weighed));
    g_autoptr(GString) typed = g_string_new(NULL);
    Searcher *searcher = finder->searcher;
    const Cards *cards = searcher_cards(searcher);
    if (!weigh_keywords(finder, weighed, error))
        return FALSE;
    for (guint i = 0; i < MIN(weighed->len, (guint)SIMILAR_ASKED); i++) {
        const Keyword *keyword = finder->keywords->pdata[g_array_index(weighed, Weighed, i).index];
        g_string_append_printf(typed, "%s%s", i > 0 ? " OR " : "", keyword->word);
    }
    finder->query =
        query_parse(typed->str, typed->len, finder->vocabulary, TRUE, searcher_analyser(searcher));
    finder->matching =
        matching_concepts(finder->query, searcher_postings(searcher), cards_all(cards)->len,
                          cards_document_count(cards), is_affordable, finder, error);
    return finder->matching != NULL;
}

static const Keyword *keyword_of(const Finder *finder, const QueryConcept *concept)
{
    for (guint i = 0; i < finder->keywords->len; i++) {
        const Keyword *keyword = finder->keywords->pdata[i];
        if (strcmp(keyword->word, concept->typed) == 0)
            return keyword;
    }
    return NULL;
}

static gint weightiest_first(gconstpointer a, gconstpointer b)
{
    const Word *left = a, *right = b;
    double one = left->weight * left->own, other = right->weight * right->own;
    if (one > other || one < other)
        return one > other ? -1 : 1;
    return strcmp(left->keyword->stem, right->keyword->stem);
}

static GArray *make_words(const Finder *finder)
{
    const GPtrArray *concepts = query_concepts(finder->query);
    GArray *words = g_array_new(FALSE, FALSE, sizeof(Word));
    guint32 row = (guint32)finder->document->row;
    for (guint i = 0; i < concepts->len; i++) {
        const ConceptMatches *matches = &finder->matching->concept[i];
        Word word = {.concept = concepts->pdata[i], .matches = matches};
        word.keyword = keyword_of(finder, word.concept);
        word.own = (double)rank_saturated(matching_frequency(matches, row), own_norm(finder));
        word.weight = word.own * matches->idf;
        if (word.keyword && word.weight > 0 && says_something(finder, word.keyword, matches->count))
            g_array_append_val(words, word);
    }
    g_array_sort(words, weightiest_first);
    return words;
}

/* Whether one of the first words stands for this one, too. */
static gboolean is_covered(GHashTable *names, const Word *word)
{
    return g_hash_table_contains(names, word->keyword->stem);
}

static void choose_words(Finder *finder)
{
    g_autoptr(GArray) all = make_words(finder);
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    finder->words = g_array_new(FALSE, FALSE, sizeof(Word));
    for (guint i = 0; i < all->len && finder->words->len < SIMILAR_WORDS; i++) {
        const Word *word = &g_array_index(all, Word, i);
        if (is_covered(names, word))
            continue;
        finder->most += word->weight * word->own;
        if (word->matches->count > 1)
            g_array_append_vals(finder->words, word, 1);
        for (guint j = 0; j < word->concept->alternatives->len; j++)
            g_hash_table_add(
                names, g_array_index(word->concept->alternatives, QueryAlternative, j).phrase);
    }
}

/* Which documents */

/* Scores and numbers of shared words, by row. */
typedef struct {
    float *score;
    guint8 *shared;
    guint limit;
} Sums;

static void add_up(const Finder *finder, Sums *sums)
{
    const float *norm = cards_norms(searcher_cards(finder->searcher));
    for (guint i = 0; i < finder->words->len; i++) {
        const Word *word = &g_array_index(finder->words, Word, i);
        for (guint j = 0; j < word->matches->count; j++) {
            guint32 row = word->matches->rows[j];
            sums->score[row] +=
                (float)word->weight * rank_saturated(word->matches->frequency[j], norm[row]);
            sums->shared[row]++;
        }
    }
}

/* Puts a document in its place among the best, of which there are few. */
static void keep_best(GArray *best, Scored scored, guint limit)
{
    guint at = best->len;
    while (at > 0 && g_array_index(best, Scored, at - 1).score < scored.score)
        at--;
    if (at >= limit)
        return;
    g_array_insert_val(best, at, scored);
    if (best->len > limit)
        g_array_set_size(best, limit);
}

static GArray *choose_documents(const Finder *finder, guint limit)
{
    const Cards *cards = searcher_cards(finder->searcher);
    GArray *best = g_array_new(FALSE, FALSE, sizeof(Scored));
    Sums sums = {.limit = cards_all(cards)->len};
    g_autofree float *score = sums.score = g_new0(float, sums.limit + 1);
    g_autofree guint8 *shared = sums.shared = g_new0(guint8, sums.limit + 1);
    guint least = SIMILAR_SHARED_LEAST;
    add_up(finder, &sums);
    for (guint32 row = 1; row < sums.limit; row++) {
        const Card *card = score[row] > 0 ? cards_find(cards, row) : NULL;
        if (card && row != finder->document->row && card->state == DOCUMENT_INDEXED &&
            shared[row] >= least && (double)score[row] >= LEAST_LIKENESS * finder->most)
            keep_best(best, (Scored){row, (double)score[row]}, limit);
    }
    return best;
}

/* What they share */

typedef struct {
    const Word *word;
    double part; /* of the score */
} Share;

static gint largest_part_first(gconstpointer a, gconstpointer b)
{
    const Share *left = a, *right = b;
    if (left->part > right->part || left->part < right->part)
        return left->part > right->part ? -1 : 1;
    return strcmp(left->word->keyword->stem, right->word->keyword->stem);
}

static GArray *find_shares(const Finder *finder, guint32 row)
{
    GArray *shares = g_array_new(FALSE, FALSE, sizeof(Share));
    float norm = cards_norms(searcher_cards(finder->searcher))[row];
    for (guint i = 0; i < finder->words->len; i++) {
        const Word *word = &g_array_index(finder->words, Word, i);
        float frequency = matching_frequency(word->matches, row);
        Share share = {word, word->weight * (double)rank_saturated(frequency, norm)};
        if (share.part > 0)
            g_array_append_val(shares, share);
    }
    g_array_sort(shares, largest_part_first);
    return shares;
}

/* One spelling may be a word of both languages. */
static void add_name(GPtrArray *names, const char *name)
{
    for (guint i = 0; i < names->len; i++)
        if (strcmp(names->pdata[i], name) == 0)
            return;
    g_ptr_array_add(names, g_strdup(name));
}

static GPtrArray *shared_words(const Finder *finder, guint32 row)
{
    g_autoptr(GArray) shares = find_shares(finder, row);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < shares->len && names->len < SIMILAR_SHARED; i++)
        add_name(names, g_array_index(shares, Share, i).word->keyword->shown);
    return names;
}

/* The answer */

static void item_free(gpointer data)
{
    SimilarItem *item = data;
    archive_document_free(item->document);
    g_clear_pointer(&item->paths, g_ptr_array_unref);
    g_clear_pointer(&item->shared, g_ptr_array_unref);
    g_free(item);
}

static gboolean add_item(const Finder *finder, GPtrArray *items, const Scored *scored,
                         GError **error)
{
    Archive *archive = searcher_archive(finder->searcher);
    SimilarItem *item = g_new0(SimilarItem, 1);
    g_ptr_array_add(items, item);
    item->likeness = MIN(1, scored->score / finder->most);
    item->document = archive_find_row(archive, scored->row, error);
    item->paths = item->document ? archive_paths(archive, scored->row, error) : NULL;
    item->shared = shared_words(finder, scored->row);
    return item->paths != NULL;
}

GPtrArray *similar_find(Searcher *searcher, const Vocabulary *vocabulary, const LexiconWords *words,
                        const ArchiveDocument *document, guint limit, GError **error)
{
    g_auto(Finder) finder = {
        .searcher = searcher,
        .vocabulary = vocabulary,
        .lexicon = words,
        .document = document,
        .bytes_left = SIMILAR_INDEX_BYTES,
    };
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(item_free);
    finder.keywords = keywords_of(searcher_archive(searcher), searcher_analyser(searcher), document,
                                  SIMILAR_KEYWORDS, error);
    if (!finder.keywords)
        return NULL;
    if (finder.keywords->len == 0 || limit == 0)
        return g_steal_pointer(&items);
    if (!ask(&finder, error))
        return NULL;
    choose_words(&finder);
    g_autoptr(GArray) best = choose_documents(&finder, MIN(limit, (guint)SIMILAR_LIMIT));
    for (guint i = 0; i < best->len; i++)
        if (!add_item(&finder, items, &g_array_index(best, Scored, i), error))
            return NULL;
    return g_steal_pointer(&items);
}
