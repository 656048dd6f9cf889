/* Rendering: pages of PDFs become images and places of characters in a few reader processes.
 *
 * Nothing that parses a foreign file runs in the server: a reader gets one open descriptor and a
 * few numbers, and sends back one frame (indexer/reader/protocol.h), every length and number of
 * which is checked here. One that crashes, hangs, grows too large or talks nonsense is ended, and
 * replaced for the next page. Each reader has a thread of its own that feeds it; callers of any
 * thread wait. A reader keeps the last document open, and gets its other pages when it can. */
#ifndef SCHEDARIO_RENDERING_H
#define SCHEDARIO_RENDERING_H

#include <glib.h>

#define RENDERING_ERROR (rendering_error_quark())
GQuark rendering_error_quark(void);
/* The messages are English sentences for developers. */
typedef enum {
    RENDERING_ERROR_BUSY,      /* no reader was free in time */
    RENDERING_ERROR_NO_READER, /* the program cannot be started */
    RENDERING_ERROR_NO_PAGE,   /* the file has no such page */
    RENDERING_ERROR_FILE,      /* no PDF that can be opened: damaged, or it needs a password */
    RENDERING_ERROR_PAGE,      /* this page cannot be drawn: damaged, or beyond a limit */
} RenderingError;

/* Limits; 0 takes the default (limits.h). */
typedef struct {
    guint readers;              /* processes; default: one a core */
    guint page_ms;              /* for one page */
    guint wait_ms;              /* for a free reader */
    guint memory_mib;           /* address space of a reader */
    guint idle_ms;              /* after which a reader without work is ended */
    gboolean allow_unsandboxed; /* draw on even where readers cannot give up all their rights */
} RenderingLimits;

typedef struct Rendering Rendering;

/* Readers of the program at `reader_path`, started when first needed by a steward (steward.h),
 * which is started here. No thread is: those begin with the first page. `limits` may be NULL. NULL
 * and `error` (G_FILE_ERROR) when it cannot be executed. */
Rendering *rendering_new(const char *reader_path, const RenderingLimits *limits, GError **error);
/* What protections readers lack here, see reader_process_probe(). */
guint rendering_probe(const Rendering *rendering);
/* What became of readers and pages so far. */
typedef struct {
    guint started;  /* readers */
    guint running;  /* of them, now */
    guint pages;    /* that were asked of readers: images, and places of characters */
    guint failed;   /* of them, whatever the reason, those that follow included */
    guint crashed;  /* the reader ended in the middle */
    guint timeouts; /* it took longer than a page may, and was ended */
    guint nonsense; /* its answer was none */
    guint busy;     /* no reader was free in time */
    guint waiting;  /* now, for a reader */
} RenderingStats;
/* Any thread. */
void rendering_stats(Rendering *rendering, RenderingStats *ret_stats);
/* Calls `lost` when the steward has ended before its time: nothing can be drawn any more. */
void rendering_watch(Rendering *rendering, void (*lost)(gpointer data), gpointer data);
/* Ends all readers. No call may be under way. NULL is allowed. */
void rendering_free(Rendering *rendering);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rendering, rendering_free)

/* Page `page` (from 0) of the open file `fd` (borrowed) as a PNG, `width` pixels wide
 * (READER_WIDTH_LEAST to READER_WIDTH_MOST) or less where it would be too large. `boxes` (PageBox,
 * boxes.h; NULL: none; beyond READER_BOXES left out) are drawn over it. A new reference; NULL and
 * `error` (RENDERING_ERROR). Any thread. */
GBytes *rendering_image(Rendering *rendering, int fd, guint page, guint width, const GArray *boxes,
                        GError **error);

/* The characters of a page and their places: bytes that page_glyphs_read() takes. Else the same. */
GBytes *rendering_glyphs(Rendering *rendering, int fd, guint page, GError **error);

#endif
