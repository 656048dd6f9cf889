/* libFuzzer target of server/query: any bytes are a query, what was understood reads as the same
 * query, FTS5 takes the MATCH expression, with and without translations, and the limits hold.
 * Seeds: seeds/query. */
#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../server/query/query.h"
#include "../unit/fake-vocabulary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts also where asserts are compiled out. */
static void require(gboolean holds)
{
    if (!holds)
        abort();
}

/* FTS5 over a table without rows; made once, for making it costs more than all else. */
static sqlite3_stmt *match_statement(void)
{
    static sqlite3_stmt *find;
    sqlite3 *db = NULL;
    if (find)
        return find;
    require(sqlite3_open(":memory:", &db) == SQLITE_OK && analysis_register(db));
    require(sqlite3_exec(db,
                         "CREATE VIRTUAL TABLE posting USING fts5(text, title, catalogue, "
                         "columnsize=0, tokenize='schedario')",
                         NULL, NULL, NULL) == SQLITE_OK);
    require(sqlite3_prepare_v2(db, "SELECT 1 FROM posting WHERE posting MATCH ?1", -1, &find,
                               NULL) == SQLITE_OK);
    return find;
}

static void run_match(const char *match)
{
    sqlite3_stmt *find = match_statement();
    sqlite3_bind_text(find, 1, match, -1, SQLITE_STATIC);
    require(sqlite3_step(find) == SQLITE_DONE);
    sqlite3_reset(find);
}

static void check_limits(const Query *query)
{
    const GPtrArray *concepts = query_concepts(query);
    guint count = 0;
    require(concepts->len <= QUERY_LEAVES && query_notes(query)->len <= QUERY_NOTES);
    for (guint i = 0; i < concepts->len; i++) {
        const QueryConcept *concept = concepts->pdata[i];
        require(concept->alternatives->len > 0);
        const char *phrase = g_array_index(concept->alternatives, QueryAlternative, 0).phrase;
        count += g_str_has_prefix(phrase, "y:") ? 0 : concept->alternatives->len;
    }
    require(count <= QUERY_ALTERNATIVES_ALL);
}

static void check_again(const Query *query, const Vocabulary *vocabulary, Analyser *analyser)
{
    const char *understood = query_understood(query);
    require(g_utf8_validate(understood, -1, NULL) && strlen(understood) <= QUERY_BYTES);
    g_autoptr(Query) again =
        query_parse(understood, strlen(understood), vocabulary, FALSE, analyser);
    require(!query_is_cut(again));
    require(strcmp(query_match(again), query_match(query)) == 0);
    require(strcmp(query_understood(again), understood) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    g_autoptr(Analyser) analyser = analyser_new();
    g_autoptr(Vocabulary) vocabulary = vocabulary_new(NULL);
    g_autoptr(Query) plain = query_parse(text, size, vocabulary, FALSE, analyser);
    check_again(plain, vocabulary, analyser);
    check_limits(plain);
    run_match(query_match(plain));
    g_autoptr(Query) translated = query_parse(text, size, vocabulary, TRUE, analyser);
    require(strcmp(query_understood(translated), query_understood(plain)) == 0);
    check_limits(translated);
    run_match(query_match(translated));
    return 0;
}
