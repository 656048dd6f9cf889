/* See facsimile.h. */
#include "facsimile.h"

#include <string.h>
#include <unistd.h>

#include "../images/boxes.h"
#include "../images/originals.h"
#include "../images/page_cache.h"
#include "../images/rendering.h"
#include "../limits.h"
#include "result.h"

G_DEFINE_QUARK(schedario - facsimile - error, facsimile_error)

struct Facsimile {
    int corpus;
    Rendering *rendering; /* NULL: no reader program */
    PageCache *cache;
};

/* Failures that another try would only repeat. */
static gboolean lasts(const GError *error)
{
    return g_error_matches(error, FACSIMILE_ERROR, FACSIMILE_ERROR_PAGE) ||
           g_error_matches(error, FACSIMILE_ERROR, FACSIMILE_ERROR_NO_PAGE);
}

Facsimile *facsimile_new(int corpus, const FacsimileReader *reader, GError **error)
{
    const RenderingLimits limits = {.readers = reader->readers,
                                    .allow_unsandboxed = reader->allow_unsandboxed};
    g_autoptr(Facsimile) facsimile = g_new0(Facsimile, 1);
    facsimile->corpus = corpus;
    facsimile->cache = page_cache_new((gsize)reader->cache_mib << 20, lasts);
    if (reader->path) {
        facsimile->rendering = rendering_new(reader->path, &limits, error);
        if (!facsimile->rendering)
            return NULL;
    }
    return g_steal_pointer(&facsimile);
}

guint facsimile_probe(const Facsimile *facsimile)
{
    return facsimile->rendering ? rendering_probe(facsimile->rendering) : 0;
}

gboolean facsimile_stats(const Facsimile *facsimile, PageCacheStats *ret_cache,
                         RenderingStats *ret_rendering)
{
    *ret_rendering = (RenderingStats){0};
    page_cache_stats(facsimile->cache, ret_cache);
    if (facsimile->rendering)
        rendering_stats(facsimile->rendering, ret_rendering);
    return facsimile->rendering != NULL;
}

void facsimile_watch(Facsimile *facsimile, void (*lost)(gpointer data), gpointer data)
{
    if (facsimile->rendering)
        rendering_watch(facsimile->rendering, lost, data);
}

void facsimile_free(Facsimile *facsimile)
{
    if (!facsimile)
        return;
    rendering_free(facsimile->rendering);
    page_cache_free(facsimile->cache);
    g_free(facsimile);
}

/* A PDF with something before its header is not known as one by its media type. */
static gboolean is_pdf(const ArchiveDocument *document)
{
    static const char *const TYPES[] = {"application/pdf", "application/octet-stream"};
    for (gsize i = 0; document->media_type && i < G_N_ELEMENTS(TYPES); i++)
        if (strcmp(document->media_type, TYPES[i]) == 0)
            return TRUE;
    return FALSE;
}

gboolean facsimile_is_possible(const Facsimile *facsimile, const ArchiveDocument *document)
{
    return facsimile && facsimile->rendering && facsimile->corpus >= 0 && is_pdf(document);
}

/* ---- making ---- */

/* What one page is to be made into. */
typedef struct {
    const Facsimile *facsimile;
    const FacsimilePage *page;
    guint width; /* 0: its glyphs */
    const GArray *boxes;
} Order;

static gboolean set_fault(GError **error, FacsimileError code, const char *message)
{
    g_set_error_literal(error, FACSIMILE_ERROR, (gint)code, message);
    return FALSE;
}

static gboolean check_document(const Facsimile *facsimile, const ArchiveDocument *document,
                               GError **error)
{
    if (!is_pdf(document))
        return set_fault(error, FACSIMILE_ERROR_NONE, "this document has no page images");
    if (facsimile->corpus < 0)
        return set_fault(error, FACSIMILE_ERROR_MISSING, "originals are not given out here");
    if (!facsimile->rendering)
        return set_fault(error, FACSIMILE_ERROR_NO_READER, "there is no program that draws pages");
    return TRUE;
}

/* The same failure in this module's words. */
static void propagate(GError **error, GError *fault)
{
    static const FacsimileError CODES[] = {
        [RENDERING_ERROR_BUSY] = FACSIMILE_ERROR_BUSY,
        [RENDERING_ERROR_NO_READER] = FACSIMILE_ERROR_NO_READER,
        [RENDERING_ERROR_NO_PAGE] = FACSIMILE_ERROR_NO_PAGE,
        [RENDERING_ERROR_FILE] = FACSIMILE_ERROR_PAGE,
        [RENDERING_ERROR_PAGE] = FACSIMILE_ERROR_PAGE,
    };
    g_assert(fault->domain == RENDERING_ERROR && (guint)fault->code < G_N_ELEMENTS(CODES));
    set_fault(error, CODES[fault->code], fault->message);
    g_error_free(fault);
}

