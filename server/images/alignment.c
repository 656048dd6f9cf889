/* See alignment.h. */
#include "alignment.h"

#include <stdlib.h>
#include <string.h>

enum {
    DECOMPOSED = 18,       /* characters at most that one becomes (Unicode 15) */
    AT_END = 4,            /* letters at least of a run that goes over the end of both texts */
    LOOKUPS = 2000 * 1000, /* of runs in all: a bound for texts that have nothing in common */
};

/* ---- letters ---- */

static void add_letter(GArray *letters, gunichar c, gsize at)
{
    AlignedLetter letter = {g_unichar_tolower(c), (guint32)at};
    g_array_append_val(letters, letter);
}

static void add_decomposed(GArray *letters, gunichar c, gsize at)
{
    gunichar parts[DECOMPOSED];
    gsize n = g_unichar_fully_decompose(c, TRUE, parts, DECOMPOSED);
    for (gsize i = 0; i < MIN(n, DECOMPOSED); i++)
        if (g_unichar_isalnum(parts[i]))
            add_letter(letters, parts[i], at);
}

GArray *alignment_letters(const char *text, gsize length, gboolean by_character)
{
    GArray *letters = g_array_sized_new(FALSE, FALSE, sizeof(AlignedLetter), (guint)length + 1);
    const char *end = text + length;
    gsize number = 0;
    for (const char *at = text; at < end; at = g_utf8_next_char(at), number++) {
        gsize place = by_character ? number : (gsize)(at - text);
        guint8 byte = (guint8)*at;
        if (byte >= 0x80)
            add_decomposed(letters, g_utf8_get_char(at), place);
        else if (g_ascii_isalnum(byte))
            add_letter(letters, byte, place);
    }
    return letters;
}

/* ---- runs ---- */

/* A place in a text where a run of letters begins. */
typedef struct {
    guint64 hash;
    guint32 at;
} Run;

typedef struct {
    const GArray *letters;
    GArray *runs; /* Run, by hash and place; NULL: not needed so far */
} Text;

/* Letter `i`; behind the end stand zeros, so that two texts agree on where they end. */
static guint32 letter_at(const GArray *letters, gsize i)
{
    return i < letters->len ? g_array_index(letters, AlignedLetter, i).letter : 0;
}

static guint64 run_hash(const GArray *letters, gsize at)
{
    guint64 hash = 0;
    for (gsize i = 0; i < ALIGNMENT_RUN; i++)
        hash = (hash ^ letter_at(letters, at + i)) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
    return hash;
}

static int compare_runs(gconstpointer a, gconstpointer b)
{
    const Run *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static void find_runs(Text *text)
{
    text->runs = g_array_sized_new(FALSE, FALSE, sizeof(Run), text->letters->len + 1);
    for (guint i = 0; i < text->letters->len; i++) {
        Run run = {run_hash(text->letters, i), i};
        g_array_append_val(text->runs, run);
    }
    g_array_sort(text->runs, compare_runs);
}

static gboolean runs_agree(const GArray *a, gsize at, const GArray *b, gsize bt)
{
    for (gsize i = 0; i < ALIGNMENT_RUN; i++)
        if (letter_at(a, at + i) != letter_at(b, bt + i))
            return FALSE;
    return TRUE;
}

/* The first place from `least` on where the run stands that begins at `at` in `letters`; the text's
 * length when there is none. */
static gsize find_run(const Text *text, const GArray *letters, gsize at, gsize least)
{
    const Run wanted = {run_hash(letters, at), (guint32)least};
    guint low = 0, high = text->runs->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (compare_runs(&g_array_index(text->runs, Run, middle), &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const Run *found = low < text->runs->len ? &g_array_index(text->runs, Run, low) : NULL;
    if (found && found->hash == wanted.hash && runs_agree(letters, at, text->letters, found->at))
        return found->at;
    return text->letters->len;
}

/* ---- the walk ---- */

/* Goes on from where the texts part to the nearest place where they agree again. FALSE: there is
 * none. */
static gboolean take_up_again(const GArray *from, Text *to, gsize *i, gsize *j, gsize *lookups)
{
    gsize best = ALIGNMENT_REACH + 1, best_i = 0, best_j = 0;
    gsize left = from->len - *i >= AT_END ? from->len - *i - AT_END + 1 : 0;
    if (!to->runs)
        find_runs(to);
    for (gsize skip = 0; skip < best && skip < left && *lookups != 0; skip++) {
        *lookups -= 1;
        gsize found = find_run(to, from, *i + skip, *j);
        if (found < to->letters->len && skip + (found - *j) < best) {
            best = skip + (found - *j);
            best_i = *i + skip;
            best_j = found;
        }
    }
    if (best > ALIGNMENT_REACH)
        return FALSE;
    *i = best_i;
    *j = best_j;
    return TRUE;
}

GArray *alignment_map(const GArray *from, const GArray *to)
{
    GArray *map = g_array_sized_new(FALSE, FALSE, sizeof(guint32), from->len);
    Text text = {.letters = to};
    gsize lookups = LOOKUPS;
    g_array_set_size(map, from->len);
    for (guint i = 0; i < map->len; i++)
        g_array_index(map, guint32, i) = ALIGNMENT_NONE;
    for (gsize i = 0, j = 0; i < from->len && j < to->len;) {
        if (letter_at(from, i) == letter_at(to, j)) {
            g_array_index(map, guint32, i) = g_array_index(to, AlignedLetter, j).at;
            i++, j++;
        } else if (!take_up_again(from, &text, &i, &j, &lookups)) {
            break;
        }
    }
    if (text.runs)
        g_array_unref(text.runs);
    return map;
}
