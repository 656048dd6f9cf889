/* Cards: the catalogue of all documents in memory, for filtering, counting and sorting without a
 * look at the archive for each row that matches.
 *
 * Kept in step by the archive's revisions: refreshing costs what changed. One a thread. */
#ifndef SCHEDARIO_CARDS_H
#define SCHEDARIO_CARDS_H

#include <glib.h>

#include "../indexer/archive.h"

/* Some text that many documents share, by its number in a Names. */
typedef gint32 NameIndex; /* -1: none */

typedef struct {
    gint64 row; /* 0: no such document */
    char id[ARCHIVE_ID_LENGTH + 1];
    DocumentState state;
    guint8 languages; /* bit 1 << Language for each that it is in */
    guint8 kind;
    gint16 year; /* 0: not known */
    NameIndex body;
    NameIndex collection;
    guint word_count;
    guint page_count;
    gint64 indexed_unix;
    char *title_key; /* sorts as titles do, whatever the case, accents, punctuation and the
                      * program's locale; owned */
} Card;

typedef struct Cards Cards;

Cards *cards_new(void);
void cards_free(Cards *cards);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cards, cards_free)

/* Takes up what changed in the archive. Within the reader's transaction. */
gboolean cards_refresh(Cards *cards, Archive *archive, GError **error);

/* The card of a row, or NULL when there is no such document. Borrowed until the next refresh. */
const Card *cards_find(const Cards *cards, gint64 row);
/* All cards: Card by row number (card.row is 0 where there is none). */
const GArray *cards_all(const Cards *cards);
/* Searchable documents, and their words on average (at least 1). */
guint cards_document_count(const Cards *cards);
double cards_average_words(const Cards *cards);

/* Bodies and collections by number. -1 / NULL when there is none. */
NameIndex cards_body_index(const Cards *cards, const char *body);
const char *cards_body(const Cards *cards, NameIndex index);
guint cards_body_count(const Cards *cards);
NameIndex cards_collection_index(const Cards *cards, const char *collection);
const char *cards_collection(const Cards *cards, NameIndex index);
guint cards_collection_count(const Cards *cards);
/* The folder that holds a collection's folder; -1 at the top. */
NameIndex cards_collection_parent(const Cards *cards, NameIndex index);

#endif
