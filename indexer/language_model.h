/* What a single word says about the language it stands in.
 *
 * The model is a table of letter groups (one to five letters, and whole words), each with a weight
 * for every class. The evidence of a word is the sum of the weights of the groups it is made of:
 * a log-linear model, trained on whole stretches of text so that the sums of several words can be
 * added up again. The classes are Italian, English and twenty-two others; those are told apart so
 * that "other" means one consistent language rather than whatever fits each word best.
 *
 * The table is the file language_model.bin, built into the program by language_model.S and made
 * by tests/language-model/train. Its layout (all numbers little-endian):
 *
 *     LANGUAGE_MODEL_SLOTS x uint16   fingerprint of the letter group in this slot, 0 = empty
 *     LANGUAGE_MODEL_SLOTS x LANGUAGE_MODEL_CLASSES x int8
 *                                     weights, in 1/LANGUAGE_MODEL_UNIT of a nat
 *
 * a hash table with linear probing: a group's slot is the low half of its hash, its
 * fingerprint the high half. Groups that are not in the table say nothing.
 *
 * Cutting text into words, and deciding about stretches of words, is left to language.h.
 * Everything here is const: callable from any thread. */
#ifndef SCHEDARIO_LANGUAGE_MODEL_H
#define SCHEDARIO_LANGUAGE_MODEL_H

#include <glib.h>

enum {
    LANGUAGE_MODEL_ITALIAN = 0, /* class numbers; all from 2 on are other languages */
    LANGUAGE_MODEL_ENGLISH = 1,
    LANGUAGE_MODEL_CLASSES = 24,

    LANGUAGE_MODEL_SLOTS = 16384, /* a power of two */
    LANGUAGE_MODEL_UNIT = 16,     /* evidence units in one nat (factor e of likelihood) */

    LANGUAGE_MODEL_WORD_LETTERS = 24, /* longer words are judged by their beginning */
    LANGUAGE_MODEL_GROUP_LETTERS = 5,
    LANGUAGE_MODEL_GROUPS =
        (LANGUAGE_MODEL_WORD_LETTERS + 2) * (LANGUAGE_MODEL_GROUP_LETTERS + 1) + 1,
};

/* The hashes of the letter groups of `word`, valid UTF-8 of `length` bytes: letters with
 * apostrophes between them, in any case. Stores at most LANGUAGE_MODEL_GROUPS of them in
 * `ret_groups` and returns how many. Shared with the training tool, so that both see the same. */
guint language_model_groups(const char *word, gsize length, guint32 *ret_groups);

/* The evidence of `word` for each class, in units: only differences between classes mean
 * something. A word of which nothing is known gives zeros. */
void language_model_word(const char *word, gsize length,
                         gint16 ret_evidence[LANGUAGE_MODEL_CLASSES]);

#endif
