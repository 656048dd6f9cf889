/* Hyphen: see hyphen.h. Three passes: find the breaks; count, in the rest of the document, the
 * words that would settle them; write the text anew. Nothing is counted that no break asks for, so
 * a text without breaks costs one search. */
#include "hyphen.h"

#include <string.h>

/* A hyphen at a line's end. Offsets in bytes. */
typedef struct {
    gsize left; /* where the word before the hyphen begins */
    gsize hyphen;
    gsize hyphen_end;
    gsize right;     /* where the next part begins: behind newlines, a page number, a form feed */
    gsize right_end; /* the letters and digits of that part end here */
    gboolean soft;
} Break;

/* A word that was asked for, and how often it occurs. Letter case is ignored. */
typedef struct {
    const char *bytes;
    gsize length;
    guint n;
} Word;

/* ---- characters ---- */

/* U+2010 and U+2011, the unambiguous hyphens. */
static gsize hyphen_length(const char *at)
{
    if (*at == '-')
        return 1;
    if (memcmp(at, "\xE2\x80", 2) == 0 && (at[2] == '\x90' || at[2] == '\x91'))
        return 3;
    return strncmp(at, HYPHEN_SOFT, 2) == 0 ? 2 : 0;
}

static gboolean is_soft(const char *at)
{
    return strncmp(at, HYPHEN_SOFT, 2) == 0;
}

static gboolean is_letter_at(const char *at)
{
    return (guint8)*at < 0x80 ? g_ascii_isalpha(*at) : g_unichar_isalpha(g_utf8_get_char(at));
}

static gboolean is_upper_at(const char *at)
{
    return (guint8)*at < 0x80 ? g_ascii_isupper(*at) : g_unichar_isupper(g_utf8_get_char(at));
}

static gboolean is_word_at(const char *at)
{
    return g_ascii_isdigit(*at) || is_letter_at(at);
}

static const char *word_end(const char *at)
{
    while (is_word_at(at))
        at = g_utf8_next_char(at);
    return at;
}

static const char *word_start(const char *text, const char *end)
{
    while (end > text) {
        const char *before = g_utf8_prev_char(end);
        if (!is_word_at(before))
            break;
        end = before;
    }
    return end;
}

/* ---- words without regard to case ---- */

/* ASCII and the Latin-1 letters; other scripts are compared as they stand. */
static guint8 fold_byte(guint8 before, guint8 c)
{
    if (c >= 'A' && c <= 'Z')
        return c | 0x20;
    return before == 0xC3 && c >= 0x80 && c <= 0x9E ? c | 0x20 : c;
}

static guint word_hash(gconstpointer key)
{
    const Word *word = key;
    guint hash = 2166136261u;
    guint8 before = 0;
    for (gsize i = 0; i < word->length; i++) {
        hash = (hash ^ fold_byte(before, (guint8)word->bytes[i])) * 16777619u;
        before = (guint8)word->bytes[i];
    }
    return hash;
}

static gboolean word_equal(gconstpointer a, gconstpointer b)
{
    const Word *x = a;
    const Word *y = b;
    guint8 before = 0;
    if (x->length != y->length)
        return FALSE;
    for (gsize i = 0; i < x->length; i++) {
        if (fold_byte(before, (guint8)x->bytes[i]) != fold_byte(before, (guint8)y->bytes[i]))
            return FALSE;
        before = (guint8)x->bytes[i];
    }
    return TRUE;
}

/* ---- first pass: breaks ---- */

/* A line of at most four digits, perhaps between dashes, that ends a page: where the next page
 * begins; NULL when `at` is no such line. */
static const char *skip_page_number(const char *at)
{
    guint digits = 0;
    for (; *at && *at != '\f' && *at != '\n'; at++) {
        if (g_ascii_isdigit(*at))
            digits++;
        else if (*at != ' ' && *at != '-')
            return NULL;
    }
    while (*at == '\n')
        at++;
    return *at == '\f' && digits > 0 && digits <= 4 ? at : NULL;
}

