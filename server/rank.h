/* Rank: the FTS5 auxiliary function that counts a document's matches, concept by concept.
 *
 * Called once for each row that matches, it hands the row's matches to a visitor that was bound to
 * the statement; what to do with them (score, filter, count facets, keep the best) is search.h's. A
 * concept is one word in ranking, however many index terms stand for it (structured queries:
 * Pirkola, SIGIR 1998). */
#ifndef SCHEDARIO_RANK_H
#define SCHEDARIO_RANK_H

#include <glib.h>

struct sqlite3;

/* Columns of the posting table. */
enum { COLUMN_OF_TITLE, COLUMN_OF_TEXT, COLUMN_OF_CATALOGUE, POSTING_COLUMNS };

/* One occurrence of a phrase of the MATCH expression. */
typedef struct {
    int phrase;   /* number in the expression, from 0 */
    int column;   /* COLUMN_OF_... */
    int position; /* of its first word, counted from the column's beginning */
} RankHit;

/* What is bound to the statement (rank_bind). */
typedef struct {
    /* Called for a row before its hits are read; FALSE passes the row over. */
    gboolean (*row)(gint64 row, gpointer data);
    /* Called for each hit of the row, phrase by phrase, in the order of positions. */
    void (*hit)(const RankHit *hit, gpointer data);
    /* Called after the last hit of the row. */
    void (*row_end)(gint64 row, gpointer data);
    /* How many documents hold each phrase is counted into here before the first row, when not NULL:
     * guint. */
    GArray *document_counts;
    gpointer data;
} RankVisitor;

/* Registers schedario_rank(posting, visitor) with a connection. FALSE when FTS5 is missing. */
gboolean rank_register(struct sqlite3 *db);

struct sqlite3_stmt;
/* Binds a visitor to parameter `index` of a statement; it must live until the statement is reset.
 */
void rank_bind(struct sqlite3_stmt *statement, int index, RankVisitor *visitor);

#endif
