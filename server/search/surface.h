/* Surface: how the archive writes a word.
 *
 * Index terms are folded: "universita" is what the index has, "università" what a reader wants to
 * see. So a word's spelling is taken from places where it stands in the text: the one met most
 * often, in small letters unless it hardly ever begins with one (names, acronyms). What is read is
 * bounded, however common the word is. */
#ifndef SCHEDARIO_SURFACE_H
#define SCHEDARIO_SURFACE_H

#include <glib.h>

#include "../../indexer/archive.h"
#include "../postings/postings.h"

enum {
    SURFACE_DOCUMENTS = 4, /* looked at, all over those that hold the word */
    SURFACE_PLACES = 8,    /* in each, all on the first page that has it */
    SURFACE_SMALL = 4,     /* one place in so many with a small letter is not enough */
};

/* A word as it is written. */
typedef struct {
    char *text;        /* owned */
    Language language; /* of most places; LANGUAGE_OTHER for one that stands in titles alone */
} Surface;

void surface_release(Surface *surface);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Surface, surface_release)

/* The spelling of `word` (an exact index term, folded); the word itself where no document shows it.
 * Within the state of the archive that both have begun. FALSE and `error` (ARCHIVE_ERROR) on
 * failure, `ret_surface` being as it was. */
gboolean surface_find(Archive *archive, Postings *postings, const char *word, Surface *ret_surface,
                      GError **error);

#endif
