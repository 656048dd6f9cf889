/* See page_file.h. */
#include "page_file.h"

#include <string.h>

#include "page_card.h"
#include "wording.h"

static const struct {
    const char *outcome;
    const char *tone;
} TONES[] = {
    {"pending", "is_waiting"}, {"indexed", "is_good"},      {"edition", "is_good"},
    {"sidecar", "is_good"},    {"password", "is_bad"},      {"scan", "is_bad"},
    {"damaged", "is_bad"},     {"sidecar-fault", "is_bad"}, {"failed", "is_bad"},
};

static void set_outcome(const Page *page, json_t *file, const char *outcome)
{
    g_autofree char *flag = g_strconcat("is_", outcome, NULL);
    g_strdelimit(flag, "-", '_');
    json_object_set_new(file, flag, json_true());
    page_take_text(file, "outcome_label", page_word(page, "outcome_", outcome, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(TONES); i++)
        if (strcmp(TONES[i].outcome, outcome) == 0)
            json_object_set_new(file, TONES[i].tone, json_true());
}

/* A null does not hide what an outer context has under the same name: flags do. */
static void fill_previous(const Page *page, json_t *file)
{
    json_t *previous = json_object_get(file, "previous");
    if (!json_is_object(previous))
        return;
    const char *id = json_string_value(json_object_get(previous, "id"));
    const char *path = json_string_value(json_object_get(previous, "path"));
    page_take_text(previous, "url", page_document_link(page, id, 0, NULL));
    json_object_set_new(previous, "is_kept", json_boolean(path != NULL));
    page_set_text(previous, "kept_path", path ? path : "");
}

/* What became of it in a sentence, where the label is not enough. */
static char *says(const Page *page, const json_t *file)
{
    const char *outcome = json_string_value(json_object_get(file, "outcome"));
    const json_t *failure = json_object_get(file, "failure");
    if (json_is_object(failure))
        return g_strdup_printf("%s. %s", json_string_value(json_object_get(failure, "what")),
                               json_string_value(json_object_get(failure, "remedy")));
    char *text = page_word(page, "says_", outcome, file);
    return text ? text : g_strdup("");
}

void page_file_fill(const Page *page, json_t *file)
{
    json_t *document = json_object_get(file, "document");
    set_outcome(page, file, json_string_value(json_object_get(file, "outcome")));
    page_take_text(file, "time_label",
                   wording_time(page, wording_unix(json_object_get(file, "time"))));
    page_card_fill_failure(page, json_object_get(file, "failure"));
    fill_previous(page, file);
    if (json_object_get(document, "sources")) /* in full */
        page_card_fill(page, document, "");
    page_take_text(file, "says", says(page, file));
}
