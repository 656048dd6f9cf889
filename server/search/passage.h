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
    Language language; /* that most of the passage is in */
    gsize start;       /* where it stands in the text it was chosen from: bytes */
    gsize end;
} Passage;

void passage_free(Passage *passage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Passage, passage_free)

/* How long a passage should be, in bytes: as many characters, nearly, in Latin script. It may be
 * longer by the beginning or the end of a sentence, or so that a match is shown whole. */
enum { PASSAGE_BYTES = 260 };

/* The best passage of a page's marked text for the matches found in it (marker_find; in order, not
 * overlapping). `weights`: what each concept counts (double by concept); a stretch that holds more
 * different concepts is better. Without a match, the page's beginning. No word is cut but one of
 * several thousand bytes. Never NULL, without segments for a text that shows nothing. Thread-safe.
 */
Passage *passage_choose(const char *text, gsize length, const GArray *spans, const double *weights);

/* The text between `start` and `start + length` bytes as segments, what lies of a match between
 * them marked. With `keep_lines`, for reading a whole page, line ends stay; else white space is one
 * space. */
GArray *passage_segments(const char *text, gsize start, gsize length, const GArray *spans,
                         gboolean keep_lines);

#endif
