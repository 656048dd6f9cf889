/* Thesaurus: the vocabulary of the field in Italian and English, and what a document is about.
 *
 * The thesaurus is a table written by people, thesaurus.tsv, whose head describes its columns; it
 * is built into the programs. A concept has terms in both languages, which all mean the same; it
 * may stand below a broader concept; and its terms may be evidence for topics: the themes and areas
 * of the archive. A document is about a topic when its text uses that topic's terms often enough,
 * and more than one of them, or when its title does. Which terms, and how often, is given with the
 * answer, so that a reader can see why.
 *
 * How terms are found in a text is matcher.h's; how they are found in a question, and what is made
 * of them there, is the server's. */
#ifndef SCHEDARIO_THESAURUS_H
#define SCHEDARIO_THESAURUS_H

#include <glib.h>

#include "language.h"

/* Limits of a thesaurus: it is read at start, and terms are kept in memory. */
enum {
    THESAURUS_FILE_BYTES = 8 * 1024 * 1024,
};

typedef struct Thesaurus Thesaurus;

#define THESAURUS_ERROR (thesaurus_error_quark())
GQuark thesaurus_error_quark(void);
typedef enum {
    THESAURUS_ERROR_SYNTAX,    /* not UTF-8, too large, no concepts, a wrong number of columns */
    THESAURUS_ERROR_VALUE,     /* a column that cannot be */
    THESAURUS_ERROR_REFERENCE, /* broader names no other concept or makes a circle; belongs names no
                                * topic */
} ThesaurusError;

/* Reads a thesaurus from the text of a table. Owned by the caller. NULL and `error`
 * (THESAURUS_ERROR; the message names the line, counted from 1, and the column) at the first
 * mistake. */
Thesaurus *thesaurus_new(const char *tsv, gsize length, GError **error);
/* The thesaurus that is built into the program. Errors as above. */
Thesaurus *thesaurus_new_builtin(GError **error);
void thesaurus_free(Thesaurus *thesaurus);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Thesaurus, thesaurus_free)

/* Concepts of the thesaurus, topics among them, in the order of the table; `at` counts from 0. A
 * thesaurus is only read after it was made: all functions below may be called from any thread. What
 * they return is borrowed from the thesaurus. */
guint thesaurus_count(const Thesaurus *thesaurus);
const char *thesaurus_id(const Thesaurus *thesaurus, guint at);
/* The number of the concept with this id. FALSE, and ret_at as it was, when there is none. */
gboolean thesaurus_find(const Thesaurus *thesaurus, const char *id, guint *ret_at);

/* Terms of a concept in a language, as the table writes them, the preferred one first; without
 * those that are only evidence. There are none in LANGUAGE_OTHER; in one of the two there may be
 * none. */
guint thesaurus_term_count(const Thesaurus *thesaurus, guint at, Language language);
const char *thesaurus_term(const Thesaurus *thesaurus, guint at, Language language, guint i);
/* The preferred term of concept `id`, or NULL when there is no such concept or term. */
const char *thesaurus_label(const Thesaurus *thesaurus, const char *id, Language language);

/* The id of the concept above, or NULL. Going on from there always comes to an end. */
const char *thesaurus_broader(const Thesaurus *thesaurus, guint at);
/* Whether the concept is a theme or an area, and which; ret_is_area may be NULL. */
gboolean thesaurus_is_topic(const Thesaurus *thesaurus, guint at, gboolean *ret_is_area);

/* A term that was found. */
typedef struct {
    const char *term; /* as the table writes it; borrowed from the thesaurus */
    guint count;      /* in title and text */
    gboolean in_title;
} TopicTerm;

/* A theme or an area that a document is about. */
typedef struct {
    const char *id;   /* "migration"; borrowed from the thesaurus */
    gboolean is_area; /* else a theme */
    double score;     /* occurrences in a thousand words, more when the title has a term; only for
                       * comparing topics of a document, or documents of a topic */
    GArray *terms;    /* TopicTerm, the most frequent first; owned by the topic */
} Topic;

/* The topics of a document, the surest first: an array of Topic *, which owns them and must not
 * outlive the thesaurus (g_ptr_array_unref). `text` is clean text of all pages, `title` may be
 * NULL; any bytes do no harm. What is part of a longer term of the table says nothing by itself
 * ("resilienza" in "piano nazionale di ripresa e resilienza"); where terms of one topic overlap,
 * the longest counts. Empty when there is no sufficient evidence. Never fails. */
GPtrArray *thesaurus_topics(const Thesaurus *thesaurus, const char *title, const char *text,
                            gsize length);

#endif
