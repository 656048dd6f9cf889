/* See suggest_private.h. Titles and issuing bodies: names that answer all of what was typed. */
#include "suggest_private.h"

#include <string.h>

/* How well a name (folded) answers all that was typed. */
typedef enum { ANSWER_NONE = 0, ANSWER_WORDS, ANSWER_PHRASE, ANSWER_BEGINNING } Answer;

/* Where a word that begins with `typed` begins; NULL: nowhere. */
static const char *find_beginning(const char *name, const char *typed)
{
    const char *at = name;
    while ((at = strstr(at, typed)) && at > name && at[-1] != ' ')
        at++;
    return at;
}

static Answer judge_name(const char *name, const Input *input, const char *phrase)
{
    const Words *words = input->words;
    /* The last word is the likeliest to be missing: most names are through with it. */
    for (guint i = words->count; i > 0; i--)
        if (!find_beginning(name, words->word[i - 1].folded))
            return ANSWER_NONE;
    const char *at = find_beginning(name, phrase);
    if (!at)
        return ANSWER_WORDS;
    return at == name ? ANSWER_BEGINNING : ANSWER_PHRASE;
}

/* A name that answers. */
typedef struct {
    Answer answer;
    guint rank;       /* among those that answer as well: greater is better */
    const char *name; /* folded; borrowed */
    gint64 row;       /* of a title */
    NameIndex body;   /* of a body */
} Named;

static gint compare_named(gconstpointer a, gconstpointer b)
{
    const Named *left = a, *right = b;
    if (left->answer != right->answer)
        return left->answer > right->answer ? -1 : 1;
    if (left->rank != right->rank)
        return left->rank > right->rank ? -1 : 1;
    int order = strcmp(left->name, right->name);
    return order != 0 ? order : (left->row > right->row) - (left->row < right->row);
}

/* Keeps the best of them. Several documents may have one title. */
enum { NAMES_KEPT = 3 * SUGGEST_LIMIT };

static void keep_named(GArray *kept, Named named)
{
    if (kept->len == NAMES_KEPT &&
        compare_named(&g_array_index(kept, Named, NAMES_KEPT - 1), &named) <= 0)
        return;
    guint at = kept->len;
    while (at > 0 && compare_named(&g_array_index(kept, Named, at - 1), &named) > 0)
        at--;
    g_array_insert_val(kept, at, named);
    if (kept->len > NAMES_KEPT)
        g_array_set_size(kept, NAMES_KEPT);
}

static GArray *match_titles(const Cards *cards, const Input *input, const char *phrase)
{
    GArray *kept = g_array_sized_new(FALSE, FALSE, sizeof(Named), NAMES_KEPT + 1);
    const GArray *all = cards_all(cards);
    for (guint i = 0; i < all->len; i++) {
        const Card *card = &g_array_index(all, Card, i);
        if (card->row == 0 || card->state != DOCUMENT_INDEXED)
            continue;
        Answer answer = judge_name(card->title_key, input, phrase);
        if (answer != ANSWER_NONE)
            keep_named(kept, (Named){.answer = answer,
                                     .rank = (guint)MAX(card->year, 0),
                                     .name = card->title_key,
                                     .row = card->row});
    }
    return kept;
}

/* The only one of the two languages that a document is in. */
static Language card_language(const Card *card)
{
    for (int language = LANGUAGE_ITALIAN; language < LANGUAGE_COUNT; language++)
        if (card->languages == 1 << language)
            return (Language)language;
    return LANGUAGE_OTHER;
}

static gboolean add_title(GPtrArray *titles, Searcher *searcher, const Named *named, GError **error)
{
    const Card *card = cards_find(searcher_cards(searcher), named->row);
    GError *failure = NULL;
    g_autoptr(ArchiveDocument) document =
        archive_find_row(searcher_archive(searcher), named->row, &failure);
    if (failure) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    if (!document || !document->card || !document->card->title)
        return TRUE;
    Suggestion *title = suggestion_new(
        SUGGESTION_TITLE, g_utf8_make_valid(document->card->title, -1), card_language(card));
    memcpy(title->id, card->id, sizeof title->id);
    g_ptr_array_add(titles, title);
    return TRUE;
}

GPtrArray *suggest_titles(Searcher *searcher, const Input *input, const char *phrase,
                          GError **error)
{
    g_autoptr(GPtrArray) titles = suggest_list_new();
    g_autoptr(GArray) kept = match_titles(searcher_cards(searcher), input, phrase);
    const char *last = NULL;
    for (guint i = 0; i < kept->len && titles->len < SUGGEST_LIMIT; i++) {
        const Named *named = &g_array_index(kept, Named, i);
        if ((!last || strcmp(last, named->name) != 0) && !add_title(titles, searcher, named, error))
            return NULL;
        last = named->name;
    }
    return g_steal_pointer(&titles);
}

/* How many searchable documents each body has. */
static guint *count_bodies(const Cards *cards)
{
    guint *counts = g_new0(guint, cards_body_count(cards) + 1);
    const GArray *all = cards_all(cards);
    for (guint i = 0; i < all->len; i++) {
        const Card *card = &g_array_index(all, Card, i);
        if (card->row != 0 && card->state == DOCUMENT_INDEXED && card->body >= 0)
            counts[card->body]++;
    }
    return counts;
}

GPtrArray *suggest_bodies(Searcher *searcher, const Input *input, const char *phrase)
{
    GPtrArray *bodies = suggest_list_new();
    const Cards *cards = searcher_cards(searcher);
    g_autofree guint *counts = count_bodies(cards);
    g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(Named));
    for (guint i = 0; i < cards_body_count(cards); i++) {
        const char *body = cards_body(cards, (NameIndex)i);
        if (counts[i] == 0)
            continue;
        g_autofree char *name = words_fold(body);
        Answer answer = judge_name(name, input, phrase);
        if (answer != ANSWER_NONE)
            keep_named(
                kept,
                (Named){.answer = answer, .rank = counts[i], .name = body, .body = (NameIndex)i});
    }
    for (guint i = 0; i < kept->len && bodies->len < SUGGEST_LIMIT; i++) {
        const char *body = cards_body(cards, g_array_index(kept, Named, i).body);
        g_ptr_array_add(
            bodies, suggestion_new(SUGGESTION_BODY, g_utf8_make_valid(body, -1), LANGUAGE_OTHER));
    }
    return bodies;
}
