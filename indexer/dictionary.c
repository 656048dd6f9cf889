/* See dictionary.h; the bytes are those of dictionary_format.h.
 *
 * Everything that the bytes say about themselves is checked once, when the dictionary is made, so
 * that looking up needs no errors: offsets are inside the strings, which end with a NUL, and
 * translations inside their table. Keys that are out of order are not found, no more. */
#include "dictionary.h"

#include <string.h>

#include "dictionary_format.h"

extern const guint8 dictionary_data[];
extern const guint8 dictionary_data_end[];

G_DEFINE_QUARK(schedario - dictionary - error, dictionary_error)

struct Dictionary {
    guint32 count[DICTIONARY_HEADER];
    const guint8 *entries;
    const guint8 *translations;
    const guint8 *forms;
    const char *strings;
};

static guint32 read_number(const guint8 *at)
{
    return (guint32)at[0] | (guint32)at[1] << 8 | (guint32)at[2] << 16 | (guint32)at[3] << 24;
}

static guint32 row_first(const guint8 *table, guint32 row)
{
    return read_number(table + (gsize)row * DICTIONARY_ROW_BYTES);
}

static guint32 row_second(const guint8 *table, guint32 row)
{
    return read_number(table + (gsize)row * DICTIONARY_ROW_BYTES + DICTIONARY_NUMBER_BYTES);
}

/* Checking */

/* Places the tables; FALSE when they do not fill the data exactly. */
static gboolean place_tables(Dictionary *dictionary, const guint8 *data, gsize length)
{
    gsize at = DICTIONARY_MAGIC_BYTES + DICTIONARY_HEADER * DICTIONARY_NUMBER_BYTES;
    if (length < at || memcmp(data, DICTIONARY_MAGIC, DICTIONARY_MAGIC_BYTES) != 0)
        return FALSE;
    const guint8 **tables[] = {&dictionary->entries, &dictionary->translations, &dictionary->forms};
    for (guint i = 0; i < DICTIONARY_HEADER; i++)
        dictionary->count[i] =
            read_number(data + DICTIONARY_MAGIC_BYTES + (gsize)i * DICTIONARY_NUMBER_BYTES);
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
        gsize bytes = (gsize)dictionary->count[i] * DICTIONARY_ROW_BYTES;
        *tables[i] = data + at;
        if (bytes > length - at)
            return FALSE;
        at += bytes;
    }
    dictionary->strings = (const char *)data + at;
    return length - at == dictionary->count[DICTIONARY_STRINGS] && length > at &&
           data[length - 1] == '\0';
}

static gboolean is_string(const Dictionary *dictionary, guint32 offset)
{
    return offset < dictionary->count[DICTIONARY_STRINGS];
}

static guint32 entry_first(guint32 range)
{
    return range & ((1u << DICTIONARY_COUNT_SHIFT) - 1);
}

static guint entry_count(guint32 range)
{
    return range >> DICTIONARY_COUNT_SHIFT;
}

static gboolean has_good_entry(const Dictionary *dictionary, guint32 row)
{
    guint32 range = row_second(dictionary->entries, row);
    guint count = entry_count(range);
    guint32 translations = dictionary->count[DICTIONARY_MEANINGS];
    return is_string(dictionary, row_first(dictionary->entries, row)) &&
           count <= DICTIONARY_TRANSLATIONS && count <= translations &&
           entry_first(range) <= translations - count;
}

static gboolean has_good_rows(const Dictionary *dictionary)
{
    for (guint32 row = 0; row < dictionary->count[DICTIONARY_ENTRIES]; row++)
        if (!has_good_entry(dictionary, row))
            return FALSE;
    for (guint32 row = 0; row < dictionary->count[DICTIONARY_MEANINGS]; row++)
        if (!is_string(dictionary, row_first(dictionary->translations, row)) ||
            row_second(dictionary->translations, row) > DICTIONARY_WEIGHT_UNIT)
            return FALSE;
    for (guint32 row = 0; row < dictionary->count[DICTIONARY_FORMS]; row++)
        if (!is_string(dictionary, row_first(dictionary->forms, row)) ||
            !is_string(dictionary, row_second(dictionary->forms, row)))
            return FALSE;
    return TRUE;
}

Dictionary *dictionary_new(const guint8 *data, gsize length, GError **error)
{
    g_autoptr(Dictionary) dictionary = g_new0(Dictionary, 1);
    if (place_tables(dictionary, data, length) && has_good_rows(dictionary))
        return g_steal_pointer(&dictionary);
    g_set_error(error, DICTIONARY_ERROR, DICTIONARY_ERROR_FORMAT,
                "the dictionary's data are damaged or of another version");
    return NULL;
}

Dictionary *dictionary_new_builtin(GError **error)
{
    return dictionary_new(dictionary_data, (gsize)(dictionary_data_end - dictionary_data), error);
}

void dictionary_free(Dictionary *dictionary)
{
    g_free(dictionary);
}

/* Looking up */

/* The row of `key` in a table sorted by keys, or `count`. */
static guint32 find_row(const Dictionary *dictionary, const guint8 *table, guint32 count,
                        const char *key)
{
    guint32 low = 0;
    guint32 high = count;
    while (low < high) {
        guint32 middle = low + (high - low) / 2;
        int order = strcmp(dictionary->strings + row_first(table, middle), key);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return count;
}

/* FALSE: no such entry. */
static gboolean find_entry(const Dictionary *dictionary, const char *key,
                           DictionaryTranslation ret[DICTIONARY_TRANSLATIONS], guint *ret_count)
{
    guint32 entries = dictionary->count[DICTIONARY_ENTRIES];
    guint32 row = find_row(dictionary, dictionary->entries, entries, key);
    if (row == entries)
        return FALSE;
    guint32 range = row_second(dictionary->entries, row);
    *ret_count = entry_count(range);
    for (guint i = 0; i < *ret_count; i++) {
        guint32 at = entry_first(range) + i;
        ret[i].words = dictionary->strings + row_first(dictionary->translations, at);
        ret[i].weight = row_second(dictionary->translations, at) / (double)DICTIONARY_WEIGHT_UNIT;
    }
    return TRUE;
}

guint dictionary_translate(const Dictionary *dictionary, const char *stems,
                           DictionaryTranslation ret[DICTIONARY_TRANSLATIONS])
{
    guint count = 0;
    return find_entry(dictionary, stems, ret, &count) ? count : 0;
}

guint dictionary_translate_word(const Dictionary *dictionary, const char *word, const char *stem,
                                DictionaryTranslation ret[DICTIONARY_TRANSLATIONS])
{
    g_autofree char *key = g_strdup_printf("%c%c%s", *stem, DICTIONARY_WORD_MARK, word);
    guint count = 0;
    return find_entry(dictionary, key, ret, &count) ? count
                                                    : dictionary_translate(dictionary, stem, ret);
}

const char *dictionary_forms(const Dictionary *dictionary, const char *stem)
{
    guint32 forms = dictionary->count[DICTIONARY_FORMS];
    guint32 row = find_row(dictionary, dictionary->forms, forms, stem);
    return row == forms ? NULL : dictionary->strings + row_second(dictionary->forms, row);
}
