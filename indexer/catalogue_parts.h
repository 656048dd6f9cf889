/* The parts of the catalogue, one file each; for catalogue*.c and their test only.
 *
 * Each part looks for one value, from the surest source to the weakest, and says in `ret_source`
 * where it found it (SOURCE_NONE with 0, KIND_OTHER or NULL: nowhere). A sidecar has been dealt
 * with before. All are pure and thread-safe. */
#ifndef SCHEDARIO_CATALOGUE_PARTS_H
#define SCHEDARIO_CATALOGUE_PARTS_H

#include "catalogue.h"
#include "front.h"
#include "words.h"

/* The title (catalogue_title.c): metadata, heading, first page, file name. Owned by the caller,
 * never NULL or empty. */
char *catalogue_title(const CatalogueInput *input, const Front *front, Source *ret_source);
/* `text` as a title: white space collapsed, marks at its ends gone, cut at
 * CATALOGUE_TITLE_CHARACTERS. Owned by the caller. */
char *catalogue_title_tidy(const char *text, gsize length);
/* Whether a metadata title says nothing of the document: a file's name, a template's, a program's,
 * a scanner's, broken characters. */
gboolean catalogue_title_is_rubbish(const char *title);
/* A file name made readable. Owned by the caller, "" when nothing is left of it. */
char *catalogue_title_from_name(const char *path);

/* The year (catalogue_year.c, with catalogue_span.c, catalogue_telling.c): title, heading, first
 * pages, file name and folders, metadata. */
int catalogue_year(const CatalogueInput *input, const Front *front, const char *title,
                   Source *ret_source);

/* Whether the words from `first` to before `end` are a date, perhaps with a place before it or
 * little more after it. */
gboolean catalogue_year_is_date(const Words *words, guint first, guint end);

/* The kind (catalogue_kind.c): title, heading, head of the first page, file name, folders. */
Kind catalogue_kind(const CatalogueInput *input, const Front *front, const char *title,
                    Source *ret_source);
/* How many words at `at` are a term for a kind (0: none): names of bodies end there. */
guint catalogue_kind_term(const Words *words, guint at);

/* The issuing body (catalogue_body.c): author, title, first pages. NULL: not known. */
char *catalogue_body(const CatalogueInput *input, const Front *front, const char *title,
                     Source *ret_source);
/* The name of a body that begins at word `at`, in the spelling of the catalogue, and in `ret_end`
 * one past its last word. NULL: none begins there. Owned by the caller. */
char *catalogue_body_at(const Words *words, guint at, guint *ret_end);

#endif
