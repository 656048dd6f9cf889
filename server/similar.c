/* See similar.h.
 *
 * The words go through three sieves, each dearer for a word than the one before: how often the
 * document has them; how many documents hold them; and, once they are concepts, how many documents
 * hold any of their names. What no other document holds under any name says nothing about likeness,
 * and what a weightier word already stands for (its translation, in a bilingual document) is not
 * counted twice. */
#include "similar.h"

#include <string.h>

#include "keywords.h"
#include "matching.h"
#include "rank.h"

/* A document that shares less than this part of what the document shares with itself is about
 * something else. */
static const double LEAST_LIKENESS = 0.08;

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
    const ArchiveDocument *document;
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

/* A word of this document alone may be an error of reading, unless the vocabulary knows it: then it
 * may stand elsewhere under another name. */
static gboolean may_be_shared(const Finder *finder, const Vocabulary *vocabulary,
                              const Keyword *keyword, guint documents)
{
    return documents > 1 ||
           (vocabulary && vocabulary_knows(vocabulary, searcher_analyser(finder->searcher),
                                           keyword->language, keyword->word));
}

static gboolean weigh_keywords(const Finder *finder, const Vocabulary *vocabulary, GArray *weighed,
                               GError **error)
{
    Postings *postings = searcher_postings(finder->searcher);
    guint documents = cards_document_count(searcher_cards(finder->searcher));
    for (guint i = 0; i < finder->keywords->len; i++) {
        const Keyword *keyword = finder->keywords->pdata[i];
        const PostingList *list = postings_find(postings, keyword->stem, FALSE, error);
        if (!list)
            return FALSE;
        double often = (double)rank_saturated((float)keyword->count, own_norm(finder));
        Weighed one = {i, often * matching_idf(documents, list->count)};
        if (may_be_shared(finder, vocabulary, keyword, list->count))
            g_array_append_val(weighed, one);
    }
    g_array_sort(weighed, heaviest_first);
    return TRUE;
}

/* Reads the words of the most weight as a question: any of them. They are plain folded words, so
 * none of them can be an operator. */
static gboolean ask(Finder *finder, const Vocabulary *vocabulary, GError **error)
{
    g_autoptr(GArray) weighed = g_array_new(FALSE, FALSE, sizeof(Weighed));
    g_autoptr(GString) typed = g_string_new(NULL);
    Searcher *searcher = finder->searcher;
    const Cards *cards = searcher_cards(searcher);
    if (!weigh_keywords(finder, vocabulary, weighed, error))
        return FALSE;
    for (guint i = 0; i < MIN(weighed->len, (guint)SIMILAR_ASKED); i++) {
        const Keyword *keyword = finder->keywords->pdata[g_array_index(weighed, Weighed, i).index];
        g_string_append_printf(typed, "%s%s", i > 0 ? " OR " : "", keyword->word);
    }
    finder->query =
        query_parse(typed->str, typed->len, vocabulary, TRUE, searcher_analyser(searcher));
    finder->matching = matching_new(finder->query, searcher_postings(searcher),
                                    cards_all(cards)->len, cards_document_count(cards), error);
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
        if (word.keyword && word.weight > 0 && matches->count > 1)
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
        g_array_append_vals(finder->words, word, 1);
        finder->most += word->weight * word->own;
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
    guint least = MIN((guint)SIMILAR_SHARED_LEAST, finder->words->len);
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

static gboolean list_has(const PostingList *list, guint32 row)
{
    guint low = 0, high = list->count;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (list->rows[middle] < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low < list->count && list->rows[low] == row;
}

/* By which name a document holds a word: as this one writes it, when it can be; else the surest
 * other name. Borrowed. NULL and `error` on failure. */
static const char *name_in(const Finder *finder, const Word *word, guint32 row, GError **error)
{
    const QueryAlternative *best = NULL;
    for (guint i = 0; i < word->concept->alternatives->len; i++) {
        const QueryAlternative *one =
            &g_array_index(word->concept->alternatives, QueryAlternative, i);
        const PostingList *list =
            postings_find(searcher_postings(finder->searcher), one->phrase, one->is_prefix, error);
        if (!list)
            return NULL;
        if (list_has(list, row) && (!best || one->weight > best->weight))
            best = one;
    }
    return best && best->source != QUERY_LITERAL ? best->shown : word->keyword->shown;
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

/* Two words of one document may be one in the other. */
static void add_name(GPtrArray *names, const char *name)
{
    for (guint i = 0; i < names->len; i++)
        if (strcmp(names->pdata[i], name) == 0)
            return;
    g_ptr_array_add(names, g_strdup(name));
}

static GPtrArray *shared_words(const Finder *finder, guint32 row, GError **error)
{
    g_autoptr(GArray) shares = find_shares(finder, row);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < shares->len && names->len < SIMILAR_SHARED; i++) {
        const char *name = name_in(finder, g_array_index(shares, Share, i).word, row, error);
        if (!name)
            return NULL;
        add_name(names, name);
    }
    return g_steal_pointer(&names);
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
    item->likeness = scored->score / finder->most;
    item->document = archive_find_row(archive, scored->row, error);
    item->paths = item->document ? archive_paths(archive, scored->row, error) : NULL;
    item->shared = item->paths ? shared_words(finder, scored->row, error) : NULL;
    return item->shared != NULL;
}

GPtrArray *similar_find(Searcher *searcher, const Vocabulary *vocabulary,
                        const ArchiveDocument *document, guint limit, GError **error)
{
    g_auto(Finder) finder = {.searcher = searcher, .document = document};
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(item_free);
    finder.keywords = keywords_of(searcher_archive(searcher), searcher_analyser(searcher), document,
                                  SIMILAR_KEYWORDS, error);
    if (!finder.keywords)
        return NULL;
    if (finder.keywords->len == 0)
        return g_steal_pointer(&items);
    if (!ask(&finder, vocabulary, error))
        return NULL;
    choose_words(&finder);
    g_autoptr(GArray) best = choose_documents(&finder, MIN(limit, (guint)SIMILAR_LIMIT));
    for (guint i = 0; i < best->len; i++)
        if (!add_item(&finder, items, &g_array_index(best, Scored, i), error))
            return NULL;
    return g_steal_pointer(&items);
}
