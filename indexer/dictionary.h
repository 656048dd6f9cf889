/* Dictionary: general Italian–English vocabulary, word by word.
 *
 * Made when the programs are built, from dictionaries that Debian packages and from dictionary.tsv,
 * which adds what the field and common speech need and corrects what is wrong (indexer/dictionary/
 * says how), and built into the program. Entries are found by the stems of their words, so every
 * form of a word finds its entry; forms that have another stem than their entry ("children",
 * "andato") are listed beside it. What is the vocabulary of the field is thesaurus.h's. */
#ifndef SCHEDARIO_DICTIONARY_H
#define SCHEDARIO_DICTIONARY_H

#include <glib.h>

#include "language.h"

/* A word's translations, at most: its likeliest ones. */
enum { DICTIONARY_TRANSLATIONS = 6 };

typedef struct Dictionary Dictionary;

#define DICTIONARY_ERROR (dictionary_error_quark())
GQuark dictionary_error_quark(void);
typedef enum {
    DICTIONARY_ERROR_FORMAT, /* the data are not those of this version */
} DictionaryError;

/* The dictionary that is built into the program; it copies nothing. Owned by the caller. NULL and
 * `error` (DICTIONARY_ERROR) on failure. */
Dictionary *dictionary_new_builtin(GError **error);
/* One over data in memory, which must outlive it. Errors as above; any bytes do no harm. */
Dictionary *dictionary_new(const guint8 *data, gsize length, GError **error);
void dictionary_free(Dictionary *dictionary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dictionary, dictionary_free)

/* Only read after it was made: all functions below may be called from any thread. */

typedef struct {
    const char *words; /* NUL-terminated, in lower case as people write it, accents and all; several
                        * words are parted by blanks. Borrowed from the dictionary. */
    double weight;     /* 0 to 1: how likely it is meant; the likeliest first */
} DictionaryTranslation;

/* The translations of an entry into the other language. `stems`: index terms of its words
 * ("i:cooper", "i:sistem i:oper"; analysis.h), parted by blanks. Fills `ret` and returns how many;
 * 0: no such entry. */
guint dictionary_translate(const Dictionary *dictionary, const char *stems,
                           DictionaryTranslation ret[DICTIONARY_TRANSLATIONS]);

/* The same for a single word as it is written in the question: `word` folded ("porto"), `stem` its
 * index term ("i:port"). Where it is known which of the words with that stem it may be, only
 * their translations are given; a function word has none. */
guint dictionary_translate_word(const Dictionary *dictionary, const char *word, const char *stem,
                                DictionaryTranslation ret[DICTIONARY_TRANSLATIONS]);

/* Other stems of the same word ("e:child": "e:children"; "e:go": "e:went"), parted by blanks; NULL
 * when there are none. Borrowed from the dictionary. */
const char *dictionary_forms(const Dictionary *dictionary, const char *stem);

#endif
