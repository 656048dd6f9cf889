/* See stems.h.
 *
 * Words repeat: a table with open addressing remembers those that were seen. It is emptied when it
 * holds many, which keeps it bounded on any input. */
#include "stems.h"

#include <libstemmer.h>
#include <string.h>

enum {
    WORDS_REMEMBERED = 300000, /* about 40 MB */
    SLOTS_AT_FIRST = 1 << 12,
};

static const char PREFIX[LANGUAGE_COUNT] = {'o', 'i', 'e'};

typedef struct {
    Stem stem[LANGUAGE_COUNT]; /* `stem` NULL: not asked for yet; owned, and `term` with it */
    gsize length;
    char word[]; /* NUL-terminated */
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
    GString *term;
};

Stems *stems_new(void)
{
    Stems *stems = g_new0(Stems, 1);
    stems->stemmer[LANGUAGE_ITALIAN] = sb_stemmer_new("italian", "UTF_8");
    stems->stemmer[LANGUAGE_ENGLISH] = sb_stemmer_new("english", "UTF_8");
    stems->size = SLOTS_AT_FIRST;
    stems->slots = g_new0(Slot, SLOTS_AT_FIRST);
    stems->term = g_string_new(NULL);
    return stems;
}

static void forget(Stems *stems)
{
    for (guint i = 0; i < stems->size; i++) {
        Slot *slot = &stems->slots[i];
        for (int language = 0; slot->word && language < LANGUAGE_COUNT; language++)
            g_free((char *)slot->word->stem[language].stem);
        g_free(slot->word);
        *slot = (Slot){0};
    }
    stems->used = 0;
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
    g_string_free(stems->term, TRUE);
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

static Stem make_stem(Stems *stems, Language language, const char *word, gsize length)
{
    const char *stem = stem_of(stems, language, word, length);
    gsize stem_length = strlen(stem);
    gsize bare_length = STEM_PREFIX_BYTES + stem_length;
    gboolean begins_so = strncmp(word, stem, stem_length) == 0;
    GString *both = stems->term;
    g_string_printf(both, "%c:%s", PREFIX[language], stem);
    g_string_append_c(both, '\0');
    g_string_append_len(both, both->str, (gssize)bare_length);
    g_string_append_c(both, STEM_PART);
    if (!begins_so)
        g_string_append_c(both, STEM_WHOLE);
    g_string_append(both, begins_so ? word + stem_length : word);
    char *kept = g_memdup2(both->str, both->len + 1);
    return (Stem){kept, kept + bare_length + 1, (guint)(both->len - bare_length - 1)};
}

/* Finding */

/* FNV-1a (Fowler, Noll, Vo). */
static guint32 hash_of(const char *word, gsize length)
{
    guint32 hash = 2166136261u;
    for (gsize i = 0; i < length; i++)
        hash = (hash ^ (guint8)word[i]) * 16777619u;
    return hash;
}

/* Where the word is, or would be. */
static Slot *slot_of(const Stems *stems, guint32 hash, const char *word, gsize length)
{
    guint at = hash & (stems->size - 1);
    const Slot *slots = stems->slots;
    while (slots[at].word && (slots[at].hash != hash || slots[at].word->length != length ||
                              memcmp(slots[at].word->word, word, length) != 0))
        at = (at + 1) & (stems->size - 1);
    return &stems->slots[at];
}

static void grow(Stems *stems)
{
    g_autofree Slot *old = stems->slots;
    guint size = stems->size;
    stems->size = 2 * size;
    stems->slots = g_new0(Slot, stems->size);
    for (guint i = 0; i < size; i++)
        if (old[i].word)
            *slot_of(stems, old[i].hash, old[i].word->word, old[i].word->length) = old[i];
}

static Remembered *remember(Stems *stems, guint32 hash, const char *word, gsize length)
{
    if (stems->used >= WORDS_REMEMBERED)
        forget(stems);
    else if (2 * stems->used >= stems->size)
        grow(stems);
    Remembered *remembered = g_malloc0(sizeof *remembered + length + 1);
    remembered->length = length;
    memcpy(remembered->word, word, length);
    *slot_of(stems, hash, word, length) = (Slot){remembered, hash};
    stems->used++;
    return remembered;
}

const Stem *stems_find(Stems *stems, Language language, const char *word, gsize length)
{
    guint32 hash = hash_of(word, length);
    Remembered *remembered = slot_of(stems, hash, word, length)->word;
    if (!remembered)
        remembered = remember(stems, hash, word, length);
    Stem *stem = &remembered->stem[language];
    if (!stem->stem)
        *stem = make_stem(stems, language, remembered->word, length);
    return stem;
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
