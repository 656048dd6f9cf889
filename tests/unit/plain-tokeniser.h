/* A tokeniser for FTS5 tables that tests ask instead of the archive's own: it gives each word and,
 * at the same place, its stem, which the archive's index has as one term. So an expression of words
 * and stems (query_match()) can be held against what the server finds. Included by one file of a
 * program. */
#ifndef SCHEDARIO_PLAIN_TOKENISER_H
#define SCHEDARIO_PLAIN_TOKENISER_H

#include "fixture.h"

#include <sqlite3.h>
#include <string.h>

#include "../../indexer/analysis.h"
#include "../../indexer/fts5.h"

static int plain_create(void *context, const char **arguments, int count, Fts5Tokenizer **tokenizer)
{
    (void)context;
    (void)arguments;
    (void)count;
    *tokenizer = (Fts5Tokenizer *)analyser_new();
    return SQLITE_OK;
}

static void plain_delete(Fts5Tokenizer *tokenizer)
{
    analyser_free((Analyser *)tokenizer);
}

typedef int (*PlainSink)(void *, int, const char *, int, int, int);

typedef struct {
    PlainSink sink;
    void *context;
} PlainEmitting;

static gboolean plain_emit(const AnalysedWord *word, gpointer data)
{
    const PlainEmitting *to = data;
    to->sink(to->context, 0, word->word, (int)strlen(word->word), 0, 0);
    if (word->stem)
        to->sink(to->context, FTS5_TOKEN_COLOCATED, word->stem, (int)strlen(word->stem), 0, 0);
    return TRUE;
}

static int plain_tokenize(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text,
                          int length, PlainSink sink)
{
    PlainEmitting to = {sink, context};
    if (!(flags & FTS5_TOKENIZE_QUERY)) {
        analyser_walk((Analyser *)tokenizer, text, (gsize)length, plain_emit, &to);
        return SQLITE_OK;
    }
    g_autofree char *question = g_strndup(text, (gsize)length);
    g_auto(GStrv) terms = g_strsplit(question, " ", -1);
    for (guint i = 0; terms[i]; i++)
        if (*terms[i])
            sink(context, 0, terms[i], (int)strlen(terms[i]), 0, 0);
    return SQLITE_OK;
}

/* Makes "tokenize='plain'" known to a connection. */
static inline void plain_register(sqlite3 *db)
{
    fts5_tokenizer tokenizer = {plain_create, plain_delete, plain_tokenize};
    fts5_api *api = fts5_api_of(db);
    assert_int_equal(api->xCreateTokenizer(api, "plain", NULL, &tokenizer, NULL), SQLITE_OK);
}

#endif
