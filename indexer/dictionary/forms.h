/* Forms: words whose forms have several stems.
 *
 * Stemming brings most forms of a word together; "children" and "child", "andato" and "vado" it
 * does not. Apertium's analysers list all forms of a word. Those whose stem is another one than
 * their lemma's are put beside it, unless the stem is also that of an unrelated word ("corso", a
 * course, is a form of "correre", too): there the other word would come along. */
#ifndef SCHEDARIO_DICTIONARY_FORMS_H
#define SCHEDARIO_DICTIONARY_FORMS_H

#include "../analysis.h"
#include "lexicon.h"

typedef struct Forms Forms;

/* The analyser must outlive them. */
Forms *forms_new(Analyser *analyser);
void forms_free(Forms *forms);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Forms, forms_free)

/* Adds the common forms of a lexicon. */
void forms_add_lexicon(Forms *forms, const Lexicon *lexicon);
/* Adds a form that a person gave, however ambiguous. */
void forms_add_hand(Forms *forms, Language language, const char *lemma, const char *form);
/* The stem of `word` is no other stem of any word, whatever was or will be added: it is the stem of
 * what is far commoner ("dei" is a plural of "dio", and grammar). */
void forms_bar(Forms *forms, Language language, const char *word);

/* Stem (char *) -> other stems of the same word, parted by blanks (GString), sorted by stem; both
 * the table's own. Owned by the caller (g_tree_unref). */
GTree *forms_table(const Forms *forms);

#endif
