/* Lexicon: which words a form may be of, as Apertium's analysers of Italian and English tell. */
#ifndef SCHEDARIO_DICTIONARY_LEXICON_H
#define SCHEDARIO_DICTIONARY_LEXICON_H

#include <glib.h>

#include "../language.h"

/* One analysis of a form. Single words only, cleaned as lemma.h does. */
typedef struct {
    const char *form;
    const char *lemma;
    Language language;
    gboolean is_content; /* noun, verb, adjective, adverb, name; else a function word */
    gboolean is_common;  /* a form that is often read: see lexicon.c */
} Analysis;

typedef struct Lexicon Lexicon;

Lexicon *lexicon_new(void);
void lexicon_free(Lexicon *lexicon);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lexicon, lexicon_free)

/* Adds what the compiled morphological analyser at `path` knows. FALSE and `error`
 * (TRANSDUCER_ERROR or G_FILE_ERROR) on failure. */
gboolean lexicon_add(Lexicon *lexicon, Language language, const char *path, GError **error);

/* All of it (Analysis), in the analysers' order, some of it more than once. Borrowed. */
const GArray *lexicon_analyses(const Lexicon *lexicon);

#endif