/* Where the text goes on behind the line ends at `at`. */
static const char *continuation(const char *at)
{
    const char *next = at + strspn(at, "\n\f");
    const char *page = skip_page_number(next);
    if (!page)
        return next;
    return page + strspn(page, "\n\f");
}

static gboolean find_break(const GString *text, const char *hyphen, Break *ret_break)
{
    gsize length = hyphen_length(hyphen);
    const char *end = hyphen + length;
    if (length == 0 || (*end != '\n' && *end != '\f') || hyphen == text->str)
        return FALSE;
    const char *left = word_start(text->str, hyphen);
    const char *right = continuation(end);
    if (left == hyphen || !is_word_at(right))
        return FALSE;
    *ret_break = (Break){.left = (gsize)(left - text->str),
                         .hyphen = (gsize)(hyphen - text->str),
                         .hyphen_end = (gsize)(end - text->str),
                         .right = (gsize)(right - text->str),
                         .right_end = (gsize)(word_end(right) - text->str),
                         .soft = is_soft(hyphen)};
    return TRUE;
}

/* The hyphen that ends at `end`, if one does. */
static const char *hyphen_before(const GString *text, const char *end)
{
    gsize before = (gsize)(end - text->str);
    for (gsize length = 1; length <= MIN(before, 3); length++)
        if (hyphen_length(end - length) == length)
            return end - length;
    return NULL;
}

static GArray *find_breaks(const GString *text)
{
    GArray *breaks = g_array_new(FALSE, FALSE, sizeof(Break));
    gsize taken = 0; /* a hyphen in what the break before passes over is none: "- 48 -" */
    for (const char *at = strpbrk(text->str, "\n\f"); at; at = strpbrk(at + 1, "\n\f")) {
        const char *hyphen = hyphen_before(text, at);
        Break found;
        if (hyphen && (gsize)(hyphen - text->str) >= taken && find_break(text, hyphen, &found)) {
            g_array_append_val(breaks, found);
            taken = found.right;
        }
    }
    return breaks;
}

/* ---- second pass: evidence ---- */

static char *joined(const GString *text, const Break *b, const char *between)
{
    return g_strdup_printf("%.*s%s%.*s", (int)(b->hyphen - b->left), text->str + b->left, between,
                           (int)(b->right_end - b->right), text->str + b->right);
}

static void free_word(gpointer data)
{
    Word *word = data;
    g_free((char *)word->bytes);
    g_free(word);
}

/* Adds a word to ask for; takes `bytes`. */
static void ask(GHashTable *words, char *bytes)
{
    Word *word = g_new0(Word, 1);
    word->bytes = bytes;
    word->length = strlen(bytes);
    if (g_hash_table_contains(words, word))
        free_word(word);
    else
        g_hash_table_add(words, word);
}

static GHashTable *ask_all(const GString *text, const GArray *breaks)
{
    GHashTable *words = g_hash_table_new_full(word_hash, word_equal, free_word, NULL);
    for (guint i = 0; i < breaks->len; i++) {
        const Break *b = &g_array_index(breaks, Break, i);
        ask(words, joined(text, b, ""));
        ask(words, joined(text, b, "-"));
        ask(words, g_strndup(text->str + b->left, b->hyphen - b->left));
        ask(words, g_strndup(text->str + b->right, b->right_end - b->right));
    }
    return words;
}

static void count(GHashTable *words, const char *start, const char *end)
{
    const Word key = {.bytes = start, .length = (gsize)(end - start)};
    Word *word = g_hash_table_lookup(words, &key);
    if (word)
        word->n++;
}

static guint occurrences(GHashTable *words, const char *bytes, gsize length)
{
    const Word key = {.bytes = bytes, .length = length};
    const Word *word = g_hash_table_lookup(words, &key);
    return word ? word->n : 0;
}

/* Counts the words of the text, and each pair with a hyphen between, but for the parts of breaks:
 * they are the question, not the answer. */
