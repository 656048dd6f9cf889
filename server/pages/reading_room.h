/* Reading room: a page of a document as a reader has it before them: which page, which match on it,
 * seen as the page's image, its text or both, and how large.
 *
 * All of it stands in the address, so that every state can be bookmarked, sent and gone back to:
 * /documents/ID/pages/N with view, zoom and hit beside the question and the way back. */
#ifndef SCHEDARIO_READING_ROOM_H
#define SCHEDARIO_READING_ROOM_H

#include "page_document.h"

typedef enum { VIEW_IMAGE, VIEW_BOTH, VIEW_TEXT, VIEW_COUNT } ReadingView;

/* How large an image is shown. */
typedef struct {
    const char *name; /* in the address; "": the width of its place, which an address leaves out */
    guint width;      /* of the image to ask for, pixels */
} ReadingZoom;

typedef struct {
    PageDocument document;
    guint number;        /* of the page, from 1 */
    guint count;         /* pages of the document */
    gboolean has_images; /* of its pages; without, the text is shown */
    ReadingView view;
    guint zoom;    /* in reading_zooms */
    guint matches; /* of the question on this page */
    guint hit;     /* the one the reader is at, from 1; 0: none */
} ReadingRoom;
void reading_room_release(ReadingRoom *room);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReadingRoom, reading_room_release)

/* From small to large; the last one has a NULL name. */
extern const ReadingZoom reading_zooms[];

/* Reads view and zoom from the address. Values it cannot have are taken as not said. */
void reading_room_enter(ReadingRoom *room);
/* Sets `matches`, and `hit` from the address: "hit=3", "hit=last"; the first where it is not said.
 */
void reading_room_set_matches(ReadingRoom *room, guint matches);

/* To page `number` of the same document, seen the same way; `hit` (NULL: none) is the match to go
 * to, "" for the first. Owned by the caller. */
char *reading_link(const ReadingRoom *room, guint number, const char *hit);
/* To this page and match, seen otherwise. Owned by the caller. */
char *reading_view_link(const ReadingRoom *room, ReadingView view, guint zoom);

/* Sets "views", "zooms" and "kept_pairs" (what a form within the reading room hands on). */
void reading_room_set(const ReadingRoom *room);

/* Sets "steps": the way to the pages and the matches before and after, and "hit_pages": those that
 * answer, around this one, with their counts. */
void reading_steps_set(const ReadingRoom *room);

/* Sets "sheet": the page's image and the boxes of its matches on it, "strip": small images of the
 * pages around it. `spans` (MarkedSpan) are the matches in `marked`. Where the page cannot be
 * drawn, "sheet_failed" says so and "is_text" is set. Waits for a reader process. */
void reading_sheet_set(ReadingRoom *room, const GString *marked, const GArray *spans);

#endif
