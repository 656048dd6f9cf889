/* Implementation notes: the letters of a word are brought to one form first (lower case, one kind
 * of apostrophe, no combining marks, ligatures of old PDF fonts resolved), with a mark for the
 * word's beginning and end. Groups are then all stretches of one to five of these letters. The
 * parts of an elided word (dell'unione) are words of their own: "dell'" and "unione". */
#include "language_model.h"

#include <string.h>

enum {
    EDGE = '_',
    APOSTROPHE = '\'',
    WHOLE_WORD_LETTERS = 4, /* shorter words with both edges are an ordinary group already */
    FINGERPRINT_BYTES = 2,
    SEED_GROUP = 0x5bd1e995,
    SEED_WORD = 0x2545f491,
};

extern const guint8
    language_model_data[LANGUAGE_MODEL_SLOTS * (FINGERPRINT_BYTES + LANGUAGE_MODEL_CLASSES)];

/* A word, or a part of one, in the form that groups are taken from. */
typedef struct {
    gunichar letters[LANGUAGE_MODEL_WORD_LETTERS + 2];
    guint count;
} Letters;

static inline guint32 hash_step(guint32 hash, gunichar letter)
{
    hash = (hash ^ letter) * 0x01000193u;
    return (hash << 13) | (hash >> 19);
}

/* Spreads the last letters over all bits: slot and fingerprint must not depend on each other. */
static inline guint32 hash_end(guint32 hash)
{
    hash ^= hash >> 16;
    hash *= 0x85ebca6bu;
    hash ^= hash >> 13;
    hash *= 0xc2b2ae35u;
    return hash ^ (hash >> 16);
}

static void letters_add(Letters *letters, gunichar letter)
{
    /* One place is kept for the edge at the end. */
    if (letters->count < G_N_ELEMENTS(letters->letters) - 1)
        letters->letters[letters->count++] = letter;
}

static void letters_add_text(Letters *letters, const char *text)
{
    for (; *text != '\0'; text++)
        letters_add(letters, (guchar)*text);
}

/* U+FB00 to U+FB06, as fonts of typeset documents have them. */
static const char *const ligatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};

static void letters_add_any(Letters *letters, gunichar letter)
{
    if (letter >= 0xfb00 && letter - 0xfb00 < G_N_ELEMENTS(ligatures))
        letters_add_text(letters, ligatures[letter - 0xfb00]);
    else if (letter != 0xad && !g_unichar_ismark(letter))
        letters_add(letters, g_unichar_tolower(letter));
}

static guint letters_groups(const Letters *letters, guint32 *groups)
{
    guint count = 0;
    guint32 whole = SEED_WORD;
    for (guint first = 0; first < letters->count; first++) {
        guint32 hash = SEED_GROUP;
        guint end = MIN(letters->count, first + LANGUAGE_MODEL_GROUP_LETTERS);
        whole = hash_step(whole, letters->letters[first]);
        for (guint last = first; last < end; last++) {
            hash = hash_step(hash, letters->letters[last]);
            groups[count++] = hash_end(hash);
        }
    }
    if (letters->count >= WHOLE_WORD_LETTERS + 2)
        groups[count++] = hash_end(whole);
    return count;
}

/* Reads one part of a word and moves *word behind it. */
static void letters_read(Letters *letters, const char **word, const char *end)
{
    letters->count = 0;
    letters_add(letters, EDGE);
    while (*word < end) {
        gunichar letter = g_utf8_get_char(*word);
        *word = g_utf8_next_char(*word);
        if (letter == APOSTROPHE || letter == 0x2019) {
            letters_add(letters, APOSTROPHE);
            return;
        }
        letters_add_any(letters, letter);
    }
    letters->letters[letters->count++] = EDGE;
}

guint language_model_groups(const char *word, gsize length, guint32 *ret_groups)
{
    const char *end = word + length;
    guint count = 0;
    while (word < end) {
        Letters letters;
        letters_read(&letters, &word, end);
        guint32 groups[LANGUAGE_MODEL_GROUPS];
        guint added = letters_groups(&letters, groups);
        if (count + added > LANGUAGE_MODEL_GROUPS)
            break;
        memcpy(ret_groups + count, groups, added * sizeof groups[0]);
        count += added;
    }
    return count;
}

/* The weights of a letter group, or NULL. */
static const gint8 *find_weights(guint32 group)
{
    guint16 fingerprint = (guint16)MAX(group >> 16, 1);
    guint slot = group % LANGUAGE_MODEL_SLOTS;
    for (;; slot = (slot + 1) % LANGUAGE_MODEL_SLOTS) {
        const guint8 *stored = language_model_data + (gsize)slot * FINGERPRINT_BYTES;
        guint16 found = (guint16)(stored[0] | stored[1] << 8);
        if (found == 0)
            return NULL;
        if (found == fingerprint)
            break;
    }
    return (const gint8 *)language_model_data + (gsize)LANGUAGE_MODEL_SLOTS * FINGERPRINT_BYTES +
           (gsize)slot * LANGUAGE_MODEL_CLASSES;
}

void language_model_word(const char *word, gsize length,
                         gint16 ret_evidence[LANGUAGE_MODEL_CLASSES])
{
    guint32 groups[LANGUAGE_MODEL_GROUPS];
    guint count = language_model_groups(word, length, groups);
    memset(ret_evidence, 0, LANGUAGE_MODEL_CLASSES * sizeof ret_evidence[0]);
    for (guint i = 0; i < count; i++) {
        const gint8 *weights = find_weights(groups[i]);
        for (guint c = 0; weights != NULL && c < LANGUAGE_MODEL_CLASSES; c++)
            ret_evidence[c] = (gint16)(ret_evidence[c] + weights[c]);
    }
}
