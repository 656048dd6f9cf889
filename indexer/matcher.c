/* Matcher: see matcher.h.
 *
 * What a term asks of a word is a symbol: these very letters, these letters in capitals, these ones
 * but for an Italian or an English ending, or a word that begins so. A word of a text is one symbol
 * or a few. Symbols are found by the word's root (the word without its ending), which exact and
 * loose ones share, so one look-up finds all but the open ones; those are found by their first
 * three bytes. Most words of a text are none, so both look-ups are made to fail fast: a table of
 * hash values, which is never more than half full.
 *
 * A node of the tree is a beginning of terms; its edges are sorted by symbol. The first words'
 * edges are kept with their symbols. */
#include "matcher.h"

#include <string.h>

#include "words.h"

typedef enum {
    SYMBOL_EXACT,
    SYMBOL_CAPITALS,
    SYMBOL_ITALIAN, /* any form that an Italian word may have */
    SYMBOL_ENGLISH,
    SYMBOL_OPEN,
} SymbolKind;

typedef struct {
    SymbolKind kind;
    char *folded; /* of those of a language the root */
    gsize length;
    guint node; /* of the terms that begin with it; 0: none */
} Symbol;

typedef struct {
    guint symbol;
    guint node;
} Edge;

typedef struct {
    GArray *edges;  /* Edge, sorted by symbol; NULL: no term goes on */
    guint term;     /* the number + 1 of the term that ends here; 0: none */
    guint distance; /* words from the beginning */
} Node;

/* Symbols with the same root, or the same first three bytes. */
typedef struct {
    char *key;
    gsize length;
    GArray *symbols; /* guint */
} Family;

typedef struct {
    guint hash;
    guint family; /* its number + 1; 0: the slot is free */
} Slot;

/* Families by key: open addressing (Knuth, vol. 3, 6.4), the slots' number a power of two. */
typedef struct {
    GArray *families; /* Family */
    Slot *slots;
    guint mask;
} Index;

struct Matcher {
    GArray *symbols; /* Symbol */
    Index by_root;
    Index by_head; /* of open symbols */
    GArray *nodes; /* Node; number 0 is not used */
    guint terms;
};

G_DEFINE_QUARK(schedario - matcher - error, matcher_error)

/* ---- life ---- */

static void symbol_clear(gpointer data)
{
    g_free(((Symbol *)data)->folded);
}

static void node_clear(gpointer data)
{
    GArray *edges = ((Node *)data)->edges;
    if (edges != NULL)
        g_array_unref(edges);
}

static void family_clear(gpointer data)
{
    Family *family = data;
    g_free(family->key);
    g_array_unref(family->symbols);
}

enum { SLOTS_FIRST = 1 << 10 };

static void index_init(Index *index)
{
    index->families = g_array_new(FALSE, FALSE, sizeof(Family));
    g_array_set_clear_func(index->families, family_clear);
    index->slots = g_new0(Slot, SLOTS_FIRST);
    index->mask = SLOTS_FIRST - 1;
}

static void index_release(Index *index)
{
    g_array_unref(index->families);
    g_free(index->slots);
}

Matcher *matcher_new(void)
{
    Matcher *matcher = g_new0(Matcher, 1);
    matcher->symbols = g_array_new(FALSE, FALSE, sizeof(Symbol));
    g_array_set_clear_func(matcher->symbols, symbol_clear);
    index_init(&matcher->by_root);
    index_init(&matcher->by_head);
    matcher->nodes = g_array_new(FALSE, TRUE, sizeof(Node));
    g_array_set_clear_func(matcher->nodes, node_clear);
    g_array_set_size(matcher->nodes, 1);
    return matcher;
}

void matcher_free(Matcher *matcher)
{
    if (matcher == NULL)
        return;
    index_release(&matcher->by_root);
    index_release(&matcher->by_head);
    g_array_unref(matcher->symbols);
    g_array_unref(matcher->nodes);
    g_free(matcher);
}

/* ---- looking up ---- */

/* FNV-1a (Fowler, Noll, Vo), its high half folded into the low one, which the mask keeps. */
static guint hash_of(const char *key, gsize length)
{
    guint32 hash = 2166136261u;
    for (gsize i = 0; i < length; i++)
        hash = (hash ^ (guchar)key[i]) * 16777619u;
    return hash ^ hash >> 15;
}

