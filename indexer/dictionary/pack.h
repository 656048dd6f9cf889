/* Pack: the dictionary's bytes (../dictionary_format.h). */
#ifndef SCHEDARIO_DICTIONARY_PACK_H
#define SCHEDARIO_DICTIONARY_PACK_H

#include <glib.h>

/* Entries as entries_table() gives them, forms as forms_table(). Owned by the caller. */
GByteArray *pack_new(GTree *entries, GTree *forms);

#endif
