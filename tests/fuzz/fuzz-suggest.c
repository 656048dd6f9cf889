/* libFuzzer target of server/suggest and server/spelling, and of a whole search: an input is what
 * somebody typed. Suggestions and corrections are text that can be typed, no two alike; an answer
 * keeps within what was asked for, and what a passage marks is in the page. */
#include "fuzz-archive.h"

#include "../../server/search/spelling.h"
#include "../../server/search/suggest.h"

typedef struct {
    Vocabulary *vocabulary;
    Searcher *searcher;
    Lexicon *lexicon;
    Suggester *suggester;
} House;

static const House *house(void)
{
    static House made;
    if (made.searcher)
        return &made;
    made.vocabulary = vocabulary_new(NULL);
    made.searcher = searcher_new(fuzz_archive(), NULL);
    made.lexicon = lexicon_new(fuzz_archive());
    require(made.vocabulary && made.searcher);
    made.suggester = suggester_new(vocabulary_thesaurus(made.vocabulary), made.lexicon);
    return &made;
}

static void check_suggestions(const House *h, const char *typed)
{
    g_autoptr(GPtrArray) found =
        suggester_complete(h->suggester, h->searcher, typed, SUGGEST_LIMIT, NULL);
    g_autoptr(GHashTable) texts = g_hash_table_new(g_str_hash, g_str_equal);
    require(found && found->len <= SUGGEST_LIMIT);
    for (guint i = 0; i < found->len; i++) {
        const Suggestion *suggestion = found->pdata[i];
        require(*suggestion->text && g_utf8_validate(suggestion->text, -1, NULL));
        require(suggestion->kind < SUGGESTION_KINDS);
        require((suggestion->kind == SUGGESTION_TITLE) == (*suggestion->id != '\0'));
        require(suggestion->kind == SUGGESTION_TITLE || g_hash_table_add(texts, suggestion->text));
    }
}

static void check_item(const SearchItem *item)
{
    require(item->document && item->document->state == DOCUMENT_INDEXED);
    for (guint i = 0; item->hits && i < item->hits->len; i++) {
        const SearchHit *hit = &g_array_index(item->hits, SearchHit, i);
        require(hit->page >= 1 && hit->page <= item->document->page_count && hit->passage);
    }
}

static void check_search(const House *h, const char *typed)
{
    g_autoptr(Query) query =
        query_parse(typed, strlen(typed), h->vocabulary, TRUE, searcher_analyser(h->searcher));
    SearchRequest request = {.query = query, .limit = 2};
    g_autoptr(SearchResult) result = searcher_search(h->searcher, &request, NULL);
    require(result && result->items->len <= 2 && result->total >= result->items->len);
    require(result->partial <= result->total);
    for (guint i = 0; i < result->items->len; i++)
        check_item(result->items->pdata[i]);
    g_autoptr(GError) error = NULL;
    g_autofree char *corrected =
        spelling_correct(h->searcher, h->lexicon, h->vocabulary, query, result, typed, &error);
    require(!error);
    if (corrected)
        require(strcmp(corrected, typed) != 0 && g_utf8_validate(corrected, -1, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {data, size};
    const House *h = house();
    g_autofree char *typed = fuzz_text(&input);
    require(searcher_begin(h->searcher, NULL));
    check_suggestions(h, typed);
    check_search(h, typed);
    searcher_end(h->searcher);
    return 0;
}