static void count_all(GHashTable *words, const GString *text, const GArray *breaks)
{
    const char *before = NULL; /* the word that a hyphen joins to this one */
    guint next = 0;
    for (const char *at = text->str; *at;) {
        if (!is_word_at(at)) {
            before = NULL;
            at = g_utf8_next_char(at);
            continue;
        }
        const char *end = word_end(at);
        gsize start = (gsize)(at - text->str);
        while (next < breaks->len && g_array_index(breaks, Break, next).right < start)
            next++;
        const Break *b = next < breaks->len ? &g_array_index(breaks, Break, next) : NULL;
        if (!b || (start != b->left && start != b->right)) {
            count(words, at, end);
            if (before)
                count(words, before, end);
        }
        before = *end == '-' ? at : NULL;
        at = before ? end + 1 : end;
    }
}

/* ---- decisions ---- */

/* A break with all that the rules look at. */
typedef struct {
    const Break *at;
    const char *text;
    const char *left;
    const char *right;
    gsize left_length;
    gsize right_length;
    GHashTable *words;
} Case;

enum { UNDECIDED = -1 };

static gboolean is_one_of(const char *const *list, gsize n, const char *bytes, gsize length)
{
    const Word word = {.bytes = bytes, .length = length};
    for (gsize i = 0; i < n; i++) {
        const Word other = {.bytes = list[i], .length = strlen(list[i])};
        if (word_equal(&word, &other))
            return TRUE;
    }
    return FALSE;
}

#define IS_ONE_OF(list, bytes, length) is_one_of(list, G_N_ELEMENTS(list), bytes, length)

static gboolean ends_with(const char *bytes, gsize length, const char *end)
{
    gsize n = strlen(end);
    return length > n && memcmp(bytes + length - n, end, n) == 0;
}

static gboolean all_upper(const char *at, const char *end)
{
    for (; at < end; at = g_utf8_next_char(at))
        if (is_letter_at(at) && !is_upper_at(at))
            return FALSE;
    return TRUE;
}

static int soft(const Case *c)
{
    return c->at->soft ? HYPHEN_DROP : UNDECIDED;
}

/* "pre-" / "e post-crisi": the hyphen waits for a word that comes later. */
static int suspended(const Case *c)
{
    static const char *const LINKS[] = {"e", "ed", "o", "od", "and", "or"};
    return IS_ONE_OF(LINKS, c->right, c->right_length) ? HYPHEN_LEAVE : UNDECIDED;
}

/* Behind a page's or a paragraph's end only a small letter goes on with a word. */
static int far_apart(const Case *c)
{
    gboolean near = c->text[c->at->hyphen_end] == '\n' && c->at->right == c->at->hyphen_end + 1;
    return near || (is_letter_at(c->right) && !is_upper_at(c->right)) ? UNDECIDED : HYPHEN_LEAVE;
}

/* "2019-" / "2021", "COVID-" / "19" */
static int digits(const Case *c)
{
    return g_ascii_isdigit(*c->right) || g_ascii_isdigit(c->text[c->at->hyphen - 1]) ? HYPHEN_KEEP
                                                                                     : UNDECIDED;
}

/* A web or mail address: its hyphens are its own. */
static int address(const Case *c)
{
    const char *start = c->left;
    while (start > c->text && !g_ascii_isspace(start[-1]))
        start--;
    gsize length = (gsize)(c->left - start);
    return memchr(start, '/', length) || memchr(start, '@', length) ? HYPHEN_KEEP : UNDECIDED;
}

/* Whether the second part is one that words end in, rather than a word. */
static gboolean is_ending(const Case *c)
{
    static const char *const ENDINGS[] = {
        "mente", "mento", "menti", "zione",  "zioni",   "tore", "tori",  "work", "works", "shop",
        "shops", "ever",  "where", "holder", "holders", "side", "ship",  "hood", "ness",  "less",
        "ward",  "wards", "self",  "selves", "able",    "ment", "ments", "tion", "tions", "ting"};
    return IS_ONE_OF(ENDINGS, c->right, c->right_length);
}

/* What the document does with these two elsewhere, within a line. */
static int evidence(const Case *c)
{
    g_autofree char *whole =
        g_strdup_printf("%.*s%.*s", (int)c->left_length, c->left, (int)c->right_length, c->right);
    g_autofree char *hyphened =
        g_strdup_printf("%.*s-%.*s", (int)c->left_length, c->left, (int)c->right_length, c->right);
    guint n_whole = occurrences(c->words, whole, strlen(whole));
    guint n_hyphened = occurrences(c->words, hyphened, strlen(hyphened));
    if (n_whole > n_hyphened)
        return HYPHEN_DROP;
    return n_hyphened > n_whole && !is_ending(c) ? HYPHEN_KEEP : UNDECIDED;
}

