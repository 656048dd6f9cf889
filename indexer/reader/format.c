/* Format: see format.h. */
#include "format.h"

#define FORMAT_ENTRY(name) &format_##name,
static const Format *const ALL[] = {FORMATS(FORMAT_ENTRY)};
#undef FORMAT_ENTRY

/* The first outcome that is not "damaged" among the formats that make this claim. */
static gboolean read_claimed(Claim claim, const Sample *sample, int fd, Answer *answer,
                             ReadOutcome *outcome)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ALL); i++) {
        if (ALL[i]->claim(sample) != claim)
            continue;
        ReadOutcome got = ALL[i]->read(fd, answer);
        if (got != READ_DAMAGED) {
            *outcome = got;
            return TRUE;
        }
        if (claim == CLAIM_CERTAIN)
            *outcome = READ_DAMAGED;
    }
    return FALSE;
}

ReadOutcome format_read(const Sample *sample, int fd, Answer *answer)
{
    ReadOutcome outcome = READ_UNREADABLE;
    if (!read_claimed(CLAIM_CERTAIN, sample, fd, answer, &outcome))
        read_claimed(CLAIM_POSSIBLE, sample, fd, answer, &outcome);
    return outcome;
}
