/* See stems.h.
 *
 * Words repeat: a table with open addressing remembers those that were seen. It is emptied when it
 * holds many, which keeps it bounded on any input. */
#include "stems.h"

#include <libstemmer.h>
#include <string.h>

enum {
    WORDS_REMEMBERED = 300000, /* about 40 MB: what a corpus is indexed with */
    SLOTS_AT_FIRST = 1 << 12,
    WORD_BYTES = 4096, /* of longer ones the beginning is taken */
};

static const char PREFIX[LANGUAGE_COUNT] = {'o', 'i', 'e'};

/* A word in one language, with its terms in one piece: reading it costs one wait for memory. */
typedef struct {
    guint16 length; /* of the word */
    guint16 stem_length;
    guint16 term_length;
    guint8 language;
    char text[]; /* the term, the stem, the word, each with its NUL */
} Remembered;

/* Small, since looking a word up is mostly waiting for its slot. */
typedef struct {
    Remembered *word; /* NULL: free */
    guint32 hash;
} Slot;

struct Stems {
    struct sb_stemmer *stemmer[LANGUAGE_COUNT]; /* NULL for LANGUAGE_OTHER */
    Slot *slots;
    guint used;
    guint size; /* a power of two */
    guint most; /* words remembered */
    GString *text;
};

/* Begins with few slots: forgetting takes time for each. */
static void set_slots(Stems *stems, guint words)
{
    g_free(stems->slots);
    stems->size = SLOTS_AT_FIRST;
    stems->slots = g_new0(Slot, SLOTS_AT_FIRST);
    stems->most = words;
}

Stems *stems_new(void)
{
    Stems *stems = g_new0(Stems, 1);
    stems->stemmer[LANGUAGE_ITALIAN] = sb_stemmer_new("italian", "UTF_8");
    stems->stemmer[LANGUAGE_ENGLISH] = sb_stemmer_new("english", "UTF_8");
    stems->text = g_string_new(NULL);
    set_slots(stems, WORDS_REMEMBERED);
    return stems;
}

static void forget(Stems *stems)
{
    for (guint i = 0; i < stems->size; i++) {
        g_free(stems->slots[i].word);
        stems->slots[i] = (Slot){0};
    }
    stems->used = 0;
}

void stems_remember(Stems *stems, guint words)
{
    forget(stems);
    set_slots(stems, MAX(words, 1));
}

guint stems_remembered(const Stems *stems)
{
    return stems->used;
}

void stems_free(Stems *stems)
{
    if (!stems)
        return;
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (stems->stemmer[i])
            sb_stemmer_delete(stems->stemmer[i]);
    forget(stems);
    g_free(stems->slots);
    g_string_free(stems->text, TRUE);
    g_free(stems);
}

/* Making */

/* Italian words, by how they begin, that Snowball would give the stem of another word which
 * archives of municipalities are full of: "comunità" and "comunicazione" that of "comune",
 * "cooperativa" that of "cooperazione". */
static const struct {
    const char *beginning;
    const char *stem;
} KEPT_APART[] = {
    {"comunita", "comunit"},
    {"comunicazion", "comunic"},
    {"cooperativ", "cooperativ"},
};

static const char *kept_apart(Language language, const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(KEPT_APART) && language == LANGUAGE_ITALIAN; i++)
        if (g_str_has_prefix(word, KEPT_APART[i].beginning))
            return KEPT_APART[i].stem;
    return NULL;
}

static gsize shared_bytes(const char *stem, const char *word)
{
    gsize shared = 0;
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): `word` is never NULL */
    while (stem[shared] && stem[shared] == word[shared])
        shared++;
    return shared;
}

static const char *stem_of(Stems *stems, Language language, const char *word, gsize length)
{
    struct sb_stemmer *stemmer = stems->stemmer[language];
    const char *kept = stemmer ? kept_apart(language, word) : word;
    if (kept)
        return kept;
    const char *stem = (const char *)sb_stemmer_stem(stemmer, (const sb_symbol *)word, (int)length);
    gsize shared = stem ? shared_bytes(stem, word) : 0;
    return stem && *stem && (shared >= STEM_SHARED_BYTES || shared + 1 >= length) ? stem : word;
}