/* "Emilia-" / "Romagna"; but a word in capitals may be broken like any other. */
static int capital(const Case *c)
{
    if (!is_upper_at(c->right))
        return UNDECIDED;
    gboolean shouted = c->right_length > 1 && all_upper(c->left, c->left + c->left_length) &&
                       all_upper(c->right, c->right + c->right_length);
    return shouted ? UNDECIDED : HYPHEN_KEEP;
}

/* First parts of compounds that are written with a hyphen and are not syllables of other words. */
static int known_first(const Case *c)
{
    static const char *const FIRST[] = {
        /* Italian */
        "politico", "socio", "tecnico", "economico", "storico", "italo", "franco", "anglo",
        "giuridico", "scientifico", "artistico", "amministrativo",
        /* English */
        "long", "short", "well", "self", "high", "low", "cross", "decision", "policy", "large",
        "half", "follow", "bottom", "top", "evidence", "community", "gender", "peer", "north",
        "south", "city"};
    return IS_ONE_OF(FIRST, c->left, c->left_length) ? HYPHEN_KEEP : UNDECIDED;
}

/* "storico-" / "culturale": an adjective in -ico before another adjective. */
static int two_adjectives(const Case *c)
{
    static const char *const ENDS[] = {"ale", "ali", "ico",  "ica",  "ici", "iche", "ivo", "iva",
                                       "ivi", "ive", "ario", "aria", "ari", "arie", "oso", "osa"};
    if (c->left_length < 6 || c->right_length < 6 || !ends_with(c->left, c->left_length, "ico"))
        return UNDECIDED;
    for (gsize i = 0; i < G_N_ELEMENTS(ENDS); i++)
        if (ends_with(c->right, c->right_length, ENDS[i]))
            return HYPHEN_KEEP;
    return UNDECIDED;
}

/* Both parts are words of this document by themselves, and not of the kind that grows together. */
static int two_words(const Case *c)
{
    static const char *const FUSING_FIRST[] = {
        "sotto",   "sopra", "contro", "inter", "intra", "sovra", "oltre", "auto",
        "fondo",   "under", "over",   "some",  "every", "there", "where", "with",
        "through", "frame", "work",   "stake", "land",  "back",  "down",  "house",
        "other",   "when",  "what",   "rela",  "para",  "video", "tele"};
    enum { LEAST_LENGTH = 4 };
    if (c->left_length < LEAST_LENGTH || c->right_length < LEAST_LENGTH ||
        IS_ONE_OF(FUSING_FIRST, c->left, c->left_length) || is_ending(c))
        return UNDECIDED;
    gboolean both = occurrences(c->words, c->left, c->left_length) > 0 &&
                    occurrences(c->words, c->right, c->right_length) > 0;
    return both ? HYPHEN_KEEP : UNDECIDED;
}

/* The first rule that has an opinion decides. */
static HyphenDecision decide(const Case *c)
{
    static int (*const RULES[])(const Case *) = {soft,           suspended, far_apart, digits,
                                                 address,        evidence,  capital,   known_first,
                                                 two_adjectives, two_words};
    for (gsize i = 0; i < G_N_ELEMENTS(RULES); i++) {
        int decision = RULES[i](c);
        if (decision != UNDECIDED)
            return (HyphenDecision)decision;
    }
    return HYPHEN_DROP;
}

static HyphenDecision decide_break(const GString *text, const Break *b, GHashTable *words)
{
    const Case c = {.at = b,
                    .text = text->str,
                    .left = text->str + b->left,
                    .right = text->str + b->right,
                    .left_length = b->hyphen - b->left,
                    .right_length = b->right_end - b->right,
                    .words = words};
    return decide(&c);
}

/* ---- third pass: writing ---- */

