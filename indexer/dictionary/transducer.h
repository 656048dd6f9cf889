/* Transducer: the entries of a dictionary that lttoolbox compiled (Apertium's *.bin).
 *
 * Such a file is a finite-state transducer: each path from its first state to a final one is an
 * entry, which reads as one string on the left and another one on the right ("house<n>" and
 * "casa<n><f>"). All paths are walked, but none through a digit, a full stop, a slash or their
 * like, or through a state that leads to itself: the paradigms of numbers, dates and web addresses
 * are loops that would never end.
 *
 * Format: lttoolbox 3.x as its lt-comp writes it (integers of one to four bytes, highest first,
 * whose first two bits say how many follow): letters, the alphabet's tags and pairs of symbols,
 * then sections, each a transducer with relative targets. */
#ifndef SCHEDARIO_DICTIONARY_TRANSDUCER_H
#define SCHEDARIO_DICTIONARY_TRANSDUCER_H

#include <glib.h>

#define TRANSDUCER_ERROR (transducer_error_quark())
GQuark transducer_error_quark(void);
typedef enum {
    TRANSDUCER_ERROR_FORMAT, /* not such a file, or of a version not known here */
} TransducerError;

/* An entry; tags stand in angle brackets. Borrowed until the visitor returns. */
typedef void (*TransducerVisit)(const char *left, const char *right, gpointer data);

/* Which beginnings of an entry are worth going on with: asked at each symbol of the right side that
 * is no small letter, so that whole families of entries can be left out. NULL: all. */
typedef gboolean (*TransducerWorth)(gunichar symbol);

/* Calls `visit` for each entry of the compiled dictionary `data`, in the file's order. FALSE and
 * `error` when the data are no compiled dictionary; any bytes do no harm. */
gboolean transducer_walk(const guint8 *data, gsize length, TransducerWorth worth,
                         TransducerVisit visit, gpointer user, GError **error);

#endif
