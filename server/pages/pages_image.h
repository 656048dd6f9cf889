/* Page images: GET /documents/{id}/pages/{n}.png and the boxes of matches on it. Errors of both are
 * problem details: nobody reads a page in the place of a picture. The context is a Service. */
#ifndef SCHEDARIO_PAGES_IMAGE_H
#define SCHEDARIO_PAGES_IMAGE_H

#include "../http/http.h"

/* The page as a PNG, `width` pixels wide; with a question `q`, with a box over each match. Without
 * one the answer never changes and may be kept for good. */
HttpResponse *pages_image(const HttpRequest *request, gpointer service);

/* GET /api/v1/documents/{id}/pages/{n}/boxes: where the matches of `q` stand on the page. */
HttpResponse *api_boxes(const HttpRequest *request, gpointer service);

#endif