typedef struct {
    const GString *text;
    GString *out;
    gsize copied;  /* the text up to here is in `out` */
    GString *owed; /* line and page ends, passed over by a word that is not yet whole */
} Writer;

static void write_until(Writer *writer, gsize end)
{
    if (end <= writer->copied)
        return;
    g_string_append_len(writer->out, writer->text->str + writer->copied,
                        (gssize)(end - writer->copied));
    writer->copied = end;
}

/* Where the word at `start` ends with all that hangs on it: the next space or line end. */
static gsize token_end(const GString *text, gsize start)
{
    return start + strcspn(text->str + start, " \n\f");
}

/* Ends the word: what it has passed over comes behind it. A line end replaces the space there and
 * adds nothing to another line end; a page end always counts. */
static void settle(Writer *writer)
{
    if (writer->owed->len == 0)
        return;
    const char *behind = writer->text->str + writer->copied;
    if (strchr(writer->owed->str, '\f')) {
        g_string_append_len(writer->out, writer->owed->str, (gssize)writer->owed->len);
        writer->copied += strspn(behind, " \n");
    } else if (*behind == ' ') {
        g_string_append_len(writer->out, writer->owed->str, (gssize)writer->owed->len);
        writer->copied += strspn(behind, " ");
    }
    g_string_truncate(writer->owed, 0);
}

/* A word that was broken before ends its line once, not as often as it was broken; and no page
 * begins with a line end, not even one whose first word went to the page before. */
static void owe(GString *owed, const char *passed, gsize length)
{
    gsize before = 0, begins = 0;
    while (before < owed->len && owed->str[owed->len - 1 - before] == '\n')
        before++;
    while (begins < length && passed[begins] == '\n')
        begins++;
    gsize skipped = g_str_has_suffix(owed->str, "\f") ? begins : 0;
    g_string_truncate(owed, owed->len - MIN(before, begins));
    g_string_append_len(owed, passed + skipped, (gssize)(length - skipped));
}

/* Writes the word of a break up to where its second part ends. */
static void write_whole(Writer *writer, const Break *b, HyphenDecision decision)
{
    write_until(writer, b->hyphen);
    if (decision == HYPHEN_KEEP)
        g_string_append_c(writer->out, '-');
    owe(writer->owed, writer->text->str + b->hyphen_end, b->right - b->hyphen_end);
    writer->copied = b->right;
}

static void write_break(Writer *writer, const Break *b, HyphenDecision decision, const Break *next)
{
    if (decision == HYPHEN_LEAVE) {
        write_until(writer, b->hyphen_end);
        settle(writer); /* of a break before it, in the same word */
        return;
    }
    write_whole(writer, b, decision);
    gsize end = token_end(writer->text, writer->copied);
    if (next && next->hyphen < end)
        return; /* the second part is broken in its turn */
    write_until(writer, end);
    settle(writer);
}

static GString *write_all(const GString *text, const GArray *breaks, GHashTable *words,
                          HyphenWitness witness, gpointer data)
{
    g_autoptr(GString) owed = g_string_new(NULL);
    Writer writer = {.text = text, .out = g_string_sized_new(text->len + 16), .owed = owed};
    for (guint i = 0; i < breaks->len; i++) {
        const Break *b = &g_array_index(breaks, Break, i);
        HyphenDecision decision = decide_break(text, b, words);
        write_break(&writer, b, decision, i + 1 < breaks->len ? b + 1 : NULL);
        if (witness) {
            g_autofree char *left = g_strndup(text->str + b->left, b->hyphen - b->left);
            g_autofree char *right = g_strndup(text->str + b->right, b->right_end - b->right);
            witness(left, right, decision, data);
        }
    }
    write_until(&writer, text->len);
    return writer.out;
}

GString *hyphen_join(GString *text, HyphenWitness witness, gpointer data)
{
    g_autoptr(GArray) breaks = find_breaks(text);
    if (breaks->len == 0)
        return text;
    g_autoptr(GHashTable) words = ask_all(text, breaks);
    count_all(words, text, breaks);
    GString *whole = write_all(text, breaks, words, witness, data);
    g_string_free(text, TRUE);
    return whole;
}
