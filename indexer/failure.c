/* See failure.h. The pages say the same in the reader's language: web/messages, failure_REASON. */
#include "failure.h"

#include <string.h>

/* %s stands for the detail. */
static const struct {
    const char *reason;
    const char *before;
    const char *after;
    const char *without_detail;
} SENTENCES[] = {
    {"password", NULL, NULL, "needs a password: put an unprotected copy in its place"},
    {"damaged", NULL, NULL, "damaged: no page could be read; put a sound copy in its place"},
    {"unreadable", "not a format that is read: ", "", "not a format that is read"},
    {"no-text", "scan without text: ", " pages; text recognition (OCR) would make it searchable",
     "scan without text"},
    {"empty", NULL, NULL, "empty: no content or no pages"},
    {"timeout", "took longer than ", " s", "took too long"},
    {"memory", "needed more memory than ", " MiB", "needed too much memory"},
    {"too-large", "holds more text than ", " MiB", "holds too much text"},
    {"crashed", "the reader crashed on it (",
     "); tried again when the file changes, or with --retry", "the reader crashed on it"},
    {"nonsense", NULL, NULL, "the reader gave no sensible answer"},
    {"sidecar", "mistake in this file: ", "", "mistake in this file"},
    {"open", "cannot be opened: ", "", "cannot be opened"},
    {"archive", "cannot be stored: ", "", "cannot be stored"},
};

char *failure_sentence(const char *reason, const char *detail)
{
    for (gsize i = 0; reason && i < G_N_ELEMENTS(SENTENCES); i++) {
        if (strcmp(SENTENCES[i].reason, reason) != 0)
            continue;
        if (!detail || !SENTENCES[i].before)
            return g_strdup(SENTENCES[i].without_detail);
        return g_strconcat(SENTENCES[i].before, detail, SENTENCES[i].after, NULL);
    }
    return g_strdup("could not be read");
}
