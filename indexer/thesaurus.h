/* Thesaurus: the vocabulary of the field in Italian and English, and what a document is about.
 *
 * The thesaurus is a table written by people, thesaurus.tsv, whose head describes its columns; it
 * is built into the programs. A concept has terms in both languages and belongs to topics: the
 * themes and areas of the archive. A document is about a topic when its text uses that topic's
 * terms often enough, and more than one of them, or when its title does. Which terms, and how
 * often, is given with the answer, so that a reader can see why.
 *
 * Terms are matched as whole words, folded as in words.h; a term of several words may cross a
 * line's or a page's end but no punctuation and no paragraph's end. */
#ifndef SCHEDARIO_THESAURUS_H
#define SCHEDARIO_THESAURUS_H

#include <glib.h>

/* Limits of a thesaurus: it is read at start, and terms are kept in memory. */
enum {
    THESAURUS_FILE_BYTES = 8 * 1024 * 1024,
    THESAURUS_TERM_WORDS = 8,
    THESAURUS_OPEN_LETTERS = 3, /* least letters before an asterisk */
};

typedef struct Thesaurus Thesaurus;

#define THESAURUS_ERROR (thesaurus_error_quark())
GQuark thesaurus_error_quark(void);
typedef enum {
    THESAURUS_ERROR_SYNTAX,    /* not UTF-8, too large, no head line, a wrong number of columns */
    THESAURUS_ERROR_VALUE,     /* a column that cannot be; the message names line and column */
    THESAURUS_ERROR_REFERENCE, /* broader or belongs names no concept, or no topic */
} ThesaurusError;

/* Reads a thesaurus from the text of a table. Owned by the caller. NULL and `error`
 * (THESAURUS_ERROR; the message names the line, counted from 1) at the first mistake. */
Thesaurus *thesaurus_new(const char *tsv, gsize length, GError **error);
/* The thesaurus that is built into the program. Errors as above. */
Thesaurus *thesaurus_new_builtin(GError **error);
void thesaurus_free(Thesaurus *thesaurus);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Thesaurus, thesaurus_free)

/* Concepts of the thesaurus, topics among them, in the order of the table. A thesaurus is only read
 * after it was made: all functions below may be called from any thread. */
guint thesaurus_count(const Thesaurus *thesaurus);
/* Id of concept `at`. Borrowed from the thesaurus. */
const char *thesaurus_id(const Thesaurus *thesaurus, guint at);
/* The preferred term of concept `id` in `language` ("it", "en"), or NULL. Borrowed. */
const char *thesaurus_label(const Thesaurus *thesaurus, const char *id, const char *language);

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
 * NULL; any bytes do no harm. Empty when there is no sufficient evidence. Never fails. */
GPtrArray *thesaurus_topics(const Thesaurus *thesaurus, const char *title, const char *text,
                            gsize length);

#endif
