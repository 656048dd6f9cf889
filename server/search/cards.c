/* See cards.h. Rows are small numbers given in order, so the row is the place in the array. */
#include "cards.h"

#include <string.h>

#include "../../indexer/words.h"
#include "rank.h"
#include "title_order.h"

typedef struct {
    GPtrArray *names;    /* char *, owned */
    GHashTable *numbers; /* borrowed name -> number + 1 */
} Names;

/* Themes or areas, and the different sets of them. */
typedef struct {
    Names names;
    GArray *sets;        /* guint64: bits by number */
    GHashTable *numbers; /* gint64 * (owned): set -> number + 1 */
} Topics;

struct Cards {
    GArray *all;
    Topics topics[TOPIC_KINDS];
    Names bodies;
    Names collections;
    GArray *parents; /* NameIndex by collection */
    GArray *norms;   /* float by row */
    GArray *failed;  /* gint64: rows */
    gint64 revision;
    guint documents;
    guint64 words;
};

static Names names_init(void)
{
    return (Names){g_ptr_array_new_with_free_func(g_free),
                   g_hash_table_new(g_str_hash, g_str_equal)};
}

static void names_release(Names *names)
{
    g_hash_table_unref(names->numbers);
    g_ptr_array_unref(names->names);
}

static NameIndex names_find(const Names *names, const char *name)
{
    return name ? GPOINTER_TO_INT(g_hash_table_lookup(names->numbers, name)) - 1 : -1;
}

static NameIndex names_add(Names *names, const char *name)
{
    char *copy = g_strdup(name);
    g_ptr_array_add(names->names, copy);
    g_hash_table_insert(names->numbers, copy, GINT_TO_POINTER((gint)names->names->len));
    return (NameIndex)names->names->len - 1;
}

static const char *names_get(const Names *names, NameIndex index)
{
    return index >= 0 && (guint)index < names->names->len
               ? g_ptr_array_index(names->names, (guint)index)
               : NULL;
}

static Topics topics_init(void)
{
    return (Topics){names_init(), g_array_new(FALSE, FALSE, sizeof(guint64)),
                    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL)};
}

static void topics_release(Topics *topics)
{
    g_hash_table_unref(topics->numbers);
    g_array_unref(topics->sets);
    names_release(&topics->names);
}

static guint topics_number(Topics *topics, guint64 set)
{
    gpointer known = g_hash_table_lookup(topics->numbers, &set);
    if (!known) {
        g_array_append_val(topics->sets, set);
        known = GUINT_TO_POINTER(topics->sets->len);
        g_hash_table_insert(topics->numbers, g_memdup2(&set, sizeof set), known);
    }
    return GPOINTER_TO_UINT(known) - 1;
}

Cards *cards_new(void)
{
    Cards *cards = g_new0(Cards, 1);
    cards->all = g_array_new(FALSE, TRUE, sizeof(Card));
    for (int kind = 0; kind < TOPIC_KINDS; kind++)
        cards->topics[kind] = topics_init();
    cards->bodies = names_init();
    cards->collections = names_init();
    cards->parents = g_array_new(FALSE, FALSE, sizeof(NameIndex));
    cards->norms = g_array_new(FALSE, TRUE, sizeof(float));
    cards->failed = g_array_new(FALSE, FALSE, sizeof(gint64));
    return cards;
}

void cards_free(Cards *cards)
{
    if (!cards)
        return;
    for (guint i = 0; i < cards->all->len; i++)
        g_free(g_array_index(cards->all, Card, i).title_key);
    g_array_unref(cards->all);
    for (int kind = 0; kind < TOPIC_KINDS; kind++)
        topics_release(&cards->topics[kind]);
    names_release(&cards->bodies);
    names_release(&cards->collections);
    g_array_unref(cards->parents);
    g_array_unref(cards->norms);
    g_array_unref(cards->failed);
    g_free(cards);
}

/* A collection is noted with the folders that hold it, outermost first. */
static NameIndex add_collection(Cards *cards, const char *collection)
{
    NameIndex known = names_find(&cards->collections, collection);
    if (known >= 0 || !*collection)
        return known;
    const char *slash = strrchr(collection, '/');
    NameIndex parent = -1;
    if (slash) {
        g_autofree char *folder = g_strndup(collection, (gsize)(slash - collection));
        parent = add_collection(cards, folder);
    }
    g_array_append_val(cards->parents, parent);
    return names_add(&cards->collections, collection);
}

static NameIndex add_body(Cards *cards, const char *body)
{
    NameIndex known = names_find(&cards->bodies, body);
    return known >= 0 || !body ? known : names_add(&cards->bodies, body);
}

/* The topics among a document's catalogue terms: those that begin so. */
static guint take_topics(Topics *topics, const char *terms, const char *beginning)
{
    guint64 set = 0;
    gsize before = strlen(beginning), length;
    for (const char *at = terms ? terms : ""; *at; at += length + (at[length] == ' ')) {
        length = strcspn(at, " ");
        if (!g_str_has_prefix(at, beginning))
            continue;
        g_autofree char *id = g_strndup(at + before, length - before);
        NameIndex index = names_find(&topics->names, id);
        if (index < 0 && topics->names.names->len < CARDS_TOPICS)
            index = names_add(&topics->names, id);
        if (index >= 0)
            set |= G_GUINT64_CONSTANT(1) << index;
    }
    return topics_number(topics, set);
}