/* The slot of a key, or the free one where it should be. */
static Slot *index_slot(const Index *index, const char *key, gsize length, guint hash)
{
    for (guint at = hash & index->mask;; at = (at + 1) & index->mask) {
        Slot *slot = &index->slots[at];
        if (slot->family == 0)
            return slot;
        if (slot->hash != hash)
            continue;
        const Family *family = &g_array_index(index->families, Family, slot->family - 1);
        if (family->length == length && memcmp(family->key, key, length) == 0)
            return slot;
    }
}

/* The symbols under a key; NULL: none. */
static GArray *index_lookup(const Index *index, const char *key, gsize length)
{
    const Slot *slot = index_slot(index, key, length, hash_of(key, length));
    if (slot->family == 0)
        return NULL;
    return g_array_index(index->families, Family, slot->family - 1).symbols;
}

static void index_grow(Index *index)
{
    guint old = index->mask + 1;
    g_autofree Slot *slots = g_steal_pointer(&index->slots);
    index->slots = g_new0(Slot, (gsize)old * 2);
    index->mask = old * 2 - 1;
    for (guint i = 0; i < old; i++) {
        if (slots[i].family == 0)
            continue;
        const Family *family = &g_array_index(index->families, Family, slots[i].family - 1);
        *index_slot(index, family->key, family->length, slots[i].hash) = slots[i];
    }
}

/* The symbols under a key, an empty list when it is new. */
static GArray *index_take(Index *index, const char *key, gsize length)
{
    GArray *found = index_lookup(index, key, length);
    if (found != NULL)
        return found;
    if (index->families->len > index->mask / 2)
        index_grow(index);
    Family family = {g_strndup(key, length), length, g_array_new(FALSE, FALSE, sizeof(guint))};
    g_array_append_val(index->families, family);
    guint hash = hash_of(key, length);
    *index_slot(index, key, length, hash) = (Slot){hash, index->families->len};
    return family.symbols;
}

/* ---- words ---- */

static gboolean is_vowel(char letter)
{
    return letter == 'a' || letter == 'e' || letter == 'i' || letter == 'o';
}

/* Least letters of a root: shorter words have too many neighbours ("via", "vie", "vio"). */
enum { ROOT_LETTERS = 3 };

/* How much of a folded word is its root: without the English s of plural and the Italian vowel of
 * gender and number, and what spelling puts before that vowel (servizi-o, laghi). */
static gsize root_length(const char *folded, gsize length)
{
    gsize left = length;
    if (left > ROOT_LETTERS && folded[left - 1] == 's' && folded[left - 2] != 's' &&
        folded[left - 2] != 'u')
        left--;
    if (left > ROOT_LETTERS && is_vowel(folded[left - 1]))
        left--;
    if (left > ROOT_LETTERS && folded[left - 1] == 'h' && strchr("cg", folded[left - 2]) != NULL)
        left--;
    else if (left > ROOT_LETTERS && (folded[left - 1] == 'i' || folded[left - 1] == 'y'))
        left--;
    return left;
}

gboolean matcher_is_acronym(const char *term)
{
    gsize length = strlen(term);
    if (length < 2 || length > MATCHER_ACRONYM_LETTERS)
        return FALSE;
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isupper(term[i]))
            return FALSE;
    return TRUE;
}

/* ---- adding ---- */

static gboolean wrong(GError **error, const char *term, const char *what)
{
    g_autofree char *valid = g_utf8_make_valid(term, -1);
    g_set_error(error, MATCHER_ERROR, MATCHER_ERROR_TERM, "the term \"%s\" has %s", valid, what);
    return FALSE;
}

/* Asterisks stand where a word has just ended, and nowhere else. */
static gboolean check_words(const char *term, const Words *words, GError **error)
{
    guint asterisks = 0;
    for (const char *p = term; *p != '\0'; p++)
        asterisks += *p == '*' ? 1 : 0;
    for (guint i = 0; i < words->count; i++) {
        const Word *word = &words->word[i];
        gboolean open = term[word->end] == '*';
        asterisks -= open ? 1 : 0;
        if (open && strlen(word->folded) < MATCHER_OPEN_LETTERS)
            return wrong(error, term, "less than 3 letters before an asterisk");
    }
    if (asterisks != 0)
        return wrong(error, term, "an asterisk that does not end a word");
    if (words->count == 0)
        return wrong(error, term, "no words");
    if (words->count > MATCHER_TERM_WORDS)
        return wrong(error, term, "more than 12 words");
    return TRUE;
}

gboolean matcher_check(const char *term, GError **error)
{
    g_autoptr(Words) words = words_new(term, strlen(term));
    return check_words(term, words, error);
}

