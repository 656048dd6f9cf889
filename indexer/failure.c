/* See failure.h. The pages say the same in the reader's language: web/messages, failure_REASON. */
#include "failure.h"

#include <string.h>

/* The detail stands between before and after; after_one follows a detail of "1", where that makes
 * a difference. */
typedef struct {
    const char *reason;
    const char *before;
    const char *after;
    const char *without_detail;
    const char *after_one;
} Sentence;

static const Sentence SENTENCES[] = {
    {"password", NULL, NULL, "needs a password: put an unprotected copy in its place", NULL},
    {"damaged", NULL, NULL, "damaged: no page could be read; put a sound copy in its place", NULL},
    {"unreadable", "not a format that is read: ", "", "not a format that is read", NULL},
    {"no-text", "scan without text: ", " pages; text recognition (OCR) would make it searchable",
     "scan without text", " page; text recognition (OCR) would make it searchable"},
    {"empty", NULL, NULL, "empty: there is nothing in it", NULL},
    {"timeout", "took longer than ", " s", "took too long", NULL},
    {"memory", "needed more memory than ", " MiB", "needed too much memory", NULL},
    {"too-large", "holds more text than ", " MiB", "holds too much text", NULL},
    {"oversized", "larger than ", " MiB: split it into several files",
     "too large: split it into several files", NULL},
    {"crashed", "the reader crashed on it (",
     "); tried again when the file changes, or with --retry", "the reader crashed on it", NULL},
    {"nonsense", NULL, NULL, "the reader gave no sensible answer", NULL},
    {"link", NULL, NULL, "a symbolic link, which is not followed: put the file itself here", NULL},
    {"orphan", NULL, NULL,
     "data for a document that does not stand beside it: check the spelling of the name", NULL},
    {"sidecar", "mistake in this file: ", "", "mistake in this file", NULL},
    {"open", "cannot be opened: ", "", "cannot be opened", NULL},
    {"archive", "cannot be stored: ", "", "cannot be stored", NULL},
};

static char *fill(const Sentence *sentence, const char *detail)
{
    if (!detail || !sentence->before)
        return g_strdup(sentence->without_detail);
    gboolean is_one = sentence->after_one && strcmp(detail, "1") == 0;
    return g_strconcat(sentence->before, detail, is_one ? sentence->after_one : sentence->after,
                       NULL);
}

char *failure_sentence(const char *reason, const char *detail)
{
    for (gsize i = 0; reason && i < G_N_ELEMENTS(SENTENCES); i++)
        if (strcmp(SENTENCES[i].reason, reason) == 0)
            return fill(&SENTENCES[i], detail);
    return g_strdup("could not be read");
}
