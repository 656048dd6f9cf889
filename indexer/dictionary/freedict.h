/* FreeDict: the pairs of a dictionary in dictd's format.
 *
 * The index has a line for each article: headword, offset and length (digits of base 64) in the
 * text, which is compressed (gzip, or dictzip, which is gzip). An article has a line with the
 * headword and its pronunciation, then its senses a line each: "2. house, home". */
#ifndef SCHEDARIO_DICTIONARY_FREEDICT_H
#define SCHEDARIO_DICTIONARY_FREEDICT_H

#include "../language.h"
#include "pairs.h"

#define FREEDICT_ERROR (freedict_error_quark())
GQuark freedict_error_quark(void);
typedef enum {
    FREEDICT_ERROR_READ,   /* the compressed text cannot be read */
    FREEDICT_ERROR_FORMAT, /* the index points outside of the text */
} FreedictError;

/* Adds the pairs of the dictionary STEM.index, STEM.dict.dz, whose headwords are in `headwords`.
 * FALSE and `error` (FREEDICT_ERROR or G_FILE_ERROR) on failure. */
gboolean freedict_add(Pairs *pairs, const char *stem, Language headwords, GError **error);

#endif
