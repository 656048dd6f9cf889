/* Deadline: until when a question may be worked on.
 *
 * Loops over what a question makes long ask at each step whether the time is up, and end where they
 * are if so: what was found till then is the answer, and says that it is not all. The clock is
 * looked at every few steps only, so that a step may be as short as reading one row. Once past, a
 * deadline stays so until it is set again. Not thread-safe: one a reader. */
#ifndef SCHEDARIO_DEADLINE_H
#define SCHEDARIO_DEADLINE_H

#include <glib.h>

enum {
    DEADLINE_STEPS = 16, /* between two looks at the clock; a power of two */
};

/* All zero: none. */
typedef struct {
    gint64 until_us; /* of g_get_monotonic_time(); 0: as long as it takes */
    guint steps;
    guint looks_left; /* for tests: it is past at the last of so many looks; 0: the clock decides */
    gboolean is_past;
} Deadline;

/* So many microseconds from now; 0: none. It is not past from now on. */
void deadline_set(Deadline *deadline, gint64 budget_us);

/* Looks at the clock; TRUE when the time is up. */
gboolean deadline_look(Deadline *deadline);

/* The same, looking every DEADLINE_STEPS steps. */
static inline gboolean deadline_step(Deadline *deadline)
{
    return deadline->is_past ||
           ((++deadline->steps & (DEADLINE_STEPS - 1)) == 0 && deadline_look(deadline));
}

#endif