static gboolean symbol_is(const Symbol *symbol, SymbolKind kind, const char *folded, gsize length)
{
    return symbol->kind == kind && symbol->length == length &&
           memcmp(symbol->folded, folded, length) == 0;
}

/* The number of a symbol, which is made when there is none. */
static guint symbol_for(Matcher *matcher, SymbolKind kind, const char *folded)
{
    gsize length = strlen(folded);
    gsize root = root_length(folded, length);
    GArray *list = kind == SYMBOL_OPEN ? index_take(&matcher->by_head, folded, MATCHER_OPEN_LETTERS)
                                       : index_take(&matcher->by_root, folded, root);
    if (kind == SYMBOL_ITALIAN || kind == SYMBOL_ENGLISH)
        length = root;
    for (guint i = 0; i < list->len; i++) {
        guint number = g_array_index(list, guint, i);
        if (symbol_is(&g_array_index(matcher->symbols, Symbol, number), kind, folded, length))
            return number;
    }
    Symbol symbol = {kind, g_strndup(folded, length), length, 0};
    guint number = matcher->symbols->len;
    g_array_append_val(matcher->symbols, symbol);
    g_array_append_val(list, number);
    return number;
}

/* Where the edge with a symbol is, or should be. */
static guint edge_place(const GArray *edges, guint symbol)
{
    guint low = 0;
    guint high = edges->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(edges, Edge, middle).symbol < symbol)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The node after `from` with a symbol; 0: none. */
static guint edge_follow(const Node *from, guint symbol)
{
    if (from->edges == NULL)
        return 0;
    guint place = edge_place(from->edges, symbol);
    if (place == from->edges->len)
        return 0;
    const Edge *edge = &g_array_index(from->edges, Edge, place);
    return edge->symbol == symbol ? edge->node : 0;
}

static guint node_add(Matcher *matcher, guint distance)
{
    Node node = {.distance = distance};
    g_array_append_val(matcher->nodes, node);
    return matcher->nodes->len - 1;
}

/* The node after `from` with a symbol, which is made when there is none; from 0 is the beginning.
 */
static guint node_after(Matcher *matcher, guint from, guint symbol)
{
    if (from == 0) {
        guint first = g_array_index(matcher->symbols, Symbol, symbol).node;
        if (first == 0)
            first = node_add(matcher, 1);
        g_array_index(matcher->symbols, Symbol, symbol).node = first;
        return first;
    }
    guint found = edge_follow(&g_array_index(matcher->nodes, Node, from), symbol);
    if (found != 0)
        return found;
    Edge edge = {symbol, node_add(matcher, g_array_index(matcher->nodes, Node, from).distance + 1)};
    Node *node = &g_array_index(matcher->nodes, Node, from);
    if (node->edges == NULL)
        node->edges = g_array_new(FALSE, FALSE, sizeof(Edge));
    g_array_insert_val(node->edges, edge_place(node->edges, symbol), edge);
    return edge.node;
}

/* A short word has too many neighbours, a name has others of its own (Colombia, Colombo). */
static gboolean is_loose_word(const Words *words)
{
    return strlen(words->word[0].folded) >= MATCHER_LOOSE_LETTERS && !words_is_capital(words, 0);
}

static SymbolKind kind_of(const char *term, Language language, const Words *words, guint at)
{
    static const SymbolKind FORMS[LANGUAGE_COUNT] = {
        [LANGUAGE_ITALIAN] = SYMBOL_ITALIAN,
        [LANGUAGE_ENGLISH] = SYMBOL_ENGLISH,
    };
    if (term[words->word[at].end] == '*')
        return SYMBOL_OPEN;
    if (words->count == 1 && matcher_is_acronym(term))
        return SYMBOL_CAPITALS;
    return words->count > 1 || is_loose_word(words) ? FORMS[language] : SYMBOL_EXACT;
}

gboolean matcher_add(Matcher *matcher, const char *term, Language language, guint *ret_number,
                     GError **error)
{
    g_autoptr(Words) words = words_new(term, strlen(term));
    if (!check_words(term, words, error))
        return FALSE;
    guint at = 0;
    for (guint i = 0; i < words->count; i++) {
        SymbolKind kind = kind_of(term, language, words, i);
        at = node_after(matcher, at, symbol_for(matcher, kind, words->word[i].folded));
    }
    Node *node = &g_array_index(matcher->nodes, Node, at);
    if (node->term == 0)
        node->term = ++matcher->terms;
    *ret_number = node->term - 1;
    return TRUE;
}

