/* Cards: the catalogue of all documents in memory, for filtering, counting and sorting without a
 * look at the archive for each row that matches.
 *
 * Kept in step by the archive's revisions: refreshing costs what changed. One a thread. */
#ifndef SCHEDARIO_CARDS_H
#define SCHEDARIO_CARDS_H

#include <glib.h>

#include "../../indexer/archive.h"

/* Some text that many documents share, by its number in a Names. */
typedef gint32 NameIndex; /* -1: none */

/* What a document is about. */
typedef enum { TOPIC_THEME = 0, TOPIC_AREA, TOPIC_KINDS } TopicKind;

typedef struct {
    gint64 row; /* 0: no such document */
    char id[ARCHIVE_ID_LENGTH + 1];
    DocumentState state;
    guint8 languages; /* bit 1 << Language for each that it is in */
    guint8 kind;
    gint16 year; /* 0: not known */
    NameIndex body;
    NameIndex collection;
    guint topics[TOPIC_KINDS]; /* the number of the set of those that it is about */
    guint word_count;
    guint page_count;
    gint64 indexed_unix;
    char *title_key;         /* the title folded (words_fold), "" when it is gone; owned */
    const char *title_order; /* what of it counts in an alphabetical list; within title_key */
    guint8 letter;           /* that it stands under there (title_order.h) */
} Card;

typedef struct Cards Cards;

Cards *cards_new(void);
void cards_free(Cards *cards);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cards, cards_free)

/* Takes up what changed in the archive. Within the reader's transaction. */
gboolean cards_refresh(Cards *cards, Archive *archive, GError **error);

/* The archive's revision that they are of: it grows with every change of a document. */
gint64 cards_revision(const Cards *cards);

/* The card of a row, or NULL when there is no such document. Borrowed until the next refresh. */
const Card *cards_find(const Cards *cards, gint64 row);
/* All cards: Card by row number (card.row is 0 where there is none). */
const GArray *cards_all(const Cards *cards);
/* Searchable documents, and their words on average (at least 1). */
guint cards_document_count(const Cards *cards);
double cards_average_words(const Cards *cards);
/* By row: what the document's length does to its frequencies (rank_norm). Borrowed until the next
 * refresh. */
const float *cards_norms(const Cards *cards);
/* The rows of documents that could not be read: gint64. Borrowed until the next refresh. */
const GArray *cards_failed(const Cards *cards);

/* Themes (or areas) that are told apart; more than the thesaurus has. Documents are not filtered
 * and counted by those that come after so many. */
enum { CARDS_TOPICS = 64 };

/* Many documents are about the same topics: each different set of them has a number, from 0, so
 * that counting takes one step a document. A set is a bit 1 << number of each of its topics. */
guint cards_topic_set_count(const Cards *cards, TopicKind kind);
guint64 cards_topic_set(const Cards *cards, TopicKind kind, guint number);

/* Topics, bodies and collections by number. -1 / NULL when there is none. A topic's name is its id
 * in the thesaurus. */
NameIndex cards_topic_index(const Cards *cards, TopicKind kind, const char *id);
const char *cards_topic(const Cards *cards, TopicKind kind, NameIndex index);
guint cards_topic_count(const Cards *cards, TopicKind kind);
NameIndex cards_body_index(const Cards *cards, const char *body);
const char *cards_body(const Cards *cards, NameIndex index);
guint cards_body_count(const Cards *cards);
NameIndex cards_collection_index(const Cards *cards, const char *collection);
const char *cards_collection(const Cards *cards, NameIndex index);
guint cards_collection_count(const Cards *cards);
/* The folder that holds a collection's folder; -1 at the top. */
NameIndex cards_collection_parent(const Cards *cards, NameIndex index);

#endif