static guint8 language_bits(const ArchiveCard *card)
{
    guint8 bits = 0;
    for (int language = LANGUAGE_ITALIAN; language < LANGUAGE_COUNT; language++)
        if (card->share[language] >= ARCHIVE_LANGUAGE_SHARE)
            bits |= (guint8)(1 << language);
    return bits;
}

static void count(Cards *cards, const Card *card, int sign)
{
    if (card->row == 0 || card->state != DOCUMENT_INDEXED)
        return;
    cards->documents += (guint)sign;
    cards->words += (guint64)(gint64)sign * card->word_count;
}

static void take_card(const ArchiveCard *from, gpointer data)
{
    Cards *cards = data;
    if (from->row < 0 || from->row > G_MAXINT32)
        return;
    if (cards->all->len <= (guint)from->row)
        g_array_set_size(cards->all, (guint)from->row + 1);
    Card *card = &g_array_index(cards->all, Card, (guint)from->row);
    count(cards, card, -1);
    g_free(card->title_key);
    *card = (Card){
        .row = from->row,
        .state = from->state,
        .languages = language_bits(from),
        .kind = (guint8)from->kind,
        .year = (gint16)from->year,
        .body = add_body(cards, from->body),
        .collection = add_collection(cards, from->collection ? from->collection : ""),
        .topics = {take_topics(&cards->topics[TOPIC_THEME], from->terms, "t:"),
                   take_topics(&cards->topics[TOPIC_AREA], from->terms, "r:")},
        .word_count = from->word_count,
        .page_count = from->page_count,
        .indexed_unix = from->indexed_unix,
        .title_key = words_fold(from->state == DOCUMENT_GONE ? NULL : from->title),
    };
    card->title_order = title_order_key(card->title_key, card->languages);
    card->letter = (guint8)title_order_letter(card->title_order);
    g_strlcpy(card->id, from->id, sizeof card->id);
    count(cards, card, 1);
}

/* What is known of all cards together. With one card the average changes, and with it every norm.
 */
static void take_stock(Cards *cards)
{
    float average = (float)cards_average_words(cards);
    g_array_set_size(cards->norms, cards->all->len);
    g_array_set_size(cards->failed, 0);
    for (guint row = 0; row < cards->all->len; row++) {
        const Card *card = &g_array_index(cards->all, Card, row);
        g_array_index(cards->norms, float, row) = rank_norm((float)card->word_count / average);
        if (card->row && card->state == DOCUMENT_FAILED)
            g_array_append_val(cards->failed, card->row);
    }
}

gboolean cards_refresh(Cards *cards, Archive *archive, GError **error)
{
    gint64 before = cards->revision;
    if (!archive_cards_since(archive, &cards->revision, take_card, cards, error))
        return FALSE;
    if (cards->revision != before)
        take_stock(cards);
    return TRUE;
}

const GArray *cards_failed(const Cards *cards)
{
    return cards->failed;
}

const float *cards_norms(const Cards *cards)
{
    return (const float *)(const void *)cards->norms->data;
}

gint64 cards_revision(const Cards *cards)
{
    return cards->revision;
}

const Card *cards_find(const Cards *cards, gint64 row)
{
    if (row <= 0 || row >= cards->all->len)
        return NULL;
    const Card *card = &g_array_index(cards->all, Card, (guint)row);
    return card->row ? card : NULL;
}

const GArray *cards_all(const Cards *cards)
{
    return cards->all;
}

guint cards_document_count(const Cards *cards)
{
    return cards->documents;
}

double cards_average_words(const Cards *cards)
{
    return cards->documents ? MAX(1, (double)cards->words / cards->documents) : 1;
}

guint cards_topic_set_count(const Cards *cards, TopicKind kind)
{
    return cards->topics[kind].sets->len;
}

guint64 cards_topic_set(const Cards *cards, TopicKind kind, guint number)
{
    return g_array_index(cards->topics[kind].sets, guint64, number);
}

NameIndex cards_topic_index(const Cards *cards, TopicKind kind, const char *id)
{
    return names_find(&cards->topics[kind].names, id);
}

const char *cards_topic(const Cards *cards, TopicKind kind, NameIndex index)
{
    return names_get(&cards->topics[kind].names, index);
}

guint cards_topic_count(const Cards *cards, TopicKind kind)
{
    return cards->topics[kind].names.names->len;
}

NameIndex cards_body_index(const Cards *cards, const char *body)
{
    return names_find(&cards->bodies, body);
}

const char *cards_body(const Cards *cards, NameIndex index)
{
    return names_get(&cards->bodies, index);
}

guint cards_body_count(const Cards *cards)
{
    return cards->bodies.names->len;
}

NameIndex cards_collection_index(const Cards *cards, const char *collection)
{
    return names_find(&cards->collections, collection);
}

const char *cards_collection(const Cards *cards, NameIndex index)
{
    return names_get(&cards->collections, index);
}

guint cards_collection_count(const Cards *cards)
{
    return cards->collections.names->len;
}

NameIndex cards_collection_parent(const Cards *cards, NameIndex index)
{
    return index >= 0 && (guint)index < cards->parents->len
               ? g_array_index(cards->parents, NameIndex, (guint)index)
               : -1;
}
