/* Function words: words of grammar, which practically never carry the meaning of a question. */
#ifndef SCHEDARIO_FUNCTION_WORD_H
#define SCHEDARIO_FUNCTION_WORD_H

#include <glib.h>

#include "../../indexer/language.h"

/* Whether a folded word is one, in either language. `ret_language` (NULL: not asked) becomes the
 * only language that has it, or LANGUAGE_OTHER. */
gboolean function_word_is(const char *word, Language *ret_language);

#endif