/* ---- finding ---- */

typedef struct {
    const Matcher *matcher;
    MatchVisit visit;
    gpointer data;
    guint at;        /* the present word's number */
    GArray *symbols; /* guint: what the present word is */
    GArray *begun;   /* guint: nodes under way, the longest first */
    GArray *next;    /* guint: those that the present word carries on */
} Search;

static gboolean is_in_capitals(const WordWalk *walk)
{
    for (gsize i = walk->start; i < walk->end; i++)
        if (!g_ascii_isupper(walk->text[i]))
            return FALSE;
    return TRUE;
}

static gboolean symbol_fits(const Symbol *symbol, const WordWalk *walk)
{
    const char *ending = walk->folded + symbol->length;
    if (symbol->kind == SYMBOL_ITALIAN)
        return strpbrk(ending, "sy") == NULL;
    if (symbol->kind == SYMBOL_ENGLISH)
        return strcmp(ending, "i") != 0 && *ending != 'h';
    if (symbol->kind == SYMBOL_OPEN)
        return walk->folded_length >= symbol->length &&
               memcmp(symbol->folded, walk->folded, symbol->length) == 0;
    return symbol->length == walk->folded_length &&
           memcmp(symbol->folded, walk->folded, symbol->length) == 0 &&
           (symbol->kind != SYMBOL_CAPITALS || is_in_capitals(walk));
}

static void add_symbols(Search *search, const GArray *list, const WordWalk *walk)
{
    for (guint i = 0; list != NULL && i < list->len; i++) {
        guint number = g_array_index(list, guint, i);
        if (symbol_fits(&g_array_index(search->matcher->symbols, Symbol, number), walk))
            g_array_append_val(search->symbols, number);
    }
}

static void find_symbols(Search *search, const WordWalk *walk)
{
    const Matcher *matcher = search->matcher;
    if (search->symbols->len > 0)
        g_array_set_size(search->symbols, 0);
    gsize root = root_length(walk->folded, walk->folded_length);
    add_symbols(search, index_lookup(&matcher->by_root, walk->folded, root), walk);
    if (walk->folded_length >= MATCHER_OPEN_LETTERS)
        add_symbols(search, index_lookup(&matcher->by_head, walk->folded, MATCHER_OPEN_LETTERS),
                    walk);
}

/* The present word leads to a node: a term may end there, and others go on. */
static void enter(Search *search, guint number)
{
    if (number == 0)
        return;
    const Node *node = &g_array_index(search->matcher->nodes, Node, number);
    if (node->edges != NULL)
        g_array_append_val(search->next, number);
    if (node->term == 0)
        return;
    Match match = {node->term - 1, search->at + 1 - node->distance, search->at};
    search->visit(&match, search->data);
}

static void step(Search *search, gboolean joined)
{
    const Matcher *matcher = search->matcher;
    if (search->begun->len == 0 && search->symbols->len == 0)
        return;
    g_array_set_size(search->next, 0);
    for (guint i = 0; joined && i < search->begun->len; i++) {
        guint number = g_array_index(search->begun, guint, i);
        const Node *node = &g_array_index(matcher->nodes, Node, number);
        for (guint s = 0; s < search->symbols->len; s++)
            enter(search, edge_follow(node, g_array_index(search->symbols, guint, s)));
    }
    for (guint s = 0; s < search->symbols->len; s++) {
        guint symbol = g_array_index(search->symbols, guint, s);
        enter(search, g_array_index(matcher->symbols, Symbol, symbol).node);
    }
    GArray *begun = search->begun;
    search->begun = search->next;
    search->next = begun;
}

guint matcher_visit(const Matcher *matcher, const char *text, gsize length, MatchVisit visit,
                    gpointer data)
{
    const guint joining = GAP_SPACE | GAP_LINE | GAP_PAGE | GAP_HYPHEN | GAP_APOSTROPHE;
    Search search = {matcher, visit, data, 0, NULL, NULL, NULL};
    search.symbols = g_array_new(FALSE, FALSE, sizeof(guint));
    search.begun = g_array_new(FALSE, FALSE, sizeof(guint));
    search.next = g_array_new(FALSE, FALSE, sizeof(guint));
    WordWalk walk;
    word_walk_init(&walk, text, length);
    for (; word_walk_next(&walk); search.at++) {
        find_symbols(&search, &walk);
        step(&search, (walk.gap & ~joining) == 0);
    }
    g_array_unref(search.symbols);
    g_array_unref(search.begun);
    g_array_unref(search.next);
    return search.at;
}
