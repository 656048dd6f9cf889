/* See title_order.h. */
#include "title_order.h"

#include <string.h>

#include "../../indexer/language.h"

/* An article is one only before a word that it may stand before. */
typedef enum { BEFORE_ANY, BEFORE_VOWEL } Before;

static const struct {
    const char *word;
    Language language;
    Before before;
} ARTICLES[] = {
    {"il", LANGUAGE_ITALIAN, BEFORE_ANY},  {"lo", LANGUAGE_ITALIAN, BEFORE_ANY},
    {"la", LANGUAGE_ITALIAN, BEFORE_ANY},  {"i", LANGUAGE_ITALIAN, BEFORE_ANY},
    {"gli", LANGUAGE_ITALIAN, BEFORE_ANY}, {"le", LANGUAGE_ITALIAN, BEFORE_ANY},
    {"un", LANGUAGE_ITALIAN, BEFORE_ANY},  {"uno", LANGUAGE_ITALIAN, BEFORE_ANY},
    {"una", LANGUAGE_ITALIAN, BEFORE_ANY}, {"l", LANGUAGE_ITALIAN, BEFORE_VOWEL},
    {"the", LANGUAGE_ENGLISH, BEFORE_ANY}, {"a", LANGUAGE_ENGLISH, BEFORE_ANY},
    {"an", LANGUAGE_ENGLISH, BEFORE_ANY},
};

/* "L'acqua", but not "L. 190/2012": folding took the apostrophe. */
static gboolean may_stand_before(Before before, const char *word)
{
    return *word && (before == BEFORE_ANY || strchr("aeiouh", *word) != NULL);
}

const char *title_order_key(const char *folded, guint languages)
{
    const char *blank = strchr(folded, ' ');
    gsize length = blank ? (gsize)(blank - folded) : 0;
    for (gsize i = 0; blank && i < G_N_ELEMENTS(ARTICLES); i++)
        if (languages & (1u << ARTICLES[i].language) && strlen(ARTICLES[i].word) == length &&
            strncmp(folded, ARTICLES[i].word, length) == 0 &&
            may_stand_before(ARTICLES[i].before, blank + 1))
            return blank + 1;
    return folded;
}

guint title_order_letter(const char *key)
{
    return *key >= 'a' && *key <= 'z' ? (guint)(*key - 'a') : TITLE_LETTER_OTHER;
}

int title_order_compare(const char *a, const char *b)
{
    guint left = (title_order_letter(a) + 1) % TITLE_LETTERS;
    guint right = (title_order_letter(b) + 1) % TITLE_LETTERS;
    if (left != right)
        return left < right ? -1 : 1;
    return strcmp(a, b);
}

const char *title_order_letter_name(guint letter)
{
    static const char *const NAMES[TITLE_LETTERS] = {
        "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",    "n",
        "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z", "other"};
    return NAMES[letter];
}
