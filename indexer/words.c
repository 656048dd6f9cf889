/* Words: see words.h.
 *
 * ASCII takes the short way: one table look-up a byte. Latin letters up to U+017F come from a
 * table, what lies beyond is decomposed by GLib and its first character kept. Combining marks stand
 * inside words and fold to nothing. */
#include "words.h"

#include <string.h>

enum { LATIN_FIRST = 0xC0, LATIN_END = 0x180 };

/* Folded forms of the Latin letters U+00C0 to U+017F; "" is no letter. */
static const char LATIN[LATIN_END - LATIN_FIRST][3] = {
    "a", "a", "a",  "a",  "a", "a", "ae", "c",  "e",  "e", "e", "e", "i",  "i",  "i", "i", "d", "n",
    "o", "o", "o",  "o",  "o", "",  "o",  "u",  "u",  "u", "u", "y", "th", "ss", "a", "a", "a", "a",
    "a", "a", "ae", "c",  "e", "e", "e",  "e",  "i",  "i", "i", "i", "d",  "n",  "o", "o", "o", "o",
    "o", "",  "o",  "u",  "u", "u", "u",  "y",  "th", "y", "a", "a", "a",  "a",  "a", "a", "c", "c",
    "c", "c", "c",  "c",  "c", "c", "d",  "d",  "d",  "d", "e", "e", "e",  "e",  "e", "e", "e", "e",
    "e", "e", "g",  "g",  "g", "g", "g",  "g",  "g",  "g", "h", "h", "h",  "h",  "i", "i", "i", "i",
    "i", "i", "i",  "i",  "i", "i", "ij", "ij", "j",  "j", "k", "k", "k",  "l",  "l", "l", "l", "l",
    "l", "l", "l",  "l",  "l", "n", "n",  "n",  "n",  "n", "n", "n", "n",  "n",  "o", "o", "o", "o",
    "o", "o", "oe", "oe", "r", "r", "r",  "r",  "r",  "r", "s", "s", "s",  "s",  "s", "s", "s", "s",
    "t", "t", "t",  "t",  "t", "t", "u",  "u",  "u",  "u", "u", "u", "u",  "u",  "u", "u", "u", "u",
    "w", "w", "y",  "y",  "y", "z", "z",  "z",  "z",  "z", "z", "s"};

typedef struct {
    gunichar character;
    guint flag;
} GapSign;

static const GapSign GAP_SIGNS[] = {
    {' ', GAP_SPACE},       {'\t', GAP_SPACE},        {0xA0, GAP_SPACE},
    {'_', GAP_SPACE},       {0xB0, GAP_SPACE},        {0xBA, GAP_SPACE},
    {0xAA, GAP_SPACE},      {0x202F, GAP_SPACE},      {'\n', GAP_LINE},
    {'\f', GAP_PAGE},       {'-', GAP_HYPHEN},        {0xAD, GAP_HYPHEN},
    {'\'', GAP_APOSTROPHE}, {0x2019, GAP_APOSTROPHE}, {'`', GAP_APOSTROPHE},
    {0xB4, GAP_APOSTROPHE}, {0x2018, GAP_APOSTROPHE}, {'/', GAP_SLASH},
    {'.', GAP_DOT},         {',', GAP_COMMA},         {'"', GAP_QUOTE},
    {0xAB, GAP_QUOTE},      {0xBB, GAP_QUOTE},        {0x201C, GAP_QUOTE},
    {0x201D, GAP_QUOTE},    {'\r', GAP_SPACE},
};

static guint gap_flag(gunichar character)
{
    if (character >= 0x2010 && character <= 0x2015)
        return GAP_HYPHEN;
    /* Marks of marked text (analysis.h) part words, but are nothing that a reader sees. */
    if (character < 0x09)
        return GAP_SPACE;
    for (guint i = 0; i < G_N_ELEMENTS(GAP_SIGNS); i++)
        if (GAP_SIGNS[i].character == character)
            return GAP_SIGNS[i].flag;
    return GAP_OTHER;
}

/* Two line ends with nothing but blanks between them are a paragraph's end. */
static guint gap_add(guint gap, guint flag)
{
    if (flag == GAP_LINE && (gap & GAP_LINE))
        return gap | GAP_PARAGRAPH;
    return gap | flag;
}

static gboolean is_ordinal_sign(gunichar character)
{
    return character == 0xBA || character == 0xAA;
}

static gboolean is_word_character(gunichar character)
{
    if (character < 0x80)
        return g_ascii_isalnum((char)character);
    return (g_unichar_isalnum(character) || g_unichar_ismark(character)) &&
           !is_ordinal_sign(character);
}

/* The character at walk->at and its bytes; U+FFFD and one byte where there is no UTF-8. */
static gunichar walk_peek(const WordWalk *walk, guint *ret_bytes)
{
    const char *from = walk->text + walk->at;
    guchar first = (guchar)*from;
    if (first < 0x80) {
        *ret_bytes = 1;
        return first;
    }
    gunichar character = g_utf8_get_char_validated(from, (gssize)(walk->length - walk->at));
    if (character == (gunichar)-1 || character == (gunichar)-2) {
        *ret_bytes = 1;
        return 0xFFFD;
    }
    *ret_bytes = (guint)(g_utf8_next_char(from) - from);
    return character;
}

