/* Passage: the sentence or two of a page that show why it answers, as segments, each marked or not.
 */
#ifndef SCHEDARIO_PASSAGE_H
#define SCHEDARIO_PASSAGE_H

#include <glib.h>

#include "marking.h"

/* A piece of a passage. Text is clean UTF-8 on one line; never a string with tags in it. */
typedef struct {
    char *text; /* owned */
    gboolean match;
} PassageSegment;

typedef struct {
    GArray *segments;  /* PassageSegment */
    Language language; /* of the run that the passage stands in */
} Passage;

void passage_free(Passage *passage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Passage, passage_free)

/* How long a passage should be, in characters; it may be longer by a sentence's end. */
enum { PASSAGE_CHARACTERS = 260 };

/* The best passage of a page's marked text for the matches found in it (marker_find). `weights`:
 * what each concept counts (double by concept); a stretch that holds more different concepts is
 * better. Without a match, the page's beginning. Never NULL. Thread-safe. */
Passage *passage_choose(const char *text, gsize length, const GArray *spans, const double *weights);

/* A whole page as lines of segments, for reading with the matches marked: the text between `start`
 * and `start + length` bytes. Line ends stay. */
GArray *passage_segments(const char *text, gsize start, gsize length, const GArray *spans,
                         gboolean keep_lines);

#endif
