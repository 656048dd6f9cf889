/* See deadline.h. */
#include "deadline.h"

void deadline_set(Deadline *deadline, gint64 budget_us)
{
    *deadline = (Deadline){.until_us = budget_us > 0 ? g_get_monotonic_time() + budget_us : 0};
}

gboolean deadline_look(Deadline *deadline)
{
    if (deadline->looks_left > 0 && --deadline->looks_left == 0)
        deadline->is_past = TRUE;
    if (!deadline->is_past && deadline->until_us != 0)
        deadline->is_past = g_get_monotonic_time() >= deadline->until_us;
    return deadline->is_past;
}
