/* The dictionary's bytes, as indexer/dictionary/ makes them and dictionary.c reads them.
 *
 * A header of DICTIONARY_HEADER numbers follows the magic bytes; then three tables and the strings,
 * one after another. All numbers are 32 bits, little-endian.
 *
 *     entries       key, first | count << 24    first translation and how many, by key (strcmp)
 *     translations  words, weight               weight in 1 / DICTIONARY_WEIGHT_UNIT
 *     forms         key, stems                  by key
 *     strings       NUL-terminated; key, words and stems above are offsets into these
 *
 * A key is index terms of stems ("i:sistem i:oper"), or, of entries, a word ("i=porto"). */
#ifndef SCHEDARIO_DICTIONARY_FORMAT_H
#define SCHEDARIO_DICTIONARY_FORMAT_H

#define DICTIONARY_MAGIC     "SCHEDIC1"
#define DICTIONARY_WORD_MARK '='

enum {
    DICTIONARY_MAGIC_BYTES = 8,
    DICTIONARY_ENTRIES = 0, /* places in the header: how many there are of each */
    DICTIONARY_MEANINGS,
    DICTIONARY_FORMS,
    DICTIONARY_STRINGS, /* in bytes */
    DICTIONARY_HEADER,
    DICTIONARY_NUMBER_BYTES = 4,
    DICTIONARY_ROW_BYTES = 2 * DICTIONARY_NUMBER_BYTES, /* of all three tables */
    DICTIONARY_COUNT_SHIFT = 24,
    DICTIONARY_WEIGHT_UNIT = 1000,
};

#endif
