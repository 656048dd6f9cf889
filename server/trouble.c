/* See trouble.h. */
#include "trouble.h"

#include "../indexer/archive.h"

G_DEFINE_QUARK(schedario - trouble, trouble_error)

static const struct {
    const char *name;
    const char *detail;
    guint retry_seconds;
    gboolean passes;
} TROUBLES[TROUBLE_COUNT] = {
    [TROUBLE_PREPARING] = {"preparing", "the archive is being prepared", 2, TRUE},
    [TROUBLE_DAMAGED] = {"damaged", "the archive cannot be read", 60, FALSE},
    [TROUBLE_NEWER] = {"newer", "the archive was made by a newer version of this program", 60,
                       FALSE},
    [TROUBLE_BUSY] = {"busy", "too many requests of this kind at the moment", 5, TRUE},
    [TROUBLE_COSTLY] = {"costly", "the question takes too long to answer", 60, FALSE},
};

/* Codes of ARCHIVE_ERROR that an indexer at work, or the next one, puts right. */
static const ArchiveError PASSING[] = {ARCHIVE_ERROR_ABSENT, ARCHIVE_ERROR_OLDER,
                                       ARCHIVE_ERROR_LOCKED, ARCHIVE_ERROR_BUSY};

Trouble trouble_of(const GError *error)
{
    if (!error)
        return TROUBLE_PREPARING;
    if (error->domain == TROUBLE_ERROR && error->code >= 0 && error->code < TROUBLE_COUNT)
        return (Trouble)error->code;
    for (gsize i = 0; i < G_N_ELEMENTS(PASSING); i++)
        if (g_error_matches(error, ARCHIVE_ERROR, PASSING[i]))
            return TROUBLE_PREPARING;
    return g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_NEWER) ? TROUBLE_NEWER
                                                                      : TROUBLE_DAMAGED;
}

gboolean trouble_costly(GError **error)
{
    g_set_error_literal(error, TROUBLE_ERROR, TROUBLE_COSTLY, TROUBLES[TROUBLE_COSTLY].detail);
    return TRUE;
}

const char *trouble_name(Trouble trouble)
{
    return TROUBLES[trouble].name;
}

const char *trouble_detail(Trouble trouble)
{
    return TROUBLES[trouble].detail;
}

guint trouble_retry_seconds(Trouble trouble)
{
    return TROUBLES[trouble].retry_seconds;
}

gboolean trouble_passes(Trouble trouble)
{
    return TROUBLES[trouble].passes;
}
