/* See pack.h. */
#include "pack.h"

#include <math.h>
#include <string.h>

#include "../dictionary_format.h"
#include "entries.h"

typedef struct {
    GByteArray *tables[DICTIONARY_STRINGS]; /* in the format's order */
    GByteArray *strings;
    GHashTable *offsets; /* of strings, plus 1 */
    GHashTable *runs;    /* places of runs of meanings, as they stand in their table, plus 1 */
} Pack;

static void add_number(GByteArray *bytes, guint32 number)
{
    guint32 little = GUINT32_TO_LE(number);
    g_byte_array_append(bytes, (const guint8 *)&little, sizeof little);
}

static guint32 string_offset(Pack *pack, const char *string)
{
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(pack->offsets, string));
    if (known > 0)
        return known - 1;
    guint32 offset = pack->strings->len;
    g_byte_array_append(pack->strings, (const guint8 *)string, (guint)strlen(string) + 1);
    g_hash_table_insert(pack->offsets, g_strdup(string), GUINT_TO_POINTER(offset + 1));
    return offset;
}

static void add_row(Pack *pack, guint table, guint32 first, guint32 second)
{
    add_number(pack->tables[table], first);
    add_number(pack->tables[table], second);
}

/* Where meanings stand in their table: equal ones stand there once. */
static guint32 meanings_offset(Pack *pack, const GArray *meanings)
{
    GByteArray *table = pack->tables[DICTIONARY_MEANINGS];
    guint32 first = table->len / DICTIONARY_ROW_BYTES;
    guint32 length = table->len;
    for (guint i = 0; i < meanings->len; i++) {
        const Meaning *meaning = &g_array_index(meanings, Meaning, i);
        add_row(pack, DICTIONARY_MEANINGS, string_offset(pack, meaning->words),
                (guint32)lround(meaning->weight * DICTIONARY_WEIGHT_UNIT));
    }
    g_autoptr(GBytes) rows = g_bytes_new(table->data + length, table->len - length);
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(pack->runs, rows));
    if (known == 0)
        g_hash_table_insert(pack->runs, g_steal_pointer(&rows), GUINT_TO_POINTER(first + 1));
    else
        g_byte_array_set_size(table, length);
    return known == 0 ? first : known - 1;
}

static gboolean add_entry(gpointer key, gpointer value, gpointer data)
{
    Pack *pack = data;
    const GArray *meanings = value;
    guint32 first = meanings_offset(pack, meanings);
    add_row(pack, DICTIONARY_ENTRIES, string_offset(pack, key),
            first | meanings->len << DICTIONARY_COUNT_SHIFT);
    return FALSE;
}

static gboolean add_forms(gpointer key, gpointer value, gpointer data)
{
    Pack *pack = data;
    const GString *stems = value;
    add_row(pack, DICTIONARY_FORMS, string_offset(pack, key), string_offset(pack, stems->str));
    return FALSE;
}

static GByteArray *join_tables(const Pack *pack)
{
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)DICTIONARY_MAGIC, DICTIONARY_MAGIC_BYTES);
    for (guint i = 0; i < DICTIONARY_STRINGS; i++)
        add_number(bytes, pack->tables[i]->len / DICTIONARY_ROW_BYTES);
    add_number(bytes, pack->strings->len);
    for (guint i = 0; i < DICTIONARY_STRINGS; i++)
        g_byte_array_append(bytes, pack->tables[i]->data, pack->tables[i]->len);
    g_byte_array_append(bytes, pack->strings->data, pack->strings->len);
    return bytes;
}

GByteArray *pack_new(GTree *entries, GTree *forms)
{
    Pack pack = {
        .strings = g_byte_array_new(),
        .offsets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .runs =
            g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL),
    };
    for (guint i = 0; i < DICTIONARY_STRINGS; i++)
        pack.tables[i] = g_byte_array_new();
    g_tree_foreach(entries, add_entry, &pack);
    g_tree_foreach(forms, add_forms, &pack);
    GByteArray *bytes = join_tables(&pack);
    for (guint i = 0; i < DICTIONARY_STRINGS; i++)
        g_byte_array_unref(pack.tables[i]);
    g_byte_array_unref(pack.strings);
    g_hash_table_unref(pack.offsets);
    g_hash_table_unref(pack.runs);
    return bytes;
}
