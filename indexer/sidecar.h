/* Sidecar: what staff say of a document, in a file NAME.pdf.ini beside it.
 *
 * A GKeyFile with one group:
 *
 *     [document]
 *     title = Statuto del Comune di Valdoria
 *     year = 2008
 *     kind = statute
 *     body = Comune di Valdoria
 *     collection = statuti/comuni
 *
 * All keys are optional, each also has an Italian name (titolo, anno, tipo, ente, raccolta). A
 * sidecar overrules everything the catalogue finds, so a mistake in one must never pass in silence:
 * whatever is not understood makes the whole file an error which says what is wrong and what is
 * allowed. */
#ifndef SCHEDARIO_SIDECAR_H
#define SCHEDARIO_SIDECAR_H

#include <glib.h>

#include "kind.h"

/* Limits. Sizes in bytes: a card is a few lines, so more is some other file by mistake. */
enum {
    SIDECAR_FILE_BYTES = 64 * 1024,
    SIDECAR_TITLE_BYTES = 1000,
    SIDECAR_BODY_BYTES = 300,
    SIDECAR_COLLECTION_BYTES = 300,
    SIDECAR_YEAR_FIRST = 1861,
    SIDECAR_YEAR_LAST = 2100,
};

typedef struct Sidecar {
    char *title; /* NULL: not given */
    int year;    /* 0: not given */
    Kind kind;
    gboolean has_kind;
    char *body;       /* NULL: not given */
    char *collection; /* folders parted by single slashes, none at the ends; NULL: not given */
} Sidecar;

#define SIDECAR_ERROR (sidecar_error_quark())
GQuark sidecar_error_quark(void);
typedef enum {
    SIDECAR_ERROR_SYNTAX, /* not a key file, not UTF-8, too large, or no group [document] */
    SIDECAR_ERROR_KEY,    /* a key or group that is not known (a misspelling would be silent), or
                           * one given twice */
    SIDECAR_ERROR_VALUE,  /* a value that cannot be: a kind that is none, a year out of range */
} SidecarError;

/* Reads a sidecar's content, any bytes. Owned by the caller. NULL and `error` (SIDECAR_ERROR; the
 * message, one English line, names line, key or value and what is allowed) when there is any
 * mistake in it. Pure and thread-safe. */
Sidecar *sidecar_parse(const char *content, gsize length, GError **error);
/* A sidecar's text with these values; what is not given stands there as a comment, to be filled in.
 * Keys and kinds in Italian or English. sidecar_parse() reads it again as it was. Owned by the
 * caller. Pure and thread-safe. */
char *sidecar_print(const Sidecar *sidecar, gboolean in_italian);
void sidecar_free(Sidecar *sidecar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sidecar, sidecar_free)

#endif
