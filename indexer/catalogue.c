/* Catalogue: see catalogue.h.
 *
 * Sidecar first, value by value; for what it leaves out, each part has its own file
 * (catalogue_parts.h). The order matters only in that the other parts look at the title. */
#include "catalogue.h"

#include <string.h>

#include "catalogue_parts.h"

static const char *const SOURCE_NAMES[] = {"none", "sidecar", "metadata", "heading",
                                           "text", "title",   "path",     "name"};
G_STATIC_ASSERT(G_N_ELEMENTS(SOURCE_NAMES) == SOURCE_COUNT);

const char *source_name(Source source)
{
    return (guint)source < SOURCE_COUNT ? SOURCE_NAMES[source] : SOURCE_NAMES[SOURCE_NONE];
}

/* The folder of a path. Owned by the caller. */
static char *collection_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? g_strndup(path, (gsize)(slash - path)) : g_strdup("");
}

static void take_sidecar(Catalogue *catalogue, const Sidecar *sidecar)
{
    if (sidecar->title != NULL) {
        catalogue->title = catalogue_title_tidy(sidecar->title, strlen(sidecar->title));
        catalogue->title_source = SOURCE_SIDECAR;
    }
    if (sidecar->year != 0) {
        catalogue->year = sidecar->year;
        catalogue->year_source = SOURCE_SIDECAR;
    }
    if (sidecar->has_kind) {
        catalogue->kind = sidecar->kind;
        catalogue->kind_source = SOURCE_SIDECAR;
    }
    if (sidecar->body != NULL) {
        catalogue->body = g_strdup(sidecar->body);
        catalogue->body_source = SOURCE_SIDECAR;
    }
    catalogue->collection = g_strdup(sidecar->collection);
}

/* One body is one facet value, whichever apostrophe its documents print. */
static char *with_plain_apostrophes(char *name)
{
    if (name == NULL)
        return NULL;
    g_auto(GStrv) parts = g_strsplit(name, "\u2019", -1);
    g_free(name);
    return g_strjoinv("'", parts);
}

Catalogue *catalogue_make(const CatalogueInput *input)
{
    Catalogue *catalogue = g_new0(Catalogue, 1);
    if (input->sidecar != NULL)
        take_sidecar(catalogue, input->sidecar);
    /* A sidecar's title of nothing but marks is no title. */
    if (catalogue->title != NULL && *catalogue->title == '\0')
        g_clear_pointer(&catalogue->title, g_free);
    g_autoptr(Front) front = front_new(input->text, input->text_length);
    if (catalogue->title == NULL)
        catalogue->title = catalogue_title(input, front, &catalogue->title_source);
    if (catalogue->year == 0)
        catalogue->year = catalogue_year(input, front, catalogue->title, &catalogue->year_source);
    if (catalogue->kind_source == SOURCE_NONE)
        catalogue->kind = catalogue_kind(input, front, catalogue->title, &catalogue->kind_source);
    if (catalogue->body == NULL)
        catalogue->body = catalogue_body(input, front, catalogue->title, &catalogue->body_source);
    catalogue->body = with_plain_apostrophes(catalogue->body);
    if (catalogue->collection == NULL)
        catalogue->collection = collection_of(input->path);
    return catalogue;
}

void catalogue_free(Catalogue *catalogue)
{
    if (catalogue == NULL)
        return;
    g_free(catalogue->title);
    g_free(catalogue->body);
    g_free(catalogue->collection);
    g_free(catalogue);
}