static void fold_bytes(WordWalk *walk, const char *bytes, gsize length)
{
    if (walk->folded_length + length > WORD_BYTES)
        return;
    memcpy(walk->folded + walk->folded_length, bytes, length);
    walk->folded_length += (guint)length;
}

static void fold_character(WordWalk *walk, gunichar character)
{
    if (character >= LATIN_FIRST && character < LATIN_END) {
        const char *latin = LATIN[character - LATIN_FIRST];
        fold_bytes(walk, latin, strlen(latin));
        return;
    }
    if (g_unichar_ismark(character))
        return;
    gunichar base[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
    char utf8[6];
    g_unichar_fully_decompose(character, TRUE, base, G_N_ELEMENTS(base));
    fold_bytes(walk, utf8, (gsize)g_unichar_to_utf8(g_unichar_tolower(base[0]), utf8));
}

void word_walk_init(WordWalk *walk, const char *text, gsize length)
{
    *walk = (WordWalk){.text = text, .length = text != NULL ? length : 0};
}

static gboolean walk_gap(WordWalk *walk)
{
    walk->gap = GAP_NONE;
    while (walk->at < walk->length) {
        guint bytes;
        gunichar character = walk_peek(walk, &bytes);
        if (is_word_character(character))
            return TRUE;
        walk->gap = gap_add(walk->gap, gap_flag(character));
        walk->at += bytes;
    }
    return FALSE;
}

gboolean word_walk_next(WordWalk *walk)
{
    walk->folded_length = 0;
    gboolean found = walk_gap(walk);
    walk->start = walk->at;
    while (found && walk->at < walk->length) {
        guint bytes;
        gunichar character = walk_peek(walk, &bytes);
        if (!is_word_character(character))
            break;
        if (bytes == 1) {
            char lower = g_ascii_tolower((char)character);
            fold_bytes(walk, &lower, 1);
        } else {
            fold_character(walk, character);
        }
        walk->at += bytes;
    }
    walk->folded[walk->folded_length] = '\0';
    walk->end = walk->at;
    return found;
}

Words *words_new(const char *text, gsize length)
{
    Words *words = g_new0(Words, 1);
    words->text = text != NULL ? text : "";
    words->length = text != NULL ? length : 0;
    words->owned_words = g_array_new(FALSE, FALSE, sizeof(Word));
    words->owned_text = g_string_chunk_new(1024);
    WordWalk walk;
    word_walk_init(&walk, words->text, words->length);
    while (word_walk_next(&walk)) {
        Word word = {g_string_chunk_insert_const(words->owned_text, walk.folded), walk.start,
                     walk.end, walk.gap};
        if (words->owned_words->len == 0)
            word.gap |= GAP_LINE | GAP_PARAGRAPH;
        g_array_append_val(words->owned_words, word);
    }
    words->last_gap = walk.gap | GAP_LINE | GAP_PARAGRAPH;
    words->word = (const Word *)(const void *)words->owned_words->data;
    words->count = words->owned_words->len;
    return words;
}

void words_free(Words *words)
{
    if (words == NULL)
        return;
    g_array_unref(words->owned_words);
    g_string_chunk_free(words->owned_text);
    g_free(words);
}

gboolean words_is(const Words *words, guint at, const char *folded)
{
    return at < words->count && strcmp(words->word[at].folded, folded) == 0;
}

gboolean words_is_one(const Words *words, guint at, const char *const *list, gsize count)
{
    for (gsize i = 0; i < count; i++)
        if (words_is(words, at, list[i]))
            return TRUE;
    return FALSE;
}

guint words_gap_after(const Words *words, guint at)
{
    return at + 1 < words->count ? words->word[at + 1].gap : words->last_gap;
}

guint words_match(const Words *words, guint at, const char *phrase)
{
    const guint joining = GAP_SPACE | GAP_LINE | GAP_HYPHEN | GAP_APOSTROPHE;
    guint matched = 0;
    for (const char *from = phrase;; matched++) {
        gsize length = strcspn(from, " ");
        if (at + matched >= words->count)
            return 0;
        const Word *word = &words->word[at + matched];
        if (strncmp(word->folded, from, length) != 0 || word->folded[length] != '\0')
            return 0;
        if (matched > 0 && (word->gap & ~joining))
            return 0;
        if (from[length] == '\0')
            return matched + 1;
        from += length + 1;
    }
}

gboolean words_is_capital(const Words *words, guint at)
{
    if (at >= words->count)
        return FALSE;
    return g_unichar_isupper(g_utf8_get_char(words->text + words->word[at].start));
}

gboolean words_begins_line(const Words *words, guint at)
{
    return at < words->count && (words->word[at].gap & (GAP_LINE | GAP_PAGE));
}

char *words_fold(const char *text)
{
    GString *folded = g_string_new(NULL);
    WordWalk walk;
    word_walk_init(&walk, text, text != NULL ? strlen(text) : 0);
    while (word_walk_next(&walk)) {
        if (folded->len > 0)
            g_string_append_c(folded, ' ');
        g_string_append_len(folded, walk.folded, walk.folded_length);
    }
    return g_string_free(folded, FALSE);
}
