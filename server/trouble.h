/* Trouble: why a request that asks for nothing impossible is not answered now (503), told apart for
 * those who wait: it is being prepared, it is broken or too new, too many ask, or it is too much to
 * ask. */
#ifndef SCHEDARIO_TROUBLE_H
#define SCHEDARIO_TROUBLE_H

#include <glib.h>

typedef enum {
    TROUBLE_PREPARING, /* there is no archive yet, or it is being made anew: soon */
    TROUBLE_DAMAGED,   /* there is one, but it cannot be read: somebody has to see to it */
    TROUBLE_NEWER,     /* a newer version of this program made it: that one has to serve it */
    TROUBLE_BUSY,      /* too many requests of this kind are under way: soon */
    TROUBLE_COSTLY,    /* the question takes longer than a question may: ask for less */
    TROUBLE_COUNT
} Trouble;

/* Errors whose codes are the troubles themselves. */
#define TROUBLE_ERROR (trouble_error_quark())
GQuark trouble_error_quark(void);

/* What an error of this domain or of ARCHIVE_ERROR comes to; TROUBLE_DAMAGED for any other. NULL is
 * allowed, as TROUBLE_PREPARING. */
Trouble trouble_of(const GError *error);

/* Sets `error` to TROUBLE_COSTLY. TRUE, for use in conditions. */
gboolean trouble_costly(GError **error);

/* "preparing", "damaged", "newer", "busy", "costly"; static storage. */
const char *trouble_name(Trouble trouble);
/* A sentence for developers, without what was asked; static storage. */
const char *trouble_detail(Trouble trouble);
/* After how many seconds asking again may help. */
guint trouble_retry_seconds(Trouble trouble);
/* Whether the same question may be answered then, so that a page may ask again by itself. */
gboolean trouble_passes(Trouble trouble);

#endif