static GBytes *make(gpointer data, GError **error)
{
    const Order *order = data;
    const FacsimilePage *page = order->page;
    Rendering *rendering = order->facsimile->rendering;
    GError *fault = NULL;
    int fd = originals_open(order->facsimile->corpus, page->document, page->paths, NULL);
    if (fd < 0) {
        set_fault(error, FACSIMILE_ERROR_MISSING, "the original is not there at the moment");
        return NULL;
    }
    GBytes *made = order->width > 0 ? rendering_image(rendering, fd, page->page - 1, order->width,
                                                      order->boxes, &fault)
                                    : rendering_glyphs(rendering, fd, page->page - 1, &fault);
    close(fd);
    if (!made)
        propagate(error, fault);
    return made;
}

/* Two lists of boxes at the same places make the same image. */
static char *boxes_key(const GArray *boxes)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    if (!boxes || boxes->len == 0)
        return g_strdup("");
    for (guint i = 0; i < boxes->len; i++) {
        const PageBox *box = &g_array_index(boxes, PageBox, i);
        const double place[] = {box->left, box->top, box->width, box->height};
        g_checksum_update(checksum, (const guchar *)place, sizeof place);
    }
    return g_strdup(g_checksum_get_string(checksum));
}

static GBytes *get(Facsimile *facsimile, Order *order, GError **error)
{
    const FacsimilePage *page = order->page;
    if (!check_document(facsimile, page->document, error))
        return NULL;
    if (page->page == 0 || page->page > page->document->page_count) {
        set_fault(error, FACSIMILE_ERROR_NO_PAGE, "the document has no such page");
        return NULL;
    }
    g_autofree char *boxes = boxes_key(order->boxes);
    g_autofree char *key =
        g_strdup_printf("%s/%u/%u/%s", page->document->id, page->page, order->width, boxes);
    return page_cache_get(facsimile->cache, key, make, order, error);
}

GBytes *facsimile_image(Facsimile *facsimile, const FacsimilePage *page, guint width,
                        const GArray *boxes, GError **error)
{
    Order order = {facsimile, page, width, boxes};
    return get(facsimile, &order, error);
}

GArray *facsimile_boxes(Facsimile *facsimile, const FacsimilePage *page, const GString *marked,
                        const GArray *spans, double *ret_width, double *ret_height, GError **error)
{
    Order order = {facsimile, page, 0, NULL};
    PageGlyphs glyphs;
    g_autoptr(GBytes) bytes = get(facsimile, &order, error);
    if (!bytes)
        return NULL;
    gsize length = 0;
    const guint8 *payload = g_bytes_get_data(bytes, &length);
    gboolean is_sound = page_glyphs_read(payload, length, &glyphs);
    g_assert(is_sound); /* it was checked when it came */
    if (ret_width)
        *ret_width = glyphs.width;
    if (ret_height)
        *ret_height = glyphs.height;
    return boxes_find(&glyphs, marked->str, marked->len, spans);
}

/* ---- as JSON ---- */

/* The words of a match on one line, without the marks of languages. */
static json_t *match_text(const GString *marked, const MarkedSpan *span)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (gsize i = span->start; i < span->start + span->length; i++) {
        char byte = marked->str[i];
        if (byte == '\n' || byte == '\f')
            byte = ' ';
        if ((guint8)byte >= ' ')
            g_string_append_c(text, byte);
    }
    return result_text(text->str);
}

/* Hundredths of a point are all that is known. */
static json_t *points(double value)
{
    return json_real((double)(gint64)(value * 100 + 0.5) / 100);
}

static json_t *box_value(const PageBox *box, const GString *marked, const GArray *spans)
{
    json_t *object = json_object();
    json_object_set_new(object, "match", json_integer(box->match));
    json_object_set_new(object, "text",
                        match_text(marked, &g_array_index(spans, MarkedSpan, box->match)));
    json_object_set_new(object, "x", points(box->left));
    json_object_set_new(object, "y", points(box->top));
    json_object_set_new(object, "width", points(box->width));
    json_object_set_new(object, "height", points(box->height));
    return object;
}

json_t *facsimile_value(Facsimile *facsimile, const FacsimilePage *page, const GString *marked,
                        const GArray *spans, GError **error)
{
    double width = 0, height = 0;
    g_autoptr(GArray) boxes =
        facsimile_boxes(facsimile, page, marked, spans, &width, &height, error);
    if (!boxes)
        return NULL;
    json_t *object = json_object(), *list = json_array();
    for (guint i = 0; i < boxes->len; i++)
        json_array_append_new(list, box_value(&g_array_index(boxes, PageBox, i), marked, spans));
    json_object_set_new(object, "document", json_string(page->document->id));
    json_object_set_new(object, "page", json_integer(page->page));
    json_object_set_new(object, "width", points(width));
    json_object_set_new(object, "height", points(height));
    json_object_set_new(object, "matches", json_integer(spans->len));
    json_object_set_new(object, "boxes", list);
    return object;
}

json_t *facsimile_boxes_value(Facsimile *facsimile, const FacsimilePage *page,
                              const GString *marked, const Marker *marker, Analyser *analyser,
                              GError **error)
{
    g_autoptr(GArray) spans = marker ? marker_find(marker, analyser, marked->str, marked->len)
                                     : g_array_new(FALSE, FALSE, sizeof(MarkedSpan));
    return facsimile_value(facsimile, page, marked, spans, error);
}