static Remembered *make_stem(Stems *stems, Language language, const char *word, gsize length)
{
    const char *stem = stem_of(stems, language, word, length);
    gsize stem_length = strlen(stem);
    gboolean begins_so = strncmp(word, stem, stem_length) == 0;
    GString *text = stems->text;
    g_string_printf(text, "%c:%s%c", PREFIX[language], stem, STEM_PART);
    if (!begins_so)
        g_string_append_c(text, STEM_WHOLE);
    g_string_append(text, begins_so ? word + stem_length : word);
    gsize term_length = text->len;
    g_string_append_c(text, '\0');
    g_string_append_len(text, text->str, (gssize)(STEM_PREFIX_BYTES + stem_length));
    g_string_append_c(text, '\0');
    g_string_append_len(text, word, (gssize)length + 1);
    Remembered *made = g_malloc(sizeof *made + text->len);
    made->length = (guint16)length;
    made->stem_length = (guint16)(STEM_PREFIX_BYTES + stem_length);
    made->term_length = (guint16)term_length;
    made->language = (guint8)language;
    memcpy(made->text, text->str, text->len);
    return made;
}

/* Finding */

/* FNV-1a (Fowler, Noll, Vo). */
static guint32 hash_of(Language language, const char *word, gsize length)
{
    guint32 hash = 2166136261u ^ (guint32)language;
    for (gsize i = 0; i < length; i++)
        hash = (hash ^ (guint8)word[i]) * 16777619u;
    return hash;
}

static const char *word_of(const Remembered *remembered)
{
    return remembered->text + remembered->term_length + 1 + remembered->stem_length + 1;
}

static gboolean is_of(const Remembered *remembered, Language language, const char *word,
                      gsize length)
{
    return remembered->length == length && remembered->language == (guint8)language &&
           memcmp(word_of(remembered), word, length) == 0;
}

/* Where the word is, or would be. */
static Slot *slot_of(const Stems *stems, guint32 hash, Language language, const char *word,
                     gsize length)
{
    guint at = hash & (stems->size - 1);
    const Slot *slots = stems->slots;
    while (slots[at].word &&
           (slots[at].hash != hash || !is_of(slots[at].word, language, word, length)))
        at = (at + 1) & (stems->size - 1);
    return &stems->slots[at];
}

/* No word is there twice, so a free slot is found by the hash alone. */
static void put(Stems *stems, Slot slot)
{
    guint at = slot.hash & (stems->size - 1);
    while (stems->slots[at].word)
        at = (at + 1) & (stems->size - 1);
    stems->slots[at] = slot;
}

static void grow(Stems *stems)
{
    g_autofree Slot *old = stems->slots;
    guint size = stems->size;
    stems->size = 2 * size;
    stems->slots = g_new0(Slot, stems->size);
    for (guint i = 0; i < size; i++)
        if (old[i].word)
            put(stems, old[i]);
}

static Remembered *remember(Stems *stems, guint32 hash, Language language, const char *word,
                            gsize length)
{
    if (stems->used >= stems->most)
        forget(stems);
    else if (2 * stems->used >= stems->size)
        grow(stems);
    g_autofree char *copy = g_strndup(word, length);
    Remembered *remembered = make_stem(stems, language, copy, length);
    put(stems, (Slot){remembered, hash});
    stems->used++;
    return remembered;
}

guint32 stems_fetch(const Stems *stems, Language language, const char *word, gsize length)
{
    guint32 hash = hash_of(language, word, MIN(length, (gsize)WORD_BYTES));
    __builtin_prefetch(&stems->slots[hash & (stems->size - 1)]);
    return hash;
}

Stem stems_find_fetched(Stems *stems, guint32 hash, Language language, const char *word,
                        gsize length)
{
    length = MIN(length, (gsize)WORD_BYTES);
    const Remembered *found = slot_of(stems, hash, language, word, length)->word;
    if (!found)
        found = remember(stems, hash, language, word, length);
    return (Stem){found->text + found->term_length + 1, found->text, found->term_length};
}

Stem stems_find(Stems *stems, Language language, const char *word, gsize length)
{
    guint32 hash = stems_fetch(stems, language, word, length);
    return stems_find_fetched(stems, hash, language, word, length);
}

/* Reading terms */

static gboolean has_prefix(const char *term, gsize length)
{
    return length > STEM_PREFIX_BYTES && term[1] == ':' &&
           memchr(PREFIX, term[0], sizeof PREFIX) != NULL;
}

gboolean stems_is_stem(const char *term, gsize length)
{
    return has_prefix(term, length) && !memchr(term, STEM_PART, length);
}

void stems_append_word(GString *text, const char *term)
{
    const char *part = has_prefix(term, strlen(term)) ? strchr(term, STEM_PART) : NULL;
    const char *stem = term + STEM_PREFIX_BYTES;
    if (!part) {
        g_string_append(text, term);
    } else if (part[1] == STEM_WHOLE) {
        g_string_append(text, part + 2);
    } else {
        g_string_append_len(text, stem, part - stem);
        g_string_append(text, part + 1);
    }
}
