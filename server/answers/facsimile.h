/* Facsimile: pages as they look, and where on them the words of a question stand.
 *
 * What the routes call. The original is opened below the corpus and handed to a reader process
 * (rendering.h); what comes back is kept in a bounded memory (page_cache.h), and what two
 * requests want at once is made once. A document's content never changes under its id, so nothing
 * kept is ever out of date. */
#ifndef SCHEDARIO_FACSIMILE_H
#define SCHEDARIO_FACSIMILE_H

#include <glib.h>
#include <jansson.h>

#include "../../indexer/archive.h"
#include "../images/page_cache.h"
#include "../images/rendering.h"
#include "../search/marking.h"

#define FACSIMILE_ERROR (facsimile_error_quark())
GQuark facsimile_error_quark(void);
/* The messages are English sentences for developers, without any part of a request. */
typedef enum {
    FACSIMILE_ERROR_NONE,      /* this document has no page images: it is no PDF */
    FACSIMILE_ERROR_MISSING,   /* the original is not there, or changed, or none are given out */
    FACSIMILE_ERROR_NO_PAGE,   /* the file has no such page */
    FACSIMILE_ERROR_BUSY,      /* all readers have work for longer than a client should wait */
    FACSIMILE_ERROR_NO_READER, /* there is no reader program, or it cannot be started */
    FACSIMILE_ERROR_PAGE, /* the page cannot be drawn: damaged, too costly, or it broke the reader
                           */
} FacsimileError;

typedef struct Facsimile Facsimile;

/* The program that draws. */
typedef struct {
    const char *path;           /* schedario-reader; NULL: none, then nothing can be drawn */
    guint readers;              /* processes; 0: one a core */
    guint cache_mib;            /* for images and texts in all */
    gboolean allow_unsandboxed; /* draw even where readers cannot give up all their rights */
} FacsimileReader;

/* `corpus`: descriptor of the folder of originals (borrowed; -1: none are given out). NULL and
 * `error` (G_FILE_ERROR) when the program cannot be executed. Processes are started when first
 * needed. */
Facsimile *facsimile_new(int corpus, const FacsimileReader *reader, GError **error);
/* What protections readers lack here, see rendering_probe(); 0 without a reader program. */
guint facsimile_probe(const Facsimile *facsimile);
/* See rendering_watch(). */
void facsimile_watch(Facsimile *facsimile, void (*lost)(gpointer data), gpointer data);
/* What is kept, and what the readers did: all 0 without a reader program, and then FALSE. Any
 * thread. */
gboolean facsimile_stats(const Facsimile *facsimile, PageCacheStats *ret_cache,
                         RenderingStats *ret_rendering);
void facsimile_free(Facsimile *facsimile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Facsimile, facsimile_free)

/* Whether a document can have page images at all. Cheap: nothing is opened. */
gboolean facsimile_is_possible(const Facsimile *facsimile, const ArchiveDocument *document);

/* Which page of which document. All borrowed. */
typedef struct {
    const ArchiveDocument *document;
    const GPtrArray *paths; /* char *: where its original may stand, below the corpus */
    guint page;             /* from 1 */
} FacsimilePage;

/* A page as a PNG, `width` pixels wide or, where that would be too large, less. `boxes` (PageBox,
 * boxes.h; NULL: none) are drawn over it. A new reference; NULL and `error` (FACSIMILE_ERROR).
 * Waits for a reader; any thread. */
GBytes *facsimile_image(Facsimile *facsimile, const FacsimilePage *page, guint width,
                        const GArray *boxes, GError **error);

/* The matches of `spans` (MarkedSpan) in the page's marked text as boxes: GArray of PageBox, owned
 * by the caller, and the page's size in points (NULL: not wanted). NULL and `error`
 * (FACSIMILE_ERROR). Waits for a reader; any thread. */
GArray *facsimile_boxes(Facsimile *facsimile, const FacsimilePage *page, const GString *marked,
                        const GArray *spans, double *ret_width, double *ret_height, GError **error);

/* The same as the API's value: {"document", "page", "width", "height", "matches", "boxes":
 * [{"match", "text", "x", "y", "width", "height"}]}, in points from the upper left corner of the
 * page as it is shown. `match` counts the matches of the page's text from 0, as result_page() marks
 * them. A word over two lines has two boxes; a match that is not to be seen on the page has none. A
 * new reference; NULL and `error`. */
json_t *facsimile_value(Facsimile *facsimile, const FacsimilePage *page, const GString *marked,
                        const GArray *spans, GError **error);
/* The same for the matches of `marker` (NULL: none), found with `analyser` in this thread. */
json_t *facsimile_boxes_value(Facsimile *facsimile, const FacsimilePage *page,
                              const GString *marked, const Marker *marker, Analyser *analyser,
                              GError **error);

#endif
